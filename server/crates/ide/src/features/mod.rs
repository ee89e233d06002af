//! One file for each thing an editor or a command asks for.

mod actions;
mod card;
mod configuration;
mod definition;
mod failing;
mod graph;
mod hover;
mod openapi;
mod overrides;
mod route_gaps;
mod routes;
mod scaffold;
mod schemas;
mod status;
mod style;
mod symbols;
mod token;
mod url;

pub use actions::{Action, ActionEdit, ActionKind, ActionRefusal, ActionRequest, TabStops, endpoint_kind_of_method};
pub use configuration::ConfigurationFinding;
pub use definition::Target;
pub use graph::{
    GRAPH_VERSION, Graph, GraphEdge, GraphEdgeKind, GraphField, GraphNode, GraphNodeKind, GraphOperation,
    GraphParameter, GraphPart, GraphSelection,
};
pub use hover::Hover;
pub use routes::{
    AppRow, DependencyRow, ParameterRow, ROUTES_VERSION, RouteRow, RouteSelection, RouteTable, UnresolvedRow,
};
pub use status::{FileProblem, FolderStatus, GroundStatus, ProjectStatus, StyleStatus, VersionStatus};
pub use symbols::{DocumentSymbol, SymbolKind, WorkspaceSymbol};
