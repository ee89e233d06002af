//! Text and tree: ropes, incremental tree-sitter parsing, typed access to Python nodes. No I/O.

pub use tree_sitter::{Node, Tree};
