//! What the binary says: `routewright routes --format json`.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

/// The apps of a folder as the binary knows them.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    /// For each app (`module:attribute`) its routes in the order of the report.
    pub(crate) apps: BTreeMap<String, Vec<Value>>,
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
        let mut apps = BTreeMap::<String, Vec<Value>>::new();
        for app in document["apps"].as_array().expect("`apps` is a list") {
            apps.insert(app["id"].as_str().expect("an app has an id").to_owned(), Vec::new());
        }
        for route in document["routes"].as_array().expect("`routes` is a list") {
            let app = route["app"].as_str().expect("a route names its app");
            apps.get_mut(app)
                .expect("a route's app is listed under `apps`")
                .push(route.clone());
        }
        Self { apps }
    }
}
