//! Findings of the rules, worked out when they are asked for and kept while they hold.

use crate::{Analysis, sources::Sources};
use base::FileId;
use model::{Model, ModuleSource};
use rules::{Context, Finding, Settings};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};

/// Findings by file; files without any are absent.
pub type FindingsByFile = FxHashMap<FileId, Arc<Vec<Finding>>>;

/// The findings of one snapshot. Where only texts moved, those of the snapshot before are taken over, except in the files
/// that moved and in those whose findings speak of them.
#[derive(Debug, Default)]
pub(crate) struct FindingsCell {
    before: Option<Arc<FindingsByFile>>,
    moved: FxHashSet<FileId>,
    findings: OnceLock<Arc<FindingsByFile>>,
}

impl FindingsCell {
    /// The cell of a snapshot with the same model in which `moved` files have other texts.
    pub(crate) fn after(&self, moved: &FxHashSet<FileId>) -> Self {
        match self.findings.get() {
            Some(findings) => Self {
                before: Some(findings.clone()),
                moved: moved.clone(),
                findings: OnceLock::new(),
            },
            None => Self {
                before: self.before.clone(),
                moved: self.moved.union(moved).copied().collect(),
                findings: OnceLock::new(),
            },
        }
    }

    pub(crate) fn get(&self, model: &Model, sources: &Sources, settings: &Settings) -> Arc<FindingsByFile> {
        self.findings
            .get_or_init(|| Arc::new(self.compute(model, sources, settings)))
            .clone()
    }

    fn compute(&self, model: &Model, sources: &Sources, settings: &Settings) -> FindingsByFile {
        let fastapi = |file| sources.fastapi_version(file);
        let own = sources.own_files();
        let context = Context {
            model,
            files: sources,
            sources: &own,
            fastapi: &fastapi,
        };
        let Some(before) = &self.before else {
            return by_file(rules::check(&context, settings));
        };
        let stale: Vec<FileId> = own
            .iter()
            .copied()
            .filter(|file| self.is_stale(before, *file))
            .collect();
        let mut findings = (**before).clone();
        findings.retain(|file, _| !stale.contains(file));
        findings.extend(by_file(rules::check_files(&context, settings, &stale)));
        findings
    }

    fn is_stale(&self, before: &FindingsByFile, file: FileId) -> bool {
        self.moved.contains(&file)
            || before.get(&file).is_some_and(|findings| {
                findings
                    .iter()
                    .flat_map(|finding| &finding.related)
                    .any(|related| self.moved.contains(&related.file))
            })
    }
}

fn by_file(findings: Vec<Finding>) -> FindingsByFile {
    let mut by_file: FxHashMap<FileId, Vec<Finding>> = FxHashMap::default();
    for finding in findings {
        by_file.entry(finding.file).or_default().push(finding);
    }
    by_file
        .into_iter()
        .map(|(file, findings)| (file, Arc::new(findings)))
        .collect()
}

impl Analysis {
    /// The findings of all files, those of a file in the order of its text.
    #[must_use]
    pub fn findings(&self) -> Arc<FindingsByFile> {
        let world = &self.world;
        world.findings.get(&world.model, &world.sources, &world.settings)
    }

    /// The findings of one file, in the order of its text.
    #[must_use]
    pub fn findings_of(&self, file: FileId) -> Arc<Vec<Finding>> {
        self.findings().get(&file).cloned().unwrap_or_default()
    }

    /// What configuration says of the rules.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.world.settings
    }

    /// The findings under other settings than those of the configuration, by file and place.
    #[must_use]
    pub fn check(&self, settings: &Settings) -> Vec<Finding> {
        let sources = self.sources();
        let fastapi = |file| sources.fastapi_version(file);
        let context = Context {
            model: self.model(),
            files: sources,
            sources: &sources.own_files(),
            fastapi: &fastapi,
        };
        rules::check(&context, settings)
    }
}
