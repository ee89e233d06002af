//! The engine room of the host: what a batch of mutations does to the world.
//!
//! Invariants: an open document's text always wins over the disk. Facts that did not change leave the model as it is; so
//! do changes in function bodies that the evaluator never entered. However many files change at once, the model is
//! linked once.

use crate::{
    HostOptions, Progress,
    findings::FindingsCell,
    imports::{self, ImportScan},
    parsed::{ParsedFile, ParsedText},
    paths::PathTable,
    relevance::{self, ImportGraph},
    settings, source,
    sources::Sources,
    world::World,
};
use base::FileId;
use facts::{FileFacts, UnitId};
use model::{Model, Wiring, contract::Contract};
use project::{Project, Reload};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::SystemTime,
};

/// Mutations to work in together.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) revision: u64,
    pub(crate) edited: Vec<(PathBuf, OpenText)>,
    pub(crate) closed: FxHashSet<PathBuf>,
    pub(crate) touched: FxHashSet<PathBuf>,
    /// Whether files that nobody told of may have changed on disk.
    pub(crate) verify: bool,
    pub(crate) roots: Option<Vec<PathBuf>>,
    pub(crate) options: Option<HostOptions>,
}

/// An open document at the time of the batch.
#[derive(Debug)]
pub(crate) struct OpenText {
    pub(crate) version: i32,
    pub(crate) document: syntax::Document,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Engine {
    roots: Vec<PathBuf>,
    options: HostOptions,
    scans: BTreeMap<Arc<Path>, Arc<ImportScan>>,
    stats: BTreeMap<Arc<Path>, FileStat>,
    imports: ImportGraph,
    sources: Sources,
    versions: Arc<FxHashMap<FileId, i32>>,
    wiring: Wiring,
    model: Arc<Model>,
    settings: Arc<rules::Settings>,
    findings: Arc<FindingsCell>,
    memo: Arc<scaffold::Memo>,
    relinks: u64,
}

/// What a batch changed so far.
#[derive(Default)]
struct Change {
    /// Files may matter that did not before, or the other way round.
    imports: bool,
    /// The model is not true any more, for a reason that concerns the whole workspace.
    model: bool,
    /// Files whose facts changed in a way that the model may rest on.
    facts: FxHashSet<FileId>,
    /// Files whose text changed.
    texts: FxHashSet<FileId>,
    /// Whether a module says something else at its top level.
    modules: bool,
}

impl Change {
    /// Whether nothing changed but bodies and layout.
    fn is_slight(&self) -> bool {
        !self.imports && !self.model && !self.modules && self.facts.is_empty()
    }
}

/// By what a file shows that it changed: time of change and length in bytes.
type FileStat = (Option<SystemTime>, u64);

type Report<'a> = &'a (dyn Fn(Progress) + Sync);

impl Engine {
    pub(crate) fn new(paths: Arc<PathTable>) -> Self {
        let options = HostOptions::default();
        let project = Project::discover(&[], &options.project);
        Self {
            roots: Vec::new(),
            options,
            scans: BTreeMap::new(),
            stats: BTreeMap::new(),
            imports: ImportGraph::default(),
            sources: Sources::new(Arc::new(project), paths),
            versions: Arc::default(),
            wiring: Wiring::default(),
            model: Arc::default(),
            settings: Arc::default(),
            findings: Arc::default(),
            memo: Arc::default(),
            relinks: 0,
        }
    }

    /// The world before anything was read.
    pub(crate) fn empty_world(&self) -> World {
        self.world(0)
    }

    fn world(&self, revision: u64) -> World {
        World {
            revision,
            relinks: self.relinks,
            sources: self.sources.clone(),
            versions: self.versions.clone(),
            model: self.model.clone(),
            settings: self.settings.clone(),
            findings: self.findings.clone(),
            memo: self.memo.clone(),
        }
    }

    /// What the app of this name promises its clients.
    pub(crate) fn contract(&mut self, app: &str) -> Option<Contract> {
        let number = |model: &Model| model.apps.iter().position(|known| &*known.id == app);
        let wanted = number(&self.model)?;
        self.wiring.contract(&self.sources, &self.model, wanted).or_else(|| {
            // What the last link left behind is used up.
            let mut wiring = Wiring::default();
            let model = wiring.link(&self.sources, None);
            wiring.contract(&self.sources, &model, number(&model)?)
        })
    }

