//! The scope of a function's signature: annotations and defaults mean what their names stood for when Python came to the `def`.
//!
//! They are evaluated when they are asked for, which few are. So the names in them are kept that may stand for something else
//! by then: those of functions and loops, and those that a module binds more than once. A class's names are found in its body,
//! which the functions in it don't see otherwise.

use super::{
    Context, Interp,
    value::{FrameId, FrameKind},
};
use crate::link::bindings;
use base::FileId;
use facts::{Arg, Expr, ExprId, Function, Unit};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// The scope in which a signature is evaluated whose `def` stands in `cx`; `scope` has the function's own type parameters.
    pub(super) fn signature_scope(&mut self, cx: &Context, function: &Function, scope: FrameId) -> FrameId {
        let kind = self.frame(scope).kind;
        if kind == FrameKind::Class || !self.source.mentions_framework(cx.file) {
            return scope;
        }
        let params = function.params.list.iter();
        let exprs = params.flat_map(|param| [param.annotation, param.default]).flatten();
        let mut names = FxHashSet::default();
        for expr in exprs.chain(function.returns) {
            collect_names(&cx.code, expr, &mut names);
        }
        let kept: Vec<(SmolStr, FrameId)> = names
            .into_iter()
            .filter_map(|name| Some((name.clone(), self.shifting(cx, scope, name)?)))
            .collect();
        if kept.is_empty() {
            return scope;
        }
        let inner = self.new_frame(kind, Some(scope), self.frame(scope).qualname.clone());
        for (name, found) in kept {
            if self.assumed_names.contains(&(found, name.clone())) {
                self.assumed_names.insert((inner, name.clone()));
            }
            if let Some(value) = self.frame(found).vars.get(&name).cloned() {
                self.frames[inner.0 as usize].vars.insert(name, value);
            }
        }
        inner
    }

    /// The scope that has a name now, where it may stand for something else later.
    fn shifting(&mut self, cx: &Context, scope: FrameId, name: &str) -> Option<FrameId> {
        let mut next = Some(scope);
        while let Some(id) = next {
            let frame = self.frame(id);
            if frame.vars.contains_key(name) {
                let is_module = frame.kind == FrameKind::Module;
                return (!is_module || self.loop_depth > 0 || self.rebound(cx.file).contains(name)).then_some(id);
            }
            next = frame.parent;
        }
        None
    }

    /// The names that a module binds more than once.
    fn rebound(&mut self, file: FileId) -> Arc<FxHashSet<SmolStr>> {
        if let Some(known) = self.rebound_names.get(&file) {
            return known.clone();
        }
        let rebound = self.source.facts(file).map(|facts| {
            let mut names = Vec::new();
            if let Some(module) = facts.units.first() {
                let unit = module.unit();
                for stmt in &unit.body {
                    bindings::of_stmt(unit, *stmt, &mut names);
                }
            }
            let mut once = FxHashSet::default();
            names.retain(|name| !once.insert(name.clone()));
            names.into_iter().collect::<FxHashSet<SmolStr>>()
        });
        let rebound = Arc::new(rebound.unwrap_or_default());
        self.rebound_names.insert(file, rebound.clone());
        rebound
    }
}

/// The names that evaluating an expression looks up; those of keywords are none, and what a lambda or comprehension binds is
/// its own.
pub(super) fn collect_names<'c>(code: &'c Unit, expr: ExprId, names: &mut FxHashSet<&'c SmolStr>) {
    let mut bound = Vec::new();
    let mut found = Vec::new();
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        match &code[expr] {
            Expr::Name(name) => found.push(name),
            Expr::Attr { value, .. } => {
                pending.push(*value);
                continue;
            }
            Expr::Call { func, args } => {
                pending.push(*func);
                pending.extend(args.iter().map(|arg| match arg {
                    Arg::Positional(value) | Arg::Star(value) | Arg::DoubleStar(value) => *value,
                    Arg::Keyword { value, .. } => *value,
                }));
                continue;
            }
            Expr::Lambda(params, _) => {
                bound.extend(params.list.iter().filter_map(|param| bindings::name(code, param.name)));
            }
            Expr::Comprehension { clauses, .. } => {
                for clause in clauses {
                    bindings::of_target(code, clause.target, &mut bound);
                }
            }
            _ => {}
        }
        code[expr].for_each_expr(|inner| pending.push(inner));
    }
    names.extend(found.into_iter().filter(|name| !bound.contains(*name)));
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn defaults_are_those_of_the_definition() {
        check(
            r#"
#- /main.py
from fastapi import APIRouter, FastAPI
app = FastAPI()
KEEP = "/global"
class Server:
    KEEP = "/class"
    PREFIX = "/svc"
    def __init__(self, app, path=KEEP):
        app.add_api_route(path, self.read)
    def read(self): ...
    @classmethod
    def router(cls, prefix=PREFIX):
        router = APIRouter(prefix=prefix)
        router.add_api_route("/x", handler)
        return router
def handler(): ...
Server(app)
app.include_router(Server.router())
PATH = "/first"
def add(app, path=PATH):
    app.add_api_route(path, handler)
PATH = "/second"
add(app)
"#,
            "main:app GET /class -> main.Server.read
             main:app GET /svc/x -> main.handler
             main:app GET /first -> main.handler",
        );
    }
}
