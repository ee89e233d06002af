//! What a request to a route needs: its parameters and dependencies, resolved through the whole tree.

use crate::{
    Callable, CallableId, CallableKind, DependencyNode, DependsId, DependsTarget, Fact, Model, ParamIn, Parameter,
    Reason, Requirements, Role, Route, RouteKind, RouteParameter,
};
use facts::ParamKind;
use std::sync::Arc;

/// Depth of dependencies in dependencies that is followed.
const DEPTH: u32 = 64;

pub(crate) fn of_route(model: &Model, route: &Route) -> Requirements {
    let path_names = path_parameters(route);
    let mut collector = Collector {
        model,
        path_names,
        found: Requirements::default(),
        stack: Vec::new(),
    };
    if matches!(
        route.kind,
        RouteKind::StarletteHttp | RouteKind::StarletteWebSocket | RouteKind::Mount | RouteKind::Frontend
    ) {
        return collector.found;
    }
    collector.note_open(model, route);
    if let Some(endpoint) = route.endpoint {
        collector.callable(endpoint, 0);
    } else {
        collector.found.incomplete = Some(Reason {
            text: Arc::from("the endpoint is not known"),
            place: Some(route.at),
        });
    }
    // `dependencies=[…]` stand before the endpoint's own in FastAPI's order; parameters of the endpoint come first here.
    let own = std::mem::take(&mut collector.found.dependencies);
    for depends in route.dependencies.iter() {
        collector.depends(*depends, 0);
    }
    collector.found.dependencies.extend(own);
    if let Some(reason) = route.path.reason() {
        collector.found.incomplete.get_or_insert(reason.clone());
    }
    collector.found
}

/// Names in braces, converters left out (`starlette/routing.py`, `PARAM_REGEX`).
pub(crate) fn path_parameters(route: &Route) -> Vec<Arc<str>> {
    let Some(path) = route.path.as_known() else {
        return Vec::new();
    };
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        let Some(close) = rest.find('}') else { break };
        let name = rest[..close].split(':').next().unwrap_or_default();
        let is_name = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
            && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
        if is_name {
            names.push(Arc::from(name));
            rest = &rest[close + 1..];
        }
    }
    names
}

struct Collector<'m> {
    model: &'m Model,
    path_names: Vec<Arc<str>>,
    found: Requirements,
    stack: Vec<CallableId>,
}

impl Collector<'_> {
    /// Calls on the way that may have been given more dependencies than are known.
    fn note_open(&mut self, model: &Model, route: &Route) {
        let operation = route.operation.map(|id| &model.operations[id.0 as usize]);
        let own = operation.and_then(|operation| operation.open.clone());
        let routers = route
            .chain
            .iter()
            .find_map(|id| model.routers[id.0 as usize].open.clone());
        let includes = route.chain.iter().find_map(|id| {
            model.routers[id.0 as usize]
                .events
                .iter()
                .find_map(|event| match &event.kind {
                    crate::EventKind::Include(include) if route.through.contains(&event.at) => include.open.clone(),
                    _ => None,
                })
        });
        self.found.incomplete = own.or(routers).or(includes);
    }

    fn callable(&mut self, id: CallableId, depth: u32) {
        let callable = &self.model.callables[id.0 as usize];
        if let Some(reason) = &callable.opaque {
            self.found.incomplete.get_or_insert(reason.clone());
        }
        if callable.kind == CallableKind::SecurityScheme {
            let name: Arc<str> = callable.name.rsplit('.').next().unwrap_or_default().into();
            if !self.found.security.contains(&name) {
                self.found.security.push(name);
            }
        }
        self.stack.push(id);
        for parameter in &callable.parameters {
            self.parameter(id, callable, parameter, depth);
        }
        self.stack.pop();
    }

    fn parameter(&mut self, id: CallableId, callable: &Callable, parameter: &Parameter, depth: u32) {
        let in_path = self.path_names.contains(&parameter.name);
        let (place_in, name) = match &parameter.role {
            Role::Depends(depends) => return self.depends(*depends, depth),
            Role::Special => return,
            Role::Unknown(reason) if !in_path => {
                self.found.incomplete.get_or_insert(reason.clone());
                return;
            }
            Role::Implicit { .. } | Role::Unknown(_) if in_path => (ParamIn::Path, parameter.name.clone()),
            Role::Implicit { is_scalar: true } => (ParamIn::Query, parameter.name.clone()),
            Role::Implicit { is_scalar: false } | Role::Unknown(_) => (ParamIn::Body, parameter.name.clone()),
            Role::Marked {
                place_in,
                alias,
                keep_underscores,
                ..
            } => {
                let name = match (alias, place_in) {
                    (Some(alias), _) => alias.clone(),
                    (None, ParamIn::Header) if !keep_underscores => parameter.name.replace('_', "-").into(),
                    _ => parameter.name.clone(),
                };
                (*place_in, name)
            }
        };
        if matches!(parameter.kind, ParamKind::VarPositional | ParamKind::VarKeyword) && callable.opaque.is_some() {
            return;
        }
        self.found.parameters.push(RouteParameter {
            name,
            place_in,
            required: place_in == ParamIn::Path || !parameter.has_default,
            ty: parameter.ty.clone(),
            declared_by: id,
            at: Some(parameter.at),
            model: match &parameter.role {
                Role::Marked { model, .. } => *model,
                _ => None,
            },
        });
    }

    fn depends(&mut self, id: DependsId, depth: u32) {
        let depends = &self.model.depends[id.0 as usize];
        match &depends.target {
            Fact::Known(DependsTarget::Callable(callable)) => {
                let is_cycle = self.stack.contains(callable);
                self.found.dependencies.push(DependencyNode {
                    depends: id,
                    callable: Some(*callable),
                    depth,
                    is_cycle,
                });
                if !is_cycle && depth < DEPTH {
                    self.callable(*callable, depth + 1);
                }
            }
            target => {
                let reason = match target {
                    Fact::Unknown(reason) => reason.clone(),
                    Fact::Known(_) => Reason {
                        text: Arc::from("a dependency that can't be called"),
                        place: Some(depends.at),
                    },
                };
                self.found.incomplete.get_or_insert(reason);
                self.found.dependencies.push(DependencyNode {
                    depends: id,
                    callable: None,
                    depth,
                    is_cycle: false,
                });
            }
        }
    }
}
