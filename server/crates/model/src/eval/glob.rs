//! Names and paths that match a pattern, as `fnmatch`, `glob` and `pathlib` do.

use super::{
    Interp,
    disk::{BY_DISK, normal, path_value},
    value::{Args, Value},
};
use crate::Place;
use std::path::{Path, PathBuf};

/// Folders within folders that a search goes down.
const DEPTH: usize = 32;

impl Interp<'_> {
    /// `glob.glob(pathname, root_dir=…, recursive=…)`.
    pub(super) fn glob_names(&mut self, args: &Args, at: Place) -> Option<Value> {
        let pattern = self.path_in(args.get(0, "pathname")?)?;
        let root = match args.keyword("root_dir") {
            None | Some(Value::None) => None,
            Some(root) => Some(normal(&self.path_in(root)?)),
        };
        let (folder, pattern) = match &root {
            Some(root) => (root.clone(), pattern.to_string_lossy().into_owned()),
            None => split_pattern(&pattern)?,
        };
        let is_recursive = match args.keyword("recursive") {
            Some(recursive) => self.truth(recursive)?,
            None => false,
        };
        let found = self.glob(&folder, &pattern, is_recursive, true)?;
        let names = found
            .iter()
            .map(|path| {
                path.strip_prefix(root.as_deref().unwrap_or(Path::new("")))
                    .unwrap_or(path)
            })
            .map(|path| Value::str(&path.to_string_lossy()))
            .collect();
        Some(self.new_disordered(names, BY_DISK, at))
    }

    /// `Path.glob(pattern)` and `Path.rglob(pattern)`, which find hidden files too.
    pub(super) fn glob_paths(&mut self, folder: &Path, name: &str, pattern: &str, at: Place) -> Option<Value> {
        let pattern = match name {
            "rglob" => format!("**/{pattern}"),
            _ => pattern.to_owned(),
        };
        let found = self.glob(&normal(folder), &pattern, true, false)?;
        let found = found.iter().map(|path| path_value(path)).collect();
        Some(self.new_disordered(found, BY_DISK, at))
    }

    /// Paths below a folder that match a pattern, in order.
    fn glob(&self, folder: &Path, pattern: &str, is_recursive: bool, hides: bool) -> Option<Vec<PathBuf>> {
        self.source.entries(&normal(folder))?;
        let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
        let search = Search { is_recursive, hides };
        let mut found = Vec::new();
        self.glob_parts(folder, &parts, search, DEPTH, &mut found);
        found.sort();
        found.dedup();
        Some(found)
    }

    fn glob_parts(&self, folder: &Path, parts: &[&str], search: Search, depth: usize, found: &mut Vec<PathBuf>) {
        let (Some((part, rest)), Some(entries)) = (parts.split_first(), self.source.entries(&normal(folder))) else {
            return;
        };
        let is_any_depth = *part == "**" && search.is_recursive;
        if is_any_depth {
            if rest.is_empty() {
                found.push(folder.to_path_buf());
            } else {
                self.glob_parts(folder, rest, search, depth, found);
            }
        }
        for (name, is_folder) in entries {
            if search.hides && name.starts_with('.') && !part.starts_with('.') {
                continue;
            }
            let path = folder.join(&*name);
            if is_any_depth {
                if is_folder && depth > 0 {
                    self.glob_parts(&path, parts, search, depth - 1, found);
                }
            } else if matches(part, &name) {
                if rest.is_empty() {
                    found.push(path);
                } else if is_folder {
                    self.glob_parts(&path, rest, search, depth, found);
                }
            }
        }
    }

    /// `fnmatch.fnmatch(name, pattern)`.
    pub(super) fn fnmatch(args: &Args) -> Option<Value> {
        let (name, pattern) = (args.get(0, "name")?.as_str()?, args.get(1, "pat")?.as_str()?);
        Some(Value::Bool(matches(pattern, name)))
    }
}

/// What a search takes: `**` for any depth, and whether `*` passes over names with a dot in front.
#[derive(Clone, Copy)]
struct Search {
    is_recursive: bool,
    hides: bool,
}

/// The folder before the first part with a wildcard, and the rest.
fn split_pattern(pattern: &Path) -> Option<(PathBuf, String)> {
    let text = pattern.to_string_lossy();
    let wild = text.find(['*', '?', '[']).unwrap_or(text.len());
    let slash = text[..wild].rfind('/')?;
    Some((normal(Path::new(&text[..slash])), text[slash + 1..].to_owned()))
}

/// One place of a pattern.
enum Wanted {
    Any,
    Character(char),
    One,
    /// `[a-z]`, or `[!a-z]` for all others.
    Range(Vec<(char, char)>, bool),
}

impl Wanted {
    fn takes(&self, found: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Character(wanted) => *wanted == found,
            Self::Range(ranges, is_not) => ranges.iter().any(|(low, high)| (*low..=*high).contains(&found)) != *is_not,
        }
    }
}

/// Whether a name matches a pattern with `*`, `?` and `[…]`.
fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for wanted in places(pattern) {
        let mut next = vec![false; name.len() + 1];
        let mut any = false;
        for (i, slot) in next.iter_mut().enumerate() {
            any |= reached[i];
            *slot = match wanted {
                Wanted::Any => any,
                _ => i > 0 && reached[i - 1] && wanted.takes(name[i - 1]),
            };
        }
        reached = next;
    }
    reached[name.len()]
}

fn places(pattern: &str) -> Vec<Wanted> {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut places = Vec::new();
    let mut i = 0;
    while i < pattern.len() {
        places.push(match pattern[i] {
            '*' => Wanted::Any,
            '?' => Wanted::One,
            '[' => match range(&pattern[i + 1..]) {
                Some((range, length)) => {
                    i += length;
                    range
                }
                None => Wanted::Character('['),
            },
            character => Wanted::Character(character),
        });
        i += 1;
    }
    places
}

/// What stands behind `[`, and how many characters it has up to its `]`; a `]` that comes first means itself.
fn range(rest: &[char]) -> Option<(Wanted, usize)> {
    let is_not = rest.first() == Some(&'!');
    let start = usize::from(is_not);
    let end = start + 1 + rest.get(start + 1..)?.iter().position(|one| *one == ']')?;
    let mut ranges = Vec::new();
    let mut i = start;
    while i < end {
        if i + 2 < end && rest[i + 1] == '-' {
            ranges.push((rest[i], rest[i + 2]));
            i += 3;
        } else {
            ranges.push((rest[i], rest[i]));
            i += 1;
        }
    }
    Some((Wanted::Range(ranges, is_not), end + 1))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_names() {
        assert!(matches("*.py", "a.py") && matches("*", "") && matches("v?_*.py", "v1_x.py"));
        assert!(!matches("*.py", "a.pyc") && !matches("?", "") && !matches("a*b", "ac"));
    }

    #[test]
    fn brackets_are_one_character_of_several() {
        assert!(matches("[!_]*.py", "users.py") && !matches("[!_]*.py", "__init__.py"));
        assert!(matches("v[0-9].py", "v1.py") && !matches("v[0-9].py", "vx.py") && matches("[]a]", "]"));
        assert!(matches("a[", "a[") && matches("[a-]", "-") && !matches("[]", "a"));
    }
}
