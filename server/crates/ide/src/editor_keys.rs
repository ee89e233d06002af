//! What an editor can set beside the project's configuration: which features are on, and how they behave.

use crate::rule_names;
use serde_json::{Value, json};
use std::fmt::Write;

/// A setting of an editor alone.
#[derive(Debug)]
pub struct EditorKey {
    /// Its name below `routewright`, in camelCase as editors have it.
    pub name: &'static str,
    /// What it does: a sentence.
    pub docs: &'static str,
    /// What holds where it is not set.
    pub default: EditorDefault,
}

/// The default of an [`EditorKey`], and with it what its value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorDefault {
    /// A switch that is on.
    On,
    /// A number of milliseconds.
    Milliseconds(u64),
}

/// Every setting of an editor alone.
#[must_use]
pub fn editor_keys() -> &'static [EditorKey] {
    use EditorDefault::{Milliseconds, On};
    const fn key(name: &'static str, docs: &'static str, default: EditorDefault) -> EditorKey {
        EditorKey { name, docs, default }
    }
    const KEYS: &[EditorKey] = &[
        key("diagnostics", "Whether diagnostics are shown.", On),
        key(
            "diagnosticsDebounce",
            "Milliseconds behind the last edit before diagnostics are worked out.",
            Milliseconds(80),
        ),
        key("hover", "Whether the card of a path operation is shown on hover.", On),
        key("definition", "Whether definitions are found.", On),
        key("documentSymbols", "Whether documents have symbols.", On),
        key("workspaceSymbols", "Whether the workspace has symbols.", On),
        key("codeActions", "Whether code actions and commands are offered.", On),
    ];
    KEYS
}

impl EditorDefault {
    /// As JSON has it.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            EditorDefault::On => json!(true),
            EditorDefault::Milliseconds(number) => json!(number),
        }
    }

    fn schema(self) -> Value {
        match self {
            EditorDefault::On => json!({"type": "boolean"}),
            EditorDefault::Milliseconds(_) => json!({"type": "integer", "minimum": 0}),
        }
    }
}

/// The page of the documentation that tells everything that can be set.
#[must_use]
pub fn configuration_page() -> String {
    let mut page = format!("{CONFIGURATION}\n{}", project::docs_table());
    page.push_str(EDITORS);
    for key in editor_keys() {
        let _ = writeln!(page, "| `{}` | {} | `{}` |", key.name, key.docs, key.default.value());
    }
    page
}

const CONFIGURATION: &str = r#"# Configuration

Nothing has to be set. What can be, stands in `[tool.routewright]` of `pyproject.toml`:

```toml
[tool.routewright]
entrypoint = "app.main:app"

[tool.routewright.rules]
ignore = ["route-shadowed"]
bad-prefix = "warning"
```

or in `routewright.toml`, without `tool.routewright` before the names. The nearest file above a Python file holds for it;
which rules run is said once, for the folder that is checked or opened. An editor's settings win over both. A key or value that is wrong is told at its place; the rest holds all the same.

## Keys
"#;

const EDITORS: &str = r#"
## Of an editor alone

Every key above can be set in an editor too, below `routewright`; beside them:

| key | what it does | default |
| --- | --- | --- |
"#;

/// The JSON schema of an editor's settings: its own, and every key of the project's configuration.
#[must_use]
pub fn editor_schema() -> Value {
    let mut schema = project::json_schema(&rule_names());
    schema["title"] = "Settings of an editor, below `routewright`".into();
    for key in editor_keys() {
        let mut property = key.default.schema();
        property["description"] = key.docs.into();
        property["default"] = key.default.value();
        schema["properties"][key.name] = property;
    }
    schema
}
