//! Which apps there are: names of modules that hold one, and factories that make one.

use crate::{
    App, RouterId, RouterKind,
    eval::{
        Interp,
        value::{Args, FnId, FunctionDef, Value},
    },
};
use base::FileId;
use facts::{Expr, FunctionBody, Stmt, UnitCell, UnitId};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The apps that factories made: router and name.
pub(super) type Factories = FxHashMap<RouterId, Arc<str>>;

/// Calls the functions that make an app and that nothing called (`uvicorn --factory`), from `first` on.
pub(super) fn run_factories(interp: &mut Interp<'_>, first: usize, factories: &mut Factories) {
    let uncalled: Vec<(FnId, FileId, UnitId)> = (first..interp.functions.len())
        .map(|number| FnId(number as u32))
        .filter_map(|id| {
            let (file, unit) = plain_body(interp, id)?;
            (!interp.entered.contains(&(file, unit)) && names_app_class(interp, file)).then_some((id, file, unit))
        })
        .collect();
    interp
        .examined
        .extend(uncalled.iter().map(|(_, file, unit)| (*file, *unit)));
    let candidates: Vec<FnId> = uncalled
        .into_iter()
        .filter(|(_, file, unit)| makes_app(interp, *file, *unit))
        .map(|(id, _, _)| id)
        .collect();
    for id in candidates {
        let function = &interp.functions[id.0 as usize];
        let name: Arc<str> = format!("{}:{}()", interp.source.module_name(function.file), function.qualname).into();
        let file = function.file;
        let value = interp.call_in_module(file, &Value::Function(id), Args::default());
        if let Some(router) = value.and_then(|value| interp.router_of(&value))
            && is_app(interp.router(router).kind)
            && interp.router(router).name.is_none()
        {
            factories.insert(router, name);
        }
    }
}

fn is_app(kind: RouterKind) -> bool {
    matches!(kind, RouterKind::FastApi | RouterKind::Starlette)
}

/// A module's own function that can be called without arguments and whose body makes an app.
pub(crate) fn is_factory(interp: &Interp<'_>, id: FnId) -> bool {
    plain_body(interp, id).is_some_and(|(file, unit)| makes_app(interp, file, unit))
}

/// The body of a module's own undecorated function that can be called without arguments.
fn plain_body(interp: &Interp<'_>, id: FnId) -> Option<(FileId, UnitId)> {
    let function = &interp.functions[id.0 as usize];
    let FunctionDef::Def(stmt) = function.def else {
        return None;
    };
    let Stmt::Function(def) = &function.code[stmt] else {
        return None;
    };
    let FunctionBody::Unit(unit) = def.body else {
        return None;
    };
    if function.unit != UnitId::MODULE
        || function.class.is_some()
        || function.qualname.contains('.')
        || def.is_async
        || def.is_generator
        || !def.decorators.is_empty()
    {
        return None;
    }
    let (_, params) = interp.params_of(id);
    let callable = params.list.iter().all(|param| {
        param.default.is_some()
            || matches!(
                param.kind,
                facts::ParamKind::VarPositional | facts::ParamKind::VarKeyword
            )
    });
    callable.then_some((function.file, unit))
}

/// Whether a module has a name for an app's class, so that a function of it could make one.
fn names_app_class(interp: &Interp<'_>, file: FileId) -> bool {
    let Some(module) = interp.modules.get(&file) else {
        return false;
    };
    interp
        .frame(module.frame)
        .vars
        .values()
        .any(|value| is_app_class(interp, value))
}

fn is_app_class(interp: &Interp<'_>, value: &Value) -> bool {
    match value {
        Value::Lib(name) => matches!(name.as_ref(), "fastapi.FastAPI" | "starlette.applications.Starlette"),
        Value::Class(class) => interp.inherits(*class, "starlette.applications.Starlette"),
        _ => false,
    }
}

/// Whether a body calls a name that is an app's class.
fn makes_app(interp: &Interp<'_>, file: FileId, unit: UnitId) -> bool {
    let Some(facts) = interp.source.facts(file) else {
        return false;
    };
    let Some(body) = facts.units.get(unit.0 as usize).map(UnitCell::read) else {
        return false;
    };
    let Some(module) = interp.modules.get(&file) else {
        return false;
    };
    body.exprs.iter().any(|expr| {
        let Expr::Call { func, .. } = expr else { return false };
        let Expr::Name(name) = &body[*func] else { return false };
        let value = interp.frame(module.frame).vars.get(name);
        value.is_some_and(|value| is_app_class(interp, value))
    })
}

/// All apps, entry points first, then by file and order of creation.
pub(super) fn find(
    interp: &Interp<'_>,
    entry_points: &[(FileId, Option<Arc<str>>)],
    factories: &Factories,
) -> Vec<App> {
    let mut apps: Vec<App> = Vec::new();
    for (i, router) in interp.routers.entries() {
        if !is_app(router.kind) {
            continue;
        }
        let id = RouterId(i as u32);
        let named = router
            .name
            .clone()
            .or_else(|| factories.get(&id).cloned())
            .or_else(|| attribute_name(interp, id));
        let Some(name) = named else { continue };
        let file = router.bound_at.map_or(router.made_at.file, |place| place.file);
        let is_entry_point = entry_points.iter().any(|(entry, attribute)| {
            let own = name.rsplit(':').next().unwrap_or_default().trim_end_matches("()");
            *entry == file
                && attribute
                    .as_deref()
                    .is_none_or(|attribute| attribute.trim_end_matches("()") == own)
        });
        apps.push(App {
            id: name,
            router: id,
            file,
            is_entry_point,
        });
    }
    let rank = |app: &App| {
        let place = entry_points
            .iter()
            .position(|(entry, _)| app.is_entry_point && *entry == app.file);
        (place.unwrap_or(usize::MAX), app.file, app.router)
    };
    apps.sort_by_key(rank);
    apps
}

/// `module:object.attribute` for an app that a module's object holds.
fn attribute_name(interp: &Interp<'_>, id: RouterId) -> Option<Arc<str>> {
    let wanted = Value::Object(interp.router_objects[id.0 as usize]);
    let mut found: Vec<String> = Vec::new();
    for (file, module) in &interp.modules {
        for (name, value) in &interp.frame(module.frame).vars {
            let Value::Object(object) = value else { continue };
            let Some(instance) = interp.instance(*object) else {
                continue;
            };
            if let Some((attribute, _)) = instance.attrs.iter().find(|(_, value)| **value == wanted) {
                found.push(format!("{}:{name}.{attribute}", interp.source.module_name(*file)));
            }
        }
    }
    found.sort();
    found.into_iter().next().map(Arc::from)
}
