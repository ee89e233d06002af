//! The tests' client: the fixture that gives it, and how tests that await are marked.

use super::modules::{Module, Modules, Origin, Symbol};
use facts::{Arg, Expr, ExprId, Function, Unit};
use std::path::PathBuf;
use style::{TestStyle, walk};

/// What the tests call the app with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The fixture.
    pub fixture: Symbol,
    /// The module of the library that has its class, and the class's name.
    pub class: (String, String),
    /// Whether its calls are awaited.
    pub is_async: bool,
    /// The mark of tests that await, for example `pytest.mark.anyio`; none where they need none.
    pub mark: Option<&'static str>,
    /// The decorator of fixtures that await, with the loop that those of the client run in.
    pub fixture_decorator: String,
    /// What its requests begin with, where that has a path: `http://test/api` is `("http://test", "/api")`.
    pub base_url: Option<(String, String)>,
}

impl Client {
    /// How its tests are run, for people: `async, anyio`.
    #[must_use]
    pub fn detail(&self) -> &'static str {
        match (self.is_async, self.mark) {
            (false, _) => "sync",
            (true, Some("pytest.mark.anyio")) => "async, anyio",
            // Tests that need no mark are run by pytest-asyncio, too.
            (true, _) => "async, pytest-asyncio",
        }
    }
}

const CLASSES: [&str; 2] = ["TestClient", "AsyncClient"];

pub(super) fn find(modules: &Modules<'_>) -> Option<Client> {
    let mut fixtures: Vec<(bool, usize, Client)> = Vec::new();
    // A fixture of a test module is known in that module alone.
    let shared = modules.tests().filter(|module| !is_test_module(&module.path));
    for module in shared {
        for (_, unit, function) in module.functions() {
            let Some(class) = fixture(modules, module, unit, function) else {
                continue;
            };
            let symbol = modules.symbol(module, fixture_name(unit, function));
            let set = modules.site.ctx.preferences.client.as_ref();
            if set.is_some_and(|set| !set.is(&symbol.module, &symbol.name)) {
                continue;
            }
            let is_conftest = module.path.file_name().is_some_and(|name| name == "conftest.py");
            let is_async = class.1 == "AsyncClient";
            let client = Client {
                fixture: symbol,
                is_async,
                mark: is_async.then(|| mark(modules)).flatten(),
                fixture_decorator: decorator(modules, said(unit, function, "loop_scope")),
                base_url: base_url(module, unit, function),
                class,
            };
            // The plain one has the shortest name: `client`, not `admin_client`.
            fixtures.push((!is_conftest, client.fixture.name.len(), client));
        }
    }
    fixtures.sort_by_key(|(is_other, length, client)| (*is_other, *length, client.fixture.path.clone()));
    fixtures.into_iter().next().map(|(.., client)| client)
}

/// Where a client's fixture is made: in the `conftest.py` that the most tests see, else beside the tests, be they in the
/// package or not.
pub(super) fn place(modules: &Modules<'_>) -> PathBuf {
    let usual = modules.site.root.join("tests/conftest.py");
    let paths: Vec<&PathBuf> = modules.tests().map(|module| &module.path).collect();
    let is_conftest = |path: &&&PathBuf| path.file_name().is_some_and(|name| name == "conftest.py");
    let seen = |path: &PathBuf| {
        let folder = path.parent();
        paths
            .iter()
            .filter(|test| is_test_module(test) && folder.is_some_and(|folder| test.starts_with(folder)))
            .count()
    };
    let known = paths.iter().copied().filter(|path| is_conftest(&path));
    if let Some(known) = known.rev().max_by_key(|path| seen(path)) {
        return known.clone();
    }
    let folder = paths.iter().filter(|path| is_test_module(path)).find_map(|path| {
        let mut above = path
            .ancestors()
            .skip(1)
            .take_while(|above| above.starts_with(modules.site.root));
        above.find(|above| above.file_name().is_some_and(|name| name == "tests" || name == "test"))
    });
    folder.map_or(usual, |folder| folder.join("conftest.py"))
}

/// Whether pytest looks for tests in a file.
pub(super) fn is_test_module(path: &std::path::Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    stem.starts_with("test_") || stem.ends_with("_test")
}

/// Whether a function is a fixture.
pub(super) fn is_fixture(unit: &Unit, function: &Function) -> bool {
    decorator_of(unit, function).is_some()
}

/// The name under which tests take a fixture: `@pytest.fixture(name="client")` says another one than the function's.
pub(super) fn fixture_name<'u>(unit: &'u Unit, function: &Function) -> &'u str {
    said(unit, function, "name").unwrap_or_else(|| style::last_name(unit, function.name))
}

fn decorator_of(unit: &Unit, function: &Function) -> Option<ExprId> {
    function.decorators.iter().copied().find(|&decorator| {
        let name = match &unit[decorator] {
            Expr::Call { func, .. } => style::last_name(unit, *func),
            _ => style::last_name(unit, decorator),
        };
        name == "fixture"
    })
}

/// The text that a fixture's decorator is told by a keyword.
fn said<'u>(unit: &'u Unit, function: &Function, keyword: &str) -> Option<&'u str> {
    let Expr::Call { args, .. } = &unit[decorator_of(unit, function)?] else {
        return None;
    };
    args.iter().find_map(|arg| match arg {
        Arg::Keyword { name, value, .. } if *name == *keyword => match &unit[*value] {
            Expr::Str(text) => Some(&**text),
            _ => None,
        },
        _ => None,
    })
}

