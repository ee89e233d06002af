//! *Add database*: engine and session, the base of the tables, what closes the connections when the app ends, and where it is
//! asked for, migrations.

mod migrations;
mod provide;

use crate::{
    About, Plan, Refusal, Site,
    app::AppSite,
    draft::Draft,
    engine::{self, Engine},
    ground::{Ground, Part},
    layout::Layout,
    lifespan::{self, Tables},
    packages::{self, Package, for_tests, package},
    setting::{self, Setting},
    skeleton::{self, Choice},
    template,
};
use minijinja::context;
pub(crate) use provide::provide;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "database",
    command: "add database",
    summary: "Add a database: engine, session, base of the tables, and Alembic where it is asked for",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** an async engine (pool of 10 and 5 more, recycled after an hour, pinged before use), a session for each request, the
base of the tables with named constraints, UUID keys and timestamps told by the database, and what closes all connections in
the lifespan. `--migrations` sets up Alembic.

| `--database` | driver | where `path-operations` is set to `sync` |
| --- | --- | --- |
| `sqlite` | aiosqlite | Python's own |
| `postgresql` | asyncpg | psycopg |
| `mysql` | asyncmy | PyMySQL |

`--orm sqlmodel` writes SQLModel's tables.

**Takes from the project** its settings, lifespan and layout.

**Leaves alone** a database that is there.
"#;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DatabaseRequest {
    /// The database.
    #[serde(default)]
    pub database: Database,
    /// How tables are written; as configuration says where left out.
    #[serde(default)]
    pub orm: Option<Orm>,
    /// Whether Alembic makes and changes the tables; without it the app makes those that are missing when it starts.
    #[serde(default)]
    pub migrations: bool,
}

/// A database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Database {
    /// By aiosqlite.
    #[default]
    Sqlite,
    /// By asyncpg.
    Postgresql,
    /// By asyncmy.
    Mysql,
}

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Orm {
    /// SQLAlchemy's declarative classes.
    #[default]
    Sqlalchemy,
    /// SQLModel's.
    Sqlmodel,
}

impl DatabaseRequest {
    /// Whether tables are SQLModel's.
    fn is_sqlmodel(self, ground: &Ground) -> bool {
        match (ground.base.found(), self.orm) {
            (Some(base), _) => base.is_sqlmodel(),
            (None, Some(orm)) => orm == Orm::Sqlmodel,
            (None, None) => ground.prefers_sqlmodel,
        }
    }
}

impl Database {
    fn url(self, project: &str, is_async: bool) -> String {
        match (self, is_async) {
            (Database::Sqlite, true) => "sqlite+aiosqlite:///./app.db".to_owned(),
            (Database::Sqlite, false) => "sqlite:///./app.db".to_owned(),
            (Database::Postgresql, true) => format!("postgresql+asyncpg://localhost/{project}"),
            (Database::Postgresql, false) => format!("postgresql+psycopg://localhost/{project}"),
            (Database::Mysql, true) => format!("mysql+asyncmy://root@localhost/{project}"),
            (Database::Mysql, false) => format!("mysql+pymysql://root@localhost/{project}"),
        }
    }

    /// What reaches it; nothing where Python itself does.
    fn driver(self, is_async: bool) -> Option<Package> {
        match (self, is_async) {
            (Database::Sqlite, true) => Some(package("aiosqlite", &[], "0.22")),
            (Database::Sqlite, false) => None,
            (Database::Postgresql, true) => Some(package("asyncpg", &[], "0.31")),
            (Database::Postgresql, false) => Some(package("psycopg", &["binary"], "3.3")),
            (Database::Mysql, true) => Some(package("asyncmy", &[], "0.2.11")),
            (Database::Mysql, false) => Some(package("pymysql", &[], "1.1")),
        }
    }
}

/// The modules that have the two, made or there already.
struct Modules {
    base: PathBuf,
    /// The class of the base in it.
    class: String,
    session: PathBuf,
}

impl Modules {
    fn of(ground: &Ground) -> Option<Self> {
        let session = match &ground.session {
            Part::Free(path) => path.clone(),
            Part::Found(session) => session.provider.path.clone(),
            Part::Refused(_) => return None,
        };
        let (base, class) = match &ground.base {
            Part::Free(path) => (path.clone(), "Base".to_owned()),
            Part::Found(base) => match &base.class {
                Some(class) => (class.path.clone(), class.name.clone()),
                None => (session.clone(), "SQLModel".to_owned()),
            },
            Part::Refused(_) => return None,
        };
        Some(Self { base, class, session })
    }
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, request: DatabaseRequest) -> Result<Plan, Refusal> {
    let ground = site.ground();
    let mut draft = Draft::new(*site);
    match (ground.session.usable()?, ground.base.usable()?) {
        (None, _) => match lacks_session(site) {
            Refusal::NoSession => add(&mut draft, &ground, request)?,
            refusal => return Err(refusal),
        },
        (Some(session), base) => {
            let provider = &session.provider;
            draft.note(format!(
                "the project has its database already: `{}.{}` gives sessions",
                provider.module, provider.name
            ));
            if base.is_none() {
                add_base(&mut draft, &ground, request.is_sqlmodel(&ground))?;
            }
        }
    }
    draft.finish("Add database".to_owned())
}

