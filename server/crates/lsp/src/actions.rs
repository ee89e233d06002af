//! `textDocument/codeAction` and `codeAction/resolve`: titles at once, the edit of the one that is chosen later, refused
//! if the document has moved on.

use crate::{
    backend::Backend,
    convert,
    session::{Session, content_modified, request_failed},
};
use base::Span;
use ide::{Action, ActionKind, ActionRequest, Analysis};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp::{
    jsonrpc::{Error, Result},
    lsp_types::{CodeActionKind, CodeActionParams, Url},
};

/// What comes back with a code action that is to be resolved.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ticket {
    uri: Url,
    /// The document's version when it was offered.
    version: Option<i32>,
    request: ActionRequest,
}

impl Backend {
    /// `textDocument/codeAction`.
    pub(crate) async fn code_actions(&self, params: CodeActionParams) -> Result<Vec<Value>> {
        let answer = self.session.answer(move |session, analysis| {
            let uri = params.text_document.uri;
            let Some(file) = session
                .file(analysis, &uri)
                .filter(|_| session.settings.load().code_actions)
            else {
                return Ok(Vec::new());
            };
            let source = analysis.source(file);
            let [start, end] = [params.range.start, params.range.end]
                .map(|position| convert::offset(&source, position, session.encoding()));
            let actions = analysis
                .actions(file, Span::new(start.min(end), end.max(start)))
                .into_iter();
            Ok(actions
                .filter(|action| is_asked_for(&kind(action), params.context.only.as_deref()))
                .filter_map(|action| action_value(session, analysis, &uri, file, action))
                .collect())
        });
        answer.await
    }

    /// `codeAction/resolve`.
    pub(crate) async fn resolve_code_action(&self, params: Value) -> Result<Value> {
        let mut action = params;
        let ticket: Ticket = action
            .get("data")
            .cloned()
            .and_then(|data| serde_json::from_value(data).ok())
            .ok_or_else(|| Error::invalid_params("the code action is none of this server"))?;
        let answer = self.session.answer(move |session, analysis| {
            let file = session.file(analysis, &ticket.uri).ok_or_else(content_modified)?;
            if analysis.version(file) != ticket.version {
                return Err(content_modified());
            }
            action["edit"] = edit_value(session, analysis, file, &ticket.request)?;
            Ok(action)
        });
        answer.await
    }
}

fn action_value(
    session: &Session,
    analysis: &Analysis,
    uri: &Url,
    file: base::FileId,
    action: Action,
) -> Option<Value> {
    let mut value = json!({"title": action.title, "kind": kind(&action)});
    if action.is_preferred {
        value["isPreferred"] = json!(true);
    }
    if let Some(finding) = &action.finding {
        value["diagnostics"] = json!([session.diagnostic(analysis, finding)]);
    }
    if let Some(command) = action.command.filter(|_| !session.creates_files()) {
        if !session.capabilities().shows_disabled {
            return None;
        }
        let reason = format!("the editor can't create files in an edit: use `{command}` on the command line");
        value["disabled"] = json!({"reason": reason});
        return Some(value);
    }
    if session.capabilities().resolves_edits {
        value["data"] = json!(Ticket {
            uri: uri.clone(),
            version: analysis.version(file),
            request: action.request,
        });
    } else {
        // What can't be built is not offered to a client that wants everything at once.
        value["edit"] = edit_value(session, analysis, file, &action.request).ok()?;
    }
    Some(value)
}

fn edit_value(session: &Session, analysis: &Analysis, file: base::FileId, request: &ActionRequest) -> Result<Value> {
    let edit = analysis
        .action_edit(file, request)
        .map_err(|refusal| request_failed(refusal.0))?;
    session.workspace_edit(analysis, &edit).map_err(request_failed)
}

fn kind(action: &Action) -> CodeActionKind {
    match action.kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Insert => CodeActionKind::REFACTOR,
    }
}

/// Whether a kind, or one above it, is in `only` (LSP 3.17, `CodeActionContext.only`).
fn is_asked_for(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    only.is_none_or(|only| {
        only.iter().any(|asked| {
            let (asked, kind) = (asked.as_str(), kind.as_str());
            asked.is_empty() || kind == asked || kind.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_asked_for_by_themselves_or_from_above() {
        let asked = |only: &[CodeActionKind]| is_asked_for(&CodeActionKind::REFACTOR_EXTRACT, Some(only));
        assert!(is_asked_for(&CodeActionKind::QUICKFIX, None));
        assert!(asked(&[CodeActionKind::REFACTOR]));
        assert!(asked(&[CodeActionKind::EMPTY]));
        assert!(!asked(&[CodeActionKind::QUICKFIX]));
    }
}
