//! Which files of a folder belong to the project.

use ignore::{DirEntry, WalkBuilder};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Files larger than this are left out: nobody wrote them by hand.
pub const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;

/// Deeper folders are left out.
const MAX_DEPTH: usize = 64;

/// How often the same folder is followed through symbolic links.
const MAX_LINKS_TO_ONE_FOLDER: usize = 8;

/// Folders that hold no code of the project, whatever the ignore files say.
const SKIPPED: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".eggs",
    "node_modules",
    "__pycache__",
    "__pypackages__",
    "site-packages",
    "dist-packages",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    ".ipynb_checkpoints",
];

/// Names of build output, unless the folder is a package of the project.
const BUILD_OUTPUT: &[&str] = &["build", "dist", "htmlcov"];

/// How names of files of data end that wiring may be read from.
pub const DATA_SUFFIXES: &[&str] = &["json", "toml", "yaml", "yml", "txt"];

/// Something about the files on disk that the user may want to know; never fatal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The file or folder.
    pub path: PathBuf,
    /// One sentence without a final stop.
    pub message: String,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Python files, sorted.
    pub(crate) python: Vec<PathBuf>,
    /// Files that say where a project begins or how it is configured, sorted.
    pub(crate) markers: Vec<PathBuf>,
    pub(crate) notes: Vec<Note>,
}

/// Lists the Python files below `root`, as `.gitignore` files there and above have it. Links are followed, loops are not.
pub(crate) fn list(root: &Path, is_marker: fn(&str) -> bool) -> Listing {
    let mut listing = Listing::default();
    if let Err(error) = std::fs::read_dir(root) {
        listing.notes.push(Note {
            path: root.to_path_buf(),
            message: format!("the folder can't be read: {error}"),
        });
        return listing;
    }
    for entry in walk(root) {
        match entry {
            Ok(entry) => sort_in(root, &entry, is_marker, &mut listing),
            Err(error) => listing.notes.extend(note_of(root, &error)),
        }
    }
    listing.python.sort();
    listing.markers.sort();
    listing
}

