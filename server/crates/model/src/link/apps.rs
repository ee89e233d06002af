//! Which apps there are: names of modules and attributes that hold one, and what factories made.

use super::factories::{Factories, is_app};
use crate::{
    App, RouterId,
    eval::{Interp, value::Value},
};
use base::FileId;
use std::sync::Arc;

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
