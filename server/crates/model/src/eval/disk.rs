//! The project's own folders as code sees them: `__file__`, `pathlib`, `os.path`, `os.listdir`, `pkgutil`. What is
//! listed are Python files and the folders that hold some; `data_files.rs` reads others.

use super::{
    Interp,
    iterate::Items,
    value::{Args, Value},
};
use crate::Place;
use base::FileId;
use smol_str::SmolStr;
use std::{
    path::{Component, Path, PathBuf},
    sync::Arc,
};

/// What stands first in the triples of `pkgutil.iter_modules`.
const FINDER: &str = "pkgutil.FileFinder";
/// Folders within folders that a search goes down.
const DEPTH: usize = 32;

/// Python gives the entries of a folder as the operating system lists them.
pub(super) const BY_DISK: &str = "a folder is listed in the order of the disk, which `sorted(…)` would settle";

impl Interp<'_> {
    /// `__file__`.
    pub(crate) fn file_name(&self, file: FileId) -> Value {
        Value::str(&self.source.file_path(file).to_string_lossy())
    }

    /// `__path__` of a package.
    pub(crate) fn package_path(&mut self, file: FileId) -> Option<Value> {
        let folder = self.source.file_path(file).parent()?.to_string_lossy().into_owned();
        let is_package = self.source.is_package(file);
        is_package.then(|| self.new_list(vec![Value::str(&folder)]))
    }

    /// A path as `pathlib` or a string holds it.
    pub(crate) fn path_in(&self, value: &Value) -> Option<PathBuf> {
        match value {
            Value::Path(path) | Value::Str(path) => Some(PathBuf::from(&**path)),
            _ => None,
        }
    }

    /// `base / part / …`.
    pub(crate) fn join_paths<'v>(&self, parts: impl IntoIterator<Item = &'v Value>) -> Option<PathBuf> {
        let mut joined = PathBuf::new();
        for part in parts {
            joined.push(self.path_in(part)?);
        }
        Some(joined)
    }

    /// Functions of `os`, `os.path`, `glob`, `pathlib` and `pkgutil` on paths that are known; `None` for all others.
    pub(crate) fn call_disk(&mut self, name: &str, args: &Args, call: Option<Place>) -> Option<Value> {
        let first = args.get(0, "path").cloned();
        let at = self.somewhere(call);
        Some(match name {
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "anyio.Path" => {
                let values: Vec<Value> = args.positional.iter().map(|(value, _)| value.clone()).collect();
                path_value(&self.join_paths(&values)?)
            }
            "os.path.join" => {
                let values: Vec<Value> = args.positional.iter().map(|(value, _)| value.clone()).collect();
                Value::str(&self.join_paths(&values)?.to_string_lossy())
            }
            "os.fspath" | "os.path.expanduser" => Value::str(&self.path_in(&first?)?.to_string_lossy()),
            "os.path.abspath" | "os.path.realpath" | "os.path.normpath" => {
                Value::str(&normal(&self.path_in(&first?)?).to_string_lossy())
            }
            "os.path.dirname" => {
                let path = self.path_in(&first?)?;
                Value::str(&path.parent().unwrap_or(Path::new("")).to_string_lossy())
            }
            "os.path.basename" => Value::str(&file_name(&self.path_in(&first?)?)),
            "os.path.splitext" => {
                let path = self.path_in(&first?)?;
                let suffix = suffix(&path);
                let text = path.to_string_lossy();
                let root = text.strip_suffix(suffix.as_str()).unwrap_or(&text);
                Value::Tuple(Arc::from([Value::str(root), Value::str(&suffix)]))
            }
            "os.path.relpath" => {
                let path = normal(&self.path_in(&first?)?);
                let start = normal(&self.path_in(args.get(1, "start")?)?);
                Value::str(&path.strip_prefix(start).ok()?.to_string_lossy())
            }
            "os.path.exists" | "os.path.isdir" | "os.path.isfile" => {
                let path = normal(&self.path_in(&first?)?);
                self.exists(&path, name)?
            }
            "os.listdir" => {
                let entries = self.entries(&self.path_in(&first?)?)?;
                let names = entries.iter().map(|(name, _)| Value::str(name)).collect();
                self.new_disordered(names, BY_DISK, at)
            }
            "os.walk" => {
                let mut triples = Vec::new();
                self.walk(&normal(&self.path_in(&first?)?), DEPTH, &mut triples, at);
                self.new_disordered(triples, BY_DISK, at)
            }
            "glob.glob" | "glob.iglob" => self.glob_names(args, at)?,
            "fnmatch.fnmatch" | "fnmatch.fnmatchcase" => Self::fnmatch(args)?,
            "pkgutil.iter_modules" | "pkgutil.walk_packages" => {
                return self.modules_below(&first?, args, name == "pkgutil.walk_packages", call);
            }
            _ => return None,
        })
    }

    /// An attribute of a `pathlib.Path`.
    pub(crate) fn path_attribute(&mut self, path: &Arc<str>, name: &SmolStr) -> Value {
        let this = Path::new(&**path);
        match name.as_str() {
            "parent" => path_value(this.parent().unwrap_or(this)),
            "parents" => Value::Tuple(this.ancestors().skip(1).map(path_value).collect()),
            "name" => Value::str(&file_name(this)),
            "suffix" => Value::str(&suffix(this)),
            "stem" => {
                let name = file_name(this);
                Value::str(name.strip_suffix(suffix(this).as_str()).unwrap_or(&name))
            }
            "parts" => Value::Tuple(
                this.components()
                    .map(|part| Value::str(&part.as_os_str().to_string_lossy()))
                    .collect(),
            ),
            _ => Value::BuiltinMethod(Arc::new((Value::Path(path.clone()), name.clone()))),
        }
    }

    /// A method of a `pathlib.Path`.
    pub(crate) fn path_method(&mut self, path: &Arc<str>, name: &str, args: &Args, at: Place) -> Value {
        self.read_path(Path::new(&**path), name, args, at)
            .or_else(|| self.known_path_method(Path::new(&**path), name, args, at))
            .unwrap_or_else(|| Value::unknown(format!("the result of `Path.{name}`"), Some(at)))
    }

    fn known_path_method(&mut self, path: &Path, name: &str, args: &Args, at: Place) -> Option<Value> {
        let first = args.get(0, "").cloned();
        Some(match name {
            "resolve" | "absolute" | "expanduser" => path_value(&normal(path)),
            "as_posix" | "__str__" | "__fspath__" => Value::str(&path.to_string_lossy()),
            "joinpath" => {
                let mut parts = vec![path_value(path)];
                parts.extend(args.positional.iter().map(|(value, _)| value.clone()));
                path_value(&self.join_paths(&parts)?)
            }
            "with_suffix" => path_value(&path.with_extension(first?.as_str()?.trim_start_matches('.'))),
            "with_name" => path_value(&path.with_file_name(first?.as_str()?)),
            "relative_to" => path_value(path.strip_prefix(self.path_in(&first?)?).ok()?),
            "is_relative_to" => Value::Bool(path.starts_with(self.path_in(&first?)?)),
            "exists" => self.exists(&normal(path), "os.path.exists")?,
            "is_dir" => self.exists(&normal(path), "os.path.isdir")?,
            "is_file" => self.exists(&normal(path), "os.path.isfile")?,
            "iterdir" => {
                let entries = self.entries(path)?;
                let paths = entries
                    .iter()
                    .map(|(name, _)| path_value(&path.join(&**name)))
                    .collect();
                self.new_disordered(paths, BY_DISK, at)
            }
            "glob" | "rglob" => self.glob_paths(path, name, first?.as_str()?, at)?,
            _ => return None,
        })
    }

    /// Python files and folders with some in a folder of the workspace.
    fn entries(&self, folder: &Path) -> Option<Vec<(Arc<str>, bool)>> {
        self.source.entries(&normal(folder))
    }

    /// Whether something is there, where that can be told: what is not there and not Python may be made before it runs.
    fn exists(&mut self, path: &Path, what: &str) -> Option<Value> {
        if self.is_data_file(path) {
            return Some(Value::Bool(what != "os.path.isdir"));
        }
        let is_file = self.source.file_at(path).is_some();
        let is_folder = self.entries(path).is_some();
        let is_there = match what {
            "os.path.isdir" => is_folder,
            "os.path.isfile" => is_file,
            _ => is_file || is_folder,
        };
        let is_python = suffix(path) == ".py";
        let has_known_parent = path
            .parent()
            .is_some_and(|parent| self.source.entries(parent).is_some());
        (is_there || is_folder || is_file || (is_python && has_known_parent)).then_some(Value::Bool(is_there))
    }

    fn walk(&mut self, folder: &Path, depth: usize, triples: &mut Vec<Value>, at: Place) {
        let Some(entries) = self.entries(folder) else { return };
        let names = |wanted: bool| entries.iter().filter(move |(_, is_folder)| *is_folder == wanted);
        let folders = names(true).map(|(name, _)| Value::str(name)).collect();
        let files = names(false).map(|(name, _)| Value::str(name)).collect();
        let folders = self.new_disordered(folders, BY_DISK, at);
        let files = self.new_disordered(files, BY_DISK, at);
        let name = Value::str(&folder.to_string_lossy());
        triples.push(Value::Tuple(Arc::from([name, folders, files])));
        if depth > 0 {
            for (name, _) in names(true) {
                self.walk(&folder.join(&**name), depth - 1, triples, at);
            }
        }
    }

    /// `pkgutil.iter_modules(path, prefix)`: triples of finder, name and whether it is a package.
    fn modules_below(&mut self, folders: &Value, args: &Args, deep: bool, at: Option<Place>) -> Option<Value> {
        let place = self.somewhere(at);
        let prefix = match args.get(1, "prefix") {
            Some(prefix) => prefix.as_str()?.to_owned(),
            None => String::new(),
        };
        let Items::Known(folders) = self.items_of(folders, place) else {
            return None;
        };
        let mut found = Vec::new();
        for folder in folders {
            let folder = normal(&self.path_in(&folder)?);
            self.collect_modules(&folder, &prefix, deep, DEPTH, &mut found)?;
        }
        Some(self.new_list(found))
    }

    fn collect_modules(
        &self,
        folder: &Path,
        prefix: &str,
        deep: bool,
        depth: usize,
        found: &mut Vec<Value>,
    ) -> Option<()> {
        let mut modules: Vec<(String, bool)> = self
            .entries(folder)?
            .into_iter()
            .filter_map(|(name, is_folder)| match name.strip_suffix(".py") {
                Some("__init__") => None,
                Some(module) if !is_folder => Some((module.to_owned(), false)),
                _ if is_folder && self.source.file_at(&folder.join(&*name).join("__init__.py")).is_some() => {
                    Some((name.to_string(), true))
                }
                _ => None,
            })
            .collect();
        modules.sort();
        for (module, is_package) in modules {
            let name = format!("{prefix}{module}");
            let triple = [Value::lib(FINDER), Value::str(&name), Value::Bool(is_package)];
            found.push(Value::Tuple(Arc::from(triple)));
            if deep && is_package && depth > 0 {
                self.collect_modules(&folder.join(&module), &format!("{name}."), deep, depth - 1, found)?;
            }
        }
        Some(())
    }

    /// `info.name` and its like of `pkgutil.ModuleInfo`.
    pub(crate) fn module_info(items: &[Value], name: &str) -> Option<Value> {
        let [finder, module, is_package] = items else {
            return None;
        };
        if finder.lib_name() != Some(FINDER) {
            return None;
        }
        match name {
            "module_finder" => Some(finder.clone()),
            "name" => Some(module.clone()),
            "ispkg" => Some(is_package.clone()),
            _ => None,
        }
    }
}

pub(crate) fn path_value(path: &Path) -> Value {
    Value::Path(path.to_string_lossy().into())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The suffix with its dot, as `pathlib` has it.
fn suffix(path: &Path) -> String {
    path.extension()
        .map_or_else(String::new, |extension| format!(".{}", extension.to_string_lossy()))
}

/// Without `.` and `..`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            component => result.push(component),
        }
    }
    result
}
