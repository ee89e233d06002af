//! TOML as `tomllib` reads it.

use super::{Count, Data};
use toml::{Table, Value};

pub(super) fn parse(text: &str) -> Result<Data, String> {
    let table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    data(Value::Table(table), &mut Count::default())
}

fn data(value: Value, count: &mut Count) -> Result<Data, String> {
    count.add(1)?;
    Ok(match value {
        Value::String(text) => Data::Str(text.into()),
        Value::Integer(number) => Data::Int(number),
        Value::Float(number) => Data::Float(number),
        Value::Boolean(value) => Data::Bool(value),
        Value::Datetime(_) => Data::Other("a date"),
        Value::Array(items) => Data::List(
            items
                .into_iter()
                .map(|item| data(item, count))
                .collect::<Result<_, _>>()?,
        ),
        Value::Table(table) => {
            let entries = table
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
    fn tables_keep_their_order() {
        let text = "b = 1\na = [2024-01-01, true]\n[z]\nx = 'y'\n";
        let one = |key: &str, value| (Data::Str(key.into()), value);
        assert_eq!(
            parse(text),
            Ok(Data::Dict(vec![
                one("b", Data::Int(1)),
                one("a", Data::List(vec![Data::Other("a date"), Data::Bool(true)])),
                one("z", Data::Dict(vec![one("x", Data::Str("y".into()))])),
            ]))
        );
        assert!(parse("a = 1\na = 2\n").is_err());
        assert!(parse(&format!("a = {}", "[".repeat(100_000))).is_err());
    }
}
