//! *Add tests*: fixtures where a project has none, and the tests of a router: what is answered, refused, missing or taken.

mod cases;
mod raises;
mod sample;

use crate::{
    About, Plan, Refusal, Site,
    client::{Fixture, TestClient},
    draft::Draft,
    ground::{Ground, Part},
    health, packages,
    packages::{for_tests, package},
    template,
};
use base::FileId;
use cases::Case;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "tests",
    command: "add tests FILE",
    summary: "Add tests: fixtures, and tests of the path operations of a module",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** the fixtures that a project lacks (the app's client, a database in memory or the project's own) and, for a module,
tests of its path operations: success, validation, what is missing, what is taken, who may not ask. Only what is certain by
the code alone is asserted.

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
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where there is no app, or the file has no path operations.
pub fn build(site: &Site<'_>, request: &TestsRequest) -> Result<Plan, Refusal> {
    let ground = Ground::of(site);
    let mut draft = Draft::new(*site);
    if ground.is_new() {
        return Err(Refusal::Lacks(site.root.display().to_string(), "FastAPI()".to_owned()));
    }
    let client = fixtures(&mut draft, &ground)?;
    packages::require(&mut draft, &[for_tests("pytest", "9.0")]);
    packages::require_client(&mut draft);
    if let Some(file) = &request.file {
        module(&mut draft, &ground, &client, &site.root.join(file))?;
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
    let site = draft.site;
    let session = health::session(&site, ground)?;
    let base = match ground.base.found() {
        Some(base) => match &base.class {
            Some(class) => context! { module => class.module, name => class.name },
            None => context! { module => "sqlmodel", name => "SQLModel" },
        },
        None => Value::UNDEFINED,
    };
    let session = session.filter(|_| ground.base.found().is_some());
    let is_async = session.as_ref().is_some_and(|session| session.is_async());
    let values = context! { session => session, base => base, app => app(ground)? };
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
        client.wait("@pytest.mark.anyio");
        packages::require(
            draft,
            &[package("aiosqlite", &[], "0.22").of_tests(), for_tests("httpx", "0.28")],
        );
    }
    Ok(client)
}

/// The tests of the path operations of one module.
fn module(draft: &mut Draft<'_>, ground: &Ground, client: &TestClient, file: &Path) -> Result<(), Refusal> {
    let site = draft.site;
    let routes = routes(&site, site.disk.file(file));
    if routes.is_empty() {
        return Err(Refusal::NoRouter);
    }
    let path = test_module(&site, ground, file);
    let elsewhere = named_elsewhere(&site, &path);
    let mut cases: Vec<Case> = Vec::new();
    for route in routes {
        for case in cases::of(&site, ground, route) {
            let is_new = !cases.iter().any(|known| known.name == case.name);
            if is_new && !elsewhere.contains(&case.name) {
                cases.push(case);
            }
        }
    }
    if cases.is_empty() {
        draft.note("nothing can be tested that is not tested already, by what the code says alone".to_owned());
        return Ok(());
    }
    let values = context! {
        module => ground.dotted(file),
        cases => cases,
        app => app(ground)?,
        ..Value::from_serialize(client)
    };
    let text = template::render("testing/module.py", values)?;
    let reused = draft.module(&path, &ground.written(&text)?, &ground.format)?;
    draft.note_reuse(&path, &reused);
    Ok(())
}

/// The routes that a file registers, each path operation once.
fn routes<'m>(site: &Site<'m>, file: FileId) -> Vec<&'m model::Route> {
    let mut seen = BTreeSet::new();
    let all = site.ctx.model.routes.iter();
    all.filter(|route| route.at.file == file && route.operation.is_some_and(|id| seen.insert(id)))
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
        true => named.find(|path| path.parent().is_some_and(|folder| folder.ends_with(&package))),
        false => named.next(),
    };
    let stem = if is_generic { package } else { own };
    standing.map_or_else(|| ground.test_module(site, &stem), |path| path.to_path_buf())
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
        .filter_map(|file| site.disk.text(file))
        .flat_map(|text| {
            let lines = text.lines().filter_map(|line| {
                let line = line.trim_start_matches("async ").strip_prefix("def ")?;
                Some(line.split('(').next()?.to_owned())
            });
            lines.collect::<Vec<_>>()
        })
        .collect()
}
