//! What is wrong in configuration files.

use crate::{Analysis, Source};
use base::Span;
use std::{path::PathBuf, sync::Arc};

/// A key or value that does not count.
#[derive(Clone, Debug)]
pub struct ConfigurationFinding {
    /// The configuration file.
    pub path: PathBuf,
    /// Its text as it is on disk, to which `span` refers.
    pub source: Arc<Source>,
    /// The place, in bytes; the start of the file where none is known.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

impl Analysis {
    /// What is wrong in the workspace's configuration files.
    #[must_use]
    pub fn configuration_findings(&self) -> Vec<ConfigurationFinding> {
        let mut findings = Vec::new();
        for (path, problems) in self.sources().project.problems() {
            let source = Arc::new(Source::new(crate::source::read(path).unwrap_or_default()));
            findings.extend(problems.iter().map(|problem| {
                let span = problem.span.clone().unwrap_or_default();
                ConfigurationFinding {
                    path: path.clone(),
                    source: source.clone(),
                    span: Span::new(span.start as u32, span.end as u32),
                    message: problem.message.clone(),
                }
            }));
        }
        findings
    }
}
