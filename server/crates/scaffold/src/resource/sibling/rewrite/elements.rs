//! Elements of lists, sets and tuples, of which those go that are about a field that is gone.

use super::Rewriter;
use crate::draft::python;
use ruff_python_ast::Expr;
use ruff_text_size::{Ranged, TextRange};

impl Rewriter<'_> {
    /// The only one that is left of several has a comma behind it.
    pub(super) fn tuple(&mut self, elements: &[Expr]) {
        let left: Vec<usize> = (0..elements.len())
            .filter(|&at| !self.says_gone(&elements[at]))
            .collect();
        match (left.as_slice(), elements) {
            ([only], [first, .., last]) if self.added_names(elements).is_empty() => {
                let kept = elements[*only].range();
                let comma = python::ahead(&self.text[last.end().to_usize()..], ',');
                self.edits.delete(first.start().to_usize(), kept.start().to_usize());
                let behind = TextRange::new(kept.end(), last.end());
                self.edits.replace(behind, if comma.is_some() { "" } else { "," });
            }
            _ => self.elements(elements),
        }
    }

    pub(super) fn elements(&mut self, elements: &[Expr]) {
        let added = self.added_names(elements);
        let elements = elements
            .iter()
            .map(|element| (element.range(), self.says_gone(element)))
            .collect();
        self.thin(elements, &added);
    }
}
