//! Routes that another route of the same app leaves nothing to: it comes first and matches every path of theirs.

use crate::Context;
use crate::pattern::Pattern;
use model::{EventKind, Mount, Place, Route, RouteKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{borrow::Cow, sync::Arc};

/// A route that is never reached, or not with all its methods.
pub(crate) struct Overlap<'m> {
    /// The route.
    pub(crate) later: &'m Route,
    /// Those of its methods that an earlier route takes.
    pub(crate) methods: Vec<Arc<str>>,
    /// What takes the first of them.
    pub(crate) earlier: Earlier<'m>,
    /// Whether both match the very same paths.
    pub(crate) same_paths: bool,
}

/// What comes first.
#[derive(Clone, Copy)]
pub(crate) enum Earlier<'m> {
    /// A route.
    Route(&'m Route),
    /// A mounted app: it takes every request below its path, whatever it serves.
    Mount {
        /// The call that mounts it.
        at: Place,
        /// A route below it, or the mount itself.
        below: &'m Route,
    },
}

/// Deeper paths are not compared.
const MAX_SEGMENTS: usize = 64;

/// Finds the overlaps of each app, in the order of the route table.
pub(crate) fn overlaps<'m>(context: &Context<'m>) -> Vec<Overlap<'m>> {
    let mut found = Vec::new();
    let mut rest = context.model.routes.as_slice();
    while let Some(first) = rest.first() {
        let len = rest.iter().take_while(|route| route.app == first.app).count();
        let (app, others) = rest.split_at(len);
        found.extend(of_app(context, app));
        rest = others;
    }
    found
}

fn of_app<'m>(context: &Context<'m>, routes: &'m [Route]) -> Vec<Overlap<'m>> {
    let mut table = Table::default();
    let mut mounted = FxHashSet::default();
    let mut found = Vec::new();
    let mounts = mount_calls(context, routes);
    for later in routes.iter().filter(|route| !route.conditional) {
        if let Some((at, path)) = mount_on_the_way(context, &mounts, later)
            && mounted.insert((at, path.clone()))
        {
            table.add(format!("{path}/{{path:path}}"), Earlier::Mount { at, below: later });
        }
        let Some(path) = later.path.as_known() else { continue };
        if is_comparable(later.kind) && path.matches('/').count() <= MAX_SEGMENTS {
            found.extend(table.overlap(path, later));
            table.add(path, Earlier::Route(later));
        }
    }
    found
}

/// The mounts on the app itself, by their calls.
fn mount_calls<'m>(context: &Context<'m>, routes: &[Route]) -> FxHashMap<Place, Vec<&'m Mount>> {
    let mut calls: FxHashMap<Place, Vec<&Mount>> = FxHashMap::default();
    let app = routes.iter().find_map(|route| route.chain.first());
    let app = app.and_then(|id| context.model.routers.get(id.0 as usize));
    for event in app.into_iter().flat_map(|app| &app.events) {
        if let EventKind::Mount(mount) = &event.kind {
            calls.entry(event.at).or_default().push(mount);
        }
    }
    calls
}

/// Frontends are tried when nothing else matches (FastAPI 0.138); mounts are looked at where they begin.
fn is_comparable(kind: RouteKind) -> bool {
    !matches!(kind, RouteKind::Frontend | RouteKind::Mount)
}

fn is_websocket(kind: RouteKind) -> bool {
    matches!(kind, RouteKind::WebSocket | RouteKind::StarletteWebSocket)
}

/// The call that mounts the app which a route is served by, with the path that it takes away from the outermost app.
/// Only where it stands on that app itself: in front of a deeper one there may be prefixes.
fn mount_on_the_way(
    context: &Context<'_>,
    mounts: &FxHashMap<Place, Vec<&Mount>>,
    route: &Route,
) -> Option<(Place, String)> {
    let (at, path) = if route.kind == RouteKind::Mount {
        (route.at, route.path.as_known()?)
    } else {
        let at = *route.through.first()?;
        let child = *route.chain.get(1)?;
        let mount = mounts.get(&at)?.iter().find(|mount| mount.target == Some(child))?;
        (at, mount.path.as_known()?)
    };
    // `host(…)` selects by host name, not by path.
    let is_mount = matches!(context.callee_name(at).as_deref(), Some("mount" | "Mount"));
    is_mount.then(|| (at, path.trim_end_matches('/').to_owned()))
}

