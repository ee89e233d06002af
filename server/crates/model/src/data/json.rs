//! JSON as the standard library's `json` reads it, without `NaN` and `Infinity`.

use super::{Count, Data};
use serde_json::Value;

pub(super) fn parse(text: &str) -> Result<Data, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    data(value, &mut Count::default())
}

fn data(value: Value, count: &mut Count) -> Result<Data, String> {
    count.add(1)?;
    Ok(match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Data::Int(number),
            (None, Some(number)) if !number.is_nan() && number.abs() < 1e18 => Data::Float(number),
            _ => Data::Other("a large number"),
        },
        Value::String(text) => Data::Str(text.into()),
        Value::Array(items) => Data::List(
            items
                .into_iter()
                .map(|item| data(item, count))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, value)| Ok((Data::Str(key.into()), data(value, count)?)));
            Data::Dict(entries.collect::<Result<_, String>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::data::Data;

    #[test]
    fn the_last_of_equal_keys_counts_and_order_is_kept() {
        let one = |key: &str, value| (Data::Str(key.into()), value);
        assert_eq!(
            parse(r#"{"b": 1, "a": [true, null, 1.5, 99999999999999999999], "b": "x"}"#),
            Ok(Data::Dict(vec![
                one("b", Data::Str("x".into())),
                one(
                    "a",
                    Data::List(vec![
                        Data::Bool(true),
                        Data::Null,
                        Data::Float(1.5),
                        Data::Other("a large number")
                    ])
                ),
            ]))
        );
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_refused() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&format!("[{}0]", "0,".repeat(100_000))).is_err());
    }
}
