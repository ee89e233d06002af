//! How a file's text is laid out: quotes, indentation, line ends, line length, blank lines.

use crate::{Preferences, Source};
use facts::{Stmt, UnitId};

/// The layout that inserted code must follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// The quote of ordinary strings.
    pub quote: char,
    /// One level of indentation.
    pub indent: String,
    /// The line break.
    pub eol: &'static str,
    /// The longest line, in columns.
    pub line_length: usize,
    /// How many blank lines stand between functions of a module.
    pub blank_lines: usize,
    /// How imports are sorted and set apart.
    pub imports: ImportFormat,
}

/// How the imports at the top of a module are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportFormat {
    /// Whether `import a` and `from b import c` are sorted among each other (isort's `force_sort_within_sections`).
    pub is_mixed: bool,
    /// Whether `from a import b, c as d` is one statement, rather than one for each `as` (isort's `combine_as_imports`).
    pub combines_renamed: bool,
    /// How many blank lines stand between them and code that is no function or class.
    pub lines_after: usize,
}

impl Default for ImportFormat {
    fn default() -> Self {
        Self {
            is_mixed: false,
            combines_renamed: false,
            lines_after: 1,
        }
    }
}

impl ImportFormat {
    /// Reads the layout off a module: what it does not show is as isort has it.
    fn of(source: &Source) -> Self {
        let Some(unit) = source.module() else {
            return Self::default();
        };
        let span = |id: facts::StmtId| source.spans.stmt(UnitId::MODULE, id);
        let is_import = |id: facts::StmtId| matches!(unit[id], Stmt::Import(_) | Stmt::ImportFrom { .. });
        let mut format = Self {
            combines_renamed: unit.body.iter().any(|&id| combines_renamed(&unit[id])),
            ..Self::default()
        };
        for pair in unit.body.windows(2).filter(|pair| is_import(pair[0])) {
            let between = source
                .text
                .get(span(pair[0]).end as usize..span(pair[1]).start as usize);
            // Up to a comment, which belongs to what follows; one behind an import does not.
            let between = between.unwrap_or("");
            let next_line = between.find('\n').map_or("", |at| &between[at..]);
            let breaks = next_line.split('#').next().unwrap_or("").matches('\n').count();
            match &unit[pair[1]] {
                // In one section isort puts whole modules first.
                Stmt::Import(_) if breaks == 1 && matches!(unit[pair[0]], Stmt::ImportFrom { .. }) => {
                    format.is_mixed = true;
                }
                Stmt::Import(_) | Stmt::ImportFrom { .. } | Stmt::Function(_) | Stmt::Class(_) => {}
                _ => format.lines_after = breaks.saturating_sub(1).clamp(1, 2),
            }
        }
        format
    }
}

/// Whether an import binds one of several members to another name.
fn combines_renamed(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::ImportFrom { names, .. } if names.len() > 1 && names.iter().any(|name| name.alias.is_some()))
}

impl Format {
    /// Reads the layout off a file; what it does not show is as it is set, or as ruff's formatter has it. What is set of
    /// quotes holds in any file; the indentation that a file has must stay.
    #[must_use]
    pub fn of(source: &Source, line_length: usize, set: &Preferences) -> Self {
        Self {
            quote: set.quote.or_else(|| quote(&source.text)).unwrap_or('"'),
            indent: indent(source)
                .or_else(|| set.indent.clone())
                .unwrap_or_else(|| "    ".to_owned()),
            eol: eol(&source.text),
            line_length,
            blank_lines: blank_lines(source).unwrap_or(2),
            imports: ImportFormat::of(source),
        }
    }

    /// The layout of a new file, before anything is known of those around it.
    #[must_use]
    pub fn new(line_length: usize, set: &Preferences) -> Self {
        Self {
            quote: set.quote.unwrap_or('"'),
            indent: set.indent.clone().unwrap_or_else(|| "    ".to_owned()),
            eol: "\n",
            line_length,
            blank_lines: 2,
            imports: ImportFormat::default(),
        }
    }

    /// A string literal in the file's quotes.
    #[must_use]
    pub fn string(&self, content: &str) -> String {
        let other = if self.quote == '"' { '\'' } else { '"' };
        let quote = if content.contains(self.quote) && !content.contains(other) {
            other
        } else {
            self.quote
        };
        let escaped = content.replace('\\', "\\\\").replace(quote, &format!("\\{quote}"));
        format!("{quote}{escaped}{quote}")
    }
}

