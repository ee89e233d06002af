//! An open document: its text as a rope, its tree, and the edits of a client applied to both.

use crate::parse::{MAX_BYTES, parse, parse_rope, rope_has_lone_return};
use base::{LineCol, PositionEncoding};
use ropey::Rope;
use std::fmt;
use std::sync::{Arc, OnceLock};
use tree_sitter::{InputEdit, Point, Tree};

/// One event of `textDocument/didChange` (LSP 3.17, `TextDocumentContentChangeEvent`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentChange {
    /// What is replaced, as start and end; without it, the whole text is.
    pub range: Option<(LineCol, LineCol)>,
    /// What stands there afterwards.
    pub text: String,
}

/// What was odd about a change. The change was applied nevertheless; the caller should log it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeNote {
    /// A position behind the end of its line or of the text was moved there (LSP 3.17, `Position`).
    Clamped(LineCol),
    /// The range's end lay before its start; they were swapped.
    Reversed,
    /// The text is now longer than [`MAX_BYTES`] and is not parsed.
    TooLarge,
}

impl fmt::Display for ChangeNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clamped(at) => write!(
                f,
                "position {}:{} lies outside the text and was clamped",
                at.line, at.col
            ),
            Self::Reversed => f.write_str("a range ends before it starts and was swapped"),
            Self::TooLarge => write!(f, "the text is longer than {MAX_BYTES} bytes and is not parsed"),
        }
    }
}

/// A text and its tree, kept in step. A clone is cheap and shares both.
#[derive(Clone, Debug)]
pub struct Document {
    rope: Rope,
    tree: Tree,
    /// Whether the tree is that of the text and not of an empty one.
    parsed: bool,
    /// Whether the tree was made of the text byte by byte, without lone carriage returns.
    plain: bool,
    text: OnceLock<Arc<str>>,
}

