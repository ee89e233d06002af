//! The life of the process: threads for input and output, the loop between them, and the ends a session can have.

use crate::{
    backend::Backend,
    commands,
    front::{Front, RENAMED},
    session::Session,
    transport::{Frames, Incoming, error_reply, write_message},
    worker,
};
use futures::{SinkExt, StreamExt, future};
use serde_json::Value;
use std::{
    io::{self, Read, Write},
    sync::{Arc, OnceLock, atomic::Ordering, mpsc as blocking},
    time::Duration,
};
use tokio::{sync::mpsc, task::JoinSet};
use tower::Service;
use tower_lsp::{
    LspService,
    jsonrpc::{Request, Response},
};

/// How long answers that are under way are waited for when the input ends.
const GRACE: Duration = Duration::from_secs(1);

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
#[error("the server can't start: {0}")]
pub struct StartError(#[from] io::Error);

/// Serves one client over standard input and output until the session ends; returns the exit code that LSP asks for: 0
/// after `shutdown`, 1 without it.
///
/// # Errors
/// [`StartError`] where the system gives no threads.
pub fn run_stdio() -> Result<u8, StartError> {
    run(io::stdin(), io::stdout())
}

/// As [`run_stdio`], over any pair of streams.
///
/// # Errors
/// [`StartError`] where the system gives no threads.
pub fn run(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> Result<u8, StartError> {
    std::panic::set_hook(Box::new(log_panic));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let incoming = read_in_thread(input)?;
    let (outgoing, written) = write_in_thread(output)?;
    let code = runtime.block_on(serve(incoming, outgoing));
    // Threads that still wait or work must not hold the process.
    runtime.shutdown_background();
    let _ = written.recv_timeout(GRACE);
    Ok(code)
}

/// One line on standard error, where clients keep a server's log; the request that panicked gets an error reply.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    // Nobody is left to tell if that fails.
    let _ = writeln!(io::stderr(), "routewright: internal error: {panic}");
}

fn read_in_thread(input: impl Read + Send + 'static) -> io::Result<mpsc::UnboundedReceiver<Incoming>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::Builder::new().name("input".to_owned()).spawn(move || {
        let mut frames = Frames::new(input);
        while let Some(incoming) = frames.next() {
            if sender.send(incoming).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}

/// Where messages are posted, and where it is told that all of them are written.
type Writer = (blocking::Sender<Outgoing>, blocking::Receiver<()>);

/// What the writer is told.
enum Outgoing {
    Message(Value),
    /// Nothing comes any more.
    End,
}

fn write_in_thread(mut output: impl Write + Send + 'static) -> io::Result<Writer> {
    let (sender, receiver) = blocking::channel();
    let (done, written) = blocking::channel();
    std::thread::Builder::new().name("output".to_owned()).spawn(move || {
        while let Ok(Outgoing::Message(message)) = receiver.recv() {
            if write_message(&mut output, &message).is_err() {
                break;
            }
        }
        let _ = done.send(());
    })?;
    Ok((sender, written))
}

async fn serve(mut incoming: mpsc::UnboundedReceiver<Incoming>, outgoing: blocking::Sender<Outgoing>) -> u8 {
    let handle: OnceLock<(Arc<Session>, future::BoxFuture<'static, ()>)> = OnceLock::new();
    let (service, socket) = {
        let built = LspService::build(|client| {
            let (session, task) = Session::new(client);
            let backend = Backend::new(session.clone());
            // The builder calls this once.
            let _ = handle.set((session, task));
            backend
        });
        let [symbols, actions, resolve, diagnostic, workspace_diagnostic] = RENAMED.map(|(_, ours)| ours);
        built
            .custom_method(symbols, Backend::workspace_symbols)
            .custom_method(actions, Backend::code_actions)
            .custom_method(resolve, Backend::resolve_code_action)
            .custom_method(diagnostic, Backend::document_diagnostic)
            .custom_method(workspace_diagnostic, Backend::pull_workspace_diagnostics)
            .custom_method("$/setTrace", Backend::set_trace)
            .custom_method("routewright/routes", Backend::routes)
            .custom_method("routewright/graph", Backend::graph)
            .custom_method("routewright/status", Backend::status)
            .custom_method(commands::PREVIEW, Backend::preview)
            .finish()
    };
    let Some((session, outbox)) = handle.into_inner() else {
        return 1;
    };
    let (mut to_client, mut from_client) = socket.split();
    let requests_out = outgoing.clone();
    tokio::spawn(outbox);
    tokio::spawn(worker::run(session.clone()));
    tokio::spawn(async move {
        while let Some(request) = to_client.next().await {
            post(&requests_out, &request);
        }
    });

    let mut front = Front::new(service);
    let mut answers = JoinSet::new();
    loop {
        let message = tokio::select! {
            biased;
            () = session.end.notified() => break,
            message = incoming.recv() => message,
        };
        while answers.try_join_next().is_some() {}
        match message.map(sort) {
            None => {
                let _ = tokio::time::timeout(GRACE, async { while answers.join_next().await.is_some() {} }).await;
                break;
            }
            Some(Sorted::Request(request)) => {
                let is_exit = request.method() == "exit";
                if future::poll_fn(|context| front.poll_ready(context)).await.is_err() {
                    break;
                }
                let answer = front.call(request);
                if is_exit {
                    break;
                }
                let outgoing = outgoing.clone();
                answers.spawn(async move {
                    if let Ok(Some(response)) = answer.await {
                        post(&outgoing, &response);
                    }
                });
            }
            Some(Sorted::Response(response)) => {
                // Answers behind the end of the session are nobody's.
                let _ = from_client.send(response).await;
            }
            Some(Sorted::Bad { reply, log }) => {
                session.warn(log);
                let _ = outgoing.send(Outgoing::Message(reply));
            }
        }
    }
    let _ = outgoing.send(Outgoing::End);
    u8::from(!session.is_shut_down.load(Ordering::Relaxed))
}

fn post(outgoing: &blocking::Sender<Outgoing>, message: &impl serde::Serialize) {
    if let Ok(message) = serde_json::to_value(message) {
        // The writer ends only when the client closed its end.
        let _ = outgoing.send(Outgoing::Message(message));
    }
}

/// What a message is (JSON-RPC 2.0, sections 4 and 5).
enum Sorted {
    Request(Request),
    Response(Response),
    Bad { reply: Value, log: String },
}

fn sort(incoming: Incoming) -> Sorted {
    const PARSE_ERROR: i64 = -32700;
    const INVALID_REQUEST: i64 = -32600;
    let bad = |id: Option<&Value>, code, log: String| Sorted::Bad {
        reply: error_reply(id, code, &log),
        log,
    };
    let message = match incoming {
        Incoming::Malformed(why) => return bad(None, PARSE_ERROR, why),
        Incoming::Message(message) => message,
    };
    let id = message.get("id").cloned().filter(|id| id.is_string() || id.is_number());
    if message.get("method").is_some() {
        match serde_json::from_value(message) {
            Ok(request) => Sorted::Request(request),
            Err(error) => bad(
                id.as_ref(),
                INVALID_REQUEST,
                format!("the message is no request: {error}"),
            ),
        }
    } else if message.get("result").is_some() || message.get("error").is_some() {
        match serde_json::from_value(message) {
            Ok(response) => Sorted::Response(response),
            Err(error) => bad(None, INVALID_REQUEST, format!("the message is no response: {error}")),
        }
    } else {
        let log = "the message is neither a request nor a response".to_owned();
        bad(id.as_ref(), INVALID_REQUEST, log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error_code(message: Value) -> Option<i64> {
        match sort(Incoming::Message(message)) {
            Sorted::Bad { reply, .. } => reply["error"]["code"].as_i64(),
            Sorted::Request(_) | Sorted::Response(_) => None,
        }
    }

    #[test]
    fn messages_are_requests_responses_or_bad() {
        assert_eq!(error_code(json!({"jsonrpc": "2.0", "id": 1, "method": "x"})), None);
        assert_eq!(error_code(json!({"jsonrpc": "2.0", "id": 1, "result": null})), None);
        for bad in [
            json!([]),
            json!(1),
            json!({"jsonrpc": "2.0", "id": 1}),
            json!({"jsonrpc": "1.0", "id": 1, "method": "x"}),
            json!({"jsonrpc": "2.0", "id": 1, "method": 5}),
            json!({"jsonrpc": "2.0", "id": {}, "method": "x"}),
        ] {
            assert_eq!(error_code(bad.clone()), Some(-32600), "{bad}");
        }
    }
}
