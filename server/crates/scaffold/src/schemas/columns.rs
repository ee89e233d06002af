//! The columns and relationships of a model as its schemas are to know them.

use super::column_types::python_type;
use crate::{Context, Site, draft::python, excerpt::Excerpt, resolve};
use base::FileId;
use facts::UnitId;
use model::{Field, Schema, SchemaKind};
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
    /// Whether no two rows have the same, by this column alone.
    pub(crate) is_unique: bool,
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
        let declared =
            Declared::of(&site.ctx, field).ok_or_else(|| format!("what `{}` is can't be told", field.name))?;
        if declared.is_relationship(field) {
            relations.extend(declared.relation(&field.name));
        } else if declared.is_column(schema.kind, &field.name) {
            columns.push(declared.column(&field.name)?);
        }
    }
    Ok((columns, relations))
}

/// The Python type of a column, `None` taken away, where its declaration alone says it: `Column(Integer)`, `Mapped[intpk]`.
pub(crate) fn declared_type(ctx: &Context<'_>, field: &Field) -> Option<String> {
    let declared = Declared::of(ctx, field).filter(|declared| !declared.is_relationship(field))?;
    Some(declared.column(&field.name).ok()?.ty)
}

/// Whether a table has such a column, and it can't be empty.
pub(crate) fn is_needed(ctx: &Context<'_>, schema: &Schema, name: &str) -> bool {
    let field = schema
        .fields
        .iter()
        .find(|field| *field.name == *name && !field.is_relationship);
    let declared =
        field.and_then(|field| Declared::of(ctx, field).filter(|declared| declared.is_column(schema.kind, name)));
    let column = declared.and_then(|declared| declared.column(name).ok());
    column.is_some_and(|column| !column.is_nullable)
}

/// The column of a key of several that names a row by itself, and its type: one that is unique, `id` rather than others.
pub(crate) fn unique_key(ctx: &Context<'_>, schema: &Schema) -> Option<(String, String)> {
    let mut unique = key_columns(ctx, schema).into_iter().filter(|column| column.is_unique);
    let first = unique.next()?;
    let column = match first.name.as_str() {
        "id" => first,
        _ => unique.find(|column| column.name == "id").unwrap_or(first),
    };
    Some((column.name, column.ty))
}

/// The columns of a table's key, and their types. Those that the tables of fastapi-users inherit are known.
pub(crate) fn keys(ctx: &Context<'_>, schema: &Schema) -> Vec<(String, String)> {
    let own = key_columns(ctx, schema);
    if own.is_empty() && inherits_key(ctx, schema) {
        return vec![("id".to_owned(), "uuid.UUID".to_owned())];
    }
    own.into_iter().map(|column| (column.name, column.ty)).collect()
}

/// Whether a table's key is a text that neither the database nor the class makes: a name or code that rows are known by.
pub(crate) fn is_natural_key(ctx: &Context<'_>, schema: &Schema) -> bool {
    let keys = key_columns(ctx, schema);
    matches!(keys.as_slice(), [key] if key.ty == "str" && key.default == Default::None)
}

fn key_columns(ctx: &Context<'_>, schema: &Schema) -> Vec<Column> {
    let declared = |field: &Field| {
        let declared = Declared::of(ctx, field).filter(|declared| declared.is_column(schema.kind, &field.name))?;
        declared.column(&field.name).ok().filter(|column| column.is_key)
    };
    schema.fields.iter().filter_map(declared).collect()
}

/// The columns that the tables of fastapi-users inherit, besides their key.
pub(crate) fn inherited_columns(ctx: &Context<'_>, schema: &Schema) -> Vec<Column> {
    const TEXTS: [&str; 2] = ["email", "hashed_password"];
    const SWITCHES: [(&str, &str); 3] = [
        ("is_active", "True"),
        ("is_superuser", "False"),
        ("is_verified", "False"),
    ];
    if !inherits_key(ctx, schema) {
        return Vec::new();
    }
    let column = |name: &str, ty: &str, default: Default| Column {
        name: name.to_owned(),
        ty: ty.to_owned(),
        default,
        ..Column::default()
    };
    let texts = TEXTS.map(|name| column(name, "str", Default::None));
    let switches = SWITCHES.map(|(name, value)| column(name, "bool", Default::Value(value.to_owned())));
    let all = texts.into_iter().chain(switches);
    all.filter(|column| !schema.fields.iter().any(|field| *field.name == *column.name))
        .collect()
}

