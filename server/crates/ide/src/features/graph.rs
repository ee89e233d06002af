//! The model as a graph, in the shape of `routewright graph --format json` and `routewright/graph` (`docs/graph.md`): apps,
//! routers, path operations, dependencies and schemas, and what leads from one to another.

use super::overrides::Override;
use super::routes::{kind_name, router_name, texts};
use crate::Analysis;
use model::{
    Callable, CallableId, CallableKind, ParamIn, Place, Requirements, Route, RouteKind, RouteParameter, RouterId,
    SchemaId, SchemaKind,
};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::{path::Path, sync::Arc};

/// The version of the shape; a break of it gets a new number.
pub const GRAPH_VERSION: u32 = 1;

/// Which part of the graph is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphPart {
    /// Everything.
    #[default]
    All,
    /// Apps, routers and path operations.
    Routes,
    /// Path operations and their dependencies.
    Dependencies,
    /// Path operations and the schemas that they read and return.
    Schemas,
}

/// What a graph is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphSelection<'a> {
    /// Which part of it.
    pub part: GraphPart,
    /// Only this app.
    pub app: Option<&'a str>,
    /// Only the apps that are made in this file or folder; of a file without apps, the routes whose functions it holds.
    pub within: Option<&'a Path>,
}

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
        /// `pydantic`, `sqlmodel`, `sqlmodel-table`, `sqlalchemy`, `dataclass`, `typed-dict`, `enum` or `settings`.
        schema: &'static str,
        fields: Vec<GraphField>,
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

impl Analysis {
    /// The graph of a workspace, or of a part of it; files are named relative to `root`.
    #[must_use]
    pub fn graph(&self, root: &Path, selection: GraphSelection<'_>) -> Graph {
        let mut builder = Builder::new(self, root, selection.part);
        let wanted = self.wanted_routes(selection);
        if matches!(selection.part, GraphPart::All | GraphPart::Routes) {
            for (index, app) in self.model().apps.iter().enumerate() {
                if wanted.iter().any(|route| route.app == index) || self.is_wanted_app(index, selection) {
                    builder.router(app.router);
                }
            }
        }
        for route in wanted {
            builder.route(route);
        }
        builder.finish()
    }

    fn is_wanted_app(&self, index: usize, selection: GraphSelection<'_>) -> bool {
        let app = &self.model().apps[index];
        selection.app.is_none_or(|id| *app.id == *id)
            && selection
                .within
                .is_none_or(|within| self.path(app.file).starts_with(within))
    }

    fn wanted_routes(&self, selection: GraphSelection<'_>) -> Vec<&Route> {
        let model = self.model();
        let is_known = |route: &&Route| route.path.as_known().is_some();
        let apps: FxHashSet<usize> = (0..model.apps.len())
            .filter(|&index| self.is_wanted_app(index, selection))
            .collect();
        let file = selection
            .within
            .filter(|path| apps.is_empty() && path.extension().is_some());
        let is_wanted = |route: &&Route| match file {
            Some(file) => {
                let place = route.endpoint.and_then(|id| model.callables[id.0 as usize].def);
                let is_named = selection.app.is_none_or(|id| *model.apps[route.app].id == *id);
                is_named && *self.path(place.unwrap_or(route.at).file) == *file
            }
            None => apps.contains(&route.app),
        };
        model.routes.iter().filter(is_known).filter(is_wanted).collect()
    }
}

/// Collects nodes of each kind, so that they stand together in the end.
struct Builder<'a> {
    analysis: &'a Analysis,
    root: &'a Path,
    part: GraphPart,
    routers: FxHashMap<RouterId, Arc<str>>,
    dependencies: FxHashMap<CallableId, Arc<str>>,
    schemas: FxHashMap<SchemaId, Arc<str>>,
    nodes: [Vec<GraphNode>; 5],
    edges: Vec<GraphEdge>,
    known: FxHashSet<(Arc<str>, Arc<str>, GraphEdgeKind, GraphRequest)>,
    overrides: Vec<Override>,
}

