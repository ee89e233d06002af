//! Rule pages and the rule table, as they stand in `docs/` and as `routewright explain` prints them.

use crate::{Rule, registry, rule};
use std::fmt::Write;

/// The page of a rule in Markdown.
#[must_use]
pub fn page(name: &str) -> Option<String> {
    rule(name).map(render)
}

fn render(rule: &Rule) -> String {
    let meta = &rule.meta;
    let fix = match meta.fix {
        crate::FixKind::Safe => "safe (`check --fix` applies it)",
        crate::FixKind::Unsafe => "to be looked over (`check --fix --unsafe-fixes` applies it)",
        crate::FixKind::None => "none",
    };
    format!(
        "# {name}\n\n{summary}.\n\nGroup: `{group}` · Severity: {severity} · Fix: {fix} · Since {since}\n\n{docs}\n",
        name = meta.name,
        summary = meta.summary,
        group = meta.group.as_str(),
        severity = meta.severity.as_str(),
        since = meta.since,
        docs = meta.docs.trim(),
    )
}

/// The page of all rules in Markdown.
#[must_use]
pub fn overview() -> String {
    format!("{INTRODUCTION}\n{}", table())
}

const INTRODUCTION: &str = "\
# Rules

`routewright check` and the language server run these rules. Each claims only what is certain: where a path, a router or a
dependency isn't known before the program runs, they are silent. `routewright explain RULE` prints a rule's page.

A rule or a group is chosen with `--select` and `--ignore`. A finding is suppressed by a comment on its line, or for the
whole file by one anywhere in it:

```python
@router.get(\"items\")  # routewright: ignore[path-missing-slash]
# routewright: ignore-file[route-shadowed, duplicate-route]
```

`routewright check --fix` applies safe fixes, `--unsafe-fixes` those that are to be looked over as well.

A project that has findings already starts from a baseline: `routewright check --output-format json > baseline.json` once,
then `routewright check --baseline baseline.json` tells only what is new. A finding is known by its rule, file and message, so
that it may move within its file; of several that are alike, as many are told as there are more than before.
";

/// The table of all rules in Markdown, with links to their pages in `rules/`.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| rule | group | severity | fix | what it finds |\n| --- | --- | --- | --- | --- |\n");
    let mut rules: Vec<&Rule> = registry().to_vec();
    rules.sort_by_key(|rule| (rule.meta.group, rule.meta.name));
    for rule in rules {
        let meta = &rule.meta;
        let _ = writeln!(
            text,
            "| [{name}](rules/{name}.md) | {group} | {severity} | {fix} | {summary} |",
            name = meta.name,
            group = meta.group.as_str(),
            severity = meta.severity.as_str(),
            fix = meta.fix.as_str(),
            summary = meta.summary,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_the_sections_of_a_page() {
        for rule in registry() {
            let page = page(rule.meta.name).unwrap();
            for section in [
                "## What it does",
                "## Why is this bad?",
                "## Example",
                "Use instead:",
                "## When it stays silent",
                "## How to fix",
            ] {
                assert!(page.contains(section), "{} lacks `{section}`", rule.meta.name);
            }
        }
    }

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut names: Vec<_> = registry().iter().map(|rule| rule.meta.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), registry().len());
        for name in names {
            assert!(
                name.split('-')
                    .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())),
                "{name}"
            );
        }
    }

    #[test]
    fn the_table_lists_every_rule() {
        let table = table();
        for rule in registry() {
            assert!(table.contains(&format!("rules/{}.md", rule.meta.name)));
        }
    }
}
