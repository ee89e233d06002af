//! What answers a second thing with the same unique value with 409, where nothing of the sibling's had to.

use super::{Inner, Rewriter};
use crate::draft::python;
use base::FileId;
use ruff_python_ast::{self as ast, Expr, Stmt, visitor::source_order::SourceOrderVisitor};
use ruff_text_size::{Ranged, TextRange};

/// What is raised, and what that needs.
pub(in crate::resource::sibling) struct Conflict {
    /// `ConflictError("Book already exists")`.
    pub(in crate::resource::sibling) raised: String,
    /// Import statements; those of names that are not used are dropped.
    pub(in crate::resource::sibling) imports: String,
    /// Whether some function of the copy raises it.
    pub(in crate::resource::sibling) is_raised: bool,
    /// The path operations that write, by file and name, where rows are sent to the database in code that all share.
    pub(in crate::resource::sibling) handlers: Vec<(FileId, String)>,
}

/// What the names of functions that write begin with.
const WRITING: [&str; 8] = [
    "create", "add", "insert", "save", "register", "update", "replace", "patch",
];

impl Rewriter<'_> {
    /// Has a function that writes rows tell what the database refuses.
    pub(super) fn answer_conflicts(&mut self, function: &ast::StmtFunctionDef) {
        let text = self.text;
        let Some(conflict) = self.copy.conflict.as_mut().filter(|_| !self.is_test) else {
            return;
        };
        if text[function.range()].contains("IntegrityError") {
            return;
        }
        let is_handler = |(file, name): &(FileId, String)| *file == self.file && *name == *function.name;
        let ends = match conflict.handlers.iter().any(is_handler) {
            true => writing(&function.body).into_iter().map(|stmt| (stmt, None)).collect(),
            false if writes(function) => ends(&function.body),
            false => Vec::new(),
        };
        for (stmt, end) in ends {
            let range = stmt.range();
            let line = text[..range.start().to_usize()].rfind('\n').map_or(0, |at| at + 1);
            let indent = &text[line..range.start().to_usize()];
            if !indent.trim().is_empty() || self.edits.covers(range) {
                continue;
            }
            let undo = end.map_or_else(String::new, |End { session, is_awaited }| {
                let wait = if is_awaited { "await " } else { "" };
                format!("{indent}    {wait}{}.rollback()\n", &text[session])
            });
            let raised = &conflict.raised;
            self.edits
                .insert(range.start().to_usize(), format!("try:\n{indent}    "));
            self.edits.insert(
                range.end().to_usize(),
                format!("\n{indent}except IntegrityError as error:\n{undo}{indent}    raise {raised} from error"),
            );
            conflict.is_raised = true;
        }
    }
}

/// `await session.commit()`.
struct End {
    session: TextRange,
    is_awaited: bool,
}

/// Statements that send to the database what was written.
fn ends(block: &[Stmt]) -> Vec<(&Stmt, Option<End>)> {
    let mut found = Vec::new();
    for stmt in block {
        found.extend(end(stmt).map(|end| (stmt, Some(end))));
        found.extend(python::blocks(stmt).into_iter().flat_map(ends));
    }
    found
}

fn end(stmt: &Stmt) -> Option<End> {
    let value = &*stmt.as_expr_stmt()?.value;
    let (value, is_awaited) = match value {
        Expr::Await(awaited) => (&*awaited.value, true),
        value => (value, false),
    };
    let call = value.as_call_expr().filter(|call| call.arguments.is_empty())?;
    let method = call.func.as_attribute_expr()?;
    matches!(method.attr.as_str(), "commit" | "flush").then(|| End {
        session: method.value.range(),
        is_awaited,
    })
}

/// The statement of a path operation that has something written.
fn writing(block: &[Stmt]) -> Option<&Stmt> {
    block.iter().find(|stmt| {
        let is_plain = matches!(
            stmt,
            Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::Return(_) | Stmt::Expr(_)
        );
        let mut inner = Inner::default();
        inner.visit_stmt(stmt);
        let mut called = inner.found.iter().filter_map(|expr| called(expr));
        is_plain && called.any(|name| WRITING.iter().any(|word| name.starts_with(word)))
    })
}

/// The name of what an expression calls.
fn called(expr: &Expr) -> Option<&str> {
    match &*expr.as_call_expr()?.func {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(method) => Some(method.attr.as_str()),
        _ => None,
    }
}

/// Whether a function adds rows or changes them.
fn writes(function: &ast::StmtFunctionDef) -> bool {
    let mut inner = Inner::default();
    inner.visit_body(&function.body);
    let mut called = inner.found.iter().filter_map(|expr| called(expr));
    called.any(|name| {
        matches!(
            name,
            "add" | "add_all" | "merge" | "setattr" | "update" | "sqlmodel_update"
        )
    })
}
