//! `router.routes` as code sees it: a list that can be read, filtered, reordered and replaced (`starlette/routing.py`,
//! `Router.routes`; `fastapi/routing.py`, `APIRoute`, `_IncludedRouter`).

use super::{
    Interp, OperationRecord,
    dependants::{Dependant, RouteDependencies},
    heap::OperationDetails,
    iterate::{Items, plain},
    value::{Args, Given, ObjectKind, Route, Value},
};
use crate::{
    DependencyList, Event, EventKind, Fact, Operation, OperationId, Place, Reason, RouteKind, RouterId, TagsSet, Text,
};
use smol_str::SmolStr;
use std::sync::Arc;

/// What the document shows of a route when it is asked for, and not what it was when the route was made
/// (`fastapi/openapi/utils.py`).
const SHOWN: [&str; 6] = [
    "deprecated",
    "description",
    "openapi_extra",
    "operation_id",
    "response_description",
    "summary",
];

impl Interp<'_> {
    /// The routes of a router now. Below FastAPI 0.137 those of included routers are among them; since then an include is
    /// one item.
    pub(crate) fn route_items(&mut self, id: RouterId) -> Items {
        if self.is_late {
            // When that is depends on what came before it.
            return Items::Unknown(self.reason("its routes while it runs", self.router(id).made_at));
        }
        let owner = self.router_owners[id.0 as usize];
        self.note_touch(owner);
        let live = self
            .source
            .fastapi_version(self.router(id).made_at.file)
            .has_live_includes();
        let mut found = Vec::new();
        let way = (&Text::default(), &Given::default());
        self.collect_routes((id, id), way, usize::MAX, live, &mut found);
        Items::Known(found)
    }

    fn collect_routes(
        &mut self,
        (id, found_in): (RouterId, RouterId),
        (prefix, given): (&Text, &Given),
        upto: usize,
        live: bool,
        found: &mut Vec<Value>,
    ) {
        if found.len() > super::LOOP_LIMIT {
            return;
        }
        for event in self.router(id).events.clone().into_iter().take(upto) {
            match &event.kind {
                EventKind::Include(include) if !live && include.router != id => {
                    let inner = prefix.concat(&include.router_prefix).concat(&include.prefix);
                    let more = given.clone().by(self.router(id), include);
                    let below = (include.router, found_in);
                    self.collect_routes(below, (&inner, &more), include.events_then, live, found);
                }
                _ => {
                    let conditional = event.conditional;
                    let route = Value::Route(Arc::new(Route {
                        router: id,
                        found_in,
                        prefix: prefix.clone(),
                        given: given.clone(),
                        event,
                    }));
                    found.push(if conditional {
                        Value::Maybe(Arc::new(route))
                    } else {
                        route
                    });
                }
            }
        }
    }

    /// A method of the list of a router's routes.
    pub(crate) fn routes_method(&mut self, id: RouterId, name: &str, args: &Args, at: Place) -> Value {
        let first = args.get(0, "").cloned();
        if self.is_rehearsal && !matches!(name, "append" | "extend" | "copy") {
            return Value::None;
        }
        match (name, first) {
            ("append", Some(route)) => self.add_route_value(id, &route, at),
            ("extend", Some(routes)) => match self.items_of(&routes, at) {
                Items::Known(items) => items.iter().for_each(|route| self.add_route_value(id, route, at)),
                Items::Unknown(reason) => self.routes_unknown(id, &reason, at),
            },
            ("insert", Some(Value::Int(index))) => {
                let before = self.router(id).events.len();
                if let Some(route) = args.get(1, "").cloned() {
                    self.add_route_value(id, &route, at);
                }
                let index = usize::try_from(index).unwrap_or(0).min(before);
                self.change_router(id, |router| {
                    let added = router.events.len().saturating_sub(before);
                    router.events[index..].rotate_right(added);
                });
            }
            ("remove", Some(Value::Route(route))) => self.remove_route(id, &route, at),
            ("pop", index) => return self.pop_route(id, index.as_ref(), at),
            ("clear", _) => self.replace_routes(id, &[], at),
            ("reverse", _) => self.change_router(id, |router| router.events.reverse()),
            ("sort", _) => match self.sort(&Value::Routes(id), args, at) {
                Value::List(sorted) => {
                    let items = self.list_items(sorted).to_vec();
                    self.replace_routes(id, &items, at);
                }
                _ => {
                    let reason = self.reason("its routes are put in an order that is not known", at);
                    self.routes_unknown(id, &reason, at);
                }
            },
            ("copy", _) => {
                if let Items::Known(items) = self.route_items(id) {
                    return self.new_list(items);
                }
            }
            _ => return Value::unknown(format!("the result of `routes.{name}`"), Some(at)),
        }
        Value::None
    }

    pub(crate) fn add_route_value(&mut self, id: RouterId, route: &Value, at: Place) {
        match route {
            Value::Route(route) => {
                if let Some(event) = self.adopt(id, route) {
                    let conditional = self.is_conditional(id);
                    self.push_event(id, event, conditional);
                }
            }
            Value::Maybe(inner) if matches!(**inner, Value::Route(_)) => {
                self.condition_depth += 1;
                self.add_route_value(id, inner, at);
                self.condition_depth -= 1;
            }
            other => self.add_route_entry(id, other, at),
        }
    }

    fn push_event(&mut self, id: RouterId, mut event: Event, conditional: bool) {
        event.conditional |= conditional;
        self.change_router(id, |router| router.events.push(event));
    }

    /// Whether what happens now to a router happens only perhaps.
    pub(super) fn is_conditional(&self, id: RouterId) -> bool {
        let object = self.router_objects[id.0 as usize];
        self.condition_depth > self.object(object).condition_depth
    }

    fn remove_route(&mut self, id: RouterId, route: &Route, at: Place) {
        let index = self
            .router(id)
            .events
            .iter()
            .position(|known| known.kind == route.event.kind);
        let index = match index {
            Some(index) if route.router == id => Some(index),
            _ => self.written_out(id, route, at),
        };
        let Some(index) = index else {
            let reason = self.reason("one of its routes is taken away", at);
            return self.routes_unknown(id, &reason, at);
        };
        let conditional = self.is_conditional(id);
        self.change_router(id, |router| {
            if conditional {
                router.events[index].conditional = true;
            } else {
                router.events.remove(index);
            }
        });
    }

    /// Puts the routes of included routers into the list itself, where they are below FastAPI 0.137; the place of one of them.
    fn written_out(&mut self, id: RouterId, route: &Route, at: Place) -> Option<usize> {
        let Items::Known(items) = self.route_items(id) else {
            return None;
        };
        let index = items.iter().position(|item| match plain(item) {
            Value::Route(known) => {
                (known.router, &known.event.kind, &known.prefix) == (route.router, &route.event.kind, &route.prefix)
            }
            _ => false,
        })?;
        // Nothing changes by that, whatever the condition.
        let object = self.router_objects[id.0 as usize];
        let certain = self.object(object).condition_depth;
        let depth = std::mem::replace(&mut self.condition_depth, certain);
        self.replace_routes(id, &items, at);
        self.condition_depth = depth;
        (self.router(id).events.len() == items.len()).then_some(index)
    }

    pub(super) fn pop_route(&mut self, id: RouterId, index: Option<&Value>, at: Place) -> Value {
        let Items::Known(items) = self.route_items(id) else {
            return Value::None;
        };
        let popped = match index {
            None | Some(Value::Int(-1)) => items.last().cloned(),
            Some(Value::Int(index)) => usize::try_from(*index).ok().and_then(|index| items.get(index).cloned()),
            Some(_) => None,
        };
        match popped {
            Some(Value::Route(route)) => {
                self.remove_route(id, &route, at);
                Value::Route(route)
            }
            Some(value) => value,
            None => {
                let reason = self.reason("one of its routes is taken away", at);
                self.routes_unknown(id, &reason, at);
                Value::unknown("a popped route", Some(at))
            }
        }
    }

    /// `router.routes = value`, `router.routes[:] = value`.
    pub(crate) fn set_routes(&mut self, id: RouterId, value: &Value, at: Place) {
        match value {
            _ if self.is_rehearsal => {}
            Value::Routes(other) if *other == id => {}
            value => match self.items_of(value, at) {
                Items::Known(items) => self.replace_routes(id, &items, at),
                Items::Unknown(reason) => self.routes_unknown(id, &reason, at),
            },
        }
    }

    fn replace_routes(&mut self, id: RouterId, items: &[Value], at: Place) {
        let old = self.router(id).events.clone();
        let conditional = self.is_conditional(id);
        self.change_router(id, |router| router.events.clear());
        for item in items {
            self.add_route_value(id, item, at);
        }
        if conditional {
            // Where the condition does not hold, the old ones are served.
            let new = self.router(id).events.clone();
            let mut joined = old;
            for event in &mut joined {
                event.conditional |= !new.iter().any(|known| known.kind == event.kind);
            }
            joined.extend(
                new.into_iter()
                    .filter(|event| !joined.iter().any(|known| known.kind == event.kind))
                    .collect::<Vec<_>>(),
            );
            self.change_router(id, |router| router.events = joined);
        }
    }

    pub(super) fn routes_unknown(&mut self, id: RouterId, reason: &Reason, at: Place) {
        self.not_followed(id, at, "routes", reason);
    }

    /// The event of a route in the list of this router. A route object knows its whole path, tags and dependencies: one that
    /// comes from another router keeps what that gave it.
    fn adopt(&mut self, id: RouterId, route: &Route) -> Option<Event> {
        let EventKind::Operation(operation) = route.event.kind else {
            return Some(route.event.clone());
        };
        if route.router == id {
            return Some(route.event.clone());
        }
        let from = self.router(route.router).clone();
        let record = self.operation_record(operation)?;
        let mut copy = OperationRecord {
            id: OperationId(0),
            operation: record.operation.clone(),
            endpoint: record.endpoint.clone(),
            response_model: record.response_model.clone(),
        };
        let own = &mut copy.operation;
        own.path = route.prefix.concat(&own.router_prefix).concat(&own.path);
        own.router_prefix = Text::default();
        own.router = id;
        let is_made_by_router = !std::mem::replace(&mut own.is_alone, true);
        if is_made_by_router && matches!(own.kind, RouteKind::Http | RouteKind::WebSocket) {
            own.tags = match (from.tags, &own.tags) {
                (Fact::Known(mut tags), Fact::Known(more)) => {
                    tags.extend(more.iter().cloned());
                    Fact::Known(tags)
                }
                (Fact::Unknown(reason), _) => Fact::Unknown(reason),
                (_, unknown) => unknown.clone(),
            };
            let more = std::mem::take(&mut own.dependencies);
            own.dependencies = from.dependencies.into_iter().chain(more).collect();
            own.include_in_schema &= from.include_in_schema;
            own.deprecated = from.deprecated.then_some(true).or(own.deprecated);
        }
        if matches!(own.kind, RouteKind::Http | RouteKind::WebSocket) {
            let given = route.given.clone();
            let more = std::mem::take(&mut own.dependencies);
            own.dependencies = given.dependencies.iter().copied().chain(more).collect();
            own.include_in_schema &= !given.hidden;
            own.deprecated = given.deprecated.then_some(true).or(own.deprecated);
            own.tags = given.tags_with(std::mem::replace(&mut own.tags, Fact::Known(Vec::new())));
        }
        let at = own.at;
        copy.id = self.next_operation(at);
        self.copy_details(operation, copy.id, route.router);
        let event = Event {
            kind: EventKind::Operation(copy.id),
            ..route.event.clone()
        };
        self.new_operations.push(copy);
        Some(event)
    }

    /// What an operation was registered with, for its copy: what its router chose for it stays.
    fn copy_details(&mut self, from: OperationId, to: OperationId, router: RouterId) {
        let Some(known) = self.operation_details.get(from.0 as usize) else {
            return;
        };
        let (mut args, endpoint) = (known.args.clone(), known.endpoint.clone());
        if let Some(given) = self.router_args.get(&router) {
            let chosen = [
                ("default_response_class", "response_class"),
                ("responses", "responses"),
                ("generate_unique_id_function", "generate_unique_id_function"),
            ];
            for (theirs, own) in chosen {
                match given.keyword(theirs) {
                    Some(value) if args.keyword(own).is_none() => {
                        args.keywords.push((SmolStr::new_static(own), value.clone(), None));
                    }
                    _ => {}
                }
            }
        }
        self.operation_details
            .set(to.0 as usize, OperationDetails { args, endpoint });
    }

    /// The record of an operation of this run.
    pub(super) fn operation_record(&mut self, id: OperationId) -> Option<&mut OperationRecord> {
        let owner = *self.operation_owners.get(id.0 as usize)?;
        self.note_touch(owner);
        let records = &mut self.heap.new_operations;
        let index = records.binary_search_by_key(&id.0, |record| record.id.0).ok()?;
        records.get_mut(index)
    }

    /// An attribute of a route.
    pub(crate) fn route_attribute(&mut self, route: &Route, name: &str) -> Option<Value> {
        match &route.event.kind {
            EventKind::Mount(mount) => match name {
                "path" => Some(Value::from_text(route.prefix.concat(&mount.path))),
                "name" => Some(Value::from_text(mount.name.clone())),
                "app" => Some(Value::Object(self.router_objects[mount.target?.0 as usize])),
                "routes" => Some(Value::Routes(mount.target?)),
                _ => None,
            },
            EventKind::Include(include) => match name {
                "original_router" => Some(Value::Object(self.router_objects[include.router.0 as usize])),
                _ => None,
            },
            EventKind::Operation(id) => self.operation_attribute(route, *id, name),
        }
    }

    fn operation_attribute(&mut self, route: &Route, id: OperationId, name: &str) -> Option<Value> {
        let of_router = self.router(route.router);
        let router_tags = of_router.tags.clone();
        let around = (of_router.include_in_schema, of_router.deprecated);
        let record = self.operation_record(id)?;
        let operation = record.operation.clone();
        // What the router says of its own routes, unless they were made without it.
        let (is_shown, is_deprecated) = match operation.is_alone {
            true => (true, false),
            false => around,
        };
        Some(match name {
            "path" | "path_format" => {
                let path = route.prefix.concat(&operation.router_prefix).concat(&operation.path);
                Value::from_text(path)
            }
            "name" => Value::from_text(operation.name),
            "endpoint" => record.endpoint.clone(),
            "methods" => {
                let methods = operation.methods.into_iter().map(Value::Str).collect();
                Value::Set(self.allocate(ObjectKind::List(methods)))
            }
            "tags" => {
                let tags = match operation.tags_set {
                    Some(set) if set.by == route.found_in => set.tags,
                    _ => {
                        let (Fact::Known(mut tags), Fact::Known(more)) = (router_tags, operation.tags) else {
                            return None;
                        };
                        tags.extend(more);
                        route.given.clone().tags_with(Fact::Known(tags))
                    }
                };
                let Fact::Known(tags) = tags else {
                    return None;
                };
                let tags = tags.into_iter().map(Value::from_text).collect();
                self.new_list(tags)
            }
            "dependencies" => Value::RouteDependencies(Arc::new(RouteDependencies {
                route: route.clone(),
                list: DependencyList::Route,
            })),
            "dependant" => Value::Dependant(Arc::new(Dependant::Route(Box::new(route.clone())))),
            "operation_id" => operation.operation_id.map_or(Value::None, Value::from_text),
            "unique_id" => self.unique_id(route, &operation)?,
            "include_in_schema" => Value::Bool(operation.include_in_schema && is_shown && !route.given.hidden),
            "status_code" => match operation.status_code {
                Fact::Known(Some(code)) => Value::Int(i64::from(code)),
                Fact::Known(None) => Value::None,
                Fact::Unknown(reason) => Value::Unknown(Arc::new(reason)),
            },
            "deprecated" if is_deprecated || route.given.deprecated => Value::Bool(true),
            "deprecated" => operation.deprecated.map_or(Value::None, Value::Bool),
            "response_model" => match record.response_model.clone() {
                Some((model, _)) => self.with_classes_of_libraries(operation.at.file, model),
                None => {
                    let endpoint = record.endpoint.clone();
                    self.response_by_annotation(&endpoint)
                }
            },
            _ => return None,
        })
    }

    /// `route.unique_id` (`fastapi/utils.py`, `generate_unique_id`); `None` where another function makes it.
    fn unique_id(&self, route: &Route, operation: &Operation) -> Option<Value> {
        if let Some(id) = &operation.operation_id {
            return Some(Value::from_text(id.clone()));
        }
        let routers = [route.router, route.found_in].into_iter();
        let mut args = routers.filter_map(|router| self.router_args.get(&router));
        if args.any(|args| args.keyword("generate_unique_id_function").is_some()) {
            return None;
        }
        let path = route.prefix.concat(&operation.router_prefix).concat(&operation.path);
        let (name, path) = (operation.name.as_known()?, path.as_known()?.to_owned());
        let words = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '_' };
        let id: String = name.chars().chain(path.chars()).map(words).collect();
        match operation.methods.as_slice() {
            [method] => Some(Value::str(&format!("{id}_{}", method.to_lowercase()))),
            _ => None,
        }
    }

    /// The response model of a route that was given none (`fastapi/routing.py`, `APIRoute.__init__`).
    fn response_by_annotation(&mut self, endpoint: &Value) -> Value {
        let Some((returns, at)) = self.return_annotation(endpoint) else {
            return Value::None;
        };
        let returns = self.with_classes_of_libraries(at.file, returns);
        match self.is_subclass_leniently(&returns, &Value::lib("starlette.responses.Response")) {
            Some(true) => Value::None,
            Some(false) => returns,
            None => Value::unknown("whether a result's type is a response is not known", Some(at)),
        }
    }

    /// `route.name = value`; what is not part of the table is let go.
    pub(crate) fn set_route_attribute(&mut self, route: &Route, name: &str, value: &Value, at: Option<Place>) {
        let EventKind::Operation(id) = route.event.kind else {
            return;
        };
        if self.is_rehearsal {
            return;
        }
        let place = self.somewhere(at);
        if name == "tags" {
            let tags = match self.condition_depth {
                0 => self.tags(Some(value), place),
                _ => Fact::Unknown(Reason::clone(
                    &self.reason("whether it gets these tags is not decided", place),
                )),
            };
            self.set_tags(id, route, tags, place);
        } else {
            self.change_operation(id, name, value, place);
        }
    }

    /// Where a route is in an app several times, nobody knows which of them is meant.
    fn set_tags(&mut self, id: OperationId, route: &Route, tags: Fact<Vec<Text>>, place: Place) {
        let ambiguous = self.reason("its routes, in the app more than once, get different tags", place);
        if let Some(record) = self.operation_record(id) {
            let set = &mut record.operation.tags_set;
            let tags = match set {
                Some(before) if before.by == route.found_in && before.prefix != route.prefix && before.tags != tags => {
                    Fact::Unknown(Reason::clone(&ambiguous))
                }
                _ => tags,
            };
            *set = Some(TagsSet {
                by: route.found_in,
                prefix: route.prefix.clone(),
                tags,
            });
        }
    }

    /// Changes what is recorded of an operation; what is not part of the table is let go.
    pub(super) fn change_operation(&mut self, id: OperationId, name: &str, value: &Value, place: Place) {
        let text = self.text_of(value, place);
        let tags = (name == "tags").then(|| self.tags(Some(value), place));
        if SHOWN.contains(&name) {
            self.say_of_operation(id, name, value);
        }
        let Some(record) = self.operation_record(id) else {
            return;
        };
        let operation = &mut record.operation;
        match name {
            "path" => {
                operation.path = text;
                operation.path_at = None;
                operation.router_prefix = Text::default();
            }
            "name" => operation.name = text,
            "operation_id" => operation.operation_id = (!matches!(value, Value::None)).then_some(text),
            "include_in_schema" => operation.include_in_schema = !matches!(value, Value::Bool(false)),
            "deprecated" => operation.deprecated = matches!(value, Value::Bool(true)).then_some(true),
            "endpoint" => record.endpoint = value.clone(),
            "tags" => {
                if let Some(tags) = tags {
                    operation.tags = tags;
                }
            }
            _ => {}
        }
    }

    /// Says something of an operation as if it had been registered with it.
    pub(super) fn say_of_operation(&mut self, id: OperationId, name: &str, value: &Value) {
        let Some(known) = self.operation_details.get(id.0 as usize) else {
            return;
        };
        let (mut args, endpoint) = (known.args.clone(), known.endpoint.clone());
        args.keywords.retain(|(said, ..)| said != name);
        args.keywords.push((SmolStr::new(name), value.clone(), None));
        self.operation_details
            .set(id.0 as usize, OperationDetails { args, endpoint });
    }

    /// Whether an item of a list of routes is an instance of a class.
    pub(crate) fn is_route_instance(&mut self, route: &Route, class: &str) -> Option<bool> {
        let class = class
            .strip_prefix("fastapi.routing.")
            .or_else(|| class.strip_prefix("starlette.routing."))?;
        let own: &[&str] = match &route.event.kind {
            EventKind::Mount(_) => &["Mount"],
            EventKind::Include(_) => &["_IncludedRouter"],
            EventKind::Operation(id) => match self.operation_record(*id)?.operation.kind {
                RouteKind::Http => &["APIRoute", "Route"],
                RouteKind::WebSocket => &["APIWebSocketRoute", "WebSocketRoute"],
                RouteKind::StarletteHttp => &["Route"],
                RouteKind::StarletteWebSocket => &["WebSocketRoute"],
                RouteKind::Mount => &["Mount"],
                RouteKind::Frontend => &[],
            },
        };
        Some(class == "BaseRoute" || own.contains(&class))
    }

    /// The number of the next operation, made on behalf of the running module.
    pub(crate) fn next_operation(&mut self, at: Place) -> OperationId {
        let id = OperationId(self.operation_owners.len() as u32);
        let owner = self.owner(at.file);
        self.operation_owners.push(owner);
        id
    }
}