/// Where nodes of a kind are collected.
const APPS: usize = 0;
const ROUTERS: usize = 1;
const OPERATIONS: usize = 2;
const DEPENDENCIES: usize = 3;
const SCHEMAS: usize = 4;

impl<'a> Builder<'a> {
    fn new(analysis: &'a Analysis, root: &'a Path, part: GraphPart) -> Self {
        Self {
            analysis,
            root,
            part,
            routers: FxHashMap::default(),
            dependencies: FxHashMap::default(),
            schemas: FxHashMap::default(),
            nodes: Default::default(),
            edges: Vec::new(),
            known: FxHashSet::default(),
            overrides: analysis.overrides(),
        }
    }

    fn finish(self) -> Graph {
        Graph {
            version: GRAPH_VERSION,
            name: self.root.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            nodes: self.nodes.into_iter().flatten().collect(),
            edges: self.edges,
        }
    }

    fn has(&self, part: GraphPart) -> bool {
        self.part == GraphPart::All || self.part == part
    }

    fn add(
        &mut self,
        group: usize,
        prefix: &str,
        name: Arc<str>,
        place: Option<Place>,
        kind: GraphNodeKind,
    ) -> Arc<str> {
        let id: Arc<str> = format!("{prefix}{}", self.nodes[group].len()).into();
        self.nodes[group].push(GraphNode {
            id: id.clone(),
            name,
            file: place.map(|place| self.analysis.display_path(place.file, self.root)),
            line: place.map(|place| self.analysis.line_of(place)),
            kind,
        });
        id
    }

    fn edge(&mut self, from: &Arc<str>, to: &Arc<str>, kind: GraphEdgeKind, label: Option<String>) {
        self.edge_for(from, to, kind, label, GraphRequest::default());
    }

    fn edge_for(
        &mut self,
        from: &Arc<str>,
        to: &Arc<str>,
        kind: GraphEdgeKind,
        label: Option<String>,
        request: GraphRequest,
    ) {
        if self.known.insert((from.clone(), to.clone(), kind, request.clone())) {
            self.edges.push(GraphEdge {
                from: from.clone(),
                to: to.clone(),
                kind,
                label,
                request,
            });
        }
    }

    fn router(&mut self, id: RouterId) -> Arc<str> {
        if let Some(known) = self.routers.get(&id) {
            return known.clone();
        }
        let model = self.analysis.model();
        let router = &model.routers[id.0 as usize];
        let place = Some(router.bound_at.unwrap_or(router.made_at));
        let node = match model.apps.iter().find(|app| app.router == id) {
            Some(app) => {
                let entry = app.is_entry_point;
                self.add(APPS, "a", app.id.clone(), place, GraphNodeKind::App { entry })
            }
            None => {
                let kind = GraphNodeKind::Router {
                    prefix: router.prefix.to_string(),
                    tags: texts(&router.tags),
                };
                self.add(ROUTERS, "r", router_name(router), place, kind)
            }
        };
        self.routers.insert(id, node.clone());
        node
    }

    fn route(&mut self, route: &Route) {
        let requirements = self.analysis.model().requirements(route);
        let node = self.operation(route, &requirements);
        if self.has(GraphPart::Dependencies) {
            self.dependencies_of(&node, &requirements);
        }
        if self.has(GraphPart::Schemas) {
            self.schemas_of(&node, route, &requirements);
        }
    }

