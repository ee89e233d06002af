//! Where an absolute import leads.

use crate::layout::Found;
use crate::service::Service;
use crate::workspace::Project;
use crate::{environment, is_standard_library, normalized_name};
use smol_str::SmolStr;
use std::path::{Path, PathBuf};

/// Packages whose meaning is known: they are libraries even in the repository of their own source.
const FRAMEWORK: [&str; 4] = ["fastapi", "starlette", "pydantic", "pydantic_settings"];

/// Where an absolute dotted module name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// A file of the workspace; `__init__.py` for a package.
    File(PathBuf),
    /// A folder of the workspace without `__init__.py`.
    Namespace,
    /// A module of the standard library or of an installed or declared distribution, or one on disk that is not listed.
    Library,
    /// Neither in the workspace nor in the environment, and all of both is known.
    Missing,
    /// Not in the workspace, and the environment is not (wholly) known.
    Unknown,
}

impl Project {
    /// Where `module` (absolute, dotted) leads for an import in `from`: source roots of the file's own project, standard
    /// library, installed distributions, the folder of the file and those above it (what Python has on its path when a script
    /// there is run), other projects of the workspace. Folders without `__init__.py` give way to all of these, as in Python.
    #[must_use]
    pub fn resolve(&self, from: &Path, module: &str) -> Resolution {
        let service = self.service_of(from);
        let own = self.layout.find(self.own_roots(service, from), module);
        let top = module.split('.').next().unwrap_or(module);
        if FRAMEWORK.contains(&top) && matches!(&own, Found::File(file) if !file.ends_with(format!("{top}.py"))) {
            return Resolution::Library;
        }
        if let Found::File(file) = &own
            && !self.is_namespace_at_top(service, from, top)
        {
            return Resolution::File(file.clone());
        }
        if let Found::Broken(at, next) = &own {
            return unlisted_or_missing(at, next);
        }
        // A folder without `__init__.py` in a package that is the project's.
        if matches!(own, Found::Namespace(_)) && top != module && !self.is_namespace_at_top(service, from, top) {
            return Resolution::Namespace;
        }
        if is_standard_library(top) {
            return Resolution::Library;
        }
        // Distributions of one repository that share a namespace are installed from where they stand.
        if self.is_namespace_at_top(service, from, top) {
            let others = self.other_roots(service);
            let others = others.iter().map(PathBuf::as_path);
            let roots = self.own_roots(service, from).chain(others.clone());
            if matches!(self.layout.find(others, top), Found::Namespace(_))
                && let Found::File(file) = self.layout.find(roots, module)
            {
                return Resolution::File(file);
            }
        }
        if self.is_installed(service, top) {
            return match own {
                Found::File(file) if is_namespace_installed(service, top) => Resolution::File(file),
                // A part of it in the project, and perhaps others among the packages.
                Found::Namespace(_) if is_namespace_installed(service, top) && !self.is_regular(from, module) => {
                    Resolution::Namespace
                }
                _ => Resolution::Library,
            };
        }
        // A namesake of a library that stands next to a file is not what has a part that it lacks.
        let beside = match self.found_in(&self.run_roots(from), module) {
            Found::File(file) if file == from => Found::Absent,
            Found::Broken(..) => Found::Absent,
            found => found,
        };
        let elsewhere = self.found_in(&self.other_roots(service), module);
        for found in [own, beside, elsewhere] {
            match found {
                Found::File(file) => return Resolution::File(file),
                Found::Namespace(_) => return Resolution::Namespace,
                Found::Broken(at, next) => return unlisted_or_missing(&at, &next),
                Found::Absent => {}
            }
        }
        self.absent(service, from, module)
    }

    /// Modules directly in a package or namespace folder of the workspace: plain names, sorted.
    #[must_use]
    pub fn submodules(&self, from: &Path, package: &str) -> Vec<SmolStr> {
        match self.resolve(from, package) {
            Resolution::File(file) if file.ends_with("__init__.py") => match file.parent() {
                Some(folder) => self.layout.children(&[folder.to_path_buf()]),
                None => Vec::new(),
            },
            Resolution::Namespace => {
                let service = self.service_of(from);
                let own = self.own_roots(service, from).map(Path::to_path_buf).collect();
                let groups: [Vec<PathBuf>; 3] = [own, self.run_roots(from), self.other_roots(service)];
                let found = groups.iter().find_map(|roots| {
                    match self.layout.find(roots.iter().map(PathBuf::as_path), package) {
                        Found::Namespace(folders) => Some(folders),
                        _ => None,
                    }
                });
                self.layout.children(&found.unwrap_or_default())
            }
            _ => Vec::new(),
        }
    }

