//! Classes that a call makes: `create_model`, `make_dataclass`, `make_class`, and the calls of `NamedTuple`, `TypedDict` and
//! `type`. Their fields are known where the arguments are.

use super::{Argument, FieldFacts, Shape, Signature};
use crate::{
    Place, Reason,
    eval::{
        Eval, Interp,
        iterate::Items,
        library,
        value::{Args, LibObject, Value},
    },
};
use facts::ParamKind;
use smol_str::SmolStr;
use std::sync::Arc;

/// What makes a class.
#[derive(Clone, Copy, PartialEq)]
enum Maker {
    Pydantic,
    Dataclass,
    Attrs,
    /// `typing.NamedTuple` and `collections.namedtuple`.
    NamedTuple,
    TypedDict,
    /// `type(name, bases, namespace)`.
    Type,
}

fn maker(callee: &str) -> Option<Maker> {
    Some(match callee {
        "pydantic.create_model" => Maker::Pydantic,
        "dataclasses.make_dataclass" => Maker::Dataclass,
        "attr.make_class" | "attrs.make_class" => Maker::Attrs,
        "typing.NamedTuple" | "collections.namedtuple" => Maker::NamedTuple,
        "typing.TypedDict" => Maker::TypedDict,
        "builtins.type" => Maker::Type,
        _ => return None,
    })
}

/// The name of a class that a call makes.
pub(crate) fn made_name(object: &LibObject) -> Option<&str> {
    maker(&object.callee)?;
    let name = object.args.get(0, "model_name").or_else(|| {
        ["cls_name", "name", "typename", "__model_name"]
            .iter()
            .find_map(|keyword| object.args.keyword(keyword))
    });
    name?.as_str()
}

