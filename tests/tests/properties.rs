//! Facts under random editing of real files, from text to facts, without a server.
//!
//! After every edit the document is the text; a text without syntax errors has the facts of a fresh start; a damaged one
//! has, outside the damage, the facts of the text with the damage blanked out. The files are those of the repository,
//! of the oracle's corpus if it was prepared, and of the Python on the path if there is one.

#![allow(clippy::expect_used)] // Tests fail by panicking.

use base::{LineCol, LineIndex, PositionEncoding, Span};
use facts::{Expr, FileFacts, FileSpans, FunctionBody, Previous, Stmt, StmtId, Unit, UnitId};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use syntax::{ContentChange, Document};

/// Typed characters and undone edits counted, more than 10,000 changes.
const CASES: u32 = 70;
const EDITS: usize = 40;

/// Longer files are cut at a statement: a step costs several parses.
const MAX_LINES: usize = 120;
const MAX_FILES: usize = 120;

const ROUTER: &str = include_str!("properties/router.py");

/// What people type, finished or not.
const SNIPPETS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    "@",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "#",
    "f\"{",
    "\n",
    "\r\n",
    "    ",
    "\t",
    " ",
    "x",
    "é",
    "😀",
    "\u{2028}",
    "\u{c}",
    "\0",
    "async ",
    "await ",
    "yield ",
    "lambda ",
    "not ",
    "else:\n",
    "except A, B:\n",
    "finally:\n",
    "import ",
    "from . import ",
    "return ",
    "pass\n",
    "x = 1\n",
    "x: int = (\n",
    "@router.get(\"/users/{user_id}\")\n",
    "@router.get(\"/x\"\n",
    "@router.\n\n",
    "def f(a, *, b: \"A\" = 1) -> None:\n    pass\n",
    "def f(a: int\n",
    "def f(\n",
    "class A(B):\n    x: int\n",
    "class A(\n",
    "class A:\n",
    "if x:\n    y = [\n",
    "app.include_router(router, prefix=f\"/{x}\")\n",
    "app.include_router(\n",
    "    \"\"\"Doc.\n",
    "with (a as b, c):\n    d\n",
    "match x:\n    case {\"a\": [b, *_]} if c:\n        d\n",
    "type X[T] = list[T]\n",
    "for x in *a, b:\n    pass\n",
];

struct Source {
    path: PathBuf,
    text: String,
}

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    let mut paths = Vec::new();
    for folder in ["examples", "tests", "target/oracle"] {
        python_files(&root.join(folder), 6, &mut paths);
    }
    paths.sort();
    spread(&mut paths, MAX_FILES);
    let mut library = Vec::new();
    if let Some(folder) = standard_library() {
        python_files(&folder, 2, &mut library);
    }
    library.sort();
    spread(&mut library, MAX_FILES);
    paths.extend(library);
    let mut sources = vec![Source {
        path: "properties/router.py".into(),
        text: ROUTER.to_owned(),
    }];
    sources.extend(paths.into_iter().filter_map(|path| {
        let text = whole_statements(&std::fs::read_to_string(&path).ok()?)?;
        Some(Source { path, text })
    }));
    sources
});

fn standard_library() -> Option<PathBuf> {
    let ask = ["-c", "import os; print(os.path.dirname(os.__file__))"];
    let found = ["python3", "python"]
        .iter()
        .find_map(|python| Command::new(python).args(ask).output().ok())?;
    Some(String::from_utf8(found.stdout).ok()?.trim().into())
}

fn python_files(folder: &Path, depth: u32, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|extension| extension == "py") {
            paths.push(path);
        } else if depth > 0 && path.is_dir() && !path.ends_with("site-packages") {
            python_files(&path, depth - 1, paths);
        }
    }
}

/// Keeps `count` of the paths, evenly.
fn spread(paths: &mut Vec<PathBuf>, count: usize) {
    let every = paths.len().div_ceil(count).max(1);
    let mut at = 0;
    paths.retain(|_| {
        at += 1;
        at % every == 0
    });
}

/// The first statements of a file that are whole.
fn whole_statements(text: &str) -> Option<String> {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let mut cuts: Vec<usize> = starts
        .take(MAX_LINES)
        .filter(|at| text[*at..].starts_with(char::is_alphabetic))
        .collect();
    if text.lines().count() <= MAX_LINES {
        cuts.push(text.len());
    }
    cuts.into_iter()
        .rev()
        .take(3)
        .map(|cut| text[..cut].to_owned())
        .find(|text| !text.is_empty() && !Document::new(text).has_error())
}

