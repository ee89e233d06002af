//! *Add model*: the table of a schema family, with a key, when a row was made, and the columns that the schemas' fields take.

mod columns;

use crate::{
    About, Plan, Refusal, ScaffoldRequest, Site, database,
    draft::Draft,
    endpoint::stem,
    ground::Layer,
    layout::{Layout, Noun},
    migration::{self, Migration, TableModel},
    offers::Offer,
    resolve,
    router::shown,
    schema_names::{self, SchemaUse},
    skeleton, template,
    terms::Terms,
};
use base::{FileId, Span};
use columns::{Column, Outcome};
use minijinja::context;
use model::{Field, Schema, SchemaKind};
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, sync::Arc};
use style::{Source, words};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "model",
    command: "add model FILE:SCHEMA",
    summary: "Add a model: the table of what clients send and get, with a key and timestamps",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** a table of SQLAlchemy or SQLModel for the schemas of one thing: `BookCreate` names the family, and what `BookBase`,
`BookUpdate` and `BookRead` have besides is in it too. Limits of fields become those of columns (`max_length` a `String`, `max_digits` and
`decimal_places` a `Numeric`), a choice stays one, an `email` is unique, lists and dictionaries of plain values are JSON. A secret is never
stored: the column of a `password` is `hashed_password`. Key and timestamps are those that the project's tables have. Where
Alembic is set up, a revision makes the table.

**Takes from the project** the base of its tables and how they declare columns, the type of keys, and the module that models belong in.

**Leaves alone** a model of that name that is there. What no column holds, such as a schema within the schema, is left out and said.
"#;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelRequest {
    /// The module of the schema, absolute or below the project's folder.
    pub file: PathBuf,
    /// The schema's class; the module's first one where left out.
    #[serde(default)]
    pub schema: Option<String>,
}

/// Names that every table has, or that SQLAlchemy's classes take for themselves.
const OWN: [&str; 5] = ["id", "created_at", "updated_at", "metadata", "registry"];

/// The offer for the schema on whose head a selection stands, where its family has no table.
pub(crate) fn offer(site: &Site<'_>, source: &Source, selection: Span, below: &str) -> Option<Offer> {
    let ctx = &site.ctx;
    let line = Span::new(source.line_start(selection.start), source.line_end(selection.start));
    let schema = ctx.model.schemas.iter().find(|schema| {
        let at = || source.spans.expr(schema.def.unit, schema.def.expr);
        is_schema(schema) && schema.def.file == source.file && line.contains(at())
    })?;
    let class = stem(&schema.name);
    let has_table = ctx.model.table(class).is_some();
    let noun = Noun::read(&words::snake(class)).ok()?;
    let ground = site.known_ground();
    let is_possible = !has_table && noun.class == class && !schema.incomplete && ground.app.is_some();
    let at = ctx.files.path(schema.def.file);
    let path = ground.layers.place_beside(&at, Layer::Models, &noun.one, &noun.many);
    let is_clash = *schema.name == *class && *ctx.files.path(schema.def.file) == *path;
    // A module that nothing imports yet is not in the model.
    let declares = |text: Arc<str>| text.contains(&format!("class {class}("));
    let stands = || site.disk.text(&path).is_some_and(declares);
    (is_possible && !is_clash && !stands() && !schema.fields.is_empty()).then(|| Offer {
        title: format!("Add the table of `{}`", schema.name),
        request: ScaffoldRequest::Model(ModelRequest {
            file: PathBuf::from(below),
            schema: Some(schema.name.to_string()),
        }),
        command: format!("routewright add model {below}:{}", schema.name),
        makes_files: true,
    })
}

