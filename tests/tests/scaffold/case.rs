//! Cases in Markdown: files, a request, and what comes of it.

use base::FileId;
use ide::{Analysis, Host, HostOptions};
use std::path::{Path, PathBuf};

/// A case of a Markdown file.
pub(crate) struct Case {
    pub(crate) title: String,
    /// Relative path and text.
    pub(crate) files: Vec<(String, String)>,
    /// `{"file": …, "request": …}`.
    pub(crate) request: String,
    /// The expected diff, or the reason why nothing is inserted.
    pub(crate) expected: String,
    /// Lines of the expectation's content in the Markdown file: first, and one past the last.
    pub(crate) expected_lines: (usize, usize),
    /// Whether the files are written with CRLF.
    pub(crate) is_crlf: bool,
    /// Whether the last line break of the files is cut off.
    pub(crate) is_cut: bool,
}

/// Reads the cases of a Markdown file. Files of a `## Shared: …` section belong to all cases behind it.
pub(crate) fn read(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut shared: Vec<(String, String)> = Vec::new();
    let mut current: Option<Case> = None;
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        if let Some(title) = lines[at].strip_prefix("## ") {
            if let Some(case) = current.take() {
                finish(case, &mut shared, &mut cases);
            }
            current = Some(Case {
                title: title.to_owned(),
                files: if title.starts_with("Shared") {
                    Vec::new()
                } else {
                    shared.clone()
                },
                request: String::new(),
                expected: String::new(),
                expected_lines: (0, 0),
                is_crlf: title.contains("CRLF"),
                is_cut: title.contains("without a last line break"),
            });
        } else if let (Some(info), Some(case)) = (lines[at].strip_prefix("```"), &mut current) {
            let start = at + 1;
            let end = (start..lines.len()).find(|&i| lines[i] == "```").unwrap();
            let content: String = lines[start..end].iter().map(|line| format!("{line}\n")).collect();
            match info.split_once(' ') {
                Some((_, path)) => {
                    case.files.retain(|(known, _)| known != path);
                    case.files.push((path.to_owned(), content));
                }
                None if info == "json" => case.request = content,
                None => {
                    case.expected = content;
                    case.expected_lines = (start, end);
                }
            }
            at = end;
        }
        at += 1;
    }
    if let Some(case) = current {
        finish(case, &mut shared, &mut cases);
    }
    cases
}

fn finish(case: Case, shared: &mut Vec<(String, String)>, cases: &mut Vec<Case>) {
    if case.title.starts_with("Shared") {
        *shared = case.files;
    } else {
        cases.push(case);
    }
}

/// A project on disk and a host that has read it.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    pub(crate) analysis: Analysis,
}

impl Project {
    pub(crate) fn of(case: &Case) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in &case.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = if case.is_cut { text.trim_end() } else { text };
            let text = if case.is_crlf {
                text.replace('\n', "\r\n")
            } else {
                text.to_owned()
            };
            std::fs::write(path, text).unwrap();
        }
        let analysis = analyse(folder.path());
        Self { folder, analysis }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn file(&self, relative: &str) -> FileId {
        let path = self.path(relative);
        self.analysis
            .file_id(&path)
            .unwrap_or_else(|| panic!("{relative} is not a file of the project"))
    }
}

pub(crate) fn analyse(root: &Path) -> Analysis {
    Host::new(vec![root.to_path_buf()], HostOptions::default()).refresh()
}
