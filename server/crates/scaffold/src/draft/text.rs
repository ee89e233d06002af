//! Files that are not Python: made new, or edited where they differ.

use base::{SourceChange, Span, TextEdit, TextFileEdit};
use std::{path::PathBuf, sync::Arc};

/// Adds what turns `old` into `new` to a change.
pub(super) fn finish(path: PathBuf, old: Option<Arc<str>>, new: &str, change: &mut SourceChange) {
    match old {
        None => change.creations.push((path, new.to_owned())),
        Some(old) if &*old == new => {}
        Some(old) => {
            let edit = difference(&old, new);
            change.others.push(TextFileEdit::new(path, old, vec![edit]));
        }
    }
}

/// One edit over what differs.
pub(super) fn difference(old: &str, new: &str) -> TextEdit {
    let start = common(old.bytes(), new.bytes()).min(old.len().min(new.len()));
    let start = (0..=start)
        .rev()
        .find(|&at| old.is_char_boundary(at) && new.is_char_boundary(at))
        .unwrap_or(0);
    let end = common(old[start..].bytes().rev(), new[start..].bytes().rev());
    let is_boundary = |at: &usize| old.is_char_boundary(old.len() - at) && new.is_char_boundary(new.len() - at);
    let end = (0..=end).rev().find(is_boundary).unwrap_or(0);
    TextEdit {
        span: Span::new(start as u32, (old.len() - end) as u32),
        text: new[start..new.len() - end].to_owned(),
    }
}

fn common(a: impl Iterator<Item = u8>, b: impl Iterator<Item = u8>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_replaced() {
        for (old, new) in [
            ("a\nb\nc\n", "a\nx\nb\nc\n"),
            ("ä\n", "ö\n"),
            ("aa", "aaa"),
            ("", "x"),
            ("ab", "b"),
        ] {
            let edit = difference(old, new);
            let file = base::FileEdit {
                file: base::FileId(0),
                edits: vec![edit.clone()],
            };
            assert_eq!(file.apply(old), new);
            assert!(edit.text.len() <= new.len());
        }
    }
}
