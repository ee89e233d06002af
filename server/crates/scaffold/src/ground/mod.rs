//! The ground that scaffolds build on: what a project has already, found by the model and by what its modules say, never by
//! fixed places; and for what it lacks a place where it clashes with nothing.

mod base;
mod client;
mod errors;
mod layers;
mod lifespan;
mod modules;
mod neighbours;
mod parent;
mod rows;
mod session;
mod settings;
mod writing;

pub use base::Base;
pub use client::Client;
pub use errors::Errors;
pub use layers::{Layer, Layers, Shape};
pub(crate) use lifespan::Documented;
pub use lifespan::{AppPlace, Lifespan};
pub use modules::Symbol;
pub(crate) use modules::is_test;
pub use parent::Parent;
pub use rows::TestSession;
pub use session::Session;
pub use settings::{Access, Settings};
pub(crate) use writing::with_imports;

use crate::{Refusal, Site};
use modules::Modules;
use std::path::{Path, PathBuf};
use style::{Format, IdType, Member, ResponseStyle, Source, StatusStyle, TestStyle};

/// Something that a scaffold rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<T> {
    /// The project has it.
    Found(T),
    /// It can be made, in this module.
    Free(PathBuf),
    /// It can be neither used nor made.
    Refused(Refusal),
}

impl<T> Part<T> {
    /// What the project has.
    #[must_use]
    pub fn found(&self) -> Option<&T> {
        match self {
            Part::Found(found) => Some(found),
            Part::Free(_) | Part::Refused(_) => None,
        }
    }

