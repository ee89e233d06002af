//! The router that others are included in, and where in it a new one goes.

use super::{modules::Modules, neighbours};
use base::FileId;
use facts::{Arg, Expr, ExprId, Stmt, StmtId, Unit, UnitId};
use model::{Event, EventKind, Include, Model, Place, Router, RouterId, RouterKind, Text};
use std::path::{Path, PathBuf};
use style::{Source, walk};

/// Where routers are included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The app or router.
    pub router: RouterId,
    /// The absolute path of the file in which a new include goes.
    pub path: PathBuf,
    /// The app or router as that place writes it: `app`, `api_router`, …
    pub object: String,
    /// The path below which its routes are served.
    pub prefix: Text,
    /// Behind which place of the file, in bytes; at its end where there is none.
    pub behind: Option<u32>,
    /// The indentation there.
    pub indent: String,
    /// The prefix that every include has, as it is written.
    pub shared_prefix: Option<String>,
    /// What that prefix is.
    pub shared_prefix_value: Text,
    /// Whether routers get their prefixes where they are included, not where they are made.
    pub has_prefixes_at_includes: bool,
    /// Whether the routers themselves are imported, not their modules.
    pub imports_routers: bool,
}

/// A router that includes may go into.
struct Candidate<'a> {
    id: RouterId,
    router: &'a Router,
    prefix: Text,
    depth: usize,
    /// What includes or mounts it.
    above: Option<RouterId>,
}

/// How deep includes are followed.
const MAX_DEPTH: usize = 8;

pub(super) fn find(modules: &Modules<'_>, app: RouterId) -> Option<Parent> {
    let model = modules.site.ctx.model;
    let root = modules.site.root;
    let mut candidates = Vec::new();
    collect(model, (app, None), Text::default(), 0, &mut candidates);
    candidates.retain(|candidate| path_of(modules, candidate.router.made_at.file).starts_with(root));
    let best = candidates
        .iter()
        .filter(|candidate| candidate.depth > 0 && is_aggregate(modules, candidate.router))
        .filter(|candidate| !is_of_one(modules, candidate, &candidates))
        .max_by_key(|candidate| (includes(candidate.router).count(), candidate.depth))
        .or_else(|| {
            let apps = candidates.iter().filter(|it| it.router.kind == RouterKind::FastApi);
            apps.max_by_key(|it| (includes(it.router).count(), std::cmp::Reverse(it.depth)))
        })?;
    parent(modules, best)
}

/// Whether a router is there for one thing, as others beside it are for others: `app/users/api` and `app/auth/api`.
fn is_of_one(modules: &Modules<'_>, candidate: &Candidate<'_>, all: &[Candidate<'_>]) -> bool {
    let has_one = |other: &Candidate<'_>| includes(other.router).count() == 1;
    // Versions of the whole are something else.
    let module = |other: &Candidate<'_>| {
        let name = modules.site.ctx.modules.module_name(other.router.made_at.file);
        let parts = name.split('.').map(|part| match neighbours::is_version(part) {
            true => "v",
            false => part,
        });
        parts.collect::<Vec<_>>().join(".")
    };
    let own = module(candidate);
    let mut beside = all
        .iter()
        .filter(|other| other.id != candidate.id && other.above == candidate.above);
    has_one(candidate)
        && beside.any(|other| has_one(other) && is_aggregate(modules, other.router) && module(other) != own)
}

fn collect<'a>(
    model: &'a Model,
    (id, above): (RouterId, Option<RouterId>),
    prefix: Text,
    depth: usize,
    all: &mut Vec<Candidate<'a>>,
) {
    let Some(router) = model.routers.get(id.0 as usize) else {
        return;
    };
    if depth > MAX_DEPTH || all.iter().any(|known| known.id == id) {
        return;
    }
    let holds_apps = router.kind == RouterKind::FastApi
        && router
            .events
            .iter()
            .all(|event| matches!(event.kind, EventKind::Mount(_)));
    let below = |event: &'a Event| match &event.kind {
        EventKind::Include(include) => {
            let made = model.routers.get(include.router.0 as usize)?;
            Some((include.router, prefix.concat(&include.prefix).concat(&made.prefix)))
        }
        // An app that does nothing but hold others.
        EventKind::Mount(mount) if holds_apps => Some((mount.target?, prefix.concat(&mount.path))),
        _ => None,
    };
    let inner: Vec<(RouterId, Text)> = router.events.iter().filter_map(below).collect();
    all.push(Candidate {
        id,
        router,
        prefix,
        depth,
        above,
    });
    for (inner, prefix) in inner {
        collect(model, (inner, Some(id)), prefix, depth + 1, all);
    }
}

