//! Classes that describe data.

use super::Linker;
use crate::{
    Field, Place, Schema, SchemaId, SchemaKind, StmtPlace, TypeUse,
    eval::value::{ClassId, Value},
    signature::config::Config,
};
use facts::{Expr, ExprId, Stmt};
use std::sync::Arc;

impl Linker<'_> {
    /// Numbers the workspace's schemas, then reads their fields.
    pub(super) fn collect_schemas(&mut self) {
        let first = std::mem::replace(&mut self.entries.classes_read, self.interp.classes.len());
        let classes: Vec<(ClassId, SchemaKind)> = (first..self.interp.classes.len())
            .map(|number| ClassId(number as u32))
            .filter_map(|class| Some((class, self.schema_kind(class)?)))
            .collect();
        let next = self.entries.schemas.len() as u32;
        for ((class, _), number) in classes.iter().zip(next..) {
            self.entries.schema_of.insert(*class, SchemaId(number));
        }
        for (class, kind) in classes {
            let owner = self.interp.class(class).owner;
            let schema = self.on_behalf_of(owner, |linker| linker.schema(class, kind));
            self.entries.schema_owners.push(owner);
            self.entries.schemas.push(schema);
        }
    }

    fn schema_kind(&self, class: ClassId) -> Option<SchemaKind> {
        let interp = &self.interp;
        let inherits = |name: &str| interp.inherits(class, name);
        if interp.enum_members(class).is_some() {
            return Some(SchemaKind::Enum);
        }
        if inherits("sqlmodel.SQLModel") {
            let is_table = interp
                .class(class)
                .keywords
                .iter()
                .any(|(name, value)| name == "table" && *value == Value::Bool(true));
            return Some(if is_table {
                SchemaKind::SqlModelTable
            } else {
                SchemaKind::SqlModel
            });
        }
        if inherits("pydantic_settings.BaseSettings") {
            return Some(SchemaKind::Settings);
        }
        if inherits("pydantic.v1.BaseModel") {
            return Some(SchemaKind::PydanticV1);
        }
        if inherits("pydantic.BaseModel") {
            let is_old = interp.source.pydantic_version(interp.class(class).file).is_first();
            return Some(if is_old {
                SchemaKind::PydanticV1
            } else {
                SchemaKind::Pydantic
            });
        }
        let declarative = inherits("sqlalchemy.orm.DeclarativeBase")
            || interp.class(class).mro.iter().any(|base| match base {
                Value::LibObject(object) => object.callee.ends_with("declarative_base"),
                Value::Class(base) => self.is_declarative_base(*base),
                _ => false,
            });
        if declarative {
            return Some(SchemaKind::SqlAlchemy);
        }
        if inherits("typing.TypedDict") {
            return Some(SchemaKind::TypedDict);
        }
        self.interp.is_dataclass(class).then_some(SchemaKind::Dataclass)
    }

    fn schema(&mut self, class: ClassId, kind: SchemaKind) -> Schema {
        let object = self.interp.class(class).clone();
        let name = match &object.code[object.stmt] {
            Stmt::Class(def) => def.name,
            _ => ExprId(0),
        };
        let bases = object.mro[1..]
            .iter()
            .filter_map(|base| match base {
                Value::Class(base) if object.bases.contains(&Value::Class(*base)) => {
                    self.entries.schema_of.get(base).copied()
                }
                _ => None,
            })
            .collect();
        let config = match kind {
            SchemaKind::Pydantic
            | SchemaKind::PydanticV1
            | SchemaKind::Settings
            | SchemaKind::SqlModel
            | SchemaKind::SqlModelTable => self.interp.model_config(class),
            _ => Config::new(),
        };
        let mut fields: Vec<Field> = Vec::new();
        for base in object.mro.iter().rev() {
            if let Value::Class(base) = base {
                for field in self.own_fields(*base, kind, &config) {
                    match fields.iter_mut().find(|known| known.name == field.name) {
                        Some(known) => *known = field,
                        None => fields.push(field),
                    }
                }
            }
        }
        let extras = self.class_extras(class, kind);
        Schema {
            kind,
            name: object.name.as_str().into(),
            module: self.interp.source.module_name(object.file),
            def: Place {
                file: object.file,
                unit: object.unit,
                expr: name,
            },
            stmt: StmtPlace {
                file: object.file,
                unit: object.unit,
                stmt: object.stmt,
            },
            bases,
            type_parameters: self.type_parameters(class),
            table: self.table_name(class, kind),
            fields,
            computed: extras.computed,
            validators: extras.validators,
            config: extras.config,
            incomplete: self.interp.unknown_base(class).is_some()
                || matches!(kind, SchemaKind::Pydantic | SchemaKind::PydanticV1)
                    && self.interp.unread_base(class).is_some(),
        }
    }

    fn own_fields(&mut self, class: ClassId, kind: SchemaKind, config: &Config) -> Vec<Field> {
        let object = self.interp.class(class).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return Vec::new();
        };
        let place = |expr| Place {
            file: object.file,
            unit: object.unit,
            expr,
        };
        let mut fields = Vec::new();
        for &stmt in &def.body {
            let (target, annotation, value) = match &object.code[stmt] {
                Stmt::AnnAssign {
                    target,
                    annotation,
                    value,
                } => (*target, Some(*annotation), *value),
                Stmt::Assign { targets, value } if matches!(kind, SchemaKind::Enum | SchemaKind::SqlAlchemy) => {
                    (targets[0], None, Some(*value))
                }
                _ => continue,
            };
            let Expr::Name(name) = &object.code[target] else {
                continue;
            };
            if name.starts_with('_') || name == "model_config" {
                continue;
            }
            let mut ty = annotation.map(|annotation| {
                let cx = self.interp.class_context(class);
                let value = self.interp.eval_annotation(&cx, annotation);
                (self.type_use(&value, place(annotation)), value)
            });
            if ty.as_ref().is_some_and(|(ty, _)| ty.display.starts_with("ClassVar")) {
                continue;
            }
            let own = value.and_then(|_| self.interp.own_attribute(class, name));
            let discriminator = self.discriminator(&own, ty.as_ref().map(|(_, value)| value));
            let is_relationship = is_relationship(own.as_ref());
            if let (true, None, Some(value)) = (is_relationship, &ty, value) {
                ty = self.related(own.as_ref(), place(value)).map(|ty| (ty, Value::None));
            }
            let written = ty.as_ref().map(|(_, value)| value);
            let facts = self.interp.field_facts(name, written, own.as_ref(), config);
            fields.push(Field {
                name: name.as_str().into(),
                alias: facts.sent_as().into_iter().next(),
                at: place(target),
                ty: ty.map(|(ty, _)| ty),
                required: facts.default.is_none(),
                discriminator,
                is_relationship,
            });
        }
        fields
    }

    /// `discriminator=` of the field's marker, in its default or in `Annotated`.
    fn discriminator(&self, own: &Option<Value>, ty: Option<&Value>) -> Option<Arc<str>> {
        let metadata = match ty {
            Some(Value::Annotated(parts)) => parts.1.as_slice(),
            _ => &[],
        };
        let markers = own.iter().chain(metadata);
        let mut named = markers.filter_map(|value| match value {
            Value::Marker(marker) => marker.args.keyword("discriminator")?.as_str().map(Arc::from),
            _ => None,
        });
        named.next()
    }

    /// The class that `relationship("Name")` without an annotation names, where only one has the name.
    fn related(&self, own: Option<&Value>, at: Place) -> Option<TypeUse> {
        let Some(Value::LibObject(object)) = own else {
            return None;
        };
        let argument = object.args.get(0, "argument")?;
        let name = argument.as_str().map(|name| name.rsplit('.').next().unwrap_or(name));
        let is_it = |class: &ClassId| match argument {
            Value::Class(argument) => class == argument,
            _ => name.is_some_and(|name| self.interp.class(*class).name == name),
        };
        let mut found = self.entries.schema_of.iter().filter(|(class, _)| is_it(class));
        let (class, schema) = found.next()?;
        found.next().is_none().then(|| TypeUse {
            display: self.interp.class(*class).name.as_str().into(),
            schemas: vec![*schema],
            at: Some(at),
        })
    }
}

/// Whether a field's value is a relationship of SQLAlchemy or SQLModel.
fn is_relationship(own: Option<&Value>) -> bool {
    let Some(Value::LibObject(object)) = own else {
        return false;
    };
    let name = object.callee.rsplit('.').next().unwrap_or_default();
    let is_orm = object.callee.starts_with("sqlalchemy.") || object.callee.starts_with("sqlmodel.");
    is_orm && matches!(name, "relationship" | "Relationship" | "backref" | "dynamic_loader")
}
