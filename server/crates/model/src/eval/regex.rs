//! `re`: regular expressions over known texts, as code derives names and paths with them.

use super::{
    Interp, LOOP_LIMIT,
    value::{Args, LibObject, Value},
};
use crate::Place;
use fancy_regex::{Regex, RegexBuilder};
use smol_str::SmolStr;
use std::sync::Arc;

type Captures<'t> = fancy_regex::Captures<'t, str>;

/// What `re.compile` gives.
const PATTERN: &str = "re.Pattern";
/// What `re.match` and its like give.
const MATCH: &str = "re.Match";
/// Characters of a text that is searched.
const TEXT_LIMIT: usize = 100_000;
/// Steps back that one search may make.
const BACKTRACK_LIMIT: usize = 100_000;

/// Whether it is what `re` makes of a pattern or a match: something that is true.
pub(super) fn is_made_by_re(callee: &str) -> bool {
    matches!(callee, PATTERN | MATCH)
}

impl Interp<'_> {
    /// A function of `re`; `None` where it can't tell.
    pub(crate) fn call_re(&mut self, function: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        let flags = match function {
            "sub" | "split" => args.get(4, "flags"),
            "compile" => args.get(1, "flags"),
            _ => args.get(2, "flags"),
        };
        let is_case_ignored = match flags {
            None => false,
            Some(Value::Lib(name)) => match &**name {
                "re.I" | "re.IGNORECASE" => true,
                "re.A" | "re.ASCII" | "re.NOFLAG" => false,
                _ => return None,
            },
            Some(_) => return None,
        };
        if function == "escape" {
            return Some(Value::str(&escaped(args.get(0, "pattern")?.as_str()?)));
        }
        let pattern = match args.get(0, "pattern")? {
            Value::LibObject(pattern) if pattern.callee.as_ref() == PATTERN => pattern.clone(),
            pattern => {
                let text = pattern.as_str()?;
                let spelled = if is_case_ignored {
                    format!("(?i){text}")
                } else {
                    text.to_owned()
                };
                compiled(&spelled)?;
                Arc::new(LibObject {
                    callee: PATTERN.into(),
                    args: Args::of([Value::str(&spelled)]),
                    at: self.somewhere(at),
                })
            }
        };
        if function == "compile" {
            return Some(Value::LibObject(pattern));
        }
        let mut rest = args.clone();
        if !rest.positional.is_empty() {
            rest.positional.remove(0);
        }
        self.pattern_method(&pattern, function, &rest, at)
    }

    /// A method or attribute of what `re` makes.
    pub(crate) fn re_method(
        &mut self,
        object: &LibObject,
        name: &str,
        args: &Args,
        at: Option<Place>,
    ) -> Option<Value> {
        match &*object.callee {
            PATTERN => self.pattern_method(object, name, args, at),
            MATCH => match_method(object, name, args),
            _ => None,
        }
    }

    fn pattern_method(&mut self, pattern: &LibObject, name: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        let regex = compiled(pattern.args.get(0, "pattern")?.as_str()?)?;
        let text = match name {
            "sub" => args.get(1, "string"),
            _ => args.get(0, "string"),
        };
        let text: Arc<str> = match text? {
            Value::Str(text) if text.len() <= TEXT_LIMIT => text.clone(),
            _ => return None,
        };
        match name {
            "match" | "fullmatch" | "search" => {
                let found = regex.captures(&*text).ok()?.filter(|found| {
                    let whole = found.get(0).map_or(0..0, |whole| whole.range());
                    match name {
                        "match" => whole.start == 0,
                        "fullmatch" => whole == (0..text.len()),
                        _ => true,
                    }
                });
                // The leftmost match is not the only one that may begin there, or end at the end.
                let is_anchored = matches!(name, "match" | "fullmatch");
                let found = match found {
                    None if is_anchored => return self.anchored(&regex, &text, name, at),
                    found => found?,
                };
                Some(self.match_of(&found, at))
            }
            "findall" => {
                let found = all(&regex, &text)?;
                let items = found.iter().map(found_item).collect();
                Some(self.new_list(items))
            }
            "split" if args.get(1, "maxsplit").is_none() => {
                let mut parts = Vec::new();
                let mut end = 0;
                for found in all(&regex, &text)? {
                    let whole = found.get(0)?;
                    parts.push(Value::str(&text[end..whole.start()]));
                    parts.extend((1..found.len()).map(|group| group_of(&found, group)));
                    end = whole.end();
                }
                parts.push(Value::str(&text[end..]));
                Some(self.new_list(parts))
            }
            "sub" if args.get(2, "count").is_none() => self.substituted(&regex, args.get(0, "repl")?, &text, at),
            _ => None,
        }
    }

    /// `re.match` and `re.fullmatch`, where what is found first is not it.
    fn anchored(&mut self, regex: &Regex, text: &str, name: &str, at: Option<Place>) -> Option<Value> {
        let end = if name == "fullmatch" { r"\z" } else { "" };
        let regex = compiled(&format!(r"\A(?:{}){end}", regex.as_str()))?;
        match regex.captures(text).ok()? {
            Some(found) => Some(self.match_of(&found, at)),
            None => Some(Value::None),
        }
    }

    fn match_of(&mut self, found: &Captures<'_>, at: Option<Place>) -> Value {
        let groups = (0..found.len()).map(|group| group_of(found, group));
        Value::LibObject(Arc::new(LibObject {
            callee: MATCH.into(),
            args: Args::of(groups),
            at: self.somewhere(at),
        }))
    }

    fn substituted(&mut self, regex: &Regex, by: &Value, text: &str, at: Option<Place>) -> Option<Value> {
        let mut made = String::new();
        let mut end = 0;
        for found in all(regex, text)? {
            let whole = found.get(0)?;
            made.push_str(&text[end..whole.start()]);
            match by {
                Value::Str(template) => expand(template, &found, &mut made)?,
                function => {
                    let found = self.match_of(&found, at);
                    let function = function.clone();
                    let replacement = self.call(&function, Args::of([found]), at).ok()?;
                    made.push_str(replacement.as_str()?);
                }
            }
            end = whole.end();
        }
        made.push_str(&text[end..]);
        Some(Value::str(&made))
    }
}

