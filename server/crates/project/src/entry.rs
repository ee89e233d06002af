//! Which file holds the app that a server is started with.

use std::path::PathBuf;

/// An entry point: a module's file and the attribute, where one is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// The module's file.
    pub file: PathBuf,
    /// `app`; absent where FastAPI CLI would look for `app`, `api`, then any app.
    pub attribute: Option<String>,
    /// Where it comes from.
    pub origin: EntryPointOrigin,
}

/// What named an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryPointOrigin {
    /// `entrypoint` of Routewright's configuration.
    Routewright,
    /// `[tool.fastapi] entrypoint` in `pyproject.toml`.
    FastApi,
    /// FastAPI CLI's own search.
    Search,
}

/// Where FastAPI CLI looks for an app, in order (`fastapi_cli/discover.py`, `get_default_path`).
pub(crate) const DEFAULT_FILES: &[&str] = &["main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"];

/// `module:attribute` as module and attribute; neither may be empty (`get_import_data_from_import_string`).
pub(crate) fn split(entrypoint: &str) -> Option<(&str, &str)> {
    let (module, attribute) = entrypoint.split_once(':')?;
    let (module, attribute) = (module.trim(), attribute.trim());
    (!module.is_empty() && !attribute.is_empty()).then_some((module, attribute))
}
