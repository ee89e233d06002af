//! Cases of a Markdown text: the files in fenced blocks below one heading, and the findings that comments in them expect.
//!
//! ````markdown
//! ## A path without a slash
//!
//! ```python title="/app/main.py"
//! @app.get("items")  # error: [path-missing-slash] no request ever reaches
//! #        ^^^^^^^
//! ```
//!
//! ```python title="/app/main.py" fixed
//! @app.get("/items")  # error: [path-missing-slash] no request ever reaches
//! ```
//! ````
//!
//! An expectation is `# severity: [rule] part of the message`; several may stand on one line. Carets below it give the
//! columns. A `fixed` block is the file after all fixes of the case, with comments and all.

use crate::project::{Found, Project};
use std::fmt::Write;

/// A case.
#[derive(Debug, Default)]
pub(crate) struct Case {
    /// The heading.
    pub(crate) name: String,
    pub(crate) files: Vec<File>,
    /// Files as they are after all fixes.
    pub(crate) fixed: Vec<File>,
}

/// A file of a case.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

#[derive(Debug)]
struct Expected {
    file: String,
    line: usize,
    columns: Option<(usize, usize)>,
    severity: String,
    rule: String,
    message: String,
}

/// The cases of a text, in order; headings without files are prose.
pub(crate) fn cases(markdown: &str) -> Vec<Case> {
    let mut cases = vec![Case::default()];
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            cases.push(Case {
                name: line.trim_start_matches('#').trim().to_owned(),
                ..Case::default()
            });
        } else if let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) {
            let text: String =
                lines
                    .by_ref()
                    .take_while(|line| *line != "```")
                    .fold(String::new(), |mut text, line| {
                        let _ = writeln!(text, "{line}");
                        text
                    });
            let case = cases.last_mut().unwrap();
            let file = File {
                path: title(info).unwrap_or("/main.py").to_owned(),
                text,
            };
            if info.ends_with(" fixed") {
                case.fixed.push(file);
            } else {
                case.files.push(file);
            }
        }
    }
    cases.retain(|case| !case.files.is_empty());
    cases
}

fn title(info: &str) -> Option<&str> {
    info.split_once("title=\"")?.1.split('"').next()
}

impl Case {
    pub(crate) fn project(&self) -> Project {
        Project::write(self.files.iter().map(|file| (file.path.as_str(), file.text.as_str())))
    }

    /// What is missing, what was not expected, and which fixed file differs; empty where all is as it should be.
    pub(crate) fn problems(&self) -> Vec<String> {
        let project = self.project();
        let found = project.check();
        let mut problems = self.compare(&found);
        problems.extend(self.compare_open(&project, &found));
        problems.extend(self.compare_fixed(&project));
        problems
    }

    /// Whatever file is open, whose findings come first, they are the same.
    fn compare_open(&self, project: &Project, found: &[Found]) -> Vec<String> {
        let told = |found: &[Found]| found.iter().map(describe).collect::<Vec<_>>();
        let mut problems = Vec::new();
        for file in self.files.iter().filter(|file| file.path.ends_with(".py")) {
            let (own, all) = project.check_open(&file.path);
            let mut expected = told(found);
            if told(&all) != expected {
                problems.push(format!("with {} open: {:?}", file.path, told(&all)));
            }
            expected.retain(|line| line.starts_with(&format!("{}:", file.path)));
            if told(&own) != expected {
                problems.push(format!("in {}, which is open: {:?}", file.path, told(&own)));
            }
        }
        problems
    }

    fn compare(&self, found: &[Found]) -> Vec<String> {
        let mut expected: Vec<Expected> = self.files.iter().flat_map(expectations).collect();
        let mut problems = Vec::new();
        for one in found {
            match expected.iter().position(|expected| expected.is(one)) {
                Some(at) => drop(expected.remove(at)),
                None => problems.push(format!("not expected: {}", describe(one))),
            }
        }
        problems.extend(expected.iter().map(|expected| format!("missing: {expected:?}")));
        problems
    }

    fn compare_fixed(&self, project: &Project) -> Vec<String> {
        if self.fixed.is_empty() {
            return Vec::new();
        }
        crate::fixes::apply_all(project);
        let differs = |file: &&File| project.read_file(&file.path) != file.text;
        let describe = |file: &File| format!("fixed {} is:\n{}", file.path, project.read_file(&file.path));
        self.fixed.iter().filter(differs).map(describe).collect()
    }
}

/// A finding in one line.
pub(crate) fn describe(found: &Found) -> String {
    format!(
        "{}:{}:{}-{} {}: [{}] {}",
        found.file,
        found.line,
        found.columns.0,
        found.columns.1,
        found.finding.severity.as_str(),
        found.finding.rule.name,
        found.finding.message
    )
}

impl Expected {
    fn is(&self, found: &Found) -> bool {
        self.file == found.file
            && self.line == found.line
            && self.columns.is_none_or(|columns| columns == found.columns)
            && self.severity == found.finding.severity.as_str()
            && self.rule == found.finding.rule.name
            && found.finding.message.contains(&self.message)
    }
}

fn expectations(file: &File) -> Vec<Expected> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut expected = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let columns = lines.get(i + 1).and_then(|next| carets(next));
        for part in line.split('#').skip(1) {
            let Some((severity, rest)) = part.trim().split_once(": [") else {
                continue;
            };
            let Some((rule, message)) = rest.split_once(']') else {
                continue;
            };
            if rules::Severity::parse(severity).is_some() {
                expected.push(Expected {
                    file: file.path.clone(),
                    line: i + 1,
                    columns,
                    severity: severity.to_owned(),
                    rule: rule.to_owned(),
                    message: message.trim().to_owned(),
                });
            }
        }
    }
    expected
}

/// The columns of a line of carets.
fn carets(line: &str) -> Option<(usize, usize)> {
    let inside = line.trim_start().strip_prefix('#')?.trim();
    if inside.is_empty() || !inside.chars().all(|c| c == '^') {
        return None;
    }
    let start = line.chars().position(|c| c == '^')? + 1;
    Some((start, start + inside.len()))
}

#[test]
fn a_finding_that_is_missing_or_not_expected_is_a_problem() {
    let text = "# Case\n```python title=\"/main.py\"\nfrom fastapi import APIRouter\n\nrouter = APIRouter(prefix=\"x\")\n\
                x = 1  # error: [bad-prefix] here\n```\n";
    let problems = cases(text)[0].problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("not expected: /main.py:3:27-30 error: [bad-prefix]"));
    assert!(problems[1].starts_with("missing: "));
}
