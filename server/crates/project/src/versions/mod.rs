//! Versions of distributions that a project names: lock files, requirements files and dependency ranges.

mod lock;
mod marker;
mod pyproject;
mod python;
mod releases;
mod requirements;
#[cfg(test)]
mod tests;

pub(crate) use lock::{Locks, is_lock};
pub(crate) use marker::Markers;
pub(crate) use python::numbers as python_version;
pub(crate) use requirements::is_requirements;

use crate::ConfigProblem;
use lock::Lock;
use pep440_rs::VersionSpecifiers;
use requirements::Wanted;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Table;

/// The distributions by whose versions semantics differ. Of the hundreds of others in a lock only the names count.
pub const DISTRIBUTIONS: [&str; 5] = ["fastapi", "starlette", "pydantic", "sqlalchemy", "sqlmodel"];

/// Where a version was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment in this folder.
    Installed(PathBuf),
    /// This lock file, or a pinned requirement in it.
    Locked(PathBuf),
    /// A range in this file: of a distribution the highest release that fits and that is known, of Python the lowest.
    Range(PathBuf),
}

impl Origin {
    /// The file or folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Origin::Installed(path) | Origin::Locked(path) | Origin::Range(path) => path,
        }
    }

    /// `installed`, `locked` or `range`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Origin::Installed(_) => "installed",
            Origin::Locked(_) => "locked",
            Origin::Range(_) => "range",
        }
    }
}

/// What a project's own files say about distributions, by normalised name, and about Python.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    versions: FxHashMap<SmolStr, (SmolStr, Origin)>,
    named: FxHashSet<SmolStr>,
    /// The Python, and which file says so.
    pub(crate) python: Option<(SmolStr, Origin)>,
    /// The lowest Python that is allowed, and which file says so.
    pub(crate) lowest_python: Option<(SmolStr, Origin)>,
    /// The innermost folder with a lock file that is the project's.
    pub(crate) locked_in: Option<PathBuf>,
}

/// What of a folder tells versions.
struct Folder {
    path: PathBuf,
    locks: Vec<Arc<Lock>>,
    pyproject: Option<Table>,
    pipfile: Option<Table>,
}

impl Folder {
    fn read(path: &Path, locks: &mut Locks) -> Self {
        let table = |name: &str| std::fs::read_to_string(path.join(name)).ok()?.parse().ok();
        Self {
            path: path.to_path_buf(),
            locks: locks.of(path),
            pyproject: table("pyproject.toml"),
            pipfile: table("Pipfile"),
        }
    }
}

/// What the requirements of one folder ask for.
struct Claims<'a> {
    pinned: FxHashMap<SmolStr, (SmolStr, PathBuf)>,
    ranges: FxHashMap<SmolStr, Vec<(VersionSpecifiers, PathBuf)>>,
    named: FxHashSet<SmolStr>,
    markers: &'a Markers,
    readings: &'a mut Readings,
}

/// Something wrong in a file.
pub(crate) type Problem = (PathBuf, ConfigProblem);

/// What was read on the way.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    pub(crate) problems: Vec<Problem>,
    /// Requirements files, with those that are included.
    pub(crate) requirements: FxHashSet<PathBuf>,
}

impl<'a> Claims<'a> {
    fn of(folder: &Folder, markers: &'a Markers, readings: &'a mut Readings) -> Self {
        let mut claims = Self {
            pinned: FxHashMap::default(),
            ranges: FxHashMap::default(),
            named: FxHashSet::default(),
            markers,
            readings,
        };
        for file in requirements::files(&folder.path) {
            requirements::read(&file, &mut claims);
        }
        if let Some(table) = &folder.pyproject {
            pyproject::read(&folder.path.join("pyproject.toml"), table, &mut claims);
        }
        if let Some(table) = &folder.pipfile {
            pyproject::read_pipfile(&folder.path.join("Pipfile"), table, &mut claims);
        }
        claims
    }

    /// The first pin of a distribution counts, and its ranges together.
    fn add(&mut self, name: &str, wanted: Wanted, is_constraint: bool, file: &Path) {
        let name = normalized_name(name);
        if !is_constraint {
            self.named.insert(name.clone());
        }
        match wanted {
            Wanted::Pinned(version) => {
                let pinned = self.pinned.entry(name);
                pinned.or_insert_with(|| (version, file.to_path_buf()));
            }
            Wanted::Range(range) => {
                let ranges = self.ranges.entry(name).or_default();
                ranges.push((range, file.to_path_buf()));
            }
        }
    }
}