/// One edit, chosen by where in the text and in the snippets.
#[derive(Clone, Debug)]
enum Edit {
    Insert(Index, Index),
    Delete(Index, usize),
    Replace(Index, usize, Index),
    DeleteLine(Index),
    DoubleLine(Index),
    /// A snippet typed at a line's start, character by character.
    Type(Index, Index),
    /// Back before the last edit.
    Undo,
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        3 => (at(), at()).prop_map(|(at, what)| Edit::Insert(at, what)),
        3 => (at(), 1..12_usize).prop_map(|(at, len)| Edit::Delete(at, len)),
        2 => (at(), 1..6_usize, at()).prop_map(|(at, len, what)| Edit::Replace(at, len, what)),
        1 => at().prop_map(Edit::DeleteLine),
        1 => at().prop_map(Edit::DoubleLine),
        1 => (at(), at()).prop_map(|(at, what)| Edit::Type(at, what)),
        4 => Just(Edit::Undo),
    ]
}

/// A document, the text it should have, and what was said of it last.
struct Session {
    document: Document,
    text: String,
    history: Vec<String>,
    last: (FileFacts, FileSpans, String),
    step: usize,
}

impl Session {
    fn new(text: &str) -> Self {
        let document = Document::new(text);
        let (facts, spans) = facts::extract(text, document.tree());
        Self {
            document,
            text: text.to_owned(),
            history: Vec::new(),
            last: (facts, spans, text.to_owned()),
            step: 0,
        }
    }

    fn apply(&mut self, edit: &Edit) -> Result<(), TestCaseError> {
        let snippet = |index: &Index| SNIPPETS[index.index(SNIPPETS.len())];
        let len = self.text.len();
        match edit {
            Edit::Insert(at, what) => self.replace(at.index(len + 1), 0, snippet(what)),
            Edit::Delete(at, count) => self.replace(at.index(len + 1), *count, ""),
            Edit::Replace(at, count, what) => self.replace(at.index(len + 1), *count, snippet(what)),
            Edit::DeleteLine(at) => {
                let (start, line) = self.line(at);
                self.replace(start, line.len(), "")
            }
            Edit::DoubleLine(at) => {
                let (start, line) = self.line(at);
                self.replace(start, 0, &line)
            }
            Edit::Type(at, what) => {
                let mut at = self.line(at).0;
                for c in snippet(what).chars() {
                    self.replace(at, 0, c.encode_utf8(&mut [0; 4]))?;
                    at += c.len_utf8();
                }
                Ok(())
            }
            Edit::Undo => self.undo(),
        }
    }

    fn line(&self, at: &Index) -> (usize, String) {
        let index = LineIndex::new(&self.text);
        let line = at.index(index.len()) as u32;
        let start = index.line_start(line) as usize;
        let end = if (line as usize) + 1 < index.len() {
            index.line_start(line + 1) as usize
        } else {
            self.text.len()
        };
        (start, self.text[start..end].to_owned())
    }

    fn undo(&mut self) -> Result<(), TestCaseError> {
        let Some(before) = self.history.pop() else {
            return Ok(());
        };
        // Clients send what differs, or everything.
        let range = self.step.is_multiple_of(2).then(|| {
            let end = LineIndex::new(&self.text).line_col(&self.text, self.text.len() as u32, PositionEncoding::Utf16);
            (LineCol::default(), end)
        });
        self.text.clone_from(&before);
        self.changed(ContentChange { range, text: before })
    }

    fn replace(&mut self, at: usize, count: usize, with: &str) -> Result<(), TestCaseError> {
        let index = LineIndex::new(&self.text);
        let position = |at: usize| index.line_col(&self.text, at.min(self.text.len()) as u32, PositionEncoding::Utf16);
        let range = (position(at), position(at + count));
        let offset = |position| index.offset(&self.text, position, PositionEncoding::Utf16) as usize;
        let bytes = offset(range.0)..offset(range.1);
        self.history.push(self.text.clone());
        self.text.replace_range(bytes, with);
        self.changed(ContentChange {
            range: Some(range),
            text: with.to_owned(),
        })
    }

