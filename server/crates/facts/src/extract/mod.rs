//! Lowering of a syntax tree to facts: a walk by hand with one cursor.
//!
//! Nested expressions are lowered by recursion to [`MAX_DEPTH`]; what real code chains without end (`a + b + …`,
//! `x.y().z()`, `elif`) is walked in loops, so that no text overflows a stack.

mod annotation;
mod expr;
mod params;
mod pattern;
mod reuse;
mod stmt;
mod string;

use crate::damage::Previous;
use crate::packed::{SpansCell, UnitCell};
use crate::program::{Expr, ExprId, FileFacts, Stmt, StmtId, Unit, UnitId};
use crate::spans::{FileSpans, UnitSpans};
use base::Span;
use reuse::{Body, Reuse};
use smol_str::SmolStr;
use std::sync::Arc;
use syntax::{Field, Kind, Node, Tree, TreeCursor};

/// How deep expressions and blocks may nest before [`Expr::Error`] stands for them. CPython's tokenizer stops at 200
/// brackets and at 100 indentations (`MAXLEVEL`, `MAXINDENT` in `Parser/lexer/state.h`).
const MAX_DEPTH: u32 = 200;

/// Lowers a parsed file; `tree` must be the tree of `text`. Of a text with syntax errors, the statements that are whole
/// are lowered.
#[must_use]
pub fn extract(text: &str, tree: &Tree) -> (FileFacts, FileSpans) {
    crate::extract_keeping(text, tree, None)
}

/// As [`extract`], with the bodies packed, which few will read.
#[must_use]
pub fn extract_packed(text: &str, tree: &Tree) -> (FileFacts, FileSpans) {
    let root = tree.root_node();
    if root.has_error() {
        let (mut facts, mut spans) = extract(text, tree);
        facts.pack();
        spans.pack();
        return (facts, spans);
    }
    let mut lowerer = Lowerer::of_module(text, root, 0);
    lowerer.is_packing = true;
    let body = lowerer.block(root);
    lowerer.finish(body)
}

/// As [`extract`] of a tree without errors; what bodies say that `previous` had as well is taken from there.
pub(crate) fn extract_anew(text: &str, tree: &Tree, previous: Option<Previous<'_>>) -> (FileFacts, FileSpans) {
    let root = tree.root_node();
    let reuse = previous.and_then(|previous| Reuse::of(previous, text));
    if let Some(known) = reuse.as_ref().and_then(|reuse| reuse::with_one_body(text, root, reuse)) {
        return known;
    }
    let mut lowerer = Lowerer::of_module(text, root, 0);
    lowerer.reuse = reuse;
    let body = lowerer.block(root);
    lowerer.finish(body)
}

/// Lowers a tree without errors, whose text stands `shift` bytes further on in its file.
pub(crate) fn lower(text: &str, tree: &Tree, shift: i64) -> (FileFacts, FileSpans) {
    let root = tree.root_node();
    let mut lowerer = Lowerer::of_module(text, root, shift);
    let body = lowerer.block(root);
    lowerer.finish(body)
}

/// Lowers some statements of the module `root`.
pub(crate) fn lower_statements<'t>(
    text: &'t str,
    root: Node<'t>,
    nodes: impl Iterator<Item = Node<'t>>,
) -> (FileFacts, FileSpans) {
    let mut lowerer = Lowerer::of_module(text, root, 0);
    let body = nodes
        .map(|node| {
            lowerer.stmt(Child {
                field: Field::None,
                kind: Kind::of(node),
                node,
            })
        })
        .collect();
    lowerer.finish(body)
}

/// A child of the node under work.
#[derive(Clone, Copy)]
struct Child<'t> {
    field: Field,
    kind: Kind,
    node: Node<'t>,
}

/// Where the spans of a lowered tree lie in the file.
#[derive(Clone, Copy)]
enum Place {
    /// The tree's text stands in the file this many bytes further on.
    Shifted(i64),
    /// The tree's text has no counterpart byte by byte: all of it is here.
    Within(Span),
}

/// A byte offset moved by `by`; what would lie before the file's start is its start.
fn shifted(offset: usize, by: i64) -> u32 {
    (offset as i64 + by).max(0) as u32
}

