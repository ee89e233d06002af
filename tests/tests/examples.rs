//! The examples as the real binary sees them, from the command line.
//!
//! Needs the built binary, and the environment that `cargo xtask test --only prepare` makes for the example.

#![allow(clippy::unwrap_used, clippy::panic)] // Tests fail by panicking.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BOOKSHOP: &str = "examples/bookshop";

/// How the README begins the part of the route table that it shows.
const SHOWN: &str = "```console\n$ routewright routes examples/bookshop\n";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The environment in which the example's own tests run.
fn environment() -> PathBuf {
    let binary = testkit::binary();
    let folder = binary.ancestors().nth(2).unwrap().join(BOOKSHOP);
    assert!(
        folder.join("pyvenv.cfg").is_file(),
        "{} is missing: run `cargo xtask test --only prepare` first",
        folder.display()
    );
    folder
}

fn routewright(arguments: &[&str], environment: Option<&Path>) -> Output {
    let mut command = Command::new(testkit::binary());
    command.args(arguments).current_dir(repository());
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    command.envs(environment.map(|folder| ("VIRTUAL_ENV", folder)));
    command.output().unwrap()
}

fn printed(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {words}", output.status);
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn check_finds_nothing_in_the_example_with_and_without_its_environment() {
    let environment = environment();
    for environment in [None, Some(environment.as_path())] {
        let arguments = ["check", BOOKSHOP, "--output-format", "json"];
        let findings = printed(&routewright(&arguments, environment));
        assert_eq!(
            serde_json::from_str::<Value>(&findings).unwrap(),
            Value::Array(Vec::new())
        );
    }
}

#[test]
fn the_environment_changes_nothing_of_the_route_table() {
    let environment = environment();
    let arguments = ["routes", BOOKSHOP, "--format", "csv"];
    let alone = printed(&routewright(&arguments, None));
    assert!(alone.contains("/api/v1/books/{book_id}"), "{alone}");
    assert_eq!(alone, printed(&routewright(&arguments, Some(&environment))));
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, shown) = readme.split_once(SHOWN).unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let table = printed(&routewright(&["routes", BOOKSHOP], None));
    let mut lines = table.lines().map(str::trim_end);
    assert!(shown.lines().count() > 5, "{shown}");
    for line in shown.lines().filter(|line| *line != "…") {
        assert!(
            lines.any(|printed| printed == line),
            "README.md shows what the command doesn't print there: {line}\n{table}"
        );
    }
}