    fn changed(&mut self, change: ContentChange) -> Result<(), TestCaseError> {
        self.step += 1;
        self.document.apply(&[change], PositionEncoding::Utf16);
        prop_assert_eq!(&*self.document.text(), self.text.as_str());
        if self.document.has_error() {
            self.document.reparse_fresh();
        }
        let fresh = Document::new(&self.text);
        let previous = Previous {
            facts: &self.last.0,
            spans: &self.last.1,
            text: &self.last.2,
        };
        let (facts, spans) = facts::extract_keeping(&self.text, self.document.tree(), Some(previous));
        consistent(&self.text, &facts, &spans)?;
        if fresh.has_error() {
            self.check_damaged(&fresh, &facts, &spans)?;
        } else {
            prop_assert!(!facts.damaged);
            let expected = facts::extract(&self.text, fresh.tree());
            prop_assert!(facts == expected.0, "{}", self.difference(&facts, &spans, &expected.0));
            prop_assert_eq!(&spans, &expected.1);
            prop_assert_eq!(&facts::extract_packed(&self.text, fresh.tree()), &expected);
        }
        self.last = (facts, spans, self.text.clone());
        Ok(())
    }

    fn check_damaged(&self, fresh: &Document, kept: &FileFacts, spans: &FileSpans) -> Result<(), TestCaseError> {
        let (facts, fresh_spans) = facts::extract(&self.text, fresh.tree());
        consistent(&self.text, &facts, &fresh_spans)?;
        let blank = blanked(&self.text, &fresh_spans);
        let tree = syntax::parse(&blank);
        if !tree.root_node().has_error() {
            let (expected, spans) = facts::extract(&blank, &tree);
            prop_assert!(
                facts.units == expected.units
                    || !is_evenly_indented(&blank, &expected, &spans)
                    || joins_lines(&blank, &expected, &spans),
                "{}",
                self.difference(&facts, &fresh_spans, &expected)
            );
        }
        if self.step.is_multiple_of(4) {
            let damaged = [fresh_spans.damaged.as_slice(), &spans.damaged].concat();
            let fresh = undamaged(&facts, &fresh_spans, &damaged);
            let kept = undamaged(kept, spans, &damaged);
            let mut rest = kept.iter();
            for stmt in &fresh {
                prop_assert!(
                    rest.any(|kept| kept == stmt),
                    "lost {}\nfrom {}\nin {:#?}",
                    stmt,
                    self.text,
                    kept
                );
            }
        }
        Ok(())
    }
}

impl Session {
    /// What a reader needs of a failure: the damaged statements and how the facts differ.
    fn difference(&self, found: &FileFacts, spans: &FileSpans, expected: &FileFacts) -> String {
        let (found, expected) = (facts::dump(found), facts::dump(expected));
        let diff = similar::TextDiff::from_lines(&expected, &found);
        let damaged: Vec<&str> = spans.damaged.iter().map(|span| span.text(&self.text)).collect();
        format!("damaged {damaged:#?}\n{}", diff.unified_diff().context_radius(2))
    }
}

