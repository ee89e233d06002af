//! The Python that a project's own files name.

use super::lock::Lock;
use super::pyproject::poetry_range;
use super::releases::lower_bound;
use super::{Folder, Origin};
use pep440_rs::VersionSpecifiers;
use smol_str::SmolStr;
use std::path::Path;
use std::str::FromStr;
use toml::{Table, Value};

/// The Python of a project: one that is pinned in one of the folders, innermost first, else the lowest that is allowed.
pub(super) fn read(folders: &[Folder]) -> Option<(SmolStr, Origin)> {
    let pinned = folders.iter().find_map(|folder| pinned(&folder.path));
    pinned.or_else(|| lowest_allowed(folders))
}

/// The lowest Python that the folders allow, the innermost first.
pub(super) fn lowest_allowed(folders: &[Folder]) -> Option<(SmolStr, Origin)> {
    folders.iter().find_map(allowed)
}

fn pinned(folder: &Path) -> Option<(SmolStr, Origin)> {
    let read = |name: &str, version: fn(&str) -> Option<&str>| {
        let file = folder.join(name);
        let text = std::fs::read_to_string(&file).ok()?;
        Some((numbers(version(&text)?)?, Origin::Locked(file)))
    };
    read(".python-version", of_pyenv).or_else(|| read(".tool-versions", of_asdf))
}

/// The first line that is no comment, as pyenv and uv read it.
fn of_pyenv(text: &str) -> Option<&str> {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
}

fn of_asdf(text: &str) -> Option<&str> {
    let mut lines = text.lines().map(str::split_whitespace);
    lines.find_map(|mut words| words.next().filter(|tool| *tool == "python").and(words.next()))
}

/// `3.12.4` of `cpython@3.12.4-linux`; `3.10` of `pypy3.10-7.3.19`.
pub(crate) fn numbers(text: &str) -> Option<SmolStr> {
    let names = ["cpython", "python", "pypy", "graalpy"];
    let rest = names.iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let rest = rest.trim_start_matches(['@', '-']);
    let mut parts = Vec::new();
    for part in rest.split('.').take(3) {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        parts.extend((digits > 0).then_some(&part[..digits]));
        if digits < part.len() {
            break;
        }
    }
    (parts.len() > 1).then(|| parts.join(".").into())
}

fn allowed(folder: &Folder) -> Option<(SmolStr, Origin)> {
    let of_pipfile = |pipfile: &Table| {
        let requires = pipfile.get("requires")?;
        let python = ["python_full_version", "python_version"]
            .iter()
            .find_map(|key| requires.get(*key)?.as_str());
        Some((numbers(python?)?, Origin::Locked(folder.path.join("Pipfile"))))
    };
    let of_pyproject = |pyproject: &Table| {
        let range = pyproject
            .get("project")
            .and_then(|project| project.get("requires-python")?.as_str());
        let poetry = || {
            pyproject
                .get("tool")?
                .get("poetry")?
                .get("dependencies")?
                .get("python")
                .and_then(Value::as_str)
        };
        let range = range.map(str::to_owned).or_else(|| poetry().map(poetry_range))?;
        Some((lowest(&range)?, Origin::Range(folder.path.join("pyproject.toml"))))
    };
    let of_lock = |lock: &Lock| Some((lowest(lock.python.as_deref()?)?, Origin::Range(lock.file.clone())));
    let pipfile = folder.pipfile.as_ref().and_then(of_pipfile);
    pipfile
        .or_else(|| folder.pyproject.as_ref().and_then(of_pyproject))
        .or_else(|| folder.locks.iter().find_map(|lock| of_lock(lock)))
}

fn lowest(range: &str) -> Option<SmolStr> {
    let bound = lower_bound(&VersionSpecifiers::from_str(range).ok()?)?;
    numbers(&bound.to_string())
}

#[cfg(test)]
mod tests {
    use super::{numbers, of_asdf, of_pyenv};

    #[test]
    fn versions_are_found_in_names() {
        for (text, expected) in [
            ("3.12", Some("3.12")),
            ("3.12.4", Some("3.12.4")),
            ("cpython@3.13.1", Some("3.13.1")),
            ("cpython-3.13-linux-x86_64-gnu", Some("3.13")),
            ("pypy3.10-7.3.19", Some("3.10")),
            ("3.11.7.final.0", Some("3.11.7")),
            ("3.14.0rc1", Some("3.14.0")),
            ("system", None),
            ("shop-env", None),
        ] {
            assert_eq!(numbers(text).as_deref(), expected, "{text}");
        }
        assert_eq!(of_pyenv("# for pyenv\n\n3.12.1\n3.11\n"), Some("3.12.1"));
        assert_eq!(of_asdf("nodejs 22.0.0\npython 3.13.0 3.12.1\n"), Some("3.13.0"));
    }
}
