//! Path operations that FastAPI refuses to register for what their parameters are: the import of the module that does ends.

use crate::{CallableId, DependsTarget, EventKind, Fact, Model, Operation, Reason, Role};
use facts::UnitId;
use rustc_hash::FxHashSet;

/// Adds them to what the imports of modules end with.
pub(super) fn add(model: &mut Model) {
    let is_refused = |callable: &crate::Callable| callable.parameters.iter().any(|one| one.refused.is_some());
    if !model.callables.iter().any(is_refused) {
        return;
    }
    let mut found = Vec::new();
    for router in model.routers.iter() {
        for event in router.events.iter().filter(|event| !event.conditional) {
            let EventKind::Operation(id) = &event.kind else {
                continue;
            };
            let Some(operation) = model.operations.get(id.0 as usize) else {
                continue;
            };
            // What functions register, whoever calls them may catch.
            if operation.at.unit == UnitId::MODULE
                && let Some(reason) = refusal_of(model, operation)
            {
                found.push((event.module, reason));
            }
        }
    }
    for (module, reason) in found {
        model.refused.entry(module).or_insert(reason);
    }
}

/// Why an operation is refused: its function's parameters, and those of all that it depends on.
fn refusal_of(model: &Model, operation: &Operation) -> Option<Reason> {
    let mut pending: Vec<CallableId> = operation.endpoint.known().copied().into_iter().collect();
    pending.extend(operation.dependencies.iter().filter_map(|id| target(model, *id)));
    let mut seen = FxHashSet::default();
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        for parameter in &model.callables[id.0 as usize].parameters {
            if let Some(why) = parameter.refused {
                return Some(Reason {
                    text: why.into(),
                    place: parameter.at,
                });
            }
            if let Role::Depends(depends) = parameter.role {
                pending.extend(target(model, depends));
            }
        }
    }
    None
}

fn target(model: &Model, id: crate::DependsId) -> Option<CallableId> {
    match &model.depends[id.0 as usize].target {
        Fact::Known(DependsTarget::Callable(callable)) => Some(*callable),
        _ => None,
    }
}
