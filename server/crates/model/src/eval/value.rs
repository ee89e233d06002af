//! Abstract values: what a Python expression may be without running it.

use super::dependants::{Dependant, RouteDependencies};
use crate::{
    DependsId, Piece, Place, Reason, RouterId, Text,
    signature::{Argument, Signature},
};
use base::FileId;
use facts::{StmtId, Unit, UnitId};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use smol_str::SmolStr;
use std::sync::Arc;

/// What FastAPI's methods are given where nobody gives them anything.
pub(crate) const PLACEHOLDER: &str = "fastapi.datastructures.Default";

/// A heap object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ObjId(pub(crate) u32);

/// A frame of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FrameId(pub(crate) u32);

/// A function object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FnId(pub(crate) u32);

/// A class object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ClassId(pub(crate) u32);

/// An abstract value. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Not known, and why.
    Unknown(Arc<Reason>),
    /// An environment variable that has no default: `None` unless somebody sets it.
    Unset(Arc<Reason>),
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A known string.
    Str(Arc<str>),
    /// A string with holes.
    Text(Arc<Text>),
    Tuple(Arc<[Value]>),
    List(ObjId),
    Dict(ObjId),
    Set(ObjId),
    /// A module of the workspace.
    Module(FileId),
    /// A folder of modules, by its dotted name, seen from a file.
    Namespace(FileId, Arc<str>),
    /// Something of a library, by its canonical dotted name.
    Lib(Arc<str>),
    /// A library callable's result: the callee and its arguments.
    LibObject(Arc<LibObject>),
    Function(FnId),
    /// A method bound to its receiver.
    Bound(Arc<(Value, Value)>),
    /// A method of a builtin or library type, bound to its receiver.
    BuiltinMethod(Arc<(Value, SmolStr)>),
    Class(ClassId),
    /// An instance of a class of the workspace, or an app or router.
    Object(ObjId),
    Property(Arc<Value>),
    ClassMethod(Arc<Value>),
    StaticMethod(Arc<Value>),
    Depends(DependsId),
    /// `Path()`, `Query()`, … or `Field()`.
    Marker(Arc<Marker>),
    Annotated(Arc<(Value, Vec<Value>)>),
    /// `base[args]`.
    Generic(Arc<(Value, Vec<Value>)>),
    Union(Arc<[Value]>),
    Partial(Arc<(Value, Args)>),
    /// What calling a coroutine or generator function gives; its body has not run.
    Suspended(Arc<(FnId, Args)>),
    /// What `router.get(…)` and its like return.
    RouteDecorator(Arc<RouteDecorator>),
    /// `super()`: attributes are looked up behind this class in the receiver's resolution order.
    Super(Arc<(ClassId, Value)>),
    /// One of several, depending on conditions that are not decided.
    OneOf(Arc<[Value]>),
    /// An element that is there only under a condition that is not decided.
    Maybe(Arc<Value>),
    /// A name of a module that is still being imported.
    ImportRef(FileId, SmolStr),
    /// Slots of a `Route`/`Mount` table entry.
    RouteEntry(Arc<RouteEntry>),
    /// `functools.wraps(f)`, applied to a wrapper.
    Wraps(Arc<Value>),
    /// `inspect.signature(f)`, or one that code makes.
    Signature(Arc<SignatureObject>),
    /// `inspect.Parameter`.
    Parameter(Arc<Argument>),
    /// `router.routes`: the list of routes itself, not a copy.
    Routes(RouterId),
    /// An item of `router.routes`.
    Route(Arc<Route>),
    /// `route.dependant` and what is in its dependencies.
    Dependant(Arc<Dependant>),
    /// `route.dependencies`, `route.dependant.dependencies`: the list itself, not a copy.
    RouteDependencies(Arc<RouteDependencies>),
    /// A `pathlib.Path`, absolute.
    Path(Arc<str>),
    /// `start:stop:step` with what is known of it; `None` for a part that is left out.
    Slice(Arc<[Option<Value>; 3]>),
}

/// `inspect.Signature`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignatureObject {
    pub(crate) signature: Signature,
    pub(crate) returns: Returns,
}

/// The annotation of a result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Returns {
    /// That of a `def`.
    Written(FnId),
    /// This one, and where it was given; none.
    Given(Option<(Value, Place)>),
}

/// The result of a library call that is kept symbolic.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LibObject {
    pub(crate) callee: Arc<str>,
    pub(crate) args: Args,
    pub(crate) at: Place,
}

/// `Path(...)`, `Query(...)`, `Field(...)` and their like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Marker {
    /// `Path`, `Query`, `Header`, `Cookie`, `Body`, `Form`, `File` or `Field`.
    pub(crate) kind: SmolStr,
    pub(crate) args: Args,
}

