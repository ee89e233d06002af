//! What the project's configuration means for the rules.

use project::{Config, Level, Options, Project};
use rules::{PerFileIgnore, Severity};
use rustc_hash::FxHashSet;
use std::path::Path;

/// The names of every rule and group, as configuration may use them.
#[must_use]
pub fn rule_names() -> Vec<String> {
    let metas = || rules::registry().iter().map(|rule| &rule.meta);
    let groups: FxHashSet<&str> = metas().map(|meta| meta.group.as_str()).collect();
    let mut names: Vec<String> = metas().map(|meta| meta.name).chain(groups).map(str::to_owned).collect();
    names.sort();
    names
}

/// The options with the names of every rule and group, so that configuration is checked against them.
pub(crate) fn with_rule_names(options: &Options) -> Options {
    Options {
        rule_names: rule_names(),
        ..options.clone()
    }
}

/// The settings of a workspace: which rules run is for its first folder to say, where they are ignored for every
/// configuration in it.
pub(crate) fn of_project(project: &Project) -> rules::Settings {
    let Some(folder) = project.folders().first() else {
        return rules::Settings::default();
    };
    let config = project.config(&folder.join("pyproject.toml"));
    let mut settings = rules::Settings {
        select: config.select.clone().unwrap_or_default(),
        ignore: config.ignore.clone().unwrap_or_default(),
        ..rules::Settings::default()
    };
    for (rule, level) in &config.severities {
        match severity(*level) {
            Some(severity) => {
                settings.severities.insert(rule.clone(), severity);
            }
            None => settings.ignore.push(rule.clone()),
        }
    }
    for config in project
        .configs()
        .chain(Some(&*config).filter(|config| config.file.is_none()))
    {
        let root = config.file.as_deref().and_then(Path::parent).unwrap_or(folder);
        settings.per_file_ignores.extend(per_file_ignores(config, root));
    }
    settings
}

fn severity(level: Level) -> Option<Severity> {
    match level {
        Level::Off => None,
        Level::Hint => Some(Severity::Hint),
        Level::Info => Some(Severity::Info),
        Level::Warning => Some(Severity::Warning),
        Level::Error => Some(Severity::Error),
    }
}

fn per_file_ignores<'a>(config: &'a Config, root: &'a Path) -> impl Iterator<Item = PerFileIgnore> + 'a {
    config
        .per_file_ignores
        .iter()
        .flatten()
        .filter_map(move |(glob, rules)| PerFileIgnore::new(root, glob, rules.clone()).ok())
}

#[cfg(test)]
mod tests {
    use crate::{Host, HostOptions};

    #[test]
    fn configuration_reaches_the_rules() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write(
            "pyproject.toml",
            "[tool.routewright.rules]\nselect = ['routing']\nbad-prefix = 'off'\nrouting = 'hint'\n",
        );
        write("main.py", "");
        let host = Host::new(vec![folder.path().to_path_buf()], HostOptions::default());
        let analysis = host.refresh();
        let meta = &rules::rule("bad-prefix").unwrap().meta;
        assert!(!analysis.settings().runs(meta));
        assert_eq!(analysis.settings().severity(meta), Some(rules::Severity::Hint));
    }
}
