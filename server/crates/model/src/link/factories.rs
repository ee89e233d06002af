//! Functions and classes that make an app and that nothing calls: `uvicorn --factory app:create_app`, `App.create(…)`, a
//! server class whose `__init__` makes the app. They are called here as their user would.

mod instances;
mod makes;
mod outer;
mod untold;

pub use makes::{Examined, may_make_app};
pub(super) use untold::untold;

use crate::{
    EventKind, Place, RouterId, RouterKind,
    eval::{
        Interp,
        value::{Args, ClassId, FnId, FunctionDef, FunctionObject, ObjId, Value},
    },
};
use base::FileId;
use facts::{Expr, ExprId, Function, FunctionBody, ParamKind, Stmt, Unit, UnitId};
use makes::{makes_app, may_make_apps, unit_of};
use outer::Outers;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// The apps that factories made: router and factory.
pub(crate) type Factories = FxHashMap<RouterId, Factory>;

/// What made an app.
#[derive(Clone, Debug)]
pub(crate) struct Factory {
    /// The name of the app: how it is called.
    pub(super) name: Arc<str>,
    /// Whose import makes it possible to call it.
    pub(super) file: FileId,
}

/// Methods of an app or router that wire something to it.
const WIRING: [&str; 10] = [
    "include_router",
    "mount",
    "add_api_route",
    "add_route",
    "add_api_websocket_route",
    "add_websocket_route",
    "api_route",
    "get",
    "post",
    "websocket",
];

/// Names of modules and packages that show what the package around them can do.
const DEMOS: [&str; 7] = [
    "demo",
    "demos",
    "example",
    "examples",
    "playground",
    "sample",
    "sandbox",
];

/// Which factories count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinds {
    /// All: of the program itself.
    All,
    /// Functions without arguments: tests and scripts make apps for their own ends.
    Plain,
}

/// Calls the functions from `first` on that make an app and that nothing called.
pub(super) fn run(interp: &mut Interp<'_>, first: usize, factories: &mut Factories, kinds: Kinds) {
    let mut files: Vec<FileId> = interp.functions[first..].iter().map(|function| function.file).collect();
    files.dedup();
    makes::examine(interp, &files);
    let uncalled: Vec<Body> = (first..interp.functions.len())
        .map(|number| FnId(number as u32))
        .filter(|id| may_make_apps(interp, interp.functions[id.0 as usize].file))
        .filter_map(|id| body_of(interp, id))
        .filter(|body| !is_called(interp, body, factories))
        .collect();
    let (mut makers, others): (Vec<Body>, Vec<Body>) = uncalled
        .into_iter()
        .partition(|body| makes_app(interp, body.file, body.unit));
    let outer = match kinds {
        Kinds::All => outer::run(interp, first, factories),
        Kinds::Plain => Outers::default(),
    };
    let outer_methods: Vec<FnId> = outer.methods.iter().map(|body| body.function).collect();
    makers.extend(outer.methods);
    makers.retain(|body| !outer.replaced.contains(&body.function));
    // One that another of them calls is not called by itself: the outermost come first.
    let called: Vec<bool> = makers.iter().map(|body| is_named_in(interp, body, &makers)).collect();
    let mut called = called.into_iter();
    makers.sort_by_cached_key(|_| called.next());
    for body in makers {
        if !is_called(interp, &body, factories) {
            match body.class {
                None => {
                    if let Some(held) = call_function(interp, &body, factories, kinds) {
                        name_held(interp, &body, held, &others, factories);
                    }
                }
                Some(class) if kinds == Kinds::All => instances::make(interp, &body, class, &outer_methods, factories),
                Some(_) => {}
            }
        }
    }
}