impl Document {
    /// Opens a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let parsed = text.len() <= MAX_BYTES;
        let rope = Rope::from_str(text);
        Self {
            plain: !rope_has_lone_return(&rope),
            rope,
            tree: parse(if parsed { text } else { "" }),
            parsed,
            text: OnceLock::from(Arc::from(text)),
        }
    }

    /// The whole text; made at most once between two changes.
    #[must_use]
    pub fn text(&self) -> Arc<str> {
        Arc::clone(self.text.get_or_init(|| Arc::from(self.rope.to_string())))
    }

    /// The tree of the text; of an opaque text, an empty module.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether the text is longer than [`MAX_BYTES`] and therefore not parsed.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        !self.parsed
    }

    /// Whether the tree has errors or missing tokens.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.tree.root_node().has_error()
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Applies changes in their order, each to the result of the one before (LSP 3.17, `DidChangeTextDocumentParams`),
    /// and reparses once.
    pub fn apply(&mut self, changes: &[ContentChange], encoding: PositionEncoding) -> Vec<ChangeNote> {
        let mut notes = Vec::new();
        for change in changes {
            match change.range {
                Some((start, end)) => {
                    let (start, end) = self.char_range(start, end, encoding, &mut notes);
                    self.replace(start, end, &change.text);
                }
                None => self.replace_all(&change.text),
            }
        }
        if changes.is_empty() {
            return notes;
        }
        self.text = OnceLock::new();
        self.reparse(&mut notes);
        notes
    }

    /// Parses the text anew. After edits that leave errors, a tree that was edited can differ from a fresh one, so this
    /// is due before facts are taken from a tree with errors.
    pub fn reparse_fresh(&mut self) {
        if self.parsed {
            self.tree = parse_rope(&self.rope, None);
        }
    }

    /// The byte offset of a position, clamped to its line and to the text.
    #[must_use]
    pub fn offset(&self, position: LineCol, encoding: PositionEncoding) -> u32 {
        self.rope.char_to_byte(self.char_at(position, encoding).0) as u32
    }

    /// The position of a byte offset; inside a character, of its start.
    #[must_use]
    pub fn line_col(&self, offset: u32, encoding: PositionEncoding) -> LineCol {
        let char = self.rope.byte_to_char((offset as usize).min(self.len()));
        let line = self.rope.char_to_line(char);
        let start = self.rope.line_to_char(line);
        let col = match encoding {
            PositionEncoding::Utf8 => self.rope.char_to_byte(char) - self.rope.char_to_byte(start),
            PositionEncoding::Utf16 => self.rope.char_to_utf16_cu(char) - self.rope.char_to_utf16_cu(start),
            PositionEncoding::Utf32 => char - start,
        };
        LineCol {
            line: line as u32,
            col: col as u32,
        }
    }

    fn char_range(
        &self,
        start: LineCol,
        end: LineCol,
        encoding: PositionEncoding,
        notes: &mut Vec<ChangeNote>,
    ) -> (usize, usize) {
        let mut ends = [start, end].map(|position| {
            let (char, clamped) = self.char_at(position, encoding);
            if clamped {
                notes.push(ChangeNote::Clamped(position));
            }
            char
        });
        if ends[0] > ends[1] {
            notes.push(ChangeNote::Reversed);
            ends.reverse();
        }
        (ends[0], ends[1])
    }

    /// The character index of a position, and whether it had to be clamped.
    fn char_at(&self, position: LineCol, encoding: PositionEncoding) -> (usize, bool) {
        let line = position.line as usize;
        if line >= self.rope.len_lines() {
            return (self.rope.len_chars(), true);
        }
        let start = self.rope.line_to_char(line);
        let end = self.line_end(line);
        let col = position.col as usize;
        let width = match encoding {
            PositionEncoding::Utf8 => self.rope.char_to_byte(end) - self.rope.char_to_byte(start),
            PositionEncoding::Utf16 => self.rope.char_to_utf16_cu(end) - self.rope.char_to_utf16_cu(start),
            PositionEncoding::Utf32 => end - start,
        };
        if col >= width {
            return (end, col > width);
        }
        let char = match encoding {
            PositionEncoding::Utf8 => self.rope.byte_to_char(self.rope.char_to_byte(start) + col),
            PositionEncoding::Utf16 => self.rope.utf16_cu_to_char(self.rope.char_to_utf16_cu(start) + col),
            PositionEncoding::Utf32 => start + col,
        };
        (char, false)
    }

    /// The character index behind a line's last character, its line break not counted.
    fn line_end(&self, line: usize) -> usize {
        let start = self.rope.line_to_char(line);
        let mut end = self.rope.line_to_char(line + 1);
        while end > start && matches!(self.rope.char(end - 1), '\n' | '\r') {
            end -= 1;
        }
        end
    }

    /// Replaces the characters from `start` to `end` in rope and tree.
    fn replace(&mut self, start: usize, end: usize, text: &str) {
        let start_byte = self.rope.char_to_byte(start);
        let old_end_byte = self.rope.char_to_byte(end);
        let start_position = advance(Point::new(0, 0), self.rope.byte_slice(..start_byte).chunks());
        let old = self.rope.byte_slice(start_byte..old_end_byte);
        let edit = InputEdit {
            start_byte,
            old_end_byte,
            new_end_byte: start_byte + text.len(),
            start_position,
            old_end_position: advance(start_position, old.chunks()),
            new_end_position: advance(start_position, std::iter::once(text)),
        };
        self.rope.remove(start..end);
        self.rope.insert(start, text);
        if self.parsed {
            self.tree.edit(&edit);
        }
    }

    /// Replaces the whole text, as an edit of the part that differs: clients that know only full texts type, too.
    fn replace_all(&mut self, text: &str) {
        let same = self.rope.chars().zip(text.chars()).take_while(|(a, b)| a == b).count();
        let old_len = self.rope.len_chars();
        let new_len = text.chars().count();
        let most = old_len.min(new_len) - same;
        let backwards = self.rope.chars_at(old_len).reversed();
        let same_end = backwards
            .zip(text.chars().rev())
            .take(most)
            .take_while(|(a, b)| a == b)
            .count();
        let middle: String = text.chars().skip(same).take(new_len - same - same_end).collect();
        self.replace(same, old_len - same_end, &middle);
    }

    fn reparse(&mut self, notes: &mut Vec<ChangeNote>) {
        let fits = self.len() <= MAX_BYTES;
        if fits {
            // A tree of a text whose line breaks were written otherwise is not one to go on from.
            let is_plain = !rope_has_lone_return(&self.rope);
            let old = (self.parsed && self.plain && is_plain).then_some(&self.tree);
            self.tree = parse_rope(&self.rope, old);
            self.plain = is_plain;
        } else {
            notes.push(ChangeNote::TooLarge);
            self.tree = parse("");
        }
        self.parsed = fits;
    }
}

