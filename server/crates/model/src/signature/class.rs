//! Signatures of classes: `__init__`, or the fields that Pydantic, dataclasses, named tuples and attrs make one of.

use super::{Argument, DEPTH, FieldFacts, HOLE, Signature, config, given, security};
use crate::{
    Reason,
    eval::{
        Context, Interp, library,
        value::{ClassId, Value},
    },
};
use facts::{Expr, ParamKind, Stmt};
use smol_str::SmolStr;
use std::sync::Arc;

/// Library classes that add no fields and no parameters.
const PLAIN: [&str; 20] = [
    "builtins.object",
    "builtins.str",
    "builtins.int",
    "builtins.float",
    "builtins.dict",
    "typing.Generic",
    "typing.Protocol",
    "typing.TypedDict",
    "typing.NamedTuple",
    "abc.ABC",
    "pydantic.BaseModel",
    "pydantic.RootModel",
    "pydantic.generics.GenericModel",
    "pydantic_settings.BaseSettings",
    "sqlmodel.SQLModel",
    "enum.Enum",
    "enum.StrEnum",
    "enum.IntEnum",
    "enum.Flag",
    "enum.IntFlag",
];

/// Whether a library's class adds no fields and no parameters.
pub(super) fn is_plain(name: &str) -> bool {
    PLAIN.contains(&name)
}

/// Who makes a class's `__init__` out of its fields.
#[derive(Clone, Copy, PartialEq)]
enum Maker {
    Pydantic,
    Dataclass,
    NamedTuple,
    /// attrs, of all names that are annotated.
    Attrs,
    /// attrs, of those alone that are given an `attr.ib()`.
    AttrsGiven,
}

