//! The workspace: its projects and files, and what is known about each.

use crate::discover::{self, Note};
use crate::dotenv;
use crate::entry::{self, EntryPoint, EntryPointOrigin};
use crate::environment::{self, Environment, EnvironmentHints};
use crate::layout::{Found, Layout};
use crate::roots::{self, Root};
use crate::versions::{Declared, Origin};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What discovery is told from outside.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the process and the editor say about the environment.
    pub environment: EnvironmentHints,
}

/// A project of the workspace with its environment.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) root: Root,
    pub(crate) environment: Option<Environment>,
    pub(crate) declared: Declared,
    dotenv: BTreeMap<String, Arc<str>>,
}

/// The workspace as it is on disk. Cheap to ask; paths are absolute.
#[derive(Clone, Debug)]
pub struct Project {
    folders: Vec<PathBuf>,
    options: Options,
    pub(crate) layout: Layout,
    pub(crate) services: Vec<Service>,
    notes: Vec<Note>,
}

/// What a change of a file on disk asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reload {
    /// Nothing: the file does not belong to the project, or was known.
    Nothing,
    /// The table of files changed: imports may lead elsewhere.
    Files,
    /// Projects, environments or configuration may have changed: discover again.
    All,
}

impl Project {
    /// Walks the workspace folders. What can't be read is noted, never an error.
    #[must_use]
    pub fn discover(folders: &[PathBuf], options: &Options) -> Self {
        let mut project = Self {
            folders: folders
                .iter()
                .filter_map(|folder| std::path::absolute(folder).ok())
                .collect(),
            options: options.clone(),
            layout: Layout::default(),
            services: Vec::new(),
            notes: Vec::new(),
        };
        for folder in project.folders.clone() {
            let listing = discover::list(&folder, roots::is_marker);
            for file in &listing.python {
                project.layout.add(top(&folder), file);
            }
            project.notes.extend(listing.notes);
            let roots = roots::find(&folder, &listing.markers, &project.layout);
            project
                .services
                .extend(roots.into_iter().map(|root| service(root, &folder, options)));
        }
        project.services.sort_by(|a, b| a.root.folder.cmp(&b.root.folder));
        project.services.dedup_by(|a, b| a.root.folder == b.root.folder);
        project
    }

    /// Walks the same folders again.
    #[must_use]
    pub fn rediscover(&self) -> Self {
        Self::discover(&self.folders, &self.options)
    }

    /// The workspace folders.
    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The Python files in order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &Arc<Path>> {
        self.layout.files()
    }

    /// Whether the file is listed.
    #[must_use]
    pub fn contains(&self, file: &Path) -> bool {
        self.layout.contains(file)
    }

    /// Files and folders that could not be read, and why.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Takes note of a new file.
    pub fn file_added(&mut self, file: &Path) -> Reload {
        if file
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(is_configuration)
        {
            return Reload::All;
        }
        let Some(folder) = self.folders.iter().find(|folder| file.starts_with(folder)) else {
            return Reload::Nothing;
        };
        let is_python = file.extension().is_some_and(|extension| extension == "py");
        let mut between = file.ancestors().skip(1).take_while(|above| *above != folder);
        if !is_python || between.any(discover::is_skipped_folder) {
            return Reload::Nothing;
        }
        if let Some(message) = discover::reason_to_leave_out(folder, file) {
            self.notes.push(Note {
                path: file.to_path_buf(),
                message,
            });
            return Reload::Nothing;
        }
        if self.layout.add(top(folder), file) {
            Reload::Files
        } else {
            Reload::Nothing
        }
    }

    /// Takes note that a file, or a folder with all that is in it, is gone.
    pub fn file_removed(&mut self, path: &Path) -> Reload {
        if path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(is_configuration)
        {
            return Reload::All;
        }
        let gone: Vec<Arc<Path>> = self
            .layout
            .files()
            .filter(|file| file.starts_with(path))
            .cloned()
            .collect();
        for file in &gone {
            self.layout.remove(file);
        }
        if gone.is_empty() {
            Reload::Nothing
        } else {
            Reload::Files
        }
    }

