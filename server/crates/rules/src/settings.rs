//! Which rules run, how grave they are, and where they are ignored.

use crate::{RuleMeta, Severity};
use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// What configuration says of the rules. Rules are named by their name, their group, or `all`.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The rules that run; every rule where it is empty.
    pub select: Vec<String>,
    /// The rules that do not, even if selected.
    pub ignore: Vec<String>,
    /// Severities by rule or group; a rule's own entry wins. They replace the severity a finding has by itself.
    pub severities: FxHashMap<String, Severity>,
    /// Rules that are ignored in some files.
    pub per_file_ignores: Vec<PerFileIgnore>,
}

/// Rules that are ignored in the files that a glob matches.
#[derive(Clone, Debug)]
pub struct PerFileIgnore {
    root: PathBuf,
    files: GlobMatcher,
    rules: Vec<String>,
}

/// A glob that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a glob: {reason}")]
pub struct BadGlob {
    pattern: String,
    reason: String,
}

impl PerFileIgnore {
    /// Ignores `rules` in the files whose path below `root` matches `pattern`. A pattern without a slash matches file
    /// names at any depth; a folder matches everything in it.
    ///
    /// # Errors
    /// [`BadGlob`] where the pattern can't be read.
    pub fn new(root: &Path, pattern: &str, rules: Vec<String>) -> Result<Self, BadGlob> {
        let pattern = pattern.trim_start_matches("./");
        let anchored = match pattern.trim_end_matches('/') {
            bare if !bare.contains('/') && !pattern.ends_with('/') => format!("{{{bare},**/{bare},{bare}/**}}"),
            folder => format!("{{{folder},{folder}/**}}"),
        };
        let glob = GlobBuilder::new(&anchored)
            .literal_separator(true)
            .build()
            .map_err(|error| BadGlob {
                pattern: pattern.to_owned(),
                reason: error.kind().to_string(),
            })?;
        Ok(Self {
            root: root.to_owned(),
            files: glob.compile_matcher(),
            rules,
        })
    }

    fn ignores(&self, rule: &RuleMeta, path: &Path) -> bool {
        names(&self.rules, rule)
            && path
                .strip_prefix(&self.root)
                .is_ok_and(|path| self.files.is_match(path))
    }
}

impl Settings {
    /// Whether a rule runs at all.
    #[must_use]
    pub fn runs(&self, rule: &RuleMeta) -> bool {
        (self.select.is_empty() || names(&self.select, rule)) && !names(&self.ignore, rule)
    }

    /// Whether a rule's findings are ignored in the file at `path`.
    #[must_use]
    pub fn ignores_in(&self, rule: &RuleMeta, path: &Path) -> bool {
        self.per_file_ignores.iter().any(|entry| entry.ignores(rule, path))
    }

    /// The configured severity of a rule, if there is one.
    #[must_use]
    pub fn severity(&self, rule: &RuleMeta) -> Option<Severity> {
        [rule.name, rule.group.as_str(), "all"]
            .iter()
            .find_map(|name| self.severities.get(*name))
            .copied()
    }
}

fn names(list: &[String], rule: &RuleMeta) -> bool {
    list.iter()
        .any(|name| name == rule.name || name == rule.group.as_str() || name.eq_ignore_ascii_case("all"))
}

/// Whether `name` is one that configuration may use for a rule or a group.
#[must_use]
pub fn is_known_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("all")
        || crate::registry()
            .iter()
            .any(|rule| rule.meta.name == name || rule.meta.group.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(name: &str) -> &'static RuleMeta {
        &crate::rule(name).unwrap().meta
    }

    #[test]
    fn every_rule_runs_by_default() {
        assert!(
            crate::registry()
                .iter()
                .all(|rule| Settings::default().runs(&rule.meta))
        );
    }

    #[test]
    fn a_rule_is_named_by_itself_its_group_or_all() {
        for name in ["bad-prefix", "routing", "ALL"] {
            let settings = Settings {
                select: vec![name.to_owned()],
                ..Settings::default()
            };
            assert!(settings.runs(meta("bad-prefix")), "{name}");
        }
        let settings = Settings {
            select: vec!["routing".to_owned()],
            ignore: vec!["bad-prefix".to_owned()],
            ..Settings::default()
        };
        assert!(!settings.runs(meta("bad-prefix")));
    }

    #[test]
    fn globs_match_names_anywhere_and_folders_whole() {
        for (pattern, path, ignored) in [
            ("test_*.py", "/p/tests/unit/test_a.py", true),
            ("tests/", "/p/tests/unit/test_a.py", true),
            ("tests", "/p/tests/unit/test_a.py", true),
            ("app/*.py", "/p/app/x.py", true),
            ("app/*.py", "/p/app/api/x.py", false),
            ("app/**/*.py", "/p/app/api/x.py", true),
            ("tests/", "/elsewhere/tests/a.py", false),
        ] {
            let entry = PerFileIgnore::new(Path::new("/p"), pattern, vec!["all".to_owned()]).unwrap();
            assert_eq!(
                entry.ignores(meta("bad-prefix"), Path::new(path)),
                ignored,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn a_bad_glob_says_so() {
        let error = PerFileIgnore::new(Path::new("/p"), "a[", Vec::new()).unwrap_err();
        assert!(error.to_string().contains("`a[` is not a glob"));
    }
}
