//! Types as Pydantic reads them from annotations, with the aliases, strings and type variables resolved.

use super::{Attributes, ClassRef, Data};
use crate::Reason;
use std::sync::Arc;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `Any`, `object`, or no annotation.
    Any,
    /// `None`.
    None,
    /// A type of the standard library, Pydantic or FastAPI by its canonical name, for example `datetime.datetime`.
    Library(Arc<str>),
    /// `Literal[…]`.
    Literal(Vec<Data>),
    /// A list, set, … of one type of items.
    Sequence(SequenceKind, Box<Type>),
    /// `tuple[A, B]`.
    Tuple(Vec<Type>),
    /// A mapping, of keys and values.
    Mapping(Box<Type>, Box<Type>),
    /// `A | B`, members in order, `None` among them; no union inside.
    Union(Vec<Type>),
    /// A type with what `Annotated` adds, in order.
    Annotated(Box<Type>, Vec<Metadata>),
    /// A class of the project, by its number in [`super::Contract::classes`].
    Class(ClassRef),
    /// `Json[…]`: text that is parsed.
    Json(Box<Type>),
    /// It can't be known, and why.
    Unknown(Reason),
}

/// The kinds of sequences that differ in a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SequenceKind {
    /// `list`, `Sequence`, `deque`.
    List,
    /// `set`, `frozenset`.
    Set,
    /// `tuple[A, ...]`.
    Tuple,
    /// `Iterable`, `Generator`.
    Iterable,
}

/// What `Annotated` adds to a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Metadata {
    /// A constraint by its name in Pydantic, for example `max_length`.
    Constraint(Arc<str>, Data),
    /// `Field(…)` and its like without their constraints: title, description, discriminator, …
    Field(Attributes),
    /// `WithJsonSchema(…)`.
    JsonSchema {
        /// The schema; `None` leaves the field out.
        schema: Data,
        /// `validation` or `serialization`, where it is for one of them alone.
        mode: Option<Arc<str>>,
    },
    /// `SkipJsonSchema`.
    Skip,
    /// A validator that takes something else than the type.
    Input(Type),
    /// A serializer that gives something else than the type.
    Output {
        /// What it gives.
        returns: Type,
        /// Whether `None` is left alone.
        unless_none: bool,
        /// What becomes of the field's default.
        default: SerializedDefault,
    },
    /// Something whose effect can't be known.
    Unknown(Reason),
}

/// What a serializer makes of the default of its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SerializedDefault {
    /// It is shown as it is.
    Kept,
    /// It is not shown.
    Dropped,
    /// It is shown as text.
    Text,
    /// It is what a function makes of it that is not followed.
    Unknown(Reason),
}

/// A default.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// There is none: a value is required.
    Required,
    /// This value.
    Value(Data),
    /// What a factory makes.
    Factory,
}

/// A field of a class or a parameter, with all that `Field(…)`, `Query(…)` and `Annotated` say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The Python name.
    pub name: Arc<str>,
    /// Its type, without the metadata.
    pub ty: Type,
    /// The metadata: constraints, validators, …
    pub metadata: Vec<Metadata>,
    /// Its default.
    pub default: Default,
    /// `title`, `description`, `alias`, `examples`, …
    pub attributes: Attributes,
}

impl Field {
    /// Whether a value must be given.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default == Default::Required
    }

    /// The type with its metadata.
    #[must_use]
    pub fn full_type(&self) -> Type {
        if self.metadata.is_empty() {
            self.ty.clone()
        } else {
            Type::Annotated(Box::new(self.ty.clone()), self.metadata.clone())
        }
    }
}

impl Type {
    /// The class, through what `Annotated` adds.
    #[must_use]
    pub fn class(&self) -> Option<ClassRef> {
        match self {
            Type::Class(class) => Some(*class),
            Type::Annotated(inner, _) => inner.class(),
            _ => None,
        }
    }

    /// Members of a union; the type itself for all others.
    #[must_use]
    pub fn members(&self) -> &[Type] {
        match self {
            Type::Union(members) => members,
            other => std::slice::from_ref(other),
        }
    }

    /// Whether `None` is one of its members.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        matches!(self, Type::Union(members) if members.contains(&Type::None))
    }

    /// Calls a function for the type and all that it is made of.
    pub fn visit(&self, visitor: &mut dyn FnMut(&Type)) {
        visitor(self);
        match self {
            Type::Sequence(_, inner) | Type::Annotated(inner, _) | Type::Json(inner) => inner.visit(visitor),
            Type::Tuple(items) | Type::Union(items) => items.iter().for_each(|item| item.visit(visitor)),
            Type::Mapping(key, value) => {
                key.visit(visitor);
                value.visit(visitor);
            }
            _ => {}
        }
    }
}
