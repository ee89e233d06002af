//! Docstrings as documents show them, indentation taken out (`inspect.cleandoc`).

use super::Reader;
use crate::eval::{
    docstrings,
    value::{ClassId, Value},
};
use base::FileId;
use facts::Unit;
use std::sync::Arc;

/// Columns of a tab (`str.expandtabs`).
const TAB: usize = 8;

impl Reader<'_> {
    /// The docstring of a callable; `from` is the file that asks.
    pub(super) fn callable_doc(&self, value: &Value, from: FileId) -> Option<Arc<str>> {
        let doc = self.interp.doc(value, from)?;
        Some(clean(&doc).into())
    }

    pub(super) fn class_doc(&self, class: ClassId) -> Option<Arc<str>> {
        let doc = self.interp.class_doc(class)?;
        Some(clean(&doc).into())
    }
}

/// The text of a statement that is only a string.
pub(super) fn string_statement(code: &Unit, stmt: facts::StmtId) -> Option<Arc<str>> {
    let text = docstrings::string_statement(code, stmt)?;
    Some(clean(&text).into())
}

/// `inspect.cleandoc`.
fn clean(text: &str) -> String {
    let text = expand_tabs(text);
    let lines: Vec<&str> = text.split('\n').collect();
    let margin = lines[1..]
        .iter()
        .filter(|line| !line.trim_start().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let mut cleaned: Vec<&str> = vec![lines[0].trim_start()];
    cleaned.extend(lines[1..].iter().map(|line| line.get(margin..).unwrap_or_default()));
    while cleaned.last().is_some_and(|line| line.is_empty()) {
        cleaned.pop();
    }
    let blank = cleaned.iter().take_while(|line| line.is_empty()).count();
    cleaned[blank..].join("\n")
}

fn expand_tabs(text: &str) -> String {
    if !text.contains('\t') {
        return text.to_owned();
    }
    let mut expanded = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let width = TAB - column % TAB;
                expanded.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' => {
                expanded.push(c);
                column = 0;
            }
            c => {
                expanded.push(c);
                column += 1;
            }
        }
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn indentation_goes_as_inspect_takes_it() {
        assert_eq!(clean("One.\n\n    Two\n      three\n    "), "One.\n\nTwo\n  three");
        assert_eq!(clean("\n    One\n    two\n"), "One\ntwo");
        assert_eq!(clean("  one"), "one");
        assert_eq!(clean("a\n\tb\n\tc"), "a\nb\nc");
        assert_eq!(clean(""), "");
    }
}
