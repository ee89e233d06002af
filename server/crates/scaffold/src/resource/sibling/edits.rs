//! Replacements in a text, of which an outer one makes those inside it needless.

use crate::draft::python;
use ruff_text_size::TextRange;

/// Replacements that are still to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    list: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    from: usize,
    to: usize,
    text: String,
    /// Whether what stood there is gone, whatever stands in its place.
    is_removal: bool,
}

impl Edits {
    /// The same again is the same.
    fn push(&mut self, from: usize, to: usize, text: String, is_removal: bool) {
        let edit = Edit {
            from,
            to,
            text,
            is_removal,
        };
        if !self.list.contains(&edit) {
            self.list.push(edit);
        }
    }

    pub(super) fn replace(&mut self, range: TextRange, text: impl Into<String>) {
        self.push(range.start().to_usize(), range.end().to_usize(), text.into(), false);
    }

    /// Puts text where nothing stands.
    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.push(at, at, text, false);
    }

    pub(super) fn delete(&mut self, start: usize, end: usize) {
        self.push(start, end, String::new(), true);
    }

    /// Removes elements of a list, arguments or the like, with their commas, and adds others behind those that stay.
    pub(super) fn thin(&mut self, text: &str, elements: &[TextRange], is_gone: &[bool], added: &[String]) {
        let start = |at: usize| elements[at].start().to_usize();
        let end = |at: usize| elements[at].end().to_usize();
        let added = added.join(", ");
        let Some(first) = is_gone.iter().position(|gone| !gone) else {
            if let Some(last) = elements.len().checked_sub(1) {
                // Where nothing is left, no comma is.
                let comma = python::ahead(&text[end(last)..], ',').filter(|_| added.is_empty());
                let end = end(last) + comma.map_or(0, |at| at + 1);
                self.push(start(0), end, added, true);
            }
            return;
        };
        if first > 0 {
            self.push(start(0), start(first), String::new(), true);
        }
        let behind = if added.is_empty() { added } else { format!(", {added}") };
        let last = elements.len() - 1;
        let later = is_gone.iter().enumerate().skip(first + 1);
        for (at, _) in later.filter(|(_, gone)| **gone) {
            let text = if at == last { behind.clone() } else { String::new() };
            self.push(end(at - 1), end(at), text, true);
        }
        if !is_gone[last] && !behind.is_empty() {
            self.push(end(last), end(last), behind, false);
        }
    }

    /// Whether something in a range is replaced as a whole.
    pub(super) fn covers(&self, range: TextRange) -> bool {
        self.list.iter().any(|edit| edit.takes(range))
    }

    /// Whether a range is left out.
    pub(super) fn deletes(&self, range: TextRange) -> bool {
        self.list.iter().any(|edit| edit.is_removal && edit.takes(range))
    }

    /// The text of a range with the replacements in it.
    pub(super) fn applied(mut self, text: &str, range: TextRange) -> String {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        self.list
            .retain(|edit| start <= edit.from && edit.from <= end && start <= edit.to);
        // A line break behind the last statement is not the statement's.
        self.list.iter_mut().for_each(|edit| edit.to = edit.to.min(end));
        // The outer one first.
        self.list.sort_by_key(|edit| (edit.from, std::cmp::Reverse(edit.to)));
        let mut result = String::new();
        let mut done = start;
        for Edit {
            from, to, text: new, ..
        } in self.list
        {
            if from < done || (from == to && to < done) {
                // What reaches further than what it overlaps with takes the rest along.
                done = done.max(to);
                continue;
            }
            result.push_str(&text[done..from]);
            result.push_str(&new);
            done = to;
        }
        result.push_str(&text[done.min(end)..end]);
        result
    }
}

impl Edit {
    fn takes(&self, range: TextRange) -> bool {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        self.from <= start && end <= self.to && self.from < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str, part: &str) -> TextRange {
        let start = text.find(part).unwrap() as u32;
        TextRange::new(start.into(), (start + part.len() as u32).into())
    }

    #[test]
    fn elements_go_with_their_comma_and_outer_replacements_win() {
        let text = "f(a, b, *, c)";
        let elements = ["a", "b", "c"].map(|part| range(text, part));
        let thinned = |is_gone: [bool; 3], added: &[&str]| {
            let mut edits = Edits::default();
            let added: Vec<String> = added.iter().map(|&text| text.to_owned()).collect();
            edits.thin(text, &elements, &is_gone, &added);
            edits.applied(text, range(text, text))
        };
        assert_eq!(thinned([true, false, false], &[]), "f(b, *, c)");
        assert_eq!(thinned([false, true, false], &["d"]), "f(a, *, c, d)");
        assert_eq!(thinned([false, false, true], &["d"]), "f(a, b, d)");
        assert_eq!(thinned([false, true, true], &[]), "f(a)");
        assert_eq!(thinned([true, true, true], &["d", "e"]), "f(d, e)");
        assert_eq!(thinned([false, false, false], &["d"]), "f(a, b, *, c, d)");
    }

    #[test]
    fn the_comma_behind_the_last_goes_with_all_of_them() {
        let text = "f(\n    a,\n    b,  # both, (\n)";
        let elements = ["a", "b"].map(|part| range(text, part));
        let mut edits = Edits::default();
        edits.thin(text, &elements, &[true, true], &[]);
        assert_eq!(edits.applied(text, range(text, text)), "f(\n      # both, (\n)");
    }
}
