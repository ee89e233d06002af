//! The line length that the project's formatter is told.

use crate::Project;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Where ruff and black are configured, and the tables they are configured in, first come first served.
const PLACES: &[(&str, &[&str])] = &[
    (".ruff.toml", &[]),
    ("ruff.toml", &[]),
    ("pyproject.toml", &["tool", "ruff"]),
    ("pyproject.toml", &["tool", "black"]),
];

/// The line length that a formatter is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineLength {
    /// In columns.
    pub columns: usize,
    /// The file that says so.
    pub file: PathBuf,
    /// The line on which it says so, from 1.
    pub line: usize,
}

impl Project {
    /// The line length that ruff or black are told in the configuration nearest to `file`. Read from disk each time: it is
    /// asked for when code is written, not on keystrokes.
    #[must_use]
    pub fn line_length(&self, file: &Path) -> Option<LineLength> {
        file.ancestors()
            .skip(1)
            .find_map(|folder| PLACES.iter().find_map(|(name, table)| read(folder.join(name), table)))
    }
}

fn read(file: PathBuf, table: &[&str]) -> Option<LineLength> {
    let text = std::fs::read_to_string(&file).ok()?;
    let document = DeTable::parse(&text).ok()?;
    let mut current = document.get_ref();
    for key in table {
        current = match current.get(*key)?.get_ref() {
            DeValue::Table(inner) => inner,
            _ => return None,
        };
    }
    let value = current.get("line-length")?;
    let DeValue::Integer(columns) = value.get_ref() else {
        return None;
    };
    Some(LineLength {
        columns: usize::from_str_radix(columns.as_str(), columns.radix()).ok()?,
        line: text.get(..value.span().start)?.matches('\n').count() + 1,
        file,
    })
}

#[cfg(test)]
mod tests {
    use crate::{Options, Project, fixture::Folder};

    #[test]
    fn the_nearest_configuration_counts() {
        let folder = Folder::new(&[
            ("pyproject.toml", "[tool.black]\nline-length = 100\n"),
            ("a/x.py", ""),
            ("b/ruff.toml", "line-length = 79\n"),
            ("b/x.py", ""),
        ]);
        let project = Project::discover(&[folder.path().to_path_buf()], &Options::default());
        let found = |name: &str| {
            let found = project.line_length(&folder.path().join(name)).unwrap();
            let file = found.file.strip_prefix(folder.path()).unwrap().display().to_string();
            (found.columns, file, found.line)
        };
        assert_eq!(found("a/x.py"), (100, "pyproject.toml".to_owned(), 2));
        assert_eq!(found("b/x.py"), (79, "b/ruff.toml".to_owned(), 1));
    }
}
