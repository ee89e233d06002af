//! What a file's text tells about its relevance, without parsing it: does it name the framework, and what may it import?
//!
//! The scan reads more than Python would (imports in strings or comments count), never less, so that a file which can
//! matter is always found.

use memchr::memmem;
use smol_str::SmolStr;

/// What a text may import, and whether it names FastAPI or Starlette.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ImportScan {
    /// Whether `fastapi` or `starlette` stands anywhere in the text.
    pub(crate) mentions_framework: bool,
    /// Whether `dependency_overrides` does.
    pub(crate) mentions_overrides: bool,
    /// What it may import, sorted, each once.
    pub(crate) imports: Vec<ImportedName>,
}

/// `from ..module import name`, or `import module`, with an empty name for the module itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ImportedName {
    /// How many dots.
    pub(crate) level: u32,
    /// Dotted; may be empty behind dots.
    pub(crate) module: SmolStr,
    /// The imported name, which may be a submodule.
    pub(crate) name: SmolStr,
}

/// Scans a text.
pub(crate) fn scan(text: &str) -> ImportScan {
    let mut imports = Vec::new();
    let mut rest = text;
    // Most of a text imports nothing, and is not worth being cut into lines.
    for at in memmem::find_iter(text.as_bytes(), "import") {
        let read = text.len() - rest.len();
        if at < read {
            continue;
        }
        rest = &text[read + first_line(&text[read..at])..];
        while text.len() - rest.len() <= at
            && let Some(line) = next_line(&mut rest)
        {
            read_line(line, rest, &mut imports);
        }
    }
    imports.sort_unstable();
    imports.dedup();
    let imported = |(level, module, name): Read<'_>| ImportedName {
        level,
        module: module.into(),
        name: name.into(),
    };
    let mentions = |name: &str| memmem::find(text.as_bytes(), name.as_bytes()).is_some();
    ImportScan {
        mentions_framework: mentions("fastapi") || mentions("starlette"),
        mentions_overrides: mentions("dependency_overrides"),
        imports: imports.into_iter().map(imported).collect(),
    }
}

/// Level, module and name as they stand in the text.
type Read<'a> = (u32, &'a str, &'a str);

/// Where the last line of `text` begins, with the lines before it that a backslash joins to it.
fn first_line(text: &str) -> usize {
    let mut start = text.len();
    loop {
        start = memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..start]).map_or(0, |end| end + 1);
        let before = text[..start].trim_end_matches(['\n', '\r']);
        if !before.ends_with('\\') {
            return start;
        }
        start = before.len();
    }
}

/// Reads the statements that begin in a line.
fn read_line<'a>(line: &'a str, following: &'a str, imports: &mut Vec<Read<'a>>) {
    for statement in line.split(';').flat_map(|part| part.split(": ")) {
        let statement = statement.trim_start_matches([' ', '\t', '\u{c}', '\u{feff}']);
        if let Some(tail) = keyword(statement, "from") {
            read_from(tail, following, imports);
        } else if let Some(tail) = keyword(statement, "import") {
            read_import(tail, imports);
        }
    }
}

fn next_line<'a>(rest: &mut &'a str) -> Option<&'a str> {
    if rest.is_empty() {
        return None;
    }
    let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
    let line = &rest[..end];
    let break_length = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
    *rest = rest.get(end + break_length..).unwrap_or("");
    Some(line)
}

fn keyword<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let tail = text.strip_prefix(word)?;
    tail.starts_with([' ', '\t', '.', '\\']).then(|| tail.trim_start())
}

/// Reads `a.b as c, d` behind `import`.
fn read_import<'a>(tail: &'a str, imports: &mut Vec<Read<'a>>) {
    for part in tail.split(',') {
        let module = identifier_path(part.trim_start());
        if !module.is_empty() {
            imports.push((0, module, ""));
        }
    }
}

/// Reads `..a.b import c as d, e` behind `from`; the names may go on in `following`, the text behind the line.
fn read_from<'a>(tail: &'a str, following: &'a str, imports: &mut Vec<Read<'a>>) {
    let dots = tail
        .find(|c: char| c != '.' && !c.is_whitespace())
        .unwrap_or(tail.len());
    let level = tail[..dots].matches('.').count() as u32;
    let module = match identifier_path(&tail[dots..]) {
        "import" => "",
        module => module,
    };
    let mut following = following;
    let mut behind = tail[dots + module.len()..].trim_start();
    while behind.trim_end() == "\\" {
        behind = next_line(&mut following).unwrap_or_default().trim_start();
    }
    let Some(names) = behind
        .strip_prefix("import")
        .filter(|names| names.starts_with([' ', '\t', '\\', '(', '*']))
    else {
        return;
    };
    let mut push = |name: &'a str| imports.push((level, module, name));
    push("");
    let mut line = names;
    let mut in_parentheses = names.contains('(');
    loop {
        let code = line.split('#').next().unwrap_or("");
        in_parentheses |= code.contains('(');
        for part in code.split([',', '(', ')']) {
            let name = identifier_path(part.trim_start());
            if !name.is_empty() {
                push(name);
            }
        }
        let goes_on = (in_parentheses && !code.contains(')')) || code.trim_end().ends_with('\\');
        match next_line(&mut following) {
            Some(next) if goes_on => line = next,
            _ => return,
        }
    }
}

/// The dotted identifiers at the start of `text`.
fn identifier_path(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c == '.' || c == '_' || c.is_alphanumeric()))
        .unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(text: &str) -> Vec<String> {
        scan(text)
            .imports
            .iter()
            .map(|i| format!("{}{}:{}", ".".repeat(i.level as usize), i.module, i.name))
            .collect()
    }

    #[test]
    fn a_backslash_joins_lines() {
        assert_eq!(
            imports("from a \\\n  import b, \\\n c\nimport \\\n"),
            ["a:", "a:b", "a:c", "b:"]
        );
        assert_eq!(imports("x = 1\r\nfrom a\\\r\n import b\r\n"), ["a:", "a:b", "b:"]);
    }

    #[test]
    fn reads_every_form_of_import() {
        assert_eq!(
            imports(
                "import a.b as c, d\nfrom . import x\nfrom ..p.q import (\n  r, # one\n  s as t,\n)\nif 1: import e"
            ),
            ["a.b:", "d:", "e:", ".:", ".:x", "..p.q:", "..p.q:r", "..p.q:s"]
        );
    }

    #[test]
    fn reads_crlf_continuations_and_indentation() {
        assert_eq!(
            imports("def f():\r\n    from a import b, \\\r\n        c\r\n"),
            ["a:", "a:b", "a:c"]
        );
        assert_eq!(imports("from a import(b)\nfrom.x import*"), ["a:", "a:b", ".x:"]);
    }

    #[test]
    fn never_ends_early_on_odd_text() {
        assert!(imports("from\nimport\nfrom a\nimport (").is_empty());
    }

    #[test]
    fn finds_the_framework_anywhere() {
        assert!(scan("x = 'starlette.routing'").mentions_framework);
        assert!(!scan("import flask").mentions_framework);
    }
}
