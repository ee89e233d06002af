//! Auth that a project has already: ours is completed, any other is not doubled.

use crate::{Refusal, Site, draft::python};
use facts::Unit;
use ruff_python_ast::Stmt;
use std::path::Path;

/// Packages that log users in.
const LIBRARIES: [&str; 6] = [
    "fastapi_users",
    "authx",
    "fastapi_login",
    "authlib",
    "fastapi_azure_auth",
    "fastapi_jwt_auth",
];

/// Packages that sign tokens or hash passwords, and what older guides do with them.
const TOOLS: [(&str, &str); 3] = [("jose", "python-jose"), ("passlib", "passlib"), ("jwt", "PyJWT")];

/// Names of dependencies that say who is asking.
const CURRENT: [&str; 6] = [
    "get_current_user",
    "current_user",
    "get_current_active_user",
    "current_active_user",
    "fastapi_users",
    "get_user_from_token",
];

/// Names that only what is generated has beside those.
const OURS: [&str; 2] = [super::OURS, super::openid::OURS];

/// What a file says that has any of these; others need not be parsed.
const MARKS: [&str; 10] = [
    "current",
    "fastapi_users",
    "get_claims",
    "get_verifier",
    "get_user_from_token",
    "auth",
    "fastapi_login",
    "jose",
    "passlib",
    "jwt",
];

/// Refuses a project that has auth of its own; `ours` is a name that only what is asked for has beside those.
///
/// # Errors
/// What it has, and what to do with it.
pub(super) fn check(site: &Site<'_>, ours: &str) -> Result<(), Refusal> {
    let mut found = None;
    let mut tools: Vec<&str> = Vec::new();
    let mut library = None;
    for path in site.disk.python_files() {
        let below = path.strip_prefix(site.root).unwrap_or(Path::new("tests"));
        if !path.starts_with(site.root) || below.iter().any(|part| part == "tests" || part == "test") {
            continue;
        }
        let text = site
            .disk
            .text(&path)
            .filter(|text| MARKS.iter().any(|mark| text.contains(mark)));
        let Some(suite) = text.and_then(|text| python::suite(&text).ok()) else {
            continue;
        };
        let binds = |name: &str| suite.iter().any(|stmt| bound(stmt).is_some_and(|bound| bound == name));
        if binds(ours) {
            return Ok(());
        }
        if let Some(name) = suite.iter().find_map(tells_user) {
            found.get_or_insert((below.display().to_string(), name.to_owned()));
        }
        for module in suite.iter().flat_map(imported) {
            library = library.or_else(|| LIBRARIES.iter().find(|known| **known == module));
            if let Some((_, tool)) = TOOLS.iter().find(|(known, _)| *known == module)
                && !tools.contains(tool)
            {
                tools.push(tool);
            }
        }
    }
    match (found, library) {
        (Some((file, name)), library) => {
            let with: Vec<&str> = library.into_iter().copied().chain(tools).collect();
            let with = if with.is_empty() {
                String::new()
            } else {
                format!(" (with {})", with.join(" and "))
            };
            Err(Refusal::Standing(format!("`{name}` in {file}{with}")))
        }
        (None, Some(library)) => Err(Refusal::Standing(format!("that of {library}"))),
        (None, None) => Ok(()),
    }
}

/// Whether nothing of the kind shows in what modules bind and import: the question of [`check`], without reading their texts.
pub(super) fn is_absent(site: &Site<'_>) -> bool {
    let files = site.disk.python_files();
    let own = files
        .iter()
        .filter(|path| path.starts_with(site.root) && is_of_app(path, site.root));
    !own.filter_map(|path| site.ctx.files.facts(site.disk.file(path)))
        .any(|facts| facts.units.first().is_some_and(|unit| shows(unit)))
}

fn is_of_app(path: &Path, root: &Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    !below.iter().any(|part| part == "tests" || part == "test")
}

fn shows(unit: &Unit) -> bool {
    let is_library = |module: &str| LIBRARIES.contains(&module.split('.').next().unwrap_or(module));
    let is_current = |name: &str| CURRENT.contains(&name) || OURS.contains(&name);
    unit.body.iter().any(|&id| match &unit[id] {
        facts::Stmt::Function(function) => {
            let name = style::last_name(unit, function.name);
            is_current(name) || is_about_current_user(name)
        }
        facts::Stmt::Assign { targets, .. } => targets.iter().any(|&target| is_current(style::last_name(unit, target))),
        facts::Stmt::Import(names) => names.iter().any(|name| is_library(&name.name)),
        facts::Stmt::ImportFrom { level: 0, module, .. } => is_library(module),
        _ => false,
    })
}

/// The name of a dependency that says who is asking, `get_current_user_authorizer` among them.
fn tells_user(stmt: &Stmt) -> Option<&str> {
    let name = bound(stmt)?;
    let is_one = CURRENT.contains(&name) || (stmt.is_function_def_stmt() && is_about_current_user(name));
    is_one.then_some(name)
}

fn is_about_current_user(name: &str) -> bool {
    name.contains("current_user") || name.contains("current_active_user")
}

fn bound(stmt: &Stmt) -> Option<&str> {
    match stmt {
        Stmt::FunctionDef(function) => Some(function.name.as_str()),
        Stmt::Assign(assign) => assign.targets.first()?.as_name_expr().map(|name| name.id.as_str()),
        _ => None,
    }
}

/// The top packages that a statement imports.
fn imported(stmt: &Stmt) -> Vec<String> {
    let top = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    match stmt {
        Stmt::Import(import) => import.names.iter().map(|alias| top(&alias.name)).collect(),
        Stmt::ImportFrom(import) if import.level == 0 => import.module.iter().map(|module| top(module)).collect(),
        _ => Vec::new(),
    }
}
