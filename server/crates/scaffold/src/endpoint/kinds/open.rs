//! Who may call an operation of a special kind: those whom its siblings let, and it is said where anyone may.

use super::super::evidence;
use super::super::siblings::{Code, Param, Sibling};
use super::{EndpointKind, Writer};
use crate::require::{self, Requirement};
use model::{Callable, DependsTarget, Role};

impl Writer<'_> {
    /// Whether a sibling reads.
    fn reads(sibling: &Sibling) -> bool {
        sibling.methods.iter().any(|method| method == "GET")
    }

    /// The siblings to go by, those that do as this one does first: those that read, or those that write. A login is none.
    fn groups(&self) -> Vec<Vec<&Sibling>> {
        let model = self.site.ctx.model;
        let logins = self.site.ctx.memo.logins(model);
        let is_login = |sibling: &Sibling| {
            let operation = model.operations.get(sibling.id.0 as usize);
            operation
                .and_then(|operation| operation.endpoint.known())
                .is_some_and(|id| logins.contains(id))
        };
        let all = || self.siblings.iter().filter(|sibling| !is_login(sibling));
        let (reading, writing): (Vec<&Sibling>, Vec<&Sibling>) = all().partition(|sibling| Self::reads(sibling));
        match self.method {
            "GET" => vec![reading, writing],
            _ => vec![writing, reading],
        }
    }

    /// What all of them say, of an app those below the same path.
    pub(super) fn shared(&self, name: &str) -> Option<String> {
        if self.method == "WEBSOCKET" {
            return None;
        }
        let first = |path: &str| path.split('/').find(|part| !part.is_empty()).map(str::to_owned);
        let is_near = |other: &&&Sibling| !self.host.prefix.is_empty() || first(&other.path) == first(self.path);
        let shared = |group: Vec<&Sibling>| {
            let mut values = group
                .iter()
                .filter(is_near)
                .filter_map(|other| Some((Code::new(self.source, other.unit, other.stmt)?, other.decorator)))
                .map(|(code, decorator)| {
                    let mut keywords = code.keywords(decorator).into_iter();
                    keywords.find(|(known, _)| known == name).map(|(_, value)| value)
                });
            let shared = values.next()??;
            values.all(|value| value.as_ref() == Some(&shared)).then_some(shared)
        };
        match name {
            // What others than its own depend on is asked for once.
            "dependencies" if self.asker().is_some() => shared(self.groups().into_iter().next()?),
            "dependencies" => self.groups().into_iter().find_map(shared),
            _ => shared(self.siblings.iter().collect()),
        }
    }

    /// The one who asks, where siblings take that.
    pub(super) fn asker(&self) -> Option<Param> {
        if self.method == "WEBSOCKET" {
            return None;
        }
        self.groups().into_iter().find_map(|group| {
            let mut askers = group.into_iter().map(|other| self.asker_of(other));
            let (found, _) = askers.next()??;
            let is_same = |other: &Param| other.annotation == found.annotation && other.default == found.default;
            askers
                .all(|other| other.is_some_and(|(other, _)| is_same(&other)))
                .then_some(found)
        })
    }

    /// The parameter by which a sibling takes who asks, and what it depends on where that is known.
    fn asker_of(&self, sibling: &Sibling) -> Option<(Param, Option<&Callable>)> {
        let model = self.site.ctx.model;
        let code = Code::new(self.source, sibling.unit, sibling.stmt)?;
        let operation = model.operations.get(sibling.id.0 as usize)?;
        let callable = model.callables.get(operation.endpoint.known()?.0 as usize)?;
        code.params().into_iter().filter(evidence::is_user).find_map(|user| {
            let param = callable.parameters.iter().find(|param| *param.name == *user.name)?;
            let Role::Depends(id) = param.role else { return None };
            let target = match model.depends.get(id.0 as usize)?.target.known() {
                Some(DependsTarget::Callable(id)) => model.callables.get(id.0 as usize),
                _ => None,
            };
            Some((user, target))
        })
    }

    /// The dependency by which a sibling says who asks.
    pub(super) fn asked_in_siblings(&self) -> Option<&Callable> {
        self.siblings.iter().find_map(|sibling| self.asker_of(sibling)?.1)
    }

    /// That anyone can call it, in a project that can tell who asks.
    pub(super) fn openness(&self, arguments: &[String], params: &[Param]) -> Option<String> {
        if self.shape.kind == EndpointKind::WebSocket {
            return None;
        }
        let is_asked = params.iter().any(evidence::is_user)
            || arguments.iter().any(|argument| argument.starts_with("dependencies="))
            || self.is_guarded_outside();
        let knows_askers = || {
            let wanted = [Requirement::Active, Requirement::User];
            self.asked_in_siblings().is_some() || require::user_guard(self.site, &wanted).is_some()
        };
        (!is_asked && knows_askers()).then(|| "anyone can call it until it asks who does".to_owned())
    }

    /// Whether the router, or what includes it, depends on something.
    fn is_guarded_outside(&self) -> bool {
        let model = self.site.ctx.model;
        let router = self.host.router;
        let own = model.routers.get(router.0 as usize);
        let is_more = |route: &model::Route| {
            let operation = route.operation.and_then(|id| model.operations.get(id.0 as usize));
            operation.is_some_and(|operation| route.dependencies.len() > operation.dependencies.len())
        };
        own.is_some_and(|router| !router.dependencies.is_empty())
            || model
                .routes
                .iter()
                .any(|route| route.chain.contains(&router) && is_more(route))
    }
}
