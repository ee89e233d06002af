//! The way to the client: one task sends everything, in the order it was posted.

use futures::{FutureExt, future::BoxFuture};
use std::fmt::Display;
use tokio::sync::mpsc;
use tower_lsp::{
    Client,
    lsp_types::{Diagnostic, MessageType, Url, notification::Notification},
};

/// See the module. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outbox {
    client: Client,
    queue: mpsc::UnboundedSender<BoxFuture<'static, ()>>,
}

impl Outbox {
    /// An outbox and the task that empties it.
    pub(crate) fn new(client: Client) -> (Self, BoxFuture<'static, ()>) {
        let (queue, mut posted) = mpsc::unbounded_channel::<BoxFuture<'static, ()>>();
        let task = async move {
            while let Some(message) = posted.recv().await {
                message.await;
            }
        };
        (Self { client, queue }, task.boxed())
    }

    fn post(&self, message: impl Future<Output = ()> + Send + 'static) {
        // The queue ends only with the session: then nobody is there to read.
        let _ = self.queue.send(message.boxed());
    }

    /// For requests to the client; they are not queued, since they wait for an answer.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Posts a notification.
    pub(crate) fn notify<N>(&self, params: N::Params)
    where
        N: Notification,
        N::Params: Send + 'static,
    {
        let client = self.client.clone();
        self.post(async move { client.send_notification::<N>(params).await });
    }

    /// Posts a line for the client's log.
    pub(crate) fn log(&self, kind: MessageType, message: impl Display) {
        let client = self.client.clone();
        let message = message.to_string();
        self.post(async move { client.log_message(kind, message).await });
    }

    /// Posts the diagnostics of a document.
    pub(crate) fn publish(&self, uri: Url, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        let client = self.client.clone();
        self.post(async move { client.publish_diagnostics(uri, diagnostics, version).await });
    }
}
