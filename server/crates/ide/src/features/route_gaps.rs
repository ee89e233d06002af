//! What of the routes that are listed is not known: parameters and dependencies, tags, status codes. Each reason is told
//! once, with how many routes it concerns.

use super::routes::UnresolvedRow;
use crate::Analysis;
use model::{Place, Reason, Requirements, Route};
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::Arc;

/// The gaps of the routes that were looked at so far.
#[derive(Default)]
pub(super) struct RouteGaps {
    gaps: Vec<Gap>,
    /// Which of them a reason is.
    known: FxHashMap<(Place, &'static str, Arc<str>), usize>,
}

struct Gap {
    at: Place,
    what: &'static str,
    why: Arc<str>,
    first: String,
    more: usize,
}

impl RouteGaps {
    /// Notes what of a route is not known.
    pub(super) fn note(&mut self, analysis: &Analysis, route: &Route, requirements: &Requirements) {
        let model = analysis.model();
        let operation = route.operation.map(|id| &model.operations[id.0 as usize]);
        // The function of a route that has none is told already.
        let incomplete = requirements.incomplete.as_ref().filter(|_| route.endpoint.is_some());
        for (what, reason) in [
            ("parameters", incomplete),
            ("tags", route.tags.reason()),
            (
                "the status code",
                operation.and_then(|operation| operation.status_code.reason()),
            ),
        ] {
            if let Some(reason) = reason {
                self.add(route, what, reason);
            }
        }
    }

    fn add(&mut self, route: &Route, what: &'static str, reason: &Reason) {
        let at = reason.place.unwrap_or(route.at);
        let key = (at, what, reason.text.clone());
        match self.known.get(&key) {
            Some(&gap) => self.gaps[gap].more += 1,
            None => {
                self.known.insert(key, self.gaps.len());
                let method = route.methods.first().map_or("…", |method| method);
                self.gaps.push(Gap {
                    at,
                    what,
                    why: reason.text.clone(),
                    first: format!("{method} {}", route.path),
                    more: 0,
                });
            }
        }
    }

    /// The rows that tell them.
    pub(super) fn rows(self, analysis: &Analysis, root: &Path) -> Vec<UnresolvedRow> {
        let gaps = self.gaps.into_iter();
        let rows = gaps.map(|gap| UnresolvedRow {
            file: analysis.display_path(gap.at.file, root),
            line: analysis.line_of(gap.at),
            what: match gap.more {
                0 => format!("{} of {}", gap.what, gap.first),
                more => format!("{} of {} and {more} more", gap.what, gap.first),
            }
            .into(),
            why: gap.why,
        });
        rows.collect()
    }
}
