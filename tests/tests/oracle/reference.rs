//! What FastAPI says: the records of `tests/oracle/routes.py`, whose heading describes them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read as _,
    path::Path,
    process::Command,
};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::{documents::Documents, places};

/// The apps of a folder as FastAPI knows them.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    /// For each app (`module:attribute`) its routes in matching order, those FastAPI adds itself left out.
    pub(crate) apps: BTreeMap<String, Vec<Value>>,
    /// The same with those that FastAPI adds itself.
    pub(crate) complete: BTreeMap<String, Vec<Value>>,
    /// Apps of `apps` that another app of their module mounts: their routes are that one's too.
    pub(crate) mounted: BTreeSet<String>,
    /// The OpenAPI documents of those apps that were asked for them.
    pub(crate) documents: Documents,
    /// Modules that can't be imported, with the exception.
    pub(crate) errors: BTreeMap<String, String>,
}

impl Reference {
    /// Imports every module of `docs_src`, each in a process of its own.
    pub(crate) fn of_documentation() -> Self {
        Self::of_documentation_with(&places::python())
    }

    /// The same with an interpreter, for which some modules are too new.
    pub(crate) fn of_documentation_with(python: &Path) -> Self {
        let mut command = oracle_with(python);
        command
            .arg("--root")
            .arg(places::documentation())
            .args(["--scan", "docs_src", "--openapi"]);
        command.arg("--scratch").arg(places::scratch());
        for (name, value) in object(&assumptions(), "environment") {
            command
                .arg("--setenv")
                .arg(format!("{name}={}", value.as_str().unwrap_or_default()));
        }
        Self::told_by(command)
    }

    /// Imports every module of the zoo.
    pub(crate) fn of_zoo() -> Self {
        Self::of_zoo_with(&places::python())
    }

    /// The same with an interpreter, for which some modules are too new.
    pub(crate) fn of_zoo_with(python: &Path) -> Self {
        let mut command = oracle_with(python);
        command
            .arg("--root")
            .arg(places::zoo())
            .args(["--scan", "zoo", "--openapi"]);
        command.arg("--scratch").arg(places::scratch());
        Self::told_by(command)
    }

    /// Imports every module of FastAPI's own tests.
    pub(crate) fn of_tests() -> Self {
        let mut command = oracle();
        command.arg("--root").arg(places::tests()).args(["--scan", "tests"]);
        command.arg("--scratch").arg(places::scratch());
        Self::told_by(command)
    }

    /// What the oracle said of a public project when it was recorded.
    pub(crate) fn recorded(name: &str) -> Self {
        let file = places::sources().join(format!("oracle/recorded/{name}.jsonl.gz"));
        let file = File::open(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut text = String::new();
        GzDecoder::new(file)
            .read_to_string(&mut text)
            .expect("a recording is compressed text");
        Self::read_all(&text)
    }

    /// Imports one app (`module:attribute`) of a project, in the documentation's environment.
    pub(crate) fn of_app(root: &Path, app: &str) -> Self {
        Self::of_app_with(&places::python(), root, app)
    }

    /// Imports one app of a project, with an interpreter.
    pub(crate) fn of_app_with(python: &Path, root: &Path, app: &str) -> Self {
        let mut command = oracle_with(python);
        command.arg("--root").arg(root).args(["--app", app]);
        Self::told_by(command)
    }

    /// Imports every module of a folder of a project, with an interpreter.
    pub(crate) fn of_folder_with(python: &Path, root: &Path, folder: &str) -> Self {
        let mut command = oracle_with(python);
        command.arg("--root").arg(root).args(["--scan", folder]);
        Self::told_by(command)
    }

    fn told_by(mut command: Command) -> Self {
        let output = command.output().expect("the oracle starts");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the oracle fails: {words}");
        Self::read_all(&String::from_utf8(output.stdout).expect("the oracle writes UTF-8"))
    }

    fn read_all(text: &str) -> Self {
        let mut reference = Self::default();
        for line in text.lines() {
            reference.read(serde_json::from_str(line).expect("the oracle writes a JSON object on each line"));
        }
        reference
    }

    /// The same, of one app.
    pub(crate) fn only(&self, app: &str) -> Self {
        let apps = self
            .apps
            .get_key_value(app)
            .map(|(name, routes)| (name.clone(), routes.clone()));
        Self {
            apps: apps.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same, with the routes that FastAPI adds itself.
    pub(crate) fn with_builtin(&self) -> Self {
        Self {
            apps: self.complete.clone(),
            mounted: self.mounted.clone(),
            errors: self.errors.clone(),
            ..Self::default()
        }
    }

    fn read(&mut self, record: Value) {
        match record["record"].as_str() {
            Some("corpus") => {}
            Some("app") => {
                let app = text(&record, "app");
                if record["mounted"] == true {
                    self.mounted.insert(app.clone());
                }
                self.complete.insert(app.clone(), Vec::new());
                self.apps.insert(app, Vec::new());
            }
            Some("route") => {
                let app = text(&record, "app");
                self.complete.entry(app.clone()).or_default().push(record.clone());
                if record["builtin"] == false {
                    self.apps.entry(app).or_default().push(record);
                }
            }
            Some("openapi") => {
                let app = text(&record, "app");
                self.documents.insert(app, record["document"].clone());
            }
            Some("error") => {
                self.errors.insert(text(&record, "module"), text(&record, "error"));
            }
            other => panic!("the oracle writes a record of an unknown kind: {other:?}"),
        }
    }
}

fn oracle() -> Command {
    oracle_with(&places::python())
}

fn oracle_with(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.arg(places::sources().join("oracle/routes.py"));
    command
}

/// Modules that no environment can import, each with its reason in `docs_src.json`.
pub(crate) fn known_unimportable() -> BTreeSet<String> {
    object(&assumptions(), "unimportable")
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

fn assumptions() -> Value {
    let file = places::sources().join("oracle/docs_src.json");
    let text = std::fs::read_to_string(&file).expect("docs_src.json can be read");
    serde_json::from_str(&text).expect("docs_src.json is JSON")
}

fn object(value: &Value, key: &str) -> Vec<(String, Value)> {
    let members = value[key].as_object().expect("an object in docs_src.json");
    members
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn text(record: &Value, key: &str) -> String {
    record[key].as_str().expect("a text field of a record").to_owned()
}
