//! What the client can do, read once off its `initialize` request, and what the server says it can do.

use crate::settings::Settings;
use base::PositionEncoding;
use serde_json::{Value, json};
use tower_lsp::lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, DiagnosticOptions,
    DiagnosticServerCapabilities, ExecuteCommandOptions, HoverProviderCapability, OneOf, PositionEncodingKind,
    ResourceOperationKind, SaveOptions, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

/// Under this key of `capabilities.experimental` the front notes LSP 3.18's `workspaceEdit.snippetEditSupport`, which
/// lsp-types 0.94 does not know.
pub(crate) const SNIPPET_EDIT_NOTE: &str = "routewrightLsp318SnippetEdits";

/// How tab stops can be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SnippetEdits {
    /// Not at all.
    #[default]
    None,
    /// As rust-analyzer does: a text edit with `insertTextFormat: 2` (`experimental.snippetTextEdit`).
    Experimental,
    /// As `SnippetTextEdit` of LSP 3.18.
    Standard,
}

/// What the client can do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Capabilities {
    pub(crate) encoding: PositionEncoding,
    pub(crate) pulls_diagnostics: bool,
    pub(crate) refreshes_diagnostics: bool,
    pub(crate) resolves_edits: bool,
    pub(crate) versioned_edits: bool,
    pub(crate) creates_files: bool,
    /// Whether code actions that can't be done are shown with the reason.
    pub(crate) shows_disabled: bool,
    pub(crate) annotates_edits: bool,
    pub(crate) applies_edits: bool,
    pub(crate) snippets: SnippetEdits,
    pub(crate) progress: bool,
    pub(crate) registers_watchers: bool,
    pub(crate) registers_configuration: bool,
    pub(crate) configuration: bool,
    pub(crate) links: bool,
    pub(crate) nests_symbols: bool,
    pub(crate) related: bool,
    pub(crate) markdown: bool,
    pub(crate) urls: bool,
}

impl Capabilities {
    pub(crate) fn read(client: &ClientCapabilities) -> Self {
        let yes = |flag: Option<bool>| flag.unwrap_or(false);
        let document = client.text_document.clone().unwrap_or_default();
        let workspace = client.workspace.clone().unwrap_or_default();
        let edits = workspace.workspace_edit.clone().unwrap_or_default();
        let creates_files = edits
            .resource_operations
            .as_ref()
            .is_some_and(|kinds| kinds.contains(&ResourceOperationKind::Create));
        let published = document.publish_diagnostics.unwrap_or_default();
        let actions = document.code_action.unwrap_or_default();
        let hover = document.hover.unwrap_or_default();
        Self {
            encoding: choose_encoding(client),
            pulls_diagnostics: document.diagnostic.is_some(),
            refreshes_diagnostics: workspace
                .diagnostic
                .is_some_and(|diagnostic| yes(diagnostic.refresh_support)),
            resolves_edits: yes(actions.data_support)
                && actions
                    .resolve_support
                    .is_some_and(|support| support.properties.iter().any(|property| property == "edit")),
            // Files are created by `documentChanges` alone: who creates some reads those, as Neovim does, which doesn't say so.
            versioned_edits: yes(edits.document_changes) || creates_files,
            shows_disabled: yes(actions.disabled_support),
            creates_files,
            annotates_edits: edits.change_annotation_support.is_some(),
            applies_edits: yes(workspace.apply_edit),
            snippets: snippet_edits(client.experimental.as_ref()),
            progress: client
                .window
                .as_ref()
                .is_some_and(|window| yes(window.work_done_progress)),
            registers_watchers: workspace
                .did_change_watched_files
                .is_some_and(|watched| yes(watched.dynamic_registration)),
            registers_configuration: workspace
                .did_change_configuration
                .is_some_and(|configuration| yes(configuration.dynamic_registration)),
            configuration: yes(workspace.configuration),
            links: document
                .definition
                .is_some_and(|definition| yes(definition.link_support)),
            nests_symbols: document
                .document_symbol
                .is_some_and(|symbol| yes(symbol.hierarchical_document_symbol_support)),
            related: yes(published.related_information),
            urls: yes(published.code_description_support),
            markdown: hover
                .content_format
                .is_none_or(|formats| formats.contains(&tower_lsp::lsp_types::MarkupKind::Markdown)),
        }
    }
}