/// The state of a walk: arenas of the unit under work and a stack of children.
struct Lowerer<'t> {
    text: &'t str,
    place: Place,
    cursor: TreeCursor<'t>,
    /// Children of the nodes under work, innermost last.
    children: Vec<Child<'t>>,
    /// Nodes of the chains under work, innermost last.
    links: Vec<Node<'t>>,
    depth: u32,
    /// Where the star stands that was taken off the expression under work.
    star_at: Option<usize>,
    /// Whether the walk is in a function's body, where definitions get no unit of their own.
    in_function: bool,
    /// Whether the function under work yields.
    yields: bool,
    /// Bodies of the text before.
    reuse: Option<Reuse<'t>>,
    /// Whether finished bodies are packed.
    is_packing: bool,
    unit: Unit,
    spans: UnitSpans,
    /// What is finished, by unit.
    cells: Vec<UnitCell>,
    span_cells: Vec<SpansCell>,
    /// The arenas of the last body that was packed, emptied: the next one needs them as large.
    spare: (Unit, UnitSpans),
}

impl<'t> Lowerer<'t> {
    fn new(text: &'t str, root: Node<'t>, place: Place) -> Self {
        Self {
            text,
            place,
            cursor: root.walk(),
            children: Vec::with_capacity(64),
            links: Vec::with_capacity(16),
            depth: 0,
            star_at: None,
            in_function: false,
            yields: false,
            reuse: None,
            is_packing: false,
            unit: Unit::default(),
            spans: UnitSpans::default(),
            cells: Vec::new(),
            span_cells: Vec::new(),
            spare: Default::default(),
        }
    }

    /// A lowerer of a module, whose unit is the first.
    fn of_module(text: &'t str, root: Node<'t>, shift: i64) -> Self {
        let mut lowerer = Self::new(text, root, Place::Shifted(shift));
        lowerer.reserve_unit();
        lowerer
    }

    fn finish(mut self, body: Vec<StmtId>) -> (FileFacts, FileSpans) {
        self.unit.body = body;
        let (unit, spans) = (std::mem::take(&mut self.unit), std::mem::take(&mut self.spans));
        self.keep(UnitId::MODULE, unit, spans);
        let facts = FileFacts {
            units: self.cells,
            damaged: false,
        };
        let spans = FileSpans {
            units: self.span_cells,
            damaged: Vec::new(),
        };
        (facts, spans)
    }

    /// A place for a unit that is begun.
    fn reserve_unit(&mut self) -> UnitId {
        let id = UnitId(self.cells.len() as u32);
        self.cells.push(UnitCell::default());
        self.span_cells.push(SpansCell::new(UnitSpans::default()));
        id
    }

    /// A unit that the text before had as well.
    fn reused_unit(&mut self, body: Body) -> UnitId {
        let id = self.reserve_unit();
        self.cells[id.0 as usize] = body.unit;
        self.span_cells[id.0 as usize] = body.spans;
        id
    }

    /// Puts a finished unit at its place.
    fn keep(&mut self, id: UnitId, mut unit: Unit, mut spans: UnitSpans) {
        let at = id.0 as usize;
        if self.is_packing && id != UnitId::MODULE {
            self.cells[at] = UnitCell::packed(&unit);
            self.span_cells[at] = SpansCell::packed(&spans);
            unit.clear();
            spans.clear();
            self.spare = (unit, spans);
        } else {
            // They are kept for as long as the file stands: room to grow would be lost memory.
            unit.shrink_to_fit();
            spans.shrink_to_fit();
            self.cells[at] = UnitCell::new(Arc::new(unit));
            self.span_cells[at] = SpansCell::new(spans);
        }
    }

