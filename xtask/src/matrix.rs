//! `cargo xtask matrix`: scaffolds in several projects, and what comes out, really run.

use crate::command::{self, Failure, Tools};
use std::path::{Path, PathBuf};

/// Which cases run: a selection with every pair, unless more is said.
#[derive(Default)]
pub(crate) struct Cases {
    /// Those of these names.
    pub(crate) names: Vec<String>,
    /// With these commands too.
    pub(crate) with: Vec<String>,
    /// Everything there is.
    pub(crate) all: bool,
}

/// Prepares, builds the program, and runs the cases.
///
/// # Errors
/// Where something can't be prepared or built, or a case fails.
pub(crate) fn run(root: &Path, cases: &Cases) -> Result<(), Failure> {
    let tools = Tools::of(root)?;
    prepare(&tools)?;
    command::run(
        tools
            .cargo()
            .args(["build", "--locked", "--package", "routewright-cli"]),
    )?;
    generate(&tools, cases)
}

/// Runs the cases with the program as it was built last.
///
/// # Errors
/// Where a case fails.
pub(crate) fn generate(tools: &Tools, cases: &Cases) -> Result<(), Failure> {
    let mut command = tools.generated("python");
    command
        .arg("tests/generated/matrix.py")
        .arg("--into")
        .arg(tools.target.join("generated"))
        .arg("--binary")
        .arg(binary(tools))
        .args(&cases.names)
        .args(cases.with.iter().flat_map(|command| ["--with", command]));
    if cases.all {
        command.arg("--all");
    }
    command::run(&mut command)
}

/// Tests the runner itself: what it selects, and that it sees what is wrong.
///
/// # Errors
/// Where a test fails.
pub(crate) fn test(tools: &Tools) -> Result<(), Failure> {
    let mut command = tools.generated("pytest");
    command
        .args(["-q", "-p", "no:asyncio", "-p", "no:cacheprovider", "tests/generated"])
        .arg("--ignore=tests/generated/bases")
        .env("ROUTEWRIGHT", binary(tools));
    command::run(&mut command)
}

fn binary(tools: &Tools) -> PathBuf {
    tools.target.join("debug/routewright")
}

/// Installs what the cases need.
///
/// # Errors
/// Where that can't be had.
pub(crate) fn prepare(tools: &Tools) -> Result<(), Failure> {
    command::run(
        tools
            .python()
            .arg("tests/generated/prepare.py")
            .arg("--into")
            .arg(tools.target.join("generated")),
    )
}
