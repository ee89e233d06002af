//! Each app's routes, in the order in which the app tries them (`fastapi/routing.py`, `_RouterIncludeContext`).

use crate::{
    AddedDependency, Builtin, BuiltinRoute, DependencyList, DependsId, Event, EventKind, Fact, Include, Model,
    ModuleSource, Mount, Operation, OperationId, Place, Reason, Round, Route, RouteKind, Router, RouterId, RouterKind,
    TagsSet, Text, Unresolved,
};
use base::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Routes of one app that are listed; a wiring that makes more is a mistake of ours or theirs.
const LIMIT: usize = 200_000;

/// Routers that are walked for one app: each may be included any number of times, routes or not.
const VISITS: usize = 1_000_000;

/// Fills in the model's routes. An app whose module ended before its time serves nothing.
pub(super) fn flatten(model: &mut Model, imports: &FxHashMap<FileId, FxHashSet<FileId>>, source: &dyn ModuleSource) {
    let mut told: FxHashSet<Place> = model.unresolved.iter().map(|entry| entry.at).collect();
    let mut added = Vec::new();
    let mut routes = Vec::with_capacity(model.operations.iter().count());
    let mut builtins = Vec::new();
    for (index, app) in model.apps.iter().enumerate() {
        if app.ended.is_some() {
            continue;
        }
        let first = routes.len();
        let mut walk = Walk {
            model,
            app: index,
            loaded: closure(app.file, imports),
            live: source.fastapi_version(app.file).has_live_includes(),
            first,
            routes,
            last: Vec::new(),
            builtins,
            chain: Vec::new(),
            methods: Vec::new(),
            visits: 0,
            not_listed: FxHashMap::default(),
            unknown: Vec::new(),
        };
        walk.router(app.router, &Way::default(), usize::MAX);
        walk.note_orders();
        added.extend(walk.not_listed.drain().map(|(at, entry)| Unresolved {
            at,
            what: entry.0.into(),
            below: 0,
            why: Reason {
                text: entry.1.into(),
                place: Some(at),
            },
        }));
        routes = walk.routes;
        builtins = walk.builtins;
        routes.append(&mut walk.last);
        walk.unknown.retain(|unknown| told.insert(unknown.at));
        added.extend(walk.unknown.into_iter().map(|unknown| unknown.told(source)));
    }
    model.routes = routes;
    model.builtins = builtins;
    model.unresolved.extend(added);
}

/// What is not known of routes that are listed.
struct Unknown {
    at: Place,
    why: Reason,
    of: Of,
}

/// Of which routes, and what.
enum Of {
    /// The path or the function of one, in words, and of so many more that are registered there.
    Route(String, usize),
    /// The prefix of so many.
    Prefix(usize),
    /// The order of so many.
    Order(usize),
}

impl Unknown {
    fn told(self, source: &dyn ModuleSource) -> Unresolved {
        let words = |otherwise: &str| crate::unparse::words(source, self.at).unwrap_or_else(|| otherwise.to_owned());
        let (what, more, below) = match self.of {
            Of::Route(what, 0) => (what, None, 0),
            Of::Route(what, more) => (format!("{what} and {more} more"), None, 0),
            Of::Prefix(1) => (words("a prefix"), Some("1 route is below it".to_owned()), 1),
            Of::Prefix(routes) => {
                let more = format!("{routes} routes are below it");
                (words("a prefix"), Some(more), routes)
            }
            Of::Order(routes) => (
                words("a loop"),
                Some(format!("{routes} routes are tried in that order")),
                0,
            ),
        };
        let why = match more {
            Some(more) => Reason {
                text: format!("{}; {more}", self.why.text).into(),
                ..self.why
            },
            None => self.why,
        };
        Unresolved {
            at: self.at,
            what: what.into(),
            why,
            below,
        }
    }
}

/// The modules that importing a module imports.
pub(super) fn closure(file: FileId, imports: &FxHashMap<FileId, FxHashSet<FileId>>) -> FxHashSet<FileId> {
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
    /// What stands before the paths of the outermost app or router: where it is mounted.
    base: Text,
    given: Given,
    deprecated: bool,
    hidden: bool,
    conditional: bool,
    through: Vec<Place>,
    round: Option<Round>,
}

/// Tags and dependencies, from the outside in.
#[derive(Clone, Default)]
struct Given {
    tags: Vec<Text>,
    /// How many of them come from outside each router, and why there may be more.
    outside: Vec<(RouterId, usize, Option<Reason>)>,
    tags_unknown: Option<Reason>,
    dependencies: Vec<DependsId>,
}

impl Given {
    fn enter(&mut self, router: Option<&RouterId>) {
        let outside = router.map(|router| (*router, self.tags.len(), self.tags_unknown.clone()));
        self.outside.extend(outside);
    }

