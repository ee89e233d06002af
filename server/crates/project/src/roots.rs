//! Projects of the workspace and the source roots that their files are imported from.

use crate::layout::Layout;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use toml::{Table, Value};

/// Files that say that a project begins in their folder.
const MARKERS: &[&str] = &[
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "routewright.toml",
    "Pipfile",
    "alembic.ini",
];

/// Whether a file of that name says that a project begins in its folder.
#[must_use]
pub fn is_marker(name: &str) -> bool {
    MARKERS.contains(&name) || (name.starts_with("requirements") && name.ends_with(".txt"))
}

/// Whether a file is a marker that holds even in a folder that is itself a package. A `setup.py` may be any module there.
fn is_strong(file: &Path) -> bool {
    match file.file_name().and_then(|name| name.to_str()) {
        Some("pyproject.toml" | "setup.cfg") => file.is_file(),
        Some("setup.py") => std::fs::read(file).is_ok_and(|bytes| {
            let text = String::from_utf8_lossy(&bytes);
            ["setuptools", "distutils", "setup("]
                .iter()
                .any(|word| text.contains(word))
        }),
        _ => false,
    }
}

/// A project: a folder with a marker, or a workspace folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Root {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// Where its modules are imported from, best first: hints of its configuration, `src`, the folder itself.
    pub(crate) source_roots: Vec<PathBuf>,
    /// Its `pyproject.toml`, where it has one that can be parsed.
    pub(crate) pyproject: Option<Table>,
    /// Where the topmost package stands that its folder is or belongs to, if nothing says that a project begins in the folder.
    pub(crate) around_package: Option<PathBuf>,
    /// Whether only imports can say that modules are imported from its folder: no file there is about packaging, and it is
    /// no workspace folder.
    pub(crate) is_doubtful: bool,
}

impl Root {
    /// A table `[tool.name]` of `pyproject.toml`.
    pub(crate) fn tool(&self, name: &str) -> Option<&Value> {
        self.pyproject.as_ref()?.get("tool")?.get(name)
    }
}

/// The projects of a workspace folder, outermost first.
pub(crate) fn find(workspace: &Path, markers: &[PathBuf], layout: &Layout) -> Vec<Root> {
    let around = enclosing(workspace);
    let around_package = around
        .is_none()
        .then(|| package_around(workspace)?.parent().map(Path::to_path_buf));
    let outermost = around.unwrap_or_else(|| workspace.to_path_buf());
    let mut certain: BTreeMap<PathBuf, bool> = BTreeMap::from([(outermost.clone(), true)]);
    for marker in markers {
        let (Some(folder), Some(name)) = (marker.parent(), marker.file_name().and_then(|name| name.to_str())) else {
            continue;
        };
        let is_strong = is_strong(marker);
        if is_strong || !layout.is_package(folder) {
            *certain.entry(folder.to_path_buf()).or_default() |= is_strong || name == "routewright.toml";
        }
    }
    let mut roots: Vec<Root> = certain
        .into_iter()
        .map(|(folder, is_certain)| read(folder, !is_certain, layout))
        .collect();
    if let Some(root) = roots.iter_mut().find(|root| root.folder == outermost) {
        root.around_package = around_package.flatten();
    }
    roots
}

/// The nearest folder at or above `folder` in which a project begins; not beyond the repository it is in.
#[must_use]
pub fn enclosing(folder: &Path) -> Option<PathBuf> {
    for above in folder.ancestors() {
        if MARKERS.iter().any(|name| is_strong(&above.join(name))) {
            return Some(above.to_path_buf());
        }
        if above.join(".git").exists() {
            return None;
        }
    }
    None
}

/// The folder to discover for a file or folder that somebody names: the enclosing project, else the topmost package that it is
/// in, with what stands beside that where it is `within` a folder that was asked for; else the folder itself.
#[must_use]
pub fn workspace_of(path: &Path, within: Option<&Path>) -> PathBuf {
    let folder = if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(path)
    };
    if let Some(project) = enclosing(folder) {
        return project;
    }
    let Some(package) = package_around(folder) else {
        // A folder without `__init__.py` is no package by itself; what begins above it is what was asked for.
        let mut above = folder.ancestors();
        let asked = above.find(|above| begins_something(above));
        let asked = asked.filter(|asked| within.is_some_and(|within| asked.starts_with(within)));
        return asked.unwrap_or(folder).to_path_buf();
    };
    let beside = package.parent().filter(|_| !begins_something(&package));
    let beside = beside.filter(|beside| within.is_some_and(|within| beside.starts_with(within)));
    beside.map_or_else(|| package.clone(), Path::to_path_buf)
}