    /// The project that a file belongs to: the innermost whose folder holds it.
    pub(crate) fn service_of(&self, file: &Path) -> &Service {
        let innermost = self
            .services
            .iter()
            .rev()
            .filter(|service| file.starts_with(&service.root.folder));
        innermost
            .max_by_key(|service| service.root.folder.as_os_str().len())
            .or(self.services.first())
            .unwrap_or(&NO_SERVICE)
    }

    /// The folder of the project that a file belongs to.
    #[must_use]
    pub fn project_folder(&self, file: &Path) -> &Path {
        &self.service_of(file).root.folder
    }

    /// The environment of the file's project, if one was found.
    #[must_use]
    pub fn environment(&self, file: &Path) -> Option<&Environment> {
        self.service_of(file).environment.as_ref()
    }

    /// The version of a distribution (normalised name) that the file's project has installed, locks or asks for.
    #[must_use]
    pub fn version(&self, file: &Path, distribution: &str) -> Option<(&str, Origin)> {
        let service = self.service_of(file);
        let installed = service
            .environment
            .as_ref()
            .and_then(|environment| environment.version(distribution));
        installed.or_else(|| service.declared.version(distribution))
    }

    /// The value of a variable in the `.env` file of the file's project.
    #[must_use]
    pub fn dotenv(&self, file: &Path, name: &str) -> Option<Arc<str>> {
        let mut folder = Some(self.service_of(file));
        while let Some(service) = folder {
            if !service.dotenv.is_empty() {
                return service.dotenv.get(name).cloned();
            }
            folder = service.root.folder.parent().and_then(|above| {
                let outer = self.service_of(above);
                (above.starts_with(&outer.root.folder)).then_some(outer)
            });
        }
        None
    }

    /// The folder that a file is imported from.
    pub(crate) fn source_root<'a>(&'a self, file: &'a Path) -> &'a Path {
        let service = self.service_of(file);
        let roots = service.root.source_roots.iter().filter(|root| file.starts_with(root));
        roots
            .filter(|root| **root == service.root.folder || !self.layout.is_package(root))
            .max_by_key(|root| root.as_os_str().len())
            .map_or(file.parent().unwrap_or(file), PathBuf::as_path)
    }

    /// The absolute dotted name under which Python imports a file from its project's source root.
    #[must_use]
    pub fn module_name(&self, file: &Path) -> String {
        let root = self.source_root(file);
        let relative = file.strip_prefix(root).unwrap_or(file).with_extension("");
        let mut parts: Vec<String> = relative
            .components()
            .map(|component| component.as_os_str().to_string_lossy().into_owned())
            .collect();
        if parts.len() > 1 && parts.last().is_some_and(|last| last == "__init__") {
            parts.pop();
        }
        parts.join(".")
    }

    /// The entry points of every project: configured ones first, else where FastAPI CLI looks.
    #[must_use]
    pub fn entry_points(&self) -> Vec<EntryPoint> {
        let mut found = Vec::new();
        for service in &self.services {
            let pyproject = service.root.pyproject.as_ref();
            let tool = pyproject.and_then(|pyproject| pyproject.get("tool"));
            for (tool_name, origin) in [
                ("routewright", EntryPointOrigin::Routewright),
                ("fastapi", EntryPointOrigin::FastApi),
            ] {
                let value = tool.and_then(|tool| tool.get(tool_name)?.get("entrypoint"));
                let named = value.into_iter().flat_map(|value| match value {
                    toml::Value::Array(items) => items.iter().filter_map(toml::Value::as_str).collect(),
                    other => other.as_str().into_iter().collect::<Vec<_>>(),
                });
                found.extend(named.filter_map(|entrypoint| self.entry_point(service, entrypoint, origin)));
            }
            let searched = entry::DEFAULT_FILES.iter().map(|name| service.root.folder.join(name));
            found.extend(
                searched
                    .filter(|file| self.contains(file))
                    .take(1)
                    .map(|file| EntryPoint {
                        file,
                        attribute: None,
                        origin: EntryPointOrigin::Search,
                    }),
            );
        }
        found.sort_by_key(|entry| entry.origin as u8);
        let mut seen = Vec::new();
        found.retain(|entry| {
            let is_new = !seen.contains(&entry.file);
            seen.push(entry.file.clone());
            is_new
        });
        found
    }

