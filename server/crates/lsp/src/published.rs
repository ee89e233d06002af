//! Diagnostics: what the client was told, so that only what changed is told again.

use crate::{convert, session::Session};
use base::FileId;
use ide::{Analysis, Finding, FindingsByFile, Severity, Tag};
use rustc_hash::FxHashMap;
use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tower_lsp::lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, NumberOrString, Url,
};

/// See the module.
#[derive(Default)]
pub(crate) struct Published {
    files: Mutex<FxHashMap<FileId, Told>>,
    /// Of configuration files, which are no part of the model.
    configuration: Mutex<BTreeMap<PathBuf, Vec<Diagnostic>>>,
}

struct Told {
    /// The findings, compared by address: an unchanged file keeps its own.
    findings: Arc<Vec<Finding>>,
    diagnostics: Vec<Diagnostic>,
}

impl Session {
    /// The diagnostics of a file.
    pub(crate) fn diagnostics(&self, analysis: &Analysis, file: FileId) -> Vec<Diagnostic> {
        if !self.settings.load().diagnostics {
            return Vec::new();
        }
        self.convert_findings(analysis, &analysis.findings_of(file))
    }

    fn convert_findings(&self, analysis: &Analysis, findings: &[Finding]) -> Vec<Diagnostic> {
        findings
            .iter()
            .map(|finding| self.diagnostic(analysis, finding))
            .collect()
    }

    /// A finding as the protocol has it.
    pub(crate) fn diagnostic(&self, analysis: &Analysis, finding: &Finding) -> Diagnostic {
        let capabilities = self.capabilities();
        let related: Vec<DiagnosticRelatedInformation> = finding
            .related
            .iter()
            .filter_map(|related| {
                Some(DiagnosticRelatedInformation {
                    location: self.location(analysis, related.file, related.span)?,
                    message: related.message.clone(),
                })
            })
            .collect();
        let tags: Vec<DiagnosticTag> = finding
            .tags
            .iter()
            .map(|tag| match tag {
                Tag::Unnecessary => DiagnosticTag::UNNECESSARY,
                Tag::Deprecated => DiagnosticTag::DEPRECATED,
            })
            .collect();
        Diagnostic {
            range: convert::range(&analysis.source(finding.file), finding.span, self.encoding()),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Info => DiagnosticSeverity::INFORMATION,
                Severity::Hint => DiagnosticSeverity::HINT,
            }),
            code: Some(NumberOrString::String(finding.rule.name.to_owned())),
            code_description: Url::parse(&finding.rule.url())
                .ok()
                .filter(|_| capabilities.urls)
                .map(|href| CodeDescription { href }),
            source: Some("routewright".to_owned()),
            message: finding.message.clone(),
            related_information: (capabilities.related && !related.is_empty()).then_some(related),
            tags: (!tags.is_empty()).then_some(tags),
            data: None,
        }
    }

    /// Publishes the diagnostics of every file for which they changed: of the open documents first, and of the others
    /// unless something newer came meanwhile.
    pub(crate) fn publish(&self, analysis: &Analysis) {
        let mut told = self.published.files.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.settings.load().diagnostics {
            return self.publish_files(analysis, &mut told, &FindingsByFile::default(), |_| true);
        }
        self.publish_files(analysis, &mut told, &analysis.open_findings(), |file| {
            analysis.is_open(file)
        });
        if analysis.revision() == self.host.revision() {
            self.publish_files(analysis, &mut told, &analysis.findings(), |_| true);
        }
    }

    fn publish_files(
        &self,
        analysis: &Analysis,
        told: &mut FxHashMap<FileId, Told>,
        found: &FindingsByFile,
        is_meant: impl Fn(FileId) -> bool,
    ) {
        let is_gone = |file: &FileId| is_meant(*file) && !found.contains_key(file);
        let gone: Vec<FileId> = told.keys().copied().filter(is_gone).collect();
        for file in gone {
            told.remove(&file);
            self.send(analysis, file, Vec::new());
        }
        for (file, findings) in found.iter().filter(|(file, _)| is_meant(**file)) {
            if told.get(file).is_some_and(|old| Arc::ptr_eq(&old.findings, findings)) {
                continue;
            }
            let diagnostics = self.convert_findings(analysis, findings);
            if told.get(file).is_none_or(|old| old.diagnostics != diagnostics) {
                self.send(analysis, *file, diagnostics.clone());
            }
            let findings = findings.clone();
            told.insert(*file, Told { findings, diagnostics });
        }
    }

    /// Publishes what is wrong in configuration files, where that changed. These files are never pulled: clients do not
    /// open them with this server.
    pub(crate) fn publish_configuration(&self, analysis: &Analysis) {
        let mut now: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        for finding in analysis.configuration_findings() {
            let diagnostic = Diagnostic {
                range: convert::range(&finding.source, finding.span, self.encoding()),
                severity: Some(DiagnosticSeverity::WARNING),
                source: Some("routewright".to_owned()),
                message: finding.message,
                ..Diagnostic::default()
            };
            now.entry(finding.path).or_default().push(diagnostic);
        }
        let mut told = self
            .published
            .configuration
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for path in told.keys().filter(|path| !now.contains_key(*path)) {
            self.send_for(path, Vec::new(), None);
        }
        for (path, diagnostics) in now.iter().filter(|(path, new)| told.get(*path) != Some(*new)) {
            self.send_for(path, diagnostics.clone(), None);
        }
        *told = now;
    }

    fn send_for(&self, path: &Path, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        if let Some(uri) = self.uris.uri(path) {
            self.outbox.publish(uri, diagnostics, version);
        }
    }

    fn send(&self, analysis: &Analysis, file: FileId, diagnostics: Vec<Diagnostic>) {
        self.send_for(&analysis.path(file), diagnostics, analysis.version(file));
    }
}

/// A number for a list of diagnostics, by which a client asks whether they are still the same.
pub(crate) fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = rustc_hash::FxHasher::default();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:x}", hasher.finish())
}
