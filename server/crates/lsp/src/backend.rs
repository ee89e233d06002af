//! The handlers. Those that change state do it before they first wait; those that answer take a snapshot of that moment.

use crate::{
    capabilities::{self, Capabilities},
    convert::{self, line_col},
    session::Session,
    settings::Settings,
    uris::path_of,
    watch, worker,
};
use ide::{ContentChange, HostOptions, SymbolKind as IdeSymbolKind};
use serde_json::Value;
use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, atomic::Ordering},
};
use tokio::time::Instant;
use tower_lsp::{
    LanguageServer,
    jsonrpc::{Error, Result},
    lsp_types::{
        ConfigurationItem, DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
        DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
        DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentSymbol, DocumentSymbolParams,
        DocumentSymbolResponse, ExecuteCommandParams, FileSystemWatcher, GlobPattern, GotoDefinitionParams,
        GotoDefinitionResponse, Hover, HoverContents, HoverParams, InitializeParams, InitializeResult,
        InitializedParams, LocationLink, MarkupContent, MarkupKind, MessageType, OneOf, Registration, ServerInfo,
        SetTraceParams, SymbolInformation, SymbolKind, Url, WorkspaceSymbol, WorkspaceSymbolParams,
    },
};

/// Files whose changes matter, beside those that wiring may be read from.
const WATCHED: [&str; 4] = [
    "**/*.py",
    "**/{pyproject.toml,routewright.toml,.env,.gitignore,pyvenv.cfg,setup.cfg,setup.py,Pipfile,.python-version,.tool-versions}",
    // Requirements files may include any other.
    "**/{uv.lock,poetry.lock,pdm.lock,pylock*.toml,Pipfile.lock,*.txt,*.in}",
    "**/{*.dist-info/METADATA,conda-meta/*.json}",
];

/// See the module.
pub(crate) struct Backend {
    pub(crate) session: Arc<Session>,
}

impl Backend {
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self { session }
    }

    fn changed(&self) {
        self.session.changes.tell(Instant::now());
    }

    /// Whether the server looks after a document.
    fn is_python(language: &str, uri: &Url) -> bool {
        language == "python" || uri.path().ends_with(".py")
    }

    fn set_settings(&self, value: &Value) {
        let (settings, problems) = self.session.settings.load().updated(value);
        for problem in problems {
            self.session.warn(problem);
        }
        let before = self.session.settings.swap(Arc::new(settings.clone()));
        if *before != settings {
            self.session.host.set_options(host_options(&settings));
            worker::ask_to_pull_again(&self.session);
            self.changed();
        }
    }

    /// Asks the client for the section `routewright` of its configuration.
    async fn pull_settings(&self) {
        let item = ConfigurationItem {
            scope_uri: None,
            section: Some("routewright".to_owned()),
        };
        if let Ok(values) = self.session.outbox.client().configuration(vec![item]).await
            && let Some(value) = values.first()
        {
            self.set_settings(value);
        }
    }

    async fn register_watchers(&self) {
        let data = format!("**/*.{{{}}}", project::DATA_SUFFIXES.join(","));
        let globs = WATCHED.iter().map(|glob| (*glob).to_owned()).chain([data]);
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: globs
                .map(|glob| FileSystemWatcher {
                    glob_pattern: GlobPattern::String(glob),
                    kind: None,
                })
                .collect(),
        };
        let registration = Registration {
            id: "routewright/files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        if let Err(error) = self
            .session
            .outbox
            .client()
            .register_capability(vec![registration])
            .await
        {
            self.session.warn(format!("the client watches no files: {error}"));
        }
    }

    async fn register_configuration(&self) {
        let registration = Registration {
            id: "routewright/configuration".to_owned(),
            method: "workspace/didChangeConfiguration".to_owned(),
            register_options: Some(serde_json::json!({"section": "routewright"})),
        };
        if let Err(error) = self
            .session
            .outbox
            .client()
            .register_capability(vec![registration])
            .await
        {
            self.session
                .warn(format!("the client tells no changes of its configuration: {error}"));
        }
    }

    /// `$/setTrace`.
    pub(crate) async fn set_trace(&self, params: SetTraceParams) {
        self.session.set_trace(params.value);
    }

    /// `workspace/symbol`, which lsp-types 0.94 can only answer with `SymbolInformation`.
    pub(crate) async fn workspace_symbols(&self, params: WorkspaceSymbolParams) -> Result<Vec<WorkspaceSymbol>> {
        let answer = self.session.answer(move |session, analysis| {
            let symbols = analysis.workspace_symbols(&params.query).into_iter();
            Ok(symbols
                .filter_map(|symbol| {
                    Some(WorkspaceSymbol {
                        location: OneOf::Left(session.location(analysis, symbol.file, symbol.span)?),
                        name: symbol.name,
                        kind: SymbolKind::METHOD,
                        tags: None,
                        container_name: symbol.container.map(|name| name.to_string()),
                        data: None,
                    })
                })
                .collect())
        });
        answer.await
    }
}

