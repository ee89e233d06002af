//! Routes as an app serves them, and what a request to one needs.

use crate::{
    BuiltinKind, CallableId, DependsId, Fact, Model, OperationId, Place, Round, RouteKind, RouterId, Text, TypeUse,
};
use std::sync::Arc;

/// A path operation as one app serves it: one registration on one way through the includes. What the routes of a router
/// have in common they share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Index in [`Model::apps`].
    pub app: usize,
    /// The registration; absent for a mount that can't be looked into.
    pub operation: Option<OperationId>,
    /// What it is.
    pub kind: RouteKind,
    /// Its methods; `WEBSOCKET` or `MOUNT` for those.
    pub methods: Arc<[Arc<str>]>,
    /// The full path, mounts included.
    pub path: Text,
    /// What is called.
    pub endpoint: Option<CallableId>,
    /// The route's name.
    pub name: Text,
    /// All tags, the outermost router's first.
    pub tags: Fact<Arc<[Text]>>,
    /// `dependencies=` of app, routers, includes and operation, in the order FastAPI runs them.
    pub dependencies: Arc<[DependsId]>,
    /// `deprecated` of operation or any include.
    pub deprecated: bool,
    /// Whether it is in the OpenAPI document.
    pub include_in_schema: bool,
    /// Whether it stands under a condition that is not decided.
    pub conditional: bool,
    /// Routers from the app down to the one it is registered on.
    pub chain: Arc<[RouterId]>,
    /// The include and mount calls on the way, outermost first.
    pub through: Arc<[Place]>,
    /// The decorator or call that registered it.
    pub at: Place,
    /// The outermost loop on the way whose order isn't known, and its round.
    pub round: Option<Round>,
}

/// A route that FastAPI adds to an app itself, as an app serves it: its own, or that of an app mounted in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltinRoute {
    /// Index in [`Model::apps`].
    pub app: usize,
    /// Index in [`Model::routes`] of the route that the app tries next.
    pub before: usize,
    /// What it serves.
    pub kind: BuiltinKind,
    /// The full path, mounts included.
    pub path: Text,
    /// Whether it is not certain that there is one, or with this path.
    pub conditional: bool,
    /// Routers from the app down to the one it is registered on.
    pub chain: Vec<RouterId>,
    /// The call that makes the app.
    pub at: Place,
}

/// Where a parameter is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum ParamIn {
    Path,
    Query,
    Header,
    Cookie,
    Body,
    Form,
    File,
}

impl ParamIn {
    /// As it is written in JSON output and cards.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ParamIn::Path => "path",
            ParamIn::Query => "query",
            ParamIn::Header => "header",
            ParamIn::Cookie => "cookie",
            ParamIn::Body => "body",
            ParamIn::Form => "form",
            ParamIn::File => "file",
        }
    }
}

/// A parameter of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteParameter {
    /// The name a client sends (the alias where there is one).
    pub name: Arc<str>,
    /// Where it is read from.
    pub place_in: ParamIn,
    /// Whether a request must have it.
    pub required: bool,
    /// Its type, as written.
    pub ty: Option<TypeUse>,
    /// The function or class that declares it.
    pub declared_by: CallableId,
    /// The `Name` node of the parameter.
    pub at: Option<Place>,
    /// The Pydantic model of which it is a field, for `Annotated[Model, Query()]` and its like.
    pub model: Option<crate::SchemaId>,
}

/// A dependency of a route, in its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependencyNode {
    /// The `Depends(…)` that asks for it.
    pub depends: DependsId,
    /// What is called, where known.
    pub callable: Option<CallableId>,
    /// Level in the tree, from 0.
    pub depth: u32,
    /// Whether it closes a cycle (its own dependencies are not listed again).
    pub is_cycle: bool,
}

/// What a route's request needs, resolved through all its dependencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Parameters, the operation's own first, then those of its dependencies.
    pub parameters: Vec<RouteParameter>,
    /// The dependency tree in the order FastAPI solves it, flattened depth first, parents before children.
    pub dependencies: Vec<DependencyNode>,
    /// Class names of the security schemes in it, in order, each once.
    pub security: Vec<Arc<str>>,
    /// Why the list of parameters or dependencies may lack something, if so: no claim of absence can be made then.
    pub incomplete: Option<crate::Reason>,
}

impl Model {
    /// Resolves what a route needs (FastAPI `dependencies/utils.py`, `get_dependant`).
    #[must_use]
    pub fn requirements(&self, route: &Route) -> Requirements {
        crate::requirements::of_route(self, route)
    }

    /// The schemas that declare a table of a database.
    pub fn tables(&self) -> impl Iterator<Item = &crate::Schema> {
        self.schemas.iter().filter(|schema| schema.table.is_some())
    }

    /// The first of those that is called so.
    #[must_use]
    pub fn table(&self, class: &str) -> Option<&crate::Schema> {
        self.tables().find(|schema| *schema.name == *class)
    }
}
