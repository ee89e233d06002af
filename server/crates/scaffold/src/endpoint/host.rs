//! The apps and routers that a module has a name for, and what each of them serves.

use super::siblings::{self, Sibling};
use crate::{
    Context,
    resolve::{self, Binding, Resolved},
};
use base::{FileId, Span};
use facts::{Block, Stmt, UnitId};
use model::{EventKind, RouterId, RouterKind};
use std::collections::{HashMap, HashSet, hash_map::Entry};
use style::{Source, walk, words};

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
