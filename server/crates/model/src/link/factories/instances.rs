//! Instances of classes whose methods make an app: `Server(…).app`, `Server(…).get_app()`.

use super::{
    Body, Factories, Factory, app_in, arguments, body_of, is_named_in,
    makes::{makes_app, unit_of, wires_self},
    takes_arguments,
};
use crate::{
    RouterId,
    eval::{
        Interp,
        value::{Args, ClassId, FnId, ObjId, Value},
    },
};
use smol_str::SmolStr;
use std::sync::Arc;

/// Makes an instance of the class of a method that makes an app or returns one, and calls the methods that do or that wire
/// something to it; the app goes by the attribute that holds it, or by the method that returns it.
pub(super) fn make(interp: &mut Interp<'_>, body: &Body, class: ClassId, outer: &[FnId], factories: &mut Factories) {
    let init = match interp.class_attribute(class, "__init__", None) {
        Some((Value::Function(init), _)) => Some(init),
        _ => None,
    };
    let (args, brackets) = match init {
        Some(init) => arguments(interp, init, 1),
        None => (Args::default(), "()"),
    };
    let before = interp.routers.len();
    let is_callers = init.is_some_and(|init| takes_arguments(interp, init, 1));
    let Some(Value::Object(object)) = interp.call_in_module(body.file, &Value::Class(class), args, is_callers) else {
        return;
    };
    interp.note_refused_apps(before);
    let returned = call_methods(interp, object, class, outer);
    let file = interp.class(class).file;
    let made = format!(
        "{}:{}{brackets}",
        interp.source.module_name(file),
        interp.class(class).qualname
    );
    let (private, public): (Vec<_>, Vec<_>) = apps_of(interp, object)
        .into_iter()
        .partition(|(attribute, _)| attribute.starts_with('_'));
    for (name, router) in public.into_iter().chain(returned).chain(private) {
        if interp.router(router).name.is_none() {
            let name = format!("{made}.{name}").into();
            factories.entry(router).or_insert(Factory { name, file });
        }
    }
}

/// Calls the methods of an object that nothing called. Gives the apps that they return, with the calls.
fn call_methods(interp: &mut Interp<'_>, object: ObjId, class: ClassId, outer: &[FnId]) -> Vec<(SmolStr, RouterId)> {
    let mut returned = Vec::new();
    for method in methods_of(interp, class, outer) {
        if interp.entered.contains(&(method.file, method.unit)) {
            continue;
        }
        let (args, brackets) = arguments(interp, method.function, 1);
        let bound = Value::Bound(Arc::new((Value::Object(object), Value::Function(method.function))));
        interp.begin(method.file);
        if let Ok(value) = interp.call(&bound, args, None) {
            let at = interp.somewhere(None);
            let value = interp.await_value(value, at);
            let app = app_in(interp, &value).filter(|&app| brackets == "()" || interp.wires_something(app));
            let name = SmolStr::from(format!("{}{brackets}", method.name(interp)));
            returned.extend(app.map(|app| (name, app)));
        }
        interp.end();
    }
    returned
}

/// The apps that an instance holds, by attribute, in order of their names.
pub(super) fn apps_of(interp: &Interp<'_>, object: ObjId) -> Vec<(SmolStr, RouterId)> {
    let Some(instance) = interp.instance(object) else {
        return Vec::new();
    };
    let mut found: Vec<(SmolStr, RouterId)> = instance
        .attrs
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), app_in(interp, value)?)))
        .collect();
    found.sort();
    found
}

/// Methods of a class that make an app, return one, or wire something to what `self` holds, in the order they are defined;
/// those that others of them call come last.
fn methods_of(interp: &Interp<'_>, class: ClassId, outer: &[FnId]) -> Vec<Body> {
    let vars = interp.frame(interp.class(class).frame).vars.values();
    let mut found: Vec<Body> = vars
        .filter_map(|value| match value {
            Value::Function(id) => body_of(interp, *id),
            _ => None,
        })
        .filter(|body| {
            outer.contains(&body.function)
                || makes_app(interp, body.file, body.unit)
                || unit_of(interp, body.file, body.unit).is_some_and(|unit| wires_self(&unit))
        })
        .collect();
    found.sort_by_key(|body| body.function.0);
    let called: Vec<bool> = found.iter().map(|body| is_named_in(interp, body, &found)).collect();
    let mut called = called.into_iter();
    found.sort_by_cached_key(|_| called.next());
    found
}
