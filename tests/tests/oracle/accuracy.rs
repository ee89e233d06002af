//! How well the binary knows one project: its route table, and what both sides say of the routes that are equal.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;

use crate::{
    compare::{Comparison, row},
    reference::Reference,
    reported::Reported,
};

/// Fields of a route that are one value each.
const VALUES: [&str; 7] = [
    "name",
    "tags",
    "status_code",
    "operation_id",
    "deprecated",
    "include_in_schema",
    "response_model",
];

/// A field in figures. Of fields that are lists, each member counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// What FastAPI has.
    pub(crate) expected: usize,
    /// What both have.
    pub(crate) equal: usize,
    /// What only the binary has.
    pub(crate) extra: usize,
}

impl Count {
    pub(crate) fn add(&mut self, other: Self) {
        self.expected += other.expected;
        self.equal += other.equal;
        self.extra += other.extra;
    }
}

/// Routes in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Routes {
    /// What FastAPI has.
    pub(crate) expected: usize,
    /// What both have, in the same order.
    pub(crate) equal: usize,
    /// What both have, in another order.
    pub(crate) misplaced: usize,
    /// What only FastAPI has, while the report says at one of the calls that led to it that something is unknown, or lists
    /// what it is mounted in as something that can't be looked into.
    pub(crate) explained: usize,
    /// What only FastAPI has, without a word in the report.
    pub(crate) silent: usize,
    /// What only the binary has, and is sure of.
    pub(crate) invented: usize,
    /// What only the binary has, as conditional: its condition was false when the app was imported.
    pub(crate) conditional: usize,
}

impl Routes {
    pub(crate) fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.equal += other.equal;
        self.misplaced += other.misplaced;
        self.explained += other.explained;
        self.silent += other.silent;
        self.invented += other.invented;
        self.conditional += other.conditional;
    }
}

/// The accuracy on one project.
#[derive(Default)]
pub(crate) struct Accuracy {
    pub(crate) routes: Routes,
    pub(crate) fields: BTreeMap<&'static str, Count>,
    /// The lines of routes that are invented or missing without a word.
    pub(crate) wrong: Vec<String>,
    /// Everything that differs, one line each, for whoever improves it.
    pub(crate) differences: String,
}

impl Accuracy {
    /// Compares what the binary says with what FastAPI says of the apps that were imported.
    pub(crate) fn of(reference: &Reference, reported: &Reported) -> Self {
        let comparison = Comparison::of_imported(reference, reported);
        let mut accuracy = Self {
            differences: comparison.diff(),
            ..Self::default()
        };
        accuracy.count_routes(&comparison, reported);
        for (expected, found) in &comparison.equal {
            accuracy.count_fields(expected, found);
        }
        for (_, _, entry) in &reported.unresolved {
            accuracy.note(&format!("unresolved {entry}"));
        }
        accuracy
    }

    /// Whether a field is compared and nothing in it is wrong.
    pub(crate) fn is_exact(&self, field: &str) -> bool {
        let count = self.fields.get(field).copied().unwrap_or_default();
        count.expected > 0 && count.equal == count.expected && count.extra == 0
    }

    fn note(&mut self, line: &str) {
        writeln!(self.differences, "{line}").expect("writing to a string");
    }

    fn count_routes(&mut self, comparison: &Comparison<'_>, reported: &Reported) {
        self.routes.expected = comparison.equal.len() + comparison.missing.len();
        self.routes.equal = comparison.equal.len();
        let mut elsewhere: Vec<String> = comparison.extra.iter().map(|route| row(route)).collect();
        let mut moved = Vec::new();
        let mounts: Vec<&Value> = comparison
            .extra
            .iter()
            .copied()
            .filter(|route| covers(route, &comparison.missing))
            .collect();
        for route in &comparison.missing {
            let line = row(route);
            if let Some(index) = elsewhere.iter().position(|other| *other == line) {
                self.routes.misplaced += 1;
                moved.push(elsewhere.swap_remove(index));
            } else if is_explained(route, reported) || mounts.iter().any(|mount| is_below(route, mount)) {
                self.routes.explained += 1;
            } else {
                self.routes.silent += 1;
                self.note(&format!("silent miss: {line}"));
                self.wrong.push(format!("missing without a word: {line}"));
            }
        }
        for route in &comparison.extra {
            let line = row(route);
            if let Some(index) = moved.iter().position(|other| *other == line) {
                moved.swap_remove(index);
            } else if mounts.contains(route) {
                self.note(&format!("not looked into: {line}"));
            } else if route["conditional"] == true {
                self.routes.conditional += 1;
            } else {
                self.routes.invented += 1;
                self.note(&format!("invented: {line}"));
                self.wrong.push(format!("invented: {line}"));
            }
        }
    }

    fn count_fields(&mut self, expected: &Value, found: &Value) {
        let operation = row(expected);
        for field in VALUES {
            if let (Some(expected), Some(found)) = (expected.get(field), found.get(field)) {
                let one = |value: &Value| BTreeSet::from([spelling(field, value)]);
                self.count(&operation, field, &one(expected), &one(found));
            }
        }
        if let (Some(expected), Some(found)) = (expected.get("parameters"), found.get("parameters")) {
            self.count(
                &operation,
                "parameters",
                &expected_parameters(expected),
                &parameters(found),
            );
        }
        if let (Some(expected), Some(found)) = (expected.get("dependencies"), found.get("dependencies")) {
            let found = dependencies(found);
            let expected = dependencies(expected).into_iter().map(|one| without_place(one, &found));
            self.count(&operation, "dependencies", &expected.collect(), &found);
        }
    }