/// A decorator that registers a path operation when it is called with a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RouteDecorator {
    pub(crate) receiver: Value,
    pub(crate) method: SmolStr,
    pub(crate) args: Args,
    pub(crate) at: Place,
}

/// `Route(…)`, `WebSocketRoute(…)` or `Mount(…)` in a route table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RouteEntry {
    pub(crate) kind: SmolStr,
    pub(crate) args: Args,
    pub(crate) at: Place,
}

/// A route as code sees it: the event that recorded it, and on which router.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Route {
    pub(crate) router: RouterId,
    /// The router in whose list it was found.
    pub(crate) found_in: RouterId,
    /// What includes on the way put before its path.
    pub(crate) prefix: Text,
    pub(crate) given: Given,
    pub(crate) event: crate::Event,
}

/// What includes on the way to a route gave it, from the outside in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Given {
    pub(crate) tags: Vec<Text>,
    /// Why there may be other tags.
    pub(crate) tags_unknown: Option<Reason>,
    pub(crate) dependencies: Vec<DependsId>,
    pub(crate) deprecated: bool,
    pub(crate) hidden: bool,
}

impl Given {
    /// Adds what a router gives to what it includes.
    pub(crate) fn by(mut self, router: &crate::Router, include: &crate::Include) -> Self {
        for (tags, dependencies) in [
            (&router.tags, &router.dependencies),
            (&include.tags, &include.dependencies),
        ] {
            match tags {
                crate::Fact::Known(tags) => self.tags.extend(tags.iter().cloned()),
                crate::Fact::Unknown(reason) => self.tags_unknown = Some(reason.clone()),
            }
            self.dependencies.extend(dependencies);
        }
        self.deprecated |= router.deprecated || include.deprecated;
        self.hidden |= !router.include_in_schema || !include.include_in_schema;
        self
    }

    /// The tags of a route that has some of its own.
    pub(crate) fn tags_with(self, own: crate::Fact<Vec<Text>>) -> crate::Fact<Vec<Text>> {
        match (self.tags_unknown, own) {
            (Some(reason), _) => crate::Fact::Unknown(reason),
            (None, crate::Fact::Known(own)) => crate::Fact::Known(self.tags.into_iter().chain(own).collect()),
            (None, unknown) => unknown,
        }
    }
}

/// Evaluated arguments of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Args {
    pub(crate) positional: Vec<(Value, Option<Place>)>,
    pub(crate) keywords: Vec<(SmolStr, Value, Option<Place>)>,
    /// Why there may be more arguments than these.
    pub(crate) open: Option<Arc<Reason>>,
}

impl Args {
    /// The argument of a parameter, by position or keyword.
    pub(crate) fn get(&self, index: usize, name: &str) -> Option<&Value> {
        self.keyword(name)
            .or_else(|| self.positional.get(index).map(|(value, _)| value))
    }

    pub(crate) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords
            .iter()
            .find(|(key, _, _)| key == name)
            .map(|(_, value, _)| value)
    }

    /// Where the argument of a parameter stands.
    pub(crate) fn place(&self, index: usize, name: &str) -> Option<Place> {
        self.keywords
            .iter()
            .find(|(key, _, _)| key == name)
            .map(|(_, _, at)| *at)
            .or_else(|| self.positional.get(index).map(|(_, at)| *at))
            .flatten()
    }

    /// These arguments behind a first one.
    pub(crate) fn with_first(&self, first: Value) -> Args {
        let mut args = self.clone();
        args.positional.insert(0, (first, None));
        args
    }

    pub(crate) fn of(values: impl IntoIterator<Item = Value>) -> Args {
        Args {
            positional: values.into_iter().map(|value| (value, None)).collect(),
            ..Args::default()
        }
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.positional
            .iter()
            .map(|(value, _)| value)
            .chain(self.keywords.iter().map(|(_, value, _)| value))
    }
}

/// A heap object.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) kind: ObjectKind,
    /// The depth of undecided conditions at which it was made.
    pub(crate) condition_depth: u32,
    /// Why its content may be more or other than what is recorded.
    pub(crate) open: Option<Arc<Reason>>,
    /// The module that ran when it was made.
    pub(crate) owner: FileId,
}

/// What a heap object holds.
#[derive(Debug)]
pub(crate) enum ObjectKind {
    List(Vec<Value>),
    Dict(Vec<DictEntry>),
    Instance(Instance),
}

