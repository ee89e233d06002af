//! One parameter with all that is said of it (`fastapi/dependencies/utils.py`, `analyze_param`).

use super::{Reader, reason};
use crate::{
    DependsId, ParamIn, Reason,
    contract::{Attributes, ClassKind, Data, Default, Field, Parameter, Type},
    eval::value::Value,
    signature::{Analyzed, Argument, Marked, Shape},
};
use std::sync::Arc;

/// See the module.
pub(super) enum Read {
    Parameter(Box<Parameter>),
    /// A dependency, with the type that it stands beside.
    Depends(DependsId, Option<Value>),
    /// `Request` and its like.
    Special,
    SecurityScopes,
    Unknown(Reason),
}

impl Reader<'_> {
    /// What one parameter is to an operation whose path has these names.
    pub(super) fn read(&mut self, argument: &Argument, path: &[Arc<str>]) -> Read {
        let in_path = path.iter().any(|name| **name == *argument.name);
        let shape = match self.interp.analyze(argument) {
            Analyzed::Depends(id, own_type) => return Read::Depends(id, own_type),
            Analyzed::Special => return Read::Special,
            Analyzed::SecurityScopes => return Read::SecurityScopes,
            Analyzed::Marked(marked) => return self.marked(argument, &marked, path),
            Analyzed::Unknown(_) if in_path => Shape::Scalar,
            Analyzed::Unknown(why) => return Read::Unknown(why),
            Analyzed::Implicit(shape) => shape,
        };
        let place_in = match shape {
            _ if in_path => ParamIn::Path,
            Shape::Scalar => ParamIn::Query,
            Shape::Complex => ParamIn::Body,
            Shape::Upload => ParamIn::File,
            Shape::Special => return Read::Special,
            Shape::Unknown => return Read::Unknown(reason("its type is in a library that is not read", argument.at)),
        };
        let mut field = self.implicit_field(argument);
        if in_path {
            field.default = Default::Required;
        }
        Read::Parameter(Box::new(Parameter { place_in, field }))
    }

    /// The field of a parameter without a marker.
    fn implicit_field(&mut self, argument: &Argument) -> Field {
        if let Some(field) = self.pydantic_field(argument) {
            return field;
        }
        let annotation = argument.annotation.as_ref();
        let mut field = self.field(&argument.name, annotation, argument.default.as_ref(), &Vec::new());
        if let Some(default) = &argument.default {
            // The default in the signature counts, whatever `Field(…)` says.
            field.default = self.default(default);
        } else if !matches!(field.default, Default::Factory) {
            field.default = Default::Required;
        }
        field
    }

    /// A field of a model that serves as dependency: its signature keeps the type with its constraints, and the default.
    fn pydantic_field(&mut self, argument: &Argument) -> Option<Field> {
        let (class, name) = argument.field.as_ref()?;
        let kinds = [ClassKind::Model, ClassKind::RootModel, ClassKind::PydanticDataclass];
        self.kind(*class).filter(|kind| kinds.contains(kind))?;
        let described = self.class_ref(*class)?;
        let mut fields = self.classes[described.0 as usize].fields.iter();
        let mut field = fields.find(|field| *field.name == **name)?.clone();
        field.name = argument.name.as_str().into();
        field.attributes = Attributes::default();
        if let (Some(default), true) = (&argument.default, field.is_required()) {
            field.default = self.default(default);
        }
        Some(field)
    }

    /// `Query(…)` and its like, as default or in `Annotated`.
    fn marked(&mut self, argument: &Argument, marked: &Marked, path: &[Arc<str>]) -> Read {
        let in_path = path.iter().any(|name| **name == *argument.name);
        let (place_in, marker) = (marked.place_in, &marked.marker);
        let annotation = argument.annotation.as_ref();
        let assigned = Value::Marker(marker.clone());
        let mut field = if marked.is_default {
            self.field(&argument.name, annotation, Some(&assigned), &Vec::new())
        } else {
            let mut field = self.field(&argument.name, annotation, None, &Vec::new());
            field.default = match (&argument.default, &field.default) {
                (Some(default), _) => self.default(default),
                (None, Default::Factory) => Default::Factory,
                (None, _) => Default::Required,
            };
            // Of several markers the last one counts.
            for name in [
                "embed",
                "media_type",
                "convert_underscores",
                "openapi_examples",
                "example",
            ] {
                let given = marker.args.keyword(name).cloned().unwrap_or(Value::None);
                let data = self.data(&given);
                field.attributes.set(name, data);
            }
            field
        };
        if place_in == ParamIn::Path || in_path {
            field.default = Default::Required;
            choose_path_alias(&mut field, path);
        }
        if let Type::Unknown(why) = &field.ty
            && !matches!(
                place_in,
                ParamIn::Path | ParamIn::Query | ParamIn::Header | ParamIn::Cookie
            )
        {
            // Where a body stands decides how all of it is read.
            field.attributes.set("unknown", Data::Unknown(why.clone()));
        }
        Read::Parameter(Box::new(Parameter { place_in, field }))
    }

    fn default(&mut self, value: &Value) -> Default {
        match value {
            Value::Ellipsis => Default::Required,
            value => Default::Value(self.data(value)),
        }
    }
}

/// Of several names for a path parameter the one that the path has.
fn choose_path_alias(field: &mut Field, path: &[Arc<str>]) {
    if let Some(Data::List(choices)) = field.attributes.get("validation_alias") {
        let chosen = choices
            .iter()
            .find(|choice| path.iter().any(|name| choice.as_str() == Some(name)));
        if let Some(chosen) = chosen.cloned() {
            field.attributes.set("validation_alias", chosen);
        }
    }
}
