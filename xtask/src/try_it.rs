//! `cargo xtask try`: build the program, see it work on the example, and how to attach an editor.

use crate::command::{Failure, run};
use std::{env, path::Path, process::Command};

/// The example that everything is shown on.
const EXAMPLE: &str = "examples/bookshop";

/// The module that an endpoint is inserted into, as a diff.
const MODULE: &str = "examples/bookshop/app/api/routes/authors.py";

/// Builds the release binary and runs the main job on the example. Nothing is changed on disk beside `target/`.
///
/// # Errors
/// Where a step fails.
pub(crate) fn run_all(root: &Path) -> Result<(), Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    run(build
        .args(["build", "--release", "--package", "routewright-cli"])
        .current_dir(root))
    .map_err(|failure| failure.in_step("build"))?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
    let binary = target
        .join("release")
        .join(format!("routewright{}", env::consts::EXE_SUFFIX));
    let steps: [(&str, &[&str]); 3] = [
        ("The route table of the example", &["routes", EXAMPLE]),
        ("Findings in it", &["check", EXAMPLE]),
        (
            "An endpoint that one of its routers lacks, as a diff",
            &["add", "endpoint", MODULE, "--kind", "delete", "--dry-run"],
        ),
    ];
    for (title, arguments) in steps {
        println!("\n== {title}");
        run(Command::new(&binary).args(arguments).current_dir(root)).map_err(|failure| failure.in_step(title))?;
    }
    println!("\n== Attach an editor\n{}", attaching(&binary));
    Ok(())
}

/// What to do to attach an editor to the binary.
fn attaching(binary: &Path) -> String {
    let binary = binary.display();
    format!(
        "The server is `{binary} server`. Put the binary on your PATH, for example:\n\n  cargo install --path server/crates/cli\n\n\
         VS Code   editors/vscode/README.md   cd editors/vscode && npm ci --ignore-scripts && npm run package\n\
         Neovim    editors/neovim/README.md   copy lsp/routewright.lua, then vim.lsp.enable('routewright')\n\
         Helix     editors/helix/README.md    add the lines of editors/helix/languages.toml to yours\n\
         Others    docs/editors.md            start `routewright server` for Python files"
    )
}

#[cfg(test)]
mod tests {
    use super::{EXAMPLE, MODULE, attaching};
    use std::path::Path;

    #[test]
    fn what_is_shown_and_named_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let text = attaching(Path::new("routewright"));
        let pages = text.split_whitespace().filter(|word| word.ends_with(".md"));
        for path in pages.chain([EXAMPLE, MODULE]) {
            assert!(root.join(path).exists(), "{path}");
        }
    }
}
