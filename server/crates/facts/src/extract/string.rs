//! Strings: unescaping, implicit concatenation, f-strings and forward references.

use super::expr::Strings;
use super::{Lowerer, Place, shifted};
use crate::program::{Expr, ExprId, FPart, Format};
use base::Span;
use syntax::{Field, Kind, Node};

/// What the prefix of a string literal says.
#[derive(Clone, Copy, Default)]
struct Prefix {
    raw: bool,
    bytes: bool,
    format: bool,
    template: bool,
}

impl Prefix {
    fn of(start: &str) -> Self {
        let mut prefix = Self::default();
        for byte in start.bytes() {
            match byte.to_ascii_lowercase() {
                b'r' => prefix.raw = true,
                b'b' => prefix.bytes = true,
                b'f' => prefix.format = true,
                b't' => prefix.template = true,
                _ => {}
            }
        }
        prefix
    }
}

/// The parts of an implicit concatenation so far.
#[derive(Default)]
struct Parts {
    /// Text since the last hole.
    text: String,
    parts: Vec<FPart>,
    format: bool,
    bytes: bool,
    unreadable: bool,
}

impl Parts {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(FPart::Text(std::mem::take(&mut self.text).into()));
        }
    }

    fn hole(&mut self, expr: ExprId, format: Option<Format>) {
        self.flush();
        self.parts.push(FPart::Hole { expr, format });
    }
}

impl<'t> Lowerer<'t> {
    /// Lowers a `string` or `concatenated_string` node.
    pub(super) fn string(&mut self, node: Node<'t>, strings: Strings) -> ExprId {
        let mut parts = Parts::default();
        if Kind::of(node) == Kind::ConcatenatedString {
            let range = self.push_children(node);
            for i in range.clone() {
                let child = self.children[i];
                if child.kind == Kind::String {
                    self.literal(child.node, &mut parts);
                }
            }
            self.children.truncate(range.start);
        } else {
            self.literal(node, &mut parts);
        }
        let span = self.span_of(node);
        if parts.unreadable {
            return self.add(Expr::Error, span);
        }
        if parts.bytes {
            return self.add(Expr::Bytes, span);
        }
        if parts.format && !parts.parts.is_empty() {
            parts.flush();
            return self.add(Expr::FString(parts.parts), span);
        }
        let text = parts.text;
        let quoted = match strings {
            Strings::Quoted => self.forward_reference(node, &text),
            Strings::Plain => None,
        };
        match quoted {
            Some(expr) => self.add(Expr::Quoted(text.into(), expr), span),
            None => self.add(Expr::Str(text.into()), span),
        }
    }

    /// Reads one literal. Its text is what lies between the quotes and the holes: the grammar counts some of it, such as
    /// the backslashes of `r'\\'`, to the closing quote.
    fn literal(&mut self, node: Node<'t>, parts: &mut Parts) {
        let range = self.push_children(node);
        let mut prefix = Prefix::default();
        let mut from = node.end_byte();
        let mut quotes = 0;
        for i in range.clone() {
            let child = self.children[i];
            if matches!(child.kind, Kind::Interpolation | Kind::StringEnd) {
                let to = match child.kind {
                    Kind::StringEnd => child.node.end_byte().saturating_sub(quotes).max(from),
                    _ => child.node.start_byte(),
                };
                let text = self.text.get(from..to).unwrap_or("");
                self.content(node, text, prefix, parts);
                from = child.node.end_byte();
            }
            match child.kind {
                Kind::StringStart => {
                    from = child.node.end_byte();
                    quotes = quotes_of(self.text_of(child.node));
                    prefix = Prefix::of(self.text_of(child.node));
                    parts.bytes |= prefix.bytes;
                    parts.format |= prefix.format;
                    parts.unreadable |= prefix.template;
                }
                Kind::Interpolation => self.interpolation(child.node, parts),
                Kind::Error => parts.unreadable = true,
                _ => {}
            }
        }
        self.children.truncate(range.start);
    }

