//! Findings of the rules, worked out when they are asked for and kept while they hold; those of the open documents, which
//! somebody looks at, before the others.

use crate::{
    Analysis,
    moved::{self, Move, Moves},
    sources::Sources,
};
use base::FileId;
use model::{FastApiVersion, Model, ModuleSource};
use rules::{Context, Finding, MentionsCache, Settings};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};

/// Findings by file; files without any are absent.
pub type FindingsByFile = FxHashMap<FileId, Arc<Vec<Finding>>>;

/// The findings of one snapshot. Where only texts moved since the findings were worked out last, they move along; they are
/// looked for again in files that changed otherwise.
#[derive(Debug, Default)]
pub(crate) struct FindingsCell {
    before: Option<Before>,
    mentions: Arc<MentionsCache>,
    /// Of the open documents, where they are worked out by themselves.
    open: OnceLock<Arc<FindingsByFile>>,
    findings: OnceLock<Arc<FindingsByFile>>,
}

/// What was found last, and on what.
#[derive(Clone, Debug)]
struct Before {
    findings: Arc<FindingsByFile>,
    sources: Sources,
    /// The files that have other texts by now.
    changed: FxHashSet<FileId>,
}

impl FindingsCell {
    /// The cell of the snapshot of `now`, which comes behind one of `sources`: with the same model, but other texts of the
    /// `changed` files.
    pub(crate) fn after(&self, sources: &Sources, now: &Sources, model: &Model, changed: &FxHashSet<FileId>) -> Self {
        let facts = |sources: &Sources, file| {
            sources
                .parsed(file)
                .map(|parsed| parsed.facts.clone())
                .unwrap_or_default()
        };
        let reaches_others = |file: &FileId| {
            let (old, new) = (facts(sources, *file), facts(now, *file));
            !Arc::ptr_eq(&old, &new) && rules::reaches_other_files(model, *file, &old, &new)
        };
        if changed.iter().any(reaches_others) {
            return self.anew();
        }
        let mut before = match self.findings.get() {
            Some(findings) => Some(Before {
                findings: findings.clone(),
                sources: sources.clone(),
                changed: FxHashSet::default(),
            }),
            None => self.before.clone(),
        };
        if let Some(before) = &mut before {
            before.changed.extend(changed);
        }
        Self {
            before,
            mentions: self.mentions.clone(),
            ..Self::default()
        }
    }

    /// The cell of a snapshot with another model.
    pub(crate) fn anew(&self) -> Self {
        Self {
            mentions: self.mentions.clone(),
            ..Self::default()
        }
    }

    /// The findings of all files.
    pub(crate) fn get(&self, model: &Model, sources: &Sources, settings: &Settings) -> Arc<FindingsByFile> {
        self.findings
            .get_or_init(|| Arc::new(self.compute(model, sources, settings)))
            .clone()
    }

    /// The findings of the open documents at least.
    pub(crate) fn get_open(&self, model: &Model, sources: &Sources, settings: &Settings) -> Arc<FindingsByFile> {
        if self.before.is_some() || self.findings.get().is_some() {
            // Nearly everything is there already.
            return self.get(model, sources, settings);
        }
        let open = || {
            let files: Vec<FileId> = sources.open.keys().copied().collect();
            Arc::new(self.check_files(model, sources, settings, &files))
        };
        self.open.get_or_init(open).clone()
    }

    /// Findings in every file, those of the open documents taken over where they are there already.
    fn check(&self, model: &Model, sources: &Sources, settings: &Settings) -> FindingsByFile {
        let mut files = sources.own_files();
        let open = self.open.get();
        if open.is_some() {
            files.retain(|file| !sources.open.contains_key(file));
        }
        let mut findings = self.check_files(model, sources, settings, &files);
        for (file, found) in open.into_iter().flat_map(|open| &**open) {
            findings.insert(*file, found.clone());
        }
        findings
    }

    fn compute(&self, model: &Model, sources: &Sources, settings: &Settings) -> FindingsByFile {
        let Some(before) = &self.before else {
            return self.check(model, sources, settings);
        };
        let moves = before.moves(sources);
        let mut findings = (*before.findings).clone();
        let mut stale: FxHashSet<FileId> = moves
            .iter()
            .filter(|(_, moved)| moved.is_none())
            .map(|(file, _)| *file)
            .collect();
        for (file, found) in before.findings.iter() {
            if !found.iter().any(|finding| moved::is_concerned(finding, &moves)) {
                continue;
            }
            let found: Option<Vec<Finding>> = found.iter().map(|finding| moved::moved(finding, &moves)).collect();
            match found {
                Some(found) => {
                    findings.insert(*file, Arc::new(found));
                }
                None => {
                    stale.insert(*file);
                }
            }
        }
        if !stale.is_empty() {
            findings.retain(|file, _| !stale.contains(file));
            let stale: Vec<FileId> = stale.into_iter().collect();
            findings.extend(self.check_files(model, sources, settings, &stale));
        }
        findings
    }

    fn check_files(&self, model: &Model, sources: &Sources, settings: &Settings, files: &[FileId]) -> FindingsByFile {
        let own = sources.own_files();
        let fastapi = |file| sources.fastapi_version(file);
        let context = self.context(model, sources, &own, &fastapi);
        let mut by_file: FxHashMap<FileId, Vec<Finding>> = FxHashMap::default();
        for finding in rules::check_files(&context, settings, files) {
            by_file.entry(finding.file).or_default().push(finding);
        }
        by_file
            .into_iter()
            .map(|(file, findings)| (file, Arc::new(findings)))
            .collect()
    }

    fn context<'a>(
        &'a self,
        model: &'a Model,
        sources: &'a Sources,
        own: &'a [FileId],
        fastapi: &'a (dyn Fn(FileId) -> FastApiVersion + Sync),
    ) -> Context<'a> {
        Context {
            model,
            files: sources,
            sources: own,
            fastapi,
            mentions: &self.mentions,
        }
    }
}

impl Before {
    /// How the changed files moved: known where their facts are the same.
    fn moves(&self, sources: &Sources) -> Moves {
        let moved = |file: FileId| {
            let (old, new) = (self.sources.parsed(file)?, sources.parsed(file)?);
            if old.facts != new.facts {
                return None;
            }
            Move::between(&self.sources.source(file).text, &sources.source(file).text)
        };
        self.changed.iter().map(|file| (*file, moved(*file))).collect()
    }
}

impl Analysis {
    /// The findings of all files, those of a file in the order of its text.
    #[must_use]
    pub fn findings(&self) -> Arc<FindingsByFile> {
        let world = &self.world;
        world.findings.get(&world.model, &world.sources, &world.settings)
    }

    /// The findings of the open documents, those of others perhaps among them: there sooner than those of all files.
    #[must_use]
    pub fn open_findings(&self) -> Arc<FindingsByFile> {
        let world = &self.world;
        world.findings.get_open(&world.model, &world.sources, &world.settings)
    }

    /// The findings of one file, in the order of its text.
    #[must_use]
    pub fn findings_of(&self, file: FileId) -> Arc<Vec<Finding>> {
        let findings = if self.is_open(file) {
            self.open_findings()
        } else {
            self.findings()
        };
        findings.get(&file).cloned().unwrap_or_default()
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
        let own = sources.own_files();
        let fastapi = |file| sources.fastapi_version(file);
        let findings = &self.world.findings;
        let context = findings.context(self.model(), sources, &own, &fastapi);
        rules::check(&context, settings)
    }
}
