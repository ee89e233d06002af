//! Path operations (`fastapi/openapi/utils.py`, `get_openapi_path`).

use crate::{
    body,
    dependencies::{self, Needs},
    json::{Object, deep_update, json, object},
    parameters, responses,
    schema::Schemas,
};
use model::{
    Reason,
    contract::{Data, PathOperation},
};
use serde_json::Value;

/// Methods whose bodies are described (`fastapi/openapi/constants.py`).
const WITH_BODY: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];

/// What all operations add to.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) security_schemes: Object,
    /// Whether some operation can fail validation.
    pub(crate) can_fail: bool,
}

/// The operation by its methods.
pub(crate) fn path_item(schemas: &mut Schemas<'_, '_>, operation: &PathOperation, shared: &mut Shared) -> Object {
    let mut item = Object::new();
    for method in &operation.methods {
        let said = said(schemas, operation, method, shared);
        item.insert(method.to_lowercase(), said.into());
    }
    item
}

fn said(schemas: &mut Schemas<'_, '_>, operation: &PathOperation, method: &str, shared: &mut Shared) -> Object {
    schemas.notes.begin();
    for why in &operation.unknown {
        schemas.notes.add(why);
    }
    let needs = dependencies::needs(&operation.dependant);
    let unique_id = unique_id(schemas, operation);
    let mut said = metadata(schemas, operation, &unique_id);
    if operation.deprecated {
        said.insert("deprecated".to_owned(), true.into());
    }
    let security = security(schemas, &needs, shared);
    if !security.is_empty() {
        said.insert("security".to_owned(), security.into());
    }
    let parameters = parameters::parameters(schemas, &needs);
    if !parameters.is_empty() {
        said.insert("parameters".to_owned(), parameters.into());
    }
    let body = body::body(schemas, &needs.body, &unique_id);
    if let Some(body) = &body
        && WITH_BODY.contains(&method)
    {
        let body = body.said(schemas);
        said.insert("requestBody".to_owned(), body.into());
    }
    if !operation.callbacks.is_empty() {
        let callbacks = callbacks(schemas, operation, shared);
        said.insert("callbacks".to_owned(), callbacks.into());
    }
    let mut responses = responses::responses(schemas, operation, &unique_id);
    if !needs.parameters.is_empty() || body.is_some() {
        responses::add_validation_error(&mut responses);
        shared.can_fail |= responses.contains_key("422");
    }
    said.insert("responses".to_owned(), responses.into());
    if let Some(Value::Object(extra)) = operation
        .attributes
        .get("openapi_extra")
        .and_then(|extra| json(extra, &mut schemas.notes))
    {
        deep_update(&mut said, &extra);
    }
    schemas.notes.end(&mut said);
    said
}

/// Tags, summary, description, operation id.
fn metadata(schemas: &mut Schemas<'_, '_>, operation: &PathOperation, unique_id: &str) -> Object {
    let mut said = Object::new();
    let tags: Vec<Value> = operation
        .tags
        .iter()
        .filter_map(|tag| json(tag, &mut schemas.notes))
        .collect();
    if !tags.is_empty() {
        said.insert("tags".to_owned(), tags.into());
    }
    let summary = match operation.attributes.get("summary") {
        Some(summary) if summary.truth() != Some(false) => json(summary, &mut schemas.notes),
        _ => Some(crate::json::title_case(&operation.name.replace('_', " ")).into()),
    };
    said.extend(summary.map(|summary| ("summary".to_owned(), summary)));
    let description = match operation.attributes.get("description") {
        Some(given) if given.truth() != Some(false) => json(given, &mut schemas.notes),
        _ => operation.doc.as_deref().map(Value::from),
    };
    if let Some(Value::String(text)) = description {
        let shown = text.split('\u{c}').next().unwrap_or_default().trim();
        if !shown.is_empty() {
            said.insert("description".to_owned(), shown.into());
        }
    }
    said.insert("operationId".to_owned(), unique_id.into());
    said
}

/// `operation_id`, or else what `generate_unique_id` makes.
fn unique_id(schemas: &mut Schemas<'_, '_>, operation: &PathOperation) -> String {
    let given = match operation.attributes.get("operation_id") {
        Some(given) if given.truth() != Some(false) => Some(given),
        _ => operation.unique_id.as_ref(),
    };
    match given {
        Some(Data::Str(id)) => return id.to_string(),
        Some(Data::Unknown(why)) => schemas.notes.add(why),
        _ => {}
    }
    if operation.methods.len() > 1 && given.is_none() {
        schemas.notes.add(&Reason {
            text: "which of its methods names the operation differs from run to run".into(),
            place: None,
        });
    }
    let method = operation.methods.first().map(|method| method.to_lowercase());
    let readable: String = format!("{}{}", operation.name, operation.path)
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' })
        .collect();
    format!("{readable}_{}", method.unwrap_or_default())
}

/// The schemes and the scopes that are asked of them.
fn security(schemas: &mut Schemas<'_, '_>, needs: &Needs<'_>, shared: &mut Shared) -> Vec<Value> {
    let mut asked: Vec<(String, Vec<Value>)> = Vec::new();
    for (scheme, scopes) in &needs.security {
        let Some(Value::String(name)) = json(&scheme.name, &mut schemas.notes) else {
            continue;
        };
        schemas.notes.begin();
        let definition = json(&scheme.definition, &mut schemas.notes);
        let mut definition = match definition {
            Some(Value::Object(definition)) => definition,
            _ => Object::new(),
        };
        schemas.notes.end(&mut definition);
        shared.security_schemes.insert(name.clone(), definition.into());
        let entry = match asked.iter_mut().position(|(known, _)| *known == name) {
            Some(known) => &mut asked[known],
            None => {
                asked.push((name, Vec::new()));
                let last = asked.len() - 1;
                &mut asked[last]
            }
        };
        for scope in scopes {
            let scope = Value::from(&**scope);
            if !entry.1.contains(&scope) {
                entry.1.push(scope);
            }
        }
    }
    asked
        .into_iter()
        .map(|(name, scopes)| Value::Object([(name, Value::from(scopes))].into_iter().collect()))
        .collect()
}

fn callbacks(schemas: &mut Schemas<'_, '_>, operation: &PathOperation, shared: &mut Shared) -> Object {
    let mut callbacks = Object::new();
    for callback in &operation.callbacks {
        let item = path_item(schemas, callback, shared);
        let by_path = object([(&*callback.path, item.into())]);
        callbacks.insert(callback.name.to_string(), by_path.into());
    }
    callbacks
}
