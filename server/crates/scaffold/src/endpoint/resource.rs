//! The resources that a router serves, and which of their operations are lacking.

use super::draft::Draft;
use super::evidence::Evidence;
use super::host::{Host, last_word};
use super::siblings::{self, Param, Sibling};
use super::{EndpointKind, EndpointRequest, Offer, place};
use crate::{Context, Insertion, Refusal, resolve};
use base::Span;
use facts::{Expr, Stmt, UnitId};
use model::{EventKind, Operation, Router};
use style::{Action, Source, Style, words};

/// A resource of a router.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// The path of the collection on the router, without a closing slash.
    pub(super) collection: String,
    /// The noun for one, in snake case.
    pub(super) one: String,
    /// The noun for many.
    pub(super) many: String,
    /// Indices of its operations among the siblings.
    pub(super) own: Vec<usize>,
}

/// The noun of what stands at a collection path of the router.
pub(super) fn word(host: &Host, collection: &str) -> Option<String> {
    last_word(collection).or_else(|| host.word.clone())
}

/// The resources that a router serves, in the order of their first operation.
fn resources(host: &Host, siblings: &[Sibling]) -> Vec<Resource> {
    let mut found: Vec<Resource> = Vec::new();
    for (i, sibling) in siblings.iter().enumerate() {
        let Some((_, collection)) = &sibling.action else {
            continue;
        };
        match found.iter_mut().find(|resource| resource.collection == *collection) {
            Some(resource) => resource.own.push(i),
            None => found.extend(resource(host, collection, vec![i])),
        }
    }
    found.retain(|resource| is_resource(resource, siblings));
    if found.is_empty()
        && host
            .word
            .as_deref()
            .is_some_and(|word| words::singular(word) != word || siblings.is_empty())
    {
        found.extend(resource(host, "", Vec::new()));
    }
    found
}

fn resource(host: &Host, collection: &str, own: Vec<usize>) -> Option<Resource> {
    let word = word(host, collection)?;
    Some(Resource {
        collection: collection.to_owned(),
        one: words::singular(&word),
        many: word,
        own,
    })
}

/// Whether a path stands for a resource rather than for an act such as `/login`: it has operations of one item, or both of
/// the collection's, or a plural name, or it is the router's own root.
fn is_resource(resource: &Resource, siblings: &[Sibling]) -> bool {
    let actions: Vec<Action> = resource
        .own
        .iter()
        .filter_map(|&i| siblings[i].action.as_ref().map(|(action, _)| *action))
        .collect();
    actions.iter().any(|action| action.is_of_one())
        || (actions.contains(&Action::List) && actions.contains(&Action::Create))
        || resource.one != resource.many
        || resource.collection.is_empty()
}

/// The resource at a collection path, if the router serves operations of it.
pub(super) fn known(host: &Host, siblings: &[Sibling], collection: &str) -> Option<Resource> {
    let mut all = resources(host, siblings).into_iter();
    all.find(|resource| resource.collection == collection && !resource.own.is_empty())
}

/// Indices of the siblings that do something to the resource that a method and path are about.
pub(super) fn own(host: &Host, siblings: &[Sibling], method: &str, path: &str) -> Vec<usize> {
    let action = Action::of(method, path);
    let known = action.and_then(|(_, collection)| known(host, siblings, &collection));
    known.map(|resource| resource.own).unwrap_or_default()
}

/// Whether a collection path is one that the router serves.
pub(super) fn knows(ctx: &Context<'_>, source: &Source, host: &Host, collection: &str) -> bool {
    resources(host, &host.siblings(ctx, source))
        .iter()
        .any(|resource| resource.collection == collection)
}

/// Whether a selection lies inside of a function's or class's body, where no new path operation belongs.
pub(super) fn is_inside_body(source: &Source, selection: Span) -> bool {
    let Some(unit) = source.module() else {
        return false;
    };
    unit.body.iter().any(|&id| {
        let span = source.spans.stmt(UnitId::MODULE, id);
        if !(span.start < selection.start && selection.start <= span.end) {
            return false;
        }
        let body_start = match &unit[id] {
            Stmt::Function(function) => {
                let (body_unit, body) = source.body(UnitId::MODULE, function);
                body.first().map(|&first| source.spans.stmt(body_unit, first).start)
            }
            Stmt::Class(class) => class
                .body
                .first()
                .map(|&first| source.spans.stmt(UnitId::MODULE, first).start),
            _ => None,
        };
        body_start.is_some_and(|start| source.line_start(start) <= selection.start)
            && !has_host_inside(source, unit, id)
    })
}

