//! One statement cut out of its unit, with ids counted from its own start, so that it can be compared and put elsewhere.

use crate::ids::{Id, read, write};
use crate::packed::{SpansCell, UnitCell};
use crate::program::{Block, Expr, ExprId, FileFacts, FunctionBody, Stmt, StmtId, Unit, UnitId};
use crate::spans::{FileSpans, UnitSpans};
use base::Span;
use rustc_hash::FxHasher;
use smol_str::SmolStr;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A statement with all that belongs to it. The statement itself is the last of `part.stmts`.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragment {
    part: Unit,
    spans: UnitSpans,
    /// The bodies of functions in it, by relative unit id.
    units: Vec<(Arc<Unit>, UnitSpans)>,
}

/// Relative or absolute starts of the three kinds of ids.
#[derive(Clone, Copy, Default)]
struct Base {
    expr: u32,
    stmt: u32,
    unit: u32,
}

impl Base {
    fn add(self, id: Id<&mut ExprId, &mut StmtId, &mut UnitId>) {
        match id {
            Id::Expr(id) => id.0 += self.expr,
            Id::Stmt(id) => id.0 += self.stmt,
            Id::Unit(id) => id.0 += self.unit,
        }
    }

    fn subtract(self, id: Id<&mut ExprId, &mut StmtId, &mut UnitId>) {
        match id {
            Id::Expr(id) => id.0 -= self.expr,
            Id::Stmt(id) => id.0 -= self.stmt,
            Id::Unit(id) => id.0 -= self.unit,
        }
    }
}

/// The ids that a statement reaches, as half-open ranges; arenas are filled in post-order, so nothing else is in them.
#[derive(Clone, Copy)]
struct Reach {
    low: Base,
    high: Base,
}

impl Reach {
    fn of(unit: &Unit, root: StmtId) -> Self {
        let mut reach = Reach {
            low: Base {
                expr: u32::MAX,
                stmt: u32::MAX,
                unit: u32::MAX,
            },
            high: Base::default(),
        };
        let mut stmts = vec![root];
        let mut exprs: Vec<ExprId> = Vec::new();
        while let Some(stmt) = stmts.pop() {
            reach.low.stmt = reach.low.stmt.min(stmt.0);
            reach.high.stmt = reach.high.stmt.max(stmt.0 + 1);
            read::stmt(&unit[stmt], &mut |id| match id {
                Id::Expr(id) => exprs.push(*id),
                Id::Stmt(id) => stmts.push(*id),
                Id::Unit(id) => {
                    reach.low.unit = reach.low.unit.min(id.0);
                    reach.high.unit = reach.high.unit.max(id.0 + 1);
                }
            });
        }
        while let Some(expr) = exprs.pop() {
            reach.low.expr = reach.low.expr.min(expr.0);
            reach.high.expr = reach.high.expr.max(expr.0 + 1);
            unit[expr].for_each_expr(|id| exprs.push(id));
        }
        reach
    }
}

impl Fragment {
    /// Cuts the statements of a file's module apart.
    pub(super) fn of_module(facts: &FileFacts, spans: &FileSpans) -> Vec<Fragment> {
        let units = facts.units.iter().map(UnitCell::read);
        let bodies: Vec<_> = units.zip(spans.units()).collect();
        match bodies.first() {
            Some((unit, spans)) => Self::of_block(unit, spans, &bodies, &unit.body),
            None => Vec::new(),
        }
    }

    /// Cuts the statements of a block of `unit` apart; `bodies` are what its unit ids mean.
    fn of_block(unit: &Unit, spans: &UnitSpans, bodies: &[(Arc<Unit>, UnitSpans)], block: &Block) -> Vec<Fragment> {
        block
            .iter()
            .map(|stmt| Self::of_stmt(unit, spans, bodies, *stmt))
            .collect()
    }

