//! Models in forms (`fastapi/dependencies/utils.py`, `_get_form_models`, `_apply_form_body_schema`).

use crate::{
    body, field,
    json::{Object, object},
    parameters::optional_model,
    schema::{Mode, Schemas},
};
use model::{
    ParamIn,
    contract::{Class, ClassRef, Data, Parameter, Type},
};
use serde_json::{Value, json};

/// The models that a form parameter is read into; none for plain values.
pub(crate) fn models(schemas: &Schemas<'_, '_>, parameter: &Parameter) -> Vec<ClassRef> {
    let is_form = matches!(parameter.place_in, ParamIn::Form | ParamIn::File);
    let fastapi = schemas.fastapi();
    if !is_form || parameter.field.attributes.is_true("embed") || !fastapi.has_form_models_beside_others() {
        return Vec::new();
    }
    if let Some(model) = optional_model(schemas, &parameter.field.ty) {
        return vec![model];
    }
    if !fastapi.has_unions_of_form_models() {
        return Vec::new();
    }
    union_models(schemas, &parameter.field.ty)
}

fn union_models(schemas: &Schemas<'_, '_>, ty: &Type) -> Vec<ClassRef> {
    let Type::Union(members) = ty else {
        return Vec::new();
    };
    let mut models = Vec::new();
    for member in members.iter().filter(|member| **member != Type::None) {
        let inner = match member {
            Type::Annotated(inner, _) => inner,
            other => other,
        };
        match schemas.model(inner) {
            Some(model) => models.push(model),
            None => return Vec::new(),
        }
    }
    if models.len() > 1 { models } else { Vec::new() }
}

/// The model of a body with form models in it: their fields stand beside the others.
pub(crate) fn model(schemas: &mut Schemas<'_, '_>, parameters: &[&Parameter], name: &str) -> ClassRef {
    let fields = parameters
        .iter()
        .map(|parameter| {
            let mut field = parameter.field.clone();
            if field.attributes.text("title").is_none() {
                let title = crate::json::title_case(&field.name.replace('_', " "));
                field.attributes = field
                    .attributes
                    .iter()
                    .map(|(name, value)| (name, value.clone()))
                    .chain([("title", Data::Str(title.as_str().into()))])
                    .collect();
            }
            field
        })
        .collect();
    let class = body::made(schemas, name, fields);
    let shapes = parameters
        .iter()
        .map(|parameter| Shape {
            models: models(schemas, parameter),
            alias: field::validation_alias(&parameter.field).to_owned(),
            is_required: parameter.field.is_required(),
            is_nullable: parameter.field.ty.is_nullable(),
        })
        .collect();
    schemas.set_form(class, shapes);
    class
}

/// The schema of such a body (`_apply_form_body_schema`): plain values are properties, models stand in `allOf`.
pub(crate) fn schema(schemas: &mut Schemas<'_, '_>, class: &Class, shapes: &[Shape], mode: Mode) -> Object {
    let mut properties = Object::new();
    let mut required: Vec<Value> = Vec::new();
    let mut conditions: Vec<Value> = Vec::new();
    for (field, shape) in class.fields.iter().zip(shapes) {
        let mut said = schemas.field(field, mode).unwrap_or_default();
        schemas.drop_repeated(&mut said);
        if !shape.models.is_empty() {
            said.remove("default");
            conditions.extend(group(schemas, shape, said));
            continue;
        }
        let alias = Value::from(shape.alias.as_str());
        if properties.contains_key(&shape.alias) {
            conditions.push(json!({"properties": {shape.alias.as_str(): said}}));
        } else {
            properties.insert(shape.alias.clone(), said.into());
        }
        if shape.is_required && !required.contains(&alias) {
            required.push(alias);
        }
    }
    let mut schema = object([("type", "object".into()), ("title", (&*class.name).into())]);
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), properties.into());
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema.insert("allOf".to_owned(), conditions.into());
    schema
}

/// What the fields of a model must meet; one that may be `None` is absent as a whole.
fn group(schemas: &Schemas<'_, '_>, shape: &Shape, mut said: Object) -> Vec<Value> {
    if !shape.is_nullable {
        return vec![said.into()];
    }
    if let Some(Value::Array(choices)) = said.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").and_then(Value::as_str) != Some("null"));
    }
    let absent = absent(schemas, &shape.models);
    if shape.is_required {
        vec![json!({"not": absent}), said.into()]
    } else {
        vec![json!({"anyOf": [absent, said]})]
    }
}

/// That no field of these models is there.
fn absent(schemas: &Schemas<'_, '_>, models: &[ClassRef]) -> Value {
    let says_extra = |model: &ClassRef| matches!(schemas.class(*model).config.text("extra"), Some("allow" | "forbid"));
    if models.iter().any(says_extra) {
        return json!({"maxProperties": 0});
    }
    let mut names: Vec<&str> = models
        .iter()
        .flat_map(|model| &schemas.class(*model).fields)
        .map(field::validation_alias)
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return json!({});
    }
    let any: Vec<Value> = names.iter().map(|name| json!({"required": [name]})).collect();
    json!({"not": {"anyOf": any}})
}

/// What a parameter of a form contributes to the body's schema.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) models: Vec<ClassRef>,
    pub(crate) alias: String,
    pub(crate) is_required: bool,
    pub(crate) is_nullable: bool,
}
