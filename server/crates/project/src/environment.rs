//! Python environments: where libraries are installed, and which.

use crate::Origin;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What the process and the editor say about the environment to use; all paths absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentHints {
    /// The configured interpreter, or the folder of an environment.
    pub python: Option<PathBuf>,
    /// `$VIRTUAL_ENV`.
    pub virtual_env: Option<PathBuf>,
    /// `$CONDA_PREFIX`.
    pub conda_prefix: Option<PathBuf>,
}

impl EnvironmentHints {
    /// Reads `$VIRTUAL_ENV` and `$CONDA_PREFIX` of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let folder = |name| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        Self {
            python: None,
            virtual_env: folder("VIRTUAL_ENV"),
            conda_prefix: folder("CONDA_PREFIX"),
        }
    }
}

/// An environment that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its folder.
    pub folder: PathBuf,
    /// How it was found, for example `.venv` or `$VIRTUAL_ENV`.
    pub found_by: &'static str,
    /// Its `site-packages` folders.
    pub site_packages: Vec<PathBuf>,
    /// Folders that `.pth` files of it put on the path (editable installs).
    pub added_paths: Vec<PathBuf>,
    /// Whether it is the project's own, in its folder or one around it.
    pub is_in_project: bool,
    /// Whether everything importable is known: no import hooks, no system packages, and FastAPI is there.
    pub is_complete: bool,
    /// `3.12` or `3.12.4`, from `pyvenv.cfg`, `conda-meta` or the folder's name.
    pub python_version: Option<SmolStr>,
    /// Its folders of packages, with the time of their last change.
    stamps: Vec<(PathBuf, Option<SystemTime>)>,
    top_level: FxHashSet<SmolStr>,
    versions: FxHashMap<SmolStr, SmolStr>,
}

impl Environment {
    /// Whether a top-level module of that name is installed.
    #[must_use]
    pub fn has_module(&self, top_level: &str) -> bool {
        self.top_level.contains(top_level)
    }

    fn has_framework(&self) -> bool {
        FRAMEWORK.iter().any(|name| self.has_module(name))
    }

    /// Whether packages came or went since it was read.
    pub(crate) fn is_changed(&self) -> bool {
        self.stamps.iter().any(|(folder, stamp)| modified(folder) != *stamp)
    }

    /// Its Python.
    pub(crate) fn python(&self) -> Option<(SmolStr, Origin)> {
        let version = self.python_version.clone()?;
        Some((version, Origin::Installed(self.folder.clone())))
    }

    /// The installed version of a distribution, by its normalised name.
    #[must_use]
    pub fn version(&self, distribution: &str) -> Option<(&str, Origin)> {
        let version = self.versions.get(distribution)?;
        Some((version, Origin::Installed(self.folder.clone())))
    }
}

/// Whether the distribution of a package that is installed in one of these folders requires one of others, all by normalised
/// names.
pub(crate) fn requires(site_packages: &[PathBuf], package: &str, wanted: &[&str]) -> bool {
    let records = site_packages.iter().flat_map(|folder| entries(folder)).filter(|path| {
        let name = file_name(path);
        name.ends_with(".dist-info") && distribution(&name).is_some_and(|(own, _)| own == package)
    });
    records.into_iter().any(|record| {
        let text = std::fs::read_to_string(record.join("METADATA")).unwrap_or_default();
        // Behind the first empty line comes the description.
        let mut fields = text.lines().take_while(|line| !line.is_empty());
        fields.any(|line| {
            let name = line
                .strip_prefix("Requires-Dist:")
                .map(str::trim_start)
                .map(|requirement| {
                    let end = requirement.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
                    &requirement[..end.unwrap_or(requirement.len())]
                });
            name.is_some_and(|name| wanted.contains(&crate::normalized_name(name).as_str()))
        })
    })
}

/// How the environment of the configuration was found.
pub(crate) const CONFIGURED: &str = "the configured interpreter";
const FRAMEWORK: [&str; 2] = ["fastapi", "starlette"];
const IN_PROJECT: &str = "a virtual environment in the project";

