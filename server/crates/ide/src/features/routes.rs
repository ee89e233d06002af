//! The route table as plain rows, in the shape of `routewright routes --format json` and `routewright/routes`.

use super::route_gaps::RouteGaps;
use crate::Analysis;
use base::FileId;
use model::{BuiltinRoute, Callable, Fact, Files, Place, Route, RouteKind, Router, RouterId, Text};
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::{path::Path, sync::Arc};

/// The version of the shape; a break of it gets a new number.
pub const ROUTES_VERSION: u32 = 1;

/// Every app's routes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteTable {
    /// [`ROUTES_VERSION`].
    pub version: u32,
    /// The apps, entry points first.
    pub apps: Vec<AppRow>,
    /// One row for each method, app by app, in the order in which the app tries them.
    pub routes: Vec<RouteRow>,
    /// What stayed unknown.
    pub unresolved: Vec<UnresolvedRow>,
}

/// An app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppRow {
    /// `module:attribute` or `module:factory()`.
    pub id: Arc<str>,
    /// Relative to the root that was asked for, with `/`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// `fastapi`, `starlette`, …
    pub kind: &'static str,
    /// `module:factory()` of the function that makes it, where that is another name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Arc<str>>,
    /// What importing its module ends with, where that is certain, with the place: it serves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fails: Option<String>,
}

/// One method of one route of one app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct RouteRow {
    pub app: Arc<str>,
    /// `GET`, …, `WEBSOCKET`, `MOUNT`.
    pub method: Arc<str>,
    /// The full path; a part that is not known is `…`.
    pub path: String,
    /// `http`, `websocket`, `starlette-http`, `starlette-websocket`, `mount` or `frontend`.
    pub kind: &'static str,
    /// Absent for what has none: unnamed mounts, frontends.
    pub name: Option<String>,
    /// Module and qualified name of what is called.
    pub endpoint: Option<Arc<str>>,
    /// Relative to the root that was asked for, with `/`; `<site>/…` for an installed library.
    pub file: String,
    /// Line of the `def`, from 1.
    pub line: u32,
    pub tags: Vec<String>,
    pub status_code: Option<u16>,
    pub response_model: Option<Arc<str>>,
    pub operation_id: Option<String>,
    pub deprecated: bool,
    pub include_in_schema: bool,
    pub conditional: bool,
    pub parameters: Vec<ParameterRow>,
    pub dependencies: Vec<DependencyRow>,
    pub security: Vec<Arc<str>>,
    /// Names of the routers from the app down.
    pub chain: Vec<Arc<str>>,
    /// Whether FastAPI adds it itself (docs, OpenAPI document); `line` is then that of the call that makes the app.
    pub builtin: bool,
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteSelection<'a> {
    /// Only the routes of this app.
    pub app: Option<&'a str>,
    /// Also those that FastAPI adds itself.
    pub builtin: bool,
    /// Also what apps would serve whose import fails: who edits has such modules all the time.
    pub failing: bool,
}

/// A parameter of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterRow {
    /// As a client sends it.
    pub name: Arc<str>,
    /// `path`, `query`, `header`, `cookie`, `body`, `form` or `file`.
    pub r#in: &'static str,
    /// Whether a request must have it.
    pub required: bool,
}

/// A dependency, direct or not, each once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependencyRow {
    /// Module and qualified name.
    pub name: Arc<str>,
    /// Where it is defined, if its source is known.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
}

/// Something that can't be known without running the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnresolvedRow {
    /// Where.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What, in the source's words.
    pub what: Arc<str>,
    /// Why.
    pub why: Arc<str>,
}

impl std::fmt::Display for UnresolvedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.why)
    }
}

