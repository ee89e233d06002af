//! The real binary.

use std::path::PathBuf;

/// The `routewright` that was built beside the running test.
///
/// # Panics
/// Where it is not built.
#[must_use]
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    let binary = folder.join(format!("routewright{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.is_file(),
        "{} is missing: run `cargo build -p routewright-cli` first",
        binary.display()
    );
    binary
}
