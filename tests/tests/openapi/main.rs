//! OpenAPI documents, held against what FastAPI says itself: of the apps in FastAPI's documentation, and of those in
//! `tests/openapi/zoo`, which have every kind of type, parameter and response.
//!
//! Needs `target/oracle`, which `python3 tests/oracle/prepare.py --into target/oracle` makes, and the built binary.

#![cfg(test)]

mod compare;
mod reference;

use compare::Table;
use ide::{Host, HostOptions};
use serde_json::Value;
use std::process::Command;

/// Percent of the documentation's operations whose document must be equal.
const EXPECTED: usize = 95;

#[test]
fn the_documentations_operations_are_described_as_fastapi_describes_them() {
    let reference = reference::of_documentation();
    assert!(reference.len() > 300, "only {} apps found", reference.len());
    let root = reference::documentation();
    let host = Host::new(vec![root.clone()], HostOptions::default());
    host.refresh();
    let table = Table::of(&reference, |app| Some(host.openapi(&root, app)?.json));
    println!("{table}");
    assert!(table.equal * 100 >= table.operations * EXPECTED, "{table}");
    assert_eq!(table.invented(), Vec::<&str>::new(), "what differs must say so");
}

#[test]
fn the_zoos_documents_are_fastapis_own() {
    let table = Table::of(&reference::of_zoo(), |app| {
        let mut command = Command::new(testkit::binary());
        command.args(["openapi", "--app", app]).current_dir(reference::zoo());
        command.env("VIRTUAL_ENV", reference::environment());
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