    fn content(&mut self, node: Node<'t>, text: &str, prefix: Prefix, parts: &mut Parts) {
        let mut rest = text;
        while let Some(at) = rest.find(['\\', '\r', '{', '}']) {
            parts.text.push_str(&rest[..at]);
            rest = &rest[at..];
            let used = match rest.as_bytes()[0] {
                b'\\' if !prefix.raw => match unescape(rest) {
                    Escape::Text(c, used) => {
                        parts.text.extend(c);
                        used
                    }
                    Escape::Unknown(used) => {
                        let expr = self.error(node);
                        parts.hole(expr, None);
                        parts.format = true;
                        used
                    }
                },
                // Python reads every line break as `\n`.
                b'\r' => {
                    parts.text.push('\n');
                    if rest.starts_with("\r\n") { 2 } else { 1 }
                }
                brace @ (b'{' | b'}') => {
                    parts.text.push(brace as char);
                    if prefix.format && rest.as_bytes().get(1) == Some(&brace) {
                        2
                    } else {
                        1
                    }
                }
                other => {
                    parts.text.push(other as char);
                    1
                }
            };
            rest = &rest[used..];
        }
        parts.text.push_str(rest);
    }

    fn interpolation(&mut self, node: Node<'t>, parts: &mut Parts) {
        let range = self.push_children(node);
        let mut expr = None;
        let mut format = None;
        let mut shown_until = None;
        for i in range.clone() {
            let child = self.children[i];
            match child.kind {
                Kind::Token if self.text_of(child.node) == "=" => {
                    shown_until = self.children[..range.end].get(i + 1).map(|next| next.node.start_byte());
                }
                Kind::Token => {}
                Kind::TypeConversion if self.text_of(child.node) == "!s" => {}
                Kind::TypeConversion => format = Some(Format::Other),
                Kind::FormatSpecifier if format.is_none() => format = Some(self.specification(child.node)),
                Kind::FormatSpecifier => {}
                // `{x:=10}` is `x` with the specification `=10`.
                Kind::NamedExpression => {
                    format = Some(Format::Other);
                    let inner = self.push_children(child.node);
                    expr = self.child(&inner, Field::Name);
                    self.children.truncate(inner.start);
                }
                _ if expr.is_none() => expr = Some(child.node),
                _ => {}
            }
        }
        self.children.truncate(range.start);
        // `{x=}` shows its own text, and the value's `repr`.
        if let Some(end) = shown_until {
            let shown = self.text.get(node.start_byte() + 1..end).unwrap_or("");
            parts.text.push_str(shown);
            format = Some(Format::Other);
        }
        let expr = match expr {
            Some(expr) => self.expr(expr),
            None => self.error(node),
        };
        parts.hole(expr, format);
    }

    /// `:02d`.
    fn specification(&self, node: Node<'t>) -> Format {
        let text = self.text_of(node);
        match text.strip_prefix(':') {
            Some(spec) if !spec.contains(['{', '}', '\\']) => Format::Spec(spec.into()),
            _ => Format::Other,
        }
    }

    /// Reads a string of an annotation as the expression it holds.
    fn forward_reference(&mut self, node: Node<'t>, text: &str) -> Option<ExprId> {
        let trimmed = text.trim_matches([' ', '\t', '\n', '\u{c}']);
        if trimmed.is_empty() {
            return None;
        }
        let skipped = text.len() - text.trim_start_matches([' ', '\t', '\n', '\u{c}']).len();
        let place = match (self.place, self.content_start(node, text)) {
            (Place::Shifted(by), Some(start)) => Place::Shifted(by + (start + skipped) as i64),
            _ => Place::Within(self.span_of(node)),
        };
        if is_identifier(trimmed) {
            let span = match place {
                Place::Shifted(start) => Span::new(shifted(0, start), shifted(trimmed.len(), start)),
                Place::Within(span) => span,
            };
            let expr = match trimmed {
                "None" => Expr::None,
                "True" => Expr::Bool(true),
                "False" => Expr::Bool(false),
                name => Expr::Name(name.into()),
            };
            return Some(self.add(expr, span));
        }
        self.deeper(|lowerer| lowerer.parse_reference(trimmed, place))?
    }

