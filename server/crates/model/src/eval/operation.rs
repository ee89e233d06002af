//! Path operations as decorators and `add_api_route` register them (`fastapi/routing.py`, `APIRouter.add_api_route`).

use super::{
    Eval, Interp, OperationRecord,
    heap::OperationDetails,
    iterate::Items,
    library::VERBS,
    value::{Args, ClassId, RouteDecorator, Value},
};
use crate::{DependsId, EventKind, Fact, Operation, Place, Reason, RouteKind, RouterId, RouterKind, Text};
use smol_str::SmolStr;
use std::sync::Arc;

/// What an endpoint class can have methods for.
const ENDPOINT_METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// The method of an ASGI app in the place of a function: it is given all of them.
const ANY: &str = "ANY";

impl Interp<'_> {
    /// Applies a route decorator to a function; gives the function back, as FastAPI does.
    pub(crate) fn register(&mut self, decorator: &RouteDecorator, target: Value) -> Eval<Value> {
        let Value::Object(object) = decorator.receiver else {
            return Ok(target);
        };
        let Some(id) = self.instance(object).and_then(|instance| instance.router) else {
            return Ok(target);
        };
        let method = decorator.method.as_str();
        if method == "on_startup" {
            self.note_later(id, target.clone(), Args::default());
            return Ok(target);
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
            if adder == "add_api_route" && args.keyword("response_model").is_none() {
                let none = self.lib_object(super::value::PLACEHOLDER, Args::of([Value::None]), Some(decorator.at));
                args.keywords.push((SmolStr::new_static("response_model"), none, None));
            }
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
            match self.call(&own, args, Some(decorator.at)) {
                Err(raise) if raise.certain.is_some() => return Err(raise),
                _ => {}
            }
            return Ok(target);
        }
        self.add_operation(id, &decorator.method, &decorator.args, target.clone(), decorator.at);
        Ok(target)
    }

    /// Records an operation. `method` is the router's method that was called, or the class of a route that was made alone.
    pub(super) fn add_operation(&mut self, id: RouterId, method: &str, args: &Args, endpoint: Value, call: Place) {
        let at = self.decorator.unwrap_or(call);
        let kind = match method {
            "websocket" | "add_api_websocket_route" | "APIWebSocketRoute" => RouteKind::WebSocket,
            "route" | "add_route" | "Route" => RouteKind::StarletteHttp,
            "websocket_route" | "add_websocket_route" | "WebSocketRoute" => RouteKind::StarletteWebSocket,
            "frontend" => RouteKind::Frontend,
            _ => RouteKind::Http,
        };
        let is_alone = matches!(method, "APIRoute" | "APIWebSocketRoute");
        let methods = self.methods(method, kind, args, &endpoint, call);
        let path = match args.get(0, "path") {
            Some(path) => self.text_of(path, call),
            None => match &args.open {
                Some(reason) => Text::hole(Reason::clone(reason)),
                None => Text::default(),
            },
        };
        if !is_alone {
            let prefix = self.router(id).prefix.clone();
            self.check_path(kind, &prefix, &path, at);
        }
        let path_at = args
            .place(0, "path")
            .filter(|place| (place.file, place.unit) == (at.file, at.unit));
        let name = match args.keyword("name").filter(|name| !matches!(name, Value::None)) {
            Some(name) => self.text_of(name, call),
            None => self.endpoint_name(&endpoint, call),
        };
        let (dependencies, open) = self.dependencies(args.keyword("dependencies"), args, call);
        let status_code = self.status_code(args.keyword("status_code"), call);
        let operation = Operation {
            router: id,
            kind,
            methods,
            path,
            router_prefix: if is_alone {
                Text::default()
            } else {
                self.router(id).prefix.clone()
            },
            is_alone,
            path_at,
            at,
            endpoint: Fact::Unknown(Reason {
                text: Arc::from("it is not linked yet"),
                place: Some(call),
            }),
            name,
            tags: self.tags(args.keyword("tags"), call),
            tags_set: None,
            status_code,
            response_model: None,
            operation_id: args
                .keyword("operation_id")
                .filter(|id| !matches!(id, Value::None))
                .map(|id| self.text_of(id, call)),
            dependencies,
            added_dependencies: Vec::new(),
            open,
            deprecated: match args.keyword("deprecated") {
                Some(Value::Bool(value)) => Some(*value),
                _ => None,
            },
            include_in_schema: !matches!(args.keyword("include_in_schema"), Some(Value::Bool(false))),
        };
        if matches!(kind, RouteKind::Http | RouteKind::WebSocket) {
            self.note_unbound_annotations(&endpoint, args.keyword("response_model").is_some(), at);
        }
        let operation_id = self.next_operation(at);
        let response_model = args
            .keyword("response_model")
            .filter(|model| !model.is_placeholder())
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
        if kind == RouteKind::Http && !is_alone {
            self.apply_route_class(id, operation_id, args, call);
        }
        self.record(id, EventKind::Operation(operation_id), at);
    }

    /// The status code that is given, if any.
    pub(super) fn status_code(&self, given: Option<&Value>, at: Place) -> Fact<Option<u16>> {
        match given {
            None | Some(Value::None) => Fact::Known(None),
            Some(Value::Int(code)) => Fact::Known(u16::try_from(*code).ok()),
            Some(Value::Unknown(reason) | Value::Unset(reason)) => Fact::Unknown(Reason::clone(reason)),
            Some(_) => Fact::Unknown(Reason {
                text: Arc::from("this status code is not a known number"),
                place: Some(at),
            }),
        }
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
        let given = match method {
            "add_route" => args.get(2, "methods"),
            "route" => args.get(1, "methods"),
            _ => args.keyword("methods"),
        };
        match given.cloned() {
            None | Some(Value::None) => match endpoint {
                Value::Class(class) if kind == RouteKind::StarletteHttp => self.methods_of_class(*class, at),
                Value::Object(_) if kind == RouteKind::StarletteHttp => vec![Arc::from(ANY)],
                _ => vec![Arc::from("GET")],
            },
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

    /// What an endpoint class answers: what it has methods for (`starlette/endpoints.py`, `HTTPEndpoint`). Any other ASGI app
    /// decides for itself.
    fn methods_of_class(&mut self, class: ClassId, at: Place) -> Vec<Arc<str>> {
        let answers = |method: &&str| self.class_attribute(class, &method.to_lowercase(), None).is_some();
        let methods: Vec<&str> = ENDPOINT_METHODS.into_iter().filter(answers).collect();
        if self.inherits(class, "starlette.endpoints.HTTPEndpoint") {
            // Starlette answers `HEAD` by `get`, too.
            let is_shown = |method: &&str| *method != "HEAD" || !methods.contains(&"GET");
            return methods.iter().copied().filter(is_shown).map(Arc::from).collect();
        }
        match self.unknown_base(class) {
            Some(_) => {
                let reason = self.reason("a base of this endpoint's class is not known", at);
                self.report(at, "methods", &reason);
                methods.into_iter().map(Arc::from).collect()
            }
            None => vec![Arc::from(ANY)],
        }
    }

    fn endpoint_name(&self, endpoint: &Value, at: Place) -> Text {
        match endpoint {
            Value::Function(function) => {
                let object = &self.functions[function.0 as usize];
                match object.attribute("__name__") {
                    Some(Value::Str(name)) => return Text::known(name.as_ref()),
                    Some(Value::Text(name)) => return Text::clone(name),
                    _ => {}
                }
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
            Value::Partial(_) => Text::known("partial"),
            Value::OneOf(values) => {
                let names: Vec<Text> = values.iter().map(|value| self.endpoint_name(value, at)).collect();
                match names.split_first() {
                    Some((first, rest)) if rest.iter().all(|name| name == first) => first.clone(),
                    _ => Text::hole(Reason {
                        text: Arc::from("the endpoint is one of several"),
                        place: Some(at),
                    }),
                }
            }
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
    pub(super) fn dependencies(
        &mut self,
        value: Option<&Value>,
        args: &Args,
        at: Place,
    ) -> (Vec<DependsId>, Option<Reason>) {
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
                            open = Some(match &*inner {
                                Value::Unknown(reason) => Reason::clone(reason),
                                _ => Reason {
                                    text: Arc::from(
                                        "a dependency that is there only under a condition that is not decided",
                                    ),
                                    place: Some(at),
                                },
                            });
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
}
