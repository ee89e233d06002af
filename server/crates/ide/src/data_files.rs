//! Files of data that wiring rests on. What is on disk counts, whatever an editor holds; each is read once, and again when
//! it may have changed.

use dashmap::DashMap;
use model::DataFileProblem;
use std::{io::ErrorKind, path::Path, sync::Arc, time::SystemTime};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct DataFiles {
    files: DashMap<Arc<Path>, Entry>,
}

#[derive(Debug, PartialEq)]
struct Entry {
    text: Result<Arc<str>, DataFileProblem>,
    stamp: Stamp,
}

/// By what a file shows that it changed: time of change and length in bytes; `None` where there is none.
type Stamp = Option<(Option<SystemTime>, u64)>;

impl DataFiles {
    /// The text of a file.
    pub(crate) fn get(&self, path: &Path) -> Result<Arc<str>, DataFileProblem> {
        if let Some(entry) = self.files.get(path) {
            return entry.text.clone();
        }
        let entry = Entry {
            stamp: stamp(path),
            text: read(path),
        };
        self.files.entry(path.into()).or_insert(entry).text.clone()
    }

    /// Reads what is at or below `path` again; gives the files that differ from before.
    pub(crate) fn reread(&self, path: &Path) -> Vec<Arc<Path>> {
        self.reread_where(|file, _| file.starts_with(path))
    }

    /// Reads the files again that look changed; gives those that differ from before.
    pub(crate) fn verify(&self) -> Vec<Arc<Path>> {
        self.reread_where(|file, known| stamp(file) != known.stamp)
    }

    fn reread_where(&self, is_suspect: impl Fn(&Path, &Entry) -> bool) -> Vec<Arc<Path>> {
        let mut changed = Vec::new();
        for mut entry in self.files.iter_mut() {
            let (path, known) = entry.pair_mut();
            if !is_suspect(path, known) {
                continue;
            }
            known.stamp = stamp(path);
            let text = read(path);
            if text != known.text {
                known.text = text;
                changed.push(path.clone());
            }
        }
        changed
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}

fn read(path: &Path) -> Result<Arc<str>, DataFileProblem> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => DataFileProblem::Missing,
        _ => DataFileProblem::Unreadable,
    };
    let metadata = path.metadata().map_err(refused)?;
    if !metadata.is_file() {
        return Err(DataFileProblem::Missing);
    }
    if metadata.len() > MAX_BYTES {
        return Err(DataFileProblem::TooLarge(MAX_BYTES));
    }
    let bytes = std::fs::read(path).map_err(refused)?;
    let text = String::from_utf8(bytes).map_err(|_| DataFileProblem::NotText)?;
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::{DataFileProblem, DataFiles, MAX_BYTES};

    #[test]
    fn a_file_is_read_once_until_it_may_have_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, files) = (folder.path().join("a.json"), DataFiles::default());
        assert_eq!(files.get(&path), Err(DataFileProblem::Missing));
        std::fs::write(&path, "1").unwrap();
        assert_eq!(files.get(&path), Err(DataFileProblem::Missing));
        assert_eq!(files.verify().len(), 1);
        assert_eq!(files.get(&path).as_deref(), Ok("1"));
        std::fs::write(&path, "2").unwrap();
        assert_eq!(files.reread(&folder.path().join("b.json")).len(), 0);
        assert_eq!(files.reread(folder.path()).len(), 1);
        assert_eq!(files.get(&path).as_deref(), Ok("2"));
        assert_eq!(files.reread(&path).len(), 0);
    }

    #[test]
    fn what_is_no_text_of_reasonable_size_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, files) = (folder.path().join("a.json"), DataFiles::default());
        std::fs::write(&path, b"\xff").unwrap();
        assert_eq!(files.get(&path), Err(DataFileProblem::NotText));
        std::fs::File::create(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        files.verify();
        assert_eq!(files.get(&path), Err(DataFileProblem::TooLarge(MAX_BYTES)));
        assert_eq!(files.get(folder.path()), Err(DataFileProblem::Missing));
    }
}
