//! What one session with one client shares: the host, what both sides can do, and the way to the client.

use crate::{
    capabilities::Capabilities, changes::Changes, outbox::Outbox, published::Published, settings::Settings, uris::Uris,
};
use arc_swap::ArcSwap;
use base::{FileId, PositionEncoding};
use futures::future::BoxFuture;
use ide::{Analysis, Host};
use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Notify, Semaphore};
use tower_lsp::{
    Client,
    jsonrpc::{Error, ErrorCode, Result},
    lsp_types::{MessageType, Range, TraceValue, Url},
};

/// How many requests are worked on at the same time.
const WORKERS: usize = 8;

/// See the module.
pub(crate) struct Session {
    pub(crate) host: Host,
    pub(crate) outbox: Outbox,
    pub(crate) uris: Uris,
    pub(crate) settings: ArcSwap<Settings>,
    pub(crate) published: Published,
    pub(crate) roots: Mutex<Vec<PathBuf>>,
    capabilities: OnceLock<Capabilities>,
    pub(crate) changes: Changes,
    /// The session has to end without the client asking for it.
    pub(crate) end: Notify,
    /// The client asked for `shutdown`.
    pub(crate) is_shut_down: AtomicBool,
    trace: ArcSwap<TraceValue>,
    workers: Semaphore,
}

/// Tells a worker, when it is dropped, that nobody waits for its answer any more.
struct CancelOnDrop(Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Session {
    /// A session, and the task that sends what it posts.
    pub(crate) fn new(client: Client) -> (Arc<Self>, BoxFuture<'static, ()>) {
        let (outbox, task) = Outbox::new(client);
        let session = Self {
            host: Host::new(Vec::new(), ide::HostOptions::default()),
            outbox,
            uris: Uris::default(),
            settings: ArcSwap::default(),
            published: Published::default(),
            roots: Mutex::default(),
            capabilities: OnceLock::new(),
            changes: Changes::default(),
            end: Notify::new(),
            is_shut_down: AtomicBool::new(false),
            trace: ArcSwap::from_pointee(TraceValue::Off),
            workers: Semaphore::new(WORKERS),
        };
        (Arc::new(session), task)
    }

    pub(crate) fn capabilities(&self) -> &Capabilities {
        self.capabilities.get_or_init(Capabilities::default)
    }

    /// Notes what the client can do; only the first time counts.
    pub(crate) fn set_capabilities(&self, capabilities: Capabilities) {
        // The protocol lets a client initialize once; tower-lsp refuses the second time.
        let _ = self.capabilities.set(capabilities);
    }

    pub(crate) fn encoding(&self) -> PositionEncoding {
        self.capabilities().encoding
    }

    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.roots.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_trace(&self, trace: TraceValue) {
        self.trace.store(Arc::new(trace));
    }

    /// A line for the client's trace, where it is switched on.
    pub(crate) fn trace(&self, message: impl FnOnce() -> String) {
        if **self.trace.load() != TraceValue::Off {
            self.outbox
                .notify::<tower_lsp::lsp_types::notification::LogTrace>(tower_lsp::lsp_types::LogTraceParams {
                    message: message(),
                    verbose: None,
                });
        }
    }

    /// A line for the client's log about something odd that did no harm.
    pub(crate) fn warn(&self, message: impl std::fmt::Display) {
        self.outbox.log(MessageType::WARNING, message);
    }

    /// Answers a request on the pool, on a snapshot that contains every mutation that came before it. Call it before the
    /// handler first waits. The work is told by its second argument when the request was cancelled.
    pub(crate) fn answer<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Session, &Analysis) -> Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send + 'static {
        let revision = self.host.revision();
        let session = self.clone();
        async move {
            let is_cancelled = Arc::new(AtomicBool::new(false));
            let guard = CancelOnDrop(is_cancelled.clone());
            let permit = session.clone();
            let _permit = permit.workers.acquire().await;
            let worker = tokio::task::spawn_blocking(move || {
                if is_cancelled.load(Ordering::Relaxed) {
                    return Err(Error::request_cancelled());
                }
                let analysis = session.host.at_least(revision);
                if is_cancelled.load(Ordering::Relaxed) {
                    return Err(Error::request_cancelled());
                }
                work(&session, &analysis)
            });
            let answer = worker.await.unwrap_or_else(|_| Err(crate::front::panicked()));
            drop(guard);
            answer
        }
    }

    /// The file a request speaks of, and its text; nothing for one the server does not know.
    pub(crate) fn file(&self, analysis: &Analysis, uri: &Url) -> Option<FileId> {
        analysis.file_id(&self.uris.path(uri))
    }

    /// URI and range of a span, if a client can open the file.
    pub(crate) fn location(
        &self,
        analysis: &Analysis,
        file: FileId,
        span: base::Span,
    ) -> Option<tower_lsp::lsp_types::Location> {
        let uri = self.uris.uri(&analysis.path(file))?;
        Some(tower_lsp::lsp_types::Location::new(
            uri,
            self.range(analysis, file, span),
        ))
    }

    /// The client's range of a span.
    pub(crate) fn range(&self, analysis: &Analysis, file: FileId, span: base::Span) -> Range {
        crate::convert::range(&analysis.source(file), span, self.encoding())
    }
}

/// LSP's reply for an answer that would not fit the document any more.
pub(crate) fn content_modified() -> Error {
    Error {
        code: ErrorCode::ContentModified,
        message: "the document has changed since this was offered".into(),
        data: None,
    }
}

/// The reply to a request that can't be done, for a reason the user should read.
pub(crate) fn request_failed(message: impl std::fmt::Display) -> Error {
    Error {
        code: ErrorCode::ServerError(-32803),
        message: message.to_string().into(),
        data: None,
    }
}