/// Whether a function defines functions: an app factory, in which path operations do belong.
fn has_host_inside(source: &Source, unit: &facts::Unit, id: facts::StmtId) -> bool {
    let Stmt::Function(function) = &unit[id] else {
        return false;
    };
    let (body_id, body) = source.body(UnitId::MODULE, function);
    source
        .unit(body_id)
        .is_some_and(|unit| body.iter().any(|&stmt| matches!(unit[stmt], Stmt::Function(_))))
}

/// The operations that the resource nearest to `offset` lacks.
pub(super) fn offers(ctx: &Context<'_>, source: &Source, host: &Host, offset: u32) -> Vec<Offer> {
    let siblings = host.siblings(ctx, source);
    let resources = resources(host, &siblings);
    let nearest = resources
        .iter()
        .filter_map(|resource| {
            let above = |&i: &usize| siblings[i].span.start <= offset;
            Some((resource.own.iter().filter(|i| above(i)).max()?, resource))
        })
        .max_by_key(|(last, _)| **last)
        .map(|(_, resource)| resource);
    let Some(resource) = nearest.or(resources.first()) else {
        return Vec::new();
    };
    Action::ALL
        .into_iter()
        .filter(|&action| lacks(ctx, host, &siblings, resource, action))
        .map(|action| {
            let path = path_of(ctx, host, &siblings, resource, action);
            let kind = EndpointKind::of_action(action);
            Offer {
                title: format!(
                    "Insert endpoint: {} {}{path} ({})",
                    action.method(),
                    host.prefix,
                    label(action, resource)
                ),
                request: EndpointRequest {
                    router: Some(host.name.clone()),
                    path: Some(resource.collection.clone()),
                    ..EndpointRequest::new(kind)
                },
                completes: false,
            }
        })
        .collect()
}

fn label(action: Action, resource: &Resource) -> String {
    let one = words::spoken(&resource.one);
    let many = words::spoken(&resource.many);
    match action {
        Action::List => format!("list {many}"),
        Action::Create => format!("create {one}"),
        Action::Read => format!("read one {one}"),
        Action::Replace => format!("replace {one}"),
        Action::Update => format!("update {one}"),
        Action::Delete => format!("delete {one}"),
    }
}

fn lacks(ctx: &Context<'_>, host: &Host, siblings: &[Sibling], resource: &Resource, action: Action) -> bool {
    let path = path_of(ctx, host, siblings, resource, action);
    serving(ctx, host, action.method(), &path).is_none()
}

/// The function that serves a method and path of the router already, also from another router with the same prefix.
pub(super) fn serving(ctx: &Context<'_>, host: &Host, method: &str, path: &str) -> Option<String> {
    let own = shape(&format!("{}{path}", host.prefix));
    let routers = ctx.model.routers.entries().filter(|(number, router)| {
        *number == host.router.0 as usize || (!host.prefix.is_empty() && router.prefix.as_known() == Some(&host.prefix))
    });
    let mut registered = routers.flat_map(|(_, router)| operations_of(ctx, router).map(move |own| (router, own)));
    registered.find_map(|(router, operation)| {
        if !operation.methods.iter().any(|m| &**m == method) {
            return None;
        }
        let is_same = shape(&format!("{}{}", router.prefix, operation.path.as_known()?)) == own;
        is_same.then(|| match operation.endpoint.known() {
            Some(id) => ctx
                .model
                .callables
                .get(id.0 as usize)
                .and_then(|callable| callable.name.rsplit('.').next())
                .unwrap_or_default()
                .to_owned(),
            None => operation.name.to_string(),
        })
    })
}

/// What is registered on a router itself.
fn operations_of<'m>(ctx: &Context<'m>, router: &'m Router) -> impl Iterator<Item = &'m Operation> + use<'m> {
    let model = ctx.model;
    router.events.iter().filter_map(|event| match event.kind {
        EventKind::Operation(id) => model.operations.get(id.0 as usize),
        _ => None,
    })
}

