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
    resolve,
    setting::{self, Setting},
    skeleton, template,
};
use base::FileId;
use facts::{Stmt, Unit};
use minijinja::context;
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

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

/// Adds what knows the id of a request, for a project that configures its logs itself; the names of its modules.
///
/// # Errors
/// Where something is in the way.
pub(crate) fn add_context(draft: &mut Draft<'_>, ground: &Ground) -> Result<BTreeMap<&'static str, String>, Refusal> {
    let path = ground.core("context");
    let text = template::render("logging/context.py", context! {})?;
    draft.module(&path, &ground.written(&text)?, &ground.format)?;
    Ok(BTreeMap::from([("context", ground.dotted(&path))]))
}

/// Whether the project configures its logs in another way than this does.
pub(crate) fn is_configured(site: &Site<'_>, ground: &Ground) -> bool {
    configured_in(site, ground).is_some()
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
        let is_marked = MARKS.iter().any(|mark| text.contains(mark));
        // What a script of its own configures, the app does not have.
        (is_marked && is_part_of_app(site, ground, &path)).then(|| below.display().to_string())
    })
}

/// Whether a module is the app's, or one that others import, tests apart.
fn is_part_of_app(site: &Site<'_>, ground: &Ground, path: &Path) -> bool {
    if ground.app.as_ref().is_some_and(|app| *app.symbol.path == *path) {
        return true;
    }
    let module = site.ctx.modules.module_name(site.disk.file(path)).to_string();
    let files = site.disk.python_files();
    let is_own = |other: &Path| other.strip_prefix(site.root).is_ok_and(is_of_app);
    let own = files.iter().filter(|other| is_own(other) && ***other != *path);
    own.map(|other| site.disk.file(other)).any(|file| {
        let facts = site.ctx.files.facts(file);
        facts.is_some_and(|facts| facts.units.iter().any(|unit| imports(site, file, unit, &module)))
    })
}

/// Whether a unit of a file imports a module, or something of it.
fn imports(site: &Site<'_>, file: FileId, unit: &Unit, module: &str) -> bool {
    unit.stmts.iter().any(|stmt| match stmt {
        Stmt::Import(names) => names.iter().any(|name| *name.name == *module),
        Stmt::ImportFrom {
            level,
            module: from,
            names,
            ..
        } => {
            let from = resolve::absolute(&site.ctx, file, *level, from);
            from == module || names.iter().any(|name| format!("{from}.{}", name.name) == module)
        }
        _ => false,
    })
}