/// The text with its damaged statements replaced by spaces.
fn blanked(text: &str, spans: &FileSpans) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in &spans.damaged {
        for byte in &mut bytes[span.start as usize..span.end as usize] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the statements of each body start in one column. The parser takes any dedent for the end of a block, where
/// Python says there is an error and a reader may see either.
fn is_evenly_indented(text: &str, facts: &FileFacts, spans: &FileSpans) -> bool {
    let index = LineIndex::new(text);
    let is_even = |unit: usize, body: &[StmtId]| {
        let columns = body.iter().filter_map(|stmt| {
            let start = spans.stmt(UnitId(unit as u32), *stmt).start;
            let before = &text[index.line_start(index.line(start)) as usize..start as usize];
            before.trim().is_empty().then_some(before.len())
        });
        let columns: Vec<usize> = columns.collect();
        columns.windows(2).all(|pair| pair[0] == pair[1])
    };
    facts.units.iter().enumerate().all(|(at, unit)| {
        is_even(at, &unit.body)
            && unit.stmts.iter().all(|stmt| match stmt {
                Stmt::Class(class) => is_even(at, &class.body),
                Stmt::Function(function) => match &function.body {
                    FunctionBody::Block(body) => is_even(at, body),
                    FunctionBody::Unit(_) => true,
                },
                _ => true,
            })
    })
}

/// Whether the parser read `a,` and the line under it as one statement, as it does against Python's grammar.
fn joins_lines(text: &str, facts: &FileFacts, spans: &FileSpans) -> bool {
    facts.units.iter().enumerate().any(|(at, unit)| {
        unit.stmts.iter().any(|stmt| {
            let mut joins = false;
            stmt.for_each_expr(|expr| {
                let shown = spans.expr(UnitId(at as u32), expr).text(text);
                let is_bare = matches!(unit[expr], Expr::Tuple(_)) && !shown.starts_with('(');
                joins |= is_bare && shown.contains('\n');
            });
            joins
        })
    })
}

/// The module's statements that touch no damage, printed.
fn undamaged(facts: &FileFacts, spans: &FileSpans, damaged: &[Span]) -> Vec<String> {
    let unit = &facts.units[0];
    unit.body
        .iter()
        .filter(|stmt| {
            let span = spans.stmt(UnitId::MODULE, **stmt);
            !damaged
                .iter()
                .any(|damage| damage.start < span.end.max(span.start + 1) && span.start <= damage.end)
        })
        .map(|stmt| printed(facts, unit, *stmt))
        .collect()
}

/// A statement with the bodies of its functions, whose numbers depend on what stands before.
fn printed(facts: &FileFacts, unit: &Unit, stmt: StmtId) -> String {
    let alone = Unit {
        body: vec![stmt],
        stmts: unit.stmts.clone(),
        exprs: unit.exprs.clone(),
    };
    let mut text = String::new();
    for line in facts::dump_unit(&alone).lines() {
        match line.rsplit_once(" unit ") {
            Some((head, number)) if number.ends_with(')') => {
                let body = number
                    .trim_end_matches(')')
                    .parse::<usize>()
                    .ok()
                    .and_then(|at| facts.units.get(at));
                text.push_str(head);
                text.push('\n');
                text.push_str(&body.map(|body| facts::dump_unit(body)).unwrap_or_default());
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// Checks that ids and spans fit the arenas and the text.
fn consistent(text: &str, facts: &FileFacts, spans: &FileSpans) -> Result<(), TestCaseError> {
    prop_assert_eq!(facts.units.len(), spans.units().len());
    prop_assert_eq!(facts.damaged, !spans.damaged.is_empty());
    for (unit, spans) in facts.units.iter().zip(spans.units()) {
        prop_assert_eq!(
            (unit.exprs.len(), unit.stmts.len()),
            (spans.exprs.len(), spans.stmts.len())
        );
        for span in spans.exprs.iter().chain(&spans.stmts) {
            prop_assert!(span.start <= span.end && span.end as usize <= text.len());
        }
        for (at, stmt) in unit.stmts.iter().enumerate() {
            let mut fits = true;
            stmt.for_each_expr(|expr| fits &= (expr.0 as usize) < unit.exprs.len());
            stmt.for_each_stmt(|inner| fits &= (inner.0 as usize) < at);
            prop_assert!(fits);
        }
        for (at, expr) in unit.exprs.iter().enumerate() {
            let mut fits = true;
            expr.for_each_expr(|inner| fits &= (inner.0 as usize) < at);
            prop_assert!(fits);
        }
    }
    for pair in spans.damaged.windows(2) {
        prop_assert!(pair[0].end <= pair[1].start);
    }
    let (mut packed, mut packed_spans) = (facts.clone(), spans.clone());
    packed.pack();
    packed_spans.pack();
    prop_assert_eq!(&packed, facts);
    prop_assert_eq!(&packed_spans, spans);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, rng_seed: RngSeed::Fixed(1), max_shrink_iters: 120, ..ProptestConfig::default() })]

    #[test]
    fn facts_follow_random_edits(source in any::<Index>(), edits in prop::collection::vec(edit(), EDITS)) {
        let source = &SOURCES[source.index(SOURCES.len())];
        let mut session = Session::new(&source.text);
        for edit in &edits {
            session
                .apply(edit)
                .map_err(|error| TestCaseError::fail(format!("{}: {error}", source.path.display())))?;
        }
        while !session.history.is_empty() {
            session.undo()?;
        }
        prop_assert_eq!(&session.text, &source.text);
        prop_assert!(!session.last.0.damaged);
    }
}