/// Why a project can be asked for no session: one can be added, or what it has is to be said so that it is found.
pub(crate) fn lacks_session(site: &Site<'_>) -> Refusal {
    let makes = ["create_engine(", "create_async_engine(", "sessionmaker("];
    let mut files = site.disk.python_files();
    files.sort();
    let found = files.into_iter().find_map(|path| {
        let below = path
            .strip_prefix(site.root)
            .ok()
            .filter(|below| engine::is_of_app(below))?;
        let text = site.disk.text(&path)?;
        makes
            .iter()
            .any(|call| text.contains(call))
            .then(|| below.display().to_string())
    });
    found.map_or(Refusal::NoSession, Refusal::NoProvider)
}

/// Adds what all tables have in common, for sessions that are there.
fn add_base(draft: &mut Draft<'_>, ground: &Ground, is_sqlmodel: bool) -> Result<(), Refusal> {
    let Some(modules) = Modules::of(ground) else {
        return Ok(());
    };
    let text = template::render(
        template_of(is_sqlmodel),
        context! { is_one => modules.base == modules.session },
    )?;
    draft.module(&modules.base, &ground.written(&text)?, &ground.format)?;
    draft.note(format!(
        "the tables of `{}` are made by nobody yet",
        ground.dotted(&modules.base)
    ));
    Ok(())
}

/// The template of what all tables have in common.
fn template_of(is_sqlmodel: bool) -> &'static str {
    if is_sqlmodel {
        "database/sqlmodel_base.py"
    } else {
        "project/base.py"
    }
}

fn add(draft: &mut Draft<'_>, ground: &Ground, request: DatabaseRequest) -> Result<(), Refusal> {
    // `usable` has told whether there are places.
    let Some(modules) = Modules::of(ground) else {
        return Ok(());
    };
    let app = AppSite::of(&draft.site)?;
    let url = request.database.url(&name_of(draft.site), ground.prefers_async);
    let mut settings = vec![Setting {
        name: "database_url",
        declaration: format!("str = \"{url}\"").into(),
        example: url.into(),
        need: None,
    }];
    if ground.is_new() {
        settings.insert(0, skeleton::project_name_setting(&draft.site, &ground.format));
    }
    let reading = setting::add(draft, ground, &settings)?;
    let is_sqlmodel = request.is_sqlmodel(ground);
    let values = context! {
        settings => reading,
        is_sqlmodel => is_sqlmodel,
        is_async => ground.prefers_async,
        is_one => modules.base == modules.session,
    };
    let base = ground
        .base
        .found()
        .is_none()
        .then_some((template_of(is_sqlmodel), &modules.base));
    for (name, path) in base.into_iter().chain([("database/session.py", &modules.session)]) {
        let text = template::render(name, values.clone())?;
        draft.module(path, &ground.written(&text)?, &ground.format)?;
    }
    packages::require(draft, &required(request, is_sqlmodel, ground.prefers_async));
    if request.migrations {
        migrations::add(draft, ground, (&modules.base, &modules.class), is_sqlmodel, &reading)?;
    }
    wire(draft, ground, app, &modules, request)
}

fn required(request: DatabaseRequest, is_sqlmodel: bool, is_async: bool) -> Vec<Package> {
    let mut required = vec![skeleton::sqlalchemy(is_async)];
    required.extend(request.database.driver(is_async));
    if is_sqlmodel {
        required.push(skeleton::SQLMODEL_PACKAGE);
    }
    if request.migrations {
        required.push(package("alembic", &[], "1.18"));
    }
    if request.database != Database::Sqlite && is_async {
        required.push(for_tests("aiosqlite", "0.22"));
    }
    required
}

/// The database's name: the project's, as databases have names.
fn name_of(site: Site<'_>) -> String {
    let name = skeleton::project_name(&site).to_lowercase();
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if name.is_empty() { "app".to_owned() } else { name }
}

/// Closes the connections when the app ends, and makes the tables when it starts where nothing else does.
fn wire(
    draft: &mut Draft<'_>,
    ground: &Ground,
    app: Option<AppSite>,
    modules: &Modules,
    request: DatabaseRequest,
) -> Result<(), Refusal> {
    let is_sqlmodel = request.is_sqlmodel(ground);
    let Some(app) = app else {
        let choice = Choice {
            is_sqlmodel,
            makes_tables: !request.migrations,
            database_url: request.database.url(&name_of(draft.site), ground.prefers_async),
            driver: request.database.driver(ground.prefers_async),
        };
        return skeleton::ensure_as(draft, &Layout::of(&draft.site), &choice);
    };
    let engine = Engine {
        path: modules.session.clone(),
        module: ground.dotted(&modules.session),
        name: "engine".to_owned(),
        is_async: ground.prefers_async,
    };
    let tables = (!request.migrations).then(|| match is_sqlmodel {
        false => Tables {
            module: ground.dotted(&modules.base),
            class: modules.class.clone(),
        },
        true => Tables {
            module: "sqlmodel".to_owned(),
            class: "SQLModel".to_owned(),
        },
    });
    lifespan::attach(draft, ground, &app, &engine, tables.as_ref())
}