fn path_of(modules: &Modules<'_>, file: FileId) -> std::sync::Arc<Path> {
    modules.site.ctx.files.path(file)
}

fn includes(router: &Router) -> impl DoubleEndedIterator<Item = (&Event, &Include)> {
    router.events.iter().filter_map(|event| match &event.kind {
        EventKind::Include(include) => Some((event, include)),
        _ => None,
    })
}

/// Whether a router is there to hold others: it serves nothing itself.
fn is_aggregate(modules: &Modules<'_>, router: &Router) -> bool {
    if router.kind != RouterKind::ApiRouter {
        return false;
    }
    let has_operations = router
        .events
        .iter()
        .any(|event| matches!(event.kind, EventKind::Operation(_)));
    if has_operations {
        return false;
    }
    // One that is empty still is recognised by its name or its module's.
    let module = modules.site.ctx.modules.module_name(router.made_at.file);
    let last = module.rsplit('.').next().unwrap_or("");
    let name = router
        .name
        .as_deref()
        .and_then(|name| name.rsplit(':').next())
        .unwrap_or("");
    let names = ["api", "v1", "v2", "routers", "urls"];
    includes(router).next().is_some() || name.contains("api") || names.contains(&last)
}

fn parent(modules: &Modules<'_>, candidate: &Candidate<'_>) -> Option<Parent> {
    let router = candidate.router;
    let model = modules.site.ctx.model;
    let known: Vec<(&Event, &Include)> = includes(router).collect();
    let own_prefix = |include: &Include| {
        let made = model.routers.get(include.router.0 as usize);
        made.is_some_and(|made| !made.prefix.is_empty())
    };
    let at_includes = known
        .iter()
        .filter(|(_, include)| !include.prefix.is_empty() && !own_prefix(include));
    let has_prefixes_at_includes = at_includes.count() * 2 > known.len();
    let site = spot(modules, &known).or_else(|| binding(modules, router))?;
    let mut parent = Parent {
        router: candidate.id,
        path: path_of(modules, site.file).to_path_buf(),
        object: site.object,
        prefix: candidate.prefix.clone(),
        behind: site.behind,
        indent: site.indent,
        shared_prefix: None,
        shared_prefix_value: Text::default(),
        has_prefixes_at_includes,
        imports_routers: site.imports_routers,
    };
    let same = known.windows(2).all(|pair| pair[0].1.prefix == pair[1].1.prefix);
    if let Some((event, last)) = known.last()
        && same
        && !has_prefixes_at_includes
        && !last.prefix.is_empty()
    {
        parent.shared_prefix = prefix_text(modules, event.at);
        parent.shared_prefix_value = last.prefix.clone();
    } else if let Some(base) = neighbours::base(model, known.iter().map(|(_, include)| *include)) {
        parent.shared_prefix = Some(format!("\"{base}\""));
        parent.shared_prefix_value = Text::known(base);
    }
    Some(parent)
}

/// Where a new include goes.
struct Spot {
    file: FileId,
    object: String,
    behind: Option<u32>,
    indent: String,
    imports_routers: bool,
}

