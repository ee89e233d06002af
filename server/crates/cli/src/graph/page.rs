//! The page: one file with its data, style and script in it, and nothing from elsewhere. What it is made of lies in
//! `graph/page/`.

use crate::error::Error;
use ide::Graph;

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
/// In the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("page/tree.js"),
    include_str!("page/detail.js"),
    include_str!("page/tools.js")
);

/// The page of a graph.
///
/// # Errors
/// Where the graph can't be written as JSON.
pub(super) fn write(graph: &Graph) -> Result<String, Error> {
    let data = serde_json::to_string(graph).map_err(std::io::Error::other)?;
    let title = escaped(&graph.name);
    let mut page = String::with_capacity(TEMPLATE.len() + STYLE.len() + SCRIPT.len() + data.len());
    let mut rest = TEMPLATE;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        match name {
            "title" => page.push_str(&title),
            "style" => page.push_str(STYLE),
            "script" => page.push_str(SCRIPT),
            "version" => page.push_str(env!("CARGO_PKG_VERSION")),
            // No `<` in the data, so that nothing in it ends the element or begins a comment.
            "data" => page.push_str(&data.replace('<', "\\u003c")),
            other => page.push_str(other),
        }
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, TEMPLATE, write};
    use ide::{GRAPH_VERSION, Graph};

    #[test]
    fn nothing_in_the_data_ends_its_element() {
        let name = "</script><b>".to_owned();
        let graph = Graph {
            version: GRAPH_VERSION,
            name,
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        let page = write(&graph).unwrap();
        assert!(!page.contains("</script><b>"), "{page}");
        assert!(page.contains(SCRIPT) && page.contains(STYLE));
        let holes = TEMPLATE.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
        for hole in holes {
            assert!(!page.contains(&format!("{{{{{hole}}}}}")), "{hole}");
        }
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        for text in [TEMPLATE, STYLE, SCRIPT] {
            for source in ["src=", "href=\"http", "url(", "@import", "fetch(", "import("] {
                assert!(!text.contains(source), "{source}");
            }
        }
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
    }
}