    fn operation(&mut self, route: &Route, requirements: &Requirements) -> Arc<str> {
        let model = self.analysis.model();
        let operation = route.operation.map(|id| &model.operations[id.0 as usize]);
        let endpoint = route.endpoint.map(|id| &model.callables[id.0 as usize]);
        let chain = match self.has(GraphPart::Routes) {
            true => self.chain(route),
            false => Vec::new(),
        };
        let name = match endpoint {
            Some(endpoint) => last_name(&endpoint.name),
            None => route.name.to_string().into(),
        };
        let response = operation.and_then(|operation| operation.response_model.as_ref());
        let kind = GraphNodeKind::Operation(GraphOperation {
            app: model.apps[route.app].id.clone(),
            chain: chain.clone(),
            methods: route.methods.to_vec(),
            path: route.path.to_string(),
            route: kind_name(route.kind),
            endpoint: endpoint.map(|endpoint| endpoint.name.clone()),
            tags: texts(&route.tags),
            status_code: operation.and_then(|operation| operation.status_code.known().copied().flatten()),
            response_model: response.map(|model| model.display.clone()),
            deprecated: route.deprecated,
            include_in_schema: route.include_in_schema || !matches!(route.kind, RouteKind::Http),
            conditional: route.conditional,
            parameters: parameters(requirements.parameters.iter()),
            security: requirements.security.clone(),
        });
        let place = endpoint.and_then(|callable| callable.def).unwrap_or(route.at);
        let node = self.add(OPERATIONS, "o", name, Some(place), kind);
        if let Some(last) = chain.last() {
            self.edge(last, &node, GraphEdgeKind::Serves, None);
        }
        node
    }

    /// The routers on the way to a route, as nodes with the edges between them.
    fn chain(&mut self, route: &Route) -> Vec<Arc<str>> {
        let chain: Vec<Arc<str>> = route.chain.iter().map(|&id| self.router(id)).collect();
        for (pair, ids) in chain.windows(2).zip(route.chain.windows(2)) {
            let key = (
                pair[0].clone(),
                pair[1].clone(),
                GraphEdgeKind::Includes,
                GraphRequest::default(),
            );
            if !self.known.contains(&key) {
                let label = self.prefix_between(ids[0], ids[1]);
                self.edge(&pair[0], &pair[1], GraphEdgeKind::Includes, label);
            }
        }
        chain
    }

    fn prefix_between(&self, parent: RouterId, child: RouterId) -> Option<String> {
        let events = self.analysis.model().routers[parent.0 as usize].events.iter();
        let mut prefixes = events.filter_map(|event| match &event.kind {
            model::EventKind::Include(include) if include.router == child => Some(include.prefix.to_string()),
            model::EventKind::Mount(mount) if mount.target == Some(child) => Some(mount.path.to_string()),
            _ => None,
        });
        prefixes.next().filter(|prefix| !prefix.is_empty())
    }

    /// The tree of a route's dependencies; it is told depth first, parents before children.
    fn dependencies_of(&mut self, node: &Arc<str>, requirements: &Requirements) {
        let mut above: Vec<Arc<str>> = Vec::new();
        for dependency in &requirements.dependencies {
            above.truncate(dependency.depth as usize);
            let parent = above.last().unwrap_or(node).clone();
            let Some(callable) = dependency.callable else {
                above.push(parent);
                continue;
            };
            let own = self.dependency(callable, requirements);
            let depends = &self.analysis.model().depends[dependency.depends.0 as usize];
            let request = GraphRequest {
                scopes: depends.scopes.clone(),
                uncached: !depends.use_cache,
                scope: depends.scope.clone(),
            };
            self.edge_for(&parent, &own, GraphEdgeKind::Depends, None, request);
            above.push(own);
        }
    }

    fn dependency(&mut self, id: CallableId, requirements: &Requirements) -> Arc<str> {
        if let Some(known) = self.dependencies.get(&id) {
            return known.clone();
        }
        let callable: &Callable = &self.analysis.model().callables[id.0 as usize];
        let kind = GraphNodeKind::Dependency {
            qualname: callable.name.clone(),
            callable: match callable.kind {
                CallableKind::Function => "function",
                CallableKind::Class => "class",
                CallableKind::Instance => "instance",
                CallableKind::SecurityScheme => "security",
                CallableKind::External => "external",
            },
            yields: callable.is_generator,
            parameters: parameters(requirements.parameters.iter().filter(|it| it.declared_by == id)),
            overrides: self.overrides_of(callable),
        };
        let node = self.add(DEPENDENCIES, "d", last_name(&callable.name), callable.def, kind);
        self.dependencies.insert(id, node.clone());
        node
    }