impl Declared {
    /// Reads what the project in `folder` says, and the folders around it up to `top`. Of Python, an environment's own
    /// version wins.
    ///
    /// Its own lock comes first, then the lock of a workspace that it belongs to, then its own requirements. What is around
    /// it counts only until some folder says of FastAPI anything at all.
    pub(crate) fn read(
        folder: &Path,
        top: &Path,
        python: Option<&(SmolStr, Origin)>,
        locks: &mut Locks,
        readings: &mut Readings,
    ) -> Self {
        let around = folder.ancestors().take_while(|above| above.starts_with(top));
        let folders: Vec<Folder> = around.map(|above| Folder::read(above, locks)).collect();
        let python = python.cloned().or_else(|| python::read(&folders));
        let markers = Markers::of(python.as_ref().map(|(version, _)| version.as_str()));
        let mut declared = Self {
            python,
            lowest_python: python::lowest_allowed(&folders),
            ..Self::default()
        };
        for around in &folders {
            let is_own = around.path == folder;
            let own = around.locks.iter().filter(|lock| is_own || lock.has_member(folder));
            for lock in own {
                declared.locked_in.get_or_insert_with(|| around.path.clone());
                declared.take_lock(lock, folder, &markers);
            }
        }
        for around in &folders {
            for lock in &around.locks {
                declared.take_lock(lock, folder, &markers);
            }
            declared.take_claims(Claims::of(around, &markers, readings));
            if declared.names("fastapi") || !around.locks.is_empty() {
                break;
            }
        }
        declared
    }

    fn take_lock(&mut self, lock: &Lock, folder: &Path, markers: &Markers) {
        self.named.extend(lock.names().cloned());
        for name in DISTRIBUTIONS {
            if let Some(version) = lock.version(name, folder, markers) {
                self.add(&name.into(), version.clone(), Origin::Locked(lock.file.clone()));
            }
        }
    }

    fn take_claims(&mut self, claims: Claims<'_>) {
        for (name, (version, file)) in claims.pinned {
            self.add(&name, version, Origin::Locked(file));
        }
        for (name, ranges) in claims.ranges {
            let release = releases::release_in(&name, ranges.iter().map(|(range, _)| range));
            let first = ranges.iter().find(|(range, _)| !range.is_empty());
            if let (Some(release), Some((_, file))) = (release, first) {
                self.add(&name, release.to_string().into(), Origin::Range(file.clone()));
            }
        }
        self.named.extend(claims.named);
    }

    fn add(&mut self, name: &SmolStr, version: SmolStr, origin: Origin) {
        self.versions.entry(name.clone()).or_insert((version, origin));
    }

    /// Whether the project depends on the distribution.
    pub(crate) fn names(&self, distribution: &str) -> bool {
        self.named.contains(distribution)
    }

    pub(crate) fn version(&self, distribution: &str) -> Option<(&str, Origin)> {
        let (version, origin) = self.versions.get(distribution)?;
        Some((version, origin.clone()))
    }
}

/// The outermost folder whose files say something of the project in `folder`: the workspace's, the repository's, or that of
/// the lock file of a workspace it belongs to.
pub(crate) fn outermost(folder: &Path, workspace: &Path, locks: &mut Locks) -> PathBuf {
    let is_repository = |above: &&Path| above.join(".git").exists();
    let repository = folder.ancestors().find(is_repository);
    let locked = folder
        .ancestors()
        .skip(1)
        .find(|above| locks.lock_members(above, folder));
    let around = [Some(workspace), repository, locked].into_iter().flatten();
    let around = around.filter(|above| folder.starts_with(above));
    around
        .min_by_key(|above| above.as_os_str().len())
        .unwrap_or(folder)
        .to_path_buf()
}

/// A distribution's name as PEP 503 normalises it.
#[must_use]
pub fn normalized_name(name: &str) -> SmolStr {
    let mut normalized = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normalized.ends_with('-') => {}
            '-' | '_' | '.' => normalized.push('-'),
            c => normalized.extend(c.to_lowercase()),
        }
    }
    normalized.into()
}
