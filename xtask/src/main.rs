//! Chores of the project.

mod docs;

use clap::{Parser, Subcommand};
use std::{path::Path, process::ExitCode};

/// Chores of the project.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Write docs/rules.md and docs/rules/ from the rules' documentation
    Docs,
}

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let done = match Arguments::parse().chore {
        Chore::Docs => docs::write(root),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr)] // A chore talks to whoever runs it.
            {
                eprintln!("xtask: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
