//! Texts of closed files, read back on demand.

use base::{FileId, LineIndex};
use dashmap::DashMap;
use rustc_hash::FxHasher;
use std::{
    hash::Hasher,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// How many bytes of texts are kept at most.
const CACHE_BYTES: usize = 32 << 20;

/// A text and its lines.
#[derive(Debug)]
pub struct Source {
    /// The text.
    pub text: Arc<str>,
    /// Its line starts.
    pub lines: LineIndex,
}

impl Source {
    /// Reads the line starts of `text`.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Self {
            lines: LineIndex::new(&text),
            text,
        }
    }
}

/// Reads a Python file as text: what is not UTF-8 becomes U+FFFD, a byte order mark stays.
///
/// # Errors
/// Whatever reading it fails with.
pub(crate) fn read(path: &Path) -> std::io::Result<String> {
    let bytes = std::fs::read(path)?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Whether there is a folder.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// A number that differs for different texts.
pub(crate) fn stamp(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.write_usize(text.len());
    hasher.finish()
}

/// Texts that were read back, by file and stamp.
#[derive(Debug, Default)]
pub(crate) struct SourceCache {
    sources: DashMap<FileId, (u64, Arc<Source>)>,
    bytes: AtomicUsize,
}

impl SourceCache {
    /// The text with that stamp. Empty where the file can't be read or says something else by now: spans must never be
    /// applied to another text than their own.
    pub(crate) fn get(&self, file: FileId, path: &Path, wanted: u64) -> Arc<Source> {
        if let Some(entry) = self.sources.get(&file)
            && entry.0 == wanted
        {
            return entry.1.clone();
        }
        let text = read(path).unwrap_or_default();
        if stamp(&text) != wanted {
            return Arc::new(Source::new(""));
        }
        let source = Arc::new(Source::new(text));
        let added = source.text.len();
        if self.bytes.fetch_add(added, Ordering::Relaxed) + added > CACHE_BYTES {
            self.sources.clear();
            self.bytes.store(added, Ordering::Relaxed);
        }
        self.sources.insert(file, (wanted, source.clone()));
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_changed_is_not_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        std::fs::write(&path, "a = 1\n").unwrap();
        let cache = SourceCache::default();
        let wanted = stamp("a = 1\n");
        std::fs::write(&path, "bb = 2\n").unwrap();
        assert_eq!(&*cache.get(FileId(0), &path, wanted).text, "");
        assert_eq!(&*cache.get(FileId(0), &path, stamp("bb = 2\n")).text, "bb = 2\n");
    }
}
