//! Pulled diagnostics: `textDocument/diagnostic` and `workspace/diagnostic` (LSP 3.17).

use crate::{backend::Backend, published::result_id, session::Session};
use base::FileId;
use ide::Analysis;
use serde_json::{Value, json};
use std::collections::HashMap;
use tower_lsp::{
    jsonrpc::Result,
    lsp_types::{DocumentDiagnosticParams, WorkspaceDiagnosticParams},
};

impl Backend {
    /// `textDocument/diagnostic`.
    pub(crate) async fn document_diagnostic(&self, params: DocumentDiagnosticParams) -> Result<Value> {
        let answer = self.session.answer(move |session, analysis| {
            Ok(match session.file(analysis, &params.text_document.uri) {
                Some(file) => report(session, analysis, file, params.previous_result_id.as_deref()),
                None => json!({"kind": "full", "items": []}),
            })
        });
        answer.await
    }

    /// `workspace/diagnostic`: every file with findings, and those that had some when the client asked last.
    pub(crate) async fn pull_workspace_diagnostics(&self, params: WorkspaceDiagnosticParams) -> Result<Value> {
        let answer = self.session.answer(move |session, analysis| {
            let mut before: HashMap<FileId, String> = params
                .previous_result_ids
                .into_iter()
                .filter_map(|id| Some((session.file(analysis, &id.uri)?, id.value)))
                .collect();
            let mut files: Vec<FileId> = analysis.findings().keys().copied().collect();
            files.extend(before.keys());
            files.sort_unstable();
            files.dedup();
            let items: Vec<Value> = files
                .into_iter()
                .filter_map(|file| {
                    let uri = session.uris.uri(&analysis.path(file))?;
                    let mut item = report(session, analysis, file, before.remove(&file).as_deref());
                    item["uri"] = json!(uri);
                    item["version"] = json!(analysis.version(file));
                    Some(item)
                })
                .collect();
            Ok(json!({"items": items}))
        });
        answer.await
    }
}

fn report(session: &Session, analysis: &Analysis, file: FileId, before: Option<&str>) -> Value {
    let diagnostics = session.diagnostics(analysis, file);
    let id = result_id(&diagnostics);
    if before == Some(id.as_str()) {
        json!({"kind": "unchanged", "resultId": id})
    } else {
        json!({"kind": "full", "resultId": id, "items": diagnostics})
    }
}
