//! What FastAPI makes of an annotation (`fastapi/_compat/shared.py`).

use super::makes_class;
use crate::eval::{
    Interp,
    quoted::FORWARD_REF,
    type_params::{ALIAS, substituted},
    value::{ClassId, Value},
};
use base::FileId;
use std::sync::Arc;

/// Types in each other and aliases of aliases that are followed.
const DEPTH: usize = 16;

/// What kind of parameter a type makes where no marker says so (`fastapi/_compat`, `field_annotation_is_scalar`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A single value.
    Scalar,
    /// A model, mapping, sequence or dataclass: a body.
    Complex,
    /// `UploadFile`, or a sequence of them.
    Upload,
    /// `Request` and its like.
    Special,
    /// It can't be told.
    Unknown,
}

impl Interp<'_> {
    /// The Pydantic model whose fields a request says one by one, for a parameter with a marker (`_get_model_type`).
    pub(crate) fn parameter_model(&self, ty: &Value) -> Option<ClassId> {
        match ty {
            Value::Class(class) if self.inherits(*class, "pydantic.BaseModel") => Some(*class),
            Value::Annotated(parts) => self.parameter_model(&parts.0),
            Value::Generic(parts) => self.parameter_model(&parts.0),
            Value::Union(members) => match members.as_ref() {
                [one, Value::None] | [Value::None, one] => self.parameter_model(one),
                _ => None,
            },
            _ => None,
        }
    }

    /// A type with the classes of libraries in it that are read for it: what they are decides what it makes.
    pub(crate) fn with_classes_of_libraries(&mut self, from: FileId, ty: Value) -> Value {
        self.with_classes(from, ty, DEPTH)
    }

    fn with_classes(&mut self, from: FileId, ty: Value, depth: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return ty };
        let mut each = |parts: &[Value]| -> Vec<Value> {
            parts
                .iter()
                .map(|part| self.with_classes(from, part.clone(), depth))
                .collect()
        };
        match &ty {
            Value::Lib(name) if library_shape(name) == Shape::Unknown => match self.read_of_library(from, name) {
                Some(class @ (Value::Class(_) | Value::Lib(_))) => class,
                Some(alias @ (Value::Generic(_) | Value::Union(_) | Value::Annotated(_))) => {
                    self.with_classes(from, alias, depth)
                }
                _ => ty,
            },
            Value::Annotated(parts) => {
                let inner = each(std::slice::from_ref(&parts.0)).remove(0);
                Value::Annotated(Arc::new((inner, parts.1.clone())))
            }
            Value::Generic(parts) => {
                let origin = each(std::slice::from_ref(&parts.0)).remove(0);
                let arguments = each(&parts.1);
                match origin {
                    Value::Class(class) if origin != parts.0 => self.read_item(from, class, arguments),
                    Value::Annotated(_) | Value::Union(_) | Value::Generic(_) if origin != parts.0 => {
                        substituted(&origin, &arguments)
                    }
                    origin => Value::Generic(Arc::new((origin, arguments))),
                }
            }
            Value::Union(parts) => Value::Union(each(parts).into()),
            _ => ty,
        }
    }

    /// A class of a library, which was not read when code took an item of it.
    fn read_item(&mut self, from: FileId, class: ClassId, arguments: Vec<Value>) -> Value {
        let key = match <[Value; 1]>::try_from(arguments) {
            Ok([argument]) => argument,
            Err(arguments) => Value::Tuple(arguments.into()),
        };
        let at = crate::Place {
            file: from,
            unit: facts::UnitId::MODULE,
            expr: facts::ExprId(0),
        };
        self.class_item(class, key, at)
            .unwrap_or_else(|_| Value::unknown("an item of a class that fails", None))
    }

    /// What kind of parameter a type makes.
    pub(crate) fn shape(&self, value: &Value) -> Shape {
        match value {
            Value::None | Value::Ellipsis | Value::Str(_) | Value::Int(_) | Value::Bool(_) => Shape::Scalar,
            Value::Annotated(parts) => self.shape(&parts.0),
            Value::Union(members) => self.union_shape(members),
            Value::Generic(parts) => match (self.shape(&parts.0), parts.0.lib_name()) {
                (_, Some("typing.Literal" | "typing.Type" | "builtins.type")) => Shape::Scalar,
                // `Json[T]` is `T` with something added.
                (_, Some("pydantic.Json")) => parts.1.first().map_or(Shape::Scalar, |inner| self.shape(inner)),
                (Shape::Complex, _) if parts.1.iter().any(|part| self.shape(part) == Shape::Upload) => Shape::Upload,
                (shape, _) => shape,
            },
            Value::Class(class) => self.class_shape(*class),
            Value::Lib(name) => library_shape(name),
            Value::LibObject(object) if makes_class(&object.callee, &object.args) => {
                self.made_shape(object).unwrap_or(Shape::Unknown)
            }
            Value::LibObject(object) if object.callee.starts_with("pydantic.") => match object.callee.as_ref() {
                "pydantic.conlist" | "pydantic.conset" | "pydantic.confrozenset" => Shape::Complex,
                _ => Shape::Scalar,
            },
            // Inside other types FastAPI does not look behind an alias.
            Value::LibObject(object) if matches!(object.callee.as_ref(), ALIAS | FORWARD_REF) => Shape::Scalar,
            Value::LibObject(object) if object.callee.as_ref() == "typing.NewType" => object
                .args
                .get(1, "tp")
                .map_or(Shape::Unknown, |inner| self.shape(inner)),
            // FastAPI does not look at what a type variable may stand for.
            Value::LibObject(object) if object.callee.as_ref() == "typing.TypeVar" => Shape::Scalar,
            _ => Shape::Unknown,
        }
    }

    fn union_shape(&self, members: &[Value]) -> Shape {
        let shapes: Vec<Shape> = members
            .iter()
            .filter(|member| !matches!(member, Value::None))
            .map(|member| self.shape(member))
            .collect();
        for wanted in [Shape::Upload, Shape::Complex, Shape::Unknown, Shape::Special] {
            if shapes.contains(&wanted) {
                return wanted;
            }
        }
        Shape::Scalar
    }

    fn class_shape(&self, class: ClassId) -> Shape {
        if self.enum_members(class).is_some() {
            return Shape::Scalar;
        }
        let bases: Vec<&str> = self.class(class).mro.iter().filter_map(Value::lib_name).collect();
        if bases.iter().any(|base| library_shape(base) == Shape::Special) {
            return Shape::Special;
        }
        if bases.contains(&"fastapi.UploadFile") {
            return Shape::Upload;
        }
        let complex = bases
            .iter()
            .any(|base| *base == "pydantic.BaseModel" || library_shape(base) == Shape::Complex)
            || self.is_dataclass(class);
        if complex {
            return Shape::Complex;
        }
        if self.unknown_base(class).is_some() || bases.iter().any(|base| library_shape(base) == Shape::Unknown) {
            return Shape::Unknown;
        }
        Shape::Scalar
    }

    pub(crate) fn is_dataclass(&self, class: ClassId) -> bool {
        self.class(class).mro.iter().any(|base| match base {
            Value::Class(base) => self.class(*base).decorators.iter().any(|decorator| {
                let name = match decorator {
                    Value::Lib(name) => name.as_ref(),
                    Value::LibObject(object) => object.callee.as_ref(),
                    _ => return false,
                };
                name.ends_with("dataclasses.dataclass")
            }),
            _ => false,
        })
    }
}

