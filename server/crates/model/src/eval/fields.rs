//! The fields of Pydantic models as code reads them: `Model.model_fields`, and what is in it (`pydantic/fields.py`,
//! `FieldInfo`).

use super::{
    Interp, library,
    value::{Args, ClassId, DictEntry, Marker, Value},
};
use crate::signature::is_class_variable;
use smol_str::SmolStr;
use std::sync::Arc;

/// What a field without a default has for one.
const UNDEFINED: &str = "pydantic_core.PydanticUndefined";

/// Classes made of classes that are followed.
const DEPTH: usize = 16;

impl Interp<'_> {
    /// `Model.model_fields`, which is `Model.__fields__` too: fields by name, those of bases first. None where a base is not
    /// known, and in Pydantic 1, whose fields are others.
    pub(crate) fn fields_of_model(&mut self, class: &Value) -> Option<Value> {
        if self.is_subclass(class, &Value::lib("pydantic.BaseModel")) != Some(true) {
            return None;
        }
        let from = self.running_module()?;
        if self.source.pydantic_version(from).is_first() {
            return None;
        }
        let fields = self.fields_within(class, DEPTH)?;
        let entries = fields.into_iter().map(|(name, value)| DictEntry {
            key: Value::Str(name.as_str().into()),
            value,
            at: None,
        });
        let entries = entries.collect();
        Some(self.new_view(entries))
    }

    fn fields_within(&mut self, class: &Value, depth: usize) -> Option<Vec<(SmolStr, Value)>> {
        let depth = depth.checked_sub(1)?;
        match class {
            Value::Class(class) => {
                if self.unread_base(*class).is_some() {
                    return None;
                }
                if !self.inherits(*class, "pydantic.BaseModel") {
                    return Some(Vec::new());
                }
                let mut fields = Vec::new();
                for base in self.class(*class).mro.clone().iter().rev() {
                    if let Value::Class(base) = base {
                        self.add_own_fields(*base, &mut fields);
                    }
                }
                Some(fields)
            }
            Value::Generic(parts) => self.fields_within(&parts.0, depth),
            Value::Lib(name) => library::is_wholly_known(name).then(Vec::new),
            Value::LibObject(made) => {
                let bases = self.made_bases(made)?;
                let mut fields: Vec<(SmolStr, Value)> = Vec::new();
                for base in bases.iter().rev() {
                    for (name, field) in self.fields_within(base, depth)? {
                        put(&mut fields, name, field);
                    }
                }
                for (name, hint, default) in self.made_fields(made)? {
                    put(&mut fields, name, field(hint, default));
                }
                Some(fields)
            }
            _ => None,
        }
    }

    fn add_own_fields(&mut self, class: ClassId, fields: &mut Vec<(SmolStr, Value)>) {
        let cx = self.class_context(class);
        let names = self.annotated_names(class);
        let names: Vec<_> = names.map(|(name, at, _)| (name.clone(), at)).collect();
        for (name, at) in names {
            let hint = self.eval_annotation(&cx, at);
            if !is_class_variable(&hint) && !name.starts_with('_') && name != "model_config" {
                let default = self.own_attribute(class, &name);
                put(fields, name, field(hint, default));
            }
        }
    }

    /// `Model.__class_vars__`.
    pub(super) fn class_variables(&mut self, class: ClassId) -> Option<Value> {
        if !self.inherits(class, "pydantic.BaseModel") || self.unread_base(class).is_some() {
            return None;
        }
        let mut found = Vec::new();
        for base in self.class(class).mro.clone() {
            let Value::Class(base) = base else { continue };
            let cx = self.class_context(base);
            let names = self.annotated_names(base);
            let names: Vec<_> = names.map(|(name, at, _)| (name.clone(), at)).collect();
            for (name, at) in names {
                if is_class_variable(&self.eval_annotation(&cx, at)) {
                    found.push(Value::str(&name));
                }
            }
        }
        Some(self.new_set(found))
    }

    /// What Pydantic keeps of a generic model with arguments: `parameters` are the type variables among them.
    pub(super) fn generic_metadata(&mut self, generic: &(Value, Vec<Value>)) -> Option<Value> {
        let is_variable =
            |value: &&Value| matches!(value, Value::LibObject(object) if object.callee.as_ref() == "typing.TypeVar");
        let Value::Class(class) = generic.0 else { return None };
        if !self.inherits(class, "pydantic.BaseModel") {
            return None;
        }
        let entries = [
            ("origin", generic.0.clone()),
            ("args", Value::Tuple(generic.1.clone().into())),
            (
                "parameters",
                Value::Tuple(generic.1.iter().filter(is_variable).cloned().collect()),
            ),
        ];
        let entries = entries.map(|(key, value)| DictEntry {
            key: Value::str(key),
            value,
            at: None,
        });
        Some(self.new_view(entries.into()))
    }

    /// An attribute of a field, or of `Query(…)` and its like, which are fields too.
    pub(super) fn field_attribute(&self, field: &Marker, name: &str) -> Option<Value> {
        let given = field.args.get(usize::MAX, name).cloned();
        match name {
            "annotation" => given.or(Some(Value::None)),
            "default" => match field.args.get(0, "default") {
                None | Some(Value::Ellipsis) => Some(Value::lib(UNDEFINED)),
                Some(default) => Some(default.clone()),
            },
            "default_factory" | "alias" | "title" | "description" | "include_in_schema" | "deprecated" | "examples" => {
                given.or(Some(Value::None))
            }
            "is_required" => Some(Value::BuiltinMethod(Arc::new((
                Value::Marker(Arc::new(field.clone())),
                name.into(),
            )))),
            _ => None,
        }
    }

    /// `field.is_required()`.
    pub(super) fn field_method(&self, field: &Marker, name: &str) -> Option<Value> {
        let has_default = !matches!(field.args.get(0, "default"), None | Some(Value::Ellipsis))
            || field.args.keyword("default_factory").is_some();
        (name == "is_required").then_some(Value::Bool(!has_default))
    }
}

/// Adds a field in the place of one of its name.
fn put(fields: &mut Vec<(SmolStr, Value)>, name: SmolStr, field: Value) {
    match fields.iter_mut().find(|(known, _)| *known == name) {
        Some((_, old)) => *old = field,
        None => fields.push((name, field)),
    }
}

/// What Pydantic makes of an annotated name and what it is set to (`FieldInfo.from_annotated_attribute`).
fn field(hint: Value, default: Option<Value>) -> Value {
    let (bare, metadata) = match hint {
        Value::Annotated(parts) => (parts.0.clone(), parts.1.clone()),
        bare => (bare, Vec::new()),
    };
    let (mut markers, rest): (Vec<_>, Vec<_>) = metadata.into_iter().partition(|item| matches!(item, Value::Marker(_)));
    let annotation = match rest.is_empty() {
        true => bare,
        false => Value::Annotated(Arc::new((bare, rest))),
    };
    let default = match default {
        Some(marker @ Value::Marker(_)) => {
            markers.push(marker);
            None
        }
        default => default,
    };
    let mut made = match markers.pop() {
        Some(Value::Marker(marker)) => Marker::clone(&marker),
        _ => Marker {
            kind: SmolStr::new_static("Field"),
            args: Args::default(),
        },
    };
    if let Some(default) = default {
        made.args.positional = vec![(default, None)];
        made.args.keywords.retain(|(name, ..)| name != "default");
    }
    made.args.keywords.retain(|(name, ..)| name != "annotation");
    made.args
        .keywords
        .push((SmolStr::new_static("annotation"), annotation, None));
    Value::Marker(Arc::new(made))
}
