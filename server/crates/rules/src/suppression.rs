//! Suppression comments: `# routewright: ignore[rule-name]` on a line, `# routewright: ignore-file[rule-name]` in a file.

use crate::comments::comments;
use crate::{Finding, RuleMeta};
use base::{LineIndex, Span};

/// The suppressions of one file, and what they have suppressed so far.
pub(crate) struct Suppressions {
    index: LineIndex,
    list: Vec<Suppression>,
}

/// One suppression comment.
#[derive(Debug)]
pub(crate) struct Suppression {
    /// From its `#` to the end of the comment, or to the next `#` in it.
    pub(crate) span: Span,
    /// Whether it holds in the whole file.
    pub(crate) whole_file: bool,
    /// What it names; empty where it ignores everything.
    pub(crate) names: Vec<Name>,
    /// Whether it has suppressed something.
    pub(crate) used: bool,
    line: u32,
}

/// A rule or group that a suppression names.
#[derive(Debug)]
pub(crate) struct Name {
    /// The name.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) span: Span,
    /// Whether it has suppressed something.
    pub(crate) used: bool,
}

const MARK: &str = "routewright:";

impl Suppressions {
    /// Reads the suppressions of a text; none where it has no mark of one, which is quick to see.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if !text.contains(MARK) {
            return None;
        }
        let index = LineIndex::new(text);
        let parts = comments(text).into_iter().flat_map(|comment| parts(text, comment));
        let list: Vec<Suppression> = parts.filter_map(|part| read_part(text, part, &index)).collect();
        (!list.is_empty()).then_some(Self { index, list })
    }

    /// The suppressions in the order of the text.
    pub(crate) fn list(&self) -> &[Suppression] {
        &self.list
    }

    /// Whether a finding is suppressed; remembers by what. A comment counts on the first and the last line of a finding.
    pub(crate) fn suppress(&mut self, finding: &Finding) -> bool {
        let first = self.index.line(finding.span.start);
        let last = self.index.line(finding.span.end);
        let mut found = false;
        for suppression in &mut self.list {
            if suppression.whole_file || suppression.line == first || suppression.line == last {
                found |= suppression.matches(finding.rule);
            }
        }
        found
    }
}

impl Suppression {
    fn matches(&mut self, rule: &RuleMeta) -> bool {
        let mut found = self.names.is_empty();
        for name in &mut self.names {
            if name.text == rule.name || name.text == rule.group.as_str() {
                name.used = true;
                found = true;
            }
        }
        self.used |= found;
        found
    }
}

/// The parts of a comment that begin with a `#` of their own: `# noqa: E501  # routewright: ignore`.
fn parts(text: &str, comment: Span) -> Vec<Span> {
    let source = comment.text(text);
    let mut starts: Vec<usize> = source.match_indices('#').map(|(at, _)| at).collect();
    starts.push(source.len());
    starts
        .windows(2)
        .map(|pair| Span::new(comment.start + pair[0] as u32, comment.start + pair[1] as u32))
        .collect()
}

fn read_part(text: &str, part: Span, index: &LineIndex) -> Option<Suppression> {
    let source = part.text(text);
    let rest = source.strip_prefix('#')?.trim_start().strip_prefix(MARK)?.trim_start();
    let rest = rest.strip_prefix("ignore")?;
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let names = match rest.strip_prefix('[') {
        Some(list) => {
            let start = part.start + (source.len() - list.len()) as u32;
            names(&list[..list.find(']')?], start)
        }
        None if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') => return None,
        None => Vec::new(),
    };
    Some(Suppression {
        span: Span::new(part.start, part.start + source.trim_end().len() as u32),
        whole_file,
        names,
        used: false,
        line: index.line(part.start),
    })
}

fn names(list: &str, start: u32) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = start;
    for item in list.split(',') {
        let name = item.trim();
        let begin = at + (item.len() - item.trim_start().len()) as u32;
        if !name.is_empty() {
            names.push(Name {
                text: name.to_owned(),
                span: Span::new(begin, begin + name.len() as u32),
                used: false,
            });
        }
        at += item.len() as u32 + 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(text: &str) -> Vec<(bool, Vec<String>)> {
        let list = Suppressions::read(text).map(|found| found.list).unwrap_or_default();
        let describe = |one: Suppression| {
            for name in &one.names {
                assert_eq!(name.span.text(text), name.text);
            }
            (one.whole_file, one.names.into_iter().map(|name| name.text).collect())
        };
        list.into_iter().map(describe).collect()
    }

    #[test]
    fn reads_every_form() {
        for (text, whole_file, names) in [
            ("x  # routewright: ignore[bad-prefix]", false, vec!["bad-prefix"]),
            ("x  #routewright:ignore[ a , b ]", false, vec!["a", "b"]),
            ("x  # routewright: ignore", false, vec![]),
            ("x  # routewright: ignore, it is legacy", false, vec![]),
            ("x  # noqa: E501  # routewright: ignore[a]", false, vec!["a"]),
            ("x  # routewright: ignore[a]  # noqa", false, vec!["a"]),
            ("# routewright: ignore-file[a]", true, vec!["a"]),
            ("# routewright: ignore-file", true, vec![]),
        ] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(described(text), [(whole_file, names)], "{text}");
        }
    }

    #[test]
    fn other_comments_and_strings_are_none() {
        for text in [
            "# routewright: ignored",
            "# routewright is good: ignore",
            "# routewright: ignore[a",
            "'# routewright: ignore'",
            "# see routewright: ignore",
        ] {
            assert_eq!(described(text), [], "{text}");
        }
    }
}
