//! The globs of `exclude`.

use crate::config::Config;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// Globs of several configurations, each built once.
#[derive(Default)]
pub(crate) struct Excludes {
    by_config: FxHashMap<Option<PathBuf>, GlobSet>,
}

impl Excludes {
    /// Whether `config` leaves `file` out. A pattern without a slash matches names at any depth; a folder matches everything
    /// in it. Patterns of the editor's settings, which have no folder, match below any.
    pub(crate) fn contains(&mut self, config: &Config, file: &Path) -> bool {
        let Some(patterns) = config.exclude.as_ref().filter(|patterns| !patterns.is_empty()) else {
            return false;
        };
        let globs = self
            .by_config
            .entry(config.file.clone())
            .or_insert_with(|| build(patterns));
        match config.file.as_deref().and_then(Path::parent) {
            Some(folder) => file.strip_prefix(folder).is_ok_and(|relative| globs.is_match(relative)),
            None => file.ancestors().skip(1).any(|folder| {
                let relative = file.strip_prefix(folder).unwrap_or(file);
                globs.is_match(relative)
            }),
        }
    }
}

fn build(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.trim_start_matches("./");
        let bare = pattern.trim_end_matches('/');
        let is_name = !pattern.contains('/');
        let anchored = if is_name {
            format!("{{{bare},**/{bare},{bare}/**,**/{bare}/**}}")
        } else {
            format!("{{{bare},{bare}/**}}")
        };
        // A wrong one was reported when the configuration was read.
        if let Ok(glob) = GlobBuilder::new(&anchored).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Excludes;
    use crate::config::Config;
    use std::path::Path;

    #[test]
    fn names_match_anywhere_and_folders_whole() {
        for (pattern, path, is_excluded) in [
            ("legacy", "/p/app/legacy/x.py", true),
            ("legacy/", "/p/legacy/x.py", true),
            ("legacy/", "/p/app/legacy/x.py", false),
            ("*_pb2.py", "/p/app/x_pb2.py", true),
            ("app/*.py", "/p/app/api/x.py", false),
        ] {
            let config = Config {
                file: Some("/p/pyproject.toml".into()),
                exclude: Some(vec![pattern.to_owned()]),
                ..Config::default()
            };
            let found = Excludes::default().contains(&config, Path::new(path));
            assert_eq!(found, is_excluded, "{pattern} {path}");
        }
    }
}
