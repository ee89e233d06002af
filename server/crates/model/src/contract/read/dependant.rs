//! The tree of dependencies (`fastapi/dependencies/utils.py`, `get_dependant`).

use super::{DEPTH, Reader, parameter::Read, reason};
use crate::{
    DependsId, Reason,
    contract::{Dependant, Parameter},
    eval::value::Value,
};
use std::sync::Arc;

/// How something is depended on.
#[derive(Clone, Default)]
pub(super) struct Request {
    pub(super) own_scopes: Vec<Arc<str>>,
    pub(super) parent_scopes: Vec<Arc<str>>,
    pub(super) scope: Option<Arc<str>>,
}

impl Reader<'_> {
    /// An endpoint with the dependencies of its decorator, routers and includes before its own.
    pub(super) fn endpoint(&mut self, endpoint: &Value, outer: &[DependsId], path: &[Arc<str>]) -> Dependant {
        let mut dependant = self.dependant(endpoint, path, &Request::default(), 0);
        let first = outer.iter().map(|id| self.depends(*id, None, path, &[], 0));
        let mut dependencies: Vec<Dependant> = first.collect();
        dependencies.append(&mut dependant.dependencies);
        dependant.dependencies = dependencies;
        dependant
    }

    /// What a `Depends(…)` leads to; without an argument to the type that it stands beside.
    fn depends(
        &mut self,
        id: DependsId,
        own_type: Option<&Value>,
        path: &[Arc<str>],
        scopes_above: &[Arc<str>],
        depth: u32,
    ) -> Dependant {
        let record = &self.interp.depends[id.0 as usize];
        let own_scopes = record.depends.scopes.clone();
        let request = Request {
            own_scopes,
            parent_scopes: scopes_above.to_vec(),
            scope: record.depends.scope.clone(),
        };
        let unknown = match &record.depends.target {
            crate::Fact::Unknown(why) => Some(why.clone()),
            crate::Fact::Known(_) => None,
        };
        let target = record.target.clone().or_else(|| own_type.cloned());
        let mut dependant = match target {
            Some(target) => self.dependant(&target, path, &request, depth),
            None => Dependant {
                unknown: vec![reason("a dependency that is not known", None)],
                ..Dependant::default()
            },
        };
        dependant.unknown.extend(unknown);
        dependant
    }

    fn dependant(&mut self, callable: &Value, path: &[Arc<str>], request: &Request, depth: u32) -> Dependant {
        let mut dependant = Dependant {
            key: format!("{callable:?}"),
            own_scopes: request.own_scopes.clone(),
            parent_scopes: request.parent_scopes.clone(),
            scope: request.scope.clone().or_else(|| self.generator_scope(callable)),
            security: self.security_scheme(callable),
            ..Dependant::default()
        };
        if depth > DEPTH {
            dependant
                .unknown
                .push(reason("dependencies are nested too deeply here to be followed", None));
            return dependant;
        }
        let signature = self.interp.signature(callable);
        dependant.unknown.extend(signature.unknown);
        let scopes: Vec<Arc<str>> = request
            .parent_scopes
            .iter()
            .chain(&request.own_scopes)
            .cloned()
            .collect();
        for argument in signature.arguments {
            match self.read(&argument, path) {
                Read::Parameter(parameter) => dependant.parameters.push(Parameter::clone(&parameter)),
                Read::Depends(id, own_type) => {
                    let inner = self.depends(id, own_type.as_ref(), path, &scopes, depth + 1);
                    dependant.dependencies.push(inner);
                }
                Read::Special => {}
                Read::SecurityScopes => dependant.reads_scopes = true,
                Read::Unknown(why) => dependant.unknown.push(why),
            }
        }
        dependant
    }

    /// Generators live as long as the request, unless they say otherwise.
    fn generator_scope(&self, callable: &Value) -> Option<Arc<str>> {
        self.is_generator(callable).then(|| "request".into())
    }

    pub(super) fn is_generator(&self, callable: &Value) -> bool {
        match callable {
            Value::Function(id) => match self.interp.function_def(*id) {
                Some((code, stmt)) => matches!(&code[stmt], facts::Stmt::Function(def) if def.is_generator),
                None => false,
            },
            Value::Bound(bound) => self.is_generator(&bound.1),
            Value::Partial(partial) => self.is_generator(&partial.0),
            Value::Object(object) => match self.interp.instance(*object).map(|instance| &instance.class) {
                Some(Value::Class(class)) => match self.interp.class_attribute(*class, "__call__", None) {
                    Some((call, _)) => self.is_generator(&call),
                    None => false,
                },
                _ => false,
            },
            _ => false,
        }
    }
}

/// Why a tree may need more than it tells.
pub(super) fn unknowns(dependant: &Dependant, found: &mut Vec<Reason>) {
    found.extend(dependant.unknown.iter().cloned());
    dependant.dependencies.iter().for_each(|inner| unknowns(inner, found));
}
