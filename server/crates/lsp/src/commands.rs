//! `workspace/executeCommand`.

use crate::{
    backend::Backend,
    session::{Session, request_failed},
    uris::path_of,
};
use ide::{ActionRequest, Analysis, EndpointKind, EndpointRequest, endpoint_kind_of_method};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use tower_lsp::{
    jsonrpc::{Error, Result},
    lsp_types::{ApplyWorkspaceEditResponse, Url, request::Request},
};

/// Inserts an endpoint.
pub(crate) const ADD_ENDPOINT: &str = "routewright.addEndpoint";

/// Every command.
pub(crate) const NAMES: [&str; 1] = [ADD_ENDPOINT];

/// What [`ADD_ENDPOINT`] takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddEndpoint {
    /// The document, or else `file`.
    #[serde(default)]
    uri: Option<Url>,
    /// An absolute path, or one relative to the first workspace folder.
    #[serde(default)]
    file: Option<PathBuf>,
    #[serde(default)]
    kind: Option<EndpointKind>,
    /// Instead of `kind`: a plain endpoint of that method.
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    router: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    line: Option<u32>,
}

/// `workspace/applyEdit`, with an edit that may hold snippets.
enum ApplyEdit {}

impl Request for ApplyEdit {
    type Params = Value;
    type Result = ApplyWorkspaceEditResponse;
    const METHOD: &'static str = "workspace/applyEdit";
}

impl Backend {
    pub(crate) async fn add_endpoint(&self, arguments: Vec<Value>) -> Result<Value> {
        let argument = arguments.into_iter().next().unwrap_or(json!({}));
        let arguments: AddEndpoint = serde_json::from_value(argument)
            .map_err(|error| Error::invalid_params(format!("{ADD_ENDPOINT}: {error}")))?;
        if !self.session.capabilities().applies_edits {
            return Err(request_failed("the editor can't apply edits of commands"));
        }
        let answer = self
            .session
            .answer(move |session, analysis| build(session, analysis, arguments));
        let (summary, edit) = answer.await?;
        let params = json!({"label": summary, "edit": edit});
        let applied = self.session.outbox.client().send_request::<ApplyEdit>(params).await?;
        Ok(json!({"applied": applied.applied, "summary": summary, "failureReason": applied.failure_reason}))
    }
}

fn build(session: &Session, analysis: &Analysis, arguments: AddEndpoint) -> Result<(String, Value)> {
    let path = match (&arguments.uri, &arguments.file) {
        (Some(uri), _) => path_of(uri),
        (None, Some(file)) => session.roots().first().map_or(file.clone(), |root| root.join(file)),
        (None, None) => return Err(Error::invalid_params("`uri` or `file` says where the endpoint goes")),
    };
    let file = analysis
        .file_id(&path)
        .ok_or_else(|| request_failed(format!("{} is not in the model", path.display())))?;
    let kind = match (arguments.kind, &arguments.method) {
        (Some(kind), _) => kind,
        (None, Some(method)) => endpoint_kind_of_method(method)
            .ok_or_else(|| Error::invalid_params(format!("`{method}` is no method of a path operation")))?,
        (None, None) => EndpointKind::Get,
    };
    let request = ActionRequest::Endpoint(EndpointRequest {
        kind,
        router: arguments.router,
        path: arguments.path,
        name: arguments.name,
        line: arguments.line,
    });
    let edit = analysis
        .action_edit(file, &request)
        .map_err(|refusal| request_failed(refusal.0))?;
    let value = session.workspace_edit(analysis, &edit).map_err(request_failed)?;
    Ok((edit.summary, value))
}
