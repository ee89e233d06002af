//! What is offered where: titles of scaffolds over several files for the app, the router or the path operation that a
//! selection stands on. Cheap: nothing is built. What the project has already is not offered.

use crate::{
    ScaffoldRequest, Site, auth, database, errors,
    ground::{AppPlace, Part},
    health, lifespan, logging, middleware,
    require::{self, RequireRequest},
    resource, router, schemas, settings, table, testing,
};
use base::{FileId, Span};
use facts::{Function, Stmt};
use model::{Place, RouterKind, StmtPlace};
use style::Source;

/// A title and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// In the imperative.
    pub title: String,
    /// What [`crate::build`] takes.
    pub request: ScaffoldRequest,
    /// The command line that does the same, in the project's folder.
    pub command: String,
    /// Whether the edit makes files.
    pub makes_files: bool,
}

/// What can be added where a selection stands.
#[must_use]
pub fn offers(site: &Site<'_>, file: FileId, selection: Span) -> Vec<Offer> {
    let Some(source) = Source::read(site.ctx.files, file) else {
        return Vec::new();
    };
    let below = shown(site, file);
    if let Some(Maker {
        place,
        name,
        kind,
        lines,
    }) = maker(site, &source, selection)
    {
        let ground = site.known_ground();
        let is_app = ground.app.as_ref().is_some_and(|app| app.made_at == place);
        let mut offers = match (kind, &ground.app) {
            (RouterKind::FastApi, Some(app)) if is_app => parts(site, app),
            (RouterKind::ApiRouter, Some(_)) => [auth_part(site), router_part(site)].into_iter().flatten().collect(),
            _ => Vec::new(),
        };
        offers.extend(tests_offer(site, &below, file, None));
        offers.extend(guards(site, &below, &source, lines, &name));
        return offers;
    }
    match operation(site, &source, selection) {
        Some((name, lines)) => {
            let mut offers: Vec<Offer> = tests_offer(site, &below, file, Some(&name)).into_iter().collect();
            offers.extend(guards(site, &below, &source, lines, &name));
            offers
        }
        None => {
            let resource = resource_offer(site, &source, selection).into_iter();
            resource
                .chain(schemas::offer(site, &source, selection, &below))
                .chain(table::offer(site, &source, selection, &below))
                .collect()
        }
    }
}

/// The resource of the model whose class a selection names.
fn resource_offer(site: &Site<'_>, source: &Source, selection: Span) -> Option<Offer> {
    let mut schemas = site.ctx.model.schemas.iter();
    let schema = schemas.find(|schema| {
        let def = schema.def;
        let lines = (def.file == source.file).then(|| source.lines(source.spans.expr(def.unit, def.expr)));
        lines.is_some_and(|lines| lines.start <= selection.end && selection.start <= lines.end)
    })?;
    site.known_ground().app.as_ref()?;
    let request = resource::offered(site, schema)?;
    let model = request.model.as_deref().unwrap_or_default();
    Some(Offer {
        title: format!("Add CRUD for `{}`", schema.name),
        command: format!("routewright add resource {} --model {model}", request.name),
        request: ScaffoldRequest::Resource(request),
        makes_files: true,
    })
}

/// An app or router: where it is made, under which name, which of the two it is, and its lines.
struct Maker {
    place: Place,
    name: String,
    kind: RouterKind,
    lines: Span,
}

/// The app or router that is made on the lines of a selection.
fn maker(site: &Site<'_>, source: &Source, selection: Span) -> Option<Maker> {
    site.ctx.model.routers.iter().find_map(|router| {
        let at = router.made_at;
        let bound = router.bound_at.filter(|bound| bound.file == source.file)?;
        if at.file != source.file || !matches!(router.kind, RouterKind::FastApi | RouterKind::ApiRouter) {
            return None;
        }
        let lines = source.lines(source.spans.expr(at.unit, at.expr));
        let name = source.expr_text(bound.unit, bound.expr);
        let is_there = lines.start <= selection.end && selection.start <= lines.end;
        (is_there && style::words::is_identifier(name)).then(|| Maker {
            place: at,
            name: name.to_owned(),
            kind: router.kind,
            lines,
        })
    })
}

/// The path operation whose decorators or signature a selection stands on: its function's name and lines.
fn operation(site: &Site<'_>, source: &Source, selection: Span) -> Option<(String, Span)> {
    let model = site.ctx.model;
    let operations = model
        .operations
        .iter()
        .filter(|operation| operation.at.file == source.file);
    operations
        .filter_map(|operation| model.callables.get(operation.endpoint.known()?.0 as usize)?.stmt)
        .filter(|place| place.file == source.file)
        .find_map(|place| {
            let Some(Stmt::Function(function)) = source.unit(place.unit)?.stmts.get(place.stmt.0 as usize) else {
                return None;
            };
            let head = head(source, place, function)?;
            let is_there = head.start <= selection.start && selection.start < head.end;
            let name = style::last_name(source.unit(place.unit)?, function.name);
            let lines = source.lines(source.spans.stmt(place.unit, place.stmt));
            is_there.then(|| (name.to_owned(), lines))
        })
}

