//! `model_config`, `class Config` and class keywords (Pydantic's `_config.py`, `ConfigWrapper.for_model`).

use crate::eval::{
    Interp,
    value::{Args, ClassId, Value},
};
use smol_str::SmolStr;

/// A class's configuration, as values: some are functions.
pub(crate) type Config = Vec<(SmolStr, Value)>;

impl Interp<'_> {
    /// The configuration of a class; what comes later along its line of bases wins.
    pub(crate) fn model_config(&self, class: ClassId) -> Config {
        let mut config = Config::new();
        for base in self.class(class).mro.iter().rev() {
            let Value::Class(class) = base else { continue };
            match self.own_attribute(*class, "model_config") {
                Some(Value::LibObject(object)) => extend(&mut config, keywords(&object.args)),
                Some(Value::Dict(dict)) => {
                    let entries = self.dict_entries(dict).iter();
                    let named =
                        entries.filter_map(|entry| Some((SmolStr::new(entry.key.as_str()?), entry.value.clone())));
                    extend(&mut config, named);
                }
                _ => {}
            }
            if let Some(Value::Class(inner)) = self.own_attribute(*class, "Config") {
                extend(&mut config, self.config_class(inner));
            }
            extend(&mut config, self.class(*class).keywords.iter().cloned());
        }
        config
    }

    /// The attributes of a `class Config` and its bases.
    fn config_class(&self, class: ClassId) -> impl Iterator<Item = (SmolStr, Value)> + use<> {
        let mut found = Config::new();
        for base in self.class(class).mro.iter().rev() {
            if let Value::Class(base) = base {
                let vars = &self.frame(self.class(*base).frame).vars;
                found.extend(vars.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.into_iter()
    }

    /// The alias that an `alias_generator` makes for a field: for validation, for serialization, and in general.
    pub(crate) fn generated_aliases(&mut self, config: &Config, field: &str) -> Option<[Value; 3]> {
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
            let or_none = |made: Option<Value>| made.unwrap_or(Value::None);
            return Some([or_none(validation), or_none(serialization), or_none(alias)]);
        }
        let alias = self.generate(&generator, field);
        Some([alias.clone(), alias.clone(), alias])
    }

    fn generate(&mut self, function: &Value, field: &str) -> Value {
        match function.lib_name() {
            Some("pydantic.alias_generators.to_camel") => Value::str(&to_camel(field)),
            Some("humps.camelize" | "humps.main.camelize") if is_plain(field) => Value::str(&to_camel(field)),
            Some("pydantic.alias_generators.to_pascal") => Value::str(&to_pascal(field)),
            Some("pydantic.alias_generators.to_snake") => Value::str(&to_snake(field)),
            _ => {
                let args = Args::of([Value::str(field)]);
                self.call(function, args, None)
                    .unwrap_or_else(|_| Value::unknown("the alias generator fails", None))
            }
        }
    }
}

/// Whether pyhumps makes of a name what Pydantic makes of it: around digits and double underscores they differ.
fn is_plain(field: &str) -> bool {
    field
        .split('_')
        .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

pub(crate) fn find<'c>(config: &'c Config, name: &str) -> Option<&'c Value> {
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
