//! The columns that hold what a schema says: their types by the fields' types and limits, as Pydantic reads those.

use crate::{Site, draft::python, schemas};
use base::FileId;
use model::{Field, Schema, SchemaKind};
use ruff_python_ast::{Expr, Operator, Stmt};
use ruff_text_size::Ranged;
use serde::Serialize;

/// A column, as the template has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its Python type, without `None`.
    pub(super) python: String,
    pub(super) optional: bool,
    /// What is assigned to it.
    pub(super) column: String,
    /// Its declaration in SQLModel.
    pub(super) sqlmodel: String,
    /// What stands in its class without annotations.
    pub(super) classic: String,
    /// A class of the project that its type names, and the file in which it does.
    #[serde(skip)]
    pub(super) named: Option<(FileId, String)>,
}

/// What a field becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Column(Column),
    /// None, and why.
    Left(String),
}

/// A field as its class declares it.
#[derive(Clone, Debug, Default)]
struct Declared {
    ty: String,
    is_optional: bool,
    /// What `Field(…)` and constrained types say, by keyword.
    limits: Vec<(String, String)>,
    default: Option<String>,
}

impl Declared {
    fn of(site: &Site<'_>, field: &Field) -> Option<Self> {
        let text = site.ctx.files.text(field.at.file);
        let at = site.ctx.files.span(field.at).start as usize;
        let suite = python::suite(&text).ok()?;
        let (annotation, value) = annotated_at(&suite, at)?;
        let mut declared = Self::default();
        declared.read_type(&text, annotation);
        declared.read_value(&text, value);
        Some(declared)
    }

    fn read_type(&mut self, text: &str, expr: &Expr) {
        match expr {
            Expr::StringLiteral(quoted) => self.ty = quoted.value.to_str().to_owned(),
            Expr::BinOp(union) if union.op == Operator::BitOr => {
                for side in [&union.left, &union.right] {
                    match side.is_none_literal_expr() {
                        true => self.is_optional = true,
                        false => self.read_type(text, side),
                    }
                }
                if ![&union.left, &union.right]
                    .iter()
                    .any(|side| side.is_none_literal_expr())
                {
                    self.ty = text[expr.range()].to_owned();
                }
            }
            Expr::Subscript(subscript) => match (last(&subscript.value), &*subscript.slice) {
                ("Optional", inner) => {
                    self.is_optional = true;
                    self.read_type(text, inner);
                }
                ("Annotated", Expr::Tuple(parts)) => {
                    let [inner, metadata @ ..] = parts.elts.as_slice() else {
                        return;
                    };
                    self.read_type(text, inner);
                    for said in metadata {
                        self.read_limits(text, said);
                    }
                }
                _ => self.ty = text[expr.range()].to_owned(),
            },
            Expr::Call(call) => {
                self.ty = match last(&call.func) {
                    "constr" => "str",
                    "conint" => "int",
                    "confloat" => "float",
                    "condecimal" => "Decimal",
                    other => other,
                }
                .to_owned();
                self.read_limits(text, expr);
            }
            _ => self.ty = text[expr.range()].to_owned(),
        }
    }

    fn read_limits(&mut self, text: &str, expr: &Expr) {
        let Expr::Call(call) = expr else { return };
        for keyword in &call.arguments.keywords {
            if let Some(name) = &keyword.arg {
                self.limits
                    .push((name.to_string(), text[keyword.value.range()].to_owned()));
            }
        }
        // Of `annotated_types` those that are told by position.
        let positional = match last(&call.func) {
            "MaxLen" => Some("max_length"),
            "Le" => Some("le"),
            "Lt" => Some("lt"),
            "StringConstraints" | "Field" | "Len" => None,
            _ => None,
        };
        if let (Some(name), [value]) = (positional, &*call.arguments.args) {
            self.limits.push((name.to_owned(), text[value.range()].to_owned()));
        }
    }

    fn read_value(&mut self, text: &str, value: Option<&Expr>) {
        let default = match value {
            Some(Expr::Call(call)) if last(&call.func) == "Field" => {
                self.read_limits(text, value.unwrap_or(&*call.func));
                let named = call.arguments.find_argument_value("default", 0);
                let factory = call.arguments.find_keyword("default_factory");
                match (named, factory) {
                    (Some(value), _) => Some(value),
                    (None, Some(factory)) if matches!(last(&factory.value), "list" | "dict") => Some(&factory.value),
                    _ => None,
                }
            }
            other => other,
        };
        let is_member = |expr: &Expr| {
            expr.as_attribute_expr()
                .is_some_and(|member| member.attr.as_str().chars().all(|c| !c.is_lowercase()))
        };
        let is_sayable = |expr: &&Expr| {
            let is_factory = matches!(last(expr), "list" | "dict");
            let is_decimal = matches!(expr, Expr::Call(call) if last(&call.func) == "Decimal"
                && matches!(&*call.arguments.args, [only] if only.is_literal_expr()));
            (expr.is_literal_expr() && !expr.is_ellipsis_literal_expr() && !expr.is_none_literal_expr())
                || is_member(expr)
                || is_factory
                || is_decimal
                || matches!(expr, Expr::UnaryOp(negative) if negative.operand.is_number_literal_expr())
        };
        self.default = default.filter(is_sayable).map(|value| text[value.range()].to_owned());
    }

