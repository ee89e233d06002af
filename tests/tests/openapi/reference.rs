//! What FastAPI says: `app.openapi()` of each app, asked for by `tests/oracle/routes.py --openapi`.

use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

/// Documents by the names of their apps.
pub(crate) type Reference = BTreeMap<String, Value>;

/// The project that holds `docs_src`.
pub(crate) fn documentation() -> PathBuf {
    prepared().join("docs")
}

/// The project that holds the zoo.
pub(crate) fn zoo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi")
}

/// The environment that all of them are imported in.
pub(crate) fn environment() -> PathBuf {
    documentation().join(".venv")
}

/// The documents of the documentation's apps.
pub(crate) fn of_documentation() -> Reference {
    let assumptions = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/docs_src.json"));
    let assumptions: Value =
        serde_json::from_slice(&assumptions.expect("tests/oracle/docs_src.json")).expect("it is JSON");
    let variables = assumptions["environment"].as_object().expect("an object of texts");
    let variables = variables
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()));
    ask(&documentation(), "docs_src", variables.collect())
}

/// The documents of the zoo's apps.
pub(crate) fn of_zoo() -> Reference {
    ask(&zoo(), "zoo", Vec::new())
}

fn ask(root: &Path, folder: &str, variables: Vec<String>) -> Reference {
    let mut command = Command::new(environment().join("bin/python"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/routes.py"));
    command.arg("--root").arg(root).args(["--scan", folder, "--openapi"]);
    command.arg("--scratch").arg(prepared().join("scratch"));
    variables.iter().for_each(|variable| {
        command.arg("--setenv").arg(variable);
    });
    let output = command.output().expect("the oracle starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the oracle fails: {words}");
    let text = String::from_utf8(output.stdout).expect("the oracle writes UTF-8");
    let records = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("an object on each line"));
    records
        .filter(|record| record["record"] == "openapi")
        .map(|record| {
            let app = record["app"].as_str().expect("a document names its app");
            (app.to_owned(), record["document"].clone())
        })
        .collect()
}

/// `target/oracle`, which must have been prepared.
fn prepared() -> PathBuf {
    let binary = testkit::binary();
    let target = binary.ancestors().nth(2).expect("target/debug/routewright");
    let prepared = target.join("oracle");
    assert!(
        prepared.join("docs/.venv").is_dir(),
        "{0} is missing: run `python3 tests/oracle/prepare.py --into {0}` first",
        prepared.display()
    );
    prepared
}
