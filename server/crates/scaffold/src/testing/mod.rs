//! *Add tests*: fixtures where a project has none, and the tests of a router: what is answered, refused, missing or taken.

pub(crate) mod access;
mod callers;
mod cases;
mod demands;
mod fixtures;
mod made;
mod ownership;
mod people;
mod raises;
pub(crate) mod require;
mod sample;
mod sockets;
mod streams;

use crate::{
    About, Plan, Refusal, Site,
    client::{self, Fixture, TestClient},
    draft::Draft,
    ground::{Ground, Part},
    health, packages,
    packages::{for_tests, package},
    router::shown,
    template,
};
use base::FileId;
use cases::{Bench, Case};
use facts::{FileFacts, Stmt};
use minijinja::{Value, context};
use model::RouteKind;
use people::People;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use style::TestStyle;

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "tests",
    command: "add tests FILE",
    summary: "Add tests: fixtures, and tests of the path operations of a module",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** the fixtures that a project lacks (the app's client, a database in memory or the project's own) and, for a module,
tests of its path operations: success, validation, what is missing, what is taken, who may not ask, what is somebody else's.
Only what is certain by the code alone is asserted. Streams that end are read, WebSockets opened; what can't be tested is said.

Where it is asked who is asking, tests take the project's fixtures of signed-in clients (`auth_headers`, `admin_client`); where it
has none, users are made as its dependencies demand them (`is_active`, `role`), and put in the place of the one they give.

**Takes from the project** the client that its tests use, their fixtures and style, and how it answers errors.

**Leaves alone** path operations that tests call already, and every test that is there.
"#;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TestsRequest {
    /// The module whose path operations are tested: an absolute path, or one below the project's folder. Without one, only
    /// fixtures are made.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// One path operation of it, by its function's name; all of them where left out.
    #[serde(default)]
    pub name: Option<String>,
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where there is no app, or the file has no path operations.
pub fn build(site: &Site<'_>, request: &TestsRequest) -> Result<Plan, Refusal> {
    let ground = site.ground();
    let mut draft = Draft::new(*site);
    if ground.is_new() {
        return Err(Refusal::Lacks(site.root.display().to_string(), "FastAPI()".to_owned()));
    }
    let client = fixtures(&mut draft, &ground)?;
    packages::require(&mut draft, &[for_tests("pytest", "9.0")]);
    packages::require_client(&mut draft, &client);
    if let Some(file) = &request.file {
        let name = request.name.as_deref();
        module(&mut draft, &ground, &client, &site.root.join(file), name)?;
    }
    draft.finish("Add tests".to_owned())
}

/// The app as tests import it.
fn app(ground: &Ground) -> Result<Value, Refusal> {
    match &ground.app {
        Some(app) if app.factory.is_none() => Ok(context! { module => app.symbol.module, name => app.symbol.name }),
        _ => Err(Refusal::Lacks(
            "the project".to_owned(),
            "app = create_app()".to_owned(),
        )),
    }
}

