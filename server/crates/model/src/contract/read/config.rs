//! `model_config`, `class Config` and class keywords (Pydantic's `_config.py`, `ConfigWrapper.for_model`).

use super::{Reader, bases::Inherited};
use crate::{
    contract::{Attributes, Data},
    eval::value::{Args, ClassId, Value},
};
use smol_str::SmolStr;

/// A class's configuration, as values: some are functions.
pub(super) type Config = Vec<(SmolStr, Value)>;

/// Keys of which the schema shows something.
const SHOWN: [&str; 15] = [
    "title",
    "extra",
    "json_schema_extra",
    "model_title_generator",
    "field_title_generator",
    "json_schema_serialization_defaults_required",
    "json_schema_mode_override",
    "ser_json_bytes",
    "val_json_bytes",
    "ser_json_timedelta",
    "ser_json_temporal",
    "str_min_length",
    "str_max_length",
    "use_enum_values",
    "validate_by_alias",
];

impl Reader<'_> {
    /// The configuration along a lineage; what comes later wins.
    pub(super) fn config(&mut self, lineage: &[Inherited]) -> Config {
        let mut config = Config::new();
        for inherited in lineage {
            let class = inherited.class;
            match self.interp.own_attribute(class, "model_config") {
                Some(Value::LibObject(object)) => extend(&mut config, keywords(&object.args)),
                Some(Value::Dict(dict)) => {
                    let entries = self.interp.dict_entries(dict).to_vec();
                    let named = entries
                        .iter()
                        .filter_map(|entry| Some((SmolStr::new(entry.key.as_str()?), entry.value.clone())));
                    extend(&mut config, named);
                }
                _ => {}
            }
            if let Some(Value::Class(inner)) = self.interp.own_attribute(class, "Config") {
                extend(&mut config, self.config_class(inner));
            }
            let given = self.interp.class(class).keywords.clone();
            extend(&mut config, given.into_iter());
        }
        config
    }

    /// The attributes of a `class Config` and its bases.
    fn config_class(&self, class: ClassId) -> impl Iterator<Item = (SmolStr, Value)> + use<> {
        let mut found = Config::new();
        for base in self.interp.class(class).mro.iter().rev() {
            if let Value::Class(base) = base {
                let frame = self.interp.class(*base).frame;
                found.extend(
                    self.interp
                        .frame(frame)
                        .vars
                        .iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.into_iter()
    }

    /// The part of a configuration that the schema shows.
    pub(super) fn shown_config(&mut self, config: &Config) -> Attributes {
        let mut attributes = Attributes::default();
        for (name, value) in config {
            // Pydantic 1 called it so, and 2 still reads it.
            let name = if name == "schema_extra" {
                "json_schema_extra"
            } else {
                name
            };
            if SHOWN.contains(&name) {
                let data = self.data(value);
                attributes.set(name, data);
            }
        }
        attributes
    }

    /// The alias that an `alias_generator` makes for a field: for validation, for serialization, and in general.
    pub(super) fn generated_aliases(&mut self, config: &Config, field: &str) -> Option<[Data; 3]> {
        let generator = find(config, "alias_generator")?.clone();
        if let Value::LibObject(object) = &generator
            && object.callee.ends_with("AliasGenerator")
        {
            let args = object.args.clone();
            let mut made = |index, name| {
                let function = args
                    .get(index, name)
                    .filter(|function| **function != Value::None)
                    .cloned();
                function.map(|function| self.generate(&function, field))
            };
            let alias = made(0, "alias");
            let validation = made(1, "validation_alias").or_else(|| alias.clone());
            let serialization = made(2, "serialization_alias").or_else(|| alias.clone());
            let or_none = |made: Option<Data>| made.unwrap_or(Data::None);
            return Some([or_none(validation), or_none(serialization), or_none(alias)]);
        }
        let alias = self.generate(&generator, field);
        Some([alias.clone(), alias.clone(), alias])
    }

    fn generate(&mut self, function: &Value, field: &str) -> Data {
        match function.lib_name() {
            Some("pydantic.alias_generators.to_camel") => Data::Str(to_camel(field).into()),
            Some("pydantic.alias_generators.to_pascal") => Data::Str(to_pascal(field).into()),
            Some("pydantic.alias_generators.to_snake") => Data::Str(to_snake(field).into()),
            _ => {
                let args = Args::of([Value::str(field)]);
                match self.interp.call(function, args, None) {
                    Ok(value) => self.data(&value),
                    Err(_) => Data::Unknown(super::reason("the alias generator fails", None)),
                }
            }
        }
    }
}

pub(super) fn find<'c>(config: &'c Config, name: &str) -> Option<&'c Value> {
    config
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
        .filter(|value| **value != Value::None)
}

