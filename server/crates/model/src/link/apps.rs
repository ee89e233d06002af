//! Which apps there are: names of modules and attributes that hold one, and what factories made.

use super::{
    completed,
    factories::{self, Factories, is_app},
};
use crate::{
    App, RouterId,
    eval::{
        Interp,
        value::{ObjId, Value},
    },
};
use base::FileId;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// All apps, entry points first, then by file and order of creation.
pub(super) fn find(
    interp: &Interp<'_>,
    entry_points: &[(FileId, Option<Arc<str>>)],
    factories: &Factories,
) -> Vec<App> {
    let attributes = attribute_names(interp);
    let mut apps: Vec<App> = Vec::new();
    for (i, router) in interp.routers.entries() {
        if !is_app(router.kind) {
            continue;
        }
        let id = RouterId(i as u32);
        let factory = factories.get(&id);
        let called = factory.map(|factory| factory.name.clone());
        let attribute = attributes.get(&interp.router_objects[i]);
        let named = router.name.clone().or(called);
        let Some(name) = named.or_else(|| Some(attribute?.0.as_str().into())) else {
            continue;
        };
        if is_taken_over(interp, id, &name) {
            continue;
        }
        let made_by = factories::maker(interp, router.made_at).filter(|maker| **maker != *name);
        let file = match (router.bound_at, factory, attribute) {
            (Some(place), _, _) => place.file,
            (None, Some(factory), _) => factory.file,
            (None, None, Some((_, module))) => *module,
            (None, None, None) => router.made_at.file,
        };
        let completed = match factory {
            None => completed::home(interp, id, file, entry_points),
            Some(_) => None,
        };
        let (name, file) = completed.unwrap_or((name, file));
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
            made_by,
            refused: interp.heap.refusal_of_app(id),
            ended: interp.modules.get(&file).and_then(|module| module.ended_by().cloned()),
        });
    }
    let rank = |app: &App| {
        let place = entry_points
            .iter()
            .position(|(entry, _)| app.is_entry_point && *entry == app.file);
        // Numbers of files depend on who asked first.
        (
            place.unwrap_or(usize::MAX),
            interp.source.file_path(app.file),
            app.router,
        )
    };
    apps.sort_by_cached_key(rank);
    apps
}

/// Whether the name by which an app was known stands for another app by now: a server finds that one.
pub(super) fn is_taken_over(interp: &Interp<'_>, app: RouterId, name: &str) -> bool {
    let bound = interp.routers.get(app.0 as usize).and_then(|router| router.bound_at);
    let attribute = name.rsplit(':').next().unwrap_or(name);
    let module = bound.and_then(|place| interp.modules.get(&place.file));
    let value = module.and_then(|module| interp.frame(module.frame).vars.get(attribute));
    let Some(Value::Object(object)) = value else {
        return false;
    };
    let other = interp.instance(*object).and_then(|instance| instance.router);
    other.is_some_and(|other| {
        other != app
            && interp
                .routers
                .get(other.0 as usize)
                .is_some_and(|other| is_app(other.kind))
    })
}

/// `module:object.attribute`, with the module, for what the attributes of modules' objects hold: of several names the first.
fn attribute_names(interp: &Interp<'_>) -> FxHashMap<ObjId, (String, FileId)> {
    let mut names: FxHashMap<ObjId, (String, FileId)> = FxHashMap::default();
    for (file, module) in &interp.modules {
        for (name, value) in &interp.frame(module.frame).vars {
            let Value::Object(object) = value else { continue };
            let Some(instance) = interp.instance(*object) else {
                continue;
            };
            for (attribute, value) in &instance.attrs {
                let Value::Object(held) = value else { continue };
                if interp.instance(*held).is_none_or(|held| held.router.is_none()) {
                    continue;
                }
                let name = format!("{}:{name}.{attribute}", interp.source.module_name(*file));
                let known = names.entry(*held).or_insert_with(|| (name.clone(), *file));
                if name < known.0 {
                    *known = (name, *file);
                }
            }
        }
    }
    names
}
