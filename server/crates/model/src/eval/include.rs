//! What a router's table is made of besides operations: includes and mounts; and the events that record it.

use super::{
    Context, Eval, Interp,
    library::VERBS,
    value::{Args, FnId, Value},
};
use crate::{Event, EventKind, Fact, Include, Mount, Place, Reason, RouterId, RouterKind, Text};
use facts::{Expr, ExprId};
use rustc_hash::FxHashSet;
use std::sync::Arc;

const INTO_ITSELF: &str = "FastAPI raises an AssertionError here: a router can't be included in itself";
const IN_A_CIRCLE: &str =
    "FastAPI raises an AssertionError here: the router that is included includes this one already";
const APP_INCLUDED: &str =
    "FastAPI raises an AttributeError here: an app is not a router; it can be mounted, or its `router` included";
const NO_ROUTER: &str = "FastAPI raises an AttributeError here: what is included is not a router";
const PLAIN_ROUTER_INCLUDED: &str =
    "FastAPI raises an AttributeError here: a router of Starlette can be mounted, but not included";
const WITHOUT_END: &str =
    "FastAPI before 0.128.7 never comes to an end here: a router with routes is included in itself";

/// Whether a name of a library is that of a function, by its spelling: what a class of another framework makes is no app.
fn is_function(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.starts_with(|c: char| c.is_lowercase())
}

