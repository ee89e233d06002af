//! *Add resource*: a table, its schemas, what reads and writes it, path operations, their registration and tests.

mod back;
mod examples;
mod fields;
mod fresh;
mod listing;
mod model;
mod ours;
mod relation;
mod sibling;

pub use fields::{FieldKind, FieldSpec, KINDS, Plain};
pub use listing::PageKind;

use fields::Target;
use listing::Asked;
pub(crate) use listing::{Filter, equal, range};
use model::Standing;
pub(crate) use model::{core, declaration_of, is_key_of_another, offered, texts};
pub(crate) use relation::key_limits;
pub(crate) use sibling::MARKS;
use sibling::Sibling;

use crate::{About, Plan, Refusal, Site, draft::Draft, layout::Noun, schemas};
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

A field is `name:kind`, with `!` behind it if no two may have the same, `?` if it may be empty, and `=value` for a default. The
kind may be the class of a model: `author:Author` has a column `author_id` with a foreign key (a row goes with what it refers to,
or, where it may be empty, keeps its place), which clients send. They get what people know the row by along with it, `author: {id,
name}`, read in the same query; what is referred to and isn't there is answered with 404. `Author` gets its `books`, unless the
project's models know of no other side. With `--model MODULE:CLASS` the fields are those of a model of Pydantic, SQLAlchemy or SQLModel; a table is used as it is.

A list is narrowed by choices (enums, booleans) and by what its rows refer to, and sorted by texts, numbers and dates, one allowed
name each: `GET /books?author_id=…&sort=-title`; the total counts what matches. `--filter` and `--sort` name other fields, or
`none`: texts have to be equal, numbers lie between `price_min` and `price_max`, dates between `due_from` and `due_to`. Pages are
those of the project, else by `limit` and `offset`; `--page cursor` gives each page the cursor of the next one, which begins behind
the last row by when that was made and its id.

**Takes from the project** a resource that is there already, as the pattern: each of its files is read, and what is its own is
left out: fields, operations that only it is asked for, what other tables and objects have only for it. Where too much is its own,
the next of the project's resources is the pattern, and where all are so, none is, which is said. What libraries call something keeps its
name. A value that is there already is answered with 409 (`!`), where the pattern has none such too; and where the app or its
tests use SQLite, which keeps no time zone, moments get a column type of their own that does. One that is still as our templates wrote it has nothing of its own: the next one is written by them too. Without one, what is there of settings, session, base of the tables and parent router is built on, and what
is missing is made: a new project gets async SQLAlchemy, UUIDs, a repository, pages, and errors in one shape.

**Leaves alone** every line that is there: imports, registrations and exports are inserted, nothing is overwritten. Names that
are taken, keywords, or hide a builtin are refused, each with its reason.
"#;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceRequest {
    /// What the things are called, in any form: `order_line`, `OrderLine`, `order-lines`; fields may follow.
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
    /// The fields that the list is filtered by; those that are usual where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Vec<String>>,
    /// The fields that the list is sorted by; those that are usual where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Vec<String>>,
    /// How the list is parted; as the project's pages are where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageKind>,
}

