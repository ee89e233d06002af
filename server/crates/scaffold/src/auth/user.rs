//! The users of a project: the table that it has, and what that lacks for logging in.

use crate::{Refusal, Site, imports::Need, resolve, terms::Terms};
use facts::{Arg, Expr, ExprId, Stmt, Unit};
use model::{Field, Schema, SchemaKind};
use serde::Serialize;
use std::path::PathBuf;
use style::Source;

/// What templates know of the users.
#[derive(Clone, Debug, Serialize)]
pub(super) struct User {
    /// The class of the table.
    pub(super) class: String,
    pub(super) table: String,
    /// Whether the project has the table already.
    pub(super) is_there: bool,
    pub(super) email_length: usize,
    /// What else has to be said to sign up.
    pub(super) extras: Vec<Extra>,
    /// What is said where an account can't be made.
    pub(super) conflict: &'static str,
    /// Whether `user` may not log in, as an expression.
    pub(super) inactive: String,
    /// What makes `user` one who may not, as a statement.
    pub(super) deactivate: String,
    /// What `user` may do, as an expression.
    pub(super) scopes: &'static str,
    /// Whether users have roles.
    pub(super) has_role: bool,
    /// Whether `user` is an administrator, as an expression, where there are no roles.
    pub(super) admin: String,
    /// The project's schema for answers.
    pub(super) read: Option<Symbol>,
    /// The type of the key.
    #[serde(skip)]
    pub(super) key: String,
    #[serde(skip)]
    pub(super) path: PathBuf,
    /// The columns that are added, with what they import.
    #[serde(skip)]
    pub(super) columns: Vec<(String, Vec<Need>)>,
    #[serde(skip)]
    pub(super) extra_needs: Vec<Need>,
}

/// A name of a module of the project.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Symbol {
    pub(super) module: String,
    pub(super) name: String,
}

/// A column that an account can't be without.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Extra {
    pub(super) name: String,
    /// As a schema declares it.
    pub(super) declaration: String,
    /// A value, in Python.
    pub(super) sample: &'static str,
}

/// Names of tables of users.
const NAMES: [&str; 6] = ["User", "Account", "Users", "UserModel", "DBUser", "AppUser"];

/// Endings of schemas for answers.
const ENDINGS: [&str; 6] = ["Read", "Out", "Public", "Response", "Schema", "Detail"];

const ACTIVE: [&str; 3] = ["is_active", "active", "enabled"];
const INACTIVE: [&str; 3] = ["disabled", "is_disabled", "is_blocked"];
const ADMIN: [&str; 3] = ["is_superuser", "is_admin", "is_staff"];

impl User {
    /// The users that a project without any gets.
    pub(super) fn new(path: PathBuf, terms: &Terms) -> Self {
        Self {
            class: "User".to_owned(),
            table: if terms.is_sqlmodel() { "user" } else { "users" }.to_owned(),
            is_there: false,
            email_length: 320,
            extras: Vec::new(),
            conflict: "There is an account with this e-mail address already",
            inactive: "not user.is_active".to_owned(),
            deactivate: "user.is_active = False".to_owned(),
            scopes: "user.scopes",
            has_role: true,
            admin: String::new(),
            read: None,
            key: terms.key.clone(),
            path,
            columns: Vec::new(),
            extra_needs: Vec::new(),
        }
    }

    /// The names of the columns that are added.
    pub(super) fn column_names(&self) -> impl Iterator<Item = &str> {
        let names = self.columns.iter().map(|(text, _)| text.split([':', '=']).next());
        names.flatten().map(str::trim)
    }

    /// The imports of what else has to be said to sign up.
    pub(super) fn extra_imports(&self) -> Vec<String> {
        let written = self.extra_needs.iter().map(|need| match need {
            Need::Member(module, name) => format!("from {module} import {name}"),
            Need::Renamed(module, name, bound) => format!("from {module} import {name} as {bound}"),
            Need::Module(module) => format!("import {module}"),
            Need::ModuleAs(module, bound) => format!("import {module} as {bound}"),
        });
        written.collect()
    }

