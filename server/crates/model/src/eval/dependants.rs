//! What a route depends on, as code reads it and adds to it: `route.dependencies` and `route.dependant`
//! (`fastapi/routing.py`, `APIRoute`; `fastapi/dependencies/models.py`, `Dependant`).

use super::{
    Interp,
    iterate::Items,
    value::{Args, Route, Value},
};
use crate::{AddedDependency, DependencyList, DependsId, Event, EventKind, Place, Reason};
use smol_str::SmolStr;
use std::sync::Arc;

/// `Dependant`: what FastAPI made of a callable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dependant {
    /// Of a route's endpoint.
    Route(Box<Route>),
    /// Of what a `Depends(…)` names.
    Depends(DependsId, Value),
}

/// A list of a route's dependencies: the list itself, not a copy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RouteDependencies {
    pub(crate) route: Route,
    pub(crate) list: DependencyList,
}

impl Interp<'_> {
    /// `fastapi.dependencies.utils.get_parameterless_sub_dependant(depends=…)`.
    pub(crate) fn call_dependants(&mut self, function: &str, args: &Args) -> Option<Value> {
        match (function, args.keyword("depends")?) {
            ("get_parameterless_sub_dependant", Value::Depends(id)) => {
                let call = self.depends[id.0 as usize].target.clone()?;
                Some(Value::Dependant(Arc::new(Dependant::Depends(*id, call))))
            }
            _ => None,
        }
    }

    pub(crate) fn dependant_attribute(&mut self, dependant: &Dependant, name: &str) -> Option<Value> {
        match (dependant, name) {
            (Dependant::Route(route), "dependencies") => Some(Value::RouteDependencies(Arc::new(RouteDependencies {
                route: Route::clone(route),
                list: DependencyList::Dependant,
            }))),
            (Dependant::Route(route), "call") => self.route_attribute(route, "endpoint"),
            (Dependant::Depends(_, call), "call") => Some(call.clone()),
            _ => None,
        }
    }

    /// What is in the list of a route's dependencies.
    pub(crate) fn items_of_dependencies(&mut self, dependencies: &RouteDependencies, at: Place) -> Items {
        let RouteDependencies { route, list } = dependencies;
        let EventKind::Operation(id) = route.event.kind else {
            return Items::Unknown(self.reason("the dependencies of this route", at));
        };
        let of_router = self.router(route.router).dependencies.clone();
        let Some(record) = self.operation_record(id) else {
            return Items::Unknown(self.reason("the dependencies of this route", at));
        };
        let (operation, endpoint) = (record.operation.clone(), record.endpoint.clone());
        if let Some(why) = operation.open {
            return Items::Unknown(Arc::new(why));
        }
        let around = if operation.is_alone { Vec::new() } else { of_router };
        let given = route.given.dependencies.iter().chain(&around).copied();
        let added = operation.added_dependencies.iter().filter(|added| added.list == *list);
        let listed = given
            .chain(operation.dependencies)
            .chain(added.map(|added| added.depends))
            .collect::<Vec<_>>();
        match list {
            DependencyList::Route => Items::Known(listed.into_iter().map(Value::Depends).collect()),
            DependencyList::Dependant => {
                let mut items: Vec<Value> = listed.into_iter().map(|id| self.sub_dependant(id, None)).collect();
                let signature = self.signature(&endpoint);
                if let Some(why) = signature.unknown {
                    return Items::Unknown(Arc::new(why));
                }
                for argument in &signature.arguments {
                    match self.analyze(argument) {
                        crate::signature::Analyzed::Depends(id, bare) => items.push(self.sub_dependant(id, bare)),
                        crate::signature::Analyzed::Unknown(why) => return Items::Unknown(Arc::new(why)),
                        _ => {}
                    }
                }
                Items::Known(items)
            }
        }
    }

    fn sub_dependant(&mut self, id: DependsId, own_type: Option<Value>) -> Value {
        let target = self.depends[id.0 as usize].target.clone();
        let call = target
            .or(own_type)
            .unwrap_or_else(|| Value::unknown("what is depended on is not known", None));
        Value::Dependant(Arc::new(Dependant::Depends(id, call)))
    }

    /// A method of the list of a route's dependencies.
    pub(crate) fn dependencies_method(
        &mut self,
        list: &RouteDependencies,
        name: &SmolStr,
        args: &Args,
        at: Place,
    ) -> Value {
        if name == "copy" {
            return match self.items_of_dependencies(list, at) {
                Items::Known(items) => self.new_list(items),
                Items::Unknown(why) => Value::Unknown(why),
            };
        }
        if self.is_rehearsal {
            return Value::None;
        }
        let added = match (name.as_str(), args.get(0, ""), args.get(1, "")) {
            ("append", Some(item), _) | ("insert", _, Some(item)) => Items::Known(vec![item.clone()]),
            ("extend", Some(items), _) => self.items_of(&items.clone(), at),
            ("index" | "count", ..) => return Value::unknown("a position in a list", Some(at)),
            _ => Items::Unknown(self.reason("its dependencies are changed", at)),
        };
        match added {
            Items::Known(items) => items.iter().for_each(|item| self.add_dependency(list, item, at)),
            Items::Unknown(why) => self.open_dependencies(&list.route, &why),
        }
        Value::None
    }

    fn add_dependency(&mut self, list: &RouteDependencies, item: &Value, at: Place) {
        let depends = match (list.list, item) {
            (DependencyList::Route, Value::Depends(id)) => *id,
            (DependencyList::Dependant, Value::Dependant(dependant)) => match &**dependant {
                Dependant::Depends(id, _) => *id,
                Dependant::Route(_) => return,
            },
            (_, Value::Unknown(why)) => return self.open_dependencies(&list.route, &why.clone()),
            _ => {
                let why = self.reason("it is given a dependency that is not known", at);
                return self.open_dependencies(&list.route, &why);
            }
        };
        let route = &list.route;
        if list.list == DependencyList::Route && self.is_made_anew_already(route) {
            return;
        }
        if self.is_conditional_for(route) {
            let why = self.reason("whether it is given a dependency is not decided", at);
            return self.open_dependencies(route, &why);
        }
        if let EventKind::Operation(id) = route.event.kind
            && let Some(record) = self.operation_record(id)
        {
            record.operation.added_dependencies.push(AddedDependency {
                by: route.found_in,
                prefix: route.prefix.clone(),
                list: list.list,
                depends,
            });
        }
    }

    /// Whether includes made other routes of it before: below FastAPI 0.137 those don't see what comes later.
    fn is_made_anew_already(&self, route: &Route) -> bool {
        let at = self.router(route.found_in).made_at;
        let is_included =
            |event: &Event| matches!(&event.kind, EventKind::Include(include) if include.router == route.found_in);
        !self.source.fastapi_version(at.file).has_live_includes()
            && self.routers.iter().any(|router| router.events.iter().any(is_included))
    }

    /// Whether what happens to a route now happens only perhaps where there is the route.
    fn is_conditional_for(&self, route: &Route) -> bool {
        let object = self.router_objects[route.found_in.0 as usize];
        let of_route = self.object(object).condition_depth + u32::from(route.event.conditional);
        self.condition_depth > of_route
    }

    fn open_dependencies(&mut self, route: &Route, why: &Arc<Reason>) {
        if let EventKind::Operation(id) = route.event.kind
            && let Some(record) = self.operation_record(id)
        {
            record.operation.open.get_or_insert_with(|| Reason::clone(why));
        }
    }
}
