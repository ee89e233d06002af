//! A lexer of lines that survives broken text: brackets, strings and f-strings, just enough to know where a statement
//! can start.

/// What the end of a line stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Open {
    /// Nothing: the next line may start a statement.
    Clean,
    /// A bracket, or behind a backslash.
    Bracket,
    /// A triple-quoted string.
    Text,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Bracket,
    Text {
        quote: u8,
        triple: bool,
        format: bool,
    },
    /// The expression of an f-string's `{`.
    Hole,
    /// Behind the colon of a hole.
    Spec,
}

/// Reads lines one by one, keeping what is open.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
    stack: Vec<Inside>,
    continued: bool,
    /// The last byte that is neither space nor comment.
    pub(super) last: u8,
}

impl<'a> Lexer<'a> {
    /// Starts at a line's start; `text` ends where the lexer shall end.
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self {
            bytes: text.as_bytes(),
            at,
            stack: Vec::new(),
            continued: false,
            last: b'\n',
        }
    }

    pub(super) fn open(&self) -> Open {
        match self.stack.last() {
            Some(Inside::Text { .. } | Inside::Spec) => Open::Text,
            Some(_) => Open::Bracket,
            None if self.continued => Open::Bracket,
            None => Open::Clean,
        }
    }

    /// Reads to the start of the next line.
    pub(super) fn line(&mut self) {
        self.continued = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            let ended = match self.stack.last().copied() {
                Some(Inside::Text { quote, triple, format }) => self.in_text(byte, quote, triple, format),
                Some(Inside::Spec) => self.in_spec(byte),
                inside => self.in_code(byte, inside),
            };
            if ended {
                return;
            }
        }
    }

    fn next_is(&self, ahead: usize, byte: u8) -> bool {
        self.bytes.get(self.at + ahead) == Some(&byte)
    }

    /// Steps over `\n` behind `ahead` bytes, `\r\n` included.
    fn line_break(&mut self, ahead: usize) -> bool {
        let width = match self.bytes.get(self.at + ahead) {
            Some(b'\n') => 1,
            Some(b'\r') if self.next_is(ahead + 1, b'\n') => 2,
            _ => return false,
        };
        self.at += ahead + width;
        true
    }

    fn in_text(&mut self, byte: u8, quote: u8, triple: bool, format: bool) -> bool {
        match byte {
            b'\\' => {
                if self.line_break(1) {
                    return true;
                }
                self.at += 2;
            }
            b'\n' if triple => {
                self.at += 1;
                return true;
            }
            // The string was never closed: the line ends it.
            b'\n' => {
                self.stack.pop();
            }
            byte if byte == quote => {
                if !triple || (self.next_is(1, quote) && self.next_is(2, quote)) {
                    self.stack.pop();
                    self.last = quote;
                    self.at += if triple { 3 } else { 1 };
                } else {
                    self.at += 1;
                }
            }
            b'{' if format => {
                if self.next_is(1, b'{') {
                    self.at += 2;
                } else {
                    self.stack.push(Inside::Hole);
                    self.at += 1;
                }
            }
            _ => self.at += 1,
        }
        false
    }

    fn in_spec(&mut self, byte: u8) -> bool {
        let outer = self.stack.len().checked_sub(2).and_then(|at| self.stack.get(at));
        if byte == b'\n' && matches!(outer, Some(Inside::Text { triple: false, .. })) {
            self.stack.truncate(self.stack.len() - 2);
            return false;
        }
        self.at += 1;
        match byte {
            b'{' => self.stack.push(Inside::Hole),
            b'}' => {
                self.stack.pop();
            }
            b'\n' => return true,
            _ => {}
        }
        false
    }

    fn in_code(&mut self, byte: u8, inside: Option<Inside>) -> bool {
        match byte {
            b'\n' => {
                self.at += 1;
                return true;
            }
            b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
            b'\\' if self.line_break(1) => {
                self.continued = true;
                return true;
            }
            b'#' => {
                let rest = &self.bytes[self.at..];
                self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            }
            b'"' | b'\'' => self.open_text(byte),
            _ => {
                match byte {
                    b'(' | b'[' | b'{' => self.stack.push(Inside::Bracket),
                    b')' | b']' | b'}' => {
                        self.stack.pop();
                    }
                    b':' if inside == Some(Inside::Hole) => {
                        self.stack.pop();
                        self.stack.push(Inside::Spec);
                    }
                    _ => {}
                }
                self.last = byte;
                self.at += 1;
            }
        }
        false
    }

    fn open_text(&mut self, quote: u8) {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let before = &self.bytes[..self.at];
        let prefix = before.iter().rev().take(3).take_while(|byte| is_word(byte)).count();
        let format = (1..=2).contains(&prefix)
            && before[self.at - prefix..]
                .iter()
                .any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'));
        let triple = self.next_is(1, quote) && self.next_is(2, quote);
        self.stack.push(Inside::Text { quote, triple, format });
        self.at += if triple { 3 } else { 1 };
    }
}

