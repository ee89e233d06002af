//! OpenAPI documents, held against what FastAPI says itself: of the apps in FastAPI's documentation, and of those in
//! `tests/openapi/zoo`, which have every kind of type, parameter and response.

use std::{path::Path, process::Command};

use ide::{Host, HostOptions};
use serde_json::Value;

use crate::{REFERENCE, documents::Table, places, reference::Reference};

/// Percent of the documentation's operations whose document must be equal.
const EXPECTED: usize = 95;

/// The documents of the documentation's apps.
pub(crate) fn of_documentation() -> Table {
    let root = places::documentation();
    let host = Host::new(vec![root.clone()], HostOptions::default());
    host.refresh();
    Table::of(&REFERENCE.documents, |app| Some(host.openapi(&root, app)?.json))
}

#[test]
fn the_documentations_operations_are_described_as_fastapi_describes_them() {
    assert!(REFERENCE.documents.len() > 300, "only {}", REFERENCE.documents.len());
    let table = of_documentation();
    println!("{table}");
    assert!(table.equal * 100 >= table.operations * EXPECTED, "{table}");
    assert_eq!(table.invented(), Vec::<&str>::new(), "what differs must say so");
}

/// Versions of FastAPI whose documents are compared.
const VERSIONS: [&str; 3] = ["0.115.14", "0.128.8", "0.136.3"];

/// The documents of a reference, and those that are said of a project that has the version.
fn under(version: &str, root: &Path, reference: &Reference) -> Table {
    let hints = project::EnvironmentHints {
        python: Some(places::version(version).join(".venv")),
        ..project::EnvironmentHints::default()
    };
    let options = project::Options {
        environment: hints,
        ..project::Options::default()
    };
    let host = Host::new(vec![root.to_path_buf()], HostOptions { project: options });
    host.refresh();
    Table::of(&reference.documents, |app| Some(host.openapi(root, app)?.json))
}

#[test]
fn documents_follow_the_version_that_the_project_has() {
    for version in VERSIONS {
        let python = places::python_of(&places::version(version));
        let reference = Reference::of_documentation_with(&python);
        let table = under(version, &places::documentation(), &reference);
        println!("FastAPI {version}:\n{table}");
        assert!(table.operations > 300, "{version}: {table}");
        assert_eq!(table.equal, table.operations, "{version}: {table}");
        let mut reference = Reference::of_zoo_with(&python);
        // Its other modules use what is newer than some of the versions.
        reference.documents.retain(|app, _| app.starts_with("zoo.plain:"));
        let table = under(version, &places::zoo(), &reference);
        assert_eq!(table.operations, 2, "{version}: {table}");
        assert!(table.is_equal(), "{version}: {table}");
    }
}

#[test]
fn the_zoos_documents_are_fastapis_own() {
    let reference = Reference::of_zoo();
    assert!(reference.errors.is_empty(), "{:?}", reference.errors);
    let table = Table::of(&reference.documents, |app| {
        let mut command = Command::new(testkit::binary());
        command.args(["openapi", "--app", app]).current_dir(places::zoo());
        command.env("VIRTUAL_ENV", places::documentation().join(".venv"));
        let output = command.output().expect("the binary starts");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{app}: {words}");
        assert_eq!(words, "", "{app}: everything is known");
        Some(serde_json::from_slice::<Value>(&output.stdout).expect("a JSON document"))
    });
    println!("{table}");
    assert!(table.operations > 80, "{table}");
    assert!(table.is_equal(), "{table}");
}