    fn add(&mut self, tags: &Fact<Vec<Text>>, dependencies: &[DependsId]) {
        match tags {
            Fact::Known(tags) => self.tags.extend(tags.iter().cloned()),
            Fact::Unknown(reason) => self.tags_unknown = Some(reason.clone()),
        }
        self.dependencies.extend(dependencies);
    }

    /// The same for a route to which code gave other tags than it was registered with.
    fn with_tags_set(&self, set: &TagsSet, last: Option<&RouterId>) -> Option<Self> {
        let mut given = self.clone();
        match self.outside.iter().find(|(router, ..)| *router == set.by) {
            Some((_, outside, unknown)) => {
                given.tags.truncate(*outside);
                given.tags_unknown.clone_from(unknown);
            }
            // What a router says of its own routes is not among it.
            None if last == Some(&set.by) => {}
            None => return None,
        }
        given.add(&set.tags, &[]);
        Some(given)
    }

    fn shared(&self) -> SharedGiven {
        SharedGiven {
            tags: match &self.tags_unknown {
                Some(reason) => Fact::Unknown(reason.clone()),
                None => Fact::Known(self.tags.as_slice().into()),
            },
            dependencies: self.dependencies.as_slice().into(),
        }
    }
}

/// [`Given`] as routes hold it.
#[derive(Clone)]
struct SharedGiven {
    tags: Fact<Arc<[Text]>>,
    dependencies: Arc<[DependsId]>,
}

/// A router at the end of a way, and what the routes registered on it have in common.
struct Stop<'m> {
    router: &'m Router,
    way: &'m Way,
    chain: Arc<[RouterId]>,
    through: Arc<[Place]>,
    /// What the way and the router give.
    given: Given,
    shared: SharedGiven,
    /// What the way gives to Starlette's own routes, which do not know of the router.
    shared_plain: SharedGiven,
    /// The router's prefix when the last of its routes was registered, and that prefix behind the way's: it seldom changes.
    base: (Text, Text),
}

impl<'m> Stop<'m> {
    fn new(router: &'m Router, way: &'m Way, chain: &[RouterId]) -> Self {
        let mut given = way.given.clone();
        given.enter(chain.last());
        given.add(&router.tags, &router.dependencies);
        Self {
            router,
            way,
            chain: chain.into(),
            through: way.through.as_slice().into(),
            shared: given.shared(),
            shared_plain: way.given.shared(),
            given,
            base: (router.prefix.clone(), way.prefix.concat(&router.prefix)),
        }
    }

    fn path(&mut self, operation: &Operation) -> Text {
        let base = if is_plain(operation.kind) || operation.is_alone {
            &self.way.prefix
        } else {
            if self.base.0 != operation.router_prefix {
                let base = self.way.prefix.concat(&operation.router_prefix);
                self.base = (operation.router_prefix.clone(), base);
            }
            &self.base.1
        };
        match (operation.kind, base.as_known(), operation.path.as_known()) {
            (RouteKind::Frontend, Some(prefix), Some("/")) if !prefix.is_empty() => base.clone(),
            (RouteKind::Frontend, _, Some(path)) if path.len() > 1 => {
                base.concat(&Text::known(path.trim_end_matches('/')))
            }
            _ => base.concat(&operation.path),
        }
    }

    fn given(&self, operation: &Operation) -> SharedGiven {
        if is_plain(operation.kind) {
            return self.shared_plain.clone();
        }
        let mut given = self.registered(operation);
        let added = operation.added_dependencies.iter();
        let mut added = added.filter(|added| self.asks_for(added)).peekable();
        if added.peek().is_some() {
            let all = given.dependencies.iter().copied();
            given.dependencies = all.chain(added.map(|added| added.depends)).collect();
        }
        given
    }

    /// Whether a dependency that code added counts on this way: an include makes a route anew from one of its lists, and
    /// the other is that of the route which the code found.
    fn asks_for(&self, added: &AddedDependency) -> bool {
        let by = self.given.outside.iter().position(|(router, ..)| *router == added.by);
        match added.list {
            DependencyList::Route => by.is_some_and(|by| by > 0),
            DependencyList::Dependant => by == Some(0) && self.way.prefix == self.way.base.concat(&added.prefix),
        }
    }

    /// What the way, the router and the registration give.
    fn registered(&self, operation: &Operation) -> SharedGiven {
        let base = if operation.is_alone {
            &self.way.given
        } else {
            &self.given
        };
        let set = operation.tags_set.as_ref();
        if let Some(mut given) = set.and_then(|set| base.with_tags_set(set, self.chain.last())) {
            given.dependencies.extend(&operation.dependencies);
            return given.shared();
        }
        if operation.is_alone {
            let mut given = base.clone();
            given.add(&operation.tags, &operation.dependencies);
            return given.shared();
        }
        let adds_no_tags = operation.tags.known().is_some_and(Vec::is_empty);
        if adds_no_tags && operation.dependencies.is_empty() {
            return self.shared.clone();
        }
        let mut given = self.given.clone();
        given.add(&operation.tags, &operation.dependencies);
        given.shared()
    }
}