impl Interp<'_> {
    pub(super) fn class_signature(&mut self, class: ClassId, depth: usize) -> Signature {
        if let Some((signature, _)) = self.class_attribute(class, "__signature__", None) {
            return given(&signature, 0);
        }
        let init = match self.class_attribute(class, "__init__", None) {
            Some((Value::Function(init), _)) => Some(init),
            _ => None,
        };
        let maker = self.maker(class);
        if let Some(init) = init {
            let mut signature = self.function_signature(init, 1, depth);
            if maker == Some(Maker::Pydantic) {
                self.add_fields(class, &mut signature);
            }
            return signature;
        }
        match maker {
            Some(maker) => Signature {
                arguments: self.fields_as_arguments(class, maker),
                unknown: self.unread_base(class),
            },
            None => self.plain_signature(class, depth),
        }
    }

    /// A class whose instances are made by `__new__`, by a class of FastAPI's, or without arguments.
    fn plain_signature(&mut self, class: ClassId, depth: usize) -> Signature {
        if let Some((Value::Function(new), _)) = self.class_attribute(class, "__new__", None) {
            return self.function_signature(new, 1, depth);
        }
        let form = self.class(class).mro.clone().iter().find_map(|base| {
            let name = base.lib_name()?;
            security::arguments(self, name)
        });
        match form {
            Some(arguments) => Signature {
                arguments,
                unknown: None,
            },
            None => Signature {
                arguments: Vec::new(),
                unknown: self.unread_base(class),
            },
        }
    }

    /// A model's own `__init__` that takes whatever else there is, is given the fields by name.
    fn add_fields(&mut self, class: ClassId, signature: &mut Signature) {
        let Some(rest) = signature
            .arguments
            .iter()
            .position(|one| one.kind == ParamKind::VarKeyword)
        else {
            return;
        };
        signature.arguments.remove(rest);
        for field in self.fields_as_arguments(class, Maker::Pydantic) {
            let is_known = |known: &Argument| {
                known.name == field.name || field.field.as_ref().is_some_and(|(_, name)| known.name == *name)
            };
            if !signature.arguments.iter().any(is_known) {
                signature.arguments.push(field);
            }
        }
    }

    /// Whether a class's `__init__` is made of its fields, so that each instance has them of its own.
    pub(crate) fn has_made_init(&self, class: ClassId) -> bool {
        self.maker(class).is_some()
    }

    fn maker(&self, class: ClassId) -> Option<Maker> {
        if self.inherits(class, "pydantic.BaseModel") {
            return Some(Maker::Pydantic);
        }
        if self.inherits(class, "typing.NamedTuple") {
            return Some(Maker::NamedTuple);
        }
        self.class(class).mro.iter().find_map(|base| match base {
            Value::Class(base) => self.class(*base).decorators.iter().find_map(decorated_by),
            _ => None,
        })
    }

    fn fields_as_arguments(&mut self, class: ClassId, maker: Maker) -> Vec<Argument> {
        let is_pydantic = maker == Maker::Pydantic;
        let config = if is_pydantic {
            self.model_config(class)
        } else {
            Vec::new()
        };
        let mut arguments: Vec<Argument> = Vec::new();
        for base in self.class(class).mro.clone().iter().rev() {
            let own = match base {
                Value::Class(base) => self.own_fields_as_arguments(*base, class, maker, &config),
                Value::LibObject(made) => self.made_arguments(made),
                _ => continue,
            };
            for argument in own {
                arguments.retain(|known| {
                    known.name != argument.name && (known.field.is_none() || known.field != argument.field)
                });
                arguments.push(argument);
            }
        }
        if is_pydantic && config::find(&config, "extra") == Some(&Value::str("allow")) {
            arguments.push(Argument {
                name: SmolStr::new_static("extra_data"),
                at: None,
                kind: ParamKind::VarKeyword,
                annotation: Some(Value::lib("typing.Any")),
                annotation_at: None,
                default: None,
                field: None,
            });
        }
        arguments
    }

    fn own_fields_as_arguments(
        &mut self,
        base: ClassId,
        class: ClassId,
        maker: Maker,
        config: &config::Config,
    ) -> Vec<Argument> {
        let cx = self.class_context(base);
        let object = self.class(base).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return Vec::new();
        };
        self.begin(object.owner);
        let mut arguments = Vec::new();
        for &stmt in &def.body {
            let Stmt::AnnAssign {
                target,
                annotation,
                value,
            } = &object.code[stmt]
            else {
                continue;
            };
            let Expr::Name(name) = &object.code[*target] else {
                continue;
            };
            if maker == Maker::Pydantic && (name.starts_with('_') || name == "model_config") {
                continue;
            }
            let ty = self.eval_annotation(&cx, *annotation);
            if is_class_variable(&ty) {
                continue;
            }
            let assigned = value.and_then(|_| self.own_attribute(base, name));
            let is_given = matches!(&assigned, Some(Value::LibObject(call)) if library::is_field_call(&call.callee));
            if maker == Maker::AttrsGiven && !is_given {
                continue;
            }
            let facts = self.field_facts(name, Some(&ty), assigned.as_ref(), config);
            if !facts.is_taken {
                continue;
            }
            let (shown, ty) = match maker {
                Maker::Pydantic => (signature_name(name, &facts, config), Some(without_markers(ty))),
                Maker::Attrs | Maker::AttrsGiven => {
                    (SmolStr::new(name.trim_start_matches('_')), self.converted(ty, &facts))
                }
                Maker::Dataclass | Maker::NamedTuple => (name.clone(), Some(ty)),
            };
            let mut argument = Argument {
                name: shown,
                at: Some(cx.place(*target)),
                kind: ParamKind::KeywordOnly,
                annotation: ty,
                annotation_at: Some(cx.place(*annotation)),
                default: facts.default,
                field: Some((class, name.clone())),
            };
            self.read_types(&mut argument, cx.file);
            arguments.push(argument);
        }
        self.end();
        arguments
    }

    /// The annotation of an attrs field: that of its converter's parameter, where there is one.
    fn converted(&mut self, ty: Value, facts: &FieldFacts) -> Option<Value> {
        let Some(converter) = &facts.converter else {
            return Some(ty);
        };
        let signature = self.signature_within(converter, DEPTH);
        signature.arguments.into_iter().next()?.annotation
    }

    /// Why a class may have fields that are not known: a base is not read.
    pub(crate) fn unread_base(&self, class: ClassId) -> Option<Reason> {
        let object = self.class(class);
        let reason = |text: String| Reason {
            text: text.into(),
            place: None,
        };
        object.mro.iter().skip(1).find_map(|base| match base {
            Value::Class(_) => None,
            Value::Lib(name) if PLAIN.contains(&name.as_ref()) => None,
            Value::Lib(name) => Some(reason(format!(
                "`{}` inherits from `{name}`, which is not read",
                object.name
            ))),
            Value::LibObject(made) if self.made_fields(made).is_none() => {
                Some(reason(format!("what the base of `{}` holds is not known", object.name)))
            }
            Value::LibObject(_) => None,
            Value::Unknown(why) => Some(Reason::clone(why)),
            _ => Some(reason(format!("a base of `{}` is not known", object.name))),
        })
    }

    /// The scope in which a class's annotations are evaluated.
    pub(crate) fn class_context(&self, class: ClassId) -> Context {
        let object = self.class(class);
        Context {
            file: object.file,
            unit: object.unit,
            code: object.code.clone(),
            frame: object.frame,
            function: None,
        }
    }
}

