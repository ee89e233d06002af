//! A resource of a model that the project has: its fields are read off the class.

use super::{
    fields::{FieldKind, FieldSpec, Plain, RESERVED},
    sibling::MARKS,
};
use crate::{
    Context, Refusal, Site,
    draft::python,
    ground::Layer,
    layout::Noun,
    router::shown,
    schemas::{self, is_secret},
};
use model::{Field, Schema, SchemaKind};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;
use std::path::Path;
use style::Action;

/// A model that the project has, and the fields that its resource has.
pub(super) struct Standing<'m> {
    pub(super) schema: &'m Schema,
    pub(super) specs: Vec<FieldSpec>,
}

impl<'m> Standing<'m> {
    /// The class that is named `module:Class`.
    ///
    /// # Errors
    /// Where there is none, or a field of it is not understood.
    pub(super) fn named(site: &Site<'m>, named: &str) -> Result<Self, Refusal> {
        let (module, class) = named.split_once(':').unwrap_or(("", named));
        let model: &'m model::Model = site.ctx.model;
        let mut schemas = model.schemas.iter();
        let schema = schemas
            .find(|schema| &*schema.module == module && &*schema.name == class && is_model(schema.kind))
            .ok_or_else(|| Refusal::NoClass(named.to_owned()))?;
        Self::of(site, schema)
    }

    pub(super) fn of(site: &Site<'m>, schema: &'m Schema) -> Result<Self, Refusal> {
        if schema.incomplete || !schema.type_parameters.is_empty() {
            let why = "not all of its bases are known".to_owned();
            return Err(Refusal::BadField(schema.name.to_string(), why));
        }
        let fields = schema.fields.iter().filter(|field| {
            let name = &*field.name;
            let is_own = !RESERVED.contains(&name) && !MARKS.contains(&name) && !name.starts_with('_');
            is_own && !field.is_relationship
        });
        let specs = fields
            .map(|field| spec(site, schema.kind, field))
            .collect::<Result<_, _>>()?;
        Ok(Self { schema, specs })
    }

    /// Its fields, for a resource of a name.
    ///
    /// # Errors
    /// Where other fields are named beside it, or a table is not called as what is made of it would call it.
    pub(super) fn specs_for(&self, noun: &Noun, fields: &[String]) -> Result<Vec<FieldSpec>, Refusal> {
        if let Some(field) = fields.first() {
            let why = format!("the fields are those of `{}`", self.schema.name);
            return Err(Refusal::BadField(field.clone(), why));
        }
        if self.is_table() && *self.schema.name != *noun.class {
            return Err(Refusal::OtherName(self.schema.name.to_string(), noun.class.clone()));
        }
        Ok(self.specs.clone())
    }

    /// Whether it is a table itself.
    pub(super) fn is_table(&self) -> bool {
        is_table(self.schema.kind)
    }

    /// Refuses a table that lacks a column on which what is written for it rests.
    pub(super) fn require(&self, site: &Site<'_>, column: &str, key_type: Option<&str>) -> Result<(), Refusal> {
        let field = self.schema.fields.iter().find(|field| &*field.name == column);
        let is_it =
            field.is_some_and(|field| key_type.is_none_or(|wanted| last(&core(&site.ctx, field)) == last(wanted)));
        let wanted = key_type.map_or_else(|| column.to_owned(), |ty| format!("{column}: {ty}"));
        match is_it {
            true => Ok(()),
            false => Err(Refusal::Lacks(self.schema.name.to_string(), wanted)),
        }
    }
}

impl Standing<'_> {
    /// Refuses a table that would be called as a model of its own module is.
    pub(super) fn check_free(&self, site: &Site<'_>, path: &Path, noun: &Noun) -> Result<(), Refusal> {
        let own = site.ctx.files.path(self.schema.def.file);
        let is_clash = !self.is_table() && *own == *path && *self.schema.name == *noun.class;
        match is_clash {
            true => Err(Refusal::Clash(noun.class.clone(), shown(site.root, path))),
            false => Ok(()),
        }
    }
}

