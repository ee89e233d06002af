//! *Add lifespan*: what happens before the first request and after the last, in one function that the app is given.
//!
//! Startup and shutdown handlers move into it, in the order in which they ran; FastAPI runs those of an app without a
//! lifespan only (`routing.py`, `_DefaultLifespan`).

mod attach;
mod handlers;

use crate::{
    About, Plan, Refusal, Site,
    app::{AppLine, AppSite},
    draft::{Draft, Lines},
    engine,
    ground::{Ground, Lifespan as Standing},
    imports::Need,
    layout::Layout,
    skeleton,
};
pub(crate) use attach::{Tables, attach};
use handlers::{Event, Handlers};
use serde::{Deserialize, Serialize};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "lifespan",
    command: "add lifespan",
    summary: "Add a lifespan to the app, and move its startup and shutdown handlers there",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** a lifespan and gives it to the app. What is registered with `on_event` or `add_event_handler` moves into it in the order
in which it ran: FastAPI runs no such handlers of an app that has a lifespan.

**Takes from the project** its app or factory, its handlers, and its engine, whose connections are closed at the end.

**Leaves alone** a lifespan that is there, and handlers that can't be followed: then nothing is changed, and the reason is told.
"#;

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LifespanRequest {}

/// The whole change, or why there is none.
///
/// # Errors
/// Where handlers are registered in a way that can't be followed.
pub fn build(site: &Site<'_>, _request: LifespanRequest) -> Result<Plan, Refusal> {
    let layout = Layout::of(site);
    let mut draft = Draft::new(*site);
    let summary = match AppSite::of(site)? {
        None => {
            skeleton::ensure(&mut draft, &layout)?;
            "Add lifespan"
        }
        Some(app) => {
            let handlers = handlers::of(site, &app)?;
            match app.keyword("lifespan") {
                Some(standing) if handlers.is_empty() => {
                    draft.note(format!("the app has a lifespan already: `{standing}`"));
                    "Add lifespan"
                }
                Some(standing) => return Err(Refusal::Ignored(handlers.names(), standing.to_owned())),
                None if app.has_hidden_keywords() => return Err(Refusal::Hidden(app.anchor.name)),
                None => {
                    add(&mut draft, &layout, &app, &handlers)?;
                    match handlers.is_empty() {
                        true => "Add lifespan",
                        false => "Move startup and shutdown handlers to a lifespan",
                    }
                }
            }
        }
    };
    draft.finish(summary.to_owned())
}

/// What is offered where the app is made; nothing where it has a lifespan.
pub(crate) fn title(ground: &Ground) -> Option<&'static str> {
    match &ground.lifespan {
        None => Some("Add a lifespan"),
        Some(Standing::Events(_)) => Some("Move startup and shutdown handlers to a lifespan"),
        Some(Standing::Function(_) | Standing::Other) => None,
    }
}

fn add(draft: &mut Draft<'_>, layout: &Layout, app: &AppSite, handlers: &Handlers) -> Result<(), Refusal> {
    let (body, needs) = match handlers.is_empty() {
        false => (moved(handlers), Vec::new()),
        true => closing(draft, layout),
    };
    let docstring = match handlers.is_empty() {
        true => "Prepare what requests need, and release it after the last one.",
        false => "Start what requests need before the first one, and stop it after the last.",
    };
    for (span, text) in handlers.removals() {
        draft.replace(&app.path, &app.format, span, &text)?;
    }
    // Handlers may be functions inside the one that makes the app.
    let line = if handlers.is_empty() {
        AppLine::Above
    } else {
        AppLine::Before
    };
    write(draft, app, docstring, &body, needs, line)?;
    if let Some(note) = handlers.notes() {
        draft.note(note);
    }
    Ok(())
}

/// Writes a lifespan with a body, and gives it to the app.
fn write(
    draft: &mut Draft<'_>,
    app: &AppSite,
    docstring: &str,
    body: &str,
    mut needs: Vec<Need>,
    line: impl FnOnce(String) -> AppLine,
) -> Result<(), Refusal> {
    let name = ["lifespan", "app_lifespan"]
        .into_iter()
        .find(|name| !draft.binds(&app.path, name))
        .ok_or_else(|| Refusal::Clash("lifespan".to_owned(), app.path.display().to_string()))?;
    let iterator = iterator(draft.site);
    let docstring = match app.has_docstrings {
        true => format!("    \"\"\"{docstring}\"\"\"\n"),
        false => String::new(),
    };
    let function =
        format!("@asynccontextmanager\nasync def {name}(_app: FastAPI) -> {iterator}[None]:\n{docstring}{body}");
    needs.extend([
        Need::member("contextlib", "asynccontextmanager"),
        Need::member("collections.abc", iterator),
        Need::member("fastapi", "FastAPI"),
    ]);
    let lines = |line: AppLine| Lines::App(app.anchor.clone(), line);
    draft.lines(&app.path, &app.format, lines(line(function)), needs)?;
    let keyword = AppLine::Keyword("lifespan".to_owned(), name.to_owned());
    draft.lines(&app.path, &app.format, lines(keyword), Vec::new())
}

/// The calls of the handlers. FastAPI runs those of the shutdown whatever happens in between, and so does this.
fn moved(handlers: &Handlers) -> String {
    let calls = |event: Event, indent: &str| -> String {
        let calls = handlers.calls(event);
        calls.map(|call| format!("{indent}{call}\n")).collect()
    };
    let startup = calls(Event::Startup, "    ");
    match calls(Event::Shutdown, "        ") {
        shutdown if shutdown.is_empty() => format!("{startup}    yield"),
        shutdown => format!(
            "{startup}    try:\n        yield\n    finally:\n{}",
            shutdown.trim_end()
        ),
    }
}

/// What a lifespan begins with: the connections of the database are closed, where there is one.
fn closing(draft: &Draft<'_>, layout: &Layout) -> (String, Vec<Need>) {
    match engine::find(&draft.site, layout) {
        None => ("    yield".to_owned(), Vec::new()),
        Some(engine) => {
            let wait = if engine.is_async { "await " } else { "" };
            let need = Need::member(&engine.module, &engine.name);
            (format!("    yield\n    {wait}{}.dispose()", engine.name), vec![need])
        }
    }
}

/// What the project says that a function yields.
fn iterator(site: Site<'_>) -> &'static str {
    let files = site.disk.python_files();
    let texts = files.iter().filter(|path| path.starts_with(site.root));
    let says_generator = texts
        .filter_map(|path| site.disk.text(path))
        .any(|text| text.contains("AsyncGenerator[None]:"));
    if says_generator {
        "AsyncGenerator"
    } else {
        "AsyncIterator"
    }
}
