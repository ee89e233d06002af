//! One snapshot of the workspace, and the questions one can ask of it.

use crate::{findings::FindingsCell, source::Source, sources::Sources};
use base::FileId;
use model::Model;
use rustc_hash::FxHashMap;
use std::{path::Path, sync::Arc};

/// Everything that is known at one revision. Never changed once it is published.
#[derive(Debug)]
pub(crate) struct World {
    /// How many mutations it contains.
    pub(crate) revision: u64,
    /// How often the model was linked so far.
    pub(crate) relinks: u64,
    pub(crate) sources: Sources,
    /// Versions of the open documents.
    pub(crate) versions: Arc<FxHashMap<FileId, i32>>,
    pub(crate) model: Arc<Model>,
    pub(crate) settings: Arc<rules::Settings>,
    pub(crate) findings: Arc<FindingsCell>,
    /// What scaffolds read of it.
    pub(crate) memo: Arc<scaffold::Memo>,
}

/// A snapshot that answers every question of editors and commands. Cheap to clone; nothing it says ever changes.
#[derive(Clone, Debug)]
pub struct Analysis {
    pub(crate) world: Arc<World>,
}

impl Analysis {
    /// The wiring.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.world.model
    }

    /// What is on disk: projects, environments, configuration and its problems.
    #[must_use]
    pub fn project(&self) -> &project::Project {
        &self.world.sources.project
    }

    /// How many mutations of the [`crate::Host`] it contains.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.world.revision
    }

    /// How often the model was linked since the host was made.
    #[must_use]
    pub fn relinks(&self) -> u64 {
        self.world.relinks
    }

    /// The number of the file at `path`, if it is known.
    #[must_use]
    pub fn file_id(&self, path: &Path) -> Option<FileId> {
        self.world.sources.paths.get(path)
    }

    /// Absolute path of a file.
    #[must_use]
    pub fn path(&self, file: FileId) -> Arc<Path> {
        self.world.sources.paths.path(file)
    }

    /// Text and lines of a file, to which all spans in it refer.
    #[must_use]
    pub fn source(&self, file: FileId) -> Arc<Source> {
        self.world.sources.source(file)
    }

    /// Whether a file is open in the editor.
    #[must_use]
    pub fn is_open(&self, file: FileId) -> bool {
        self.world.sources.open.contains_key(&file)
    }

    /// The version of an open document; `None` for a closed file.
    #[must_use]
    pub fn version(&self, file: FileId) -> Option<i32> {
        self.world.versions.get(&file).copied()
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.world.sources
    }
}
