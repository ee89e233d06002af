//! Code that is right: nothing is found in it but what is true, and each of that is explained here.
//!
//! Needs `target/oracle`, which `python3 tests/oracle/prepare.py --into target/oracle` makes.

use crate::{
    case::describe,
    project::{Found, Project, check},
};
use std::path::{Path, PathBuf};

/// Findings that are true: where, which rule, and why it is right to report them.
const TRUE: &[(&str, &str, &str)] = &[(
    "/docs_src/path_params/tutorial003b.py",
    "duplicate-route",
    "the tutorial shows that the first of two equal paths is used always",
)];

/// The folder that the oracle's script prepared.
fn prepared() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/oracle");
    let folder = folder.canonicalize();
    folder.expect("run `python3 tests/oracle/prepare.py --into target/oracle` first")
}

/// An installed package of the prepared environment.
fn installed(package: &str) -> PathBuf {
    let library = prepared().join("docs/.venv/lib");
    let versions = std::fs::read_dir(library).unwrap().map(|entry| entry.unwrap().path());
    let mut folders = versions.map(|version| version.join("site-packages").join(package));
    folders.find(|folder| folder.is_dir()).unwrap()
}

fn is_explained(found: &Found) -> bool {
    TRUE.iter()
        .any(|(file, rule, _)| found.file == *file && found.finding.rule.name == *rule)
}

fn unexplained(found: &[Found]) -> Vec<String> {
    found
        .iter()
        .filter(|found| !is_explained(found))
        .map(describe)
        .collect()
}

#[test]
fn nothing_untrue_is_found_in_the_documentation_of_fastapi() {
    let found = check(&prepared().join("docs"));
    assert!(unexplained(&found).is_empty(), "\n{}", unexplained(&found).join("\n"));
    for (file, rule, why) in TRUE {
        let times = found
            .iter()
            .filter(|one| one.file == *file && one.finding.rule.name == *rule);
        assert_eq!(times.count(), 1, "{file}, {rule}: {why}");
    }
}

#[test]
fn nothing_is_found_in_the_tests_of_fastapi() {
    let found = check(&prepared().join("fastapi/tests"));
    assert!(found.is_empty(), "\n{}", unexplained(&found).join("\n"));
}

/// As if somebody worked on the library: what is installed is not read as a project's own.
#[test]
fn nothing_is_found_in_fastapi_and_starlette_themselves() {
    for package in ["fastapi", "starlette"] {
        let folder = installed(package);
        let project = Project::write([]);
        crate::bookshop::copy(&project, folder.parent().unwrap(), &folder);
        let found = project.check();
        assert!(found.is_empty(), "\n{}", unexplained(&found).join("\n"));
    }
}