    /// Pushes the children of `node` without comments and gives their range; `self.children` must be cut back to the
    /// range's start afterwards.
    fn push_children(&mut self, node: Node<'t>) -> std::ops::Range<usize> {
        let start = self.children.len();
        self.cursor.reset(node);
        if self.cursor.goto_first_child() {
            loop {
                let node = self.cursor.node();
                let kind = Kind::of(node);
                if !kind.is_extra() {
                    let field = Field::of(self.cursor.field_id());
                    self.children.push(Child { field, kind, node });
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        start..self.children.len()
    }

    /// The first child in `range` that stands under `field`.
    fn child(&self, range: &std::ops::Range<usize>, field: Field) -> Option<Node<'t>> {
        self.children[range.clone()]
            .iter()
            .find(|child| child.field == field && child.kind != Kind::Token)
            .map(|child| child.node)
    }

    /// The first child in `range` of a kind.
    fn child_of_kind(&self, range: &std::ops::Range<usize>, kind: Kind) -> Option<Node<'t>> {
        self.children[range.clone()]
            .iter()
            .find(|child| child.kind == kind)
            .map(|child| child.node)
    }

    /// Whether the node begins with the keyword `async`.
    fn is_async(&self, range: &std::ops::Range<usize>) -> bool {
        self.children[range.clone()]
            .first()
            .is_some_and(|child| child.kind == Kind::Token && self.text_of(child.node) == "async")
    }

    fn text_of(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    fn span_of(&self, node: Node<'t>) -> Span {
        let start = node.start_byte();
        let star = usize::from(self.star_at == Some(start));
        self.span(start + star, node.end_byte())
    }

    fn span(&self, start: usize, end: usize) -> Span {
        match self.place {
            Place::Shifted(by) => Span::new(shifted(start, by), shifted(end, by)),
            Place::Within(span) => span,
        }
    }

    fn add(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(self.unit.exprs.len() as u32);
        self.unit.exprs.push(expr);
        self.spans.exprs.push(span);
        id
    }

    fn add_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        let id = StmtId(self.unit.stmts.len() as u32);
        self.unit.stmts.push(stmt);
        self.spans.stmts.push(span);
        id
    }

    fn error(&mut self, node: Node<'t>) -> ExprId {
        let span = self.span_of(node);
        self.add(Expr::Error, span)
    }

    /// A `Name` node of an identifier.
    fn name(&mut self, node: Node<'t>) -> ExprId {
        let span = self.span_of(node);
        let text = self.text_of(node);
        if text.is_empty() {
            return self.add(Expr::Error, span);
        }
        self.add(Expr::Name(SmolStr::new(text)), span)
    }

    /// A `Name` node of a dotted name, spaces removed.
    fn dotted(&mut self, node: Node<'t>) -> (SmolStr, ExprId) {
        let text = self.text_of(node);
        let name = if text
            .bytes()
            .all(|b| b == b'.' || b == b'_' || b.is_ascii_alphanumeric())
        {
            SmolStr::new(text)
        } else {
            self.dotted_parts(node)
        };
        let span = self.span_of(node);
        let at = self.add(Expr::Name(name.clone()), span);
        (name, at)
    }

    fn dotted_parts(&mut self, node: Node<'t>) -> SmolStr {
        let range = self.push_children(node);
        let parts: Vec<&str> = self.children[range.clone()]
            .iter()
            .filter(|child| child.kind == Kind::Identifier)
            .map(|child| self.text_of(child.node))
            .collect();
        let name = SmolStr::new(parts.join("."));
        self.children.truncate(range.start);
        name
    }

    /// Runs `work` one level deeper, or gives `None` where that is too deep.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `work` on a unit of its own and gives the unit's id.
    fn in_new_unit(&mut self, work: impl FnOnce(&mut Self) -> Vec<StmtId>) -> UnitId {
        let id = self.reserve_unit();
        let spare = std::mem::take(&mut self.spare);
        let outer = (
            std::mem::replace(&mut self.unit, spare.0),
            std::mem::replace(&mut self.spans, spare.1),
        );
        self.unit.body = work(self);
        let unit = std::mem::replace(&mut self.unit, outer.0);
        let spans = std::mem::replace(&mut self.spans, outer.1);
        self.keep(id, unit, spans);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::extract;
    use crate::{Expr, Stmt, UnitId, dump, dump_unit};

    /// The module's statements, printed, of a text without errors.
    #[track_caller]
    pub(super) fn lowered(text: &str) -> String {
        let tree = syntax::parse(text);
        assert!(!tree.root_node().has_error(), "{text}: {}", tree.root_node().to_sexp());
        let (facts, spans) = extract(text, &tree);
        assert_eq!(facts.units.len(), spans.units.len());
        for (unit, spans) in facts.units.iter().zip(spans.units()) {
            assert_eq!(unit.exprs.len(), spans.exprs.len());
            assert_eq!(unit.stmts.len(), spans.stmts.len());
        }
        dump_unit(&facts.units[0])
            .lines()
            .map(|line| line.strip_prefix("  ").unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Checks each text against its print.
    #[track_caller]
    pub(super) fn check(cases: &[(&str, &str)]) {
        let wrong: Vec<String> = cases
            .iter()
            .map(|(text, expected)| (text, lowered(text), expected))
            .filter(|(_, found, expected)| found != *expected)
            .map(|(text, found, expected)| format!("{text}\n  found    {found}\n  expected {expected}\n"))
            .collect();
        assert!(wrong.is_empty(), "\n{}", wrong.concat());
    }

    #[test]
    fn bodies_are_units_in_the_order_of_their_defs() {
        let text = "class A:\n    def m(self): return 1\nif x:\n    def f():\n        def g(): yield\n        class B:\n            def n(self): pass\ndef h(): ...\n";
        let (facts, spans) = extract(text, &syntax::parse(text));
        assert_eq!(
            dump(&facts),
            "unit 0
  (class A ())
    (def m (self) unit 1)
  (if x)
    (def f () unit 2)
  (def h () unit 3)
unit 1
  (return 1)
unit 2
  (def g () yields)
    (yield -)
  (class B ())
    (def n (self))
      (pass)
unit 3
  ...
"
        );
        let last = &facts.units[3];
        assert!(matches!(last[last.body[0]], Stmt::Expr(e) if last[e] == Expr::Ellipsis));
        assert_eq!(spans.stmt(UnitId(3), last.body[0]).text(text), "...");
    }

    #[test]
    fn whitespace_and_comments_change_no_facts() {
        let a = "import a . b\n@app.get('/x', tags=['a'])\ndef f(x: int = 1, *, y): return f'{x!r} {y:>3}'\n";
        let b = "# c\nimport a.b  # d\n\n@app.get( # e\n  '/x',\n  tags=['a',], )\n\n\n# g\ndef f(\n    x : int=1,\n\t*, y,\n):\n\n    # h\n    return (f'{ x !r} {y:>3}')  # i\n";
        assert_eq!(extract(a, &syntax::parse(a)).0, extract(b, &syntax::parse(b)).0);
    }

    #[test]
    fn spans_cover_what_they_name() {
        let text = "@dec\ndef f(a: 'list[int]' = (1)):\n    pass\n\n# end\n";
        let (facts, spans) = extract(text, &syntax::parse(text));
        let unit = &facts.units[0];
        let shown: Vec<&str> = spans.units[0].read().exprs.iter().map(|span| span.text(text)).collect();
        assert_eq!(shown, ["dec", "f", "a", "list", "int", "list[int]", "'list[int]'", "1"]);
        assert_eq!(
            spans.stmt(UnitId::MODULE, unit.body[0]).text(text),
            "@dec\ndef f(a: 'list[int]' = (1)):\n    pass"
        );
    }

    #[test]
    fn deep_and_long_texts_do_not_overflow_the_stack() {
        let n = 5_000;
        let nested = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(n), close.repeat(n));
        let texts = [
            nested("(", ")"),
            nested("[", "]"),
            nested("f(", ")"),
            nested("not ", ""),
            nested("lambda: ", ""),
            nested("{1: ", "}"),
            nested("a if b else ", ""),
            nested("- ", ""),
            nested("await ", ""),
            format!("x = {}\n", vec!["a"; n].join(" + ")),
            format!("x = {}\n", vec!["a"; n].join(" ** ")),
            format!("x = {}\n", vec!["a"; n].join(" and ")),
            format!("x = {}\n", vec!["a"; n].join(" < ")),
            format!("x = {}\n", vec!["'a'"; n].join(" ")),
            format!("x: {}\n", vec!["A"; n].join(" | ")),
            format!("x = {}\n", vec!["a"; n].join(" = ")),
            format!("x = a{}\n", ".b(c)[d]".repeat(n)),
            format!("if a: pass\n{}", "elif b: pass\n".repeat(n)),
            format!("match x:\n    case {}1{}: pass\n", "[".repeat(n), "]".repeat(n)),
            (0..300).map(|i| format!("{}if x:\n", " ".repeat(i))).collect(),
            "(".repeat(n),
            "f'{".repeat(n),
            format!("x: {}int{}\n", "list[".repeat(n), "]".repeat(n)),
            format!("x: '{}int{}'\n", "list[".repeat(n), "]".repeat(n)),
        ];
        for text in texts {
            let tree = syntax::parse(&text);
            let (facts, _) = extract(&text, &tree);
            assert!(!facts.units.is_empty());
            if !tree.root_node().has_error() {
                assert_eq!(facts.units[0].body.len(), 1, "{}", &text[..20]);
            }
        }
    }
}
