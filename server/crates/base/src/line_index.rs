//! Line starts of a text, and conversion between byte offsets and line/column positions.

/// The unit in which a client counts columns (LSP 3.17, `PositionEncodingKind`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PositionEncoding {
    /// Columns are bytes.
    Utf8,
    /// Columns are UTF-16 code units; the protocol's default.
    #[default]
    Utf16,
    /// Columns are Unicode code points.
    Utf32,
}

/// A position: line and column from 0, the column in the units of a [`PositionEncoding`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCol {
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0.
    pub col: u32,
}

/// Where the lines of a text start. Lines end with `\n`, `\r\n` or `\r` and nothing else (LSP 3.17, "Text Documents").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the line starts of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends_line);
        Self {
            starts: std::iter::once(0).chain(ends.map(|end| end as u32 + 1)).collect(),
        }
    }

    /// How many lines there are; at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: an empty text has one line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The 0-based line of a byte offset.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1) as u32
    }

    /// The byte offset at which a line starts; the last line's for lines behind the end.
    #[must_use]
    pub fn line_start(&self, line: u32) -> u32 {
        let last = self.starts.len() - 1;
        self.starts[(line as usize).min(last)]
    }

    /// Position of a byte offset of `text`, which must be the text the index was made of.
    #[must_use]
    pub fn line_col(&self, text: &str, offset: u32, encoding: PositionEncoding) -> LineCol {
        let offset = floor_char_boundary(text, offset as usize);
        let line = self.line(offset as u32);
        let start = self.line_start(line) as usize;
        let before = text.get(start..offset).unwrap_or("");
        LineCol {
            line,
            col: width(before, encoding),
        }
    }

    /// Byte offset of a position. Positions behind a line's end are that end, lines behind the last are the text's end
    /// (LSP 3.17, `Position`).
    #[must_use]
    pub fn offset(&self, text: &str, position: LineCol, encoding: PositionEncoding) -> u32 {
        if position.line as usize >= self.starts.len() {
            return text.len() as u32;
        }
        let start = self.line_start(position.line) as usize;
        let end = self
            .starts
            .get(position.line as usize + 1)
            .map_or(text.len(), |&next| next as usize);
        let line = text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
        let mut col = 0;
        for (i, c) in line.char_indices() {
            if col >= position.col {
                return (start + i) as u32;
            }
            let next = col + char_width(c, encoding);
            if next > position.col {
                return (start + i) as u32;
            }
            col = next;
        }
        (start + line.len()) as u32
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn char_width(c: char, encoding: PositionEncoding) -> u32 {
    match encoding {
        PositionEncoding::Utf8 => c.len_utf8() as u32,
        PositionEncoding::Utf16 => c.len_utf16() as u32,
        PositionEncoding::Utf32 => 1,
    }
}

fn width(text: &str, encoding: PositionEncoding) -> u32 {
    match encoding {
        PositionEncoding::Utf8 => text.len() as u32,
        _ => text.chars().map(|c| char_width(c, encoding)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_as_clients_do() {
        let index = LineIndex::new("a\r\nb\rc\nd\u{c}\u{2028}e");
        assert_eq!(index.len(), 4);
        assert_eq!(index.line(7), 3);
    }

    #[test]
    fn converts_columns_in_each_encoding() {
        let text = "é😀x\n";
        let index = LineIndex::new(text);
        for (encoding, col) in [
            (PositionEncoding::Utf8, 6),
            (PositionEncoding::Utf16, 3),
            (PositionEncoding::Utf32, 2),
        ] {
            assert_eq!(index.line_col(text, 6, encoding), LineCol { line: 0, col });
            assert_eq!(index.offset(text, LineCol { line: 0, col }, encoding), 6);
        }
    }

    #[test]
    fn clamps_positions_outside_the_text() {
        let text = "ab\r\ncd";
        let index = LineIndex::new(text);
        assert_eq!(
            index.offset(text, LineCol { line: 0, col: 99 }, PositionEncoding::Utf16),
            2
        );
        assert_eq!(
            index.offset(text, LineCol { line: 9, col: 0 }, PositionEncoding::Utf16),
            6
        );
    }

    #[test]
    fn a_column_inside_a_surrogate_pair_is_its_start() {
        let text = "😀x";
        let index = LineIndex::new(text);
        assert_eq!(
            index.offset(text, LineCol { line: 0, col: 1 }, PositionEncoding::Utf16),
            0
        );
    }
}