/// Behind the last include that stands in a file of the project, for itself.
fn spot(modules: &Modules<'_>, known: &[(&Event, &Include)]) -> Option<Spot> {
    known
        .iter()
        .rev()
        .filter(|(event, _)| !event.conditional)
        .find_map(|(event, _)| {
            let at = event.at;
            let source = Source::read(modules.site.ctx.files, at.file)?;
            let unit = source.unit(at.unit)?;
            let Expr::Call { func, args } = unit.exprs.get(at.expr.0 as usize)? else {
                return None;
            };
            let Expr::Attr { value, name, .. } = &unit[*func] else {
                return None;
            };
            if name != "include_router" || !path_of(modules, at.file).starts_with(modules.site.root) {
                return None;
            }
            let (id, stmt) = statement_of(unit, at.expr)?;
            // What a helper includes for its callers is no place for one more.
            if is_parameter(&source, at.unit, args) {
                return None;
            }
            let span = source.spans.stmt(at.unit, id);
            if !neighbours::runs_once(modules.site, &source, span.start, source.expr_text(at.unit, *value)) {
                return None;
            }
            let imports_routers = matches!(args.first(), Some(Arg::Positional(e)) if matches!(unit[*e], Expr::Name(_)))
                && !matches!(stmt, Stmt::For { .. });
            Some(Spot {
                file: at.file,
                object: source.expr_text(at.unit, *value).to_owned(),
                behind: Some(source.line_end(span.end)),
                indent: source.indent_at(span.start).to_owned(),
                imports_routers,
            })
        })
}

/// The statement of the unit's own body in which an expression stands.
fn statement_of(unit: &Unit, expr: ExprId) -> Option<(StmtId, &Stmt)> {
    unit.body.iter().find_map(|&id| {
        let mut is_in = false;
        walk::exprs_of_stmt(unit, id, &mut |e| is_in |= e == expr);
        is_in.then(|| (id, &unit[id]))
    })
}

fn is_parameter(source: &Source, unit: UnitId, args: &[Arg]) -> bool {
    let (Some(module), Some(own)) = (source.module(), source.unit(unit)) else {
        return false;
    };
    let Some(Arg::Positional(first)) = args.first() else {
        return false;
    };
    let name = style::last_name(own, *first);
    module.stmts.iter().any(|stmt| match stmt {
        Stmt::Function(function) if function.body == facts::FunctionBody::Unit(unit) => {
            let mut params = function.params.list.iter();
            params.any(|param| style::last_name(module, param.name) == name)
        }
        _ => false,
    })
}

/// Where a router without includes is made: behind that, and for an app of a module's top level at the module's end.
fn binding(modules: &Modules<'_>, router: &Router) -> Option<Spot> {
    let at: Place = router
        .bound_at
        .filter(|at| at.file == router.made_at.file && at.unit == router.made_at.unit)?;
    let source = Source::read(modules.site.ctx.files, at.file)?;
    let unit = source.unit(at.unit)?;
    let object = source.expr_text(at.unit, at.expr).to_owned();
    let (id, _) = statement_of(unit, router.made_at.expr)?;
    let span = source.spans.stmt(at.unit, id);
    let is_app_of_module = at.unit == UnitId::MODULE && router.kind == RouterKind::FastApi;
    // In a function, what follows up to its `return` is about the app, too.
    let last = match at.unit {
        UnitId::MODULE => Some(span.end),
        _ => {
            let before_return = unit.body.iter().rev().find(|&&id| !matches!(unit[id], Stmt::Return(_)));
            before_return.map(|&id| source.spans.stmt(at.unit, id).end)
        }
    };
    Some(Spot {
        file: at.file,
        object,
        behind: last.filter(|_| !is_app_of_module).map(|end| source.line_end(end)),
        indent: source.indent_at(span.start).to_owned(),
        imports_routers: false,
    })
}

/// `prefix=` of an include as it is written.
fn prefix_text(modules: &Modules<'_>, at: Place) -> Option<String> {
    let source = Source::read(modules.site.ctx.files, at.file)?;
    let unit = source.unit(at.unit)?;
    let Expr::Call { args, .. } = unit.exprs.get(at.expr.0 as usize)? else {
        return None;
    };
    args.iter().find_map(|arg| match arg {
        Arg::Keyword { name, value, .. } if name == "prefix" => Some(source.expr_text(at.unit, *value).to_owned()),
        _ => None,
    })
}
