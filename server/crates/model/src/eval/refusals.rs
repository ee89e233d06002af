//! What FastAPI and Starlette refuse with an exception when it is wired, though Python reads it.

use super::Interp;
use crate::{EventKind, Place, RouteKind, RouterId, Text};
use rustc_hash::FxHashSet;

const NO_SLASH: &str = "FastAPI raises an AssertionError here: a prefix must start with `/`";
const LAST_SLASH: &str = "FastAPI raises an AssertionError here: a prefix must not end with `/`";
const EMPTY: &str = "FastAPI raises an error here: prefix and path are both empty";
const TWICE: &str = "Starlette raises a ValueError here: a parameter is in the path twice";
const PLAIN: &str = "Starlette raises an AssertionError here: the path of such a route must start with `/`";

impl Interp<'_> {
    /// `APIRouter.__init__` and `include_router` (`fastapi/routing.py`).
    pub(super) fn check_prefix(&mut self, prefix: &Text, at: Place) {
        let why = match prefix.as_known() {
            None | Some("") => return,
            Some(known) if !known.starts_with('/') => NO_SLASH,
            Some(known) if known.ends_with('/') => LAST_SLASH,
            Some(_) => return,
        };
        self.refuse("AssertionError", why, at);
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
            self.refuse("FastAPIError", EMPTY, at);
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
            return self.refuse("AssertionError", PLAIN, at);
        }
        let mut seen = FxHashSet::default();
        if !parameters(whole).all(|name| seen.insert(name)) {
            self.refuse("ValueError", TWICE, at);
        }
    }
}

/// The names in a path's braces, as Starlette's `PARAM_REGEX` finds them.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    let inner = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    inner.filter_map(|(inner, _)| {
        let (name, convertor) = match inner.split_once(':') {
            Some((name, convertor)) => (name, Some(convertor)),
            None => (inner, None),
        };
        (is_name(name) && convertor.is_none_or(is_name)).then_some(name)
    })
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_part)
}
