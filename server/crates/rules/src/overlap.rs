//! Routes that another route of the same app leaves nothing to: it comes first and matches every path of theirs.

use crate::Context;
use crate::pattern::Pattern;
use crate::routes;
use base::FileId;
use model::{EventKind, Model, Mount, Place, Route, RouteKind, RouterId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{borrow::Cow, cell::OnceCell, sync::Arc};

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

impl Overlap<'_> {
    /// The file in which it is to be reported.
    pub(crate) fn file(&self, model: &Model) -> FileId {
        let operation = routes::operation(model, self.later);
        operation.map_or(self.later.at, routes::path_place).file
    }
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
    let mut mounts = Mounts::new(context, routes);
    for later in routes.iter().filter(|route| !route.conditional) {
        if let Some((at, path)) = mounts.first_on_the_way(later)
            && mounted.insert((at, path.clone()))
        {
            table.add_crossing(format!("{path}/{{path:path}}"), Earlier::Mount { at, below: later });
        }
        let Some(path) = later.path.as_known() else { continue };
        if is_comparable(later.kind) && path.matches('/').count() <= MAX_SEGMENTS {
            table.walk(path);
            found.extend(table.overlap(path, later));
            table.add(path, Earlier::Route(later));
        }
    }
    found
}

/// Frontends are tried when nothing else matches (FastAPI 0.138); mounts are looked at where they begin.
fn is_comparable(kind: RouteKind) -> bool {
    !matches!(kind, RouteKind::Frontend | RouteKind::Mount)
}

fn is_websocket(kind: RouteKind) -> bool {
    matches!(kind, RouteKind::WebSocket | RouteKind::StarletteWebSocket)
}

/// The mounts on an app itself: in front of deeper ones there may be prefixes.
struct Mounts<'m> {
    context: Context<'m>,
    by_call: FxHashMap<Place, Vec<&'m Mount>>,
    /// Calls and mounted apps that were met.
    met: FxHashSet<(Place, RouterId)>,
}

impl<'m> Mounts<'m> {
    fn new(context: &Context<'m>, routes: &[Route]) -> Self {
        let mut by_call: FxHashMap<Place, Vec<&Mount>> = FxHashMap::default();
        let app = routes.iter().find_map(|route| route.chain.first());
        let app = app.and_then(|id| context.model.routers.get(id.0 as usize));
        for event in app.into_iter().flat_map(|app| &app.events) {
            if let EventKind::Mount(mount) = &event.kind {
                by_call.entry(event.at).or_default().push(mount);
            }
        }
        Self {
            context: *context,
            by_call,
            met: FxHashSet::default(),
        }
    }

    /// The call that mounts the app which a route is served by, with the path that it takes away from the outermost app;
    /// for the first route that is served by it.
    fn first_on_the_way(&mut self, route: &Route) -> Option<(Place, String)> {
        let (at, path) = if route.kind == RouteKind::Mount {
            (route.at, route.path.as_known()?)
        } else {
            let at = *route.through.first()?;
            let mounts = self.by_call.get(&at)?;
            let child = *route.chain.get(1)?;
            if !self.met.insert((at, child)) {
                return None;
            }
            let mount = mounts.iter().find(|mount| mount.target == Some(child))?;
            (at, mount.path.as_known()?)
        };
        // `host(…)` selects by host name, not by path.
        let is_mount = matches!(self.context.callee_name(at).as_deref(), Some("mount" | "Mount"));
        is_mount.then(|| (at, path.trim_end_matches('/').to_owned()))
    }
}

/// The routes so far, found again by the segments of their paths.
///
/// Neighbours in a route table begin alike, so the way of the last path is kept and gone on from where the next one
/// leaves it.
struct Table<'m> {
    entries: Vec<Entry<'m>>,
    nodes: Vec<Node>,
    children: FxHashMap<(NodeId, &'m str), NodeId>,
    /// Entries of which a parameter crosses segments.
    crossing: Vec<usize>,
    /// The path that was walked last, and its steps, one a segment.
    walked: &'m str,
    steps: Vec<Step>,
    /// The nodes that match, step by step.
    matching: Vec<NodeId>,
}

type NodeId = u32;

const ROOT: NodeId = 0;

/// A path and what it leads to.
struct Entry<'m> {
    path: Cow<'m, str>,
    /// Compiled when another path comes close, which few do.
    pattern: OnceCell<Pattern>,
    earlier: Earlier<'m>,
}

/// The end of some segments.
#[derive(Default)]
struct Node {
    /// Next segments that have parameters.
    with_params: Vec<NodeId>,
    /// Paths that end here.
    entries: Vec<usize>,
}

/// A segment of the path that is walked.
#[derive(Clone, Copy)]
struct Step {
    /// Where it ends in the path, in bytes.
    end: usize,
    /// The node of the path itself.
    own: NodeId,
    /// Where the nodes begin that each segment so far matches, this one included; they end with the next step's.
    matching: usize,
}

impl Default for Table<'_> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            nodes: vec![Node::default()],
            children: FxHashMap::default(),
            crossing: Vec::new(),
            walked: "",
            steps: Vec::new(),
            matching: Vec::new(),
        }
    }
}

impl<'m> Table<'m> {
    /// Goes down to a path.
    fn walk(&mut self, path: &'m str) {
        self.go_back_to_fork(path);
        self.walked = path;
        let mut start = self.steps.last().map_or(0, |step| step.end + 1);
        while start <= path.len() {
            let end = path[start..].find('/').map_or(path.len(), |len| start + len);
            self.step(&path[start..end], end);
            start = end + 1;
        }
    }

