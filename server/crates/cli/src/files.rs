//! Writing the user's files.

use crate::error::Error;
use std::io::Write;
use std::path::Path;

/// Replaces a file's text as a whole: whoever reads it meanwhile, and a power cut, find the old or the new one.
///
/// # Errors
/// Where the folder or the file can't be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    replace(path, text).map_err(|error| Error::Unwritable(path.to_path_buf(), error))
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // Of a link, what it leads to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.routewright-{}", std::process::id()));
    let written = std::fs::File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        if let Ok(metadata) = path.metadata() {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_all()
    });
    let replaced = written.and_then(|()| std::fs::rename(&draft, &path));
    if replaced.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    replaced
}
