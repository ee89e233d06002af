//! That something changed, and when the client told so.

use arc_swap::ArcSwapOption;
use std::sync::Arc;
use tokio::{sync::Notify, time::Instant};

/// Changes that diagnostics may depend on. One task waits for them; those that come together are one.
#[derive(Default)]
pub(crate) struct Changes {
    some: Notify,
    last: ArcSwapOption<Instant>,
}

impl Changes {
    /// Tells of a change that is taken over now and was heard of earlier.
    pub(crate) fn tell(&self, heard: Instant) {
        self.last.store(Some(Arc::new(heard)));
        self.some.notify_one();
    }

    /// Waits for the next change.
    pub(crate) async fn next(&self) {
        self.some.notified().await;
    }

    /// When the last change was heard of; now, if there was none.
    pub(crate) fn last(&self) -> Instant {
        self.last.load().as_deref().copied().unwrap_or_else(Instant::now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn a_change_counts_from_when_it_was_heard_of() {
        let changes = Changes::default();
        let heard = Instant::now().checked_sub(Duration::from_millis(1)).unwrap();
        changes.tell(heard);
        changes.next().await;
        assert_eq!(changes.last(), heard);
    }
}
