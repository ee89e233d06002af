//! Helpers over the route table that several rules need.

use model::{EventKind, Model, Operation, Place, Route, RouteKind, Text};

/// The operation of a route.
pub(crate) fn operation<'m>(model: &'m Model, route: &Route) -> Option<&'m Operation> {
    model.operations.get(route.operation?.0 as usize)
}

/// Where a finding about an operation's path belongs: the path, or the call that has none.
pub(crate) fn path_place(operation: &Operation) -> Place {
    operation.path_at.unwrap_or(operation.at)
}

/// `GET /items/{id}`, or `websocket /items`.
pub(crate) fn describe(route: &Route) -> String {
    describe_methods(route, &route.methods)
}

/// As [`describe`], of some of its methods.
pub(crate) fn describe_methods<M: AsRef<str>>(route: &Route, methods: &[M]) -> String {
    let methods: Vec<&str> = methods.iter().map(AsRef::as_ref).collect();
    match route.kind {
        RouteKind::WebSocket | RouteKind::StarletteWebSocket => format!("websocket {}", route.path),
        _ => format!("{} {}", methods.join("/"), route.path),
    }
}

/// The prefixes in front of a route's path inside the app that serves it: behind the last mount, since what stands
/// before it is stripped from a request (`starlette.routing.Mount`). Each with its expression, where there is one.
/// None where the way through the includes isn't clear.
pub(crate) fn prefixes(model: &Model, route: &Route) -> Option<Vec<(Text, Option<Place>)>> {
    let mut found = Vec::new();
    for (i, &at) in route.through.iter().enumerate() {
        let parent = model.routers.get(route.chain.get(i)?.0 as usize)?;
        let child = *route.chain.get(i + 1)?;
        let mut steps = parent
            .events
            .iter()
            .filter(|event| event.at == at)
            .filter_map(|event| match &event.kind {
                EventKind::Include(include) if include.router == child => {
                    Some(Some((include.prefix.clone(), include.prefix_at)))
                }
                EventKind::Mount(mount) if mount.target == Some(child) => Some(None),
                _ => None,
            });
        let step = steps.next()?;
        if steps.any(|other| other != step) {
            return None;
        }
        match step {
            None => found.clear(),
            Some(prefix) => {
                let router = model.routers.get(child.0 as usize)?;
                found.push(prefix);
                found.push((router.prefix.clone(), router.prefix_at));
            }
        }
    }
    found.retain(|(prefix, _)| !prefix.is_empty());
    Some(found)
}
