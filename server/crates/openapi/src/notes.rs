//! What stays unknown, and where in the document that is said.

use model::Reason;
use serde_json::{Map, Value};

/// The key under which the document says what can't be known.
pub const UNKNOWN: &str = "x-routewright-unknown";

/// How a reason is said, with its place.
pub type Say<'s> = &'s dyn Fn(&Reason) -> String;

/// Reasons of the part of the document that is being made, and of all of it.
pub(crate) struct Notes<'s> {
    say: Say<'s>,
    /// One list for each part that encloses the present one.
    open: Vec<Vec<String>>,
    all: Vec<String>,
}

impl<'s> Notes<'s> {
    pub(crate) fn new(say: Say<'s>) -> Self {
        Self {
            say,
            open: Vec::new(),
            all: Vec::new(),
        }
    }

    /// A part of the document begins.
    pub(crate) fn begin(&mut self) {
        self.open.push(Vec::new());
    }

    /// The part ends: it says what is unknown in it.
    pub(crate) fn end(&mut self, part: &mut Map<String, Value>) {
        let reasons = self.open.pop().unwrap_or_default();
        if !reasons.is_empty() {
            part.insert(UNKNOWN.to_owned(), reasons.into());
        }
    }

    /// Something of the present part is unknown.
    pub(crate) fn add(&mut self, why: &Reason) {
        let said = (self.say)(why);
        if let Some(part) = self.open.last_mut()
            && !part.contains(&said)
        {
            part.push(said.clone());
        }
        self.remember(said);
    }

    /// A schema of which nothing is known.
    pub(crate) fn schema(&mut self, why: &Reason) -> Map<String, Value> {
        let said = (self.say)(why);
        self.remember(said.clone());
        [(UNKNOWN.to_owned(), Value::from(said))].into_iter().collect()
    }

    fn remember(&mut self, said: String) {
        if !self.all.contains(&said) {
            self.all.push(said);
        }
    }

    /// Everything that is unknown, each reason once.
    pub(crate) fn into_all(self) -> Vec<String> {
        self.all
    }
}
