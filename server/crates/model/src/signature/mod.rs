//! What FastAPI reads from the signature of a callable (`fastapi/dependencies/utils.py`, `get_typed_signature` and
//! `analyze_param`): the one reader of parameters, for the model's callables and for contracts alike.

mod analyze;
mod annotation;
mod class;
pub(crate) mod config;
mod field;
mod made;
mod made_by_libraries;
mod security;
#[cfg(test)]
mod tests;

pub(crate) use analyze::{Analyzed, Marked};
pub(crate) use annotation::{Shape, library_shape};
pub(crate) use class::is_class_variable;
pub(crate) use field::FieldFacts;
pub(crate) use made::{made_name, makes_class};

use crate::{
    Place, Reason,
    eval::{
        Interp,
        value::{Args, ClassId, FnId, Returns, Value},
    },
};
use base::FileId;
use facts::{Expr, ParamKind};
use smol_str::SmolStr;
use std::sync::Arc;

/// Wrappers of wrappers and objects that call others that are followed.
pub(crate) const DEPTH: usize = 32;

/// What stands in a name for what is not known of it.
pub(crate) const HOLE: &str = "…";

/// The `__init__` of classes that have none of their own.
pub(crate) const OBJECT_INIT: &str = "builtins.object.__init__";

/// A parameter as `inspect.signature` tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Argument {
    pub(crate) name: SmolStr,
    /// The `Name` node, or what stands for it where the parameter is made by code.
    pub(crate) at: Option<Place>,
    pub(crate) kind: ParamKind,
    pub(crate) annotation: Option<Value>,
    /// Where the annotation is written.
    pub(crate) annotation_at: Option<Place>,
    pub(crate) default: Option<Value>,
    /// The class of which it is a field, and the field's name.
    pub(crate) field: Option<(ClassId, SmolStr)>,
}

/// Parameters, and why they may not be all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Signature {
    pub(crate) arguments: Vec<Argument>,
    pub(crate) unknown: Option<Reason>,
}

impl Signature {
    /// `(*args, **kwargs)`: that of `Repository[int]`, an alias of `typing`, whatever the class takes.
    fn of_alias() -> Self {
        let given = [("args", ParamKind::VarPositional), ("kwargs", ParamKind::VarKeyword)];
        let argument = |(name, kind): (&str, ParamKind)| Argument {
            name: name.into(),
            at: None,
            kind,
            annotation: None,
            annotation_at: None,
            default: None,
            field: None,
        };
        Self {
            arguments: given.map(argument).into(),
            unknown: None,
        }
    }
}

