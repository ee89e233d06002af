//! Our own requests: `routewright/routes`, `routewright/graph` and `routewright/status` (see `docs/protocol.md`).

use crate::session::Session;
use crate::{backend::Backend, uris::path_of};
use ide::{Graph, GraphPart, GraphSelection, RouteSelection, RouteTable};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tower_lsp::{jsonrpc::Result, lsp_types::Url};

/// Parameters of `routewright/routes`; all may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RoutesParams {
    /// The folder that files are named relative to; the first workspace folder where it is absent.
    root: Option<Url>,
    /// Only the routes of this app.
    app: Option<String>,
    /// Also the routes that FastAPI adds itself.
    builtin: bool,
}

/// Parameters of `routewright/graph`; all may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GraphParams {
    /// The folder that files are named relative to; the first workspace folder where it is absent.
    root: Option<Url>,
    /// Only this app.
    app: Option<String>,
    /// Only this part.
    of: Option<Part>,
}

/// The parts of the graph.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Routes,
    Dependencies,
    Schemas,
}

impl From<Part> for GraphPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Routes => Self::Routes,
            Part::Dependencies => Self::Dependencies,
            Part::Schemas => Self::Schemas,
        }
    }
}

/// Parameters of `routewright/status`: none that count.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct StatusParams {}

/// Answer of `routewright/status`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    /// The server's version.
    version: &'static str,
    /// Workspace folders and what was found in them.
    folders: Vec<ide::FolderStatus>,
    /// What is wrong in configuration, lock and requirements files.
    problems: Vec<ide::FileProblem>,
    /// Files that are parsed.
    files: usize,
    /// Apps, routers, routes.
    apps: usize,
    routers: usize,
    routes: usize,
    /// Expressions that stayed unknown.
    unresolved: usize,
    /// How often the model was linked.
    relinks: u64,
    /// How many mutations were worked in.
    revision: u64,
    /// Milliseconds behind the last edit before diagnostics are worked out.
    diagnostics_debounce: u64,
}

/// The folder that files are named relative to.
fn root_of(session: &Session, root: Option<&Url>) -> PathBuf {
    let first = || session.roots().first().cloned();
    root.map(path_of).or_else(first).unwrap_or_default()
}

impl Backend {
    /// `routewright/routes`.
    pub(crate) async fn routes(&self, params: RoutesParams) -> Result<RouteTable> {
        let answer = self.session.answer(move |session, analysis| {
            let root = root_of(session, params.root.as_ref());
            Ok(analysis.routes(
                &root,
                RouteSelection {
                    app: params.app.as_deref(),
                    builtin: params.builtin,
                    failing: true,
                },
            ))
        });
        answer.await
    }

    /// `routewright/graph`.
    pub(crate) async fn graph(&self, params: GraphParams) -> Result<Graph> {
        let answer = self.session.answer(move |session, analysis| {
            let selection = GraphSelection {
                part: params.of.map_or(GraphPart::All, Into::into),
                app: params.app.as_deref(),
                within: None,
            };
            Ok(analysis.graph(&root_of(session, params.root.as_ref()), selection))
        });
        answer.await
    }

    /// `routewright/status`.
    pub(crate) async fn status(&self, _: StatusParams) -> Result<Status> {
        let answer = self.session.answer(|session, analysis| {
            let model = analysis.model();
            Ok(Status {
                version: env!("CARGO_PKG_VERSION"),
                folders: analysis.folders(),
                problems: analysis.file_problems(),
                files: analysis.file_count(),
                apps: model.apps.len(),
                routers: model.routers.len(),
                routes: model.routes.len(),
                unresolved: model.unresolved.len(),
                relinks: analysis.relinks(),
                revision: analysis.revision(),
                diagnostics_debounce: session.settings.load().diagnostics_debounce,
            })
        });
        answer.await
    }
}
