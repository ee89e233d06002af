//! The competitor on the same inputs: `fastapi-lsp routes`, one JSON object a line, without the app that a route is of.
//!
//! It says method, path and the place of the function. So it is compared by those alone, in no order, over all apps of a
//! project together. What it says of functions that none of these apps serve is not judged: they may be of others.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{accuracy::share, places, reference::Reference};

/// How long it may take for one project: many times what the slowest needs, as what it is given decides what the page says,
/// and a busy machine must not.
const PATIENCE: Duration = Duration::from_secs(900);

/// What stands in a path that it can't work out.
const UNRESOLVED: &str = "unresolved";

/// A route as it tells it: method, path, file, line.
type Row = (String, String, String, u64);

/// Its accuracy on one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did not end in time.
    GivenUp,
    /// What it found.
    Ended(Found),
}

/// Its routes in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// What FastAPI has.
    pub(crate) expected: usize,
    /// What both have.
    pub(crate) equal: usize,
    /// What only the competitor has.
    pub(crate) invented: usize,
}

impl Found {
    pub(crate) fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.equal += other.equal;
        self.invented += other.invented;
    }

    pub(crate) fn recall(self) -> f64 {
        share(self.equal, self.expected).unwrap_or(1.0)
    }

    pub(crate) fn precision(self) -> Option<f64> {
        share(self.equal, self.equal + self.invented)
    }
}

impl Outcome {
    /// Asks the competitor about a project.
    pub(crate) fn of(project: &Path, reference: &Reference) -> Self {
        let Some(found) = routes(project) else {
            return Self::GivenUp;
        };
        let expected = counted(reference.apps.values().flatten().filter_map(expected));
        let served: BTreeSet<(&str, u64)> = expected.keys().map(|row| (row.2.as_str(), row.3)).collect();
        let equal = expected
            .iter()
            .map(|(row, count)| (*count).min(found.get(row).copied().unwrap_or(0)))
            .sum();
        let judged: usize = found
            .iter()
            .filter(|(row, _)| served.contains(&(row.2.as_str(), row.3)))
            .map(|(_, count)| count)
            .sum();
        Self::Ended(Found {
            expected: expected.values().sum(),
            equal,
            invented: judged - equal,
        })
    }
}

/// A route with a function, as the competitor would tell it.
fn expected(route: &Value) -> Option<Row> {
    let text = |key: &str| route[key].as_str().map(str::to_owned);
    Some((text("method")?, text("path")?, text("file")?, route["line"].as_u64()?))
}

/// What it prints of a project, unless it takes too long.
fn routes(project: &Path) -> Option<BTreeMap<Row, usize>> {
    let output = tempfile::tempfile().expect("a temporary file");
    let mut child = Command::new(places::competitor())
        .args(["routes", ".", "--format", "json"])
        .current_dir(project)
        .stdin(Stdio::null())
        .stdout(output.try_clone().expect("a second handle"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the competitor starts");
    let begin = Instant::now();
    while child.try_wait().expect("a child that can be waited for").is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().expect("a child that can be ended");
            child.wait().expect("a child that has ended");
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Some(counted(lines(output).iter().filter_map(|line| row(line))))
}

fn lines(mut output: std::fs::File) -> Vec<String> {
    use std::io::{Read as _, Seek as _};
    let mut text = String::new();
    output.rewind().expect("a file that can be read again");
    output.read_to_string(&mut text).expect("it writes UTF-8");
    text.lines().map(str::to_owned).collect()
}

/// A route whose path it could work out.
fn row(line: &str) -> Option<Row> {
    let route: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| route[key].as_str().unwrap_or_default().to_owned();
    let path = text("path");
    let row = (text("method"), path, text("handler"), route["line"].as_u64()?);
    (!row.1.contains(UNRESOLVED)).then_some(row)
}

fn counted(rows: impl Iterator<Item = Row>) -> BTreeMap<Row, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    counts
}
