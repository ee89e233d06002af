//! Fields: annotation, `Annotated` metadata and default become one (Pydantic's `fields.py`, `FieldInfo`).

use super::{Reader, Variables, annotation::is_named, metadata::CONSTRAINTS};
use crate::{
    contract::{Attributes, Data, Default, Field, Metadata, Type},
    eval::value::{Args, Value},
};

/// Arguments of `Field(…)`, `Query(…)` and their like that are kept by their names.
pub(super) const ATTRIBUTES: [&str; 19] = [
    "title",
    "description",
    "alias",
    "alias_priority",
    "validation_alias",
    "serialization_alias",
    "examples",
    "example",
    "openapi_examples",
    "deprecated",
    "include_in_schema",
    "json_schema_extra",
    "exclude",
    "discriminator",
    "embed",
    "media_type",
    "convert_underscores",
    "init",
    "kw_only",
];

/// Other arguments of Pydantic's and SQLModel's `Field`, of which the schema shows nothing.
const SILENT: [&str; 30] = [
    "default",
    "default_factory",
    "annotation",
    "field_title_generator",
    "exclude_if",
    "frozen",
    "validate_default",
    "repr",
    "init_var",
    "coerce_numbers_to_str",
    "union_mode",
    "fail_fast",
    "primary_key",
    "foreign_key",
    "ondelete",
    "unique",
    "nullable",
    "index",
    "sa_type",
    "sa_column",
    "sa_column_args",
    "sa_column_kwargs",
    "schema_extra",
    "include",
    "const",
    "min_items",
    "max_items",
    "unique_items",
    "allow_mutation",
    "discriminator",
];

/// A discriminator that is a function: no one property tells the members apart.
pub(super) const BY_FUNCTION: Data = Data::Bool(true);

/// Wrappers of a field's type that say something of the field.
const QUALIFIERS: [&str; 6] = ["Final", "Required", "NotRequired", "ReadOnly", "InitVar", "Mapped"];

impl Reader<'_> {
    /// The field of a name with its annotation and what is assigned to it.
    pub(super) fn field(
        &mut self,
        name: &str,
        annotation: Option<&Value>,
        assigned: Option<&Value>,
        variables: &Variables,
    ) -> Field {
        let mut field = Field {
            name: name.into(),
            ty: Type::Any,
            metadata: Vec::new(),
            default: Default::Required,
            attributes: Attributes::default(),
        };
        if let Some(annotation) = annotation {
            self.annotate(&mut field, annotation, variables);
        }
        match assigned {
            Some(Value::Marker(marker)) => {
                self.assign(&mut field, &marker.args);
                let mut first = self.constraints(&marker.args);
                first.append(&mut field.metadata);
                field.metadata = first;
            }
            Some(Value::LibObject(object)) if object.callee.as_ref() == "dataclasses.field" => {
                self.assign(&mut field, &object.args.clone());
            }
            Some(Value::Ellipsis) | None => {}
            Some(value) => field.default = Default::Value(self.data(value)),
        }
        complete_aliases(&mut field.attributes);
        field
    }

    fn annotate(&mut self, field: &mut Field, annotation: &Value, variables: &Variables) {
        match annotation {
            Value::Generic(parts) if QUALIFIERS.iter().any(|name| is_named(&parts.0, name)) => {
                if is_named(&parts.0, "NotRequired") {
                    field.default = Default::Factory;
                }
                if let Some(inner) = parts.1.first() {
                    self.annotate(field, inner, variables);
                }
            }
            Value::Annotated(parts) => {
                self.annotate(field, &parts.0, variables);
                for item in &parts.1 {
                    if let Value::Marker(marker) = item {
                        self.assign(field, &marker.args);
                    }
                }
                for metadata in self.metadata(&parts.1, variables) {
                    match metadata {
                        Metadata::Field(attributes) => merge(&mut field.attributes, &attributes),
                        other => field.metadata.push(other),
                    }
                }
            }
            plain => match self.ty(plain, variables) {
                // An alias of an annotated type.
                Type::Annotated(inner, metadata) => {
                    field.ty = *inner;
                    for metadata in metadata {
                        match metadata {
                            Metadata::Field(attributes) => merge(&mut field.attributes, &attributes),
                            other => field.metadata.push(other),
                        }
                    }
                }
                ty => field.ty = ty,
            },
        }
    }

    /// Takes over what a `Field(…)` says, its constraints left out.
    fn assign(&mut self, field: &mut Field, args: &Args) {
        if args
            .keyword("default_factory")
            .is_some_and(|factory| *factory != Value::None)
        {
            field.default = Default::Factory;
        }
        match args.get(0, "default") {
            Some(Value::Ellipsis) => field.default = Default::Required,
            Some(value) if !is_named(value, "PydanticUndefined") => {
                field.default = Default::Value(self.data(&value.clone()));
            }
            _ => {}
        }
        let attributes = marker_attributes(self, args);
        merge(&mut field.attributes, &attributes);
    }
}

/// What a `Field(…)` or `Query(…)` says besides its constraints and default.
pub(super) fn marker_attributes(reader: &mut Reader<'_>, args: &Args) -> Attributes {
    let mut attributes = reader.named(args, &ATTRIBUTES);
    if let Some(Value::Function(_) | Value::Bound(_)) = args.keyword("discriminator") {
        attributes.set("discriminator", BY_FUNCTION);
    }
    // Pydantic still takes other names for parts of the schema.
    let other: Vec<(Data, Data)> = args
        .keywords
        .iter()
        .filter(|(name, _, _)| {
            let name = name.as_str();
            !ATTRIBUTES.contains(&name) && !CONSTRAINTS.contains(&name) && !SILENT.contains(&name)
        })
        .map(|(name, value, _)| (Data::Str(name.as_str().into()), reader.data(value)))
        .collect();
    if !other.is_empty() && attributes.get("json_schema_extra").is_none() {
        attributes.set("json_schema_extra", Data::Dict(other));
    }
    complete_aliases(&mut attributes);
    attributes
}

/// `alias` stands for both directions where they have none of their own.
fn complete_aliases(attributes: &mut Attributes) {
    let Some(alias @ Data::Str(_)) = attributes.get("alias").cloned() else {
        return;
    };
    for name in ["validation_alias", "serialization_alias"] {
        if attributes.get(name).is_none() {
            attributes.set(name, alias.clone());
        }
    }
}

/// What comes later wins, also where it takes something back.
fn merge(into: &mut Attributes, from: &Attributes) {
    if from.given("alias") == Some(&Data::None) {
        for name in ["validation_alias", "serialization_alias"] {
            into.set(name, Data::None);
        }
    }
    for (name, value) in from.iter() {
        into.set(name, value.clone());
    }
}
