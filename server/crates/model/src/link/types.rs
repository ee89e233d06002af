//! Types as annotations name them, and what FastAPI makes of them.

use super::Linker;
use crate::{
    Place, SchemaId, TypeUse,
    eval::value::{ClassId, Value},
    unparse::unparse,
};

/// What kind of parameter a type makes where no marker says so (`fastapi/_compat`, `field_annotation_is_scalar`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
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

impl Linker<'_> {
    /// The type that stands at a place.
    pub(super) fn type_use(&self, value: &Value, at: Place) -> TypeUse {
        let display = self
            .interp
            .source
            .facts(at.file)
            .and_then(|facts| Some(unparse(facts.units.get(at.unit.0 as usize)?, at.expr)))
            .unwrap_or_default();
        let mut schemas = Vec::new();
        self.schemas_in(value, &mut schemas, 0);
        TypeUse {
            display: display.into(),
            schemas,
            at: Some(at),
        }
    }

    fn schemas_in(&self, value: &Value, found: &mut Vec<SchemaId>, depth: u32) {
        if depth > 16 {
            return;
        }
        match value {
            Value::Class(class) => {
                if let Some(&schema) = self.entries.schema_of.get(class)
                    && !found.contains(&schema)
                {
                    found.push(schema);
                }
            }
            Value::Generic(parts) => {
                self.schemas_in(&parts.0, found, depth + 1);
                parts.1.iter().for_each(|part| self.schemas_in(part, found, depth + 1));
            }
            Value::Annotated(parts) => self.schemas_in(&parts.0, found, depth + 1),
            Value::LibObject(object) if object.callee.as_ref() == crate::eval::type_params::ALIAS => {
                let inner = object.args.get(1, "value");
                inner
                    .into_iter()
                    .for_each(|inner| self.schemas_in(inner, found, depth + 1));
            }
            Value::Union(parts) | Value::Tuple(parts) => {
                parts.iter().for_each(|part| self.schemas_in(part, found, depth + 1));
            }
            _ => {}
        }
    }

    /// The Pydantic model that a type is, for parameter models.
    pub(super) fn model_of(&self, value: &Value) -> Option<ClassId> {
        match value {
            Value::Class(class) if self.interp.inherits(*class, "pydantic.BaseModel") => Some(*class),
            Value::Annotated(parts) => self.model_of(&parts.0),
            Value::Union(members) => members.iter().find_map(|member| self.model_of(member)),
            _ => None,
        }
    }

    pub(super) fn shape(&self, value: &Value) -> Shape {
        match value {
            Value::None | Value::Ellipsis | Value::Str(_) | Value::Int(_) | Value::Bool(_) => Shape::Scalar,
            Value::Annotated(parts) => self.shape(&parts.0),
            Value::Union(members) => self.union_shape(members),
            Value::Generic(parts) => match (self.shape(&parts.0), parts.0.lib_name()) {
                (_, Some("typing.Literal" | "typing.Type" | "builtins.type")) => Shape::Scalar,
                (Shape::Complex, _) if parts.1.iter().any(|part| self.shape(part) == Shape::Upload) => Shape::Upload,
                (shape, _) => shape,
            },
            Value::Class(class) => self.class_shape(*class),
            Value::Lib(name) => library_shape(name),
            Value::LibObject(object) if object.callee.starts_with("pydantic.") => match object.callee.as_ref() {
                "pydantic.conlist" | "pydantic.conset" | "pydantic.confrozenset" => Shape::Complex,
                _ => Shape::Scalar,
            },
            // Inside other types FastAPI does not look behind an alias.
            Value::LibObject(object) if object.callee.as_ref() == crate::eval::type_params::ALIAS => Shape::Scalar,
            Value::LibObject(object) if object.callee.as_ref() == "typing.NewType" => object
                .args
                .get(1, "tp")
                .map_or(Shape::Unknown, |inner| self.shape(inner)),
            _ => Shape::Unknown,
        }
    }

    fn union_shape(&self, members: &[Value]) -> Shape {
        let shapes: Vec<Shape> = members
            .iter()
            .filter(|member| !matches!(member, Value::None))
            .map(|member| self.shape(member))
            .collect();
        for wanted in [Shape::Unknown, Shape::Upload, Shape::Complex, Shape::Special] {
            if shapes.contains(&wanted) {
                return wanted;
            }
        }
        Shape::Scalar
    }

    fn class_shape(&self, class: ClassId) -> Shape {
        let interp = &self.interp;
        if interp.enum_members(class).is_some() {
            return Shape::Scalar;
        }
        let bases: Vec<&str> = interp.class(class).mro.iter().filter_map(Value::lib_name).collect();
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
        if interp.unknown_base(class).is_some() || bases.iter().any(|base| library_shape(base) == Shape::Unknown) {
            return Shape::Unknown;
        }
        Shape::Scalar
    }

    pub(super) fn is_dataclass(&self, class: ClassId) -> bool {
        self.interp.class(class).mro.iter().any(|base| match base {
            Value::Class(base) => self.interp.class(*base).decorators.iter().any(|decorator| {
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

/// What a library type makes.
fn library_shape(name: &str) -> Shape {
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
    if name.starts_with("starlette.responses.") && name.ends_with("Response") {
        return Shape::Special;
    }
    const SCALAR: [&str; 14] = [
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
