//! Chores of the project.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A chore talks to whoever runs it.

mod command;
mod docs;
mod matrix;
mod oracle;
mod scaffolds_page;
mod test;
mod tidy;
mod try_it;

use clap::{Parser, Subcommand};
use matrix::Cases;
use std::{error::Error, path::Path, process::ExitCode};

/// Chores of the project.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what the tests need and run all of them
    Test {
        /// Run this step alone; may be repeated
        #[arg(long, value_name = "STEP")]
        only: Vec<test::Step>,
    },
    /// Build the program and see it work on examples/bookshop
    Try,
    /// Check what the architecture promises and the compiler does not
    Tidy,
    /// Write what is generated in docs/: the pages of rules, scaffolds and configuration, and the schema of the settings
    Docs,
    /// Compare the model with FastAPI on every project and write docs/accuracy.md
    Accuracy {
        /// Accept figures that are worse than before
        #[arg(long)]
        worse: bool,
    },
    /// Scaffold into the projects of tests/generated, and run, check and serve what comes out
    Matrix {
        /// Cases such as `flat+resource`, `*` stands for anything; a selection with every pair where none is named
        names: Vec<String>,
        /// One more command in each case, such as `add router tags`; may be repeated
        #[arg(long, value_name = "COMMAND")]
        with: Vec<String>,
        /// Each scaffold and each two of them in each project, in either order
        #[arg(long)]
        all: bool,
    },
    /// Record anew what FastAPI says of public projects, and write docs/accuracy.md
    Oracle {
        /// Projects of tests/oracle/corpora.toml
        #[arg(required_unless_present = "all")]
        names: Vec<String>,
        /// Every project of it
        #[arg(long)]
        all: bool,
        /// Let the installer choose the versions of what a project depends on
        #[arg(long)]
        upgrade: bool,
    },
}

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match perform(root, Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn perform(root: &Path, chore: Chore) -> Result<(), Box<dyn Error>> {
    match chore {
        Chore::Test { only } => Ok(test::run(root, &only)?),
        Chore::Try => Ok(try_it::run_all(root)?),
        Chore::Tidy => Ok(tidy::run(root)?),
        Chore::Docs => Ok(docs::write(root)?),
        Chore::Accuracy { worse } => Ok(oracle::compare(root, worse)?),
        Chore::Matrix { names, with, all } => Ok(matrix::run(root, &Cases { names, with, all })?),
        Chore::Oracle { names, all, upgrade } => Ok(oracle::record(root, &names, all, upgrade)?),
    }
}
