//! What diagrams write on nodes and edges.

use ide::{GraphEdge, GraphEdgeKind, GraphNode, GraphNodeKind};

/// The lines of a node.
pub(super) fn lines(node: &GraphNode) -> Vec<String> {
    let name = node.name.to_string();
    match &node.kind {
        GraphNodeKind::App { fails: Some(_), .. } => vec![name, "fails when it is imported".to_owned()],
        GraphNodeKind::App { .. } => vec![name],
        GraphNodeKind::Router { prefix, .. } if prefix.is_empty() => vec![name],
        GraphNodeKind::Router { prefix, .. } => vec![name, prefix.clone()],
        GraphNodeKind::Operation(operation) => {
            vec![format!("{} {}", operation.methods.join(" "), operation.path), name]
        }
        GraphNodeKind::Dependency { yields: true, .. } => vec![name, "yields".to_owned()],
        GraphNodeKind::Dependency { .. } => vec![name],
        GraphNodeKind::Schema { schema, .. } => vec![name, (*schema).to_owned()],
    }
}

/// The name of a node's kind, as classes of styles have it.
pub(super) fn class(node: &GraphNode) -> &'static str {
    match node.kind {
        GraphNodeKind::App { .. } => "app",
        GraphNodeKind::Router { .. } => "router",
        GraphNodeKind::Operation(_) => "operation",
        GraphNodeKind::Dependency { .. } => "dependency",
        GraphNodeKind::Schema { .. } => "schema",
    }
}

/// What stands on an edge; that a router serves an operation needs no word.
pub(super) fn on_edge(edge: &GraphEdge) -> Option<&str> {
    match edge.kind {
        GraphEdgeKind::Includes => edge.label.as_deref(),
        GraphEdgeKind::Serves | GraphEdgeKind::Depends => None,
        GraphEdgeKind::Reads => Some("reads"),
        GraphEdgeKind::Returns => Some("returns"),
        GraphEdgeKind::Has => Some("has"),
        GraphEdgeKind::Inherits => Some("inherits"),
    }
}
