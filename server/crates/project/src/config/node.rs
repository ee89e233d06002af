//! A value of TOML or JSON, with its place.

use super::ConfigProblem;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    span: Option<Range<usize>>,
    value: Value,
}

#[derive(Debug)]
enum Value {
    Text(String),
    Bool(bool),
    Integer(i64),
    List(Vec<Node>),
    Table(Vec<(Name, Node)>),
    Other,
}

/// A key and where it stands.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: String,
    span: Option<Range<usize>>,
}

impl Node {
    pub(super) fn of_toml_table(table: &Spanned<DeTable<'_>>) -> Self {
        Self {
            span: Some(table.span()),
            value: Value::Table(entries(table.get_ref())),
        }
    }

    fn of_toml(value: &Spanned<DeValue<'_>>) -> Self {
        let span = Some(value.span());
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Other, Value::Integer)
            }
            DeValue::Array(items) => Value::List(items.iter().map(Self::of_toml).collect()),
            DeValue::Table(table) => Value::Table(entries(table)),
            _ => Value::Other,
        };
        Self { span, value }
    }

    pub(super) fn of_json(value: &serde_json::Value) -> Self {
        let value = match value {
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => number.as_i64().map_or(Value::Other, Value::Integer),
            serde_json::Value::Array(items) => Value::List(items.iter().map(Self::of_json).collect()),
            serde_json::Value::Object(object) => Value::Table(
                object
                    .iter()
                    // Editors send what is not set as null.
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| {
                        let name = Name {
                            text: name.clone(),
                            span: None,
                        };
                        (name, Self::of_json(value))
                    })
                    .collect(),
            ),
            _ => Value::Other,
        };
        Self { span: None, value }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.entries()?
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, value)| value)
    }

    pub(super) fn entries(&self) -> Option<&[(Name, Node)]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn switch(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        match &self.value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn problem(&self, message: &str) -> ConfigProblem {
        ConfigProblem {
            span: self.span.clone(),
            message: message.to_owned(),
        }
    }

    pub(super) fn unknown<'a>(&self, what: &str, text: &str, known: impl Iterator<Item = &'a str>) -> ConfigProblem {
        self.problem(&unknown(what, text, known))
    }
}

impl Name {
    pub(super) fn unknown<'a>(&self, what: &str, known: impl Iterator<Item = &'a str>) -> ConfigProblem {
        ConfigProblem {
            span: self.span.clone(),
            message: unknown(what, &self.text, known),
        }
    }

    pub(super) fn problem(&self, message: String) -> ConfigProblem {
        ConfigProblem {
            span: self.span.clone(),
            message,
        }
    }
}

fn entries(table: &DeTable<'_>) -> Vec<(Name, Node)> {
    let mut entries: Vec<(Name, Node)> = table
        .iter()
        .map(|(key, value)| {
            let name = Name {
                text: key.get_ref().to_string(),
                span: Some(key.span()),
            };
            (name, Node::of_toml(value))
        })
        .collect();
    entries.sort_by_key(|(name, _)| name.span.as_ref().map(|span| span.start));
    entries
}

fn unknown<'a>(what: &str, text: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(text, known) {
        Some(nearest) => format!("unknown {what} `{text}`; did you mean `{nearest}`?"),
        None => format!("unknown {what} `{text}`"),
    }
}

/// The known name that is most like a mistyped one, if any is alike.
pub fn nearest<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (text.chars().count() / 3).max(1);
    known
        .map(|name| (distance(text, name), name))
        .filter(|(distance, _)| *distance <= limit.min(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
