//! Classes of routes that projects write themselves: what their `__init__` makes of a path operation
//! (`fastapi/routing.py`, `APIRouter.add_api_route` calls `route_class(self.prefix + path, endpoint=endpoint, …)`).

use super::{
    Eval, Interp,
    value::{Args, ClassId, ObjId, Value},
};
use crate::{Fact, OperationId, Place, RouterId};
use smol_str::SmolStr;

/// The class that they inherit.
pub(crate) const ROUTE: &str = "fastapi.routing.APIRoute";

/// The classes of routes with a path and an endpoint, those that inherit before what they inherit.
pub(super) const ROUTES: [&str; 4] = [
    ROUTE,
    "fastapi.routing.APIWebSocketRoute",
    "starlette.routing.Route",
    "starlette.routing.WebSocketRoute",
];

/// Their constructor.
pub(crate) const ROUTE_INIT: &str = "fastapi.routing.APIRoute.__init__";

/// What a router gives to the constructor by keyword, whether or not somebody gave it to the router.
const GIVEN: [&str; 14] = [
    "response_model",
    "status_code",
    "tags",
    "dependencies",
    "summary",
    "description",
    "responses",
    "deprecated",
    "methods",
    "operation_id",
    "include_in_schema",
    "response_class",
    "name",
    "openapi_extra",
];

/// What of a route stands in the table.
const TOLD: [&str; 6] = [
    "path",
    "name",
    "tags",
    "operation_id",
    "include_in_schema",
    "deprecated",
];

/// What stands in the document alone.
const DESCRIBED: [&str; 5] = ["summary", "description", "responses", "response_class", "openapi_extra"];

