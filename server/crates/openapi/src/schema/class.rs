//! Classes as definitions: models, dataclasses, typed dicts, named tuples, enums.

use super::{JSON_VALUE, Key, Mode, Schemas, common_type, title_from};
use crate::{
    form,
    json::{Object, json, object},
};
use model::contract::{Attributes, Class, ClassKind, ClassRef, Data, Default, Field, Type};
use serde_json::Value;

/// Behind it stands a definition's key until definitions have names.
pub(crate) const PLACEHOLDER: &str = "#/definition/";

impl Schemas<'_, '_> {
    /// A reference to a class's definition, which is made if it is the first.
    pub(crate) fn reference(&mut self, class: ClassRef, mode: Mode) -> Object {
        let key = (class, mode);
        if !self.definitions.contains_key(&key) {
            self.definitions.insert(key, None);
            self.notes.begin();
            let described = self.class(class).clone();
            let mut schema = match self.forms.get(&class).cloned() {
                Some(shapes) => form::schema(self, &described, &shapes, mode),
                None => self.class_schema(&described, mode),
            };
            if let Some(why) = &described.unknown {
                self.notes.add(why);
            }
            self.notes.end(&mut schema);
            self.definitions.insert(key, Some(schema));
        }
        object([("$ref", placeholder(key).into())])
    }

    fn class_schema(&mut self, class: &Class, mode: Mode) -> Object {
        if class.kind == ClassKind::Enum {
            return self.enumeration(class);
        }
        if let (Some(output), Mode::Serialization) = (&class.output, mode) {
            return self.ty(output, mode).unwrap_or_default();
        }
        let has_config = matches!(class.kind, ClassKind::Model | ClassKind::RootModel);
        if has_config || class.config != Attributes::default() {
            self.configs.push(class.config.clone());
        }
        let mut schema = match class.kind {
            ClassKind::RootModel | ClassKind::Alias => class
                .fields
                .first()
                .and_then(|root| self.field(root, mode))
                .unwrap_or_default(),
            ClassKind::NamedTuple => self.named_tuple(class, mode),
            _ => self.fields(class, mode),
        };
        if has_config || class.config != Attributes::default() {
            self.configs.pop();
        }
        if !matches!(class.kind, ClassKind::NamedTuple | ClassKind::Alias) {
            self.name_class(class, &mut schema);
        }
        schema
    }

    /// `properties` and `required`.
    fn fields(&mut self, class: &Class, mode: Mode) -> Object {
        let mut properties = Object::new();
        let mut required: Vec<Value> = Vec::new();
        let always = mode == Mode::Serialization && class.config.is_true("json_schema_serialization_defaults_required");
        for field in &class.fields {
            if mode == Mode::Serialization && field.attributes.is_true("exclude") {
                continue;
            }
            let name = self.shown_name(class, field, mode);
            if self.property(&mut properties, &name, field, mode) && (field.is_required() || always) {
                required.push(name.into());
            }
        }
        if mode == Mode::Serialization {
            for field in &class.computed {
                let name = field
                    .attributes
                    .text("serialization_alias")
                    .unwrap_or(&field.name)
                    .to_owned();
                let computed = Field {
                    default: Default::Required,
                    ..field.clone()
                };
                if self.property(&mut properties, &name, &computed, mode) {
                    if let Some(Value::Object(property)) = properties.get_mut(&name) {
                        property.insert("readOnly".to_owned(), true.into());
                    }
                    required.push(name.into());
                }
            }
        }
        let mut schema = object([("properties", properties.into()), ("type", "object".into())]);
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        schema
    }

    /// Adds a property; says whether it is shown.
    fn property(&mut self, properties: &mut Object, name: &str, field: &Field, mode: Mode) -> bool {
        let Some(mut schema) = self.field(field, mode) else {
            return false;
        };
        if !schema.contains_key("title") && self.is_titled(&field.ty) {
            schema.insert("title".to_owned(), title_from(name).into());
        }
        self.drop_repeated(&mut schema);
        properties.insert(name.to_owned(), schema.into());
        true
    }

    /// What stands beside a reference and says what the definition says goes (`handle_ref_overrides`).
    pub(crate) fn drop_repeated(&self, schema: &mut Object) {
        let Some(Value::String(reference)) = schema.get("$ref") else {
            return;
        };
        let definition = self
            .definitions
            .iter()
            .find(|(key, _)| placeholder(**key) == *reference);
        if let Some((_, Some(definition))) = definition {
            schema.retain(|name, value| name == "$ref" || definition.get(name) != Some(value));
        }
    }

    /// Whether a field of this type gets a title from its name: what has a definition has its own.
    pub(crate) fn is_titled(&self, ty: &Type) -> bool {
        match ty {
            Type::Class(_) => false,
            Type::Library(name) => &**name != JSON_VALUE,
            Type::Annotated(inner, _) => self.is_titled(inner),
            Type::Union(members) if members.contains(&Type::None) => {
                let mut rest = members.iter().filter(|member| **member != Type::None);
                match (rest.next(), rest.next()) {
                    (Some(only), None) => self.is_titled(only),
                    _ => true,
                }
            }
            _ => true,
        }
    }

