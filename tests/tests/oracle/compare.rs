//! Two route tables side by side: same methods, paths and functions in the same order, app by app.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::{reference::Reference, reported::Reported};

/// The outcome of a comparison.
pub(crate) struct Comparison {
    apps: usize,
    routes: usize,
    equal: usize,
    missing: usize,
    extra: usize,
    /// Readable differences by app.
    differing: BTreeMap<String, String>,
}

impl Comparison {
    /// Compares app by app. An app that is mounted by another one may also be reported for itself or not; apps of
    /// modules that can't be imported have nothing to be compared with.
    pub(crate) fn of(reference: &Reference, reported: &Reported) -> Self {
        let known = reference.apps.keys().filter(|app| !reference.mounted.contains(*app));
        let listed = reported
            .apps
            .keys()
            .filter(|app| !reference.errors.contains_key(module(app)));
        let apps: BTreeSet<&String> = known.chain(listed).collect();
        let mut comparison = Self {
            apps: apps.len(),
            routes: 0,
            equal: 0,
            missing: 0,
            extra: 0,
            differing: BTreeMap::new(),
        };
        for app in apps {
            comparison.add(app, table(reference.apps.get(app)), table(reported.apps.get(app)));
        }
        comparison
    }

    /// Whether nothing is missing, additional or in another order.
    pub(crate) fn is_equal(&self) -> bool {
        self.differing.is_empty()
    }

    /// One line of figures.
    pub(crate) fn summary(&self) -> String {
        let Self {
            apps,
            routes,
            equal,
            missing,
            extra,
            differing,
        } = self;
        let differing = differing.len();
        format!(
            "{apps} apps ({differing} differ), {routes} routes: {equal} equal, {missing} missing or misplaced, \
             {extra} extra or misplaced"
        )
    }

    /// For each app that differs, its lines: `-` what FastAPI has, `+` what the binary says instead.
    pub(crate) fn diff(&self) -> String {
        self.differing.values().map(String::as_str).collect()
    }

    fn add(&mut self, app: &str, expected: Option<Vec<String>>, found: Option<Vec<String>>) {
        let note = match (&expected, &found) {
            (Some(_), None) => " (not reported)",
            (None, Some(_)) => " (no such app)",
            _ => "",
        };
        let absent = !note.is_empty();
        let (expected, found) = (expected.unwrap_or_default(), found.unwrap_or_default());
        self.routes += expected.len();
        let mut lines = format!("{app}{note}\n");
        let before = (self.missing, self.extra);
        for change in TextDiff::from_slices(&slices(&expected), &slices(&found)).iter_all_changes() {
            let sign = match change.tag() {
                ChangeTag::Equal => {
                    self.equal += 1;
                    continue;
                }
                ChangeTag::Delete => {
                    self.missing += 1;
                    '-'
                }
                ChangeTag::Insert => {
                    self.extra += 1;
                    '+'
                }
            };
            writeln!(lines, "  {sign} {}", change.value()).expect("writing to a string");
        }
        if absent || before != (self.missing, self.extra) {
            self.differing.insert(app.to_owned(), lines);
        }
    }
}

/// The module of an app's name.
fn module(app: &str) -> &str {
    app.split(':').next().unwrap_or(app)
}

/// An app's routes as lines in order.
fn table(routes: Option<&Vec<Value>>) -> Option<Vec<String>> {
    routes.map(|routes| {
        let mut lines: Vec<(String, String)> = routes.iter().map(row).collect();
        // The methods of one route are a set: no order among them.
        lines.chunk_by_mut(|one, other| one.1 == other.1).for_each(<[_]>::sort);
        lines
            .into_iter()
            .map(|(method, rest)| format!("{method} {rest}"))
            .collect()
    })
}

/// A route's method, and all else that makes it this route. What has no function, a mount or a frontend, has no place
/// that FastAPI knows: there the binary may name the call.
fn row(route: &Value) -> (String, String) {
    let text = |key: &str| route[key].as_str().unwrap_or("-").to_owned();
    let function = match route["endpoint"].as_str() {
        // It stands in FastAPI's own source; the binary names the place that makes the app.
        Some(name) if route["builtin"] == true => format!(" -> {name}"),
        Some(name) => format!(" -> {name} ({}:{})", text("file"), route["line"]),
        None => String::new(),
    };
    (text("method"), format!("{} {}{function}", text("path"), text("kind")))
}

fn slices(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[test]
fn a_wrong_line_an_extra_route_and_a_swap_are_seen() {
    let route = |method: &str, path: &str, line: u64| serde_json::json!({"method": method, "path": path, "endpoint": "f", "line": line});
    let expected = vec![route("GET", "/a", 1), route("POST", "/a", 1), route("GET", "/b", 2)];
    let outcome = |found: Vec<Value>| {
        let name = "m:app".to_owned();
        let reference = Reference {
            apps: [(name.clone(), expected.clone())].into(),
            ..Reference::default()
        };
        let comparison = Comparison::of(
            &reference,
            &Reported {
                apps: [(name, found)].into(),
            },
        );
        (
            comparison.is_equal(),
            comparison.equal,
            comparison.missing,
            comparison.extra,
        )
    };
    assert_eq!(outcome(expected.clone()), (true, 3, 0, 0));
    assert_eq!(
        outcome(vec![
            route("POST", "/a", 1),
            route("GET", "/a", 1),
            route("GET", "/b", 2)
        ]),
        (true, 3, 0, 0)
    );
    assert_eq!(
        outcome(vec![
            route("GET", "/a", 1),
            route("POST", "/a", 1),
            route("GET", "/b", 3)
        ]),
        (false, 2, 1, 1)
    );
    assert_eq!(
        outcome(vec![
            route("GET", "/b", 2),
            route("GET", "/a", 1),
            route("POST", "/a", 1)
        ]),
        (false, 2, 1, 1)
    );
    assert_eq!(outcome(expected[..2].to_vec()), (false, 2, 1, 0));
}
