//! What both sides say of the operations that they agree on, field by field.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use crate::{reference::Reference, reported::Reported};

/// Fields of `routes --format json` whose value is compared as it stands.
const FIELDS: [&str; 7] = [
    "name",
    "tags",
    "status_code",
    "response_model",
    "operation_id",
    "deprecated",
    "include_in_schema",
];

/// How often a field was compared and how often it agreed.
#[derive(Default)]
struct Count {
    compared: usize,
    equal: usize,
}

/// Agreement by field.
pub(crate) struct Table {
    counts: BTreeMap<&'static str, Count>,
    differences: Vec<String>,
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

    /// One line for each value that differs.
    pub(crate) fn differences(&self) -> &[String] {
        &self.differences
    }

    fn add(&mut self, app: &str, expected: &Value, found: &Value) {
        for field in FIELDS {
            let (Some(expected), Some(value)) = (expected.get(field), found.get(field)) else {
                continue;
            };
            let count = self.counts.entry(field).or_default();
            count.compared += 1;
            if expected == value {
                count.equal += 1;
            } else {
                let (method, path) = (&found["method"], &found["path"]);
                self.differences.push(format!(
                    "{app} {method} {path}: {field} is {expected}, reported as {value}"
                ));
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (field, Count { compared, equal }) in &self.counts {
            writeln!(to, "{field:18} {equal:5} of {compared:5} equal")?;
        }
        Ok(())
    }
}

fn key(route: &Value) -> [&Value; 4] {
    ["method", "path", "endpoint", "line"].map(|field| &route[field])
}
