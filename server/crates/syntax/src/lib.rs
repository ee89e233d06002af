//! Text and tree: ropes, incremental tree-sitter parsing, typed access to Python nodes. No I/O.

mod document;
mod kind;
mod parse;

pub use document::{ChangeNote, ContentChange, Document};
pub use kind::{Field, Kind};
pub use parse::{MAX_BYTES, errors, language, parse};
pub use tree_sitter::{Node, Tree, TreeCursor};
