//! Where the prepared environment and the built binary are.

use std::path::{Path, PathBuf};

/// The project that holds `docs_src`, as a user would open it.
pub(crate) fn documentation() -> PathBuf {
    prepared().join("docs")
}

/// The project that holds FastAPI's own tests.
pub(crate) fn tests() -> PathBuf {
    prepared().join("tests")
}

/// The project that has every kind of type, parameter and response.
pub(crate) fn zoo() -> PathBuf {
    sources().join("openapi")
}

/// The small app under several versions of FastAPI, a folder for each.
pub(crate) fn versions() -> Vec<PathBuf> {
    let entries = prepared().join("versions").read_dir().expect("a folder of versions");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders
}

/// The small app under one version of FastAPI.
pub(crate) fn version(version: &str) -> PathBuf {
    prepared().join("versions").join(version)
}

/// The source of a public project.
pub(crate) fn corpus(name: &str) -> PathBuf {
    prepared().join("corpora").join(name)
}

/// The program that ours is compared with.
pub(crate) fn competitor() -> PathBuf {
    prepared().join("competitor/bin/fastapi-lsp")
}

/// Where what differs is written, for whoever improves it.
pub(crate) fn differences() -> PathBuf {
    prepared().join("differences")
}

/// The repository.
pub(crate) fn repository() -> &'static Path {
    sources().parent().unwrap_or(sources())
}

/// The working folder of the imports.
pub(crate) fn scratch() -> PathBuf {
    prepared().join("scratch")
}

/// The interpreter of the environment the documentation apps are imported in.
pub(crate) fn python() -> PathBuf {
    python_of(&documentation())
}

/// The interpreter of a project's own environment.
pub(crate) fn python_of(project: &Path) -> PathBuf {
    project.join(".venv").join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

/// The folder of the Python programs that tests use.
pub(crate) fn sources() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `target/oracle`, which must have been prepared.
fn prepared() -> PathBuf {
    let binary = testkit::binary();
    let prepared = binary
        .ancestors()
        .nth(2)
        .expect("target/debug/routewright")
        .join("oracle");
    assert!(
        prepared.join("stamp.json").is_file() && prepared.join("docs").is_dir(),
        "{0} is missing: run `python3 tests/oracle/prepare.py --into {0}` first",
        prepared.display()
    );
    prepared
}