/// Whether what it makes is an app of the program already: one that has a name, or that another app mounts. What only others
/// do with a library's factory, its examples and demos, does not count.
fn is_called(interp: &Interp<'_>, body: &Body, factories: &Factories) -> bool {
    if !interp.entered.contains(&(body.file, body.unit)) {
        return false;
    }
    let own = top_package(interp, body.file);
    let in_demo = is_demo(interp, body.file);
    let is_own = |file: FileId| top_package(interp, file) == own && (in_demo || !is_demo(interp, file));
    let made: Vec<RouterId> = interp
        .routers
        .entries()
        .filter(|(_, router)| (router.made_at.file, router.made_at.unit) == (body.file, body.unit))
        .map(|(number, _)| RouterId(number as u32))
        .collect();
    made.iter()
        .any(|&id| interp.router(id).bound_at.is_some_and(|place| is_own(place.file)))
        || is_inner(interp, body)
            && made
                .iter()
                .any(|id| factories.get(id).is_some_and(|factory| is_own(factory.file)))
        || interp
            .routers
            .iter()
            .flat_map(|router| &router.events)
            .any(|event| match &event.kind {
                EventKind::Mount(mount) => {
                    mount.target.is_some_and(|target| made.contains(&target)) && is_own(event.module)
                }
                _ => false,
            })
}

/// Whether a maker of apps is there for those around it: a method, or private.
fn is_inner(interp: &Interp<'_>, body: &Body) -> bool {
    body.class.is_some() || body.name(interp).starts_with('_')
}

/// The first part of a module's name.
fn top_package(interp: &Interp<'_>, file: FileId) -> SmolStr {
    let name = interp.source.module_name(file);
    SmolStr::new(name.split('.').next().unwrap_or_default())
}

/// Whether a module is there to show what a package can do.
fn is_demo(interp: &Interp<'_>, file: FileId) -> bool {
    let name = interp.source.module_name(file);
    name.split('.').any(|part| DEMOS.contains(&part))
}

/// Whether another function's body calls it by its name.
fn is_named_in(interp: &Interp<'_>, body: &Body, others: &[Body]) -> bool {
    others
        .iter()
        .any(|other| other.function != body.function && calls(interp, other, body))
}

/// Whether a body calls another function by its name.
fn calls(interp: &Interp<'_>, body: &Body, other: &Body) -> bool {
    let name = &interp.functions[other.function.0 as usize].qualname;
    let name = name.rsplit('.').next().unwrap_or_default();
    unit_of(interp, body.file, body.unit).is_some_and(|unit| {
        unit.exprs.iter().any(|expr| match expr {
            Expr::Call { func, .. } => match &unit[*func] {
                Expr::Name(called) => called == name,
                Expr::Attr { name: called, .. } => called == name,
                _ => false,
            },
            _ => false,
        })
    })
}

/// Whether whoever calls this function decides that what it makes is no app by itself.
pub(crate) fn is_factory(interp: &Interp<'_>, id: FnId) -> bool {
    body_of(interp, id).is_some_and(|body| makes_app(interp, body.file, body.unit))
}

/// A function at the top of a module, or a method of a class there, with a body that can be run by itself.
struct Body {
    function: FnId,
    file: FileId,
    unit: UnitId,
    /// The class, for a method that needs an instance.
    class: Option<ClassId>,
}

fn body_of(interp: &Interp<'_>, id: FnId) -> Option<Body> {
    let function = &interp.functions[id.0 as usize];
    let def = definition(function)?;
    let FunctionBody::Unit(unit) = def.body else {
        return None;
    };
    // Coroutines and generators are no factories, but a method may be one that runs the server.
    let is_method = function.class.is_some();
    let depth = function.qualname.matches('.').count();
    if def.is_generator
        || def.is_async && !is_method
        || function.unit != UnitId::MODULE
        || depth > usize::from(is_method)
    {
        return None;
    }
    if function
        .class
        .is_some_and(|class| interp.class(class).unit != UnitId::MODULE)
    {
        return None;
    }
    let names = decorator_names(&function.code, def);
    if names
        .iter()
        .any(|name| name.starts_with("pytest") || name.contains("fixture"))
    {
        return None;
    }
    let needs_instance = !names
        .iter()
        .any(|name| matches!(name.as_str(), "staticmethod" | "classmethod"));
    let class = function.class.filter(|_| needs_instance);
    (!def.is_async || class.is_some()).then_some(Body {
        function: id,
        file: function.file,
        unit,
        class,
    })
}

fn definition(function: &FunctionObject) -> Option<&Function> {
    let FunctionDef::Def(stmt) = function.def else {
        return None;
    };
    match &function.code[stmt] {
        Stmt::Function(def) => Some(def),
        _ => None,
    }
}

