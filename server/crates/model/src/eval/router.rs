//! Apps and routers: what their methods record (`fastapi/routing.py`, `fastapi/applications.py`, `starlette/routing.py`).

use super::{
    Eval, Interp,
    library::VERBS,
    value::{Args, ObjId, ObjectKind, RouteDecorator, Value},
};
use crate::{Place, RouterId, RouterKind, Text};
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

/// Methods of an app that are its router's (`fastapi/applications.py`, `starlette/applications.py`).
fn is_forwarded(method: &str) -> bool {
    const OTHERS: [&str; 11] = [
        "add_api_route",
        "add_api_websocket_route",
        "add_route",
        "add_websocket_route",
        "api_route",
        "host",
        "include_router",
        "mount",
        "route",
        "websocket",
        "websocket_route",
    ];
    VERBS.contains(&method) || OTHERS.contains(&method)
}

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
        self.check_prefix(&prefix, at);
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
            "prefix" if self.has_prefix(object, id) => Some(Value::from_text(self.router(id).prefix.clone())),
            "router" if self.is_app_object(object, id) => Some(self.own_router(object, id)),
            "routes" => {
                // They may go anywhere from here, by other ways than an include.
                self.change_router(id, |router| router.escapes = true);
                Some(Value::Routes(id))
            }
            "webhooks" if self.router(id).kind == RouterKind::FastApi => Some(self.webhooks(object, id)),
            "lifespan_context" => Some(Value::lib("starlette.routing.Router.lifespan_context")),
            "state" if matches!(self.router(id).kind, RouterKind::FastApi | RouterKind::Starlette) => {
                Some(self.app_state(object, id))
            }
            "dependency_overrides" => {
                let dict = self.allocate(ObjectKind::Dict(Vec::new()));
                self.object_mut(dict).open = Some(self.reason("the overrides of an app", self.router(id).made_at));
                Some(Value::Dict(dict))
            }
            _ => None,
        }
    }

    /// `app.router`: it shares the app's table.
    fn own_router(&mut self, app: ObjId, id: RouterId) -> Value {
        let class = match self.router(id).kind {
            RouterKind::FastApi => "fastapi.APIRouter",
            _ => "starlette.routing.Router",
        };
        let router = self.part(app, "router", class, self.router(id).made_at);
        if let Some(instance) = self.instance_mut(router) {
            instance.router = Some(id);
        }
        Value::Object(router)
    }

    /// Whether it is the app itself, not the router that shares its table.
    fn is_app_object(&self, object: ObjId, id: RouterId) -> bool {
        self.router_objects[id.0 as usize] == object
            && matches!(self.router(id).kind, RouterKind::FastApi | RouterKind::Starlette)
    }

    /// Whether it is a router of FastAPI, an app's own among them.
    fn has_prefix(&self, object: ObjId, id: RouterId) -> bool {
        match self.router(id).kind {
            RouterKind::ApiRouter => true,
            RouterKind::FastApi => !self.is_app_object(object, id),
            RouterKind::Starlette | RouterKind::StarletteRouter => false,
        }
    }

    /// Whether it is an app's own router, not the app.
    pub(super) fn is_own_router(&self, value: &Value) -> bool {
        let Some(id) = self.router_of(value) else { return false };
        *value != Value::Object(self.router_objects[id.0 as usize])
    }

    /// `app.state`: keeps what code puts there; there may be more.
    fn app_state(&mut self, object: ObjId, id: RouterId) -> Value {
        let made_at = self.router(id).made_at;
        let reason = self.reason("the state of an app", made_at);
        let state = self.part(object, "state", "starlette.datastructures.State", made_at);
        self.object_mut(state).open = Some(reason);
        Value::Object(state)
    }

    /// An object that an app made for itself, in an attribute.
    fn part(&mut self, app: ObjId, attribute: &'static str, class: &str, made_at: Place) -> ObjId {
        let part = self.new_instance(Value::lib(class), made_at, None);
        let (owner, depth) = (self.object(app).owner, self.object(app).condition_depth);
        let made = self.object_mut(part);
        (made.owner, made.condition_depth) = (owner, depth);
        if let Some(instance) = self.instance_mut(app) {
            let value = Value::Object(part);
            instance.attrs.insert(SmolStr::new_static(attribute), value);
        }
        part
    }

    /// Assignments to attributes that the table depends on; says whether it was one.
    pub(crate) fn set_router_attribute(
        &mut self,
        object: ObjId,
        id: RouterId,
        name: &str,
        value: &Value,
        at: Option<Place>,
    ) -> bool {
        let place = self.somewhere(at);
        match name {
            "prefix" if self.has_prefix(object, id) => {
                let prefix = self.text_of(value, place);
                self.change_router(id, |router| {
                    router.prefix = prefix;
                    router.prefix_at = at;
                });
            }
            "tags" if self.has_prefix(object, id) => {
                let tags = self.tags(Some(value), place);
                self.change_router(id, |router| router.tags = tags);
            }
            "router" => {
                if let Some(own) = self.router_of(value) {
                    self.replace_router(id, own, place);
                }
                return false;
            }
            "routes" => self.set_routes(id, value, place),
            "lifespan_context" => self.note_lifespan(id, value.clone()),
            _ => return false,
        }
        true
    }

    /// The router that `app.router = own` gave to an app.
    fn router_given_to_app(&self, object: ObjId, id: RouterId) -> Option<ObjId> {
        let is_app = self.is_app_object(object, id);
        let given = self.instance(object)?.attrs.get("router").filter(|_| is_app)?;
        match given {
            Value::Object(own) if self.instance(*own)?.router? != id => Some(*own),
            _ => None,
        }
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
        self.check_method(object, id, name, at)?;
        if let Some(own) = self.router_given_to_app(object, id).filter(|_| is_forwarded(name)) {
            let method = self.attribute(&Value::Object(own), name, at)?;
            return self.call(&method, args, Some(at));
        }
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
                self.include(id, &args, at)?;
                Value::None
            }
            "mount" => {
                let target = args.get(1, "app").cloned().unwrap_or(Value::None);
                self.mount(id, &args, &target, at);
                Value::None
            }
            "host" => {
                let target = args.get(1, "app").cloned().unwrap_or(Value::None);
                if self.router_of(&target).is_some() {
                    // What is served depends on the host that a request names.
                    let everywhere = Args::of([Value::str("")]);
                    self.condition_depth += 1;
                    self.mount(id, &everywhere, &target, at);
                    self.condition_depth -= 1;
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
    pub(super) fn overridden(&mut self, object: ObjId, name: &str) -> Option<Value> {
        let Value::Class(class) = self.instance(object)?.class else {
            return None;
        };
        match self.class_attribute(class, name, None)? {
            (function @ Value::Function(_), _) => Some(Value::Bound(Arc::new((Value::Object(object), function)))),
            _ => None,
        }
    }
}
