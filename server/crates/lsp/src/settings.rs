//! Settings of the editor: `initializationOptions`, and the section `routewright` of the client's configuration.

use serde::Deserialize;
use serde_json::Value;
use std::{path::PathBuf, time::Duration};

/// How long the server waits behind the last edit before it works out diagnostics.
pub const DIAGNOSTICS_DEBOUNCE: Duration = Duration::from_millis(80);

/// See the module. Keys that are absent have their defaults.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
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
    /// The Python interpreter whose environment counts.
    pub(crate) python: Option<PathBuf>,
    /// The rules that run.
    pub(crate) select: Option<Vec<String>>,
    /// The rules that do not.
    pub(crate) ignore: Option<Vec<String>>,
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
            python: None,
            select: None,
            ignore: None,
        }
    }
}

impl Settings {
    /// Reads settings key by key over `self`: what is not a setting, or has a wrong value, is left out and told.
    pub(crate) fn updated(&self, value: &Value) -> (Self, Vec<String>) {
        let mut settings = self.clone();
        let mut problems = Vec::new();
        let Some(object) = value.as_object() else {
            if !value.is_null() {
                problems.push("the settings are not an object".to_owned());
            }
            return (settings, problems);
        };
        for (key, value) in object {
            match settings.set(key, value.clone()) {
                Ok(true) => {}
                Ok(false) => problems.push(format!("`routewright.{key}` is not a setting of the server")),
                Err(error) => problems.push(format!("`routewright.{key}`: {error}")),
            }
        }
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
            "python" => put(&mut self.python, value),
            "select" => put(&mut self.select, value),
            "ignore" => put(&mut self.ignore, value),
            // Settings of the clients themselves, which editors send along.
            "server" | "trace" | "enable" | "path" => Ok(true),
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
    fn no_settings_are_no_problem() {
        assert_eq!(
            Settings::default().updated(&Value::Null),
            (Settings::default(), Vec::new())
        );
    }
}