    /// The file of an installed module, found on disk: `x.py`, or `__init__.py` of a package.
    #[must_use]
    pub fn library_file(&self, from: &Path, module: &str) -> Option<PathBuf> {
        let environment = self.service_of(from).environment.as_ref()?;
        let relative: PathBuf = module.split('.').collect();
        let folders = environment.site_packages.iter().chain(&environment.added_paths);
        folders
            .flat_map(|folder| {
                [
                    folder.join(&relative).join("__init__.py"),
                    folder.join(&relative).with_extension("py"),
                ]
            })
            .find(|file| file.is_file())
    }

    /// Whether an installed package has an `__init__.py`, which is found before folders without one.
    fn is_regular(&self, from: &Path, package: &str) -> bool {
        let file = self.library_file(from, package);
        file.is_some_and(|file| file.ends_with("__init__.py"))
    }

    /// Whether an installed package says that it requires the framework.
    #[must_use]
    pub fn requires_framework(&self, from: &Path, package: &str) -> bool {
        let environment = self.service_of(from).environment.as_ref();
        environment.is_some_and(|environment| {
            let package = normalized_name(package);
            environment::requires(&environment.site_packages, &package, &["fastapi", "starlette"])
        })
    }

    fn found_in(&self, roots: &[PathBuf], module: &str) -> Found {
        self.layout.find(roots.iter().map(PathBuf::as_path), module)
    }

    /// The source roots of the file's own project, the one it is imported from first.
    fn own_roots<'a>(&'a self, service: &'a Service, from: &'a Path) -> impl Iterator<Item = &'a Path> {
        let first = self.source_root(from);
        let rest = service
            .root
            .source_roots
            .iter()
            .map(PathBuf::as_path)
            .filter(move |root| *root != first);
        std::iter::once(first).chain(rest)
    }

    fn is_namespace_at_top(&self, service: &Service, from: &Path, top: &str) -> bool {
        matches!(
            self.layout.find(self.own_roots(service, from), top),
            Found::Namespace(_)
        )
    }

    fn is_installed(&self, service: &Service, top: &str) -> bool {
        match &service.environment {
            Some(environment) => environment.has_module(top),
            None => service.declared.names(&normalized_name(top)),
        }
    }

    /// The file's folder and those above it, up to its source root.
    fn run_roots(&self, from: &Path) -> Vec<PathBuf> {
        let end = self.source_root(from);
        let folders = from.parent().into_iter().flat_map(Path::ancestors);
        folders
            .take_while(|folder| *folder != end && folder.starts_with(end))
            .map(Path::to_path_buf)
            .collect()
    }

    /// Source roots that imports prove, nearest project first, then those of the workspace's other projects.
    fn other_roots(&self, service: &Service) -> Vec<PathBuf> {
        let (own, foreign): (Vec<&PathBuf>, Vec<&PathBuf>) = self
            .proven
            .iter()
            .partition(|root| root.starts_with(&service.root.folder));
        let others = self
            .services
            .iter()
            .filter(|other| other.root.folder != service.root.folder);
        let declared = others.flat_map(|other| &other.root.source_roots);
        own.into_iter().chain(declared).chain(foreign).cloned().collect()
    }

    fn absent(&self, service: &Service, from: &Path, module: &str) -> Resolution {
        let top = module.split('.').next().unwrap_or(module);
        if self.own_roots(service, from).any(|root| exists_on_disk(root, top)) {
            return Resolution::Library;
        }
        match &service.environment {
            Some(environment) if environment.is_complete => Resolution::Missing,
            _ => Resolution::Unknown,
        }
    }
}