struct Walk<'m> {
    model: &'m Model,
    app: usize,
    loaded: FxHashSet<FileId>,
    /// Whether includes are live (FastAPI 0.137 and later).
    live: bool,
    /// Where this app's routes begin.
    first: usize,
    routes: Vec<Route>,
    /// Frontends are tried after everything else.
    last: Vec<Route>,
    builtins: Vec<BuiltinRoute>,
    chain: Vec<RouterId>,
    /// The lists of methods so far: there are few.
    methods: Vec<Arc<[Arc<str>]>>,
    /// Routers walked so far.
    visits: usize,
    /// Includes and mounts whose routes are not listed: what it is, and why.
    not_listed: FxHashMap<Place, (&'static str, &'static str)>,
    /// Prefixes, paths, functions and orders that are not known, each once.
    unknown: Vec<Unknown>,
}

impl Walk<'_> {
    fn router(&mut self, id: RouterId, way: &Way, upto: usize) {
        self.visits += 1;
        if self.visits > VISITS || self.routes.len() - self.first > LIMIT {
            if let (Some(at), true) = (way.through.first(), self.not_listed.is_empty()) {
                let why = "the app has more routes, or more routers in each other, than are listed";
                self.not_listed.insert(*at, ("include_router", why));
            }
            return;
        }
        self.chain.push(id);
        let router = &self.model.routers[id.0 as usize];
        let mut stop = None;
        for (number, event) in router.events.iter().take(upto).enumerate() {
            self.builtins(router, way, |builtin| builtin.events_then == number);
            if !self.loaded.contains(&event.module) {
                continue;
            }
            match &event.kind {
                EventKind::Operation(operation) => {
                    let stop = stop.get_or_insert_with(|| Stop::new(router, way, &self.chain));
                    let mut route = self.route(stop, *operation);
                    route.conditional |= event.conditional;
                    route.round = route.round.or_else(|| event.round.clone());
                    self.note_operation(router, &route);
                    match route.kind {
                        RouteKind::Frontend => self.last.push(route),
                        _ => self.routes.push(route),
                    }
                }
                EventKind::Include(include) => self.include(router, include, way.below(event), event.at),
                EventKind::Mount(mount) => {
                    let before = self.count();
                    self.mount(mount, way.below(event), event.at);
                    self.note_prefix(&mount.path, event.at, self.count() - before);
                }
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

    /// How many routes there are so far.
    fn count(&self) -> usize {
        self.routes.len() + self.last.len()
    }

    /// Remembers a prefix that is not known, once for all that is below it.
    fn note_prefix(&mut self, prefix: &Text, at: Place, below: usize) {
        let Some(why) = prefix.reason().filter(|_| below > 0) else {
            return;
        };
        for known in &mut self.unknown {
            if let Of::Prefix(routes) = &mut known.of
                && known.at == at
            {
                *routes += below;
                return;
            }
        }
        self.unknown.push(Unknown {
            at,
            why: why.clone(),
            of: Of::Prefix(below),
        });
    }

    /// Remembers the loops whose order decides what is tried first and isn't known.
    fn note_orders(&mut self) {
        let mut orders: FxHashMap<Place, (&Round, usize, bool)> = FxHashMap::default();
        let routes = self.routes.iter().skip(self.first).chain(&self.last);
        for round in routes.filter_map(|route| route.round.as_ref()) {
            let (first, routes, is_seen) = orders.entry(round.order_of).or_insert((round, 0, false));
            *routes += 1;
            *is_seen |= first.is_beside(round);
        }
        let seen = orders.into_values().filter(|(_, _, is_seen)| *is_seen);
        self.unknown.extend(seen.map(|(round, routes, _)| Unknown {
            at: round.order_of,
            why: Reason::clone(&round.decided_by),
            of: Of::Order(routes),
        }));
    }

    /// Remembers what an operation's path, its router's prefix or its function lacks.
    fn note_operation(&mut self, router: &Router, route: &Route) {
        let Some(operation) = route.operation.and_then(|id| self.model.operations.get(id.0 as usize)) else {
            return;
        };
        if !is_plain(operation.kind) {
            self.note_prefix(&operation.router_prefix, router.made_at, 1);
        }
        let of_function = operation
            .endpoint
            .reason()
            .filter(|_| operation.kind != RouteKind::Frontend);
        if let Some(why) = operation.path.reason().or(of_function) {
            let same = self.unknown.iter_mut().find(|unknown| unknown.at == route.at);
            if let Some(Of::Route(_, more)) = same.map(|unknown| &mut unknown.of) {
                *more += 1;
                return;
            }
            let method = route.methods.first().map_or("…", |method| method);
            self.unknown.push(Unknown {
                at: route.at,
                why: why.clone(),
                of: Of::Route(format!("{method} {}", route.path), 0),
            });
        }
    }

    fn include(&mut self, parent: &Router, include: &Include, mut way: Way, at: Place) {
        let before = self.count();
        way.prefix = way.prefix.concat(&include.router_prefix).concat(&include.prefix);
        way.given.enter(self.chain.last());
        way.given.add(&parent.tags, &parent.dependencies);
        way.given.add(&include.tags, &include.dependencies);
        way.deprecated |= parent.deprecated || include.deprecated;
        way.hidden |= !parent.include_in_schema || !include.include_in_schema;
        // What an include took when it ran can't be endless.
        let upto = if self.live { usize::MAX } else { include.events_then };
        if !self.live || !self.chain.contains(&include.router) {
            self.router(include.router, &way, upto);
        }
        let below = self.count() - before;
        self.note_prefix(&include.router_prefix, parent.made_at, below);
        self.note_prefix(&include.prefix, at, below);
    }

    fn mount(&mut self, mount: &Mount, way: Way, at: Place) {
        // Before routers became a tree, `include_router` left mounts behind.
        let included = self
            .chain
            .last()
            .is_some_and(|id| !is_root(self.model, &self.chain, *id));
        if included && !self.live {
            return;
        }
        let path = way.prefix.concat(&mount.path);
        if let Some(target) = mount.target {
            if self.chain.contains(&target) {
                let why = "what is mounted in itself serves its routes at every depth: they are listed once";
                self.not_listed.insert(at, ("mount", why));
                return;
            }
            let inner = Way {
                base: path.clone(),
                prefix: path,
                conditional: way.conditional,
                through: way.through,
                round: way.round,
                ..Way::default()
            };
            self.router(target, &inner, usize::MAX);
            return;
        }
        let nothing = Given::default().shared();
        let route = Route {
            app: self.app,
            operation: None,
            kind: RouteKind::Mount,
            methods: self.methods(&[Arc::from("MOUNT")]),
            path,
            endpoint: None,
            name: mount.name.clone(),
            tags: nothing.tags,
            dependencies: nothing.dependencies,
            deprecated: false,
            include_in_schema: false,
            conditional: way.conditional,
            round: way.round,
            chain: self.chain.as_slice().into(),
            through: way.through.into(),
            at,
        };
        self.routes.push(route);
    }

    fn route(&mut self, stop: &mut Stop<'_>, id: OperationId) -> Route {
        let operation = &self.model.operations[id.0 as usize];
        let SharedGiven { tags, dependencies } = stop.given(operation);
        Route {
            app: self.app,
            operation: Some(id),
            kind: operation.kind,
            methods: self.methods(&operation.methods),
            path: stop.path(operation),
            endpoint: operation.endpoint.known().copied(),
            name: operation.name.clone(),
            tags,
            dependencies,
            deprecated: !is_plain(operation.kind)
                && (stop.way.deprecated
                    || stop.router.deprecated && !operation.is_alone
                    || operation.deprecated == Some(true)),
            include_in_schema: !stop.way.hidden
                && (stop.router.include_in_schema || operation.is_alone)
                && operation.include_in_schema,
            conditional: stop.way.conditional,
            round: stop.way.round.clone(),
            chain: stop.chain.clone(),
            through: stop.through.clone(),
            at: operation.at,
        }
    }

    fn methods(&mut self, methods: &[Arc<str>]) -> Arc<[Arc<str>]> {
        if let Some(known) = self.methods.iter().find(|known| known[..] == *methods) {
            return known.clone();
        }
        let methods: Arc<[Arc<str>]> = methods.into();
        self.methods.push(methods.clone());
        methods
    }
}

impl Way {
    /// The way through an event.
    fn below(&self, event: &Event) -> Self {
        let mut way = self.clone();
        way.conditional |= event.conditional;
        way.through.push(event.at);
        way.round = way.round.or_else(|| event.round.clone());
        way
    }
}

/// Starlette's own routes do not know of a router's prefix, tags and dependencies.
fn is_plain(kind: RouteKind) -> bool {
    matches!(kind, RouteKind::StarletteHttp | RouteKind::StarletteWebSocket)
}

/// Whether a router at the end of a chain is an app or mounted table of its own.
fn is_root(model: &Model, chain: &[RouterId], id: RouterId) -> bool {
    chain.len() == 1 || model.routers[id.0 as usize].kind != RouterKind::ApiRouter
}
