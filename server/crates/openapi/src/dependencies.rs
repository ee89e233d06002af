//! The tree of dependencies as a list (`fastapi/openapi/utils.py`, `_get_openapi_dependency_data`).

use model::contract::{Dependant, Parameter, SecurityScheme};
use std::sync::Arc;

/// What an operation's request needs.
#[derive(Default)]
pub(crate) struct Needs<'d> {
    /// Parameters of path, query, headers and cookies, each dependency's once.
    pub(crate) parameters: Vec<&'d Parameter>,
    /// Parameters of the body.
    pub(crate) body: Vec<&'d Parameter>,
    /// Schemes with the scopes that are asked of them.
    pub(crate) security: Vec<(&'d SecurityScheme, Vec<Arc<str>>)>,
}

/// Callable, scopes and life time: what makes two dependencies one.
type CacheKey<'d> = (&'d str, Vec<Arc<str>>, &'d str);

/// Collects what a tree of dependencies needs.
pub(crate) fn needs(endpoint: &Dependant) -> Needs<'_> {
    let mut needs = Needs::default();
    collect(endpoint, &[], true, &mut Vec::new(), &mut needs);
    collect_body(endpoint, &mut needs.body);
    needs
}

fn collect<'d>(
    dependant: &'d Dependant,
    scopes_above: &[Arc<str>],
    is_root: bool,
    visited: &mut Vec<CacheKey<'d>>,
    needs: &mut Needs<'d>,
) {
    let key = cache_key(dependant);
    if visited.contains(&key) {
        return;
    }
    visited.push(key);
    let flat = dependant.parameters.iter().filter(|parameter| !is_body(parameter));
    needs.parameters.extend(flat);
    let mut scopes = scopes_above.to_vec();
    for scope in own_scopes(dependant) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if let (Some(scheme), false) = (&dependant.security, is_root) {
        needs.security.push((scheme, scopes.clone()));
    }
    for inner in &dependant.dependencies {
        collect(inner, &scopes, false, visited, needs);
    }
}

fn collect_body<'d>(dependant: &'d Dependant, body: &mut Vec<&'d Parameter>) {
    body.extend(dependant.parameters.iter().filter(|parameter| is_body(parameter)));
    dependant
        .dependencies
        .iter()
        .for_each(|inner| collect_body(inner, body));
}

fn is_body(parameter: &Parameter) -> bool {
    use model::ParamIn::{Body, File, Form};
    matches!(parameter.place_in, Body | Form | File)
}

/// `_get_oauth_scopes`.
fn own_scopes(dependant: &Dependant) -> Vec<Arc<str>> {
    let mut scopes = dependant.parent_scopes.clone();
    for scope in &dependant.own_scopes {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    scopes
}

/// `_get_cache_key`.
fn cache_key(dependant: &Dependant) -> CacheKey<'_> {
    let mut scopes = Vec::new();
    if uses_scopes(dependant) {
        scopes = own_scopes(dependant);
        scopes.sort_unstable();
        scopes.dedup();
    }
    let scope = dependant.scope.as_deref().unwrap_or_default();
    (&dependant.key, scopes, scope)
}

fn uses_scopes(dependant: &Dependant) -> bool {
    !dependant.own_scopes.is_empty()
        || dependant.reads_scopes
        || dependant.security.is_some()
        || dependant.dependencies.iter().any(uses_scopes)
}
