//! YAML as PyYAML's `safe_load` reads it: what plain scalars mean is YAML 1.1's (`yaml/resolver.py`), `<<` merges
//! (`yaml/constructor.py`, `flatten_mapping`).

use super::{Count, Data};
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

/// Depth of collections in each other.
const DEPTH: u32 = 128;

type Result<T> = std::result::Result<T, String>;

pub(super) fn parse(text: &str) -> Result<Data> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: FxHashMap::default(),
        count: Count::default(),
    };
    let mut document = None;
    loop {
        match reader.next()? {
            Event::StreamEnd => return Ok(document.unwrap_or(Data::Null)),
            Event::DocumentStart(_) if document.is_some() => return Err("it holds several documents".to_owned()),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            event => document = Some(reader.node(event, 0)?),
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, saphyr_parser::StrInput<'t>>,
    /// Nodes by the number of their anchor, with how many values they hold.
    anchors: FxHashMap<usize, (Data, usize)>,
    count: Count,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<Event<'t>> {
        match self.events.next() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(error.to_string()),
            None => Ok(Event::StreamEnd),
        }
    }

    fn node(&mut self, event: Event<'_>, depth: u32) -> Result<Data> {
        if depth > DEPTH {
            return Err(format!("it is nested more than {DEPTH} levels deep"));
        }
        let before = self.count.0;
        self.count.add(1)?;
        let (anchor, data) = match event {
            Event::Alias(anchor) => {
                let (data, size) = self.anchors.get(&anchor).ok_or("an alias stands in its own anchor")?;
                self.count.add(*size)?;
                return Ok(data.clone());
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain;
                (anchor, scalar(&text, is_plain, tag.as_deref()))
            }
            Event::SequenceStart(anchor, tag) => (anchor, tagged(tag.as_deref(), self.sequence(depth)?)),
            Event::MappingStart(anchor, tag) => (anchor, tagged(tag.as_deref(), self.mapping(depth)?)),
            _ => return Err("a node is missing".to_owned()),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (data.clone(), self.count.0 - before));
        }
        Ok(data)
    }

    fn sequence(&mut self, depth: u32) -> Result<Data> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Data::List(items)),
                event => items.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: u32) -> Result<Data> {
        let (mut merged, mut own) = (Vec::new(), Vec::new());
        loop {
            let key = match self.next()? {
                Event::MappingEnd => break,
                Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<" => None,
                event => Some(self.node(event, depth + 1)?),
            };
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            match key {
                Some(Data::List(_) | Data::Dict(_)) => return Err("a collection is a key".to_owned()),
                Some(key) => own.push((key, value)),
                None => merged.extend(mergeable(value)?),
            }
        }
        Ok(Data::Dict(distinct(merged.into_iter().chain(own))))
    }
}

/// The entries that `<<` stands for; of several mappings the first wins, so it comes last.
fn mergeable(value: Data) -> Result<Vec<(Data, Data)>> {
    match value {
        Data::Dict(entries) => Ok(entries),
        Data::List(items) => {
            let entries: Vec<Vec<_>> = items.into_iter().rev().map(mergeable).collect::<Result<_>>()?;
            Ok(entries.concat())
        }
        _ => Err("`<<` merges something other than a mapping".to_owned()),
    }
}

/// The last value of each key, at the place of the first.
fn distinct(entries: impl Iterator<Item = (Data, Data)>) -> Vec<(Data, Data)> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut found: Vec<(Data, Data)> = Vec::new();
    for (key, value) in entries {
        let place = *places.entry(format!("{key:?}")).or_insert(found.len());
        match found.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => found.push((key, value)),
        }
    }
    found
}

fn tagged(tag: Option<&Tag>, data: Data) -> Data {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() => Data::Other("a value with a tag of its own"),
        _ => data,
    }
}

fn scalar(text: &str, is_plain: bool, tag: Option<&Tag>) -> Data {
    match tag {
        None if is_plain => plain(text),
        None => Data::Str(text.into()),
        Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
            "str" => Data::Str(text.into()),
            "null" => Data::Null,
            "bool" | "int" | "float" => match plain(text) {
                Data::Int(number) if tag.suffix == "float" => Data::Float(number as f64),
                data => data,
            },
            _ => Data::Other("a value with a tag"),
        },
        Some(tag) if tag.handle == "!" && tag.suffix.is_empty() => Data::Str(text.into()),
        Some(_) => Data::Other("a value with a tag of its own"),
    }
}

/// What a scalar without quotes means (`yaml/resolver.py`).
fn plain(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Data::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Data::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Data::Float(f64::NAN),
        "=" => Data::Other("YAML's default value"),
        _ => number(text).unwrap_or_else(|| Data::Str(text.into())),
    }
}

