//! What the binary says: `routewright routes --format json`.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

/// The apps of a folder as the binary knows them.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    /// For each app (`module:attribute`) its routes in the order of the report.
    pub(crate) apps: BTreeMap<String, Vec<Value>>,
    /// Apps whose import fails, as the binary says, and why.
    pub(crate) failing: BTreeMap<String, String>,
    /// What the binary says that it doesn't know: file, line, and the whole entry.
    pub(crate) unresolved: Vec<(String, u64, Value)>,
}

impl Reported {
    /// Runs the binary over a project, for all its apps or for one.
    pub(crate) fn of(project: &Path, app: Option<&str>) -> Self {
        let app = app.map(|app| ["--app", app]);
        Self::told_by(project, app.as_ref().map_or(&[], |arguments| arguments))
    }

    /// Also the routes that FastAPI adds itself.
    pub(crate) fn with_builtin(project: &Path) -> Self {
        Self::told_by(project, &["--builtin"])
    }

    fn told_by(project: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(testkit::binary());
        command
            .arg("routes")
            .arg(project)
            .args(["--format", "json"])
            .args(arguments)
            .env_remove("VIRTUAL_ENV");
        let output = command.output().expect("the binary starts");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "`routewright routes` ends with {}: {words}",
            output.status
        );
        Self::read(&serde_json::from_slice(&output.stdout).expect("`--format json` writes JSON"))
    }

    fn read(document: &Value) -> Self {
        assert_eq!(document["version"], 1, "the version of the JSON document");
        let mut reported = Self::default();
        for app in list(document, "apps") {
            let id = app["id"].as_str().expect("an app has an id");
            reported.apps.insert(id.to_owned(), Vec::new());
            if let Some(why) = app["fails"].as_str() {
                reported.failing.insert(id.to_owned(), why.to_owned());
            }
        }
        for route in list(document, "routes") {
            let app = route["app"].as_str().expect("a route names its app");
            let routes = reported.apps.get_mut(app);
            routes
                .expect("a route's app is listed under `apps`")
                .push(route.clone());
        }
        for entry in list(document, "unresolved") {
            let file = entry["file"].as_str().expect("an entry names its file");
            let line = entry["line"].as_u64().expect("an entry names its line");
            reported.unresolved.push((file.to_owned(), line, entry.clone()));
        }
        reported
    }
}

fn list<'a>(document: &'a Value, key: &str) -> &'a [Value] {
    document[key].as_array().unwrap_or_else(|| panic!("`{key}` is a list"))
}