    /// Nothing where the project has none and it can be made.
    ///
    /// # Errors
    /// Where it can be neither used nor made.
    pub fn usable(&self) -> Result<Option<&T>, Refusal> {
        match self {
            Part::Found(found) => Ok(Some(found)),
            Part::Free(_) => Ok(None),
            Part::Refused(refusal) => Err(refusal.clone()),
        }
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The folder of the project.
    pub root: PathBuf,
    /// The folder that imports begin in.
    pub source_root: PathBuf,
    /// The layers, and where new modules go in them.
    pub layers: Layers,
    /// The app.
    pub app: Option<AppPlace>,
    /// Settings, and how they are reached.
    pub settings: Part<Settings>,
    /// The session that path operations ask for.
    pub session: Part<Session>,
    /// The base of the tables.
    pub base: Part<Base>,
    /// Errors that a handler answers. Without any, a project that has an app raises `HTTPException`.
    pub errors: Part<Errors>,
    /// Whether tables that are the first ones are SQLModel's.
    pub prefers_sqlmodel: bool,
    /// The type that ids are to have, where that is set.
    pub id: Option<IdType>,
    /// How tests that are the first ones ask the app.
    pub tests: TestStyle,
    /// Whether a handler answers for rows that the database refuses, such as a second one of a kind.
    pub answers_refusals: bool,
    /// Where routers are included.
    pub parent: Part<Parent>,
    /// The tests' client.
    pub client: Part<Client>,
    /// The fixture that gives tests a session.
    pub test_session: Option<TestSession>,
    /// What runs when the app starts and ends.
    pub lifespan: Option<Lifespan>,
    /// How new modules are formatted.
    pub format: Format,
    /// How status codes are written.
    pub status: StatusStyle,
    /// Where the response's schema is said.
    pub response: ResponseStyle,
    /// Whether it is set that way.
    pub is_response_set: bool,
    /// Whether what is injected stands in `Annotated`, and not in defaults.
    pub is_annotated: bool,
    /// Whether path operations that wait for nothing are `async def`.
    pub is_async: bool,
    /// Whether a database that is made is waited for: it is, but where path operations are set to be `def`.
    pub prefers_async: bool,
    /// Whether functions have docstrings.
    pub has_docstrings: bool,
    /// Whether functions of tests have docstrings.
    pub tests_have_docstrings: bool,
    /// Whether modules have docstrings.
    pub has_module_docstrings: bool,
}

impl Ground {
    /// Finds it; [`Site::ground`] does so once.
    pub(crate) fn read(site: &Site<'_>) -> Self {
        let modules = Modules::read(*site);
        let app = lifespan::app(&modules);
        let (source_root, package) = match &app {
            Some(app) => folders(site, app),
            None => (site.root.to_path_buf(), site.root.join("app")),
        };
        let layers = Layers::read(site, &package, app.is_none());
        let set = site.ctx.preferences;
        let settings = chosen(
            "settings",
            set.settings.as_ref(),
            settings::find(&modules),
            Part::Free(place(&layers, Purpose::Config)),
        );
        let session = database_part(&modules, session::find(&modules), place(&layers, Purpose::Session));
        let session = chosen("session", set.session.as_ref(), session.found().cloned(), session);
        let base = database_part(&modules, base::find(&modules), place(&layers, Purpose::Base));
        let base = chosen("base", set.base.as_ref(), base.found().cloned(), base);
        let parent = match &app {
            None => Part::Free(place(&layers, Purpose::Api)),
            Some(app) => match parent::find(&modules, app.router) {
                Some(parent) => Part::Found(parent),
                None => Part::Refused(Refusal::Lacks(
                    below(site, &app.symbol.path),
                    "include_router".to_owned(),
                )),
            },
        };
        let client = chosen(
            "client",
            set.client.as_ref(),
            client::find(&modules),
            Part::Free(client::place(&modules)),
        );
        // An app whose libraries are not installed yet is none, and its tables are there all the same.
        let stands = || base.found().is_some_and(Base::is_sqlmodel);
        let prefers_sqlmodel = set.is_sqlmodel.unwrap_or_else(stands);
        let ctx = &site.ctx;
        let habits = style::habits(ctx.memo.census(ctx), None, &|file| ctx.is_own(file), ctx.preferences);
        Self {
            root: site.root.to_path_buf(),
            source_root,
            settings,
            session,
            base,
            errors: match errors::find(&modules) {
                Some(errors) => Part::Found(errors),
                None => Part::Free(place(&layers, Purpose::Errors)),
            },
            prefers_sqlmodel,
            id: set.id,
            tests: set.tests.unwrap_or(match set.is_async {
                Some(false) => TestStyle::Sync,
                Some(true) | None => TestStyle::AnyIo,
            }),
            answers_refusals: errors::answer_refusals(&modules),
            parent,
            client,
            test_session: rows::find(&modules),
            lifespan: app.as_ref().and_then(|app| lifespan::find(&modules, app)),
            format: with_imports(site, format(site, app.as_ref())),
            status: habits.status.value,
            response: habits.response.value,
            is_response_set: habits.response.evidence == style::Evidence::Set,
            is_annotated: habits.annotated.value,
            is_async: habits.is_async.value,
            prefers_async: set.is_async != Some(false),
            has_docstrings: site
                .ctx
                .preferences
                .docstrings
                .unwrap_or_else(|| app.is_none() || lifespan::have_docstrings(site, modules.own())),
            tests_have_docstrings: match set.docstrings {
                Some(set) if app.is_none() => set,
                _ => lifespan::have_docstrings(site, modules.tests()),
            },
            has_module_docstrings: writing::has_module_docstrings(site, app.is_none()),
            layers,
            app,
        }
    }

    /// Whether there is no app yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.app.is_none()
    }

    /// Where a module with a purpose of its own goes that the project lacks.
    #[must_use]
    pub fn place(&self, purpose: Purpose) -> PathBuf {
        place(&self.layers, purpose)
    }

    /// Where the tests of a purpose go.
    #[must_use]
    pub fn test_module(&self, site: &Site<'_>, stem: &str) -> PathBuf {
        let usual = self.usual_tests(site);
        let folder = match usual.filter(|folder| self.layers.below_domain(folder).is_none()) {
            Some(folder) => folder,
            None => self.tests_at_large(site),
        };
        folder.join(format!("test_{stem}.py"))
    }

