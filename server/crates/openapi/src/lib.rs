//! The OpenAPI document of an app, out of its contract: what `app.openapi()` would say (`fastapi/openapi/utils.py`).
//!
//! Nothing is invented: where a part can't be known, the document says so under [`UNKNOWN`], and [`Document::unknown`] lists
//! all of it.

mod body;
mod dependencies;
mod field;
mod finish;
mod form;
mod json;
mod notes;
mod operation;
mod parameters;
mod responses;
mod schema;

pub use notes::{Say, UNKNOWN};

use crate::{
    json::{Object, json, object},
    notes::Notes,
    operation::Shared,
    schema::Schemas,
};
use model::contract::{Contract, PathOperation};
use serde_json::Value;
use std::collections::BTreeMap;

/// A document, and what it does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// OpenAPI 3.1, in the order in which FastAPI writes it.
    pub json: Value,
    /// Reasons, each once, as they are said in the document.
    pub unknown: Vec<String>,
}

/// What is left of the document of an app that serves nothing, with why.
#[must_use]
pub fn without_paths(document: Document, why: String) -> Document {
    let mut json = document.json;
    if let Value::Object(parts) = &mut json {
        parts.retain(|name, _| matches!(name.as_str(), "openapi" | "info"));
        parts.insert("paths".to_owned(), Object::new().into());
        parts.insert(UNKNOWN.to_owned(), vec![Value::from(why.as_str())].into());
    }
    Document {
        json,
        unknown: vec![why],
    }
}

/// Makes the document of a contract. `say` puts a reason and its place in words.
#[must_use]
pub fn document(contract: &Contract, say: Say<'_>) -> Document {
    let mut schemas = Schemas::new(contract, Notes::new(say));
    schemas.notes.begin();
    for why in &contract.unknown {
        schemas.notes.add(why);
    }
    let info = info(&mut schemas, contract);
    let mut shared = Shared::default();
    let paths = paths(&mut schemas, &contract.operations, &mut shared);
    let webhooks = paths_of_webhooks(&mut schemas, &contract.webhooks, &mut shared);
    let mut document = object([
        ("openapi", openapi_version(&mut schemas, contract)),
        ("info", info.into()),
    ]);
    add(&mut schemas, contract, "servers", "servers", &mut document);
    document.insert("paths".to_owned(), paths.into());
    if !webhooks.is_empty() {
        document.insert("webhooks".to_owned(), webhooks.into());
    }
    let (names, mut definitions) = schemas.name_definitions();
    if shared.can_fail {
        for (name, definition) in responses::validation_error_definitions(contract.fastapi) {
            if let Value::Object(definition) = definition {
                definitions.insert(name.to_owned(), definition);
            }
        }
    }
    let components = components(definitions, shared.security_schemes);
    if !components.is_empty() {
        document.insert("components".to_owned(), components.into());
    }
    add(&mut schemas, contract, "openapi_tags", "tags", &mut document);
    add(
        &mut schemas,
        contract,
        "openapi_external_docs",
        "externalDocs",
        &mut document,
    );
    schemas.notes.end(&mut document);
    let mut json = Value::Object(document);
    names.apply(&mut json);
    if !contract.pydantic.has_keys_beside_references() {
        finish::wrap_references(&mut json);
    }
    finish::finish(&mut json);
    Document {
        json,
        unknown: schemas.notes.into_all(),
    }
}

fn openapi_version(schemas: &mut Schemas<'_, '_>, contract: &Contract) -> Value {
    let given = contract.info.get("openapi_version");
    given
        .and_then(|data| json(data, &mut schemas.notes))
        .unwrap_or_else(|| "3.1.0".into())
}

/// `info`, in the order of FastAPI's model.
fn info(schemas: &mut Schemas<'_, '_>, contract: &Contract) -> Object {
    const NAMES: [(&str, &str); 7] = [
        ("title", "title"),
        ("summary", "summary"),
        ("description", "description"),
        ("terms_of_service", "termsOfService"),
        ("contact", "contact"),
        ("license_info", "license"),
        ("version", "version"),
    ];
    let mut info = Object::new();
    for (name, shown) in NAMES {
        let always = matches!(name, "title" | "version");
        let given = contract
            .info
            .get(name)
            .filter(|data| always || data.truth() != Some(false));
        if let Some(value) = given.and_then(|data| json(data, &mut schemas.notes)) {
            info.insert(shown.to_owned(), value);
        }
    }
    info
}

fn add(schemas: &mut Schemas<'_, '_>, contract: &Contract, name: &str, shown: &str, document: &mut Object) {
    let given = contract.info.get(name).filter(|data| data.truth() != Some(false));
    if let Some(value) = given.and_then(|data| json(data, &mut schemas.notes)) {
        document.insert(shown.to_owned(), value);
    }
}

/// Operations by path; several of one path and method are the last one.
fn paths(schemas: &mut Schemas<'_, '_>, operations: &[PathOperation], shared: &mut Shared) -> Object {
    let mut paths = Object::new();
    for operation in operations {
        let item = operation::path_item(schemas, operation, shared);
        let known = paths
            .entry(operation.path.to_string())
            .or_insert_with(|| Object::new().into());
        if let Value::Object(known) = known {
            known.extend(item);
        }
    }
    paths
}

fn paths_of_webhooks(schemas: &mut Schemas<'_, '_>, webhooks: &[PathOperation], shared: &mut Shared) -> Object {
    paths(schemas, webhooks, shared)
}

fn components(definitions: BTreeMap<String, Object>, security_schemes: Object) -> Object {
    let mut components = Object::new();
    if !definitions.is_empty() {
        let schemas: Object = definitions
            .into_iter()
            .map(|(name, schema)| (name, schema.into()))
            .collect();
        components.insert("schemas".to_owned(), schemas.into());
    }
    if !security_schemes.is_empty() {
        components.insert("securitySchemes".to_owned(), security_schemes.into());
    }
    components
}
