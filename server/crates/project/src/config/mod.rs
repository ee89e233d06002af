//! Routewright's configuration: `[tool.routewright]` in `pyproject.toml`, `routewright.toml`, the editor's settings.
//!
//! [`keys`] is the one definition of what can be set: reading, the JSON schema and the documentation come from it.
//! A key or value that is wrong is a [`ConfigProblem`] on its place; the rest counts all the same.

mod key;
mod node;
mod schema;
mod style;

pub use key::{Key, Kind, keys, rule_keys};
pub use node::nearest;
pub use schema::{docs_table, json_schema};
pub use style::style_keys;

use key::Setting;
use node::Node;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What is set. What is not set is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The file it was read from, if it was one.
    pub file: Option<PathBuf>,
    /// `module:attribute` of the apps, best first.
    pub entrypoint: Option<Vec<String>>,
    /// Globs of files and folders that are left out, relative to the file's folder.
    pub exclude: Option<Vec<String>>,
    /// Folders that modules are imported from, relative to the file's folder.
    pub source_roots: Option<Vec<String>>,
    /// The interpreter or the folder of the environment.
    pub python: Option<String>,
    /// Rules that run.
    pub select: Option<Vec<String>>,
    /// Rules that do not.
    pub ignore: Option<Vec<String>>,
    /// Rules that are ignored in the files that a glob matches.
    pub per_file_ignores: Option<BTreeMap<String, Vec<String>>>,
    /// How grave findings are, by rule or group.
    pub severities: BTreeMap<String, Level>,
    /// How code is to be written, by the names of [`style_keys`]; every value is a valid one.
    pub style: BTreeMap<&'static str, String>,
}

/// How grave a rule's findings are said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// A suggestion.
    Hint,
    /// Worth knowing.
    Info,
    /// It works, though not as it reads.
    Warning,
    /// It fails.
    Error,
}

impl Level {
    /// Every level as it is written, the mildest first.
    pub const NAMES: [(&'static str, Level); 5] = [
        ("off", Level::Off),
        ("hint", Level::Hint),
        ("info", Level::Info),
        ("warning", Level::Warning),
        ("error", Level::Error),
    ];

    fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, level)| *level)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, level)| *level == self)
            .map_or("off", |(name, _)| name)
    }
}

/// A key or value that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Where it stands, in bytes; absent for settings that do not come from a file.
    pub span: Option<Range<usize>>,
    /// One sentence without a final stop.
    pub message: String,
}

impl Config {
    /// Reads the text of a `pyproject.toml` or `routewright.toml`; `rules` are the names that stand for rules and groups.
    /// `None` where a `pyproject.toml` has no `[tool.routewright]`.
    #[must_use]
    pub fn parse(file: &Path, text: &str, rules: &[String]) -> (Option<Self>, Vec<ConfigProblem>) {
        let is_pyproject = file.file_name().is_some_and(|name| name == "pyproject.toml");
        let (document, errors) = toml::de::DeTable::parse_recoverable(text);
        let mut problems: Vec<ConfigProblem> = errors
            .iter()
            .map(|error| ConfigProblem {
                span: error.span(),
                message: error.message().to_owned(),
            })
            .collect();
        let whole = Node::of_toml_table(&document);
        let node = if is_pyproject {
            whole.get("tool").and_then(|tool| tool.get("routewright"))
        } else {
            Some(&whole)
        };
        let config = node.map(|node| {
            let mut config = Self::read(node, rules, &mut problems);
            config.file = Some(file.to_path_buf());
            config
        });
        (config, problems)
    }

    /// Reads settings as an editor sends them: the object under `routewright`. Keys that are the editor's own business are
    /// for the caller to take out before.
    #[must_use]
    pub fn from_json(settings: &serde_json::Value, rules: &[String]) -> (Self, Vec<ConfigProblem>) {
        let mut problems = Vec::new();
        let config = Self::read(&Node::of_json(settings), rules, &mut problems);
        (config, problems)
    }