fn inherits_key(ctx: &Context<'_>, schema: &Schema) -> bool {
    const BASES: [&str; 2] = ["SQLAlchemyBaseUserTableUUID", "SQLModelBaseUserDB"];
    let Some(source) = Source::read(ctx.files, schema.stmt.file) else {
        return false;
    };
    let unit = source.unit(schema.stmt.unit);
    let class = unit.and_then(|unit| match unit.stmts.get(schema.stmt.stmt.0 as usize) {
        Some(facts::Stmt::Class(class)) => Some((unit, class)),
        _ => None,
    });
    class.is_some_and(|(unit, class)| {
        class.args.iter().any(|arg| match arg {
            facts::Arg::Positional(base) => BASES.contains(&style::last_name(unit, *base)),
            _ => false,
        })
    })
}

/// What a class says of a field.
struct Declared {
    file: FileId,
    text: String,
    /// The type, `Mapped` taken away.
    annotation: Option<Expr>,
    /// Whether that was `Mapped[…]`, by whatever name.
    is_mapped: bool,
    call: Option<ExprCall>,
    /// What is called, by the name that its library has for it.
    function: String,
    value: Option<Expr>,
    /// What stands for the type: `intpk = Annotated[int, mapped_column(primary_key=True)]`.
    alias: Option<Box<Declared>>,
}

impl Declared {
    fn of(ctx: &Context<'_>, field: &Field) -> Option<Self> {
        let file = field.at.file;
        let source = Source::read(ctx.files, file)?;
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
        let mapped = annotation.as_ref().and_then(|annotation| mapped(ctx, file, annotation));
        let call = value.as_ref().and_then(|value| value.as_call_expr().cloned());
        let mut declared = Self {
            file,
            text: excerpt.text,
            is_mapped: mapped.is_some(),
            annotation: mapped.or(annotation),
            function: call
                .as_ref()
                .map(|call| named(ctx, file, &call.func))
                .unwrap_or_default(),
            call,
            value,
            alias: None,
        };
        declared.alias = declared
            .bare_type()
            .and_then(|(ty, _)| Self::of_alias(ctx, file, &ty))
            .map(Box::new);
        Some(declared)
    }

    /// What a name stands for, where it is `Annotated[…]`.
    fn of_alias(ctx: &Context<'_>, file: FileId, name: &str) -> Option<Self> {
        let resolve::Resolved::Item(file, binding) = resolve::resolve(ctx, file, name.rsplit('.').next()?)? else {
            return None;
        };
        let value = match binding {
            resolve::Binding::Value(value) | resolve::Binding::Annotated(_, Some(value)) => value,
            _ => return None,
        };
        let source = Source::read(ctx.files, file)?;
        let text = source.expr_text(UnitId::MODULE, value).to_owned();
        let suite = python::suite(&text).ok()?;
        let [Stmt::Expr(only)] = suite.as_slice() else {
            return None;
        };
        let subscript = only.value.as_subscript_expr()?;
        let parts = subscript
            .slice
            .as_tuple_expr()
            .filter(|_| last(&subscript.value) == "Annotated")?;
        let annotation = parts.elts.first()?.clone();
        let call = parts.elts.iter().skip(1).find_map(|part| part.as_call_expr().cloned());
        Some(Self {
            file,
            is_mapped: true,
            annotation: Some(annotation),
            function: call
                .as_ref()
                .map(|call| named(ctx, file, &call.func))
                .unwrap_or_default(),
            value: call.clone().map(Expr::Call),
            call,
            alias: None,
            text,
        })
    }

    fn source(&self, node: &impl Ranged) -> &str {
        &self.text[node.range()]
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
            || self.alias.as_ref().is_some_and(|alias| alias.is_set(name))
    }

    /// Whether it is a column, and nothing that the class says of itself: `metadata: MetaData` is none.
    fn is_column(&self, kind: SchemaKind, name: &str) -> bool {
        const MAKERS: [&str; 4] = ["Column", "mapped_column", "deferred", "Field"];
        let is_typed = match kind {
            SchemaKind::SqlModelTable => self
                .annotation
                .as_ref()
                .is_some_and(|ty| !self.source(ty).contains("ClassVar")),
            _ => self.is_mapped,
        };
        !name.starts_with('_') && (is_typed || MAKERS.contains(&self.function.as_str()))
    }