impl Interp<'_> {
    /// The bases of a class that a call makes; `None` for all other calls, and where they aren't known.
    pub(crate) fn made_bases(&self, object: &LibObject) -> Option<Vec<Value>> {
        let (given, usual) = match maker(&object.callee)? {
            Maker::Pydantic => (object.args.keyword("__base__"), "pydantic.BaseModel"),
            Maker::Attrs => (object.args.get(2, "bases"), "builtins.object"),
            Maker::Dataclass => (object.args.keyword("bases"), "builtins.object"),
            Maker::Type => (object.args.get(1, "bases"), "builtins.object"),
            Maker::NamedTuple => (None, "typing.NamedTuple"),
            Maker::TypedDict => (None, "typing.TypedDict"),
        };
        Some(match given {
            None | Some(Value::None) => vec![Value::lib(usual)],
            Some(Value::Tuple(bases)) if bases.is_empty() => vec![Value::lib(usual)],
            Some(Value::Tuple(bases)) => bases.to_vec(),
            Some(Value::List(bases)) => self.list_items(*bases).to_vec(),
            Some(base) if maker(&object.callee)? == Maker::Pydantic => vec![base.clone()],
            Some(_) => return None,
        })
    }

    /// `types.new_class(name, bases, exec_body=…)`: as `type(name, bases, namespace)`.
    pub(crate) fn new_class(&mut self, args: &Args, at: Option<Place>) -> Eval<Option<Value>> {
        let (Some(name), Some(bases)) = (args.get(0, "name"), args.get(1, "bases")) else {
            return Ok(None);
        };
        let (name, bases) = (name.clone(), bases.clone());
        let namespace = Value::Dict(self.new_dict([]));
        if let Some(body) = args.get(3, "exec_body").cloned() {
            self.call(&body, Args::of([namespace.clone()]), at)?;
        }
        Ok(Some(self.lib_object(
            "builtins.type",
            Args::of([name, bases, namespace]),
            at,
        )))
    }

    /// An attribute of a class that a call makes: its own, or that of a base.
    pub(crate) fn attribute_of_made(&mut self, made: &LibObject, name: &SmolStr, at: Option<Place>) -> Option<Value> {
        let maker = maker(&made.callee)?;
        match name.as_str() {
            "__name__" => return made_name(made).map(Value::str),
            "model_fields" | "__fields__" => return self.fields_of_model(&Value::LibObject(Arc::new(made.clone()))),
            _ => {}
        }
        if maker == Maker::Type
            && let Some(Value::Dict(namespace)) = made.args.get(2, "namespace")
        {
            let mut entries = self.dict_entries(*namespace).iter();
            if let Some(entry) = entries.find(|entry| entry.key.as_str() == Some(name)) {
                return Some(entry.value.clone());
            }
        }
        let bases = self.made_bases(made)?;
        bases.iter().find_map(|base| match base {
            Value::Class(_) | Value::LibObject(_) | Value::Generic(_) => self.attribute_of(base, name, at),
            _ => None,
        })
    }

    /// The fields that `create_model` adds, as annotation and default; `None` where they aren't known.
    pub(crate) fn made_fields(&self, made: &LibObject) -> Option<Vec<(SmolStr, Value, Option<Value>)>> {
        if made.args.open.is_some() {
            return None;
        }
        match maker(&made.callee)? {
            Maker::Pydantic => {
                let fields = made.args.keywords.iter().filter(|(name, ..)| !name.starts_with("__"));
                let fields = fields.map(|(name, value, _)| {
                    let (annotation, default) = typed(value);
                    Some((
                        name.clone(),
                        annotation?,
                        default.filter(|value| *value != Value::Ellipsis),
                    ))
                });
                fields.collect()
            }
            Maker::Type => Some(Vec::new()),
            _ => None,
        }
    }

    /// What a class that a call makes is as the type of a parameter.
    pub(super) fn made_shape(&self, object: &LibObject) -> Option<Shape> {
        match maker(&object.callee)? {
            Maker::Attrs | Maker::Type => {
                let Some(bases) = self.made_bases(object) else {
                    return Some(Shape::Unknown);
                };
                let shapes: Vec<Shape> = bases.iter().map(|base| self.shape(base)).collect();
                let first = |wanted: Shape| shapes.contains(&wanted).then_some(wanted);
                first(Shape::Special)
                    .or_else(|| first(Shape::Complex))
                    .or_else(|| first(Shape::Unknown))
                    .or(Some(Shape::Scalar))
            }
            _ => Some(Shape::Complex),
        }
    }

    /// The signature of a class that a call makes.
    pub(super) fn signature_of_made(&mut self, object: &LibObject, depth: usize) -> Option<Signature> {
        let maker = maker(&object.callee)?;
        let bases = self.made_bases(object);
        let mut signature = Signature {
            arguments: Vec::new(),
            unknown: object.args.open.as_deref().cloned(),
        };
        if bases.is_none() {
            signature.unknown =
                Some(self.not_known("the bases of a class that is made by a call are not known", object.at));
        }
        for base in bases.iter().flatten().rev() {
            if matches!(base, Value::Lib(name) if super::class::is_plain(name)) {
                continue;
            }
            let of_base = self.signature_within(base, depth);
            signature.unknown = signature.unknown.or(of_base.unknown);
            of_base
                .arguments
                .into_iter()
                .for_each(|argument| put(&mut signature, argument));
        }
        match maker {
            Maker::Pydantic => {
                for (name, value, at) in &object.args.keywords {
                    if !name.starts_with("__") {
                        let (annotation, default) = typed(value);
                        let argument = self.made_argument(name, annotation, default, *at, true);
                        put(&mut signature, argument);
                    }
                }
            }
            Maker::Type => match object.args.get(2, "namespace").cloned() {
                Some(Value::Dict(namespace)) if self.object(namespace).open.is_none() => {
                    let init = self
                        .dict_entries(namespace)
                        .iter()
                        .find(|entry| entry.key.as_str() == Some("__init__"));
                    if let Some(init) = init.map(|entry| entry.value.clone()) {
                        signature = self.signature_within(&init, depth);
                        signature.arguments = signature.arguments.into_iter().skip(1).collect();
                    }
                }
                _ => {
                    let why = self.not_known("what a class that is made by a call holds is not known", object.at);
                    signature.unknown.get_or_insert(why);
                }
            },
            _ => match self.listed_fields(maker, object) {
                Ok(arguments) => arguments.into_iter().for_each(|argument| put(&mut signature, argument)),
                Err(why) => {
                    signature.unknown.get_or_insert(why);
                }
            },
        }
        Some(signature)
    }

    /// The fields that a call adds to a class that it makes, as arguments.
    pub(super) fn made_arguments(&mut self, object: &LibObject) -> Vec<Argument> {
        let Some(fields) = self.made_fields(object) else {
            return Vec::new();
        };
        let fields = fields.into_iter();
        let argument = |(name, annotation, default): (SmolStr, Value, Option<Value>)| {
            self.made_argument(&name, Some(annotation), default, Some(object.at), true)
        };
        fields.map(argument).collect()
    }

    /// Fields in a list of names, of pairs, or in a mapping.
    fn listed_fields(&mut self, maker: Maker, object: &LibObject) -> Result<Vec<Argument>, Reason> {
        let listed = ["fields", "attrs", "field_names"]
            .iter()
            .find_map(|keyword| object.args.get(1, keyword))
            .cloned();
        let why = self.not_known("the fields of a class that is made by a call are not known", object.at);
        let mut arguments = Vec::new();
        let items = match listed {
            None => Vec::new(),
            Some(Value::Str(names)) => names
                .split([' ', ',', '\n'])
                .filter(|name| !name.is_empty())
                .map(Value::str)
                .collect(),
            Some(Value::Dict(fields)) if self.object(fields).open.is_none() => {
                let entries = self.dict_entries(fields).iter();
                entries
                    .map(|entry| Value::Tuple(Arc::from([entry.key.clone(), entry.value.clone()])))
                    .collect()
            }
            Some(fields) => match self.items_of(&fields, object.at) {
                Items::Known(items) => items,
                Items::Unknown(_) => return Err(why),
            },
        };
        for item in items {
            let (name, annotation, value) = match &item {
                Value::Str(name) => (name.clone(), None, None),
                Value::Tuple(parts) => match (parts.first().and_then(Value::as_str), parts.get(1), parts.get(2)) {
                    (Some(name), Some(made), None) if maker == Maker::Attrs => (name.into(), None, Some(made.clone())),
                    (Some(name), annotation, value) => (name.into(), annotation.cloned(), value.cloned()),
                    _ => return Err(why),
                },
                _ => return Err(why),
            };
            arguments.push(self.made_argument(&name, annotation, value, Some(object.at), false));
        }
        Ok(arguments)
    }

    /// A field as a parameter; `field(…)` and its like say its default, and attrs' its type.
    fn made_argument(
        &mut self,
        name: &str,
        annotation: Option<Value>,
        value: Option<Value>,
        at: Option<Place>,
        is_keyword: bool,
    ) -> Argument {
        let annotation = annotation.or_else(|| match &value {
            Some(Value::LibObject(call)) if library::is_field_call(&call.callee) => call.args.keyword("type").cloned(),
            _ => None,
        });
        let facts: FieldFacts = self.field_facts(name, annotation.as_ref(), value.as_ref(), &Vec::new());
        Argument {
            name: SmolStr::new(name),
            at,
            kind: if is_keyword {
                ParamKind::KeywordOnly
            } else {
                ParamKind::PositionalOrKeyword
            },
            annotation,
            annotation_at: None,
            default: facts.default,
            field: None,
        }
    }

    fn not_known(&self, text: &str, at: Place) -> Reason {
        Reason {
            text: text.into(),
            place: Some(at),
        }
    }
}

/// Adds a parameter in the place of one of its name.
fn put(signature: &mut Signature, argument: Argument) {
    signature.arguments.retain(|known| known.name != argument.name);
    signature.arguments.push(argument);
}

/// `create_model(…, name=(type, default))`; without a tuple it is the type, or a default.
fn typed(value: &Value) -> (Option<Value>, Option<Value>) {
    match value {
        Value::Tuple(parts) => {
            let default = parts.get(1).filter(|default| **default != Value::Ellipsis).cloned();
            (parts.first().cloned(), default)
        }
        annotation => (Some(annotation.clone()), None),
    }
}

/// Whether a call makes a class; `type` of one argument asks for one.
pub(crate) fn makes_class(callee: &str, args: &Args) -> bool {
    maker(callee).is_some_and(|maker| maker != Maker::Type || args.positional.len() == 3)
}
