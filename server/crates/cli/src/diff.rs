//! Differences as unified diffs.

use crate::output::{BOLD, CYAN, GREEN, RED, styled};
use similar::{ChangeTag, TextDiff};

/// A unified diff of one file; empty where nothing differs.
pub(crate) fn unified(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        if text.is_empty() {
            let from = if old.is_empty() {
                "/dev/null".to_owned()
            } else {
                format!("a/{name}")
            };
            let head = [format!("--- {from}\n"), format!("+++ b/{name}\n")];
            text.extend(head.map(|line| styled(BOLD, line)));
        }
        text.push_str(&styled(CYAN, format!("{}\n", hunk.header())));
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', Some(RED)),
                ChangeTag::Insert => ('+', Some(GREEN)),
                ChangeTag::Equal => (' ', None),
            };
            let line = format!("{sign}{}", change.value());
            match style {
                Some(style) => text.push_str(&styled(style, line)),
                None => text.push_str(&line),
            }
            if change.missing_newline() {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn a_diff_is_one_that_patch_takes() {
        let diff = anstream::adapter::strip_str(&unified("a.py", "a\nb\n", "a\nc")).to_string();
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file\n";
        assert_eq!(diff, expected);
        assert_eq!(unified("a.py", "a\n", "a\n"), "");
    }
}