    /// Works a batch in.
    pub(crate) fn apply(&mut self, batch: Batch, report: Report<'_>) -> World {
        let before = self.sources.clone();
        let mut change = Change::default();
        let is_new_workspace = batch.roots.is_some() || batch.options.is_some();
        self.roots = batch.roots.unwrap_or_else(|| std::mem::take(&mut self.roots));
        self.options = batch.options.unwrap_or_else(|| std::mem::take(&mut self.options));
        self.close(&batch.closed, &mut change);
        let unnoticed = if batch.verify {
            self.changed_on_disk()
        } else {
            Vec::new()
        };
        let touched: Vec<&PathBuf> = batch.touched.iter().chain(&batch.closed).chain(&unnoticed).collect();
        if batch.verify {
            self.reread_data(&self.sources.data.verify(), &mut change);
        }
        let is_disk_asked = batch.verify || !touched.is_empty();
        if is_new_workspace
            || self.touch(&touched, &mut change) == Reload::All
            || (is_disk_asked && self.sources.project.environments_changed())
        {
            self.discover(&mut change);
        }
        for (path, text) in batch.edited {
            self.edit(&path, text, &mut change);
        }
        if change.imports {
            self.find_relevant(&mut change, report);
        }
        self.link_if_needed(&before, &change);
        self.memo = Arc::new(self.memo.next(change.is_slight()));
        self.world(batch.revision)
    }

    /// The same world without what earlier links left behind; none where that is little.
    pub(crate) fn renewed(&mut self, revision: u64) -> Option<World> {
        if !self.wiring.is_worn() {
            return None;
        }
        self.model = Arc::new(self.wiring.link(&self.sources, None));
        self.memo = Arc::new(self.memo.next(false));
        Some(self.world(revision))
    }

    /// Forgets the buffers of closed documents; what is on disk is read again by [`Self::touch`].
    fn close(&mut self, closed: &FxHashSet<PathBuf>, change: &mut Change) {
        for path in closed {
            let file = self.sources.paths.intern(path);
            Arc::make_mut(&mut self.versions).remove(&file);
            if let Some(buffer) = Arc::make_mut(&mut self.sources.open).remove(&file) {
                change.texts.insert(file);
                // The facts stay until the disk's are compared with them.
                Arc::make_mut(&mut self.sources.disk).insert(file, buffer);
            }
            if !self.sources.project.contains(path) {
                self.forget(path, file, change);
            }
        }
    }

    fn forget(&mut self, path: &Path, file: FileId, change: &mut Change) {
        change.imports |= self.scans.remove(path).is_some();
        self.stats.remove(path);
        change.model |= Arc::make_mut(&mut self.sources.disk).remove(&file).is_some();
        change.texts.insert(file);
    }

    /// Files that were made, changed or deleted without anybody telling.
    fn changed_on_disk(&self) -> Vec<PathBuf> {
        let now = self.sources.project.rediscover();
        let made_or_changed = now.files().filter(|path| self.stats.get(*path) != stat(path).as_ref());
        let deleted = self.stats.keys().filter(|path| !now.contains(path));
        made_or_changed.chain(deleted).map(|path| path.to_path_buf()).collect()
    }

    /// Reads files again that may have changed on disk.
    fn touch(&mut self, touched: &[&PathBuf], change: &mut Change) -> Reload {
        let mut reload = Reload::Nothing;
        for path in touched {
            self.reread_data(&self.sources.data.reread(path), change);
            let project = Arc::make_mut(&mut self.sources.project);
            let exists = path.exists();
            let this = match (exists, path.is_dir()) {
                (true, true) => Reload::All,
                (true, false) => project.file_added(path),
                (false, _) => project.file_removed(path),
            };
            match this {
                Reload::All => return Reload::All,
                Reload::Files => {
                    reload = Reload::Files;
                    change.imports = true;
                    change.model = true;
                }
                Reload::Nothing => {}
            }
            if !exists {
                self.forget_below(path, change);
            } else if self.sources.project.contains(path) {
                self.reread(path, change);
            }
        }
        if reload == Reload::Files {
            Arc::make_mut(&mut self.sources.project).settle();
            self.forget_resolutions();
        }
        reload
    }

