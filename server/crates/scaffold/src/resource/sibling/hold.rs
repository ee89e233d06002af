//! Classes that hold something of every resource, such as a container of what is injected or a unit of work: they hold the
//! new resource's too.

use super::{
    copy::Copy,
    outcome::Outcome,
    register::{elements, is_about, is_about_part, renamed_needs},
    visit::Inner,
};
use ruff_python_ast::{Expr, Stmt, StmtClassDef, visitor::source_order::SourceOrderVisitor};
use ruff_text_size::{Ranged, TextRange};

/// Repeats in a class what it holds of the sibling: `tags = Factory(TagRepository)`, `tags: TagRepository` and
/// `self.tags = TagRepository(session)`, each behind its own; and the elements of lists that are handed on, such as names of modules.
pub(super) fn hold(copy: &Copy, text: &str, class: &StmtClassDef, outcome: &mut Outcome) {
    for stmt in &class.body {
        member(copy, text, stmt, outcome);
    }
}

fn member(copy: &Copy, text: &str, stmt: &Stmt, outcome: &mut Outcome) {
    match stmt {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [target] if is_named_after(copy, target) => again(copy, text, stmt.range(), outcome),
            _ => lists(copy, text, &assign.value, outcome),
        },
        Stmt::AnnAssign(assign) if is_named_after(copy, &assign.target) => again(copy, text, stmt.range(), outcome),
        Stmt::FunctionDef(function) => {
            for stmt in &function.body {
                member(copy, text, stmt, outcome);
            }
        }
        Stmt::With(with) => with.body.iter().for_each(|stmt| member(copy, text, stmt, outcome)),
        _ => {}
    }
}

/// Whether an attribute, and not a variable of a method, is named after the sibling.
fn is_named_after(copy: &Copy, target: &Expr) -> bool {
    match target {
        Expr::Name(name) => copy.renaming.is_about(&name.id),
        Expr::Attribute(attribute) => {
            let is_self = attribute.value.as_name_expr().is_some_and(|name| name.id == "self");
            is_self && copy.renaming.is_about(&attribute.attr)
        }
        _ => false,
    }
}

fn again(copy: &Copy, text: &str, range: TextRange, outcome: &mut Outcome) {
    let written = &text[range];
    let new = copy.renaming.module(written);
    if !holds(copy, written) || is_about_part(copy, written) || text.contains(&new) {
        return;
    }
    let start = range.start().to_usize();
    let indent = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
    outcome
        .attributes
        .push((range.end().to_u32(), format!("\n{indent}{new}")));
    outcome.needs.extend(renamed_needs(copy, text, written));
}

/// Whether it has an object of one of the sibling's classes: not a row, nor what is sent of one.
fn holds(copy: &Copy, written: &str) -> bool {
    let is_row = |word: &str| {
        let mut declaring = copy.declaring.iter();
        declaring.any(|(_, class)| class == word)
    };
    let mut words = written.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| word.starts_with(char::is_uppercase) && copy.renaming.is_about(word) && !is_row(word))
}

/// Lists in the arguments of a call.
fn lists(copy: &Copy, text: &str, value: &Expr, outcome: &mut Outcome) {
    if !matches!(value, Expr::Call(_)) || !is_about(copy, &text[value.range()]) {
        return;
    }
    let mut inner = Inner::default();
    inner.visit_expr(value);
    for list in inner
        .found
        .iter()
        .filter(|expr| matches!(expr, Expr::List(_) | Expr::Tuple(_)))
    {
        elements(copy, text, list, outcome);
    }
}
