//! *Add schemas*: what clients send and get of a model: to create one, to change one, and to read one.

mod column_types;
mod columns;

use crate::{
    About, Plan, Refusal, ScaffoldRequest, Site,
    draft::Draft,
    ground::Layer,
    offers::Offer,
    packages::{self, package},
    schema_names::{self, SchemaUse},
};
use base::Span;
pub(crate) use columns::{
    Column, Default as ColumnDefault, declared_type, import_of, inherited_columns, is_natural_key, is_needed, keys,
    read as columns, unique_key,
};
use columns::{Default, Relation};
use model::{Schema, SchemaKind};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use style::{Source, words};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "schemas",
    command: "add schemas FILE:MODEL",
    summary: "Add schemas of a model: to create one, to change one, to read one",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** three schemas of a model of SQLAlchemy or SQLModel: one to create it, one to change it, in which everything is optional, and
one to read it, with `from_attributes`. Limits of columns become limits of fields (`String(100)`, `Numeric(10, 2)`), an `email` is
checked as one, an enum stays one. What the database makes is read and never sent; a hashed password is sent as a password,
which needs eight characters; other secrets are in none of them. A row of another table is its key, or its own schema
where the model loads it along.

**Takes from the project** the names of its schemas (`BookRead`, `BookOut`, `BookPublic`), the module that they belong in, and whether
classes have docstrings.

**Leaves alone** schemas of that name that are there. A model whose columns can't be told for certain gets none: the reason is said.
"#;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SchemasRequest {
    /// The module of the model, absolute or below the project's folder.
    pub file: PathBuf,
    /// The model's class; the module's first one where left out.
    #[serde(default)]
    pub model: Option<String>,
}

/// Names that Pydantic's models have.
const RESERVED: [&str; 8] = [
    "copy",
    "dict",
    "json",
    "model_config",
    "model_fields",
    "schema",
    "construct",
    "validate",
];

/// Words of names whose values nobody gets.
const SECRETS: [&str; 10] = [
    "password",
    "passwd",
    "secret",
    "token",
    "hash",
    "hashed",
    "salt",
    "otp",
    "pin",
    "credential",
];

