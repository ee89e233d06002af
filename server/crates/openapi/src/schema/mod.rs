//! Schemas of types, as Pydantic's `json_schema.py` makes them.

mod class;
mod constraints;
mod definitions;
mod flat;
mod library;
mod union;

use crate::{
    form::Shape,
    json::{Object, json, object, title_case},
    notes::Notes,
};
use model::contract::{
    Attributes, Class, ClassKind, ClassRef, Contract, Data, Default, Field, Metadata, SequenceKind, SerializedDefault,
    Type,
};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a schema describes: what is taken, or what is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mode {
    Validation,
    Serialization,
}

/// An alias of Pydantic's own that has a definition.
pub(crate) const JSON_VALUE: &str = "pydantic.JsonValue";

/// A definition: a class in a mode.
pub(crate) type Key = (ClassRef, Mode);

/// Makes schemas, and the definitions that they refer to.
pub(crate) struct Schemas<'c, 's> {
    contract: &'c Contract,
    /// Bodies that FastAPI makes a model of.
    made: Vec<Class>,
    /// `None` while one is being made.
    definitions: BTreeMap<Key, Option<Object>>,
    json_value: Option<ClassRef>,
    /// How the bodies among them that hold models of forms are put together.
    forms: FxHashMap<ClassRef, Vec<Shape>>,
    /// Configurations of the classes that are being made.
    configs: Vec<Attributes>,
    pub(crate) notes: Notes<'s>,
    /// `separate_input_output_schemas`.
    pub(crate) is_separate: bool,
}

impl<'c, 's> Schemas<'c, 's> {
    pub(crate) fn new(contract: &'c Contract, notes: Notes<'s>) -> Self {
        Self {
            contract,
            made: Vec::new(),
            json_value: None,
            forms: FxHashMap::default(),
            definitions: BTreeMap::new(),
            configs: Vec::new(),
            notes,
            is_separate: contract.info.given("separate_input_output_schemas") != Some(&Data::Bool(false)),
        }
    }

    /// The version whose document it is.
    pub(crate) fn fastapi(&self) -> model::FastApiVersion {
        self.contract.fastapi
    }

    /// The version of Pydantic whose schemas these are.
    pub(crate) fn pydantic(&self) -> model::PydanticVersion {
        self.contract.pydantic
    }

    /// A class by its number; those that FastAPI makes of bodies among them.
    pub(crate) fn class(&self, class: ClassRef) -> &Class {
        let number = class.0 as usize;
        match number.checked_sub(self.contract.classes.len()) {
            None => self.contract.class(class),
            Some(made) => &self.made[made],
        }
    }

    /// Adds a model that stands in no file.
    pub(crate) fn make(&mut self, class: Class) -> ClassRef {
        self.made.push(class);
        ClassRef((self.contract.classes.len() + self.made.len() - 1) as u32)
    }

    /// Says how the body of a form is put together.
    pub(crate) fn set_form(&mut self, class: ClassRef, shapes: Vec<Shape>) {
        self.forms.insert(class, shapes);
    }

    /// The Pydantic model that a type is.
    pub(crate) fn model(&self, ty: &Type) -> Option<ClassRef> {
        match ty {
            Type::Class(class) if matches!(self.class(*class).kind, ClassKind::Model | ClassKind::RootModel) => {
                Some(*class)
            }
            _ => None,
        }
    }

