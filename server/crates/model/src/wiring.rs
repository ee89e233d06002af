//! Apps, routers and what they record: the events of wiring, in the order they ran.

use crate::{CallableId, DependsId, Fact, Place, Reason, Text};
use base::FileId;
use std::sync::Arc;

/// An app, router or mounted route table, by its number in [`crate::Model::routers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouterId(pub u32);

/// A registration of a path operation, by its number in [`crate::Model::operations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationId(pub u32);

/// An app: what an ASGI server is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// `module:attribute`, or `module:factory()` for what a factory makes.
    pub id: Arc<str>,
    /// Its own router.
    pub router: RouterId,
    /// The file it is served from: that in which it is made, or that which imports and completes it.
    pub file: FileId,
    /// Whether configuration or FastAPI CLI's own search names it as the entry point.
    pub is_entry_point: bool,
    /// `module:factory()` of the function in whose body it is made, if that is another name for it.
    pub made_by: Option<Arc<str>>,
    /// What its module ends with before its time, where that is certain: it serves nothing, and has no routes here.
    pub ended: Option<Reason>,
    /// What the call of the factory that makes it ends with, where that is certain: it serves nothing, its routes are here all
    /// the same.
    pub refused: Option<Reason>,
}

/// What kind of router it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouterKind {
    /// `fastapi.FastAPI`.
    FastApi,
    /// `fastapi.APIRouter`.
    ApiRouter,
    /// `starlette.applications.Starlette`.
    Starlette,
    /// `starlette.routing.Router` or a list of routes.
    StarletteRouter,
}

/// An app or a router, or a subclass's instance of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Router {
    /// What it is.
    pub kind: RouterKind,
    /// `module:name` of the first name it was bound to, for example `app.api.routes.items:router`.
    pub name: Option<Arc<str>>,
    /// The `Name` node of that binding.
    pub bound_at: Option<Place>,
    /// The call that made it.
    pub made_at: Place,
    /// `prefix=` of the constructor.
    pub prefix: Text,
    /// The expression of that prefix.
    pub prefix_at: Option<Place>,
    /// `tags=` of the constructor.
    pub tags: Fact<Vec<Text>>,
    /// `dependencies=` of the constructor.
    pub dependencies: Vec<DependsId>,
    /// Why the constructor may have been given more than this tells, if so.
    pub open: Option<Reason>,
    /// `deprecated=True` of the constructor.
    pub deprecated: bool,
    /// `include_in_schema=` of the constructor.
    pub include_in_schema: bool,
    /// What was recorded on it, in order.
    pub events: Vec<Event>,
    /// The routes that FastAPI adds to an app itself.
    pub builtins: Vec<Builtin>,
    /// Why more may have been recorded than `events` tells (it was handed to code that is not read), if so.
    pub incomplete: Option<Reason>,
    /// Whether it holds an app's webhooks: they are described, not served, and their paths are names.
    pub is_webhooks: bool,
    /// Whether it is handed on in a way that is not followed, so that no claim of absence can be made of it.
    pub escapes: bool,
}

/// A route that FastAPI adds to an app itself (`fastapi/applications.py`, `FastAPI.setup`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// What it serves.
    pub kind: BuiltinKind,
    /// Its path on the app.
    pub path: Text,
    /// Whether it is not certain that there is one, or with this path.
    pub conditional: bool,
    /// How many events the app had when it was added.
    pub events_then: usize,
}

/// What a route serves that FastAPI adds itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuiltinKind {
    /// The OpenAPI document, at `openapi_url`.
    OpenApi,
    /// Swagger UI, at `docs_url`.
    SwaggerUi,
    /// Where OAuth2 comes back to Swagger UI, at `swagger_ui_oauth2_redirect_url`.
    SwaggerUiRedirect,
    /// ReDoc, at `redoc_url`.
    Redoc,
}

impl BuiltinKind {
    /// The name of the function inside `FastAPI.setup`, which is the route's name too.
    #[must_use]
    pub fn function(self) -> &'static str {
        match self {
            BuiltinKind::OpenApi => "openapi",
            BuiltinKind::SwaggerUi => "swagger_ui_html",
            BuiltinKind::SwaggerUiRedirect => "swagger_ui_redirect",
            BuiltinKind::Redoc => "redoc_html",
        }
    }

    /// The argument of `FastAPI(…)` that sets its path.
    #[must_use]
    pub fn argument(self) -> &'static str {
        match self {
            BuiltinKind::OpenApi => "openapi_url",
            BuiltinKind::SwaggerUi => "docs_url",
            BuiltinKind::SwaggerUiRedirect => "swagger_ui_oauth2_redirect_url",
            BuiltinKind::Redoc => "redoc_url",
        }
    }
}

/// Something recorded on an app or router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// The call that recorded it.
    pub at: Place,
    /// The module that was running, at the top of the import stack.
    pub module: FileId,
    /// Whether it stands under a condition that is not decided, or decided by a setting's default.
    pub conditional: bool,
    /// The round of a loop that goes through things in no known order.
    pub round: Option<Round>,
}

/// A round of a loop over what comes in no known order: the names in a folder, as the disk has them, or a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// What the loop goes through.
    pub order_of: Place,
    /// Why its order isn't known.
    pub decided_by: Arc<Reason>,
    /// Counted from 0. What is recorded in the same round comes in the order of the code.
    pub number: u32,
}

