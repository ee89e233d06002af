//! Values as data that JSON can say (`fastapi/encoders.py`, Pydantic's serialization of defaults).

use super::{DEPTH, Reader, reason};
use crate::{
    contract::{Attributes, Data},
    eval::value::{Args, LibObject, ObjId, Value},
};

impl Reader<'_> {
    /// A value as data.
    pub(super) fn data(&mut self, value: &Value) -> Data {
        if self.depth > DEPTH {
            return Data::Unknown(reason("values are nested too deeply here to be followed", None));
        }
        self.depth += 1;
        let data = self.data_of(value);
        self.depth -= 1;
        data
    }

    fn data_of(&mut self, value: &Value) -> Data {
        match value {
            Value::None => Data::None,
            Value::Bool(value) => Data::Bool(*value),
            Value::Int(value) => Data::Int(*value),
            Value::Float(value) => Data::Float(*value),
            Value::Str(text) => Data::Str(text.clone()),
            Value::Text(text) => match text.reason() {
                Some(why) => Data::Unknown(why.clone()),
                None => Data::Str(text.as_known().unwrap_or_default().into()),
            },
            Value::Tuple(items) => Data::List(items.iter().map(|item| self.data(item)).collect()),
            Value::List(list) => self.list(*list),
            Value::Set(set) => match self.list(*set) {
                Data::List(items) => Data::List(sorted(items)),
                other => other,
            },
            Value::Dict(dict) => self.mapping(*dict),
            Value::Object(object) => self.instance(*object),
            Value::LibObject(object) => self.library_object(object),
            Value::Lib(name) => match name.strip_prefix("http.HTTPMethod.") {
                Some(method) => Data::Str(method.into()),
                None => Data::Unknown(reason(format!("`{name}` is no plain value"), None)),
            },
            Value::Unknown(why) => Data::Unknown(crate::Reason::clone(why)),
            Value::OneOf(_) | Value::Maybe(_) => Data::Unknown(reason(
                "it depends on a condition that is not decided before the program runs",
                None,
            )),
            _ => Data::Unknown(reason("it is no plain value", None)),
        }
    }

    fn list(&mut self, list: ObjId) -> Data {
        if let Some(why) = &self.interp.object(list).open {
            return Data::Unknown(crate::Reason::clone(why));
        }
        let items = self.interp.list_items(list).to_vec();
        Data::List(items.iter().map(|item| self.data(item)).collect())
    }

    fn mapping(&mut self, dict: ObjId) -> Data {
        if let Some(why) = &self.interp.object(dict).open {
            return Data::Unknown(crate::Reason::clone(why));
        }
        let entries = self.interp.dict_entries(dict).to_vec();
        let entry = |entry: &crate::eval::value::DictEntry| (self.data(&entry.key), self.data(&entry.value));
        Data::Dict(entries.iter().map(entry).collect())
    }

    /// A member of an enum is its value; a model is its fields.
    fn instance(&mut self, object: ObjId) -> Data {
        let Some(instance) = self.interp.instance(object) else {
            return Data::Unknown(reason("it is no plain value", None));
        };
        let Value::Class(class) = instance.class else {
            return Data::Unknown(reason("it is no plain value", None));
        };
        let attrs = instance.attrs.clone();
        if self.interp.enum_members(class).is_some() {
            return match attrs.get("value") {
                Some(value) => self.data(value),
                None => Data::Unknown(reason("a member of an enum", None)),
            };
        }
        let known = self
            .class_ref(class)
            .map(|class| self.classes[class.0 as usize].clone());
        let Some(class) = known.filter(|class| class.unknown.is_none() && class.output.is_none()) else {
            return Data::Unknown(reason("it is no plain value", None));
        };
        let mut entries = Vec::new();
        for field in &class.fields {
            let value = match (attrs.get(&*field.name), &field.default) {
                (Some(value), _) => self.data(value),
                (None, crate::contract::Default::Value(value)) => value.clone(),
                _ => Data::Unknown(reason(format!("the value of `{}`", field.name), None)),
            };
            let name = field.attributes.text("serialization_alias").unwrap_or(&field.name);
            entries.push((Data::Str(name.into()), value));
        }
        Data::Dict(entries)
    }

    fn library_object(&mut self, object: &LibObject) -> Data {
        let (_, name) = object.callee.rsplit_once('.').unwrap_or(("", &object.callee));
        match name {
            "ConfigDict"
            | "SettingsConfigDict"
            | "Example"
            | "Contact"
            | "License"
            | "Server"
            | "Tag"
            | "ExternalDocumentation" => self.keywords(&object.args),
            "AliasChoices" => Data::List(object.args.positional.iter().map(|(item, _)| self.data(item)).collect()),
            "AliasPath" => {
                let path = object.args.positional.iter().map(|(item, _)| self.data(item)).collect();
                Data::List(vec![Data::List(path)])
            }
            "Decimal" | "UUID" | "AnyUrl" | "PurePath" | "Path" | "PurePosixPath" | "PosixPath"
                if matches!(object.args.positional.as_slice(), [(Value::Str(_), _)]) && name != "AnyUrl" =>
            {
                self.data(&object.args.positional[0].0)
            }
            "Decimal" => match object.args.positional.as_slice() {
                [(Value::Int(number), _)] => Data::Str(number.to_string().into()),
                [(Value::Float(number), _)] if number.fract() == 0.0 => Data::Str(format!("{number:.0}").into()),
                _ => Data::Unknown(reason("a decimal number that is not written as text", Some(object.at))),
            },
            "SecretStr" | "SecretBytes" => match object.args.positional.first() {
                Some((Value::Str(text), _)) if text.is_empty() => Data::Str("".into()),
                _ => Data::Str("**********".into()),
            },
            _ => Data::Unknown(reason(
                format!("the result of `{}` is not known", object.callee),
                Some(object.at),
            )),
        }
    }

    /// Keyword arguments as a mapping.
    pub(super) fn keywords(&mut self, args: &Args) -> Data {
        if let Some(why) = &args.open {
            return Data::Unknown(crate::Reason::clone(why));
        }
        let entries = args
            .keywords
            .iter()
            .map(|(name, value, _)| (Data::Str(name.as_str().into()), self.data(value)))
            .collect();
        Data::Dict(entries)
    }

    /// Those of the keyword arguments that have one of these names.
    pub(super) fn named(&mut self, args: &Args, names: &[&str]) -> Attributes {
        let mut found = Attributes::default();
        for name in names {
            if let Some(value) = args.keyword(name).cloned() {
                let data = self.data(&value);
                found.set(name, data);
            }
        }
        found
    }
}

/// Pydantic sorts the sets in defaults where it can.
fn sorted(mut items: Vec<Data>) -> Vec<Data> {
    let texts = items.iter().all(|item| matches!(item, Data::Str(_)));
    let numbers = items.iter().all(|item| matches!(item, Data::Int(_)));
    if texts || numbers {
        items.sort_by(|a, b| match (a, b) {
            (Data::Str(a), Data::Str(b)) => a.cmp(b),
            (Data::Int(a), Data::Int(b)) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        });
    }
    items.dedup();
    items
}
