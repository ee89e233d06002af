//! What tests of auth rest on: the project's client, and an app that can be imported.

use crate::{
    client::{self, TestClient},
    draft::Draft,
    ground::{Ground, Part},
    terms::Terms,
};
use minijinja::{Value, context};
use std::{collections::BTreeMap, path::PathBuf};

/// See the module.
pub(super) struct Testing {
    /// The module that has the client's fixture.
    pub(super) conftest: PathBuf,
    /// What templates are given.
    pub(super) values: Value,
    /// Imports that they draw from.
    pub(super) imports: BTreeMap<&'static str, String>,
}

impl Testing {
    /// What the project has for tests; nothing, which is said, where it has too little.
    pub(super) fn of(draft: &mut Draft<'_>, ground: &Ground, terms: &Terms) -> Option<Self> {
        let client = TestClient::of(ground);
        let app = match &ground.app {
            Some(app) if app.factory.is_some() => None,
            Some(app) => Some((app.symbol.module.as_str(), app.symbol.name.as_str())),
            None => Some(("app.main", "app")),
        };
        let conftest = match &ground.client {
            Part::Found(client) => Some(client.fixture.path.clone()),
            Part::Free(path) => Some(path.clone()),
            Part::Refused(_) => None,
        };
        let (Some((main, app)), Some(conftest), true) = (app, conftest, client.fixture.is_some()) else {
            draft.note(
                "no tests are written: they take a fixture that gives a client of the app, and an app that can be imported"
                    .to_owned(),
            );
            return None;
        };
        let found = ground.client.found();
        let mut imports = terms.imports();
        imports.insert("app", format!("from {main} import {app}"));
        let own = context! {
            app => app,
            app_def => if terms.is_async() { "async def" } else { "def" },
            app_aw => if terms.is_async() { "await " } else { "" },
            mark_all => found.map_or_else(|| client::mark(ground.tests), |client| client.mark),
            fixture_decorator => found.map_or_else(|| client::decorator(ground.tests), |client| client.fixture_decorator.clone()),
        };
        let client = Value::from_serialize(&client);
        Some(Self {
            conftest,
            values: context! { ..own, ..client },
            imports,
        })
    }
}
