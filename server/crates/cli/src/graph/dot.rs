//! A digraph of Graphviz (graphviz.org, "The DOT language").

use super::labels;
use ide::{Graph, GraphEdgeKind, GraphNode};
use std::fmt::Write;

const HEAD: &str = "\
digraph routewright {
  rankdir=LR
  ranksep=0.9
  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, shape=box, style=\"rounded,filled\", penwidth=1.2]
  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, color=\"#64748b\", fontcolor=\"#475569\", arrowsize=0.7]
";

/// The digraph, from left to right.
pub(super) fn write(graph: &Graph) -> String {
    let mut text = HEAD.to_owned();
    for node in &graph.nodes {
        let _ = writeln!(text, "  {} [label={}, {}]", node.id, label(node), look(node));
    }
    for edge in &graph.edges {
        let mut attributes = Vec::new();
        if let Some(label) = labels::on_edge(edge) {
            attributes.push(format!("label={}", quoted(label)));
        }
        match edge.kind {
            GraphEdgeKind::Reads | GraphEdgeKind::Returns => attributes.push("style=dashed".to_owned()),
            GraphEdgeKind::Inherits => attributes.push("arrowhead=empty".to_owned()),
            _ => {}
        }
        let attributes = match attributes.is_empty() {
            true => String::new(),
            false => format!(" [{}]", attributes.join(", ")),
        };
        let _ = writeln!(text, "  {} -> {}{attributes}", edge.from, edge.to);
    }
    text.push_str("}\n");
    text
}

fn look(node: &GraphNode) -> &'static str {
    match labels::class(node) {
        "app" => "fillcolor=\"#0f766e\", color=\"#0d5f58\", fontcolor=\"#ffffff\"",
        "router" => "fillcolor=\"#ccfbf1\", color=\"#0f766e\", fontcolor=\"#134e4a\"",
        "dependency" => "fillcolor=\"#fef3c7\", color=\"#b45309\", fontcolor=\"#78350f\", shape=hexagon",
        "schema" => "fillcolor=\"#f3e8ff\", color=\"#7e22ce\", fontcolor=\"#581c87\", shape=note",
        _ => "fillcolor=\"#eff6ff\", color=\"#2563eb\", fontcolor=\"#1e3a8a\"",
    }
}

fn label(node: &GraphNode) -> String {
    quoted(&labels::lines(node).join("\n"))
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
    )
}
