//! Findings as plain data: what every output format is made of.

use crate::target::Target;
use base::{FileId, PositionEncoding, Span};
use ide::Analysis;
use rules::{Finding, Fix};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// All findings, in order.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) findings: Vec<Reported>,
}

/// A finding, in the shape of `check --output-format json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Reported {
    pub(crate) rule: &'static str,
    pub(crate) group: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) range: Range,
    pub(crate) related: Vec<Related>,
    pub(crate) fix: Option<ReportedFix>,
    pub(crate) url: String,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Related {
    pub(crate) file: String,
    pub(crate) range: Range,
    pub(crate) message: String,
}

/// A fix with its edits.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReportedFix {
    pub(crate) title: String,
    pub(crate) safe: bool,
    pub(crate) edits: Vec<Edit>,
}

/// A replacement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Edit {
    pub(crate) file: String,
    pub(crate) range: Range,
    pub(crate) text: String,
}

/// A range of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// Line and column from 1; columns are Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// From where files are named.
#[derive(Debug)]
pub(crate) struct Naming {
    folders: Vec<PathBuf>,
}

impl Naming {
    /// From the working folder, or first from PATH where there is one only.
    pub(crate) fn new(targets: &[Target], from_path: bool) -> Self {
        let working = std::env::current_dir().and_then(|folder| folder.canonicalize()).ok();
        let target = match targets {
            [target] => Some(target.root().to_path_buf()),
            _ => None,
        };
        let folders = if from_path {
            [target, working]
        } else {
            [working, target]
        };
        Self {
            folders: folders.into_iter().flatten().collect(),
        }
    }

    /// A file's name for people and tools, with `/`; an absolute path for what is in none of the folders.
    pub(crate) fn name(&self, path: &Path) -> String {
        let folder = self.folders.iter().find_map(|folder| path.strip_prefix(folder).ok());
        folder
            .unwrap_or(path)
            .to_string_lossy()
            .replace(std::path::MAIN_SEPARATOR, "/")
    }
}

impl Report {
    /// Says findings in lines and columns.
    pub(crate) fn new(analysis: &Analysis, findings: &[Finding], naming: &Naming) -> Self {
        let reporter = Reporter { analysis, naming };
        Self {
            findings: findings.iter().map(|finding| reporter.finding(finding)).collect(),
        }
    }
}

struct Reporter<'a> {
    analysis: &'a Analysis,
    naming: &'a Naming,
}

impl Reporter<'_> {
    fn finding(&self, finding: &Finding) -> Reported {
        Reported {
            rule: finding.rule.name,
            group: finding.rule.group.as_str(),
            severity: finding.severity.as_str(),
            message: finding.message.clone(),
            file: self.file(finding.file),
            range: self.range(finding.file, finding.span),
            related: finding
                .related
                .iter()
                .map(|related| Related {
                    file: self.file(related.file),
                    range: self.range(related.file, related.span),
                    message: related.message.clone(),
                })
                .collect(),
            fix: finding.fix.as_ref().map(|fix| self.fix(fix)),
            url: finding.rule.url(),
        }
    }

    fn fix(&self, fix: &Fix) -> ReportedFix {
        let changed = fix.change.files.iter().flat_map(|file| {
            file.edits.iter().map(|edit| Edit {
                file: self.file(file.file),
                range: self.range(file.file, edit.span),
                text: edit.text.clone(),
            })
        });
        let start = Position { line: 1, column: 1 };
        let created = fix.change.creations.iter().map(|(path, text)| Edit {
            file: self.naming.name(path),
            range: Range { start, end: start },
            text: text.clone(),
        });
        ReportedFix {
            title: fix.title.clone(),
            safe: fix.safe,
            edits: changed.chain(created).collect(),
        }
    }

    fn file(&self, file: FileId) -> String {
        self.naming.name(&self.analysis.path(file))
    }

    fn range(&self, file: FileId, span: Span) -> Range {
        let source = self.analysis.source(file);
        let position = |offset| {
            let at = source.lines.line_col(&source.text, offset, PositionEncoding::Utf32);
            Position {
                line: at.line + 1,
                column: at.col + 1,
            }
        };
        Range {
            start: position(span.start),
            end: position(span.end),
        }
    }
}
