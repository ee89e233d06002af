//! The style profile of a project: what each scaffold goes by, and what shows it.
//!
//! Every item is read by the function that the scaffolds themselves ask, so that it says what they will write.

use crate::{
    Context, Site,
    draft::source,
    endpoint::body::not_found,
    ground::{Ground, Symbol},
    ids,
    schema_names::{self, SchemaUse},
};
use base::FileId;
use facts::{Stmt, UnitId};
use model::StmtPlace;
use std::path::PathBuf;
use style::{Evidence, Habit, NotFound, TestStyle};

/// One thing of the style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name, as configuration has it.
    pub name: &'static str,
    /// What holds, as configuration has it.
    pub value: String,
    /// How that is known.
    pub evidence: Evidence,
    /// The first statement that shows it: file, and offset in bytes.
    pub at: Option<(FileId, u32)>,
}

/// The style of the project that a context is about.
#[must_use]
pub fn profile(site: &Site<'_>) -> Vec<Item> {
    let ctx = &site.ctx;
    let is_own = |file| ctx.is_own(file);
    let habits = style::habits(ctx.memo.census(ctx), None, &is_own, ctx.preferences);
    let ground = site.ground();
    let name = |purpose| schema_names::usual(ctx, purpose);
    let same = String::clone;
    let set = ctx.preferences;
    vec![
        plain(
            "layout",
            ground.layers.shape.name(),
            evidence(set.layout.is_some(), !ground.is_new()),
        ),
        plain(
            "orm",
            choice(orm(&ground), "sqlmodel", "sqlalchemy"),
            evidence(set.is_sqlmodel.is_some(), ground.base.found().is_some()),
        ),
        plain(
            "tests",
            tests(&ground).name(),
            evidence(
                set.tests.is_some() && ground.client.found().is_none(),
                ground.client.found().is_some(),
            ),
        ),
        item(ctx, "path-operations", &habits.is_async, |is| {
            choice(*is, "async", "sync")
        }),
        item(ctx, "markers", &habits.annotated, |is| {
            choice(*is, "annotated", "default")
        }),
        item(ctx, "response", &habits.response, |style| style.name().to_owned()),
        item(ctx, "status-codes", &habits.status, |style| style.name().to_owned()),
        item(ctx, "docstrings", &habits.docstrings, |is| choice(*is, "true", "false")),
        item(ctx, "not-found", &not_found(ctx, None), error),
        item(ctx, "id", &ids::usual(ctx), |kind| kind.name().to_owned()),
        item(ctx, "create-schema", &name(SchemaUse::Create), same),
        item(ctx, "update-schema", &name(SchemaUse::Update), same),
        item(ctx, "read-schema", &name(SchemaUse::Read), same),
        of_app(
            site,
            &ground,
            "quotes",
            choice(ground.format.quote == '"', "double", "single"),
            ctx.preferences.quote.is_some(),
        ),
        of_app(
            site,
            &ground,
            "indent",
            indent(&ground.format.indent),
            ctx.preferences.indent.is_some(),
        ),
    ]
}

/// Whether tables are SQLModel's.
fn orm(ground: &Ground) -> bool {
    ground
        .base
        .found()
        .map_or(ground.prefers_sqlmodel, |base| base.is_sqlmodel())
}

/// How tests ask the app.
fn tests(ground: &Ground) -> TestStyle {
    match ground.client.found() {
        Some(client) if !client.is_async => TestStyle::Sync,
        Some(client) if client.mark == Some("pytest.mark.anyio") => TestStyle::AnyIo,
        Some(_) => TestStyle::Asyncio,
        None => ground.tests,
    }
}

/// What is known by what the project has as a whole.
fn plain(name: &'static str, value: impl Into<String>, evidence: Evidence) -> Item {
    Item {
        name,
        value: value.into(),
        evidence,
        at: None,
    }
}

fn evidence(is_set: bool, is_there: bool) -> Evidence {
    match (is_set, is_there) {
        (true, _) => Evidence::Set,
        (false, true) => Evidence::Project(1),
        (false, false) => Evidence::Default,
    }
}

fn indent(indent: &str) -> String {
    match indent {
        "\t" => "tab".to_owned(),
        spaces => spaces.len().to_string(),
    }
}