/// The topmost package that a folder is or belongs to; not above one in which a repository or project begins.
fn package_around(folder: &Path) -> Option<PathBuf> {
    let mut topmost = None;
    for package in folder.ancestors().take_while(|above| is_package(above)) {
        topmost = Some(package.to_path_buf());
        if begins_something(package) {
            break;
        }
    }
    topmost
}

fn is_package(folder: &Path) -> bool {
    folder.join("__init__.py").is_file()
}

/// Whether a repository begins in a folder, or a file there lists what is installed for it.
pub(crate) fn begins_something(folder: &Path) -> bool {
    [".git", "requirements.txt", "Pipfile"]
        .iter()
        .any(|name| folder.join(name).exists())
}

fn read(folder: PathBuf, is_doubtful: bool, layout: &Layout) -> Root {
    let pyproject = std::fs::read_to_string(folder.join("pyproject.toml"))
        .ok()
        .and_then(|text| text.parse::<Table>().ok());
    let mut source_roots = Vec::new();
    if let Some(pyproject) = &pyproject {
        source_roots.extend(hints(&folder, pyproject));
    }
    source_roots.extend(usual(&folder, layout));
    let mut seen = rustc_hash::FxHashSet::default();
    source_roots.retain(|root| seen.insert(root.clone()));
    Root {
        folder,
        source_roots,
        pyproject,
        around_package: None,
        is_doubtful,
    }
}

/// Where the modules of a project are imported from if nothing says so.
pub(crate) fn usual(folder: &Path, layout: &Layout) -> Vec<PathBuf> {
    let src = folder.join("src");
    let mut roots = vec![folder.to_path_buf()];
    if !layout.is_package(&src) {
        roots.insert(0, src);
    }
    roots
}

fn at<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

/// Source roots that configuration of packaging and checking tools names.
fn hints(folder: &Path, pyproject: &Table) -> Vec<PathBuf> {
    let lists = [
        &["tool", "setuptools", "packages", "find", "where"][..],
        &["tool", "uv", "build-backend", "module-root"],
        &["tool", "pdm", "build", "package-dir"],
        &["tool", "hatch", "build", "sources"],
        &["tool", "pytest", "ini_options", "pythonpath"],
        &["tool", "pytest", "pythonpath"],
        &["tool", "pyright", "extraPaths"],
        &["tool", "basedpyright", "extraPaths"],
        &["tool", "ty", "environment", "root"],
        &["tool", "ty", "environment", "extra-paths"],
        &["tool", "mypy", "mypy_path"],
        &["tool", "ruff", "src"],
    ];
    let mut found: Vec<PathBuf> = lists
        .iter()
        .filter_map(|keys| at(pyproject, keys))
        .flat_map(strings)
        .collect::<Vec<_>>()
        .iter()
        .filter_map(|path| below(folder, path))
        .collect();
    let package_dirs = at(pyproject, &["tool", "setuptools", "package-dir"]).and_then(Value::as_table);
    let package_dir = package_dirs.and_then(|dirs| dirs.get("")?.as_str());
    let poetry = at(pyproject, &["tool", "poetry", "packages"]).and_then(Value::as_array);
    let poetry = poetry
        .into_iter()
        .flatten()
        .filter_map(|package| package.get("from")?.as_str());
    found.extend(
        package_dir
            .into_iter()
            .chain(poetry)
            .filter_map(|path| below(folder, path)),
    );
    found
}

/// A string, or the strings of a list.
fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => text.split([' ', ':', ',']).filter(|part| !part.is_empty()).collect(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `path` in `folder`, without `.` and `..`; absolute paths and globs are no hints.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut result = folder.to_path_buf();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => result.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(result).filter(|_| !path.contains(['*', '?']))
}