fn is_schema(schema: &Schema) -> bool {
    let is_data = matches!(
        schema.kind,
        SchemaKind::Pydantic | SchemaKind::PydanticV1 | SchemaKind::SqlModel
    );
    is_data && schema.table.is_none() && schema.type_parameters.is_empty()
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where there is no such schema, or no table can be made of it.
pub fn build(site: &Site<'_>, request: &ModelRequest) -> Result<Plan, Refusal> {
    let path = site.root.join(&request.file);
    let file = site.disk.file(&path);
    let mut own = site.ctx.model.schemas.iter().filter(|schema| schema.def.file == file);
    let wanted = request.schema.as_deref();
    let schema = own
        .find(|schema| is_schema(schema) && wanted.is_none_or(|wanted| *schema.name == *wanted))
        .ok_or_else(|| {
            Refusal::UnknownSchema(wanted.unwrap_or_else(|| request.file.to_str().unwrap_or("")).to_owned())
        })?;
    if schema.incomplete {
        return Err(Refusal::NoTable(
            schema.name.to_string(),
            "a class that it inherits from is not known".to_owned(),
        ));
    }
    let noun = Noun::read(&words::snake(stem(&schema.name)))?;
    let mut draft = Draft::new(*site);
    let summary = format!("Add model {}", noun.class);
    if let Some(known) = table_named(site, &noun.class) {
        let at = shown(site.root, &site.ctx.files.path(known.def.file));
        draft.note(format!("`{}` is there already, in {at}", noun.class));
        return draft.finish(summary);
    }
    let ground = database::provide(&mut draft, Arc::unwrap_or_clone(site.ground()))?;
    if ground.is_new() {
        skeleton::ensure(&mut draft, &Layout::of(site))?;
    }
    let mut terms = Terms::of(site, &ground)?;
    let at = site.ctx.files.path(schema.def.file);
    let target = ground.layers.place_beside(&at, Layer::Models, &noun.one, &noun.many);
    if *schema.name == *noun.class && *site.ctx.files.path(schema.def.file) == *target {
        return Err(Refusal::Clash(noun.class, shown(site.root, &target)));
    }
    let is_aware = |field: &Field| field.ty.as_ref().is_some_and(|ty| ty.display.contains("AwareDatetime"));
    if schema.fields.iter().any(is_aware) {
        terms.provide_moment(&mut draft, &ground, &target)?;
    }
    let columns = read(site, &mut draft, schema, &noun, terms.moment());
    if columns.is_empty() {
        return Err(Refusal::NoTable(
            schema.name.to_string(),
            "no column holds any of its fields".to_owned(),
        ));
    }
    let is_sqlmodel = terms.is_sqlmodel();
    let named = columns.iter().filter_map(|column| column.named.as_ref());
    let own = context! {
        imports => terms.imports(),
        one => noun.one,
        many => noun.many,
        class => noun.class,
        columns => columns,
        named => named.filter_map(|(file, name)| import_of(site, *file, name)).collect::<Vec<_>>(),
        is_classic => !is_sqlmodel && is_classic(site),
    };
    let text = template::render("table/model.py", context! { ..own, ..terms.values() })?;
    let reused = draft.module(&target, &ground.written(&text)?, &ground.format)?;
    draft.note_reuse(&target, &reused);
    let lower = noun.class.to_lowercase();
    let tables = [TableModel {
        path: &target,
        module: &ground.dotted(&target),
        class: &noun.class,
        table: if is_sqlmodel { &lower } else { &noun.many },
    }];
    migration::make_known(&mut draft, &tables, &ground.format)?;
    let migration = Migration {
        message: &format!("add {}", words::spoken(&noun.many)),
        tables: &tables,
        columns: None,
    };
    migration::write(&mut draft, &migration, &ground.format)?;
    draft.finish(summary)
}

fn table_named<'s>(site: &'s Site<'_>, class: &str) -> Option<&'s Schema> {
    site.ctx.model.table(class)
}

/// The columns of a family: the fields of what creates one, then those that only others of it have.
fn read(site: &Site<'_>, draft: &mut Draft<'_>, schema: &Schema, noun: &Noun, moment: &str) -> Vec<Column> {
    let of_use = |purpose| {
        let names = schema_names::candidates(&site.ctx, purpose, &noun.class);
        names.into_iter().find_map(|name| {
            let mut all = site.ctx.model.schemas.iter();
            all.find(|known| is_schema(known) && !known.incomplete && *known.name == *name)
        })
    };
    // What creates one says best what has to be there.
    let family = [
        of_use(SchemaUse::Create),
        Some(schema),
        of_use(SchemaUse::Read),
        of_use(SchemaUse::Update),
    ];
    let mut seen: Vec<&str> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    let fields = family.into_iter().flatten().flat_map(|schema| &schema.fields);
    for field in fields {
        let name = &*field.name;
        if seen.contains(&name) || OWN.contains(&name) || field.is_relationship || name.starts_with('_') {
            continue;
        }
        seen.push(name);
        match columns::of_field(site, field, moment) {
            Outcome::Column(column) if columns.iter().any(|known| known.name == column.name) => {}
            Outcome::Column(column) => columns.push(column),
            Outcome::Left(why) => draft.note(format!("`{name}` has no column: {why}")),
        }
    }
    for column in columns.iter().filter(|column| column.name.starts_with("hashed_")) {
        draft.note(format!(
            "`{}` takes a hash: what is sent is never stored as it is",
            column.name
        ));
    }
    columns
}

/// Whether the project's tables declare columns without annotations.
fn is_classic(site: &Site<'_>) -> bool {
    let tables = site.ctx.model.tables().filter(|schema| {
        let is_own = site.ctx.files.path(schema.def.file).starts_with(site.root);
        is_own && schema.kind == SchemaKind::SqlAlchemy
    });
    let texts: Vec<Arc<str>> = tables.map(|schema| site.ctx.files.text(schema.def.file)).collect();
    let is_annotated = texts
        .iter()
        .any(|text| text.contains("mapped_column(") || text.contains("Mapped["));
    !is_annotated && texts.iter().any(|text| text.contains("= Column("))
}

/// The import of a class that a module names.
fn import_of(site: &Site<'_>, file: FileId, dotted: &str) -> Option<String> {
    let name = dotted.split('.').next().unwrap_or(dotted);
    let facts = site.ctx.facts(file)?;
    Some(match resolve::binding(&site.ctx, file, &facts, name)? {
        resolve::Binding::Module(module) => format!("import {module}"),
        resolve::Binding::Member(module, member) if member == name => format!("from {module} import {name}"),
        resolve::Binding::Member(module, member) => format!("from {module} import {member} as {name}"),
        _ => format!("from {} import {name}", site.ctx.modules.module_name(file)),
    })
}