/// The routes so far, found again by the segments of their paths.
#[derive(Default)]
struct Table<'m> {
    entries: Vec<Entry<'m>>,
    root: Node<'m>,
    /// Entries of which a parameter crosses segments.
    crossing: Vec<usize>,
}

/// A path and what it leads to. Patterns are compiled when two paths come close to each other, which few do.
struct Entry<'m> {
    path: Cow<'m, str>,
    earlier: Earlier<'m>,
}

/// A segment of the paths so far.
#[derive(Default)]
struct Node<'m> {
    literal: FxHashMap<&'m str, Node<'m>>,
    with_params: FxHashMap<&'m str, Node<'m>>,
    entries: Vec<usize>,
}

impl<'m> Table<'m> {
    fn add(&mut self, path: impl Into<Cow<'m, str>>, earlier: Earlier<'m>) {
        let index = self.entries.len();
        let path = path.into();
        match &path {
            Cow::Borrowed(path) if !crosses_segments(path) => self.root.below(path).entries.push(index),
            _ => self.crossing.push(index),
        }
        self.entries.push(Entry { path, earlier });
    }

    fn overlap(&self, path: &str, later: &'m Route) -> Option<Overlap<'m>> {
        let mut candidates = self.crossing.clone();
        let segments: Vec<&str> = path.split('/').collect();
        self.root.collect(&segments, &mut candidates);
        candidates.sort_unstable();
        let mut methods: Vec<Arc<str>> = Vec::new();
        let mut first: Option<&Entry<'m>> = None;
        for index in candidates {
            let entry = &self.entries[index];
            let taken: Vec<_> = taken_methods(entry.earlier, later)
                .into_iter()
                .filter(|method| !methods.contains(method))
                .collect();
            if taken.is_empty() || !Pattern::new(&entry.path).covers(&Pattern::new(path)) {
                continue;
            }
            first = first.or(Some(entry));
            methods.extend(taken);
        }
        let first = first?;
        Some(Overlap {
            later,
            methods,
            earlier: first.earlier,
            same_paths: Pattern::new(path).covers(&Pattern::new(&first.path)),
        })
    }
}

/// Whether a parameter matches slashes, or may: only one with a convertor does.
fn crosses_segments(path: &str) -> bool {
    path.contains('{') && path.contains(':') && Pattern::new(path).crosses_segments()
}

impl<'m> Node<'m> {
    fn below(&mut self, path: &'m str) -> &mut Node<'m> {
        let mut node = self;
        for segment in path.split('/') {
            let children = if segment.contains('{') {
                &mut node.with_params
            } else {
                &mut node.literal
            };
            node = children.entry(segment).or_default();
        }
        node
    }

    /// Entries whose segments could each match the path's.
    fn collect(&self, segments: &[&str], found: &mut Vec<usize>) {
        let Some((first, rest)) = segments.split_first() else {
            found.extend(&self.entries);
            return;
        };
        if let Some(child) = self.literal.get(*first) {
            child.collect(rest, found);
        }
        for child in self.with_params.values() {
            child.collect(rest, found);
        }
    }
}

/// The methods of `later` that `earlier` answers. Starlette goes on searching where only the path matches.
fn taken_methods(earlier: Earlier<'_>, later: &Route) -> Vec<Arc<str>> {
    match earlier {
        Earlier::Mount { at, .. } if later.through.contains(&at) || later.at == at => Vec::new(),
        Earlier::Mount { .. } => later.methods.clone(),
        // The same registration on another way through the includes answers in the same way.
        Earlier::Route(earlier) if earlier.at == later.at => Vec::new(),
        Earlier::Route(earlier) if is_websocket(earlier.kind) != is_websocket(later.kind) => Vec::new(),
        Earlier::Route(earlier) if is_websocket(earlier.kind) => later.methods.clone(),
        Earlier::Route(earlier) => later
            .methods
            .iter()
            .filter(|method| earlier.methods.contains(method))
            .cloned()
            .collect(),
    }
}
