//! Which router a module has, which resource it serves, and which operations of that resource are lacking.

use super::draft::Draft;
use super::evidence::Evidence;
use super::siblings::{self, Param, Sibling};
use super::{EndpointKind, EndpointRequest, Offer, place};
use crate::{
    Context, Insertion, Refusal,
    resolve::{self, Binding, Resolved},
};
use base::{FileId, Span};
use facts::{Block, Expr, Stmt, UnitId};
use model::{EventKind, RouterId, RouterKind};
use std::collections::{HashMap, HashSet, hash_map::Entry};
use style::{Action, Source, Style, walk, words};

/// An app or router as a file knows it.
#[derive(Clone, Debug)]
pub(super) struct Host {
    pub(super) router: RouterId,
    /// Its name in the file.
    pub(super) name: String,
    /// Its own prefix, holes shown as `…`.
    pub(super) prefix: String,
    /// The noun of what it serves, from prefix, includes, tags or module, in snake case.
    pub(super) word: Option<String>,
    /// The unit in which it is made or imported.
    pub(super) unit: UnitId,
    /// Where the file names it first; empty for an imported one.
    pub(super) bound: Span,
    /// The indentation of its operations.
    pub(super) indent: String,
}

impl Host {
    pub(super) fn siblings(&self, ctx: &Context<'_>, source: &Source) -> Vec<Sibling> {
        siblings::of_router(ctx, source, self.router)
    }

    /// The block of statements in which the router is made.
    pub(super) fn block<'a>(&self, source: &'a Source) -> Option<&'a Block> {
        let unit = source.unit(self.unit)?;
        if self.unit == UnitId::MODULE || self.bound.is_empty() {
            return Some(&unit.body);
        }
        let mut found = &unit.body;
        let mut stmts = Vec::new();
        walk::stmts(unit, &unit.body, &mut |stmt| stmts.push(stmt));
        for stmt in stmts {
            for block in walk::blocks(&unit[stmt]) {
                if block
                    .iter()
                    .any(|&s| source.spans.stmt(self.unit, s).contains(self.bound))
                {
                    found = block;
                }
            }
        }
        Some(found)
    }
}

/// The app or router of a file: the one named, or the one whose operations stand nearest above `offset`, or the first.
pub(super) fn host(ctx: &Context<'_>, source: &Source, name: Option<&str>, offset: Option<u32>) -> Option<Host> {
    let found = named(ctx, source);
    if let Some(name) = name {
        let own = name.rsplit(':').next().unwrap_or(name);
        return found.iter().find(|known| known.name == own)?.host(ctx, source);
    }
    let nearest = offset.and_then(|offset| {
        found
            .iter()
            .enumerate()
            .filter_map(|(i, known)| Some((known.starts.iter().copied().filter(|s| *s <= offset).max()?, i)))
            .max()
            .map(|(_, i)| i)
    });
    found.get(nearest.unwrap_or(0))?.host(ctx, source)
}

/// A router as a file knows it.
pub(super) fn host_of(ctx: &Context<'_>, source: &Source, router: RouterId) -> Option<Host> {
    let found = named(ctx, source);
    found.iter().find(|known| known.router == router)?.host(ctx, source)
}

/// A router that a file has a name for. A file may name very many: what is said of one is read when it is chosen.
struct Named {
    router: RouterId,
    name: String,
    unit: UnitId,
    bound: Span,
    /// Where the file speaks of it: its binding and its operations.
    starts: Vec<u32>,
    /// Its first operation.
    first: Option<u32>,
}

impl Named {
    fn host(&self, ctx: &Context<'_>, source: &Source) -> Option<Host> {
        let router = ctx.model.routers.get(self.router.0 as usize)?;
        let prefix = router.prefix.to_string();
        Some(Host {
            router: self.router,
            name: self.name.clone(),
            word: word_of(ctx, source.file, self.router, &prefix),
            prefix,
            unit: self.unit,
            bound: self.bound,
            indent: source.indent_at(self.first.unwrap_or(self.bound.start)).to_owned(),
        })
    }
}