/// What a function is decorated with, without arguments.
fn decorator_names(code: &Unit, def: &Function) -> Vec<String> {
    let name = |&decorator: &ExprId| match &code[decorator] {
        Expr::Call { func, .. } => crate::unparse::unparse(code, *func),
        _ => crate::unparse::unparse(code, decorator),
    };
    def.decorators.iter().map(name).collect()
}

/// What the module or class calls by the function's name: the function itself, or what its decorators made of it.
fn callee(interp: &mut Interp<'_>, body: &Body) -> Value {
    let function = &interp.functions[body.function.0 as usize];
    let own = Value::Function(body.function);
    let name = SmolStr::new(function.qualname.rsplit('.').next().unwrap_or_default());
    let bound = match function.class {
        Some(class) => interp.attribute_of(&Value::Class(class), &name, None),
        None => interp
            .modules
            .get(&body.file)
            .and_then(|module| interp.frame(module.frame).vars.get(&name).cloned()),
    };
    match bound {
        Some(value @ (Value::Function(_) | Value::Bound(_))) if leads_to(interp, &value, body.function) => value,
        _ => own,
    }
}

/// Whether a wrapper, by `functools.wraps` or not, stands for this function.
fn leads_to(interp: &Interp<'_>, value: &Value, function: FnId) -> bool {
    let mut value = value.clone();
    for _ in 0..8 {
        value = match value {
            Value::Function(id) if id == function => return true,
            Value::Function(id) => match &interp.functions[id.0 as usize].wraps {
                Some(wrapped) => wrapped.clone(),
                None => return false,
            },
            Value::Bound(bound) => bound.1.clone(),
            _ => return false,
        };
    }
    false
}

impl Body {
    /// The name of the function itself.
    fn name(&self, interp: &Interp<'_>) -> SmolStr {
        let qualname = &interp.functions[self.function.0 as usize].qualname;
        SmolStr::new(qualname.rsplit('.').next().unwrap_or_default())
    }

    /// Whether it can be called without arguments.
    fn is_plain(&self, interp: &Interp<'_>) -> bool {
        arguments(interp, self.function, 0).1 == "()"
    }
}

/// Calls a factory. Gives the object that holds the app where it doesn't return that itself.
fn call_function(interp: &mut Interp<'_>, body: &Body, factories: &mut Factories, kinds: Kinds) -> Option<ObjId> {
    let function = &interp.functions[body.function.0 as usize];
    let module = interp.source.module_name(body.file);
    let skipped = usize::from(function.class.is_some() && is_class_method(function));
    let qualname = function.qualname.clone();
    let (args, brackets) = arguments(interp, body.function, skipped);
    let is_plain = brackets == "()" && !qualname.contains('.');
    if kinds == Kinds::Plain && !is_plain {
        return None;
    }
    let callee = callee(interp, body);
    let before = interp.routers.len();
    let is_callers = takes_arguments(interp, body.function, skipped);
    let value = interp.call_in_module(body.file, &callee, args, is_callers);
    interp.note_refused_apps(before);
    if let Some(Value::Object(object)) = value
        && kinds == Kinds::All
        && interp.router_of(&Value::Object(object)).is_none()
        && !instances::apps_of(interp, object).is_empty()
    {
        return Some(object);
    }
    let made = value
        .and_then(|value| app_in(interp, &value))
        .or_else(|| served_by(interp, body, before).filter(|_| kinds == Kinds::All));
    if let Some(router) = made
        && interp.router(router).name.is_none()
        // What only its caller can give may be all that it wires.
        && (is_plain || interp.wires_something(router))
    {
        let name = format!("{module}:{qualname}{brackets}").into();
        let file = body.file;
        factories.insert(router, Factory { name, file });
    }
    None
}

/// Names the apps that an object holds which a factory returns: by the functions that call it and return one, or else by its
/// attributes.
fn name_held(interp: &mut Interp<'_>, body: &Body, held: ObjId, others: &[Body], factories: &mut Factories) {
    let named = factories.len();
    for other in others.iter().filter(|other| other.class.is_none()) {
        if !interp.entered.contains(&(other.file, other.unit)) && calls(interp, other, body) {
            call_function(interp, other, factories, Kinds::All);
        }
    }
    if factories.len() > named {
        return;
    }
    let (_, brackets) = arguments(interp, body.function, 0);
    let module = interp.source.module_name(body.file);
    let qualname = interp.functions[body.function.0 as usize].qualname.clone();
    for (attribute, router) in instances::apps_of(interp, held) {
        if interp.router(router).name.is_none() {
            let name = format!("{module}:{qualname}{brackets}.{attribute}").into();
            let file = body.file;
            factories.insert(router, Factory { name, file });
        }
    }
}

