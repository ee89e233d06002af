//! What is open to anyone is told.

use crate::case::{self, Project};
use crate::goldens::Asked;
use std::path::Path;

/// What is said beside an edit of `tests/scaffold/ownership.md`.
fn notes(title: &str) -> String {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("scaffold/ownership.md");
    let cases = case::read(&std::fs::read_to_string(suite).unwrap());
    let case = cases.iter().find(|case| case.title == title).unwrap();
    let asked = Asked::of(case);
    let project = Project::of(case);
    let insertion = project.analysis.endpoint(project.file(&asked.file), &asked.request);
    insertion.unwrap().notes.join("\n")
}

#[test]
fn an_operation_that_anyone_can_call_is_told_where_the_project_can_ask() {
    let open = notes("A job beside siblings that ask for nobody");
    assert!(open.contains("anyone can call it until it asks who does"), "{open}");
    let guarded = notes("The guard of those who write, for jobs");
    assert!(!guarded.contains("anyone"), "{guarded}");
}
