//! The programs that chores run.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

/// Why a chore stops.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A program can't be run at all.
    #[error("`{command}` can't be run: {error}")]
    Start {
        /// The program with its arguments.
        command: String,
        /// Why.
        error: io::Error,
    },
    /// A program ran and failed; it has said why.
    #[error("`{command}` failed ({status})")]
    End {
        /// The program with its arguments.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// Not every test ran.
    #[error("{passed} tests passed and {skipped} were skipped: every test must run")]
    Incomplete {
        /// How many passed.
        passed: usize,
        /// How many are marked as ignored.
        skipped: usize,
    },
    /// A promise of the architecture is broken.
    #[error(transparent)]
    Untidy(#[from] crate::tidy::Untidy),
    /// A failure in a named part of a chore.
    #[error("step {step}: {failure}")]
    Step {
        /// The part.
        step: String,
        /// What failed in it.
        failure: Box<Failure>,
    },
}

impl Failure {
    /// `command` could not be run.
    pub(crate) fn start(command: &Command, error: io::Error) -> Self {
        Self::Start {
            command: words(command),
            error,
        }
    }

    /// `command` ended badly.
    pub(crate) fn end(command: &Command, status: ExitStatus) -> Self {
        Self::End {
            command: words(command),
            status,
        }
    }

    /// The same, with the part of the chore in which it happened.
    pub(crate) fn in_step(self, step: &str) -> Self {
        Self::Step {
            step: step.to_owned(),
            failure: Box::new(self),
        }
    }
}

/// Runs a program to its end; what it says goes where this program's words go.
///
/// # Errors
/// Where it is missing or fails.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    println!("$ {}", words(command));
    let status = command.status().map_err(|error| Failure::start(command, error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::end(command, status))
    }
}

/// The command as one would type it.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let mut text = name.to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Where the programs and what they make are.
pub(crate) struct Tools {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, which holds everything that is installed too.
    pub(crate) target: PathBuf,
}

impl Tools {
    /// Those of the repository at `root`.
    ///
    /// # Errors
    /// Where this program can't tell where it was built.
    pub(crate) fn of(root: &Path) -> Result<Self, Failure> {
        let own = env::current_exe().map_err(|error| Failure::Start {
            command: "xtask".to_owned(),
            error,
        })?;
        let target = own.ancestors().nth(2).unwrap_or(root).to_owned();
        Ok(Self {
            root: root.to_owned(),
            target,
        })
    }

    /// The cargo that runs this program.
    pub(crate) fn cargo(&self) -> Command {
        self.program(&env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from))
    }

    /// The machine's Python.
    pub(crate) fn python(&self) -> Command {
        self.program(Path::new("python3"))
    }

    /// uv, as `tests/oracle/prepare.py` installs it.
    pub(crate) fn uv(&self) -> Command {
        self.program(&self.target.join("oracle/tools/bin/uv"))
    }

    /// The environment of `examples/bookshop`.
    pub(crate) fn bookshop(&self) -> PathBuf {
        self.target.join("examples/bookshop")
    }

    /// ruff, as the example pins it.
    pub(crate) fn ruff(&self) -> Command {
        self.program(&self.bookshop().join("bin/ruff"))
    }

    /// A program of the environment in which generated projects are judged.
    pub(crate) fn generated(&self, name: &str) -> Command {
        self.program(&self.target.join("generated/env/bin").join(name))
    }

    /// A Python module run as a program in the environment of the example.
    pub(crate) fn module(&self, name: &str) -> Command {
        let mut command = self.program(&self.bookshop().join("bin/python"));
        command.args(["-m", name]);
        command
    }

    /// Runs in the repository, reads nothing, and sees no Python environment of whoever started it.
    fn program(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .env("PYTHONDONTWRITEBYTECODE", "1");
        for name in ["VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME"] {
            command.env_remove(name);
        }
        command
    }
}
