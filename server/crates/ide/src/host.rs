//! The host: the single writer.
//!
//! Mutations only take note of what happened and return at once; [`Host::refresh`] brings the published [`Analysis`] up
//! to date with all of them, in one go however many they are. Whoever reads takes a snapshot and never waits for a
//! writer, unless it wants an answer that contains a mutation which is not yet worked in.

use crate::{
    Analysis,
    document::Document,
    engine::{Batch, Engine, OpenText},
    paths::PathTable,
    world::World,
};
use arc_swap::ArcSwap;
use base::PositionEncoding;
use model::contract::Contract;
use rustc_hash::{FxHashMap, FxHashSet};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use syntax::ContentChange;

/// What a host is told from outside.
#[derive(Clone, Debug, Default)]
pub struct HostOptions {
    /// What is known of the environment.
    pub project: project::Options,
}

/// How far the first index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Files that are done.
    pub done: usize,
    /// All files.
    pub total: usize,
}

/// What was odd about an edit, which was applied all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditProblem {
    /// The document was not open.
    #[error("it was edited without being open; it was read from disk")]
    NotOpen,
    /// The version is not greater than the one before.
    #[error("its version went from {from} to {to}")]
    OldVersion {
        /// The document's version so far.
        from: i32,
        /// The version that came.
        to: i32,
    },
    /// The edit itself.
    #[error("{0}")]
    Odd(syntax::ChangeNote),
}

/// The single writer. All methods may be called from any thread.
pub struct Host {
    pending: Mutex<Pending>,
    engine: Mutex<Engine>,
    world: ArcSwap<World>,
    paths: Arc<PathTable>,
}

/// What happened since the last refresh, and the open documents.
#[derive(Default)]
struct Pending {
    revision: u64,
    documents: FxHashMap<PathBuf, Document>,
    dirty: FxHashSet<PathBuf>,
    closed: FxHashSet<PathBuf>,
    touched: FxHashSet<PathBuf>,
    verify: bool,
    roots: Option<Vec<PathBuf>>,
    options: Option<HostOptions>,
}

impl Host {
    /// A host of these workspace folders; nothing is read before the first refresh.
    #[must_use]
    pub fn new(roots: Vec<PathBuf>, options: HostOptions) -> Self {
        let paths = Arc::new(PathTable::default());
        let engine = Engine::new(paths.clone());
        let world = ArcSwap::from_pointee(engine.empty_world());
        Self {
            pending: Mutex::new(Pending {
                revision: 1,
                roots: Some(roots),
                options: Some(options),
                ..Pending::default()
            }),
            engine: Mutex::new(engine),
            world,
            paths,
        }
    }

