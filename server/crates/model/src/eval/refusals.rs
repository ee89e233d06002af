//! What FastAPI and Starlette refuse with an exception when it is wired, though Python reads it.

use super::{
    Eval, Interp,
    certainty::RestsOn,
    flow::Raise,
    value::{Args, ObjId, Value},
};
use crate::{EventKind, Place, RouteKind, RouterId, RouterKind, Text};
use rustc_hash::FxHashSet;

const NO_SLASH: &str = "FastAPI raises an AssertionError here: a prefix must start with `/`";
const LAST_SLASH: &str = "FastAPI raises an AssertionError here: a prefix must not end with `/`";
const EMPTY: &str = "FastAPI raises an error here: prefix and path are both empty";
const TWICE: &str = "Starlette raises a ValueError here: a parameter is in the path twice";
const PLAIN: &str = "Starlette raises an AssertionError here: the path of such a route must start with `/`";

/// The kinds of parameters that Starlette knows by itself (`starlette/convertors.py`).
const CONVERTORS: [&str; 5] = ["str", "path", "int", "float", "uuid"];
/// The name of a convertor that is registered under one that is not known.
pub(super) const ANY_CONVERTOR: &str = "*";

/// What Starlette 1.0 took from its classes, and FastAPI did not give back to its own (`starlette/applications.py`,
/// `starlette/routing.py`, `fastapi/routing.py`).
const GONE_FROM_FASTAPI: [&str; 3] = ["add_event_handler", "add_websocket_route", "route"];
const GONE_FROM_STARLETTE: [&str; 7] = [
    "add_event_handler",
    "add_websocket_route",
    "exception_handler",
    "middleware",
    "on_event",
    "route",
    "websocket_route",
];
const GONE_FROM_ROUTER: [&str; 4] = ["add_event_handler", "on_event", "route", "websocket_route"];

impl Interp<'_> {
    /// `APIRouter.__init__` and `include_router` (`fastapi/routing.py`).
    pub(super) fn check_prefix(&mut self, prefix: &Text, at: Place) {
        let why = match prefix.as_known() {
            None | Some("") => return,
            Some(known) if !known.starts_with('/') => NO_SLASH,
            Some(known) if known.ends_with('/') => LAST_SLASH,
            Some(_) => return,
        };
        self.refuse("AssertionError", why, at, RestsOn::Nothing);
    }

    /// A router that is included without a prefix has no route without a path (`include_router`).
    pub(super) fn check_included_paths(&mut self, prefix: &Text, router: RouterId, at: Place) {
        if prefix.as_known() != Some("") {
            return;
        }
        let is_empty = |text: &Text| text.as_known() == Some("");
        let has_empty = self.router(router).events.iter().any(|event| match &event.kind {
            EventKind::Operation(id) if !event.conditional => {
                let records = &self.heap.new_operations;
                let record = records.binary_search_by_key(&id.0, |record| record.id.0);
                record.is_ok_and(|index| {
                    let operation = &records[index].operation;
                    let is_api = matches!(operation.kind, RouteKind::Http | RouteKind::WebSocket);
                    is_api && is_empty(&operation.router_prefix) && is_empty(&operation.path)
                })
            }
            _ => false,
        });
        if has_empty {
            self.refuse("FastAPIError", EMPTY, at, RestsOn::Nothing);
        }
    }

    /// What a route's path must be like (`starlette/routing.py`, `compile_path`, `Route`).
    pub(super) fn check_path(&mut self, kind: RouteKind, prefix: &Text, path: &Text, at: Place) {
        let is_plain = matches!(kind, RouteKind::StarletteHttp | RouteKind::StarletteWebSocket);
        let whole = if is_plain { path.clone() } else { prefix.concat(path) };
        let Some(whole) = whole.as_known().filter(|_| kind != RouteKind::Frontend) else {
            return;
        };
        if is_plain && !whole.starts_with('/') {
            return self.refuse("AssertionError", PLAIN, at, RestsOn::Nothing);
        }
        self.check_parameters(whole, at);
    }

    /// What `compile_path` asks of the braces in a path.
    pub(super) fn check_parameters(&mut self, path: &str, at: Place) {
        let mut seen = FxHashSet::default();
        for (name, convertor) in parameters(path) {
            if let Some(convertor) = convertor.filter(|convertor| !CONVERTORS.contains(convertor)) {
                let why = format!("Starlette raises an AssertionError here: there is no path convertor `{convertor}`");
                return self.refuse("AssertionError", &why, at, RestsOn::Convertor(convertor.into()));
            }
            if !seen.insert(name) {
                return self.refuse("ValueError", TWICE, at, RestsOn::Nothing);
            }
        }
    }

    /// `register_url_convertor(name, convertor)`: whatever a name that is not known may be.
    pub(super) fn note_convertor(&mut self, args: &Args) {
        let Some(module) = self.running_module() else { return };
        let name = args.get(0, "key").and_then(Value::as_str).unwrap_or(ANY_CONVERTOR);
        self.heap.convertors.insert((module, name.into()));
    }

    /// Methods that an app or router no longer has, by the version of Starlette.
    pub(super) fn check_method(&mut self, object: ObjId, id: RouterId, name: &str, at: Place) -> Eval<()> {
        let is_app = self.router_objects[id.0 as usize] == object;
        let (class, gone): (&str, &[&str]) = match self.router(id).kind {
            RouterKind::FastApi if is_app => ("FastAPI", &GONE_FROM_FASTAPI),
            RouterKind::Starlette if is_app => ("Starlette", &GONE_FROM_STARLETTE),
            RouterKind::Starlette | RouterKind::StarletteRouter => ("Router", &GONE_FROM_ROUTER),
            RouterKind::FastApi | RouterKind::ApiRouter => return Ok(()),
        };
        if !gone.contains(&name) || self.source.starlette_major(self.router(id).made_at.file) == 0 {
            return Ok(());
        }
        let why = format!("Python raises an AttributeError here: since Starlette 1.0 `{class}` has no `{name}`");
        if self.is_certain(at) {
            return self.surely(&Raise::new("AttributeError"), why, at, RestsOn::Nothing);
        }
        Err(self.raised_by_library("AttributeError", &why, at))
    }
}

/// The names in a path's braces, with what follows their colons, as Starlette's `PARAM_REGEX` finds them.
fn parameters(path: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let inner = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    inner.filter_map(|(inner, _)| {
        let (name, convertor) = match inner.split_once(':') {
            Some((name, convertor)) => (name, Some(convertor)),
            None => (inner, None),
        };
        (is_name(name) && convertor.is_none_or(is_name)).then_some((name, convertor))
    })
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_part)
}