/// The apps and routers of a file, in the order in which it speaks of them.
fn named(ctx: &Context<'_>, source: &Source) -> Vec<Named> {
    let imported = imported_items(ctx, source);
    let mut operations: HashMap<RouterId, Vec<u32>> = HashMap::new();
    for (router, sibling) in siblings::of_file(ctx, source) {
        operations.entry(router).or_default().push(sibling.span.start);
    }
    let mut found: Vec<Named> = Vec::new();
    let mut by_name: HashMap<(String, UnitId), usize> = HashMap::new();
    for (i, router) in ctx.model.routers.entries() {
        if !matches!(router.kind, RouterKind::FastApi | RouterKind::ApiRouter) {
            continue;
        }
        let id = RouterId(i as u32);
        let Some((name, unit, bound)) = name_in(ctx, source, &imported, id) else {
            continue;
        };
        let mut starts = operations.remove(&id).unwrap_or_default();
        let first = starts.iter().copied().min();
        starts.push(bound.start);
        match by_name.entry((name.clone(), unit)) {
            // A factory that runs twice makes the same router twice.
            Entry::Occupied(known) => found[*known.get()].starts.extend(starts),
            Entry::Vacant(free) => {
                free.insert(found.len());
                found.push(Named {
                    router: id,
                    name,
                    unit,
                    bound,
                    starts,
                    first,
                });
            }
        }
    }
    found.sort_by_key(|known| known.starts.iter().copied().min());
    found
}

/// What is imported from modules of the project: by the file that binds it, the name here and what that is bound to there.
type Imported = HashMap<FileId, Vec<(String, Binding)>>;

/// The name that a file has for a router, the unit it stands in, and the span of its binding.
fn name_in(ctx: &Context<'_>, source: &Source, imported: &Imported, id: RouterId) -> Option<(String, UnitId, Span)> {
    let bound = ctx.model.routers.get(id.0 as usize)?.bound_at?;
    if bound.file == source.file {
        let name = siblings::name_of(source.unit(bound.unit)?, bound.expr);
        let span = source.spans.expr(bound.unit, bound.expr);
        return words::is_identifier(name).then(|| (name.to_owned(), bound.unit, span));
    }
    let names = imported.get(&bound.file)?;
    let facts = ctx.facts(bound.file)?;
    let own = siblings::name_of(facts.units.get(bound.unit.0 as usize)?, bound.expr);
    let binding = resolve::binding(ctx, bound.file, &facts, own)?;
    let (name, _) = names.iter().find(|(_, known)| *known == binding)?;
    Some((name.clone(), UnitId::MODULE, Span::default()))
}

/// Re-exports are followed.
fn imported_items(ctx: &Context<'_>, source: &Source) -> Imported {
    let mut items = Imported::new();
    let Some(unit) = source.module() else {
        return items;
    };
    let rebound = rebound(unit);
    for &id in &unit.body {
        let Stmt::ImportFrom {
            level, module, names, ..
        } = &unit[id]
        else {
            continue;
        };
        let module = resolve::absolute(ctx, source.file, *level, module);
        for import in names {
            let name = match import.alias {
                Some(alias) => siblings::name_of(unit, alias),
                None => import.name.as_str(),
            };
            let resolved = match rebound.contains(name) {
                true => resolve::resolve(ctx, source.file, name),
                false => resolve::imported(
                    ctx,
                    source.file,
                    &Binding::Member(module.clone(), import.name.to_string()),
                ),
            };
            if let Some(Resolved::Item(file, binding)) = resolved {
                items.entry(file).or_default().push((name.to_owned(), binding));
            }
        }
    }
    items
}