/// What the host is told of the editor's settings.
fn host_options(settings: &Settings) -> HostOptions {
    let mut options = HostOptions::default();
    options.project.environment = project::EnvironmentHints::of_process();
    options.project.settings = settings.project.clone();
    options
}

/// The workspace folders; for clients of before LSP 3.6 the root.
#[allow(deprecated)]
fn roots(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.clone().unwrap_or_default();
    let mut roots: Vec<PathBuf> = folders.iter().map(|folder| path_of(&folder.uri)).collect();
    if roots.is_empty() {
        roots.extend(params.root_uri.as_ref().map(path_of));
    }
    if roots.is_empty() {
        roots.extend(params.root_path.as_ref().map(PathBuf::from));
    }
    roots
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let session = &self.session;
        session.set_capabilities(Capabilities::read(&params.capabilities));
        session.set_trace(params.trace.unwrap_or_default());
        let options = params.initialization_options.as_ref().unwrap_or(&Value::Null);
        let (settings, problems) = Settings::default().updated(options);
        for problem in problems {
            session.warn(problem);
        }
        let roots = roots(&params);
        session
            .roots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&roots);
        session.host.set_options(host_options(&settings));
        session.host.set_roots(roots);
        session.settings.store(Arc::new(settings.clone()));
        if let Some(process) = params.process_id {
            let session = session.clone();
            tokio::spawn(async move {
                watch::wait_for_end(process).await;
                session.end.notify_one();
            });
        }
        Ok(InitializeResult {
            capabilities: capabilities::offered(session.capabilities(), &settings),
            server_info: Some(ServerInfo {
                name: "routewright".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let capabilities = self.session.capabilities();
        if capabilities.configuration {
            self.pull_settings().await;
        }
        tokio::spawn(worker::index(self.session.clone()));
        if capabilities.registers_watchers {
            self.register_watchers().await;
        }
        if capabilities.registers_configuration {
            self.register_configuration().await;
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.is_shut_down.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        if !Self::is_python(&document.language_id, &document.uri) {
            return;
        }
        let path = self.session.uris.path(&document.uri);
        if self.session.host.open(&path, document.version, &document.text) {
            self.session
                .warn(format!("{} was opened twice; the second text counts", document.uri));
        }
        self.changed();
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let heard = Instant::now();
        let uri = params.text_document.uri;
        let path = self.session.uris.path(&uri);
        let host = &self.session.host;
        if host.version(&path).is_none() && !Self::is_python("", &uri) {
            return;
        }
        let edits: Vec<ContentChange> = params
            .content_changes
            .into_iter()
            .map(|change| ContentChange {
                range: change.range.map(|range| (line_col(range.start), line_col(range.end))),
                text: change.text,
            })
            .collect();
        let version = params.text_document.version;
        for problem in host.change(&path, version, &edits, self.session.encoding()) {
            self.session.warn(format!("{uri}: {problem}"));
        }
        self.session.trace(|| format!("{uri} is at version {version}"));
        // The time that the edit itself takes is not waited for once more.
        self.session.changes.tell(heard);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let path = self.session.uris.path(&params.text_document.uri);
        if self.session.host.close(&path) {
            self.changed();
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let path = self.session.uris.path(&params.text_document.uri);
        if self.session.capabilities().registers_watchers {
            self.session.host.touch([path]);
        } else {
            self.session.host.verify();
        }
        self.changed();
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let paths: Vec<PathBuf> = params.changes.iter().map(|event| path_of(&event.uri)).collect();
        self.session
            .trace(|| format!("{} files or folders may have changed on disk", paths.len()));
        self.session.host.touch(paths);
        self.changed();
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        // Clients that answer `workspace/configuration` send null or an old value here.
        if self.session.capabilities().configuration {
            self.pull_settings().await;
            return;
        }
        self.set_settings(&params.settings);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let roots = {
            let mut roots = self.session.roots.lock().unwrap_or_else(PoisonError::into_inner);
            let removed: Vec<PathBuf> = params.event.removed.iter().map(|folder| path_of(&folder.uri)).collect();
            roots.retain(|root| !removed.contains(root));
            for folder in &params.event.added {
                let root = path_of(&folder.uri);
                if !roots.contains(&root) {
                    roots.push(root);
                }
            }
            roots.clone()
        };
        self.session.host.set_roots(roots);
        self.changed();
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        let answer = self.session.answer(move |session, analysis| {
            let Some(file) = session
                .file(analysis, &at.text_document.uri)
                .filter(|_| session.settings.load().hover)
            else {
                return Ok(None);
            };
            let source = analysis.source(file);
            let offset = convert::offset(&source, at.position, session.encoding());
            Ok(analysis.hover(file, offset).map(|hover| Hover {
                contents: HoverContents::Markup(MarkupContent {
                    kind: if session.capabilities().markdown {
                        MarkupKind::Markdown
                    } else {
                        MarkupKind::PlainText
                    },
                    value: hover.markdown,
                }),
                range: Some(convert::range(&source, hover.span, session.encoding())),
            }))
        });
        answer.await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        let answer = self.session.answer(move |session, analysis| {
            let Some(file) = session
                .file(analysis, &at.text_document.uri)
                .filter(|_| session.settings.load().definition)
            else {
                return Ok(None);
            };
            let offset = convert::offset(&analysis.source(file), at.position, session.encoding());
            let Some(target) = analysis.definition(file, offset) else {
                return Ok(None);
            };
            let Some(location) = session.location(analysis, target.file, target.name) else {
                return Ok(None);
            };
            Ok(Some(if session.capabilities().links {
                GotoDefinitionResponse::Link(vec![LocationLink {
                    origin_selection_range: Some(session.range(analysis, file, target.origin)),
                    target_uri: location.uri,
                    target_range: session.range(analysis, target.file, target.full),
                    target_selection_range: location.range,
                }])
            } else {
                GotoDefinitionResponse::Scalar(location)
            }))
        });
        answer.await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let uri = params.text_document.uri;
        let answer = self.session.answer(move |session, analysis| {
            let Some(file) = session
                .file(analysis, &uri)
                .filter(|_| session.settings.load().document_symbols)
            else {
                return Ok(None);
            };
            let symbols = analysis.document_symbols(file);
            let kind = |kind| match kind {
                IdeSymbolKind::Router => SymbolKind::VARIABLE,
                IdeSymbolKind::Operation => SymbolKind::METHOD,
            };
            #[allow(deprecated)]
            let response = if session.capabilities().nests_symbols {
                let nested = symbols.into_iter().map(|symbol| DocumentSymbol {
                    name: symbol.name,
                    detail: Some(symbol.detail),
                    kind: kind(symbol.kind),
                    tags: None,
                    deprecated: None,
                    range: session.range(analysis, file, symbol.full),
                    selection_range: session.range(analysis, file, symbol.selection),
                    children: None,
                });
                DocumentSymbolResponse::Nested(nested.collect())
            } else {
                let flat = symbols.into_iter().filter_map(|symbol| {
                    Some(SymbolInformation {
                        location: session.location(analysis, file, symbol.full)?,
                        name: symbol.name,
                        kind: kind(symbol.kind),
                        tags: None,
                        deprecated: None,
                        container_name: None,
                    })
                });
                DocumentSymbolResponse::Flat(flat.collect())
            };
            Ok(Some(response))
        });
        answer.await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        match params.command.as_str() {
            crate::commands::ADD_ENDPOINT => self.add_endpoint(params.arguments).await.map(Some),
            command if crate::commands::is_scaffold(command) => self.add_scaffold(command, params.arguments).await,
            unknown => {
                self.session
                    .outbox
                    .log(MessageType::ERROR, format!("there is no command `{unknown}`"));
                Err(Error::invalid_params(format!("there is no command `{unknown}`")))
            }
        }
    }
}
