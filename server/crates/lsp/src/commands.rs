//! `workspace/executeCommand`.

use crate::{
    backend::Backend,
    session::{Session, request_failed},
    uris::path_of,
};
use ide::{
    ActionEdit, ActionRequest, Analysis, EndpointKind, EndpointRequest, ScaffoldRequest, endpoint_kind_of_method,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tower_lsp::{
    jsonrpc::{Error, Result},
    lsp_types::{ApplyWorkspaceEditResponse, Url, request::Request},
};

/// The request that tells what a command would do.
pub(crate) const PREVIEW: &str = "routewright/preview";

/// Inserts an endpoint.
pub(crate) const ADD_ENDPOINT: &str = "routewright.addEndpoint";

/// The scaffolds over several files: the command, and the name that [`ScaffoldRequest`] has for it.
const SCAFFOLDS: &[(&str, &str)] = &[
    ("routewright.addResource", "resource"),
    ("routewright.addAuth", "auth"),
    ("routewright.requireUser", "require"),
    ("routewright.addSettings", "settings"),
    ("routewright.addRouter", "router"),
    ("routewright.addDatabase", "database"),
    ("routewright.addErrors", "errors"),
    ("routewright.addHealth", "health"),
    ("routewright.addLifespan", "lifespan"),
    ("routewright.addLogging", "logging"),
    ("routewright.addMiddleware", "middleware"),
    ("routewright.addSchemas", "schemas"),
    ("routewright.addModel", "model"),
    ("routewright.addTests", "tests"),
];

/// Every command.
pub(crate) fn names() -> Vec<String> {
    let scaffolds = SCAFFOLDS.iter().map(|(command, _)| *command);
    std::iter::once(ADD_ENDPOINT)
        .chain(scaffolds)
        .map(str::to_owned)
        .collect()
}

/// Whether a command adds more than one thing.
pub(crate) fn is_scaffold(command: &str) -> bool {
    scaffold_of(command).is_some()
}

/// The scaffold over several files that a command stands for, as [`ScaffoldRequest`] names it.
fn scaffold_of(command: &str) -> Option<&'static str> {
    let found = SCAFFOLDS.iter().find(|(known, _)| *known == command);
    found.map(|(_, scaffold)| *scaffold)
}

/// Where a scaffold over several files works.
#[derive(Debug, Default, Deserialize)]
struct Place {
    /// A document of the project.
    #[serde(default)]
    uri: Option<Url>,
    /// The project's folder: an absolute path, or one relative to the first workspace folder.
    #[serde(default)]
    folder: Option<PathBuf>,
    /// Whether the user looks at new files before they are made.
    #[serde(default)]
    preview: bool,
}

/// What [`PREVIEW`] takes: a command, and what it would be called with.
#[derive(Debug, Deserialize)]
pub(crate) struct PreviewParams {
    command: String,
    #[serde(default = "no_arguments")]
    arguments: Value,
}

fn no_arguments() -> Value {
    json!({})
}

