//! The JSON schema of the configuration, and its table in the documentation.

use super::{Key, Kind, Level, keys, rule_keys, style_keys};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The schema of `[tool.routewright]` and of the editor's settings; `rules` are the names of rules and groups.
#[must_use]
pub fn json_schema(rules: &[String]) -> Value {
    let mut rule_properties = properties(rule_keys(), rules);
    for rule in rules {
        let levels: Vec<&str> = Level::NAMES.iter().map(|(name, _)| *name).collect();
        let docs = format!("How grave findings of `{rule}` are.");
        rule_properties.insert(rule.clone(), json!({"description": docs, "enum": levels}));
    }
    let mut all = properties(keys(), rules);
    all.insert(
        "rules".to_owned(),
        json!({
            "description": "Which rules run, and how grave their findings are.",
            "type": "object",
            "additionalProperties": false,
            "properties": rule_properties,
        }),
    );
    all.insert(
        "style".to_owned(),
        json!({
            "description": "How inserted code is written.",
            "type": "object",
            "additionalProperties": false,
            "properties": properties(style_keys(), rules),
        }),
    );
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Routewright",
        "type": "object",
        "additionalProperties": false,
        "properties": all,
    })
}

fn properties(keys: &[Key], rules: &[String]) -> Map<String, Value> {
    keys.iter()
        .map(|key| {
            let mut schema = of_kind(key.kind, rules);
            schema["description"] = key.docs.into();
            (key.name.to_owned(), schema)
        })
        .collect()
}

fn of_kind(kind: Kind, rules: &[String]) -> Value {
    let strings = json!({"type": "array", "items": {"type": "string"}});
    let rule_list = || {
        let names: Vec<&str> = rules.iter().map(String::as_str).chain(["all"]).collect();
        json!({"type": "array", "items": {"enum": names}})
    };
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Choice(choices) => json!({"enum": choices}),
        Kind::Switch => json!({"type": "boolean"}),
        Kind::Number => json!({"type": "integer", "minimum": 1}),
        Kind::Indent => json!({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "tab"}]}),
        Kind::PythonVersion => json!({"type": "string", "pattern": "^3\\.[0-9]+$"}),
        Kind::SchemaName => json!({"type": "string", "pattern": "^[^{}]*\\{\\}[^{}]*$"}),
        Kind::NotFound => json!({"type": "string", "pattern": "^(HTTPException|[^:]+:[^:]+)$"}),
        Kind::Member => json!({"type": "string", "pattern": "^[^:]+:[^:]+$"}),
        Kind::List | Kind::Globs => strings,
        Kind::EntryPoints => {
            let one = json!({"type": "string", "pattern": "^[^:]+:[^:]+$"});
            json!({"anyOf": [one, {"type": "array", "items": one}]})
        }
        Kind::Rules => rule_list(),
        Kind::RulesByGlob => json!({"type": "object", "additionalProperties": rule_list()}),
    }
}

/// The keys as a table in Markdown.
#[must_use]
pub fn docs_table() -> String {
    let mut text = String::from("| key | what it does | default | example |\n| --- | --- | --- | --- |\n");
    let named = keys().iter().map(|key| (key.name.to_owned(), key));
    let of_rules = rule_keys().iter().map(|key| (format!("rules.{}", key.name), key));
    let of_style = style_keys().iter().map(|key| (format!("style.{}", key.name), key));
    for (name, key) in named.chain(of_rules).chain(of_style) {
        let _ = writeln!(
            text,
            "| `{name}` | {} | {} | `{}` |",
            key.docs, key.default, key.example
        );
    }
    let levels: Vec<String> = Level::NAMES.iter().map(|(name, _)| format!("`{name}`")).collect();
    let _ = writeln!(
        text,
        "| `rules.<rule>` | How grave findings of the rule or group are: {}. | the rule's own severity | `\"hint\"` |",
        levels.join(", ")
    );
    text
}

#[cfg(test)]
mod tests {
    use super::{docs_table, json_schema, keys, rule_keys, style_keys};
    use crate::config::Config;
    use std::path::Path;

    #[test]
    fn every_example_is_valid_configuration() {
        for key in keys() {
            let text = format!("{} = {}", key.name, key.example);
            let (_, problems) = Config::parse(Path::new("routewright.toml"), &text, &[]);
            assert_eq!(problems, [], "{text}");
        }
        for key in rule_keys() {
            let text = format!("[rules]\n{} = {}", key.name, key.example);
            let (_, problems) = Config::parse(Path::new("routewright.toml"), &text, &[]);
            assert_eq!(problems, [], "{text}");
        }
    }

    #[test]
    fn every_example_of_style_is_valid_configuration() {
        for key in style_keys() {
            let text = format!("[style]\n{} = {}", key.name, key.example);
            let (config, problems) = Config::parse(Path::new("routewright.toml"), &text, &[]);
            assert_eq!(problems, [], "{text}");
            assert!(config.unwrap().style.contains_key(key.name), "{text}");
        }
    }

    #[test]
    fn schema_and_table_name_every_key() {
        let schema = json_schema(&["bad-prefix".to_owned()]);
        let table = docs_table();
        for key in keys() {
            assert!(schema["properties"][key.name]["description"].is_string());
            assert!(table.contains(&format!("| `{}` |", key.name)));
        }
        assert_eq!(
            schema["properties"]["rules"]["properties"]["bad-prefix"]["enum"][0],
            "off"
        );
    }
}