/// The start of a line: its indentation, its first byte that is no space, and where that stands.
#[derive(Clone, Copy)]
pub(super) struct LineStart {
    /// As the grammar counts it: a tab is eight.
    pub(super) indent: usize,
    /// `None` at the text's end.
    pub(super) first: Option<u8>,
    pub(super) at: usize,
}

impl LineStart {
    pub(super) fn of(text: &str, at: usize) -> Self {
        let bytes = text.as_bytes();
        let mut indent = 0;
        let mut at = at;
        loop {
            match bytes.get(at) {
                Some(b' ') => indent += 1,
                Some(b'\t') => indent += 8,
                Some(0x0c | b'\r') => indent = 0,
                // A byte order mark.
                Some(0xef) if bytes[at..].starts_with(b"\xef\xbb\xbf") => at += 2,
                first => {
                    return Self {
                        indent,
                        first: first.copied(),
                        at,
                    };
                }
            }
            at += 1;
        }
    }

    pub(super) fn is_blank(self) -> bool {
        matches!(self.first, None | Some(b'\n'))
    }

    /// The word at the line's start; empty if there is none.
    pub(super) fn word(self, text: &str) -> &str {
        let rest = text.get(self.at..).unwrap_or("");
        let len = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
            .count();
        &rest[..len]
    }

    /// Whether a definition or decorator starts here.
    pub(super) fn is_definition(self, text: &str) -> bool {
        self.first == Some(b'@') || matches!(self.word(text), "def" | "class" | "async")
    }

    /// Whether a statement could start here, seen from inside an open bracket.
    pub(super) fn may_start_statement(self, text: &str) -> bool {
        match self.word(text) {
            "" => self.first == Some(b'@'),
            "and" | "or" | "in" | "is" | "else" | "elif" | "except" | "finally" => false,
            word => !word.as_bytes()[0].is_ascii_digit(),
        }
    }

    /// Whether a statement surely starts here, seen from inside a string that never ends.
    pub(super) fn surely_starts_statement(self, text: &str) -> bool {
        if self.is_definition(text) || matches!(self.word(text), "import" | "from") {
            return true;
        }
        let rest = text.get(self.at..).unwrap_or("");
        let path = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
            .count();
        let behind = rest[path..].trim_start_matches(' ');
        path > 0 && (behind.starts_with('(') || (behind.starts_with('=') && !behind.starts_with("==")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn states(text: &str, expected: &[Open]) {
        let mut lexer = Lexer::new(text, 0);
        let mut found = Vec::new();
        while lexer.at < text.len() {
            lexer.line();
            found.push(lexer.open());
        }
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lines_end_in_what_is_open() {
        use Open::{Bracket, Clean, Text};
        states("a(\n)\n", &[Bracket, Clean]);
        states("x = '''\n'\n'''\n", &[Text, Text, Clean]);
        states("x = 'a\ny\n", &[Clean, Clean]);
        states("x = 'a\\\nb'\n", &[Text, Clean]);
        states("x \\\n+ 1\n", &[Bracket, Clean]);
        states("# (\n", &[Clean]);
        states("f'{a['b']}(' # '\n", &[Clean]);
        states("f'{a:\"(>{w}}'\n", &[Clean]);
        states("f'{{'\n", &[Clean]);
        states("rb'\\'('\n", &[Clean]);
        states("x = ')'\r\n(\r\n", &[Clean, Bracket]);
        states("def f(a: int)]:\n", &[Clean]);
    }
}