/// `module:function()` for the function at the top of a module, or static method, in whose body a place is.
pub(super) fn maker(interp: &Interp<'_>, place: Place) -> Option<Arc<str>> {
    if place.unit == UnitId::MODULE {
        return None;
    }
    // The last: those of earlier links may still be there.
    let number = interp.functions.iter().rposition(|function| {
        function.file == place.file
            && definition(function)
                .is_some_and(|def| matches!(def.body, FunctionBody::Unit(unit) if unit == place.unit))
    })?;
    let id = FnId(number as u32);
    let body = body_of(interp, id).filter(|body| body.class.is_none())?;
    let function = &interp.functions[number];
    let skipped = usize::from(function.class.is_some() && is_class_method(function));
    let (_, brackets) = arguments(interp, id, skipped);
    let module = interp.source.module_name(body.file);
    Some(format!("{module}:{}{brackets}", function.qualname).into())
}

/// The app that a function makes and serves itself, returning nothing: it wires the only one that it makes.
fn served_by(interp: &Interp<'_>, body: &Body, first: usize) -> Option<RouterId> {
    let mut made = interp
        .routers
        .entries()
        .skip_while(|(number, _)| *number < first)
        .filter(|(_, router)| {
            is_app(router.kind) && (router.made_at.file, router.made_at.unit) == (body.file, body.unit)
        });
    let (number, _) = made.next()?;
    let app = RouterId(number as u32);
    (made.next().is_none() && interp.wires_something(app)).then_some(app)
}

fn is_class_method(function: &FunctionObject) -> bool {
    definition(function).is_some_and(|def| decorator_names(&function.code, def).contains(&"classmethod".to_owned()))
}

/// The app that a factory returns, alone or first among several things.
fn app_in(interp: &Interp<'_>, value: &Value) -> Option<RouterId> {
    match value {
        Value::OneOf(values) => values.iter().rev().find_map(|value| app_in(interp, value)),
        Value::Tuple(items) => items.iter().find_map(|item| app_in(interp, item)),
        value => interp
            .router_of(value)
            .filter(|&router| is_app(interp.router(router).kind)),
    }
}

pub(super) fn is_app(kind: RouterKind) -> bool {
    matches!(kind, RouterKind::FastApi | RouterKind::Starlette)
}

/// Arguments for a call that nobody wrote: defaults where there are some, unknown else. And how a name shows it.
fn arguments(interp: &Interp<'_>, function: FnId, skipped: usize) -> (Args, &'static str) {
    let (code, params) = interp.params_of(function);
    let mut args = Args::default();
    for param in params.list.iter().skip(skipped) {
        let Expr::Name(name) = &code[param.name] else { continue };
        let is_required =
            param.default.is_none() && !matches!(param.kind, ParamKind::VarPositional | ParamKind::VarKeyword);
        if !is_required {
            continue;
        }
        let value = Value::unknown(format!("the argument `{name}` is its caller's"), None);
        match param.kind {
            ParamKind::KeywordOnly => args.keywords.push((name.clone(), value, None)),
            _ => args.positional.push((value, None)),
        }
    }
    let is_plain = args.positional.is_empty() && args.keywords.is_empty();
    (args, if is_plain { "()" } else { "(...)" })
}

/// Whether a function takes arguments behind so many that are given anyway.
fn takes_arguments(interp: &Interp<'_>, function: FnId, skipped: usize) -> bool {
    interp.params_of(function).1.list.len() > skipped
}

fn is_app_class(interp: &Interp<'_>, value: &Value) -> bool {
    match value {
        Value::Lib(name) => matches!(name.as_ref(), "fastapi.FastAPI" | "starlette.applications.Starlette"),
        Value::Class(class) => interp.inherits(*class, "starlette.applications.Starlette"),
        _ => false,
    }
}
