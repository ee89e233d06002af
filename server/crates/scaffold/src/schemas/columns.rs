//! The columns and relationships of a model as its schemas are to know them.

use crate::{Site, excerpt::Excerpt, resolve};
use base::FileId;
use model::{Field, Schema};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;
use style::Source;

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Its Python type, `None` taken away.
    pub(crate) ty: String,
    pub(crate) is_nullable: bool,
    pub(crate) is_key: bool,
    /// Whether it refers to another table.
    pub(crate) is_reference: bool,
    pub(crate) default: Default,
    /// What a schema can check: `max_length=100`.
    pub(crate) limits: Vec<String>,
    /// The file that its class stands in, where the names of its type mean something.
    pub(crate) file: Option<FileId>,
}

/// Where a value comes from that nobody sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Default {
    /// Nowhere.
    #[default]
    None,
    /// A value that can be written down.
    Value(String),
    /// The database or a function.
    Made,
}

/// A relationship whose rows are there when the row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) name: String,
    /// The class of the other model.
    pub(crate) class: String,
    pub(crate) is_many: bool,
    pub(crate) is_nullable: bool,
}

/// Why a model has no schemas.
pub(crate) type Unclear = String;

/// The columns of a model, and the relationships that are loaded with it.
pub(crate) fn read(site: &Site<'_>, schema: &Schema) -> Result<(Vec<Column>, Vec<Relation>), Unclear> {
    let mut columns = Vec::new();
    let mut relations = Vec::new();
    for field in &schema.fields {
        let declared = Declared::of(site, field).ok_or_else(|| format!("what `{}` is can't be told", field.name))?;
        if declared.is_relationship(field) {
            relations.extend(declared.relation(&field.name));
        } else if declared.is_column(&field.name) {
            columns.push(declared.column(&field.name)?);
        }
    }
    Ok((columns, relations))
}

/// What a class says of a field.
struct Declared {
    file: FileId,
    text: String,
    annotation: Option<Expr>,
    call: Option<ExprCall>,
    value: Option<Expr>,
}

impl Declared {
    fn of(site: &Site<'_>, field: &Field) -> Option<Self> {
        let source = Source::read(site.ctx.files, field.at.file)?;
        let excerpt = Excerpt::declaration(&source, field)?;
        let assigned = |stmt: &Stmt| {
            let (target, annotation, value) = match stmt {
                Stmt::AnnAssign(assign) => (&*assign.target, Some(&*assign.annotation), assign.value.as_deref()),
                Stmt::Assign(assign) => (assign.targets.first()?, None, Some(&*assign.value)),
                _ => return None,
            };
            let is_meant = excerpt.text[target.range()] == *field.name;
            is_meant.then(|| (annotation.cloned(), value.cloned()))
        };
        let (annotation, value) = excerpt.block().iter().find_map(assigned)?;
        let call = value.as_ref().and_then(|value| value.as_call_expr().cloned());
        Some(Self {
            file: field.at.file,
            text: excerpt.text,
            annotation,
            call,
            value,
        })
    }

    fn source(&self, node: &impl Ranged) -> &str {
        &self.text[node.range()]
    }

    fn function(&self) -> &str {
        self.call.as_ref().map_or("", |call| last(&call.func))
    }

