//! Parsing of texts.

use ropey::Rope;
use std::cell::RefCell;
use tree_sitter::{Language, Node, Parser, Point, Tree};

/// Texts longer than this, in bytes, are not parsed: at 3 ms for 1,000 lines a keystroke would be felt.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The Python grammar.
#[must_use]
pub fn language() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

/// Parses `text`; any text has a tree. A lone carriage return ends a line, as it does for Python, though not for the
/// grammar.
#[must_use]
pub fn parse(text: &str) -> Tree {
    if has_lone_return(text) {
        let text = with_line_feeds(text);
        return run(|parser| parser.parse(&text, None));
    }
    run(|parser| parser.parse(text, None))
}

/// Errors of one text that are told: one that has more is no Python.
const ERRORS: usize = 64;

/// Where text stands that is not as the grammar has it, in bytes, in order.
#[must_use]
pub fn errors(tree: &Tree) -> Vec<u32> {
    let mut found = Vec::new();
    let mut pending = vec![tree.root_node()];
    while let Some(node) = pending.pop() {
        if found.len() == ERRORS {
            break;
        }
        let mut cursor = node.walk();
        let mut inner: Vec<_> = node.children(&mut cursor).filter(Node::has_error).collect();
        if node.is_error() || node.is_missing() || node.has_error() && inner.is_empty() {
            found.extend(u32::try_from(node.start_byte()));
        } else {
            inner.reverse();
            pending.append(&mut inner);
        }
    }
    found
}

/// Parses a rope, reusing what an edited tree of its predecessor has in common with it. A rope without lone carriage
/// returns is not copied.
pub(crate) fn parse_rope(rope: &Rope, old: Option<&Tree>) -> Tree {
    if rope_has_lone_return(rope) {
        return parse(&rope.to_string());
    }
    let mut read = |byte: usize, _: Point| -> &[u8] {
        if byte >= rope.len_bytes() {
            return &[];
        }
        let (chunk, start, ..) = rope.chunk_at_byte(byte);
        chunk.as_bytes().get(byte - start..).unwrap_or(&[])
    };
    run(|parser| parser.parse_with_options(&mut read, old, None))
}

/// Whether a carriage return ends a line alone; a rope's chunks never part it from its line feed.
pub(crate) fn rope_has_lone_return(rope: &Rope) -> bool {
    rope.chunks().any(has_lone_return)
}

fn has_lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// Writes lone carriage returns as line feeds; every byte keeps its place.
fn with_line_feeds(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut result = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        let is_lone = c == '\r' && rest.peek() != Some(&'\n');
        result.push(if is_lone { '\n' } else { c });
    }
    result
}

thread_local! {
    /// A thread's parser: its stacks and pools serve one text after another.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

fn run(parse: impl FnOnce(&mut Parser) -> Option<Tree>) -> Tree {
    let tree = PARSER.with_borrow_mut(|parser| match parser.language() {
        Some(_) => parse(parser),
        None => parser.set_language(&language()).ok().and_then(|()| parse(parser)),
    });
    let Some(tree) = tree else {
        unreachable!("the grammar is compiled in and a parse is never cancelled");
    };
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_carriage_return_ends_a_line() {
        let lines = |text: &str| parse(text).root_node().child_count();
        assert_eq!(lines("x = 1\ry = 2\r\nz = 3\n"), 3);
        assert_eq!(with_line_feeds("a\rb\r\n\r"), "a\nb\r\n\n");
    }
}