/// The point behind `chunks` for a text that starts at `from`; tree-sitter's rows end with `\n` alone.
fn advance<'a>(from: Point, chunks: impl Iterator<Item = &'a str>) -> Point {
    let mut point = from;
    for chunk in chunks {
        let bytes = chunk.as_bytes();
        match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                point.row += memchr::memchr_iter(b'\n', bytes).count();
                point.column = bytes.len() - last - 1;
            }
            None => point.column += bytes.len(),
        }
    }
    point
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(line: u32, col: u32) -> LineCol {
        LineCol { line, col }
    }

    fn change(start: (u32, u32), end: (u32, u32), text: &str) -> ContentChange {
        ContentChange {
            range: Some((at(start.0, start.1), at(end.0, end.1))),
            text: text.to_owned(),
        }
    }

    #[track_caller]
    fn check(text: &str, changes: &[ContentChange], encoding: PositionEncoding, expected: &str) -> Vec<ChangeNote> {
        let mut document = Document::new(text);
        let notes = document.apply(changes, encoding);
        assert_eq!(&*document.text(), expected);
        assert_eq!(document.len(), expected.len());
        notes
    }

    #[test]
    fn columns_count_in_the_negotiated_units() {
        let text = "é😀 = 1\n";
        for (encoding, col) in [
            (PositionEncoding::Utf8, 6),
            (PositionEncoding::Utf16, 3),
            (PositionEncoding::Utf32, 2),
        ] {
            let notes = check(text, &[change((0, col), (0, col + 1), "!")], encoding, "é😀!= 1\n");
            assert_eq!(notes, []);
            let document = Document::new(text);
            assert_eq!(document.line_col(6, encoding), at(0, col));
            assert_eq!(document.offset(at(0, col), encoding), 6);
        }
    }

    #[test]
    fn a_column_inside_a_character_is_its_start() {
        check("😀x", &[change((0, 1), (0, 2), "")], PositionEncoding::Utf16, "x");
        check("éx", &[change((0, 1), (0, 2), "")], PositionEncoding::Utf8, "x");
    }

    #[test]
    fn only_the_three_line_breaks_of_the_protocol_break_lines() {
        let text = "a\r\nb\rc\nd\u{c}\u{2028}\u{b}\u{85}e\tf";
        let insert = |line, col| [change((line, col), (line, col), "|")];
        check(
            text,
            &insert(3, 0),
            PositionEncoding::Utf16,
            "a\r\nb\rc\n|d\u{c}\u{2028}\u{b}\u{85}e\tf",
        );
        check(
            text,
            &insert(2, 1),
            PositionEncoding::Utf16,
            "a\r\nb\rc|\nd\u{c}\u{2028}\u{b}\u{85}e\tf",
        );
        // Behind a line's end is before its line break, never between `\r` and `\n`.
        check(
            text,
            &insert(0, 9),
            PositionEncoding::Utf16,
            "a|\r\nb\rc\nd\u{c}\u{2028}\u{b}\u{85}e\tf",
        );
    }

    #[test]
    fn positions_outside_are_clamped_and_noted() {
        let notes = check("ab\n", &[change((9, 9), (9, 9), "x")], PositionEncoding::Utf16, "ab\nx");
        assert_eq!(notes, [ChangeNote::Clamped(at(9, 9)); 2]);
        let notes = check(
            "ab",
            &[change((0, u32::MAX), (0, 1), "x")],
            PositionEncoding::Utf16,
            "ax",
        );
        assert_eq!(notes, [ChangeNote::Clamped(at(0, u32::MAX)), ChangeNote::Reversed]);
    }

    #[test]
    fn a_bom_is_a_character_of_the_first_line() {
        let document = Document::new("\u{feff}x = 1\n");
        assert!(!document.has_error());
        assert_eq!(document.offset(at(0, 1), PositionEncoding::Utf16), 3);
    }

    #[test]
    fn a_lone_carriage_return_can_become_half_of_a_line_break() {
        let mut document = Document::new("x = 1\ry = 2\r");
        assert_eq!(document.tree().root_node().child_count(), 2);
        document.apply(&[change((0, 9), (1, 0), "\r\n")], PositionEncoding::Utf16);
        assert_eq!(&*document.text(), "x = 1\r\ny = 2\r");
        assert_eq!(document.tree().root_node().child_count(), 2);
    }

    #[test]
    fn each_change_sees_the_one_before() {
        check(
            "a\nb\n",
            &[
                change((0, 0), (1, 0), ""),
                change((0, 0), (0, 0), "x\r"),
                ContentChange {
                    range: None,
                    text: "y = 1\n".to_owned(),
                },
                change((0, 0), (0, 1), "zz"),
            ],
            PositionEncoding::Utf16,
            "zz = 1\n",
        );
    }

    #[test]
    fn a_huge_text_is_opaque_until_it_shrinks() {
        let huge = "x = 1\n".repeat(MAX_BYTES / 6 + 1);
        let mut document = Document::new("");
        let full = |text: &str| ContentChange {
            range: None,
            text: text.to_owned(),
        };
        assert_eq!(
            document.apply(&[full(&huge)], PositionEncoding::Utf8),
            [ChangeNote::TooLarge]
        );
        assert!(document.is_opaque());
        assert_eq!(document.tree().root_node().child_count(), 0);
        assert_eq!(document.apply(&[full("x = 1\n")], PositionEncoding::Utf8), []);
        assert!(!document.is_opaque());
        assert_eq!(document.tree().root_node().child_count(), 1);
    }

    fn piece() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "x",
            " = ",
            "1",
            "\n",
            "\r\n",
            "\r",
            "    ",
            "def f():\n    pass\n",
            "(",
            ")",
            "[",
            "]",
            "\"",
            "'''",
            "f\"{",
            "}",
            "#",
            "é",
            "😀",
            "\u{2028}",
            "\u{c}",
            "\\",
            ":",
            ",",
            "@a\n",
            "class A:\n",
            "\t",
            "\u{feff}",
            "\0",
            "if x:\n",
        ])
        .prop_map(str::to_owned)
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(piece(), 0..30).prop_map(|pieces| pieces.concat())
    }

    fn changes() -> impl Strategy<Value = Vec<(u32, u32, u32, u32, String, bool)>> {
        let change = (0..8u32, 0..12u32, 0..8u32, 0..12u32, text(), prop::bool::weighted(0.05));
        prop::collection::vec(change, 1..6)
    }

    proptest! {
        #[test]
        fn edits_give_the_text_and_the_tree_of_a_fresh_document(start in text(), steps in changes(), unit in 0..3u8) {
            let encoding = [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32][unit as usize];
            let mut document = Document::new(&start);
            let mut model = start;
            for (line, col, end_line, end_col, text, whole) in steps {
                let range = (at(line, col), at(end_line, end_col));
                if whole {
                    model.clone_from(&text);
                } else {
                    let index = base::LineIndex::new(&model);
                    let from = index.offset(&model, range.0, encoding) as usize;
                    let to = index.offset(&model, range.1, encoding) as usize;
                    model.replace_range(from.min(to)..from.max(to), &text);
                }
                document.apply(&[ContentChange { range: (!whole).then_some(range), text }], encoding);
                prop_assert_eq!(&*document.text(), model.as_str());
                let fresh = Document::new(&model);
                if !fresh.has_error() {
                    if document.has_error() {
                        document.reparse_fresh();
                    }
                    prop_assert_eq!(
                        document.tree().root_node().to_sexp(),
                        fresh.tree().root_node().to_sexp(),
                        "{:?}", model
                    );
                }
            }
        }
    }
}
