//! Data as JSON, and small things that Python does with texts.

use crate::notes::Notes;
use model::contract::Data;
use serde_json::{Map, Number, Value};

/// An object of the document.
pub(crate) type Object = Map<String, Value>;

/// A value as JSON; where a part of it is unknown nothing, and a note says why.
pub(crate) fn json(data: &Data, notes: &mut Notes<'_>) -> Option<Value> {
    Some(match data {
        Data::None => Value::Null,
        Data::Bool(value) => Value::Bool(*value),
        Data::Int(value) => Value::from(*value),
        Data::Float(value) => Value::Number(Number::from_f64(*value)?),
        Data::Str(text) => Value::from(&**text),
        Data::List(items) => {
            let items: Option<Vec<Value>> = items.iter().map(|item| json(item, notes)).collect();
            Value::from(items?)
        }
        Data::Dict(entries) => {
            let mut object = Object::new();
            for (key, value) in entries {
                object.insert(key_text(key, notes)?, json(value, notes)?);
            }
            Value::Object(object)
        }
        Data::Unknown(why) => {
            notes.add(why);
            return None;
        }
    })
}

fn key_text(key: &Data, notes: &mut Notes<'_>) -> Option<String> {
    Some(match key {
        Data::Str(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(true) => "true".to_owned(),
        Data::Bool(false) => "false".to_owned(),
        Data::None => "null".to_owned(),
        Data::Unknown(why) => {
            notes.add(why);
            return None;
        }
        _ => return None,
    })
}

/// An object of the document from names and values.
pub(crate) fn object<const N: usize>(entries: [(&str, Value); N]) -> Object {
    entries
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// `str.title`.
pub(crate) fn title_case(text: &str) -> String {
    let mut titled = String::with_capacity(text.len());
    let mut in_word = false;
    for c in text.chars() {
        if in_word {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        in_word = c.is_alphabetic();
    }
    titled
}

/// `fastapi.utils.deep_dict_update`: objects are merged, lists joined, all else is replaced.
pub(crate) fn deep_update(main: &mut Object, update: &Object) {
    for (key, value) in update {
        match (main.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(value)) => deep_update(known, value),
            (Some(Value::Array(known)), Value::Array(value)) => known.extend(value.iter().cloned()),
            _ => {
                main.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::title_case;

    #[test]
    fn titles_are_pythons() {
        let titles = ["item_id", "user-agent", "HTTPServer", "a2b c"].map(title_case);
        assert_eq!(titles, ["Item_Id", "User-Agent", "Httpserver", "A2B C"]);
    }
}
