//! The tests' session: the fixture that gives one, with which tests write rows that no path operation makes.

use super::{
    client::{fixture_name, is_fixture, is_test_module},
    modules::Modules,
    session::{class_in, yielded},
};

/// A fixture that gives a session of the test's database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestSession {
    /// The fixture.
    pub fixture: String,
    /// The module of the library that has its class, and the class's name.
    pub class: (String, String),
}

impl TestSession {
    /// Whether its calls are awaited.
    #[must_use]
    pub fn is_async(&self) -> bool {
        self.class.1.starts_with("Async")
    }
}

/// The one that all tests know; of several the one with the shortest name.
pub(super) fn find(modules: &Modules<'_>) -> Option<TestSession> {
    let mut found: Vec<TestSession> = Vec::new();
    for module in modules.tests().filter(|module| !is_test_module(&module.path)) {
        for (_, unit, function) in module.functions() {
            if !is_fixture(unit, function) {
                continue;
            }
            let said = function
                .returns
                .and_then(|returns| class_in(modules, module, unit, returns));
            // `-> Generator` says nothing of what it yields.
            let class = said.or_else(|| yielded::class(modules, module, unit, function));
            if let Some(class) = class {
                let fixture = fixture_name(unit, function).to_owned();
                found.push(TestSession { fixture, class });
            }
        }
    }
    found.sort_by_key(|session| (session.fixture.len(), session.fixture.clone()));
    found.into_iter().next()
}
