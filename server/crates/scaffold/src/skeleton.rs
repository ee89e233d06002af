//! The parts that a resource rests on, made where a project lacks them: settings, database, errors, pages, app, fixtures.

use crate::{
    Refusal,
    draft::Draft,
    layout::{Layout, Role},
    packages::{self, Package, for_tests, package},
    template,
};
use minijinja::context;
use std::{collections::BTreeMap, path::PathBuf};

/// The modules that templates import from, by role.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// Dotted names, as templates have them: `m.config`.
    pub(crate) modules: BTreeMap<&'static str, String>,
}

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

/// Packages of a new project.
const PACKAGES: [Package; 6] = [
    package("fastapi", &["standard"], "0.163"),
    package("pydantic-settings", &[], "2.12"),
    package("sqlalchemy", &["asyncio"], "2.1"),
    package("aiosqlite", &[], "0.22"),
    for_tests("pytest", "9.0"),
    for_tests("httpx", "0.28"),
];

/// Makes what is missing.
///
/// # Errors
/// Where a module that has to be extended does not parse.
pub(crate) fn ensure(draft: &mut Draft<'_>, layout: &Layout) -> Result<Parts, Refusal> {
    let paths: Vec<(&'static str, PathBuf)> = ROLES.iter().map(|(role, name)| (*name, layout.path(*role))).collect();
    let modules: BTreeMap<&'static str, String> =
        paths.iter().map(|(name, path)| (*name, layout.dotted(path))).collect();
    let project = draft
        .site
        .root
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for (name, path) in &paths {
        let values = context! {
            m => modules,
            project => project,
            database_url => "sqlite+aiosqlite:///./app.db",
            has_type_parameters => false,
        };
        let text = template::render(&format!("project/{name}.py"), values)?;
        draft.module(path, &text, &layout.format())?;
    }
    packages::require(draft, &PACKAGES);
    Ok(Parts { modules })
}
