//! Apps and routers: what their methods record (`fastapi/routing.py`, `fastapi/applications.py`, `starlette/routing.py`).

use super::{
    Eval, Interp, OperationRecord,
    heap::OperationDetails,
    iterate::Items,
    library::VERBS,
    value::{Args, ObjId, ObjectKind, RouteDecorator, RouteEntry, Value},
};
use crate::{
    DependsId, Event, EventKind, Fact, Include, Mount, Operation, Place, Reason, RouteKind, RouterId, RouterKind, Text,
};
use smol_str::SmolStr;
use std::sync::Arc;

/// Attributes of an app that code reads, and their defaults (`fastapi/applications.py`, `FastAPI.__init__`).
const APP_DEFAULTS: [(&str, &str); 8] = [
    ("title", "FastAPI"),
    ("version", "0.1.0"),
    ("description", ""),
    ("openapi_url", "/openapi.json"),
    ("docs_url", "/docs"),
    ("redoc_url", "/redoc"),
    ("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect"),
    ("root_path", ""),
];

impl Interp<'_> {
    /// The app or router that a value is.
    pub(crate) fn router_of(&self, value: &Value) -> Option<RouterId> {
        match value {
            Value::Object(object) => self.instance(*object)?.router,
            Value::Maybe(inner) => self.router_of(inner),
            _ => None,
        }
    }

    pub(crate) fn router(&self, id: RouterId) -> &crate::Router {
        &self.routers[id.0 as usize]
    }

    /// A router, to change it; `None` only for one that a module made which has run again since.
    pub(crate) fn change_router(&mut self, id: RouterId, change: impl FnOnce(&mut crate::Router)) {
        let owner = self.router_owners[id.0 as usize];
        self.note_touch(owner);
        if let Some(router) = self.routers.get_mut(id.0 as usize) {
            change(router);
        }
    }

    /// The constructor.
    pub(crate) fn init_router(&mut self, object: ObjId, args: &Args) {
        let Some(id) = self.instance(object).and_then(|instance| instance.router) else {
            return;
        };
        let kind = self.router(id).kind;
        let at = self.router(id).made_at;
        let prefix = match kind {
            RouterKind::ApiRouter => args
                .keyword("prefix")
                .map(|prefix| self.text_of(prefix, at))
                .unwrap_or_default(),
            _ => Text::default(),
        };
        self.note_constructor_startups(id, args);
        let tags = self.tags(args.keyword("tags").filter(|_| kind == RouterKind::ApiRouter), at);
        let (dependencies, open) = self.dependencies(args.keyword("dependencies"), args, at);
        let deprecated = matches!(args.keyword("deprecated"), Some(Value::Bool(true)));
        let include_in_schema = !matches!(args.keyword("include_in_schema"), Some(Value::Bool(false)));
        self.router_args.insert(id, args.clone());
        let prefix_at = args.place(usize::MAX, "prefix");
        self.change_router(id, |router| {
            router.prefix = prefix;
            router.prefix_at = prefix_at;
            router.tags = tags;
            router.dependencies = dependencies;
            router.open = open;
            router.deprecated = deprecated;
            router.include_in_schema = include_in_schema;
        });
        if kind == RouterKind::FastApi
            && let Some(instance) = self.instance_mut(object)
        {
            for (name, default) in APP_DEFAULTS {
                let value = args.keyword(name).cloned().unwrap_or_else(|| Value::str(default));
                instance.attrs.insert(SmolStr::new_static(name), value);
            }
        }
        if kind == RouterKind::FastApi && args.keyword("webhooks").is_some() {
            self.webhooks(object, id);
        }
        let index = if kind == RouterKind::Starlette { 1 } else { 0 };
        let routes = match kind {
            RouterKind::StarletteRouter => args.get(index, "routes"),
            _ => args.keyword("routes").or_else(|| args.get(index, "routes")),
        };
        if let Some(routes) = routes.cloned() {
            self.add_route_table(id, &routes, at);
        }
        if kind == RouterKind::FastApi {
            match self.overridden(object, "setup") {
                Some(own) => {
                    let _ = self.call(&own, Args::default(), Some(at));
                }
                None => self.set_up(object, id),
            }
        }
    }

    /// Attributes that apps and routers have of themselves.
    pub(crate) fn router_attribute(&mut self, object: ObjId, id: RouterId, name: &str) -> Option<Value> {
        match name {
            "prefix" if self.router(id).kind == RouterKind::ApiRouter => {
                Some(Value::from_text(self.router(id).prefix.clone()))
            }
            // An app's own router shares its table.
            "router" if matches!(self.router(id).kind, RouterKind::FastApi | RouterKind::Starlette) => {
                Some(Value::Object(object))
            }
            "routes" => {
                // They may go anywhere from here, by other ways than an include.
                self.change_router(id, |router| router.escapes = true);
                Some(Value::Routes(id))
            }
            "webhooks" if self.router(id).kind == RouterKind::FastApi => Some(self.webhooks(object, id)),
            "dependency_overrides" | "state" => {
                let dict = self.allocate(ObjectKind::Dict(Vec::new()));
                self.object_mut(dict).open = Some(self.reason("the state of an app", self.router(id).made_at));
                Some(Value::Dict(dict))
            }
            _ => None,
        }
    }

    /// Assignments to attributes that the table depends on; says whether it was one.
    pub(crate) fn set_router_attribute(
        &mut self,
        _object: ObjId,
        id: RouterId,
        name: &str,
        value: &Value,
        at: Option<Place>,
    ) -> bool {
        let place = self.somewhere(at);
        match name {
            "prefix" if self.router(id).kind == RouterKind::ApiRouter => {
                let prefix = self.text_of(value, place);
                self.change_router(id, |router| {
                    router.prefix = prefix;
                    router.prefix_at = at;
                });
            }
            "tags" if self.router(id).kind == RouterKind::ApiRouter => {
                let tags = self.tags(Some(value), place);
                self.change_router(id, |router| router.tags = tags);
            }
            "routes" => self.set_routes(id, value, place),
            "lifespan_context" => self.note_lifespan(id, value.clone()),
            _ => return false,
        }
        true
    }

    /// A method of an app or router as FastAPI and Starlette define it.
    pub(crate) fn router_method(
        &mut self,
        object: ObjId,
        name: &SmolStr,
        args: Args,
        at: Option<Place>,
    ) -> Eval<Value> {
        let Some(id) = self.instance(object).and_then(|instance| instance.router) else {
            return Ok(Value::unknown(format!("the result of `{name}`"), at));
        };
        let at = self.somewhere(at);
        let receiver = Value::Object(object);
        let decorator = |method: SmolStr, args: Args| {
            Value::RouteDecorator(Arc::new(RouteDecorator {
                receiver: receiver.clone(),
                method,
                args,
                at,
            }))
        };
        Ok(match name.as_str() {
            "__init__" => {
                self.init_router(object, &args);
                Value::None
            }
            verb if VERBS.contains(&verb) => {
                if let Some(own) = self.overridden(object, "api_route") {
                    let method = Value::str(&verb.to_uppercase());
                    let methods = self.new_list(vec![method]);
                    let mut args = args;
                    args.keywords.push((SmolStr::new_static("methods"), methods, None));
                    return self.call(&own, args, Some(at));
                }
                decorator(name.clone(), args)
            }
            "api_route" | "websocket" | "route" | "websocket_route" => decorator(name.clone(), args),
            "add_api_route" | "add_api_websocket_route" | "add_route" | "add_websocket_route" => {
                let endpoint = args
                    .get(1, "endpoint")
                    .or_else(|| args.get(1, "route"))
                    .cloned()
                    .unwrap_or(Value::None);
                self.add_operation(id, name, &args, endpoint, at);
                Value::None
            }
            "frontend" => {
                self.add_operation(id, name, &args, Value::None, at);
                Value::None
            }
            "include_router" => {
                self.include(id, &args, at);
                Value::None
            }
            "mount" => {
                let target = args.get(1, "app").cloned().unwrap_or(Value::None);
                self.mount(id, &args, &target, at);
                Value::None
            }
            "host" => {
                let target = args.get(1, "app").cloned().unwrap_or(Value::None);
                if let Some(target) = self.router_of(&target) {
                    self.change_router(target, |router| router.escapes = true);
                }
                Value::None
            }
            "on_event" if args.get(0, "event_type").and_then(Value::as_str) == Some("startup") => {
                decorator(SmolStr::new_static("on_startup"), args)
            }
            "middleware" | "exception_handler" | "on_event" => Value::lib("functools.cache"),
            "setup" => {
                self.set_up(object, id);
                Value::None
            }
            "add_middleware" => {
                self.note_middleware(object, &args);
                Value::None
            }
            "add_event_handler" if args.get(0, "event_type").and_then(Value::as_str) == Some("startup") => {
                if let Some(handler) = args.get(1, "func").cloned() {
                    self.note_later(id, handler, Args::default());
                }
                Value::None
            }
            "add_exception_handler" | "add_event_handler" => Value::None,
            _ => Value::unknown(format!("the result of `{name}`"), Some(at)),
        })
    }

    /// A method that the workspace's own subclass defines.
    fn overridden(&mut self, object: ObjId, name: &str) -> Option<Value> {
        let Value::Class(class) = self.instance(object)?.class else {
            return None;
        };
        match self.class_attribute(class, name, None)? {
            (function @ Value::Function(_), _) => Some(Value::Bound(Arc::new((Value::Object(object), function)))),
            _ => None,
        }
    }

    /// Applies a route decorator to a function; gives the function back, as FastAPI does.
    pub(crate) fn register(&mut self, decorator: &RouteDecorator, target: Value) -> Value {
        let Value::Object(object) = decorator.receiver else {
            return target;
        };
        let Some(id) = self.instance(object).and_then(|instance| instance.router) else {
            return target;
        };
        let method = decorator.method.as_str();
        if method == "on_startup" {
            self.note_later(id, target.clone(), Args::default());
            return target;
        }
        let is_app = matches!(self.router(id).kind, RouterKind::FastApi | RouterKind::Starlette);
        let adder = match method {
            "websocket" => "add_api_websocket_route",
            "route" => "add_route",
            "websocket_route" => "add_websocket_route",
            _ => "add_api_route",
        };
        // `FastAPI.get` goes to the app's inner router, past a subclass's own `add_api_route`.
        if !is_app && let Some(own) = self.overridden(object, adder) {
            let mut args = decorator.args.clone();
            if VERBS.contains(&method) {
                let methods = self.new_list(vec![Value::str(&method.to_uppercase())]);
                args.keywords.push((SmolStr::new_static("methods"), methods, None));
            }
            match args.keywords.iter().position(|(name, _, _)| name == "path") {
                Some(i) => {
                    let (_, path, place) = args.keywords.remove(i);
                    args.positional.insert(0, (path, place));
                    args.positional.insert(1, (target.clone(), None));
                }
                None => args
                    .positional
                    .insert(1.min(args.positional.len()), (target.clone(), None)),
            }
            let _ = self.call(&own, args, Some(decorator.at));
            return target;
        }
        self.add_operation(id, &decorator.method, &decorator.args, target.clone(), decorator.at);
        target
    }

    /// Records an operation. `method` is the router's method that was called.
    fn add_operation(&mut self, id: RouterId, method: &str, args: &Args, endpoint: Value, call: Place) {
        let at = self.decorator.unwrap_or(call);
        let kind = match method {
            "websocket" | "add_api_websocket_route" => RouteKind::WebSocket,
            "route" | "add_route" => RouteKind::StarletteHttp,
            "websocket_route" | "add_websocket_route" => RouteKind::StarletteWebSocket,
            "frontend" => RouteKind::Frontend,
            _ => RouteKind::Http,
        };
        let methods = self.methods(method, kind, args, &endpoint, call);
        let path = match args.get(0, "path") {
            Some(path) => self.text_of(path, call),
            None => match &args.open {
                Some(reason) => Text::hole(Reason::clone(reason)),
                None => Text::default(),
            },
        };
        let path_at = args
            .place(0, "path")
            .filter(|place| (place.file, place.unit) == (at.file, at.unit));
        let name = match args.keyword("name").filter(|name| !matches!(name, Value::None)) {
            Some(name) => self.text_of(name, call),
            None => self.endpoint_name(&endpoint, call),
        };
        let (dependencies, open) = self.dependencies(args.keyword("dependencies"), args, call);
        let status_code = match args.keyword("status_code") {
            None | Some(Value::None) => Fact::Known(None),
            Some(Value::Int(code)) => Fact::Known(u16::try_from(*code).ok()),
            Some(Value::Unknown(reason) | Value::Unset(reason)) => Fact::Unknown(Reason::clone(reason)),
            Some(_) => Fact::Unknown(Reason {
                text: Arc::from("this status code is not a known number"),
                place: Some(call),
            }),
        };
        let operation = Operation {
            router: id,
            kind,
            methods,
            path,
            router_prefix: self.router(id).prefix.clone(),
            path_at,
            at,
            endpoint: Fact::Unknown(Reason {
                text: Arc::from("it is not linked yet"),
                place: Some(call),
            }),
            name,
            tags: self.tags(args.keyword("tags"), call),
            status_code,
            response_model: None,
            operation_id: args
                .keyword("operation_id")
                .filter(|id| !matches!(id, Value::None))
                .map(|id| self.text_of(id, call)),
            dependencies,
            open,
            deprecated: match args.keyword("deprecated") {
                Some(Value::Bool(value)) => Some(*value),
                _ => None,
            },
            include_in_schema: !matches!(args.keyword("include_in_schema"), Some(Value::Bool(false))),
        };
        let operation_id = self.next_operation(at);
        let response_model = args
            .keyword("response_model")
            .cloned()
            .map(|model| (model, args.place(usize::MAX, "response_model")));
        let details = OperationDetails {
            args: args.clone(),
            endpoint: endpoint.clone(),
        };
        self.operation_details.set(operation_id.0 as usize, details);
        self.new_operations.push(OperationRecord {
            id: operation_id,
            operation,
            endpoint,
            response_model,
        });
        self.record(id, EventKind::Operation(operation_id), at);
    }

    fn methods(&mut self, method: &str, kind: RouteKind, args: &Args, endpoint: &Value, at: Place) -> Vec<Arc<str>> {
        if matches!(kind, RouteKind::WebSocket | RouteKind::StarletteWebSocket) {
            return vec![Arc::from("WEBSOCKET")];
        }
        if VERBS.contains(&method) {
            return vec![method.to_uppercase().into()];
        }
        if kind == RouteKind::Frontend {
            return vec![Arc::from("GET")];
        }
        let index = if kind == RouteKind::StarletteHttp && method == "add_route" {
            2
        } else {
            1
        };
        let given = match kind {
            RouteKind::StarletteHttp => args.get(index, "methods"),
            _ => args.keyword("methods"),
        };
        match given.cloned() {
            None | Some(Value::None) => {
                let is_asgi =
                    kind == RouteKind::StarletteHttp && matches!(endpoint, Value::Class(_) | Value::Object(_));
                if is_asgi { Vec::new() } else { vec![Arc::from("GET")] }
            }
            Some(given) => match self.items_of(&given, at) {
                Items::Known(items) => items
                    .iter()
                    .filter_map(|item| match item {
                        Value::Str(text) => Some(Arc::from(text.to_uppercase())),
                        Value::Lib(name) => name.strip_prefix("http.HTTPMethod.").map(Arc::from),
                        other => self.enum_text(other).map(|text| Arc::from(text.to_uppercase())),
                    })
                    .collect(),
                Items::Unknown(reason) => {
                    self.report(at, "methods", &reason);
                    Vec::new()
                }
            },
        }
    }

    fn endpoint_name(&self, endpoint: &Value, at: Place) -> Text {
        match endpoint {
            Value::Function(function) => {
                let object = &self.functions[function.0 as usize];
                if let Some(wrapped) = &object.wraps {
                    return self.endpoint_name(wrapped, at);
                }
                Text::known(object.qualname.rsplit('.').next().unwrap_or_default())
            }
            Value::Bound(bound) => self.endpoint_name(&bound.1, at),
            Value::Class(class) => Text::known(self.class(*class).name.as_str()),
            Value::Object(object) => match self.instance(*object).map(|instance| &instance.class) {
                Some(Value::Class(class)) => Text::known(self.class(*class).name.as_str()),
                _ => Text::default(),
            },
            Value::Partial(partial) => self.endpoint_name(&partial.0, at),
            Value::Lib(name) => Text::known(name.rsplit('.').next().unwrap_or_default()),
            Value::None => Text::default(),
            _ => Text::hole(Reason {
                text: Arc::from("the endpoint is not known"),
                place: Some(at),
            }),
        }
    }

    pub(crate) fn tags(&mut self, value: Option<&Value>, at: Place) -> Fact<Vec<Text>> {
        match value {
            None | Some(Value::None) => Fact::Known(Vec::new()),
            Some(value) => match self.items_of(&value.clone(), at) {
                Items::Known(items) => Fact::Known(items.iter().map(|item| self.text_of(item, at)).collect()),
                Items::Unknown(reason) => Fact::Unknown(Reason::clone(&reason)),
            },
        }
    }

    /// The `Depends` in a list, and why there may be more.
    fn dependencies(&mut self, value: Option<&Value>, args: &Args, at: Place) -> (Vec<DependsId>, Option<Reason>) {
        let mut open = args.open.as_deref().cloned();
        let items = match value {
            None | Some(Value::None) => return (Vec::new(), open),
            Some(value) => self.items_of(&value.clone(), at),
        };
        let mut found = Vec::new();
        match items {
            Items::Known(items) => {
                for item in items {
                    match item {
                        Value::Depends(id) => found.push(id),
                        Value::Maybe(inner) => {
                            if let Value::Depends(id) = *inner {
                                found.push(id);
                            }
                        }
                        Value::Unknown(reason) => open = Some(Reason::clone(&reason)),
                        _ => {
                            open = Some(Reason {
                                text: Arc::from("a dependency that is not known"),
                                place: Some(at),
                            });
                        }
                    }
                }
            }
            Items::Unknown(reason) => open = Some(Reason::clone(&reason)),
        }
        (found, open)
    }

    /// Adds an event; it is conditional where the router was made outside the condition.
    fn record(&mut self, id: RouterId, kind: EventKind, at: Place) {
        if self.is_rehearsal && self.is_recorded(id, &kind) {
            return;
        }
        let object = self.router_objects[id.0 as usize];
        let conditional = self.condition_depth > self.object(object).condition_depth;
        let module = self.running_module().unwrap_or(at.file);
        let event = Event {
            kind,
            at,
            module,
            conditional,
        };
        self.change_router(id, |router| router.events.push(event));
    }

    /// Whether a router has an event to the same effect: both arms of a condition may wire the same.
    fn is_recorded(&self, id: RouterId, kind: &EventKind) -> bool {
        let operation = |id: &crate::OperationId| {
            let records = &self.heap.new_operations;
            let index = records.binary_search_by_key(&id.0, |record| record.id.0).ok()?;
            Some(&records[index].operation)
        };
        self.router(id).events.iter().any(|event| match (&event.kind, kind) {
            (EventKind::Include(a), EventKind::Include(b)) => a.router == b.router && a.prefix == b.prefix,
            (EventKind::Mount(a), EventKind::Mount(b)) => a.target == b.target && a.path == b.path,
            (EventKind::Operation(a), EventKind::Operation(b)) => match (operation(a), operation(b)) {
                (Some(a), Some(b)) => a.path == b.path && a.methods == b.methods && a.kind == b.kind,
                _ => false,
            },
            _ => false,
        })
    }

    fn include(&mut self, id: RouterId, args: &Args, at: Place) {
        let target = args.get(0, "router").cloned();
        match target {
            Some(Value::OneOf(values)) => {
                let depth = self.condition_depth;
                self.condition_depth += 1;
                for value in values.iter() {
                    if let Some(router) = self.router_of(value) {
                        self.include_one(id, router, args, at);
                    }
                }
                self.condition_depth = depth;
            }
            Some(Value::Maybe(inner)) => {
                let depth = self.condition_depth;
                self.condition_depth += 1;
                if let Some(router) = self.router_of(&inner) {
                    self.include_one(id, router, args, at);
                }
                self.condition_depth = depth;
            }
            Some(value) => match self.router_of(&value) {
                Some(router) => self.include_one(id, router, args, at),
                None => {
                    let reason = match &value {
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
                    };
                    self.not_followed(id, at, "include_router", &reason);
                }
            },
            None => {
                let reason = args.open.as_deref().cloned().unwrap_or(Reason {
                    text: Arc::from("no router is given"),
                    place: Some(at),
                });
                self.not_followed(id, at, "include_router", &reason);
            }
        }
    }

    /// Something that is wired here but not known: said aloud, and remembered for claims of absence.
    fn not_followed(&mut self, id: RouterId, at: Place, what: &str, reason: &Reason) {
        let what = self.source_words(at).unwrap_or_else(|| what.to_owned());
        self.report(at, what, reason);
        self.change_router(id, |router| {
            router.incomplete.get_or_insert(reason.clone());
        });
    }

    /// A call in the source's words.
    pub(crate) fn source_words(&self, at: Place) -> Option<String> {
        let facts = self.source.facts(at.file)?;
        let unit = facts.units.get(at.unit.0 as usize)?;
        (at.expr.0 < unit.exprs.len() as u32).then(|| crate::unparse::unparse(unit, at.expr))
    }

    fn include_one(&mut self, id: RouterId, router: RouterId, args: &Args, at: Place) {
        let prefix = args
            .keyword("prefix")
            .map(|prefix| self.text_of(prefix, at))
            .unwrap_or_else(|| match &args.open {
                Some(reason) => Text::hole(Reason::clone(reason)),
                None => Text::default(),
            });
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
        if !self.is_rehearsal {
            let number = self.router(id).events.len();
            self.include_args.insert((id, number), args.clone());
        }
        self.record(id, EventKind::Include(include), at);
    }

    fn mount(&mut self, id: RouterId, args: &Args, target: &Value, at: Place) {
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
        let mount = Mount {
            path,
            path_at: args.place(0, "path"),
            target: self.router_of(target),
            name,
        };
        self.record(id, EventKind::Mount(mount), at);
    }

    /// `routes=[Route(…), Mount(…)]`.
    fn add_route_table(&mut self, id: RouterId, routes: &Value, at: Place) {
        match self.items_of(routes, at) {
            Items::Known(items) => {
                for item in items {
                    self.add_route_value(id, &item, at);
                }
            }
            Items::Unknown(reason) => self.not_followed(id, at, "routes", &reason),
        }
    }

    pub(crate) fn add_route_entry(&mut self, id: RouterId, entry: &Value, at: Place) {
        match entry {
            Value::RouteEntry(entry) => self.add_table_entry(id, &entry.clone()),
            Value::Maybe(inner) => {
                let depth = self.condition_depth;
                self.condition_depth += 1;
                self.add_route_entry(id, &Value::clone(inner), at);
                self.condition_depth = depth;
            }
            Value::Unknown(reason) => self.not_followed(id, at, "a route", &Reason::clone(reason)),
            _ => {
                let reason = Reason {
                    text: Arc::from("this route is made by code that is not followed"),
                    place: Some(at),
                };
                self.not_followed(id, at, "a route", &reason);
            }
        }
    }

    fn add_table_entry(&mut self, id: RouterId, entry: &RouteEntry) {
        match entry.kind.as_str() {
            "Mount" => {
                let target = match (entry.args.get(1, "app"), entry.args.get(2, "routes").cloned()) {
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
                };
                let mut args = entry.args.clone();
                // `Mount`'s third positional is `routes`, `mount`'s is `name`.
                args.positional.truncate(2);
                self.mount(id, &args, &target, entry.at);
            }
            "WebSocketRoute" => {
                let endpoint = entry.args.get(1, "endpoint").cloned().unwrap_or(Value::None);
                self.add_operation(id, "add_websocket_route", &entry.args, endpoint, entry.at);
            }
            "Route" => {
                let endpoint = entry.args.get(1, "endpoint").cloned().unwrap_or(Value::None);
                self.add_operation(id, "add_route", &entry.args, endpoint, entry.at);
            }
            _ => {}
        }
    }
}
