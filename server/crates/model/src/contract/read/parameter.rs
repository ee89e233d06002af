//! What FastAPI makes of one parameter (`fastapi/dependencies/utils.py`, `analyze_param`).

use super::{Reader, reason, signature::Argument};
use crate::{
    DependsId, ParamIn, Reason,
    contract::{ClassKind, Data, Default, Field, Parameter, SequenceKind, Type},
    eval::value::{ClassId, Marker, Value},
};
use std::sync::Arc;

/// See the module.
pub(super) enum Analyzed {
    Parameter(Box<Parameter>),
    /// A dependency, with the type that it stands beside.
    Depends(DependsId, Option<Value>),
    /// `Request` and its like.
    Special,
    SecurityScopes,
    Unknown(Reason),
}

impl Reader<'_> {
    pub(super) fn analyze(&mut self, argument: Argument, path: &[Arc<str>]) -> Analyzed {
        let in_path = path.iter().any(|name| **name == *argument.name);
        if let Some(field) = argument.field {
            let place_in = self.implicit_place(&field.ty, in_path);
            return match place_in {
                Ok(place_in) => parameter(place_in, field),
                Err(why) => Analyzed::Unknown(why),
            };
        }
        let annotation = argument.annotation.as_ref();
        let (bare, metadata) = match annotation {
            Some(Value::Annotated(parts)) => (Some(parts.0.clone()), parts.1.clone()),
            Some(value) => (Some(value.clone()), Vec::new()),
            None => (None, Vec::new()),
        };
        let marker = metadata.iter().rev().find(|item| is_fastapi(item)).cloned();
        let own = argument.default.as_ref().filter(|default| is_fastapi(default)).cloned();
        match own.clone().or(marker) {
            Some(Value::Depends(id)) => return Analyzed::Depends(id, bare),
            Some(Value::Marker(marker)) => {
                return self.marked(&argument, &marker, own.is_some(), path);
            }
            _ => {}
        }
        if let Some(special) = bare.as_ref().and_then(|bare| self.special(bare)) {
            return special;
        }
        if let Some(Value::Unknown(why)) = metadata.iter().find(|item| item.is_unknown()) {
            return Analyzed::Unknown(Reason::clone(why));
        }
        if let Some(Value::Unknown(why)) = &argument.default
            && annotation.is_none()
        {
            return Analyzed::Unknown(Reason::clone(why));
        }
        let mut field = self.field(&argument.name, annotation, argument.default.as_ref(), &Vec::new());
        match self.implicit_place(&field.ty, in_path) {
            Ok(place_in) => {
                if in_path {
                    field.default = Default::Required;
                } else if let Some(default) = &argument.default {
                    // The default in the signature counts, whatever `Field(…)` says.
                    field.default = self.default(default);
                } else if !matches!(field.default, Default::Factory) {
                    field.default = Default::Required;
                }
                parameter(place_in, field)
            }
            Err(why) => Analyzed::Unknown(why),
        }
    }

    /// `Query(…)` and its like, as default or in `Annotated`.
    fn marked(&mut self, argument: &Argument, marker: &Marker, is_default: bool, path: &[Arc<str>]) -> Analyzed {
        let in_path = path.iter().any(|name| **name == *argument.name);
        if let Some(why) = &marker.args.open {
            return Analyzed::Unknown(Reason::clone(why));
        }
        let place_in = match marker.kind.as_str() {
            "Path" => ParamIn::Path,
            "Query" => ParamIn::Query,
            "Header" => ParamIn::Header,
            "Cookie" => ParamIn::Cookie,
            "Form" => ParamIn::Form,
            "File" => ParamIn::File,
            _ => ParamIn::Body,
        };
        let annotation = argument.annotation.as_ref();
        let assigned = Value::Marker(Arc::new(marker.clone()));
        let mut field = if is_default {
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
        parameter(place_in, field)
    }

    fn default(&mut self, value: &Value) -> Default {
        match value {
            Value::Ellipsis => Default::Required,
            value => Default::Value(self.data(value)),
        }
    }

    /// Where a parameter without a marker is read from.
    fn implicit_place(&self, ty: &Type, in_path: bool) -> Result<ParamIn, Reason> {
        if in_path {
            return Ok(ParamIn::Path);
        }
        if is_upload(ty) {
            return Ok(ParamIn::File);
        }
        match self.is_complex(ty) {
            Ok(true) => Ok(ParamIn::Body),
            Ok(false) => Ok(ParamIn::Query),
            Err(why) => Err(why),
        }
    }

    /// Whether a type makes a body (`fastapi/_compat/shared.py`, `field_annotation_is_complex`).
    fn is_complex(&self, ty: &Type) -> Result<bool, Reason> {
        match ty {
            Type::Union(members) => {
                for member in members {
                    if self.is_complex(member)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Type::Annotated(inner, _) | Type::Json(inner) => self.is_complex(inner),
            Type::Sequence(kind, _) => Ok(*kind != SequenceKind::Iterable),
            Type::Tuple(_) | Type::Mapping(..) => Ok(true),
            Type::Class(class) => Ok(!matches!(
                self.classes[class.0 as usize].kind,
                ClassKind::Enum | ClassKind::Alias
            )),
            Type::Library(name) => match name.split('.').next() {
                _ if &**name == "fastapi.UploadFile" || &**name == "pydantic.BaseModel" => Ok(true),
                Some("builtins" | "typing" | "datetime" | "uuid" | "decimal" | "enum" | "pathlib" | "ipaddress")
                | Some("fractions" | "re" | "zoneinfo" | "pydantic" | "pydantic_core" | "http") => Ok(false),
                _ => Err(reason(
                    format!("its type `{name}` is in a library that is not read"),
                    None,
                )),
            },
            Type::Unknown(why) => Err(why.clone()),
            Type::Any | Type::None | Type::Literal(_) => Ok(false),
        }
    }

    /// `Request`, `Response` and their like, and subclasses of them.
    fn special(&self, ty: &Value) -> Option<Analyzed> {
        let name = match ty {
            Value::Lib(name) => special_name(name)?,
            Value::Class(class) => self.special_base(*class)?,
            _ => return None,
        };
        Some(if name == "fastapi.security.SecurityScopes" {
            Analyzed::SecurityScopes
        } else {
            Analyzed::Special
        })
    }

    fn special_base(&self, class: ClassId) -> Option<&str> {
        let mut bases = self.interp.class(class).mro.iter();
        bases.find_map(|base| special_name(base.lib_name()?))
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

fn special_name(name: &str) -> Option<&str> {
    let is_response = name.starts_with("starlette.responses.") || name.starts_with("fastapi.responses.");
    let is_special = matches!(
        name,
        "fastapi.requests.Request"
            | "fastapi.requests.HTTPConnection"
            | "fastapi.WebSocket"
            | "fastapi.BackgroundTasks"
            | "starlette.background.BackgroundTasks"
            | "fastapi.security.SecurityScopes"
    ) || (is_response && name.ends_with("Response"));
    is_special.then_some(name)
}

fn is_upload(ty: &Type) -> bool {
    let is_file = |ty: &Type| matches!(ty, Type::Library(name) if &**name == "fastapi.UploadFile");
    ty.members().iter().any(|member| match member {
        Type::Sequence(_, item) => item.members().iter().any(is_file),
        Type::Annotated(inner, _) => is_file(inner),
        member => is_file(member),
    })
}

/// `Query(…)`, `Depends(…)` and their like, not Pydantic's `Field`.
fn is_fastapi(value: &Value) -> bool {
    match value {
        Value::Depends(_) => true,
        Value::Marker(marker) => marker.kind != "Field",
        _ => false,
    }
}

fn parameter(place_in: ParamIn, field: Field) -> Analyzed {
    Analyzed::Parameter(Box::new(Parameter { place_in, field }))
}