    fn of_stmt(unit: &Unit, spans: &UnitSpans, bodies: &[(Arc<Unit>, UnitSpans)], stmt: StmtId) -> Fragment {
        let Reach { low, high } = Reach::of(unit, stmt);
        let range = |low: u32, high: u32| low.min(high) as usize..high as usize;
        let (exprs, stmts) = (range(low.expr, high.expr), range(low.stmt, high.stmt));
        let mut part = Unit {
            body: Vec::new(),
            stmts: unit.stmts[stmts.clone()].to_vec(),
            exprs: unit.exprs[exprs.clone()].to_vec(),
        };
        for stmt in &mut part.stmts {
            write::stmt(stmt, &mut |id| low.subtract(id));
        }
        for expr in &mut part.exprs {
            write::expr(expr, &mut |id| low.subtract(id));
        }
        Fragment {
            part,
            spans: UnitSpans {
                exprs: spans.exprs[exprs].to_vec(),
                stmts: spans.stmts[stmts].to_vec(),
            },
            units: bodies[range(low.unit, high.unit)].to_vec(),
        }
    }

    /// The statement itself.
    pub(super) fn root(&self) -> Option<&Stmt> {
        self.part.stmts.last()
    }

    /// Where the statement stands.
    pub(super) fn span(&self) -> Span {
        self.spans.stmts.last().copied().unwrap_or_default()
    }

    /// A number that equal statements share, wherever they stand.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.part.hash(&mut hasher);
        for (unit, _) in &self.units {
            unit.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// What the statement is about: the name that it defines or assigns, or `a.b(` for a call of `a.b`.
    pub(super) fn key(&self) -> Option<SmolStr> {
        let name = match self.root()? {
            Stmt::Expr(expr) => return self.call_key(*expr),
            Stmt::Function(function) => function.name,
            Stmt::Class(class) => class.name,
            Stmt::Assign { targets, .. } => *targets.first()?,
            Stmt::AnnAssign { target, .. } => *target,
            _ => return None,
        };
        match &self.part[name] {
            Expr::Name(name) => Some(name.clone()),
            _ => None,
        }
    }

    fn call_key(&self, expr: ExprId) -> Option<SmolStr> {
        let Expr::Call { func, .. } = &self.part[expr] else {
            return None;
        };
        let mut path = String::from("(");
        let mut at = *func;
        loop {
            match &self.part[at] {
                Expr::Name(name) => {
                    path.insert_str(0, name);
                    return Some(path.into());
                }
                Expr::Attr { value, name, .. } => {
                    path.insert_str(0, name);
                    path.insert(0, '.');
                    at = *value;
                }
                _ => return None,
            }
        }
    }

    /// The statements of a definition's body.
    pub(super) fn body(&self) -> Vec<Fragment> {
        match self.root() {
            Some(Stmt::Class(class)) => Self::of_block(&self.part, &self.spans, &self.units, &class.body),
            Some(Stmt::Function(function)) => match &function.body {
                FunctionBody::Block(block) => Self::of_block(&self.part, &self.spans, &self.units, block),
                FunctionBody::Unit(unit) => self.units.get(unit.0 as usize).map_or_else(Vec::new, |(unit, spans)| {
                    Self::of_block(unit, spans, &self.units, &unit.body)
                }),
            },
            _ => Vec::new(),
        }
    }

    /// Whether the statement is a class.
    pub(super) fn is_class(&self) -> bool {
        matches!(self.root(), Some(Stmt::Class(_)))
    }

    /// Whether the statement is a generator function.
    pub(super) fn is_generator(&self) -> bool {
        matches!(self.root(), Some(Stmt::Function(function)) if function.is_generator)
    }

    /// Moves every span.
    pub(super) fn move_spans(&mut self, to: &impl Fn(Span) -> Span) {
        let units = self.units.iter_mut().map(|(_, spans)| spans);
        for spans in units.chain(std::iter::once(&mut self.spans)) {
            for span in spans.exprs.iter_mut().chain(&mut spans.stmts) {
                *span = to(*span);
            }
        }
    }
}

/// A unit that is put together from fragments, and the bodies of its functions.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    unit: Unit,
    spans: UnitSpans,
    units: Vec<(Arc<Unit>, UnitSpans)>,
}

impl Assembly {
    /// An assembly of a module, whose own unit is the first.
    pub(super) fn of_module() -> Self {
        Self {
            units: vec![Default::default()],
            ..Self::default()
        }
    }

    fn base(&self) -> Base {
        Base {
            expr: self.unit.exprs.len() as u32,
            stmt: self.unit.stmts.len() as u32,
            unit: self.units.len() as u32,
        }
    }

