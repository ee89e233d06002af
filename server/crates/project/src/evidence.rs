//! Source roots that nothing declares, but that imports prove.
//!
//! In a folder without `__init__.py` and without a marker, `main.py` may be `main` (it is run there) or `folder.main` (it is
//! imported from above). An absolute import of a module that stands next to it, and nowhere else, says which.

use crate::is_standard_library;
use crate::layout::{Found, Layout};
use crate::service::Service;
use crate::versions::normalized_name;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// First parts of the imports of a module, sorted: of relative ones the dots. Only lines that begin with `import` or `from` are looked at.
pub(crate) fn imported_names(text: &str) -> Vec<SmolStr> {
    let mut names = BTreeSet::new();
    for line in text.lines().map(str::trim_start) {
        if let Some(module) = line.strip_prefix("from ") {
            names.extend(first_part(module));
        } else if let Some(modules) = line.strip_prefix("import ") {
            names.extend(modules.split(',').filter_map(first_part));
        }
    }
    names.into_iter().collect()
}

fn first_part(module: &str) -> Option<SmolStr> {
    let module = module.trim_start();
    let dots = module.len() - module.trim_start_matches('.').len();
    if dots > 0 {
        return Some(module[..dots].into());
    }
    let end = module
        .find(|c: char| !(c == '_' || c.is_alphanumeric()))
        .unwrap_or(module.len());
    (end > 0).then(|| module[..end].into())
}

/// How many dots a relative import begins with.
pub(crate) fn dots(name: &str) -> Option<usize> {
    name.starts_with('.').then_some(name.len())
}

/// The folder below which a file may be imported under several names, if there is one: where its topmost package stands,
/// when that is below its declared source root.
pub(crate) fn doubtful_folder(layout: &Layout, declared: &Path, file: &Path) -> Option<PathBuf> {
    let mut folder = file.parent()?;
    while folder != declared && layout.is_package(folder) {
        folder = folder.parent()?;
    }
    (folder != declared && folder.starts_with(declared)).then(|| folder.to_path_buf())
}

/// The folder that an import of `name` in `file` proves to be a source root: the nearest at or above `doubtful`, and below the
/// declared root, that holds the module, if nothing else can be meant.
pub(crate) fn proven_root(
    layout: &Layout,
    service: &Service,
    declared: &Path,
    doubtful: &Path,
    file: &Path,
    name: &str,
) -> Option<PathBuf> {
    let is_no_proof = dots(name).is_some()
        || is_standard_library(name)
        || service.declared.names(&normalized_name(name))
        || service
            .environment
            .as_ref()
            .is_some_and(|environment| environment.has_module(name));
    if is_no_proof {
        return None;
    }
    let roots = service.root.source_roots.iter().map(PathBuf::as_path);
    if layout.find(roots, name) != Found::Absent {
        return None;
    }
    doubtful
        .ancestors()
        .take_while(|above| *above != declared)
        // A folder without `__init__.py` proves nothing: it gives way to any library of its name.
        // What a package holds, further down too, is imported by the package's name.
        .filter(|above| !is_in_package(layout, declared, above))
        .find(|above| matches!(layout.find([*above], name), Found::File(found) if found != file))
        .map(Path::to_path_buf)
}

/// What the imports in the files of a folder say of where they lead from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Votes {
    /// Files that import by the name that the folder has from above.
    pub(crate) above: usize,
    /// Files that import what is directly in the folder.
    pub(crate) here: usize,
}

impl Votes {
    /// Adds what one file imports. A name that means something in both places says nothing.
    pub(crate) fn add(&mut self, layout: &Layout, above: &Path, here: &[PathBuf], names: &[SmolStr]) {
        let Some(outer) = here.last().and_then(|folder| first_below(above, folder)) else {
            return;
        };
        let is_here = |name: &str| {
            let roots = here.iter().map(PathBuf::as_path);
            !is_standard_library(name) && layout.find(roots, name) != Found::Absent
        };
        if is_here(outer) {
            return;
        }
        self.above += usize::from(names.iter().any(|name| name == outer));
        let is_above = |name: &str| layout.find([above], name) != Found::Absent;
        self.here += usize::from(names.iter().any(|name| is_here(name) && !is_above(name)));
    }
}

/// The first part of a folder's path below another.
fn first_below<'a>(above: &Path, folder: &'a Path) -> Option<&'a str> {
    folder.strip_prefix(above).ok()?.iter().next()?.to_str()
}

/// Whether a folder, or one above it, has an `__init__.py`.
fn is_in_package(layout: &Layout, declared: &Path, folder: &Path) -> bool {
    let mut above = folder.ancestors().take_while(|above| *above != declared);
    above.any(|above| layout.is_package(above))
}

#[cfg(test)]
mod tests {
    use super::imported_names;

    #[test]
    fn first_parts_of_imports_are_found() {
        let text = "import os, app.db as db\nfrom . import x\nfrom .y import z\n  from core.config import settings\nfromage = 1\n";
        assert_eq!(imported_names(text), [".", "app", "core", "os"]);
    }
}
