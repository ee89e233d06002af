//! Tables of routes that code makes itself: `FastAPI(routes=[APIRoute(…), Mount(…)])`, `app.routes.append(Route(…))`
//! (`starlette/routing.py`, `Router.__init__`; `fastapi/routing.py`, `APIRoute`).
//!
//! What a router says of itself, prefix, tags and dependencies, does not apply to a route that it did not make.

use super::{
    Interp,
    iterate::Items,
    route_class::ROUTES,
    value::{Args, ObjId, RouteEntry, Value},
};
use crate::{Place, Reason, RouterId, RouterKind};
use smol_str::SmolStr;
use std::sync::Arc;

/// Whether calling this makes a route.
pub(super) fn is_route_class(name: &str) -> bool {
    ROUTES.contains(&name) || matches!(name, "starlette.routing.Mount" | "starlette.routing.Host")
}

impl Interp<'_> {
    /// `routes=[Route(…), Mount(…)]`.
    pub(super) fn add_route_table(&mut self, id: RouterId, routes: &Value, at: Place) {
        match self.items_of(routes, at) {
            Items::Known(items) => {
                for item in items {
                    self.add_route_value(id, &item, at);
                }
            }
            Items::Unknown(reason) => self.not_followed(id, at, "routes", &reason),
        }
    }

    /// A route that is not one of a router's already.
    pub(super) fn add_route_entry(&mut self, id: RouterId, entry: &Value, at: Place) {
        match entry {
            Value::RouteEntry(entry) => self.add_table_entry(id, &entry.clone()),
            Value::Object(object) if self.add_route_object(id, *object, at) => {}
            Value::Maybe(inner) => self.add_perhaps(id, std::slice::from_ref(&**inner), at),
            Value::OneOf(values) => self.add_perhaps(id, values, at),
            Value::Unknown(reason) => self.not_followed(id, at, "a route", &Reason::clone(reason)),
            _ => {
                let reason = self.reason("this route is made by code that is not followed", at);
                self.not_followed(id, at, "a route", &reason);
            }
        }
    }

    fn add_perhaps(&mut self, id: RouterId, routes: &[Value], at: Place) {
        let depth = self.condition_depth;
        self.condition_depth += 1;
        for route in routes {
            self.add_route_value(id, route, at);
        }
        self.condition_depth = depth;
    }

    fn add_table_entry(&mut self, id: RouterId, entry: &RouteEntry) {
        match entry.kind.as_str() {
            "Mount" => {
                let target = self.mounted_by(entry);
                let mut args = entry.args.clone();
                // `Mount`'s third positional is `routes`, `mount`'s is `name`.
                args.positional.truncate(2);
                self.mount(id, &args, &target, entry.at);
            }
            "Host" => {
                let reason = self.reason("it is served under one host name only", entry.at);
                self.not_followed(id, entry.at, "a host", &reason);
            }
            kind => {
                let endpoint = entry.args.get(1, "endpoint").cloned().unwrap_or(Value::None);
                self.add_operation(id, kind, &entry.args, endpoint, entry.at);
            }
        }
    }

    /// What `Mount(…)` serves: an app, or the routes that it is given.
    fn mounted_by(&mut self, entry: &RouteEntry) -> Value {
        match (entry.args.get(1, "app"), entry.args.get(2, "routes").cloned()) {
            (Some(app), _) if !matches!(app, Value::None) => app.clone(),
            (_, Some(routes)) => {
                let kind = RouterKind::StarletteRouter;
                let class = Value::lib("starlette.routing.Router");
                let object = self.new_instance(class, entry.at, Some(kind));
                if let Some(router) = self.instance(object).and_then(|instance| instance.router) {
                    self.add_route_table(router, &routes, entry.at);
                }
                Value::Object(object)
            }
            _ => Value::None,
        }
    }

    /// Adds an instance of a project's own class of routes: what its `__init__` gave to the library's.
    fn add_route_object(&mut self, id: RouterId, object: ObjId, at: Place) -> bool {
        let Some(instance) = self.instance(object) else {
            return false;
        };
        let Value::Class(class) = instance.class else {
            return false;
        };
        let Some(kind) = self.route_base(class).and_then(|base| base.rsplit('.').next()) else {
            return false;
        };
        let attrs = &instance.attrs;
        let (Some(path), Some(endpoint)) = (attrs.get("path").cloned(), attrs.get("endpoint").cloned()) else {
            return false;
        };
        let mut args = Args::of([path, endpoint.clone()]);
        let others = attrs
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "path" | "endpoint"));
        args.keywords
            .extend(others.map(|(name, value)| (name.clone(), value.clone(), None)));
        args.keywords.sort_by(|(name, _, _), (other, _, _)| name.cmp(other));
        self.add_operation(id, kind, &args, endpoint, at);
        true
    }

    /// An attribute of a route that no router has yet.
    pub(super) fn entry_attribute(entry: &RouteEntry, name: &str) -> Option<Value> {
        match name {
            "path" => entry.args.get(0, "path").cloned(),
            "endpoint" => entry.args.get(1, "endpoint").cloned(),
            _ => entry.args.keyword(name).cloned(),
        }
    }

    /// `APIRoute(…)`, `Mount(…)`: what it is given, until a router has it.
    pub(super) fn route_entry(class: &str, args: Args, at: Place) -> Value {
        let kind = SmolStr::new(class);
        Value::RouteEntry(Arc::new(RouteEntry { kind, args, at }))
    }
}
