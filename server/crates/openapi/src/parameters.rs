//! `parameters` of an operation (`fastapi/openapi/utils.py`, `_get_openapi_operation_parameters`).

use crate::{
    dependencies::Needs,
    field,
    json::{Object, json, object},
    schema::{Mode, Schemas},
};
use model::{
    ParamIn,
    contract::{ClassRef, Data, Field, Metadata, Parameter, Type},
};
use serde_json::Value;

/// The groups in which parameters are listed.
const PLACES: [ParamIn; 4] = [ParamIn::Path, ParamIn::Query, ParamIn::Header, ParamIn::Cookie];

/// The parameters of an operation, each once; those that are required win.
pub(crate) fn parameters(schemas: &mut Schemas<'_, '_>, needs: &Needs<'_>) -> Vec<Value> {
    let mut listed: Vec<Object> = Vec::new();
    for place in PLACES {
        let here = needs.parameters.iter().filter(|parameter| parameter.place_in == place);
        let is_alone = here.clone().count() == 1;
        for parameter in here {
            if parameter.field.attributes.given("include_in_schema") != Some(&Data::Bool(false)) {
                add(schemas, parameter, is_alone, &mut listed);
            }
        }
    }
    let is_same = |a: &Object, b: &Object| a["in"] == b["in"] && a["name"] == b["name"];
    let mut merged: Vec<Object> = Vec::new();
    for required_only in [false, true] {
        for parameter in &listed {
            if required_only && parameter["required"] != true {
                continue;
            }
            match merged.iter_mut().find(|known| is_same(known, parameter)) {
                Some(known) => *known = parameter.clone(),
                None => merged.push(parameter.clone()),
            }
        }
    }
    merged.into_iter().map(Value::Object).collect()
}

fn add(schemas: &mut Schemas<'_, '_>, parameter: &Parameter, is_alone: bool, listed: &mut Vec<Object>) {
    let own = &parameter.field;
    let converts = |field: &Field| {
        let given = field.attributes.get("convert_underscores");
        let given = given.or_else(|| own.attributes.get("convert_underscores"));
        parameter.place_in == ParamIn::Header && given != Some(&Data::Bool(false))
    };
    let model = parameter_model(schemas, parameter).filter(|_| may_be_model(schemas, parameter, is_alone));
    let Some(model) = model else {
        let mut field = own.clone();
        if converts(own) && own.attributes.get("alias").is_none() {
            let name: &str = &own.name.replace('_', "-");
            set_alias(&mut field, name);
        }
        let in_path = parameter.place_in == ParamIn::Path;
        let (alias, name) = field::parameter_names(&field, converts(own), in_path);
        listed.extend(said(schemas, parameter.place_in, &field, &alias, &name, false));
        return;
    };
    let is_optional = schemas.model(&own.ty).is_none() && !own.is_required();
    for field in schemas.class(model).fields.clone() {
        let (alias, name) = field::parameter_names(&field, converts(&field), false);
        listed.extend(said(schemas, parameter.place_in, &field, &alias, &name, is_optional));
    }
}

/// FastAPI's own alias, of which the schema's title comes.
fn set_alias(field: &mut Field, alias: &str) {
    field.attributes = field
        .attributes
        .iter()
        .map(|(name, value)| (name, value.clone()))
        .filter(|(name, _)| *name != "alias")
        .chain([("alias", Data::Str(alias.into()))])
        .collect();
}

fn said(
    schemas: &mut Schemas<'_, '_>,
    place: ParamIn,
    field: &Field,
    alias: &str,
    name: &str,
    is_optional: bool,
) -> Option<Object> {
    schemas.notes.begin();
    let schema = field::schema_of(schemas, field, Mode::Validation, alias);
    let mut parameter = object([
        ("name", name.into()),
        ("in", place.as_str().into()),
        ("required", (field.is_required() && !is_optional).into()),
        ("schema", schema.unwrap_or_default().into()),
    ]);
    if let Some(description) = field.attributes.get("description")
        && description.truth() != Some(false)
    {
        let description = json(description, &mut schemas.notes);
        parameter.extend(description.map(|text| ("description".to_owned(), text)));
    }
    examples(schemas, field, &mut parameter);
    if field.attributes.is_true("deprecated") {
        parameter.insert("deprecated".to_owned(), true.into());
    }
    schemas.notes.end(&mut parameter);
    Some(parameter)
}

/// `examples` and `example` of a parameter or body.
pub(crate) fn examples(schemas: &mut Schemas<'_, '_>, field: &Field, into: &mut Object) {
    let (name, key) = match field.attributes.get("openapi_examples") {
        Some(examples) if examples.truth() != Some(false) => ("openapi_examples", "examples"),
        _ => ("example", "example"),
    };
    if let Some(value) = field
        .attributes
        .get(name)
        .and_then(|data| json(data, &mut schemas.notes))
    {
        into.insert(key.to_owned(), value);
    }
}

/// Whether the version takes the fields of a model for parameters there.
fn may_be_model(schemas: &Schemas<'_, '_>, parameter: &Parameter, is_alone: bool) -> bool {
    let fastapi = schemas.fastapi();
    let is_optional = schemas.model(&parameter.field.ty).is_none();
    if is_optional {
        fastapi.has_optional_parameter_models()
    } else {
        is_alone || fastapi.has_parameter_models_beside_others()
    }
}

/// The model whose fields are parameters (`_get_param_model`).
fn parameter_model(schemas: &Schemas<'_, '_>, parameter: &Parameter) -> Option<ClassRef> {
    let is_json = parameter
        .field
        .metadata
        .iter()
        .any(|item| matches!(item, Metadata::Input(Type::Json(_))));
    if is_json {
        return None;
    }
    match parameter.place_in {
        ParamIn::Query | ParamIn::Header | ParamIn::Cookie => optional_model(schemas, &parameter.field.ty),
        _ => schemas.model(&parameter.field.ty),
    }
}

/// A model, or a model and `None` (`_get_model_type`).
pub(crate) fn optional_model(schemas: &Schemas<'_, '_>, ty: &Type) -> Option<ClassRef> {
    match ty {
        Type::Union(members) => match members.as_slice() {
            [one, Type::None] | [Type::None, one] => schemas.model(one),
            _ => None,
        },
        ty => schemas.model(ty),
    }
}
