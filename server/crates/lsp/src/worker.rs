//! What runs beside the requests: the first index, and diagnostics behind the last edit.

use crate::session::Session;
use ide::Progress;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{sync::mpsc, time::Instant};
use tower_lsp::lsp_types::{
    MessageType, NumberOrString, ProgressParams, ProgressParamsValue, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressEnd, WorkDoneProgressReport,
    notification::Progress as ProgressNotification,
    request::{WorkDoneProgressCreate, WorkspaceDiagnosticRefresh},
};

/// However fast someone types, diagnostics are not put off for longer than this many debounces.
const LONGEST_WAIT: u32 = 10;

/// Every how many percent progress is told.
const STEP: u32 = 5;

/// After a while without changes, nobody waits for anything.
const IDLE: Duration = Duration::from_secs(5);

/// Works out and tells diagnostics whenever something changed and then was quiet for a moment.
pub(crate) async fn run(session: Arc<Session>) {
    loop {
        if tokio::time::timeout(IDLE, session.changes.next()).await.is_err() {
            tidy(&session).await;
            session.changes.next().await;
        }
        wait_for_quiet(&session).await;
        update(&session).await;
    }
}

async fn wait_for_quiet(session: &Session) {
    let debounce = Duration::from_millis(session.settings.load().diagnostics_debounce);
    let latest = Instant::now() + debounce * LONGEST_WAIT;
    while Instant::now() < latest {
        tokio::select! {
            () = tokio::time::sleep_until(session.changes.last() + debounce) => return,
            () = session.changes.next() => {}
        }
    }
}

async fn tidy(session: &Arc<Session>) {
    let worker = session.clone();
    if tokio::task::spawn_blocking(move || worker.host.tidy()).await.is_err() {
        session
            .outbox
            .log(MessageType::ERROR, "tidying up failed inside the server");
    }
}

/// Brings the model up to date and tells what changed, unless something newer came meanwhile.
async fn update(session: &Arc<Session>) {
    let relinks_before = session.host.snapshot().relinks();
    let worker = session.clone();
    let pulls = session.capabilities().pulls_diagnostics;
    let done = tokio::task::spawn_blocking(move || {
        let analysis = worker.host.refresh();
        if analysis.revision() == worker.host.revision() {
            worker.publish_configuration(&analysis);
            if !pulls {
                worker.publish(&analysis);
            }
        }
        analysis.relinks()
    })
    .await;
    match done {
        Ok(relinks) if pulls && relinks != relinks_before => ask_to_pull_again(session),
        Ok(_) => {}
        Err(_) => session
            .outbox
            .log(MessageType::ERROR, "working out diagnostics failed inside the server"),
    }
}

/// Other files' diagnostics may have changed, which a client that pulls can't know.
pub(crate) fn ask_to_pull_again(session: &Session) {
    if session.capabilities().refreshes_diagnostics {
        let client = session.outbox.client().clone();
        tokio::spawn(async move { client.send_request::<WorkspaceDiagnosticRefresh>(()).await });
    }
}

/// Reads the workspace for the first time, with progress where the client shows it; then diagnostics follow.
pub(crate) async fn index(session: Arc<Session>) {
    let progress = match session.capabilities().progress {
        true => Some(ProgressBar::new(&session).await),
        false => None,
    };
    let reports = progress.flatten().map(ProgressBar::start);
    let started = Instant::now();
    let worker = session.clone();
    let told = reports.clone();
    let done = tokio::task::spawn_blocking(move || {
        let last = AtomicUsize::new(0);
        worker.host.refresh_reporting(&|progress| {
            if let Some(told) = &told {
                report(told, &last, progress);
            }
        })
    })
    .await;
    drop(reports);
    match done {
        Ok(analysis) => session.outbox.log(
            MessageType::INFO,
            format!(
                "{} routes of {} apps after {} ms",
                analysis.model().routes.len(),
                analysis.model().apps.len(),
                started.elapsed().as_millis()
            ),
        ),
        Err(_) => session
            .outbox
            .log(MessageType::ERROR, "the first index failed inside the server"),
    }
    session.changes.tell(Instant::now());
    ask_to_pull_again(&session);
}

fn report(told: &mpsc::UnboundedSender<u32>, last: &AtomicUsize, progress: Progress) {
    let percent = (progress.done * 100 / progress.total.max(1)) as u32 / STEP * STEP;
    if last.fetch_max(percent as usize, Ordering::Relaxed) < percent as usize {
        // The bar ends before the sender only when the session does.
        let _ = told.send(percent);
    }
}

/// A progress bar of the client.
struct ProgressBar {
    session: Arc<Session>,
    token: NumberOrString,
}

impl ProgressBar {
    /// Asks the client for one; none if it refuses.
    async fn new(session: &Arc<Session>) -> Option<Self> {
        let token = NumberOrString::String("routewright/index".to_owned());
        let params = WorkDoneProgressCreateParams { token: token.clone() };
        let client = session.outbox.client();
        client.send_request::<WorkDoneProgressCreate>(params).await.ok()?;
        Some(Self {
            session: session.clone(),
            token,
        })
    }

    /// Shows it; it is told percents, and ends with the last sender.
    fn start(self) -> mpsc::UnboundedSender<u32> {
        let (sender, mut percents) = mpsc::unbounded_channel();
        self.send(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: "Reading the workspace".to_owned(),
            cancellable: Some(false),
            message: None,
            percentage: Some(0),
        }));
        tokio::spawn(async move {
            while let Some(percentage) = percents.recv().await {
                self.send(WorkDoneProgress::Report(WorkDoneProgressReport {
                    cancellable: Some(false),
                    message: None,
                    percentage: Some(percentage),
                }));
            }
            self.send(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
        });
        sender
    }

    fn send(&self, value: WorkDoneProgress) {
        self.session.outbox.notify::<ProgressNotification>(ProgressParams {
            token: self.token.clone(),
            value: ProgressParamsValue::WorkDone(value),
        });
    }
}