    /// Where the content of a single literal starts, if it stands in the file as it is read.
    fn content_start(&mut self, node: Node<'t>, text: &str) -> Option<usize> {
        let range = self.push_children(node);
        let start = self
            .child_of_kind(&range, Kind::StringStart)
            .map(|node| node.end_byte());
        let end = self
            .child_of_kind(&range, Kind::StringEnd)
            .map(|node| node.start_byte());
        self.children.truncate(range.start);
        let (start, end) = (start?, end?);
        (self.text.get(start..end) == Some(text)).then_some(start)
    }

    fn parse_reference(&mut self, text: &str, place: Place) -> Option<ExprId> {
        let tree = syntax::parse(text);
        let root = tree.root_node();
        if root.has_error() || root.named_child_count() != 1 {
            return None;
        }
        let expr = root
            .named_child(0)
            .filter(|stmt| Kind::of(*stmt) == Kind::ExpressionStatement && stmt.named_child_count() == 1)
            .and_then(|stmt| stmt.named_child(0))
            .filter(|expr| {
                !matches!(
                    Kind::of(*expr),
                    Kind::Assignment | Kind::AugmentedAssignment | Kind::Yield
                )
            })?;
        let mut inner = Lowerer::new(text, root, place);
        inner.depth = self.depth;
        inner.in_function = true;
        inner.unit = std::mem::take(&mut self.unit);
        inner.spans = std::mem::take(&mut self.spans);
        let id = inner.annotation(expr);
        self.unit = inner.unit;
        self.spans = inner.spans;
        Some(id)
    }
}

/// How many quotes open a string.
fn quotes_of(start: &str) -> usize {
    start.len() - start.trim_end_matches(['\'', '"']).len()
}

fn is_identifier(text: &str) -> bool {
    text.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric())
        && !text.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

enum Escape {
    /// What it stands for and its length in bytes.
    Text(Option<char>, usize),
    /// A `\N{…}` that names nothing known, such as a sequence of characters, and its length.
    Unknown(usize),
}

/// Reads the escape at the start of `text` (Python reference 2.5.1.1).
fn unescape(text: &str) -> Escape {
    let bytes = text.as_bytes();
    let simple = |c| Escape::Text(Some(c), 2);
    match bytes.get(1) {
        Some(b'\n') => Escape::Text(None, 2),
        Some(b'\r') => Escape::Text(None, if bytes.get(2) == Some(&b'\n') { 3 } else { 2 }),
        Some(b'\\') => simple('\\'),
        Some(b'\'') => simple('\''),
        Some(b'"') => simple('"'),
        Some(b'a') => simple('\u{7}'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'v') => simple('\u{b}'),
        Some(b'0'..=b'7') => octal(bytes),
        Some(b'x') => hex(text, 2),
        Some(b'u') => hex(text, 4),
        Some(b'U') => hex(text, 8),
        Some(b'N') if bytes.get(2) == Some(&b'{') => match text.find('}') {
            Some(end) => match unicode_names2::character(&text[3..end]) {
                Some(c) => Escape::Text(Some(c), end + 1),
                None => Escape::Unknown(end + 1),
            },
            None => Escape::Text(Some('\\'), 1),
        },
        // Unknown escapes keep their backslash.
        _ => Escape::Text(Some('\\'), 1),
    }
}

fn octal(bytes: &[u8]) -> Escape {
    let digits = bytes[1..]
        .iter()
        .take(3)
        .take_while(|b| (b'0'..=b'7').contains(b))
        .count();
    let value = bytes[1..=digits]
        .iter()
        .fold(0, |value, b| value * 8 + u32::from(b - b'0'));
    Escape::Text(char::from_u32(value), digits + 1)
}

