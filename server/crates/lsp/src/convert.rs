//! From byte offsets to the client's positions and back.

use base::{LineCol, PositionEncoding, Span};
use ide::Source;
use tower_lsp::lsp_types::{Position, Range};

/// The client's position of a byte offset.
pub(crate) fn position(source: &Source, offset: u32, encoding: PositionEncoding) -> Position {
    let at = source.lines.line_col(&source.text, offset, encoding);
    Position::new(at.line, at.col)
}

/// The client's range of a span.
pub(crate) fn range(source: &Source, span: Span, encoding: PositionEncoding) -> Range {
    Range::new(
        position(source, span.start, encoding),
        position(source, span.end, encoding),
    )
}

/// The byte offset of a client's position.
pub(crate) fn offset(source: &Source, position: Position, encoding: PositionEncoding) -> u32 {
    source.lines.offset(&source.text, line_col(position), encoding)
}

/// The client's position in our terms.
pub(crate) fn line_col(position: Position) -> LineCol {
    LineCol {
        line: position.line,
        col: position.character,
    }
}
