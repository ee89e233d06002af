//! The documentation of the rules: its examples are run, and what is generated from it is fresh.

use crate::case::{Case, cases, describe};
use std::path::Path;

/// The example of a rule, and what to use instead.
fn examples(docs: &str) -> (Case, Case) {
    let example = docs.split("## Example").nth(1).unwrap().split("\n## ").next().unwrap();
    let (bad, good) = example.split_once("Use instead:").unwrap();
    let one = |text: &str| cases(&format!("# Example\n{text}")).remove(0);
    (one(bad), one(good))
}

#[test]
fn examples_are_found_and_what_replaces_them_is_not() {
    let mut problems = Vec::new();
    for rule in rules::registry() {
        let name = rule.meta.name;
        let (bad, good) = examples(rule.meta.docs);
        let found = bad.project().check();
        if found.is_empty() {
            problems.push(format!("{name}: the example is not found"));
        }
        problems.extend(
            found
                .iter()
                .filter(|found| found.finding.rule.name != name)
                .map(|found| format!("{name}: another rule speaks of the example: {}", describe(found))),
        );
        problems.extend(
            good.project()
                .check()
                .iter()
                .map(|found| format!("{name}, instead: {}", describe(found))),
        );
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_fixes_of_examples_work() {
    for rule in rules::registry() {
        crate::fixes::each_fix_removes_its_finding(rule.meta.name, &examples(rule.meta.docs).0);
    }
}

#[test]
fn a_rule_whose_description_promises_a_fix_has_one_for_its_example() {
    for rule in rules::registry() {
        let found = examples(rule.meta.docs).0.project().check();
        let best = found
            .iter()
            .filter_map(|found| found.finding.fix.as_ref())
            .map(|fix| fix.safe)
            .max();
        let promised = match rule.meta.fix {
            rules::FixKind::Safe => Some(true),
            rules::FixKind::Unsafe => Some(false),
            rules::FixKind::None => None,
        };
        assert_eq!(best, promised, "{}", rule.meta.name);
    }
}

#[test]
fn the_pages_in_docs_are_fresh() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let read = |path: &str| std::fs::read_to_string(docs.join(path)).unwrap_or_default();
    for rule in rules::registry() {
        let name = rule.meta.name;
        let page = rules::page(name).unwrap();
        assert!(
            read(&format!("rules/{name}.md")) == page,
            "docs/rules/{name}.md: run `cargo xtask docs`"
        );
    }
    assert!(
        read("rules.md") == rules::overview(),
        "docs/rules.md: run `cargo xtask docs`"
    );
    for (path, text) in [
        ("configuration.md", ide::configuration_page()),
        ("settings.schema.json", format!("{:#}\n", ide::editor_schema())),
    ] {
        assert!(read(path) == text, "docs/{path}: run `cargo xtask docs`");
    }
    let pages = std::fs::read_dir(docs.join("rules")).unwrap().count();
    assert_eq!(pages, rules::registry().len(), "a page in docs/rules/ is no rule's");
}