/// Whether a package that is required, or the project itself, is one without `__init__.py` as far as is known: distributions
/// share it, and the project's own part of it is among them.
fn is_namespace_installed(service: &Service, top: &str) -> bool {
    let Some(environment) = &service.environment else {
        return true;
    };
    let folders = environment.site_packages.iter().chain(&environment.added_paths);
    let mut parts = folders.map(|folder| folder.join(top)).filter(|part| part.is_dir());
    parts.next().is_some_and(|first| {
        std::iter::once(first)
            .chain(parts)
            .all(|part| !part.join("__init__.py").is_file())
    })
}

/// What to say of a part of a name that is not in the table of its package: ignored and generated files and compiled
/// extensions are not listed, yet can be imported.
fn unlisted_or_missing(package: &Path, part: &str) -> Resolution {
    if exists_on_disk(package, part) {
        Resolution::Library
    } else {
        Resolution::Missing
    }
}

/// Whether a module of that name is in `folder` in any form that Python can import.
fn exists_on_disk(folder: &Path, name: &str) -> bool {
    let prefix = format!("{name}.");
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let entry = entry.file_name();
        let entry = entry.to_string_lossy();
        entry == name
            || entry
                .strip_prefix(&prefix)
                .is_some_and(|rest| rest == "py" || rest.ends_with("so") || rest.ends_with("pyd"))
    })
}

#[cfg(test)]
mod tests {
    use super::Resolution::{self, Library, Missing, Namespace, Unknown};
    use crate::fixture::Folder;
    use crate::{Options, Project};

    fn discover(folder: &Folder) -> Project {
        Project::discover(&[folder.path().to_path_buf()], &Options::default())
    }

    fn file(folder: &Folder, path: &str) -> Resolution {
        Resolution::File(folder.path().join(path))
    }

    #[test]
    fn own_modules_come_before_libraries_and_namespaces_after() {
        let folder = Folder::new(&[
            ("main.py", ""),
            ("app/__init__.py", ""),
            ("app/db.py", ""),
            ("app/redis.py", ""),
            ("logging.py", ""),
            ("alembic/env.py", ""),
            ("plugins/one.py", ""),
            (".venv/pyvenv.cfg", ""),
            (".venv/lib/python3.13/site-packages/alembic/__init__.py", ""),
            (".venv/lib/python3.13/site-packages/redis/__init__.py", ""),
            (".venv/lib/python3.13/site-packages/fastapi/__init__.py", ""),
        ]);
        let project = discover(&folder);
        let resolve = |module| project.resolve(&folder.path().join("app/db.py"), module);
        assert_eq!(resolve("app.db"), file(&folder, "app/db.py"));
        assert_eq!(resolve("app"), file(&folder, "app/__init__.py"));
        assert_eq!(resolve("logging"), file(&folder, "logging.py"));
        assert_eq!(resolve("asyncio.tasks"), Library);
        assert_eq!(resolve("redis"), Library);
        assert_eq!(resolve("alembic"), Library);
        assert_eq!(resolve("alembic.env"), Library);
        assert_eq!(resolve("plugins"), Namespace);
        assert_eq!(resolve("plugins.one"), file(&folder, "plugins/one.py"));
        assert_eq!(resolve("app.gone"), Missing);
        assert_eq!(resolve("gone"), Missing);
        assert_eq!(
            project.submodules(&folder.path().join("main.py"), "app"),
            ["db", "redis"]
        );
        assert_eq!(project.submodules(&folder.path().join("main.py"), "plugins"), ["one"]);
    }

    #[test]
    fn distributions_share_a_namespace() {
        let folder = Folder::new(&[
            ("maps/server/__init__.py", ""),
            ("maps/server/main.py", ""),
            (".venv/pyvenv.cfg", ""),
            (".venv/lib/python3.13/site-packages/maps/core/__init__.py", ""),
            ("maps/cloud/tiles.py", ""),
            (".venv/lib/python3.13/site-packages/maps/cloud/storage.py", ""),
            ("maps/whole/part.py", ""),
            (".venv/lib/python3.13/site-packages/maps/whole/__init__.py", ""),
        ]);
        let project = discover(&folder);
        let resolve = |module| project.resolve(&folder.path().join("maps/server/main.py"), module);
        assert_eq!(resolve("maps.server"), file(&folder, "maps/server/__init__.py"));
        assert_eq!(resolve("maps.core"), Library);
        assert_eq!(resolve("maps.cloud"), Namespace);
        assert_eq!(resolve("maps.cloud.tiles"), file(&folder, "maps/cloud/tiles.py"));
        assert_eq!(resolve("maps.cloud.storage"), Library);
        assert_eq!(resolve("maps.whole"), Library);
    }

