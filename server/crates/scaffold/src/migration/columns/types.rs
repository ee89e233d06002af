//! The types of columns, as revisions write them: `sa.String(length=255)`.

use super::{Class, Unclear, callee, dotted, inner_of, parsed, unclear};
use crate::{
    draft::Draft,
    migration::place::{Meaning, Place},
};
use ruff_python_ast::{self as ast, Expr, Operator, Stmt};
use ruff_text_size::Ranged;
use std::collections::{BTreeMap, BTreeSet};

/// What the project says about types, and what revisions have to import for them.
pub(super) struct Types {
    pub(super) is_sqlmodel: bool,
    /// `type_annotation_map`: a Python type, and the column's as a revision writes it.
    annotated: BTreeMap<String, String>,
    pub(super) imports: BTreeSet<(String, String)>,
}

/// Names of the arguments that types take by position.
fn positions(ty: &str) -> &'static [&'static str] {
    match ty {
        "String" | "Unicode" | "Text" | "UnicodeText" | "LargeBinary" | "VARCHAR" | "CHAR" => &["length"],
        "Numeric" | "DECIMAL" | "NUMERIC" => &["precision", "scale"],
        "Float" | "Double" => &["precision"],
        "DateTime" | "Time" | "TIMESTAMP" => &["timezone"],
        _ => &[],
    }
}

/// `sqlalchemy.types._type_map`, with what `sqlalchemy.orm` adds.
fn default_type(python: &str) -> Option<&'static str> {
    Some(match python.rsplit('.').next()? {
        "str" => "sa.String()",
        "int" => "sa.Integer()",
        "float" => "sa.Float()",
        "bool" => "sa.Boolean()",
        "Decimal" => "sa.Numeric()",
        "date" => "sa.Date()",
        "datetime" => "sa.DateTime()",
        "time" => "sa.Time()",
        "timedelta" => "sa.Interval()",
        "UUID" => "sa.Uuid()",
        "bytes" => "sa.LargeBinary()",
        _ => return None,
    })
}

impl Types {
    pub(super) fn of(draft: &Draft<'_>, classes: &[Class]) -> Result<Self, Unclear> {
        let mut types = Self {
            is_sqlmodel: false,
            annotated: BTreeMap::new(),
            imports: BTreeSet::new(),
        };
        for class in classes {
            let Some(Stmt::ClassDef(def)) = parsed(&class.text) else {
                continue;
            };
            let bases = def.arguments.iter().flat_map(|arguments| &arguments.args);
            types.is_sqlmodel |= bases.filter_map(dotted).any(|base| base.ends_with("SQLModel"));
            for stmt in &def.body {
                let (target, value) = match stmt {
                    Stmt::Assign(assign) => (assign.targets.first(), Some(&*assign.value)),
                    Stmt::AnnAssign(assign) => (Some(&*assign.target), assign.value.as_deref()),
                    _ => continue,
                };
                if target
                    .and_then(Expr::as_name_expr)
                    .is_none_or(|name| name.id != "type_annotation_map")
                {
                    continue;
                }
                let Some(Expr::Dict(dict)) = value else {
                    return unclear("`type_annotation_map` is not written out");
                };
                for item in &dict.items {
                    let Some(key) = item.key.as_ref().and_then(dotted) else {
                        return unclear("`type_annotation_map` has more than plain types");
                    };
                    let ty = types.explicit(draft, &class.place, &class.text, &item.value)?;
                    types.annotated.entry(key).or_insert(ty);
                }
            }
        }
        Ok(types)
    }

    /// The type that `mapped_column` is told.
    pub(super) fn explicit(
        &mut self,
        draft: &Draft<'_>,
        place: &Place,
        text: &str,
        ty: &Expr,
    ) -> Result<String, Unclear> {
        let (name, call) = match ty {
            Expr::Call(call) => (dotted(&call.func), Some(call)),
            other => (dotted(other), None),
        };
        let Some(name) = name else {
            return unclear(format!("the type `{}` can't be told", &text[ty.range()]));
        };
        let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
        let arguments = match call {
            Some(call) => self.arguments(text, call, &last)?,
            None => String::new(),
        };
        let written = match place.meaning(draft, &name) {
            Some(Meaning::Library(full)) if is_of_sqlalchemy(&full) => format!("sa.{last}"),
            Some(Meaning::Library(full)) => {
                // `sqlalchemy.dialects.postgresql.JSONB` is written as `postgresql.JSONB`.
                let (module, member) = full.rsplit_once('.').unwrap_or(("", &full));
                match module.rsplit_once('.') {
                    Some((package, dialect)) if package == "sqlalchemy.dialects" => {
                        self.imports.insert((package.to_owned(), dialect.to_owned()));
                        format!("{dialect}.{member}")
                    }
                    _ => {
                        self.imports.insert((module.to_owned(), member.to_owned()));
                        member.to_owned()
                    }
                }
            }
            Some(Meaning::Statement(place, text)) => match parsed(&text) {
                Some(Stmt::ClassDef(class)) => {
                    self.imports.insert((place.module, class.name.to_string()));
                    class.name.to_string()
                }
                _ => return unclear(format!("`{name}` is no type that a revision can name")),
            },
            None => return unclear(format!("it can't be told what `{name}` is")),
        };
        Ok(format!("{written}({arguments})"))
    }

