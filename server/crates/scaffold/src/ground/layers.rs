//! Which layers a project has, and where in them a new module goes: in a package of modules, in one module for all, or in a
//! package for each noun.

use super::modules::is_test;
use crate::Site;
use model::{EventKind, RouterKind};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
pub use style::Shape;
use style::words;

/// What a module is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Tables.
    Models,
    /// What clients send and get.
    Schemas,
    /// What reads and writes tables.
    Repositories,
    /// What is done, apart from HTTP and tables.
    Services,
    /// Path operations.
    Routers,
    /// What path operations depend on.
    Dependencies,
    /// What all of it rests on.
    Core,
}

impl Layer {
    /// What packages and modules of the layer are called, the usual name first.
    fn names(self) -> &'static [&'static str] {
        match self {
            Layer::Models => &["models", "model", "tables", "entities", "orm"],
            Layer::Schemas => &["schemas", "schema", "dtos", "dto"],
            Layer::Repositories => &["repositories", "repository", "repos", "crud", "dal"],
            Layer::Services => &["services", "service", "use_cases"],
            Layer::Routers => &["endpoints", "routes", "routers", "views", "controllers"],
            Layer::Dependencies => &["dependencies", "deps", "depends"],
            Layer::Core => &["core", "common"],
        }
    }

    /// Where it goes in a project of packages, one that has everything beside each other, and in the package of a noun.
    fn usual(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Layer::Models => ("models", "models", "models"),
            Layer::Schemas => ("schemas", "schemas", "schemas"),
            Layer::Repositories => ("repositories", "repositories", "repository"),
            Layer::Services => ("services", "services", "service"),
            Layer::Routers => ("routers", "routers", "router"),
            Layer::Dependencies => ("dependencies", "dependencies", "dependencies"),
            Layer::Core => ("core", "core", "core"),
        }
    }
}

/// The layers of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers {
    /// The folder of the app's package.
    pub package: PathBuf,
    /// How it is laid out.
    pub shape: Shape,
    /// The modules of the package, tests apart, by path.
    files: BTreeSet<PathBuf>,
    /// The folders that they lie in.
    folders: BTreeSet<PathBuf>,
    /// The folder of most modules that make a router with path operations.
    routers: Option<PathBuf>,
    /// The folder of most modules that declare tables.
    tables: Option<PathBuf>,
    /// Whether there is nothing yet.
    is_new: bool,
}

/// How deep below the package a layer may be.
const MAX_DEPTH: usize = 4;

impl Layers {
    pub(super) fn read(site: &Site<'_>, package: &Path, is_new: bool) -> Self {
        let files: BTreeSet<PathBuf> = site
            .disk
            .python_files()
            .into_iter()
            .filter(|path| path.starts_with(package) && !is_test(site.root, path))
            .map(|path| path.to_path_buf())
            .collect();
        let mut layers = Self {
            package: package.to_path_buf(),
            shape: site.ctx.preferences.layout.unwrap_or(Shape::Layered),
            folders: files
                .iter()
                .filter_map(|path| Some(path.parent()?.to_path_buf()))
                .collect(),
            files,
            routers: None,
            tables: None,
            is_new,
        };
        layers.routers = layers.read_routers(site);
        layers.tables = layers.read_tables(site);
        if !is_new && site.ctx.preferences.layout.is_none() {
            layers.shape = layers.read_shape();
        }
        // What a new project has of packages is for the layout that has them.
        layers.is_new = is_new && layers.shape == Shape::Layered;
        layers
    }