impl Round {
    /// Whether it isn't known which of two rounds comes first.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.order_of == other.order_of && self.number != other.number
    }
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A path operation or plain route.
    Operation(OperationId),
    /// `include_router`.
    Include(Include),
    /// `mount`, `host` or a `Mount` in a route table.
    Mount(Mount),
}

/// `include_router(router, …)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// What is included.
    pub router: RouterId,
    /// The argument that names it.
    pub router_at: Option<Place>,
    /// `prefix=`.
    pub prefix: Text,
    /// The including router's own prefix at that moment.
    pub router_prefix: Text,
    /// The expression of that prefix.
    pub prefix_at: Option<Place>,
    /// `tags=`.
    pub tags: Fact<Vec<Text>>,
    /// `dependencies=`.
    pub dependencies: Vec<DependsId>,
    /// Why the call may have been given more than this tells, if so.
    pub open: Option<Reason>,
    /// `deprecated=True`.
    pub deprecated: bool,
    /// `include_in_schema=`.
    pub include_in_schema: bool,
    /// How many events the included router had then; below FastAPI 0.137 later ones do not count.
    pub events_then: usize,
}

/// `mount(path, app, name)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The path without a closing slash.
    pub path: Text,
    /// The expression of the path.
    pub path_at: Option<Place>,
    /// What is mounted: an app or route table that can be looked into, or something else.
    pub target: Option<RouterId>,
    /// `name=`, or empty.
    pub name: Text,
}

/// The kinds of path operations and routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// An HTTP path operation of FastAPI.
    Http,
    /// A WebSocket of FastAPI.
    WebSocket,
    /// A plain Starlette `Route` (`add_route`, `route`).
    StarletteHttp,
    /// A plain Starlette `WebSocketRoute`.
    StarletteWebSocket,
    /// A mounted app that can't be looked into, or a static folder.
    Mount,
    /// `app.frontend(…)` (FastAPI 0.138).
    Frontend,
}

/// One call that registered a path operation on one router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The router it was registered on.
    pub router: RouterId,
    /// What it is.
    pub kind: RouteKind,
    /// `GET`, … in the order given; `WEBSOCKET` alone for WebSockets, `ANY` for an ASGI app in the place of a function.
    pub methods: Vec<Arc<str>>,
    /// The path as registered on the router, the router's own prefix not included.
    pub path: Text,
    /// The router's own prefix when it was registered.
    pub router_prefix: Text,
    /// Whether it was not made by the router, so that nothing that the router says of its own routes applies: an `APIRoute`
    /// in a table of routes.
    pub is_alone: bool,
    /// The expression of that path.
    pub path_at: Option<Place>,
    /// The decorator's call, or the call of `add_api_route`.
    pub at: Place,
    /// What is called.
    pub endpoint: Fact<CallableId>,
    /// `name=`, or the endpoint's name.
    pub name: Text,
    /// `tags=`.
    pub tags: Fact<Vec<Text>>,
    /// `route.tags = …` behind the registration.
    pub tags_set: Option<TagsSet>,
    /// `status_code=`.
    pub status_code: Fact<Option<u16>>,
    /// `response_model=`, or else the return annotation, as it is written; absent for none.
    pub response_model: Option<TypeUse>,
    /// `operation_id=`.
    pub operation_id: Option<Text>,
    /// `dependencies=`.
    pub dependencies: Vec<DependsId>,
    /// What code adds to them behind the registration.
    pub added_dependencies: Vec<AddedDependency>,
    /// Why the call may have been given more than this tells, if so.
    pub open: Option<Reason>,
    /// `deprecated=`.
    pub deprecated: Option<bool>,
    /// `include_in_schema=`.
    pub include_in_schema: bool,
}

/// Tags that code gave to a route which it found in a router's `routes`: those that the router, what is included in it and
/// the registration itself gave are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagsSet {
    /// The router.
    pub by: RouterId,
    /// What includes below that router put before the route's path.
    pub prefix: Text,
    /// The tags.
    pub tags: Fact<Vec<Text>>,
}

/// A dependency that code adds to a route which it found in a router's `routes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedDependency {
    /// The router.
    pub by: RouterId,
    /// What includes below that router put before the route's path.
    pub prefix: Text,
    /// To which of the route's two lists.
    pub list: DependencyList,
    /// The dependency.
    pub depends: DependsId,
}

/// A list of a route's dependencies (`fastapi/routing.py`, `APIRoute.__init__`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyList {
    /// `route.dependencies`: what an include makes the route anew from.
    Route,
    /// `route.dependant.dependencies`: what the route that is in the list itself asks for.
    Dependant,
}

/// A type as an annotation names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeUse {
    /// As one would write it, for example `list[ItemPublic]`; resolved names are shown without their modules.
    pub display: Arc<str>,
    /// The project's schemas that it names, in order.
    pub schemas: Vec<crate::SchemaId>,
    /// Where it stands.
    pub at: Option<Place>,
}

/// Something that can't be known without running the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Where.
    pub at: Place,
    /// What, in the source's words, for example `include_router(make())`.
    pub what: Arc<str>,
    /// Why.
    pub why: Reason,
    /// How many routes are known but for a prefix that is given here; none where it is not known what is wired.
    pub below: usize,
}