impl ResourceRequest {
    fn asked(&self) -> Asked<'_> {
        Asked {
            filter: self.filter.as_deref(),
            sort: self.sort.as_deref(),
            page: self.page,
        }
    }
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where a name or a field can't be, or something is in the way.
pub fn build(site: &Site<'_>, request: &ResourceRequest) -> Result<Plan, Refusal> {
    // One text may say all of it: `book title:str price:decimal`.
    let (told, name): (Vec<&str>, Vec<&str>) = request.name.split_whitespace().partition(|word| word.contains(':'));
    let noun = Noun::read(&name.join("_"))?;
    let asked: Vec<String> = told
        .into_iter()
        .map(str::to_owned)
        .chain(request.fields.iter().cloned())
        .collect();
    let standing = match &request.model {
        Some(named) => Some(Standing::named(site, named)?),
        None => None,
    };
    let fields = match &standing {
        Some(standing) => standing.specs_for(&noun, &asked)?,
        None => {
            let fields = asked.iter().map(|field| fields::read(field));
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
    let wanted = fresh::Wanted {
        noun: &noun,
        specs: &fields,
        is_soft: request.soft_delete,
        asked: request.asked(),
        standing: standing.as_ref(),
    };
    let summary = format!("Add resource {}", noun.one);
    if sibling::is_whole(site, &noun) {
        let mut draft = Draft::new(*site);
        draft.note(format!(
            "the project has {} already: a table, and path operations that create and read",
            style::words::spoken(&noun.many)
        ));
        return draft.finish(summary);
    }
    add(site, wanted, &summary)
}

/// How many resources of the project are tried as patterns.
const PATTERNS: usize = 3;

/// Adds it like the one that the project has, or by our templates. One that is no pattern, as too much of it is its own, makes
/// room for the next, and is told where no other is one.
fn add(site: &Site<'_>, wanted: fresh::Wanted<'_>, summary: &str) -> Result<Plan, Refusal> {
    let mut refused = None;
    for sibling in sibling::candidates(site, wanted.noun).take(PATTERNS) {
        let mut draft = Draft::new(*site);
        let done = add_like(&mut draft, wanted, &sibling).and_then(|()| draft.finish(summary.to_owned()));
        match done {
            // What a pattern can't be is said rather than where a name of the next one clashes.
            Err(refusal @ Refusal::ItsOwn(..)) if !matches!(refused, Some(Refusal::ItsOwn(..))) => {
                refused = Some(refusal);
            }
            Err(refusal @ (Refusal::ItsOwn(..) | Refusal::Clash(..))) => {
                refused.get_or_insert(refusal);
            }
            Err(refusal) => return Err(refused.unwrap_or(refusal)),
            done => return done,
        }
    }
    let mut draft = Draft::new(*site);
    match refused {
        None => {}
        Some(refusal @ Refusal::ItsOwn(..)) => draft.note(refusal.to_string()),
        Some(refusal) => return Err(refusal),
    }
    fresh::add(&mut draft, &wanted)?;
    draft.finish(summary.to_owned())
}

/// Adds it like one that the project has.
fn add_like(draft: &mut Draft<'_>, mut wanted: fresh::Wanted<'_>, sibling: &Sibling<'_>) -> Result<(), Refusal> {
    let site = draft.site;
    let Some(ours) = ours::of(&site, &site.ground(), sibling) else {
        return sibling::add(draft, &wanted, sibling);
    };
    wanted.is_soft |= ours.is_soft;
    wanted.asked.page = wanted.asked.page.or(Some(ours.page));
    fresh::add(draft, &wanted)
}

/// The model that a reference leads to.
fn target(site: &Site<'_>, field: &str, class: &str) -> Result<Target, Refusal> {
    let refuse = |why: String| Refusal::BadField(format!("{field}:{class}"), why);
    let schema = site
        .ctx
        .model
        .table(class)
        .ok_or_else(|| refuse(format!("there is no model `{class}` with a table")))?;
    let mut keys = schemas::keys(&site.ctx, schema);
    let is_whole = keys.len() < 2;
    let (table_key, key_type) = match (keys.pop(), is_whole) {
        (Some(key), true) => key,
        (Some(_), false) => schemas::unique_key(&site.ctx, schema).ok_or_else(|| {
            refuse(format!(
                "the key of `{class}` has several columns, and none is unique by itself"
            ))
        })?,
        (None, _) => {
            let id = schema.fields.iter().find(|field| &*field.name == "id");
            let ty = id.map(|id| core(&site.ctx, id)).filter(|ty| !ty.is_empty());
            (
                "id".to_owned(),
                ty.ok_or_else(|| refuse(format!("`{class}` has no key")))?,
            )
        }
    };
    Ok(Target {
        class: class.to_owned(),
        one: style::words::snake(class),
        module: schema.module.to_string(),
        table: schema.table.as_deref().unwrap_or_default().to_owned(),
        table_key,
        key_type,
        is_whole,
    })
}
