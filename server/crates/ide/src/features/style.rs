//! The style profile of a project: what inserted code is written like, and what shows it.

use super::{GroundStatus, StyleStatus};
use crate::Analysis;
use scaffold::profile::{self, Item};
use std::path::Path;
use style::{DEFAULT_LINE_LENGTH, Evidence};

impl Analysis {
    /// The style of the project whose folder is `root`.
    #[must_use]
    pub fn style(&self, root: &Path) -> Vec<StyleStatus> {
        let preferences = self.preferences(root);
        let config = self.sources().project.config(&root.join("main.py"));
        let told_quotes = self.told_quotes(root);
        let of_config = |status: StyleStatus| match &told_quotes {
            Some(told) if status.name == "quotes" && !config.style.contains_key("quotes") => StyleStatus {
                file: Some(told.file.clone()),
                line: Some(told.line),
                ..plain(status.name, status.value, "read")
            },
            _ if status.by == "set" => StyleStatus {
                file: config.file.clone(),
                ..status
            },
            _ => status,
        };
        let items = profile::profile(&self.site(root, &preferences));
        let mut style: Vec<StyleStatus> = items.into_iter().map(|item| self.style_status(item)).collect();
        style.push(self.line_length_status(root, preferences.line_length));
        style.push(self.python_status(root, preferences.python));
        style.into_iter().map(of_config).collect()
    }

    /// What the project whose folder is `root` has that scaffolds build on.
    #[must_use]
    pub fn standing(&self, root: &Path) -> Vec<GroundStatus> {
        let preferences = self.preferences(root);
        let standing = profile::standing(&self.site(root, &preferences));
        let status = |part: profile::Standing| {
            let (file, line) = part.at.unzip();
            GroundStatus {
                name: part.name,
                symbol: part.symbol,
                detail: part.detail,
                file,
                line,
            }
        };
        standing.into_iter().map(status).collect()
    }

    fn style_status(&self, item: Item) -> StyleStatus {
        let (by, count) = match item.evidence {
            Evidence::Set => ("set", None),
            Evidence::Module(count) | Evidence::Project(count) => ("read", Some(count)),
            Evidence::Default => ("default", None),
        };
        let at = item.at.map(|(file, offset)| {
            let line = self.source(file).lines.line(offset) as usize + 1;
            (self.path(file).to_path_buf(), line)
        });
        let (file, line) = at.unzip();
        StyleStatus {
            name: item.name,
            value: Some(item.value),
            by,
            count,
            file,
            line,
        }
    }

    fn line_length_status(&self, root: &Path, set: Option<usize>) -> StyleStatus {
        let told = self.sources().project.line_length(&root.join("main.py"));
        let name = "line-length";
        match (set, told) {
            (Some(set), _) => plain(name, Some(set.to_string()), "set"),
            (None, Some(told)) => StyleStatus {
                file: Some(told.file),
                line: Some(told.line),
                ..plain(name, Some(told.columns.to_string()), "read")
            },
            (None, None) => plain(name, Some(DEFAULT_LINE_LENGTH.to_string()), "default"),
        }
    }

    fn python_status(&self, root: &Path, set: Option<u8>) -> StyleStatus {
        let lowest = self.sources().project.lowest_python(&root.join("main.py"));
        let name = "python-version";
        match (set, lowest) {
            (Some(minor), _) => plain(name, Some(format!("3.{minor}")), "set"),
            (None, Some((version, origin))) => StyleStatus {
                file: Some(origin.path().to_path_buf()),
                ..plain(name, Some(version.to_string()), "read")
            },
            (None, None) => plain(name, None, "default"),
        }
    }
}

fn plain(name: &'static str, value: Option<String>, by: &'static str) -> StyleStatus {
    StyleStatus {
        name,
        value,
        by,
        count: None,
        file: None,
        line: None,
    }
}

#[cfg(test)]
mod tests {
    use project::{Kind, style_keys};
    use style::Preferences;

    #[test]
    fn every_key_and_choice_of_configuration_is_one_of_the_style() {
        for key in style_keys() {
            let choices: Vec<&str> = match key.kind {
                Kind::Choice(choices) => choices.to_vec(),
                Kind::Switch => vec!["true", "false"],
                Kind::Indent => vec!["2", "tab"],
                _ => vec![key.example.trim_matches('"')],
            };
            for choice in choices {
                let mut preferences = Preferences::default();
                assert!(preferences.set(key.name, choice), "{} = {choice}", key.name);
                assert_ne!(preferences, Preferences::default(), "{} = {choice}", key.name);
            }
        }
    }
}