impl Analysis {
    /// The route table; files are named relative to `root`.
    #[must_use]
    pub fn routes(&self, root: &Path, selection: RouteSelection<'_>) -> RouteTable {
        let model = self.model();
        let is_wanted = |index: usize| {
            let app = &model.apps[index];
            selection
                .app
                .is_none_or(|id| &*app.id == id || app.made_by.as_deref() == Some(id))
        };
        let rows = model.unresolved.iter().map(|unresolved| UnresolvedRow {
            file: self.display_path(unresolved.at.file, root),
            line: self.line_of(unresolved.at),
            what: unresolved.what.clone(),
            why: unresolved.why.text.clone(),
        });
        let failing = self.failing_apps(root);
        let mut unresolved: Vec<UnresolvedRow> = rows.chain(self.broken_rows(root)).collect();
        for row in failing.iter().flatten() {
            if !unresolved
                .iter()
                .any(|known| (&known.file, known.line, &known.why) == (&row.file, row.line, &row.why))
            {
                unresolved.push(row.clone());
            }
        }
        let mut table = RouteTable {
            version: ROUTES_VERSION,
            apps: (0..model.apps.len())
                .filter(|&index| is_wanted(index))
                .map(|index| self.app_row(root, index, failing[index].as_ref()))
                .collect(),
            routes: Vec::new(),
            unresolved,
        };
        let mut gaps = RouteGaps::default();
        let is_served = |index: usize| is_wanted(index) && (selection.failing || failing[index].is_none());
        let mut builtins = model.builtins.iter().filter(|_| selection.builtin).peekable();
        for number in 0..=model.routes.len() {
            while let Some(builtin) = builtins.next_if(|builtin| builtin.before == number) {
                if is_served(builtin.app) {
                    self.add_builtin(root, builtin, &mut table);
                }
            }
            // A route whose path is not known is told among what is unresolved, with the reason.
            let route = model.routes.get(number);
            if let Some(route) = route.filter(|route| is_served(route.app) && route.path.as_known().is_some()) {
                table.routes.extend(self.route_rows(root, route, &mut gaps));
            }
        }
        table.unresolved.extend(gaps.rows(self, root));
        table
            .unresolved
            .sort_by(|a, b| (&a.file, a.line, &a.what).cmp(&(&b.file, b.line, &b.what)));
        table
    }

    /// Adds a route that FastAPI adds itself, or says why it is not known.
    fn add_builtin(&self, root: &Path, route: &BuiltinRoute, table: &mut RouteTable) {
        let model = self.model();
        let (file, line) = (self.display_path(route.at.file, root), self.line_of(route.at));
        if let Some(why) = route.path.reason() {
            table.unresolved.push(UnresolvedRow {
                file,
                line,
                what: route.kind.argument().into(),
                why: why.text.clone(),
            });
            return;
        }
        let function = route.kind.function();
        table.routes.push(RouteRow {
            app: model.apps[route.app].id.clone(),
            method: Arc::from("GET"),
            path: route.path.to_string(),
            kind: kind_name(RouteKind::StarletteHttp),
            name: Some(function.to_owned()),
            endpoint: Some(format!("fastapi.applications.FastAPI.setup.<locals>.{function}").into()),
            file,
            line,
            tags: Vec::new(),
            status_code: None,
            response_model: None,
            operation_id: None,
            deprecated: false,
            include_in_schema: false,
            conditional: route.conditional,
            parameters: Vec::new(),
            dependencies: Vec::new(),
            security: Vec::new(),
            chain: self.chain_names(&route.chain),
            builtin: true,
        });
    }

    fn chain_names(&self, chain: &[RouterId]) -> Vec<Arc<str>> {
        let routers = &self.model().routers;
        chain.iter().map(|id| router_name(&routers[id.0 as usize])).collect()
    }

    fn app_row(&self, root: &Path, index: usize, failure: Option<&UnresolvedRow>) -> AppRow {
        let app = &self.model().apps[index];
        let router = &self.model().routers[app.router.0 as usize];
        AppRow {
            id: app.id.clone(),
            file: self.display_path(app.file, root),
            line: self.line_of_app(app.file, router),
            kind: match router.kind {
                model::RouterKind::FastApi => "fastapi",
                model::RouterKind::ApiRouter => "apirouter",
                model::RouterKind::Starlette => "starlette",
                model::RouterKind::StarletteRouter => "starlette-router",
            },
            made_by: app.made_by.clone(),
            fails: failure.map(UnresolvedRow::to_string),
        }
    }

    /// Where an app is made, or, if another file than its own completes it, the first thing that this one registers.
    fn line_of_app(&self, file: FileId, router: &Router) -> u32 {
        let made = router.bound_at.unwrap_or(router.made_at);
        let places = std::iter::once(made).chain(router.events.iter().map(|event| event.at));
        let here = places.into_iter().find(|place| place.file == file);
        here.map_or(1, |place| self.line_of(place))
    }