/// Hexadecimal escapes. A lone surrogate, which Rust's text cannot hold, becomes the replacement character.
fn hex(text: &str, digits: usize) -> Escape {
    match text.get(2..2 + digits).map(|digits| u32::from_str_radix(digits, 16)) {
        Some(Ok(value)) => {
            let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
            Escape::Text(Some(c), digits + 2)
        }
        _ => Escape::Text(Some('\\'), 1),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::tests::{check, lowered};

    #[test]
    fn escapes_are_resolved() {
        check(&[
            (r#"'a\n\t\\\'\"'"#, r#""a\n\t\\'\"""#),
            (r"'\x41\u00e9\U0001F600\101\0'", "\"Aé😀A\\0\""),
            (r"r'\n\x'", r#""\\n\\x""#),
            (r"r'\\'", r#""\\\\""#),
            (r"rf'\\{x}\\'", r#"(f "\\\\" {x} "\\\\")"#),
            (r"'\d'", r#""\\d""#),
            (r"'\ud800'", "\"\u{fffd}\""),
            ("'a\\\nb'", "\"ab\""),
            ("'a\\\r\nb'", "\"ab\""),
            ("'''a\r\nb'''", "\"a\\nb\""),
            ("'''a'b''c'''", "\"a'b''c\""),
            ("''", "\"\""),
            ("b'x\\xff'", "bytes"),
            ("u'x'", "\"x\""),
            (r"'a\N{BULLET}b'", "\"a•b\""),
            (r"'\N{no such character}'", "(f {<error>})"),
            ("'{{}}'", "\"{{}}\""),
        ]);
    }

    #[test]
    fn implicit_concatenation_is_done() {
        check(&[
            ("('a' 'b'\n 'c')", "\"abc\""),
            ("'a' r'\\n' f'b{c}' '{d}'", "(f \"a\\\\nb\" {c} \"{d}\")"),
            ("f'a' 'b'", "\"ab\""),
            ("b'a' b'b'", "bytes"),
        ]);
    }

    #[test]
    fn f_strings() {
        check(&[
            ("f'/{prefix}/x'", "(f \"/\" {prefix} \"/x\")"),
            ("f'{{{x}}}'", "(f \"{\" {x} \"}\")"),
            ("f'{x!r}{y:>{w}}'", "(f {x!} {y!})"),
            ("f'{x = }'", "(f \"x = \" {x!})"),
            ("f'{x:=10}'", "(f {x!})"),
            ("f'{(x := 10)}'", "(f {(:= x 10)})"),
            ("f'{x=:>3}'", "(f \"x=\" {x!})"),
            ("f'{d[\"k\"]}'", "(f {([] d \"k\")})"),
            ("f'{f'{x}'}'", "(f {(f {x})})"),
            ("f'''a\n{\n  x\n}'''", "(f \"a\\n\" {x})"),
            (r"f'\n{x}\x41'", "(f \"\\n\" {x} \"A\")"),
            (r"rf'\n{x}'", "(f \"\\\\n\" {x})"),
            ("f'{a, b}'", "(f {(tuple a b)})"),
            ("f'{x:%Y-%m-%d}'", "(f {x:%Y-%m-%d})"),
            ("f'{x!s}{x!r:>3}{x:02d}'", "(f {x} {x!} {x:02d})"),
            (r"f'\N{BULLET}{x}'", "(f \"•\" {x})"),
            (r"f'\{x}'", "(f \"\\\\\" {x})"),
        ]);
    }

    #[test]
    fn a_docstring_is_a_string_statement() {
        assert_eq!(lowered("\"\"\"Doc.\n\n  More.\n\"\"\"\n"), "\"Doc.\\n\\n  More.\\n\"");
    }
}
