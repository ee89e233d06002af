//! The workspace's Python files as a tree of folders, and how Python finds a module in it.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One folder that holds Python files, directly or further down.
#[derive(Clone, Debug, Default)]
struct Folder {
    modules: BTreeSet<SmolStr>,
    folders: BTreeSet<SmolStr>,
}

impl Folder {
    fn is_package(&self) -> bool {
        self.modules.contains("__init__")
    }
}

/// Where a search for a module ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A module's file, or the `__init__.py` of a package.
    File(PathBuf),
    /// A folder without `__init__.py`; all portions of it.
    Namespace(Vec<PathBuf>),
    /// A regular package (its folder) or module (its file) is there, but the given next part of the name is not in it.
    Broken(PathBuf, SmolStr),
    /// Not even the first part of the name is there.
    Absent,
}

/// The listed files, by folder. Paths are absolute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    files: BTreeSet<Arc<Path>>,
    folders: FxHashMap<PathBuf, Folder>,
}

impl Layout {
    /// The files in order.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Arc<Path>> {
        self.files.iter()
    }

    pub(crate) fn contains(&self, file: &Path) -> bool {
        self.files.contains(file)
    }

    /// Adds a file below `root`; returns whether it is new.
    pub(crate) fn add(&mut self, root: &Path, file: &Path) -> bool {
        let (Some(stem), Some(folder)) = (file.file_stem().and_then(|stem| stem.to_str()), file.parent()) else {
            return false;
        };
        if !self.files.insert(file.into()) {
            return false;
        }
        let own = self.folders.entry(folder.to_path_buf()).or_default();
        own.modules.insert(stem.into());
        let mut below = folder;
        while below != root
            && let (Some(name), Some(above)) = (below.file_name().and_then(|name| name.to_str()), below.parent())
        {
            let entry = self.folders.entry(above.to_path_buf()).or_default();
            if !entry.folders.insert(name.into()) {
                break;
            }
            below = above;
        }
        true
    }

    /// Takes a file out; returns whether it was there.
    pub(crate) fn remove(&mut self, file: &Path) -> bool {
        if !self.files.remove(file) {
            return false;
        }
        let mut path = file;
        let mut is_file = true;
        while let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) {
            let Some(entry) = self.folders.get_mut(folder) else {
                break;
            };
            if is_file {
                entry.modules.remove(name.trim_end_matches(".py"));
            } else {
                entry.folders.remove(name);
            }
            if !entry.modules.is_empty() || !entry.folders.is_empty() {
                break;
            }
            self.folders.remove(folder);
            path = folder;
            is_file = false;
        }
        true
    }

    /// Whether the folder has an `__init__.py`.
    pub(crate) fn is_package(&self, folder: &Path) -> bool {
        self.folders.get(folder).is_some_and(Folder::is_package)
    }

    /// What is directly in a folder, sorted: names of Python files, and of folders (`true`) that hold some.
    pub(crate) fn entries(&self, folder: &Path) -> Option<Vec<(Arc<str>, bool)>> {
        let folder = self.folders.get(folder)?;
        let files = folder
            .modules
            .iter()
            .map(|name| (Arc::from(format!("{name}.py")), false));
        let folders = folder.folders.iter().map(|name| (Arc::from(name.as_str()), true));
        let mut entries: Vec<(Arc<str>, bool)> = files.chain(folders).collect();
        entries.sort();
        Some(entries)
    }

    /// Names of the modules and folders directly in `folders`, sorted, `__init__` left out.
    pub(crate) fn children(&self, folders: &[PathBuf]) -> Vec<SmolStr> {
        let names: BTreeSet<&SmolStr> = folders
            .iter()
            .filter_map(|folder| self.folders.get(folder))
            .flat_map(|folder| folder.modules.iter().chain(&folder.folders))
            .filter(|name| *name != "__init__" && is_identifier(name))
            .collect();
        names.into_iter().cloned().collect()
    }

    /// Finds an absolute dotted module as Python's path finder does over `roots`: in each root a regular package before a
    /// module of the same name; folders without `__init__.py` only where no root has either.
    pub(crate) fn find<'a>(&self, roots: impl IntoIterator<Item = &'a Path>, module: &str) -> Found {
        let mut portions: Vec<PathBuf> = roots.into_iter().map(Path::to_path_buf).collect();
        let mut inside = None;
        let mut parts = module.split('.').peekable();
        while let Some(part) = parts.next() {
            let next = parts.peek().copied();
            let is_last = next.is_none();
            let mut namespace = Vec::new();
            let mut package = None;
            for portion in &portions {
                let Some(folder) = self.folders.get(portion) else {
                    continue;
                };
                let below = portion.join(part);
                let is_folder = folder.folders.contains(part);
                if is_folder && self.is_package(&below) {
                    package = Some(below);
                    break;
                }
                if folder.modules.contains(part) {
                    let file = portion.join(format!("{part}.py"));
                    return match next {
                        None => Found::File(file),
                        Some(next) => Found::Broken(file, next.into()),
                    };
                }
                if is_folder {
                    namespace.push(below);
                }
            }
            match package {
                Some(package) if is_last => return Found::File(package.join("__init__.py")),
                Some(package) => {
                    inside = Some(package.clone());
                    portions = vec![package];
                }
                None if !namespace.is_empty() => {
                    if is_last {
                        return Found::Namespace(namespace);
                    }
                    portions = namespace;
                }
                None => {
                    return match inside {
                        Some(package) => Found::Broken(package, part.into()),
                        None => Found::Absent,
                    };
                }
            }
        }
        Found::Absent
    }
}

