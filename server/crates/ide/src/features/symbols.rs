//! Symbols of a document and of the workspace: apps, routers and path operations, under the name one looks for them.

use super::{routes::router_name, url};
use crate::Analysis;
use base::{FileId, Span};
use model::{Files, Operation, Route};
use std::sync::Arc;

/// How many symbols a search gives.
const MOST: usize = 500;

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// An app or a router.
    Router,
    /// A path operation.
    Operation,
}

/// A symbol of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// `GET /api/v1/items/{item_id}`.
    pub name: String,
    /// The function, or the app that includes a router.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The whole definition, in bytes.
    pub full: Span,
    /// Its name, in bytes.
    pub selection: Span,
}

/// A symbol of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// `GET /api/v1/items/{item_id}`.
    pub name: String,
    /// Module and qualified name of the function.
    pub container: Option<Arc<str>>,
    /// The file.
    pub file: FileId,
    /// The function's name, in bytes.
    pub span: Span,
}

impl Analysis {
    /// The document's apps, routers and path operations, in the order of the text.
    #[must_use]
    pub fn document_symbols(&self, file: FileId) -> Vec<DocumentSymbol> {
        let model = self.model();
        let routers = model.routers.iter().filter_map(|router| {
            let place = router.bound_at.filter(|place| place.file == file)?;
            let selection = self.sources().span(place);
            Some(DocumentSymbol {
                name: router_name(router).rsplit(':').next().unwrap_or("").to_owned(),
                detail: router.prefix.to_string(),
                kind: SymbolKind::Router,
                full: selection,
                selection,
            })
        });
        let operations = model
            .operations
            .iter()
            .enumerate()
            .filter_map(|(index, operation)| self.operation_symbol(file, index, operation));
        let mut symbols: Vec<_> = routers.chain(operations).collect();
        symbols.sort_by_key(|symbol| (symbol.full.start, symbol.selection.start));
        symbols
    }

    fn operation_symbol(&self, file: FileId, index: usize, operation: &Operation) -> Option<DocumentSymbol> {
        let model = self.model();
        let endpoint = operation.endpoint.known().map(|id| &model.callables[id.0 as usize]);
        let here = |place: &model::Place| place.file == file;
        let (full, selection) = match endpoint.and_then(|callable| Some((callable.def.filter(here)?, callable.stmt?))) {
            Some((def, stmt)) => (self.stmt_span(stmt), self.sources().span(def)),
            None if here(&operation.at) => (self.sources().span(operation.at), self.sources().span(operation.at)),
            None => return None,
        };
        let served: Vec<String> = model
            .routes
            .iter()
            .filter(|route| route.operation.is_some_and(|id| id.0 as usize == index))
            .map(|route| route.path.to_string())
            .collect();
        let path = served.first().cloned().unwrap_or_else(|| operation.path.to_string());
        Some(DocumentSymbol {
            name: format!("{} {path}", operation.methods.join(",")),
            detail: endpoint
                .map(|callable| callable.name.rsplit('.').next().unwrap_or("").to_owned())
                .unwrap_or_default(),
            kind: SymbolKind::Operation,
            full,
            selection,
        })
    }

    /// Path operations found by method, path, concrete URL or function name: `GET /items/3`, `/items`, `read_item`.
    #[must_use]
    pub fn workspace_symbols(&self, query: &str) -> Vec<WorkspaceSymbol> {
        let query = Query::parse(query);
        let mut found: Vec<(u32, WorkspaceSymbol)> = Vec::new();
        for route in &self.model().routes {
            let endpoint = route.endpoint.map(|id| &self.model().callables[id.0 as usize]);
            let function = endpoint.map_or("", |callable| callable.name.rsplit('.').next().unwrap_or(""));
            let Some(rank) = query.rank(route, function) else {
                continue;
            };
            let place = endpoint.and_then(|callable| callable.def).unwrap_or(route.at);
            let symbol = WorkspaceSymbol {
                name: format!("{} {}", route.methods.join(","), route.path),
                container: endpoint.map(|callable| callable.name.clone()),
                file: place.file,
                span: self.sources().span(place),
            };
            found.push((rank, symbol));
        }
        found.sort_by_key(|(rank, _)| *rank);
        let mut symbols: Vec<_> = found.into_iter().map(|(_, symbol)| symbol).collect();
        symbols.dedup();
        symbols.truncate(MOST);
        symbols
    }
}

/// What is searched for: `[METHOD] [text]`.
struct Query {
    method: Option<String>,
    text: String,
}

impl Query {
    fn parse(query: &str) -> Self {
        const METHODS: [&str; 10] = [
            "GET",
            "POST",
            "PUT",
            "PATCH",
            "DELETE",
            "HEAD",
            "OPTIONS",
            "TRACE",
            "WEBSOCKET",
            "MOUNT",
        ];
        let query = query.trim();
        let (first, rest) = query.split_once(char::is_whitespace).unwrap_or((query, ""));
        let upper = first.to_uppercase();
        if METHODS.contains(&upper.as_str()) {
            Self {
                method: Some(upper),
                text: rest.trim().to_lowercase(),
            }
        } else {
            Self {
                method: None,
                text: query.to_lowercase(),
            }
        }
    }

    /// How well a route fits, best first; `None` if it does not.
    fn rank(&self, route: &Route, function: &str) -> Option<u32> {
        if let Some(method) = &self.method
            && !route.methods.iter().any(|m| **m == **method)
            && !function.to_lowercase().contains(&method.to_lowercase())
        {
            return None;
        }
        if self.text.is_empty() {
            return Some(5);
        }
        let path = route.path.to_string();
        let lower = path.to_lowercase();
        let function = function.to_lowercase();
        if lower == self.text || function == self.text {
            Some(0)
        } else if self.text.starts_with('/') && url::reaches(&path, &self.text) {
            Some(1)
        } else if lower.contains(&self.text) {
            Some(2)
        } else if function.contains(&self.text) {
            Some(3)
        } else if is_subsequence(&self.text, &format!("{lower} {function}")) {
            Some(4)
        } else {
            None
        }
    }
}

/// Whether the letters of `query` stand in `text` in that order, spaces aside.
fn is_subsequence(query: &str, text: &str) -> bool {
    let mut text = text.chars();
    query
        .chars()
        .filter(|c| !c.is_whitespace())
        .all(|wanted| text.any(|c| c == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_split_into_method_and_text() {
        let query = Query::parse("get /Items/3");
        assert_eq!(
            (query.method.as_deref(), query.text.as_str()),
            (Some("GET"), "/items/3")
        );
        let query = Query::parse("read item");
        assert_eq!((query.method, query.text.as_str()), (None, "read item"));
    }

    #[test]
    fn letters_in_order_are_found() {
        assert!(is_subsequence("rdit", "/items read_item"));
        assert!(!is_subsequence("xyz", "/items read_item"));
    }
}
