//! Which files can matter: a file that can't is not parsed at all.
//!
//! A file matters if it names the framework, or imports a file that matters: those are run. Whatever they import, at any
//! distance, is needed to run them. Imports are read off the text ([`crate::imports`]), so the whole set is known before
//! anything is parsed; what is imported dynamically is parsed on demand.

use crate::{imports::ImportScan, paths::PathTable};
use base::FileId;
use dashmap::DashMap;
use project::{Project, Resolution};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What the layout of the workspace says of imports, worked out once.
#[derive(Debug, Default)]
pub(crate) struct ResolutionCache {
    /// Resolutions by the folder that imports and the module that is imported: no more goes into an answer.
    resolutions: DashMap<(PathBuf, SmolStr), Resolution>,
    /// The dotted names of files.
    pub(crate) names: DashMap<FileId, Arc<str>>,
}

/// What each file may import of the workspace, kept as long as neither its imports nor the table of files changes.
#[derive(Debug, Default)]
pub(crate) struct ImportGraph {
    edges: FxHashMap<FileId, (Arc<ImportScan>, Vec<FileId>)>,
}

/// What matters of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relevance {
    /// Files to run, in a stable order.
    pub(crate) run: Arc<Vec<FileId>>,
    /// Tests and scripts to run behind those, in a stable order.
    pub(crate) aside: Arc<Vec<FileId>>,
    /// Files among them that name `dependency_overrides`, in a stable order.
    pub(crate) overriding: Arc<Vec<FileId>>,
    /// Files that name the framework.
    pub(crate) mentioning: Arc<FxHashSet<FileId>>,
    /// All files whose imports were read.
    pub(crate) scanned: Arc<FxHashSet<FileId>>,
    /// Those and everything they import.
    pub(crate) needed: Arc<FxHashSet<FileId>>,
}

/// Resolves imports of one workspace.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) project: &'a Project,
    pub(crate) cache: &'a ResolutionCache,
}

impl Resolver<'_> {
    /// Where an absolute module leads for an import in `from`.
    pub(crate) fn resolve(&self, from: &Path, module: &str) -> Resolution {
        let folder = from.parent().unwrap_or(from);
        let key = (folder.to_path_buf(), SmolStr::from(module));
        if let Some(known) = self.cache.resolutions.get(&key) {
            return known.clone();
        }
        let resolution = self.project.resolve(from, module);
        self.cache.resolutions.insert(key, resolution.clone());
        resolution
    }

    /// The workspace's files that an import statement may run: packages on the way, the module, and submodules it names.
    fn files(&self, from: &Path, scan: &ImportScan) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for import in &scan.imports {
            let Some(module) = self.absolute(from, import.level, &import.module) else {
                continue;
            };
            if import.name.is_empty() {
                for (end, _) in module.match_indices('.').chain(std::iter::once((module.len(), ""))) {
                    files.extend(file(self.resolve(from, &module[..end])));
                }
            } else {
                files.extend(self.submodule(from, &module, &import.name));
            }
        }
        files
    }

    fn submodule(&self, from: &Path, module: &str, name: &str) -> Option<PathBuf> {
        match self.resolve(from, module) {
            Resolution::File(init) if init.ends_with("__init__.py") => {
                let folder = init.parent()?;
                [folder.join(name).join("__init__.py"), folder.join(format!("{name}.py"))]
                    .into_iter()
                    .find(|path| self.project.contains(path))
            }
            Resolution::Namespace => file(self.resolve(from, &format!("{module}.{name}"))),
            _ => None,
        }
    }

    /// The absolute name of what `from` calls `level` dots and `module`; `None` where the dots lead out of the root.
    fn absolute(&self, from: &Path, level: u32, module: &str) -> Option<String> {
        if level == 0 {
            return (!module.is_empty()).then(|| module.to_owned());
        }
        let own = self.project.module_name(from);
        let mut parts: Vec<&str> = own.split('.').collect();
        let is_package = from.file_name().is_some_and(|name| name == "__init__.py");
        let dropped = level as usize - usize::from(is_package);
        if dropped > parts.len() {
            return None;
        }
        parts.truncate(parts.len() - dropped);
        if !module.is_empty() {
            parts.push(module);
        }
        (!parts.is_empty()).then(|| parts.join("."))
    }
}

fn file(resolution: Resolution) -> Option<PathBuf> {
    match resolution {
        Resolution::File(file) => Some(file),
        _ => None,
    }
}

