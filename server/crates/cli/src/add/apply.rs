//! Writing a change over several files: all of it or nothing.

use crate::{error::Error, files::write};
use std::path::{Path, PathBuf};

/// A file that a change touches or makes.
pub(super) struct Change {
    pub(super) path: PathBuf,
    /// Its text before; nothing for a new file.
    pub(super) old: Option<String>,
    pub(super) new: String,
}

/// Writes all of a change; nothing of it where a file has changed meanwhile, is there that was not, or can't be written.
pub(super) fn apply(changes: &[Change]) -> Result<(), Error> {
    changes.iter().try_for_each(check)?;
    let mut folders = Vec::new();
    for (done, change) in changes.iter().enumerate() {
        folders.extend(missing_folders(&change.path));
        if let Err(error) = write(&change.path, &change.new) {
            take_back(&changes[..done])?;
            remove_empty(folders);
            return Err(error);
        }
    }
    Ok(())
}

fn check(change: &Change) -> Result<(), Error> {
    let now = std::fs::read_to_string(&change.path).ok();
    if now.as_deref() != change.old.as_deref() {
        return Err(Error::Moved(change.path.clone()));
    }
    let is_read_only = change
        .path
        .metadata()
        .is_ok_and(|metadata| metadata.permissions().readonly());
    if is_read_only {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        return Err(Error::Unwritable(change.path.clone(), refused));
    }
    Ok(())
}

/// The folders above a file that are not there, innermost first.
fn missing_folders(path: &Path) -> Vec<PathBuf> {
    let above = path.ancestors().skip(1).take_while(|folder| !folder.exists());
    above.map(Path::to_path_buf).collect()
}

/// Gives files the text that they had, and removes those that were not there.
fn take_back(written: &[Change]) -> Result<(), Error> {
    for change in written.iter().rev() {
        match &change.old {
            Some(old) => write(&change.path, old)?,
            None => {
                std::fs::remove_file(&change.path).map_err(|error| Error::Unwritable(change.path.clone(), error))?;
            }
        }
    }
    Ok(())
}

/// Removes folders that the change made; what somebody else put into one meanwhile keeps it.
fn remove_empty(mut folders: Vec<PathBuf>) {
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
    for folder in folders {
        let _ = std::fs::remove_dir(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: PathBuf, old: Option<&str>) -> Change {
        Change {
            path,
            old: old.map(str::to_owned),
            new: "new".to_owned(),
        }
    }

    #[test]
    fn what_was_written_is_taken_back_where_a_later_file_can_not_be() {
        let folder = tempfile::tempdir().unwrap();
        let at = |below: &str| folder.path().join(below);
        std::fs::write(at("main.py"), "old").unwrap();
        // A file where a folder has to be can be written by nobody, the superuser included.
        std::fs::write(at("tests"), "").unwrap();
        let changes = [
            change(at("main.py"), Some("old")),
            change(at("app/api/items.py"), None),
            change(at("tests/test_items.py"), None),
        ];
        let error = apply(&changes).unwrap_err().to_string();
        assert!(error.contains("test_items.py"), "{error}");
        assert_eq!(std::fs::read_to_string(at("main.py")).unwrap(), "old");
        let mut left: Vec<_> = folder
            .path()
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["main.py", "tests"]);
    }

    #[test]
    fn nothing_is_written_where_a_file_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |below: &str| folder.path().join(below);
        std::fs::write(at("main.py"), "other").unwrap();
        let error = apply(&[change(at("new.py"), None), change(at("main.py"), Some("old"))]).unwrap_err();
        assert!(matches!(error, Error::Moved(path) if path == at("main.py")));
        assert!(!at("new.py").exists());
    }
}