    fn is_relationship(&self, field: &Field) -> bool {
        field.is_relationship
            || matches!(
                self.function.as_str(),
                "relationship" | "Relationship" | "dynamic_loader"
            )
    }

    /// The annotation without `None`, and whether that was there.
    fn bare_type(&self) -> Option<(String, bool)> {
        let text = self.source(self.annotation.as_ref()?);
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
        let of_alias = self.alias.as_ref().and_then(|alias| alias.bare_type());
        let bare = match (bare, of_alias) {
            (Some((_, is_optional)), Some((ty, is_none))) => Some((ty, is_optional || is_none)),
            (bare, _) => bare,
        };
        let is_key = self.is_set("primary_key");
        let (ty, is_optional) = match bare {
            Some(bare) => bare,
            None => {
                let ty = of_database.iter().find_map(|(name, call)| python_type(name, *call));
                let ty = ty.ok_or_else(|| format!("the Python type of `{name}` can't be told"))?;
                let is_optional = !is_key && self.keyword("nullable").is_none_or(|_| self.is_set("nullable"));
                (ty, is_optional)
            }
        };
        let refers = |declared: &Self| {
            let mut arguments = declared.arguments().into_iter();
            arguments.any(|(name, _)| name == "ForeignKey") || declared.keyword("foreign_key").is_some()
        };
        let is_reference = refers(self) || self.alias.as_ref().is_some_and(|alias| refers(alias));
        let mut limits = self.limits(&of_database, &ty);
        if let Some(alias) = &self.alias {
            limits.extend(alias.limits(&alias.arguments(), &ty));
        }
        let default = match (self.default(), &self.alias) {
            (Default::None, Some(alias)) => alias.default(),
            (default, _) => default,
        };
        let file = self.alias.as_ref().map_or(self.file, |alias| alias.file);
        Ok(Column {
            name: name.to_owned(),
            limits,
            ty,
            is_nullable: (is_optional && !is_key) || self.is_set("nullable"),
            is_key,
            is_unique: self.is_set("unique"),
            is_reference,
            default,
            file: Some(file),
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
            if let Some(value) = self.keyword(name).filter(|_| self.function.as_str() == "Field") {
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
        let positional = self.call.as_ref().filter(|_| self.function.as_str() == "Field");
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

/// The type in `Mapped[…]`, under whatever name the module has that.
fn mapped(ctx: &Context<'_>, file: FileId, annotation: &Expr) -> Option<Expr> {
    let subscript = annotation.as_subscript_expr()?;
    let is_it = matches!(
        named(ctx, file, &subscript.value).as_str(),
        "Mapped" | "DynamicMapped" | "WriteOnlyMapped"
    );
    is_it.then(|| (*subscript.slice).clone())
}

/// The last name of what an expression names, before the module renamed it.
fn named(ctx: &Context<'_>, file: FileId, expr: &Expr) -> String {
    let written = last(expr);
    let facts = ctx.facts(file).filter(|_| expr.is_name_expr());
    match facts.and_then(|facts| resolve::binding(ctx, file, &facts, written)) {
        Some(resolve::Binding::Member(_, member)) => member,
        _ => written.to_owned(),
    }
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
    const STANDARD: [(&str, &str); 7] = [
        ("Any", "typing"),
        ("Decimal", "decimal"),
        ("date", "datetime"),
        ("datetime", "datetime"),
        ("time", "datetime"),
        ("timedelta", "datetime"),
        ("UUID", "uuid"),
    ];
    let facts = site.ctx.facts(file)?;
    let standard = || {
        let mut known = STANDARD.iter().filter(|(known, _)| *known == name);
        known
            .next()
            .map(|(name, module)| format!("from {module} import {name}"))
    };
    // The type of a column is no type of its values.
    let is_of_database = |module: &str| module.split('.').next() == Some("sqlalchemy");
    match resolve::binding(&site.ctx, file, &facts, name) {
        Some(resolve::Binding::Member(module, _)) if is_of_database(&module) => standard(),
        Some(resolve::Binding::Module(module)) => Some(format!("import {module}")),
        Some(resolve::Binding::Member(module, member)) if member == name => {
            Some(format!("from {module} import {name}"))
        }
        Some(resolve::Binding::Member(module, member)) => Some(format!("from {module} import {member} as {name}")),
        Some(_) => Some(format!("from {} import {name}", site.ctx.modules.module_name(file))),
        None => standard(),
    }
}
