//! Schemas: Pydantic models, dataclasses, ORM models, enums and typed dicts of the project.

use crate::{Place, StmtPlace, TypeUse};
use std::sync::Arc;

/// A schema, by its number in [`crate::Model::schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(pub u32);

/// What kind of schema it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaKind {
    /// A Pydantic model.
    Pydantic,
    /// A model of `pydantic.v1`, or where Pydantic 1 is installed.
    PydanticV1,
    /// `BaseSettings`.
    Settings,
    /// A SQLModel with `table=True`.
    SqlModelTable,
    /// A SQLModel without a table.
    SqlModel,
    /// A SQLAlchemy declarative model.
    SqlAlchemy,
    /// A dataclass.
    Dataclass,
    /// A `TypedDict`.
    TypedDict,
    /// An `Enum`.
    Enum,
}

/// A class that describes data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// What it is.
    pub kind: SchemaKind,
    /// The class's own name.
    pub name: Arc<str>,
    /// The module it is defined in.
    pub module: Arc<str>,
    /// The `Name` node of its `class`.
    pub def: Place,
    /// The whole `class`.
    pub stmt: StmtPlace,
    /// The project's schemas among its bases, in order.
    pub bases: Vec<SchemaId>,
    /// The names of its own type parameters.
    pub type_parameters: Vec<Arc<str>>,
    /// The name of its table.
    pub table: Option<Arc<str>>,
    /// Its fields, inherited ones first.
    pub fields: Vec<Field>,
    /// Computed fields and hybrid properties, inherited ones first: they are in answers alone.
    pub computed: Vec<Field>,
    /// Functions that check or change values on the way, inherited ones first.
    pub validators: Vec<Validator>,
    /// Its configuration as it is written, key by key.
    pub config: Vec<(Arc<str>, Arc<str>)>,
    /// Whether a base is not known, so that there may be more fields.
    pub incomplete: bool,
}

/// A field of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its Python name.
    pub name: Arc<str>,
    /// Its alias for clients, where one is known.
    pub alias: Option<Arc<str>>,
    /// The `Name` node.
    pub at: Place,
    /// Its type.
    pub ty: Option<TypeUse>,
    /// Whether it has no default.
    pub required: bool,
    /// The field that tells the members of a union apart.
    pub discriminator: Option<Arc<str>>,
    /// Whether it leads to rows of other tables.
    pub is_relationship: bool,
}

/// A function that checks or changes values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// Its name.
    pub name: Arc<str>,
    /// The decorator: `field_validator`, `model_validator`, `field_serializer`, …
    pub decorator: Arc<str>,
    /// The fields it is for; none for the whole model.
    pub fields: Vec<Arc<str>>,
}
