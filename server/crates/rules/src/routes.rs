//! Helpers over the route table that several rules need.

use model::{EventKind, Include, Model, Operation, Place, Route, RouteKind, Router, RouterId, Text};

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
        let parent = router(model, *route.chain.get(i)?)?;
        match step(parent, at, *route.chain.get(i + 1)?)? {
            Step::Mount => found.clear(),
            Step::Include(include) => {
                found.push((include.router_prefix.clone(), parent.prefix_at));
                found.push((include.prefix.clone(), include.prefix_at));
            }
        }
    }
    let operation = operation(model, route)?;
    let last = router(model, operation.router)?;
    found.push((operation.router_prefix.clone(), last.prefix_at));
    found.retain(|(prefix, _)| !prefix.is_empty());
    Some(found)
}

fn router(model: &Model, id: RouterId) -> Option<&Router> {
    model.routers.get(id.0 as usize)
}

#[derive(PartialEq)]
enum Step<'m> {
    Include(&'m Include),
    Mount,
}

/// The event by which the call at `at` took `child` in; none where a loop did it in several ways.
fn step(parent: &Router, at: Place, child: RouterId) -> Option<Step<'_>> {
    let mut steps = parent
        .events
        .iter()
        .filter(|event| event.at == at)
        .filter_map(|event| match &event.kind {
            EventKind::Include(include) if include.router == child => Some(Step::Include(include)),
            EventKind::Mount(mount) if mount.target == Some(child) => Some(Step::Mount),
            _ => None,
        });
    let first = steps.next()?;
    steps.all(|other| other == first).then_some(first)
}
