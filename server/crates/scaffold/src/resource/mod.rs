//! *Add resource*: a table, its schemas, what reads and writes it, path operations, their registration and tests.

mod fields;
mod fresh;
mod model;
mod sibling;

pub use fields::{FieldKind, FieldSpec, KINDS, Plain};

use fields::Target;
use model::Standing;
pub(crate) use model::offered;

use crate::{About, Plan, Refusal, Site, draft::Draft, layout::Noun};
use serde::{Deserialize, Serialize};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "resource",
    command: "add resource NAME FIELD…",
    summary: "Add a resource: table, schemas, repository, path operations, registration and tests",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** all layers that the project has for its resources: the table, its schemas, what reads and writes it (repository, crud
module or service), path operations, their registration, tests, and where Alembic is set up, a revision.

With `--soft-delete` what is deleted is marked with `deleted_at` and served no more. A project that has a resource to go by
deletes like that one: one that deletes for good is no pattern for it, which is said.

A field is `name:kind`, with `!` behind it if no two may have the same, `?` if it may be empty, and `=value` for a default. With
`--model MODULE:CLASS` the fields are those of a model of Pydantic, SQLAlchemy or SQLModel; a table is used as it is.

**Takes from the project** a resource that is there already, as the pattern: each of its files is read, and what is its own is
left out. Without one, what is there of settings, session, base of the tables and parent router is built on, and what
is missing is made: a new project gets async SQLAlchemy, UUIDs, a repository, pages, and errors in one shape.

**Leaves alone** every line that is there: imports, registrations and exports are inserted, nothing is overwritten. Names that
are taken, keywords, or hide a builtin are refused, each with its reason.
"#;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceRequest {
    /// What the things are called, in any form: `order_line`, `OrderLine`, `order-lines`.
    pub name: String,
    /// Their fields, as [`fields`] describes.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Whether what is deleted stays in the database, marked with when that was.
    #[serde(default)]
    pub soft_delete: bool,
    /// Instead of fields, a model of the project that has them, as `module:Class`. A table is used as it is.
    #[serde(default)]
    pub model: Option<String>,
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where a name or a field can't be, or something is in the way.
pub fn build(site: &Site<'_>, request: &ResourceRequest) -> Result<Plan, Refusal> {
    let noun = Noun::read(&request.name)?;
    let standing = match &request.model {
        Some(named) => Some(Standing::named(site, named)?),
        None => None,
    };
    let fields = match &standing {
        Some(standing) => standing.specs_for(&noun, &request.fields)?,
        None => {
            let fields = request.fields.iter().map(|field| fields::read(field));
            fields.collect::<Result<Vec<_>, _>>()?
        }
    };
    if let Some(field) = fields
        .iter()
        .find(|field| request.soft_delete && field.name == "deleted_at")
    {
        let why = "`--soft-delete` brings it".to_owned();
        return Err(Refusal::BadField(field.name.clone(), why));
    }
    let standing = standing.as_ref();
    let mut draft = Draft::new(*site);
    if sibling::is_whole(site, &noun) {
        draft.note(format!(
            "the project has {} already: a table, and path operations that create and read",
            style::words::spoken(&noun.many)
        ));
    } else if !sibling::add(&mut draft, &noun, &fields, request.soft_delete, standing)? {
        fresh::add(&mut draft, &noun, &fields, request.soft_delete, standing)?;
    }
    draft.finish(format!("Add resource {}", noun.one))
}

/// The model that a reference leads to.
fn target(site: &Site<'_>, field: &str, class: &str) -> Result<Target, Refusal> {
    let refuse = |why: String| Refusal::BadField(format!("{field}:{class}"), why);
    let schema = site
        .ctx
        .model
        .schemas
        .iter()
        .find(|schema| &*schema.name == class && schema.table.is_some())
        .ok_or_else(|| refuse(format!("there is no model `{class}` with a table")))?;
    let key = schema.fields.iter().find(|field| &*field.name == "id");
    let key = key
        .and_then(|key| key.ty.as_ref())
        .ok_or_else(|| refuse(format!("`{class}` has no key `id`")))?;
    let core = key.display.trim_start_matches("Mapped[").trim_end_matches(']');
    let core = core
        .split('|')
        .map(str::trim)
        .find(|part| *part != "None")
        .unwrap_or(core);
    Ok(Target {
        class: class.to_owned(),
        one: style::words::snake(class),
        module: schema.module.to_string(),
        table: schema.table.as_deref().unwrap_or_default().to_owned(),
        key_type: core.to_owned(),
    })
}
