//! *Add health*: a path that says that the app lives, and one that says whether it can answer, which asks the database.

use crate::{
    About, Plan, Refusal, Site,
    client::TestClient,
    draft::Draft,
    ground::{Ground, Parent, Part, Purpose, Symbol},
    layout::Layout,
    packages::{self, for_tests},
    router::{self, include::Include},
    skeleton, template,
};
use minijinja::{Value, context};
use model::{EventKind, Route, RouterKind};
use serde::{Deserialize, Serialize};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "health",
    command: "add health",
    summary: "Add /health and /ready: whether the app lives, and whether its database answers",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** a path that says that the app lives, one that asks the database and answers 503 while it doesn't, and their tests.

**Takes from the project** its session, the place of its routers, and where they are included.

**Leaves alone** such paths under any of their usual names.
"#;

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthRequest {}

/// What is served, and names under which projects have it.
const PARTS: [(&str, &[&str]); 2] = [
    (
        "health",
        &[
            "health",
            "healthz",
            "health-check",
            "healthcheck",
            "livez",
            "liveness",
            "ping",
        ],
    ),
    ("ready", &["ready", "readyz", "readiness"]),
];

/// The session as templates have it.
#[derive(Debug, Serialize)]
pub(crate) struct Session {
    /// What is imported for the parameter.
    module: String,
    name: String,
    class_module: String,
    class: String,
    provider_module: String,
    provider: String,
    provider_imported: String,
    parameter: String,
    variable: &'static str,
    def: &'static str,
    aw: &'static str,
    is_sqlmodel: bool,
}

impl Session {
    /// Whether its calls are awaited.
    pub(crate) fn is_async(&self) -> bool {
        !self.aw.is_empty()
    }
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, _request: HealthRequest) -> Result<Plan, Refusal> {
    let ground = site.ground();
    let mut draft = Draft::new(*site);
    if ground.is_new() {
        skeleton::ensure(&mut draft, &Layout::of(site))?;
    }
    let session = session(&ground);
    let app_alone = app_alone(site, &draft, &ground);
    let stem = stem(site, &ground)?;
    let path = match &app_alone {
        Some(app) => app.path.clone(),
        None => router::module_of(&ground, stem)?,
    };
    let parts = missing(&mut draft, &ground, session.is_some());
    if !parts.is_empty() {
        let include = Include::of(site, &ground)?;
        let app = match &ground.app {
            Some(app) => (app.symbol.module.clone(), app.symbol.name.clone()),
            None => (ground.dotted(&ground.place(Purpose::Main)), "app".to_owned()),
        };
        let client = TestClient::of(&ground);
        let values = context! {
            parts => parts,
            is_replaced => session.as_ref().is_some_and(|session| is_replaced(&draft, &ground, session)),
            session => session,
            tag => "health",
            in_place => app_alone.as_ref().map(|app| app.object.clone()),
            tags => if app_alone.is_some() && has_tags(site) { ", tags=[\"health\"]" } else { "" },
            is_bare => include.has_prefixes(),
            urls => urls(&client, &include.prefix(), &app.1),
            app => context! { module => app.0, name => app.1 },
            ..context! { ..Value::from_serialize(&client), ..ground.habits() }
        };
        let tests = ground.test_module(site, stem);
        for (name, path) in [("health", &path), ("tests", &tests)] {
            let text = template::render(&format!("health/{name}.py"), values.clone())?;
            let reused = draft.module(path, &ground.written(&text)?, &ground.format)?;
            draft.note_reuse(path, &reused);
        }
        if app_alone.is_none() {
            let tags = vec![("tags", format!("[{}]", ground.format.string("health")))];
            let arguments = if include.has_prefixes() { tags } else { Vec::new() };
            include.add(&mut draft, &ground, &path, stem, arguments)?;
        }
        packages::require(&mut draft, &[for_tests("pytest", "9.0")]);
        packages::require_client(&mut draft, &client);
    }
    draft.finish("Add health".to_owned())
}

/// What its module is called: not as one that has other things to say of the app's health, served wherever those are.
fn stem(site: &Site<'_>, ground: &Ground) -> Result<&'static str, Refusal> {
    let usual = router::module_of(ground, "health")?;
    let is_there = site.disk.text(&usual).is_some_and(|text| !text.trim().is_empty());
    let is_ours = |route: &Route| {
        let endpoint = route
            .endpoint
            .and_then(|id| site.ctx.model.callables.get(id.0 as usize));
        let file = endpoint.and_then(|callable| callable.def).map(|def| def.file);
        file.is_some_and(|file| *site.ctx.files.path(file) == *usual)
    };
    let has_ours = PARTS.iter().any(|(_, names)| served(site, names).is_some_and(is_ours));
    Ok(if is_there && !has_ours { "probes" } else { "health" })
}

/// The app, where the project is a single module that has the session too and serves all itself.
fn app_alone<'g>(site: &Site<'_>, draft: &Draft<'_>, ground: &'g Ground) -> Option<&'g Parent> {
    let parent = ground.parent.found()?;
    let session = ground.session.found()?;
    let router = site.ctx.model.routers.get(parent.router.0 as usize)?;
    let serves_itself = router
        .events
        .iter()
        .any(|event| matches!(event.kind, EventKind::Operation(_)));
    let includes = router
        .events
        .iter()
        .any(|event| matches!(event.kind, EventKind::Include(_)));
    let is_alone = router.kind == RouterKind::FastApi && serves_itself && !includes && parent.indent.is_empty();
    // What the functions use would be something else there.
    let module = draft.module_at(&parent.path)?;
    let is_taken = module.imports.iter().any(|import| import.need.bound_name() == "logger");
    (is_alone && !is_taken && session.provider.path == parent.path).then_some(parent)
}

