//! Lock files: `uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml` (PEP 751) and `Pipfile.lock`.
//!
//! One shape holds them all: packages with a version, the markers they are meant for, and where a package of the project
//! itself stands.

use super::marker::Markers;
use super::{Problem, normalized_name};
use crate::ConfigProblem;
use pep440_rs::Version;
use pep508_rs::ExtraName;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use smol_str::SmolStr;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use toml::Value;

/// What writes a lock file anew, by the file's name.
const TOOLS: [(&str, &str); 4] = [
    ("uv.lock", "uv lock"),
    ("poetry.lock", "poetry lock"),
    ("pdm.lock", "pdm lock"),
    ("Pipfile.lock", "pipenv lock"),
];

/// Best first.
const NAMES: [&str; 5] = ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"];

/// Whether a file of that name is a lock file.
pub(crate) fn is_lock(name: &str) -> bool {
    NAMES.contains(&name) || is_pylock(name)
}

/// `pylock.toml`, or `pylock.NAME.toml`.
fn is_pylock(name: &str) -> bool {
    let middle = name.strip_prefix("pylock").and_then(|rest| rest.strip_suffix("toml"));
    middle.is_some_and(|middle| middle.starts_with('.') && !middle[1..].trim_end_matches('.').contains('.'))
}

/// What a lock file says.
#[derive(Clone, Debug, Default)]
pub(super) struct Lock {
    pub(super) file: PathBuf,
    packages: Vec<Package>,
    by_name: FxHashMap<SmolStr, Vec<usize>>,
    /// The range of Pythons, or the one, that it was made for.
    pub(super) python: Option<SmolStr>,
}

#[derive(Clone, Debug, Default)]
struct Package {
    name: SmolStr,
    version: Option<SmolStr>,
    /// It is meant where one of them holds; everywhere if there are none.
    markers: Vec<String>,
    /// The Pythons it runs on.
    python: Option<String>,
    /// The folder of a package of the project itself, relative to the lock's.
    folder: Option<String>,
    dependencies: Vec<Dependency>,
}

/// What a package of `uv.lock` depends on, with the version where there are several.
#[derive(Clone, Debug)]
struct Dependency {
    name: SmolStr,
    version: Option<SmolStr>,
    marker: Option<String>,
}

/// The lock files that were read, by path, and what is wrong in some of them.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    files: FxHashMap<PathBuf, Option<Arc<Lock>>>,
    problems: Vec<Problem>,
}

impl Locks {
    /// The lock files of a folder, best first.
    pub(super) fn of(&mut self, folder: &Path) -> Vec<Arc<Lock>> {
        let mut names: Vec<String> = NAMES.map(str::to_owned).into();
        names.extend(named_pylocks(folder));
        let locks = names.iter().filter_map(|name| self.get(&folder.join(name)));
        locks.collect()
    }

    /// Whether a lock file in `folder` is for the project in `member`, below it, too.
    pub(super) fn lock_members(&mut self, folder: &Path, member: &Path) -> bool {
        let mut locks = NAMES.iter().filter_map(|name| self.get(&folder.join(name)));
        locks.any(|lock| lock.has_member(member))
    }

    fn get(&mut self, file: &Path) -> Option<Arc<Lock>> {
        if let Some(known) = self.files.get(file) {
            return known.clone();
        }
        let lock = match read(file) {
            Ok(lock) => lock.map(Arc::new),
            Err(problem) => {
                self.problems.push((file.to_path_buf(), problem));
                None
            }
        };
        self.files.insert(file.to_path_buf(), lock.clone());
        lock
    }

    /// What is wrong in lock files, by file.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}

fn named_pylocks(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_pylock(name) && name != "pylock.toml").collect();
    names.sort();
    names
}

/// Reads a lock file; none where there is none.
fn read(file: &Path) -> Result<Option<Lock>, ConfigProblem> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(broken(file, &error.to_string(), None)),
    };
    let name = file.file_name().unwrap_or_default();
    let lock = if name == "Pipfile.lock" {
        read_json(file, &text)?
    } else {
        read_toml(file, &text)?
    };
    Ok(Some(lock))
}

fn broken(file: &Path, why: &str, span: Option<std::ops::Range<usize>>) -> ConfigProblem {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let tool = TOOLS.iter().find(|(known, _)| *known == name);
    let remedy = match tool {
        Some((_, command)) => format!("write it anew with `{command}`"),
        None => "write it anew with the tool that made it".to_owned(),
    };
    let why = why.lines().next().unwrap_or_default().trim();
    ConfigProblem {
        span,
        message: format!("the lock file can't be read ({why}), so its versions don't count; {remedy}"),
    }
}