    /// The schema of a type; `None` where it is left out.
    pub(crate) fn ty(&mut self, ty: &Type, mode: Mode) -> Option<Object> {
        Some(match ty {
            Type::Any => Object::new(),
            Type::None => object([("type", "null".into())]),
            Type::Library(name) => return self.library(name, mode),
            Type::Literal(values) => self.literal(values),
            Type::Sequence(kind, item) => {
                let items = self.ty(item, mode)?;
                let mut schema = object([("type", "array".into()), ("items", items.into())]);
                if *kind == SequenceKind::Set {
                    schema.insert("uniqueItems".to_owned(), true.into());
                }
                schema
            }
            Type::Tuple(items) => {
                let items: Option<Vec<Value>> = items
                    .iter()
                    .map(|item| self.ty(item, mode).map(Value::Object))
                    .collect();
                tuple(items?)
            }
            Type::Mapping(key, value) => return self.mapping(key, value, mode),
            Type::Union(members) => return self.union(members, None, mode),
            Type::Annotated(inner, metadata) => return self.annotated(inner, metadata, None, mode),
            Type::Class(class) => self.reference(*class, mode),
            Type::Json(inner) => {
                let content = self.ty(inner, mode)?;
                match mode {
                    Mode::Serialization => content,
                    Mode::Validation => object([
                        ("type", "string".into()),
                        ("contentMediaType", "application/json".into()),
                        ("contentSchema", content.into()),
                    ]),
                }
            }
            Type::Unknown(why) => self.notes.schema(why),
        })
    }

    fn library(&mut self, name: &str, mode: Mode) -> Option<Object> {
        if name == JSON_VALUE {
            let class = self.json_value();
            return Some(self.reference(class, mode));
        }
        if matches!(name, "typing.Callable" | "typing.Hashable" | "typing.Never") && mode == Mode::Serialization
            || name == "typing.Callable"
        {
            return None;
        }
        let tells_media_type = self.contract.fastapi.tells_media_type_of_bytes();
        let Some(mut schema) = library::schema(name, mode) else {
            let why = model::Reason {
                text: format!("`{name}` is in a library that is not read").into(),
                place: None,
            };
            return Some(self.notes.schema(&why));
        };
        if !tells_media_type {
            library::tell_format_of_bytes(&mut schema);
        }
        let pydantic = self.contract.pydantic;
        match name {
            "decimal.Decimal" if pydantic.tells_patterns_of_decimals() => {
                constraints::set_pattern_of_decimals(&mut schema, None, None);
            }
            "fractions.Fraction" if !pydantic.takes_numbers_for_fractions() => {
                schema = object([("type", "string".into()), ("format", "fraction".into())]);
            }
            _ => {}
        }
        if let Some(config) = self.configs.last() {
            apply_config(name, &mut schema, config, mode, tells_media_type);
        }
        Some(schema)
    }

    /// `JsonValue`, an alias of Pydantic's own for anything.
    fn json_value(&mut self) -> ClassRef {
        if let Some(known) = self.json_value {
            return known;
        }
        let class = self.make(Class {
            kind: ClassKind::Alias,
            name: "JsonValue".into(),
            qualified: "pydantic.types.JsonValue".into(),
            schema: None,
            doc: None,
            config: Attributes::default(),
            fields: vec![crate::field::plain("value", Type::Any)],
            computed: Vec::new(),
            members: Vec::new(),
            output: None,
            deprecated: false,
            unknown: None,
        });
        *self.json_value.insert(class)
    }

    fn literal(&mut self, values: &[Data]) -> Object {
        let mut schema = Object::new();
        let said: Vec<Value> = values.iter().filter_map(|value| json(value, &mut self.notes)).collect();
        let kind = common_type(values);
        if said.len() == values.len() {
            match said.as_slice() {
                [only] if self.contract.pydantic.tells_constants_as_enums() => {
                    schema.insert("const".to_owned(), only.clone());
                    schema.insert("enum".to_owned(), said.into())
                }
                [only] => schema.insert("const".to_owned(), only.clone()),
                _ => schema.insert("enum".to_owned(), said.into()),
            };
        }
        if values.len() > 1 || self.contract.pydantic.tells_types_of_constants() {
            schema.extend(kind.map(|kind| ("type".to_owned(), kind.into())));
        }
        schema
    }

