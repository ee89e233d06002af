//! What `Annotated` adds to a type (Pydantic's `_known_annotated_metadata.py`, `functional_validators.py`).

use super::{
    Reader, Variables,
    annotation::not_read,
    field::{ATTRIBUTES, BY_FUNCTION, marker_attributes},
    reason,
};
use crate::{
    contract::{Attributes, Data, Metadata, SerializedDefault, Type},
    eval::value::{Args, FnId, LibObject, Value},
};
use facts::Stmt;

/// Arguments of `Field(…)` and its like that constrain the type (`FieldInfo.metadata_lookup`).
pub(super) const CONSTRAINTS: [&str; 13] = [
    "strict",
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "allow_inf_nan",
    "max_digits",
    "decimal_places",
    "min_length",
    "max_length",
    "pattern",
    "regex",
];

impl Reader<'_> {
    /// Everything that `Annotated` adds, in order.
    pub(super) fn metadata(&mut self, items: &[Value], variables: &Variables) -> Vec<Metadata> {
        let mut found = Vec::new();
        for item in items {
            match item {
                Value::Marker(marker) => {
                    found.extend(self.constraints(&marker.args));
                    let attributes = marker_attributes(self, &marker.args);
                    found.push(Metadata::Field(attributes));
                }
                Value::LibObject(object) => self.library_metadata(object, variables, &mut found),
                Value::Object(object) => {
                    if let Some(Value::Class(class)) = self.interp.instance(*object).map(|instance| &instance.class)
                        && let Some(hook) = self.schema_hook(*class)
                    {
                        found.push(Metadata::Unknown(hook));
                    }
                }
                Value::Unknown(why) => found.push(Metadata::Unknown(crate::Reason::clone(why))),
                // Anything else has no say.
                _ => {}
            }
        }
        found
    }

    /// The constraints among keyword arguments.
    pub(super) fn constraints(&mut self, args: &Args) -> Vec<Metadata> {
        let mut found = Vec::new();
        if let Some(why) = &args.open {
            found.push(Metadata::Unknown(crate::Reason::clone(why)));
        }
        for name in CONSTRAINTS {
            let Some(value) = args.keyword(name).filter(|value| **value != Value::None).cloned() else {
                continue;
            };
            let name = if name == "regex" { "pattern" } else { name };
            let value = match &value {
                // `re.compile(…)` stands for its text.
                Value::LibObject(object) if object.callee.as_ref() == "re.compile" => {
                    object.args.get(0, "pattern").cloned().unwrap_or(Value::None)
                }
                value => value.clone(),
            };
            let data = self.data(&value);
            found.push(Metadata::Constraint(name.into(), data));
        }
        found
    }

    fn library_metadata(&mut self, object: &LibObject, variables: &Variables, found: &mut Vec<Metadata>) {
        let args = &object.args;
        let (module, name) = object.callee.rsplit_once('.').unwrap_or(("", &object.callee));
        let constraint = |reader: &mut Self, constraint: &str, index: usize, argument: &str| {
            let value = args
                .get(index, argument)
                .filter(|value| **value != Value::None)
                .cloned();
            value.map(|value| Metadata::Constraint(constraint.into(), reader.data(&value)))
        };
        match (module.split('.').next().unwrap_or(module), name) {
            ("annotated_types", "Gt") => found.extend(constraint(self, "gt", 0, "gt")),
            ("annotated_types", "Ge") => found.extend(constraint(self, "ge", 0, "ge")),
            ("annotated_types", "Lt") => found.extend(constraint(self, "lt", 0, "lt")),
            ("annotated_types", "Le") => found.extend(constraint(self, "le", 0, "le")),
            ("annotated_types", "MultipleOf") => found.extend(constraint(self, "multiple_of", 0, "multiple_of")),
            ("annotated_types", "MinLen") => found.extend(constraint(self, "min_length", 0, "min_length")),
            ("annotated_types", "MaxLen") => found.extend(constraint(self, "max_length", 0, "max_length")),
            ("annotated_types", "Len") => {
                found.extend(constraint(self, "min_length", 0, "min_length"));
                found.extend(constraint(self, "max_length", 1, "max_length"));
            }
            ("annotated_types", "Interval") | ("pydantic", "StringConstraints") => {
                found.extend(self.constraints(args));
            }
            ("pydantic", "AfterValidator" | "Tag" | "Strict" | "AllowInfNan" | "FailFast" | "PlainSerializer")
            | ("pydantic", "WrapSerializer" | "BeforeValidator" | "PlainValidator" | "WrapValidator") => {
                found.extend(self.function_metadata(name, args, variables));
            }
            ("pydantic", "WithJsonSchema") => {
                let schema = args.get(0, "json_schema").cloned().unwrap_or(Value::None);
                let mode = args.get(1, "mode").and_then(Value::as_str).map(Into::into);
                found.push(Metadata::JsonSchema {
                    schema: self.data(&schema),
                    mode,
                });
            }
            ("pydantic", "SkipJsonSchema") => found.push(Metadata::Skip),
            ("pydantic", "Discriminator") => {
                let by = args.get(0, "discriminator").cloned().unwrap_or(Value::None);
                let by = match by {
                    Value::Function(_) | Value::Bound(_) => BY_FUNCTION,
                    by => self.data(&by),
                };
                found.push(Metadata::Field(one("discriminator", by)));
            }
            ("pydantic", "Examples") => {
                let examples = args.get(0, "examples").cloned().unwrap_or(Value::None);
                found.push(Metadata::Field(one("examples", self.data(&examples))));
            }
            ("typing" | "warnings", "deprecated") => found.push(Metadata::Field(one("deprecated", Data::Bool(true)))),
            ("annotated_doc" | "typing" | "annotated_types" | "re" | "builtins", _) => {}
            _ => found.push(Metadata::Unknown(not_read(object))),
        }
    }

    /// Validators and serializers: what they take and give, if it is something else than the type.
    fn function_metadata(&mut self, name: &str, args: &Args, variables: &Variables) -> Option<Metadata> {
        match name {
            "BeforeValidator" | "PlainValidator" | "WrapValidator" => {
                match args.keyword("json_schema_input_type").cloned() {
                    Some(input) => Some(Metadata::Input(self.ty(&input, variables))),
                    None => (name == "PlainValidator").then_some(Metadata::Input(Type::Any)),
                }
            }
            "PlainSerializer" | "WrapSerializer" => {
                let function = args.get(0, "func").cloned();
                let returns = match args.keyword("return_type").cloned() {
                    Some(given) => Some(self.ty(&given, variables)),
                    None => self.returned_type(function.as_ref(), variables),
                };
                let default = match (name, function) {
                    ("WrapSerializer", _) => SerializedDefault::Kept,
                    (_, Some(Value::Lib(name))) if name.as_ref() == "builtins.str" => SerializedDefault::Text,
                    _ => SerializedDefault::Unknown(reason(
                        "what the serializer makes of the default is not followed",
                        None,
                    )),
                };
                self.output(returns, args, default)
            }
            _ => None,
        }
    }

    pub(super) fn output(
        &mut self,
        returns: Option<Type>,
        args: &Args,
        default: SerializedDefault,
    ) -> Option<Metadata> {
        let when = args.keyword("when_used").and_then(Value::as_str);
        returns.map(|returns| Metadata::Output {
            returns,
            unless_none: when.is_some_and(|when| when.ends_with("unless-none")),
            default,
        })
    }

    /// What a function's annotation says that it returns.
    pub(super) fn returned_type(&mut self, function: Option<&Value>, variables: &Variables) -> Option<Type> {
        match function? {
            Value::Function(id) => self.function_returns(*id).map(|value| self.ty(&value, variables)),
            Value::Bound(bound) => self.returned_type(Some(&bound.1.clone()), variables),
            Value::StaticMethod(inner) | Value::ClassMethod(inner) | Value::Property(inner) => {
                self.returned_type(Some(&Value::clone(inner)), variables)
            }
            Value::Lib(name) => match name.strip_prefix("builtins.") {
                Some("str" | "int" | "float" | "bool") => Some(Type::Library(name.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value of a function's return annotation.
    pub(super) fn function_returns(&mut self, id: FnId) -> Option<Value> {
        let (code, stmt) = self.interp.function_def(id)?;
        let Stmt::Function(def) = &code[stmt] else { return None };
        let at = def.returns?;
        let cx = self.interp.definition_context(id);
        Some(self.interp.eval_type(&cx, at))
    }

    /// Why a class's schema can't be known: it makes it itself.
    pub(super) fn schema_hook(&self, class: crate::eval::value::ClassId) -> Option<crate::Reason> {
        [
            "__get_pydantic_core_schema__",
            "__get_pydantic_json_schema__",
            "__get_validators__",
        ]
        .iter()
        .find(|hook| self.interp.class_attribute(class, hook, None).is_some())
        .map(|hook| {
            let name = &self.interp.class(class).name;
            reason(format!("`{name}` makes its schema itself (`{hook}`)"), None)
        })
    }
}

/// One attribute.
fn one(name: &str, value: Data) -> Attributes {
    debug_assert!(ATTRIBUTES.contains(&name));
    let mut attributes = Attributes::default();
    attributes.set(name, value);
    attributes
}
