//! `unused-suppression`: a suppression comment that suppresses nothing.

use crate::suppression::{Name, Suppression, Suppressions};
use crate::{Context, Finding, Fix, FixKind, Group, Rule, RuleMeta, Settings, Severity, Tag, is_known_name, registry};
use base::{FileId, SourceChange, Span, TextEdit};

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unused-suppression",
        group: Group::Meta,
        severity: Severity::Warning,
        summary: "A suppression comment suppresses nothing",
        docs: DOCS,
        fix: FixKind::Safe,
        since: "0.1.0",
    },
    // What is unused is known when all other rules have run: see `check_file`.
    check: |_, _| {},
};

const DOCS: &str = r#"
## What it does

Finds `# routewright: ignore[…]` and `# routewright: ignore-file[…]` comments, and single names in them, that no finding
needs, and names that are no rule's.

## Why is this bad?

The comment says that something is wrong here when nothing is. When a mistake comes later, the comment hides it.

## Example

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")  # routewright: ignore[path-missing-slash]
async def list_items() -> list[str]:
    return []
```

Use instead:

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
async def list_items() -> list[str]:
    return []
```

## When it stays silent

- Of rules that configuration switches off.
- In a file with syntax errors, since findings come and go there.
- In a file that has nothing to do with FastAPI, which is not read.
- On a line whose comment names `unused-suppression` itself.

## How to fix

The fix removes the comment, or the names in it that aren't needed. It is safe.
"#;

/// Looks through the suppressions of a file after the other rules' findings have been held against them.
pub(crate) fn check_file(
    context: &Context<'_>,
    settings: &Settings,
    file: FileId,
    suppressions: &Suppressions,
) -> Vec<Finding> {
    if context.files.facts(file).is_none_or(|facts| facts.damaged) {
        return Vec::new();
    }
    let text = context.files.text(file);
    let all = suppressions.list().iter();
    all.flat_map(|suppression| of_suppression(settings, file, &text, suppression)).collect()
}

fn of_suppression(settings: &Settings, file: FileId, text: &str, suppression: &Suppression) -> Vec<Finding> {
    if suppression.names.iter().any(|name| name.text == RULE.meta.name) {
        return Vec::new();
    }
    if suppression.names.is_empty() {
        let every_rule_runs = registry().iter().all(|rule| settings.runs(&rule.meta));
        if suppression.used || !every_rule_runs {
            return Vec::new();
        }
        let message = "This comment suppresses nothing".to_owned();
        return vec![finding(file, suppression.span, message, removal(text, suppression))];
    }
    let unused: Vec<&Name> = suppression.names.iter().filter(|name| is_unused(settings, name)).collect();
    let all_unused = unused.len() == suppression.names.len();
    let edit = if all_unused {
        removal(text, suppression)
    } else {
        without(suppression, &unused)
    };
    let findings = unused.iter().map(|name| {
        let message = if is_known_name(&name.text) {
            format!("No finding of `{}` to suppress", name.text)
        } else {
            format!("There is no rule `{}`", name.text)
        };
        finding(file, name.span, message, edit.clone())
    });
    findings.collect()
}

fn is_unused(settings: &Settings, name: &Name) -> bool {
    let mut named = registry()
        .iter()
        .filter(|rule| rule.meta.name == name.text || rule.meta.group.as_str() == name.text);
    !name.used && named.all(|rule| settings.runs(&rule.meta))
}

fn finding(file: FileId, span: Span, message: String, edit: TextEdit) -> Finding {
    Finding::new(&RULE.meta, file, span, message)
        .tag(Tag::Unnecessary)
        .fix(Some(Fix {
            title: "Remove the unused suppression".to_owned(),
            safe: true,
            change: SourceChange::in_file(file, vec![edit]),
        }))
}

/// Removes a comment with the blanks before it, or the line that it has for itself.
fn removal(text: &str, suppression: &Suppression) -> TextEdit {
    let before = Span::new(0, suppression.span.start).text(text);
    let start = before.trim_end_matches([' ', '\t']).len() as u32;
    let behind = text.get(suppression.span.end as usize..).unwrap_or("");
    let is_followed = !behind.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']) && !behind.trim().is_empty();
    let owns_line = before[..start as usize].is_empty() || before[..start as usize].ends_with(['\n', '\r']);
    let span = if is_followed {
        // Another comment follows on the line: it keeps the blanks.
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        Span::new(suppression.span.start, suppression.span.end + blanks as u32)
    } else if owns_line {
        let newline = ["\r\n", "\n", "\r"].iter().find(|newline| behind.starts_with(**newline));
        Span::new(start, suppression.span.end + newline.map_or(0, |newline| newline.len() as u32))
    } else {
        Span::new(start, suppression.span.end)
    };
    TextEdit {
        span,
        text: String::new(),
    }
}

/// Rewrites the list of names without the unused ones.
fn without(suppression: &Suppression, unused: &[&Name]) -> TextEdit {
    let kept = suppression.names.iter().filter(|name| unused.iter().all(|unused| unused.span != name.span));
    let kept: Vec<&str> = kept.map(|name| name.text.as_str()).collect();
    let first = suppression.names.first().map_or(0, |name| name.span.start);
    let last = suppression.names.last().map_or(0, |name| name.span.end);
    TextEdit {
        span: Span::new(first, last),
        text: kept.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> String {
        let suppressions = Suppressions::read(text).unwrap();
        let findings: Vec<Finding> = suppressions
            .list()
            .iter()
            .flat_map(|one| of_suppression(&Settings::default(), FileId(0), text, one))
            .collect();
        assert!(findings.iter().all(|finding| finding.tags == [Tag::Unnecessary]));
        findings[0].fix.as_ref().unwrap().change.files[0].apply(text)
    }

    #[test]
    fn removes_the_comment_and_nothing_else() {
        for (text, expected) in [
            ("x = 1  # routewright: ignore[bad-prefix]\ny", "x = 1\ny"),
            ("x = 1  # routewright: ignore\r\ny", "x = 1\r\ny"),
            ("x = 1  # routewright: ignore[nonsense] # noqa\ny", "x = 1  # noqa\ny"),
            ("x = 1  # noqa # routewright: ignore[bad-prefix]\ny", "x = 1  # noqa\ny"),
            ("a\n# routewright: ignore-file[bad-prefix]\nb", "a\nb"),
            ("# routewright: ignore-file", ""),
        ] {
            assert_eq!(fixed(text), expected, "{text:?}");
        }
    }

    #[test]
    fn says_nothing_of_rules_that_do_not_run() {
        let text = "x = 1  # routewright: ignore[bad-prefix]";
        let settings = Settings {
            ignore: vec!["routing".to_owned()],
            ..Settings::default()
        };
        let suppressions = Suppressions::read(text).unwrap();
        assert!(of_suppression(&settings, FileId(0), text, &suppressions.list()[0]).is_empty());
    }
}
