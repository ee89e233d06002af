//! Settings of the editor: `initializationOptions`, and the section `routewright` of the client's configuration.

use project::Config;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

/// How long the server waits behind the last edit before it works out diagnostics.
pub const DIAGNOSTICS_DEBOUNCE: Duration = Duration::from_millis(80);

/// Keys that are the editors' own business; they send them along.
const EDITORS_OWN: [&str; 6] = ["enable", "path", "server", "trace", "serverPath", "env"];

/// See the module. Keys that are absent have their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether diagnostics are shown.
    pub(crate) diagnostics: bool,
    /// Milliseconds behind the last edit before diagnostics are worked out.
    pub(crate) diagnostics_debounce: u64,
    /// Whether cards are shown on hover.
    pub(crate) hover: bool,
    /// Whether definitions are found.
    pub(crate) definition: bool,
    /// Whether documents have symbols.
    pub(crate) document_symbols: bool,
    /// Whether the workspace has symbols.
    pub(crate) workspace_symbols: bool,
    /// Whether code actions are offered.
    pub(crate) code_actions: bool,
    /// What can be set in the project, too; here it wins.
    pub(crate) project: Config,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            diagnostics: true,
            diagnostics_debounce: DIAGNOSTICS_DEBOUNCE.as_millis() as u64,
            hover: true,
            definition: true,
            document_symbols: true,
            workspace_symbols: true,
            code_actions: true,
            project: Config::default(),
        }
    }
}

impl Settings {
    /// Reads settings key by key over `self`: what is not a setting, or has a wrong value, is left out and told.
    pub(crate) fn updated(&self, value: &Value) -> (Self, Vec<String>) {
        let mut settings = self.clone();
        let mut problems = Vec::new();
        // Some clients send their whole configuration, in which ours is a section.
        let value = value.get("routewright").unwrap_or(value);
        let Some(object) = value.as_object() else {
            if !value.is_null() {
                problems.push("the settings are not an object".to_owned());
            }
            return (settings, problems);
        };
        let mut rest = Map::new();
        for (key, value) in object {
            match settings.set(key, value.clone()) {
                Ok(true) => {}
                Ok(false) if value.is_null() || EDITORS_OWN.contains(&key.as_str()) => {}
                Ok(false) => {
                    rest.insert(key.clone(), value.clone());
                }
                Err(error) => problems.push(format!("`routewright.{key}`: {error}")),
            }
        }
        let (config, wrong) = Config::from_json(&Value::Object(rest), &ide::rule_names());
        settings.project = config;
        problems.extend(
            wrong
                .into_iter()
                .map(|problem| format!("`routewright` settings: {}", problem.message)),
        );
        (settings, problems)
    }

    /// Sets one key; `false` if there is no such key.
    fn set(&mut self, key: &str, value: Value) -> Result<bool, serde_json::Error> {
        fn put<T: for<'a> Deserialize<'a>>(place: &mut T, value: Value) -> Result<bool, serde_json::Error> {
            *place = serde_json::from_value(value)?;
            Ok(true)
        }
        match key {
            "diagnostics" => put(&mut self.diagnostics, value),
            "diagnosticsDebounce" => put(&mut self.diagnostics_debounce, value),
            "hover" => put(&mut self.hover, value),
            "definition" => put(&mut self.definition, value),
            "documentSymbols" => put(&mut self.document_symbols, value),
            "workspaceSymbols" => put(&mut self.workspace_symbols, value),
            "codeActions" => put(&mut self.code_actions, value),
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_wrong_key_or_value_leaves_the_others_in_force() {
        let (settings, problems) =
            Settings::default().updated(&json!({"hover": false, "definition": "no", "hoover": 1}));
        assert!(!settings.hover);
        assert!(settings.definition);
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn every_key_of_an_editor_is_read_and_has_the_default_that_the_schema_tells() {
        for key in ide::editor_keys() {
            let mut settings = Settings::default();
            assert!(settings.set(key.name, key.default.value()).unwrap(), "{}", key.name);
            assert_eq!(settings, Settings::default(), "{}", key.name);
        }
    }

    #[test]
    fn a_whole_configuration_has_ours_as_a_section() {
        let (settings, problems) = Settings::default().updated(&json!({"routewright": {"hover": false}}));
        assert_eq!((settings.hover, problems), (false, Vec::new()));
    }

    #[test]
    fn what_a_project_can_set_the_editor_can_set() {
        let (settings, problems) =
            Settings::default().updated(&json!({"python": ".venv", "rules": {"ignore": ["routing"]}, "trace": "off"}));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(settings.project.python.as_deref(), Some(".venv"));
        assert_eq!(settings.project.ignore, Some(vec!["routing".to_owned()]));
    }

    #[test]
    fn no_settings_are_no_problem() {
        assert_eq!(
            Settings::default().updated(&Value::Null),
            (Settings::default(), Vec::new())
        );
    }
}