    fn keyword(&self, name: &str) -> Option<&Expr> {
        let call = self.call.as_ref()?;
        let mut keywords = call.arguments.keywords.iter();
        let found = keywords.find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name));
        found.map(|keyword| &keyword.value)
    }

    fn is_set(&self, name: &str) -> bool {
        self.keyword(name)
            .and_then(Expr::as_boolean_literal_expr)
            .is_some_and(|value| value.value)
    }

    /// Whether it is a column, and nothing that the class says of itself.
    fn is_column(&self, name: &str) -> bool {
        const MAKERS: [&str; 4] = ["Column", "mapped_column", "deferred", "Field"];
        let is_typed = self
            .annotation
            .as_ref()
            .is_some_and(|ty| !self.source(ty).contains("ClassVar"));
        !name.starts_with('_') && (is_typed || MAKERS.contains(&self.function()))
    }

    fn is_relationship(&self, field: &Field) -> bool {
        field.is_relationship || matches!(self.function(), "relationship" | "Relationship" | "dynamic_loader")
    }

    /// The annotation without `Mapped[…]` and `None`, and whether that was there.
    fn bare_type(&self) -> Option<(String, bool)> {
        let text = self.source(self.annotation.as_ref()?);
        let text = text
            .strip_prefix("Mapped[")
            .or_else(|| text.strip_prefix("orm.Mapped["))
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        let text = text.trim().trim_matches(['"', '\'']);
        let inner = text.strip_prefix("Optional[").and_then(|rest| rest.strip_suffix(']'));
        if let Some(inner) = inner {
            return Some((inner.trim_matches(['"', '\'']).to_owned(), true));
        }
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let others: Vec<&str> = parts.iter().copied().filter(|part| *part != "None").collect();
        Some((others.join(" | "), others.len() < parts.len()))
    }

    fn relation(&self, name: &str) -> Option<Relation> {
        let lazy = self
            .keyword("lazy")?
            .as_string_literal_expr()?
            .value
            .to_str()
            .to_owned();
        if !matches!(lazy.as_str(), "selectin" | "joined" | "subquery" | "immediate") {
            return None;
        }
        let (ty, is_nullable) = self.bare_type()?;
        let inner = ["list[", "List[", "set[", "Sequence["]
            .iter()
            .find_map(|head| ty.strip_prefix(head)?.strip_suffix(']'));
        let class = inner.unwrap_or(&ty).trim_matches(['"', '\'']).to_owned();
        Some(Relation {
            name: name.to_owned(),
            class,
            is_many: inner.is_some(),
            is_nullable,
        })
    }

    fn column(&self, name: &str) -> Result<Column, Unclear> {
        let of_database = self.arguments();
        let bare = self.bare_type();
        let is_key = self.is_set("primary_key");
        let (ty, is_optional) = match bare {
            Some(bare) => bare,
            None => {
                let ty = of_database.iter().find_map(|(name, _)| python_type(name));
                let ty = ty.ok_or_else(|| format!("the Python type of `{name}` can't be told"))?;
                let is_optional = !is_key && self.keyword("nullable").is_none_or(|_| self.is_set("nullable"));
                (ty.to_owned(), is_optional)
            }
        };
        let is_reference =
            of_database.iter().any(|(name, _)| *name == "ForeignKey") || self.keyword("foreign_key").is_some();
        Ok(Column {
            name: name.to_owned(),
            limits: self.limits(&of_database, &ty),
            ty,
            is_nullable: (is_optional && !is_key) || self.is_set("nullable"),
            is_key,
            is_reference,
            default: self.default(),
            file: Some(self.file),
        })
    }

    /// What stands in the call by position, or is said by `sa_type` and `type_`: names, and their own arguments.
    fn arguments(&self) -> Vec<(&str, Option<&ExprCall>)> {
        let Some(call) = &self.call else { return Vec::new() };
        let said = ["sa_type", "type_"].into_iter().filter_map(|name| self.keyword(name));
        let inner = self.keyword("sa_column").and_then(Expr::as_call_expr);
        let inner = inner.into_iter().flat_map(|call| &call.arguments.args);
        let all = call.arguments.args.iter().chain(said).chain(inner);
        all.map(|argument| match argument {
            Expr::Call(call) => (last(&call.func), Some(call)),
            other => (last(other), None),
        })
        .collect()
    }

    fn limits(&self, arguments: &[(&str, Option<&ExprCall>)], ty: &str) -> Vec<String> {
        let mut limits = Vec::new();
        for (name, call) in arguments {
            let Some(call) = call else { continue };
            let value = |position: usize, keyword: &str| {
                let named = call.arguments.keywords.iter();
                let mut named = named.filter(|known| known.arg.as_ref().is_some_and(|arg| arg.as_str() == keyword));
                let found = call
                    .arguments
                    .args
                    .get(position)
                    .or_else(|| named.next().map(|known| &known.value));
                found
                    .filter(|value| value.is_number_literal_expr())
                    .map(|value| self.source(value).to_owned())
            };
            match *name {
                "String" | "Unicode" | "VARCHAR" | "CHAR" | "NVARCHAR" if ty == "str" => {
                    limits.extend(value(0, "length").map(|length| format!("max_length={length}")));
                }
                "Numeric" | "DECIMAL" | "NUMERIC" if last_word(ty) == "Decimal" => {
                    limits.extend(value(0, "precision").map(|digits| format!("max_digits={digits}")));
                    limits.extend(value(1, "scale").map(|places| format!("decimal_places={places}")));
                }
                _ => {}
            }
        }
        for name in [
            "max_length",
            "min_length",
            "max_digits",
            "decimal_places",
            "ge",
            "gt",
            "le",
            "lt",
            "pattern",
        ] {
            if let Some(value) = self.keyword(name).filter(|_| self.function() == "Field") {
                limits.push(format!("{name}={}", self.source(value)));
            }
        }
        limits
    }

    fn default(&self) -> Default {
        if [
            "server_default",
            "onupdate",
            "server_onupdate",
            "default_factory",
            "insert_default",
        ]
        .iter()
        .any(|name| self.keyword(name).is_some())
        {
            return Default::Made;
        }
        let positional = self.call.as_ref().filter(|_| self.function() == "Field");
        let positional = positional.and_then(|call| call.arguments.args.first());
        let value = match &self.call {
            Some(_) => self.keyword("default").or(positional),
            None => self.value.as_ref(),
        };
        match value {
            None => Default::None,
            Some(value) if value.is_none_literal_expr() => Default::None,
            Some(value) if value.is_literal_expr() => Default::Value(self.source(value).to_owned()),
            // A member of an enum, or a module's function.
            Some(Expr::Attribute(attribute)) if attribute.attr.as_str().chars().all(|c| !c.is_lowercase()) => {
                Default::Value(self.source(attribute).to_owned())
            }
            Some(_) => Default::Made,
        }
    }
}

