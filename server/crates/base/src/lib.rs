//! File ids, byte spans, line and column conversion, text edits: the ground every other room stands on.

mod change;
mod line_index;
mod span;

pub use change::{FileEdit, SourceChange, TextEdit, TextFileEdit};
pub use line_index::{LineCol, LineIndex, PositionEncoding};
pub use span::{FileId, Span};
