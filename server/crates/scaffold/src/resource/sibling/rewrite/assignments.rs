//! Functions that take field by field over what they are given: `note.text = data.text`, under a condition or not.

use super::{Inner, Rewriter};
use ruff_python_ast::{self as ast, Expr, Stmt, visitor::source_order::SourceOrderVisitor};
use ruff_text_size::Ranged;

impl Rewriter<'_> {
    /// Says the first statement of that kind for the fields that take no place too, and leaves it out if its own field is
    /// gone; whether it did that.
    pub(super) fn replaces_assignment(&mut self, stmt: &Stmt) -> bool {
        let Some(field) = taken_over(stmt).filter(|field| !self.is_test && self.copy.map.has(field)) else {
            return false;
        };
        let is_gone = self.copy.map.drops(field);
        let is_first = !std::mem::replace(&mut self.assigns_added, true);
        let columns: Vec<String> = self.added().map(crate::resource::fields::FieldSpec::column).collect();
        if !is_first || columns.is_empty() {
            return false;
        }
        let indent = self.indent(stmt);
        let again: Vec<String> = columns
            .iter()
            .map(|column| self.said_for(stmt, field, column))
            .collect();
        let again = again.join(&format!("\n{indent}"));
        match is_gone {
            true => {
                let mut names = super::Names::default();
                names.visit_stmt(stmt);
                self.added_reads.extend(names.loaded);
                self.edits.replace(stmt.range(), again);
            }
            false => self.edits.insert(stmt.end().to_usize(), format!("\n{indent}{again}")),
        }
        is_gone
    }

    /// The statement with another field in the place of its own.
    fn said_for(&self, stmt: &Stmt, field: &str, column: &str) -> String {
        let mut inner = Inner::default();
        inner.visit_stmt(stmt);
        let (start, end) = (stmt.start().to_usize(), stmt.end().to_usize());
        let mut said = String::new();
        let mut done = start;
        let mut attributes: Vec<&ast::ExprAttribute> =
            inner.found.iter().filter_map(|e| e.as_attribute_expr()).collect();
        attributes.sort_by_key(|attribute| attribute.attr.start());
        for attribute in attributes
            .into_iter()
            .filter(|attribute| attribute.attr.as_str() == field)
        {
            let at = attribute.attr.range();
            said.push_str(&self.text[done..at.start().to_usize()]);
            said.push_str(column);
            done = at.end().to_usize();
        }
        said.push_str(&self.text[done..end]);
        said
    }
}

/// The field that a statement takes over: `text` of `note.text = data.text`, also under a condition on `data.text`.
fn taken_over(stmt: &Stmt) -> Option<&str> {
    let assign = match stmt {
        Stmt::Assign(assign) => assign,
        Stmt::If(branch) if branch.elif_else_clauses.is_empty() => match branch.body.as_slice() {
            [Stmt::Assign(assign)] => assign,
            _ => return None,
        },
        _ => return None,
    };
    let [Expr::Attribute(target)] = assign.targets.as_slice() else {
        return None;
    };
    let given = assign.value.as_attribute_expr()?;
    (target.attr.as_str() == given.attr.as_str()).then_some(target.attr.as_str())
}