/// A lock file as TOML has it: `package` of uv, Poetry and PDM, `packages` of PEP 751.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct LockToml {
    #[serde(default, alias = "packages")]
    package: Vec<PackageToml>,
    requires_python: Option<String>,
    metadata: Option<Value>,
}

#[derive(Deserialize)]
struct PackageToml {
    name: String,
    version: Option<String>,
    // uv
    #[serde(default, rename = "resolution-markers")]
    resolution_markers: Vec<String>,
    #[serde(default)]
    source: Option<Value>,
    #[serde(default)]
    dependencies: Option<Value>,
    #[serde(default, rename = "optional-dependencies")]
    optional_dependencies: Option<Value>,
    #[serde(default, rename = "dev-dependencies")]
    dev_dependencies: Option<Value>,
    // Poetry: one for all groups, or one for each
    #[serde(default)]
    markers: Option<Value>,
    #[serde(rename = "python-versions")]
    python_versions: Option<String>,
    // PDM, PEP 751
    marker: Option<String>,
    #[serde(alias = "requires-python")]
    requires_python: Option<String>,
    path: Option<String>,
    #[serde(default)]
    directory: Option<Value>,
}

fn read_toml(file: &Path, text: &str) -> Result<Lock, ConfigProblem> {
    let toml: LockToml = toml::from_str(text).map_err(|error| broken(file, error.message(), error.span()))?;
    let of_metadata = |key: &str| {
        let value = toml.metadata.as_ref()?.get(key)?.as_str()?;
        Some(SmolStr::from(value))
    };
    let python = toml.requires_python.as_deref().map(SmolStr::from);
    let python = python
        .or_else(|| of_metadata("python-versions"))
        .or_else(|| of_metadata("requires_python"));
    let packages = toml.package.into_iter().map(package_of_toml).collect();
    Ok(Lock::new(file, packages, python))
}

fn package_of_toml(toml: PackageToml) -> Package {
    let mut markers = toml.resolution_markers;
    markers.extend(toml.marker);
    match toml.markers {
        Some(Value::String(marker)) => markers.push(marker),
        Some(Value::Table(by_group)) => markers.extend(by_group.values().filter_map(Value::as_str).map(String::from)),
        _ => {}
    }
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let of_source = |source: &Value| {
        let is_poetry = text(source, "type").is_some_and(|kind| kind == "directory");
        let keys = ["editable", "virtual", "directory"];
        let uv = keys.iter().find_map(|key| text(source, key));
        uv.or_else(|| text(source, "url").filter(|_| is_poetry))
    };
    let folder = toml
        .path
        .or_else(|| toml.source.as_ref().and_then(of_source))
        .or_else(|| text(toml.directory.as_ref()?, "path"));
    let lists = [toml.optional_dependencies, toml.dev_dependencies];
    let lists = lists
        .iter()
        .flatten()
        .filter_map(Value::as_table)
        .flat_map(toml::Table::values);
    let dependencies = toml
        .dependencies
        .iter()
        .chain(lists)
        .filter_map(Value::as_array)
        .flatten();
    Package {
        name: normalized_name(&toml.name),
        version: toml.version.map(SmolStr::from),
        markers,
        python: toml.python_versions.or(toml.requires_python),
        folder,
        dependencies: dependencies
            .filter_map(|dependency| {
                Some(Dependency {
                    name: normalized_name(dependency.get("name")?.as_str()?),
                    version: text(dependency, "version").map(SmolStr::from),
                    marker: text(dependency, "marker"),
                })
            })
            .collect(),
    }
}

fn read_json(file: &Path, text: &str) -> Result<Lock, ConfigProblem> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| broken(file, &error.to_string(), None))?;
    let mut packages = Vec::new();
    for (name, package) in ["default", "develop"]
        .iter()
        .filter_map(|key| json.get(*key)?.as_object())
        .flatten()
    {
        let text = |key: &str| Some(package.get(key)?.as_str()?.to_owned());
        let version = text("version");
        packages.push(Package {
            name: normalized_name(name),
            version: version.and_then(|version| Some(version.strip_prefix("==")?.into())),
            markers: text("markers").into_iter().collect(),
            folder: text("path"),
            ..Package::default()
        });
    }
    let requires = json.get("_meta").and_then(|meta| meta.get("requires"));
    let python = ["python_full_version", "python_version"]
        .iter()
        .find_map(|key| requires?.get(*key)?.as_str());
    Ok(Lock::new(
        file,
        packages,
        python.map(|version| format!("=={version}").into()),
    ))
}