    fn mapping(&mut self, key: &Type, value: &Type, mode: Mode) -> Option<Object> {
        let mut schema = object([("type", "object".into())]);
        let mut keys = self.ty(key, mode)?;
        let mut values = self.ty(value, mode)?;
        let pattern = match keys.contains_key("$ref") {
            true => None,
            false => {
                keys.remove("title");
                keys.remove("pattern")
            }
        };
        values.remove("title");
        match pattern {
            Some(Value::String(pattern)) => {
                let patterns: Object = [(pattern, Value::Object(values))].into_iter().collect();
                schema.insert("patternProperties".to_owned(), patterns.into());
            }
            _ if values.is_empty() => {
                if self.contract.pydantic.tells_free_mappings() {
                    schema.insert("additionalProperties".to_owned(), true.into());
                }
            }
            _ => {
                schema.insert("additionalProperties".to_owned(), values.into());
            }
        }
        let is_constrained = keys.get("type").and_then(Value::as_str) == Some("string") && keys.len() > 1;
        if is_constrained || keys.contains_key("$ref") {
            keys.remove("type");
            schema.insert("propertyNames".to_owned(), keys.into());
        }
        Some(schema)
    }

    /// A field's schema, its default and what is said of it included.
    pub(crate) fn field(&mut self, field: &Field, mode: Mode) -> Option<Object> {
        let discriminator = field.attributes.get("discriminator");
        let mut schema = self.annotated(&field.ty, &field.metadata, discriminator, mode)?;
        if let Some(default) = self.default(field, mode) {
            schema.insert("default".to_owned(), default);
        }
        self.describe(&mut schema, &field.attributes);
        Some(schema)
    }

    /// The default that a field shows.
    fn default(&mut self, field: &Field, mode: Mode) -> Option<Value> {
        let Default::Value(value) = &field.default else {
            return None;
        };
        let serializer = field.metadata.iter().rev().find_map(|item| match item {
            Metadata::Output {
                default, unless_none, ..
            } if mode == Mode::Serialization => Some((default, *unless_none)),
            _ => None,
        });
        match serializer {
            Some((SerializedDefault::Dropped, _)) => None,
            Some((SerializedDefault::Text, unless_none)) if !(unless_none && *value == Data::None) => {
                match json(value, &mut self.notes)? {
                    Value::String(text) => Some(text.into()),
                    Value::Number(number) => Some(number.to_string().into()),
                    Value::Bool(true) => Some("True".into()),
                    Value::Bool(false) => Some("False".into()),
                    Value::Null => Some("None".into()),
                    _ => None,
                }
            }
            Some((SerializedDefault::Unknown(why), unless_none)) if !(unless_none && *value == Data::None) => {
                self.notes.add(why);
                None
            }
            _ => json(value, &mut self.notes),
        }
    }

    /// Adds title, description, examples and extras.
    pub(crate) fn describe(&mut self, schema: &mut Object, attributes: &Attributes) {
        for name in ["title", "description", "examples"] {
            if let Some(value) = attributes.get(name).and_then(|data| json(data, &mut self.notes)) {
                schema.insert(name.to_owned(), value);
            }
        }
        match attributes.get("deprecated") {
            Some(Data::Str(_)) => {
                schema.insert("deprecated".to_owned(), true.into());
            }
            Some(Data::Unknown(why)) => self.notes.add(why),
            Some(data) if data.truth() == Some(true) => {
                schema.insert("deprecated".to_owned(), true.into());
            }
            _ => {}
        }
        if let Some(Value::Object(extra)) = attributes
            .get("json_schema_extra")
            .and_then(|data| json(data, &mut self.notes))
        {
            schema.extend(extra);
        }
    }

