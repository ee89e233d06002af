//! What bodies say of apps without being run: which make one, and which wire something to one.

use super::{WIRING, is_app_class};
use crate::{
    Place,
    eval::{Interp, value::Value},
};
use base::FileId;
use facts::{Arg, Expr, ExprId, ImportName, Stmt, Unit, UnitCell, UnitId};
use smol_str::SmolStr;
use std::sync::Arc;

/// The modules that apps' classes are imported from.
const SOURCES: [&str; 3] = ["fastapi", "fastapi.applications", "starlette.applications"];

/// The classes of apps.
const CLASSES: [&str; 2] = ["FastAPI", "Starlette"];

/// What the bodies of a file were looked at for.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Names of apps' classes and of functions that make or return apps.
    pub(crate) names: Arc<[SmolStr]>,
    /// Whether one of the file's functions makes an app, or could by the names that its module has.
    pub(crate) has_apps: bool,
}

/// Looks which bodies of some files make an app. What was looked into before stands.
pub(super) fn examine(interp: &mut Interp<'_>, files: &[FileId]) {
    for &file in files {
        let is_new = interp.modules.contains_key(&file) && !interp.examined.contains_key(&file);
        let names = if is_new { app_names(interp, file) } else { continue };
        if !names.is_empty() || interp.source.mentions_framework(file) {
            let calls = app_calls(interp, file, &names);
            let has_apps = !names.is_empty() || !calls.is_empty();
            interp.examined.insert(file, Examined { names, has_apps });
            interp.app_calls.insert(file, calls);
        }
    }
}

/// The calls that make an app, in all bodies of a file.
fn app_calls(interp: &Interp<'_>, file: FileId, names: &[SmolStr]) -> Arc<[Place]> {
    let Some(facts) = interp.source.facts(file) else {
        return Arc::default();
    };
    let is_candidate = |cell: &UnitCell| {
        let mut words = names.iter().map(SmolStr::as_str).chain(["fastapi", "starlette"]);
        words.any(|word| cell.may_mention(word))
    };
    let units = facts.units.iter().enumerate().filter(|(_, cell)| is_candidate(cell));
    let calls = units.flat_map(|(number, cell)| {
        let unit = UnitId(number as u32);
        let body = cell.read();
        let calls: Vec<ExprId> = calls_in(&body, |name| names.contains(name)).collect();
        calls.into_iter().map(move |expr| Place { file, unit, expr })
    });
    calls.collect()
}

/// The calls in a body of a name of an app's class, or of one that it imports itself.
fn calls_in(unit: &Unit, is_name: impl Fn(&SmolStr) -> bool) -> impl Iterator<Item = ExprId> {
    let imported = imported(unit);
    let is_known = move |name: &SmolStr| is_name(name) || imported.contains(name);
    let exprs = unit.exprs.iter().enumerate().filter(move |(_, expr)| {
        let Expr::Call { func, .. } = expr else { return false };
        match &unit[*func] {
            Expr::Name(name) => is_known(name),
            Expr::Attr { value, name, .. } => {
                CLASSES.contains(&name.as_str()) && matches!(&unit[*value], Expr::Name(module) if is_known(module))
            }
            _ => false,
        }
    });
    exprs.map(|(number, _)| ExprId(number as u32))
}

/// The names under which a body imports an app's class, or the framework.
fn imported(unit: &Unit) -> Vec<SmolStr> {
    let bound = |import: &ImportName| match import.alias.map(|alias| &unit[alias]) {
        Some(Expr::Name(alias)) => alias.clone(),
        _ => import.name.clone(),
    };
    let mut found = Vec::new();
    for stmt in &unit.stmts {
        match stmt {
            Stmt::Import(names) => found.extend(names.iter().filter(|name| name.name == "fastapi").map(bound)),
            Stmt::ImportFrom {
                level: 0,
                module,
                names,
                ..
            } if SOURCES.contains(&module.as_str()) => {
                let classes = names.iter().filter(|name| CLASSES.contains(&name.name.as_str()));
                found.extend(classes.map(bound));
            }
            _ => {}
        }
    }
    found
}

/// The names of a module under which a function of it can make an app.
fn app_names(interp: &Interp<'_>, file: FileId) -> Arc<[SmolStr]> {
    let Some(module) = interp.modules.get(&file) else {
        return Arc::default();
    };
    let vars = &interp.frame(module.frame).vars;
    let mut names: Vec<SmolStr> = vars
        .iter()
        .filter(|(_, value)| is_app_name(interp, value))
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names.into()
}

/// Whether an app can be made by way of a value: its class, or the framework.
fn is_app_name(interp: &Interp<'_>, value: &Value) -> bool {
    is_app_class(interp, value) || value.lib_name() == Some("fastapi")
}

/// Whether functions of a file could make an app.
pub(super) fn may_make_apps(interp: &Interp<'_>, file: FileId) -> bool {
    interp.examined.get(&file).is_some_and(|examined| examined.has_apps)
}

/// Whether a body makes an app.
pub(super) fn makes_app(interp: &Interp<'_>, file: FileId, unit: UnitId) -> bool {
    match interp.app_calls.get(&file) {
        Some(calls) => calls.iter().any(|call| call.unit == unit),
        None => {
            let vars = interp.modules.get(&file).map(|module| &interp.frame(module.frame).vars);
            let is_name = |name: &SmolStr| {
                let value = vars.and_then(|vars| vars.get(name));
                value.is_some_and(|value| is_app_name(interp, value))
            };
            unit_of(interp, file, unit).is_some_and(|body| calls_in(&body, is_name).next().is_some())
        }
    }
}

/// Whether a changed body that nothing entered must be looked into again: it may make an app now, or wire one.
#[must_use]
pub fn may_make_app(unit: &Unit, examined: &Examined) -> bool {
    let names = &examined.names;
    let is_named = |func: ExprId| match &unit[func] {
        Expr::Name(name) => names.contains(name),
        Expr::Attr { value, name, .. } => {
            names.contains(name) || matches!(&unit[*value], Expr::Name(name) if names.contains(name))
        }
        _ => false,
    };
    let mut calls = unit.exprs.iter().filter_map(|expr| match expr {
        Expr::Call { func, .. } => Some(*func),
        _ => None,
    });
    calls.any(is_named)
        || calls_in(unit, |name| names.contains(name)).next().is_some()
        || examined.has_apps && wires_self(unit)
}

/// Whether a body calls `self.x.include_router(…)` or its like, or decorates something with it.
pub(super) fn wires_self(unit: &Unit) -> bool {
    let is_of_self = |expr: ExprId| match &unit[expr] {
        Expr::Attr { value, .. } => matches!(&unit[*value], Expr::Name(name) if name == "self"),
        _ => false,
    };
    unit.exprs.iter().any(|expr| match expr {
        Expr::Call { func, args } => match &unit[*func] {
            Expr::Attr { value, name, .. } => {
                (is_of_self(*value) && WIRING.contains(&name.as_str()) && !args.is_empty())
                    || args.iter().any(|arg| {
                        matches!(arg, Arg::Positional(value) if is_of_self(*value)) && name == "include_router"
                    })
            }
            _ => false,
        },
        _ => false,
    })
}

pub(super) fn unit_of(interp: &Interp<'_>, file: FileId, unit: UnitId) -> Option<Arc<Unit>> {
    interp
        .source
        .facts(file)?
        .units
        .get(unit.0 as usize)
        .map(UnitCell::read)
}