/// Whether a library's type is one of which it is known what it makes.
pub(super) fn is_read(name: &str) -> bool {
    matches!(library_shape(name), Shape::Scalar | Shape::Complex)
}

/// What a library type makes.
pub(crate) fn library_shape(name: &str) -> Shape {
    match name {
        "fastapi.requests.Request"
        | "fastapi.requests.HTTPConnection"
        | "fastapi.WebSocket"
        | "fastapi.BackgroundTasks"
        | "starlette.background.BackgroundTasks"
        | "fastapi.security.SecurityScopes" => return Shape::Special,
        "fastapi.UploadFile" => return Shape::Upload,
        "builtins.list"
        | "builtins.dict"
        | "builtins.set"
        | "builtins.frozenset"
        | "builtins.tuple"
        | "typing.List"
        | "typing.Dict"
        | "typing.Set"
        | "typing.FrozenSet"
        | "typing.Tuple"
        | "typing.Sequence"
        | "typing.Mapping"
        | "typing.MutableMapping"
        | "typing.OrderedDict"
        | "typing.DefaultDict"
        | "typing.Counter"
        | "typing.ChainMap"
        | "typing.MutableSequence"
        | "typing.Deque"
        | "collections.deque"
        | "collections.OrderedDict"
        | "collections.defaultdict"
        | "collections.Counter"
        | "typing.TypedDict"
        | "pydantic.BaseModel"
        | "pydantic.RootModel"
        | "typing.NamedTuple" => return Shape::Complex,
        _ => {}
    }
    let is_response = name.starts_with("starlette.responses.") || name.starts_with("fastapi.responses.");
    if is_response && name.ends_with("Response") {
        return Shape::Special;
    }
    const SCALAR: [&str; 16] = [
        "builtins.",
        "typing.",
        "datetime.",
        "uuid.",
        "decimal.",
        "enum.",
        "pathlib.",
        "ipaddress.",
        "fractions.",
        "re.",
        "zoneinfo.",
        "abc.",
        "http.",
        "pydantic_core.",
        "pydantic.types.",
        "pydantic.networks.",
    ];
    if SCALAR.iter().any(|module| name.starts_with(module)) {
        return Shape::Scalar;
    }
    match name.strip_prefix("pydantic.") {
        Some("Json" | "SecretStr" | "SecretBytes" | "EmailStr" | "NameEmail" | "ByteSize") => Shape::Scalar,
        Some(pydantic)
            if [
                "Url", "Dsn", "UUID", "Int", "Float", "Str", "Path", "Date", "Datetime", "Bool", "IPvAny",
            ]
            .iter()
            .any(|part| pydantic.contains(part)) =>
        {
            Shape::Scalar
        }
        _ => Shape::Unknown,
    }
}