    /// `Annotated`: what it adds, from the inside out.
    fn annotated(
        &mut self,
        inner: &Type,
        metadata: &[Metadata],
        discriminator: Option<&Data>,
        mode: Mode,
    ) -> Option<Object> {
        let mut constraints: Vec<(&str, &Data)> = Vec::new();
        let mut attributes: Vec<&Attributes> = Vec::new();
        let mut discriminator = discriminator;
        let mut replaced: Option<Option<Object>> = None;
        for item in metadata {
            match item {
                Metadata::Constraint(name, value) => constraints.push((name, value)),
                Metadata::Field(given) => {
                    discriminator = given.get("discriminator").or(discriminator);
                    attributes.push(given);
                }
                Metadata::JsonSchema { schema, mode: only } => {
                    let wanted = match mode {
                        Mode::Validation => "validation",
                        Mode::Serialization => "serialization",
                    };
                    if only.as_deref().is_none_or(|only| only == wanted) {
                        replaced = Some(match json(schema, &mut self.notes) {
                            Some(Value::Object(schema)) => Some(schema),
                            Some(_) => None,
                            None => Some(Object::new()),
                        });
                    }
                }
                Metadata::Skip => replaced = Some(None),
                Metadata::Input(input) if mode == Mode::Validation => {
                    replaced = Some(self.ty(input, mode));
                    constraints.clear();
                }
                Metadata::Output {
                    returns, unless_none, ..
                } if mode == Mode::Serialization => {
                    let output = self.ty(returns, mode)?;
                    replaced = Some(Some(if *unless_none && inner.is_nullable() {
                        union::any_of(vec![object([("type", "null".into())]), output])
                    } else {
                        output
                    }));
                    constraints.clear();
                }
                Metadata::Input(_) | Metadata::Output { .. } => {}
                Metadata::Unknown(why) => self.notes.add(why),
            }
        }
        let mut schema = match replaced {
            Some(schema) => {
                let mut schema = schema?;
                self.constrain_other(&mut schema, &constraints);
                schema
            }
            None => self.constrained(inner, &constraints, discriminator, mode)?,
        };
        for attributes in attributes {
            self.describe(&mut schema, attributes);
        }
        Some(schema)
    }
}

/// The name of the type that all values have.
fn common_type(values: &[Data]) -> Option<&'static str> {
    let of = |value: &Data| match value {
        Data::Str(_) => Some("string"),
        Data::Int(_) => Some("integer"),
        Data::Float(_) => Some("number"),
        Data::Bool(_) => Some("boolean"),
        Data::List(_) => Some("array"),
        Data::None => Some("null"),
        _ => None,
    };
    let first = of(values.first()?)?;
    values.iter().all(|value| of(value) == Some(first)).then_some(first)
}

fn tuple(items: Vec<Value>) -> Object {
    let count = items.len();
    let mut schema = object([("type", "array".into())]);
    if count > 0 {
        schema.insert("prefixItems".to_owned(), items.into());
    }
    schema.insert("minItems".to_owned(), count.into());
    schema.insert("maxItems".to_owned(), count.into());
    schema
}

/// What a class's configuration changes in the schemas of plain types in it.
fn apply_config(name: &str, schema: &mut Object, config: &Attributes, mode: Mode, tells_media_type: bool) {
    match name {
        "builtins.str" => {
            for (key, said) in [("str_min_length", "minLength"), ("str_max_length", "maxLength")] {
                if let Some(Data::Int(length)) = config.get(key)
                    && *length > 0
                {
                    schema.insert(said.to_owned(), (*length).into());
                }
            }
        }
        "builtins.bytes" if !tells_media_type && config.text("ser_json_bytes") == Some("base64") => {
            schema.insert("format".to_owned(), "base64url".into());
        }
        "builtins.bytes" if tells_media_type => {
            let key = match mode {
                Mode::Validation => "val_json_bytes",
                Mode::Serialization => "ser_json_bytes",
            };
            if config.text(key) == Some("base64") {
                schema.insert("contentEncoding".to_owned(), "base64".into());
            }
        }
        "datetime.timedelta" | "datetime.date" | "datetime.datetime" | "datetime.time"
            if mode == Mode::Serialization =>
        {
            let is_number = match (config.text("ser_json_temporal"), config.text("ser_json_timedelta")) {
                (Some(format), _) => format != "iso8601",
                (None, Some(format)) => name == "datetime.timedelta" && format == "float",
                _ => false,
            };
            if is_number {
                *schema = object([("type", "number".into())]);
            }
        }
        _ => {}
    }
}

/// The title that a name makes (`GenerateJsonSchema.get_title_from_name`).
pub(crate) fn title_from(name: &str) -> String {
    title_case(name).replace('_', " ").trim().to_owned()
}