impl Interp<'_> {
    /// Lets the router's route class change an operation that was recorded just now.
    pub(super) fn apply_route_class(&mut self, router: RouterId, operation: OperationId, args: &Args, at: Place) {
        let Some(Value::Class(class)) = self.route_class(router, args) else {
            return;
        };
        let has_own = matches!(
            self.class_attribute(class, "__init__", None),
            Some((Value::Function(_), _))
        );
        if self.is_rehearsal || !has_own || !self.inherits(class, ROUTE) {
            return;
        }
        let given = self.given_to_route(operation, args);
        let made = self.instantiate(class, given.clone(), Some(at));
        self.describe(operation, &given, made.as_ref().ok(), at);
        let name = self.class(class).name.clone();
        for told in TOLD {
            let before = match told {
                "path" => given.get(0, "path"),
                told => given.keyword(told),
            };
            let now = match &made {
                Ok(Value::Object(object)) => self.instance(*object).and_then(|it| it.attrs.get(told)).cloned(),
                _ => None,
            };
            match now {
                Some(now) if before == Some(&now) => {}
                Some(_) if told == "path" && self.is_made_again(router) => {
                    let again = format!("`{name}` changes the path at each include");
                    self.change_operation(operation, told, &Value::unknown(again, Some(at)), at);
                }
                // What it makes of the router's own tags isn't told apart.
                Some(_)
                    if told == "tags" && !matches!(&self.router(router).tags, Fact::Known(tags) if tags.is_empty()) =>
                {
                    let unknown = Value::unknown(format!("what `{name}` makes of the tags"), Some(at));
                    self.change_operation(operation, told, &unknown, at);
                }
                Some(now) => self.change_operation(operation, told, &now, at),
                None if told == "path" => {
                    let unknown = Value::unknown(format!("what `{name}` makes of it"), Some(at));
                    self.change_operation(operation, told, &unknown, at);
                }
                None => {}
            }
        }
    }

    /// What the class makes of what is no part of the table, or what the function's result or the router's own have a say in.
    fn describe(&mut self, operation: OperationId, given: &Args, made: Option<&Value>, at: Place) {
        let attribute = |interp: &Self, name: &str| match made {
            Some(Value::Object(object)) => interp.instance(*object)?.attrs.get(name).cloned(),
            _ => None,
        };
        let changed =
            |interp: &Self, name: &str| attribute(interp, name).filter(|now| given.keyword(name) != Some(now));
        for name in DESCRIBED {
            if let Some(now) = changed(self, name) {
                self.say_of_operation(operation, name, &now);
            }
        }
        if let Some(model) = changed(self, "response_model") {
            self.say_of_operation(operation, "response_model", &model);
            if let Some(record) = self.operation_record(operation) {
                record.response_model = Some((model, None));
            }
        }
        if let Some(code) = changed(self, "status_code") {
            self.say_of_operation(operation, "status_code", &code);
            let code = self.status_code(Some(&code), at);
            if let Some(record) = self.operation_record(operation) {
                record.operation.status_code = code;
            }
        }
        if let Some(dependencies) = attribute(self, "dependencies") {
            let (now, open) = self.dependencies(Some(&dependencies), &Args::default(), at);
            if let Some(record) = self.operation_record(operation) {
                record.operation.dependencies = now;
                record.operation.open = record.operation.open.take().or(open);
            }
        }
    }

    /// The library's class of routes that a class is made of.
    pub(super) fn route_base(&self, class: ClassId) -> Option<&'static str> {
        ROUTES.into_iter().find(|base| self.inherits(class, base))
    }

    /// `APIRoute.__init__`, called for the instance that comes first.
    pub(crate) fn init_route(&mut self, mut args: Args, at: Option<Place>) -> Eval<Value> {
        if args.positional.is_empty() {
            return Ok(Value::None);
        }
        let (Value::Object(object), _) = args.positional.remove(0) else {
            return Ok(Value::None);
        };
        let unknown = || Value::unknown("this path is not given to `APIRoute`", at);
        let path = args.get(0, "path").cloned().unwrap_or_else(unknown);
        let mut attributes = vec![(SmolStr::new_static("path"), path)];
        if let Some(endpoint) = args.get(1, "endpoint") {
            attributes.push((SmolStr::new_static("endpoint"), endpoint.clone()));
        }
        let keywords = args.keywords.into_iter().map(|(name, value, _)| (name, value));
        attributes.extend(keywords.filter(|(name, _)| name != "path" && name != "endpoint"));
        if let Some(instance) = self.instance_mut(object) {
            instance.attrs.extend(attributes);
        }
        Ok(Value::None)
    }

    fn route_class(&mut self, router: RouterId, args: &Args) -> Option<Value> {
        let override_ = args
            .keyword("route_class_override")
            .filter(|class| **class != Value::None);
        if let Some(class) = override_ {
            return Some(class.clone());
        }
        let attribute = |object: ObjId, name: &str| self.instance(object)?.attrs.get(name).cloned();
        let object = *self.router_objects.get(router.0 as usize)?;
        let set = match attribute(object, "router") {
            Some(Value::Object(own)) => attribute(own, "route_class"),
            _ => attribute(object, "route_class"),
        };
        set.or_else(|| self.router_args.get(&router)?.keyword("route_class").cloned())
    }

    /// What `add_api_route` gives to the constructor.
    fn given_to_route(&mut self, operation: OperationId, args: &Args) -> Args {
        let Some(record) = self.operation_record(operation) else {
            return Args::default();
        };
        let own = record.operation.clone();
        let endpoint = record.endpoint.clone();
        let mut given = Args::of([Value::from_text(own.router_prefix.concat(&own.path))]);
        given.keywords.push((SmolStr::new_static("endpoint"), endpoint, None));
        for name in GIVEN {
            let value = match name {
                "methods" => self.new_list(own.methods.iter().map(|method| Value::str(method)).collect()),
                "name" => Value::from_text(own.name.clone()),
                "include_in_schema" => Value::Bool(own.include_in_schema),
                "tags" => match args.keyword(name) {
                    Some(tags) if *tags != Value::None => tags.clone(),
                    _ => self.new_list(Vec::new()),
                },
                "dependencies" => {
                    let own = own.dependencies.iter().map(|id| Value::Depends(*id)).collect();
                    self.new_list(own)
                }
                _ => args.keyword(name).cloned().unwrap_or(Value::None),
            };
            given.keywords.push((SmolStr::new_static(name), value, None));
        }
        given
    }

    /// Whether an include makes each route anew, so that its class sees the path again (before FastAPI 0.137).
    fn is_made_again(&self, router: RouterId) -> bool {
        let version = self.source.fastapi_version(self.router(router).made_at.file);
        (version.major, version.minor) < (0, 137)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn a_route_class_changes_what_is_registered() {
        check(
            r#"
#- /main.py
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
class Prefixed(APIRoute):
    def __init__(self, path, endpoint, **kwargs):
        super().__init__("/p" + path, endpoint, **kwargs)
class Through(APIRoute):
    def __init__(self, *args, **kwargs):
        kwargs["name"] = "other"
        super().__init__(*args, **kwargs)
class Timed(APIRoute):
    def get_route_handler(self):
        return super().get_route_handler()
class Lost(APIRoute):
    def __init__(self, path, endpoint, **kwargs):
        super().__init__(missing(path), endpoint, **kwargs)
app = FastAPI()
def f(): ...
for cls in (Prefixed, Through, Timed, Lost):
    router = APIRouter(prefix="/" + cls.__name__.lower(), route_class=cls)
    router.add_api_route("/x", f)
    app.include_router(router)
class Own(FastAPI):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.router.route_class = Prefixed
own = Own()
own.get("/y")(f)
"#,
            "main:app GET /p/prefixed/x -> main.f
             main:app GET /through/x -> main.f
             main:app GET /timed/x -> main.f
             main:app GET … -> main.f
             main:own GET /p/y -> main.f
             unresolved GET …: `missing` is not bound to anything that is known",
        );
    }
}
