//! Answers that come bit by bit: whether they end by what the code says, and what they say that they are.

use super::demands::{called, function};
use crate::{
    Site,
    excerpt::Excerpt,
    resolve::{self, Binding, Resolved},
};
use base::FileId;
use facts::{Arg, Expr as FactsExpr};
use model::{Callable, Route};
use ruff_python_ast::{
    Expr, ExprCall, Stmt, StmtFunctionDef,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};

/// Classes of answers that come bit by bit.
const CLASSES: [&str; 2] = ["StreamingResponse", "EventSourceResponse"];

/// Iterables that never end.
const ENDLESS: [&str; 3] = ["count", "cycle", "repeat"];

/// Whether an answer that comes bit by bit ends for certain; nothing where it comes at once.
pub(super) fn ends(site: &Site<'_>, route: &Route, callable: &Callable) -> Option<bool> {
    let code = Code::of(site, callable);
    let makes_one = || code.as_ref().is_some_and(|code| code.stream().is_some());
    let is_stream = callable.is_generator || returns_stream(callable) || names_stream(site, route) || makes_one();
    let ends = || {
        let code = code.as_ref()?;
        match callable.is_generator {
            true => Some(is_finite(&code.function.body)),
            false => Some(code.content()?.iter().all(|function| is_finite(&function.body))),
        }
    };
    is_stream.then(|| ends() == Some(true))
}

/// The type of what comes bit by bit, where it is written.
pub(super) fn media_type(site: &Site<'_>, route: &Route, callable: &Callable) -> Option<String> {
    if callable.is_generator {
        return names_stream(site, route).then(|| "text/event-stream".to_owned());
    }
    let code = Code::of(site, callable)?;
    let call = code.stream()?;
    let said = call.arguments.find_keyword("media_type")?;
    Some(said.value.as_string_literal_expr()?.value.to_str().to_owned())
}

fn returns_stream(callable: &Callable) -> bool {
    let returns = callable.returns.as_ref();
    returns.is_some_and(|ty| CLASSES.iter().any(|class| ty.display.ends_with(class)))
}

/// Whether the decorator says `response_class=StreamingResponse`.
fn names_stream(site: &Site<'_>, route: &Route) -> bool {
    let class = || {
        let facts = site.ctx.facts(route.at.file)?;
        let unit = facts.units.get(route.at.unit.0 as usize)?.read();
        let FactsExpr::Call { args, .. } = unit.exprs.get(route.at.expr.0 as usize)? else {
            return None;
        };
        args.iter().find_map(|arg| match arg {
            Arg::Keyword { name, value, .. } if *name == "response_class" => {
                Some(CLASSES.contains(&style::last_name(&unit, *value)))
            }
            _ => None,
        })
    };
    class() == Some(true)
}

/// A path operation's function, in its module.
struct Code<'a> {
    site: &'a Site<'a>,
    file: FileId,
    function: StmtFunctionDef,
}

impl<'a> Code<'a> {
    fn of(site: &'a Site<'a>, callable: &Callable) -> Option<Self> {
        let file = callable.def?.file;
        let excerpt = Excerpt::definition(site, file, callable.name.rsplit('.').next()?)?;
        let function = excerpt.function()?.clone();
        Some(Self { site, file, function })
    }

    /// The call that makes the answer.
    fn stream(&self) -> Option<ExprCall> {
        let mut calls = Calls::default();
        calls.visit_body(&self.function.body);
        let mut calls = calls.0.into_iter();
        calls.find(|call| called(call).is_some_and(|name| CLASSES.contains(&name)))
    }

    /// The functions that make what is sent; nothing where they are not known.
    fn content(&self) -> Option<Vec<StmtFunctionDef>> {
        let call = self.stream()?;
        let content = call.arguments.find_argument_value("content", 0)?;
        let made = match content {
            Expr::Call(made) => made,
            Expr::Name(name) => {
                let assigned = self.function.body.iter().find_map(|stmt| match stmt {
                    Stmt::Assign(assign) => match assign.targets.as_slice() {
                        [Expr::Name(target)] if target.id == name.id => assign.value.as_call_expr(),
                        _ => None,
                    },
                    _ => None,
                });
                assigned?
            }
            _ => return None,
        };
        let name = called(made)?;
        if matches!(name, "BytesIO" | "StringIO" | "iter") {
            return Some(Vec::new());
        }
        if let Some(inner) = function(&self.function.body, name) {
            return Some(vec![inner.clone()]);
        }
        match resolve::resolve(&self.site.ctx, self.file, name)? {
            Resolved::Item(file, Binding::Def(_)) => {
                let excerpt = Excerpt::definition(self.site, file, name)?;
                Some(vec![excerpt.function()?.clone()])
            }
            _ => None,
        }
    }
}

#[derive(Default)]
struct Calls(Vec<ExprCall>);

impl<'a> SourceOrderVisitor<'a> for Calls {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.0.push(call.clone());
        }
        walk_expr(self, expr);
    }
}

/// Whether a body comes to its end whatever happens: nothing in it waits for others or goes round by a condition.
fn is_finite(body: &[Stmt]) -> bool {
    let mut waits = Waits { found: false };
    waits.visit_body(body);
    !waits.found
}

struct Waits {
    found: bool,
}

impl<'a> SourceOrderVisitor<'a> for Waits {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::While(_) => self.found = true,
            Stmt::For(each) => {
                let is_endless = match &*each.iter {
                    Expr::Call(call) => called(call).is_some_and(|name| ENDLESS.contains(&name)),
                    _ => false,
                };
                self.found |= each.is_async || is_endless;
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Await(awaited) => {
                let sleeps = match &*awaited.value {
                    Expr::Call(call) => called(call) == Some("sleep"),
                    _ => false,
                };
                self.found |= !sleeps;
            }
            Expr::YieldFrom(_) => self.found = true,
            _ => {}
        }
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::python;

    #[test]
    fn what_waits_for_others_has_no_end() {
        let ends = |body: &str| is_finite(&python::suite(body).unwrap());
        assert!(ends("for number in range(10):\n    yield number"));
        assert!(ends(
            "for number in numbers:\n    yield number\n    await asyncio.sleep(1)"
        ));
        assert!(!ends("while True:\n    yield 1"));
        assert!(!ends("for number in count(1):\n    yield number"));
        assert!(!ends("async for message in channel:\n    yield message"));
        assert!(!ends("yield await queue.get()"));
    }
}
