//! One file's text, facts and spans, read together from one snapshot.

use base::{FileId, Span};
use facts::{Block, ExprId, FileFacts, FileSpans, Function, FunctionBody, Stmt, StmtId, Unit, UnitId};
use model::Files;
use std::sync::Arc;

/// A file as its author sees it: the program and the text it was lowered from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// Its program.
    pub facts: Arc<FileFacts>,
    /// Where the program's nodes stand in the text.
    pub spans: Arc<FileSpans>,
}

impl Source {
    /// Reads a file; nothing where it has no facts.
    #[must_use]
    pub fn read(files: &dyn Files, file: FileId) -> Option<Self> {
        Some(Self {
            file,
            text: files.text(file),
            facts: files.facts(file)?,
            spans: files.spans(file),
        })
    }

    /// The same of a text that no snapshot holds.
    #[must_use]
    pub fn parse(file: FileId, text: Arc<str>) -> Self {
        let (facts, spans) = facts::extract(&text, &syntax::parse(&text));
        Self {
            file,
            text,
            facts: Arc::new(facts),
            spans: Arc::new(spans),
        }
    }

    /// A unit of the file.
    #[must_use]
    pub fn unit(&self, unit: UnitId) -> Option<&Unit> {
        self.facts.units.get(unit.0 as usize).map(|unit| &**unit)
    }

    /// The module's own code.
    #[must_use]
    pub fn module(&self) -> Option<&Unit> {
        self.unit(UnitId::MODULE)
    }

    /// The text of an expression, without parentheses around it.
    #[must_use]
    pub fn expr_text(&self, unit: UnitId, expr: ExprId) -> &str {
        self.spans.expr(unit, expr).text(&self.text)
    }

    /// The text of a statement; of a function or class with its decorators.
    #[must_use]
    pub fn stmt_text(&self, unit: UnitId, stmt: StmtId) -> &str {
        self.spans.stmt(unit, stmt).text(&self.text)
    }

    /// The function that a statement is.
    #[must_use]
    pub fn function(&self, unit: UnitId, stmt: StmtId) -> Option<&Function> {
        match self.unit(unit)?.stmts.get(stmt.0 as usize)? {
            Stmt::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The body of a function that is defined in `unit`, and the unit the body's nodes belong to.
    #[must_use]
    pub fn body<'a>(&'a self, unit: UnitId, function: &'a Function) -> (UnitId, &'a Block) {
        const EMPTY: &Block = &Block::new();
        match &function.body {
            FunctionBody::Unit(own) => (*own, self.unit(*own).map_or(EMPTY, |u| &u.body)),
            FunctionBody::Block(block) => (unit, block),
        }
    }

    /// The whitespace at the start of the line on which `offset` stands.
    #[must_use]
    pub fn indent_at(&self, offset: u32) -> &str {
        let start = self.line_start(offset);
        let line = self.text.get(start as usize..).unwrap_or("");
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The start of the line on which `offset` stands, in bytes.
    #[must_use]
    pub fn line_start(&self, offset: u32) -> u32 {
        let before = self.text.get(..offset as usize).unwrap_or("");
        before.rfind(['\n', '\r']).map_or(0, |at| at + 1) as u32
    }

    /// The end of the line on which `offset` stands, its line break not included, in bytes.
    #[must_use]
    pub fn line_end(&self, offset: u32) -> u32 {
        let after = self.text.get(offset as usize..).unwrap_or("");
        offset + after.find(['\n', '\r']).unwrap_or(after.len()) as u32
    }

    /// The span of the whole lines on which `span` stands, without the last line break.
    #[must_use]
    pub fn lines(&self, span: Span) -> Span {
        Span::new(self.line_start(span.start), self.line_end(span.end))
    }
}