impl Interp<'_> {
    /// Adds an event; it is conditional where the router was made outside the condition.
    pub(super) fn record(&mut self, id: RouterId, kind: EventKind, at: Place) {
        if self.is_rehearsal && self.is_recorded(id, &kind) {
            return;
        }
        let conditional = self.is_conditional(id);
        let module = self.running_module().unwrap_or(at.file);
        let event = Event {
            kind,
            at,
            module,
            conditional,
            round: self.round_of(id),
        };
        self.recorded.push(id);
        self.change_router(id, |router| router.events.push(event));
    }

    /// Whether a router has an event to the same effect: both arms of a condition may wire the same.
    fn is_recorded(&self, id: RouterId, kind: &EventKind) -> bool {
        let operation = |id: &crate::OperationId| {
            let records = &self.heap.new_operations;
            let index = records.binary_search_by_key(&id.0, |record| record.id.0).ok()?;
            Some(&records[index])
        };
        self.router(id).events.iter().any(|event| match (&event.kind, kind) {
            (EventKind::Include(a), EventKind::Include(b)) => a.router == b.router && a.prefix == b.prefix,
            (EventKind::Mount(a), EventKind::Mount(b)) => a.target == b.target && a.path == b.path,
            (EventKind::Operation(a), EventKind::Operation(b)) => match (operation(a), operation(b)) {
                (Some(a), Some(b)) => {
                    let (one, other) = (&a.operation, &b.operation);
                    one.path == other.path
                        && one.methods == other.methods
                        && one.kind == other.kind
                        && self.is_same_function(&a.endpoint, &b.endpoint)
                }
                _ => false,
            },
            _ => false,
        })
    }

    /// Whether two endpoints are the same function, made once or by several runs of one `def`.
    fn is_same_function(&self, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Function(one), Value::Function(other)) => {
                let (one, other) = (&self.functions[one.0 as usize], &self.functions[other.0 as usize]);
                (one.file, one.unit, one.def) == (other.file, other.unit, other.def)
            }
            (one, other) => one == other,
        }
    }

    /// `app.router = own`: the app serves what that router has, and will have.
    pub(super) fn replace_router(&mut self, id: RouterId, own: RouterId, at: Place) {
        let is_app = matches!(self.router(id).kind, RouterKind::FastApi | RouterKind::Starlette);
        if !is_app || own == id || self.is_rehearsal {
            return;
        }
        if !self.is_conditional(id) {
            self.change_router(id, |router| {
                router.events.clear();
                router.builtins.clear();
            });
        }
        let include = Include {
            router: own,
            router_at: None,
            prefix: Text::default(),
            router_prefix: Text::default(),
            prefix_at: None,
            tags: Fact::Known(Vec::new()),
            dependencies: Vec::new(),
            open: None,
            deprecated: false,
            include_in_schema: true,
            events_then: usize::MAX,
        };
        self.record(id, EventKind::Include(include), at);
    }

    /// `include_router`.
    pub(super) fn include(&mut self, id: RouterId, args: &Args, at: Place) -> Eval<()> {
        match args.get(0, "router").cloned() {
            Some(target) => self.include_value(id, &target, args, at)?,
            None => {
                let reason = args.open.as_deref().cloned().unwrap_or(Reason {
                    text: Arc::from("no router is given"),
                    place: Some(at),
                });
                self.not_followed(id, at, "include_router", &reason);
            }
        }
        Ok(())
    }

    fn include_value(&mut self, id: RouterId, target: &Value, args: &Args, at: Place) -> Eval<()> {
        let depth = self.condition_depth;
        match target {
            Value::OneOf(values) => {
                self.condition_depth += 1;
                for value in values.iter().filter(|value| !matches!(value, Value::None)) {
                    if let Err(raise) = self.include_value(id, value, args, at) {
                        self.note_possible_raise(raise);
                    }
                }
                self.condition_depth = depth;
            }
            Value::Maybe(inner) => {
                self.condition_depth += 1;
                if let Err(raise) = self.include_value(id, inner, args, at) {
                    self.note_possible_raise(raise);
                }
                self.condition_depth = depth;
            }
            value => match self.router_of(value) {
                Some(router) => {
                    self.check_is_router(id, value, router, at)?;
                    let is_perhaps = self.check_include(id, router, at)?;
                    self.condition_depth += u32::from(is_perhaps);
                    self.include_one(id, router, args, at);
                    self.condition_depth = depth;
                }
                None if matches!(value, Value::Module(_) | Value::Function(_) | Value::Class(_)) => {
                    return Err(self.raised_by_library("AttributeError", NO_ROUTER, at));
                }
                None => {
                    let reason = unknown_router(value, at);
                    self.not_followed(id, at, "include_router", &reason);
                }
            },
        }
        Ok(())
    }

    /// FastAPI asks what is included for attributes that only its own routers have.
    fn check_is_router(&mut self, id: RouterId, value: &Value, router: RouterId, at: Place) -> Eval<()> {
        let why = match self.router(router).kind {
            RouterKind::FastApi | RouterKind::Starlette if !self.is_own_router(value) => APP_INCLUDED,
            // Before, it depends on the version of Starlette.
            RouterKind::StarletteRouter
                if self
                    .source
                    .fastapi_version(self.router(id).made_at.file)
                    .has_live_includes() =>
            {
                PLAIN_ROUTER_INCLUDED
            }
            _ => return Ok(()),
        };
        Err(self.raised_by_library("AttributeError", why, at))
    }

    /// What FastAPI does where a router would include itself, directly or through others: an exception, by version. Says
    /// whether it is one only perhaps.
    fn check_include(&mut self, id: RouterId, router: RouterId, at: Place) -> Eval<bool> {
        let version = self.source.fastapi_version(self.router(id).made_at.file);
        if id == router && version.refuses_self_include() {
            return Err(self.raised_by_library("AssertionError", INTO_ITSELF, at));
        }
        if id == router {
            // Each route that it adds is one more to add.
            let mut events = self.router(id).events.iter();
            return match events.any(|event| !matches!(event.kind, EventKind::Mount(_))) {
                true => Err(self.raised_by_library("MemoryError", WITHOUT_END, at)),
                false => Ok(false),
            };
        }
        if !version.has_live_includes() {
            return Ok(false);
        }
        match self.includes(router, id, &mut FxHashSet::default()) {
            Some(true) => Err(self.raised_by_library("AssertionError", IN_A_CIRCLE, at)),
            contained => Ok(contained.is_some()),
        }
    }

    /// Whether a router includes another, directly or through others (`APIRouter._contains_router`), and if so, whether it
    /// surely does.
    fn includes(&self, id: RouterId, wanted: RouterId, seen: &mut FxHashSet<RouterId>) -> Option<bool> {
        if !seen.insert(id) {
            return None;
        }
        let mut found = None;
        for event in &self.router(id).events {
            let EventKind::Include(include) = &event.kind else {
                continue;
            };
            let inner = match include.router == wanted {
                true => Some(true),
                false => self.includes(include.router, wanted, seen),
            };
            found = found.max(inner.map(|is_sure| is_sure && !event.conditional));
        }
        found
    }

    /// A method that only routers have, called on something that is not known: what it wires is missing.
    pub(super) fn note_unknown_receiver(&mut self, cx: &Context, func: ExprId, callee: &Value, at: Place) {
        let Expr::Attr { name, .. } = &cx.code[func] else {
            return;
        };
        let reason = match callee {
            Value::Unknown(reason) => reason.clone(),
            Value::BuiltinMethod(method) => match &method.0 {
                Value::LibObject(object) if is_function(&object.callee) => {
                    self.reason(format!("it is what `{}` gives, which is not read", object.callee), at)
                }
                _ => return,
            },
            _ => return,
        };
        let is_decorator = self.decorator == Some(at);
        let wires = match name.as_str() {
            "include_router" | "add_api_route" | "add_api_websocket_route" => true,
            "api_route" | "websocket" => is_decorator,
            verb => is_decorator && VERBS.contains(&verb) && self.source.mentions_framework(at.file),
        };
        if wires {
            let what = self.source_words(at).unwrap_or_else(|| name.to_string());
            self.report(at, what, &reason);
        }
    }

    /// A call that ends with an exception that nobody catches, of a function that wires: what follows in it is missing.
    pub(super) fn note_failing_call(&mut self, function: FnId, at: Option<Place>) {
        if let Some(at) = at.filter(|_| self.wires(function)) {
            let what = self.source_words(at).unwrap_or_else(|| "a call".to_owned());
            let reason = self.reason(
                "it ends with an exception, as far as can be told, so what it would wire is not known",
                at,
            );
            self.report(at, what, &reason);
        }
    }

    /// Something that is wired here but not known: said aloud, and remembered for claims of absence.
    pub(super) fn not_followed(&mut self, id: RouterId, at: Place, what: &str, reason: &Reason) {
        let what = self.source_words(at).unwrap_or_else(|| what.to_owned());
        self.report(at, what, reason);
        self.change_router(id, |router| {
            router.incomplete.get_or_insert(reason.clone());
        });
    }

    /// A call in the source's words.
    pub(crate) fn source_words(&self, at: Place) -> Option<String> {
        crate::unparse::words(self.source, at)
    }

    fn include_one(&mut self, id: RouterId, router: RouterId, args: &Args, at: Place) {
        let prefix = args
            .keyword("prefix")
            .map(|prefix| self.text_of(prefix, at))
            .unwrap_or_else(|| match &args.open {
                Some(reason) => Text::hole(Reason::clone(reason)),
                None => Text::default(),
            });
        self.check_prefix(&prefix, at);
        self.check_included_paths(&prefix, router, at);
        let tags = self.tags(args.keyword("tags"), at);
        let (dependencies, open) = self.dependencies(args.keyword("dependencies"), args, at);
        let include = Include {
            router,
            router_at: args.place(0, "router"),
            prefix,
            router_prefix: self.router(id).prefix.clone(),
            prefix_at: args.place(usize::MAX, "prefix"),
            tags,
            dependencies,
            open,
            deprecated: matches!(args.keyword("deprecated"), Some(Value::Bool(true))),
            include_in_schema: !matches!(args.keyword("include_in_schema"), Some(Value::Bool(false))),
            events_then: self.router(router).events.len(),
        };
        if self.include_by_own_methods(id, &include, args, at) {
            return;
        }
        if !self.is_rehearsal {
            let number = self.router(id).events.len();
            self.include_args.insert((id, number), args.clone());
        }
        self.record(id, EventKind::Include(include), at);
    }

    pub(super) fn mount(&mut self, id: RouterId, args: &Args, target: &Value, at: Place) {
        let path = args
            .get(0, "path")
            .map(|path| self.text_of(path, at))
            .unwrap_or_default();
        let path = match path.as_known() {
            Some(known) => Text::known(known.trim_end_matches('/')),
            None => path,
        };
        let name = match args.get(2, "name") {
            Some(name) if !matches!(name, Value::None) => self.text_of(name, at),
            _ => Text::default(),
        };
        if let Some(known) = path.as_known() {
            self.check_parameters(known, at);
        }
        let mount = Mount {
            path,
            path_at: args.place(0, "path"),
            target: self.router_of(target),
            name,
        };
        self.record(id, EventKind::Mount(mount), at);
    }
}

/// Why something that is included is no router that is known.
fn unknown_router(value: &Value, at: Place) -> Reason {
    match value {
        Value::Unknown(reason) | Value::Unset(reason) => Reason::clone(reason),
        Value::LibObject(object) => Reason {
            text: format!("it is made by `{}`, a library that is not read", object.callee).into(),
            place: Some(object.at),
        },
        Value::Lib(name) => Reason {
            text: format!("`{name}` is in a library that is not read").into(),
            place: Some(at),
        },
        _ => Reason {
            text: Arc::from("what is included is not a router that is known"),
            place: Some(at),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn what_a_library_gives_is_told_where_it_is_wired() {
        check(
            r#"
#- /main.py
import flask
import framework
from fastapi import FastAPI
app: FastAPI = framework.get_app()
other = flask.Flask("x")
@app.get("/api")
def api(): ...
@other.get("/old")
def old(): ...
app.add_api_route("/b", api)
"#,
            r#"unresolved app.get("/api"): it is what `framework.get_app` gives, which is not read
             unresolved app.add_api_route("/b", api): it is what `framework.get_app` gives, which is not read"#,
        );
    }
}
