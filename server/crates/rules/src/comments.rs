//! The comments of a Python text: everything behind a `#` that is not in a string.
//!
//! A scanner over the text alone (Python's lexical analysis, section 2.4 to 2.7 of the language reference), since the
//! trees of closed files are not kept.

use base::Span;

/// Spans of the comments, `#` included and the end of the line not, in order.
pub(crate) fn comments(text: &str) -> Vec<Span> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        found: Vec::new(),
    };
    let mut at = 0;
    while at < scanner.bytes.len() {
        at = scanner.step(at);
    }
    scanner.found
}

struct Scanner<'t> {
    bytes: &'t [u8],
    found: Vec<Span>,
}

/// A replacement field that isn't closed.
struct Unclosed;

/// Fields nested deeper or longer than this are taken for unclosed.
const MAX_NESTING: usize = 32;
const MAX_FIELD: usize = 10_000;

impl Scanner<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Steps over a comment, a string or one byte.
    fn step(&mut self, at: usize) -> usize {
        match self.bytes[at] {
            b'#' => self.comment(at),
            b'"' | b'\'' => self.outer_string(at),
            _ => at + 1,
        }
    }

    fn comment(&mut self, at: usize) -> usize {
        let rest = &self.bytes[at..];
        let len = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = at + len.unwrap_or(rest.len());
        self.found.push(Span::new(at as u32, end as u32));
        end
    }

    /// A string with an unclosed field is read once more as if it had none, so that the text behind it isn't lost.
    fn outer_string(&mut self, at: usize) -> usize {
        let comments = self.found.len();
        let end = if self.has_fields(at) {
            self.string(at, true, 0)
        } else {
            Err(Unclosed)
        };
        end.or_else(|Unclosed| {
            self.found.truncate(comments);
            self.string(at, false, 0)
        })
        .unwrap_or(self.bytes.len())
    }

    /// Steps over the string whose quote is at `at`. One that isn't closed ends with its line.
    fn string(&mut self, at: usize, has_fields: bool, nesting: usize) -> Result<usize, Unclosed> {
        let quote = self.bytes[at];
        let is_triple = self.bytes[at..].starts_with(&[quote; 3]);
        let end: &[u8] = if is_triple { &[quote; 3] } else { &[quote] };
        let mut i = at + end.len();
        while let Some(byte) = self.byte(i) {
            match byte {
                b'\\' => i += 2,
                b'\n' | b'\r' if !is_triple => return Ok(i),
                b'{' if has_fields && self.byte(i + 1) == Some(b'{') => i += 2,
                b'{' if has_fields => i = self.field(i, quote, is_triple, nesting)?,
                _ if self.bytes[i..].starts_with(end) => return Ok(i + end.len()),
                _ => i += 1,
            }
        }
        Ok(self.bytes.len())
    }

    /// Whether the letters before a quote make it an f-string or t-string.
    fn has_fields(&self, quote: usize) -> bool {
        let before = self.bytes[..quote].iter().rev();
        let letters: Vec<u8> = before
            .take(3)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .map(u8::to_ascii_lowercase)
            .collect();
        letters.len() <= 2
            && letters.iter().any(|byte| matches!(byte, b'f' | b't'))
            && letters.iter().all(|byte| b"frt".contains(byte))
    }

    /// Steps over the replacement field that opens at `at` (PEP 701).
    fn field(&mut self, at: usize, quote: u8, is_triple: bool, nesting: usize) -> Result<usize, Unclosed> {
        if nesting > MAX_NESTING {
            return Err(Unclosed);
        }
        let mut depth = 0_usize;
        let mut in_format = false;
        let mut i = at + 1;
        while let Some(byte) = self.byte(i).filter(|_| i < at + MAX_FIELD) {
            match byte {
                b'}' if depth == 0 => return Ok(i + 1),
                b'{' if in_format => i = self.field(i, quote, is_triple, nesting + 1)?,
                b'\n' | b'\r' if in_format && !is_triple => break,
                _ if in_format && byte == quote => break,
                _ if in_format => i += 1,
                b'#' => i = self.comment(i),
                b'"' | b'\'' => i = self.string(i, self.has_fields(i), nesting + 1)?,
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    i += 1;
                }
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    i += 1;
                }
                b':' if depth == 0 => {
                    in_format = true;
                    i += 1;
                }
                _ => i += 1,
            }
        }
        Err(Unclosed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        comments(text).into_iter().map(|span| span.text(text)).collect()
    }

    #[test]
    fn finds_comments_outside_strings_only() {
        for (text, expected) in [
            ("x = 1  # a\n# b", vec!["# a", "# b"]),
            ("x = '# no'  # a", vec!["# a"]),
            ("'''\n# no\n'''  # a\r\n# b\r\n", vec!["# a", "# b"]),
            (r#"x = "\" # no"  # a"#, vec!["# a"]),
            (r#"x = r"\"  # no"#, vec![]),
            ("x = \"not closed # no\ny = 1  # a", vec!["# a"]),
            ("x = '''not closed\n# no", vec![]),
            ("x = ''  # a", vec!["# a"]),
            ("é = '😀'  # ü", vec!["# ü"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn reads_fields_of_f_strings() {
        for (text, expected) in [
            (r##"x = f"{d["#"]}"  # a"##, vec!["# a"]),
            (r##"x = f"{{ # no }}"  # a"##, vec!["# a"]),
            (r##"x = rf'{x:#x}'  # a"##, vec!["# a"]),
            (r##"x = f"{x!r:>{width}} # no"  # a"##, vec!["# a"]),
            (r##"x = f"{ # no"  # a"##, vec!["# a"]),
            ("x = f'''{\n    y  # a\n}'''  # b", vec!["# a", "# b"]),
            (r##"if"{" == x: pass  # a"##, vec!["# a"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn survives_deep_nesting() {
        let text = format!("{}\n# a", "f'{".repeat(5_000));
        assert_eq!(found(&text), ["# a"]);
    }
}
