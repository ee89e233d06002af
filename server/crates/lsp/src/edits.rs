//! Workspace edits, as the client can take them. lsp-types 0.94 knows no snippets in edits, so they are written as JSON.

use crate::{
    capabilities::{Capabilities, SnippetEdits},
    convert,
    session::Session,
};
use base::{FileEdit, Span, TextEdit};
use ide::{ActionEdit, Analysis, Source};
use serde_json::{Map, Value, json};

/// The id under which all edits of several files are announced.
const ANNOTATION: &str = "routewright";

/// Why an edit can't be sent to this client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsendable {
    #[error("the editor can't create files in an edit: use `routewright add` on the command line")]
    Creation,
    #[error("the editor can't open {0}")]
    Uri(String),
}

impl Session {
    /// The edit as a `WorkspaceEdit`.
    pub(crate) fn workspace_edit(&self, analysis: &Analysis, edit: &ActionEdit) -> Result<Value, Unsendable> {
        let capabilities = self.capabilities();
        let annotates = capabilities.annotates_edits && capabilities.versioned_edits && edit.change.len() > 1;
        if !self.creates_files() && !edit.change.creations.is_empty() {
            return Err(Unsendable::Creation);
        }
        let mut documents = Vec::new();
        for (path, text) in &edit.change.creations {
            let uri = self
                .uris
                .uri(path)
                .ok_or_else(|| Unsendable::Uri(path.display().to_string()))?;
            let mut create = json!({"kind": "create", "uri": uri, "options": {"ignoreIfExists": false}});
            let start = json!({"line": 0, "character": 0});
            let mut fill = json!({"range": {"start": start, "end": start}, "newText": text});
            if annotates {
                create["annotationId"] = json!(ANNOTATION);
                fill["annotationId"] = json!(ANNOTATION);
            }
            documents.push(create);
            documents.push(json!({"textDocument": {"uri": uri, "version": null}, "edits": [fill]}));
        }
        let mut changes = Map::new();
        for file in &edit.change.files {
            let path = analysis.path(file.file);
            let uri = self
                .uris
                .uri(&path)
                .ok_or_else(|| Unsendable::Uri(path.display().to_string()))?;
            let edits = self.text_edits(analysis, file, edit, annotates);
            let version = analysis.version(file.file);
            documents.push(json!({"textDocument": {"uri": uri, "version": version}, "edits": edits}));
            changes.insert(uri.to_string(), Value::Array(edits));
        }
        for other in &edit.change.others {
            let uri = self
                .uris
                .uri(&other.path)
                .ok_or_else(|| Unsendable::Uri(other.path.display().to_string()))?;
            let source = Source::new(other.text.clone());
            let edits = other.edits.iter().map(|text_edit| {
                let range = convert::range(&source, text_edit.span, self.encoding());
                let mut value = json!({"range": range, "newText": text_edit.text});
                if annotates {
                    value["annotationId"] = json!(ANNOTATION);
                }
                value
            });
            let edits: Vec<Value> = edits.collect();
            documents.push(json!({"textDocument": {"uri": uri, "version": null}, "edits": edits}));
            changes.insert(uri.to_string(), Value::Array(edits));
        }
        Ok(match (capabilities.versioned_edits, annotates) {
            (true, true) => json!({
                "documentChanges": documents,
                "changeAnnotations": {ANNOTATION: annotation(edit)},
            }),
            (true, false) => json!({"documentChanges": documents}),
            (false, _) => json!({"changes": changes}),
        })
    }

    /// Whether edits may make files.
    pub(crate) fn creates_files(&self) -> bool {
        let capabilities = self.capabilities();
        capabilities.creates_files && capabilities.versioned_edits
    }

    fn text_edits(&self, analysis: &Analysis, file: &FileEdit, edit: &ActionEdit, annotates: bool) -> Vec<Value> {
        let source = analysis.source(file.file);
        let stops = edit.tab_stops.as_ref().filter(|stops| stops.file == file.file);
        file.edits
            .iter()
            .enumerate()
            .map(|(index, text_edit)| {
                let range = convert::range(&source, text_edit.span, self.encoding());
                let spans = stops
                    .filter(|stops| stops.edit == index)
                    .map(|stops| stops.spans.as_slice());
                let mut value = text_edit_value(self.capabilities(), text_edit, spans.unwrap_or_default());
                value["range"] = json!(range);
                if annotates {
                    value["annotationId"] = json!(ANNOTATION);
                }
                value
            })
            .collect()
    }
}

/// How an edit over several files is announced: what makes files is looked at first, if that is asked for.
fn annotation(edit: &ActionEdit) -> Value {
    let confirms = edit.confirms_files && !edit.change.creations.is_empty();
    match confirms {
        true => json!({"label": edit.summary, "needsConfirmation": true}),
        false => json!({"label": edit.summary}),
    }
}

fn text_edit_value(capabilities: &Capabilities, edit: &TextEdit, stops: &[Span]) -> Value {
    match capabilities.snippets {
        SnippetEdits::Standard if capabilities.versioned_edits && !stops.is_empty() => {
            json!({"snippet": {"kind": "snippet", "value": snippet(&edit.text, stops)}})
        }
        SnippetEdits::Experimental if capabilities.versioned_edits && !stops.is_empty() => {
            json!({"newText": snippet(&edit.text, stops), "insertTextFormat": 2})
        }
        _ => json!({"newText": edit.text}),
    }
}

/// The text as a snippet: its stops become `${1:…}` and so on, and what has a meaning in snippets is escaped.
fn snippet(text: &str, stops: &[Span]) -> String {
    let mut order: Vec<(usize, &Span)> = stops.iter().enumerate().collect();
    order.sort_by_key(|(_, span)| span.start);
    let mut result = String::with_capacity(text.len() + stops.len() * 6);
    let mut done = 0;
    for (index, span) in order {
        result.push_str(&escaped(Span::new(done, span.start).text(text)));
        result.push_str(&format!("${{{}:{}}}", index + 1, escaped(span.text(text))));
        done = span.end;
    }
    result.push_str(&escaped(text.get(done as usize..).unwrap_or("")));
    result
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_numbered_as_given_and_the_rest_is_escaped() {
        let text = "@app.get(\"/{x}\")\ndef read($):";
        let stops = [Span::new(21, 25), Span::new(10, 14)];
        assert_eq!(snippet(text, &stops), "@app.get(\"${2:/{x\\}}\")\ndef ${1:read}(\\$):");
    }

    #[test]
    fn a_client_without_snippets_gets_plain_text() {
        let edit = TextEdit {
            span: Span::new(0, 0),
            text: "def read".to_owned(),
        };
        let value = |snippets| {
            let capabilities = Capabilities {
                snippets,
                versioned_edits: true,
                ..Capabilities::default()
            };
            text_edit_value(&capabilities, &edit, &[Span::new(4, 8)])
        };
        assert_eq!(value(SnippetEdits::None), json!({"newText": "def read"}));
        assert_eq!(
            value(SnippetEdits::Experimental),
            json!({"newText": "def ${1:read}", "insertTextFormat": 2})
        );
        assert_eq!(
            value(SnippetEdits::Standard),
            json!({"snippet": {"kind": "snippet", "value": "def ${1:read}"}})
        );
    }
}
