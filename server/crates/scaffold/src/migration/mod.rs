//! A revision of Alembic for what a change adds to the database, where Alembic is set up: tables, and columns of one.
//!
//! Both are read from the models' classes and the classes that they inherit from, as they will be; how a revision is
//! written is taken from the newest one. What can't be told for certain is left to `alembic revision --autogenerate`, and
//! said: a revision that is half right is worse than none.

mod columns;
mod known;
mod operations;
mod place;
mod revisions;

use crate::{
    Refusal,
    draft::{Draft, python},
};
use columns::Table;
pub(crate) use known::make_known;
use operations::Additions;
use place::Place;
use revisions::Revisions;
use std::path::Path;
use style::Format;

/// Why no revision is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct Unclear(String);

fn unclear<T>(why: impl Into<String>) -> Result<T, Unclear> {
    Err(Unclear(why.into()))
}

/// A model of the project, as it will be.
#[derive(Clone, Copy)]
pub(crate) struct TableModel<'a> {
    /// The module of its class.
    pub(crate) path: &'a Path,
    /// That module's dotted name.
    pub(crate) module: &'a str,
    pub(crate) class: &'a str,
    /// The table's name, where the class does not spell it out itself.
    pub(crate) table: &'a str,
}

/// What a change adds to the database.
pub(crate) struct Migration<'a> {
    /// What the revision does, in prose: `add order lines`.
    pub(crate) message: &'a str,
    /// Models that have no table yet, those that others refer to first.
    pub(crate) tables: &'a [TableModel<'a>],
    /// A model that has one, and the attributes of its new columns.
    pub(crate) columns: Option<(TableModel<'a>, Vec<&'a str>)>,
}

/// Adds the revision; a note where there is none to be made, or it can't be told how.
///
/// # Errors
/// Where the revision would be no Python.
pub(crate) fn write(draft: &mut Draft<'_>, migration: &Migration<'_>, format: &Format) -> Result<(), Refusal> {
    let Some(revisions) = Revisions::of(&draft.site) else {
        return Ok(());
    };
    match revision(draft, &revisions, migration) {
        Ok(Some(revision)) => {
            let text = python::format(&revision.text, format)
                .map_err(|problem| Refusal::Template(revision.path.display().to_string(), problem))?;
            draft.text(&revision.path, |_| text.replace('\n', format.eol));
            Ok(())
        }
        Ok(None) => {
            let made: Vec<String> = migration
                .tables
                .iter()
                .map(|model| format!("`{}`", model.class))
                .collect();
            if !made.is_empty() {
                draft.note(format!("a migration makes the table of {} already", made.join(" and ")));
            }
            Ok(())
        }
        Err(Unclear(why)) => {
            draft.note(format!(
                "no migration was written, as {why}: run `alembic revision --autogenerate -m \"{}\"`",
                migration.message
            ));
            Ok(())
        }
    }
}

/// The new revision; nothing where those that are there do all of it.
fn revision(
    draft: &Draft<'_>,
    revisions: &Revisions,
    migration: &Migration<'_>,
) -> Result<Option<revisions::NewRevision>, Unclear> {
    let table = |model: &TableModel<'_>| Table::of(draft, &Place::new(model.path, model.module), model);
    let mut additions = Additions {
        is_batch: revisions.are_batches(&draft.site),
        ..Additions::default()
    };
    for model in migration.tables {
        let table = table(model)?;
        if !revisions.make(&table.name) {
            additions.tables.push(table);
        }
    }
    if let Some((model, attributes)) = &migration.columns
        && !attributes.is_empty()
    {
        additions.columns = Some(table(model)?.only(attributes)?);
    }
    if additions.are_none() {
        return Ok(None);
    }
    revisions
        .next(migration.message, draft.site.disk.now(), &operations::of(&additions))
        .map(Some)
}
