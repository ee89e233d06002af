//! Each app's routes, in the order in which the app tries them (`fastapi/routing.py`, `_RouterIncludeContext`).

use crate::{
    Builtin, BuiltinRoute, DependsId, EventKind, Fact, Include, Model, ModuleSource, Mount, Operation, Place, Route,
    RouteKind, Router, RouterId, RouterKind, Text, Unresolved,
};
use base::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Routes of one app that are listed; a wiring that makes more is a mistake of ours or theirs.
const LIMIT: usize = 200_000;

/// Fills in the model's routes.
pub(super) fn flatten(model: &mut Model, imports: &FxHashMap<FileId, FxHashSet<FileId>>, source: &dyn ModuleSource) {
    let mut routes = Vec::new();
    let mut builtins = Vec::new();
    let mut unresolved: FxHashSet<Place> = model.unresolved.iter().map(|entry| entry.at).collect();
    let mut added = Vec::new();
    for (index, app) in model.apps.iter().enumerate() {
        let mut walk = Walk {
            model,
            app: index,
            loaded: closure(app.file, imports),
            live: source.fastapi_version(app.file).has_live_includes(),
            routes: Vec::new(),
            last: Vec::new(),
            builtins: Vec::new(),
            chain: Vec::new(),
        };
        walk.router(app.router, &Way::default(), usize::MAX);
        let Walk {
            routes: mut own,
            last,
            builtins: served,
            ..
        } = walk;
        let first = routes.len();
        builtins.extend(served.into_iter().map(|builtin| BuiltinRoute {
            before: first + builtin.before,
            ..builtin
        }));
        own.extend(last);
        for route in &own {
            if let Some(why) = route.path.reason()
                && unresolved.insert(route.at)
            {
                let what = format!("{} {}", route.methods.first().map_or("", |method| method), route.path);
                added.push(Unresolved {
                    at: route.at,
                    what: what.into(),
                    why: why.clone(),
                });
            }
        }
        routes.append(&mut own);
    }
    model.routes = routes;
    model.builtins = builtins;
    model.unresolved.extend(added);
}

/// The modules that importing a module imports.
fn closure(file: FileId, imports: &FxHashMap<FileId, FxHashSet<FileId>>) -> FxHashSet<FileId> {
    let mut loaded = FxHashSet::default();
    let mut pending = vec![file];
    while let Some(file) = pending.pop() {
        if loaded.insert(file)
            && let Some(next) = imports.get(&file)
        {
            pending.extend(next.iter().copied());
        }
    }
    loaded
}

/// What the includes on the way to a router add.
#[derive(Clone, Default)]
struct Way {
    prefix: Text,
    tags: Vec<Text>,
    tags_unknown: Option<crate::Reason>,
    dependencies: Vec<DependsId>,
    deprecated: bool,
    hidden: bool,
    conditional: bool,
    through: Vec<Place>,
}

struct Walk<'m> {
    model: &'m Model,
    app: usize,
    loaded: FxHashSet<FileId>,
    /// Whether includes are live (FastAPI 0.137 and later).
    live: bool,
    routes: Vec<Route>,
    /// Frontends are tried after everything else.
    last: Vec<Route>,
    builtins: Vec<BuiltinRoute>,
    chain: Vec<RouterId>,
}