/// The request for a model on which a resource is offered: a table or a Pydantic model that no path operation is about.
pub(crate) fn offered(site: &Site<'_>, schema: &Schema) -> Option<super::ResourceRequest> {
    let name = match is_table(schema.kind) {
        true => &*schema.name,
        false => crate::endpoint::stem(&schema.name),
    };
    let noun = Noun::read(&style::words::snake(name)).ok()?;
    let has_table = || {
        let mut schemas = site.ctx.model.schemas.iter();
        schemas.any(|other| is_table(other.kind) && *other.name == *noun.class)
    };
    let is_meant = match is_table(schema.kind) {
        true => *schema.name == *noun.class,
        false => is_model(schema.kind) && !has_table(),
    };
    let is_possible = is_meant && !is_served(site, &noun) && !is_used(site, schema);
    let standing = Standing::of(site, schema).ok().filter(|_| is_possible)?;
    let path = site.known_ground().layers.place(Layer::Models, &noun.one, &noun.many);
    let is_free = standing.check_free(site, &path, &noun).is_ok();
    (is_free && !standing.specs.is_empty()).then(|| super::ResourceRequest {
        name: noun.one,
        fields: Vec::new(),
        model: Some(format!("{}:{}", schema.module, schema.name)),
        ..Default::default()
    })
}

/// The fields of a schema that hold text which may be looked for, and whether they may be empty.
pub(crate) fn texts(ctx: &Context<'_>, schema: &Schema) -> Vec<(String, bool)> {
    let is_text = |field: &&Field| core(ctx, field) == "str" && !field.is_relationship && !is_secret(&field.name);
    let fields = schema.fields.iter().filter(is_text);
    fields
        .map(|field| (field.name.to_string(), is_optional(field)))
        .collect()
}

fn is_table(kind: SchemaKind) -> bool {
    matches!(kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable)
}

fn is_model(kind: SchemaKind) -> bool {
    is_table(kind) || matches!(kind, SchemaKind::Pydantic | SchemaKind::SqlModel)
}

/// Whether any path operation is about the noun, by its path.
fn is_served(site: &Site<'_>, noun: &Noun) -> bool {
    site.ctx.model.operations.iter().any(|operation| {
        let router = site.ctx.model.routers.get(operation.router.0 as usize);
        let prefix = router.map(|router| router.prefix.to_string()).unwrap_or_default();
        let path = format!("{prefix}{}", operation.path);
        let collection = style::split_item(&path).0;
        let last = collection
            .rsplit('/')
            .find(|part| !part.is_empty() && !part.contains('{'))
            .map(style::words::snake);
        let methods = operation.methods.iter();
        let is_of_resource = methods
            .map(|method| Action::of(method, &path))
            .any(|action| action.is_some());
        is_of_resource && last.is_some_and(|last| last == noun.many || last == noun.one)
    })
}

/// Whether any path operation takes or answers it, or other models are made of it.
fn is_used(site: &Site<'_>, schema: &Schema) -> bool {
    let model = site.ctx.model;
    let mut numbered = model.schemas.entries();
    let id = numbered.find(|(_, known)| known.def == schema.def).map(|(id, _)| id);
    let names = |ty: &Option<model::TypeUse>| {
        let schemas = ty.iter().flat_map(|ty| &ty.schemas);
        schemas.into_iter().any(|known| Some(known.0 as usize) == id)
    };
    let is_base = model.schemas.iter().any(|other| {
        let mut bases = other.bases.iter();
        bases.any(|base| Some(base.0 as usize) == id)
    });
    let mut operations = model.operations.iter();
    is_base
        || operations.any(|operation| {
            let callable = operation
                .endpoint
                .known()
                .and_then(|id| model.callables.get(id.0 as usize));
            let takes =
                callable.is_some_and(|callable| callable.parameters.iter().any(|parameter| names(&parameter.ty)));
            takes || names(&operation.response_model)
        })
}

/// What a field of a model is.
///
/// # Errors
/// Where that can't be told.
pub(super) fn spec(site: &Site<'_>, of: SchemaKind, field: &Field) -> Result<FieldSpec, Refusal> {
    let text = site.ctx.files.text(field.at.file);
    let at = site.ctx.files.span(field.at).start as usize;
    let suite = python::suite(&text).unwrap_or_default();
    let value = declared(&suite, at).flatten();
    let call = value.and_then(Expr::as_call_expr);
    let display = core(&site.ctx, field);
    let refuse = |why: &str| Refusal::BadField(format!("{}: {display}", field.name), why.to_owned());
    if call.is_some_and(refers) {
        return Err(refuse(
            "it refers to another table; add the resource by its name and fields",
        ));
    }
    let type_of_column = call.into_iter().flat_map(column_types).next();
    let mut spec = FieldSpec {
        name: field.name.to_string(),
        kind: kind(&display, type_of_column.as_ref().map(|(name, _)| name.as_str())).ok_or_else(|| {
            refuse("it can't be told how clients send and get it; add the resource by its name and fields")
        })?,
        optional: is_optional(field),
        unique: call.is_some_and(|call| keyword(call, "unique").is_some_and(is_true)),
        default: None,
        limits: None,
    };
    spec.limits = call.and_then(|call| limits(call, type_of_column.as_ref()));
    // A column has a value wherever `mapped_column` stands; whether it has a default, that is told.
    let has_default = match of {
        SchemaKind::SqlAlchemy => fills_itself(&suite, at),
        _ => !field.required,
    };
    if has_default && !spec.optional {
        let given = match call {
            Some(call) => keyword(call, "default"),
            None => value,
        };
        let literal = given.filter(|given| is_literal(given));
        // What the database fills in, clients may leave out only where Python knows it too.
        let written = literal.ok_or_else(|| refuse("its default is none that could be said again"))?;
        let written = text[written.range()].to_owned();
        if matches!(written.as_str(), "\"\"" | "''") {
            spec.limits = spec.limits.map(|limits| limits.replace("min_length=1, ", ""));
        }
        spec.default = Some(written);
    }
    Ok(spec)
}