    /// The users that a project has; nothing where it has none.
    ///
    /// # Errors
    /// Where nobody could sign up or log in with them.
    pub(super) fn of(site: &Site<'_>, terms: &Terms) -> Result<Option<Self>, Refusal> {
        let model = site.ctx.model;
        let is_own = |schema: &&Schema| site.ctx.files.path(schema.def.file).starts_with(site.root);
        let tables = model.schemas.iter().filter(is_own).filter(|schema| is_table(schema));
        let mut named: Vec<(usize, &Schema)> = tables
            .filter_map(|schema| Some((NAMES.iter().position(|name| **name == *schema.name)?, schema)))
            .collect();
        named.sort_by_key(|(rank, _)| *rank);
        let Some((_, schema)) = named.first() else {
            return Ok(None);
        };
        Reader { site, schema }.user(terms).map(Some)
    }
}

fn is_table(schema: &Schema) -> bool {
    let is_kind = matches!(schema.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
    is_kind && schema.table.is_some()
}

/// A field's statement.
struct Declared {
    source: Source,
    text: String,
    annotation: Option<ExprId>,
    value: Option<ExprId>,
}

struct Reader<'a> {
    site: &'a Site<'a>,
    schema: &'a Schema,
}

impl Reader<'_> {
    fn user(&self, terms: &Terms) -> Result<User, Refusal> {
        let class = &self.schema.name;
        let path = self.site.ctx.files.path(self.schema.def.file).to_path_buf();
        let refuse = |why: &str| Err(Refusal::Users(class.to_string(), why.to_owned()));
        if !self.has("email") {
            return refuse(
                "it has no `email`, with which users log in and to which password resets are sent: add the column",
            );
        }
        if !self.has("id") {
            return refuse("it has no key `id`, which tokens name: add the column");
        }
        if self.is_response() {
            return refuse(
                "it is itself what clients are sent, and so would be its hashed passwords: give its operations a schema of their own",
            );
        }
        let mut user = User::new(path, terms);
        user.key = self.key();
        user.class = class.to_string();
        user.table = self.schema.table.as_deref().unwrap_or_default().to_owned();
        user.is_there = true;
        user.email_length = self.email_length();
        (user.extras, user.extra_needs) = self.extras()?;
        if !user.extras.is_empty() {
            user.conflict = "There is such an account already";
        }
        user.read = self.read_schema();
        let style = self.column_style();
        let mut add = |column: Column| user.columns.push(column.declared(style));
        if !self.has("hashed_password") {
            if let Some(other) = ["password_hash", "password"].iter().find(|name| self.has(name)) {
                return refuse(&format!(
                    "it keeps passwords as `{other}`, of which it can't be told how they are hashed: rename the column to `hashed_password` if pwdlib can verify them"
                ));
            }
            add(Column::Password);
        }
        let positive = ACTIVE.iter().find(|name| self.has(name));
        let negative = INACTIVE.iter().find(|name| self.has(name));
        match (positive, negative) {
            (Some(name), _) => {
                user.inactive = format!("not user.{name}");
                user.deactivate = format!("user.{name} = False");
            }
            (None, Some(name)) => {
                user.inactive = format!("user.{name}");
                user.deactivate = format!("user.{name} = True");
            }
            (None, None) => add(Column::Active),
        }
        let admin = ADMIN.iter().find(|name| self.has(name));
        user.has_role = admin.is_none();
        user.admin = admin.map_or_else(String::new, |name| format!("user.{name}"));
        if user.has_role && !self.has("role") {
            add(Column::Role);
        }
        if !self.has("scopes") {
            add(Column::Scopes);
        }
        Ok(user)
    }

    /// The type of the key.
    fn key(&self) -> String {
        let field = self.schema.fields.iter().find(|field| &*field.name == "id");
        let ty = field.map_or_else(String::new, plain_type);
        let core = ty
            .split('|')
            .map(str::trim)
            .find(|part| *part != "None")
            .unwrap_or("int");
        match core.rsplit('.').next() {
            Some("UUID") => "uuid.UUID".to_owned(),
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => "int".to_owned(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.schema.fields.iter().any(|field| &*field.name == name)
    }

    /// Whether a path operation answers with rows of the table as they are.
    fn is_response(&self) -> bool {
        let is_it = |ty: &model::TypeUse| {
            let mut schemas = ty.schemas.iter();
            schemas.any(|id| {
                let schema = self.site.ctx.model.schemas.get(id.0 as usize);
                schema.is_some_and(|schema| schema.def == self.schema.def)
            })
        };
        let mut operations = self.site.ctx.model.operations.iter();
        operations.any(|operation| operation.response_model.as_ref().is_some_and(is_it))
    }

    fn declared(&self, field: &Field) -> Option<Declared> {
        let source = Source::read(self.site.ctx.files, field.at.file)?;
        let unit = source.unit(field.at.unit)?;
        let (id, annotation, value) = unit.stmts.iter().enumerate().find_map(|(id, stmt)| match stmt {
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } if *target == field.at.expr => Some((id, Some(*annotation), *value)),
            Stmt::Assign { targets, value } if targets.first() == Some(&field.at.expr) => {
                Some((id, None, Some(*value)))
            }
            _ => None,
        })?;
        let id = facts::StmtId(id as u32);
        let text = source.stmt_text(field.at.unit, id).to_owned();
        Some(Declared {
            text,
            annotation,
            value,
            source,
        })
    }

    /// How long an address may be: as long as its column is.
    fn email_length(&self) -> usize {
        let field = self.schema.fields.iter().find(|field| &*field.name == "email");
        let declared = field.and_then(|field| self.declared(field));
        let numbers = declared.map(|declared| {
            declared
                .text
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|n| n.parse().ok())
                .collect::<Vec<usize>>()
        });
        numbers
            .into_iter()
            .flatten()
            .find(|length| (3..=320).contains(length))
            .unwrap_or(254)
    }

    /// The columns that an account can't be without, and what their declarations import.
    fn extras(&self) -> Result<(Vec<Extra>, Vec<Need>), Refusal> {
        const OWN: [&str; 4] = ["id", "email", "hashed_password", "scopes"];
        let mut extras = Vec::new();
        let mut needs = Vec::new();
        for field in &self.schema.fields {
            if OWN.contains(&&*field.name) || field.is_relationship || ACTIVE.contains(&&*field.name) {
                continue;
            }
            let Some(declared) = self.declared(field) else {
                continue;
            };
            let source = &declared.source;
            let Some(unit) = source.unit(field.at.unit) else {
                continue;
            };
            if is_given(unit, declared.annotation, declared.value) {
                continue;
            }
            let refuse = |why: String| Err(Refusal::Users(self.schema.name.to_string(), why));
            if declared.text.contains("ForeignKey(") || declared.text.contains("foreign_key=") {
                return refuse(format!(
                    "`{}` refers to another table and has no default, so that nobody could sign up: let it be empty",
                    field.name
                ));
            }
            let ty = plain_type(field);
            let Some(sample) = sample(&ty) else {
                return refuse(format!(
                    "`{}` has no default, and it can't be told what a client has to send for it: give it one",
                    field.name
                ));
            };
            let (declaration, from) = self.declaration(field, &ty);
            needs.extend(from);
            extras.push(Extra {
                name: field.name.to_string(),
                declaration,
                sample,
            });
        }
        Ok((extras, needs))
    }

    /// How a schema declares a field: as the project's own for new users does, else by its type.
    fn declaration(&self, field: &Field, ty: &str) -> (String, Vec<Need>) {
        let name = &self.schema.name;
        let is_input = |schema: &&Schema| {
            let endings = ["Create", "In", "Register", "SignUp", "New"];
            let is_named = endings.iter().any(|ending| *schema.name == *format!("{name}{ending}"));
            is_named && !is_table(schema)
        };
        let mut schemas = self.site.ctx.model.schemas.iter();
        let found = schemas.find(is_input).and_then(|schema| {
            let own = schema.fields.iter().find(|own| own.name == field.name)?;
            Some((own.at, self.declared(own)?))
        });
        let Some((at, declared)) = found else {
            return (format!("{}: {ty}", field.name), Vec::new());
        };
        let ctx = &self.site.ctx;
        let mut needs = Vec::new();
        let Some(facts) = ctx.facts(at.file) else {
            return (declared.text, needs);
        };
        for name in words(&declared.text) {
            match resolve::binding(ctx, at.file, &facts, name) {
                Some(resolve::Binding::Member(module, member)) => needs.push(Need::Member(module, member)),
                Some(resolve::Binding::Module(module)) => needs.push(Need::Module(module)),
                Some(_) => needs.push(Need::member(&ctx.modules.module_name(at.file), name)),
                None => {}
            }
        }
        // SQLModel's `Field` has more parameters than a schema's, and they agree where both have them.
        for need in &mut needs {
            if *need == Need::member("sqlmodel", "Field") {
                *need = Need::member("pydantic", "Field");
            }
        }
        (without_columns(&declared.text), needs)
    }

    /// The schema with which the project answers for a user.
    fn read_schema(&self) -> Option<Symbol> {
        let name = &self.schema.name;
        let schemas = &self.site.ctx.model.schemas;
        let found = ENDINGS.iter().find_map(|ending| {
            let wanted = format!("{name}{ending}");
            schemas
                .iter()
                .find(|schema| *schema.name == *wanted && !is_table(schema))
        })?;
        let reads_attributes = found
            .config
            .iter()
            .any(|(key, value)| matches!(&**key, "from_attributes" | "orm_mode") && &**value == "True");
        let is_usable = found.kind == SchemaKind::SqlModel || reads_attributes;
        is_usable.then(|| Symbol {
            module: found.module.to_string(),
            name: found.name.to_string(),
        })
    }

    fn column_style(&self) -> ColumnStyle {
        let is_legacy = self.schema.fields.iter().any(|field| {
            let declared = self.declared(field);
            declared.is_some_and(|declared| declared.annotation.is_none() && declared.text.contains("Column("))
        });
        match self.schema.kind {
            SchemaKind::SqlModelTable => ColumnStyle::SqlModel,
            _ if is_legacy => ColumnStyle::Legacy,
            _ => ColumnStyle::Mapped,
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// A field of SQLModel without what is about its column.
fn without_columns(text: &str) -> String {
    let mut text = text.to_owned();
    for argument in ["unique=True", "index=True", "primary_key=True"] {
        for written in [format!("{argument}, "), format!(", {argument}"), argument.to_owned()] {
            text = text.replace(&written, "");
        }
    }
    text.replace(" = Field()", "")
}

/// Whether a column gets its value without being told.
fn is_given(unit: &Unit, annotation: Option<ExprId>, value: Option<ExprId>) -> bool {
    const GIVING: [&str; 8] = [
        "default",
        "default_factory",
        "server_default",
        "insert_default",
        "primary_key",
        "nullable",
        "autoincrement",
        "init",
    ];
    let mut is_optional = false;
    if let Some(annotation) = annotation {
        style::walk::exprs(unit, annotation, &mut |e| {
            is_optional |= matches!(unit[e], Expr::None) || style::last_name(unit, e) == "Optional";
        });
    }
    let has_default = value.is_some_and(|value| match &unit[value] {
        Expr::Call { args, .. } => {
            let mut positional = args.iter().filter_map(|arg| match arg {
                Arg::Positional(e) => Some(&unit[*e]),
                _ => None,
            });
            let named = args.iter().any(|arg| match arg {
                Arg::Keyword { name, value, .. } => {
                    GIVING.contains(&name.as_str()) && !matches!(unit[*value], Expr::Bool(false) | Expr::Ellipsis)
                        || name == "default"
                }
                _ => false,
            });
            let is_computed = positional.any(|e| matches!(e, Expr::Call { func, .. } if matches!(style::last_name(unit, *func), "Computed" | "Identity")));
            named || is_computed
        }
        _ => true,
    });
    // A legacy column may be empty unless it says otherwise.
    let is_legacy = annotation.is_none()
        && value.is_some_and(|value| match &unit[value] {
            Expr::Call { args, .. } => !args.iter().any(|arg| {
                matches!(arg, Arg::Keyword { name, value, .. } if name == "nullable" && unit[*value] == Expr::Bool(false))
            }),
            _ => false,
        });
    is_optional || has_default || is_legacy
}

/// The type of a column without what the ORM wraps it in.
fn plain_type(field: &Field) -> String {
    let display = field.ty.as_ref().map_or("str", |ty| &*ty.display);
    let inner = display.strip_prefix("Mapped[").and_then(|ty| ty.strip_suffix(']'));
    inner.unwrap_or(display).to_owned()
}

/// A value of a type, in Python.
fn sample(ty: &str) -> Option<&'static str> {
    match ty.rsplit('.').next()? {
        "str" => Some("\"ada\""),
        "int" => Some("1"),
        "float" | "Decimal" => Some("1"),
        "bool" => Some("True"),
        _ => None,
    }
}

/// How a table declares its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnStyle {
    Mapped,
    Legacy,
    SqlModel,
}

