//! Names of definitions: the shortest that means only one schema (Pydantic's `_DefinitionsRemapping`).

use super::{
    Key, Mode, Schemas,
    class::{PLACEHOLDER, placeholder},
};
use crate::json::Object;
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeMap;

const PREFIX: &str = "#/components/schemas/";
/// Rounds in which names may get shorter because those in them did.
const ROUNDS: usize = 100;

/// The names that placeholders stand for.
pub(crate) struct Names {
    by_placeholder: FxHashMap<String, String>,
}

impl Schemas<'_, '_> {
    /// Chooses the names, and gives the definitions under them.
    pub(crate) fn name_definitions(&mut self) -> (Names, BTreeMap<String, Object>) {
        let definitions: BTreeMap<Key, Object> = std::mem::take(&mut self.definitions)
            .into_iter()
            .map(|(key, schema)| (key, schema.unwrap_or_default()))
            .collect();
        let alternatives = self.alternatives(definitions.keys().copied());
        let mut chosen: FxHashMap<String, String> = FxHashMap::default();
        for _ in 0..ROUNDS {
            let round = choose(&definitions, &alternatives, &chosen);
            if round == chosen {
                break;
            }
            chosen = round;
        }
        let names = Names { by_placeholder: chosen };
        let named = definitions
            .into_iter()
            .map(|(key, schema)| {
                let mut schema = Value::Object(schema);
                names.apply(&mut schema);
                let name = names.of(&placeholder(key)).unwrap_or_default().to_owned();
                match schema {
                    Value::Object(schema) => (name, schema),
                    _ => (name, Object::new()),
                }
            })
            .collect();
        (names, named)
    }

    /// The names that a definition may have, shortest first.
    fn alternatives(&self, keys: impl Iterator<Item = Key>) -> FxHashMap<Key, Vec<String>> {
        let mut occurrences: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        keys.map(|key| {
            let class = self.class(key.0);
            let suffix = match key.1 {
                Mode::Validation => "Input",
                Mode::Serialization => "Output",
            };
            let short = normalized(&short_reference(&class.qualified));
            let long = normalized(&class.qualified);
            let same = occurrences.entry(long.clone()).or_default();
            if !same.contains(&key.0.0) {
                same.push(key.0.0);
            }
            let index = same.iter().position(|class| *class == key.0.0).unwrap_or(0) + 1;
            let names = vec![
                short.clone(),
                format!("{short}-{suffix}"),
                long.clone(),
                format!("{long}-{suffix}"),
                format!("{long}__{index}"),
                format!("{long}-{suffix}__{index}"),
            ];
            (key, names)
        })
        .collect()
    }
}

/// One round: each definition takes the first name under which only one schema would stand.
fn choose(
    definitions: &BTreeMap<Key, Object>,
    alternatives: &FxHashMap<Key, Vec<String>>,
    chosen: &FxHashMap<String, String>,
) -> FxHashMap<String, String> {
    let names = Names {
        by_placeholder: chosen.clone(),
    };
    let mut candidates: FxHashMap<&str, Vec<Value>> = FxHashMap::default();
    for (key, schema) in definitions {
        let mut schema = Value::Object(schema.clone());
        names.apply(&mut schema);
        for name in &alternatives[key] {
            let known = candidates.entry(name).or_default();
            if !known.contains(&schema) {
                known.push(schema.clone());
            }
        }
    }
    definitions
        .keys()
        .map(|key| {
            let names = &alternatives[key];
            let free = names.iter().find(|name| candidates[name.as_str()].len() == 1);
            let name = free.or(names.last()).cloned().unwrap_or_default();
            (placeholder(*key), name)
        })
        .collect()
}

impl Names {
    fn of(&self, placeholder: &str) -> Option<&str> {
        self.by_placeholder.get(placeholder).map(String::as_str)
    }

    /// Puts the names where placeholders stand.
    pub(crate) fn apply(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with(PLACEHOLDER) => {
                if let Some(name) = self.of(text) {
                    *text = format!("{PREFIX}{name}");
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(entries) => entries.values_mut().for_each(|entry| self.apply(entry)),
            _ => {}
        }
    }
}

/// A reference without modules: `a.b.Page[c.Item]` is `Page[Item]`.
fn short_reference(reference: &str) -> String {
    let mut short = String::with_capacity(reference.len());
    let mut part = String::new();
    let flush = |part: &mut String, short: &mut String| {
        short.push_str(part.rsplit('.').next().unwrap_or_default());
        part.clear();
    };
    for c in reference.chars() {
        if matches!(c, '[' | ']' | ',') {
            flush(&mut part, &mut short);
            short.push(c);
        } else {
            part.push(c);
        }
    }
    flush(&mut part, &mut short);
    short
}

/// `GenerateJsonSchema.normalize_name`.
fn normalized(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => c,
            _ => '_',
        })
        .collect::<String>()
        .replace('.', "__")
}

#[cfg(test)]
mod tests {
    use super::{normalized, short_reference};

    #[test]
    fn references_are_shortened_part_by_part() {
        let short = short_reference("app.api.Page[app.models.Item,dict[str, app.x.Y]]");
        assert_eq!(short, "Page[Item,dict[str,Y]]");
        assert_eq!(normalized("Page[Item]"), "Page_Item_");
        assert_eq!(normalized("app.models.Item"), "app__models__Item");
    }
}
