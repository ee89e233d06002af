//! Signatures as `inspect.signature` gives them to FastAPI (`fastapi/dependencies/utils.py`, `get_typed_signature`).

use super::{Reader, reason};
use crate::{
    Reason,
    contract::{Default, Field},
    eval::value::{Args, ClassId, FnId, Value},
};
use facts::{Expr, ParamKind};
use smol_str::SmolStr;

/// A parameter of a callable.
#[derive(PartialEq)]
pub(super) struct Argument {
    pub(super) name: SmolStr,
    /// The value of its annotation.
    pub(super) annotation: Option<Value>,
    /// The value of its default.
    pub(super) default: Option<Value>,
    /// The field that it is, where it is one of a model or dataclass that serves as dependency.
    pub(super) field: Option<Field>,
}

/// Parameters, and why they may not be all.
#[derive(Default, PartialEq)]
pub(super) struct Signature {
    pub(super) arguments: Vec<Argument>,
    pub(super) unknown: Option<Reason>,
}

impl Reader<'_> {
    pub(super) fn signature(&mut self, callable: &Value) -> Signature {
        match callable {
            Value::Function(id) => self.function_signature(*id, 0),
            Value::Bound(bound) => match &bound.1 {
                Value::Function(id) => self.function_signature(*id, 1),
                other => self.signature(&other.clone()),
            },
            Value::Class(class) => self.constructor(*class),
            Value::Object(object) => match self.interp.instance(*object).map(|instance| instance.class.clone()) {
                Some(Value::Class(class)) => match self.interp.class_attribute(class, "__call__", None) {
                    Some((Value::Function(id), _)) => self.function_signature(id, 1),
                    _ if self.is_scheme(class) => Signature::default(),
                    _ => unknown("what is called is not known"),
                },
                _ => unknown("what is called is not known"),
            },
            Value::Partial(partial) => {
                let inner = self.signature(&partial.0);
                partially_given(inner, &partial.1)
            }
            Value::Lib(name) => unknown(format!("`{name}` is in a library that is not read")),
            Value::LibObject(object) if object.callee.starts_with("fastapi.security.") => Signature::default(),
            Value::LibObject(object) => unknown(format!("`{}` is in a library that is not read", object.callee)),
            // Several wrappers of one function have its signature.
            Value::OneOf(callables) => {
                let mut signatures = callables.iter().map(|callable| self.signature(callable));
                match signatures.next() {
                    Some(first) if signatures.all(|other| other == first) => first,
                    _ => unknown("which of several functions is called is not decided before the program runs"),
                }
            }
            Value::Unknown(why) => Signature {
                arguments: Vec::new(),
                unknown: Some(Reason::clone(why)),
            },
            _ => unknown("what is called is not known"),
        }
    }

    fn function_signature(&mut self, id: FnId, bound: usize) -> Signature {
        let object = &self.interp.functions[id.0 as usize];
        if let Some(wrapped) = object.wraps.clone()
            && wrapped != Value::Function(id)
        {
            return match wrapped {
                Value::Function(inner) => self.function_signature(inner, bound),
                other => self.signature(&other),
            };
        }
        let (code, params) = self.interp.params_of(id);
        let cx = self.interp.definition_context(id);
        let mut arguments = Vec::new();
        for param in params.list.iter().skip(bound) {
            let Expr::Name(name) = &code[param.name] else { continue };
            // FastAPI takes `*args` and `**kwargs` for query parameters of these names.
            let annotation = param.annotation.map(|at| self.interp.eval_annotation(&cx, at));
            let default = param.default.map(|at| self.interp.default_of(id, name, at));
            let is_open = matches!(param.kind, ParamKind::VarPositional | ParamKind::VarKeyword);
            if is_open && self.interp.opaque.contains_key(&id) {
                continue;
            }
            arguments.push(Argument {
                name: name.clone(),
                annotation,
                default,
                field: None,
            });
        }
        Signature {
            arguments,
            unknown: self.interp.opaque.get(&id).cloned(),
        }
    }

    /// A class: its `__init__`, or the fields of a model, dataclass or named tuple.
    fn constructor(&mut self, class: ClassId) -> Signature {
        if let Some((Value::Function(init), _)) = self.interp.class_attribute(class, "__init__", None) {
            return self.function_signature(init, 1);
        }
        let Some(described) = self.kind(class).and_then(|_| self.class_ref(class)) else {
            return Signature {
                arguments: Vec::new(),
                unknown: self.unread_base(class),
            };
        };
        let described = self.classes[described.0 as usize].clone();
        let arguments = described.fields.into_iter().map(|field| Argument {
            name: SmolStr::new(field.attributes.text("alias").unwrap_or(&field.name)),
            annotation: None,
            default: None,
            field: Some(field),
        });
        Signature {
            arguments: arguments.collect(),
            unknown: described.unknown,
        }
    }
}

/// What is given by position is gone; what is given by name has that default from then on.
fn partially_given(inner: Signature, given: &Args) -> Signature {
    let mut arguments: Vec<Argument> = inner.arguments.into_iter().skip(given.positional.len()).collect();
    for argument in &mut arguments {
        if let Some(value) = given.keyword(&argument.name) {
            argument.default = Some(value.clone());
            if let Some(field) = &mut argument.field {
                field.default = Default::Factory;
            }
        }
    }
    Signature {
        arguments,
        unknown: inner.unknown.or_else(|| given.open.as_deref().cloned()),
    }
}

fn unknown(why: impl Into<std::sync::Arc<str>>) -> Signature {
    Signature {
        arguments: Vec::new(),
        unknown: Some(reason(why, None)),
    }
}
