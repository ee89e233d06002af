//! Classes that describe data, as Pydantic reads them.

use super::{Attributes, Data, Field, Type};
use crate::{Reason, SchemaId};
use std::sync::Arc;

/// A class, by its number in [`super::Contract::classes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassRef(pub u32);

/// What kind of class it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClassKind {
    /// A Pydantic model; SQLModel's too.
    Model,
    /// A `RootModel`, whose one field `root` is its schema.
    RootModel,
    /// A dataclass of the standard library.
    Dataclass,
    /// A dataclass of Pydantic.
    PydanticDataclass,
    /// A `TypedDict`.
    TypedDict,
    /// A `NamedTuple`.
    NamedTuple,
    /// An enum.
    Enum,
    /// `type Name = …`, which Pydantic defines by its name: the one field's type is what it stands for.
    Alias,
}

/// A class; one that is generic, once for each choice of its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// What it is.
    pub kind: ClassKind,
    /// Its name, with arguments where it has some, for example `Page[Item]`.
    pub name: Arc<str>,
    /// Module, qualified name and arguments, by which definitions are told apart.
    pub qualified: Arc<str>,
    /// The class in the model, where it is one of the project's schemas.
    pub schema: Option<SchemaId>,
    /// Its docstring, indentation taken out.
    pub doc: Option<Arc<str>>,
    /// `model_config` or `class Config`, inherited ones included.
    pub config: Attributes,
    /// Its fields, inherited ones first.
    pub fields: Vec<Field>,
    /// Its computed fields: what their functions return.
    pub computed: Vec<Field>,
    /// The values of an enum's members.
    pub members: Vec<Data>,
    /// What the model serializer returns, where there is one.
    pub output: Option<Type>,
    /// Whether `@deprecated` stands on it.
    pub deprecated: bool,
    /// Why it may have more fields or another schema than this tells, if so.
    pub unknown: Option<Reason>,
}
