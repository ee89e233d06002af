//! The path table: the one place where a file gets its number.

use base::FileId;
use dashmap::DashMap;
use std::{
    path::{Component, Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// Absolute paths and their [`FileId`]s, both ways. A number is never given twice, not even when its file is gone.
#[derive(Debug, Default)]
pub(crate) struct PathTable {
    ids: DashMap<Arc<Path>, FileId>,
    paths: RwLock<Vec<Arc<Path>>>,
}

impl PathTable {
    /// The number of `path`, a new one if it has none yet.
    pub(crate) fn intern(&self, path: &Path) -> FileId {
        if let Some(id) = self.get(path) {
            return id;
        }
        let path: Arc<Path> = Arc::from(normalize(path));
        *self.ids.entry(path.clone()).or_insert_with(|| {
            let mut paths = self.paths.write().unwrap_or_else(PoisonError::into_inner);
            paths.push(path);
            FileId(paths.len() as u32 - 1)
        })
    }

    /// The number of `path`, if it has one.
    pub(crate) fn get(&self, path: &Path) -> Option<FileId> {
        if let Some(id) = self.ids.get(path) {
            return Some(*id);
        }
        self.ids.get(normalize(path).as_path()).map(|id| *id)
    }

    /// The path of a number; an empty path for a number that was never given.
    pub(crate) fn path(&self, file: FileId) -> Arc<Path> {
        let paths = self.paths.read().unwrap_or_else(PoisonError::into_inner);
        paths
            .get(file.0 as usize)
            .cloned()
            .unwrap_or_else(|| Arc::from(Path::new("")))
    }
}

/// Removes `.` and `..` by text alone: symbolic links stay as the client names them.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_number() {
        let table = PathTable::default();
        let a = table.intern(Path::new("/p/app/main.py"));
        assert_eq!(table.intern(Path::new("/p/app/../app/./main.py")), a);
        assert_ne!(table.intern(Path::new("/p/app/other.py")), a);
        assert_eq!(&*table.path(a), Path::new("/p/app/main.py"));
    }
}