impl ImportGraph {
    /// Resolves what is new among the files' imports and forgets files that are gone.
    fn update(
        &mut self,
        resolver: Resolver<'_>,
        paths: &PathTable,
        scans: &BTreeMap<Arc<Path>, Arc<ImportScan>>,
    ) -> FxHashMap<FileId, Vec<FileId>> {
        let known = std::mem::take(&mut self.edges);
        self.edges = scans
            .par_iter()
            .map(|(path, scan)| {
                let file = paths.intern(path);
                let imported = match known.get(&file) {
                    Some((old, imported)) if Arc::ptr_eq(old, scan) => imported.clone(),
                    _ => resolver
                        .files(path, scan)
                        .iter()
                        .map(|file| paths.intern(file))
                        .collect(),
                };
                (file, (scan.clone(), imported))
            })
            .collect();
        let edges = self.edges.iter();
        edges.map(|(file, (_, imported))| (*file, imported.clone())).collect()
    }
}

/// Works out what matters.
pub(crate) fn relevance(
    graph: &mut ImportGraph,
    resolver: Resolver<'_>,
    paths: &PathTable,
    scans: &BTreeMap<Arc<Path>, Arc<ImportScan>>,
) -> Relevance {
    let edges = graph.update(resolver, paths, scans);
    let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
    for (importer, imported) in &edges {
        for file in imported {
            importers.entry(*file).or_default().push(*importer);
        }
    }
    let mentioning: FxHashSet<FileId> = scans
        .iter()
        .filter(|(_, scan)| scan.mentions_framework)
        .map(|(path, _)| paths.intern(path))
        .collect();
    let matters = closure(mentioning.iter().copied().collect(), &importers);
    let overriding = scans.iter().filter(|(_, scan)| scan.mentions_overrides);
    let overriding = overriding.filter_map(|(path, _)| paths.get(path));
    let overriding: Vec<FileId> = overriding.filter(|id| matters.contains(id)).collect();
    let (aside, run): (Vec<&Arc<Path>>, Vec<&Arc<Path>>) = scans
        .keys()
        .filter(|path| paths.get(path).is_some_and(|id| matters.contains(&id)))
        .partition(|path| is_test_or_script(path));
    let ids = |files: Vec<&Arc<Path>>| -> Vec<FileId> { files.into_iter().map(|path| paths.intern(path)).collect() };
    let (run, aside) = (ids(run), ids(aside));
    Relevance {
        needed: Arc::new(closure([&run[..], &aside[..]].concat(), &edges)),
        run: Arc::new(run),
        aside: Arc::new(aside),
        overriding: Arc::new(overriding),
        mentioning: Arc::new(mentioning),
        scanned: Arc::new(scans.keys().map(|path| paths.intern(path)).collect()),
    }
}

/// Everything that `edges` lead to from `start`, `start` included.
fn closure(start: Vec<FileId>, edges: &FxHashMap<FileId, Vec<FileId>>) -> FxHashSet<FileId> {
    let mut seen: FxHashSet<FileId> = start.iter().copied().collect();
    let mut open = start;
    while let Some(file) = open.pop() {
        for next in edges.get(&file).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(*next);
            }
        }
    }
    seen
}

fn is_test_or_script(path: &Path) -> bool {
    const FOLDERS: [&str; 6] = ["tests", "test", "scripts", "migrations", "alembic", "benchmarks"];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("test_")
        || name.ends_with("_test.py")
        || name == "conftest.py"
        || path
            .parent()
            .into_iter()
            .flat_map(Path::iter)
            .any(|folder| FOLDERS.iter().any(|known| folder == *known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::scan;

    fn names(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let mut scans = BTreeMap::new();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            scans.insert(Arc::from(path), Arc::new(scan(text)));
        }
        let project = Project::discover(&[folder.path().to_path_buf()], &project::Options::default());
        let paths = PathTable::default();
        let resolver = Resolver {
            project: &project,
            cache: &ResolutionCache::default(),
        };
        let relevance = relevance(&mut ImportGraph::default(), resolver, &paths, &scans);
        let name = |id: &FileId| {
            let path = paths.path(*id);
            path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned()
        };
        let mut needed: Vec<_> = relevance.needed.iter().map(name).collect();
        needed.sort();
        let run = relevance.run.iter().chain(relevance.aside.iter());
        (run.map(name).collect(), needed)
    }

    #[test]
    fn what_names_the_framework_and_what_imports_it_is_run_and_what_those_import_is_needed() {
        let (run, needed) = names(&[
            ("app/__init__.py", ""),
            (
                "app/core.py",
                "from fastapi import FastAPI\nfrom .settings import PREFIX",
            ),
            ("app/settings.py", "from app import constants"),
            ("app/constants.py", "PREFIX = '/api'"),
            ("app/main.py", "from app.core import make\napp = make()"),
            ("app/unrelated.py", "import json"),
            ("tests/test_app.py", "from app.main import app"),
            ("asgi.py", "import app.main"),
        ]);
        assert_eq!(run, ["app/core.py", "app/main.py", "asgi.py", "tests/test_app.py"]);
        assert_eq!(
            needed,
            [
                "app/__init__.py",
                "app/constants.py",
                "app/core.py",
                "app/main.py",
                "app/settings.py",
                "asgi.py",
                "tests/test_app.py"
            ]
        );
    }
}