/// The Python type of a column type.
fn python_type(column: &str) -> Option<&'static str> {
    Some(match column {
        "String" | "Text" | "Unicode" | "UnicodeText" | "VARCHAR" | "CHAR" | "NVARCHAR" => "str",
        "Integer" | "BigInteger" | "SmallInteger" | "INTEGER" => "int",
        "Float" | "Double" | "REAL" => "float",
        "Numeric" | "DECIMAL" | "NUMERIC" => "Decimal",
        "Boolean" | "BOOLEAN" => "bool",
        "Date" | "DATE" => "date",
        "DateTime" | "TIMESTAMP" | "DATETIME" => "datetime",
        "Uuid" | "UUID" => "UUID",
        "LargeBinary" => "bytes",
        _ => return None,
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

/// `Decimal` of `decimal.Decimal`.
pub(super) fn last_word(ty: &str) -> &str {
    ty.rsplit('.').next().unwrap_or(ty)
}

/// The import that brings a name of a column's type into scope elsewhere.
pub(crate) fn import_of(site: &Site<'_>, file: FileId, name: &str) -> Option<String> {
    const STANDARD: [(&str, &str); 6] = [
        ("Decimal", "decimal"),
        ("date", "datetime"),
        ("datetime", "datetime"),
        ("time", "datetime"),
        ("timedelta", "datetime"),
        ("UUID", "uuid"),
    ];
    let facts = site.ctx.facts(file)?;
    match resolve::binding(&site.ctx, file, &facts, name) {
        Some(resolve::Binding::Module(module)) => Some(format!("import {module}")),
        Some(resolve::Binding::Member(module, member)) if member == name => {
            Some(format!("from {module} import {name}"))
        }
        Some(resolve::Binding::Member(module, member)) => Some(format!("from {module} import {member} as {name}")),
        Some(_) => Some(format!("from {} import {name}", site.ctx.modules.module_name(file))),
        None => STANDARD
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(name, module)| format!("from {module} import {name}")),
    }
}