    /// The name under which clients see a field.
    fn shown_name(&self, class: &Class, field: &Field, mode: Mode) -> String {
        let alias = match mode {
            Mode::Validation if class.config.given("validate_by_alias") == Some(&Data::Bool(false)) => None,
            Mode::Validation => field.attributes.get("validation_alias"),
            Mode::Serialization => field.attributes.get("serialization_alias"),
        };
        alias_text(alias).unwrap_or(&field.name).to_owned()
    }

    fn named_tuple(&mut self, class: &Class, mode: Mode) -> Object {
        let mut items: Vec<Value> = Vec::new();
        let mut least = 0;
        for field in &class.fields {
            let mut schema = self.field(field, mode).unwrap_or_default();
            if !schema.contains_key("title") && self.is_titled(&field.ty) {
                schema.insert("title".to_owned(), title_from(&field.name).into());
            }
            least += usize::from(field.is_required());
            items.push(schema.into());
        }
        let mut schema = object([("type", "array".into()), ("maxItems", items.len().into())]);
        if !items.is_empty() {
            schema.insert("prefixItems".to_owned(), items.into());
        }
        if least > 0 {
            schema.insert("minItems".to_owned(), least.into());
        }
        schema
    }

    /// Title, description and what the configuration adds (`_update_class_schema`).
    fn name_class(&mut self, class: &Class, schema: &mut Object) {
        if !schema.contains_key("title") {
            let title = match class.config.get("title") {
                Some(title) => json(title, &mut self.notes),
                None => match class.config.get("model_title_generator") {
                    Some(Data::Unknown(why)) => {
                        self.notes.add(why);
                        None
                    }
                    _ => Some(Value::from(&*class.name)),
                },
            };
            schema.extend(title.map(|title| ("title".to_owned(), title)));
        }
        if let Some(Data::Unknown(why)) = class.config.get("field_title_generator") {
            self.notes.add(why);
        }
        let is_described = class.kind != ClassKind::Dataclass || self.contract.pydantic.describes_dataclasses();
        if let (Some(doc), false) = (&class.doc, schema.contains_key("description"))
            && !doc.is_empty()
            && is_described
        {
            let shown = doc.split('\u{c}').next().unwrap_or_default();
            schema.insert("description".to_owned(), shown.into());
        }
        if !schema.contains_key("additionalProperties") {
            match class.config.text("extra") {
                Some("allow") => schema.insert("additionalProperties".to_owned(), true.into()),
                Some("forbid") => schema.insert("additionalProperties".to_owned(), false.into()),
                _ => None,
            };
        }
        if let Some(Value::Object(extra)) = class
            .config
            .get("json_schema_extra")
            .and_then(|extra| json(extra, &mut self.notes))
        {
            schema.extend(extra);
        }
        if class.deprecated {
            schema.insert("deprecated".to_owned(), true.into());
        }
    }

    fn enumeration(&mut self, class: &Class) -> Object {
        let mut schema = object([("title", Value::from(&*class.name))]);
        if let Some(doc) = &class.doc {
            let shown = doc.split('\u{c}').next().unwrap_or_default();
            schema.insert("description".to_owned(), shown.into());
        }
        let values: Vec<Value> = class
            .members
            .iter()
            .filter_map(|value| json(value, &mut self.notes))
            .collect();
        if values.len() == class.members.len() {
            let pydantic = self.pydantic();
            let constant = values.first().filter(|_| values.len() == 1);
            let constant = constant.filter(|_| pydantic.tells_enums_of_one_as_constants());
            let is_enum = constant.is_none() || pydantic.tells_constants_as_enums();
            schema.extend(constant.map(|only| ("const".to_owned(), only.clone())));
            if is_enum {
                schema.insert("enum".to_owned(), values.into());
            }
        }
        // `null` has no type of its own here.
        let kind = common_type(&class.members).filter(|kind| *kind != "null");
        schema.extend(kind.map(|kind| ("type".to_owned(), kind.into())));
        schema
    }
}

/// The text of an alias: of several choices the first that is one name.
pub(crate) fn alias_text(alias: Option<&Data>) -> Option<&str> {
    match alias? {
        Data::Str(text) => Some(text),
        Data::List(choices) => choices.iter().find_map(|choice| match choice {
            Data::Str(text) => Some(&**text),
            _ => None,
        }),
        _ => None,
    }
}

/// What stands for a definition's name.
pub(crate) fn placeholder((class, mode): Key) -> String {
    let mode = match mode {
        Mode::Validation => "in",
        Mode::Serialization => "out",
    };
    format!("{PLACEHOLDER}{}/{mode}", class.0)
}