    fn entry_point(&self, service: &Service, entrypoint: &str, origin: EntryPointOrigin) -> Option<EntryPoint> {
        let (module, attribute) = entry::split(entrypoint)?;
        match self
            .layout
            .find(service.root.source_roots.iter().rev().map(PathBuf::as_path), module)
        {
            Found::File(file) => Some(EntryPoint {
                file,
                attribute: Some(attribute.to_owned()),
                origin,
            }),
            _ => None,
        }
    }
}

/// What is known of a file when there is no workspace.
static NO_SERVICE: std::sync::LazyLock<Service> = std::sync::LazyLock::new(|| Service {
    root: Root::default(),
    environment: None,
    declared: Declared::default(),
    dotenv: BTreeMap::new(),
});

/// Folders are linked up to the filesystem's root, so that a source root above the workspace folder finds its modules.
fn top(folder: &Path) -> &Path {
    folder.ancestors().last().unwrap_or(folder)
}

fn service(root: Root, workspace: &Path, options: &Options) -> Service {
    let top = if root.folder.starts_with(workspace) {
        workspace
    } else {
        &root.folder
    };
    let environment = environment::find(&root.folder, top, &options.environment);
    let mut declared = Declared::read(&root.folder, root.pyproject.as_ref());
    if root.folder != top {
        declared.fill_from(&Declared::read(top, None));
    }
    let dotenv = std::fs::read_to_string(root.folder.join(".env")).unwrap_or_default();
    Service {
        environment,
        declared,
        dotenv: dotenv::parse(&dotenv),
        root,
    }
}

/// Whether a change of a file of that name may change projects, environments or versions.
fn is_configuration(name: &str) -> bool {
    roots::is_marker(name)
        || matches!(
            name,
            ".env"
                | ".gitignore"
                | "pyvenv.cfg"
                | "uv.lock"
                | "poetry.lock"
                | "pdm.lock"
                | "pylock.toml"
                | "Pipfile.lock"
        )
}

#[cfg(test)]
mod tests {
    use super::{Options, Project, Reload};
    use crate::fixture::Folder;
    use crate::{EntryPointOrigin, Origin};
    use std::path::Path;

    fn discover(folder: &Path) -> Project {
        Project::discover(&[folder.to_path_buf()], &Options::default())
    }

    fn names(folder: &Folder, below: &str) -> Vec<String> {
        let project = discover(&folder.path().join(below));
        project.files().map(|file| project.module_name(file)).collect()
    }

    #[test]
    fn names_are_those_python_would_import() {
        let src = Folder::new(&[
            ("pyproject.toml", ""),
            ("src/shop/__init__.py", ""),
            ("src/shop/main.py", ""),
            ("tests/t.py", ""),
        ]);
        assert_eq!(names(&src, ""), ["shop", "shop.main", "tests.t"]);
        let package_dir = Folder::new(&[
            ("pyproject.toml", "[tool.setuptools.package-dir]\n'' = 'lib'\n"),
            ("lib/shop/main.py", ""),
        ]);
        assert_eq!(names(&package_dir, ""), ["shop.main"]);
        let flat = Folder::new(&[("__init__.py", ""), ("main.py", "")]);
        assert_eq!(names(&flat, "").last().unwrap().rsplit('.').next(), Some("main"));
    }

    /// FastAPI's own documentation: `docs_src` has no `__init__.py`, most folders below have one.
    #[test]
    fn names_do_not_depend_on_the_folder_that_was_opened() {
        let folder = Folder::new(&[
            ("pyproject.toml", ""),
            ("docs_src/first_steps/__init__.py", ""),
            ("docs_src/first_steps/tutorial001.py", ""),
        ]);
        for below in ["", "docs_src", "docs_src/first_steps"] {
            assert_eq!(
                names(&folder, below),
                ["docs_src.first_steps", "docs_src.first_steps.tutorial001"]
            );
        }
    }