impl Interp<'_> {
    /// The signature of a callable.
    pub(crate) fn signature(&mut self, callable: &Value) -> Signature {
        self.signature_within(callable, DEPTH)
    }

    fn signature_within(&mut self, callable: &Value, depth: usize) -> Signature {
        let Some(depth) = depth.checked_sub(1) else {
            return unknown("what is called leads to itself");
        };
        match callable {
            Value::Function(id) => self.function_signature(*id, 0, depth),
            Value::Bound(bound) => match &bound.1 {
                Value::Function(id) => self.function_signature(*id, 1, depth),
                other => self.signature_within(&other.clone(), depth),
            },
            Value::StaticMethod(inner) | Value::ClassMethod(inner) => {
                self.signature_within(&Value::clone(inner), depth)
            }
            Value::Class(class) => self.class_signature(*class, depth),
            Value::Generic(parts) => match &parts.0 {
                Value::Class(class) if self.inherits(*class, "pydantic.BaseModel") => {
                    self.class_signature(*class, depth)
                }
                Value::Class(_) => Signature::of_alias(),
                _ => unknown("what is called is not known"),
            },
            Value::Object(object) => match self.instance(*object).map(|instance| instance.class.clone()) {
                Some(Value::Class(class)) => self.instance_signature(class, depth),
                _ => unknown("what is called is not known"),
            },
            Value::Partial(partial) => {
                let inner = self.signature_within(&partial.0, depth);
                partially_given(inner, &partial.1)
            }
            Value::Lib(name) if name.as_ref() == OBJECT_INIT => init_of_object(),
            Value::Lib(name) => match security::arguments(self, name) {
                Some(arguments) => Signature {
                    arguments,
                    unknown: None,
                },
                None => unknown(format!("`{name}` is in a library that is not read")),
            },
            Value::LibObject(object) if object.callee.starts_with("fastapi.security.") => Signature::default(),
            Value::LibObject(object) if makes_class(&object.callee, &object.args) => {
                let object = object.clone();
                self.signature_of_made(&object, depth)
                    .unwrap_or_else(|| unknown("what is called is not known"))
            }
            Value::LibObject(object) => unknown(format!("`{}` is in a library that is not read", object.callee)),
            // Several wrappers of one function have its signature.
            Value::OneOf(callables) => {
                let mut signatures = callables.iter().map(|callable| self.signature_within(callable, depth));
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

    /// The function whose signature counts, as `inspect.signature` follows `__wrapped__`; itself where that goes in a circle.
    pub(crate) fn unwrapped(&self, id: FnId) -> FnId {
        let mut seen = vec![id];
        loop {
            let last = seen[seen.len() - 1];
            let object = &self.functions[last.0 as usize];
            match object.wraps {
                Some(Value::Function(wrapped)) if seen.contains(&wrapped) => return id,
                Some(Value::Function(wrapped)) if object.attribute("__signature__").is_none() => seen.push(wrapped),
                _ => return last,
            }
        }
    }

    /// The signature of a function without its first `bound` parameters.
    fn function_signature(&mut self, id: FnId, bound: usize, depth: usize) -> Signature {
        let id = self.unwrapped(id);
        let object = &self.functions[id.0 as usize];
        if let Some(signature) = object.attribute("__signature__").cloned() {
            return given(&signature, bound);
        }
        if let Some(wrapped) = object.wraps.clone()
            && !matches!(wrapped, Value::Function(_))
        {
            return self.signature_within(&wrapped, depth);
        }
        let owner = object.owner;
        // What defaults make on the way is the module's that made the function.
        self.begin(owner);
        let arguments = self.written(id, bound);
        self.end();
        Signature {
            arguments,
            unknown: self.opaque.get(&id).cloned(),
        }
    }

    /// The parameters of a `def` as they are written.
    fn written(&mut self, id: FnId, bound: usize) -> Vec<Argument> {
        let (code, params) = self.params_of(id);
        let cx = self.definition_context(id);
        let is_opaque = self.opaque.contains_key(&id);
        let mut arguments = Vec::with_capacity(params.list.len());
        for param in params.list.iter().skip(bound) {
            let Expr::Name(name) = &code[param.name] else { continue };
            // FastAPI takes `*args` and `**kwargs` for query parameters of these names.
            let is_open = matches!(param.kind, ParamKind::VarPositional | ParamKind::VarKeyword);
            if is_open && is_opaque {
                continue;
            }
            let mut argument = Argument {
                name: name.clone(),
                at: Some(cx.place(param.name)),
                kind: param.kind,
                annotation: param.annotation.map(|at| {
                    let annotation = self.annotation_of(id, &cx, at);
                    self.without_alias(annotation)
                }),
                annotation_at: param.annotation.map(|at| cx.place(at)),
                default: param.default.map(|at| self.default_of(id, name, at)),
                field: None,
            };
            self.read_types(&mut argument, cx.file);
            arguments.push(argument);
        }
        arguments
    }

    /// Reads what a parameter says by names of libraries, where it has a say: what makes its markers, and the classes of its
    /// type. Beside a dependency that is the type that is depended on, if nothing else is.
    fn read_types(&mut self, argument: &mut Argument, from: FileId) {
        self.read_markers(argument, from);
        let has_say = match self.analyze(argument) {
            Analyzed::Depends(id, _) => self.depends[id.0 as usize].target.is_none(),
            Analyzed::Special | Analyzed::SecurityScopes => false,
            Analyzed::Marked(_) | Analyzed::Implicit(_) | Analyzed::Unknown(_) => true,
        };
        if has_say && let Some(annotation) = argument.annotation.take() {
            argument.annotation = Some(self.with_classes_of_libraries(from, annotation));
        }
    }

    /// The signature of an instance: its class's `__call__`.
    fn instance_signature(&mut self, class: ClassId, depth: usize) -> Signature {
        match self.class_attribute(class, "__call__", None) {
            Some((Value::Function(id), _)) => self.function_signature(id, 1, depth),
            None if self.inherits(class, "fastapi.security.base.SecurityBase") => Signature::default(),
            _ => unknown("its `__call__` is not a function that is known"),
        }
    }

    /// The annotation of a callable's result and where it is written; no library is read for it.
    pub(crate) fn return_annotation(&mut self, callable: &Value) -> Option<(Value, Place)> {
        match self.returns_of(callable, DEPTH) {
            Returns::Written(id) => self.written_result(id),
            Returns::Given(returns) => returns,
        }
    }

    /// Where the annotation of a callable's result is to be found, as things are now.
    pub(crate) fn returns_of(&self, callable: &Value, depth: usize) -> Returns {
        let Some(depth) = depth.checked_sub(1) else {
            return Returns::Given(None);
        };
        match callable {
            Value::Function(id) => {
                let id = self.unwrapped(*id);
                let object = &self.functions[id.0 as usize];
                match (object.attribute("__signature__"), &object.wraps) {
                    (Some(Value::Signature(signature)), _) => signature.returns.clone(),
                    (Some(_), _) => Returns::Given(None),
                    (None, Some(wrapped)) if !matches!(wrapped, Value::Function(_)) => self.returns_of(wrapped, depth),
                    (None, _) => Returns::Written(id),
                }
            }
            Value::Bound(bound) => self.returns_of(&bound.1, depth),
            Value::Partial(partial) => self.returns_of(&partial.0, depth),
            Value::Object(object) => match self.instance(*object).map(|instance| &instance.class) {
                Some(Value::Class(class)) => match self.class_attribute(*class, "__call__", None) {
                    Some((call, _)) => self.returns_of(&call, depth),
                    None => Returns::Given(None),
                },
                _ => Returns::Given(None),
            },
            _ => Returns::Given(None),
        }
    }

    pub(crate) fn written_result(&mut self, id: FnId) -> Option<(Value, Place)> {
        let (code, stmt) = self.function_def(id)?;
        let facts::Stmt::Function(def) = &code[stmt] else {
            return None;
        };
        let at = def.returns?;
        let cx = self.definition_context(id);
        let returns = self.annotation_of(id, &cx, at);
        Some((returns, cx.place(at)))
    }
}

/// `(self, /, *args, **kwargs)`.
fn init_of_object() -> Signature {
    let parts = [
        ("self", ParamKind::PositionalOnly),
        ("args", ParamKind::VarPositional),
        ("kwargs", ParamKind::VarKeyword),
    ];
    let arguments = parts.map(|(name, kind)| Argument {
        name: SmolStr::new_static(name),
        at: None,
        kind,
        annotation: None,
        annotation_at: None,
        default: None,
        field: None,
    });
    Signature {
        arguments: arguments.into(),
        unknown: None,
    }
}

/// A signature that code gave to a function or class.
fn given(signature: &Value, bound: usize) -> Signature {
    match signature {
        Value::Signature(signature) => Signature {
            arguments: signature.signature.arguments.iter().skip(bound).cloned().collect(),
            unknown: signature.signature.unknown.clone(),
        },
        Value::Unknown(why) => Signature {
            arguments: Vec::new(),
            unknown: Some(Reason::clone(why)),
        },
        _ => unknown("its `__signature__` is not known"),
    }
}

/// What is given by position is gone; what is given by name has that default from then on, and it and what follows it can
/// be given by name alone.
fn partially_given(inner: Signature, given: &Args) -> Signature {
    let mut arguments: Vec<Argument> = inner.arguments.into_iter().skip(given.positional.len()).collect();
    for argument in &mut arguments {
        if let Some(value) = given.keyword(&argument.name) {
            argument.default = Some(value.clone());
        }
    }
    if let Some(first) = arguments.iter().position(|one| given.keyword(&one.name).is_some()) {
        arguments.retain({
            let mut number = 0;
            move |one| {
                number += 1;
                number <= first || one.kind != ParamKind::VarPositional
            }
        });
        for argument in arguments.iter_mut().skip(first) {
            if argument.kind == ParamKind::PositionalOrKeyword {
                argument.kind = ParamKind::KeywordOnly;
            }
        }
    }
    Signature {
        arguments,
        unknown: inner.unknown.or_else(|| given.open.as_deref().cloned()),
    }
}

fn unknown(why: impl Into<Arc<str>>) -> Signature {
    Signature {
        arguments: Vec::new(),
        unknown: Some(Reason {
            text: why.into(),
            place: None,
        }),
    }
}
