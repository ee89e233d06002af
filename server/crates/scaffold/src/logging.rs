//! *Add logging*: all logs as JSON, with the id of the request that they are about and without secrets.

use crate::{
    About, Plan, Refusal, Site,
    app::{Anchor, AppLine, AppSite},
    draft::{Draft, Lines},
    engine::is_of_app,
    ground::{Ground, Purpose},
    imports::Need,
    layout::Layout,
    packages::{self, for_tests},
    setting::{self, Setting},
    skeleton, template,
};
use minijinja::context;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, path::PathBuf};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "logging",
    command: "add logging",
    summary: "Add logging: every line a JSON object, with the id of its request and without secrets",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** a configuration of all loggers, the server's too: a line is one JSON object, has the id of the request that it is
about, and nothing whose name is that of a secret. It is read where the app is made. The level is a setting.

**Takes from the project** its app or factory, and settings.

**Leaves alone** logging that is configured.
"#;

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoggingRequest {}

const LEVEL: Setting = Setting {
    name: "log_level",
    declaration: Cow::Borrowed("Literal[\"DEBUG\", \"INFO\", \"WARNING\", \"ERROR\", \"CRITICAL\"] = \"INFO\""),
    example: Cow::Borrowed("INFO"),
    need: Some(("typing", "Literal")),
};

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, _request: LoggingRequest) -> Result<Plan, Refusal> {
    let mut draft = Draft::new(*site);
    let ground = site.ground();
    match configured_in(site, &ground) {
        Some(name) => draft.note(format!("logging is configured already, in {name}")),
        None => {
            add(&mut draft, &ground)?;
        }
    }
    draft.finish("Add logging".to_owned())
}

/// Adds it; the names of its modules. What is there already is used.
///
/// # Errors
/// Where something is in the way.
pub(crate) fn add(draft: &mut Draft<'_>, ground: &Ground) -> Result<BTreeMap<&'static str, String>, Refusal> {
    let site = draft.site;
    let anchor = app(draft, ground)?;
    let paths = [
        ("context", ground.core("context")),
        // Where modules lie at the top of the path, `logging.py` would hide the library's.
        ("logging", ground.core("logging_config")),
        ("tests", ground.test_module(&site, "logging")),
    ];
    let names: BTreeMap<&'static str, String> = paths.iter().map(|(name, path)| (*name, ground.dotted(path))).collect();
    for (name, path) in &paths {
        let text = template::render(&format!("logging/{name}.py"), context! { m => names })?;
        draft.module(path, &ground.written(&text)?, &ground.format)?;
    }
    packages::require(draft, &[for_tests("pytest", "9.0")]);
    let reading = setting::add(draft, ground, &[LEVEL])?;
    let (path, anchor) = anchor;
    let call = format!(
        "configure_logging({}.{})",
        reading.expression, reading.fields["log_level"]
    );
    let needs = vec![
        Need::member(&names["logging"], "configure_logging"),
        Need::member(&reading.module, &reading.name),
    ];
    let line = Lines::App(anchor, AppLine::First(call));
    draft.lines(&path, &ground.format, line, needs)?;
    Ok(names)
}

/// The app: the project's, or that of a new project, which is made.
///
/// # Errors
/// Where nothing can be added to it.
pub(crate) fn app(draft: &mut Draft<'_>, ground: &Ground) -> Result<(PathBuf, Anchor), Refusal> {
    match AppSite::of(&draft.site)? {
        Some(app) => Ok((app.path, app.anchor)),
        None => {
            let layout = Layout::of(&draft.site);
            skeleton::ensure(draft, &layout)?;
            let anchor = Anchor {
                name: "app".to_owned(),
                scopes: Vec::new(),
            };
            Ok((ground.place(Purpose::Main), anchor))
        }
    }
}

/// Whether the project configures its logs already, as this does or otherwise.
pub(crate) fn is_there(site: &Site<'_>, ground: &Ground) -> bool {
    let is_elsewhere = || site.known_logging(|| configured_in(site, ground).is_some());
    ground.layers.is_module(&ground.core("logging_config")) || is_elsewhere()
}

/// The file in which the project configures its logs.
fn configured_in(site: &Site<'_>, ground: &Ground) -> Option<String> {
    const MARKS: [&str; 6] = [
        "dictConfig(",
        "fileConfig(",
        "basicConfig(",
        "structlog.configure(",
        "import loguru",
        "from loguru",
    ];
    let own = ground.core("logging_config");
    site.disk.python_files().into_iter().find_map(|path| {
        let below = path.strip_prefix(site.root).ok()?;
        let is_other = *path != *own && is_of_app(below);
        let text = site.disk.text(&path).filter(|_| is_other)?;
        MARKS
            .iter()
            .any(|mark| text.contains(mark))
            .then(|| below.display().to_string())
    })
}