/// The client that tests are given; its fixture is made where there is none.
pub(crate) fn fixtures(draft: &mut Draft<'_>, ground: &Ground) -> Result<TestClient, Refusal> {
    let path = match &ground.client {
        Part::Found(client) => {
            let below = client
                .fixture
                .path
                .strip_prefix(&ground.root)
                .unwrap_or(&client.fixture.path);
            draft.note(format!("{} has `{}` already", below.display(), client.fixture.name));
            return Ok(TestClient::of(ground));
        }
        Part::Free(path) => path.clone(),
        Part::Refused(refusal) => return Err(refusal.clone()),
    };
    let session = health::session(ground);
    let base = match ground.base.found() {
        Some(base) => match &base.class {
            Some(class) => context! { module => class.module, name => class.name },
            None => context! { module => "sqlmodel", name => "SQLModel" },
        },
        None => Value::UNDEFINED,
    };
    let session = session.filter(|_| ground.base.found().is_some());
    let is_async = session.as_ref().is_some_and(|session| session.is_async()) && ground.tests != TestStyle::Sync;
    let values = context! {
        session => session,
        base => base,
        app => app(ground)?,
        is_sync => !is_async,
        fixture => client::decorator(ground.tests),
    };
    let text = template::render("testing/conftest.py", values)?;
    let reused = draft.program(&path, &ground.written(&text)?, &ground.format)?;
    draft.note_reuse(&path, &reused);
    let mut client = TestClient::of(ground);
    client.fixture = Some(Fixture {
        name: "client".to_owned(),
        module: if is_async { "httpx" } else { "fastapi.testclient" }.to_owned(),
    });
    packages::require(draft, &[for_tests("pytest", "9.0")]);
    if is_async {
        client.wait(
            &client::mark(ground.tests)
                .map(|mark| format!("@{mark}"))
                .unwrap_or_default(),
        );
        if ground.tests == TestStyle::Asyncio {
            packages::require(draft, &[for_tests("pytest-asyncio", "1.3")]);
        }
        packages::require(
            draft,
            &[package("aiosqlite", &[], "0.22").of_tests(), for_tests("httpx", "0.28")],
        );
    }
    Ok(client)
}

/// The tests of the path operations of one module.
///
/// # Errors
/// Where there are none.
fn module(
    draft: &mut Draft<'_>,
    ground: &Ground,
    client: &TestClient,
    file: &Path,
    name: Option<&str>,
) -> Result<(), Refusal> {
    let site = draft.site;
    let routes = routes(&site, site.disk.file(file), name);
    if routes.is_empty() {
        return Err(match name {
            Some(name) => Refusal::NoTarget(name.to_owned(), shown(site.root, file)),
            None => Refusal::NoRouter,
        });
    }
    let path = test_module(&site, ground, file);
    let elsewhere = named_elsewhere(&site, &path);
    let app_name = ground.app.as_ref().map_or("app", |app| &app.symbol.name);
    let bench = Bench {
        site: &site,
        ground,
        client,
        app: app_name,
        routes: &routes,
    };
    let mut people = People::read(&site, ground, &path);
    let mut notes = Vec::new();
    let mut cases = cases_of(&bench, &mut people, &mut notes);
    cases.retain(|case| !elsewhere.contains(&case.name));
    for note in notes {
        draft.note(note);
    }
    if cases.is_empty() {
        draft.note("nothing can be tested that is not tested already, by what the code says alone".to_owned());
        return Ok(());
    }
    people.write(draft)?;
    let imports: BTreeSet<&String> = cases.iter().flat_map(|case| &case.imports).collect();
    let values = context! {
        module => ground.dotted(file),
        cases => cases,
        imports => &imports,
        app => app(ground)?,
        ..Value::from_serialize(client)
    };
    if client.is_async && imports.iter().any(|import| import.contains("testclient")) {
        packages::require_test_client(draft);
    }
    let text = template::render("testing/module.py", values)?;
    let has_others = site.disk.text(&path).is_some_and(|text| text.contains("def test_"));
    let text = match has_others {
        true => ground.written_test(&text)?,
        false => ground.written(&text)?,
    };
    let reused = draft.module(&path, &text, &ground.format)?;
    draft.note_reuse(&path, &reused);
    Ok(())
}

/// Whether tests of a module's path operations can be written that are not there.
pub(crate) fn is_possible(site: &Site<'_>, file: FileId, request: &TestsRequest) -> bool {
    let ground = site.known_ground();
    let routes = routes(site, file, request.name.as_deref());
    if routes.is_empty() || app(&ground).is_err() {
        return false;
    }
    let path = test_module(site, &ground, &site.ctx.files.path(file));
    let standing = site.disk.text(&path).unwrap_or_default();
    let mut known = named_elsewhere(site, &path);
    known.extend(defined(&standing));
    let client = TestClient::of(&ground);
    let bench = Bench {
        site,
        ground: &ground,
        client: &client,
        app: "app",
        routes: &routes,
    };
    let mut people = People::read(site, &ground, &path);
    // The first that is new is enough for a title.
    bench.routes.iter().any(|route| {
        let cases = cases_of_route(&bench, &mut people, route, &mut Vec::new());
        cases.iter().any(|case| !known.contains(&case.name))
    })
}

