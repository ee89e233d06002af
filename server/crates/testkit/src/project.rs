//! Projects on disk, from one text.

use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A project in a temporary folder, removed when dropped.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// Writes the files of a fixture: each begins with a line `#- /path/in/the/project.py`.
    ///
    /// # Panics
    /// Where a file can't be written.
    #[must_use]
    pub fn from_fixture(fixture: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in fixture.split("#- /").skip(1) {
            let (path, text) = file.split_once('\n').unwrap_or((file, ""));
            let path = folder.path().join(path.trim());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self { folder }
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// The text of a file of it.
    ///
    /// # Panics
    /// Where it can't be read.
    #[must_use]
    pub fn read(&self, relative: &str) -> String {
        std::fs::read_to_string(self.path(relative)).unwrap()
    }
}
