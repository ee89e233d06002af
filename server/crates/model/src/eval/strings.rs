//! Strings: f-strings, formats and the methods of `str`.

use super::{
    Context, Eval, Interp, TEXT_LIMIT, format,
    iterate::Items,
    ops::{bounded_text, size, too_long},
    value::{Args, Value},
};
use crate::{Place, Reason, Text};
use facts::{FPart, Format};
use std::sync::Arc;

/// Tuples and lists in each other whose text is made.
const REPR_DEPTH: usize = 4;

impl Interp<'_> {
    pub(crate) fn eval_f_string(&mut self, cx: &Context, parts: &[FPart], whole: Place) -> Eval<Value> {
        let mut text = Text::default();
        for part in parts {
            text = text.concat(&match part {
                FPart::Text(known) => Text::known(known.clone()),
                FPart::Hole { expr, format } => {
                    let at = cx.place(*expr);
                    let value = self.eval(cx, *expr)?;
                    match format {
                        Some(Format::Spec(spec)) => self.formatted(value, spec, at),
                        Some(Format::Other) if !value.is_unknown() => formatted_somehow(at),
                        _ => {
                            let value = self.says_itself(value, at);
                            self.str_of(&value, at)
                        }
                    }
                }
            });
            if size(&text) > TEXT_LIMIT {
                return Ok(too_long("string", whole));
            }
        }
        Ok(Value::from_text(text))
    }

    /// `format(value, spec)`.
    fn formatted(&self, value: Value, spec: &str, at: Place) -> Text {
        let value = match self.enum_text(&value) {
            Some(text) if !self.is_named_member(&value) => Value::Str(text),
            _ => value,
        };
        match format::formatted(&value, spec) {
            Some(text) => Text::known(text),
            None if value.is_unknown() || spec.is_empty() => self.str_of(&value, at),
            None => formatted_somehow(at),
        }
    }

    /// What an object's own `__str__` gives.
    pub(crate) fn says_itself(&mut self, value: Value, at: Place) -> Value {
        let class = match &value {
            Value::Object(object) => match self.instance(*object).map(|instance| &instance.class) {
                Some(Value::Class(class)) => *class,
                _ => return value,
            },
            _ => return value,
        };
        match self.class_attribute(class, "__str__", None) {
            Some((method @ Value::Function(_), _)) => self
                .call(&method, Args::of([value]), Some(at))
                .unwrap_or_else(|_| Value::unknown("a text that can't be made", Some(at))),
            _ => value,
        }
    }

    /// `str(value)`, and what stands for it in an f-string.
    pub(crate) fn str_of(&self, value: &Value, at: Place) -> Text {
        match value {
            Value::Object(_) if self.is_named_member(value) => self.member_name(value, at),
            Value::Int(value) => Text::known(value.to_string()),
            Value::Float(value) => {
                format::float_text(*value).map_or_else(|| self.text_of(&Value::Float(*value), at), Text::known)
            }
            Value::Bool(value) => Text::known(if *value { "True" } else { "False" }),
            Value::None => Text::known("None"),
            Value::Path(path) => Text::known(path.clone()),
            Value::Tuple(_) | Value::List(_) if let Some(text) = self.repr(value, REPR_DEPTH) => Text::known(text),
            value => self.text_of(value, at),
        }
    }

    /// `repr(value)` of plain values and of tuples and lists of them; `None` for all others.
    fn repr(&self, value: &Value, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let joined = |items: &[Value]| -> Option<String> {
            let items: Option<Vec<String>> = items.iter().map(|item| self.repr(item, depth)).collect();
            Some(items?.join(", "))
        };
        Some(match value {
            Value::None => "None".to_owned(),
            Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => format::float_text(*value)?,
            Value::Str(text) if !text.contains(|c: char| !(c == ' ' || c.is_ascii_graphic()) || "'\\".contains(c)) => {
                format!("'{text}'")
            }
            Value::Tuple(items) if items.len() == 1 => format!("({},)", joined(items)?),
            Value::Tuple(items) => format!("({})", joined(items)?),
            Value::List(id) if self.object(*id).open.is_none() => format!("[{}]", joined(self.list_items(*id))?),
            _ => return None,
        })
    }

    /// Whether it is a member of an enum that is shown by its name: all but `StrEnum` and `IntEnum` (Python 3.11 and later,
    /// `enum.ReprEnum`).
    fn is_named_member(&self, value: &Value) -> bool {
        let Value::Object(object) = value else { return false };
        match self.instance(*object).map(|instance| &instance.class) {
            Some(Value::Class(class)) => {
                let is_shown = ["enum.StrEnum", "enum.IntEnum", "enum.IntFlag"];
                self.enum_members(*class).is_some() && !is_shown.iter().any(|name| self.inherits(*class, name))
            }
            _ => false,
        }
    }

    /// `Color.red`.
    fn member_name(&self, value: &Value, at: Place) -> Text {
        let Value::Object(object) = value else {
            return self.text_of(value, at);
        };
        let Some(instance) = self.instance(*object) else {
            return self.text_of(value, at);
        };
        match (&instance.class, instance.attrs.get("name")) {
            (Value::Class(class), Some(Value::Str(name))) => Text::known(format!("{}.{name}", self.class(*class).name)),
            _ => self.text_of(value, at),
        }
    }

    /// `format % values`, for `%s` and `%d`.
    pub(crate) fn percent_format(&mut self, format: &str, values: &Value, at: Place) -> Value {
        let mut values = match values {
            Value::Tuple(items) => items.to_vec(),
            single => vec![single.clone()],
        }
        .into_iter();
        let mut text = Text::default();
        let mut rest = format;
        while let Some(found) = rest.find('%') {
            text = text.concat(&Text::known(&rest[..found]));
            let code = rest[found + 1..].chars().next();
            text = match (code, code.filter(|c| *c != '%').and_then(|_| values.next())) {
                (Some('%'), _) => text.concat(&Text::known("%")),
                (Some('s' | 'd'), Some(value)) => text.concat(&self.str_of(&value, at)),
                _ => return Value::unknown("a formatted string", Some(at)),
            };
            if size(&text) > TEXT_LIMIT {
                return too_long("string", at);
            }
            rest = &rest[found + 1 + code.map_or(0, char::len_utf8)..];
        }
        bounded_text(text.concat(&Text::known(rest)), at)
    }

    /// A method of a string.
    pub(crate) fn str_method(&mut self, receiver: &Value, name: &str, args: &Args, at: Place) -> Value {
        if let (Value::Str(text), Some(value)) = (receiver, self.known_str_method(receiver, name, args)) {
            let _ = text;
            return value;
        }
        match (receiver, name) {
            (Value::Str(format), "format") => self.format_method(&format.clone(), args, at),
            (Value::Str(separator), "join") => {
                let separator = Text::known(separator.clone());
                let Some(items) = args.get(0, "iterable").cloned() else {
                    return Value::unknown("a joined string", Some(at));
                };
                match self.items_of(&items, at) {
                    Items::Known(items) => {
                        let mut text = Text::default();
                        for (i, item) in items.iter().enumerate() {
                            if i > 0 {
                                text = text.concat(&separator);
                            }
                            text = text.concat(&self.text_of(item, at));
                            if size(&text) > TEXT_LIMIT {
                                return too_long("string", at);
                            }
                        }
                        Value::from_text(text)
                    }
                    Items::Unknown(reason) => Value::Unknown(reason),
                }
            }
            (Value::Text(text), "rstrip" | "removesuffix") => self.strip_end(&text.clone(), name, args, at),
            (Value::Text(text), _) => match text.reason() {
                Some(reason) => Value::Unknown(Arc::new(reason.clone())),
                None => Value::unknown("a string", Some(at)),
            },
            _ => Value::unknown(format!("the result of `str.{name}`"), Some(at)),
        }
    }

    /// A text that ends in known text can lose its end.
    fn strip_end(&self, text: &Text, name: &str, args: &Args, at: Place) -> Value {
        let Some(end) = args.get(0, "chars").and_then(Value::as_str) else {
            return Value::unknown("a stripped string", Some(at));
        };
        match text.pieces().split_last() {
            Some((crate::Piece::Known(last), before)) => {
                let stripped = match name {
                    "rstrip" => last.trim_end_matches(|c| end.contains(c)),
                    _ => last.strip_suffix(end).unwrap_or(last),
                };
                if stripped.is_empty() {
                    return Value::unknown("a stripped string", Some(at));
                }
                let head = before.iter().fold(Text::default(), |text, piece| {
                    text.concat(&match piece {
                        crate::Piece::Known(known) => Text::known(known.clone()),
                        crate::Piece::Hole(reason) => Text::hole(reason.clone()),
                    })
                });
                Value::from_text(head.concat(&Text::known(stripped)))
            }
            _ => Value::unknown("a stripped string", Some(at)),
        }
    }

    fn known_str_method(&mut self, receiver: &Value, name: &str, args: &Args) -> Option<Value> {
        let text = receiver.as_str()?;
        let first = args.get(0, "").and_then(Value::as_str);
        let second = args.get(1, "").and_then(Value::as_str);
        let chars = |set: Option<&str>| {
            let set = set.map(str::to_owned);
            move |c: char| set.as_ref().map_or(c.is_whitespace(), |set| set.contains(c))
        };
        let has_args = !args.positional.is_empty();
        if has_args && first.is_none() && name != "join" && name != "format" {
            return self.str_affix(text, name, args);
        }
        Some(match name {
            "strip" => Value::str(text.trim_matches(chars(first))),
            "lstrip" => Value::str(text.trim_start_matches(chars(first))),
            "rstrip" => Value::str(text.trim_end_matches(chars(first))),
            "lower" | "casefold" => Value::str(&text.to_lowercase()),
            "upper" => Value::str(&text.to_uppercase()),
            "title" => Value::str(&title(text)),
            "capitalize" => Value::str(&capitalize(text)),
            "replace" => {
                let (old, new) = (first?, second?);
                if text.matches(old).count().saturating_mul(new.len()) > TEXT_LIMIT {
                    return None;
                }
                Value::str(&text.replace(old, new))
            }
            "removeprefix" => Value::str(text.strip_prefix(first?).unwrap_or(text)),
            "removesuffix" => Value::str(text.strip_suffix(first?).unwrap_or(text)),
            "startswith" => Value::Bool(text.starts_with(first?)),
            "endswith" => Value::Bool(text.ends_with(first?)),
            "isdigit" => Value::Bool(!text.is_empty() && text.chars().all(char::is_numeric)),
            "isidentifier" => Value::Bool(
                !text.starts_with(|c: char| c.is_ascii_digit())
                    && !text.is_empty()
                    && text.chars().all(|c| c == '_' || c.is_alphanumeric()),
            ),
            "split" => match args.get(1, "maxsplit") {
                Some(Value::Int(limit)) if *limit >= 0 => {
                    let limit = usize::try_from(*limit).ok()?;
                    let items = text.splitn(limit + 1, first?).map(Value::str).collect();
                    self.new_list(items)
                }
                Some(_) => return None,
                None => {
                    let items = match first {
                        Some(separator) => text.split(separator).map(Value::str).collect(),
                        None => text.split_whitespace().map(Value::str).collect(),
                    };
                    self.new_list(items)
                }
            },
            "rsplit" => {
                let limit = match args.get(1, "maxsplit") {
                    Some(Value::Int(limit)) => usize::try_from(*limit).ok()?,
                    Some(_) => return None,
                    None => usize::MAX - 1,
                };
                let mut items: Vec<Value> = text.rsplitn(limit + 1, first?).map(Value::str).collect();
                items.reverse();
                self.new_list(items)
            }
            "partition" | "rpartition" => {
                let separator = first?;
                let split = if name == "partition" {
                    text.split_once(separator)
                } else {
                    text.rsplit_once(separator)
                };
                let parts = match (split, name) {
                    (Some((a, b)), _) => [a, separator, b],
                    (None, "partition") => [text, "", ""],
                    _ => ["", "", text],
                };
                Value::Tuple(parts.iter().map(|part| Value::str(part)).collect())
            }
            _ => return None,
        })
    }

    /// `startswith`/`endswith` with a tuple.
    fn str_affix(&self, text: &str, name: &str, args: &Args) -> Option<Value> {
        let Some(Value::Tuple(affixes)) = args.get(0, "") else {
            return None;
        };
        let affixes = affixes.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
        match name {
            "startswith" => Some(Value::Bool(affixes.iter().any(|affix| text.starts_with(affix)))),
            "endswith" => Some(Value::Bool(affixes.iter().any(|affix| text.ends_with(affix)))),
            _ => None,
        }
    }

    fn format_method(&mut self, format: &str, args: &Args, at: Place) -> Value {
        let mut text = Text::default();
        let mut rest = format;
        let mut next = 0;
        while let Some(found) = rest.find(['{', '}']) {
            text = text.concat(&Text::known(&rest[..found]));
            let brace = rest.as_bytes()[found];
            rest = &rest[found + 1..];
            if rest.as_bytes().first() == Some(&brace) {
                text = text.concat(&Text::known(if brace == b'{' { "{" } else { "}" }));
                rest = &rest[1..];
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| brace == b'{') else {
                return Value::unknown("a formatted string", Some(at));
            };
            let field = &rest[..end];
            rest = &rest[end + 1..];
            let (field, spec) = field
                .split_once(':')
                .map_or((field, None), |(name, spec)| (name, Some(spec)));
            let value = if field.is_empty() {
                next += 1;
                args.positional.get(next - 1).map(|(value, _)| value.clone())
            } else if let Ok(index) = field.parse::<usize>() {
                args.positional.get(index).map(|(value, _)| value.clone())
            } else {
                args.keyword(field).cloned()
            };
            let part = match (value, spec) {
                (Some(value), Some(spec)) => self.formatted(value, spec, at),
                (Some(value), None) => self.str_of(&value, at),
                (None, _) => Text::hole(Reason {
                    text: Arc::from("a field of a format"),
                    place: Some(at),
                }),
            };
            text = text.concat(&part);
            if size(&text) > TEXT_LIMIT {
                return too_long("string", at);
            }
        }
        bounded_text(text.concat(&Text::known(rest)), at)
    }
}

fn formatted_somehow(at: Place) -> Text {
    Text::hole(Reason {
        text: Arc::from("a formatted value"),
        place: Some(at),
    })
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect()
    })
}

fn title(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            result.extend(c.to_lowercase());
        } else {
            result.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    result
}
