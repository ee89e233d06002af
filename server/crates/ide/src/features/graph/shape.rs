//! The shape of the graph's JSON (`docs/graph.md`).

use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// The version of the shape; a break of it gets a new number.
pub const GRAPH_VERSION: u32 = 1;

/// Nodes and edges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Graph {
    /// [`GRAPH_VERSION`].
    pub version: u32,
    /// The name of the folder that it was made of.
    pub name: String,
    /// Apps, then routers, path operations in the order in which their app tries them, dependencies, schemas.
    pub nodes: Vec<GraphNode>,
    /// What leads where; both ends are nodes.
    pub edges: Vec<GraphEdge>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphNode {
    /// Unique in one graph, and of no meaning outside.
    pub id: Arc<str>,
    /// What it is called.
    pub name: Arc<str>,
    /// Where it is defined, if its source is known.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// What it is, and what is known of such a thing.
    #[serde(flatten)]
    pub kind: GraphNodeKind,
}

/// The kinds of nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum GraphNodeKind {
    /// An app.
    App {
        /// Whether configuration or FastAPI CLI's own search names it.
        entry: bool,
        /// What importing its module ends with, where that is certain, with the place: it serves nothing of what is drawn.
        #[serde(skip_serializing_if = "Option::is_none")]
        fails: Option<String>,
    },
    /// A router, or an app that is mounted in another one.
    Router { prefix: String, tags: Vec<String> },
    /// A path operation as one app serves it: a router that is included twice has each of its own twice.
    Operation(GraphOperation),
    /// A function, class or instance that path operations depend on.
    Dependency {
        /// Module and qualified name.
        qualname: Arc<str>,
        /// `function`, `class`, `instance`, `security` or `external`.
        callable: &'static str,
        /// Whether it yields, so that it has code to run after the answer.
        yields: bool,
        /// What its own signature adds to a request, without its dependencies.
        parameters: Vec<GraphParameter>,
        /// Where tests put something else in its place.
        overrides: Vec<GraphOverride>,
    },
    /// A model, table, dataclass, typed dict or enum.
    Schema {
        /// Module and name.
        qualname: String,
        /// `pydantic`, `pydantic-v1`, `sqlmodel`, `sqlmodel-table`, `sqlalchemy`, `dataclass`, `typed-dict`, `enum` or `settings`.
        schema: &'static str,
        /// The names of its type parameters.
        type_parameters: Vec<Arc<str>>,
        /// The name of its table.
        table: Option<Arc<str>>,
        fields: Vec<GraphField>,
        /// Fields of answers alone.
        computed: Vec<GraphField>,
        validators: Vec<GraphValidator>,
        /// As it is written.
        config: BTreeMap<Arc<str>, Arc<str>>,
        /// The path operations that read it, or answer with it, within another schema alone.
        read_within: Vec<Arc<str>>,
        returned_within: Vec<Arc<str>>,
    },
}

/// What is known of a path operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct GraphOperation {
    /// The app's node.
    pub app: Arc<str>,
    /// The nodes from the app down to the router that it is registered on.
    pub chain: Vec<Arc<str>>,
    pub methods: Vec<Arc<str>>,
    /// The full path.
    pub path: String,
    /// As in the route table: `http`, `websocket`, `mount`, …
    pub route: &'static str,
    /// Module and qualified name of what is called.
    pub endpoint: Option<Arc<str>>,
    pub tags: Vec<String>,
    pub status_code: Option<u16>,
    pub response_model: Option<Arc<str>>,
    pub deprecated: bool,
    pub include_in_schema: bool,
    pub conditional: bool,
    pub parameters: Vec<GraphParameter>,
    pub security: Vec<Arc<str>>,
}

/// A parameter of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct GraphParameter {
    pub name: Arc<str>,
    /// `path`, `query`, `header`, `cookie`, `body`, `form` or `file`.
    pub r#in: &'static str,
    pub r#type: Option<Arc<str>>,
    pub required: bool,
}

/// A place that overrides a dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphOverride {
    /// What takes the dependency's place, as it is written.
    pub replacement: String,
    /// The fixture or test, if it is not at the top of a module.
    pub within: Option<Arc<str>>,
    /// Where.
    pub file: String,
    /// From 1.
    pub line: u32,
}

/// A field of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct GraphField {
    pub name: Arc<str>,
    pub r#type: Option<Arc<str>>,
    pub required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<Arc<str>>,
    /// The field that tells the members of a union apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discriminator: Option<Arc<str>>,
    /// Whether it leads to rows of other tables.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub relationship: bool,
}

/// A function that checks or changes values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct GraphValidator {
    pub name: Arc<str>,
    /// `field_validator`, `model_validator`, …
    pub decorator: Arc<str>,
    /// None for the whole model.
    pub fields: Vec<Arc<str>>,
}

/// An edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GraphEdge {
    /// A node's `id`.
    pub from: Arc<str>,
    /// A node's `id`.
    pub to: Arc<str>,
    /// What it says.
    pub kind: GraphEdgeKind,
    /// Of `includes`, the prefix that the include adds, where it adds one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Of `depends`, how.
    #[serde(flatten)]
    pub request: GraphRequest,
}

/// How a dependency is asked for; what is as usual is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct GraphRequest {
    /// `scopes=` of `Security`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Arc<str>>,
    /// `use_cache=False`: it is called anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub uncached: bool,
    /// `scope=`: `function` or `request`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Arc<str>>,
}

/// What an edge says of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GraphEdgeKind {
    /// An app or router includes or mounts a router.
    Includes,
    /// A router or app has a path operation.
    Serves,
    /// A path operation or dependency depends on a dependency.
    Depends,
    /// A path operation takes a schema as its body or in its parameters.
    Reads,
    /// A path operation answers with a schema.
    Returns,
    /// A schema has a field of another one.
    Has,
    /// A schema inherits from another one.
    Inherits,
}
