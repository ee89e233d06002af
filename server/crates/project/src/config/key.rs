//! What can be set.

use super::node::Node;
use super::{Config, ConfigProblem, is_rule, style};
use crate::entry;
use globset::Glob;
use std::collections::BTreeMap;

/// Something that can be set.
#[derive(Debug)]
pub struct Key {
    /// Its name in kebab-case.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// What it does: one or two sentences.
    pub docs: &'static str,
    /// What holds where it is not set, as people say it.
    pub default: &'static str,
    /// A value in TOML.
    pub example: &'static str,
    pub(super) set: fn(&mut Config, &'static str, Setting),
}

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A list of strings.
    List,
    /// `module:attribute`, or a list of them.
    EntryPoints,
    /// A list of globs.
    Globs,
    /// A list of rules and groups.
    Rules,
    /// A table from globs to lists of rules and groups.
    RulesByGlob,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Switch,
    /// A whole number above zero.
    Number,
    /// A number of spaces, or `tab`.
    Indent,
    /// A version of Python, `3.12`.
    PythonVersion,
    /// A class name with `{}` where that of the resource goes.
    SchemaName,
    /// `HTTPException`, or an error as `module:Class`.
    NotFound,
    /// `module:name`.
    Member,
}

/// A value that was read.
#[derive(Debug)]
pub(super) enum Setting {
    Text(String),
    List(Vec<String>),
    Table(BTreeMap<String, Vec<String>>),
}

/// The keys of `[tool.routewright]`, those of `rules` apart.
#[must_use]
pub fn keys() -> &'static [Key] {
    &[
        Key {
            name: "entrypoint",
            kind: Kind::EntryPoints,
            docs: "The app that is served, as `module:attribute`, or a list of them. It is shown first, and its routes are \
                   what is meant where a command does not say which app.",
            default: "`[tool.fastapi] entrypoint`, else where FastAPI CLI looks for it",
            example: "\"app.main:app\"",
            set: |config, _, setting| config.entrypoint = setting.list(),
        },
        Key {
            name: "exclude",
            kind: Kind::Globs,
            docs: "Files and folders that are not read, as globs relative to this file's folder. What `.gitignore` names, \
                   virtual environments and caches are left out anyway.",
            default: "none",
            example: "[\"legacy/\", \"**/*_pb2.py\"]",
            set: |config, _, setting| config.exclude = setting.list(),
        },
        Key {
            name: "source-roots",
            kind: Kind::List,
            docs: "Folders that modules are imported from, relative to this file's folder.",
            default: "what packaging and test configuration says, `src`, and the project's folder",
            example: "[\"backend\"]",
            set: |config, _, setting| config.source_roots = setting.list(),
        },
        Key {
            name: "python",
            kind: Kind::Text,
            docs: "The interpreter, or the folder of the virtual environment, in which the project's libraries are installed; \
                   relative to this file's folder.",
            default: "`.venv` or `venv` in the project or above it, else the active environment",
            example: "\".venv\"",
            set: |config, _, setting| config.python = setting.text(),
        },
    ]
}

/// The keys of `[tool.routewright.rules]`; besides them, every rule and group can be given a severity.
#[must_use]
pub fn rule_keys() -> &'static [Key] {
    &[
        Key {
            name: "select",
            kind: Kind::Rules,
            docs: "The rules and groups that run.",
            default: "all",
            example: "[\"routing\"]",
            set: |config, _, setting| config.select = setting.list(),
        },
        Key {
            name: "ignore",
            kind: Kind::Rules,
            docs: "The rules and groups that do not run, even if they are selected.",
            default: "none",
            example: "[\"route-shadowed\"]",
            set: |config, _, setting| config.ignore = setting.list(),
        },
        Key {
            name: "per-file-ignores",
            kind: Kind::RulesByGlob,
            docs: "Rules and groups that are ignored in the files that a glob matches, relative to this file's folder.",
            default: "none",
            example: "{ \"tests/\" = [\"all\"] }",
            set: |config, _, setting| config.per_file_ignores = setting.table(),
        },
    ]
}

impl Setting {
    pub(super) fn text(self) -> Option<String> {
        match self {
            Setting::Text(text) => Some(text),
            _ => None,
        }
    }

    fn list(self) -> Option<Vec<String>> {
        match self {
            Setting::List(list) => Some(list),
            _ => None,
        }
    }

    fn table(self) -> Option<BTreeMap<String, Vec<String>>> {
        match self {
            Setting::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Reads a value; what is wrong about it goes to `problems`, what is right is kept.
    pub(super) fn read(kind: Kind, node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        match kind {
            Kind::Text => match node.text() {
                Some(text) => Some(Setting::Text(text.to_owned())),
                None => {
                    problems.push(node.problem("it must be a string"));
                    None
                }
            },
            Kind::EntryPoints if node.text().is_some() => {
                let valid = item(kind, node, rules, problems);
                Some(Setting::List(valid.into_iter().collect()))
            }
            Kind::RulesByGlob => Self::read_table(node, rules, problems),
            Kind::List | Kind::EntryPoints | Kind::Globs | Kind::Rules => {
                list(kind, node, rules, problems).map(Setting::List)
            }
            _ => match style::read(kind, node) {
                Ok(text) => Some(Setting::Text(text)),
                Err(message) => {
                    problems.push(node.problem(&message));
                    None
                }
            },
        }
    }

    fn read_table(node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) -> Option<Self> {
        let Some(entries) = node.entries() else {
            problems.push(node.problem("it must be a table from globs to lists of rules"));
            return None;
        };
        let mut table = BTreeMap::new();
        for (name, value) in entries {
            match bad_glob(&name.text) {
                Some(problem) => problems.push(name.problem(problem)),
                None => {
                    table.insert(
                        name.text.clone(),
                        list(Kind::Rules, value, rules, problems).unwrap_or_default(),
                    );
                }
            }
        }
        Some(Setting::Table(table))
    }
}

fn list(kind: Kind, node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) -> Option<Vec<String>> {
    let Some(items) = node.items() else {
        problems.push(node.problem("it must be a list of strings"));
        return None;
    };
    Some(
        items
            .iter()
            .filter_map(|node| item(kind, node, rules, problems))
            .collect(),
    )
}

fn item(kind: Kind, node: &Node, rules: &[String], problems: &mut Vec<ConfigProblem>) -> Option<String> {
    let Some(text) = node.text() else {
        problems.push(node.problem("it must be a string"));
        return None;
    };
    let problem = match kind {
        Kind::EntryPoints if entry::split(text).is_none() => {
            Some(node.problem("an entry point is `module:attribute`, for example `app.main:app`"))
        }
        Kind::Globs => bad_glob(text).map(|problem| node.problem(&problem)),
        Kind::Rules if !is_rule(text, rules) => Some(node.unknown("rule", text, rules.iter().map(String::as_str))),
        _ => None,
    };
    match problem {
        Some(problem) => {
            problems.push(problem);
            None
        }
        None => Some(text.to_owned()),
    }
}

fn bad_glob(pattern: &str) -> Option<String> {
    Glob::new(pattern)
        .err()
        .map(|error| format!("it is not a glob: {}", error.kind()))
}