/// The client lists what it can do, best first; UTF-16 always goes (LSP 3.17, `general.positionEncodings`).
fn choose_encoding(client: &ClientCapabilities) -> PositionEncoding {
    let offered = client
        .general
        .as_ref()
        .and_then(|general| general.position_encodings.clone());
    offered
        .unwrap_or_default()
        .iter()
        .find_map(|kind| match kind.as_str() {
            "utf-8" => Some(PositionEncoding::Utf8),
            "utf-16" => Some(PositionEncoding::Utf16),
            "utf-32" => Some(PositionEncoding::Utf32),
            _ => None,
        })
        .unwrap_or_default()
}

fn snippet_edits(experimental: Option<&Value>) -> SnippetEdits {
    let has = |key: &str| experimental.and_then(|value| value.get(key)) == Some(&Value::Bool(true));
    if has(SNIPPET_EDIT_NOTE) {
        SnippetEdits::Standard
    } else if has("snippetTextEdit") {
        SnippetEdits::Experimental
    } else {
        SnippetEdits::None
    }
}

/// What the server offers to this client under these settings; what is switched off is not advertised.
pub(crate) fn offered(client: &Capabilities, settings: &Settings) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(match client.encoding {
            PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
            PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
            PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                include_text: Some(false),
            })),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: settings.hover.then_some(HoverProviderCapability::Simple(true)),
        definition_provider: settings.definition.then_some(OneOf::Left(true)),
        document_symbol_provider: settings.document_symbols.then_some(OneOf::Left(true)),
        workspace_symbol_provider: settings.workspace_symbols.then_some(OneOf::Left(true)),
        code_action_provider: settings.code_actions.then(|| {
            CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QUICKFIX,
                    CodeActionKind::REFACTOR,
                    CodeActionKind::SOURCE,
                ]),
                resolve_provider: Some(client.resolves_edits),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        execute_command_provider: settings.code_actions.then(|| ExecuteCommandOptions {
            commands: crate::commands::names(),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        diagnostic_provider: (settings.diagnostics && client.pulls_diagnostics).then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("routewright".to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        experimental: Some(
            json!({"snippetTextEdit": client.snippets != SnippetEdits::None, "routewrightRoutes": true}),
        ),
        ..ServerCapabilities::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(capabilities: Value) -> Capabilities {
        Capabilities::read(&serde_json::from_value(capabilities).unwrap())
    }

    #[test]
    fn the_client_s_first_encoding_is_taken() {
        let encoding = |offered: Value| read(json!({"general": {"positionEncodings": offered}})).encoding;
        assert_eq!(encoding(json!(["utf-32", "utf-16"])), PositionEncoding::Utf32);
        assert_eq!(encoding(json!(["utf-7", "utf-8"])), PositionEncoding::Utf8);
        assert_eq!(read(json!({})).encoding, PositionEncoding::Utf16);
    }

    #[test]
    fn what_is_switched_off_is_not_advertised() {
        let settings = Settings {
            hover: false,
            ..Settings::default()
        };
        let offered = offered(&read(json!({})), &settings);
        assert!(offered.hover_provider.is_none());
        assert!(offered.definition_provider.is_some());
        assert!(offered.diagnostic_provider.is_none(), "this client can't pull");
    }

    #[test]
    fn snippets_go_only_to_clients_that_take_them() {
        assert_eq!(read(json!({})).snippets, SnippetEdits::None);
        let experimental = json!({"experimental": {"snippetTextEdit": true}});
        assert_eq!(read(experimental).snippets, SnippetEdits::Experimental);
    }
}
