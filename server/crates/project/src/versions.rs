//! Versions of distributions that a project names: lock files, requirements files and dependency ranges.

use pep440_rs::{Version, VersionSpecifiers};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use toml::{Table, Value};

/// Where a version was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment in this folder.
    Installed(PathBuf),
    /// This lock file, or a pinned requirement in it.
    Locked(PathBuf),
    /// A range in this file; the highest release that fits and that is known.
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
}

/// What a project's own files say about distributions, by normalised name. A name without a version is a dependency whose
/// version is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    versions: FxHashMap<SmolStr, Option<(SmolStr, Origin)>>,
}

impl Declared {
    /// Reads the lock files, then the requirements files, then the ranges of `pyproject.toml` in a folder.
    pub(crate) fn read(folder: &Path, pyproject: Option<&Table>) -> Self {
        let mut declared = Self::default();
        for name in ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"] {
            declared.read_lock(&folder.join(name));
        }
        for file in requirements_files(folder) {
            declared.read_requirements(&file, 0);
        }
        if let Some(pyproject) = pyproject {
            declared.read_pyproject(&folder.join("pyproject.toml"), pyproject);
        }
        declared
    }

    /// Takes over what only `outer` names: the lock file of a workspace.
    pub(crate) fn fill_from(&mut self, outer: &Declared) {
        for (name, version) in &outer.versions {
            self.add(name, version.clone());
        }
    }

    /// Whether the project depends on the distribution.
    pub(crate) fn names(&self, distribution: &str) -> bool {
        self.versions.contains_key(distribution)
    }

    pub(crate) fn version(&self, distribution: &str) -> Option<(&str, Origin)> {
        let (version, origin) = self.versions.get(distribution)?.as_ref()?;
        Some((version, origin.clone()))
    }

    fn add(&mut self, name: &str, version: Option<(SmolStr, Origin)>) {
        let entry = self.versions.entry(normalized_name(name)).or_default();
        if entry.is_none() {
            *entry = version;
        }
    }

    fn read_lock(&mut self, file: &Path) {
        let Ok(text) = std::fs::read_to_string(file) else {
            return;
        };
        if file.extension().is_some_and(|extension| extension == "lock") && text.trim_start().starts_with('{') {
            self.read_pipfile_lock(file, &text);
            return;
        }
        let Ok(lock) = text.parse::<Table>() else { return };
        // `package` in uv.lock, poetry.lock and pdm.lock; `packages` in pylock.toml (PEP 751).
        for package in ["package", "packages"]
            .iter()
            .filter_map(|key| lock.get(*key)?.as_array())
            .flatten()
        {
            if let (Some(name), Some(version)) = (string(package, "name"), string(package, "version")) {
                self.add(name, Some((version.into(), Origin::Locked(file.to_path_buf()))));
            }
        }
    }

    fn read_pipfile_lock(&mut self, file: &Path, text: &str) {
        let Ok(lock) = serde_json::from_str::<serde_json::Value>(text) else {
            return;
        };
        for packages in ["default", "develop"]
            .iter()
            .filter_map(|key| lock.get(*key)?.as_object())
        {
            for (name, package) in packages {
                let version = package.get("version").and_then(|version| version.as_str());
                if let Some(version) = version.and_then(|version| version.strip_prefix("==")) {
                    self.add(name, Some((version.into(), Origin::Locked(file.to_path_buf()))));
                }
            }
        }
    }

    fn read_requirements(&mut self, file: &Path, depth: usize) {
        let Ok(text) = std::fs::read_to_string(file) else {
            return;
        };
        for line in text.replace("\\\n", " ").lines().map(str::trim) {
            let included = ["-r ", "--requirement ", "-c "]
                .iter()
                .find_map(|option| line.strip_prefix(option));
            match included {
                Some(path) if depth < 4 => {
                    if let Some(folder) = file.parent() {
                        self.read_requirements(&folder.join(path.trim()), depth + 1);
                    }
                }
                _ => self.read_requirement(line, file),
            }
        }
    }

    fn read_pyproject(&mut self, file: &Path, pyproject: &Table) {
        let project = pyproject.get("project");
        let dependencies = project.and_then(|project| project.get("dependencies"));
        let groups = [
            project.and_then(|project| project.get("optional-dependencies")),
            pyproject.get("dependency-groups"),
        ];
        let groups = groups
            .into_iter()
            .flatten()
            .filter_map(Value::as_table)
            .flat_map(Table::values);
        for requirement in dependencies
            .into_iter()
            .chain(groups)
            .filter_map(Value::as_array)
            .flatten()
        {
            if let Some(requirement) = requirement.as_str() {
                self.read_requirement(requirement, file);
            }
        }
        let poetry = pyproject.get("tool").and_then(|tool| tool.get("poetry"));
        let dependencies = poetry
            .and_then(|poetry| poetry.get("dependencies"))
            .and_then(Value::as_table);
        for (name, requirement) in dependencies.into_iter().flatten().filter(|(name, _)| *name != "python") {
            let range = requirement
                .as_str()
                .or_else(|| requirement.get("version")?.as_str())
                .unwrap_or("*");
            self.add_range(name, &poetry_range(range), file);
        }
    }

    /// A requirement as PEP 508 writes it.
    fn read_requirement(&mut self, line: &str, file: &Path) {
        let line = line.split(" #").next().unwrap_or("").split(" --").next().unwrap_or("");
        let line = line.split(';').next().unwrap_or("").trim();
        let end = line
            .find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)))
            .unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        if name.is_empty() || name.starts_with(['-', '.']) || rest.starts_with(['/', ':', '\\']) {
            return;
        }
        let rest = rest.trim_start();
        let range = match rest.strip_prefix('[') {
            Some(extras) => extras.split_once(']').map_or("", |(_, range)| range),
            None => rest,
        };
        self.add_range(name, range.trim().trim_start_matches('(').trim_end_matches(')'), file);
    }

    fn add_range(&mut self, name: &str, range: &str, file: &Path) {
        let pinned = range
            .strip_prefix("==")
            .map(|version| version.trim_start_matches('=').trim());
        let version = match pinned {
            Some(version) if !version.contains(['*', ',']) => {
                Some((version.into(), Origin::Locked(file.to_path_buf())))
            }
            _ => release_in(&normalized_name(name), range).map(|found| (found, Origin::Range(file.to_path_buf()))),
        };
        self.add(name, version);
    }
}

