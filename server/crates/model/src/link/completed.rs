//! Apps that one module makes and another completes: `from app.factory import app` and `app.include_router(router)` in
//! `server.py`. Whether such an app has those routes is decided by the module that a server is given.

use super::flatten::closure;
use crate::{App, Place, Reason, RouterId, Unresolved, eval::Interp, eval::value::Value};
use base::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The names that FastAPI CLI looks for first (`fastapi_cli/discover.py`, `get_app_name`).
const APP_NAMES: [&str; 2] = ["app", "api"];

/// Entry points by file, with the attribute where one is configured.
type EntryPoints = [(FileId, Option<Arc<str>>)];

/// The module, as the app's name and a file, that an app of `file` is served from instead, if importing `file` alone leaves it
/// incomplete: an entry point that registers more on it, or else, where nothing is registered without, the module that does it all.
pub(super) fn home(
    interp: &Interp<'_>,
    app: RouterId,
    file: FileId,
    entry_points: &EntryPoints,
) -> Option<(Arc<str>, FileId)> {
    let known = closure(file, &interp.imports);
    if interp
        .router(app)
        .events
        .iter()
        .all(|event| known.contains(&event.module))
    {
        return None;
    }
    let (module, name) =
        entry_point(interp, app, &known, entry_points).or_else(|| finisher(interp, app, file, &known, entry_points))?;
    Some((format!("{}:{name}", interp.source.module_name(module)).into(), module))
}

fn entry_point<'i>(
    interp: &'i Interp<'_>,
    app: RouterId,
    known: &FxHashSet<FileId>,
    entry_points: &EntryPoints,
) -> Option<(FileId, &'i str)> {
    entry_points.iter().find_map(|(entry, attribute)| {
        let loaded = closure(*entry, &interp.imports);
        let events = &interp.router(app).events;
        let adds = events
            .iter()
            .any(|event| loaded.contains(&event.module) && !known.contains(&event.module));
        if known.contains(entry) || !adds {
            return None;
        }
        let names = names_of(interp, *entry, app);
        let is_asked = |name: &str| match attribute.as_deref() {
            Some(attribute) => name == attribute,
            None => APP_NAMES.contains(&name),
        };
        Some((*entry, names.into_iter().find(|name| is_asked(name))?))
    })
}

/// The innermost module of the program that everything is registered by, which nothing configured contradicts.
fn finisher<'i>(
    interp: &'i Interp<'_>,
    app: RouterId,
    file: FileId,
    known: &FxHashSet<FileId>,
    entry_points: &EntryPoints,
) -> Option<(FileId, &'i str)> {
    let is_configured = entry_points
        .iter()
        .any(|(entry, attribute)| *entry == file && attribute.is_some());
    let events = &interp.router(app).events;
    if is_configured || events.iter().any(|event| known.contains(&event.module)) {
        return None;
    }
    let own: FxHashSet<FileId> = interp.source.files().into_iter().collect();
    let registering: FxHashSet<FileId> = events
        .iter()
        .map(|event| event.module)
        .filter(|module| own.contains(module))
        .collect();
    let mut found: Vec<(FileId, &str, FxHashSet<FileId>)> = Vec::new();
    for module in importers(&registering, &interp.imports) {
        let Some(name) = own
            .contains(&module)
            .then(|| names_of(interp, module, app))
            .and_then(|names| usual(&names))
        else {
            continue;
        };
        let loaded = closure(module, &interp.imports);
        if registering.is_subset(&loaded) {
            found.push((module, name, loaded));
        }
    }
    let (module, name, _) = found
        .iter()
        .min_by_key(|(module, _, loaded)| (loaded.len(), interp.source.file_path(*module)))?;
    Some((*module, name))
}

/// The name among several that a server would find.
fn usual<'n>(names: &[&'n str]) -> Option<&'n str> {
    let known = APP_NAMES
        .iter()
        .find_map(|usual| names.iter().find(|name| *name == usual));
    known.or(names.first()).copied()
}

/// The names that a module has for an app.
fn names_of<'i>(interp: &'i Interp<'_>, module: FileId, app: RouterId) -> Vec<&'i str> {
    let Some(module) = interp.modules.get(&module) else {
        return Vec::new();
    };
    let vars = &interp.frame(module.frame).vars;
    let held = vars.iter().filter(|(_, value)| match value {
        Value::Object(object) => interp.instance(*object).is_some_and(|held| held.router == Some(app)),
        _ => false,
    });
    held.map(|(name, _)| name.as_str()).collect()
}

/// Modules and all that import them, directly or not.
fn importers(modules: &FxHashSet<FileId>, imports: &FxHashMap<FileId, FxHashSet<FileId>>) -> FxHashSet<FileId> {
    let mut found = modules.clone();
    loop {
        let more: Vec<FileId> = imports
            .iter()
            .filter(|(importer, imported)| !found.contains(importer) && !imported.is_disjoint(&found))
            .map(|(importer, _)| *importer)
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// What modules of the program register on apps that are served without them, a place for each module.
pub(super) fn untold(interp: &Interp<'_>, apps: &[App]) -> Vec<Unresolved> {
    let own: FxHashSet<FileId> = interp.source.files().into_iter().collect();
    let mut untold = Vec::new();
    for app in apps {
        let loaded = closure(app.file, &interp.imports);
        let mut left: FxHashMap<FileId, Vec<Place>> = FxHashMap::default();
        for event in &interp.router(app.router).events {
            if own.contains(&event.module) && !loaded.contains(&event.module) {
                left.entry(event.module).or_default().push(event.at);
            }
        }
        untold.extend(left.into_iter().filter_map(|(module, places)| {
            let at = *places.first()?;
            Some(Unresolved {
                at,
                what: interp.source_words(at).unwrap_or_else(|| "app".to_owned()).into(),
                why: Reason {
                    text: why(interp, app, module, places.len()).into(),
                    place: Some(at),
                },
                below: 0,
            })
        }));
    }
    untold
}

fn why(interp: &Interp<'_>, app: &App, module: FileId, places: usize) -> String {
    let of_app = app.id.split(':').next().unwrap_or_default();
    let module_name = interp.source.module_name(module);
    let more = match places {
        1 => String::new(),
        places => format!(" and {} more", places - 1),
    };
    let remedy = match usual(&names_of(interp, module, app.router)) {
        Some(name) => format!("; if `{module_name}:{name}` is served, name it as an entry point"),
        None => String::new(),
    };
    format!(
        "importing `{of_app}` does not run `{module_name}`, which registers this{more} on `{}`{remedy}",
        app.id
    )
}