/// The lines of a function up to its body.
fn head(source: &Source, place: StmtPlace, function: &Function) -> Option<Span> {
    let (unit, body) = source.body(place.unit, function);
    let start = source.line_start(source.spans.stmt(place.unit, place.stmt).start);
    let body = source.spans.stmt(unit, *body.first()?).start;
    let end = source.line_start(body).max(start);
    // A body on the line of its `def` is no place of its own.
    Some(Span::new(start, if end == start { source.line_end(body) } else { end }))
}

/// What the app of the project lacks.
fn parts(site: &Site<'_>, app: &AppPlace) -> Vec<Offer> {
    let ground = site.known_ground();
    let part = |title: &str, command: &str, request: ScaffoldRequest| Offer {
        title: title.to_owned(),
        request,
        command: format!("routewright add {command}"),
        makes_files: true,
    };
    let is_free = matches!((&ground.session, &ground.base), (Part::Free(_), Part::Free(_)));
    let lifespan_title = lifespan::title(&ground);
    let offers = [
        settings::standing(site, &ground).is_none().then(|| {
            part(
                "Add settings from the environment",
                "settings",
                ScaffoldRequest::Settings(Default::default()),
            )
        }),
        is_free.then(|| {
            part(
                "Add a database",
                "database",
                ScaffoldRequest::Database(database::DatabaseRequest::default()),
            )
        }),
        auth_part(site),
        router_part(site),
        matches!(ground.errors, Part::Free(_)).then(|| {
            part(
                "Add errors and their handlers",
                "errors",
                ScaffoldRequest::Errors(errors::ErrorsRequest {}),
            )
        }),
        (!health::is_served(site, &ground)).then(|| {
            part(
                "Add health and readiness endpoints",
                "health",
                ScaffoldRequest::Health(health::HealthRequest {}),
            )
        }),
        (!logging::is_there(site, &ground)).then(|| {
            part(
                "Add structured logging",
                "logging",
                ScaffoldRequest::Logging(logging::LoggingRequest {}),
            )
        }),
        (!middleware::is_there(&ground)).then(|| {
            part(
                "Add middleware",
                "middleware",
                ScaffoldRequest::Middleware(middleware::MiddlewareRequest {}),
            )
        }),
        lifespan_title.map(|title| Offer {
            makes_files: false,
            ..part(
                title,
                "lifespan",
                ScaffoldRequest::Lifespan(lifespan::LifespanRequest {}),
            )
        }),
        (matches!(ground.client, Part::Free(_)) && app.factory.is_none()).then(|| {
            part(
                "Add fixtures for tests",
                "tests",
                ScaffoldRequest::Tests(testing::TestsRequest::default()),
            )
        }),
    ];
    offers.into_iter().flatten().collect()
}

fn auth_part(site: &Site<'_>) -> Option<Offer> {
    auth::is_possible(site).then(|| Offer {
        title: "Add auth: sign-up, login, tokens".to_owned(),
        request: ScaffoldRequest::Auth(auth::AuthRequest::default()),
        command: "routewright add auth".to_owned(),
        makes_files: true,
    })
}

/// Its name is changed afterwards.
fn router_part(site: &Site<'_>) -> Option<Offer> {
    let name = "example";
    let ground = site.known_ground();
    let path = router::module_of(&ground, name).ok()?;
    (!ground.layers.is_module(&path)).then(|| Offer {
        title: "Add a router".to_owned(),
        request: ScaffoldRequest::Router(router::RouterRequest {
            name: name.to_owned(),
            prefix: None,
            tag: None,
        }),
        command: format!("routewright add router {name}"),
        makes_files: true,
    })
}

/// The tests of a module's path operations, or of one of them, where any can be written that are not there.
fn tests_offer(site: &Site<'_>, below: &str, file: FileId, name: Option<&str>) -> Option<Offer> {
    let request = testing::TestsRequest {
        file: Some(below.into()),
        name: name.map(str::to_owned),
    };
    testing::is_possible(site, file, &request).then(|| Offer {
        title: match name {
            Some(name) => format!("Add tests for `{name}`"),
            None => "Add tests for the path operations of this module".to_owned(),
        },
        command: format!("routewright add tests {}", on(below, name)),
        request: ScaffoldRequest::Tests(request),
        makes_files: true,
    })
}

/// Who can be required on what has a name and stands on some lines of a module.
fn guards(site: &Site<'_>, below: &str, source: &Source, lines: Span, name: &str) -> Vec<Offer> {
    let path = site.ctx.files.path(source.file);
    let possible = require::possible(site, &path, &source.text, lines, name).into_iter();
    possible
        .map(|requirement| Offer {
            title: format!("{} `{name}`", requirement.title()),
            command: format!(
                "routewright add auth --on {} --require {}",
                on(below, Some(name)),
                String::from(requirement.clone())
            ),
            request: ScaffoldRequest::Require(RequireRequest {
                file: below.into(),
                name: Some(name.to_owned()),
                requirement,
            }),
            makes_files: false,
        })
        .collect()
}

/// `app/items.py:read_item`.
fn on(below: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{below}:{name}"),
        None => below.to_owned(),
    }
}

/// A file's path below the project's folder.
fn shown(site: &Site<'_>, file: FileId) -> String {
    let path = site.ctx.files.path(file);
    path.strip_prefix(site.root).unwrap_or(&path).display().to_string()
}