/// The offer for the model on whose head a selection stands, where a schema of it is not there yet.
pub(crate) fn offer(site: &Site<'_>, source: &Source, selection: Span, below: &str) -> Option<Offer> {
    let ctx = &site.ctx;
    let line = Span::new(source.line_start(selection.start), source.line_end(selection.start));
    let schema = ctx.model.schemas.iter().find(|schema| {
        let is_model = matches!(schema.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
        let at = || source.spans.expr(schema.def.unit, schema.def.expr);
        is_model && schema.table.is_some() && schema.def.file == source.file && line.contains(at())
    })?;
    let purposes = [SchemaUse::Create, SchemaUse::Update, SchemaUse::Read];
    // What no app imports yet is not in the model.
    let written = || {
        let one = words::snake(&schema.name);
        let layers = &site.known_ground().layers;
        let path = ctx.files.path(source.file);
        site.disk
            .text(&layers.place_beside(&path, Layer::Schemas, &one, &words::plural(&one)))
    };
    let text = written().unwrap_or_default();
    let is_there = |purpose| {
        let name = schema_names::usual_name(ctx, purpose, &schema.name);
        let is_known = ctx.model.schemas.iter().any(|schema| *schema.name == *name);
        is_known || text.contains(&format!("class {name}("))
    };
    (!purposes.into_iter().all(is_there)).then(|| Offer {
        title: format!("Add schemas of {}", schema.name),
        request: ScaffoldRequest::Schemas(SchemasRequest {
            file: PathBuf::from(below),
            model: Some(schema.name.to_string()),
        }),
        command: format!("routewright add schemas {below}:{}", schema.name),
        makes_files: true,
    })
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where there is no such model, or it can't have schemas.
pub fn build(site: &Site<'_>, request: &SchemasRequest) -> Result<Plan, Refusal> {
    let path = site.root.join(&request.file);
    let schema = find(site, &path, request.model.as_deref())?;
    let class = schema.name.to_string();
    let refused = |why: String| Refusal::NoSchemas(class.clone(), why);
    if schema.incomplete {
        return Err(refused("a class that it inherits from is not known".to_owned()));
    }
    let (columns, relations) = columns::read(site, schema).map_err(refused)?;
    if !columns.iter().any(|column| column.is_key) {
        return Err(refused("it has no primary key, which SQLAlchemy refuses".to_owned()));
    }
    if let Some(column) = columns.iter().find(|column| RESERVED.contains(&column.name.as_str())) {
        return Err(refused(format!(
            "`{}` is a name that every Pydantic model has",
            column.name
        )));
    }
    let ground = site.ground();
    let is_sqlmodel = schema.kind == SchemaKind::SqlModelTable;
    let one = words::snake(&class);
    let target = match is_sqlmodel {
        true => path.clone(),
        false => ground
            .layers
            .place_beside(&path, Layer::Schemas, &one, &words::plural(&one)),
    };
    let mut draft = Draft::new(*site);
    let mut writer = Writer {
        site,
        class: &class,
        model_file: schema.def.file,
        base: if is_sqlmodel { "SQLModel" } else { "BaseModel" },
        imports: BTreeSet::new(),
        password: None,
    };
    let text = writer.module(&columns, &relations, is_sqlmodel);
    let reused = draft.module(&target, &ground.written(&text)?, &ground.format)?;
    draft.note_reuse(&target, &reused);
    // What is read takes neither.
    let sent =
        [SchemaUse::Create, SchemaUse::Update].map(|purpose| schema_names::usual_name(&site.ctx, purpose, &class));
    if !sent.iter().all(|name| reused.contains(name)) {
        if writer.imports.iter().any(|import| import.ends_with(" EmailStr")) {
            packages::require(&mut draft, &[package("email-validator", &[], "2.2")]);
        }
        if let Some(column) = writer.password {
            draft.note(format!(
                "`password` is sent as it is: hash it into `{column}`, and leave it out of what the model is made of"
            ));
        }
    }
    draft.finish(format!("Add schemas of {class}"))
}

/// The model of a module: the one named, or the first.
fn find<'a>(site: &'a Site<'_>, path: &Path, name: Option<&str>) -> Result<&'a Schema, Refusal> {
    let file = site.disk.file(path);
    let shown = path.strip_prefix(site.root).unwrap_or(path).display().to_string();
    let is_model = |schema: &&Schema| matches!(schema.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
    let own = site.ctx.model.schemas.iter().filter(|schema| schema.def.file == file);
    let mut own = own.filter(is_model).filter(|schema| schema.table.is_some());
    own.find(|schema| name.is_none_or(|name| *schema.name == *name))
        .ok_or_else(|| Refusal::NoModel(name.map(|name| format!(" `{name}`")).unwrap_or_default(), shown))
}

/// What a column is to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// They send and get it.
    Open,
    /// They get it, and never send it.
    Made,
    /// They send it when one is made, and get it.
    Fixed,
    /// They send it, and never get it.
    Password,
    /// Nothing.
    Secret,
}

struct Writer<'a> {
    site: &'a Site<'a>,
    class: &'a str,
    model_file: base::FileId,
    base: &'static str,
    imports: BTreeSet<String>,
    /// The column that a password goes to.
    password: Option<String>,
}

impl Writer<'_> {
    fn module(&mut self, columns: &[Column], relations: &[Relation], is_sqlmodel: bool) -> String {
        let spoken = words::spoken(&words::snake(self.class));
        let keys = columns.iter().filter(|column| column.is_key).count();
        let parts: Vec<(&Column, Part)> = columns.iter().map(|column| (column, part(column, keys))).collect();
        let mut kept: Vec<&str> = Vec::new();
        let mut create = Vec::new();
        let mut update = Vec::new();
        let mut read = Vec::new();
        for (column, part) in &parts {
            match part {
                Part::Secret => {}
                Part::Password => {
                    self.password = Some(column.name.clone());
                    kept.push("password");
                    self.imports.insert("from pydantic import Field".to_owned());
                    self.imports.insert("from pydantic import SecretStr".to_owned());
                    create.push("    password: SecretStr = Field(min_length=8, max_length=128)".to_owned());
                    update.push(
                        "    password: SecretStr | None = Field(default=None, min_length=8, max_length=128)".to_owned(),
                    );
                }
                Part::Made => read.push(self.shown(column)),
                Part::Open | Part::Fixed => {
                    create.push(self.sent(column));
                    read.push(self.shown(column));
                    if *part == Part::Open {
                        update.push(self.changed(column));
                        if !column.is_nullable {
                            kept.push(column.name.as_str());
                        }
                    }
                }
            }
        }
        if !kept.is_empty() {
            update.push(self.check(&kept));
        }
        read.extend(relations.iter().filter_map(|relation| self.nested(relation)));
        let config = match is_sqlmodel {
            true => String::new(),
            false => {
                self.imports.insert("from pydantic import ConfigDict".to_owned());
                "    model_config = ConfigDict(from_attributes=True)\n\n".to_owned()
            }
        };
        let library = if is_sqlmodel { "sqlmodel" } else { "pydantic" };
        self.imports.insert(format!("from {library} import {}", self.base));
        let article = crate::template::article(&spoken);
        let name = |purpose| schema_names::usual_name(&self.site.ctx, purpose, self.class);
        let class = |name: String, docstring: String, config: &str, fields: &[String]| {
            format!(
                "class {name}({}):\n    \"\"\"{docstring}\"\"\"\n\n{config}{}\n",
                self.base,
                fields.join("\n")
            )
        };
        let mut capital = article.clone();
        if let Some(first) = capital.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let classes = [
            class(name(SchemaUse::Create), format!("A new {spoken}."), "", &create),
            class(
                name(SchemaUse::Update),
                format!("What changes of {article}; what is left out stays."),
                "",
                &update,
            ),
            class(
                name(SchemaUse::Read),
                format!("{capital} as clients see it."),
                &config,
                &read,
            ),
        ];
        let imports: Vec<&str> = self.imports.iter().map(String::as_str).collect();
        format!(
            "\"\"\"What clients send and get of {}.\"\"\"\n\n{}\n\n\n{}",
            words::plural(&spoken),
            imports.join("\n"),
            classes.join("\n\n")
        )
    }

    /// What refuses to empty fields that have to be there.
    fn check(&mut self, kept: &[&str]) -> String {
        self.imports.insert("from pydantic import model_validator".to_owned());
        let returns = match self.site.ctx.python {
            Some(minor) if minor < 11 => {
                format!(
                    "\"{}\"",
                    schema_names::usual_name(&self.site.ctx, SchemaUse::Update, self.class)
                )
            }
            _ => {
                self.imports.insert("from typing import Self".to_owned());
                "Self".to_owned()
            }
        };
        let names: Vec<String> = kept.iter().map(|name| format!("\"{name}\"")).collect();
        let names = names.join(", ");
        let docstring = "    \"\"\"Refuse to empty what has to be there.\"\"\"\n";
        let check = required_fields_stay(&names, &returns, docstring);
        check.lines().map(|line| format!("\n    {line}")).collect()
    }

    /// A type as clients send it.
    fn sent_type(&mut self, column: &Column) -> String {
        let is_email = column.ty == "str" && (column.name == "email" || column.name.ends_with("_email"));
        if is_email {
            self.imports.insert("from pydantic import EmailStr".to_owned());
            return "EmailStr".to_owned();
        }
        self.named(column);
        column.ty.clone()
    }

    /// Imports the names of a type.
    fn named(&mut self, column: &Column) {
        let file = column.file.unwrap_or(self.model_file);
        let words = column.ty.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        for word in words.filter(|word| !word.is_empty()) {
            let first = word.split('.').next().unwrap_or(word);
            self.imports.extend(import_of(self.site, file, first));
        }
        if let Default::Value(value) = &column.default
            && let Some((first, _)) = value.split_once('.')
            && first.starts_with(char::is_alphabetic)
        {
            self.imports.extend(import_of(self.site, file, first));
        }
    }

    /// As it is sent when one is made.
    fn sent(&mut self, column: &Column) -> String {
        let ty = self.sent_type(column);
        let limits = limits(column, &ty);
        match (&column.default, column.is_nullable) {
            (Default::Value(value), is_nullable) => {
                let none = if is_nullable { " | None" } else { "" };
                let is_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
                let value = match columns::last_word(&column.ty) {
                    "Decimal" if is_number => format!("{}(\"{value}\")", column.ty),
                    _ => value.clone(),
                };
                self.field(column, &format!("{ty}{none}"), Some(&value), &limits)
            }
            (_, true) => self.field(column, &format!("{ty} | None"), Some("None"), &limits),
            (_, false) => self.field(column, &ty, None, &limits),
        }
    }

    /// As it is sent when it changes.
    fn changed(&mut self, column: &Column) -> String {
        let ty = self.sent_type(column);
        let limits = limits(column, &ty);
        self.field(column, &format!("{ty} | None"), Some("None"), &limits)
    }

    fn shown(&mut self, column: &Column) -> String {
        self.named(column);
        let none = if column.is_nullable { " | None" } else { "" };
        format!("    {}: {}{none}", column.name, column.ty)
    }

    fn field(&mut self, column: &Column, ty: &str, default: Option<&str>, limits: &[String]) -> String {
        let name = &column.name;
        match (default, limits) {
            (None, []) => format!("    {name}: {ty}"),
            (Some(default), []) => format!("    {name}: {ty} = {default}"),
            (default, limits) => {
                let library = if self.base == "SQLModel" {
                    "sqlmodel"
                } else {
                    "pydantic"
                };
                self.imports.insert(format!("from {library} import Field"));
                let default = default
                    .map(|default| format!("default={default}, "))
                    .unwrap_or_default();
                format!("    {name}: {ty} = Field({default}{})", limits.join(", "))
            }
        }
    }

    /// The other model as it is read, where the project has a schema for that.
    fn nested(&mut self, relation: &Relation) -> Option<String> {
        let ctx = &self.site.ctx;
        let names = schema_names::candidates(ctx, SchemaUse::Read, &relation.class);
        let schema = names.iter().find_map(|name| {
            let mut all = ctx.model.schemas.iter();
            all.find(|schema| *schema.name == **name && schema_names::is_data(schema.kind))
        })?;
        self.imports
            .insert(format!("from {} import {}", schema.module, schema.name));
        let ty = match relation.is_many {
            true => format!("list[{}]", schema.name),
            false => schema.name.to_string(),
        };
        let none = if relation.is_nullable { " | None" } else { "" };
        Some(format!("    {}: {ty}{none}", relation.name))
    }
}

