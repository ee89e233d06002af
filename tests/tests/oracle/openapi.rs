//! OpenAPI documents, held against what FastAPI says itself: of the apps in FastAPI's documentation, and of those in
//! `tests/openapi/zoo`, which have every kind of type, parameter and response.

use std::process::Command;

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
