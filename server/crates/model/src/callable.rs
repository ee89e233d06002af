//! Functions, classes and instances that FastAPI calls: endpoints and dependencies.

use crate::{Fact, ParamIn, Place, Reason, SchemaId, StmtPlace, TypeUse};
use facts::ParamKind;
use std::sync::Arc;

/// A callable, by its number in [`crate::Model::callables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallableId(pub u32);

/// A `Depends(…)`, by its number in [`crate::Model::depends`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DependsId(pub u32);

/// What kind of callable it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallableKind {
    /// A function, method or lambda.
    Function,
    /// A class: its `__init__` is what FastAPI reads.
    Class,
    /// An instance: its `__call__`.
    Instance,
    /// A security scheme of `fastapi.security` (or a subclass).
    SecurityScheme,
    /// Something of a library that is not read.
    External,
}

/// A callable with its signature as FastAPI reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callable {
    /// What it is.
    pub kind: CallableKind,
    /// Module and qualified name, for example `app.api.deps.get_db`; `<locals>` as in `__qualname__`.
    pub name: Arc<str>,
    /// The `Name` node of its `def` or `class`; absent for library code that is not read.
    pub def: Option<Place>,
    /// The whole `def` or `class`.
    pub stmt: Option<StmtPlace>,
    /// Whether it is `async def`.
    pub is_async: bool,
    /// Whether it yields.
    pub is_generator: bool,
    /// The parameters FastAPI sees (`self` is gone).
    pub parameters: Vec<Parameter>,
    /// The return annotation, as far as the project's own modules tell it.
    pub returns: Option<TypeUse>,
    /// Whether it is defined inside a function.
    pub is_nested: bool,
    /// Why the signature is not known (wrapped by a decorator that is not followed, …), if so.
    pub opaque: Option<Reason>,
}

/// A parameter of a callable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its Python name.
    pub name: Arc<str>,
    /// The `Name` node; none where it is written nowhere in what is read.
    pub at: Option<Place>,
    /// Its kind.
    pub kind: ParamKind,
    /// Its type.
    pub ty: Option<TypeUse>,
    /// Whether it has a default (in the signature or in its marker).
    pub has_default: bool,
    /// The names under which a client may send it, the first one first; none where that is its own.
    pub aliases: Vec<Arc<str>>,
    /// What FastAPI makes of it.
    pub role: Role,
    /// What FastAPI raises because of it where a path operation is registered.
    pub refused: Option<&'static str>,
}

/// What FastAPI makes of a parameter (`dependencies/utils.py`, `analyze_param`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// No marker: a path parameter if the path names it, else query for scalars (and lists of them never), body for the rest.
    Implicit {
        /// Whether its type is a scalar, so that it is a query parameter outside the path.
        is_scalar: bool,
    },
    /// `Path()`, `Query()`, …
    Marked {
        /// Which marker.
        place_in: ParamIn,
        /// The Pydantic model whose fields are the parameters, for `Annotated[Model, Query()]` and the like.
        model: Option<SchemaId>,
        /// Whether its fields are the parameters only where the function asks for nothing else in that place.
        only_alone: bool,
        /// `Body(embed=True)`.
        embed: bool,
        /// `convert_underscores=False` of a header.
        keep_underscores: bool,
    },
    /// `Depends(…)` or `Security(…)`.
    Depends(DependsId),
    /// `Request`, `Response`, `WebSocket`, `BackgroundTasks`, `SecurityScopes`, `HTTPConnection`.
    Special,
    /// Its annotation or default is not known.
    Unknown(Reason),
}

/// A `Depends(…)` or `Security(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depends {
    /// The call.
    pub at: Place,
    /// The argument, where there is one.
    pub target_at: Option<Place>,
    /// What is depended on.
    pub target: Fact<DependsTarget>,
    /// Whether it is `Security`.
    pub is_security: bool,
    /// `use_cache=`.
    pub use_cache: bool,
    /// `scopes=` of `Security`.
    pub scopes: Vec<Arc<str>>,
    /// `scope=`: whether a generator ends with the `function` or with the `request`.
    pub scope: Option<Arc<str>>,
}

/// What stands in a `Depends(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DependsTarget {
    /// Something callable.
    Callable(CallableId),
    /// The result of calling a coroutine or generator function: never callable.
    CalledFunction(CallableId),
    /// An instance of a project class that has no `__call__`: never callable.
    NotCallable(Arc<str>),
    /// `Depends()`: the parameter's own type, to be read there.
    OwnType,
}