fn keywords(args: &Args) -> impl Iterator<Item = (SmolStr, Value)> {
    args.keywords
        .iter()
        .map(|(name, value, _)| (name.clone(), value.clone()))
}

fn extend(config: &mut Config, entries: impl Iterator<Item = (SmolStr, Value)>) {
    for (name, value) in entries {
        match config.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => config.push((name, value)),
        }
    }
}

/// `pydantic.alias_generators.to_pascal`.
fn to_pascal(snake: &str) -> String {
    // `str.title`, then underscores between letters go.
    let titled = title(snake);
    let chars: Vec<char> = titled.chars().collect();
    let mut made = String::with_capacity(titled.len());
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i));
        let after = chars.get(i + 1);
        let between =
            before.is_some_and(|c| c.is_ascii_alphanumeric()) && after.is_some_and(char::is_ascii_alphanumeric);
        if *c != '_' || !between {
            made.push(*c);
        }
    }
    made
}

/// `str.title`.
fn title(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut in_word = false;
    for c in text.chars() {
        if in_word {
            made.extend(c.to_lowercase());
        } else {
            made.extend(c.to_uppercase());
        }
        in_word = c.is_alphabetic();
    }
    made
}

/// `pydantic.alias_generators.to_camel`.
fn to_camel(snake: &str) -> String {
    let bytes = snake.as_bytes();
    let is_camel = bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && !bytes
            .windows(2)
            .any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_lowercase());
    if is_camel {
        return snake.to_owned();
    }
    let pascal = to_pascal(snake);
    // The first letter, behind underscores too, is small.
    let start = pascal.find(|c| c != '_').unwrap_or(0);
    let mut made = pascal[..start].to_owned();
    let mut rest = pascal[start..].chars();
    made.extend(rest.next().into_iter().flat_map(char::to_lowercase));
    made.extend(rest);
    made
}

/// `pydantic.alias_generators.to_snake`.
fn to_snake(camel: &str) -> String {
    let chars: Vec<char> = camel.chars().collect();
    let mut made = String::with_capacity(camel.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i)).copied().unwrap_or('_');
        let after = chars.get(i + 1).copied().unwrap_or('_');
        let starts_word = (c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()))
            || (c.is_ascii_uppercase() && before.is_ascii_uppercase() && after.is_ascii_lowercase())
            || (c.is_ascii_digit() && before.is_ascii_alphabetic());
        if starts_word {
            made.push('_');
        }
        made.extend(if c == '-' { '_' } else { c }.to_lowercase());
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{to_camel, to_pascal, to_snake};

    #[test]
    fn aliases_are_made_as_pydantic_makes_them() {
        let camel = ["item_id", "id", "_hidden_name", "itemId", "first_2_names", "a_b"].map(to_camel);
        assert_eq!(camel, ["itemId", "id", "_hiddenName", "itemId", "first2Names", "aB"]);
        assert_eq!(to_pascal("item_id"), "ItemId");
        assert_eq!(
            ["itemId", "HTTPServer", "item2"].map(to_snake),
            ["item_id", "http_server", "item_2"]
        );
    }
}
