//! Each case's edit is the one that a person has read, applies, parses, raises no finding, and is made only once.

use crate::case::{self, Case, Project, analyse};
use base::FileEdit;
use ide::{EndpointKind, EndpointRequest};
use std::path::{Path, PathBuf};

/// What a case asks for.
pub(crate) struct Asked {
    pub(crate) file: String,
    pub(crate) request: EndpointRequest,
}

impl Asked {
    pub(crate) fn of(case: &Case) -> Self {
        let value: serde_json::Value =
            serde_json::from_str(&case.request).unwrap_or_else(|e| panic!("{}: {e}", case.title));
        Self {
            file: value["file"].as_str().unwrap().to_owned(),
            request: serde_json::from_value(value["request"].clone()).unwrap(),
        }
    }
}

#[test]
fn every_edit_is_the_one_that_was_read() {
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut wrong = Vec::new();
    for path in suites() {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let cases = case::read(&text);
        assert!(!cases.is_empty(), "{} has no case", path.display());
        for case in cases.iter().rev() {
            let found = outcome(case);
            if found != case.expected {
                wrong.push(format!("{}: {}\n{found}", path.display(), case.title));
                let (start, end) = case.expected_lines;
                lines.splice(start..end, found.lines().map(str::to_owned));
            }
        }
        if update {
            std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(crate) fn suites() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scaffold");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    paths
}

/// The diff of the edit, or the reason of a refusal.
fn outcome(case: &Case) -> String {
    let asked = Asked::of(case);
    let project = Project::of(case);
    let file = project.file(&asked.file);
    match project.analysis.endpoint(file, &asked.request) {
        Ok(insertion) => {
            let (own, others) = insertion.change.files.split_first().unwrap();
            let code = &own.edits[insertion.code_edit].text;
            for span in &insertion.placeholders {
                assert!(!span.text(code).is_empty(), "{}: an empty tab stop", case.title);
            }
            let before = std::fs::read_to_string(project.path(&asked.file)).unwrap();
            let mut shown = written(case, own, &project.path(&asked.file));
            for other in others {
                let path = project.analysis.path(other.file).to_path_buf();
                let name = path.file_name().unwrap().display();
                shown.push_str(&format!("+++ {name}\n{}", written(case, other, &path)));
            }
            check_result(case, &project, &asked, &before);
            shown
        }
        Err(refusal) => format!("{refusal}\n"),
    }
}

/// Writes an edited file, and shows what changed in it.
fn written(case: &Case, edit: &FileEdit, path: &Path) -> String {
    let before = std::fs::read_to_string(path).unwrap();
    let after = edit.apply(&before);
    check_line_ends(case, &after);
    std::fs::write(path, &after).unwrap();
    diff(&before, &after)
}

fn check_line_ends(case: &Case, after: &str) {
    if case.is_crlf {
        assert_eq!(
            after.matches('\n').count(),
            after.matches("\r\n").count(),
            "{}",
            case.title
        );
    }
    assert!(after.ends_with('\n'), "{}: no line break at the end", case.title);
}

/// The edited project reads without damage, serves what was inserted, raises no finding more, and refuses the same again.
fn check_result(case: &Case, project: &Project, asked: &Asked, before: &str) {
    let edited = analyse(project.path("").as_path());
    let file = edited.file_id(&project.path(&asked.file)).unwrap();
    let model = edited.model();
    assert!(
        !syntax::parse(&edited.source(file).text).root_node().has_error(),
        "{}: does not parse",
        case.title
    );
    let operations = project.analysis.model().operations.len();
    if asked.request.line.is_none() {
        let added = usize::from(asked.request.kind != EndpointKind::Filter);
        assert_eq!(model.operations.len(), operations + added, "{}: operations", case.title);
    }
    let findings = |analysis: &ide::Analysis, file| analysis.findings_of(file).len();
    let old = project.analysis.file_id(&project.path(&asked.file)).unwrap();
    assert!(
        findings(&edited, file) <= findings(&project.analysis, old),
        "{}: {:?}\n{before}",
        case.title,
        edited.findings_of(file)
    );
    if asked.request.line.is_none() && asked.request.name.is_none() && is_of_resource(asked) {
        assert!(
            edited.endpoint(file, &asked.request).is_err(),
            "{}: inserted twice",
            case.title
        );
    }
}

fn is_of_resource(asked: &Asked) -> bool {
    use EndpointKind::{Create, Delete, Filter, List, Read, Replace, Update};
    matches!(
        asked.request.kind,
        Create | Delete | Filter | List | Read | Replace | Update
    )
}

fn diff(before: &str, after: &str) -> String {
    let before = before.replace('\r', "");
    let after = after.replace('\r', "");
    similar::TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(2)
        .missing_newline_hint(false)
        .to_string()
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}