    fn read_routers(&self, site: &Site<'_>) -> Option<PathBuf> {
        let mut counts: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for router in &site.ctx.model.routers {
            let serves = router
                .events
                .iter()
                .any(|event| matches!(event.kind, EventKind::Operation(_)));
            let path = site.ctx.files.path(router.made_at.file);
            if router.kind == RouterKind::ApiRouter && serves && self.files.contains(&*path) {
                let folder = path.parent().unwrap_or(&self.package).to_path_buf();
                *counts.entry(folder).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        most.map(|(folder, _)| folder)
    }

    fn read_tables(&self, site: &Site<'_>) -> Option<PathBuf> {
        let mut counts: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
        for table in site.ctx.model.tables() {
            let path = site.ctx.files.path(table.def.file);
            if self.files.contains(&*path) {
                let folder = path.parent().unwrap_or(&self.package).to_path_buf();
                counts.entry(folder).or_default().insert(path.to_path_buf());
            }
        }
        let most = counts.into_iter().max_by_key(|(_, modules)| modules.len());
        most.map(|(folder, _)| folder)
    }

    fn read_shape(&self) -> Shape {
        let named = |path: &&PathBuf, names: &[&str]| names.iter().any(|name| path.ends_with(format!("{name}.py")));
        let is_domain = |path: &PathBuf| {
            let Some(folder) = path.parent().filter(|folder| *folder != self.package) else {
                return false;
            };
            let names = ["schemas", "models", "schema", "model"];
            names
                .iter()
                .any(|name| self.files.contains(&folder.join(format!("{name}.py"))))
        };
        let routers = self
            .files
            .iter()
            .filter(|path| named(path, &["router", "routes", "views"]));
        let has_domains = routers.filter(|path| is_domain(path)).count() > 0;
        // Routers in a folder beside one module for all tables or schemas are no layers.
        let is_flat = [Layer::Models, Layer::Schemas]
            .iter()
            .any(|layer| self.module_of(*layer).is_some());
        let has_packages = [Layer::Models, Layer::Schemas, Layer::Services, Layer::Core]
            .iter()
            .any(|layer| self.package_of(*layer).is_some())
            || (self.package_of(Layer::Routers).is_some() && !is_flat)
            || ["db", "api"]
                .iter()
                .any(|name| self.is_folder(&self.package.join(name)));
        match (has_domains && self.package_of(Layer::Routers).is_none(), has_packages) {
            (true, _) => Shape::Domain,
            (false, true) => Shape::Layered,
            (false, false) => Shape::Flat,
        }
    }

    /// Whether there is a folder with modules of the package, or with folders of them.
    #[must_use]
    pub fn is_folder(&self, folder: &Path) -> bool {
        self.folders.iter().any(|path| path.starts_with(folder))
    }

    /// Whether there is a module.
    #[must_use]
    pub fn is_module(&self, path: &Path) -> bool {
        self.files.contains(path)
    }

    /// The package of a layer that has a module for each thing.
    #[must_use]
    pub fn package_of(&self, layer: Layer) -> Option<PathBuf> {
        let folders = self.folders.iter().map(PathBuf::as_path);
        let below = folders.filter(|folder| *folder != self.package);
        let found = self.nearest(below, layer, |folder| folder.file_name())?;
        // A package of a layer may hold one of its modules: `models/db`, `repository/crud`.
        let tables = self.tables.as_ref().filter(|_| layer == Layer::Models);
        let inner = tables.filter(|folder| folder.starts_with(&found)).cloned();
        let named = || {
            layer
                .names()
                .iter()
                .map(|name| found.join(name))
                .find(|folder| self.is_folder(folder))
        };
        Some(inner.or_else(named).unwrap_or(found))
    }

    /// The module of a layer that has everything.
    #[must_use]
    pub fn module_of(&self, layer: Layer) -> Option<PathBuf> {
        let modules = self.files.iter().map(PathBuf::as_path);
        // That of one noun's package is not the whole project's.
        let modules = modules.filter(|path| self.shape != Shape::Domain || path.parent() == Some(&self.package));
        self.nearest(modules, layer, |path| path.file_stem())
    }

    fn nearest<'p>(
        &self,
        paths: impl Iterator<Item = &'p Path>,
        layer: Layer,
        name: impl Fn(&'p Path) -> Option<&'p std::ffi::OsStr>,
    ) -> Option<PathBuf> {
        let mut found: Vec<(usize, usize, &Path)> = paths
            .filter_map(|path| {
                let name = name(path)?.to_str()?;
                let rank = layer.names().iter().position(|known| *known == name)?;
                let depth = path.strip_prefix(&self.package).ok()?.iter().count();
                (depth <= MAX_DEPTH).then_some((depth, rank, path))
            })
            .collect();
        found.sort();
        found.first().map(|(.., path)| path.to_path_buf())
    }

    /// Where the module of a layer goes that is about one noun, or is called `one` and `many`.
    #[must_use]
    pub fn place(&self, layer: Layer, one: &str, many: &str) -> PathBuf {
        if self.shape == Shape::Domain {
            return self.domain(many).join(format!("{}.py", self.stem_of_domains(layer)));
        }
        if let Some(package) = self.package_of(layer) {
            let stem = self.stem(&package, layer, one, many);
            return package.join(format!("{stem}.py"));
        }
        if let Some(module) = self.module_of(layer).filter(|_| layer != Layer::Routers) {
            return module;
        }
        let (folder, module, _) = layer.usual();
        let is_apart = self.has_modules_of_nouns() && layer != Layer::Dependencies;
        let routers = match self.is_new {
            true => self.package.join("api/routes"),
            false if layer == Layer::Routers && self.routers.is_some() => {
                let folder = self.routers.clone().unwrap_or_default();
                let stem = self.stem(&folder, layer, one, many);
                return folder.join(format!("{stem}.py"));
            }
            false if self.is_folder(&self.package.join("api")) => self.package.join("api/routes"),
            false => self.package.join("routers"),
        };
        match layer {
            Layer::Routers => routers.join(format!("{many}.py")),
            Layer::Dependencies if self.shape == Shape::Layered && self.is_api_apart() => {
                self.package.join("api/dependencies.py")
            }
            _ if is_apart => self.package.join(folder).join(format!("{one}.py")),
            _ => self.package.join(format!("{module}.py")),
        }
    }

    /// Where the module of a layer goes that is about what another module has: into the package of its noun, where that is in one.
    #[must_use]
    pub fn place_beside(&self, module: &Path, layer: Layer, one: &str, many: &str) -> PathBuf {
        let package = module.parent().unwrap_or(&self.package);
        let is_of_noun = self.shape == Shape::Domain && package != self.package && self.is_folder(package);
        if !is_of_noun {
            return self.place(layer, one, many);
        }
        let standing = layer.names().iter().map(|name| package.join(format!("{name}.py")));
        let standing = standing.into_iter().find(|path| self.is_module(path));
        standing.unwrap_or_else(|| package.join(format!("{}.py", self.stem_of_domains(layer))))
    }

    /// The packages of nouns: those with a module of path operations.
    fn domains(&self) -> impl Iterator<Item = &Path> {
        let is_domain = |folder: &&Path| {
            let names = ["router"].iter().chain(Layer::Routers.names());
            *folder != self.package
                && names
                    .map(|name| folder.join(format!("{name}.py")))
                    .any(|path| self.is_module(&path))
        };
        self.folders.iter().map(PathBuf::as_path).filter(is_domain)
    }

    /// The package of a noun, beside those that are there.
    #[must_use]
    pub fn domain(&self, many: &str) -> PathBuf {
        let mut counts: BTreeMap<&Path, usize> = BTreeMap::new();
        for parent in self.domains().filter_map(Path::parent) {
            *counts.entry(parent).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        most.map_or(&*self.package, |(folder, _)| folder).join(many)
    }

    /// What is left of a path that lies in the package of a noun.
    #[must_use]
    pub fn below_domain<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let mut domains = self.domains().filter(|_| self.shape == Shape::Domain);
        domains.find_map(|domain| path.strip_prefix(domain).ok())
    }

    /// What the modules of a layer are called in the packages of nouns.
    fn stem_of_domains(&self, layer: Layer) -> &'static str {
        let usual = layer.usual().2;
        let count = |name: &str| {
            let modules = self.domains().map(|domain| domain.join(format!("{name}.py")));
            modules.filter(|path| self.is_module(path)).count()
        };
        let others = layer.names().iter().copied().map(|name| (count(name), name));
        let most = others
            .filter(|(count, _)| *count > 0)
            .rev()
            .max_by_key(|(count, _)| *count);
        match most {
            Some((most, name)) if most > count(usual) => name,
            _ => usual,
        }
    }

    /// Whether layers have a module for each noun.
    fn has_modules_of_nouns(&self) -> bool {
        let layers = [Layer::Models, Layer::Schemas, Layer::Repositories, Layer::Services];
        let has_packages = layers.iter().any(|layer| self.package_of(*layer).is_some());
        let has_modules = layers.iter().any(|layer| self.module_of(*layer).is_some());
        has_packages || (self.shape == Shape::Layered && !has_modules)
    }

    fn is_api_apart(&self) -> bool {
        self.is_new || self.is_folder(&self.package.join("api"))
    }

    /// Whether a layer's module is for all nouns.
    #[must_use]
    pub fn is_shared(&self, path: &Path) -> bool {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or("");
        let layers = [Layer::Models, Layer::Schemas, Layer::Repositories, Layer::Services];
        self.shape != Shape::Domain && layers.iter().any(|layer| layer.names().contains(&name))
    }

    /// Singular or plural as the modules beside it; where there are none, routers are plural.
    fn stem<'n>(&self, package: &Path, layer: Layer, one: &'n str, many: &'n str) -> &'n str {
        const NEUTRAL: [&str; 10] = [
            "__init__", "base", "common", "mixins", "health", "auth", "router", "page", "main", "status",
        ];
        let beside = self.files.iter().filter(|path| path.parent() == Some(package));
        let stems: Vec<&str> = beside.filter_map(|path| path.file_stem()?.to_str()).collect();
        let of_nouns = stems.iter().filter(|stem| !NEUTRAL.contains(stem));
        let (singular, plural): (Vec<&str>, Vec<&str>) = of_nouns.partition(|stem| words::singular(stem) == **stem);
        match singular.len().cmp(&plural.len()) {
            // One module alone may be about anything.
            std::cmp::Ordering::Greater if layer != Layer::Routers || singular.len() > 1 => one,
            std::cmp::Ordering::Less => many,
            _ if layer == Layer::Routers => many,
            _ => one,
        }
    }

    /// A path for a module with a purpose of its own that clashes with nothing: never beside a package of its name, and
    /// never in a package beside a module of its name.
    #[must_use]
    pub fn vacant(&self, below: &str) -> PathBuf {
        let path = self.package.join(below);
        let name = path.file_name().unwrap_or_default();
        let folder = path.parent().unwrap_or(&self.package);
        if self.is_folder(&path.with_extension("")) {
            return path.with_extension("").join(name);
        }
        let is_taken = folder != self.package && self.is_module(&folder.with_extension("py"));
        if is_taken {
            return self.package.join(name);
        }
        path
    }
}