    /// The modules that rest on files of data that changed are to run again.
    fn reread_data(&self, changed: &[Arc<Path>], change: &mut Change) {
        if !changed.is_empty() {
            let readers = self.model.data_files.iter().filter(|(path, _)| changed.contains(path));
            change.facts.extend(readers.map(|(_, module)| *module));
        }
    }

    /// Imports may lead elsewhere than before.
    fn forget_resolutions(&mut self) {
        self.sources.resolutions = Arc::default();
        self.imports = ImportGraph::default();
    }

    /// Forgets a file, or all files of a folder, that are gone from disk; buffers stay.
    fn forget_below(&mut self, path: &Path, change: &mut Change) {
        let gone: Vec<Arc<Path>> = self
            .scans
            .keys()
            .filter(|file| file.starts_with(path))
            .cloned()
            .collect();
        for path in gone {
            let file = self.sources.paths.intern(&path);
            if !self.sources.open.contains_key(&file) {
                self.forget(&path, file, change);
            }
        }
    }

    fn reread(&mut self, path: &Path, change: &mut Change) {
        let file = self.sources.paths.intern(path);
        self.sources.on_demand.remove(&file);
        if self.sources.open.contains_key(&file) {
            return;
        }
        let Ok(text) = source::read(path) else {
            return self.forget(path, file, change);
        };
        self.stats.extend(stat(path).map(|stat| (path.into(), stat)));
        self.rescanned(path, imports::scan(&text), change);
        let old = self.sources.disk.get(&file).cloned();
        if self.sources.relevance.needed.contains(&file) || old.is_some() {
            let Some(new) = ParsedFile::from_text(&text, old.as_deref()) else {
                return self.forget(path, file, change);
            };
            if !old.as_ref().is_some_and(|old| new.is_same_text(old)) {
                change.texts.insert(file);
            }
            if self.changes_model(file, old.as_deref(), &new) {
                change.facts.insert(file);
            }
            change.modules |= changes_module(old.as_deref(), &new);
            Arc::make_mut(&mut self.sources.disk).insert(file, Arc::new(new));
        }
    }

    fn rescanned(&mut self, path: &Path, scan: ImportScan, change: &mut Change) {
        if self.scans.get(path).is_none_or(|old| **old != scan) {
            self.scans.insert(path.into(), Arc::new(scan));
            change.imports = true;
        }
    }

    /// Takes a document's text over.
    fn edit(&mut self, path: &Path, open: OpenText, change: &mut Change) {
        let file = self.sources.paths.intern(path);
        Arc::make_mut(&mut self.versions).insert(file, open.version);
        let old = self.sources.parsed(file);
        let old_text = self.sources.source(file);
        let text = open.document.text();
        let (scan, new) = rayon::join(
            || imports::scan(&text),
            || ParsedFile::from_document(open.document, old.as_deref(), &old_text.text),
        );
        self.rescanned(path, scan, change);
        change.texts.insert(file);
        if self.changes_model(file, old.as_deref(), &new) {
            change.facts.insert(file);
        }
        change.modules |= changes_module(old.as_deref(), &new);
        Arc::make_mut(&mut self.sources.open).insert(file, Arc::new(new));
    }

    /// Whether the model may say something else once a file's facts are the new ones.
    fn changes_model(&self, file: FileId, old: Option<&ParsedFile>, new: &ParsedFile) -> bool {
        let Some(old) = old else {
            return self.sources.relevance.needed.contains(&file);
        };
        let runs = |unit| match unit {
            UnitId::MODULE => self.sources.relevance.needed.contains(&file),
            body => {
                self.model.entered.contains(&(file, body))
                    || self.model.examined.get(&file).is_some_and(|examined| {
                        let reads = |facts: &FileFacts| facts.units.get(body.0 as usize).map(|unit| unit.read());
                        [reads(&old.facts), reads(&new.facts)]
                            .into_iter()
                            .flatten()
                            .any(|unit| model::may_make_app(&unit, examined))
                    })
            }
        };
        changed_units(&old.facts, &new.facts).is_none_or(|units| units.into_iter().any(runs))
    }