/// A column that is added to a table that has rows already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Password,
    Active,
    Role,
    Scopes,
}

impl Column {
    fn declared(self, style: ColumnStyle) -> (String, Vec<Need>) {
        let sqlalchemy = |names: &[&str]| {
            names
                .iter()
                .map(|name| Need::member("sqlalchemy", name))
                .collect::<Vec<_>>()
        };
        let (name, ty, column, default, used): (_, _, _, _, &[&str]) = match self {
            Column::Password => ("hashed_password", "str | None", "String(255)", "", &["String"]),
            Column::Active => (
                "is_active",
                "bool",
                "",
                "default=True, server_default=true()",
                &["true"],
            ),
            Column::Role => (
                "role",
                "str",
                "String(50)",
                "default=\"user\", server_default=\"user\"",
                &["String"],
            ),
            Column::Scopes => (
                "scopes",
                "list[str]",
                "JSON",
                "default=list, server_default=text(\"('[]')\")",
                &["JSON", "text"],
            ),
        };
        let mut needs = sqlalchemy(used);
        let joined = |parts: &[&str]| {
            let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
            parts.join(", ")
        };
        let text = match style {
            ColumnStyle::Mapped => {
                needs.push(Need::member("sqlalchemy.orm", "mapped_column"));
                format!("{name}: Mapped[{ty}] = mapped_column({})", joined(&[column, default]))
            }
            ColumnStyle::Legacy => {
                let kind = if column.is_empty() { "Boolean" } else { column };
                needs.push(Need::member("sqlalchemy", "Column"));
                if kind == "Boolean" {
                    needs.push(Need::member("sqlalchemy", "Boolean"));
                }
                let filled = if self == Column::Password { "" } else { "nullable=False" };
                format!("{name} = Column({})", joined(&[kind, filled, default]))
            }
            ColumnStyle::SqlModel => {
                let (text, used) = self.sqlmodel();
                needs = sqlalchemy(used);
                needs.push(Need::member("sqlmodel", "Field"));
                text
            }
        };
        (text, needs)
    }

    fn sqlmodel(self) -> (String, &'static [&'static str]) {
        let (text, used): (&str, &[&str]) = match self {
            Column::Password => ("hashed_password: str | None = Field(default=None, max_length=255)", &[]),
            Column::Active => (
                "is_active: bool = Field(default=True, sa_column_kwargs={\"server_default\": true()})",
                &["true"],
            ),
            Column::Role => (
                "role: str = Field(default=\"user\", max_length=50, sa_column_kwargs={\"server_default\": \"user\"})",
                &[],
            ),
            Column::Scopes => (
                "scopes: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={\"server_default\": text(\"('[]')\")})",
                &["JSON", "text"],
            ),
        };
        (text.to_owned(), used)
    }
}