/// The names that a module binds otherwise than by an import at its top level, or more than once: the last binding counts.
fn rebound(unit: &facts::Unit) -> HashSet<&str> {
    let mut seen = HashSet::new();
    let mut rebound = HashSet::new();
    walk::stmts(unit, &unit.body, &mut |id| match &unit[id] {
        Stmt::ImportFrom { names, .. } => {
            for import in names {
                let name = match import.alias {
                    Some(alias) => siblings::name_of(unit, alias),
                    None => import.name.as_str(),
                };
                if !seen.insert(name) {
                    rebound.insert(name);
                }
            }
        }
        Stmt::Assign { targets, .. } => rebound.extend(targets.iter().map(|&target| siblings::name_of(unit, target))),
        Stmt::AnnAssign { target, .. } => {
            rebound.insert(siblings::name_of(unit, *target));
        }
        Stmt::Function(function) => {
            rebound.insert(siblings::name_of(unit, function.name));
        }
        Stmt::Class(class) => {
            rebound.insert(siblings::name_of(unit, class.name));
        }
        _ => {}
    });
    rebound
}

/// What a router serves: the last word of its prefix, of the prefix it is included with, its first tag, or its module.
pub(super) fn word_of(ctx: &Context<'_>, file: FileId, id: RouterId, prefix: &str) -> Option<String> {
    if let Some(word) = last_word(prefix) {
        return Some(word);
    }
    let router = ctx.model.routers.get(id.0 as usize)?;
    if router.kind == RouterKind::FastApi {
        return None;
    }
    let included = ctx
        .model
        .routers
        .iter()
        .flat_map(|parent| &parent.events)
        .find_map(|event| {
            let EventKind::Include(include) = &event.kind else {
                return None;
            };
            let tag = || include.tags.known()?.first()?.as_known().map(words::snake);
            (include.router == id)
                .then(|| last_word(&include.prefix.to_string()).or_else(tag))
                .flatten()
        });
    let tag = || router.tags.known()?.first()?.as_known().map(words::snake);
    let module = || {
        const GENERAL: &[&str] = &[
            "api",
            "app",
            "endpoints",
            "main",
            "root",
            "router",
            "routers",
            "routes",
            "server",
            "urls",
            "v1",
            "v2",
            "views",
        ];
        let name = ctx.modules.module_name(file);
        name.rsplit('.')
            .map(words::snake)
            .take(2)
            .find(|word| !GENERAL.contains(&word.as_str()) && !word.is_empty())
    };
    included
        .or_else(tag)
        .or_else(module)
        .filter(|word| words::is_identifier(word))
}

/// The last segment of a path that names something, in snake case.
pub(super) fn last_word(path: &str) -> Option<String> {
    path.rsplit('/')
        .filter(|segment| !segment.is_empty() && !segment.contains(['{', '…']))
        .map(words::snake)
        .find(|word| words::is_identifier(word) && word != "api" && !is_version(word))
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

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
    ctx.model.operations.iter().find_map(|operation| {
        if !operation.methods.iter().any(|m| &**m == method) {
            return None;
        }
        let router = ctx.model.routers.get(operation.router.0 as usize)?;
        let is_near = operation.router == host.router
            || (!host.prefix.is_empty() && router.prefix.as_known() == Some(&host.prefix));
        let is_same = is_near && shape(&format!("{}{}", router.prefix, operation.path.as_known()?)) == own;
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
                let id = id_segment(host, siblings, resource);
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
fn id_segment(_host: &Host, siblings: &[Sibling], resource: &Resource) -> String {
    let others: Vec<&str> = siblings.iter().filter_map(|s| style::split_item(&s.path).1).collect();
    if !others.is_empty() && others.iter().all(|name| *name == "id") {
        "id".to_owned()
    } else {
        format!("{}_id", resource.one)
    }
}

/// Whether the project writes the root of a router with a prefix as `"/"` rather than `""`.
fn writes_slash(ctx: &Context<'_>, host: &Host) -> bool {
    let mut slash = 0usize;
    let mut empty = 0usize;
    for operation in &ctx.model.operations {
        let weight = if operation.router == host.router { 100 } else { 1 };
        match operation.path.as_known() {
            Some("/") => slash += weight,
            Some("") => empty += weight,
            _ => {}
        }
    }
    slash >= empty
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
    let mut draft = evidence.draft();
    draft.name = name;
    if style.habits.docstrings.value {
        draft.docstring = Some(docstring(action, &resource));
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
