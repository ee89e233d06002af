//! `--baseline FILE`: findings that an earlier `check --output-format json` told are not told again.

use super::report::{Naming, Report, Reported};
use crate::error::Error;
use crate::target::Target;
use ide::Analysis;
use rules::Finding;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// The findings that are known already.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    known: HashMap<Key, Vec<Start>>,
}

/// What a finding is recognised by. Not its place: edits elsewhere in the file move it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    rule: String,
    file: String,
    message: String,
}

/// A finding as JSON output tells it, so far as it counts here.
#[derive(Deserialize)]
struct Entry {
    rule: String,
    file: String,
    message: String,
    range: EntryRange,
}

#[derive(Deserialize)]
struct EntryRange {
    start: Start,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Start {
    line: u32,
    column: u32,
}

impl Baseline {
    /// Reads the JSON output of an earlier check.
    ///
    /// # Errors
    /// Where the file can't be read or is something else.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let shown = || path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Error::UnreadableBaseline(shown(), error))?;
        let entries: Vec<Entry> = serde_json::from_str(&text).map_err(|_| Error::NoBaseline(shown()))?;
        let mut baseline = Self::default();
        for entry in entries {
            let key = Key {
                rule: entry.rule,
                file: entry.file,
                message: entry.message,
            };
            baseline.known.entry(key).or_default().push(entry.range.start);
        }
        Ok(baseline)
    }

    /// Takes the known ones out of `findings`; gives how many they were. Of several that are alike as many stay as there
    /// are more than before: those that did not stand where a known one stood.
    pub(super) fn remove_from(&self, findings: &mut Vec<Finding>, analysis: &Analysis, targets: &[Target]) -> usize {
        if self.known.is_empty() {
            return 0;
        }
        let report = Report::new(analysis, findings, &Naming::new(targets, true));
        let is_known = self.recognise(&report.findings);
        let count = findings.len();
        let mut is_known = is_known.into_iter();
        findings.retain(|_| !is_known.next().unwrap_or_default());
        count - findings.len()
    }

    /// For each finding whether it is known.
    fn recognise(&self, findings: &[Reported]) -> Vec<bool> {
        let mut alike: HashMap<Key, Vec<usize>> = HashMap::new();
        for (number, finding) in findings.iter().enumerate() {
            let key = Key {
                rule: finding.rule.to_owned(),
                file: finding.file.clone(),
                message: finding.message.clone(),
            };
            alike.entry(key).or_default().push(number);
        }
        let mut is_known = vec![false; findings.len()];
        for (key, mut numbers) in alike {
            let Some(known) = self.known.get(&key) else { continue };
            let start = |number: usize| {
                let at = findings[number].range.start;
                Start {
                    line: at.line,
                    column: at.column,
                }
            };
            numbers.sort_by_key(|&number| !known.contains(&start(number)));
            for number in numbers.into_iter().take(known.len()) {
                is_known[number] = true;
            }
        }
        is_known
    }
}