/// The environment of a project in `folder`: the configured one, `.venv` and the like in it or above it up to `top`, then the
/// active one. One without FastAPI is that of other tools, or its packages are yet to be installed: another is better.
pub(crate) fn find(folder: &Path, top: &Path, hints: &EnvironmentHints) -> Option<Environment> {
    let configured = hints.python.as_deref().and_then(prefix_of);
    if let Some(environment) = configured.and_then(|prefix| read(&prefix, CONFIGURED)) {
        return Some(environment);
    }
    let around = folder.ancestors().take_while(|above| above.starts_with(top));
    let own = around.flat_map(|above| [".venv", "venv", "env", ".env"].map(|name| above.join(name)));
    let own = own.filter(|it| is_environment(it)).map(|prefix| (prefix, IN_PROJECT));
    let active = [
        (hints.virtual_env.clone(), "$VIRTUAL_ENV"),
        (hints.conda_prefix.clone(), "$CONDA_PREFIX"),
    ];
    let active = active
        .into_iter()
        .filter_map(|(prefix, found_by)| Some((prefix?, found_by)));
    let mut without = None;
    for (prefix, found_by) in own.chain(active) {
        match read(&prefix, found_by) {
            Some(environment) if environment.has_framework() => return Some(environment),
            Some(environment) => {
                without.get_or_insert(environment);
            }
            None => {}
        }
    }
    without
}

fn is_environment(folder: &Path) -> bool {
    folder.join("pyvenv.cfg").is_file() || folder.join("conda-meta").is_dir()
}

/// The prefix of an interpreter's path (`…/bin/python`, `…\Scripts\python.exe`) or an environment's folder.
fn prefix_of(python: &Path) -> Option<PathBuf> {
    if python.is_dir() {
        return Some(python.to_path_buf());
    }
    let folder = python.parent()?;
    let name = folder.file_name()?.to_string_lossy().to_lowercase();
    let is_scripts = name == "bin" || name == "scripts";
    Some(if is_scripts { folder.parent()? } else { folder }.to_path_buf())
}

fn read(folder: &Path, found_by: &'static str) -> Option<Environment> {
    let mut environment = Environment {
        folder: folder.to_path_buf(),
        found_by,
        is_in_project: found_by == IN_PROJECT,
        site_packages: site_packages(folder),
        is_complete: true,
        ..Environment::default()
    };
    if environment.site_packages.is_empty() {
        return None;
    }
    environment.python_version = environment.site_packages.iter().find_map(|path| {
        let name = path.parent()?.file_name()?.to_str()?;
        name.strip_prefix("python").map(SmolStr::from)
    });
    if let Ok(text) = std::fs::read_to_string(folder.join("pyvenv.cfg")) {
        read_settings(&mut environment, &text);
    }
    read_conda(&mut environment, &folder.join("conda-meta"));
    let folders = environment.site_packages.iter();
    let stamps = folders.map(|folder| (folder.clone(), modified(folder)));
    environment.stamps = stamps.collect();
    for folder in environment.site_packages.clone() {
        read_folder(&mut environment, &folder);
    }
    for folder in environment.added_paths.clone() {
        environment.top_level.extend(importable_names(&folder));
    }
    environment.is_complete &= environment.has_framework();
    Some(environment)
}

fn site_packages(folder: &Path) -> Vec<PathBuf> {
    let windows = folder.join("Lib").join("site-packages");
    let mut found: Vec<PathBuf> = entries(&folder.join("lib"))
        .chain(entries(&folder.join("lib64")))
        .filter(|path| file_name(path).starts_with("python3"))
        .map(|path| path.join("site-packages"))
        .filter(|path| path.is_dir())
        .collect();
    if windows.is_dir() {
        found.push(windows);
    }
    // `lib64` is mostly a link to `lib`.
    let mut seen = FxHashSet::default();
    found.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    found
}

fn read_settings(environment: &mut Environment, text: &str) {
    for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
        match key.trim().to_lowercase().as_str() {
            "include-system-site-packages" if value.trim().eq_ignore_ascii_case("true") => {
                environment.is_complete = false;
            }
            "version" | "version_info" => {
                let version = crate::versions::python_version(value.trim());
                environment.python_version = version.or(environment.python_version.take());
            }
            _ => {}
        }
    }
}

