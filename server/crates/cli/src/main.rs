//! The binary `routewright`: every command and its output.
//!
//! One file for each command. A command returns what it found as [`Outcome`], or one sentence why it can't work; `main` turns
//! both into the exit code: 0 nothing found or done, 1 findings or differences, 2 unusable arguments or input.

mod add;
mod args;
mod check;
mod diff;
mod error;
mod explain;
mod files;
mod graph;
mod openapi;
mod output;
mod routes;
mod server;
mod status;
mod target;
mod width;

use args::{Args, Command};
use clap::Parser;
use error::{Error, Outcome};
use std::process::ExitCode;

/// A model is tens of thousands of small allocations, made and dropped at every link; the system's allocator spends a third
/// of a link on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    use_small_pages();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return args::report(&error),
    };
    match run(args.command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Ok(Outcome::Ended(code)) => ExitCode::from(code),
        // Whoever read our output has seen enough.
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Keeps the kernel from backing the heap with huge pages: touching one byte of 2 MiB would make all of them resident. A
/// kernel that can't be asked serves as well, with more memory.
#[cfg(target_os = "linux")]
fn use_small_pages() {
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

fn run(command: Command) -> Result<Outcome, Error> {
    match command {
        Command::Server(_) => server::run(),
        Command::Check(options) => check::run(&options),
        Command::Routes(options) => routes::run(&options),
        Command::Graph(options) => graph::run(&options),
        Command::Status(options) => status::run(&options),
        Command::Openapi(options) => openapi::run(&options),
        Command::Add(command) => add::run(command),
        Command::Explain(options) => explain::run(&options),
    }
}