fn walk(root: &Path) -> ignore::Walk {
    let links: Arc<Mutex<FxHashMap<PathBuf, usize>>> = Arc::default();
    WalkBuilder::new(root)
        .follow_links(true)
        .max_depth(Some(MAX_DEPTH))
        .hidden(true)
        .ignore(false)
        .git_global(false)
        .require_git(false)
        .filter_entry(move |entry| entry.depth() == 0 || !is_folder(entry) || is_entered(entry, &links))
        .build()
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Whether the walk goes into a folder.
fn is_entered(entry: &DirEntry, links: &Mutex<FxHashMap<PathBuf, usize>>) -> bool {
    let path = entry.path();
    if is_skipped_folder(path) {
        return false;
    }
    if !entry.path_is_symlink() {
        return true;
    }
    // Bazel's output trees; and links that lead to each other would otherwise multiply.
    if entry.file_name().to_string_lossy().starts_with("bazel-") {
        return false;
    }
    let Ok(target) = path.canonicalize() else { return false };
    let mut links = links.lock().unwrap_or_else(PoisonError::into_inner);
    let count = links.entry(target).or_default();
    *count += 1;
    *count <= MAX_LINKS_TO_ONE_FOLDER
}

/// Whether a folder never belongs to a project: an environment, a cache, build output.
#[must_use]
pub fn is_skipped_folder(folder: &Path) -> bool {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    SKIPPED.contains(&name.as_ref())
        || folder.join("pyvenv.cfg").is_file()
        || folder.join("conda-meta").is_dir()
        || (BUILD_OUTPUT.contains(&name.as_ref()) && !folder.join("__init__.py").is_file())
}

/// Whether a walk of `root` would come to a Python file at `file`.
pub(crate) fn is_listed(root: &Path, file: &Path) -> bool {
    let is_python = file.extension().is_some_and(|extension| extension == "py");
    let mut between = file.ancestors().skip(1).take_while(|above| *above != root);
    is_python && !between.any(is_skipped_folder) && !is_hidden(root, file) && !is_ignored(root, file)
}

fn is_hidden(root: &Path, file: &Path) -> bool {
    let relative = file.strip_prefix(root).unwrap_or(file);
    relative.iter().any(|name| name.to_string_lossy().starts_with('.'))
}

/// Whether the `.gitignore` files between `root` and `file` name it or a folder above it; the nearest that says anything wins.
fn is_ignored(root: &Path, file: &Path) -> bool {
    let folders = file.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    for folder in folders {
        let (patterns, _) = ignore::gitignore::Gitignore::new(folder.join(".gitignore"));
        match patterns.matched_path_or_any_parents(file, false) {
            ignore::Match::None => {}
            found => return found.is_ignore(),
        }
    }
    false
}

fn sort_in(root: &Path, entry: &DirEntry, is_marker: fn(&str) -> bool, listing: &mut Listing) {
    if is_folder(entry) {
        return;
    }
    let path = entry.path();
    let name = entry.file_name().to_string_lossy();
    if is_marker(&name) {
        listing.markers.push(path.to_path_buf());
    }
    if path.extension().is_none_or(|extension| extension != "py") {
        return;
    }
    match reason_to_leave_out(root, path) {
        None => listing.python.push(path.to_path_buf()),
        Some(message) => listing.notes.push(Note {
            path: path.to_path_buf(),
            message,
        }),
    }
}

/// Why a Python file is left out of the model, if it is.
pub(crate) fn reason_to_leave_out(root: &Path, file: &Path) -> Option<String> {
    if file
        .strip_prefix(root)
        .is_ok_and(|relative| relative.to_str().is_none())
    {
        return Some("its name is not valid UTF-8, so no import can name it".to_owned());
    }
    match std::fs::metadata(file) {
        Err(error) => Some(format!("it can't be read: {error}")),
        Ok(metadata) if !metadata.is_file() => Some("it is not a regular file".to_owned()),
        Ok(metadata) if metadata.len() > MAX_FILE_BYTES => Some(format!(
            "it is left out because it has {} MB (the limit is {} MB)",
            metadata.len() / (1024 * 1024),
            MAX_FILE_BYTES / (1024 * 1024)
        )),
        Ok(_) => std::fs::File::open(file)
            .err()
            .map(|error| format!("it can't be read: {error}")),
    }
}

/// A loop of links is no news; what can't be read is.
fn note_of(root: &Path, error: &ignore::Error) -> Option<Note> {
    match error {
        ignore::Error::WithPath { path, err } => note_of(path, err),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => note_of(root, err),
        ignore::Error::Io(error) => Some(Note {
            path: root.to_path_buf(),
            message: format!("it can't be read: {error}"),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_FILE_BYTES, list};
    use crate::fixture::Folder;

    fn names(folder: &Folder) -> Vec<String> {
        let listing = list(folder.path(), |name| name == "pyproject.toml");
        let relative = |path: &std::path::PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        listing.python.iter().chain(&listing.markers).map(relative).collect()
    }

    #[test]
    fn environments_caches_and_ignored_files_are_left_out() {
        let folder = Folder::new(&[
            ("app/main.py", ""),
            ("app/build/__init__.py", ""),
            ("build/lib/app/main.py", ""),
            ("my env/pyvenv.cfg", ""),
            ("my env/lib/x.py", ""),
            (".venv/lib/x.py", ""),
            ("node_modules/gyp/x.py", ""),
            ("generated/x.py", ""),
            (".gitignore", "generated/\n"),
            ("pyproject.toml", ""),
        ]);
        assert_eq!(
            names(&folder),
            ["app/build/__init__.py", "app/main.py", "pyproject.toml"]
        );
    }

    #[test]
    fn odd_names_are_listed() {
        let folder = Folder::new(&[("a b/+@()'[ü%20.py", ""), ("ü/__init__.py", "")]);
        assert_eq!(names(&folder), ["a b/+@()'[ü%20.py", "ü/__init__.py"]);
    }

    #[cfg(unix)]
    #[test]
    fn loops_of_links_end_and_names_outside_utf8_are_noted() {
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::new(&[("a/x.py", ""), ("b/y.py", "")]);
        let root = folder.path();
        std::os::unix::fs::symlink(root, root.join("a/up")).unwrap();
        std::os::unix::fs::symlink("../b", root.join("a/b")).unwrap();
        std::os::unix::fs::symlink("../a", root.join("b/a")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("gone.py")).unwrap();
        std::fs::write(root.join(std::ffi::OsStr::from_bytes(b"\xff.py")), "").unwrap();
        let listing = list(root, |_| false);
        assert!(listing.python.contains(&root.join("a/b/y.py")));
        assert!(listing.python.len() < 20);
        assert_eq!(listing.notes.len(), 2, "{:?}", listing.notes);
    }

    #[test]
    fn a_huge_file_is_left_out_with_a_note() {
        let folder = Folder::new(&[("a.py", "")]);
        let file = std::fs::File::create(folder.path().join("huge.py")).unwrap();
        file.set_len(MAX_FILE_BYTES + 1).unwrap();
        let listing = list(folder.path(), |_| false);
        assert_eq!(listing.python.len(), 1);
        assert!(listing.notes[0].message.contains("8 MB"));
    }
}
