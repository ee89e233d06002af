//! The only place that knows tower-lsp's quirks: one wrapper around its `LspService`.
//!
//! - Every handler is polled once inside `call`, in the order of arrival. Handlers that change state do so before they
//!   first wait, so that edits and the revisions that requests ask for are totally ordered.
//! - A panic in a handler is an error reply; the session goes on.
//! - `params: null` counts as no params, as JSON-RPC clients send it; our own requests may be sent without any.
//! - Methods whose results lsp-types 0.94 can't express are led to our own handlers under [`RENAMED`].

use crate::capabilities::SNIPPET_EDIT_NOTE;
use futures::{
    FutureExt,
    future::{self, BoxFuture},
};
use serde_json::Value;
use std::{
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};
use tower::Service;
use tower_lsp::{
    ExitedError,
    jsonrpc::{Error, ErrorCode, Request, Response},
};

/// Methods of the protocol and the names under which our own handlers for them are registered.
pub(crate) const RENAMED: [(&str, &str); 5] = [
    ("workspace/symbol", "routewright/internal/workspaceSymbol"),
    ("textDocument/codeAction", "routewright/internal/codeAction"),
    ("codeAction/resolve", "routewright/internal/resolveCodeAction"),
    ("textDocument/diagnostic", "routewright/internal/documentDiagnostic"),
    ("workspace/diagnostic", "routewright/internal/workspaceDiagnostic"),
];

/// See the module.
pub(crate) struct Front<S> {
    inner: S,
}

impl<S> Front<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self { inner }
    }
}

impl<S> Service<Request> for Front<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = BoxFuture<'static, Result<Option<Response>, ExitedError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        let handler = AssertUnwindSafe(self.inner.call(adapt(request))).catch_unwind();
        let mut guarded = async move {
            handler
                .await
                .unwrap_or_else(|_| Ok(id.map(|id| Response::from_error(id, panicked()))))
        }
        .boxed();
        match guarded.poll_unpin(&mut Context::from_waker(&futures::task::noop_waker())) {
            Poll::Ready(result) => future::ready(result).boxed(),
            Poll::Pending => guarded,
        }
    }
}

fn adapt(request: Request) -> Request {
    let (method, id, params) = request.into_parts();
    let renamed = RENAMED.iter().find(|(name, _)| *name == method).map(|(_, ours)| *ours);
    let is_initialize = method == "initialize";
    let takes_params = !matches!(&*method, "shutdown" | "exit");
    let params = params
        .filter(|params| takes_params && *params != Value::Null)
        .or_else(|| {
            method
                .starts_with("routewright/")
                .then(|| Value::Object(serde_json::Map::new()))
        });
    let mut adapted = match renamed {
        Some(ours) => Request::build(ours),
        None => Request::build(method),
    };
    if let Some(mut params) = params {
        if is_initialize {
            note_snippet_edits(&mut params);
        }
        adapted = adapted.params(params);
    }
    if let Some(id) = id {
        adapted = adapted.id(id);
    }
    adapted.finish()
}

/// Copies a capability of LSP 3.18 to where lsp-types 0.94 keeps what it does not know.
fn note_snippet_edits(params: &mut Value) {
    let supported =
        params.pointer("/capabilities/workspace/workspaceEdit/snippetEditSupport") == Some(&Value::Bool(true));
    let Some(capabilities) = params.get_mut("capabilities").and_then(Value::as_object_mut) else {
        return;
    };
    let experimental = capabilities
        .entry("experimental")
        .or_insert_with(|| Value::Object(serde_json::Map::new()));
    if let (true, Some(experimental)) = (supported, experimental.as_object_mut()) {
        experimental.insert(SNIPPET_EDIT_NOTE.to_owned(), Value::Bool(true));
    }
}

/// The reply to a request whose handler panicked; the panic hook has logged the rest.
pub(crate) fn panicked() -> Error {
    Error {
        code: ErrorCode::InternalError,
        message: "the request failed inside the server; the log has more".into(),
        data: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    struct Inner(Arc<AtomicUsize>);

    impl Service<Request> for Inner {
        type Response = Option<Response>;
        type Error = ExitedError;
        type Future = BoxFuture<'static, Result<Option<Response>, ExitedError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            let polls = self.0.clone();
            async move {
                polls.fetch_add(1, Ordering::Relaxed);
                assert_ne!(request.method(), "panic", "a bug in a feature");
                let (method, id, params) = request.into_parts();
                Ok(id.map(|id| Response::from_ok(id, json!([method, params]))))
            }
            .boxed()
        }
    }

    fn call(request: Request) -> (usize, Option<Response>) {
        let polls = Arc::new(AtomicUsize::new(0));
        let future = Front::new(Inner(polls.clone())).call(request);
        let polled_in_call = polls.load(Ordering::Relaxed);
        (polled_in_call, FutureExt::now_or_never(future).unwrap().unwrap())
    }

    #[test]
    fn handlers_start_inside_call() {
        assert_eq!(call(Request::build("x").finish()), (1, None));
    }

    #[test]
    fn a_panic_is_an_error_reply() {
        std::panic::set_hook(Box::new(|_| {}));
        let (_, reply) = call(Request::build("panic").id(1).finish());
        assert_eq!(reply.unwrap().error().unwrap().code, ErrorCode::InternalError);
    }

    #[test]
    fn null_params_are_none_and_methods_are_renamed() {
        let (_, reply) = call(Request::build("workspace/symbol").params(Value::Null).id(1).finish());
        assert_eq!(reply.unwrap().result().unwrap(), &json!([RENAMED[0].1, null]));
    }
}