    /// Keeps the steps that the path has in common with the last one.
    fn go_back_to_fork(&mut self, path: &str) {
        let (last, path) = (self.walked.as_bytes(), path.as_bytes());
        let common = last.iter().zip(path).take_while(|(a, b)| a == b).count();
        let is_kept = |step: &Step| step.end <= common && path.get(step.end).is_none_or(|byte| *byte == b'/');
        let kept = self.steps.partition_point(is_kept);
        if let Some(first_lost) = self.steps.get(kept) {
            self.matching.truncate(first_lost.matching);
            self.steps.truncate(kept);
        }
    }

    fn step(&mut self, segment: &'m str, end: usize) {
        let last = self.steps.last().copied();
        let own = self.child(last.map_or(ROOT, |last| last.own), segment);
        let matching = self.matching.len();
        match last {
            Some(last) => {
                for index in last.matching..matching {
                    self.follow(self.matching[index], segment);
                }
            }
            None => self.follow(ROOT, segment),
        }
        self.steps.push(Step { end, own, matching });
    }

    /// Notes the nodes behind one that match a segment.
    fn follow(&mut self, node: NodeId, segment: &'m str) {
        if !segment.contains('{') {
            self.matching.extend(self.children.get(&(node, segment)));
        }
        self.matching.extend(&self.nodes[node as usize].with_params);
    }

    fn child(&mut self, node: NodeId, segment: &'m str) -> NodeId {
        *self.children.entry((node, segment)).or_insert_with(|| {
            let child = self.nodes.len() as NodeId;
            self.nodes.push(Node::default());
            if segment.contains('{') {
                self.nodes[node as usize].with_params.push(child);
            }
            child
        })
    }

    /// Adds the path that was walked last.
    fn add(&mut self, path: &'m str, earlier: Earlier<'m>) {
        match self.steps.last() {
            Some(step) if !crosses_segments(path) => {
                self.nodes[step.own as usize].entries.push(self.entries.len());
                self.entries.push(Entry::new(path, earlier));
            }
            _ => self.add_crossing(path, earlier),
        }
    }

    fn add_crossing(&mut self, path: impl Into<Cow<'m, str>>, earlier: Earlier<'m>) {
        self.crossing.push(self.entries.len());
        self.entries.push(Entry::new(path, earlier));
    }

    /// What of the entries so far is in front of a route whose path was walked last.
    fn overlap(&self, path: &str, later: &'m Route) -> Option<Overlap<'m>> {
        let nodes = &self.matching[self.steps.last()?.matching..];
        let alike = nodes.iter().flat_map(|node| &self.nodes[*node as usize].entries);
        let crossing = self
            .crossing
            .iter()
            .filter(|index| self.entries[**index].begins_like(path));
        let mut candidates: Vec<usize> = alike.chain(crossing).copied().collect();
        candidates.sort_unstable();
        let own = OnceCell::new();
        let own = || own.get_or_init(|| Pattern::new(path));
        let mut methods: Vec<Arc<str>> = Vec::new();
        let mut first: Option<&Entry<'m>> = None;
        for index in candidates {
            let entry = &self.entries[index];
            if may_come_behind(entry.earlier, later) {
                continue;
            }
            let taken: Vec<_> = taken_methods(entry.earlier, later)
                .into_iter()
                .filter(|method| !methods.contains(method))
                .collect();
            if taken.is_empty() || !entry.pattern().covers(own()) {
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
            same_paths: own().covers(first.pattern()),
        })
    }
}

impl<'m> Entry<'m> {
    fn new(path: impl Into<Cow<'m, str>>, earlier: Earlier<'m>) -> Self {
        Self {
            path: path.into(),
            pattern: OnceCell::new(),
            earlier,
        }
    }

    fn pattern(&self) -> &Pattern {
        self.pattern.get_or_init(|| Pattern::new(&self.path))
    }

    /// Whether a path has the text in front of this one's first parameter, as one must that it covers.
    fn begins_like(&self, path: &str) -> bool {
        path.starts_with(self.path.split('{').next().unwrap_or_default())
    }
}

/// Whether nobody knows which of two comes first.
fn may_come_behind(earlier: Earlier<'_>, later: &Route) -> bool {
    let (Earlier::Route(first) | Earlier::Mount { below: first, .. }) = earlier;
    match (&first.round, &later.round) {
        (Some(first), Some(later)) => first.is_beside(later),
        _ => false,
    }
}

/// Whether a parameter matches slashes, or may: only one with a convertor does.
fn crosses_segments(path: &str) -> bool {
    path.contains('{') && path.contains(':') && Pattern::new(path).crosses_segments()
}

/// The methods of `later` that `earlier` answers. Starlette goes on searching where only the path matches.
fn taken_methods(earlier: Earlier<'_>, later: &Route) -> Vec<Arc<str>> {
    match earlier {
        Earlier::Mount { at, .. } if later.through.contains(&at) || later.at == at => Vec::new(),
        Earlier::Mount { .. } => later.methods.to_vec(),
        // The same registration on another way through the includes answers in the same way.
        Earlier::Route(earlier) if earlier.at == later.at => Vec::new(),
        Earlier::Route(earlier) if is_websocket(earlier.kind) != is_websocket(later.kind) => Vec::new(),
        Earlier::Route(earlier) if is_websocket(earlier.kind) => later.methods.to_vec(),
        Earlier::Route(earlier) => later
            .methods
            .iter()
            .filter(|method| earlier.methods.contains(method))
            .cloned()
            .collect(),
    }
}
