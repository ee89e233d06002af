//! Document URIs and the paths that stand for them inside.

use dashmap::DashMap;
use std::path::{Path, PathBuf};
use tower_lsp::lsp_types::Url;

/// Remembers how the client writes its URIs, so that it gets them back as it knows them.
#[derive(Debug, Default)]
pub(crate) struct Uris {
    known: DashMap<PathBuf, Url>,
}

impl Uris {
    /// The path of a document the client speaks of.
    pub(crate) fn path(&self, uri: &Url) -> PathBuf {
        let path = path_of(uri);
        self.known.entry(path.clone()).or_insert_with(|| uri.clone());
        path
    }

    /// The URI of a path; `None` for one that no client can open.
    pub(crate) fn uri(&self, path: &Path) -> Option<Url> {
        if let Some(known) = self.known.get(path) {
            return Some(known.clone());
        }
        Url::from_file_path(path)
            .ok()
            .or_else(|| Url::parse(path.to_str()?).ok())
    }
}

/// The path that a URI stands for: that of a `file:` URI; for others (`untitled:`, …) the URI itself, which is no path on
/// any disk.
pub(crate) fn path_of(uri: &Url) -> PathBuf {
    let path = if uri.scheme() == "file" {
        uri.to_file_path().ok()
    } else {
        None
    };
    path.map_or_else(|| PathBuf::from(uri.as_str()), upper_drive)
}

/// Windows drive letters are upper case, however the client writes them.
fn upper_drive(path: PathBuf) -> PathBuf {
    match path.to_str() {
        Some(text) if cfg!(windows) && text.as_bytes().get(1) == Some(&b':') => {
            let (drive, rest) = text.split_at(1);
            PathBuf::from(format!("{}{rest}", drive.to_uppercase()))
        }
        _ => path,
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn odd_paths_come_back_as_the_client_wrote_them() {
        for (text, path) in [
            ("file:///a%20b/%C3%BC/x.py", "/a b/ü/x.py"),
            ("file:///p/%2B%40%28%29%27%5B/x.py", "/p/+@()'[/x.py"),
            ("file:///c%3A/x.py", "/c:/x.py"),
            ("untitled:Untitled-1", "untitled:Untitled-1"),
        ] {
            let uris = Uris::default();
            assert_eq!(uris.path(&uri(text)), PathBuf::from(path));
            assert_eq!(uris.uri(Path::new(path)), Some(uri(text)));
        }
    }

    #[test]
    fn paths_the_client_never_named_are_encoded() {
        let uris = Uris::default();
        assert_eq!(uris.uri(Path::new("/a b/ü.py")), Some(uri("file:///a%20b/%C3%BC.py")));
    }
}
