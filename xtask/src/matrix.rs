//! `cargo xtask matrix`: scaffolds in several projects, and what comes out, really run.

use crate::command::{self, Failure, Tools};
use std::path::Path;

/// Prepares, builds the program, and runs the cases of `names`, `all` of them, or the usual selection.
///
/// # Errors
/// Where something can't be prepared or built, or a case fails.
pub(crate) fn run(root: &Path, names: &[String], all: bool) -> Result<(), Failure> {
    let tools = Tools::of(root)?;
    prepare(&tools)?;
    command::run(
        tools
            .cargo()
            .args(["build", "--locked", "--package", "routewright-cli"]),
    )?;
    generate(&tools, names, all)
}

/// Runs the cases with the program as it was built last.
///
/// # Errors
/// Where a case fails.
pub(crate) fn generate(tools: &Tools, names: &[String], all: bool) -> Result<(), Failure> {
    let mut command = tools.python();
    command
        .arg("tests/generated/matrix.py")
        .arg("--into")
        .arg(tools.target.join("generated"))
        .arg("--binary")
        .arg(tools.target.join("debug/routewright"))
        .args(names);
    if all {
        command.arg("--all");
    }
    command::run(&mut command)
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
