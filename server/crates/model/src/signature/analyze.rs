//! What FastAPI makes of one parameter, wherever its path leads (`fastapi/dependencies/utils.py`, `analyze_param`).

use super::{Argument, HOLE, Shape, annotation::is_read};
use crate::{
    DependsId, ParamIn, Reason,
    eval::{
        Interp,
        value::{ClassId, Marker, Value},
    },
};
use std::sync::Arc;

/// See the module.
pub(crate) enum Analyzed {
    /// A dependency, with the type that it stands beside.
    Depends(DependsId, Option<Value>),
    /// `Request` and its like.
    Special,
    /// `SecurityScopes`, which tells what scopes are asked for.
    SecurityScopes,
    /// `Query(…)` and its like.
    Marked(Marked),
    /// No marker: what its type makes of it, where its name is not one of the path's.
    Implicit(Shape),
    /// It may be anything, and why.
    Unknown(Reason),
}

/// A parameter with a marker.
pub(crate) struct Marked {
    pub(crate) place_in: ParamIn,
    pub(crate) marker: Arc<Marker>,
    /// Whether the marker is the default; else it stands in `Annotated`.
    pub(crate) is_default: bool,
}

impl Interp<'_> {
    /// What FastAPI makes of a parameter.
    pub(crate) fn analyze(&self, argument: &Argument) -> Analyzed {
        let (bare, metadata) = match &argument.annotation {
            Some(Value::Annotated(parts)) => (Some(&parts.0), parts.1.as_slice()),
            bare => (bare.as_ref(), [].as_slice()),
        };
        let has_name = !argument.name.contains(HOLE);
        let in_annotated = metadata.iter().rev().find(|item| is_fastapi(item));
        let in_default = argument.default.as_ref().filter(|default| is_fastapi(default));
        match in_default.or(in_annotated) {
            Some(Value::Depends(id)) => return Analyzed::Depends(*id, bare.cloned()),
            Some(Value::Marker(marker)) if has_name => {
                return match &marker.args.open {
                    Some(why) => Analyzed::Unknown(Reason::clone(why)),
                    None => Analyzed::Marked(Marked {
                        place_in: place_of(marker),
                        marker: marker.clone(),
                        is_default: in_default.is_some(),
                    }),
                };
            }
            _ => {}
        }
        if let Some(name) = bare.and_then(|bare| self.special(bare)) {
            return match name {
                "fastapi.security.SecurityScopes" => Analyzed::SecurityScopes,
                _ => Analyzed::Special,
            };
        }
        if !has_name {
            return Analyzed::Unknown(Reason {
                text: Arc::from("a parameter's name is not known before the program runs"),
                place: argument.at,
            });
        }
        if let Some(Value::Unknown(why)) = metadata.iter().find(|item| item.is_unknown()) {
            return Analyzed::Unknown(Reason::clone(why));
        }
        let shape = match bare {
            Some(bare) => self.shape(bare),
            None => Shape::Scalar,
        };
        match (&argument.default, bare) {
            // It may be a dependency or a marker, unless its type can't be what one of those is for.
            (Some(Value::Unknown(why)), bare) if !bare.is_some_and(is_plain) => Analyzed::Unknown(Reason::clone(why)),
            (_, Some(Value::Unknown(why))) => Analyzed::Unknown(Reason::clone(why)),
            _ => Analyzed::Implicit(shape),
        }
    }

    /// The name of `Request`, `Response` or one of their like, where a type is that or a subclass.
    fn special(&self, ty: &Value) -> Option<&'static str> {
        match ty {
            Value::Lib(name) => special_name(name),
            Value::Class(class) => self.special_base(*class),
            _ => None,
        }
    }

    fn special_base(&self, class: ClassId) -> Option<&'static str> {
        let mut bases = self.class(class).mro.iter();
        bases.find_map(|base| special_name(base.lib_name()?))
    }
}

/// `Query(…)`, `Depends(…)` and their like, not Pydantic's `Field`.
fn is_fastapi(value: &Value) -> bool {
    match value {
        Value::Depends(_) => true,
        Value::Marker(marker) => marker.kind != "Field",
        _ => false,
    }
}

fn place_of(marker: &Marker) -> ParamIn {
    match marker.kind.as_str() {
        "Path" => ParamIn::Path,
        "Query" => ParamIn::Query,
        "Header" => ParamIn::Header,
        "Cookie" => ParamIn::Cookie,
        "Form" => ParamIn::Form,
        "File" => ParamIn::File,
        _ => ParamIn::Body,
    }
}

fn special_name(name: &str) -> Option<&'static str> {
    const SPECIAL: [&str; 6] = [
        "fastapi.requests.Request",
        "fastapi.requests.HTTPConnection",
        "fastapi.WebSocket",
        "fastapi.BackgroundTasks",
        "starlette.background.BackgroundTasks",
        "fastapi.security.SecurityScopes",
    ];
    let is_response = name.starts_with("starlette.responses.") || name.starts_with("fastapi.responses.");
    match is_response && name.ends_with("Response") {
        true => Some("starlette.responses.Response"),
        false => SPECIAL.into_iter().find(|special| *special == name),
    }
}

/// Whether a type is made of plain ones alone, which no dependency stands beside without an annotation that says so.
fn is_plain(ty: &Value) -> bool {
    match ty {
        Value::None => true,
        Value::Lib(name) => name.as_ref() != "typing.Any" && is_read(name),
        Value::Union(members) => members.iter().all(is_plain),
        Value::Generic(parts) => is_plain(&parts.0) && parts.1.iter().all(is_plain),
        Value::Annotated(parts) => is_plain(&parts.0),
        _ => false,
    }
}
