//! Callables with their parameters as FastAPI reads them (`fastapi/dependencies/utils.py`, `analyze_param`).

use super::{CallableKey, Linker, types::Shape};
use crate::{
    Callable, CallableId, CallableKind, DependsId, DependsTarget, Fact, ParamIn, Parameter, Place, Reason, Role,
    StmtPlace, TypeUse,
    eval::value::{ClassId, FnId, Marker, Value},
};
use facts::{Expr, ParamKind, Stmt};
use smol_str::SmolStr;
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
                    _ => Reason {
                        text: Arc::from("the endpoint is not a function that is known"),
                        place: Some(operation.at),
                    },
                }),
            };
            operation.response_model = match record.response_model {
                Some((Value::None, _)) => None,
                Some((value, Some(at))) => Some(self.type_use(&value, at)),
                Some((_, None)) => None,
                None => {
                    let endpoint = operation
                        .endpoint
                        .known()
                        .and_then(|id| self.entries.callables.get(id.0 as usize));
                    endpoint.and_then(|endpoint| endpoint.returns.clone())
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
            Value::Object(object) => {
                let key = CallableKey::Instance(*object);
                if let Some(&id) = self.entries.by_key.get(&key) {
                    return Some(id);
                }
                let Value::Class(class) = self.interp.instance(*object)?.class else {
                    return None;
                };
                self.instance(key, class)
            }
            Value::Partial(partial) => {
                let id = self.callable(&partial.0)?;
                let given: Vec<SmolStr> = partial.1.keywords.iter().map(|(name, _, _)| name.clone()).collect();
                Some(self.partial(id, partial.1.positional.len(), &given))
            }
            Value::OneOf(values) => self.same_callable(values),
            Value::Lib(name) => Some(self.library(name)),
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

    /// One of several that are the same to FastAPI: a function, and what wraps it.
    fn same_callable(&mut self, values: &[Value]) -> Option<CallableId> {
        let mut found = None;
        for value in values {
            let id = self.callable(value)?;
            if *found.get_or_insert(id) != id {
                return None;
            }
        }
        found
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
        let is_form = matches!(
            name.as_ref(),
            "fastapi.security.OAuth2PasswordRequestForm" | "fastapi.security.OAuth2PasswordRequestFormStrict"
        );
        let reason = Reason {
            text: format!("`{name}` is in a library that is not read").into(),
            place: None,
        };
        self.add(
            key,
            external(
                CallableKind::External,
                crate::eval::defining_module(name),
                (!is_form).then_some(reason),
            ),
        )
    }

    /// A partial: what is given is not a parameter any more.
    fn partial(&mut self, id: CallableId, positional: usize, given: &[SmolStr]) -> CallableId {
        let mut callable = self.entries.callables[id.0 as usize].clone();
        let owner = self.entries.callable_owners[id.0 as usize];
        callable.parameters = callable
            .parameters
            .into_iter()
            .enumerate()
            .filter(|(i, parameter)| {
                *i >= positional && !given.iter().any(|name| name.as_str() == parameter.name.as_ref())
            })
            .map(|(_, parameter)| parameter)
            .collect();
        self.add_owned(owner, callable)
    }

    /// The function whose signature counts, as `inspect.signature` follows `__wrapped__`; itself where that goes in a circle.
    fn unwrapped(&self, id: FnId) -> FnId {
        let mut seen = vec![id];
        loop {
            let last = seen[seen.len() - 1];
            match self.interp.functions[last.0 as usize].wraps {
                Some(Value::Function(wrapped)) if seen.contains(&wrapped) => return id,
                Some(Value::Function(wrapped)) => seen.push(wrapped),
                _ => return last,
            }
        }
    }

    fn function(&mut self, id: FnId, bound: bool) -> CallableId {
        let key = CallableKey::Function(id, bound);
        if let Some(&known) = self.entries.by_key.get(&key) {
            return known;
        }
        let object = self.interp.functions[id.0 as usize].clone();
        let innermost = self.unwrapped(id);
        let wrapped = match (innermost == id, &object.wraps) {
            (false, _) => Some(self.function(innermost, bound)),
            (true, Some(wrapped)) if !matches!(wrapped, Value::Function(_)) => self.callable(wrapped),
            _ => None,
        };
        if let Some(wrapped) = wrapped {
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
        let known = self.add(key, callable);
        let (parameters, returns) = self.on_behalf_of(object.owner, |linker| {
            (linker.parameters(id, bound), linker.returns(id))
        });
        self.complete(known, |callable| {
            callable.parameters = parameters;
            callable.returns = returns;
        });
        known
    }

    fn returns(&mut self, id: FnId) -> Option<TypeUse> {
        let (code, stmt) = self.interp.function_def(id)?;
        let Stmt::Function(def) = &code[stmt] else { return None };
        let at = def.returns?;
        let cx = self.interp.definition_context(id);
        let value = self.interp.eval_annotation(&cx, at);
        if matches!(value, Value::None) || self.shape(&value) == Shape::Special || is_stream(&value) {
            return None;
        }
        Some(self.type_use(&value, cx.place(at)))
    }

    fn parameters(&mut self, id: FnId, bound: bool) -> Vec<Parameter> {
        let (code, params) = self.interp.params_of(id);
        let cx = self.interp.definition_context(id);
        let mut parameters = Vec::with_capacity(params.list.len());
        for param in params.list.iter().skip(usize::from(bound)) {
            let Expr::Name(name) = &code[param.name] else { continue };
            let annotation = param
                .annotation
                .map(|at| (self.interp.eval_annotation(&cx, at), cx.place(at)));
            let default = param.default.map(|at| self.interp.default_of(id, name, at));
            parameters.push(self.parameter(name, cx.place(param.name), param.kind, annotation, default));
        }
        parameters
    }

    /// What FastAPI makes of one parameter.
    fn parameter(
        &mut self,
        name: &SmolStr,
        at: Place,
        kind: ParamKind,
        annotation: Option<(Value, Place)>,
        default: Option<Value>,
    ) -> Parameter {
        let ty = annotation.as_ref().map(|(value, at)| self.type_use(value, *at));
        let value = annotation.map(|(value, _)| value);
        let (bare, metadata) = match &value {
            Some(Value::Annotated(parts)) => (Some(parts.0.clone()), parts.1.clone()),
            Some(value) => (Some(value.clone()), Vec::new()),
            None => (None, Vec::new()),
        };
        let marked = metadata.iter().rev().find(|item| is_fastapi_marker(item)).cloned();
        let (role, has_default) = match (&marked, &default) {
            (_, Some(Value::Depends(id))) | (Some(Value::Depends(id)), _) => {
                (Role::Depends(self.own_type(*id, bare.as_ref())), default.is_some())
            }
            (Some(Value::Marker(marker)), _) => (self.marked(marker, bare.as_ref()), default.is_some()),
            (_, Some(Value::Marker(marker))) if is_fastapi_marker(&Value::Marker(marker.clone())) => {
                let has = marker.args.keyword("default_factory").is_some()
                    || marker
                        .args
                        .get(0, "default")
                        .is_some_and(|value| !matches!(value, Value::Ellipsis));
                (self.marked(marker, bare.as_ref()), has)
            }
            _ => (
                self.implicit(bare.as_ref(), &metadata, default.as_ref(), at),
                default.is_some(),
            ),
        };
        let has_default = has_default && !matches!(default, Some(Value::Ellipsis));
        Parameter {
            name: name.as_str().into(),
            at,
            kind,
            ty,
            has_default,
            role,
        }
    }

    fn implicit(&mut self, ty: Option<&Value>, metadata: &[Value], default: Option<&Value>, at: Place) -> Role {
        if let Some(Value::Unknown(reason)) = metadata.iter().find(|item| item.is_unknown()) {
            return Role::Unknown(Reason::clone(reason));
        }
        let unknown = |text: &str| {
            Role::Unknown(Reason {
                text: text.into(),
                place: Some(at),
            })
        };
        if let Some(Value::Unknown(reason)) = default
            && reason.text.contains("library")
        {
            return Role::Unknown(Reason::clone(reason));
        }
        match ty {
            None => Role::Implicit { is_scalar: true },
            Some(Value::Unknown(reason)) => Role::Unknown(Reason::clone(reason)),
            Some(ty) => match self.shape(ty) {
                Shape::Scalar => Role::Implicit { is_scalar: true },
                Shape::Complex => Role::Implicit { is_scalar: false },
                Shape::Upload => Role::Marked {
                    place_in: ParamIn::File,
                    alias: None,
                    model: None,
                    embed: false,
                    keep_underscores: false,
                },
                Shape::Special => Role::Special,
                Shape::Unknown => unknown("its type is in a library that is not read"),
            },
        }
    }

    fn marked(&self, marker: &Marker, ty: Option<&Value>) -> Role {
        if let Some(alias) = marker.args.keyword("validation_alias")
            && !matches!(alias, Value::Str(_) | Value::None)
        {
            return Role::Unknown(Reason {
                text: Arc::from("its alias is not one plain name"),
                place: None,
            });
        }
        let place_in = match marker.kind.as_str() {
            "Path" => ParamIn::Path,
            "Query" => ParamIn::Query,
            "Header" => ParamIn::Header,
            "Cookie" => ParamIn::Cookie,
            "Form" => ParamIn::Form,
            "File" => ParamIn::File,
            _ => ParamIn::Body,
        };
        let alias = ["validation_alias", "alias"]
            .iter()
            .find_map(|name| marker.args.keyword(name).and_then(Value::as_str));
        let model = ty
            .filter(|_| place_in != ParamIn::Body)
            .and_then(|ty| self.model_of(ty));
        Role::Marked {
            place_in,
            alias: alias.map(Arc::from),
            model: model.and_then(|class| self.entries.schema_of.get(&class).copied()),
            embed: matches!(marker.args.keyword("embed"), Some(Value::Bool(true))),
            keep_underscores: matches!(marker.args.keyword("convert_underscores"), Some(Value::Bool(false))),
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
            scope: record.scope.clone(),
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
        let (parameters, opaque) = self.on_behalf_of(owner, |linker| linker.constructor(class));
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

    /// The parameters of a class: its `__init__`, or its fields for dataclasses and Pydantic models.
    fn constructor(&mut self, class: ClassId) -> (Vec<Parameter>, Option<Reason>) {
        if let Some((Value::Function(init), _)) = self.interp.class_attribute(class, "__init__", None) {
            return (self.parameters(init, true), None);
        }
        let is_model = self.interp.inherits(class, "pydantic.BaseModel");
        let is_tuple = self.interp.inherits(class, "typing.NamedTuple");
        if !is_model && !is_tuple && !self.is_dataclass(class) {
            let unknown = self
                .interp
                .class(class)
                .mro
                .iter()
                .skip(1)
                .find(|base| !matches!(base, Value::Class(_)));
            let plain = ["builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC"];
            let opaque = match unknown {
                Some(Value::Lib(name)) if !plain.contains(&name.as_ref()) => Some(name.to_string()),
                Some(Value::Unknown(reason)) => Some(reason.text.to_string()),
                _ => None,
            };
            let reason = opaque.map(|base| Reason {
                text: format!("it inherits from `{base}`, which is not read").into(),
                place: None,
            });
            return (Vec::new(), reason);
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        for base in self.interp.class(class).mro.clone().iter().rev() {
            let Value::Class(base) = base else { continue };
            let cx = self.class_context(*base);
            let object = self.interp.class(*base).clone();
            let Stmt::Class(def) = &object.code[object.stmt] else {
                continue;
            };
            for &stmt in &def.body {
                let Stmt::AnnAssign {
                    target,
                    annotation,
                    value,
                } = &object.code[stmt]
                else {
                    continue;
                };
                let Expr::Name(name) = &object.code[*target] else {
                    continue;
                };
                if name.starts_with('_') || name == "model_config" {
                    continue;
                }
                let ty = self.interp.eval_annotation(&cx, *annotation);
                if matches!(&ty, Value::Generic(parts) if parts.0.lib_name() == Some("typing.ClassVar")) {
                    continue;
                }
                let default = value.and_then(|_| self.interp.own_attribute(*base, name));
                let default = match default {
                    Some(Value::Marker(marker)) if marker.kind == "Field" && is_required(&marker) => None,
                    other => other,
                };
                let parameter = self.parameter(
                    name,
                    cx.place(*target),
                    ParamKind::KeywordOnly,
                    Some((ty, cx.place(*annotation))),
                    default,
                );
                match parameters.iter_mut().find(|known| known.name == parameter.name) {
                    Some(known) => *known = parameter,
                    None => parameters.push(parameter),
                }
            }
        }
        (parameters, None)
    }

    /// An instance that is called: its class's `__call__`.
    fn instance(&mut self, key: CallableKey, class: ClassId) -> Option<CallableId> {
        let is_scheme = self.interp.inherits(class, "fastapi.security.base.SecurityBase");
        let kind = if is_scheme {
            CallableKind::SecurityScheme
        } else {
            CallableKind::Instance
        };
        let call = self.interp.class_attribute(class, "__call__", None);
        let (method, known) = match call {
            Some((Value::Function(method), _)) => (Some(self.unwrapped(method)), true),
            Some(_) => (None, false),
            None if is_scheme => (None, true),
            None => return None,
        };
        let mut callable = self.class_callable(class, kind);
        if !known {
            callable.opaque = Some(Reason {
                text: Arc::from("its `__call__` is not a function that is known"),
                place: None,
            });
        }
        let id = self.add(key, callable);
        if let Some(method) = method {
            let owner = self.interp.class(class).owner;
            let (parameters, returns) = self.on_behalf_of(owner, |linker| {
                (linker.parameters(method, true), linker.returns(method))
            });
            let (is_async, is_generator) = match self.interp.function_def(method) {
                Some((code, stmt)) => match &code[stmt] {
                    Stmt::Function(def) => (def.is_async, def.is_generator),
                    _ => (false, false),
                },
                None => (false, false),
            };
            self.complete(id, |callable| {
                callable.parameters = parameters;
                callable.returns = returns;
                callable.is_async = is_async;
                callable.is_generator = is_generator;
            });
        }
        Some(id)
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
    match value {
        Value::Generic(parts) => parts
            .0
            .lib_name()
            .and_then(|name| name.strip_prefix("typing."))
            .is_some_and(|name| STREAMS.contains(&name)),
        _ => false,
    }
}

fn is_required(marker: &Marker) -> bool {
    marker.args.keyword("default_factory").is_none()
        && marker
            .args
            .get(0, "default")
            .is_none_or(|default| matches!(default, Value::Ellipsis))
}

/// `Query(…)`, `Depends(…)` and their like, not Pydantic's `Field`.
fn is_fastapi_marker(value: &Value) -> bool {
    match value {
        Value::Depends(_) => true,
        Value::Marker(marker) => marker.kind != "Field",
        _ => false,
    }
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