/// What a command would do, or why it can't be done.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Preview {
    /// A sentence for the user; nothing where it can be done.
    problem: Option<String>,
    /// What it does, for example `Add resource book`.
    summary: Option<String>,
    /// What was there already, which packages are new.
    notes: Vec<String>,
    /// Files that would be made, below the project's folder.
    creates: Vec<String>,
    /// Files that would be changed, below the project's folder.
    changes: Vec<String>,
}

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
    #[serde(default)]
    spec: Option<String>,
    /// For `filter`: the columns that a list is filtered by.
    #[serde(default)]
    filter: Option<Vec<String>>,
    /// For `filter`: the columns that a list is sorted by.
    #[serde(default)]
    sort: Option<Vec<String>>,
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
        self.apply(summary, edit, Vec::new()).await
    }

    /// A command that adds more than one thing; nothing for one that is none.
    pub(crate) async fn add_scaffold(&self, command: &str, arguments: Vec<Value>) -> Result<Option<Value>> {
        let Some(scaffold) = scaffold_of(command) else {
            return Ok(None);
        };
        let argument = arguments.into_iter().next().unwrap_or(json!({}));
        let (place, request) =
            read(scaffold, argument).map_err(|error| Error::invalid_params(format!("{command}: {error}")))?;
        if !self.session.capabilities().applies_edits {
            return Err(request_failed("the editor can't apply edits of commands"));
        }
        let answer = self.session.answer(move |session, analysis| {
            let root = project_of(session, &place)?;
            let plan = analysis
                .scaffold(&root, &request)
                .map_err(|refusal| request_failed(refusal.to_string()))?;
            let edit = ActionEdit {
                summary: plan.summary.clone(),
                change: plan.change,
                tab_stops: None,
                confirms_files: place.preview,
            };
            let value = session.workspace_edit(analysis, &edit).map_err(request_failed)?;
            Ok((plan.summary, value, plan.notes))
        });
        let (summary, edit, notes) = answer.await?;
        self.apply(summary, edit, notes).await.map(Some)
    }

    /// [`PREVIEW`]: what is typed is checked by the same code that builds it.
    pub(crate) async fn preview(&self, params: PreviewParams) -> Result<Preview> {
        let scaffold = scaffold_of(&params.command)
            .ok_or_else(|| Error::invalid_params(format!("`{}` is no command with a preview", params.command)))?;
        let (place, request) = match read(scaffold, params.arguments) {
            Ok(read) => read,
            Err(error) => return Ok(Preview::problem(error.to_string())),
        };
        let answer = self.session.answer(move |session, analysis| {
            let root = project_of(session, &place)?;
            let below = |path: &Path| path.strip_prefix(&root).unwrap_or(path).display().to_string();
            let plan = match analysis.scaffold(&root, &request) {
                Ok(plan) => plan,
                Err(refusal) => return Ok(Preview::problem(refusal.to_string())),
            };
            let change = &plan.change;
            let edited = change.files.iter().map(|edit| below(&analysis.path(edit.file)));
            Ok(Preview {
                problem: change.is_empty().then(|| plan.notes.join("; ")),
                creates: change.creations.iter().map(|(path, _)| below(path)).collect(),
                changes: edited
                    .chain(change.others.iter().map(|edit| below(&edit.path)))
                    .collect(),
                summary: Some(plan.summary),
                notes: plan.notes,
            })
        });
        answer.await
    }

    async fn apply(&self, summary: String, edit: Value, notes: Vec<String>) -> Result<Value> {
        let params = json!({"label": summary, "edit": edit});
        let applied = self.session.outbox.client().send_request::<ApplyEdit>(params).await?;
        let mut answer =
            json!({"applied": applied.applied, "summary": summary, "failureReason": applied.failure_reason});
        if !notes.is_empty() {
            answer["notes"] = json!(notes);
        }
        Ok(answer)
    }
}

impl Preview {
    fn problem(problem: String) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }
}

/// Takes an argument apart: where a scaffold works, and what it is asked for.
fn read(scaffold: &str, mut argument: Value) -> serde_json::Result<(Place, ScaffoldRequest)> {
    let mut place = json!({});
    if let Some(object) = argument.as_object_mut() {
        for key in ["uri", "folder", "preview"] {
            if let Some(value) = object.remove(key) {
                place[key] = value;
            }
        }
        object.insert("scaffold".to_owned(), json!(scaffold));
    }
    Ok((serde_json::from_value(place)?, serde_json::from_value(argument)?))
}

/// The folder of the project that a scaffold is for: of a document the one that it belongs to.
fn project_of(session: &Session, place: &Place) -> Result<PathBuf> {
    let roots = session.roots();
    let first = roots.first();
    match (&place.folder, &place.uri) {
        (Some(folder), _) => Ok(first.map_or_else(|| folder.clone(), |root| root.join(folder))),
        (None, Some(uri)) => {
            let path = path_of(uri);
            let open = roots.iter().find(|root| path.starts_with(root));
            Ok(project::workspace_of(&path, open.map(PathBuf::as_path)))
        }
        (None, None) => first
            .cloned()
            .ok_or_else(|| Error::invalid_params("`folder` says where the project is: no folder is open")),
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
        (None, None) if arguments.spec.is_some() => EndpointKind::Spec,
        (None, None) => EndpointKind::Get,
    };
    let request = ActionRequest::Endpoint(EndpointRequest {
        kind,
        router: arguments.router,
        path: arguments.path,
        name: arguments.name,
        line: arguments.line,
        spec: arguments.spec,
        filter: arguments.filter,
        sort: arguments.sort,
        anywhere: false,
    });
    let edit = analysis
        .action_edit(file, &request)
        .map_err(|refusal| request_failed(refusal.0))?;
    let value = session.workspace_edit(analysis, &edit).map_err(request_failed)?;
    Ok((edit.summary, value))
}