impl Lock {
    fn new(file: &Path, packages: Vec<Package>, python: Option<SmolStr>) -> Self {
        let mut by_name: FxHashMap<SmolStr, Vec<usize>> = FxHashMap::default();
        for (at, package) in packages.iter().enumerate() {
            by_name.entry(package.name.clone()).or_default().push(at);
        }
        Self {
            file: file.to_path_buf(),
            packages,
            by_name,
            python,
        }
    }

    /// Whether the project in a folder is one of those that the lock is for.
    pub(super) fn has_member(&self, folder: &Path) -> bool {
        self.member(folder).is_some()
    }

    fn member(&self, folder: &Path) -> Option<usize> {
        let own = self.file.parent()?;
        let is_it = |package: &Package| {
            let relative = package.folder.as_deref()?;
            Some(joined(own, relative) == folder)
        };
        self.packages.iter().position(|package| is_it(package) == Some(true))
    }

    /// The distributions that it locks.
    pub(super) fn names(&self) -> impl Iterator<Item = &SmolStr> {
        self.by_name.keys()
    }

    /// The version of a distribution that the project in `folder` gets.
    pub(super) fn version(&self, distribution: &str, folder: &Path, markers: &Markers) -> Option<&SmolStr> {
        let candidates = self.by_name.get(distribution)?;
        let is_only = candidates.len() == 1;
        let is_needed = || self.needed_by_member(distribution, folder, markers);
        let package = candidates
            .first()
            .filter(|_| is_only)
            .copied()
            .or_else(is_needed)
            .or_else(|| self.highest(candidates, |package| package.is_meant(markers)))
            .or_else(|| self.highest(candidates, |_| true))?;
        self.packages[package].version.as_ref()
    }

    fn highest(&self, candidates: &[usize], is_meant: impl Fn(&Package) -> bool) -> Option<usize> {
        let meant = candidates.iter().copied().filter(|at| is_meant(&self.packages[*at]));
        let version = |at: &usize| Version::from_str(self.packages[*at].version.as_deref()?).ok();
        meant.max_by_key(version)
    }

    /// The package of that name that `uv sync` installs for a member: the first on the way along dependencies whose markers
    /// hold.
    fn needed_by_member(&self, distribution: &str, folder: &Path, markers: &Markers) -> Option<usize> {
        let member = self.member(folder)?;
        let extras = extras_of(&self.packages[member].name);
        let mut seen: FxHashSet<usize> = FxHashSet::from_iter([member]);
        let mut queue = std::collections::VecDeque::from([member]);
        while let Some(at) = queue.pop_front() {
            for dependency in &self.packages[at].dependencies {
                let marker = dependency.marker.as_deref();
                if !marker.is_none_or(|marker| markers.hold(marker, &extras)) {
                    continue;
                }
                let Some(next) = self.target(dependency, markers) else {
                    continue;
                };
                if dependency.name == distribution {
                    return Some(next);
                }
                if seen.insert(next) {
                    queue.push_back(next);
                }
            }
        }
        None
    }

    fn target(&self, dependency: &Dependency, markers: &Markers) -> Option<usize> {
        let candidates = self.by_name.get(&dependency.name)?;
        let named = |at: &&usize| dependency.version.is_none() || self.packages[**at].version == dependency.version;
        let mut named = candidates.iter().filter(named);
        let first = named.next().copied();
        if named.next().is_none() {
            return first;
        }
        self.highest(candidates, |package| package.is_meant(markers))
    }
}

impl Package {
    fn is_meant(&self, markers: &Markers) -> bool {
        let holds = self.markers.is_empty() || self.markers.iter().any(|marker| markers.hold(marker, &[]));
        holds && self.python.as_deref().is_none_or(|range| markers.is_python_in(range))
    }
}

/// The name by which markers of `uv.lock` mean a project that conflicts with another (`UniversalMarker` in `uv-resolver`).
fn extras_of(project: &str) -> Vec<ExtraName> {
    let name = format!("project-{}-{project}", project.len());
    ExtraName::from_str(&name).into_iter().collect()
}

/// `relative` in `folder`, without `.` and `..`.
fn joined(folder: &Path, relative: &str) -> PathBuf {
    let mut result = folder.to_path_buf();
    for component in Path::new(relative).components() {
        match component {
            Component::Normal(name) => result.push(name),
            Component::ParentDir => {
                result.pop();
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => result = component.as_os_str().into(),
        }
    }
    result
}
