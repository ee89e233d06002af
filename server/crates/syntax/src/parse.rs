//! Parsing of texts.

use ropey::Rope;
use tree_sitter::{Language, Parser, Point, Tree};

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
    run(|parser| parser.parse(text, None))
}

/// Parses a rope without copying it.
pub(crate) fn parse_rope(rope: &Rope, old: Option<&Tree>) -> Tree {
    let mut read = |byte: usize, _: Point| -> &[u8] {
        if byte >= rope.len_bytes() {
            return &[];
        }
        let (chunk, start, ..) = rope.chunk_at_byte(byte);
        chunk.as_bytes().get(byte - start..).unwrap_or(&[])
    };
    run(|parser| parser.parse_with_options(&mut read, old, None))
}

fn run(parse: impl FnOnce(&mut Parser) -> Option<Tree>) -> Tree {
    let mut parser = Parser::new();
    let tree = match parser.set_language(&language()) {
        Ok(()) => parse(&mut parser),
        Err(_) => None,
    };
    let Some(tree) = tree else {
        unreachable!("the grammar is compiled in and a parse is never cancelled");
    };
    tree
}