/// A pattern of Python as the library here spells it.
fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&pattern.replace(r"\Z", r"\z"))
        .backtrack_limit(BACKTRACK_LIMIT)
        .build()
        .ok()
}

/// All matches, none overlapping; behind one that is empty the search goes on at the next character.
fn all<'t>(regex: &Regex, text: &'t str) -> Option<Vec<Captures<'t>>> {
    let mut found = Vec::new();
    let mut from = 0;
    while from <= text.len() {
        let Some(captures) = regex.captures_from_pos(text, from).ok()? else {
            break;
        };
        let whole = captures.get(0)?.range();
        from = match whole.is_empty() {
            true => whole.end + text[whole.end..].chars().next().map_or(1, char::len_utf8),
            false => whole.end,
        };
        found.push(captures);
        if found.len() > LOOP_LIMIT {
            return None;
        }
    }
    Some(found)
}

fn group_of(found: &Captures<'_>, group: usize) -> Value {
    found.get(group).map_or(Value::None, |group| Value::str(group.as_str()))
}

/// An item of what `findall` gives.
fn found_item(found: &Captures<'_>) -> Value {
    let text = |group| Value::str(found.get(group).map_or("", |group| group.as_str()));
    match found.len() {
        1 => text(0),
        2 => text(1),
        groups => Value::Tuple((1..groups).map(text).collect()),
    }
}

fn match_method(found: &LibObject, name: &str, args: &Args) -> Option<Value> {
    match name {
        "group" | "__getitem__" => match args.get(0, "") {
            None => found.args.get(0, "").cloned(),
            Some(Value::Int(group)) if args.positional.len() == 1 => {
                found.args.get(usize::try_from(*group).ok()?, "").cloned()
            }
            Some(_) => None,
        },
        "groups" if args.positional.is_empty() => Some(Value::Tuple(found.args.values().skip(1).cloned().collect())),
        _ => None,
    }
}

/// Writes what a template stands for: `\1`, `\g<1>`.
fn expand(template: &str, found: &Captures<'_>, made: &mut String) -> Option<()> {
    let mut rest = template;
    while let Some(at) = rest.find('\\') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let first = rest.chars().next()?;
        let (group, length) = match first {
            '1'..='9' => {
                let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
                (&rest[..length], length)
            }
            'g' => {
                let end = rest.find('>')?;
                (rest.get(2..end)?, end + 1)
            }
            '\\' => {
                made.push('\\');
                rest = &rest[1..];
                continue;
            }
            _ => return None,
        };
        let group = match group.parse() {
            Ok(number) if number < found.len() => found.get(number),
            Ok(_) => return None,
            Err(_) => found.name(group),
        };
        made.push_str(group.map_or("", |group| group.as_str()));
        rest = &rest[length..];
    }
    made.push_str(rest);
    Some(())
}

/// `re.escape(text)` (`re/__init__.py`, `_special_chars_map`).
fn escaped(text: &str) -> SmolStr {
    let mut made = String::new();
    for c in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            made.push('\\');
        }
        made.push(c);
    }
    made.into()
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn paths_are_made_with_regular_expressions() {
        check(
            r#"
#- /main.py
import re
from fastapi import FastAPI
app = FastAPI()
WORDS = re.compile(r"[A-Z][a-z]+")
def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
def f(): ...
class OrderLine: ...
app.get("/" + snake(OrderLine.__name__))(f)
app.get("/" + "-".join(WORDS.findall("OrderLineItem")).lower())(f)
app.get("/" + re.sub(r"(\w+)_(?P<last>\w+)", r"\g<last>/\1", "user_id"))(f)
app.get("/" + re.sub("[aeiou]", lambda m: m.group().upper(), "routers"))(f)
app.get(re.match(r"(/v\d)(/.*)", "/v1/items").group(2))(f)
app.get("/" + "/".join(re.split(r"[._]", "a.b_c")))(f)
app.get("/" + re.sub("x*", "-", "abxd"))(f)
if re.fullmatch("a|ab", "ab"):
    app.get("/full")(f)
if re.match("b", "ab"):
    app.get("/never")(f)
app.get("/" + re.sub("(", "", "broken"))(f)
"#,
            r#"main:app GET /order_line -> main.f
main:app GET /order-line-item -> main.f
main:app GET /id/user -> main.f
main:app GET /rOUtErs -> main.f
main:app GET /items -> main.f
main:app GET /a/b/c -> main.f
main:app GET /-a-b--d- -> main.f
main:app GET /full -> main.f
main:app GET /… -> main.f
unresolved GET /…: this value is not a known string
"#,
        );
    }
}