    /// The number of mutations so far. A refresh from now on contains them all.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.pending().revision
    }

    /// The last published snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Analysis {
        Analysis {
            world: self.world.load_full(),
        }
    }

    /// A snapshot that contains at least the first `revision` mutations.
    pub fn at_least(&self, revision: u64) -> Analysis {
        let published = self.snapshot();
        if published.revision() >= revision {
            published
        } else {
            self.refresh()
        }
    }

    /// Works all mutations in and publishes the result.
    pub fn refresh(&self) -> Analysis {
        self.refresh_reporting(&|_| {})
    }

    /// As [`Self::refresh`]; tells how far it is where files are read.
    pub fn refresh_reporting(&self, progress: &(dyn Fn(Progress) + Sync)) -> Analysis {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = self.pending().take();
        if batch.revision > self.world.load().revision {
            self.publish(engine.apply(batch, progress));
        }
        self.snapshot()
    }

    /// Clears what changes have left behind, which takes as long as the first link; for when nobody waits.
    pub fn tidy(&self) {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let published = self.world.load().revision;
        if published == self.revision()
            && let Some(world) = engine.renewed(published)
        {
            self.publish(world);
        }
    }

    fn publish(&self, world: World) {
        let before = self.world.swap(Arc::new(world));
        // Tens of thousands of entries may go with it: not while somebody waits for the new one.
        rayon::spawn(move || drop(before));
    }

    /// What the app of this name promises its clients, with the snapshot that it belongs to.
    pub(crate) fn contract(&self, app: &str) -> Option<(Analysis, Contract)> {
        // Whoever would publish another snapshot waits for the engine.
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let analysis = self.snapshot();
        let contract = engine.contract(app)?;
        Some((analysis, contract))
    }

    /// Replaces the workspace folders.
    pub fn set_roots(&self, roots: Vec<PathBuf>) {
        let mut pending = self.pending();
        pending.roots = Some(roots);
        pending.revision += 1;
    }

    /// Replaces the options; the workspace is discovered again.
    pub fn set_options(&self, options: HostOptions) {
        let mut pending = self.pending();
        pending.options = Some(options);
        pending.revision += 1;
    }

    /// Takes note that files or folders may have been made, changed or deleted on disk.
    pub fn touch(&self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut pending = self.pending();
        pending
            .touched
            .extend(paths.into_iter().map(|path| crate::paths::normalize(&path)));
        pending.revision += 1;
    }

    /// Takes note that anything may have changed on disk: the next refresh looks. For clients that watch no files.
    pub fn verify(&self) {
        let mut pending = self.pending();
        pending.verify = true;
        pending.revision += 1;
    }

    /// Opens a document; returns whether it was open before, in which case its text is replaced.
    pub fn open(&self, path: &Path, version: i32, text: &str) -> bool {
        let path = crate::paths::normalize(path);
        self.paths.intern(&path);
        let mut pending = self.pending();
        pending.revision += 1;
        pending.closed.remove(&path);
        pending.dirty.insert(path.clone());
        pending.documents.insert(path, Document::new(version, text)).is_some()
    }

    /// Applies a client's edits, one after the other; returns what was odd about them. A document that is not open is
    /// opened with what is on disk.
    pub fn change(
        &self,
        path: &Path,
        version: i32,
        edits: &[ContentChange],
        encoding: PositionEncoding,
    ) -> Vec<EditProblem> {
        let path = crate::paths::normalize(path);
        let mut problems = Vec::new();
        let mut pending = self.pending();
        pending.revision += 1;
        pending.dirty.insert(path.clone());
        pending.closed.remove(&path);
        let document = pending.documents.entry(path).or_insert_with_key(|path| {
            problems.push(EditProblem::NotOpen);
            Document::new(
                version.saturating_sub(1),
                &crate::source::read(path).unwrap_or_default(),
            )
        });
        problems.extend(document.apply(version, edits, encoding));
        problems
    }

    /// Closes a document: what is on disk counts again. Returns whether it was open.
    pub fn close(&self, path: &Path) -> bool {
        let path = crate::paths::normalize(path);
        let mut pending = self.pending();
        pending.revision += 1;
        pending.dirty.remove(&path);
        let was_open = pending.documents.remove(&path).is_some();
        pending.closed.insert(path);
        was_open
    }

    /// The version of an open document.
    #[must_use]
    pub fn version(&self, path: &Path) -> Option<i32> {
        Some(self.pending().documents.get(&crate::paths::normalize(path))?.version)
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    fn take(&mut self) -> Batch {
        let dirty = std::mem::take(&mut self.dirty);
        let edited = dirty
            .into_iter()
            .filter_map(|path| {
                let document = self.documents.get(&path)?;
                let text = OpenText {
                    version: document.version,
                    document: document.snapshot(),
                };
                Some((path, text))
            })
            .collect();
        Batch {
            revision: self.revision,
            edited,
            closed: std::mem::take(&mut self.closed),
            touched: std::mem::take(&mut self.touched),
            verify: std::mem::take(&mut self.verify),
            roots: self.roots.take(),
            options: self.options.take(),
        }
    }
}

#[cfg(test)]
mod tests;
