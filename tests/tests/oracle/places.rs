//! Where the prepared environment and the built binary are.

use std::path::{Path, PathBuf};

/// The project that holds `docs_src`, as a user would open it.
pub(crate) fn documentation() -> PathBuf {
    prepared().join("docs")
}

/// The working folder of the imports.
pub(crate) fn scratch() -> PathBuf {
    prepared().join("scratch")
}

/// The interpreter of the environment the documentation apps are imported in.
pub(crate) fn python() -> PathBuf {
    let environment = documentation().join(".venv");
    environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

/// The folder of the Python programs that tests use.
pub(crate) fn sources() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The binary that cargo built beside this test.
pub(crate) fn binary() -> PathBuf {
    let binary = built().join(format!("routewright{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.is_file(),
        "{} is missing: run `cargo build -p routewright-cli` first",
        binary.display()
    );
    binary
}

/// `target/oracle`, which must have been prepared.
fn prepared() -> PathBuf {
    let prepared = built().with_file_name("oracle");
    assert!(
        prepared.join("stamp.json").is_file() && prepared.join("docs").is_dir(),
        "{0} is missing: run `python3 tests/oracle/prepare.py --into {0}` first",
        prepared.display()
    );
    prepared
}

/// The folder of the profile this test was built in: `target/debug` for `target/debug/deps/oracle-…`.
fn built() -> PathBuf {
    let this = std::env::current_exe().expect("a running test has a file");
    this.ancestors()
        .nth(2)
        .expect("cargo puts tests two folders down")
        .to_path_buf()
}