/// An entry of a dict, with the place its value came from as a keyword argument.
#[derive(Clone, Debug)]
pub(crate) struct DictEntry {
    pub(crate) key: Value,
    pub(crate) value: Value,
    pub(crate) at: Option<Place>,
}

impl DictEntry {
    /// The key, which is perhaps there where the value is.
    pub(crate) fn perhaps_key(&self) -> Value {
        match self.value {
            Value::Maybe(_) => Value::Maybe(Arc::new(self.key.clone())),
            _ => self.key.clone(),
        }
    }
}

/// What names stand for, in the order in which they were bound first.
pub(crate) type Names = IndexMap<SmolStr, Value, FxBuildHasher>;

/// An instance of a class.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) class: Value,
    pub(crate) attrs: Names,
    pub(crate) router: Option<RouterId>,
}

/// A scope of names.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) vars: Names,
    pub(crate) kind: FrameKind,
    /// The scope outside, class scopes left out; none for modules.
    pub(crate) parent: Option<FrameId>,
    /// Names declared `global` or `nonlocal`.
    pub(crate) outer_names: Vec<SmolStr>,
    /// `__qualname__` prefix of what is defined in it.
    pub(crate) qualname: Arc<str>,
}

/// The kind of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Module,
    Function,
    Class,
}

/// A function object.
#[derive(Clone, Debug)]
pub(crate) struct FunctionObject {
    pub(crate) file: FileId,
    /// The unit in which its `def` stands.
    pub(crate) unit: UnitId,
    pub(crate) code: Arc<Unit>,
    pub(crate) def: FunctionDef,
    /// The scope it was defined in.
    pub(crate) frame: FrameId,
    /// The scope of its signature.
    pub(crate) signature_frame: FrameId,
    pub(crate) qualname: Arc<str>,
    /// The class it was defined in, for `super()`.
    pub(crate) class: Option<ClassId>,
    /// What `functools.wraps` says it wraps.
    pub(crate) wraps: Option<Value>,
    /// Attributes that code gave it.
    pub(crate) attrs: Vec<(SmolStr, Value)>,
    /// Names of its annotations that its module lacked when a route was made of it.
    pub(crate) unbound: Vec<SmolStr>,
    /// Defaults that were evaluated when it was defined.
    pub(crate) defaults: Vec<(SmolStr, Value)>,
    /// The module that ran when it was made.
    pub(crate) owner: FileId,
}

impl FunctionObject {
    /// An attribute that code gave it.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Value> {
        let mut attrs = self.attrs.iter();
        attrs.find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// A `def` or a `lambda`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionDef {
    Def(StmtId),
    Lambda(facts::ExprId),
}

/// A class object.
#[derive(Clone, Debug)]
pub(crate) struct ClassObject {
    pub(crate) file: FileId,
    pub(crate) unit: UnitId,
    pub(crate) code: Arc<Unit>,
    pub(crate) stmt: StmtId,
    pub(crate) name: SmolStr,
    pub(crate) qualname: Arc<str>,
    pub(crate) frame: FrameId,
    pub(crate) bases: Vec<Value>,
    /// The bases as they are written, with their type arguments.
    pub(crate) written_bases: Vec<Value>,
    pub(crate) keywords: Vec<(SmolStr, Value)>,
    pub(crate) decorators: Vec<Value>,
    /// Resolution order, itself first; library classes by name.
    pub(crate) mro: Vec<Value>,
    /// The module that ran when it was made.
    pub(crate) owner: FileId,
}

impl Value {
    pub(crate) fn unknown(text: impl Into<Arc<str>>, place: Option<Place>) -> Value {
        Value::Unknown(Arc::new(Reason {
            text: text.into(),
            place,
        }))
    }

    pub(crate) fn str(text: &str) -> Value {
        Value::Str(text.into())
    }

    pub(crate) fn lib(name: &str) -> Value {
        Value::Lib(name.into())
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown(_) | Value::Unset(_))
    }

    /// Whether it is `Default(…)`, with which FastAPI's methods say that they were given nothing.
    pub(crate) fn is_placeholder(&self) -> bool {
        matches!(self, Value::LibObject(object) if object.callee.as_ref() == PLACEHOLDER)
    }

    /// The dotted name of a library thing.
    pub(crate) fn lib_name(&self) -> Option<&str> {
        match self {
            Value::Lib(name) => Some(name),
            _ => None,
        }
    }

    /// Text with a string's known parts, holes for the rest.
    pub(crate) fn from_text(text: Text) -> Value {
        match text.pieces() {
            [] => Value::str(""),
            [Piece::Known(known)] => Value::Str(known.clone()),
            _ => Value::Text(Arc::new(text)),
        }
    }
}
