//! Where the nodes of a program stand.

use crate::packed::SpansCell;
use crate::program::{ExprId, StmtId, UnitId};
use base::Span;

/// Spans of one unit, by node id, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitSpans {
    /// By [`ExprId`].
    pub exprs: Vec<Span>,
    /// By [`StmtId`]; of a function or class from its first decorator to the end of its body.
    pub stmts: Vec<Span>,
}

impl UnitSpans {
    /// Drops all spans and keeps the room for as many.
    pub(crate) fn clear(&mut self) {
        self.exprs.clear();
        self.stmts.clear();
    }

    /// Gives back the room that is not used.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.exprs.shrink_to_fit();
        self.stmts.shrink_to_fit();
    }
}

/// Spans of a whole file, by unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSpans {
    /// By [`UnitId`].
    pub(crate) units: Vec<SpansCell>,
    /// The statements with syntax errors, in order. What is said of them is what was last true, and spans in them are
    /// near, not exact; nothing should be reported there.
    pub damaged: Vec<Span>,
}

impl FileSpans {
    /// Packs the spans of the functions' bodies, which few will look up.
    pub fn pack(&mut self) {
        for body in self.units.iter_mut().skip(1) {
            body.pack();
        }
    }

    /// Those of each unit, by [`UnitId`].
    pub fn units(&self) -> impl ExactSizeIterator<Item = UnitSpans> {
        self.units.iter().map(SpansCell::read)
    }

    /// Span of an expression; empty where the table does not have it.
    #[must_use]
    pub fn expr(&self, unit: UnitId, expr: ExprId) -> Span {
        self.units
            .get(unit.0 as usize)
            .and_then(|spans| spans.expr(expr))
            .unwrap_or_default()
    }

    /// Span of a statement; empty where the table does not have it.
    #[must_use]
    pub fn stmt(&self, unit: UnitId, stmt: StmtId) -> Span {
        self.units
            .get(unit.0 as usize)
            .and_then(|spans| spans.stmt(stmt))
            .unwrap_or_default()
    }
}
