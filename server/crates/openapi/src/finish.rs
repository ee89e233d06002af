//! What FastAPI's own model of OpenAPI does to the document when it is read into it (`fastapi/openapi/models.py`): nothing
//! that is `null` stays, limits of numbers are floats, addresses are whole.

use crate::json::Object;
use serde_json::{Number, Value, json};

/// Keys of a schema that hold numbers of any kind.
const NUMBERS: [&str; 5] = [
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
];
/// Keys of a schema that hold a schema.
const ONE: [&str; 13] = [
    "not",
    "if",
    "then",
    "else",
    "items",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
    "itemSchema",
    "schema",
];
/// Keys of a schema that hold a list of them.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keys of a schema that hold them by name.
const NAMED: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];

/// Brings a document into the form in which FastAPI gives it.
pub(crate) fn finish(document: &mut Value) {
    without_null(document);
    let Value::Object(document) = document else { return };
    if let Some(info) = object(document, "info") {
        for key in ["contact", "license"] {
            if let Some(part) = object(info, key) {
                address(part);
            }
        }
    }
    if let Some(docs) = object(document, "externalDocs") {
        address(docs);
    }
    if let Some(components) = object(document, "components")
        && let Some(schemas) = object(components, "schemas")
    {
        schemas.values_mut().for_each(schema);
    }
    // A path with parameters stays as it is: it may be anything there, and no model fits it exactly.
    if let Some(paths) = object(document, "paths") {
        let plain = paths.values_mut().filter(|item| !has_parameters(item));
        plain.for_each(path_item);
    }
    if let Some(webhooks) = object(document, "webhooks") {
        webhooks.values_mut().for_each(path_item);
    }
}

fn object<'v>(parent: &'v mut Object, key: &str) -> Option<&'v mut Object> {
    parent.get_mut(key)?.as_object_mut()
}

fn without_null(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.retain(|_, value| !value.is_null());
            entries.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// Whether an operation of a path, or of a callback of it, has parameters.
fn has_parameters(item: &Value) -> bool {
    let operations = item.as_object().into_iter().flat_map(Object::values);
    operations.filter_map(Value::as_object).any(|operation| {
        let callbacks = operation.get("callbacks").and_then(Value::as_object);
        operation.contains_key("parameters")
            || callbacks
                .into_iter()
                .flat_map(Object::values)
                .filter_map(Value::as_object)
                .flat_map(Object::values)
                .any(has_parameters)
    })
}

fn path_item(item: &mut Value) {
    let Some(item) = item.as_object_mut() else { return };
    for operation in item.values_mut().filter_map(Value::as_object_mut) {
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            parameters.iter_mut().filter_map(Value::as_object_mut).for_each(media);
        }
        if let Some(body) = object(operation, "requestBody") {
            contents(body);
        }
        if let Some(responses) = object(operation, "responses") {
            responses
                .values_mut()
                .filter_map(Value::as_object_mut)
                .for_each(contents);
        }
        if let Some(callbacks) = object(operation, "callbacks") {
            for callback in callbacks.values_mut().filter_map(Value::as_object_mut) {
                callback.values_mut().for_each(path_item);
            }
        }
    }
}

fn contents(part: &mut Object) {
    if let Some(content) = object(part, "content") {
        content.values_mut().filter_map(Value::as_object_mut).for_each(media);
    }
}

fn media(part: &mut Object) {
    if let Some(found) = part.get_mut("schema") {
        schema(found);
    }
}

fn schema(value: &mut Value) {
    let Some(schema_object) = value.as_object_mut() else {
        return;
    };
    for key in NUMBERS {
        if let Some(number) = schema_object.get_mut(key)
            && let Some(float) = number.as_f64().and_then(Number::from_f64)
        {
            *number = Value::Number(float);
        }
    }
    for key in ONE {
        if let Some(inner) = schema_object.get_mut(key) {
            schema(inner);
        }
    }
    for key in LISTS {
        if let Some(Value::Array(items)) = schema_object.get_mut(key) {
            items.iter_mut().for_each(schema);
        }
    }
    for key in NAMED {
        if let Some(entries) = object(schema_object, key) {
            entries.values_mut().for_each(schema);
        }
    }
}

/// `AnyUrl` ends an address without a path in a slash.
fn address(part: &mut Object) {
    if let Some(Value::String(url)) = part.get_mut("url")
        && let Some((_, rest)) = url.split_once("://")
        && !rest.contains(['/', '?', '#'])
    {
        url.push('/');
    }
}

/// Puts a reference that has other keys beside it into `allOf`.
pub(crate) fn wrap_reference(schema: &mut Object) {
    if schema.len() > 1
        && let Some(reference) = schema.shift_remove("$ref")
    {
        schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }
}

/// The same everywhere in a document; what users give as values stays as it is.
pub(crate) fn wrap_references(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            wrap_reference(entries);
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("default" | "example" | "examples" | "const" | "enum", _) => {}
                    // Names of the user's, which may be any of those.
                    ("properties" | "schemas", Value::Object(named)) => named.values_mut().for_each(wrap_references),
                    (_, value) => wrap_references(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(wrap_references),
        _ => {}
    }
}