/// A number, or what begins like one and is none that is worked out here.
fn number(text: &str) -> Option<Data> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) if text.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", text),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        let infinite = f64::INFINITY;
        return Some(Data::Float(if sign.is_empty() { infinite } else { -infinite }));
    }
    let first = digits.bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    if let Some((radix, rest)) = radix(digits) {
        let is_number = !rest.is_empty() && rest.chars().all(|c| c == '_' || c.is_digit(radix));
        return is_number.then(|| {
            i64::from_str_radix(&format!("{sign}{}", rest.replace('_', "")), radix)
                .map_or(Data::Other("a large number"), Data::Int)
        });
    }
    if is_base_60(digits) {
        return Some(Data::Other("a number in base 60"));
    }
    if is_date(text) {
        return Some(Data::Other("a date"));
    }
    is_float(digits).then(|| {
        format!("{sign}{}", digits.replace('_', ""))
            .parse()
            .map_or(Data::Other("a number"), Data::Float)
    })
}

/// The base of a whole number, and its digits.
fn radix(digits: &str) -> Option<(u32, &str)> {
    if let Some(rest) = digits.strip_prefix("0x") {
        return Some((16, rest));
    }
    if let Some(rest) = digits.strip_prefix("0b") {
        return Some((2, rest));
    }
    let is_whole = digits.bytes().all(|b| b == b'_' || b.is_ascii_digit());
    match digits.strip_prefix('0') {
        Some(rest) if is_whole && !rest.is_empty() => Some((8, rest)),
        _ => is_whole.then_some((10, digits)),
    }
}

/// `12:30`, `190:20:30.15`.
fn is_base_60(digits: &str) -> bool {
    let Some((first, rest)) = digits.split_once(':') else {
        return false;
    };
    let (rest, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let are_digits = |part: &str| part.bytes().all(|b| b == b'_' || b.is_ascii_digit());
    let is_part = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
    are_digits(first) && are_digits(fraction) && rest.split(':').all(is_part)
}

/// `2024-01-31`, with or without a time.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5..]
            .iter()
            .all(|b| b.is_ascii_digit() || b"-:. \tTtZ+".contains(b))
}

/// `1.`, `.5`, `1.5e+3`: a point is needed, and the exponent's sign.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let Some((whole, fraction)) = mantissa.split_once('.') else {
        return false;
    };
    let are_digits = |part: &str| part.bytes().all(|b| b == b'_' || b.is_ascii_digit());
    let has_digit = !whole.is_empty() || fraction.bytes().next().is_some_and(|b| b.is_ascii_digit());
    let is_exponent = |exponent: &str| {
        exponent
            .strip_prefix(['-', '+'])
            .is_some_and(|power| !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit()))
    };
    has_digit && are_digits(whole) && are_digits(fraction) && exponent.is_none_or(is_exponent)
}

#[cfg(test)]
mod tests {
    use super::{Data, parse, plain};

    fn text(text: &str) -> Data {
        Data::Str(text.into())
    }

    #[test]
    fn plain_scalars_mean_what_they_mean_to_pyyaml() {
        assert_eq!(plain("on"), Data::Bool(true));
        assert_eq!(plain("012"), Data::Int(10));
        assert_eq!(plain("-0x1F"), Data::Int(-31));
        assert_eq!(plain("1_000"), Data::Int(1000));
        assert_eq!(plain("1.5e+3"), Data::Float(1500.0));
        for (kept, what) in [("12:30", "a number in base 60"), ("2024-01-31", "a date")] {
            assert_eq!(plain(kept), Data::Other(what));
        }
        for kept in [
            "1e3",
            "v1",
            "/items",
            "-",
            "1.2.3",
            "y",
            "09",
            "0.0.0.0",
            "127.0.0.1:80",
            "8000:http",
        ] {
            assert_eq!(plain(kept), text(kept), "{kept}");
        }
    }

    #[test]
    fn anchors_are_shared_and_merged() {
        let data = parse("base: &b {path: /a, tags: [x]}\nother:\n  <<: *b\n  path: '/b'\n  more: !env X\n").unwrap();
        let Data::Dict(entries) = data else { panic!("{data:?}") };
        assert_eq!(
            entries[1].1,
            Data::Dict(vec![
                (text("path"), text("/b")),
                (text("tags"), Data::List(vec![text("x")])),
                (text("more"), Data::Other("a value with a tag of its own")),
            ])
        );
    }

    #[test]
    fn what_multiplies_or_never_ends_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", below.trim_end_matches(", ")));
        }
        assert!(parse(&bomb).unwrap_err().contains("values"));
        assert!(parse("&a [*a]").is_err());
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse("a: 1\n---\nb: 2\n").is_err());
        assert!(parse("a: [1").is_err());
        assert_eq!(parse(""), Ok(Data::Null));
    }
}
