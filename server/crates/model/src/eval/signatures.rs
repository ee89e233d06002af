//! `inspect.Signature` and `inspect.Parameter`, and the annotations of functions: what code reads of a callable and makes
//! anew for FastAPI to read.

use super::{
    Interp,
    value::{Args, DictEntry, Returns, SignatureObject, Value},
};
use crate::{
    Place, Reason,
    signature::{Argument, DEPTH, HOLE, Signature},
};
use facts::ParamKind;
use smol_str::SmolStr;
use std::sync::Arc;

/// What stands where a parameter has no default or annotation.
pub(crate) const EMPTY: &str = "inspect.Parameter.empty";

const KINDS: [(&str, ParamKind); 5] = [
    ("POSITIONAL_ONLY", ParamKind::PositionalOnly),
    ("POSITIONAL_OR_KEYWORD", ParamKind::PositionalOrKeyword),
    ("VAR_POSITIONAL", ParamKind::VarPositional),
    ("KEYWORD_ONLY", ParamKind::KeywordOnly),
    ("VAR_KEYWORD", ParamKind::VarKeyword),
];

impl Interp<'_> {
    /// A function of `inspect` or `typing` that tells of a callable's signature; `None` for all others.
    pub(crate) fn call_on_signature(&mut self, function: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        match function {
            "signature" => {
                let callable = args.get(0, "obj").or_else(|| args.keyword("callable"))?.clone();
                let signature = self.signature(&callable);
                Some(match signature.unknown {
                    Some(why) => Value::Unknown(Arc::new(why)),
                    None => Value::Signature(Arc::new(SignatureObject {
                        signature,
                        returns: self.returns_of(&callable, DEPTH),
                    })),
                })
            }
            // FastAPI's own leaves the result out (`dependencies/utils.py`).
            "get_typed_signature" => {
                let callable = args.get(0, "call")?.clone();
                let signature = self.signature(&callable);
                Some(match signature.unknown {
                    Some(why) => Value::Unknown(Arc::new(why)),
                    None => Value::Signature(Arc::new(SignatureObject {
                        signature,
                        returns: Returns::Given(None),
                    })),
                })
            }
            "Signature" => Some(self.made_signature(args)),
            "Parameter" => Some(made_parameter(args, at)),
            "unwrap" => match args.get(0, "func")? {
                Value::Function(id) => Some(Value::Function(self.unwrapped(*id))),
                other => Some(other.clone()),
            },
            // Pydantic makes a class for type arguments.
            "get_origin" | "get_args" if self.is_made_by_pydantic(args.get(0, "tp")?) => Some(match function {
                "get_origin" => Value::None,
                _ => Value::Tuple(Arc::from([])),
            }),
            "get_origin" => origin(args.get(0, "tp")?),
            "get_args" => Some(Value::Tuple(type_arguments(args.get(0, "tp")?)?.into())),
            "get_type_hints" | "get_annotations" => {
                let object = args.get(0, "obj")?.clone();
                self.hints(&object, function)
            }
            _ => None,
        }
    }

    /// The annotations of a function or class by name; those of bases count as hints of a class.
    fn hints(&mut self, object: &Value, function: &str) -> Option<Value> {
        let mut hints: Vec<(SmolStr, Value)> = Vec::new();
        match object {
            Value::Function(_) | Value::Bound(_) => {
                let signature = self.signature(object);
                if signature.unknown.is_some() {
                    return None;
                }
                let annotated = signature.arguments.into_iter();
                hints.extend(annotated.filter_map(|argument| Some((argument.name, argument.annotation?))));
                if let Some((returns, _)) = self.return_annotation(object) {
                    hints.push((SmolStr::new_static("return"), returns));
                }
            }
            Value::Class(class) => {
                if self.unread_base(*class).is_some() {
                    return None;
                }
                let order = self.class(*class).mro.clone();
                let last = if function == "get_annotations" { 1 } else { order.len() };
                for base in order.iter().take(last).rev() {
                    let Value::Class(base) = base else { continue };
                    let cx = self.class_context(*base);
                    let named: Vec<_> = self
                        .annotated_names(*base)
                        .map(|(name, at, _)| (name.clone(), at))
                        .collect();
                    for (name, at) in named {
                        let hint = self.eval_annotation(&cx, at);
                        match hints.iter_mut().find(|(known, _)| *known == name) {
                            Some((_, old)) => *old = hint,
                            None => hints.push((name, hint)),
                        }
                    }
                }
            }
            _ => return None,
        }
        let entries = hints.into_iter().map(|(name, hint)| {
            // `typing` says the class of `None` where an annotation says `None`.
            let hint = match hint {
                Value::None if function == "get_type_hints" => Value::lib("types.NoneType"),
                hint => hint,
            };
            (name, hint)
        });
        let entries = entries.collect();
        Some(self.by_name(entries))
    }

    fn by_name(&mut self, entries: Vec<(SmolStr, Value)>) -> Value {
        let entries = entries.into_iter().map(|(name, value)| DictEntry {
            key: Value::Str(name.as_str().into()),
            value,
            at: None,
        });
        let entries = entries.collect();
        self.new_view(entries)
    }

    /// `inspect.Signature(parameters, return_annotation=…)`.
    fn made_signature(&mut self, args: &Args) -> Value {
        let blank = SignatureObject {
            signature: Signature::default(),
            returns: Returns::Given(None),
        };
        self.replaced_signature(&blank, args)
    }

    /// A signature with other parameters or another annotation of its result.
    fn replaced_signature(&mut self, old: &SignatureObject, args: &Args) -> Value {
        if let Some(why) = &args.open {
            return Value::Unknown(why.clone());
        }
        let mut made = old.clone();
        match args.get(0, "parameters").cloned() {
            None | Some(Value::None) => {}
            Some(parameters) => match self.arguments_of(&parameters) {
                Ok(arguments) => made.signature.arguments = arguments,
                Err(why) => return Value::Unknown(why),
            },
        }
        if let Some(returns) = args.keyword("return_annotation") {
            let at = self.somewhere(args.place(usize::MAX, "return_annotation"));
            let is_given = returns.lib_name() != Some(EMPTY);
            made.returns = Returns::Given(is_given.then(|| (returns.clone(), at)));
        }
        Value::Signature(Arc::new(made))
    }

    fn arguments_of(&mut self, parameters: &Value) -> Result<Vec<Argument>, Arc<Reason>> {
        let at = self.somewhere(None);
        let items = match self.items_of(parameters, at) {
            super::iterate::Items::Known(items) => items,
            super::iterate::Items::Unknown(why) => return Err(why),
        };
        let arguments = items.into_iter().map(|item| match item {
            Value::Parameter(argument) => Ok(Argument::clone(&argument)),
            Value::Unknown(why) => Err(why),
            _ => Err(self.reason("a parameter of a signature that is not known", at)),
        });
        arguments.collect()
    }

    /// The annotation of the result that a signature says.
    pub(crate) fn result_of_signature(&mut self, signature: &SignatureObject) -> Option<(Value, Place)> {
        match &signature.returns {
            Returns::Written(id) => self.written_result(*id),
            Returns::Given(returns) => returns.clone(),
        }
    }

    /// An attribute of a signature or parameter.
    pub(crate) fn signature_attribute(&mut self, receiver: &Value, name: &str) -> Option<Value> {
        let or_empty = |value: &Option<Value>| value.clone().unwrap_or_else(|| Value::lib(EMPTY));
        match (receiver, name) {
            (Value::Signature(signature), "parameters") => {
                let arguments = signature.signature.arguments.iter();
                let entries =
                    arguments.map(|argument| (argument.name.clone(), Value::Parameter(Arc::new(argument.clone()))));
                let entries = entries.collect();
                Some(self.by_name(entries))
            }
            (Value::Signature(signature), "return_annotation") => {
                let returns = self.result_of_signature(&signature.clone());
                Some(or_empty(&returns.map(|(returns, _)| returns)))
            }
            (Value::Parameter(argument), "name") => Some(Value::Str(argument.name.as_str().into())),
            (Value::Parameter(argument), "default") => Some(or_empty(&argument.default)),
            (Value::Parameter(argument), "annotation") => Some(or_empty(&argument.annotation)),
            (Value::Parameter(argument), "kind") => {
                let mut kinds = KINDS.iter();
                let (name, _) = kinds.find(|(_, kind)| *kind == argument.kind)?;
                Some(Value::Lib(format!("inspect.Parameter.{name}").into()))
            }
            (_, "empty") => Some(Value::lib(EMPTY)),
            (_, "replace") => Some(Value::BuiltinMethod(Arc::new((receiver.clone(), name.into())))),
            (_, kind) if KINDS.iter().any(|(name, _)| *name == kind) => {
                Some(Value::Lib(format!("inspect.Parameter.{kind}").into()))
            }
            _ => None,
        }
    }

    /// `replace(…)` of a signature or parameter.
    pub(crate) fn signature_method(&mut self, receiver: &Value, name: &str, args: &Args) -> Option<Value> {
        if name != "replace" {
            return None;
        }
        match receiver {
            Value::Signature(signature) => Some(self.replaced_signature(&signature.clone(), args)),
            Value::Parameter(argument) => Some(replaced(argument, args)),
            _ => None,
        }
    }
}

