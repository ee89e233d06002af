//! Parsing of whole texts.

use tree_sitter::{Language, Parser, Tree};

/// Texts longer than this, in bytes, are not parsed: at 3 ms for 1,000 lines a keystroke would be felt.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The Python grammar.
#[must_use]
pub fn language() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

/// Parses `text`; any text has a tree.
#[must_use]
pub fn parse(text: &str) -> Tree {
    reparse(text, None)
}

/// Parses `text`, reusing what an edited tree of its predecessor has in common with it.
pub(crate) fn reparse(text: &str, old: Option<&Tree>) -> Tree {
    let mut parser = Parser::new();
    let tree = match parser.set_language(&language()) {
        Ok(()) => parser.parse(text, old),
        Err(_) => None,
    };
    let Some(tree) = tree else {
        unreachable!("the grammar is compiled in and a parse is never cancelled");
    };
    tree
}