/// The class of the client that a fixture gives.
fn fixture(modules: &Modules<'_>, module: &Module, unit: &Unit, function: &Function) -> Option<(String, String)> {
    if !is_fixture(unit, function) {
        return None;
    }
    let named = |unit: &Unit, expr| match modules.origin(module, unit, expr) {
        Some(Origin::Library(from, name)) if CLASSES.contains(&name.as_str()) => Some((from, name)),
        _ => None,
    };
    let mut found = None;
    if let Some(returns) = function.returns {
        walk::exprs(unit, returns, &mut |e| found = found.take().or_else(|| named(unit, e)));
        // `-> Generator` says nothing of what it yields.
        let is_silent = matches!(
            style::last_name(unit, returns),
            "Generator" | "Iterator" | "Iterable" | "AsyncGenerator" | "AsyncIterator" | "AsyncIterable"
        );
        if !is_silent {
            return found;
        }
    }
    let (unit, body) = module.body(unit, function)?;
    walk::exprs_of_block(unit, body, &mut |e| {
        if let Expr::Call { func, .. } = &unit[e] {
            found = found.take().or_else(|| named(unit, *func));
        }
    });
    found
}

/// Origin and path of the base URL that a fixture's client is made with, where it has a path (`httpx._client.BaseClient._merge_url`).
fn base_url(module: &Module, unit: &Unit, function: &Function) -> Option<(String, String)> {
    let (unit, body) = module.body(unit, function)?;
    let mut found = None;
    walk::exprs_of_block(unit, body, &mut |e| {
        let Expr::Call { args, .. } = &unit[e] else { return };
        let given = args.iter().find_map(|arg| match arg {
            Arg::Keyword { name, value, .. } if *name == *"base_url" => Some(*value),
            _ => None,
        });
        if let Some(Expr::Str(url)) = given.map(|value| &unit[value]) {
            found = found.take().or_else(|| split(url));
        }
    });
    found
}

fn split(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    let path = path.trim_end_matches('/');
    (!path.is_empty()).then(|| (format!("{scheme}://{host}"), format!("/{path}")))
}

/// How tests that await are marked.
fn mark(modules: &Modules<'_>) -> Option<&'static str> {
    let set = modules.site.ctx.preferences.tests;
    match set {
        Some(TestStyle::AnyIo) => return Some("pytest.mark.anyio"),
        Some(TestStyle::Asyncio) => return (!is_automatic(modules)).then_some("pytest.mark.asyncio"),
        Some(TestStyle::Sync) | None => {}
    }
    let count = |plugin: &str| {
        let units = modules.tests().filter_map(Module::unit);
        let marks = units.flat_map(|unit| unit.exprs.iter().map(move |expr| (unit, expr)));
        marks
            .filter(|(unit, expr)| {
                matches!(expr, Expr::Attr { value, name, .. }
                    if name == plugin && style::last_name(unit, *value) == "mark")
            })
            .count()
    };
    let (anyio, asyncio) = (count("anyio"), count("asyncio"));
    let has_backend = modules.tests().any(|module| {
        let mut functions = module.functions().into_iter();
        functions.any(|(_, unit, function)| style::last_name(unit, function.name) == "anyio_backend")
    });
    match () {
        () if anyio > asyncio => Some("pytest.mark.anyio"),
        () if is_automatic(modules) => None,
        () if asyncio > 0 => Some("pytest.mark.asyncio"),
        () if has_backend || !uses_pytest_asyncio(modules) => Some("pytest.mark.anyio"),
        () => Some("pytest.mark.asyncio"),
    }
}

fn decorator(modules: &Modules<'_>, loop_scope: Option<&str>) -> String {
    let is_plugin = |unit: &Unit| {
        unit.exprs.iter().any(|expr| {
            matches!(expr, Expr::Attr { value, name, .. }
                if name == "fixture" && style::last_name(unit, *value) == "pytest_asyncio")
        })
    };
    let is_plugin = modules.tests().filter_map(Module::unit).any(is_plugin);
    match (is_plugin, loop_scope) {
        (true, Some(scope)) => format!("pytest_asyncio.fixture(loop_scope=\"{scope}\")"),
        (true, None) => "pytest_asyncio.fixture".to_owned(),
        (false, _) => "pytest.fixture".to_owned(),
    }
}

const CONFIGURATIONS: [&str; 4] = ["pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"];

/// Whether pytest-asyncio runs every coroutine (`asyncio_mode = "auto"`).
fn is_automatic(modules: &Modules<'_>) -> bool {
    configured(modules, |line| {
        let value = line.split_once('=').filter(|(key, _)| key.trim() == "asyncio_mode");
        value.is_some_and(|(_, value)| value.contains("auto"))
    })
}

fn uses_pytest_asyncio(modules: &Modules<'_>) -> bool {
    configured(modules, |line| {
        line.contains("pytest-asyncio") || line.trim_start().starts_with("asyncio_mode")
    })
}

fn configured(modules: &Modules<'_>, is_it: impl Fn(&str) -> bool) -> bool {
    CONFIGURATIONS.iter().any(|name| {
        let text = modules.site.disk.text(&modules.site.root.join(name));
        text.is_some_and(|text| text.lines().any(&is_it))
    })
}
