//! What this project looks like: naming, async or sync, Annotated, quotes, indentation, line length.

mod action;
mod format;
mod habits;
mod source;
pub mod walk;
pub mod words;

pub use action::{Action, NamePattern, parameter, split_item};
pub use format::{Format, ImportFormat, eol};
pub use habits::{Evidence, Habit, Habits, ResponseStyle, StatusStyle, last_name};
pub use source::Source;

use base::FileId;
use model::{Files, Model};

/// The line length of ruff and black where the project sets none.
pub const DEFAULT_LINE_LENGTH: usize = 88;

/// How code that is inserted into a file must look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The layout of the file's text.
    pub format: Format,
    /// What its path operations have in common.
    pub habits: Habits,
}

/// Reads the style of `near` and of the project around it. `line_length` is what the project's formatter is told.
#[must_use]
pub fn profile(model: &Model, files: &dyn Files, near: FileId, line_length: Option<usize>) -> Option<Style> {
    let source = Source::read(files, near)?;
    Some(Style {
        format: Format::of(&source, line_length.unwrap_or(DEFAULT_LINE_LENGTH)),
        habits: habits::habits(model, files, near),
    })
}
