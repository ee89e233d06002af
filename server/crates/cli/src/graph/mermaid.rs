//! A flowchart of Mermaid (mermaid.js.org, "Flowcharts").

use super::labels;
use ide::{Graph, GraphEdgeKind, GraphNode};
use std::fmt::Write;

/// Colours that can be read on white and on black.
const STYLES: [(&str, &str); 5] = [
    ("app", "fill:#0f766e,stroke:#0d5f58,color:#ffffff"),
    ("router", "fill:#ccfbf1,stroke:#0f766e,color:#134e4a"),
    ("operation", "fill:#eff6ff,stroke:#2563eb,color:#1e3a8a"),
    ("dependency", "fill:#fef3c7,stroke:#b45309,color:#78350f"),
    ("schema", "fill:#f3e8ff,stroke:#7e22ce,color:#581c87"),
];

/// The flowchart, from left to right.
pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for node in &graph.nodes {
        let _ = writeln!(text, "  {}", shape(node));
    }
    for edge in &graph.edges {
        let arrow = match edge.kind {
            GraphEdgeKind::Reads | GraphEdgeKind::Returns | GraphEdgeKind::Inherits => "-.->",
            _ => "-->",
        };
        let label = labels::on_edge(edge).map(|label| format!("|\"{}\"|", escaped(label)));
        let _ = writeln!(text, "  {} {arrow}{} {}", edge.from, label.unwrap_or_default(), edge.to);
    }
    for (class, style) in STYLES {
        if graph.nodes.iter().any(|node| labels::class(node) == class) {
            let _ = writeln!(text, "  classDef {class} {style}");
        }
    }
    text
}

fn shape(node: &GraphNode) -> String {
    let lines: Vec<String> = labels::lines(node).iter().map(|line| escaped(line)).collect();
    let label = lines.join("<br>");
    let class = labels::class(node);
    let (open, close) = match class {
        "app" => ("([", "])"),
        "router" => ("(", ")"),
        "dependency" => ("{{", "}}"),
        "schema" => ("[(", ")]"),
        _ => ("[", "]"),
    };
    format!("{}{open}\"{label}\"{close}:::{class}", node.id)
}

/// Text between quotes: what has a meaning there is written by its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '\\' | '*' | '_' | '~' | '[' | ']' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
