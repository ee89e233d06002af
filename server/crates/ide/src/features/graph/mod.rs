//! The model as a graph, in the shape of `routewright graph --format json` and `routewright/graph` (`docs/graph.md`): apps,
//! routers, path operations, dependencies and schemas, and what leads from one to another.

mod shape;

pub use shape::*;

use super::overrides::Override;
use super::routes::{kind_name, router_name, texts};
use super::schemas::{NamedSchemas, Use};
use crate::Analysis;
use model::{
    Callable, CallableId, CallableKind, Place, Requirements, Route, RouteKind, RouteParameter, RouterId, SchemaId,
    SchemaKind,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{path::Path, sync::Arc};

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
        if builder.has(GraphPart::Schemas) {
            builder.other_schemas(selection);
            builder.tell_uses();
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
    /// What the imports of apps end with, by the apps' routers.
    failures: FxHashMap<RouterId, String>,
    routers: FxHashMap<RouterId, Arc<str>>,
    dependencies: FxHashMap<CallableId, Arc<str>>,
    schemas: FxHashMap<SchemaId, Arc<str>>,
    nodes: [Vec<GraphNode>; 5],
    edges: Vec<GraphEdge>,
    known: FxHashSet<(Arc<str>, Arc<str>, GraphEdgeKind, GraphRequest)>,
    overrides: Vec<Override>,
    /// What path operations read and return, by their node.
    uses: Vec<(Arc<str>, NamedSchemas)>,
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
            failures: analysis.failures(root),
            routers: FxHashMap::default(),
            dependencies: FxHashMap::default(),
            schemas: FxHashMap::default(),
            nodes: Default::default(),
            edges: Vec::new(),
            known: FxHashSet::default(),
            overrides: analysis.overrides(),
            uses: Vec::new(),
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
                let fails = self.failures.get(&id).cloned();
                self.add(APPS, "a", app.id.clone(), place, GraphNodeKind::App { entry, fails })
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
        let named = self.analysis.named_schemas(route, requirements);
        for (how, schema) in &named {
            let schema = self.schema(*schema);
            let kind = match how {
                Use::Reads => GraphEdgeKind::Reads,
                Use::Returns => GraphEdgeKind::Returns,
            };
            self.edge(node, &schema, kind, None);
        }
        self.uses.push((node.clone(), named));
    }

    /// The project's schemas that no path operation leads to, where a whole folder is asked about.
    fn other_schemas(&mut self, selection: GraphSelection<'_>) {
        let is_file = selection.within.is_some_and(|path| path.extension().is_some());
        if selection.app.is_some() || is_file {
            return;
        }
        let relevance = &self.analysis.sources().relevance;
        let tests: FxHashSet<base::FileId> = relevance.aside.iter().copied().collect();
        for (number, schema) in self.analysis.model().schemas.entries() {
            let file = schema.def.file;
            let is_own = relevance.needed.contains(&file) && !tests.contains(&file);
            let path = self.analysis.path(file);
            if is_own && selection.within.is_none_or(|within| path.starts_with(within)) {
                self.schema(SchemaId(number as u32));
            }
        }
    }

    /// Of each schema, which path operations use it within another one.
    fn tell_uses(&mut self) {
        let mut within: FxHashMap<(Use, Arc<str>), Vec<Arc<str>>> = FxHashMap::default();
        for (operation, named) in &self.uses {
            for how in [Use::Reads, Use::Returns] {
                let outer: Vec<SchemaId> = named.iter().filter(|it| it.0 == how).map(|it| it.1).collect();
                for inner in self.analysis.schemas_within(&outer, how) {
                    if let Some(schema) = self.schemas.get(&inner) {
                        within.entry((how, schema.clone())).or_default().push(operation.clone());
                    }
                }
            }
        }
        for node in &mut self.nodes[SCHEMAS] {
            if let GraphNodeKind::Schema {
                read_within,
                returned_within,
                ..
            } = &mut node.kind
            {
                *read_within = within.remove(&(Use::Reads, node.id.clone())).unwrap_or_default();
                *returned_within = within.remove(&(Use::Returns, node.id.clone())).unwrap_or_default();
            }
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
            type_parameters: schema.type_parameters.clone(),
            table: schema.table.clone(),
            fields: schema.fields.iter().map(graph_field).collect(),
            computed: schema.computed.iter().map(graph_field).collect(),
            validators: schema.validators.iter().map(graph_validator).collect(),
            config: schema.config.iter().cloned().collect(),
            read_within: Vec::new(),
            returned_within: Vec::new(),
        };
        let node = self.add(SCHEMAS, "s", schema.name.clone(), Some(schema.def), kind);
        self.schemas.insert(id, node.clone());
        for &base in &schema.bases {
            let base = self.schema(base);
            self.edge(&node, &base, GraphEdgeKind::Inherits, None);
        }
        for field in schema.fields.iter().chain(&schema.computed) {
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

fn graph_field(field: &model::Field) -> GraphField {
    GraphField {
        name: field.name.clone(),
        r#type: field.ty.as_ref().map(|ty| ty.display.clone()),
        required: field.required,
        alias: field.alias.clone().filter(|alias| *alias != field.name),
        discriminator: field.discriminator.clone(),
        relationship: field.is_relationship,
    }
}

fn graph_validator(validator: &model::Validator) -> GraphValidator {
    GraphValidator {
        name: validator.name.clone(),
        decorator: validator.decorator.clone(),
        fields: validator.fields.clone(),
    }
}

fn schema_kind(kind: SchemaKind) -> &'static str {
    match kind {
        SchemaKind::Pydantic => "pydantic",
        SchemaKind::PydanticV1 => "pydantic-v1",
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
