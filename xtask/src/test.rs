//! `cargo xtask test`: installs what the tests need and runs all of them, one step after the other; what is installed comes
//! while the code is compiled.
//!
//! A step that fails ends the run, and a tool that is missing is a failure. The editors' tests and the freshness of
//! generated pages are tests like any other: `cargo test` runs them.

use crate::{
    command::{self, Failure, Tools},
    matrix, oracle, tidy,
};
use clap::ValueEnum;
use std::{
    fmt,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

/// A part of the run, in the order of the run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Formatting of the Rust code
    Format,
    /// What the architecture promises: direction of dependencies, I/O at the edges, sizes of files
    Tidy,
    /// Install what the tests need: FastAPI, environments, Neovim, Chromium, PostgreSQL, packages of Node.js
    Prepare,
    /// Lints of the Rust code
    Clippy,
    /// Build everything once, the binary and the tests
    Build,
    /// Lints and formatting of the tests' Python
    Python,
    /// The examples' own lints, types and tests
    Examples,
    /// Scaffolds in the projects of `tests/generated`, and what comes out, really run
    Matrix,
    /// The tests of the workspace
    Cargo,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        formatter.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// The Python programs of the tests. Those in `tests/projects` are wrong on purpose, those in
/// `tests/openapi` write everything in every way there is.
const PYTHON: [&str; 6] = [
    "tests/benches",
    "tests/editors",
    "tests/generated",
    "tests/graph",
    "tests/oracle",
    "tests/python",
];

/// What `cargo test` counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
}

/// Runs the steps of `only`, or all of them where it is empty.
///
/// # Errors
/// The first step that fails.
pub(crate) fn run(root: &Path, only: &[Step]) -> Result<(), Failure> {
    let tools = Tools::of(root)?;
    let begin = Instant::now();
    let steps = Step::value_variants();
    let steps: Vec<Step> = steps
        .iter()
        .copied()
        .filter(|step| only.is_empty() || only.contains(step))
        .collect();
    let mut count = None;
    thread::scope(|scope| {
        let mut preparing = None;
        for step in &steps {
            match step {
                Step::Prepare => preparing = Some(scope.spawn(|| timed(Step::Prepare, || prepare(&tools)))),
                Step::Clippy | Step::Build => timed(*step, || perform(*step, &tools, &mut count))?,
                _ => {
                    ended(preparing.take())?;
                    timed(*step, || perform(*step, &tools, &mut count))?;
                }
            }
        }
        ended(preparing)
    })?;
    let steps = steps.len();
    println!("\n{steps} steps passed in {}", Took(begin.elapsed()));
    if let Some(Count {
        passed,
        failed,
        ignored,
    }) = count
    {
        println!("{passed} passed, {failed} failed, {ignored} skipped");
    }
    Ok(())
}

/// Runs a step, and says when it begins and how long it took.
fn timed(step: Step, run: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    println!("\n== {step}");
    let begin = Instant::now();
    run().map_err(|failure| failure.in_step(&step.to_string()))?;
    println!("== {step} took {}", Took(begin.elapsed()));
    Ok(())
}

/// Waits for what is installed. That needs the network while what compiles needs the processor, so both go on at once.
fn ended(preparing: Option<ScopedJoinHandle<'_, Result<(), Failure>>>) -> Result<(), Failure> {
    match preparing.map(ScopedJoinHandle::join) {
        None => Ok(()),
        Some(Ok(result)) => result,
        Some(Err(panic)) => std::panic::resume_unwind(panic),
    }
}

fn perform(step: Step, tools: &Tools, count: &mut Option<Count>) -> Result<(), Failure> {
    match step {
        Step::Format => command::run(tools.cargo().args(["fmt", "--all", "--check"])),
        Step::Tidy => Ok(tidy::run(&tools.root)?),
        Step::Prepare => prepare(tools),
        Step::Python => python(tools),
        Step::Examples => bookshop(tools),
        Step::Clippy => command::run(tools.cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])),
        Step::Build => command::run(
            tools
                .cargo()
                .args(["build", "--locked", "--workspace", "--all-targets"]),
        ),
        Step::Matrix => {
            matrix::test(tools)?;
            matrix::generate(tools, &matrix::Cases::default())
        }
        Step::Cargo => {
            *count = Some(cargo_test(tools)?);
            Ok(())
        }
    }
}

fn prepare(tools: &Tools) -> Result<(), Failure> {
    oracle::prepare(tools)?;
    command::run(tools.python().arg("tests/editors/prepare.py"))?;
    command::run(tools.python().arg("tests/graph/prepare.py"))?;
    matrix::prepare(tools)?;
    let environment = tools.bookshop();
    command::run(
        tools
            .uv()
            .args(["venv", "--quiet", "--allow-existing", "--python"])
            .arg(tools.target.join("oracle/tools/bin/python"))
            .arg(&environment),
    )?;
    command::run(
        tools
            .uv()
            .args(["pip", "sync", "--quiet", "--python"])
            .arg(environment.join("bin/python"))
            .arg("examples/bookshop/requirements.txt"),
    )
}

fn python(tools: &Tools) -> Result<(), Failure> {
    command::run(tools.ruff().args(["check", "--no-cache"]).args(PYTHON))?;
    command::run(tools.ruff().args(["format", "--no-cache", "--check"]).args(PYTHON))
}

fn bookshop(tools: &Tools) -> Result<(), Failure> {
    let folder = tools.root.join("examples/bookshop");
    command::run(tools.ruff().args(["check", "--no-cache"]).current_dir(&folder))?;
    command::run(
        tools
            .ruff()
            .args(["format", "--no-cache", "--check"])
            .current_dir(&folder),
    )?;
    let cache = tools.target.join("examples/mypy");
    command::run(tools.module("mypy").arg("--cache-dir").arg(cache).current_dir(&folder))?;
    command::run(
        tools
            .module("pytest")
            .args(["-q", "-p", "no:cacheprovider"])
            .current_dir(&folder),
    )
}

/// Runs the tests of the workspace and counts them; one that is ignored is a failure too.
fn cargo_test(tools: &Tools) -> Result<Count, Failure> {
    let mut command = tools.cargo();
    command
        .args(["test", "--locked", "--workspace", "--no-fail-fast"])
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| Failure::start(&command, error))?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(|error| Failure::start(&command, error))?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            count.add(&line);
        }
    }
    let status = child.wait().map_err(|error| Failure::start(&command, error))?;
    if !status.success() {
        return Err(Failure::end(&command, status));
    }
    if count.ignored > 0 || count.passed == 0 {
        return Err(Failure::Incomplete {
            passed: count.passed,
            skipped: count.ignored,
        });
    }
    Ok(count)
}

impl Count {
    /// Adds a closing line of a test program: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some((_, figures)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for figure in figures.split("; ") {
            let (number, what) = figure.split_once(' ').unwrap_or_default();
            let number: usize = number.parse().unwrap_or_default();
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// A duration in minutes and seconds.
struct Took(Duration);

impl fmt::Display for Took {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds < 60 {
            write!(formatter, "{:.1} s", self.0.as_secs_f64())
        } else {
            write!(formatter, "{} min {} s", seconds / 60, seconds % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test tests::it_works ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ] {
            count.add(line);
        }
        assert_eq!(
            count,
            Count {
                passed: 4,
                failed: 2,
                ignored: 1
            }
        );
    }

    #[test]
    fn durations_are_readable() {
        assert_eq!(Took(Duration::from_millis(1_250)).to_string(), "1.2 s");
        assert_eq!(Took(Duration::from_secs(754)).to_string(), "12 min 34 s");
    }
}