    fn route_rows(&self, root: &Path, route: &Route, gaps: &mut RouteGaps) -> Vec<RouteRow> {
        let model = self.model();
        let operation = route.operation.map(|id| &model.operations[id.0 as usize]);
        let endpoint = route.endpoint.map(|id| &model.callables[id.0 as usize]);
        let requirements = model.requirements(route);
        gaps.note(self, route, &requirements);
        let place = endpoint.and_then(|callable| callable.def).unwrap_or(route.at);
        let row = RouteRow {
            app: model.apps[route.app].id.clone(),
            method: Arc::from(""),
            path: route.path.to_string(),
            kind: kind_name(route.kind),
            name: (!route.name.is_empty()).then(|| route.name.to_string()),
            endpoint: endpoint.map(|callable| callable.name.clone()),
            file: self.display_path(place.file, root),
            line: self.line_of(place),
            tags: texts(&route.tags),
            status_code: operation.and_then(|operation| operation.status_code.known().copied().flatten()),
            response_model: operation.and_then(|operation| Some(operation.response_model.as_ref()?.display.clone())),
            operation_id: operation.and_then(|operation| Some(operation.operation_id.as_ref()?.to_string())),
            deprecated: route.deprecated,
            include_in_schema: route.include_in_schema,
            conditional: route.conditional,
            parameters: requirements
                .parameters
                .iter()
                .map(|parameter| ParameterRow {
                    name: parameter.name.clone(),
                    r#in: parameter.place_in.as_str(),
                    required: parameter.required,
                })
                .collect(),
            dependencies: self.dependency_rows(root, &requirements),
            security: requirements.security,
            chain: self.chain_names(&route.chain),
            builtin: false,
        };
        route
            .methods
            .iter()
            .map(|method| RouteRow {
                method: method.clone(),
                ..row.clone()
            })
            .collect()
    }

    fn dependency_rows(&self, root: &Path, requirements: &model::Requirements) -> Vec<DependencyRow> {
        let mut seen = FxHashSet::default();
        requirements
            .dependencies
            .iter()
            .filter_map(|node| node.callable)
            .filter(|id| seen.insert(*id))
            .map(|id| {
                let callable: &Callable = &self.model().callables[id.0 as usize];
                DependencyRow {
                    name: callable.name.clone(),
                    file: callable.def.map(|place| self.display_path(place.file, root)),
                    line: callable.def.map(|place| self.line_of(place)),
                }
            })
            .collect()
    }

    /// The line of a place, from 1.
    pub(crate) fn line_of(&self, place: Place) -> u32 {
        self.source(place.file)
            .lines
            .line(self.sources().span(place).start)
            .saturating_add(1)
    }

    /// A file's path for people: relative to `root` with `/`, `<site>/…` for an installed library.
    #[must_use]
    pub fn display_path(&self, file: FileId, root: &Path) -> String {
        let path = self.path(file);
        if let Ok(relative) = path.strip_prefix(root)
            && !is_in_site(relative)
        {
            return slashed(relative);
        }
        let components: Vec<_> = path.iter().collect();
        match components.iter().rposition(|c| is_site_folder(c)) {
            Some(site) => format!(
                "<site>/{}",
                slashed(&components[site + 1..].iter().collect::<std::path::PathBuf>())
            ),
            None => slashed(&path),
        }
    }
}

fn is_site_folder(component: &std::ffi::OsStr) -> bool {
    component == "site-packages" || component == "dist-packages"
}

fn is_in_site(path: &Path) -> bool {
    path.iter().any(is_site_folder)
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// The kind as JSON output names it.
pub(crate) fn kind_name(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Http => "http",
        RouteKind::WebSocket => "websocket",
        RouteKind::StarletteHttp => "starlette-http",
        RouteKind::StarletteWebSocket => "starlette-websocket",
        RouteKind::Mount => "mount",
        RouteKind::Frontend => "frontend",
    }
}

/// `module:name` of a router, or what it is where it has no name.
pub(crate) fn router_name(router: &Router) -> Arc<str> {
    router.name.clone().unwrap_or_else(|| {
        Arc::from(match router.kind {
            model::RouterKind::FastApi => "FastAPI()",
            model::RouterKind::ApiRouter => "APIRouter()",
            model::RouterKind::Starlette => "Starlette()",
            model::RouterKind::StarletteRouter => "Router()",
        })
    })
}

/// The texts of a fact; none where it is not known.
pub(crate) fn texts(fact: &Fact<impl AsRef<[Text]>>) -> Vec<String> {
    fact.known()
        .map(|texts| texts.as_ref().iter().map(ToString::to_string).collect())
        .unwrap_or_default()
}