/// Whether the path operations of the project have tags.
fn has_tags(site: &Site<'_>) -> bool {
    let mut routes = site.ctx.model.routes.iter();
    routes.any(|route| route.tags.known().is_none_or(|tags| !tags.is_empty()))
}

/// Whether the tests' fixtures put a session of their own in the place of the app's, or there are none yet that could.
fn is_replaced(draft: &Draft<'_>, ground: &Ground, session: &Session) -> bool {
    let Some(client) = ground.client.found() else {
        return true;
    };
    let text = draft.current_text(&client.fixture.path).unwrap_or_default();
    text.contains(&session.provider)
}

/// How tests name the paths: where a part of them is known only when the app runs, it is asked.
fn urls(client: &TestClient, prefix: &str, app: &str) -> Value {
    let url = |name: &str, function: &str| match prefix.contains('…') {
        true => format!("{app}.url_path_for(\"{function}\")"),
        false => format!("\"{}\"", client.url(&format!("{prefix}/{name}"))),
    };
    context! { health => url("health", "read_health"), ready => url("ready", "read_readiness") }
}

/// The route that serves a part under one of its names.
fn served<'m>(site: &Site<'m>, names: &[&str]) -> Option<&'m Route> {
    let is_named = |path: &str| {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        names.iter().any(|name| last.eq_ignore_ascii_case(name))
    };
    site.ctx.model.routes.iter().find(|route| match route.path.as_known() {
        Some(path) => is_named(path),
        None => is_named(&route.path.to_string()),
    })
}

/// Whether all of it is served that can be.
pub(crate) fn is_served(site: &Site<'_>, ground: &Ground) -> bool {
    let has_session = ground.is_new() || ground.session.found().is_some();
    let mut parts = PARTS.iter().filter(|(part, _)| *part != "ready" || has_session);
    parts.all(|(_, names)| served(site, names).is_some())
}

/// What is not served yet.
fn missing(draft: &mut Draft<'_>, ground: &Ground, has_session: bool) -> Vec<&'static str> {
    let mut parts = Vec::new();
    for (part, names) in PARTS {
        match served(&draft.site, names) {
            Some(route) => draft.note(format!("{} is served already, by `{}`", route.path, route.name)),
            None if part == "ready" && !has_session => {
                draft.note("no database session was found, so that nothing tells whether the app is ready".to_owned());
            }
            None => parts.push(part),
        }
    }
    // A new project serves nothing yet.
    debug_assert!(!ground.is_new() || parts.len() == PARTS.len());
    parts
}

/// The session that readiness is asked with; nothing where there is no database.
pub(crate) fn session(ground: &Ground) -> Option<Session> {
    let made;
    let found = match &ground.session {
        Part::Found(found) => found,
        Part::Free(_) if ground.is_new() => {
            let path = ground.place(Purpose::Session);
            let symbol = |name: &str| Symbol {
                path: path.clone(),
                module: ground.dotted(&path),
                name: name.to_owned(),
            };
            made = ground.made_session(symbol("get_session"), symbol("SessionDep"), ground.prefers_sqlmodel);
            &made
        }
        Part::Free(_) | Part::Refused(_) => return None,
    };
    let (class_module, class) = found.class.clone();
    let provider = &found.provider;
    let variable = if provider.name.contains("db") { "db" } else { "session" };
    let (parameter, imported) = match &found.alias {
        Some(alias) => (format!("{variable}: {}", alias.name), alias),
        None if ground.is_annotated => {
            let ty = format!("Annotated[{class}, Depends({})]", provider.name);
            (format!("{variable}: {ty}"), provider)
        }
        None => (format!("{variable}: {class} = Depends({})", provider.name), provider),
    };
    Some(Session {
        module: imported.module.clone(),
        name: imported.imported().to_owned(),
        class_module,
        class,
        provider_module: provider.module.clone(),
        provider: provider.name.clone(),
        provider_imported: provider.imported().to_owned(),
        parameter,
        variable,
        def: if found.is_async { "async def" } else { "def" },
        aw: if found.is_async { "await " } else { "" },
        is_sqlmodel: found.is_sqlmodel,
    })
}
