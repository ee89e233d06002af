//! The line length that the project's formatter is told.

use crate::Project;
use std::path::Path;

/// Where ruff and black are configured, and the tables they are configured in, first come first served.
const PLACES: &[(&str, &[&str])] = &[
    (".ruff.toml", &[]),
    ("ruff.toml", &[]),
    ("pyproject.toml", &["tool", "ruff"]),
    ("pyproject.toml", &["tool", "black"]),
];

impl Project {
    /// The line length in columns that ruff or black are told in the configuration nearest to `file`. Read from disk each
    /// time: it is asked for when code is written, not on keystrokes.
    #[must_use]
    pub fn line_length(&self, file: &Path) -> Option<usize> {
        file.ancestors()
            .skip(1)
            .find_map(|folder| PLACES.iter().find_map(|(name, table)| read(&folder.join(name), table)))
    }
}

fn read(file: &Path, table: &[&str]) -> Option<usize> {
    let text = std::fs::read_to_string(file).ok()?;
    let document: toml::Table = text.parse().ok()?;
    let mut current = &document;
    for key in table {
        current = current.get(*key)?.as_table()?;
    }
    current.get("line-length")?.as_integer()?.try_into().ok()
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
        assert_eq!(project.line_length(&folder.path().join("a/x.py")), Some(100));
        assert_eq!(project.line_length(&folder.path().join("b/x.py")), Some(79));
    }
}