    /// Where the tests of a noun go, which may have a package of its own: in that, if others have theirs there.
    #[must_use]
    pub fn test_module_of(&self, site: &Site<'_>, stem: &str, package: &Path) -> PathBuf {
        let usual = self.usual_tests(site);
        let below = usual.as_deref().and_then(|folder| self.layers.below_domain(folder));
        match below {
            Some(below) => package.join(below).join(format!("test_{stem}.py")),
            None => self.test_module(site, stem),
        }
    }

    /// The folder of those tests that are about no noun: beside their fixtures, or in `tests` there.
    fn tests_at_large(&self, site: &Site<'_>) -> PathBuf {
        let Part::Found(client) = &self.client else {
            return self.root.join("tests");
        };
        let beside = client.fixture.path.parent().unwrap_or(&self.root).to_path_buf();
        let tests = beside.join("tests");
        match site.disk.is_folder(&tests) {
            true => tests,
            false => beside,
        }
    }

    /// The folder that has most of the tests.
    fn usual_tests(&self, site: &Site<'_>) -> Option<PathBuf> {
        let tests = match &self.client {
            Part::Found(client) => client.fixture.path.parent().unwrap_or(&self.root).to_path_buf(),
            _ => self.root.join("tests"),
        };
        let mut counts: std::collections::BTreeMap<PathBuf, usize> = std::collections::BTreeMap::new();
        for path in site.disk.python_files() {
            let is_test = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("test_"));
            if is_test && path.starts_with(&tests) {
                *counts.entry(path.parent().unwrap_or(&tests).to_path_buf()).or_default() += 1;
            }
        }
        // Where each noun has a folder of its own, none is the place for others.
        let is_alone = counts.len() == 1;
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let usual = most.filter(|(folder, count)| *count > 1 || is_alone || self.layers.below_domain(folder).is_some());
        usual.map(|(folder, _)| folder)
    }

    /// The name under which a module is imported.
    #[must_use]
    pub fn dotted(&self, path: &Path) -> String {
        let below = path
            .strip_prefix(&self.source_root)
            .or_else(|_| path.strip_prefix(&self.root))
            .unwrap_or(path);
        let name = below.with_extension("");
        let mut parts: Vec<&str> = name.iter().filter_map(|part| part.to_str()).collect();
        if parts.last() == Some(&"__init__") {
            parts.pop();
        }
        parts.join(".")
    }
}

/// A module with a purpose of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// The one with the app.
    Main,
    /// Settings.
    Config,
    /// Errors and their handlers.
    Errors,
    /// The base of the tables.
    Base,
    /// Engine and session.
    Session,
    /// The router that the others are included in.
    Api,
    /// Pages of lists.
    Page,
}

fn place(layers: &Layers, purpose: Purpose) -> PathBuf {
    let has = |name: &str| layers.is_folder(&layers.package.join(name));
    let is_new =
        layers.shape == Shape::Layered && layers.package_of(Layer::Models).is_none() && layers_are_empty(layers);
    let in_core = |name: &str| match is_new || has("core") {
        true => format!("core/{name}.py"),
        false => format!("{name}.py"),
    };
    let in_db = |name: &str| match is_new || has("db") {
        true => format!("db/{name}.py"),
        false if has("core") => "core/database.py".to_owned(),
        false => "database.py".to_owned(),
    };
    let below = match purpose {
        Purpose::Main => "main.py".to_owned(),
        Purpose::Config => in_core("config"),
        Purpose::Errors => in_core("errors"),
        Purpose::Base => in_db("base"),
        Purpose::Session => in_db("session"),
        Purpose::Api if layers.shape == Shape::Layered => "api/router.py".to_owned(),
        Purpose::Api => "api.py".to_owned(),
        Purpose::Page if layers.shape == Shape::Flat => {
            let schemas = layers.module_of(Layer::Schemas);
            return schemas.unwrap_or_else(|| layers.vacant("schemas.py"));
        }
        Purpose::Page => match layers.package_of(Layer::Schemas) {
            Some(package) => return package.join("page.py"),
            None if is_new => "schemas/page.py".to_owned(),
            None => "pagination.py".to_owned(),
        },
    };
    layers.vacant(&below)
}

