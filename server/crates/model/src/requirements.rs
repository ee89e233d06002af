//! What a request to a route needs: its parameters and dependencies, resolved through the whole tree.

use crate::{
    CallableId, CallableKind, DependencyNode, DependsId, DependsTarget, Fact, Model, ParamIn, Parameter, Reason,
    Requirements, Role, Route, RouteKind, RouteParameter, SchemaId,
};
use std::sync::Arc;

/// Depth of dependencies in dependencies that is followed.
const DEPTH: u32 = 64;
/// Dependencies of one route that are listed: where each needs two that need the same, they double with each level.
const DEPENDENCIES: usize = 4096;

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

/// Names in braces (`fastapi/utils.py`, `get_path_param_names`, of what `compile_path` of `starlette/routing.py` leaves of the
/// path: converters are gone). What stands in two pairs of braces is the name of no parameter.
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
        }
        rest = &rest[close + 1..];
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
        // Most routes of an app with very many are its own: only those that were included are worth the search.
        let included = if route.through.is_empty() { &[] } else { &*route.chain };
        let includes = included.iter().find_map(|id| {
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
            self.parameter(id, parameter, &callable.parameters, depth);
        }
        self.stack.pop();
    }

    fn parameter(&mut self, id: CallableId, parameter: &Parameter, all: &[Parameter], depth: u32) {
        let in_path = self.path_names.contains(&parameter.name);
        match &parameter.role {
            Role::Depends(depends) => return self.depends(*depends, depth),
            Role::Unknown(reason) if !in_path => {
                self.found.incomplete.get_or_insert(reason.clone());
                return;
            }
            _ => {}
        }
        let Some(place_in) = self.place_of(parameter) else {
            return;
        };
        let mut has_dashes = false;
        if let Role::Marked {
            model,
            only_alone,
            keep_underscores,
            ..
        } = &parameter.role
        {
            has_dashes = place_in == ParamIn::Header && !keep_underscores;
            let is_plain = matches!(place_in, ParamIn::Query | ParamIn::Header | ParamIn::Cookie);
            let is_whole =
                *only_alone && is_plain && all.iter().filter(|one| self.place_of(one) == Some(place_in)).count() > 1;
            if let Some(model) = model.filter(|_| !is_whole) {
                return self.fields(id, parameter, place_in, model, has_dashes);
            }
        }
        self.add(RouteParameter {
            name: self.sent_name(parameter, place_in, has_dashes),
            place_in,
            required: place_in == ParamIn::Path || !parameter.has_default,
            ty: parameter.ty.clone(),
            declared_by: id,
            at: parameter.at,
            model: None,
        });
    }

    /// Where in a request a parameter of a function is; none for what is no part of it, or not known.
    fn place_of(&self, parameter: &Parameter) -> Option<ParamIn> {
        let in_path = self.path_names.contains(&parameter.name);
        match &parameter.role {
            Role::Depends(_) | Role::Special => None,
            Role::Implicit { .. } | Role::Unknown(_) if in_path => Some(ParamIn::Path),
            Role::Unknown(_) => None,
            Role::Implicit { is_scalar: true } => Some(ParamIn::Query),
            Role::Implicit { is_scalar: false } => Some(ParamIn::Body),
            Role::Marked { place_in, .. } => Some(*place_in),
        }
    }

    /// The name under which a client sends a parameter: of several for one of the path's the one that the path has.
    fn sent_name(&self, parameter: &Parameter, place_in: ParamIn, has_dashes: bool) -> Arc<str> {
        match parameter.aliases.as_slice() {
            [] => with_dashes(&parameter.name, has_dashes),
            [alias] => alias_or_own(&parameter.name, alias, has_dashes),
            [first, others @ ..] => {
                let of_path = |alias: &&Arc<str>| place_in == ParamIn::Path && self.path_names.contains(alias);
                others.iter().find(of_path).unwrap_or(first).clone()
            }
        }
    }

    /// A model's fields, each of which a client sends for itself. Of a model that may be left out none is required.
    fn fields(&mut self, id: CallableId, parameter: &Parameter, place_in: ParamIn, model: SchemaId, has_dashes: bool) {
        let Some(schema) = self.model.schemas.get(model.0 as usize) else {
            return;
        };
        if schema.incomplete {
            self.found.incomplete.get_or_insert_with(|| Reason {
                text: format!("`{}` may have more fields than are known", schema.name).into(),
                place: parameter.at,
            });
        }
        for field in &schema.fields {
            self.add(RouteParameter {
                name: match &field.alias {
                    Some(alias) => alias_or_own(&field.name, alias, has_dashes),
                    None => with_dashes(&field.name, has_dashes),
                },
                place_in,
                required: place_in == ParamIn::Path || field.required && !parameter.has_default,
                ty: field.ty.clone(),
                declared_by: id,
                at: parameter.at,
                model: Some(model),
            });
        }
    }

    /// Adds a parameter; a dependency that is asked for several times reads it once.
    fn add(&mut self, parameter: RouteParameter) {
        let is_same = |known: &RouteParameter| {
            known.declared_by == parameter.declared_by
                && known.place_in == parameter.place_in
                && known.name == parameter.name
        };
        if !self.found.parameters.iter().any(is_same) {
            self.found.parameters.push(parameter);
        }
    }

    fn depends(&mut self, id: DependsId, depth: u32) {
        let depends = &self.model.depends[id.0 as usize];
        if self.found.dependencies.len() >= DEPENDENCIES {
            self.found.incomplete.get_or_insert_with(|| Reason {
                text: Arc::from("there are too many dependencies in dependencies to list them all"),
                place: Some(depends.at),
            });
            return;
        }
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

/// An alias; one that is the name itself is none (`fastapi/dependencies/utils.py`, `_get_param_aliases`).
fn alias_or_own(name: &Arc<str>, alias: &Arc<str>, has_dashes: bool) -> Arc<str> {
    with_dashes(alias, has_dashes && alias == name)
}

/// The name of a header that its parameter stands for.
fn with_dashes(name: &Arc<str>, has_dashes: bool) -> Arc<str> {
    match has_dashes {
        true => name.replace('_', "-").into(),
        false => name.clone(),
    }
}
