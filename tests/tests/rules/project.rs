//! A project in a temporary folder, and what the rules find in it.

use ide::{Analysis, Host, HostOptions};
use rules::Finding;
use std::path::{Path, PathBuf};

/// A project on disk.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

/// A finding with its place as people count it: lines and columns from 1, columns in characters.
pub(crate) struct Found {
    /// Path below the project's root, with a leading slash.
    pub(crate) file: String,
    pub(crate) line: usize,
    /// First column and the one behind the last; the last is that of the finding's first line.
    pub(crate) columns: (usize, usize),
    pub(crate) finding: Finding,
}

impl Project {
    /// Writes files, given by their paths with a leading slash.
    pub(crate) fn write<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (path, text) in files {
            project.write_file(path, text);
        }
        project
    }

    pub(crate) fn write_file(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read_file(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path.trim_start_matches('/'))
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// What the rules find, by file and place.
    pub(crate) fn check(&self) -> Vec<Found> {
        check(&self.root())
    }

    /// What the rules find in a file that alone is open in an editor, which waits for nothing else; then what they find in
    /// all.
    pub(crate) fn check_open(&self, path: &str) -> (Vec<Found>, Vec<Found>) {
        let root = self.root();
        let host = Host::new(vec![root.clone()], HostOptions::default());
        host.open(&self.path(path), 1, &self.read_file(path));
        let analysis = host.refresh();
        let file = analysis.file_id(&self.path(path)).unwrap();
        let findings = analysis.findings_of(file);
        let own = findings.iter().map(|finding| place(&analysis, &root, finding));
        (own.collect(), found(&analysis, &root))
    }

    /// Whether a file has syntax errors.
    pub(crate) fn is_damaged(&self, path: &str) -> bool {
        syntax::parse(&self.read_file(path)).root_node().has_error()
    }

    /// Applies a finding's fix on disk; returns the files that changed.
    pub(crate) fn apply(&self, finding: &Finding, analysis: &Analysis) -> Vec<String> {
        let change = &finding.fix.as_ref().unwrap().change;
        assert!(change.creations.is_empty());
        let edit_file = |edit: &base::FileEdit| {
            let path = analysis.path(edit.file);
            let relative = relative(&self.root(), &path);
            let fixed = edit.apply(&self.read_file(&relative));
            self.write_file(&relative, &fixed);
            relative
        };
        change.files.iter().map(edit_file).collect()
    }

    pub(crate) fn analysis(&self) -> Analysis {
        analysis(&self.root())
    }
}

/// What is known of the project at `root`.
pub(crate) fn analysis(root: &Path) -> Analysis {
    Host::new(vec![root.to_owned()], HostOptions::default()).refresh()
}

/// What the rules find in the project at `root`, by file and place.
pub(crate) fn check(root: &Path) -> Vec<Found> {
    found(&analysis(root), root)
}

/// What the rules find in a snapshot.
pub(crate) fn found(analysis: &Analysis, root: &Path) -> Vec<Found> {
    let findings = analysis.findings();
    let mut list: Vec<Found> = findings
        .values()
        .flat_map(|list| list.iter())
        .map(|finding| place(analysis, root, finding))
        .collect();
    list.sort_by(|a, b| (&a.file, a.line, a.columns).cmp(&(&b.file, b.line, b.columns)));
    list
}

fn place(analysis: &Analysis, root: &Path, finding: &Finding) -> Found {
    let source = analysis.source(finding.file);
    let at = |offset| {
        source
            .lines
            .line_col(&source.text, offset, base::PositionEncoding::Utf32)
    };
    let start = at(finding.span.start);
    let end = at(finding.span.end);
    let end_col = if end.line == start.line { end.col } else { u32::MAX - 1 };
    Found {
        file: relative(root, &analysis.path(finding.file)),
        line: start.line as usize + 1,
        columns: (start.col as usize + 1, end_col as usize + 1),
        finding: finding.clone(),
    }
}

fn relative(root: &Path, path: &Path) -> String {
    format!("/{}", path.strip_prefix(root).unwrap_or(path).display())
}
