//! How tests call the app: as the project's own tests do.

use crate::ground::Ground;
use serde::Serialize;
use style::TestStyle;

/// What templates of tests know of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TestClient {
    /// Whether calls are awaited.
    pub(crate) is_async: bool,
    /// The class.
    pub(crate) client: &'static str,
    /// The library of an asynchronous client.
    pub(crate) client_module: String,
    /// The fixture that gives one; nothing where tests make their own.
    pub(crate) fixture: Option<Fixture>,
    /// `await ` or nothing.
    pub(crate) aw: &'static str,
    /// `async def` or `def`.
    pub(crate) def: &'static str,
    /// The decorator of tests that await, or nothing.
    pub(crate) mark: String,
    #[serde(skip)]
    base_url: Option<(String, String)>,
}

/// A fixture by its name, and the module of the class that it gives.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) module: String,
}

/// How the first tests that await are marked.
pub(crate) fn mark(tests: TestStyle) -> Option<&'static str> {
    match tests {
        TestStyle::AnyIo => Some("pytest.mark.anyio"),
        TestStyle::Asyncio => Some("pytest.mark.asyncio"),
        TestStyle::Sync => None,
    }
}

/// The decorator of the first fixtures that await.
pub(crate) fn decorator(tests: TestStyle) -> String {
    let decorator = match tests {
        TestStyle::Asyncio => "pytest_asyncio.fixture",
        TestStyle::AnyIo | TestStyle::Sync => "pytest.fixture",
    };
    decorator.to_owned()
}

impl TestClient {
    /// The module and name of the client's class.
    pub(crate) fn class(&self) -> (String, String) {
        let module = if self.is_async { "httpx" } else { "fastapi.testclient" };
        (module.to_owned(), self.client.to_owned())
    }

    /// How its requests name a path of the app: what its base URL has already is left out, and what is not below that is named whole.
    pub(crate) fn url(&self, path: &str) -> String {
        let Some((origin, base)) = &self.base_url else {
            return path.to_owned();
        };
        match path.strip_prefix(base.as_str()).filter(|rest| rest.starts_with('/')) {
            Some(rest) => rest.to_owned(),
            None => format!("{origin}{path}"),
        }
    }

    /// Makes it an asynchronous one, with the decorator of the tests that await it.
    pub(crate) fn wait(&mut self, mark: &str) {
        self.is_async = true;
        self.client = "AsyncClient";
        self.client_module = "httpx".to_owned();
        self.aw = "await ";
        self.def = "async def";
        self.mark = mark.to_owned();
    }

    /// As the project's fixture is, or that of a new project; synchronous where a project has none.
    pub(crate) fn of(ground: &Ground) -> Self {
        let (is_async, mark, fixture) = match ground.client.found() {
            Some(client) => {
                let fixture = Fixture {
                    name: client.fixture.name.clone(),
                    module: client.class.0.clone(),
                };
                (client.is_async, client.mark, Some(fixture))
            }
            None if ground.is_new() => {
                let is_async = ground.tests != TestStyle::Sync;
                let fixture = Fixture {
                    name: "client".to_owned(),
                    module: if is_async { "httpx" } else { "fastapi.testclient" }.to_owned(),
                };
                (is_async, mark(ground.tests), Some(fixture))
            }
            None => (false, None, None),
        };
        let module = fixture
            .as_ref()
            .filter(|_| is_async)
            .map(|fixture| fixture.module.clone());
        Self {
            is_async,
            client: if is_async { "AsyncClient" } else { "TestClient" },
            client_module: module.unwrap_or_default(),
            fixture,
            aw: if is_async { "await " } else { "" },
            def: if is_async { "async def" } else { "def" },
            mark: mark.map_or_else(String::new, |mark| format!("@{mark}")),
            base_url: ground.client.found().and_then(|client| client.base_url.clone()),
        }
    }
}
