//! `cargo xtask tidy`: what the architecture promises and the compiler does not check.

use std::{
    fs, io,
    path::{Path, PathBuf},
};
use toml::Table;

/// The rooms from the bottom up. A crate may depend on those before it; `project` stands beside `model`, and `testkit` is for
/// tests only.
const ROOMS: &[&str] = &[
    "base", "syntax", "facts", "model", "project", "style", "rules", "scaffold", "openapi", "ide", "lsp", "cli",
];

/// Rooms that may read and write: files, the network, processes.
const EDGES: &[&str] = &["project", "lsp", "cli", "testkit"];

/// Files elsewhere that may: where the one reader of the workspace's texts is.
const EDGE_FILES: &[&str] = &["server/crates/ide/src/data_files.rs", "server/crates/ide/src/source.rs"];

/// More lines mean more than one concept.
const MAX_LINES: usize = 800;

/// Checks the whole repository.
///
/// # Errors
/// One line for each promise that is broken.
pub(crate) fn run(root: &Path) -> Result<(), Untidy> {
    let mut problems = Vec::new();
    for room in rooms(root)? {
        check_dependencies(root, &room, &mut problems)?;
    }
    for folder in ["server/crates", "xtask", "tests/src", "tests/tests"] {
        for file in rust_files(&root.join(folder))? {
            let text = fs::read_to_string(&file)?;
            let name = file
                .strip_prefix(root)
                .unwrap_or(&file)
                .to_string_lossy()
                .replace('\\', "/");
            problems.extend(problems_of(&name, &text));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Untidy::Problems(problems.join("\n")))
    }
}

/// Why the repository is not tidy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Untidy {
    /// Promises that are broken, one a line.
    #[error("not tidy:\n{0}")]
    Problems(String),
    /// A file can't be read.
    #[error("a file can't be read: {0}")]
    Read(#[from] io::Error),
}

fn rooms(root: &Path) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(root.join("server/crates"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

fn check_dependencies(root: &Path, room: &str, problems: &mut Vec<String>) -> io::Result<()> {
    let manifest = fs::read_to_string(root.join("server/crates").join(room).join("Cargo.toml"))?;
    problems.extend(wrong_dependencies(room, &manifest));
    Ok(())
}

/// Dependencies of a room that lead up.
fn wrong_dependencies(room: &str, manifest: &str) -> Vec<String> {
    let level = |name: &str| ROOMS.iter().position(|room| *room == name);
    let Ok(manifest) = manifest.parse::<Table>() else {
        return vec![format!("{room}: its manifest can't be parsed")];
    };
    let Some(own) = level(room).or((room == "testkit").then_some(1)) else {
        return vec![format!(
            "{room}: it has no place in the order of rooms (xtask/src/tidy.rs)"
        )];
    };
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = dependencies.into_iter().flat_map(Table::keys);
    names
        .filter(|name| *name == "testkit" || level(name).is_some_and(|level| level >= own))
        .map(|name| format!("{room}: it may not depend on {name}, which is not below it"))
        .collect()
}

/// What is wrong with one file.
fn problems_of(name: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        problems.push(format!(
            "{name}: {lines} lines are more than {MAX_LINES}; split it by concept"
        ));
    }
    if name.ends_with("/lib.rs") || name.ends_with("/main.rs") || name.ends_with("/mod.rs") {
        let is_documented = text.trim_start().starts_with("//!");
        let is_list = text
            .lines()
            .all(|line| line.is_empty() || line.starts_with("mod ") || line.starts_with("use "));
        if !is_documented && !is_list {
            problems.push(format!("{name}: it does not say what it is (`//!`)"));
        }
    }
    if name.ends_with("xtask/src/tidy.rs") {
        return problems;
    }
    let room = name
        .strip_prefix("server/crates/")
        .and_then(|rest| rest.split('/').next());
    let does_io =
        room.is_none_or(|room| EDGES.contains(&room)) || EDGE_FILES.contains(&name) || name.contains("/tests");
    for (number, line) in text.lines().enumerate() {
        if line.contains("#[cfg(test)]") {
            break;
        }
        let said = |what: &str| format!("{name}:{}: {what}", number + 1);
        if !does_io && IO.iter().any(|path| line.contains(path)) {
            problems.push(said("only project, lsp and cli read and write"));
        }
        if ["TODO", "FIXME", "XXX:"].iter().any(|mark| line.contains(mark)) {
            problems.push(said("finish it, or file an issue"));
        }
        if MACHINE_PATHS.iter().any(|path| line.contains(path)) {
            problems.push(said("a path of one machine"));
        }
    }
    problems
}

/// Paths of the standard library and tokio that do I/O.
const IO: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "tokio::fs",
    "tokio::net",
    "tokio::process",
];

/// Beginnings of paths that exist on one machine only.
const MACHINE_PATHS: &[&str] = &["\"/root/", "\"/work/", "\"/Users/", "C:\\\\Users"];

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{problems_of, run, wrong_dependencies};
    use std::path::Path;

    #[test]
    fn the_repository_is_tidy() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        if let Err(untidy) = run(root) {
            panic!("{untidy}");
        }
    }

    #[test]
    fn dependencies_lead_down() {
        let manifest = "[dependencies]\nbase.workspace = true\nide.workspace = true\n[dev-dependencies]\ntestkit.workspace = true\n";
        let problems = wrong_dependencies("model", manifest);
        assert_eq!(problems, ["model: it may not depend on ide, which is not below it"]);
        assert_eq!(wrong_dependencies("lsp", manifest), [""; 0]);
        assert_eq!(wrong_dependencies("attic", "").len(), 1);
    }

    #[test]
    fn files_are_looked_through_line_by_line() {
        let text = "//! Docs.\nuse std::fs;\n// TODO: later\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(problems_of("server/crates/model/src/lib.rs", text).len(), 2);
        assert_eq!(problems_of("server/crates/cli/src/main.rs", text).len(), 1);
        assert_eq!(problems_of("server/crates/cli/src/lib.rs", "fn f() {}\n").len(), 1);
        assert_eq!(problems_of("server/crates/cli/src/x.rs", &"\n".repeat(900)).len(), 1);
        assert_eq!(problems_of("tests/src/x.rs", "let x = \"/root/x\";\n").len(), 1);
    }
}