/// conda keeps `name-version-build.json` of each package; those of Python are in `site-packages` too.
fn read_conda(environment: &mut Environment, folder: &Path) {
    for path in entries(folder) {
        let name = file_name(&path);
        let mut parts = name.strip_suffix(".json").unwrap_or("").rsplitn(3, '-').skip(1);
        let (Some(version), Some(package)) = (parts.next(), parts.next()) else {
            continue;
        };
        if package == "python" {
            environment.python_version = Some(version.into());
        } else {
            environment
                .versions
                .insert(crate::normalized_name(package), version.into());
        }
    }
}

fn read_folder(environment: &mut Environment, folder: &Path) {
    for path in entries(folder) {
        let name = file_name(&path);
        if let Some((distribution, version)) = distribution(&name) {
            environment.versions.insert(distribution, version);
        } else if name.ends_with(".pth") {
            read_pth(environment, folder, &path);
        } else if name.starts_with("__editable__") {
            // An import hook of setuptools; the names it serves are in its code.
            environment.is_complete = false;
        } else {
            environment.top_level.extend(importable_name(&name));
        }
    }
}

/// Whether an entry of that name in a folder of that name tells that a package was installed.
pub(crate) fn is_record(name: &str, folder: &str) -> bool {
    name.ends_with(".dist-info")
        || (name == "METADATA" && folder.ends_with(".dist-info"))
        || (name.ends_with(".json") && folder == "conda-meta")
}

fn modified(folder: &Path) -> Option<SystemTime> {
    folder.metadata().ok()?.modified().ok()
}

/// `name-1.2.3.dist-info` (or `.egg-info`) as normalised name and version.
fn distribution(name: &str) -> Option<(SmolStr, SmolStr)> {
    let stem = name
        .strip_suffix(".dist-info")
        .or_else(|| name.strip_suffix(".egg-info"))?;
    let mut parts = stem.split('-');
    Some((crate::normalized_name(parts.next()?), parts.next()?.into()))
}

/// Lines of a `.pth` file are folders; `import …` lines are code.
fn read_pth(environment: &mut Environment, folder: &Path, path: &Path) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if line.starts_with("import ") || line.starts_with("import\t") {
            // Two that every environment has and that serve no modules of their own.
            let is_harmless = ["_virtualenv.pth", "distutils-precedence.pth"].contains(&file_name(path).as_str());
            environment.is_complete &= is_harmless;
        } else if folder.join(line).is_dir() {
            environment.added_paths.push(folder.join(line));
        }
    }
}

fn importable_names(folder: &Path) -> impl Iterator<Item = SmolStr> {
    entries(folder).filter_map(|path| importable_name(&file_name(&path)))
}

