//! Below FastAPI 0.137 `include_router` registers each route again by the including router's own `add_api_route`
//! (`fastapi/routing.py`, `APIRouter.include_router`), which a class of the project may define.

use super::{
    Interp,
    iterate::{Items, plain},
    value::{Args, Given, ObjId, Route, Value},
};
use crate::{EventKind, Include, Place, RouteKind, RouterId};
use smol_str::SmolStr;

impl Interp<'_> {
    /// Includes a router by the including one's own methods; whether it has some that count.
    pub(super) fn include_by_own_methods(&mut self, id: RouterId, include: &Include, args: &Args, at: Place) -> bool {
        let object = self.router_objects[id.0 as usize];
        let has_own = |interp: &mut Self, method| interp.overridden(object, method).is_some();
        let is_concerned = !self
            .source
            .fastapi_version(self.router(id).made_at.file)
            .has_live_includes()
            && (has_own(self, "add_api_route") || has_own(self, "add_api_websocket_route"));
        if !is_concerned || self.is_rehearsal || self.is_late {
            return false;
        }
        let Items::Known(routes) = self.route_items(include.router) else {
            return false;
        };
        // What it serves is not found by an include from now on.
        self.change_router(include.router, |router| router.escapes = true);
        for item in routes {
            let depth = self.condition_depth;
            self.condition_depth += u32::from(matches!(item, Value::Maybe(_)));
            if let Value::Route(route) = plain(&item) {
                self.include_route(id, object, include, args, route, at);
            }
            self.condition_depth = depth;
        }
        true
    }

    fn include_route(&mut self, id: RouterId, object: ObjId, include: &Include, args: &Args, route: &Route, at: Place) {
        let EventKind::Operation(operation) = route.event.kind else {
            return;
        };
        let Some(record) = self.operation_record(operation) else {
            return;
        };
        let (kind, registered_at) = (record.operation.kind, record.operation.at);
        let method = match kind {
            RouteKind::Http => self.overridden(object, "add_api_route"),
            RouteKind::WebSocket => self.overridden(object, "add_api_websocket_route"),
            _ => None,
        };
        let Some(method) = method else {
            let prefix = include.router_prefix.concat(&include.prefix).concat(&route.prefix);
            let mut given = Given::default().by(self.router(id), include);
            given.tags.extend(route.given.tags.iter().cloned());
            given.dependencies.extend(&route.given.dependencies);
            let route = Route {
                prefix,
                given,
                ..route.clone()
            };
            return self.add_route_value(id, &Value::Route(route.into()), at);
        };
        let args = self.registered_again(route, include, args);
        let outer = self.decorator.replace(registered_at);
        if let Err(raise) = self.call(&method, args, Some(at)) {
            self.note_possible_raise(raise);
        }
        self.decorator = outer;
    }

    /// What `include_router` gives to `add_api_route` for a route.
    fn registered_again(&mut self, route: &Route, include: &Include, args: &Args) -> Args {
        let EventKind::Operation(operation) = route.event.kind else {
            return Args::default();
        };
        let known = self.operation_details.get(operation.0 as usize);
        let mut keywords = known.map(|known| known.args.keywords.clone()).unwrap_or_default();
        keywords.retain(|(name, ..)| !matches!(name.as_str(), "path" | "endpoint" | "route_class_override"));
        let mut positional = Vec::new();
        for name in ["path", "endpoint"] {
            let value = self.route_attribute(route, name).unwrap_or(Value::None);
            positional.push((value, None));
        }
        if let (Some((path, _)), Some(prefix)) = (positional.first_mut(), include.prefix.as_known()) {
            let at = route.event.at;
            *path = Value::from_text(crate::Text::known(prefix).concat(&self.text_of(path, at)));
        }
        let mut put = |name: &'static str, value: Value| {
            keywords.retain(|(known, ..)| known != name);
            keywords.push((SmolStr::new_static(name), value, None));
        };
        for name in ["methods", "name", "operation_id", "status_code"] {
            if let Some(value) = self.route_attribute(route, name) {
                put(name, value);
            }
        }
        for name in ["tags", "dependencies"] {
            let mut items: Vec<Value> = Vec::new();
            let lists = [args.keyword(name).cloned(), self.route_attribute(route, name)];
            for list in lists.into_iter().flatten() {
                if let Items::Known(more) = self.items_of(&list, route.event.at) {
                    items.extend(more);
                }
            }
            put(name, self.new_list(items));
        }
        for name in ["include_in_schema", "deprecated"] {
            let is_decided_by_include = match name {
                "deprecated" => include.deprecated,
                _ => !include.include_in_schema,
            };
            match self.route_attribute(route, name) {
                _ if is_decided_by_include => put(name, Value::Bool(name == "deprecated")),
                Some(value) => put(name, value),
                None => {}
            }
        }
        Args {
            positional,
            keywords,
            open: None,
        }
    }
}
