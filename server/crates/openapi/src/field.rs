//! Parameters, bodies and responses as FastAPI keeps them (`fastapi/_compat/v2.py`, `ModelField`).

use crate::{
    finish,
    json::{Object, title_case},
    schema::{Mode, Schemas},
};
use model::contract::{Attributes, Data, Default, Field, Type};
use std::sync::Arc;

/// The alias in requests; of parameters of FastAPI's own it is never missing.
pub(crate) fn alias(field: &Field) -> &str {
    field.attributes.text("alias").unwrap_or(&field.name)
}

/// `get_validation_alias`.
pub(crate) fn validation_alias(field: &Field) -> &str {
    match field.attributes.get("validation_alias") {
        Some(Data::Str(text)) if !text.is_empty() => text,
        _ => alias(field),
    }
}

/// The alias of a parameter and the name that clients send (`_get_param_aliases`, its first answer); `converts` makes
/// hyphens of underscores.
pub(crate) fn parameter_names(field: &Field, converts: bool, in_path: bool) -> (String, String) {
    if let Some(Data::List(choices)) = field.attributes.get("validation_alias")
        && !in_path
        && let Some(Data::Str(first)) = choices.first()
        && choices.iter().all(|choice| matches!(choice, Data::Str(_)))
    {
        return (first.to_string(), first.to_string());
    }
    let alias = validation_alias(field).to_owned();
    let name = if converts && alias == *field.name {
        alias.replace('_', "-")
    } else {
        alias.clone()
    };
    (alias, name)
}

/// The schema of a field with the title that FastAPI gives it.
pub(crate) fn schema_of(schemas: &mut Schemas<'_, '_>, field: &Field, mode: Mode, alias: &str) -> Option<Object> {
    let own_mode = schemas.mode_of(&field.ty, mode);
    let mut schema = schemas.field(field, own_mode)?;
    if !schemas.pydantic().has_keys_beside_references() {
        finish::wrap_reference(&mut schema);
    }
    if !schema.contains_key("$ref") {
        let title = match field.attributes.text("title") {
            Some(title) if !title.is_empty() => title.to_owned(),
            _ => title_case(alias).replace('_', " "),
        };
        schema.insert("title".to_owned(), title.into());
    }
    schemas.define_all(&field.ty, mode);
    Some(schema)
}

/// The schema of what is given back.
pub(crate) fn given_schema(schemas: &mut Schemas<'_, '_>, name: &str, ty: &Type) -> Object {
    let field = plain(name, ty.clone());
    schema_of(schemas, &field, Mode::Serialization, name).unwrap_or_default()
}

/// A field of which nothing but its type is said.
pub(crate) fn plain(name: &str, ty: Type) -> Field {
    Field {
        name: Arc::from(name),
        ty,
        metadata: Vec::new(),
        default: Default::Required,
        attributes: Attributes::default(),
    }
}