    #[test]
    fn a_package_opened_by_itself_keeps_its_name() {
        let folder = Folder::new(&[
            ("app/__init__.py", ""),
            ("app/api/__init__.py", ""),
            ("app/api/main.py", ""),
        ]);
        assert_eq!(names(&folder, "app/api"), ["app.api", "app.api.main"]);
    }

    #[test]
    fn configured_entry_points_come_first() {
        let folder = Folder::new(&[
            (
                "pyproject.toml",
                "[tool.fastapi]\nentrypoint = 'shop.web:api'\n[tool.routewright]\nentrypoint = ['shop.admin:app']\n",
            ),
            ("src/shop/web.py", ""),
            ("src/shop/admin.py", ""),
            ("app.py", ""),
            ("app/main.py", ""),
        ]);
        let project = discover(folder.path());
        let found: Vec<_> = project.entry_points();
        let file = |path: &str| folder.path().join(path);
        assert_eq!(found[0].file, file("src/shop/admin.py"));
        assert_eq!(
            (found[1].file.clone(), found[1].attribute.as_deref()),
            (file("src/shop/web.py"), Some("api"))
        );
        assert_eq!(
            (found[2].file.clone(), found[2].origin),
            (file("app.py"), EntryPointOrigin::Search)
        );
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn versions_come_from_the_environment_before_the_lock() {
        let folder = Folder::new(&[
            (
                "uv.lock",
                "[[package]]\nname = 'fastapi'\nversion = '0.115.0'\n[[package]]\nname = 'sqlmodel'\nversion = '0.0.50'\n",
            ),
            ("main.py", ""),
            ("api/pyproject.toml", ""),
            (".venv/pyvenv.cfg", ""),
            (
                ".venv/lib/python3.13/site-packages/fastapi-0.163.2.dist-info/METADATA",
                "",
            ),
        ]);
        let project = discover(folder.path());
        let version = |distribution| {
            project
                .version(&folder.path().join("api/main.py"), distribution)
                .unwrap()
        };
        assert_eq!(
            version("fastapi"),
            ("0.163.2", Origin::Installed(folder.path().join(".venv")))
        );
        assert_eq!(
            version("sqlmodel"),
            ("0.0.50", Origin::Locked(folder.path().join("uv.lock")))
        );
    }

    #[test]
    fn the_nearest_dotenv_file_counts() {
        let folder = Folder::new(&[
            (".env", "A=outer\nB=outer\n"),
            ("one/pyproject.toml", ""),
            ("one/.env", "A=inner\n"),
            ("two/pyproject.toml", ""),
        ]);
        let project = discover(folder.path());
        let value = |file: &str, name| {
            project
                .dotenv(&folder.path().join(file), name)
                .map(|value| value.to_string())
        };
        assert_eq!(value("one/main.py", "A").as_deref(), Some("inner"));
        assert_eq!(value("one/main.py", "B"), None);
        assert_eq!(value("two/main.py", "B").as_deref(), Some("outer"));
    }

    #[test]
    fn files_come_and_go() {
        let folder = Folder::new(&[("app/main.py", "")]);
        let mut project = discover(folder.path());
        folder.write("app/users.py", "");
        folder.write(".venv/x.py", "");
        let path = |path: &str| folder.path().join(path);
        assert_eq!(project.file_added(&path("app/users.py")), Reload::Files);
        assert_eq!(project.file_added(&path("app/users.py")), Reload::Nothing);
        assert_eq!(project.file_added(&path(".venv/x.py")), Reload::Nothing);
        assert_eq!(project.file_added(&path("pyproject.toml")), Reload::All);
        assert_eq!(project.file_removed(&path("app")), Reload::Files);
        assert_eq!(project.files().count(), 0);
    }

    #[test]
    fn a_folder_that_is_gone_is_noted() {
        let project = discover(Path::new("/nowhere/at all"));
        assert_eq!(project.files().count(), 0);
        assert_eq!(project.notes().len(), 1);
    }
}