/// The module that an entry of `site-packages` is imported as: a folder, `x.py`, or an extension `x.cpython-312-….so`.
fn importable_name(entry: &str) -> Option<SmolStr> {
    if entry.starts_with('.') || entry == "__pycache__" || entry.ends_with(".dist-info") {
        return None;
    }
    let (stem, extension) = entry.split_once('.').unwrap_or((entry, ""));
    let last = extension.rsplit('.').next().unwrap_or("");
    matches!(last, "" | "py" | "so" | "pyd").then(|| stem.into())
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{EnvironmentHints, find};
    use crate::fixture::Folder;

    #[test]
    fn the_nearest_environment_of_the_project_is_read() {
        let folder = Folder::new(&[
            (".venv/pyvenv.cfg", "version = 3.13.1\n"),
            (".venv/lib/python3.13/site-packages/fastapi/__init__.py", ""),
            (
                ".venv/lib/python3.13/site-packages/FastAPI-0.141.1.dist-info/METADATA",
                "",
            ),
            (
                ".venv/lib/python3.13/site-packages/pydantic_settings-2.16.3.dist-info/METADATA",
                "",
            ),
            (".venv/lib/python3.13/site-packages/typing_extensions.py", ""),
            (
                ".venv/lib/python3.13/site-packages/_rust.cpython-313-x86_64-linux-gnu.so",
                "",
            ),
            (".venv/lib/python3.13/site-packages/own.pth", "../../../../src\n"),
            ("src/own/__init__.py", ""),
            ("service/main.py", ""),
        ]);
        let hints = EnvironmentHints::default();
        let environment = find(&folder.path().join("service"), folder.path(), &hints).unwrap();
        assert_eq!(environment.python_version.as_deref(), Some("3.13.1"));
        assert_eq!(environment.version("fastapi").unwrap().0, "0.141.1");
        assert_eq!(environment.version("pydantic-settings").unwrap().0, "2.16.3");
        for name in ["fastapi", "typing_extensions", "_rust", "own"] {
            assert!(environment.has_module(name), "{name}");
        }
        assert!(!environment.has_module("starlette"));
        assert!(environment.is_complete);
    }

    #[test]
    fn metadata_says_what_a_distribution_requires() {
        let folder = Folder::new(&[
            (
                "my_tools-1.0.dist-info/METADATA",
                "Name: my-tools\nRequires-Dist: FastAPI[all]>=0.100; extra == 'web'\n\nRequires-Dist: starlette\n",
            ),
            ("other-1.0.dist-info/METADATA", "Name: other\n"),
        ]);
        let site = [folder.path().to_path_buf()];
        assert!(super::requires(&site, "my-tools", &["fastapi"]));
        assert!(!super::requires(&site, "my-tools", &["starlette"]));
        assert!(!super::requires(&site, "other", &["fastapi"]));
    }

    #[test]
    fn an_environment_with_the_framework_is_better_and_one_without_says_nothing_of_what_it_lacks() {
        let folder = Folder::new(&[
            (".venv/pyvenv.cfg", ""),
            (".venv/lib/python3.13/site-packages/ruff.py", ""),
            ("active/lib/python3.12/site-packages/fastapi/__init__.py", ""),
        ]);
        let mut hints = EnvironmentHints::default();
        let environment = find(folder.path(), folder.path(), &hints).unwrap();
        assert_eq!(environment.python_version.as_deref(), Some("3.13"));
        assert!(!environment.is_complete);
        hints.virtual_env = Some(folder.path().join("active"));
        let environment = find(folder.path(), folder.path(), &hints).unwrap();
        assert_eq!(environment.found_by, "$VIRTUAL_ENV");
        assert!(environment.is_complete);
    }

    #[test]
    fn a_configured_interpreter_wins() {
        let folder = Folder::new(&[
            (".venv/pyvenv.cfg", ""),
            (".venv/lib/python3.13/site-packages/x.py", ""),
            ("other/bin/python", ""),
            ("other/lib/python3.11/site-packages/import_hook.pth", "import hook\n"),
        ]);
        let hints = EnvironmentHints {
            python: Some(folder.path().join("other/bin/python")),
            ..EnvironmentHints::default()
        };
        let environment = find(folder.path(), folder.path(), &hints).unwrap();
        assert_eq!(environment.python_version.as_deref(), Some("3.11"));
        assert!(!environment.is_complete);
    }

    #[test]
    fn an_environment_of_conda_tells_what_it_holds() {
        let folder = Folder::new(&[
            ("conda-meta/python-3.12.4-h99e199e_1.json", "{}"),
            ("conda-meta/pydantic-core-2.50.5-py312h12e396e_0.json", "{}"),
            ("lib/python3.12/site-packages/fastapi-0.136.3.dist-info/METADATA", ""),
        ]);
        let hints = EnvironmentHints {
            conda_prefix: Some(folder.path().to_path_buf()),
            ..EnvironmentHints::default()
        };
        let project = Folder::new(&[]);
        let environment = find(project.path(), project.path(), &hints).unwrap();
        assert_eq!(environment.python_version.as_deref(), Some("3.12.4"));
        assert_eq!(environment.version("fastapi").unwrap().0, "0.136.3");
        assert_eq!(environment.version("pydantic-core").unwrap().0, "2.50.5");
    }
}