    fn arguments(&self, text: &str, call: &ast::ExprCall, ty: &str) -> Result<String, Unclear> {
        let names = positions(ty);
        let mut parts = Vec::new();
        for (index, argument) in call.arguments.args.iter().enumerate() {
            let written = &text[argument.range()];
            let is_plain = argument.is_literal_expr();
            match names.get(index) {
                Some(name) if is_plain => parts.push(format!("{name}={written}")),
                None if is_plain => parts.push(written.to_owned()),
                _ => {
                    return unclear(format!(
                        "the type `{}` is made of more than literals",
                        &text[call.range()]
                    ));
                }
            }
        }
        for keyword in &call.arguments.keywords {
            if !keyword.value.is_literal_expr() {
                return unclear(format!(
                    "the type `{}` is made of more than literals",
                    &text[call.range()]
                ));
            }
            parts.push(text[keyword.range()].to_owned());
        }
        Ok(parts.join(", "))
    }

    /// The type that a Python type gets; `field` is what SQLModel's `Field` is told.
    pub(super) fn of_python(
        &self,
        draft: &Draft<'_>,
        place: &Place,
        text: &str,
        python: &Expr,
        field: Option<&ast::ExprCall>,
    ) -> Result<String, Unclear> {
        let written = text[python.range()].trim_matches(['"', '\'']);
        if let Some(ty) = self.annotated.get(written) {
            return Ok(ty.clone());
        }
        let is_own = matches!(place.meaning(draft, written), Some(Meaning::Statement(..)));
        if is_own {
            return unclear(format!("the column's type of `{written}` can't be told"));
        }
        let told = |name: &str| {
            field
                .and_then(|call| call.arguments.find_keyword(name))
                .map(|k| &text[k.value.range()])
        };
        match written {
            "str" | "EmailStr" if self.is_sqlmodel => Ok(match told("max_length") {
                Some(length) => format!("sa.String(length={length})"),
                None => "sa.String()".to_owned(),
            }),
            "Decimal" if self.is_sqlmodel => Ok(match (told("max_digits"), told("decimal_places")) {
                (Some(digits), Some(places)) => format!("sa.Numeric(precision={digits}, scale={places})"),
                (None, None) => "sa.Numeric()".to_owned(),
                _ => return unclear("a number has digits or places, and not both"),
            }),
            _ => match default_type(written) {
                Some(ty) => Ok(ty.to_owned()),
                None => unclear(format!("the column's type of `{written}` can't be told")),
            },
        }
    }

    /// An expression of SQLAlchemy, such as `func.now()` or `text("0")`, or a literal.
    pub(super) fn expression(
        &self,
        draft: &Draft<'_>,
        place: &Place,
        text: &str,
        expr: &Expr,
    ) -> Result<String, Unclear> {
        let written = &text[expr.range()];
        match expr {
            Expr::StringLiteral(_) => Ok(written.to_owned()),
            Expr::Call(call) => {
                let name = dotted(&call.func).unwrap_or_default();
                let is_plain =
                    call.arguments.args.iter().all(Expr::is_literal_expr) && call.arguments.keywords.is_empty();
                let (first, _) = name.split_once('.').unwrap_or((&name, ""));
                match place.meaning(draft, first) {
                    _ if !is_plain => {}
                    Some(Meaning::Library(full)) if is_of_sqlalchemy(&full) => return Ok(format!("sa.{written}")),
                    None if name.starts_with("sa.") => return Ok(written.to_owned()),
                    _ => {}
                }
                unclear(format!("`{}` as a default of the server can't be told", callee(call)))
            }
            _ => unclear(format!("`{written}` as a default of the server can't be told")),
        }
    }
}

/// Whether `sa` has it.
fn is_of_sqlalchemy(full: &str) -> bool {
    let (module, _) = full.rsplit_once('.').unwrap_or(("", full));
    [
        "sqlalchemy",
        "sqlalchemy.types",
        "sqlalchemy.sql",
        "sqlalchemy.sql.expression",
        "sqlalchemy.schema",
    ]
    .contains(&module)
}

/// `X` of `X | None` or `Optional[X]`, and whether there was something to take away.
pub(super) fn without_none(expr: &Expr) -> (Option<&Expr>, bool) {
    if let Some(inner) = inner_of(expr, "Optional") {
        return (Some(inner), true);
    }
    match expr {
        Expr::BinOp(union) if union.op == Operator::BitOr => match (&*union.left, &*union.right) {
            (Expr::NoneLiteral(_), other) | (other, Expr::NoneLiteral(_)) => (Some(other), true),
            _ => (Some(expr), false),
        },
        _ => (Some(expr), false),
    }
}
