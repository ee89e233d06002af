//! A revision of Alembic that makes the table of a new model, where Alembic is set up.
//!
//! The columns are read from the model's class and the classes that it inherits from, as they will be; how a revision is
//! written is taken from the newest one. What can't be told for certain is left to `alembic revision --autogenerate`, and
//! said: a revision that is half right is worse than none.

mod columns;
mod operations;
mod place;
mod revisions;

use crate::{
    Refusal,
    draft::{Draft, python},
};
use columns::Table;
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

/// A model that has no table in the database yet.
pub(crate) struct NewModel<'a> {
    /// The module of its class.
    pub(crate) path: &'a Path,
    /// That module's dotted name.
    pub(crate) module: &'a str,
    pub(crate) class: &'a str,
    /// The table's name, where the class does not spell it out itself.
    pub(crate) table: &'a str,
    /// What its rows are called, in prose: `order lines`.
    pub(crate) plural: &'a str,
}

/// Adds the revision that makes the table; a note where there is none to be made, or it can't be told how.
///
/// # Errors
/// Where the revision would be no Python.
pub(crate) fn create_table(draft: &mut Draft<'_>, model: &NewModel<'_>, format: &Format) -> Result<(), Refusal> {
    let Some(revisions) = Revisions::of(&draft.site) else {
        return Ok(());
    };
    match revision(draft, &revisions, model) {
        Ok(Some(revision)) => {
            let text = python::format(&revision.text, format)
                .map_err(|problem| Refusal::Template(revision.path.display().to_string(), problem))?;
            draft.text(&revision.path, |_| text.replace('\n', format.eol));
            Ok(())
        }
        Ok(None) => {
            draft.note(format!("a migration makes the table of `{}` already", model.class));
            Ok(())
        }
        Err(Unclear(why)) => {
            draft.note(format!(
                "no migration was written, as {why}: run `alembic revision --autogenerate -m \"add {}\"`",
                model.plural
            ));
            Ok(())
        }
    }
}

/// The new revision; nothing where one that is there makes the table.
fn revision(
    draft: &Draft<'_>,
    revisions: &Revisions,
    model: &NewModel<'_>,
) -> Result<Option<revisions::NewRevision>, Unclear> {
    let place = Place::new(model.path, model.module);
    let table = Table::of(draft, &place, model)?;
    if revisions.make(&table.name) {
        return Ok(None);
    }
    let message = format!("add {}", model.plural);
    revisions
        .next(&message, draft.site.disk.now(), &operations::of(&table))
        .map(Some)
}
