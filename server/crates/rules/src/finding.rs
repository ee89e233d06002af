//! What a rule reports.

use crate::{RuleMeta, Severity};
use base::{FileId, SourceChange, Span};
use rustc_hash::FxHashSet;

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub file: FileId,
    /// The place, in bytes.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A change that removes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a title in the imperative.
    pub title: String,
    /// Whether it may be applied without a look.
    pub safe: bool,
    /// The edits.
    pub change: SourceChange,
}

/// How an editor may show a finding's text (LSP 3.17, `DiagnosticTag`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// Faded out: it has no effect.
    Unnecessary,
    /// Struck through.
    Deprecated,
}

/// One thing found at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static RuleMeta,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one or two sentences.
    pub message: String,
    /// The file.
    pub file: FileId,
    /// The place, in bytes.
    pub span: Span,
    /// Other places it speaks of.
    pub related: Vec<Related>,
    /// A change that removes it.
    pub fix: Option<Fix>,
    /// How to show its text.
    pub tags: Vec<Tag>,
}

impl Finding {
    /// A finding of `rule` with its default severity.
    #[must_use]
    pub fn new(rule: &'static RuleMeta, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            file,
            span,
            related: Vec::new(),
            fix: None,
            tags: Vec::new(),
        }
    }

    /// With another severity than the rule's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With another place that it speaks of.
    #[must_use]
    pub fn related(mut self, file: FileId, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related {
            file,
            span,
            message: message.into(),
        });
        self
    }

    /// With a fix, if there is one.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// With a tag.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }
}

/// Where rules put their findings.
#[derive(Debug, Default)]
pub struct Findings<'a> {
    wanted: Option<&'a FxHashSet<FileId>>,
    list: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(wanted: Option<&'a FxHashSet<FileId>>) -> Self {
        Self {
            wanted,
            list: Vec::new(),
        }
    }

    /// Whether findings in `file` are asked for. Rules ask before they look up spans and texts.
    #[must_use]
    pub fn wants(&self, file: FileId) -> bool {
        self.wanted.is_none_or(|wanted| wanted.contains(&file))
    }

    /// Adds a finding, if its file is asked for.
    pub fn push(&mut self, finding: Finding) {
        if self.wants(finding.file) {
            self.list.push(finding);
        }
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}