/// What can be tested of some routes, each case under a name of its own, and why something can't.
fn cases_of<'a>(bench: &'a Bench<'a>, people: &mut People<'a>, notes: &mut Vec<String>) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for &route in bench.routes {
        for case in cases_of_route(bench, people, route, notes) {
            if !cases.iter().any(|known| known.name == case.name) {
                cases.push(case);
            }
        }
    }
    cases
}

fn cases_of_route<'a>(
    bench: &'a Bench<'a>,
    people: &mut People<'a>,
    route: &'a model::Route,
    notes: &mut Vec<String>,
) -> Vec<Case> {
    match route.kind {
        RouteKind::WebSocket => sockets::of(bench, people, route, notes),
        _ => cases::of(bench, people, route, notes),
    }
}

/// The routes that a file registers, each path operation once; those of one function where it is named.
fn routes<'m>(site: &Site<'m>, file: FileId, name: Option<&str>) -> Vec<&'m model::Route> {
    let model = site.ctx.model;
    let mut seen = BTreeSet::new();
    let is_named = |route: &model::Route| {
        let callable = route.endpoint.and_then(|id| model.callables.get(id.0 as usize));
        let own = callable.and_then(|callable| callable.name.rsplit('.').next());
        name.is_none_or(|name| own == Some(name))
    };
    let all = model.routes.iter().filter(|route| route.at.file == file);
    all.filter(|route| route.operation.is_some_and(|id| seen.insert(id)) && is_named(route))
        .collect()
}

/// The module that has a router's tests, or where it goes: named after it, or after its package.
fn test_module(site: &Site<'_>, ground: &Ground, file: &Path) -> PathBuf {
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let own = stem(file);
    let package = file.parent().map(stem).unwrap_or_default();
    let name = format!("test_{own}.py");
    let files = site.disk.python_files();
    let mut named = files
        .iter()
        .filter(|path| path.file_name().is_some_and(|known| known == name.as_str()));
    let is_generic = ["router", "routes", "views", "api", "endpoints"].contains(&own.as_str());
    let standing = match is_generic {
        true => named.find(|path| {
            let mut folders = path.ancestors().skip(1).take(2);
            folders.any(|folder| folder.ends_with(&package))
        }),
        false => named.next(),
    };
    let stem = if is_generic { package } else { own };
    let package = file.parent().unwrap_or(&ground.root);
    standing.map_or_else(
        || ground.test_module_of(site, &stem, package),
        |path| path.to_path_buf(),
    )
}

/// Tests that other modules have under their names.
fn named_elsewhere(site: &Site<'_>, path: &Path) -> BTreeSet<String> {
    let files = site.disk.python_files();
    let is_test = |file: &Path| {
        file.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("test_"))
    };
    let others = files
        .iter()
        .filter(|file| is_test(file) && ***file != *path && file.starts_with(site.root));
    others
        .flat_map(|file| match site.ctx.files.facts(site.disk.file(file)) {
            Some(facts) => functions(&facts),
            None => site.disk.text(file).map(|text| defined(&text)).unwrap_or_default(),
        })
        .collect()
}

/// The functions of a module's top level.
fn functions(facts: &FileFacts) -> Vec<String> {
    let Some(unit) = facts.units.first() else {
        return Vec::new();
    };
    let functions = unit.body.iter().filter_map(|&id| match &unit[id] {
        Stmt::Function(function) => Some(style::last_name(unit, function.name).to_owned()),
        _ => None,
    });
    functions.collect()
}

/// The same of a text that is not parsed.
fn defined(text: &str) -> Vec<String> {
    let functions = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("async ").strip_prefix("def ")?;
        Some(line.split('(').next()?.to_owned())
    });
    functions.collect()
}