    fn count(&mut self, operation: &str, field: &'static str, expected: &BTreeSet<String>, found: &BTreeSet<String>) {
        let equal = expected.intersection(found).count();
        let count = self.fields.entry(field).or_default();
        count.expected += expected.len();
        count.equal += equal;
        count.extra += found.len() - equal;
        if expected != found {
            let only = |one: &BTreeSet<String>, other| {
                let members: Vec<&str> = one.difference(other).map(String::as_str).collect();
                members.join(", ")
            };
            let (expected, found) = (only(expected, found), only(found, expected));
            self.note(&format!("{field}: {operation}\n  - {expected}\n  + {found}"));
        }
    }
}

/// A part of a whole, if there is anything.
pub(crate) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Whether the report says, at one of the calls that led to a route, that something there is not known.
fn is_explained(route: &Value, reported: &Reported) -> bool {
    let calls = route["calls"].as_array().into_iter().flatten();
    calls.into_iter().any(|call| {
        let lines = call[1].as_u64().unwrap_or(0)..=call[2].as_u64().unwrap_or(0);
        let mut entries = reported.unresolved.iter();
        entries.any(|(file, line, _)| call[0] == file.as_str() && lines.contains(line))
    })
}

/// A value as it is compared. Of a type, both sides write what one would read in source, and there are several ways to
/// write the same.
fn spelling(field: &str, value: &Value) -> String {
    let mut text = value.to_string();
    if field == "response_model" {
        for (old, new) in [
            ("Dict[", "dict["),
            ("List[", "list["),
            ("Tuple[", "tuple["),
            ("Set[", "set["),
            (", Ellipsis]", ", ...]"),
        ] {
            text = text.replace(old, new);
        }
    }
    text
}

/// Whether what is told is a mount that can't be looked into, where FastAPI has routes.
fn covers(route: &Value, missing: &[&Value]) -> bool {
    route["kind"] == "mount" && missing.iter().any(|other| is_below(other, route))
}

/// Whether a route is served below a mount of the same app.
fn is_below(route: &Value, mount: &Value) -> bool {
    let rest = text(route, "path").strip_prefix(text(mount, "path"));
    route["app"] == mount["app"] && rest.is_some_and(|rest| rest.starts_with('/'))
}

/// The parameters of a report.
fn parameters(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|one| parameter(text(one, "in"), text(one, "name"), one["required"] == true))
        .collect()
}

/// The parameters that the oracle lists: models whose fields are parameters each are taken apart.
fn expected_parameters(list: &Value) -> BTreeSet<String> {
    let mut parameters = BTreeSet::new();
    for one in list.as_array().into_iter().flatten() {
        let place = match one["media"].as_str() {
            Some(media @ ("form" | "file")) => media,
            _ => text(one, "in"),
        };
        let own = [one.clone()];
        let fields = one.get("fields").and_then(Value::as_array);
        for field in fields.map_or(own.as_slice(), Vec::as_slice) {
            parameters.insert(parameter(place, text(field, "alias"), field["required"] == true));
        }
    }
    parameters
}

/// A parameter as a client sees it: place, name, whether it is required.
fn parameter(place: &str, name: &str, is_required: bool) -> String {
    format!("{place} {name}{}", if is_required { "" } else { "?" })
}

/// The functions of the flattened tree of dependencies.
fn dependencies(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|one| match one["file"].as_str() {
        Some(file) => format!("{} ({file}:{})", text(one, "name"), one["line"]),
        None => text(one, "name").to_owned(),
    })
    .collect()
}

/// A dependency out of a library, as the report names it where it doesn't read that library.
fn without_place(dependency: String, found: &BTreeSet<String>) -> String {
    match dependency.split_once(" (<") {
        Some((name, _)) if found.contains(name) => name.to_owned(),
        _ => dependency,
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn each_kind_of_difference_is_counted_as_what_it_is() {
    let route = |path: &str, more: Value| {
        let mut route = serde_json::json!({"app": "m:app", "method": "GET", "path": path, "kind": "http", "endpoint": "f", "line": 1});
        let fields = more.as_object().expect("an object").clone();
        route.as_object_mut().expect("an object").extend(fields);
        route
    };
    let none = || serde_json::json!({});
    let mount = serde_json::json!({"method": "MOUNT", "kind": "mount", "endpoint": null});
    let reference = Reference {
        apps: [(
            "m:app".to_owned(),
            vec![
                route("/a", none()),
                route("/late", none()),
                route("/b", none()),
                route("/said", serde_json::json!({"calls": [["m.py", 3, 5]]})),
                route("/unsaid", serde_json::json!({"calls": [["m.py", 7, 7]]})),
                route("/inner/c", none()),
            ],
        )]
        .into(),
        ..Reference::default()
    };
    let reported = Reported {
        apps: [(
            "m:app".to_owned(),
            vec![
                route("/a", none()),
                route("/b", none()),
                route("/late", none()),
                route("/perhaps", serde_json::json!({"conditional": true})),
                route("/never", none()),
                route("/inner", mount),
            ],
        )]
        .into(),
        unresolved: vec![("m.py".to_owned(), 4, none())],
        ..Reported::default()
    };
    let expected = Routes {
        expected: 6,
        equal: 2,
        misplaced: 1,
        explained: 2,
        silent: 1,
        invented: 1,
        conditional: 1,
    };
    assert_eq!(Accuracy::of(&reference, &reported).routes, expected);
}