/// What a field checks: text that has to be there is not empty.
fn limits(column: &Column, ty: &str) -> Vec<String> {
    let mut limits = column.limits.clone();
    let has = |head: &str| limits.iter().any(|limit| limit.starts_with(head));
    let has_to_be = ty == "str" && !column.is_nullable && column.default == Default::None;
    if has_to_be && has("max_length") && !has("min_length") {
        limits.insert(0, "min_length=1".to_owned());
    }
    limits
}

/// The validator that refuses `null` for fields, given as they stand in a set; the docstring is a line of its own.
pub(crate) fn required_fields_stay(names: &str, returns: &str, docstring: &str) -> String {
    format!(
        "@model_validator(mode=\"after\")
def required_fields_stay(self) -> {returns}:
{docstring}    for name in self.model_fields_set & {{{names}}}:
        if getattr(self, name) is None:
            raise ValueError(f\"{{name}} can't be null\")
    return self"
    )
}

/// Whether a column's name says that nobody gets its values.
pub(crate) fn is_secret(name: &str) -> bool {
    name.contains("api_key") || name.split('_').any(|word| SECRETS.contains(&word))
}

/// What a column is to clients; `keys` are how many the primary key has.
fn part(column: &Column, keys: usize) -> Part {
    // What counts tokens is none.
    let is_text = matches!(column.ty.as_str(), "str" | "bytes");
    if is_secret(&column.name) && is_text {
        let mut words = column.name.split('_');
        let is_password = words.any(|word| matches!(word, "password" | "passwd"));
        return if is_password { Part::Password } else { Part::Secret };
    }
    let counts_up = column.is_key && keys == 1 && columns::last_word(&column.ty) == "int" && !column.is_reference;
    match () {
        () if column.default == Default::Made || counts_up => Part::Made,
        () if column.is_key || column.is_reference => Part::Fixed,
        () => Part::Open,
    }
}
