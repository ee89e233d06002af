//! The workspace: its projects and files, and what is known about each.

use crate::config::{Config, ConfigProblem};
use crate::discover::{self, Note};
use crate::entry::{self, EntryPoint, EntryPointOrigin};
use crate::environment::{self, Environment, EnvironmentHints};
use crate::evidence::{self, Votes};
use crate::excludes::Excludes;
use crate::layout::{Found, Layout};
use crate::roots;
use crate::service::Service;
use crate::versions::{self, Locks, Origin, Problem, Readings};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What files import: first parts of names.
type Imports = BTreeMap<Arc<Path>, Vec<SmolStr>>;

/// What discovery is told from outside.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the process and the editor say about the environment.
    pub environment: EnvironmentHints,
    /// The editor's settings: they win over those in files.
    pub settings: Config,
    /// Names of rules and groups, against which configuration is checked.
    pub rule_names: Vec<String>,
}

/// The workspace as it is on disk. Cheap to ask; paths are absolute.
#[derive(Clone, Debug)]
pub struct Project {
    folders: Vec<PathBuf>,
    options: Options,
    pub(crate) layout: Layout,
    pub(crate) services: Vec<Service>,
    /// Which service has its root in a folder.
    service_in: FxHashMap<PathBuf, usize>,
    /// Source roots that imports prove.
    pub(crate) proven: BTreeSet<PathBuf>,
    /// What the files in doubtful places import: first parts of names.
    imports: Imports,
    configs: BTreeMap<PathBuf, Arc<Config>>,
    problems: BTreeMap<PathBuf, Vec<ConfigProblem>>,
    /// The requirements files that were read.
    requirements: FxHashSet<PathBuf>,
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
            service_in: FxHashMap::default(),
            proven: BTreeSet::new(),
            imports: BTreeMap::new(),
            configs: BTreeMap::new(),
            problems: BTreeMap::new(),
            requirements: FxHashSet::default(),
            notes: Vec::new(),
        };
        let mut locks = Locks::default();
        for folder in project.folders.clone() {
            project.discover_folder(&folder, &mut locks);
        }
        project.take_problems(locks.into_problems());
        project.services.sort_by(|a, b| a.root.folder.cmp(&b.root.folder));
        project.services.dedup_by(|a, b| a.root.folder == b.root.folder);
        let folders = project.services.iter().map(|service| service.root.folder.clone());
        project.service_in = folders.zip(0..).collect();
        project.settle();
        project
    }

    fn discover_folder(&mut self, folder: &Path, locks: &mut Locks) {
        let listing = discover::list(folder, roots::is_marker);
        let above = roots::enclosing(folder)
            .into_iter()
            .flat_map(|above| CONFIG_FILES.map(|name| above.join(name)));
        let above: Vec<PathBuf> = above.filter(|file| file.is_file()).collect();
        for file in above.iter().chain(&listing.markers).filter(|file| is_config_file(file)) {
            self.read_config(file);
        }
        let mut excludes = Excludes::default();
        for file in &listing.python {
            if !excludes.contains(&self.config(file), file) {
                self.layout.add(top(folder), file);
            }
        }
        self.notes.extend(listing.notes);
        let mut readings = Readings::default();
        for root in roots::find(folder, &listing.markers, &self.layout) {
            let config = self.config(&root.folder.join("pyproject.toml"));
            let service = Service::read(root, config, folder, &self.options, locks, &mut readings);
            self.services.push(service);
        }
        self.requirements.extend(readings.requirements);
        self.take_problems(readings.problems);
    }

    /// Several projects may have read the same file.
    fn take_problems(&mut self, problems: Vec<Problem>) {
        for (file, problem) in problems {
            let known = self.problems.entry(file).or_default();
            if !known.contains(&problem) {
                known.push(problem);
            }
        }
    }

    /// Reads a configuration file. `routewright.toml` wins over the `pyproject.toml` beside it.
    fn read_config(&mut self, file: &Path) {
        let (Some(folder), Ok(text)) = (file.parent(), std::fs::read_to_string(file)) else {
            return;
        };
        let (config, problems) = Config::parse(file, &text, &self.options.rule_names);
        if let Some(config) = config {
            let config = Arc::new(config.overridden_by(&self.options.settings));
            self.configs.insert(folder.to_path_buf(), config);
        }
        // Who uses no `[tool.routewright]` hears of a broken `pyproject.toml` from others.
        if !problems.is_empty() && self.configs.contains_key(folder) {
            self.problems.insert(file.to_path_buf(), problems);
        }
    }

    /// The configuration that counts for a file: the nearest one, with the editor's settings over it.
    #[must_use]
    pub fn config(&self, file: &Path) -> Arc<Config> {
        let nearest = file.ancestors().skip(1).find_map(|folder| self.configs.get(folder));
        nearest
            .cloned()
            .unwrap_or_else(|| Arc::new(self.options.settings.clone()))
    }

    /// Every configuration file that was read, outermost first.
    pub fn configs(&self) -> impl Iterator<Item = &Config> {
        self.configs.values().map(Arc::as_ref)
    }

    /// What is wrong in configuration, lock and requirements files, by file.
    #[must_use]
    pub fn problems(&self) -> &BTreeMap<PathBuf, Vec<ConfigProblem>> {
        &self.problems
    }

    /// Works out which undeclared source roots the imports prove. To be called once after any number of
    /// [`Self::file_added`] and [`Self::file_removed`].
    pub fn settle(&mut self) {
        self.proven.clear();
        let mut imports = std::mem::take(&mut self.imports);
        imports.retain(|file, _| self.layout.contains(file));
        self.settle_doubtful_projects(&mut imports);
        self.settle_packages(&mut imports);
        let mut proven = self.package_roots(&mut imports);
        for file in self.layout.files() {
            let service = self.service_of(file);
            let declared = self.declared_root(file);
            let Some(doubtful) = evidence::doubtful_folder(&self.layout, declared, file) else {
                continue;
            };
            let names = imports.entry(file.clone()).or_insert_with(|| read_imports(file));
            let roots = names
                .iter()
                .filter_map(|name| evidence::proven_root(&self.layout, service, declared, &doubtful, file, name));
            proven.extend(roots);
        }
        self.proven = proven;
        self.imports = imports;
    }

    /// Where the files of a doubtful project import by the name that its folder has from above, that is what they are
    /// imported by.
    fn settle_doubtful_projects(&mut self, imports: &mut Imports) {
        for at in 0..self.services.len() {
            let root = &self.services[at].root;
            if !root.is_doubtful || self.services[at].config.source_roots.is_some() {
                continue;
            }
            let Some(parent) = root.folder.parent() else { continue };
            let outer = &self.service_of(parent).root;
            let mut roots = roots::usual(&root.folder, &self.layout);
            if root.folder.starts_with(&outer.folder) && outer.folder != root.folder {
                let above = self.declared_root(parent).to_path_buf();
                let votes = self.votes(&above, &roots, imports);
                if votes.above > votes.here {
                    roots.clone_from(&outer.source_roots);
                }
            }
            self.services[at].root.source_roots = roots;
        }
    }

    /// Where a project's folder is a package or in one, and no file there says what it is, its files say where they are imported
    /// from: from within it, or, as they do by default, from where the topmost package stands.
    fn settle_packages(&mut self, imports: &mut Imports) {
        for at in 0..self.services.len() {
            let root = &self.services[at].root;
            let (Some(above), None) = (&root.around_package, &self.services[at].config.source_roots) else {
                continue;
            };
            let here = roots::usual(&root.folder, &self.layout);
            let votes = self.votes(above, &here, imports);
            let is_run_here = roots::begins_something(&root.folder) && !self.leads_out(&root.folder, imports);
            let is_here = votes.here > votes.above || (votes == Votes::default() && is_run_here);
            self.services[at].root.source_roots = if is_here { here } else { vec![above.clone()] };
        }
    }

    /// Whether a file below a folder imports what is in the folder by its own place in it: `from .db import x`.
    fn leads_out(&self, folder: &Path, imports: &mut Imports) -> bool {
        let mut files = self.layout.files().filter(|file| file.starts_with(folder));
        files.any(|file| {
            let depth = file.strip_prefix(folder).map_or(0, |below| below.iter().count());
            let names = imports.entry(file.clone()).or_insert_with(|| read_imports(file));
            names
                .iter()
                .any(|name| evidence::dots(name).is_some_and(|dots| dots >= depth))
        })
    }

    /// The folders `src` that are a package by their `__init__.py`, but that their own files do not import by.
    fn package_roots(&self, imports: &mut Imports) -> BTreeSet<PathBuf> {
        let folders = self.services.iter().map(|service| &service.root.folder);
        let sources = folders.map(|folder| (folder, folder.join("src")));
        sources
            .filter(|(folder, src)| {
                let is_package = self.layout.is_package(src) && !self.service_in.contains_key(src);
                is_package && {
                    let votes = self.votes(folder, std::slice::from_ref(src), imports);
                    votes.here > votes.above
                }
            })
            .map(|(_, src)| src)
            .collect()
    }

    /// What the imports of the files below the last of some folders say: whether they lead from those or from above.
    fn votes(&self, above: &Path, here: &[PathBuf], imports: &mut Imports) -> Votes {
        let mut votes = Votes::default();
        for file in self.layout.files() {
            if here.last().is_some_and(|folder| file.starts_with(folder)) {
                let names = imports.entry(file.clone()).or_insert_with(|| read_imports(file));
                votes.add(&self.layout, above, here, names);
            }
        }
        votes
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

    /// What is directly in a folder, sorted: names of listed Python files, and of folders (`true`) that hold some.
    #[must_use]
    pub fn entries(&self, folder: &Path) -> Option<Vec<(Arc<str>, bool)>> {
        self.layout.entries(folder)
    }

    /// Whether the file is listed.
    #[must_use]
    pub fn contains(&self, file: &Path) -> bool {
        self.layout.contains(file)
    }

    /// Whether a path (absolute, without `..`) may be that of a file of data that belongs to the project or to a library of
    /// it: one of [`DATA_SUFFIXES`](crate::DATA_SUFFIXES), below a folder of the workspace or of an environment.
    #[must_use]
    pub fn may_hold_data(&self, path: &Path) -> bool {
        let suffix = path.extension().and_then(|suffix| suffix.to_str());
        let installed = self.services.iter().filter_map(|service| service.environment.as_ref());
        let mut folders = self.folders.iter().chain(installed.flat_map(|it| &it.site_packages));
        suffix.is_some_and(|suffix| discover::DATA_SUFFIXES.contains(&suffix))
            && folders.any(|folder| path.starts_with(folder))
    }

    /// Files and folders that could not be read, and why.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether a change of that file or folder may change projects, environments or versions.
    fn is_configuration(&self, path: &Path) -> bool {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return false;
        };
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        is_configuration_name(name)
            || self.requirements.contains(path)
            || versions::is_requirements(name, folder == "requirements")
            || environment::is_record(name, &folder.to_string_lossy())
    }

    /// Whether something was installed or removed, since discovery, in an environment of the projects.
    #[must_use]
    pub fn environments_changed(&self) -> bool {
        let environments = self.services.iter().filter_map(|service| service.environment.as_ref());
        environments.into_iter().any(Environment::is_changed)
    }

    /// Takes note of a file that was made or changed on disk.
    pub fn file_added(&mut self, file: &Path) -> Reload {
        if self.is_configuration(file) {
            return Reload::All;
        }
        if let Some(known) = self.imports.get_mut(file) {
            let names = read_imports(file);
            let is_changed = *known != names;
            *known = names;
            return if is_changed { Reload::Files } else { Reload::Nothing };
        }
        let Some(folder) = self.folders.iter().find(|folder| file.starts_with(folder)) else {
            return Reload::Nothing;
        };
        let is_left_out = !discover::is_listed(folder, file) || Excludes::default().contains(&self.config(file), file);
        if self.contains(file) || is_left_out {
            return Reload::Nothing;
        }
        if let Some(message) = discover::reason_to_leave_out(folder, file) {
            self.notes.push(Note {
                path: file.to_path_buf(),
                message,
            });
            return Reload::Nothing;
        }
        self.layout.add(top(folder), file);
        Reload::Files
    }

    /// Takes note that a file, or a folder with all that is in it, is gone.
    pub fn file_removed(&mut self, path: &Path) -> Reload {
        if self.is_configuration(path) {
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
        let innermost = file.ancestors().find_map(|folder| self.service_in.get(folder));
        innermost
            .and_then(|&at| self.services.get(at))
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
        self.service_of(file).version(distribution)
    }

    /// The Python (`3.12` or `3.12.4`) of the environment of the file's project, else the one that its files name.
    #[must_use]
    pub fn python(&self, file: &Path) -> Option<&(SmolStr, Origin)> {
        self.service_of(file).declared.python.as_ref()
    }

    /// The lowest Python that the file's project allows, where its files say so.
    #[must_use]
    pub fn lowest_python(&self, file: &Path) -> Option<&(SmolStr, Origin)> {
        self.service_of(file).declared.lowest_python.as_ref()
    }

    /// The folders in which the projects of the workspace begin, outermost first.
    pub fn project_folders(&self) -> impl Iterator<Item = &Path> {
        self.services.iter().map(|service| service.root.folder.as_path())
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

    /// The folder that a file is imported from: the innermost source root, declared or proven.
    pub(crate) fn source_root<'a>(&'a self, file: &'a Path) -> &'a Path {
        let declared = self.declared_root(file);
        file.ancestors()
            .skip(1)
            .take_while(|folder| *folder != declared)
            .find(|folder| self.proven.contains(*folder))
            .unwrap_or(declared)
    }

    fn declared_root<'a>(&'a self, file: &'a Path) -> &'a Path {
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
            let configured = service.config.entrypoint.iter().flatten().map(String::as_str);
            let fastapi = service
                .root
                .tool("fastapi")
                .and_then(|fastapi| fastapi.get("entrypoint")?.as_str());
            found.extend(configured.filter_map(|it| self.entry_point(service, it, EntryPointOrigin::Routewright)));
            found.extend(fastapi.and_then(|it| self.entry_point(service, it, EntryPointOrigin::FastApi)));
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
static NO_SERVICE: std::sync::LazyLock<Service> = std::sync::LazyLock::new(Service::default);

/// Files with configuration; of one folder, the last that has any counts.
const CONFIG_FILES: [&str; 2] = ["pyproject.toml", "routewright.toml"];

fn is_config_file(file: &Path) -> bool {
    CONFIG_FILES.iter().any(|name| file.ends_with(name))
}

fn read_imports(file: &Path) -> Vec<SmolStr> {
    let bytes = std::fs::read(file).unwrap_or_default();
    evidence::imported_names(&String::from_utf8_lossy(&bytes))
}

/// Folders are linked up to the filesystem's root, so that a source root above the workspace folder finds its modules.
fn top(folder: &Path) -> &Path {
    folder.ancestors().last().unwrap_or(folder)
}

/// Whether a file of that name says something of projects, environments or versions.
fn is_configuration_name(name: &str) -> bool {
    roots::is_marker(name)
        || versions::is_lock(name)
        || matches!(
            name,
            ".env" | ".gitignore" | ".python-version" | ".tool-versions" | "pyvenv.cfg"
        )
}

#[cfg(test)]
mod tests;
