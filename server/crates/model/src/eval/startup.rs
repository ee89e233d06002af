//! What runs later than the import: lifespans and startup handlers when the server starts, middleware when a request
//! comes. What they wire is there then, so it is told, as conditional.

use super::{
    Interp,
    value::{Args, FnId, FunctionDef, Value},
};
use crate::RouterId;
use base::FileId;
use facts::{Arg, Expr, ExprId, FunctionBody, Stmt, Unit};
use std::sync::Arc;

/// Methods that wire something to an app or router.
const WIRING: [&str; 7] = [
    "include_router",
    "mount",
    "add_api_route",
    "add_api_websocket_route",
    "add_route",
    "add_websocket_route",
    "frontend",
];

/// Something an app calls later.
#[derive(Clone, Debug)]
pub(crate) struct Later {
    /// The module on whose behalf it runs.
    owner: FileId,
    callee: Value,
    args: Args,
}

impl Interp<'_> {
    /// `lifespan=` and `on_startup=` of a constructor.
    pub(crate) fn note_constructor_startups(&mut self, id: RouterId, args: &Args) {
        if let Some(lifespan) = args.keyword("lifespan").cloned() {
            self.note_lifespan(id, lifespan);
        }
        if let Some(handlers) = args.keyword("on_startup").cloned() {
            let at = self.router(id).made_at;
            if let super::iterate::Items::Known(handlers) = self.items_of(&handlers, at) {
                for handler in handlers {
                    self.note_later(id, handler, Args::default());
                }
            }
        }
    }

    /// A function that is called with the app when the server starts.
    pub(crate) fn note_lifespan(&mut self, id: RouterId, lifespan: Value) {
        let app = Value::Object(self.router_objects[id.0 as usize]);
        self.note_later(id, lifespan, Args::of([app]));
    }

    /// Something that is called later; what can't wire anything is let go.
    pub(crate) fn note_later(&mut self, id: RouterId, callee: Value, args: Args) {
        let wires = match &callee {
            Value::Function(function) => self.may_wire(*function),
            Value::Bound(bound) => matches!(&bound.1, Value::Function(function) if self.may_wire(*function)),
            Value::Partial(partial) => matches!(&partial.0, Value::Function(function) if self.may_wire(*function)),
            _ => false,
        };
        if wires && !self.is_rehearsal {
            let owner = self.owner(self.router(id).made_at.file);
            self.awaited.insert(id);
            self.later.push(Later { owner, callee, args });
        }
    }

    /// Whether an app wires something, now or when the server starts.
    pub(crate) fn wires_something(&self, app: RouterId) -> bool {
        !self.router(app).events.is_empty() || self.awaited.contains(&app)
    }

    /// `add_middleware(Class, **options)`: a class that is given an app or router may wire it when a request comes.
    pub(crate) fn note_middleware(&mut self, object: super::value::ObjId, args: &Args) {
        let Some(class @ Value::Class(_)) = args.get(0, "middleware_class").cloned() else {
            return;
        };
        if self.is_rehearsal
            || !args
                .keywords
                .iter()
                .any(|(_, value, _)| self.router_of(value).is_some())
        {
            return;
        }
        let mut options = args.clone();
        options.positional = vec![(Value::Object(object), None)];
        options.keywords.retain(|(name, _, _)| name != "middleware_class");
        let owner = self.owner(super::NOBODY);
        self.later.push(Later {
            owner,
            callee: class,
            args: options,
        });
    }

    /// Calls all that was noted; what is noted meanwhile too.
    pub(crate) fn run_later(&mut self) {
        self.is_late = true;
        self.condition_depth += 1;
        while !self.later.is_empty() {
            for Later { owner, callee, args } in std::mem::take(&mut self.later) {
                self.begin(owner);
                let made = self.call(&callee, args, None);
                if let (Value::Class(_), Ok(middleware)) = (&callee, &made) {
                    self.send_request(middleware);
                } else if let Ok(value) = made {
                    self.run_out(value);
                }
                self.end();
            }
        }
        self.condition_depth -= 1;
        self.is_late = false;
    }

    /// A request of which nothing is known goes to a middleware.
    fn send_request(&mut self, middleware: &Value) {
        let unknown = || Value::unknown("a part of a request", None);
        for (method, count) in [("__call__", 3), ("dispatch", 2)] {
            if let Some(method @ Value::Bound(_)) = self.attribute_of(middleware, &method.into(), None) {
                let args = Args::of(std::iter::repeat_with(unknown).take(count));
                if let Ok(value) = self.call(&method, args, None) {
                    self.run_out(value);
                }
            }
        }
    }

    /// Runs a coroutine or generator to its end.
    fn run_out(&mut self, value: Value) {
        if let Value::Suspended(suspended) = value {
            let _ = self.resume(suspended.0, suspended.1.clone(), None);
        }
    }

    /// Whether a function's body calls what wires, or hands an app on: its first parameter, or a name `app`.
    fn may_wire(&self, function: FnId) -> bool {
        let Some((first, unit)) = self.body_of(function) else {
            return false;
        };
        let is_app = |expr: &Expr| Some(expr) == first.as_ref() || matches!(expr, Expr::Name(name) if name == "app");
        unit.exprs.iter().any(|expr| match expr {
            Expr::Call { func, args } => {
                is_wiring(&unit, *func)
                    || args.iter().any(|arg| match arg {
                        Arg::Positional(value) | Arg::Keyword { value, .. } => is_app(&unit[*value]),
                        _ => false,
                    })
            }
            _ => false,
        })
    }

    /// Whether a function's body calls what wires.
    pub(super) fn wires(&self, function: FnId) -> bool {
        self.body_of(function).is_some_and(|(_, unit)| {
            let is_wiring = |expr: &Expr| matches!(expr, Expr::Call { func, .. } if is_wiring(&unit, *func));
            unit.exprs.iter().any(is_wiring)
        })
    }

    /// The first parameter of a function and the unit of its body.
    fn body_of(&self, function: FnId) -> Option<(Option<Expr>, Arc<Unit>)> {
        let object = &self.functions[function.0 as usize];
        let FunctionDef::Def(stmt) = object.def else {
            return None;
        };
        let Stmt::Function(def) = &object.code[stmt] else {
            return None;
        };
        let first = def.params.list.first().map(|param| object.code[param.name].clone());
        let unit = match &def.body {
            FunctionBody::Block(_) => object.code.clone(),
            FunctionBody::Unit(unit) => {
                let facts = self.source.facts(object.file)?;
                facts.units.get(unit.0 as usize)?.read()
            }
        };
        Some((first, unit))
    }
}

fn is_wiring(unit: &Unit, func: ExprId) -> bool {
    matches!(&unit[func], Expr::Attr { name, .. } if WIRING.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn a_factory_may_leave_all_wiring_to_the_lifespan() {
        check(
            r#"
#- /serve.py
from contextlib import asynccontextmanager
from fastapi import APIRouter, FastAPI
def handler(): ...
def create_app(urls: list[str]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app):
        router = APIRouter()
        router.add_api_route("/simple/", handler)
        app.include_router(router)
        yield
    app = FastAPI(lifespan=lifespan)
    return app
"#,
            "? serve:create_app(...) GET /simple/ -> serve.handler",
        );
    }
}