/// Whether the package has no module yet.
fn layers_are_empty(layers: &Layers) -> bool {
    !layers.is_folder(&layers.package)
}

/// The folder that imports begin in, and that of the app's package.
fn folders(site: &Site<'_>, app: &AppPlace) -> (PathBuf, PathBuf) {
    let module = &app.symbol.module;
    let is_package = app.symbol.path.ends_with("__init__.py");
    let depth = module.split('.').count() + usize::from(is_package);
    let source_root = app
        .symbol
        .path
        .ancestors()
        .nth(depth)
        .unwrap_or(site.root)
        .to_path_buf();
    let package = match module.split_once('.') {
        Some((top, _)) => source_root.join(top),
        None if is_package => source_root.join(module),
        None => source_root.clone(),
    };
    (source_root, package)
}

/// What is found, which has to be there where it is named in configuration.
fn chosen<T>(key: &'static str, named: Option<&Member>, found: Option<T>, free: Part<T>) -> Part<T> {
    match (found, named) {
        (Some(found), _) => Part::Found(found),
        (None, Some(named)) => Part::Refused(Refusal::NotThere(key, named.to_string())),
        (None, None) => free,
    }
}

fn below(site: &Site<'_>, path: &Path) -> String {
    path.strip_prefix(site.root).unwrap_or(path).display().to_string()
}

/// What the database consists of is made only where there is no other way to one.
fn database_part<T>(modules: &Modules<'_>, found: Option<T>, free: PathBuf) -> Part<T> {
    /// Ways to a database that nothing here is written for.
    const OTHERS: [&str; 20] = [
        "asyncpg",
        "psycopg",
        "psycopg2",
        "aiomysql",
        "pymysql",
        "sqlite3",
        "databases",
        "pymongo",
        "edgedb",
        "gino",
        "beanie",
        "motor",
        "odmantic",
        "mongoengine",
        "tortoise",
        "peewee",
        "pony",
        "ormar",
        "piccolo",
        "prisma",
    ];
    /// Those of them by which SQLAlchemy itself reaches a database.
    const DRIVERS: usize = 6;
    if let Some(found) = found {
        return Part::Found(found);
    }
    let imported = |names: &[&'static str]| {
        modules.own().find_map(|module| {
            module.unit()?.stmts.iter().find_map(|stmt| {
                match stmt {
                    facts::Stmt::ImportFrom { module, level: 0, .. } => {
                        names.iter().find(|name| module.split('.').next() == Some(**name))
                    }
                    facts::Stmt::Import(imports) => names
                        .iter()
                        .find(|other| imports.iter().any(|name| name.name.split('.').next() == Some(**other))),
                    _ => None,
                }
                .copied()
            })
        })
    };
    let others = match imported(&["sqlalchemy", "sqlmodel"]) {
        Some(_) => &OTHERS[DRIVERS..],
        None => &OTHERS[..],
    };
    match imported(others) {
        Some(other) => Part::Refused(Refusal::OtherDatabase(other.to_owned())),
        None => Part::Free(free),
    }
}

/// How new modules are formatted: as the module with the app.
fn format(site: &Site<'_>, app: Option<&AppPlace>) -> Format {
    let source = app.and_then(|app| Source::read(site.ctx.files, site.disk.file(&app.symbol.path)));
    let set = site.ctx.preferences;
    let mut format = match source {
        Some(source) => site.ctx.format_of(&source),
        None => Format::new(site.ctx.line_length(), set),
    };
    if let Some(indent) = &set.indent {
        format.indent.clone_from(indent);
    }
    format
}