impl Walk<'_> {
    fn router(&mut self, id: RouterId, way: &Way, upto: usize) {
        if self.chain.contains(&id) || self.routes.len() > LIMIT {
            return;
        }
        self.chain.push(id);
        let router = &self.model.routers[id.0 as usize];
        for (number, event) in router.events.iter().take(upto).enumerate() {
            self.builtins(router, way, |builtin| builtin.events_then == number);
            if !self.loaded.contains(&event.module) {
                continue;
            }
            let mut way = way.clone();
            way.conditional |= event.conditional;
            match &event.kind {
                EventKind::Operation(operation) => {
                    let route = self.route(
                        router,
                        &self.model.operations[operation.0 as usize],
                        way,
                        Some(*operation),
                    );
                    match route.kind {
                        RouteKind::Frontend => self.last.push(route),
                        _ => self.routes.push(route),
                    }
                }
                EventKind::Include(include) => self.include(router, include, way, event.at),
                EventKind::Mount(mount) => self.mount(mount, way, event.at),
            }
        }
        let seen = router.events.len().min(upto);
        self.builtins(router, way, |builtin| builtin.events_then >= seen);
        self.chain.pop();
    }

    /// What FastAPI added to an app itself: plain routes of Starlette.
    fn builtins(&mut self, router: &Router, way: &Way, is_next: impl Fn(&Builtin) -> bool) {
        for builtin in router.builtins.iter().filter(|builtin| is_next(builtin)) {
            self.builtins.push(BuiltinRoute {
                app: self.app,
                before: self.routes.len(),
                kind: builtin.kind,
                path: way.prefix.concat(&builtin.path),
                conditional: way.conditional || builtin.conditional,
                chain: self.chain.clone(),
                at: router.made_at,
            });
        }
    }

    fn include(&mut self, parent: &Router, include: &Include, mut way: Way, at: Place) {
        way.prefix = way.prefix.concat(&include.router_prefix).concat(&include.prefix);
        add_tags(&mut way, &parent.tags);
        add_tags(&mut way, &include.tags);
        way.dependencies
            .extend(parent.dependencies.iter().chain(&include.dependencies));
        way.deprecated |= parent.deprecated || include.deprecated;
        way.hidden |= !parent.include_in_schema || !include.include_in_schema;
        way.through.push(at);
        let upto = if self.live { usize::MAX } else { include.events_then };
        self.router(include.router, &way, upto);
    }

    fn mount(&mut self, mount: &Mount, mut way: Way, at: Place) {
        // Before routers became a tree, `include_router` left mounts behind.
        let included = self
            .chain
            .last()
            .is_some_and(|id| !is_root(self.model, &self.chain, *id));
        if included && !self.live {
            return;
        }
        let path = way.prefix.concat(&mount.path);
        way.through.push(at);
        if let Some(target) = mount.target {
            let inner = Way {
                prefix: path,
                conditional: way.conditional,
                through: way.through,
                ..Way::default()
            };
            self.router(target, &inner, usize::MAX);
            return;
        }
        self.routes.push(Route {
            app: self.app,
            operation: None,
            kind: RouteKind::Mount,
            methods: vec![Arc::from("MOUNT")],
            path,
            endpoint: None,
            name: mount.name.clone(),
            tags: Fact::Known(Vec::new()),
            dependencies: Vec::new(),
            deprecated: false,
            include_in_schema: false,
            conditional: way.conditional,
            chain: self.chain.clone(),
            through: way.through,
            at,
        });
    }

    fn route(&self, router: &Router, operation: &Operation, mut way: Way, id: Option<crate::OperationId>) -> Route {
        // Starlette's own routes do not know of a router's prefix.
        let own_prefix = !matches!(operation.kind, RouteKind::StarletteHttp | RouteKind::StarletteWebSocket);
        let base = if own_prefix {
            way.prefix.concat(&operation.router_prefix)
        } else {
            way.prefix.clone()
        };
        let path = match (operation.kind, base.as_known(), operation.path.as_known()) {
            (RouteKind::Frontend, Some(prefix), Some("/")) if !prefix.is_empty() => base,
            (RouteKind::Frontend, _, Some(path)) if path.len() > 1 => {
                base.concat(&Text::known(path.trim_end_matches('/')))
            }
            _ => base.concat(&operation.path),
        };
        if own_prefix {
            add_tags(&mut way, &router.tags);
            add_tags(&mut way, &operation.tags);
            way.dependencies
                .extend(router.dependencies.iter().chain(&operation.dependencies));
        }
        Route {
            app: self.app,
            operation: id,
            kind: operation.kind,
            methods: operation.methods.clone(),
            path,
            endpoint: operation.endpoint.known().copied(),
            name: operation.name.clone(),
            tags: match way.tags_unknown {
                Some(reason) => Fact::Unknown(reason),
                None => Fact::Known(way.tags),
            },
            dependencies: way.dependencies,
            deprecated: way.deprecated || router.deprecated || operation.deprecated == Some(true),
            include_in_schema: !way.hidden && router.include_in_schema && operation.include_in_schema,
            conditional: way.conditional,
            chain: self.chain.clone(),
            through: way.through,
            at: operation.at,
        }
    }
}

/// Whether a router at the end of a chain is an app or mounted table of its own.
fn is_root(model: &Model, chain: &[RouterId], id: RouterId) -> bool {
    chain.len() == 1 || model.routers[id.0 as usize].kind != RouterKind::ApiRouter
}

fn add_tags(way: &mut Way, tags: &Fact<Vec<Text>>) {
    match tags {
        Fact::Known(tags) => way.tags.extend(tags.iter().cloned()),
        Fact::Unknown(reason) => way.tags_unknown = Some(reason.clone()),
    }
}
