//! What this project looks like: naming, async or sync, Annotated, quotes, indentation, line length; and what is set of it.

mod action;
mod census;
mod format;
mod habits;
mod preferences;
mod source;
pub mod walk;
pub mod words;

pub use action::{Action, NamePattern, parameter, split_item};
pub use census::Census;
pub use format::{Format, ImportFormat, eol};
pub use habits::{Evidence, Habit, Habits, ResponseStyle, StatusStyle, Votes, habits, last_name};
pub use preferences::{IdType, Member, NotFound, Preferences, Shape, TestStyle};
pub use source::Source;

use base::FileId;
use model::Files;

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

/// Reads the style of `near` and of the project around it, whose files `is_own` knows. `line_length` is what the project's
/// formatter is told; what is `set` goes before what is read.
#[must_use]
pub fn profile(
    census: &Census,
    files: &dyn Files,
    near: FileId,
    is_own: &dyn Fn(FileId) -> bool,
    line_length: Option<usize>,
    set: &Preferences,
) -> Option<Style> {
    let source = Source::read(files, near)?;
    Some(Style {
        format: Format::of(&source, line_length.unwrap_or(DEFAULT_LINE_LENGTH), set),
        habits: habits(census, Some(near), is_own, set),
    })
}
