//! What both sides say of the operations that they agree on, field by field.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use crate::{reference::Reference, reported::Reported};

/// Fields of `routes --format json` that must agree.
const PROMISED: [&str; 6] = [
    "name",
    "tags",
    "status_code",
    "operation_id",
    "deprecated",
    "include_in_schema",
];

/// Fields of it that are compared.
const COMPARED: [&str; 7] = [
    "name",
    "tags",
    "status_code",
    "operation_id",
    "deprecated",
    "include_in_schema",
    "response_model",
];

/// A parameter as a client sees it: place, name, whether it is required.
type Parameter = (String, String, bool);

/// How often a field was compared and how often it agreed.
#[derive(Default)]
struct Count {
    compared: usize,
    equal: usize,
}

/// Agreement by field; shown with every difference.
pub(crate) struct Table {
    counts: BTreeMap<&'static str, Count>,
    /// The field and a sentence.
    differences: Vec<(&'static str, String)>,
}

impl Table {
    /// Compares the operations that stand in both, found by app, method, path and function.
    pub(crate) fn of(reference: &Reference, reported: &Reported) -> Self {
        let mut table = Self {
            counts: BTreeMap::new(),
            differences: Vec::new(),
        };
        for (app, expected) in &reference.apps {
            for route in reported.apps.get(app).into_iter().flatten() {
                if let Some(expected) = expected.iter().find(|expected| key(expected) == key(route)) {
                    table.add(app, expected, route);
                }
            }
        }
        table
    }

    /// The number of values compared.
    pub(crate) fn compared(&self) -> usize {
        self.counts.values().map(|count| count.compared).sum()
    }

    /// Differences in fields that must agree.
    pub(crate) fn broken_promises(&self) -> Vec<&str> {
        let broken = self.differences.iter().filter(|(field, _)| PROMISED.contains(field));
        broken.map(|(_, sentence)| sentence.as_str()).collect()
    }

    fn add(&mut self, app: &str, expected: &Value, found: &Value) {
        let operation = format!("{app} {} {}", text(found, "method"), text(found, "path"));
        for field in COMPARED {
            if let (Some(expected), Some(found)) = (expected.get(field), found.get(field)) {
                self.count(&operation, field, expected == found, || {
                    (expected.to_string(), found.to_string())
                });
            }
        }
        if let (Some(expected), Some(found)) = (expected.get("parameters"), found.get("parameters")) {
            let (expected, found) = (expected_parameters(expected), parameters(found));
            let only = |one: &BTreeSet<Parameter>, other| format!("{:?}", one.difference(other).collect::<Vec<_>>());
            let differing = || (only(&expected, &found), only(&found, &expected));
            self.count(&operation, "parameters", expected == found, differing);
        }
    }

    fn count(
        &mut self,
        operation: &str,
        field: &'static str,
        is_equal: bool,
        differing: impl FnOnce() -> (String, String),
    ) {
        let count = self.counts.entry(field).or_default();
        count.compared += 1;
        count.equal += usize::from(is_equal);
        if !is_equal {
            let (expected, found) = differing();
            let sentence = format!("{operation}: {field} is {expected}, reported as {found}");
            self.differences.push((field, sentence));
        }
    }
}

/// The parameters of a report.
fn parameters(list: &Value) -> BTreeSet<Parameter> {
    let list = list.as_array().into_iter().flatten();
    list.map(|one| (text(one, "in"), text(one, "name"), one["required"] == true))
        .collect()
}

/// The parameters that the oracle lists: models whose fields are parameters each are taken apart.
fn expected_parameters(list: &Value) -> BTreeSet<Parameter> {
    let mut parameters = BTreeSet::new();
    for one in list.as_array().into_iter().flatten() {
        let place = match one["media"].as_str() {
            Some(media @ ("form" | "file")) => media.to_owned(),
            _ => text(one, "in"),
        };
        match one.get("fields").and_then(Value::as_array) {
            Some(fields) => parameters.extend(
                fields
                    .iter()
                    .map(|field| (place.clone(), text(field, "alias"), field["required"] == true)),
            ),
            None => {
                parameters.insert((place, text(one, "alias"), one["required"] == true));
            }
        }
    }
    parameters
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl fmt::Display for Table {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, sentence) in &self.differences {
            writeln!(to, "{sentence}")?;
        }
        for (field, Count { compared, equal }) in &self.counts {
            writeln!(to, "{field:18} {equal:5} of {compared:5} equal")?;
        }
        Ok(())
    }
}

fn key(route: &Value) -> [&Value; 3] {
    ["method", "path", "endpoint"].map(|field| &route[field])
}