/// Whether the column that is declared at an offset has a default, here or in the database.
pub(super) fn fills_itself(suite: &[Stmt], at: usize) -> bool {
    const DEFAULTS: [&str; 4] = ["default", "insert_default", "default_factory", "server_default"];
    let call = declared(suite, at).flatten().and_then(Expr::as_call_expr);
    call.is_some_and(|call| DEFAULTS.iter().any(|name| keyword(call, name).is_some()))
}

/// Whether a class has columns that only its own methods fill: `_password = Column(LargeBinary, nullable=False)`.
pub(super) fn has_hidden_columns(suite: &[Stmt], class: &str) -> bool {
    let mut stmts = suite.iter();
    let class = stmts.find_map(|stmt| stmt.as_class_def_stmt().filter(|def| def.name.as_str() == class));
    let values = class
        .iter()
        .flat_map(|class| &class.body)
        .filter_map(|stmt| match stmt {
            Stmt::AnnAssign(assign) => Some((&*assign.target, assign.value.as_deref()?)),
            Stmt::Assign(assign) => Some((assign.targets.first()?, &*assign.value)),
            _ => None,
        });
    let mut hidden = values.filter(|(target, _)| {
        let name = target.as_name_expr().map_or("", |name| name.id.as_str());
        name.starts_with('_') && !name.starts_with("__")
    });
    hidden.any(|(_, value)| {
        let Some(call) = value.as_call_expr() else { return false };
        let function = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        ["Column", "mapped_column"].contains(&function)
    })
}

/// The value of the field that is declared at an offset.
fn declared(block: &[Stmt], at: usize) -> Option<Option<&Expr>> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::AnnAssign(assign) if assign.target.start().to_usize() == at => Some(assign.value.as_deref()),
        _ => python::blocks(stmt).into_iter().find_map(|block| declared(block, at)),
    })
}

/// The text that declares a field.
pub(crate) fn declaration_of(site: &Site<'_>, field: &Field) -> String {
    let text = site.ctx.files.text(field.at.file);
    let start = site.ctx.files.span(field.at).start as usize;
    let declared = text.get(start..).unwrap_or_default();
    // Up to the next declaration: one of several lines is indented further, or closes a bracket.
    let mut lines = declared.split('\n');
    let first = lines.next().into_iter();
    let rest = lines.take_while(|line| line.trim_start().starts_with(')') || line.starts_with("        "));
    first.chain(rest).collect::<Vec<_>>().join("\n")
}

/// Whether a declaration makes a field a key of another table.
pub(crate) fn is_key_of_another(declaration: &str) -> bool {
    declaration.contains("ForeignKey(") || declaration.contains("foreign_key=")
}

/// A field's type without `Mapped` and `None`, or what its column says of it.
pub(crate) fn core(ctx: &Context<'_>, field: &Field) -> String {
    let said = said_type(field);
    // What a library or the language has is no alias.
    let is_name = said.chars().all(|c| c == '_' || c.is_alphanumeric());
    let is_plain = ["str", "int", "float", "bool", "bytes"].contains(&said.as_str());
    match is_name && !is_plain {
        true => schemas::declared_type(ctx, field).unwrap_or(said),
        false => said,
    }
}

/// A field's type as its annotation has it.
fn said_type(field: &Field) -> String {
    let display = field.ty.as_ref().map(|ty| ty.display.to_string()).unwrap_or_default();
    let inner = match display.strip_prefix("Mapped[").and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.to_owned(),
        None => display,
    };
    let inner = match inner.strip_prefix("Optional[").and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.to_owned(),
        None => inner,
    };
    let parts: Vec<&str> = inner.split(" | ").filter(|part| *part != "None").collect();
    parts.join(" | ")
}