/// The name that Pydantic gives a field in the signature of its model.
fn signature_name(name: &SmolStr, facts: &FieldFacts, config: &config::Config) -> SmolStr {
    if config::find(config, "validate_by_alias") == Some(&Value::Bool(false)) {
        return name.clone();
    }
    if facts.unknown_alias().is_some() {
        return SmolStr::new_static(HOLE);
    }
    let is_identifier = |text: &&str| {
        text.starts_with(|c: char| c == '_' || c.is_alphabetic())
            && text.chars().all(|c| c == '_' || c.is_alphanumeric())
    };
    let mut names = [&facts.alias, &facts.validation_alias].into_iter().flatten();
    names
        .find_map(|alias| alias.as_str().filter(is_identifier))
        .map_or_else(|| name.clone(), SmolStr::new)
}

/// A type as Pydantic keeps it: what `Annotated` adds becomes the field's, and is no marker any more.
fn without_markers(ty: Value) -> Value {
    match ty {
        Value::Annotated(parts) => {
            let rest: Vec<Value> = parts
                .1
                .iter()
                .filter(|item| !matches!(item, Value::Marker(_) | Value::Depends(_)))
                .cloned()
                .collect();
            match rest.is_empty() {
                true => parts.0.clone(),
                false => Value::Annotated(Arc::new((parts.0.clone(), rest))),
            }
        }
        ty => ty,
    }
}

pub(crate) fn is_class_variable(annotation: &Value) -> bool {
    let name = match annotation {
        Value::Generic(parts) => parts.0.lib_name(),
        other => other.lib_name(),
    };
    name == Some("typing.ClassVar")
}

/// Who makes the `__init__` of a class that is decorated so.
fn decorated_by(decorator: &Value) -> Option<Maker> {
    let (name, args) = match decorator {
        Value::Lib(name) => (name.as_ref(), None),
        Value::LibObject(object) => (object.callee.as_ref(), Some(&object.args)),
        _ => return None,
    };
    match name {
        "dataclasses.dataclass" => Some(Maker::Dataclass),
        "pydantic.dataclasses.dataclass" => Some(Maker::Pydantic),
        "attr.s" | "attr.attrs" | "attr.attributes" => {
            let is_auto = args.and_then(|args| args.keyword("auto_attribs")) == Some(&Value::Bool(true));
            Some(if is_auto { Maker::Attrs } else { Maker::AttrsGiven })
        }
        "attr.define" | "attr.frozen" | "attr.mutable" | "attr.dataclass" | "attrs.define" | "attrs.frozen"
        | "attrs.mutable" => Some(Maker::Attrs),
        _ => None,
    }
}
