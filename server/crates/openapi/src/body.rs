//! `requestBody` (`fastapi/dependencies/utils.py`, `_get_body_field`; `fastapi/openapi/utils.py`,
//! `get_openapi_operation_request_body`).

use crate::{
    field, form,
    json::{Object, object},
    parameters::examples,
    schema::{Mode, Schemas},
};
use model::{
    ParamIn,
    contract::{Attributes, Class, ClassKind, ClassRef, Data, Default, Field, Parameter, Type},
};
use serde_json::Value;

/// The module that FastAPI makes models of bodies in.
const MADE_IN: &str = "fastapi._compat.v2";

/// The body of a request, as one field.
pub(crate) struct Body {
    field: Field,
    media_type: String,
}

/// All body parameters as one field; `unique_id` names the model that is made of several.
pub(crate) fn body(schemas: &mut Schemas<'_, '_>, parameters: &[&Parameter], unique_id: &str) -> Option<Body> {
    let first = parameters.first()?;
    for parameter in parameters {
        if let Some(Data::Unknown(why)) = parameter.field.attributes.get("unknown") {
            schemas.notes.add(why);
        }
    }
    let is_embedded = is_embedded(schemas, parameters);
    let has_nullable_form = parameters
        .iter()
        .any(|parameter| parameter.field.ty.is_nullable() && !form::models(schemas, parameter).is_empty());
    if !is_embedded && !has_nullable_form {
        return Some(Body {
            field: first.field.clone(),
            media_type: media_type(first),
        });
    }
    let name = format!("Body_{unique_id}");
    let has_forms = parameters
        .iter()
        .any(|parameter| !form::models(schemas, parameter).is_empty());
    let model = if has_forms {
        form::model(schemas, parameters, &name)
    } else {
        let fields = parameters.iter().map(|parameter| parameter.field.clone());
        made(schemas, &name, unique_fields(fields))
    };
    let mut field = field::plain("body", Type::Class(model));
    if !is_embedded {
        field.attributes = first.field.attributes.clone();
        field.default = first.field.default.clone();
        field.name = first.field.name.clone();
        return Some(Body {
            field,
            media_type: media_type(first),
        });
    }
    if !parameters.iter().any(|parameter| parameter.field.is_required()) {
        field.default = Default::Value(Data::None);
    }
    Some(Body {
        field,
        media_type: common_media_type(parameters),
    })
}

/// Fields by name: of two with one name the later one counts, where the first stands.
fn unique_fields(fields: impl Iterator<Item = Field>) -> Vec<Field> {
    let mut unique: Vec<Field> = Vec::new();
    for field in fields {
        match unique.iter_mut().find(|known| known.name == field.name) {
            Some(known) => *known = field,
            None => unique.push(field),
        }
    }
    unique
}

/// A model that FastAPI makes.
pub(crate) fn made(schemas: &mut Schemas<'_, '_>, name: &str, fields: Vec<Field>) -> ClassRef {
    schemas.make(Class {
        kind: ClassKind::Model,
        name: name.into(),
        qualified: format!("{MADE_IN}.{name}").into(),
        schema: None,
        doc: None,
        config: Attributes::default(),
        fields,
        computed: Vec::new(),
        members: Vec::new(),
        output: None,
        deprecated: false,
        unknown: None,
    })
}

/// `_should_embed_body_fields`.
fn is_embedded(schemas: &Schemas<'_, '_>, parameters: &[&Parameter]) -> bool {
    let Some(first) = parameters.first() else {
        return false;
    };
    if parameters.iter().any(|other| other.field.name != first.field.name) {
        return true;
    }
    let forms = form::models(schemas, first);
    if !forms.is_empty()
        && parameters[1..]
            .iter()
            .any(|other| form::models(schemas, other).is_empty() || other.field.ty != first.field.ty)
    {
        return true;
    }
    if first.field.attributes.is_true("embed") {
        return true;
    }
    let is_form = matches!(first.place_in, ParamIn::Form | ParamIn::File);
    is_form && schemas.model(&first.field.ty).is_none() && forms.is_empty()
}

fn media_type(parameter: &Parameter) -> String {
    let default = match parameter.place_in {
        ParamIn::Form => "application/x-www-form-urlencoded",
        ParamIn::File => "multipart/form-data",
        _ => "application/json",
    };
    parameter
        .field
        .attributes
        .text("media_type")
        .unwrap_or(default)
        .to_owned()
}

fn common_media_type(parameters: &[&Parameter]) -> String {
    const MULTIPART: &str = "multipart/form-data";
    if parameters.iter().any(|parameter| parameter.place_in == ParamIn::File) {
        return MULTIPART.to_owned();
    }
    let is_form = parameters.iter().any(|parameter| parameter.place_in == ParamIn::Form);
    let mut types: Vec<String> = parameters
        .iter()
        .filter(|parameter| !is_form || parameter.place_in == ParamIn::Form)
        .map(|parameter| media_type(parameter))
        .collect();
    types.sort_unstable();
    types.dedup();
    match types.as_slice() {
        [only] => only.clone(),
        _ if is_form && types.iter().any(|known| known == MULTIPART) => MULTIPART.to_owned(),
        _ if is_form => "application/x-www-form-urlencoded".to_owned(),
        _ => "application/json".to_owned(),
    }
}

impl Body {
    /// `requestBody`.
    pub(crate) fn said(&self, schemas: &mut Schemas<'_, '_>) -> Object {
        let alias = field::validation_alias(&self.field).to_owned();
        let schema = field::schema_of(schemas, &self.field, Mode::Validation, &alias).unwrap_or_default();
        let mut content = object([("schema", schema.into())]);
        examples(schemas, &self.field, &mut content);
        let media: Object = [(self.media_type.clone(), Value::Object(content))]
            .into_iter()
            .collect();
        let mut body = Object::new();
        if self.field.is_required() {
            body.insert("required".to_owned(), true.into());
        }
        body.insert("content".to_owned(), media.into());
        body
    }
}
