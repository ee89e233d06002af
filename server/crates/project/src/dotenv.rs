//! `.env` files, as python-dotenv reads them (`dotenv/parser.py`, `dotenv/variables.py`).

use std::collections::BTreeMap;
use std::sync::Arc;

/// The variables of a `.env` file. Names without `=` are left out, as pydantic-settings has no value for them.
pub(crate) fn parse(text: &str) -> BTreeMap<String, Arc<str>> {
    let mut variables = BTreeMap::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let (binding, after) = binding(rest);
        rest = after;
        if let Some((name, value, is_expanded)) = binding {
            let value = if is_expanded { expand(&value, &variables) } else { value };
            variables.insert(name, value.into());
        }
    }
    variables
}

/// Name, value, and whether `${…}` in it is replaced.
type Binding = Option<(String, String, bool)>;

/// One binding, comment or blank line, and what comes behind it.
fn binding(text: &str) -> (Binding, &str) {
    let text = text.trim_start_matches(|c: char| c.is_whitespace());
    if text.starts_with('#') {
        return (None, after_line(text));
    }
    let text = match text.strip_prefix("export") {
        Some(after) if after.starts_with([' ', '\t']) => after.trim_start_matches([' ', '\t']),
        _ => text,
    };
    let (name, after) = match text.strip_prefix('\'') {
        Some(quoted) => match quoted.split_once('\'') {
            Some((name, after)) => (name, after),
            None => return (None, after_line(text)),
        },
        None => text.split_at(
            text.find(|c: char| c == '=' || c == '#' || c.is_whitespace())
                .unwrap_or(text.len()),
        ),
    };
    let Some(value) = after.trim_start_matches([' ', '\t']).strip_prefix('=') else {
        return (None, after_line(after));
    };
    let value = value.trim_start_matches([' ', '\t']);
    let (value, after, is_expanded) = match value.chars().next() {
        Some('\'') => match quoted(value, '\'') {
            Some((raw, after)) => (unescape(raw, "\\'"), after, true),
            None => return (None, after_line(value)),
        },
        Some('"') => match quoted(value, '"') {
            Some((raw, after)) => (unescape(raw, "\\'\"abfnrtv"), after, true),
            None => return (None, after_line(value)),
        },
        _ => {
            let line = value.split(['\r', '\n']).next().unwrap_or("");
            (without_comment(line).trim_end().to_owned(), &value[line.len()..], true)
        }
    };
    // Anything but a comment behind a closing quote makes the whole line invalid.
    let trailing = after.split(['\r', '\n']).next().unwrap_or("").trim_start();
    let is_valid = trailing.is_empty() || trailing.starts_with('#');
    (
        is_valid.then(|| (name.to_owned(), value, is_expanded)),
        after_line(after),
    )
}

fn after_line(text: &str) -> &str {
    text.find('\n').map_or("", |end| &text[end + 1..])
}

/// The inside of a quoted value and what comes behind the closing quote.
fn quoted(text: &str, quote: char) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        if c == quote && !is_escaped {
            return Some((&text[1..index], &text[index + 1..]));
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}

fn unescape(raw: &str, known: &str) -> String {
    let mut result = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '\\' && known.contains(next) => {
                chars.next();
                result.push(match next {
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\u{b}',
                    other => other,
                });
            }
            _ => result.push(c),
        }
    }
    result
}

/// An unquoted value ends where white space and `#` begin a comment.
fn without_comment(line: &str) -> &str {
    let mut previous = ' ';
    for (index, c) in line.char_indices() {
        if c == '#' && previous.is_whitespace() && index > 0 {
            return &line[..index];
        }
        previous = c;
    }
    line
}

/// `${NAME}` and `${NAME:-default}`, from the variables above.
fn expand(value: &str, variables: &BTreeMap<String, Arc<str>>) -> String {
    let mut result = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let inside = &rest[start + 2..start + length];
        let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
        result.push_str(&rest[..start]);
        result.push_str(variables.get(name).map_or(default, |value| value));
        rest = &rest[start + length + 1..];
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// Expected values are what python-dotenv 1.2's `dotenv_values` gives for the same text.
    #[test]
    fn values_are_those_of_python_dotenv() {
        let variables = parse(concat!(
            "\u{feff}# comment\n",
            "A=1\n",
            "export B = two words # note\n",
            "C='single # $B\\'s'\r\n",
            "D=\"line\\nnext ${A}\"\n",
            "E=\"over\nlines\"\n",
            "F=a#b\n",
            "G=\n",
            "NO_VALUE\n",
            "H=${MISSING:-/api/v1}/x\n",
            "I=\"never closed\n",
            "J=ü\n",
            "K='a'b\n",
            "L= #c\n",
            "A=again",
        ));
        let expected = [
            ("A", "again"),
            ("B", "two words"),
            ("C", "single # $B's"),
            ("D", "line\nnext 1"),
            ("E", "over\nlines"),
            ("F", "a#b"),
            ("G", ""),
            ("H", "/api/v1/x"),
            ("J", "ü"),
            ("L", "#c"),
        ];
        let found: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (name.as_str(), &**value))
            .collect();
        assert_eq!(found, expected);
    }
}