pub(super) fn is_optional(field: &Field) -> bool {
    let display = field.ty.as_ref().map(|ty| ty.display.to_string()).unwrap_or_default();
    display.contains("Optional[") || display.split([' ', '[', ']']).any(|part| part == "None")
}

fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

fn kind(display: &str, column: Option<&str>) -> Option<FieldKind> {
    if let Some(words) = display.strip_prefix("Literal[").and_then(|rest| rest.strip_suffix(']')) {
        let words: Vec<String> = words
            .split(',')
            .map(|word| word.trim().trim_matches(['"', '\'']).to_owned())
            .collect();
        return Some(FieldKind::Enum(words));
    }
    let plain = match (last(display), column) {
        ("str", Some("Text")) => Plain::Text,
        ("str", _) => Plain::Str,
        ("int", _) => Plain::Int,
        ("float", _) => Plain::Float,
        ("Decimal", _) => Plain::Decimal,
        ("bool", _) => Plain::Bool,
        ("date", _) => Plain::Date,
        ("datetime" | "AwareDatetime", _) => Plain::Datetime,
        ("UUID" | "UUID4", _) => Plain::Uuid,
        ("EmailStr", _) => Plain::Email,
        _ if display.starts_with("dict[") => Plain::Json,
        _ => return None,
    };
    Some(FieldKind::Plain(plain))
}

/// What a call calls, without the modules before it.
fn callee(call: &ExprCall) -> String {
    match &*call.func {
        Expr::Name(name) => name.id.to_string(),
        Expr::Attribute(attribute) => attribute.attr.to_string(),
        _ => String::new(),
    }
}

/// Whether a column refers to another table.
fn refers(call: &ExprCall) -> bool {
    let mut calls = call.arguments.args.iter().filter_map(Expr::as_call_expr);
    keyword(call, "foreign_key").is_some() || calls.any(|inner| callee(inner) == "ForeignKey")
}

/// The types that `mapped_column(…)` or `Field(sa_type=…)` is told, with what they are told themselves.
fn column_types(call: &ExprCall) -> Vec<(String, Option<&ExprCall>)> {
    let keywords = ["type_", "sa_type"].into_iter().filter_map(|name| keyword(call, name));
    let all = call.arguments.args.iter().chain(keywords);
    all.filter_map(|argument| match argument {
        Expr::Call(inner) if callee(inner) != "ForeignKey" => Some((callee(inner), Some(inner))),
        Expr::Name(name) => Some((name.id.to_string(), None)),
        Expr::Attribute(attribute) => Some((attribute.attr.to_string(), None)),
        _ => None,
    })
    .collect()
}

/// What schemas say of the values, where the model says it itself.
fn limits(call: &ExprCall, column: Option<&(String, Option<&ExprCall>)>) -> Option<String> {
    const SAID: [&str; 8] = [
        "min_length",
        "max_length",
        "gt",
        "ge",
        "lt",
        "le",
        "max_digits",
        "decimal_places",
    ];
    let number = |expr: &Expr| {
        expr.as_number_literal_expr()
            .and_then(|number| number.value.as_int().cloned())
    };
    let said: Vec<String> = SAID
        .into_iter()
        .filter_map(|name| Some(format!("{name}={}", number(keyword(call, name)?)?)))
        .collect();
    if !said.is_empty() {
        return Some(not_empty(said.join(", ")));
    }
    let (name, told) = column?;
    let told: Vec<_> = told
        .iter()
        .flat_map(|told| &told.arguments.args)
        .filter_map(number)
        .collect();
    match (name.as_str(), told.as_slice()) {
        ("String" | "Unicode" | "AutoString", [length]) => Some(not_empty(format!("max_length={length}"))),
        ("String" | "Unicode" | "AutoString", _) => Some("min_length=1".to_owned()),
        ("Numeric" | "DECIMAL", [digits, places]) => Some(format!("max_digits={digits}, decimal_places={places}")),
        ("Numeric" | "BigInteger", _) => Some(String::new()),
        _ => None,
    }
}

/// What has a longest length and no shortest one is not empty, as everywhere in what is written.
fn not_empty(limits: String) -> String {
    match limits.contains("max_length") && !limits.contains("min_length") {
        true => format!("min_length=1, {limits}"),
        false => limits,
    }
}

fn keyword<'e>(call: &'e ExprCall, name: &str) -> Option<&'e Expr> {
    let mut keywords = call.arguments.keywords.iter();
    let found = keywords.find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name));
    found.map(|keyword| &keyword.value)
}

fn is_true(expr: &Expr) -> bool {
    expr.as_boolean_literal_expr().is_some_and(|literal| literal.value)
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::StringLiteral(_) | Expr::NumberLiteral(_) | Expr::BooleanLiteral(_)
    )
}
