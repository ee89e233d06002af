//! Two route tables side by side: same methods, paths and functions in the same order, app by app.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;
use similar::{DiffOp, TextDiff};

use crate::{reference::Reference, reported::Reported};

/// Apps that are named where one is not reported.
const OTHERS: usize = 8;

/// The outcome of a comparison; routes of both sides, each in one of the lists.
#[derive(Default)]
pub(crate) struct Comparison<'a> {
    apps: usize,
    /// What FastAPI says and what the binary says of the same route at the same place in the order.
    pub(crate) equal: Vec<(&'a Value, &'a Value)>,
    /// What FastAPI has and the binary has not, or not there.
    pub(crate) missing: Vec<&'a Value>,
    /// What the binary has and FastAPI has not, or not there.
    pub(crate) extra: Vec<&'a Value>,
    /// Readable differences by app.
    differing: BTreeMap<String, String>,
}

impl<'a> Comparison<'a> {
    /// Compares app by app. An app that is mounted by another one may also be reported for itself or not; apps of
    /// modules that can't be imported have nothing to be compared with.
    pub(crate) fn of(reference: &'a Reference, reported: &'a Reported) -> Self {
        let known = reference.apps.keys().filter(|app| !reference.mounted.contains(*app));
        let listed = reported
            .apps
            .keys()
            .filter(|app| !reference.errors.contains_key(module(app)));
        Self::of_apps(reference, reported, known.chain(listed).collect())
    }

    /// Compares only the apps that were imported.
    pub(crate) fn of_imported(reference: &'a Reference, reported: &'a Reported) -> Self {
        Self::of_apps(reference, reported, reference.apps.keys().collect())
    }

    fn of_apps(reference: &'a Reference, reported: &'a Reported, apps: BTreeSet<&String>) -> Self {
        let mut comparison = Self {
            apps: apps.len(),
            ..Self::default()
        };
        for app in apps {
            let others: Vec<&str> = reported.apps.keys().take(OTHERS).map(String::as_str).collect();
            comparison.add(app, reference.apps.get(app), reported.apps.get(app), &others);
        }
        comparison
    }

    /// Whether nothing is missing, additional or in another order.
    pub(crate) fn is_equal(&self) -> bool {
        self.differing.is_empty()
    }

    /// One line of figures.
    pub(crate) fn summary(&self) -> String {
        let (equal, missing, extra) = (self.equal.len(), self.missing.len(), self.extra.len());
        format!(
            "{} apps ({} differ), {} routes: {equal} equal, {missing} missing or misplaced, {extra} extra or misplaced",
            self.apps,
            self.differing.len(),
            equal + missing,
        )
    }

    /// For each app that differs, its lines: `-` what FastAPI has, `+` what the binary says instead.
    pub(crate) fn diff(&self) -> String {
        self.differing.values().map(String::as_str).collect()
    }

    fn add(&mut self, app: &str, expected: Option<&'a Vec<Value>>, found: Option<&'a Vec<Value>>, others: &[&str]) {
        let note = match (expected, found) {
            (Some(_), None) => format!(" (not reported, only {})", others.join(", ")),
            (None, Some(_)) => " (no such app)".to_owned(),
            _ => String::new(),
        };
        let (expected, found) = (table(expected), table(found));
        let mut lines = format!("{app}{note}\n");
        let mut differs = !note.is_empty();
        for operation in TextDiff::from_slices(&texts(&expected), &texts(&found)).ops() {
            let (old, new) = (&expected[operation.old_range()], &found[operation.new_range()]);
            if let DiffOp::Equal { .. } = operation {
                self.equal.extend(old.iter().zip(new).map(|(old, new)| (old.1, new.1)));
                continue;
            }
            differs = true;
            self.missing.extend(old.iter().map(|row| row.1));
            self.extra.extend(new.iter().map(|row| row.1));
            for (sign, rows) in [('-', old), ('+', new)] {
                for (text, _) in rows {
                    writeln!(lines, "  {sign} {text}").expect("writing to a string");
                }
            }
        }
        if differs {
            self.differing.insert(app.to_owned(), lines);
        }
    }
}

/// The module of an app's name.
fn module(app: &str) -> &str {
    app.split(':').next().unwrap_or(app)
}

/// An app's routes in order, each with the line that must be equal.
fn table(routes: Option<&Vec<Value>>) -> Vec<(String, &Value)> {
    let mut rows: Vec<(String, String, &Value)> = routes
        .into_iter()
        .flatten()
        .map(|route| (text(route, "method").to_owned(), rest(route), route))
        .collect();
    // The methods of one route are a set: no order among them.
    rows.chunk_by_mut(|one, other| one.1 == other.1)
        .for_each(|methods| methods.sort_by(|one, other| one.0.cmp(&other.0)));
    rows.into_iter()
        .map(|(method, rest, route)| (format!("{method} {rest}"), route))
        .collect()
}

/// The line that must be equal for two routes to be the same one.
pub(crate) fn row(route: &Value) -> String {
    format!("{} {}", text(route, "method"), rest(route))
}

/// All but the method. What has no function, a mount or a frontend, has no place that FastAPI knows: there the binary
/// may name the call.
fn rest(route: &Value) -> String {
    let function = match route["endpoint"].as_str() {
        // It stands in FastAPI's own source; the binary names the place that makes the app.
        Some(name) if route["builtin"] == true => format!(" -> {name}"),
        Some(name) => format!(" -> {name} ({}:{})", text(route, "file"), route["line"]),
        None => String::new(),
    };
    format!("{} {}{function}", text(route, "path"), text(route, "kind"))
}

fn text<'a>(route: &'a Value, key: &str) -> &'a str {
    route[key].as_str().unwrap_or("-")
}

fn texts<'a>(rows: &'a [(String, &Value)]) -> Vec<&'a str> {
    rows.iter().map(|row| row.0.as_str()).collect()
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
        let reported = Reported {
            apps: [(name, found)].into(),
            ..Reported::default()
        };
        let comparison = Comparison::of(&reference, &reported);
        (
            comparison.is_equal(),
            comparison.equal.len(),
            comparison.missing.len(),
            comparison.extra.len(),
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