    /// Walks the workspace again and reads every file.
    fn discover(&mut self, change: &mut Change) {
        let project = Project::discover(&self.roots, &settings::with_rule_names(&self.options.project));
        self.settings = Arc::new(settings::of_project(&project));
        self.findings = Arc::default();
        let files: Vec<Arc<Path>> = project.files().cloned().collect();
        self.stats = files
            .iter()
            .filter_map(|path| Some((path.clone(), stat(path)?)))
            .collect();
        self.scans = files
            .into_par_iter()
            .filter_map(|path| {
                let scan = imports::scan(&source::read(&path).ok()?);
                Some((path, Arc::new(scan)))
            })
            .collect();
        self.sources.project = Arc::new(project);
        self.forget_resolutions();
        self.sources.on_demand = Arc::default();
        self.sources.requiring = Arc::default();
        self.sources.data = Arc::default();
        for (file, buffer) in self.sources.open.iter() {
            if let ParsedText::Open(source) = &buffer.text {
                let path = self.sources.paths.path(*file);
                self.scans.insert(path, Arc::new(imports::scan(&source.text)));
            }
        }
        change.imports = true;
        change.model = true;
        // Files are compared by what is on disk now, so none is kept unseen.
        change.texts.extend(self.sources.disk.keys());
        self.sources.relevance = relevance::Relevance::default();
    }

    /// Works out which files matter; parses those that are new among them and forgets those that are not.
    fn find_relevant(&mut self, change: &mut Change, report: Report<'_>) {
        let sources = &self.sources;
        let relevance = relevance::relevance(&mut self.imports, sources.resolver(), &sources.paths, &self.scans);
        if relevance == sources.relevance {
            return;
        }
        change.model = true;
        let is_fresh = sources.relevance.needed.is_empty();
        let wanted: Vec<FileId> = relevance.needed.iter().copied().collect();
        let done = AtomicUsize::new(0);
        let disk: FxHashMap<FileId, Arc<ParsedFile>> = wanted
            .par_iter()
            .filter(|file| !sources.open.contains_key(file))
            .filter_map(|file| {
                let old = sources.disk.get(file);
                let parsed = match old {
                    Some(old) if !is_fresh => old.clone(),
                    _ => reparse(&sources.paths.path(*file), old)?,
                };
                report(Progress {
                    done: done.fetch_add(1, Ordering::Relaxed) + 1,
                    total: wanted.len(),
                });
                Some((*file, parsed))
            })
            .collect();
        self.sources.disk = Arc::new(disk);
        self.sources.relevance = relevance;
    }

    fn link_if_needed(&mut self, before: &Sources, change: &Change) {
        if change.model || !change.facts.is_empty() {
            let changed = (!change.model).then_some(&change.facts);
            self.model = Arc::new(self.wiring.link(&self.sources, changed));
            self.relinks += 1;
            self.findings = Arc::new(self.findings.anew());
        } else if !change.texts.is_empty() {
            self.findings = Arc::new(self.findings.after(before, &self.sources, &self.model, &change.texts));
        }
    }
}

fn stat(path: &Path) -> Option<FileStat> {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}

/// Reads a file; what was parsed of the same text before is kept.
fn reparse(path: &Path, old: Option<&Arc<ParsedFile>>) -> Option<Arc<ParsedFile>> {
    let text = source::read(path).ok()?;
    match old {
        Some(old) if old.has_stamp(source::stamp(&text)) => Some(old.clone()),
        _ => ParsedFile::from_text(&text, old.map(|old| &**old)).map(Arc::new),
    }
}

/// Whether a module says something else at its top level.
fn changes_module(old: Option<&ParsedFile>, new: &ParsedFile) -> bool {
    old.is_none_or(|old| old.facts.units.first() != new.facts.units.first())
}

/// The units that differ; `None` if there are more or fewer of them.
fn changed_units(old: &FileFacts, new: &FileFacts) -> Option<Vec<UnitId>> {
    if old.units.len() != new.units.len() {
        return None;
    }
    let pairs = old.units.iter().zip(&new.units).enumerate();
    Some(
        pairs
            .filter(|(_, (old, new))| old != new)
            .map(|(index, _)| UnitId(index as u32))
            .collect(),
    )
}
