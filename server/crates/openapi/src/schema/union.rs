//! Unions, told apart by a discriminator or not.

use super::{Mode, Schemas};
use crate::json::{Object, object};
use model::contract::{Class, Data, Default, Type};
use serde_json::Value;

impl Schemas<'_, '_> {
    /// `A | B`; `None` stands behind the rest.
    pub(super) fn union(&mut self, members: &[Type], discriminator: Option<&Data>, mode: Mode) -> Option<Object> {
        let rest: Vec<&Type> = members.iter().filter(|member| **member != Type::None).collect();
        let schema = match (rest.as_slice(), discriminator) {
            ([], _) => return Some(object([("type", "null".into())])),
            ([only], _) => self.ty(only, mode)?,
            (rest, Some(discriminator)) => self.tagged(rest, discriminator, mode),
            (rest, None) => any_of(rest.iter().filter_map(|member| self.ty(member, mode)).collect()),
        };
        Some(if rest.len() < members.len() {
            nullable(schema)
        } else {
            schema
        })
    }

    fn tagged(&mut self, members: &[&Type], discriminator: &Data, mode: Mode) -> Object {
        if let Data::Unknown(why) = discriminator {
            self.notes.add(why);
        }
        let mut choices: Vec<Object> = Vec::new();
        let mut mapping = Object::new();
        let mut property = None;
        for member in members {
            let Some(schema) = self.ty(member, mode) else { continue };
            if let Some(name) = discriminator.as_str() {
                let class = member.class().map(|class| self.class(class).clone());
                if let Some((shown, values)) = class.as_ref().and_then(|class| tag_values(class, name)) {
                    property.get_or_insert(shown);
                    let target = schema.get("$ref").cloned().unwrap_or(Value::Object(schema.clone()));
                    mapping.extend(values.into_iter().map(|value| (value, target.clone())));
                }
            }
            if !choices.contains(&schema) {
                choices.push(schema);
            }
        }
        let mut schema = object([("oneOf", Value::from(choices))]);
        if let Some(name) = discriminator.as_str() {
            let property = property.unwrap_or_else(|| name.to_owned());
            let said = object([("mapping", mapping.into()), ("propertyName", property.into())]);
            schema.insert("discriminator".to_owned(), said.into());
        }
        schema
    }
}

/// The name under which clients see the discriminator, and the values that choose a class.
fn tag_values(class: &Class, name: &str) -> Option<(String, Vec<String>)> {
    let field = class.fields.iter().find(|field| &*field.name == name)?;
    let values: Vec<String> = match &field.ty {
        Type::Literal(values) => values.iter().filter_map(text_of).collect(),
        // A member of an enum alone.
        _ => match &field.default {
            Default::Value(value) => text_of(value).into_iter().collect(),
            _ => Vec::new(),
        },
    };
    let shown = field.attributes.text("validation_alias").unwrap_or(name);
    Some((shown.to_owned(), values))
}

fn text_of(value: &Data) -> Option<String> {
    match value {
        Data::Str(text) => Some(text.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::None => Some("null".to_owned()),
        _ => None,
    }
}

/// A schema or `null`.
pub(super) fn nullable(schema: Object) -> Object {
    let null = object([("type", "null".into())]);
    if schema == null {
        null
    } else {
        any_of(vec![schema, null])
    }
}

/// One of several schemas, those in plain unions of their own among them, each once.
pub(super) fn any_of(schemas: Vec<Object>) -> Object {
    let mut members: Vec<Value> = Vec::new();
    let mut add = |member: Value| {
        if !members.contains(&member) {
            members.push(member);
        }
    };
    for mut schema in schemas {
        match (schema.len(), schema.get_mut("anyOf")) {
            (1, Some(Value::Array(inner))) => std::mem::take(inner).into_iter().for_each(&mut add),
            _ => add(Value::Object(schema)),
        }
    }
    match members.as_mut_slice() {
        [Value::Object(only)] => std::mem::take(only),
        _ => object([("anyOf", members.into())]),
    }
}
