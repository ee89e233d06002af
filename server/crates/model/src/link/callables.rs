//! Callables with their parameters as FastAPI reads them (`fastapi/dependencies/utils.py`, `analyze_param`).

use super::{CallableKey, Linker};
use crate::{
    Callable, CallableId, CallableKind, DependsId, DependsTarget, Fact, ParamIn, Parameter, Place, Reason, Role,
    StmtPlace, TypeUse,
    eval::value::{ClassId, FnId, LibObject, Marker, ObjId, Value},
    signature::{Analyzed, Argument, Marked, Shape, made_name, makes_class},
};
use facts::{Expr, Stmt};
use std::sync::Arc;

impl Linker<'_> {
    /// Links the operations that were recorded since the last link: their endpoints and response models.
    pub(super) fn link_operations(&mut self) {
        for record in std::mem::take(&mut self.interp.new_operations) {
            let owner = self.interp.operation_owners[record.id.0 as usize];
            let mut operation = record.operation;
            operation.endpoint = match self.callable_for(owner, &record.endpoint) {
                Some(id) => Fact::Known(id),
                None => Fact::Unknown(match &record.endpoint {
                    Value::Unknown(reason) => Reason::clone(reason),
                    Value::OneOf(_) => Reason {
                        text: Arc::from("a condition that is not decided before the program runs chooses its function"),
                        place: Some(operation.at),
                    },
                    _ => Reason {
                        text: Arc::from("the endpoint is not a function that is known"),
                        place: Some(operation.at),
                    },
                }),
            };
            operation.response_model = match record.response_model {
                Some((Value::None, _)) => None,
                Some((value, at)) => {
                    let from = operation.at.file;
                    let value = self.on_behalf_of(owner, |linker| linker.interp.with_classes_of_libraries(from, value));
                    Some(self.spelled_or_written(&value, at))
                }
                None => {
                    let endpoint = operation.endpoint.known();
                    let is_generator = endpoint
                        .and_then(|id| self.entries.callables.get(id.0 as usize))
                        .is_some_and(|endpoint| endpoint.is_generator);
                    self.on_behalf_of(owner, |linker| linker.returned_model(&record.endpoint, is_generator))
                }
            };
            self.entries.operations.set(record.id.0 as usize, operation);
        }
    }

    /// Links every `Depends` that was made since the last link; their targets may bring more of them.
    pub(super) fn link_depends(&mut self) {
        self.read_all_signatures();
        let mut number = self.entries.depends.len();
        while number < self.interp.depends.len() {
            let record = &self.interp.depends[number];
            let (owner, target, mut depends) = (record.owner, record.target.clone(), record.depends.clone());
            if let Some(target) = target {
                depends.target = self.on_behalf_of(owner, |linker| linker.depends_target(&target, depends.at));
            }
            self.entries.depends.set(number, depends);
            number += 1;
        }
    }

    /// Functions that no route uses have `Depends` too.
    fn read_all_signatures(&mut self) {
        let first = std::mem::replace(&mut self.entries.functions_read, self.interp.functions.len());
        for id in (first..self.interp.functions.len()).map(|number| FnId(number as u32)) {
            let Some((code, stmt)) = self.interp.function_def(id) else {
                continue;
            };
            let Stmt::Function(def) = &code[stmt] else { continue };
            let mentions = def.params.list.iter().any(|param| {
                [param.default, param.annotation]
                    .into_iter()
                    .flatten()
                    .any(|expr| mentions_depends(&code, expr, 0))
            });
            if mentions {
                let bound = self.interp.functions[id.0 as usize].class.is_some();
                self.function(id, bound);
            }
        }
    }

    /// Links on behalf of a module: what is made on the way is the module's.
    pub(super) fn on_behalf_of<T>(&mut self, owner: base::FileId, link: impl FnOnce(&mut Self) -> T) -> T {
        self.interp.begin(owner);
        let result = link(self);
        self.interp.end();
        result
    }

    fn callable_for(&mut self, owner: base::FileId, value: &Value) -> Option<CallableId> {
        self.on_behalf_of(owner, |linker| linker.callable(value))
    }

    fn depends_target(&mut self, target: &Value, at: Place) -> Fact<DependsTarget> {
        match target {
            Value::Suspended(suspended) => {
                let id = self.function(suspended.0, false);
                Fact::Known(DependsTarget::CalledFunction(id))
            }
            Value::Object(object) => {
                let class = self.interp.instance(*object).map(|instance| instance.class.clone());
                match (self.callable(target), class) {
                    (Some(id), _) => Fact::Known(DependsTarget::Callable(id)),
                    (None, Some(Value::Class(class))) if self.interp.is_read_whole(class) => Fact::Known(
                        DependsTarget::NotCallable(self.interp.class(class).name.as_str().into()),
                    ),
                    _ => Fact::Unknown(Reason {
                        text: Arc::from("an object that is not known"),
                        place: Some(at),
                    }),
                }
            }
            Value::Unknown(reason) => Fact::Unknown(Reason::clone(reason)),
            value => match self.callable(value) {
                Some(id) => Fact::Known(DependsTarget::Callable(id)),
                None => Fact::Unknown(Reason {
                    text: Arc::from("what it depends on is not a callable that is known"),
                    place: Some(at),
                }),
            },
        }
    }

    /// The callable that a value is.
    pub(super) fn callable(&mut self, value: &Value) -> Option<CallableId> {
        match value {
            Value::Function(id) => Some(self.function(*id, false)),
            Value::Bound(bound) => match &bound.1 {
                Value::Function(id) => Some(self.function(*id, true)),
                other => self.callable(&other.clone()),
            },
            Value::Class(class) => Some(self.class(*class)),
            Value::Generic(parts) => match &parts.0 {
                Value::Class(class) => {
                    let id = self.class(*class);
                    Some(self.with_signature_of(id, value))
                }
                _ => None,
            },
            Value::StaticMethod(inner) | Value::ClassMethod(inner) => self.callable(&Value::clone(inner)),
            Value::Object(object) => {
                let key = CallableKey::Instance(*object);
                if let Some(&id) = self.entries.by_key.get(&key) {
                    return Some(id);
                }
                let Value::Class(class) = self.interp.instance(*object)?.class else {
                    return None;
                };
                self.instance(*object, class)
            }
            Value::Partial(partial) => {
                let id = self.callable(&partial.0)?;
                Some(self.with_signature_of(id, value))
            }
            Value::OneOf(values) => self.one_of(value, values),
            Value::Lib(name) => Some(self.library(name)),
            Value::LibObject(object) if makes_class(&object.callee, &object.args) => {
                Some(self.made_class(value, object))
            }
            Value::LibObject(object) => {
                let key = CallableKey::LibraryObject(object.at);
                if let Some(&id) = self.entries.by_key.get(&key) {
                    return Some(id);
                }
                let is_scheme = object.callee.starts_with("fastapi.security.");
                let reason = Reason {
                    text: format!("`{}` is in a library that is not read", object.callee).into(),
                    place: Some(object.at),
                };
                let kind = if is_scheme {
                    CallableKind::SecurityScheme
                } else {
                    CallableKind::External
                };
                Some(self.add(
                    key,
                    external(
                        kind,
                        crate::eval::defining_module(&object.callee),
                        (!is_scheme).then_some(reason),
                    ),
                ))
            }
            _ => None,
        }
    }

    /// The module of a class that a call makes: `types` for dataclasses before Python 3.12.
    fn module_of_made(&self, object: &LibObject) -> Arc<str> {
        let source = self.interp.source;
        let is_old = source
            .python_version(object.at.file)
            .is_some_and(|version| version < (3, 12));
        match is_old && object.callee.as_ref() == "dataclasses.make_dataclass" {
            true => Arc::from("types"),
            false => source.module_name(object.at.file),
        }
    }

    /// A class that a call makes; of one call that runs several times each time another.
    fn made_class(&mut self, value: &Value, object: &LibObject) -> CallableId {
        if let Some((_, id)) = self.entries.made.iter().find(|(known, _)| known == value) {
            return *id;
        }
        let name = match made_name(object) {
            Some(name) => format!("{}.{name}", self.module_of_made(object)),
            None => object.callee.to_string(),
        };
        let id = self.add_owned(
            Some(self.interp.owner(object.at.file)),
            external(CallableKind::Class, name.into(), None),
        );
        self.entries.made.push((value.clone(), id));
        let (parameters, opaque) = self.parameters(value);
        self.complete(id, |callable| {
            callable.parameters = parameters;
            callable.opaque = opaque;
        });
        id
    }

    /// One of several: the same to FastAPI, as a function and what wraps it, or of the same name at least, as functions that
    /// both branches of a condition define.
    fn one_of(&mut self, value: &Value, values: &[Value]) -> Option<CallableId> {
        let mut found = Vec::new();
        for value in values {
            let id = self.callable(value)?;
            if !found.contains(&id) {
                found.push(id);
            }
        }
        let first = *found.first()?;
        if found.len() == 1 {
            return Some(first);
        }
        let callables = &self.entries.callables;
        let known = |id: &CallableId| {
            callables
                .get(id.0 as usize)
                .map(|known| (known.kind, known.name.clone()))
        };
        let (kind, name) = known(&first)?;
        if !found.iter().all(|id| known(id).is_some_and(|(_, other)| other == name)) {
            return None;
        }
        if let Some((_, id)) = self.entries.made.iter().find(|(known, _)| known == value) {
            return Some(*id);
        }
        let owner = self.entries.callable_owners[first.0 as usize];
        let id = self.add_owned(owner, external(kind, name, None));
        self.entries.made.push((value.clone(), id));
        let (parameters, opaque) = self.parameters(value);
        self.complete(id, |callable| {
            callable.parameters = parameters;
            callable.opaque = opaque;
        });
        Some(id)
    }

    fn add(&mut self, key: CallableKey, callable: Callable) -> CallableId {
        let owner = match key {
            CallableKey::Library(_) => None,
            CallableKey::Function(id, _) => Some(self.interp.functions[id.0 as usize].owner),
            CallableKey::Class(id) => Some(self.interp.class(id).owner),
            CallableKey::Instance(id) => Some(self.interp.object(id).owner),
            CallableKey::LibraryObject(at) => Some(self.interp.owner(at.file)),
        };
        let id = self.add_owned(owner, callable);
        self.entries.by_key.insert(key, id);
        id
    }

    fn add_owned(&mut self, owner: Option<base::FileId>, callable: Callable) -> CallableId {
        self.entries.callable_owners.push(owner);
        CallableId(self.entries.callables.push(callable))
    }

    /// Completes a callable that was numbered before its signature was read.
    fn complete(&mut self, id: CallableId, complete: impl FnOnce(&mut Callable)) {
        if let Some(callable) = self.entries.callables.get_mut(id.0 as usize) {
            complete(callable);
        }
    }

    fn library(&mut self, name: &Arc<str>) -> CallableId {
        let key = CallableKey::Library(name.clone());
        if let Some(&id) = self.entries.by_key.get(&key) {
            return id;
        }
        let (parameters, opaque) = self.parameters(&Value::Lib(name.clone()));
        let mut callable = external(CallableKind::External, crate::eval::defining_module(name), opaque);
        callable.parameters = parameters;
        self.add(key, callable)
    }

    /// A callable that is another one with a signature of its own.
    fn with_signature_of(&mut self, id: CallableId, value: &Value) -> CallableId {
        let mut callable = self.entries.callables[id.0 as usize].clone();
        let owner = self.entries.callable_owners[id.0 as usize];
        let (parameters, opaque) = self.parameters(value);
        callable.parameters = parameters;
        callable.opaque = callable.opaque.or(opaque);
        self.add_owned(owner, callable)
    }

    fn function(&mut self, id: FnId, bound: bool) -> CallableId {
        let key = CallableKey::Function(id, bound);
        if let Some(&known) = self.entries.by_key.get(&key) {
            return known;
        }
        let object = self.interp.functions[id.0 as usize].clone();
        let value = match bound {
            true => Value::Bound(Arc::new((Value::None, Value::Function(id)))),
            false => Value::Function(id),
        };
        if let Some(wrapped) = self.wrapped(id, bound) {
            let wrapped = match object.attribute("__signature__") {
                Some(_) => self.with_signature_of(wrapped, &value),
                None => wrapped,
            };
            self.entries.by_key.insert(key, wrapped);
            return wrapped;
        }
        let module = self.interp.source.module_name(object.file);
        let place = |expr| Place {
            file: object.file,
            unit: object.unit,
            expr,
        };
        let mut callable = external(
            CallableKind::Function,
            format!("{module}.{}", object.qualname).into(),
            None,
        );
        callable.opaque = self.interp.opaque.get(&id).cloned();
        callable.is_nested = object.qualname.contains("<locals>");
        if let Some((code, stmt)) = self.interp.function_def(id)
            && let Stmt::Function(def) = &code[stmt]
        {
            callable.def = Some(place(def.name));
            callable.stmt = Some(StmtPlace {
                file: object.file,
                unit: object.unit,
                stmt,
            });
            callable.is_async = def.is_async;
            callable.is_generator = def.is_generator;
        }
        // Numbered before its parameters are read: a dependency may depend on itself.
        let is_generator = callable.is_generator;
        let known = self.add(key, callable);
        let (parameters, opaque, returns) = self.on_behalf_of(object.owner, |linker| {
            let (parameters, opaque) = linker.parameters(&value);
            (parameters, opaque, linker.returns(&value, is_generator))
        });
        self.complete(known, |callable| {
            callable.parameters = parameters;
            callable.opaque = callable.opaque.take().or(opaque);
            callable.returns = returns;
        });
        known
    }

    /// What a function wraps, as `functools.wraps` says; none where that goes in a circle.
    fn wrapped(&mut self, id: FnId, bound: bool) -> Option<CallableId> {
        let mut seen = vec![id];
        let mut wraps = self.interp.functions[id.0 as usize].wraps.clone()?;
        while let Value::Function(next) = wraps {
            if seen.contains(&next) {
                return None;
            }
            seen.push(next);
            match self.interp.functions[next.0 as usize].wraps.clone() {
                Some(further) => wraps = further,
                None => return Some(self.function(next, bound)),
            }
        }
        self.callable(&wraps)
    }

    /// The annotation of a callable's result, where it can be a response model.
    fn returns(&mut self, callable: &Value, is_generator: bool) -> Option<TypeUse> {
        let (value, at) = self.interp.return_annotation(callable)?;
        self.as_response_model(value, at, is_generator)
    }

    /// The same of an endpoint, for which classes of libraries are read: of sessions and clients that is too much.
    fn returned_model(&mut self, endpoint: &Value, is_generator: bool) -> Option<TypeUse> {
        let (value, at) = self.interp.return_annotation(endpoint)?;
        let value = self.interp.with_classes_of_libraries(at.file, value);
        self.as_response_model(value, at, is_generator)
    }

    fn as_response_model(&mut self, value: Value, at: Place, is_generator: bool) -> Option<TypeUse> {
        let value = self.interp.without_alias(value);
        let is_response = self.interp.shape(&value) == Shape::Special;
        if matches!(value, Value::None) || is_response || is_generator && is_stream(&value) {
            return None;
        }
        Some(self.spelled_or_written(&value, Some(at)))
    }

    /// The parameters of a callable, and why they may not be all.
    fn parameters(&mut self, callable: &Value) -> (Vec<Parameter>, Option<Reason>) {
        let signature = self.interp.signature(callable);
        let arguments = signature.arguments.iter();
        (
            arguments.map(|argument| self.parameter(argument)).collect(),
            signature.unknown,
        )
    }

    /// What FastAPI makes of one parameter.
    fn parameter(&mut self, argument: &Argument) -> Parameter {
        let given = argument.default.as_ref();
        let mut has_default = given.is_some_and(|default| *default != Value::Ellipsis);
        let mut refused = None;
        let role = match self.interp.analyze(argument) {
            Analyzed::Depends(id, own_type) => Role::Depends(self.own_type(id, own_type.as_ref())),
            Analyzed::Special | Analyzed::SecurityScopes | Analyzed::Implicit(Shape::Special) => Role::Special,
            Analyzed::Marked(marked) => {
                has_default = match marked.is_default {
                    true => has_default_of_its_own(&marked.marker),
                    false => has_default,
                };
                refused = self.refusal(argument, marked.place_in);
                self.marked(&marked, argument)
            }
            Analyzed::Implicit(Shape::Scalar) => Role::Implicit { is_scalar: true },
            Analyzed::Implicit(Shape::Complex) => Role::Implicit { is_scalar: false },
            Analyzed::Implicit(Shape::Upload) => Role::Marked {
                place_in: ParamIn::File,
                model: None,
                only_alone: false,
                embed: false,
                keep_underscores: false,
            },
            Analyzed::Implicit(Shape::Unknown) => Role::Unknown(Reason {
                text: Arc::from("its type is in a library that is not read"),
                place: argument.at,
            }),
            Analyzed::Unknown(why) => Role::Unknown(why),
        };
        let facts = self.interp.argument_facts(argument);
        has_default |= facts.has_factory;
        Parameter {
            name: argument.name.as_str().into(),
            at: argument.at,
            kind: argument.kind,
            ty: self.argument_type(argument),
            has_default,
            role: match facts.unknown_alias() {
                Some(why) if matches!(role, Role::Implicit { .. } | Role::Marked { model: None, .. }) => {
                    Role::Unknown(why)
                }
                _ => role,
            },
            aliases: facts.sent_as(),
            refused,
        }
    }

    /// What FastAPI raises for a model in the place of a plain parameter, by version (`dependencies/utils.py`, `analyze_param`,
    /// `create_response_field`).
    fn refusal(&self, argument: &Argument, place_in: ParamIn) -> Option<&'static str> {
        let ty = argument.annotation.as_ref()?;
        let is_plain = matches!(place_in, ParamIn::Query | ParamIn::Header | ParamIn::Cookie);
        self.interp.parameter_model(ty).filter(|_| is_plain)?;
        let file = argument.at?.file;
        let version = self.interp.source.fastapi_version(file);
        if !version.has_parameter_models() {
            return Some(NO_MODEL);
        }
        // Of headers and cookies it asks nothing.
        let is_optional = place_in == ParamIn::Query && matches!(without_metadata(ty), Value::Union(_));
        let knows_optional =
            version.has_optional_parameter_models() || self.interp.source.pydantic_version(file).is_first();
        (is_optional && !knows_optional).then_some(NO_OPTIONAL_MODEL)
    }

    fn argument_type(&self, argument: &Argument) -> Option<TypeUse> {
        let value = argument.annotation.as_ref()?;
        Some(match argument.annotation_at {
            Some(at) => self.type_use(value, at),
            None => self.spelled_or_written(value, None),
        })
    }

    fn marked(&self, marked: &Marked, argument: &Argument) -> Role {
        let ty = argument.annotation.as_ref();
        let version = argument.at.map(|at| self.interp.source.fastapi_version(at.file));
        let args = &marked.marker.args;
        let place_in = marked.place_in;
        let is_embedded = matches!(args.keyword("embed"), Some(Value::Bool(true)));
        let model = ty
            .filter(|_| place_in != ParamIn::Body && !is_embedded)
            .and_then(|ty| self.interp.parameter_model(ty));
        Role::Marked {
            place_in,
            model: model.and_then(|class| self.entries.schema_of.get(&class).copied()),
            only_alone: !version.unwrap_or_default().has_parameter_models_beside_others(),
            embed: is_embedded,
            keep_underscores: matches!(args.keyword("convert_underscores"), Some(Value::Bool(false))),
        }
    }

    /// `Depends()` depends on the parameter's own type: a copy of it says which.
    fn own_type(&mut self, id: DependsId, ty: Option<&Value>) -> DependsId {
        let record = &self.interp.depends[id.0 as usize];
        let is_own = record.target.is_none() && matches!(record.depends.target, Fact::Known(DependsTarget::OwnType));
        let (Some(ty), true) = (ty, is_own) else { return id };
        let copies = self.entries.own_types.entry(id).or_default();
        if let Some((_, known)) = copies.iter().find(|(known, _)| known == ty) {
            return *known;
        }
        let copy = DependsId(self.interp.depends.len() as u32);
        copies.push((ty.clone(), copy));
        let record = crate::eval::DependsRecord {
            owner: self.interp.owner(record.owner),
            depends: record.depends.clone(),
            target: Some(ty.clone()),
        };
        self.interp.depends.push(record);
        copy
    }

    fn class(&mut self, class: ClassId) -> CallableId {
        let key = CallableKey::Class(class);
        if let Some(&id) = self.entries.by_key.get(&key) {
            return id;
        }
        let callable = self.class_callable(class, CallableKind::Class);
        let id = self.add(key, callable);
        let owner = self.interp.class(class).owner;
        let (parameters, opaque) = self.on_behalf_of(owner, |linker| linker.parameters(&Value::Class(class)));
        self.complete(id, |callable| {
            callable.parameters = parameters;
            callable.opaque = opaque;
        });
        id
    }

    fn class_callable(&self, class: ClassId, kind: CallableKind) -> Callable {
        let object = self.interp.class(class);
        let module = self.interp.source.module_name(object.file);
        let mut callable = external(kind, format!("{module}.{}", object.qualname).into(), None);
        if let Stmt::Class(def) = &object.code[object.stmt] {
            callable.def = Some(Place {
                file: object.file,
                unit: object.unit,
                expr: def.name,
            });
        }
        callable.stmt = Some(StmtPlace {
            file: object.file,
            unit: object.unit,
            stmt: object.stmt,
        });
        callable.is_nested = object.qualname.contains("<locals>");
        callable
    }

    /// An instance that is called: its class's `__call__`.
    fn instance(&mut self, object: ObjId, class: ClassId) -> Option<CallableId> {
        let is_scheme = self.interp.inherits(class, "fastapi.security.base.SecurityBase");
        let kind = if is_scheme {
            CallableKind::SecurityScheme
        } else {
            CallableKind::Instance
        };
        let call = match self.interp.class_attribute(class, "__call__", None) {
            Some((call, _)) => Some(call),
            None if is_scheme => None,
            None => return None,
        };
        let callable = self.class_callable(class, kind);
        let id = self.add(CallableKey::Instance(object), callable);
        let value = Value::Object(object);
        let owner = self.interp.class(class).owner;
        let (is_async, is_generator) = self.nature(call.as_ref());
        let (parameters, opaque, returns) = self.on_behalf_of(owner, |linker| {
            let (parameters, opaque) = linker.parameters(&value);
            (parameters, opaque, linker.returns(&value, is_generator))
        });
        self.complete(id, |callable| {
            callable.parameters = parameters;
            callable.opaque = opaque;
            callable.returns = returns;
            callable.is_async = is_async;
            callable.is_generator = is_generator;
        });
        Some(id)
    }

    /// Whether a function is async, and whether it is a generator.
    fn nature(&self, function: Option<&Value>) -> (bool, bool) {
        let Some(Value::Function(id)) = function else {
            return (false, false);
        };
        match self.interp.function_def(self.interp.unwrapped(*id)) {
            Some((code, stmt)) => match &code[stmt] {
                Stmt::Function(def) => (def.is_async, def.is_generator),
                _ => (false, false),
            },
            None => (false, false),
        }
    }
}

