//! The example project: nothing is found in it, and in its branch with planted mistakes all of them and nothing else.

use crate::{
    case::describe,
    project::{Project, check},
};
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Adds the text files of a folder to a project.
pub(crate) fn copy(project: &Project, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "__pycache__" {
                copy(project, root, &path);
            }
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            project.write_file(&path.strip_prefix(root).unwrap().to_string_lossy(), &text);
        }
    }
}

#[test]
fn nothing_is_found_in_the_examples() {
    let examples = repository().join("examples");
    let mut projects = 0;
    for entry in std::fs::read_dir(&examples).unwrap() {
        let root = entry.unwrap().path();
        if root.is_dir() {
            projects += 1;
            let found: Vec<String> = check(&root).iter().map(describe).collect();
            assert!(found.is_empty(), "{}:\n{}", root.display(), found.join("\n"));
        }
    }
    assert!(projects > 0);
}

#[test]
fn every_planted_mistake_is_found_and_nothing_else() {
    let original = repository().join("examples/bookshop");
    let overlay = repository().join("tests/projects/bookshop-mistakes");
    let project = Project::write([]);
    copy(&project, &original, &original);
    copy(&project, &overlay, &overlay);
    let expected: serde_json::Value = serde_json::from_str(&project.read_file("expected.json")).unwrap();
    let expected: Vec<String> = expected.as_array().unwrap().iter().map(expected_line).collect();
    let found = project.check();
    let short = |found: &crate::project::Found| {
        let file = found.file.trim_start_matches('/');
        format!("{file}:{} {}", found.line, found.finding.rule.name)
    };
    let missing: Vec<&String> = expected
        .iter()
        .filter(|line| !found.iter().any(|one| short(one) == **line))
        .collect();
    let unexpected: Vec<String> = found
        .iter()
        .filter(|one| !expected.contains(&short(one)))
        .map(describe)
        .collect();
    assert!(
        missing.is_empty() && unexpected.is_empty(),
        "missing: {missing:#?}\nunexpected: {unexpected:#?}"
    );
    assert_eq!(found.len(), expected.len());
}

fn expected_line(finding: &serde_json::Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap();
    format!("{}:{} {}", text("file"), finding["line"], text("rule"))
}
