//! OpenAPI documents side by side, operation by operation: an operation counts with every schema and security scheme that it refers
//! to. The order of keys does not count, that of lists does.

use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Where a document says what it does not know.
const UNKNOWN: &str = "x-routewright-unknown";
/// The prefix of references to schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// Documents by the names of their apps.
pub(crate) type Documents = BTreeMap<String, Value>;

/// Agreement, and what differs.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) operations: usize,
    pub(crate) equal: usize,
    /// Documents that differ outside their operations.
    documents: BTreeSet<String>,
    differences: Vec<Difference>,
}

struct Difference {
    /// App, method and path.
    operation: String,
    /// The last key on the way to the difference, and the part it is in.
    cause: String,
    /// Both sides.
    sentence: String,
    /// Whether the document says that it does not know.
    is_said: bool,
}

impl Table {
    /// Compares the document of each app with what is said of it.
    pub(crate) fn of(reference: &Documents, document: impl Fn(&str) -> Option<Value>) -> Self {
        let mut table = Self::default();
        for (app, expected) in reference {
            let found = document(app).unwrap_or_default();
            for part in ["paths", "webhooks"] {
                table.part(app, part, expected, &found);
            }
            let rest = |document: &Value| {
                let mut rest = document.clone();
                if let Some(rest) = rest.as_object_mut() {
                    rest.retain(|key, _| !matches!(key.as_str(), "paths" | "webhooks" | "components"));
                }
                rest
            };
            if rest(expected) != rest(&found) {
                table.documents.insert(app.clone());
            }
        }
        table
    }

    /// Whether nothing differs.
    pub(crate) fn is_equal(&self) -> bool {
        self.equal == self.operations && self.differences.is_empty() && self.documents.is_empty()
    }

    /// Operations that differ without a word about it.
    pub(crate) fn invented(&self) -> Vec<&str> {
        let unsaid = self.differences.iter().filter(|difference| !difference.is_said);
        unsaid.map(|difference| difference.sentence.as_str()).collect()
    }

    /// What differs by cause, most frequent first, with the number of operations.
    pub(crate) fn causes(&self) -> Vec<(&str, usize)> {
        let causes = self.by_cause().into_iter();
        causes.map(|(cause, differences)| (cause, differences.len())).collect()
    }

    fn by_cause(&self) -> Vec<(&str, Vec<&Difference>)> {
        let mut causes: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
        for difference in &self.differences {
            causes.entry(&difference.cause).or_default().push(difference);
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, differences)| std::cmp::Reverse(differences.len()));
        causes
    }

    fn part(&mut self, app: &str, part: &str, expected: &Value, found: &Value) {
        let (wanted, given) = (operations(&expected[part]), operations(&found[part]));
        let both: BTreeSet<&(String, String)> = wanted.keys().chain(given.keys()).collect();
        for key in both {
            let operation = format!("{app} {} {}", key.1.to_uppercase(), key.0);
            self.operations += usize::from(wanted.contains_key(key));
            let whole = |operations: &BTreeMap<_, &Value>, document| {
                operations
                    .get(key)
                    .map_or(Value::Null, |operation| closure(operation, document))
            };
            let (expected, found) = (whole(&wanted, expected), whole(&given, found));
            match first_difference(&expected, &found, &mut Vec::new()) {
                None => self.equal += 1,
                Some((way, sentence)) => {
                    let key = way.iter().rev().find(|key| key.parse::<usize>().is_err());
                    let cause = match (way.first(), key) {
                        (Some(first), Some(last)) => format!("{first}: {last}"),
                        _ => "the whole operation".to_owned(),
                    };
                    self.differences.push(Difference {
                        sentence: format!("{operation}: {}: {sentence}", way.join("/")),
                        is_said: found.to_string().contains(UNKNOWN),
                        operation,
                        cause,
                    });
                }
            }
        }
    }
}

/// Operations by path and method.
fn operations(paths: &Value) -> BTreeMap<(String, String), &Value> {
    let mut found = BTreeMap::new();
    for (path, item) in paths.as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            found.insert((path.clone(), method.clone()), operation);
        }
    }
    found
}

/// An operation with what it refers to.
fn closure(operation: &Value, document: &Value) -> Value {
    let mut schemas = Map::new();
    collect(operation, document, &mut schemas);
    let mut security = Map::new();
    for requirement in operation["security"].as_array().into_iter().flatten() {
        for name in requirement.as_object().into_iter().flat_map(Map::keys) {
            security.insert(name.clone(), document["components"]["securitySchemes"][name].clone());
        }
    }
    json!({"operation": operation, "schemas": schemas, "security": security})
}

fn collect(value: &Value, document: &Value, schemas: &mut Map<String, Value>) {
    match value {
        Value::Object(entries) => {
            let reference = entries.get("$ref").and_then(Value::as_str);
            if let Some(name) = reference.and_then(|reference| reference.strip_prefix(SCHEMAS))
                && !schemas.contains_key(name)
            {
                let schema = &document["components"]["schemas"][name];
                schemas.insert(name.to_owned(), schema.clone());
                collect(schema, document, schemas);
            }
            entries.values().for_each(|entry| collect(entry, document, schemas));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, document, schemas)),
        _ => {}
    }
}

/// The way to the first difference, and both sides of it.
fn first_difference(expected: &Value, found: &Value, way: &mut Vec<String>) -> Option<(Vec<String>, String)> {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            keys.into_iter().find_map(|key| {
                way.push(key.clone());
                let (one, other) = (one.get(key), other.get(key));
                let difference = match (one, other) {
                    (Some(one), Some(other)) => first_difference(one, other, way),
                    _ => Some((way.clone(), sides(one, other))),
                };
                way.pop();
                difference
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).enumerate().find_map(|(i, (one, other))| {
                way.push(i.to_string());
                let difference = first_difference(one, other, way);
                way.pop();
                difference
            })
        }
        _ => (expected != found).then(|| (way.clone(), sides(Some(expected), Some(found)))),
    }
}

fn sides(expected: Option<&Value>, found: Option<&Value>) -> String {
    let said = |side: Option<&Value>| side.map_or("nothing".to_owned(), Value::to_string);
    format!("{} is said as {}", said(expected), said(found))
}

impl fmt::Display for Table {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (cause, differences) in self.by_cause() {
            writeln!(to, "{:5}  {cause}", differences.len())?;
            for difference in differences {
                writeln!(to, "         {}", difference.sentence)?;
            }
        }
        for app in &self.documents {
            writeln!(to, "       {app}: differs outside its operations")?;
        }
        let differing: BTreeSet<&str> = self
            .differences
            .iter()
            .map(|difference| difference.operation.as_str())
            .collect();
        writeln!(
            to,
            "{} of {} operations are equal, {} differ",
            self.equal,
            self.operations,
            differing.len()
        )
    }
}

#[test]
fn a_schema_behind_a_reference_counts() {
    let document = |kind: &str| {
        json!({
            "paths": {"/a": {"get": {"responses": {"200": {"schema": {"$ref": "#/components/schemas/A"}}}}}},
            "components": {"schemas": {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {"type": kind}}},
        })
    };
    let reference: Documents = [("m:app".to_owned(), document("string"))].into();
    let table = |found: Value| Table::of(&reference, |_| Some(found.clone()));
    assert!(table(document("string")).is_equal());
    let other = table(document("integer"));
    assert_eq!((other.operations, other.equal, other.invented().len()), (1, 0, 1));
    assert!(!table(json!({})).is_equal());
}