/// `typing.get_origin(ty)`.
fn origin(ty: &Value) -> Option<Value> {
    match ty {
        Value::Generic(parts) => Some(parts.0.clone()),
        Value::Annotated(_) => Some(Value::lib("typing.Annotated")),
        Value::Union(_) => Some(Value::lib("typing.Union")),
        Value::Class(_) | Value::None => Some(Value::None),
        Value::Lib(name) if name.starts_with("builtins.") => Some(Value::None),
        _ => None,
    }
}

/// `typing.get_args(ty)`.
fn type_arguments(ty: &Value) -> Option<Vec<Value>> {
    match ty {
        Value::Generic(parts) => Some(parts.1.clone()),
        Value::Annotated(parts) => Some([std::slice::from_ref(&parts.0), &parts.1].concat()),
        Value::Union(members) => Some(members.to_vec()),
        Value::Class(_) | Value::None => Some(Vec::new()),
        Value::Lib(name) if name.starts_with("builtins.") => Some(Vec::new()),
        _ => None,
    }
}

/// `inspect.Parameter(name, kind, default=…, annotation=…)`.
fn made_parameter(args: &Args, at: Option<Place>) -> Value {
    let blank = Argument {
        name: SmolStr::default(),
        at: args.place(0, "name").or(at),
        kind: ParamKind::PositionalOrKeyword,
        annotation: None,
        annotation_at: None,
        default: None,
        field: None,
    };
    let mut args = args.clone();
    for (i, name) in ["name", "kind"].into_iter().enumerate() {
        if let Some((value, at)) = args.positional.get(i).cloned() {
            args.keywords.push((SmolStr::new_static(name), value, at));
        }
    }
    replaced(&blank, &args)
}

