//! The parts that a resource rests on, made where a project lacks them: settings, database, errors, pages, app, fixtures.

use crate::{
    Refusal, Site,
    draft::Draft,
    layout::{Layout, Role},
    packages::{self, Package, for_tests, package},
    setting::Setting,
    template,
};
use minijinja::context;
use std::{collections::BTreeMap, path::PathBuf};
use style::{Format, TestStyle};
use toml_edit::DocumentMut;

const ROLES: [(Role, &str); 8] = [
    (Role::Config, "config"),
    (Role::Base, "base"),
    (Role::Session, "session"),
    (Role::Errors, "errors"),
    (Role::Page, "page"),
    (Role::Api, "api"),
    (Role::Main, "main"),
    (Role::Conftest, "conftest"),
];

pub(crate) const SQLMODEL_PACKAGE: Package = package("sqlmodel", &[], "0.0.31");
pub(crate) const SETTINGS_PACKAGE: Package = package("pydantic-settings", &[], "2.12");

/// Packages of a new project, whatever its tables are.
const PACKAGES: [Package; 4] = [
    package("fastapi", &["standard"], "0.163"),
    SETTINGS_PACKAGE,
    for_tests("pytest", "9.0"),
    for_tests("httpx", "0.28"),
];

/// SQLAlchemy, with what an asynchronous engine takes.
pub(crate) const fn sqlalchemy(is_async: bool) -> Package {
    package("sqlalchemy", if is_async { &["asyncio"] } else { &[] }, "2.1")
}

/// What a new project is made with.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Whether its tables are SQLModel's.
    pub(crate) is_sqlmodel: bool,
    /// Whether the app makes the tables that are missing when it starts.
    pub(crate) makes_tables: bool,
    pub(crate) database_url: String,
    /// What reaches the database.
    pub(crate) driver: Option<Package>,
}

impl Choice {
    /// As configuration or what is there says, else the usual.
    pub(crate) fn of(site: &Site<'_>) -> Self {
        let ground = site.ground();
        let (url, driver) = match ground.prefers_async {
            true => ("sqlite+aiosqlite:///./app.db", Some(package("aiosqlite", &[], "0.22"))),
            false => ("sqlite:///./app.db", None),
        };
        Self {
            is_sqlmodel: ground.prefers_sqlmodel,
            makes_tables: true,
            database_url: url.to_owned(),
            driver,
        }
    }
}

/// Makes what is missing.
///
/// # Errors
/// Where a module that has to be extended does not parse.
pub(crate) fn ensure(draft: &mut Draft<'_>, layout: &Layout) -> Result<(), Refusal> {
    let choice = Choice::of(&draft.site);
    ensure_as(draft, layout, &choice)
}

/// The same for a project whose lists have pages of another kind.
///
/// # Errors
/// As above.
pub(crate) fn ensure_without_pages(draft: &mut Draft<'_>, layout: &Layout) -> Result<(), Refusal> {
    let roles: Vec<_> = ROLES.into_iter().filter(|(role, _)| *role != Role::Page).collect();
    let choice = Choice::of(&draft.site);
    ensure_all(draft, layout, &choice, &roles)
}

/// The same with what is chosen.
///
/// # Errors
/// As above.
pub(crate) fn ensure_as(draft: &mut Draft<'_>, layout: &Layout, choice: &Choice) -> Result<(), Refusal> {
    ensure_all(draft, layout, choice, &ROLES)
}

fn ensure_all(
    draft: &mut Draft<'_>,
    layout: &Layout,
    choice: &Choice,
    roles: &[(Role, &'static str)],
) -> Result<(), Refusal> {
    make(draft, layout, choice, roles)?;
    packages::require(draft, &PACKAGES);
    let ground = draft.site.ground();
    packages::require(draft, &[sqlalchemy(ground.prefers_async)]);
    packages::require(draft, choice.driver.as_slice());
    if ground.tests == TestStyle::Asyncio {
        packages::require(draft, &[for_tests("pytest-asyncio", "1.3")]);
    }
    if choice.is_sqlmodel {
        packages::require(draft, &[SQLMODEL_PACKAGE]);
    }
    Ok(())
}

fn make(
    draft: &mut Draft<'_>,
    layout: &Layout,
    choice: &Choice,
    roles: &[(Role, &'static str)],
) -> Result<(), Refusal> {
    let paths: Vec<(&'static str, PathBuf)> = roles.iter().map(|(role, name)| (*name, layout.path(*role))).collect();
    let modules: BTreeMap<&'static str, String> =
        paths.iter().map(|(name, path)| (*name, layout.dotted(path))).collect();
    let project = layout.format().string(&project_name(&draft.site));
    let ground = draft.site.ground();
    for (name, path) in &paths {
        let values = context! {
            m => modules,
            project => project,
            database_url => choice.database_url,
            has_type_parameters => draft.site.ctx.python.is_some_and(|minor| minor >= 12),
            has_database => true,
            has_detail => false,
            is_one => layout.path(Role::Base) == layout.path(Role::Session),
            is_sqlmodel => choice.is_sqlmodel,
            makes_tables => choice.makes_tables,
            is_sync => ground.tests == TestStyle::Sync,
            is_async => ground.prefers_async,
            fixture => if ground.tests == TestStyle::Asyncio { "pytest_asyncio.fixture" } else { "pytest.fixture" },
        };
        let template = match *name {
            "base" if choice.is_sqlmodel => "database/sqlmodel_base.py".to_owned(),
            name => format!("project/{name}.py"),
        };
        let text = template::render(&template, values)?;
        let text = ground.written(&text)?;
        draft.module(path, &text, &layout.format())?;
    }
    Ok(())
}

/// What a project is called: as `pyproject.toml` says, or its folder.
pub(crate) fn project_name(site: &Site<'_>) -> String {
    let pyproject = site.disk.text(&site.root.join("pyproject.toml"));
    let document = pyproject.and_then(|text| text.parse::<DocumentMut>().ok());
    let named = document.as_ref().and_then(|document| {
        let tables = [
            Some(document.as_item()),
            document.get("tool").and_then(|tool| tool.get("poetry")),
        ];
        let [project, poetry] = tables;
        let name = project.and_then(|root| root.get("project")?.get("name")?.as_str());
        name.or_else(|| poetry?.get("name")?.as_str())
    });
    match named {
        Some(name) => name.to_owned(),
        None => site.root.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

/// The setting that names the project, where the app is titled.
pub(crate) fn project_name_setting(site: &Site<'_>, format: &Format) -> Setting {
    let name = project_name(site);
    Setting {
        name: "project_name",
        declaration: format!("str = {}", format.string(&name)).into(),
        example: name.into(),
        need: None,
    }
}
