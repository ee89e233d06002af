//! Open documents: text and tree under the client's edits.

use crate::EditProblem;
use base::PositionEncoding;
use syntax::ContentChange;

/// A document that is open in the editor.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) version: i32,
    syntax: syntax::Document,
}

impl Document {
    pub(crate) fn new(version: i32, text: &str) -> Self {
        Self {
            version,
            syntax: syntax::Document::new(text),
        }
    }

    /// Applies edits one after the other; returns what was odd about them.
    pub(crate) fn apply(
        &mut self,
        version: i32,
        edits: &[ContentChange],
        encoding: PositionEncoding,
    ) -> Vec<EditProblem> {
        let mut problems = Vec::new();
        if version <= self.version {
            problems.push(EditProblem::OldVersion {
                from: self.version,
                to: version,
            });
        }
        self.version = version;
        let notes = self.syntax.apply(edits, encoding);
        problems.extend(notes.into_iter().map(EditProblem::Odd));
        problems
    }

    /// Text and tree as they are now; cheap.
    pub(crate) fn snapshot(&self) -> syntax::Document {
        self.syntax.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::LineCol;

    #[test]
    fn odd_edits_are_applied_and_told() {
        let mut document = Document::new(5, "ab");
        let at = |line, col| LineCol { line, col };
        let edit = ContentChange {
            range: Some((at(0, 1), at(9, 9))),
            text: "!".to_owned(),
        };
        let problems = document.apply(1, &[edit], PositionEncoding::Utf8);
        assert_eq!(&*document.snapshot().text(), "a!");
        assert_eq!(
            problems,
            [
                EditProblem::OldVersion { from: 5, to: 1 },
                EditProblem::Odd(syntax::ChangeNote::Clamped(at(9, 9)))
            ]
        );
    }
}