    /// This configuration with what `over` sets in its place.
    #[must_use]
    pub fn overridden_by(&self, over: &Config) -> Self {
        let mut severities = self.severities.clone();
        severities.extend(over.severities.clone());
        let mut style = self.style.clone();
        style.extend(over.style.clone());
        Self {
            file: self.file.clone().or_else(|| over.file.clone()),
            entrypoint: over.entrypoint.clone().or_else(|| self.entrypoint.clone()),
            exclude: over.exclude.clone().or_else(|| self.exclude.clone()),
            source_roots: over.source_roots.clone().or_else(|| self.source_roots.clone()),
            python: over.python.clone().or_else(|| self.python.clone()),
            select: over.select.clone().or_else(|| self.select.clone()),
            ignore: over.ignore.clone().or_else(|| self.ignore.clone()),
            per_file_ignores: over.per_file_ignores.clone().or_else(|| self.per_file_ignores.clone()),
            severities,
            style,
        }
    }

    fn read(node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) -> Self {
        let mut config = Self::default();
        let Some(entries) = node.entries() else {
            problems.push(node.problem("it must be a table"));
            return config;
        };
        for (name, value) in entries {
            if name.text == "rules" {
                config.read_rules(value, rules, problems);
            } else if name.text == "style" {
                config.read_style(value, rules, problems);
            } else if let Some(key) = keys().iter().find(|key| key.name == name.text) {
                config.take(key, value, rules, problems);
            } else {
                let known = keys().iter().map(|key| key.name).chain(["rules", "style"]);
                problems.push(name.unknown("key", known));
            }
        }
        config
    }

    fn read_rules(&mut self, node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) {
        let Some(entries) = node.entries() else {
            problems.push(node.problem("it must be a table"));
            return;
        };
        for (name, value) in entries {
            if let Some(key) = rule_keys().iter().find(|key| key.name == name.text) {
                self.take(key, value, rules, problems);
            } else if !is_rule(&name.text, rules) {
                let known = rule_keys().iter().map(|key| key.name);
                problems.push(name.unknown("rule", known.chain(rules.iter().map(String::as_str))));
            } else if let Some(level) = value.text().and_then(Level::parse) {
                self.severities.insert(name.text.clone(), level);
            } else {
                let names: Vec<String> = Level::NAMES.iter().map(|(name, _)| format!("`{name}`")).collect();
                problems.push(value.problem(&format!("it must be one of {}", names.join(", "))));
            }
        }
    }

    fn read_style(&mut self, node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) {
        let Some(entries) = node.entries() else {
            problems.push(node.problem("it must be a table"));
            return;
        };
        for (name, value) in entries {
            match style_keys().iter().find(|key| key.name == name.text) {
                Some(key) => self.take(key, value, rules, problems),
                None => problems.push(name.unknown("key", style_keys().iter().map(|key| key.name))),
            }
        }
    }

    fn take(&mut self, key: &Key, value: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) {
        if let Some(setting) = Setting::read(key.kind, value, rules, problems) {
            (key.set)(self, key.name, setting);
        }
    }
}

/// Whether `name` stands for a rule, a group or all; every name does where none is known.
fn is_rule(name: &str, rules: &[String]) -> bool {
    rules.is_empty() || name.eq_ignore_ascii_case("all") || rules.iter().any(|rule| rule == name)
}

#[cfg(test)]
mod tests {
    use super::{Config, Level};
    use std::path::Path;

    fn parse(text: &str) -> (Config, Vec<(String, String)>) {
        let rules = ["bad-prefix".to_owned(), "routing".to_owned()];
        let (config, problems) = Config::parse(Path::new("/p/routewright.toml"), text, &rules);
        let problems = problems
            .into_iter()
            .map(|problem| (text[problem.span.unwrap()].to_owned(), problem.message));
        (config.unwrap(), problems.collect())
    }

    #[test]
    fn every_key_is_read() {
        let (config, problems) = parse(
            "entrypoint = 'app.main:app'\nexclude = ['legacy/']\nsource-roots = ['lib']\npython = '.venv'\n\
             [rules]\nselect = ['routing']\nignore = ['ALL']\nbad-prefix = 'hint'\n\
             [rules.per-file-ignores]\n'tests/' = ['bad-prefix']\n",
        );
        assert_eq!(problems, []);
        assert_eq!(config.entrypoint.unwrap(), ["app.main:app"]);
        assert_eq!(config.exclude.unwrap(), ["legacy/"]);
        assert_eq!(config.source_roots.unwrap(), ["lib"]);
        assert_eq!(config.python.unwrap(), ".venv");
        assert_eq!(config.select.unwrap(), ["routing"]);
        assert_eq!(config.severities["bad-prefix"], Level::Hint);
        assert_eq!(config.per_file_ignores.unwrap()["tests/"], ["bad-prefix"]);
    }

