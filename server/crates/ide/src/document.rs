//! Open documents: text under the client's edits.

use crate::EditProblem;
use base::{LineCol, LineIndex, PositionEncoding};

/// One change of a document, as a client reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEdit {
    /// What is replaced, in the client's columns; everything if it is absent.
    pub range: Option<(LineCol, LineCol)>,
    /// What stands there afterwards.
    pub text: String,
}

/// A document that is open in the editor.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) version: i32,
    text: String,
}

impl Document {
    pub(crate) fn new(version: i32, text: String) -> Self {
        Self { version, text }
    }

    /// Applies edits one after the other; returns what was odd about them.
    pub(crate) fn apply(
        &mut self,
        version: i32,
        edits: &[DocumentEdit],
        encoding: PositionEncoding,
    ) -> Vec<EditProblem> {
        let mut problems = Vec::new();
        if version != self.version + 1 {
            problems.push(EditProblem::VersionJump {
                from: self.version,
                to: version,
            });
        }
        self.version = version;
        for edit in edits {
            let Some((start, end)) = edit.range else {
                self.text.clone_from(&edit.text);
                continue;
            };
            let lines = LineIndex::new(&self.text);
            let [from, to] = [start, end].map(|at| lines.offset(&self.text, at, encoding));
            let exact = [(from, start), (to, end)]
                .iter()
                .all(|(offset, position)| lines.line_col(&self.text, *offset, encoding) == *position);
            if !exact || from > to {
                problems.push(EditProblem::Clamped);
            }
            let (from, to) = (from.min(to), from.max(to));
            self.text.replace_range(from as usize..to as usize, &edit.text);
        }
        problems
    }

    /// The text as it is now.
    pub(crate) fn snapshot(&self) -> String {
        self.text.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: (u32, u32), end: (u32, u32), text: &str) -> DocumentEdit {
        let at = |(line, col)| LineCol { line, col };
        DocumentEdit {
            range: Some((at(start), at(end))),
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_applied_one_after_the_other() {
        let mut document = Document::new(1, "a😀b\r\nc".to_owned());
        let edits = [edit((0, 3), (0, 4), "x"), edit((1, 0), (1, 1), "")];
        assert_eq!(document.apply(2, &edits, PositionEncoding::Utf16), []);
        assert_eq!(document.snapshot(), "a😀x\r\n");
    }

    #[test]
    fn odd_edits_are_applied_and_told() {
        let mut document = Document::new(5, "ab".to_owned());
        let problems = document.apply(1, &[edit((0, 1), (9, 9), "!")], PositionEncoding::Utf8);
        assert_eq!(document.snapshot(), "a!");
        assert_eq!(
            problems,
            [EditProblem::VersionJump { from: 5, to: 1 }, EditProblem::Clamped]
        );
    }
}