fn string<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// `requirements.txt` first, then others of that kind by name.
fn requirements_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = [folder.to_path_buf(), folder.join("requirements")]
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt") && path.is_file())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("requirements") || path.parent() != Some(folder)
        })
        .collect();
    files.sort_by_key(|path| {
        (
            path.file_name().is_none_or(|name| name != "requirements.txt"),
            path.clone(),
        )
    });
    files
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

/// The release that a range means: the highest known one that fits, else its lower bound.
fn release_in(distribution: &str, range: &str) -> Option<SmolStr> {
    let specifiers = VersionSpecifiers::from_str(range).ok()?;
    if distribution == "fastapi"
        && let Some(release) = fastapi_releases().find(|release| specifiers.contains(release))
    {
        return Some(release.to_string().into());
    }
    let lower_bound = specifiers.iter().find(|specifier| {
        use pep440_rs::Operator::{EqualStar, GreaterThan, GreaterThanEqual, TildeEqual};
        matches!(
            specifier.operator(),
            EqualStar | GreaterThan | GreaterThanEqual | TildeEqual
        )
    })?;
    Some(lower_bound.version().to_string().into())
}

/// Poetry's `^1.2` and `~1.2` as a range of PEP 440.
fn poetry_range(range: &str) -> String {
    let caret = range.strip_prefix('^');
    let Some(text) = caret.or_else(|| range.strip_prefix('~').filter(|rest| !rest.starts_with('='))) else {
        let is_plain = range.starts_with(|c: char| c.is_ascii_digit());
        return if is_plain {
            format!("=={range}")
        } else {
            range.replace('*', "")
        };
    };
    let Ok(version) = Version::from_str(text.trim()) else {
        return String::new();
    };
    let release = version.release();
    // The first part that is not zero may not change; with a tilde, the second part.
    let fixed = match caret {
        Some(_) => release.iter().position(|part| *part != 0).unwrap_or(release.len() - 1),
        None => usize::from(release.len() > 1),
    };
    let mut upper: Vec<String> = release[..=fixed].iter().map(u64::to_string).collect();
    upper[fixed] = (release[fixed] + 1).to_string();
    format!(">={version},<{}", upper.join("."))
}

/// Releases of FastAPI that are known, newest first.
fn fastapi_releases() -> impl Iterator<Item = Version> {
    let releases = LAST_PATCHES.iter().rev();
    releases.flat_map(|&(minor, last)| (0..=last).rev().map(move |patch| Version::new([0, minor, patch])))
}