    #[test]
    fn a_lock_names_the_project_too() {
        let folder = Folder::new(&[
            ("pyproject.toml", "[project]\nname = \"maps\"\nversion = \"1\"\n"),
            (
                "uv.lock",
                "version = 1\n[[package]]\nname = \"maps\"\nversion = \"1\"\nsource = { editable = \".\" }\n",
            ),
            ("maps/server/main.py", ""),
            ("maps/server/routes.py", ""),
        ]);
        let project = discover(&folder);
        let resolved = project.resolve(&folder.path().join("maps/server/main.py"), "maps.server.routes");
        assert_eq!(resolved, file(&folder, "maps/server/routes.py"));
    }

    #[test]
    fn without_an_environment_nothing_is_missing_but_what_a_package_lacks() {
        let folder = Folder::new(&[
            ("requirements.txt", "PyYAML\nfastapi\n"),
            ("app/__init__.py", ""),
            ("app/main.py", ""),
            ("app/_version.py", ""),
            (".gitignore", "_version.py\n"),
        ]);
        let project = discover(&folder);
        let resolve = |module| project.resolve(&folder.path().join("app/main.py"), module);
        assert_eq!(resolve("fastapi.routing"), Library);
        assert_eq!(resolve("yaml"), Unknown);
        assert_eq!(resolve("app.nothing"), Missing);
        assert_eq!(resolve("app._version"), Library);
    }

    #[test]
    fn projects_of_a_monorepo_do_not_mix_but_see_each_other() {
        let folder = Folder::new(&[
            ("services/a/pyproject.toml", ""),
            ("services/a/app/__init__.py", ""),
            ("services/a/app/main.py", ""),
            ("services/b/pyproject.toml", ""),
            ("services/b/app/__init__.py", ""),
            ("services/b/app/main.py", ""),
            ("libs/shared/pyproject.toml", ""),
            ("libs/shared/src/shared/__init__.py", ""),
        ]);
        let project = discover(&folder);
        let a = folder.path().join("services/a/app/main.py");
        let b = folder.path().join("services/b/app/main.py");
        assert_eq!(project.resolve(&a, "app.main"), file(&folder, "services/a/app/main.py"));
        assert_eq!(project.resolve(&b, "app.main"), file(&folder, "services/b/app/main.py"));
        assert_eq!(
            project.resolve(&b, "shared"),
            file(&folder, "libs/shared/src/shared/__init__.py")
        );
        assert_eq!(project.module_name(&b), "app.main");
    }

    #[test]
    fn the_framework_is_a_library_in_its_own_repository() {
        let folder = Folder::new(&[
            ("pyproject.toml", ""),
            ("fastapi/__init__.py", ""),
            ("docs_src/a.py", ""),
        ]);
        let project = discover(&folder);
        assert_eq!(
            project.resolve(&folder.path().join("docs_src/a.py"), "fastapi"),
            Library
        );
    }

    #[test]
    fn a_namesake_of_a_library_is_not_the_library() {
        let folder = Folder::new(&[
            ("app/__init__.py", ""),
            ("app/types/openai.py", "from openai.types import Model\n"),
            ("app/types/base.py", "import openai\n"),
        ]);
        let project = discover(&folder);
        let own = folder.path().join("app/types/openai.py");
        let base = folder.path().join("app/types/base.py");
        assert_eq!(project.module_name(&own), "app.types.openai");
        assert_eq!(project.resolve(&own, "openai"), Unknown);
        assert_eq!(project.resolve(&base, "openai.types"), Unknown);
    }

    #[test]
    fn a_script_finds_what_stands_next_to_it() {
        let folder = Folder::new(&[("README.md", ""), ("demo/main.py", ""), ("demo/database.py", "")]);
        let project = discover(&folder);
        let from = folder.path().join("demo/main.py");
        assert_eq!(project.resolve(&from, "database"), file(&folder, "demo/database.py"));
    }
}
