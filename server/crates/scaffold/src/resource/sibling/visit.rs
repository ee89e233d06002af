//! What stands in code: names that are read and written, expressions, where a name is used.

use super::edits::Edits;
use crate::draft::python;
use ruff_python_ast::{
    self as ast, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};
use ruff_text_size::{Ranged, TextRange};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a test expects that a request is refused for what it says.
pub(super) fn refuses(function: &ast::StmtFunctionDef) -> bool {
    let mut inner = Inner::default();
    inner.visit_body(&function.body);
    inner.found.iter().any(|expr| match expr {
        Expr::NumberLiteral(number) => {
            matches!(&number.value, ast::Number::Int(code) if matches!(code.as_u16(), Some(400 | 409 | 422)))
        }
        Expr::Attribute(attribute) => ["HTTP_400", "HTTP_409", "HTTP_422"]
            .iter()
            .any(|code| attribute.attr.starts_with(code)),
        _ => false,
    })
}

/// Whether a function raises something.
pub(super) fn raises(function: &ast::StmtFunctionDef) -> bool {
    fn any(block: &[Stmt]) -> bool {
        block
            .iter()
            .any(|stmt| stmt.is_raise_stmt() || python::blocks(stmt).into_iter().any(any))
    }
    any(&function.body)
}

/// The names of a function's parameters and variables.
pub(super) fn bound_in(function: &ast::StmtFunctionDef) -> BTreeSet<String> {
    let mut names = Stored::default();
    names.visit_body(&function.body);
    let parameters = function.parameters.iter().map(|parameter| parameter.name().to_string());
    names.stored.extend(parameters);
    names.stored
}

/// The variables that statements bind in one place alone.
pub(super) fn bound_once(body: &[Stmt]) -> BTreeSet<String> {
    let mut names = Stored::default();
    names.visit_body(body);
    let is_again = |name: &String| names.again.contains(name);
    names.stored.iter().filter(|name| !is_again(name)).cloned().collect()
}

/// What variables hold that a function without arguments made: its name, by theirs.
pub(super) fn made_in(body: &[Stmt]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for stmt in body {
        if let Stmt::Assign(assign) = stmt
            && let [Expr::Name(variable)] = assign.targets.as_slice()
            && let Some(function) = maker(&assign.value)
        {
            found.insert(variable.id.to_string(), function.to_owned());
        }
        found.extend(python::blocks(stmt).into_iter().flat_map(made_in));
    }
    found
}

/// The function that an expression calls without arguments.
pub(super) fn maker(value: &Expr) -> Option<&str> {
    let call = value.as_call_expr().filter(|call| call.arguments.is_empty())?;
    call.func.as_name_expr().map(|name| name.id.as_str())
}

/// Names that are written.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) stored: BTreeSet<String>,
    /// Those of them that are written in several places.
    again: BTreeSet<String>,
}

impl<'a> SourceOrderVisitor<'a> for Stored {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.ctx.is_store()
            && !self.stored.insert(name.id.to_string())
        {
            self.again.insert(name.id.to_string());
        }
        walk_expr(self, expr);
    }
}

pub(super) fn names_in(body: &[Stmt]) -> BTreeSet<String> {
    let mut names = Names::default();
    names.visit_body(body);
    names.loaded
}

/// Names that are read.
#[derive(Default)]
pub(super) struct Names<'e> {
    pub(super) edits: Option<&'e Edits>,
    pub(super) loaded: BTreeSet<String>,
}

impl<'a> SourceOrderVisitor<'a> for Names<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if !self.edits.is_some_and(|edits| edits.deletes(stmt.range())) {
            walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.edits.is_some_and(|edits| edits.deletes(expr.range())) {
            return;
        }
        if let Expr::Name(name) = expr
            && name.ctx.is_load()
        {
            self.loaded.insert(name.id.to_string());
        }
        walk_expr(self, expr);
    }
}

/// Where a name is read or written.
pub(super) struct Uses<'n> {
    pub(super) name: &'n str,
    pub(super) ranges: Vec<TextRange>,
}

impl<'a> SourceOrderVisitor<'a> for Uses<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.id == self.name
        {
            self.ranges.push(name.range());
        }
        walk_expr(self, expr);
    }
}

/// The outermost expressions of a statement.
#[derive(Default)]
pub(super) struct Expressions<'a> {
    pub(super) found: Vec<&'a Expr>,
}

impl<'a> SourceOrderVisitor<'a> for Expressions<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.found.push(expr);
    }
}

/// All expressions within one, itself included.
#[derive(Default)]
pub(super) struct Inner<'a> {
    pub(super) found: Vec<&'a Expr>,
}

impl<'a> SourceOrderVisitor<'a> for Inner<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.found.push(expr);
        walk_expr(self, expr);
    }
}
