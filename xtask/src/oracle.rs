//! `cargo xtask oracle` and `cargo xtask accuracy`: what FastAPI says of public projects, and how near the model comes.

use crate::command::{self, Failure, Tools};
use std::path::Path;

/// Records what FastAPI says of some public projects, or of all of them, and compares.
///
/// # Errors
/// Where a project can't be installed or imported.
pub(crate) fn record(root: &Path, names: &[String], all: bool, upgrade: bool) -> Result<(), Failure> {
    let tools = Tools::of(root)?;
    prepare(&tools)?;
    let mut command = tools.python();
    command
        .arg("tests/oracle/record.py")
        .arg("--oracle")
        .arg(tools.target.join("oracle"))
        .args(names);
    for (flag, is_given) in [("--all", all), ("--upgrade", upgrade)] {
        if is_given {
            command.arg(flag);
        }
    }
    command::run(&mut command)?;
    compare(root, false)
}

/// Compares the model with FastAPI and writes `docs/accuracy.md`; one with worse figures only where that `is_accepted`.
///
/// # Errors
/// Where something can't be prepared or built, or the comparison fails.
pub(crate) fn compare(root: &Path, is_accepted: bool) -> Result<(), Failure> {
    let tools = Tools::of(root)?;
    prepare(&tools)?;
    // Of the whole workspace: with the features of some packages alone all would be compiled again.
    command::run(tools.cargo().args(["build", "--locked", "--bin", "routewright"]))?;
    command::run(
        tools
            .cargo()
            .args(["test", "--locked", "--workspace", "--test", "oracle", "--"])
            .arg("the_page_on_accuracy_is_what_is_found")
            .env("ROUTEWRIGHT_ACCEPT", if is_accepted { "worse" } else { "better" }),
    )
}

/// Installs what the oracle needs.
///
/// # Errors
/// Where that can't be had.
pub(crate) fn prepare(tools: &Tools) -> Result<(), Failure> {
    command::run(
        tools
            .python()
            .arg("tests/oracle/prepare.py")
            .arg("--into")
            .arg(tools.target.join("oracle")),
    )
}