    #[test]
    fn what_is_wrong_is_said_on_its_place_and_the_rest_counts() {
        let (config, problems) = parse(
            "exclud = ['x']\npython = 3\nentrypoint = 'app.main'\nexclude = ['ok', 1, 'a[']\n\
             [rules]\nbad-prefx = 'off'\nbad-prefix = 'fatal'\nselect = ['nothing']\n",
        );
        let expected = [
            ("exclud", "unknown key `exclud`; did you mean `exclude`?"),
            ("3", "it must be a string"),
            (
                "'app.main'",
                "an entry point is `module:attribute`, for example `app.main:app`",
            ),
            ("1", "it must be a string"),
            ("'a['", "it is not a glob: unclosed character class; missing ']'"),
            ("bad-prefx", "unknown rule `bad-prefx`; did you mean `bad-prefix`?"),
            ("'fatal'", "it must be one of `off`, `hint`, `info`, `warning`, `error`"),
            ("'nothing'", "unknown rule `nothing`"),
        ];
        let found: Vec<(&str, &str)> = problems
            .iter()
            .map(|(at, message)| (at.as_str(), message.as_str()))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(config.exclude.unwrap(), ["ok"]);
    }

    #[test]
    fn style_is_read_and_what_is_wrong_of_it_is_said_with_what_would_be_right() {
        let (config, problems) = parse(
            "[style]\nquotes = 'single'\nindent = 2\ndocstrings = true\nid = 'float'\nline-length = 0\n\
             create-schema = 'New'\nnot-found = 'x'\ncolour = 'red'\n",
        );
        let set: Vec<(&str, &str)> = config.style.iter().map(|(key, value)| (*key, value.as_str())).collect();
        assert_eq!(set, [("docstrings", "true"), ("indent", "2"), ("quotes", "single")]);
        let expected = [
            ("'float'", "it must be one of `int`, `uuid`, `str`"),
            ("0", "it must be a whole number above 0"),
            (
                "'New'",
                "it must be a class name with `{}` where the resource's name goes, for example `{}Create`",
            ),
            (
                "'x'",
                "it must be `HTTPException`, or an error as `module:Class`, for example `app.errors:NotFoundError`",
            ),
            ("colour", "unknown key `colour`"),
        ];
        let found: Vec<(&str, &str)> = problems
            .iter()
            .map(|(at, message)| (at.as_str(), message.as_str()))
            .collect();
        assert_eq!(found, expected);
        let (editor, problems) = Config::from_json(&serde_json::json!({"style": {"indent": 4}}), &[]);
        assert_eq!(problems, []);
        assert_eq!(config.overridden_by(&editor).style["indent"], "4");
        assert_eq!(config.overridden_by(&editor).style["quotes"], "single");
    }

    #[test]
    fn a_pyproject_without_the_table_has_no_configuration() {
        let file = Path::new("/p/pyproject.toml");
        assert_eq!(Config::parse(file, "[tool.ruff]\n", &[]), (None, Vec::new()));
        let (config, problems) = Config::parse(file, "[tool.routewright]\npython = 'x'\n[tool.broken\n", &[]);
        assert_eq!(config.unwrap().python.unwrap(), "x");
        assert!(!problems.is_empty());
    }

    #[test]
    fn the_editor_s_settings_win() {
        let (file, _) = parse("python = 'a'\nexclude = ['x']\n");
        let json = serde_json::json!({"python": "b", "rules": {"bad-prefix": "off"}});
        let (editor, problems) = Config::from_json(&json, &[]);
        assert_eq!(problems, []);
        let both = file.overridden_by(&editor);
        assert_eq!((both.python.as_deref(), both.exclude.is_some()), (Some("b"), true));
        assert_eq!(both.severities["bad-prefix"], Level::Off);
    }
}