const NO_MODEL: &str =
    "FastAPI raises an AssertionError here: before 0.115 a model can't be a parameter of query, header or cookie";
const NO_OPTIONAL_MODEL: &str =
    "FastAPI raises an AssertionError here: before 0.159 a model of query parameters can't be optional";

/// A type without what `Annotated` says of it.
fn without_metadata(ty: &Value) -> &Value {
    match ty {
        Value::Annotated(parts) => without_metadata(&parts.0),
        ty => ty,
    }
}

/// Whether a result type is streamed item by item (`fastapi/dependencies/utils.py`, `get_stream_item_type`).
fn is_stream(value: &Value) -> bool {
    const STREAMS: [&str; 6] = [
        "AsyncIterable",
        "AsyncIterator",
        "AsyncGenerator",
        "Iterable",
        "Iterator",
        "Generator",
    ];
    let origin = match value {
        Value::Generic(parts) => &parts.0,
        bare => bare,
    };
    let name = origin.lib_name().and_then(|name| name.strip_prefix("typing."));
    name.is_some_and(|name| STREAMS.contains(&name))
}

fn has_default_of_its_own(marker: &Marker) -> bool {
    let default = marker.args.get(0, "default");
    default.is_some_and(|default| *default != Value::Ellipsis && !is_undefined(default))
}

fn is_undefined(value: &Value) -> bool {
    value.lib_name().is_some_and(|name| name.ends_with("PydanticUndefined"))
}

/// A callable without a signature.
fn external(kind: CallableKind, name: Arc<str>, opaque: Option<Reason>) -> Callable {
    Callable {
        kind,
        name,
        def: None,
        stmt: None,
        is_async: false,
        is_generator: false,
        parameters: Vec::new(),
        returns: None,
        is_nested: false,
        opaque,
    }
}

/// Whether an expression calls something named like `Depends` or `Security`.
fn mentions_depends(code: &facts::Unit, expr: facts::ExprId, depth: u32) -> bool {
    if depth > 8 {
        return false;
    }
    match &code[expr] {
        Expr::Call { func, .. } => match &code[*func] {
            Expr::Name(name) | Expr::Attr { name, .. } => name == "Depends" || name == "Security",
            _ => false,
        },
        Expr::Subscript { index, .. } => mentions_depends(code, *index, depth + 1),
        Expr::Quoted(_, inner) => mentions_depends(code, *inner, depth + 1),
        Expr::Tuple(items) => items.iter().any(|item| mentions_depends(code, *item, depth + 1)),
        _ => false,
    }
}