/// A path without the names of its parameters and without its closing slash: what it matches.
fn shape(path: &str) -> String {
    path.trim_end_matches('/')
        .split('/')
        .map(|segment| {
            if style::parameter(segment).is_some() {
                "{}"
            } else {
                segment
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The path of an action as the router's siblings would write it.
pub(super) fn path_of(
    ctx: &Context<'_>,
    host: &Host,
    siblings: &[Sibling],
    resource: &Resource,
    action: Action,
) -> String {
    let with = |of_one: bool| {
        resource
            .own
            .iter()
            .map(|&i| &siblings[i])
            .find(|sibling| sibling.action.as_ref().is_some_and(|(a, _)| a.is_of_one() == of_one))
    };
    if action.is_of_one() {
        return match with(true) {
            Some(sibling) => sibling.path.clone(),
            None => {
                let id = id_segment(siblings, resource);
                format!("{}/{{{id}}}", resource.collection)
            }
        };
    }
    match with(false) {
        Some(sibling) => sibling.path.clone(),
        None if resource.collection.is_empty() => if host.prefix.is_empty() || writes_slash(ctx, host) {
            "/"
        } else {
            ""
        }
        .to_owned(),
        None => {
            let slash = siblings
                .iter()
                .filter(|s| s.path.len() > 1 && s.path.ends_with('/'))
                .count();
            let plain = siblings
                .iter()
                .filter(|s| s.path.len() > 1 && !s.path.ends_with(['/', '}']))
                .count();
            format!("{}{}", resource.collection, if slash > plain { "/" } else { "" })
        }
    }
}

/// `item_id`, or the plain `id` where the router's other resources have that.
fn id_segment(siblings: &[Sibling], resource: &Resource) -> String {
    let others: Vec<&str> = siblings.iter().filter_map(|s| style::split_item(&s.path).1).collect();
    if !others.is_empty() && others.iter().all(|name| *name == "id") {
        "id".to_owned()
    } else {
        format!("{}_id", resource.one)
    }
}

/// Whether the project writes the root of a router with a prefix as `"/"` rather than `""`.
fn writes_slash(ctx: &Context<'_>, host: &Host) -> bool {
    let own = ctx.model.routers.get(host.router.0 as usize);
    let own = own.into_iter().flat_map(|router| operations_of(ctx, router));
    slashes(own)
        .or_else(|| slashes(ctx.model.operations.iter()))
        .unwrap_or(true)
}

/// Whether more operations have `/` for a path than nothing; nothing where none has either.
fn slashes<'m>(operations: impl Iterator<Item = &'m Operation>) -> Option<bool> {
    let (mut slash, mut empty) = (0, 0);
    for operation in operations {
        match operation.path.as_known() {
            Some("/") => slash += 1,
            Some("") => empty += 1,
            _ => {}
        }
    }
    (slash + empty > 0).then_some(slash >= empty)
}

/// A parameter of that name as one of the siblings has it.
pub(super) fn sibling_param(source: &Source, siblings: &[Sibling], name: &str) -> Option<Param> {
    siblings.iter().find_map(|sibling| {
        siblings::Code::new(source, sibling.unit, sibling.stmt)?
            .params()
            .into_iter()
            .find(|param| param.name == name)
    })
}

/// Whether a name is bound at the top of the module.
pub(super) fn is_taken(ctx: &Context<'_>, source: &Source, name: &str) -> bool {
    resolve::binding(ctx, source.file, &source.facts, name).is_some() || has_nested(source, name)
}

fn has_nested(source: &Source, name: &str) -> bool {
    source.facts.units.iter().any(|unit| {
        unit.stmts
            .iter()
            .any(|stmt| matches!(stmt, Stmt::Function(f) if matches!(&unit[f.name], Expr::Name(n) if n == name)))
    })
}

/// `name`, or the first of `name_2`, `name_3`, … that is not taken.
pub(super) fn free_name(ctx: &Context<'_>, source: &Source, name: &str) -> String {
    let mut candidate = name.to_owned();
    let mut n = 2;
    while is_taken(ctx, source, &candidate) {
        candidate = format!("{name}_{n}");
        n += 1;
    }
    candidate
}

/// Inserts the operation of a resource.
pub(super) fn build(
    ctx: &Context<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    action: Action,
    request: &EndpointRequest,
) -> Result<Insertion, Refusal> {
    let siblings = host.siblings(ctx, source);
    let collection = match &request.path {
        Some(path) => path.trim_end_matches('/').to_owned(),
        None => resources(host, &siblings)
            .first()
            .ok_or(Refusal::NoResource)?
            .collection
            .clone(),
    };
    let resource = find(host, &siblings, &collection)?;
    let path = path_of(ctx, host, &siblings, &resource, action);
    if let Some(existing) = serving(ctx, host, action.method(), &path) {
        return Err(Refusal::Exists(
            format!("{} {}{path}", action.method(), host.prefix),
            existing,
        ));
    }
    let draft = draft(
        ctx,
        source,
        style,
        host,
        action,
        &collection,
        None,
        request.name.as_deref(),
    )?;
    let spot = place::spot(ctx, source, host, &siblings, &resource.own, action.method(), &path)
        .ok_or_else(|| Refusal::NotDecorated(host.name.clone()))?;
    let summary = format!("{} {}{path} as {}", action.method(), host.prefix, draft.name);
    Ok(draft.insert(ctx, source, style, spot, &host.indent, summary))
}

fn find(host: &Host, siblings: &[Sibling], collection: &str) -> Result<Resource, Refusal> {
    resources(host, siblings)
        .into_iter()
        .find(|resource| resource.collection == collection)
        .or_else(|| resource(host, collection, Vec::new()))
        .ok_or(Refusal::NoResource)
}

/// The operation of a resource as text to be; `path` is given where a decorator names it already.
#[allow(clippy::too_many_arguments)]
pub(super) fn draft(
    ctx: &Context<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    action: Action,
    collection: &str,
    path: Option<&str>,
    name: Option<&str>,
) -> Result<Draft, Refusal> {
    let mut siblings = host.siblings(ctx, source);
    if let Some(path) = path {
        // A bare decorator counts as one of the function below it for the time being.
        siblings.retain(|sibling| sibling.path != path || !sibling.methods.iter().any(|m| m == action.method()));
    }
    let resource = find(host, &siblings, collection)?;
    let path = path.map_or_else(|| path_of(ctx, host, &siblings, &resource, action), str::to_owned);
    let name = match name {
        Some(name) if is_taken(ctx, source, name) => return Err(Refusal::NameTaken(name.to_owned())),
        Some(name) => name.to_owned(),
        None => function_name(ctx, source, style, action, &resource),
    };
    let evidence = Evidence::gather(ctx, source, style, host, &siblings, &resource, action, &path);
    let mut draft = evidence.draft()?;
    draft.name = name;
    if style.habits.docstrings.value {
        draft.docstring = Some(evidence.documented(&draft, &docstring(action, &resource)));
    }
    Ok(draft)
}

fn docstring(action: Action, resource: &Resource) -> String {
    let one = words::spoken(&resource.one);
    let sounds_consonant = ["use", "uni", "eu", "one"].iter().any(|head| one.starts_with(head));
    let starts_with_vowel = one.starts_with(['a', 'e', 'i', 'o', 'u']);
    let article = if starts_with_vowel && !sounds_consonant {
        "an"
    } else {
        "a"
    };
    match action {
        Action::List => format!("List {}.", words::spoken(&resource.many)),
        Action::Create => format!("Create {article} {one}."),
        Action::Read => format!("Read {article} {one}."),
        Action::Replace => format!("Replace {article} {one}."),
        Action::Update => format!("Update {article} {one}."),
        Action::Delete => format!("Delete {article} {one}."),
    }
}

/// The function's name as the module and the project name such functions, and not one that is taken.
fn function_name(ctx: &Context<'_>, source: &Source, style: &Style, action: Action, resource: &Resource) -> String {
    let habit = style.habits.names.get(&action).into_iter().flatten();
    let usual: Vec<style::NamePattern> = action
        .verbs()
        .iter()
        .map(|verb| style::NamePattern::usual(action, verb))
        .collect();
    let counterpart: Vec<style::NamePattern> = match action {
        Action::List => style.habits.names.get(&Action::Read),
        Action::Read => style.habits.names.get(&Action::List),
        _ => None,
    }
    .into_iter()
    .flatten()
    .map(style::NamePattern::counterpart)
    .collect();
    let candidates: Vec<String> = habit
        .chain(&counterpart)
        .chain(&usual)
        .map(|pattern| pattern.fill(&resource.one, &resource.many))
        .collect();
    candidates
        .iter()
        .find(|name| !is_taken(ctx, source, name))
        .cloned()
        .unwrap_or_else(|| free_name(ctx, source, &candidates[0]))
}