/// The last patch of each minor release of FastAPI on PyPI.
#[rustfmt::skip]
const LAST_PATCHES: &[(u64, u64)] = &[
    (65, 3), (66, 1), (67, 0), (68, 2), (69, 0), (70, 1), (71, 0), (72, 0), (73, 0), (74, 1), (75, 2), (76, 0),
    (77, 1), (78, 0), (79, 1), (80, 0), (81, 0), (82, 0), (83, 0), (84, 0), (85, 2), (86, 0), (87, 0), (88, 0),
    (89, 1), (90, 1), (91, 0), (92, 0), (93, 0), (94, 1), (95, 2), (96, 1), (97, 0), (98, 0), (99, 1), (100, 1),
    (101, 1), (102, 0), (103, 2), (104, 1), (105, 0), (106, 0), (107, 0), (108, 0), (109, 2), (110, 3), (111, 1),
    (112, 4), (113, 0), (114, 2), (115, 14), (116, 2), (117, 1), (118, 3), (119, 1), (120, 4), (121, 3), (122, 1),
    (123, 10), (124, 4), (125, 0), (126, 0), (127, 1), (128, 8), (129, 2), (130, 0), (131, 0), (132, 1), (133, 1),
    (134, 0), (135, 4), (136, 3), (137, 2), (138, 2), (139, 2), (140, 13), (141, 1), (142, 4), (143, 5), (144, 0),
    (145, 0), (146, 0), (147, 0), (148, 0), (149, 0), (150, 0), (151, 0), (152, 0), (153, 0), (154, 0), (155, 0),
    (156, 8), (157, 0), (158, 2), (159, 1), (160, 0), (161, 1), (162, 7), (163, 2), (165, 0),
];

#[cfg(test)]
mod tests {
    use super::{Declared, Origin, poetry_range, release_in};
    use crate::fixture::Folder;

    fn version(files: &[(&str, &str)], distribution: &str) -> Option<(String, Origin)> {
        let folder = Folder::new(files);
        let pyproject = std::fs::read_to_string(folder.path().join("pyproject.toml")).unwrap_or_default();
        let declared = Declared::read(folder.path(), pyproject.parse().ok().as_ref());
        let (version, origin) = declared.version(distribution)?;
        Some((version.to_owned(), origin))
    }

    #[test]
    fn every_lock_file_is_read() {
        let toml = "[[package]]\nname = \"fastapi\"\nversion = \"0.120.1\"\n";
        let pylock = "[[packages]]\nname = \"FastAPI\"\nversion = \"0.120.1\"\n";
        let pipfile = r#"{"default": {"fastapi": {"version": "==0.120.1"}}}"#;
        for (name, text) in [
            ("uv.lock", toml),
            ("poetry.lock", toml),
            ("pdm.lock", toml),
            ("pylock.toml", pylock),
            ("Pipfile.lock", pipfile),
        ] {
            let (version, origin) = version(&[(name, text)], "fastapi").unwrap();
            assert_eq!(version, "0.120.1", "{name}");
            assert!(matches!(origin, Origin::Locked(path) if path.ends_with(name)));
        }
    }

    #[test]
    fn requirements_are_read_with_extras_markers_and_includes() {
        let files = [
            (
                "requirements.txt",
                "-r base.txt\nuvicorn[standard]==0.40.0 ; python_version > '3.9' # note\n-e .\n",
            ),
            (
                "base.txt",
                "FastAPI [standard] >=0.115, <0.116 --hash=sha256:00\n./local/thing\n",
            ),
        ];
        assert_eq!(version(&files, "uvicorn").unwrap().0, "0.40.0");
        let (fastapi, origin) = version(&files, "fastapi").unwrap();
        assert_eq!(fastapi, "0.115.14");
        assert!(matches!(origin, Origin::Range(path) if path.ends_with("base.txt")));
    }

    #[test]
    fn pyproject_ranges_are_read() {
        let project = "[project]\ndependencies = [\"fastapi[standard]<0.120\"]\n";
        assert_eq!(version(&[("pyproject.toml", project)], "fastapi").unwrap().0, "0.119.1");
        let poetry = "[tool.poetry.dependencies]\npython = \"^3.12\"\nfastapi = {version = \"^0.110\", extras = []}\n";
        assert_eq!(version(&[("pyproject.toml", poetry)], "fastapi").unwrap().0, "0.110.3");
        let group = "[dependency-groups]\nweb = [\"fastapi==0.130.*\"]\n";
        assert_eq!(version(&[("pyproject.toml", group)], "fastapi").unwrap().0, "0.130.0");
    }

    #[test]
    fn ranges_mean_the_highest_known_release_or_the_lower_bound() {
        assert_eq!(release_in("fastapi", ">=0.137,!=0.137.2,<0.138").unwrap(), "0.137.1");
        assert_eq!(release_in("fastapi", ">=7").unwrap(), "7");
        assert_eq!(release_in("sqlalchemy", ">=2.0,<3").unwrap(), "2.0");
        assert_eq!(release_in("sqlalchemy", "<3"), None);
        assert_eq!(release_in("fastapi", "not a range"), None);
    }

    #[test]
    fn poetry_s_operators_are_understood() {
        for (poetry, pep440) in [
            ("^0.115.2", ">=0.115.2,<0.116"),
            ("^1.2", ">=1.2,<2"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1", ">=1,<2"),
            ("~=1.2", "~=1.2"),
            ("0.1.0", "==0.1.0"),
            ("*", ""),
        ] {
            assert_eq!(poetry_range(poetry), pep440);
        }
    }
}