fn is_identifier(name: &str) -> bool {
    name.chars()
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && name.chars().all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{Found, Layout};
    use std::path::{Path, PathBuf};

    fn layout(files: &[&str]) -> Layout {
        let mut layout = Layout::default();
        for file in files {
            layout.add(Path::new("/w"), &Path::new("/w").join(file));
        }
        layout
    }

    fn find(layout: &Layout, module: &str) -> Found {
        layout.find([Path::new("/w")], module)
    }

    fn file(path: &str) -> Found {
        Found::File(Path::new("/w").join(path))
    }

    #[test]
    fn a_package_shadows_a_module_and_a_module_shadows_a_namespace() {
        let layout = layout(&["a.py", "a/__init__.py", "b.py", "b/x.py", "c/x.py"]);
        assert_eq!(find(&layout, "a"), file("a/__init__.py"));
        assert_eq!(find(&layout, "b"), file("b.py"));
        assert_eq!(find(&layout, "b.x"), Found::Broken("/w/b.py".into(), "x".into()));
        assert_eq!(find(&layout, "c"), Found::Namespace(vec!["/w/c".into()]));
        assert_eq!(find(&layout, "c.x"), file("c/x.py"));
        assert_eq!(find(&layout, "C"), Found::Absent);
        assert_eq!(find(&layout, "a.y"), Found::Broken("/w/a".into(), "y".into()));
    }

    #[test]
    fn a_later_root_s_package_shadows_an_earlier_root_s_namespace() {
        let layout = layout(&["one/p/x.py", "two/p/__init__.py", "three/p/z.py"]);
        let roots = ["/w/one", "/w/two", "/w/three"].map(Path::new);
        assert_eq!(layout.find(roots, "p"), file("two/p/__init__.py"));
        let portions: Vec<PathBuf> = vec!["/w/one/p".into(), "/w/three/p".into()];
        assert_eq!(layout.find([roots[0], roots[2]], "p"), Found::Namespace(portions));
        assert_eq!(layout.find([roots[0], roots[2]], "p.z"), file("three/p/z.py"));
    }

    #[test]
    fn removing_the_last_file_of_a_folder_removes_the_folder() {
        let mut layout = layout(&["a/b/c.py", "a/d.py"]);
        assert!(layout.remove(Path::new("/w/a/b/c.py")));
        assert!(!layout.remove(Path::new("/w/a/b/c.py")));
        assert_eq!(find(&layout, "a.b"), Found::Absent);
        assert_eq!(find(&layout, "a.d"), file("a/d.py"));
        assert!(layout.add(Path::new("/w"), Path::new("/w/a/b/__init__.py")));
        assert_eq!(find(&layout, "a.b"), file("a/b/__init__.py"));
        assert_eq!(layout.children(&["/w/a".into()]), ["b", "d"]);
    }
}