    /// Adds a whole statement.
    pub(super) fn push(&mut self, fragment: &Fragment) -> Option<StmtId> {
        let base = self.base();
        self.push_exprs(fragment, base);
        for (stmt, span) in fragment.part.stmts.iter().zip(&fragment.spans.stmts) {
            let mut stmt = stmt.clone();
            write::stmt(&mut stmt, &mut |id| base.add(id));
            self.unit.stmts.push(stmt);
            self.spans.stmts.push(*span);
        }
        self.units.extend(fragment.units.iter().cloned());
        self.unit.stmts.len().checked_sub(1).map(|last| StmtId(last as u32))
    }

    fn push_exprs(&mut self, fragment: &Fragment, base: Base) {
        for (expr, span) in fragment.part.exprs.iter().zip(&fragment.spans.exprs) {
            let mut expr = expr.clone();
            write::expr(&mut expr, &mut |id| base.add(id));
            self.unit.exprs.push(expr);
            self.spans.exprs.push(*span);
        }
    }

    /// Adds a definition with the head of `header` and the body that `body` puts together; `body` says whether it
    /// yields.
    pub(super) fn push_definition(
        &mut self,
        header: &Fragment,
        span: Span,
        body: impl FnOnce(&mut Assembly) -> (Block, bool),
    ) -> Option<StmtId> {
        let base = self.base();
        let mut root = header.root()?.clone();
        self.push_exprs(header, base);
        match &mut root {
            Stmt::Class(class) => class.body.clear(),
            Stmt::Function(function) => function.body = FunctionBody::Block(Vec::new()),
            _ => return None,
        }
        write::stmt(&mut root, &mut |id| base.add(id));
        match &mut root {
            Stmt::Class(class) => class.body = body(self).0,
            Stmt::Function(function) => {
                let has_unit = matches!(
                    header.root(),
                    Some(Stmt::Function(f)) if matches!(f.body, FunctionBody::Unit(_))
                );
                let (block, yields) = if has_unit {
                    self.push_unit(body)
                } else {
                    let (block, yields) = body(self);
                    (FunctionBody::Block(block), yields)
                };
                function.body = block;
                function.is_generator = yields;
            }
            _ => {}
        }
        let id = StmtId(self.unit.stmts.len() as u32);
        self.unit.stmts.push(root);
        self.spans.stmts.push(span);
        Some(id)
    }

    fn push_unit(&mut self, body: impl FnOnce(&mut Assembly) -> (Block, bool)) -> (FunctionBody, bool) {
        let mut inner = Assembly::default();
        let (block, yields) = body(&mut inner);
        inner.unit.body = block;
        let id = UnitId(self.units.len() as u32);
        self.units.push((Arc::new(inner.unit), inner.spans));
        (FunctionBody::Unit(id), yields)
    }

    /// The file, with `body` as the statements of its module.
    pub(super) fn finish(mut self, body: Block, damaged: Vec<Span>) -> (FileFacts, FileSpans) {
        self.unit.body = body;
        if let Some(module) = self.units.first_mut() {
            *module = (Arc::new(self.unit), self.spans);
        }
        let cells = |(unit, spans)| (UnitCell::new(unit), SpansCell::new(spans));
        let (units, spans) = self.units.into_iter().map(cells).unzip();
        let facts = FileFacts {
            units,
            damaged: !damaged.is_empty(),
        };
        (facts, FileSpans { units: spans, damaged })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_taken_apart_and_put_together_is_the_same() {
        let text = "import a\nx = [f(1), 'b']\n@d\nclass A(B):\n    y: int\n    def m(self):\n        def g(): yield\n        return g\n    class C:\n        def n(self): pass\nif x:\n    def h(): pass\nelif y: pass\npass\nglobal z\n";
        let (facts, spans) = crate::extract(text, &syntax::parse(text));
        let mut assembly = Assembly::of_module();
        let body = Fragment::of_module(&facts, &spans)
            .iter()
            .filter_map(|fragment| assembly.push(fragment))
            .collect();
        assert_eq!(assembly.finish(body, Vec::new()), (facts, spans));
    }
}
