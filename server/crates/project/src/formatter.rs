//! What the project's formatter is told: the line length, and the quotes.

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

/// Where ruff's formatter is told its quotes; black knows one kind.
const QUOTE_PLACES: &[(&str, &[&str])] = &[
    (".ruff.toml", &["format"]),
    ("ruff.toml", &["format"]),
    ("pyproject.toml", &["tool", "ruff", "format"]),
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

/// The quotes that a formatter is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotes {
    /// `"` or `'`.
    pub quote: char,
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
        file.ancestors().skip(1).find_map(|folder| {
            PLACES
                .iter()
                .find_map(|(name, table)| read_length(folder.join(name), table))
        })
    }

    /// The quotes that ruff is told in the configuration nearest to `file`; nothing where it is to leave them. Read from disk
    /// each time, as [`Self::line_length`] is.
    #[must_use]
    pub fn quotes(&self, file: &Path) -> Option<Quotes> {
        let mut folders = file.ancestors().skip(1);
        folders.find_map(|folder| {
            let mut places = QUOTE_PLACES.iter();
            places.find_map(|(name, table)| read_quotes(folder.join(name), table))
        })
    }
}

fn read_length(file: PathBuf, table: &[&str]) -> Option<LineLength> {
    read(&file, table, "line-length", |value| match value {
        DeValue::Integer(columns) => usize::from_str_radix(columns.as_str(), columns.radix()).ok(),
        _ => None,
    })
    .map(|(columns, line)| LineLength { columns, file, line })
}

fn read_quotes(file: PathBuf, table: &[&str]) -> Option<Quotes> {
    read(&file, table, "quote-style", |value| match value {
        DeValue::String(style) if style == "single" => Some('\''),
        DeValue::String(style) if style == "double" => Some('"'),
        _ => None,
    })
    .map(|(quote, line)| Quotes { quote, file, line })
}

/// A value of a table, and the line on which it stands, from 1.
fn read<T>(file: &Path, table: &[&str], key: &str, take: impl Fn(&DeValue<'_>) -> Option<T>) -> Option<(T, usize)> {
    let text = std::fs::read_to_string(file).ok()?;
    let document = DeTable::parse(&text).ok()?;
    let mut current = document.get_ref();
    for key in table {
        current = match current.get(*key)?.get_ref() {
            DeValue::Table(inner) => inner,
            _ => return None,
        };
    }
    let value = current.get(key)?;
    let line = text.get(..value.span().start)?.matches('\n').count() + 1;
    Some((take(value.get_ref())?, line))
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

    #[test]
    fn quotes_are_those_of_ruff() {
        let folder = Folder::new(&[
            ("pyproject.toml", "[tool.ruff.format]\nquote-style = \"single\"\n"),
            ("a/x.py", ""),
            ("b/ruff.toml", "[format]\nquote-style = \"preserve\"\n"),
            ("b/x.py", ""),
        ]);
        let project = Project::discover(&[folder.path().to_path_buf()], &Options::default());
        let found = |name: &str| {
            project
                .quotes(&folder.path().join(name))
                .map(|found| (found.quote, found.line))
        };
        assert_eq!(found("a/x.py"), Some(('\'', 2)));
        // The nearest file that names a kind counts: one that leaves them says nothing of new code.
        assert_eq!(found("b/x.py"), Some(('\'', 2)));
    }
}
