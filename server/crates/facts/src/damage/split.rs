//! Cutting a block into chunks: one logical statement each, with the blank lines and comments before it.

use super::lines::{Lexer, LineStart, Open};

/// More candidate lines than this inside one bracket mean that it was never closed.
const MAX_CUTS: usize = 64;

/// What one chunk is, before anything is parsed.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Where the next statement starts, if brackets and strings are closed.
    pub(super) end: usize,
    /// Lines before `end` at which a statement would start if what is open there was left open by mistake.
    pub(super) cuts: Vec<usize>,
    /// Whether a bracket or string is open at `end`.
    pub(super) is_open: bool,
    /// Whether there is anything but blank lines and comments.
    pub(super) has_code: bool,
}

/// Reads one chunk of the block `text[start..]` whose statements are indented by `indent`.
pub(super) fn scan(text: &str, start: usize, indent: usize) -> Scan {
    let mut lexer = Lexer::new(text, start);
    let mut scan = Scan::default();
    let mut text_cuts = Vec::new();
    let mut decorating = false;
    let mut after_blank = false;
    while lexer.at < text.len() {
        let line = LineStart::of(text, lexer.at);
        match lexer.open() {
            Open::Clean => {
                if line.is_blank() || line.first == Some(b'#') {
                    after_blank |= line.is_blank() && line.first.is_some();
                    lexer.line();
                    continue;
                }
                if !scan.has_code {
                    scan.has_code = true;
                    decorating = line.first == Some(b'@');
                } else if line.indent <= indent && !continues(line.word(text)) {
                    if !(decorating && line.is_definition(text)) {
                        scan.end = lexer.at;
                        return scan;
                    }
                    if after_blank {
                        scan.cuts.push(lexer.at);
                    }
                    decorating = line.first == Some(b'@');
                }
                after_blank = false;
            }
            Open::Bracket if line.indent <= indent && line.may_start_statement(text) => scan.cuts.push(lexer.at),
            Open::Text if line.indent <= indent && line.surely_starts_statement(text) => text_cuts.push(lexer.at),
            _ => {}
        }
        if scan.cuts.len() > MAX_CUTS {
            scan.end = lexer.at;
            scan.is_open = true;
            return scan;
        }
        lexer.line();
    }
    scan.end = text.len();
    scan.is_open = lexer.open() != Open::Clean;
    if lexer.open() == Open::Text {
        scan.cuts.extend(text_cuts);
        scan.cuts.sort_unstable();
    }
    scan
}

/// Whether a line with this first word goes on with the statement above.
fn continues(word: &str) -> bool {
    matches!(word, "elif" | "else" | "except" | "finally")
}

/// Where the first line of a definition's body starts: behind the decorators and the line of `def` or `class`, which
/// must be whole and end with a colon.
pub(super) fn header_end(text: &str, start: usize) -> Option<usize> {
    let mut lexer = Lexer::new(text, start);
    while lexer.at < text.len() {
        let line = LineStart::of(text, lexer.at);
        if line.is_blank() || line.first == Some(b'#') {
            lexer.line();
            continue;
        }
        if !line.is_definition(text) {
            return None;
        }
        loop {
            lexer.line();
            if lexer.open() == Open::Clean || lexer.at >= text.len() {
                break;
            }
        }
        if line.first != Some(b'@') {
            return (lexer.open() == Open::Clean && lexer.last == b':').then_some(lexer.at);
        }
    }
    None
}

/// The indentation of the first line of code from `start` on.
pub(super) fn indent_of(text: &str, start: usize) -> Option<usize> {
    let mut lexer = Lexer::new(text, start);
    while lexer.at < text.len() {
        let line = LineStart::of(text, lexer.at);
        if !line.is_blank() && line.first != Some(b'#') {
            return Some(line.indent);
        }
        lexer.line();
    }
    None
}

/// Whether nothing but decorators stands before the definition or decorator that starts at `cut`, right under them.
pub(super) fn decorates(text: &str, start: usize, cut: usize, indent: usize) -> bool {
    let under = LineStart::of(text, cut);
    let above = text[start..cut].trim_end_matches(['\r', '\n', ' ', '\t']);
    let breaks = text[start + above.len()..cut].bytes().filter(|b| *b == b'\n').count();
    if breaks != 1 || !under.is_definition(text) {
        return false;
    }
    let mut at = start;
    for line in text[start..cut].split_inclusive('\n') {
        let head = LineStart::of(text, at);
        let is_code = !head.is_blank() && head.first != Some(b'#');
        if is_code && head.indent <= indent && !matches!(head.first, Some(b'@' | b')' | b']' | b'}')) {
            return false;
        }
        at += line.len();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(text: &str) -> Vec<&str> {
        let mut at = 0;
        let mut found = Vec::new();
        while at < text.len() {
            let end = scan(text, at, 0).end;
            found.push(&text[at..end]);
            at = end;
        }
        found
    }

    #[test]
    fn chunks_are_logical_statements() {
        let parts = [
            "# c\n\nimport a\n",
            "x = (\n1\n)\n",
            "s = '''\ndef f():\n'''\n",
            "@a\n\n@b(\n)\n# c\ndef f():\n    x\n\n",
            "if x:\n    y\nelse:\n    z\n",
            "a; b\n",
            "@a\n",
            "x = 1\n",
        ];
        assert_eq!(chunks(&parts.concat()), parts);
    }

    #[test]
    fn an_open_bracket_can_be_cut_where_a_statement_could_start() {
        let text = "x = f(\n\ndef g():\n    pass\n";
        let scan = scan(text, 0, 0);
        assert!(scan.is_open);
        assert_eq!(&text[scan.cuts[0]..], "def g():\n    pass\n");
    }

    #[test]
    fn an_open_string_can_be_cut_where_a_statement_surely_starts() {
        let text = "def f():\n    \"\"\"\n    x\n\ny = 1\ndef g():\n    pass\n";
        let scan = scan(text, 0, 0);
        assert_eq!(&text[scan.cuts[0]..], "y = 1\ndef g():\n    pass\n");
    }

    #[test]
    fn a_header_ends_with_its_colon() {
        let text = "@a\ndef f(\n    x: int,\n) -> A: # c\n    pass\n";
        assert_eq!(header_end(text, 0).map(|at| &text[at..]), Some("    pass\n"));
        assert_eq!(header_end("def f(): pass\n", 0), None);
        assert_eq!(header_end("def f(\n    pass\n", 0), None);
        assert_eq!(header_end("x = 1\n", 0), None);
    }
}