    fn limit(&self, name: &str) -> Option<&str> {
        let mut limits = self.limits.iter().rev();
        limits.find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<i128> {
        self.limit(name)?.replace('_', "").parse().ok()
    }
}

/// What a field of a schema becomes; `moment` is the project's column type of moments.
pub(super) fn of_field(site: &Site<'_>, field: &Field, moment: &str) -> Outcome {
    let Some(declared) = Declared::of(site, field) else {
        return Outcome::Left("what it is can't be told".to_owned());
    };
    let name = field.name.to_string();
    let ty = declared.ty.rsplit('.').next().unwrap_or(&declared.ty).to_owned();
    if matches!(ty.as_str(), "SecretStr" | "SecretBytes") || (ty == "str" && schemas::is_secret(&name)) {
        return Outcome::Column(hash(&name, declared.is_optional));
    }
    let is_email = ty == "EmailStr" || (ty == "str" && name == "email");
    let is_unique = is_email && name == "email";
    let Some((python, column, classic)) = types(site, field, &declared, &ty, is_email, moment) else {
        return Outcome::Left(format!("no column holds `{}`", declared.ty));
    };
    let named = (classic == ENUM).then(|| (field.at.file, declared.ty.clone()));
    let classic = if classic == ENUM {
        format!("Enum({python})")
    } else {
        classic
    };
    Outcome::Column(column_of(Parts {
        name,
        python,
        optional: declared.is_optional,
        column,
        classic,
        is_unique,
        default: declared.default,
        named,
    }))
}

/// Stands for the column type of an enum until its class is named.
const ENUM: &str = "Enum";

/// Of a secret only what proves that somebody knows it.
fn hash(name: &str, optional: bool) -> Column {
    let stem = name.trim_start_matches("hashed_").trim_end_matches("_hash");
    column_of(Parts {
        name: format!("hashed_{stem}"),
        python: "str".to_owned(),
        optional,
        column: "String(255)".to_owned(),
        classic: "String(255)".to_owned(),
        is_unique: false,
        default: None,
        named: None,
    })
}

struct Parts {
    name: String,
    python: String,
    optional: bool,
    /// What `mapped_column` is told of the type, where the annotation does not say it.
    column: String,
    /// The column type.
    classic: String,
    is_unique: bool,
    default: Option<String>,
    named: Option<(FileId, String)>,
}

fn column_of(parts: Parts) -> Column {
    let Parts {
        name,
        python,
        optional,
        column,
        classic,
        is_unique,
        default,
        named,
    } = parts;
    let quoted = default.map(|value| match python.as_str() {
        "Decimal" if !value.starts_with("Decimal") => format!("Decimal(\"{}\")", value.trim_matches(['"', '\''])),
        _ => value,
    });
    let unique = is_unique.then(|| "unique=True".to_owned());
    let default = quoted.map(|value| format!("default={value}"));
    let told = |ty: &str| (!ty.is_empty()).then(|| ty.to_owned());
    let mapped: Vec<String> = told(&column)
        .into_iter()
        .chain(unique.clone())
        .chain(default.clone())
        .collect();
    let nullable = (!optional).then(|| "nullable=False".to_owned());
    let classic: Vec<String> = [told(&classic), unique.clone(), nullable, default.clone()]
        .into_iter()
        .flatten()
        .collect();
    // SQLModel reads a factory from its own keyword.
    let default = default.map(|default| match default.as_str() {
        "default=list" | "default=dict" => default.replace("default=", "default_factory="),
        _ => default,
    });
    let default = default.or_else(|| optional.then(|| "default=None".to_owned()));
    let length = column.strip_prefix("String(").and_then(|rest| rest.strip_suffix(')'));
    let of_type = match length {
        Some(length) => Some(format!("max_length={length}")),
        None => told(&column).map(|column| format!("sa_type={column}")),
    };
    let arguments: Vec<String> = [default, of_type, unique].into_iter().flatten().collect();
    // SQLModel knows no column for a choice of words.
    let in_sqlmodel = if python.starts_with("Literal[") { "str" } else { &python };
    let value = match arguments.as_slice() {
        [] => String::new(),
        arguments => format!(" = Field({})", arguments.join(", ")),
    };
    Column {
        sqlmodel: format!("{in_sqlmodel}{}{value}", if optional { " | None" } else { "" }),
        column: format!(" = mapped_column({})", mapped.join(", ")),
        classic: format!("Column({})", classic.join(", ")),
        name,
        python,
        optional,
        named,
    }
}

/// The type in Python, what `mapped_column` is told of it, and the column type; nothing where no column holds it.
fn types(
    site: &Site<'_>,
    field: &Field,
    declared: &Declared,
    ty: &str,
    is_email: bool,
    moment: &str,
) -> Option<(String, String, String)> {
    let same = |python: &str, column: String| Some((python.to_owned(), column.clone(), column));
    let plain = |python: &str, column: &str| Some((python.to_owned(), String::new(), column.to_owned()));
    let length = declared
        .number("max_length")
        .filter(|length| (1..=10_000).contains(length));
    if is_email {
        return same("str", format!("String({})", length.unwrap_or(320)));
    }
    match ty {
        "str" | "StrictStr" | "NameEmail" => match length {
            Some(length) => same("str", format!("String({length})")),
            None => same("str", "Text".to_owned()),
        },
        "HttpUrl" | "AnyUrl" | "AnyHttpUrl" => same("str", "String(2083)".to_owned()),
        "int" | "StrictInt" | "PositiveInt" | "NonNegativeInt" | "NegativeInt" | "NonPositiveInt" => {
            let is_big = ["le", "lt"]
                .iter()
                .any(|name| declared.number(name).is_some_and(|limit| limit > 2_147_483_648));
            match is_big {
                true => same("int", "BigInteger".to_owned()),
                false => plain("int", "Integer"),
            }
        }
        "float" | "StrictFloat" | "PositiveFloat" | "NonNegativeFloat" | "FiniteFloat" => plain("float", "Float"),
        "Decimal" => {
            let digits = declared.number("max_digits").unwrap_or(12);
            let places = declared.number("decimal_places").unwrap_or(2);
            same("Decimal", format!("Numeric({digits}, {places})"))
        }
        "bool" | "StrictBool" => plain("bool", "Boolean"),
        "date" | "PastDate" | "FutureDate" => plain("date", "Date"),
        "NaiveDatetime" => same("datetime", "DateTime()".to_owned()),
        "datetime" | "AwareDatetime" | "PastDatetime" | "FutureDatetime" => same("datetime", moment.to_owned()),
        "time" => plain("time", "Time"),
        "timedelta" => plain("timedelta", "Interval"),
        "UUID" | "UUID4" | "UUID7" | "UUID1" => plain("uuid.UUID", "Uuid"),
        "bytes" => plain("bytes", "LargeBinary"),
        "Any" | "Json" | "JsonValue" => same("Any", "JSON".to_owned()),
        "dict" | "Dict" => same("dict[str, Any]", "JSON".to_owned()),
        "list" | "List" => same("list[Any]", "JSON".to_owned()),
        _ => composed(site, field, declared, ty),
    }
}

/// The same of a choice, a collection, and a class of the project.
fn composed(site: &Site<'_>, field: &Field, declared: &Declared, ty: &str) -> Option<(String, String, String)> {
    let source = declared.ty.as_str();
    if let Some(words) = source.strip_prefix("Literal[").and_then(|rest| rest.strip_suffix(']')) {
        let words: Vec<&str> = words.split(',').map(str::trim).collect();
        let is_text = |word: &&str| word.len() > 2 && word.starts_with(['"', '\'']);
        let longest = words.iter().map(|word| word.len() - 2).max()?;
        let column = format!("String({})", longest.max(50));
        return words
            .iter()
            .all(is_text)
            .then(|| (source.to_owned(), column.clone(), column));
    }
    let model = site.ctx.model;
    let used = field.ty.as_ref().map(|ty| ty.schemas.as_slice()).unwrap_or_default();
    let schemas: Vec<&Schema> = used.iter().filter_map(|id| model.schemas.get(id.0 as usize)).collect();
    let kinds: Vec<SchemaKind> = schemas.iter().map(|schema| schema.kind).collect();
    match (kinds.as_slice(), source.split('[').next()) {
        ([SchemaKind::Enum], _) if !source.contains('[') && *schemas[0].name == *ty => {
            Some((source.to_owned(), String::new(), ENUM.to_owned()))
        }
        // What holds nothing but plain values is stored as it is.
        ([], Some("dict" | "Dict" | "Mapping")) if is_plain(source) => {
            Some(("dict[str, Any]".to_owned(), "JSON".to_owned(), "JSON".to_owned()))
        }
        ([], Some("list" | "List" | "Sequence")) if is_plain(source) => {
            let inner = source.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
            let python = format!("list[{}]", inner.unwrap_or("Any"));
            Some((python, "JSON".to_owned(), "JSON".to_owned()))
        }
        _ => None,
    }
}

/// Whether JSON has everything that a type names.
fn is_plain(ty: &str) -> bool {
    const PLAIN: [&str; 13] = [
        "dict", "Dict", "Mapping", "list", "List", "Sequence", "str", "int", "float", "bool", "Any", "None", "",
    ];
    ty.split(|c: char| !c.is_alphanumeric() && c != '_')
        .all(|word| PLAIN.contains(&word))
}

/// The annotation and the value of the field that is declared at an offset.
fn annotated_at(block: &[Stmt], at: usize) -> Option<(&Expr, Option<&Expr>)> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::AnnAssign(assign) if assign.target.start().to_usize() == at => {
            Some((&*assign.annotation, assign.value.as_deref()))
        }
        _ => python::blocks(stmt)
            .into_iter()
            .find_map(|block| annotated_at(block, at)),
    })
}

/// The last name of a dotted name.
fn last(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}
