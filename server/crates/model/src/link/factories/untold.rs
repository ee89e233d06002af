//! Apps that are made somewhere and served nowhere that is known: nothing calls the function, or what it makes goes where
//! nobody looks. Each is told, so that none is missing without a word.

use super::{super::apps::is_taken_over, is_app};
use crate::{App, EventKind, Place, Reason, RouterId, Unresolved, eval::Interp};
use base::FileId;
use facts::UnitId;
use rustc_hash::FxHashSet;

/// The calls of an app's class in the program's own files that made none of these apps, nor one that they mount.
pub(crate) fn untold(interp: &Interp<'_>, apps: &[App]) -> Vec<Unresolved> {
    let gone = interp.routers.entries().filter_map(|(number, router)| {
        let id = RouterId(number as u32);
        let is_gone = is_app(router.kind) && is_taken_over(interp, id, router.name.as_deref()?);
        is_gone.then_some(id)
    });
    let shown: FxHashSet<Place> = reachable(interp, apps)
        .into_iter()
        .chain(gone)
        .map(|router| interp.router(router).made_at)
        .collect();
    let files = interp.source.files();
    // Where a module ends before its time, that is told.
    let ended = |file: &FileId| {
        interp
            .modules
            .get(file)
            .is_some_and(|module| module.ended_by().is_some())
    };
    let files = files.iter().filter(|file| !ended(file));
    let calls = files.filter_map(|file| interp.app_calls.get(file));
    let calls = calls.flat_map(|calls| calls.iter().copied());
    let untold = calls.filter(|call| !shown.contains(call)).map(|at| Unresolved {
        at,
        what: interp.source_words(at).unwrap_or_else(|| "app".to_owned()).into(),
        why: Reason {
            text: why(interp, at).into(),
            place: Some(at),
        },
        below: 0,
    });
    untold.collect()
}

/// The routers of these apps and of all that they include and mount.
fn reachable(interp: &Interp<'_>, apps: &[App]) -> FxHashSet<RouterId> {
    let mut found = FxHashSet::default();
    let mut pending: Vec<RouterId> = apps.iter().map(|app| app.router).collect();
    while let Some(router) = pending.pop() {
        if !found.insert(router) {
            continue;
        }
        pending.extend(
            interp
                .router(router)
                .events
                .iter()
                .filter_map(|event| match &event.kind {
                    EventKind::Include(include) => Some(include.router),
                    EventKind::Mount(mount) => mount.target,
                    EventKind::Operation(_) => None,
                }),
        );
    }
    found
}

/// Why an app that is made by a call is not among those that are shown.
fn why(interp: &Interp<'_>, call: Place) -> &'static str {
    let is_made = interp
        .routers
        .iter()
        .any(|router| is_app(router.kind) && router.made_at == call);
    if is_made {
        "it is not known where this app is served: it has no name, and nothing that is known returns it"
    } else if call.unit == UnitId::MODULE || interp.entered.contains(&(call.file, call.unit)) {
        "this app is not made, as far as can be told"
    } else {
        "nothing that is known calls the function that makes this app"
    }
}