/// The line break that the text uses first.
#[must_use]
pub fn eol(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// The quote that most ordinary strings have; docstrings and strings that hold a quote say nothing.
fn quote(text: &str) -> Option<char> {
    let mut counts = [0usize; 2];
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '#']) {
        rest = &rest[at..];
        let Some(c) = rest.chars().next() else { break };
        if c == '#' {
            rest = &rest[rest.find(['\n', '\r']).unwrap_or(rest.len())..];
            continue;
        }
        let triple: String = [c; 3].iter().collect();
        if let Some(inner) = rest.strip_prefix(&triple) {
            rest = &inner[inner.find(&triple).map_or(inner.len(), |end| end + 3)..];
            continue;
        }
        let inner = &rest[1..];
        let end = string_end(inner, c);
        if !inner[..end].contains(['"', '\'']) {
            counts[usize::from(c == '\'')] += 1;
        }
        rest = inner.get(end + 1..).unwrap_or("");
    }
    match counts {
        [0, 0] => None,
        [double, single] if single > double => Some('\''),
        _ => Some('"'),
    }
}

/// Where a string ends that has been opened with `quote`: at the quote or at the end of the line.
fn string_end(inner: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in inner.char_indices() {
        match c {
            '\n' | '\r' => return i,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return i,
            _ => {}
        }
    }
    inner.len()
}

/// The indentation of the first body that stands on lines of its own.
fn indent(source: &Source) -> Option<String> {
    let unit = source.module()?;
    unit.body.iter().find_map(|&id| {
        let (body_unit, first) = match unit.stmts.get(id.0 as usize)? {
            Stmt::Function(function) => {
                let (unit, body) = source.body(UnitId::MODULE, function);
                (unit, *body.first()?)
            }
            Stmt::Class(class) => (UnitId::MODULE, *class.body.first()?),
            _ => return None,
        };
        let indent = source.indent_at(source.spans.stmt(body_unit, first).start);
        (!indent.is_empty()).then(|| indent.to_owned())
    })
}

/// The number of blank lines that most decorated functions of the module have before them; most functions and classes where
/// none is decorated.
fn blank_lines(source: &Source) -> Option<usize> {
    let unit = source.module()?;
    let block = |id: facts::StmtId| unit.stmts.get(id.0 as usize);
    let is_decorated = |id| matches!(block(id), Some(Stmt::Function(function)) if !function.decorators.is_empty());
    let is_block = |id| matches!(block(id), Some(Stmt::Function(_) | Stmt::Class(_)));
    let pairs = || unit.body.windows(2).filter(|pair| is_block(pair[0]));
    most_blank(source, pairs().filter(|pair| is_decorated(pair[1])))
        .or_else(|| most_blank(source, pairs().filter(|pair| is_block(pair[1]))))
}

/// How many blank lines stand most often between two statements.
fn most_blank<'a>(source: &Source, pairs: impl Iterator<Item = &'a [facts::StmtId]>) -> Option<usize> {
    let mut counts = [0usize; 4];
    for pair in pairs {
        let from = source.spans.stmt(UnitId::MODULE, pair[0]).end;
        let to = source.spans.stmt(UnitId::MODULE, pair[1]).start;
        let between = source.text.get(from as usize..to as usize).unwrap_or("");
        let blank = between
            .lines()
            .skip(1)
            .take_while(|line| line.trim().is_empty())
            .count();
        if !between.is_empty() {
            counts[blank.min(3)] += 1;
        }
    }
    let most = counts.iter().max().copied().filter(|&most| most > 0)?;
    counts.iter().rposition(|&count| count == most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_quote_is_counted_without_comments_and_docstrings() {
        assert_eq!(
            quote("x = 'a' # \"b\" \"c\"\n\"\"\"doc\"\"\"\ny = 'it' + \"d\""),
            Some('\'')
        );
        assert_eq!(quote("x = 1"), None);
        assert_eq!(quote("x = \"it's\""), None);
    }

    #[test]
    fn the_layout_of_imports_is_read_off_a_module() {
        let of = |text: &str| ImportFormat::of(&Source::parse(base::FileId(0), text.into()));
        assert_eq!(of("from a import b\n\nimport c\n\nx = 1\n"), ImportFormat::default());
        let mixed = of("from a import b\nimport c\n\n\nx = 1\n");
        assert_eq!((mixed.is_mixed, mixed.lines_after), (true, 2));
        assert_eq!(of("import c\n\n\ndef f(): ...\n").lines_after, 1);
        assert_eq!(of("import c  # noqa\n\n# D.\nx = 1\n").lines_after, 1);
    }

    #[test]
    fn line_ends_are_recognised() {
        assert_eq!(eol("a\r\nb\n"), "\r\n");
        assert_eq!(eol("a\rb"), "\r");
        assert_eq!(eol("a"), "\n");
    }
}
