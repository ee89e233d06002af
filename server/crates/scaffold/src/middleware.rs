//! *Add middleware*: request ids, an access log, time taken, security headers, trusted hosts, CORS and compression, in the
//! order in which each sees what it has to.

use crate::{
    About, Plan, Refusal, Site,
    app::AppLine,
    client::TestClient,
    draft::{Draft, Lines},
    engine::is_of_app,
    ground::Ground,
    imports::Need,
    logging,
    packages::{self, for_tests},
    setting::{self, Setting},
    template,
};
use minijinja::context;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "middleware",
    command: "add middleware",
    summary: "Add middleware: request ids, an access log, security headers, trusted hosts, CORS, compression",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** what every request passes, as plain ASGI, so that streams stay streams: a request id, an access log of one JSON object
a line with secrets left out, `Server-Timing`, security headers, trusted hosts, CORS and compression, in the order in which
each sees what it has to. Hosts and origins are settings.

**Takes from the project** its app or factory, settings and logging.

**Leaves alone** middleware that does the same already.
"#;

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MiddlewareRequest {}

/// A part that a project may have already, by classes that do the same.
const PARTS: [(&str, &[&str]); 5] = [
    ("cors", &["CORSMiddleware"]),
    ("compression", &["GZipMiddleware", "BrotliMiddleware"]),
    ("hosts", &["TrustedHostMiddleware"]),
    (
        "request_id",
        &["CorrelationIdMiddleware", "RequestIdMiddleware", "RequestIDMiddleware"],
    ),
    (
        "security_headers",
        &["SecurityHeadersMiddleware", "SecureHeadersMiddleware"],
    ),
];

const SETTINGS: [Setting; 2] = [
    Setting {
        name: "cors_origins",
        declaration: Cow::Borrowed("list[str] = []"),
        example: Cow::Borrowed("[\"http://localhost:3000\"]"),
        need: None,
    },
    Setting {
        name: "allowed_hosts",
        declaration: Cow::Borrowed("list[str] = [\"*\"]"),
        example: Cow::Borrowed("[\"*\"]"),
        need: None,
    },
];

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, _request: MiddlewareRequest) -> Result<Plan, Refusal> {
    let mut draft = Draft::new(*site);
    let ground = site.ground();
    let path = ground.core("middleware");
    let mut parts = Vec::new();
    for (part, classes) in PARTS {
        match used_in(site, classes, &path) {
            Some((class, file)) => draft.note(format!("{file} has `{class}` already")),
            None => parts.push(part),
        }
    }
    let has_own_logging = logging::is_configured(site, &ground);
    let mut names = match has_own_logging {
        true => logging::add_context(&mut draft, &ground)?,
        false => logging::add(&mut draft, &ground)?,
    };
    names.insert("middleware", ground.dotted(&path));
    let settings: Vec<Setting> = SETTINGS
        .into_iter()
        .filter(|setting| match setting.name {
            "cors_origins" => parts.contains(&"cors"),
            _ => parts.contains(&"hosts"),
        })
        .collect();
    let reading = match settings.as_slice() {
        [] => None,
        settings => Some(setting::add(&mut draft, &ground, settings)?),
    };
    let fields = reading.as_ref().map(|reading| reading.fields.clone());
    let client = TestClient::of(&ground);
    let values = context! {
        m => names,
        parts => parts,
        has_own_logging => has_own_logging,
        are_loggers_disabled => disables_loggers(site, &ground),
        settings => reading,
        fields => fields,
        ..minijinja::Value::from_serialize(&client)
    };
    let tests = ground.test_module(site, "middleware");
    for (name, path) in [("middleware", &path), ("tests", &tests)] {
        let text = template::render(&format!("middleware/{name}.py"), values.clone())?;
        let reused = draft.module(path, &ground.written(&text)?, &ground.format)?;
        draft.note_reuse(path, &reused);
    }
    packages::require(&mut draft, &[for_tests("pytest", "9.0")]);
    packages::require_client(&mut draft, &client);
    let (main, anchor) = logging::app(&mut draft, &ground)?;
    let call = AppLine::Prepare(format!("register_middleware({})", anchor.name));
    let need = Need::member(&names["middleware"], "register_middleware");
    draft.lines(&main, &ground.format, Lines::App(anchor, call), vec![need])?;
    draft.note("requests are logged by the app: start uvicorn with --no-access-log".to_owned());
    draft.finish("Add middleware".to_owned())
}

/// Whether the module that is made here is there.
pub(crate) fn is_there(ground: &Ground) -> bool {
    ground.layers.is_module(&ground.core("middleware"))
}

/// Whether the tests run Alembic, whose script configures logging and disables the loggers that are there.
fn disables_loggers(site: &Site<'_>, ground: &Ground) -> bool {
    let Some(client) = ground.client.found() else {
        return false;
    };
    let fixtures = site.disk.text(&client.fixture.path).unwrap_or_default();
    let configures = |text: &str| text.contains("fileConfig(") && !text.contains("disable_existing_loggers=False");
    let runs_it = fixtures.contains("alembic");
    runs_it
        && site
            .disk
            .python_files()
            .iter()
            .any(|path| site.disk.text(path).is_some_and(|text| configures(&text)))
}

/// The class of a kind that the app uses already, outside the module that is made here, and the file.
fn used_in(site: &Site<'_>, classes: &[&'static str], own: &std::path::Path) -> Option<(&'static str, String)> {
    site.disk.python_files().into_iter().find_map(|path| {
        let below = path.strip_prefix(site.root).ok()?;
        let text = site.disk.text(&path).filter(|_| *path != *own && is_of_app(below))?;
        let class = classes.iter().find(|class| text.contains(**class))?;
        Some((*class, below.display().to_string()))
    })
}