fn replaced(argument: &Argument, args: &Args) -> Value {
    if let Some(why) = &args.open {
        return Value::Unknown(why.clone());
    }
    let mut made = argument.clone();
    let given = |name: &str| {
        let value = args.keyword(name)?;
        Some((value.lib_name() != Some(EMPTY)).then(|| value.clone()))
    };
    match args.keyword("name") {
        Some(Value::Str(name)) => made.name = SmolStr::new(name),
        Some(Value::Text(name)) => made.name = SmolStr::new(name.to_string()),
        Some(_) => made.name = SmolStr::new_static(HOLE),
        None => {}
    }
    if let Some(kind) = args.keyword("kind") {
        let named = |name: &str| {
            kind.lib_name()
                .is_some_and(|kind| kind.rsplit('.').next() == Some(name))
        };
        match KINDS.iter().find(|(name, _)| named(name)) {
            Some((_, kind)) => made.kind = *kind,
            None => return Value::unknown("a parameter whose kind is not known", argument.at),
        }
    }
    if let Some(default) = given("default") {
        made.default = default;
        made.field = None;
    }
    if let Some(annotation) = given("annotation") {
        if made.annotation != annotation {
            made.annotation_at = args.place(usize::MAX, "annotation");
        }
        made.annotation = annotation;
    }
    Value::Parameter(Arc::new(made))
}