    fn overrides_of(&self, callable: &Callable) -> Vec<GraphOverride> {
        let overrides = self.overrides.iter().filter(|known| known.is_of(callable));
        let told = overrides.map(|known| GraphOverride {
            replacement: self.analysis.text_at(known.replacement),
            within: known.within.clone(),
            file: self.analysis.display_path(known.at.file, self.root),
            line: self.analysis.line_of(known.at),
        });
        told.collect()
    }

    fn schemas_of(&mut self, node: &Arc<str>, route: &Route, requirements: &Requirements) {
        let model = self.analysis.model();
        let operation = route.operation.map(|id| &model.operations[id.0 as usize]);
        for parameter in &requirements.parameters {
            let is_body = matches!(parameter.place_in, ParamIn::Body | ParamIn::Form | ParamIn::File);
            let named = parameter.ty.iter().filter(|_| is_body).flat_map(|ty| ty.schemas.iter());
            for &schema in named.chain(&parameter.model) {
                let schema = self.schema(schema);
                self.edge(node, &schema, GraphEdgeKind::Reads, None);
            }
        }
        let returned = operation.and_then(|operation| operation.response_model.as_ref());
        for &schema in returned.iter().flat_map(|ty| ty.schemas.iter()) {
            let schema = self.schema(schema);
            self.edge(node, &schema, GraphEdgeKind::Returns, None);
        }
    }

    fn schema(&mut self, id: SchemaId) -> Arc<str> {
        if let Some(known) = self.schemas.get(&id) {
            return known.clone();
        }
        let schema = &self.analysis.model().schemas[id.0 as usize];
        let kind = GraphNodeKind::Schema {
            qualname: format!("{}.{}", schema.module, schema.name),
            schema: schema_kind(schema.kind),
            fields: schema
                .fields
                .iter()
                .map(|field| GraphField {
                    name: field.name.clone(),
                    r#type: field.ty.as_ref().map(|ty| ty.display.clone()),
                    required: field.required,
                })
                .collect(),
        };
        let node = self.add(SCHEMAS, "s", schema.name.clone(), Some(schema.def), kind);
        self.schemas.insert(id, node.clone());
        for &base in &schema.bases {
            let base = self.schema(base);
            self.edge(&node, &base, GraphEdgeKind::Inherits, None);
        }
        for field in &schema.fields {
            for &held in field.ty.iter().flat_map(|ty| ty.schemas.iter()) {
                let held = self.schema(held);
                self.edge(&node, &held, GraphEdgeKind::Has, None);
            }
        }
        node
    }
}

fn parameters<'a>(parameters: impl Iterator<Item = &'a RouteParameter>) -> Vec<GraphParameter> {
    let told = parameters.map(|parameter| GraphParameter {
        name: parameter.name.clone(),
        r#in: parameter.place_in.as_str(),
        r#type: parameter.ty.as_ref().map(|ty| ty.display.clone()),
        required: parameter.required,
    });
    told.collect()
}

fn schema_kind(kind: SchemaKind) -> &'static str {
    match kind {
        SchemaKind::Pydantic => "pydantic",
        SchemaKind::Settings => "settings",
        SchemaKind::SqlModelTable => "sqlmodel-table",
        SchemaKind::SqlModel => "sqlmodel",
        SchemaKind::SqlAlchemy => "sqlalchemy",
        SchemaKind::Dataclass => "dataclass",
        SchemaKind::TypedDict => "typed-dict",
        SchemaKind::Enum => "enum",
    }
}

fn last_name(qualname: &str) -> Arc<str> {
    qualname.rsplit('.').next().unwrap_or(qualname).into()
}
