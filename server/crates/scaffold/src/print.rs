//! Lays out Python as ruff's formatter does: flat where it fits, else the brackets' content on a line of its own, else one
//! item on each line with a trailing comma.

use style::Format;

/// Lays out `head` + items + `tail` at an indentation, for example `def f(` + parameters + `) -> None:`.
pub(crate) fn call(format: &Format, indent: &str, head: &str, items: &[String], tail: &str, explode: bool) -> String {
    let flat = items.join(", ");
    let inner = format!("{indent}{}", format.indent);
    let line = format!("{indent}{head}{flat}{tail}");
    if !explode && (fits(format, &line) || items.is_empty()) {
        return line;
    }
    let single = format!("{inner}{flat}");
    if !explode && fits(format, &single) && !flat.contains('\n') {
        return format!("{indent}{head}\n{single}\n{indent}{tail}");
    }
    let lines: String = items
        .iter()
        .map(|item| format!("{}\n", statement(format, &inner, &format!("{item},"))))
        .collect();
    format!("{indent}{head}\n{lines}{indent}{tail}")
}

/// Lays out one statement that is given on a single line; it is broken at its last pair of brackets.
pub(crate) fn statement(format: &Format, indent: &str, flat: &str) -> String {
    let line = format!("{indent}{flat}");
    if fits(format, &line) || flat.contains('\n') {
        return line;
    }
    match last_brackets(flat) {
        Some((open, close)) if open + 1 < close => {
            let items = split_items(&flat[open + 1..close]);
            call(format, indent, &flat[..=open], &items, &flat[close..], false)
        }
        _ => line,
    }
}

fn fits(format: &Format, line: &str) -> bool {
    let width: usize = line.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    width <= format.line_length
}

/// The outermost bracket that closes last, and where it opens.
fn last_brackets(text: &str) -> Option<(usize, usize)> {
    let mut stack = Vec::new();
    let mut last = None;
    for (i, c) in code_chars(text) {
        match c {
            '(' | '[' | '{' => stack.push(i),
            ')' | ']' | '}' => {
                let open = stack.pop()?;
                if stack.is_empty() {
                    last = Some((open, i));
                }
            }
            _ => {}
        }
    }
    last
}

/// Splits at the commas that stand in no bracket and no string.
pub(crate) fn split_items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (i, c) in code_chars(text) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                items.push(text[start..i].trim().to_owned());
                start = i + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        items.push(last.to_owned());
    }
    items
}

/// A line of code without the content of its strings.
pub(crate) fn without_strings(line: &str) -> String {
    code_chars(line).map(|(_, c)| c).collect()
}

/// The characters of a line that stand outside of strings.
fn code_chars(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |&(_, c)| {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None => return true,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(line_length: usize) -> Format {
        Format {
            quote: '"',
            indent: "    ".into(),
            eol: "\n",
            line_length,
            blank_lines: 2,
            imports: style::ImportFormat::default(),
        }
    }

    #[test]
    fn breaks_as_the_formatter_does() {
        let items = ["session: SessionDep".to_owned(), "author_id: int".to_owned()];
        let lay = |length| call(&format(length), "", "def read(", &items, ") -> Author:", false);
        assert_eq!(lay(88), "def read(session: SessionDep, author_id: int) -> Author:");
        assert_eq!(
            lay(45),
            "def read(\n    session: SessionDep, author_id: int\n) -> Author:"
        );
        assert_eq!(
            lay(30),
            "def read(\n    session: SessionDep,\n    author_id: int,\n) -> Author:"
        );
    }

    #[test]
    fn statements_break_at_their_last_brackets() {
        let flat = "raise HTTPException(status_code=404, detail=\"a, (b\")";
        assert_eq!(
            statement(&format(40), "", flat),
            "raise HTTPException(\n    status_code=404, detail=\"a, (b\"\n)"
        );
        assert_eq!(split_items("a, f(b, c), \"d, e\""), ["a", "f(b, c)", "\"d, e\""]);
    }
}