/// What new modules have as the module with the app has it.
fn of_app(site: &Site<'_>, ground: &Ground, name: &'static str, value: String, is_set: bool) -> Item {
    let app = ground.app.as_ref().filter(|_| !is_set);
    Item {
        name,
        value,
        evidence: match app {
            _ if is_set => Evidence::Set,
            Some(_) => Evidence::Project(1),
            None => Evidence::Default,
        },
        at: app.map(|app| {
            let at = app.made_at;
            (at.file, site.ctx.files.spans(at.file).expr(at.unit, at.expr).start)
        }),
    }
}

/// Something of the project that scaffolds build on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is: `app`, `settings`, `session`, ….
    pub name: &'static str,
    /// What the project has, as `module:name`; nothing where it has none.
    pub symbol: Option<String>,
    /// What more is known of it.
    pub detail: Option<String>,
    /// The file, and the line from 1.
    pub at: Option<(PathBuf, usize)>,
}

/// What a project has that scaffolds build on.
#[must_use]
pub fn standing(site: &Site<'_>) -> Vec<Standing> {
    let ground = site.ground();
    let found = |name, symbol: Option<&Symbol>, detail: Option<String>| Standing {
        name,
        symbol: symbol.map(|symbol| format!("{}:{}", symbol.module, symbol.name)),
        detail: detail.filter(|_| symbol.is_some()),
        at: symbol.map(|symbol| (symbol.path.clone(), line_of(site, symbol))),
    };
    let session = ground.session.found();
    let of_session = session.map(|session| {
        let library = if session.is_sqlmodel { "SQLModel" } else { "SQLAlchemy" };
        format!("{library}, {}", choice(session.is_async, "async", "sync"))
    });
    vec![
        found(
            "app",
            ground.app.as_ref().map(|app| &app.symbol),
            Some(ground.layers.shape.name().to_owned()),
        ),
        found(
            "settings",
            ground.settings.found().map(|settings| &settings.class),
            None,
        ),
        found(
            "session",
            session.map(|session| session.alias.as_ref().unwrap_or(&session.provider)),
            of_session,
        ),
        found("base", ground.base.found().and_then(|base| base.class.as_ref()), None),
        found(
            "client",
            ground.client.found().map(|client| &client.fixture),
            ground.client.found().map(|client| client.detail().to_owned()),
        ),
    ]
}

/// The line on which a module binds a name, from 1.
fn line_of(site: &Site<'_>, symbol: &Symbol) -> usize {
    let Some(source) = source(site, &symbol.path) else {
        return 1;
    };
    let Some(unit) = source.module() else { return 1 };
    let binds = unit.body.iter().find(|&&id| match &unit[id] {
        Stmt::Function(function) => style::last_name(unit, function.name) == symbol.name,
        Stmt::Class(class) => style::last_name(unit, class.name) == symbol.name,
        Stmt::Assign { targets, .. } => targets
            .iter()
            .any(|&target| style::last_name(unit, target) == symbol.name),
        Stmt::AnnAssign { target, .. } => style::last_name(unit, *target) == symbol.name,
        _ => false,
    });
    let start = binds.map_or(0, |&id| source.spans.stmt(UnitId::MODULE, id).start);
    source
        .text
        .get(..start as usize)
        .unwrap_or_default()
        .matches('\n')
        .count()
        + 1
}

fn choice(is: bool, yes: &str, no: &str) -> String {
    if is { yes } else { no }.to_owned()
}

fn error(error: &NotFound) -> String {
    match error {
        NotFound::HttpException => "HTTPException".to_owned(),
        NotFound::Own(module, class) => format!("{module}:{class}"),
    }
}

fn item<T>(ctx: &Context<'_>, name: &'static str, habit: &Habit<T>, written: impl Fn(&T) -> String) -> Item {
    Item {
        name,
        value: written(&habit.value),
        evidence: habit.evidence,
        at: habit.example.map(|place| position(ctx, place)),
    }
}

fn position(ctx: &Context<'_>, place: StmtPlace) -> (FileId, u32) {
    let spans = ctx.files.spans(place.file);
    (place.file, spans.stmt(place.unit, place.stmt).start)
}
