//! `path-param-undeclared`: a `{parameter}` of a path that nothing declares.

use crate::pattern::{PathParam, names, params};
use crate::{Context, Finding, Findings, FixKind, Group, Rule, RuleMeta, Severity, literal, routes, signature, Pass};
use base::{FileId, Span};
use facts::{Expr, FileFacts, FunctionBody, ParamKind, Stmt, Unit, UnitCell};
use model::{Callable, CallableId, Model, Operation, ParamIn, Parameter, Piece, Place, Role, Route, RouteKind, RouteParameter, Text};
use rustc_hash::FxHashSet;
use std::sync::Arc;

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "path-param-undeclared",
        group: Group::Routing,
        severity: Severity::Warning,
        summary: "A parameter of the path is declared by neither the function nor any of its dependencies",
        docs: DOCS,
        fix: FixKind::Unsafe,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds a `{parameter}` in the path of a path operation that neither its function nor any of its dependencies declares.
It looks where FastAPI looks: through the whole tree of dependencies, those of decorator, routers, includes and app
among them, in whatever file; through aliases of `Annotated` types, classes as dependencies, Pydantic models as
parameter sources (`Annotated[Filters, Path()]`), and `Path(alias="item_id")`. A parameter that comes from a prefix
counts as well.

It also finds path parameters that are declared positional-only (`def read_item(item_id: int, /)`).

## Why is this bad?

A parameter that isn't declared is matched, thrown away and never validated: `/items/abc` is answered like `/items/1`.
The OpenAPI document doesn't list it, so that generated clients and the docs page can't fill it in. If the function has
a parameter of a slightly different name, that one becomes a required query parameter, and requests are answered 422.
It is the same in every FastAPI release tried, from 0.115 to 0.163.

FastAPI passes arguments by name, so that with a positional-only parameter every request fails with a `TypeError` and is
answered 500; that finding is an error.

## Example

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(id: int) -> int:
    return id
```

Use instead:

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int) -> int:
    return item_id
```

## When it stays silent

- Something in the function's signature or its tree of dependencies isn't known: a wrapper that can't be followed, a
  `Depends(…)` that is given something unknown, a dependency that takes `**kwargs`.
- The function is a method that is decorated in its class: libraries for class-based views rewrite its signature.
- The function or one of its dependencies takes the `Request` or `WebSocket` and reads `path_params`, `url` or `scope`
  of it, or hands it on in a project that reads `path_params` anywhere: the value may be used there.
- The function marks the parameter as something else, `item_id: Annotated[int, Query()]`: FastAPI raises
  ``AssertionError: Cannot use `Query` for path param 'item_id'`` at import.
- The parameter belongs to the path of a mount: the mounted app has no say in it.
- The operation is served in several ways, and one of them declares or lacks the parameter.
- The operation belongs to no app that is known.

## How to fix

The fix adds a parameter to the function: behind the path parameters that stand before it, with the type that the
convertor asks for (`{item_id:int}`) or that functions with the same parameter use, otherwise `str`. Look it over, since the
name in the path may be the one that is wrong.

## Related rules

ruff's `fast-api-unused-path-parameter` (FAST003) reports the same mistake in what one file shows, and the two agree
there. It takes parameters for missing that an alias, an import or another file declares. Where both run, switch
FAST003 off.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    let routes = context.model.routes.iter();
    let mut ways: Vec<&Route> = routes
        .filter(|route| matches!(route.kind, RouteKind::Http | RouteKind::WebSocket))
        .collect();
    ways.sort_by_key(|route| route.operation);
    for ways in ways.chunk_by(|a, b| a.operation == b.operation) {
        if ways.iter().any(|route| has_parameter(&route.path))
            && let Some(operation) = routes::operation(context.model, ways[0])
        {
            of_operation(context, operation, ways, out);
        }
    }
}

fn has_parameter(path: &Text) -> bool {
    known(path).any(|text| text.contains('{'))
}

fn of_operation(context: &Pass<'_>, operation: &Operation, ways: &[&Route], out: &mut Findings<'_>) {
    let model = context.model;
    let Some(endpoint) = operation.endpoint.known().and_then(|id| model.callables.get(id.0 as usize)) else {
        return;
    };
    let is_wanted = out.wants(routes::path_place(operation).file)
        || positional_only(endpoint).any(|parameter| parameter.at.is_some_and(|at| out.wants(at.file)));
    if !is_wanted || takes_all_by_name(endpoint, ways) {
        return;
    }
    if endpoint.opaque.is_some() || takes_anything(endpoint) || is_method_of_view(context, operation, endpoint) {
        return;
    }
    let wanted = wanted(context, &operation.path, ways);
    report_positional_only(context, endpoint, &wanted, out);
    let mut missing: Vec<&Wanted> = wanted.iter().filter(|param| !declares(endpoint, &param.name)).collect();
    for way in ways {
        if missing.is_empty() {
            return;
        }
        let Some(declared) = declared_by_dependencies(context, way) else {
            return;
        };
        missing.retain(|param| !declared.contains(&*param.name));
    }
    let order: Vec<&str> = wanted.iter().map(|param| param.name.as_str()).collect();
    for param in missing {
        let at = routes::path_place(operation);
        let message = format!(
            "Path parameter `{}` is declared neither by `{}` nor by its dependencies: its value is thrown away",
            param.name,
            endpoint.name.rsplit('.').next().unwrap_or(&endpoint.name),
        );
        let span = span_in_path(context, at, param).unwrap_or_else(|| context.span(at));
        let mut finding = Finding::new(&RULE.meta, at.file, span, message);
        if let Some(prefix) = param.prefix {
            finding = finding.related(prefix.file, context.span(prefix), "it comes from this prefix");
        }
        out.push(finding.fix(signature::add_path_parameter(context, endpoint, &param.param, &order)));
    }
}

/// Whether the function takes each parameter of its paths, which most do: the quick way out.
fn takes_all_by_name(endpoint: &Callable, ways: &[&Route]) -> bool {
    let mut names = ways.iter().flat_map(|way| known(&way.path)).flat_map(names);
    positional_only(endpoint).next().is_none() && names.all(|name| declares(endpoint, name))
}

fn positional_only(endpoint: &Callable) -> impl Iterator<Item = &Parameter> {
    let parameters = endpoint.parameters.iter();
    parameters.filter(|parameter| parameter.kind == ParamKind::PositionalOnly)
}

fn takes_anything(endpoint: &Callable) -> bool {
    endpoint.parameters.iter().any(|parameter| parameter.kind == ParamKind::VarKeyword)
}

/// Whether the decorator stands on a method in its class: libraries of class-based views rewrite its signature.
fn is_method_of_view(context: &Context<'_>, operation: &Operation, endpoint: &Callable) -> bool {
    let Some(at) = endpoint.stmt else { return false };
    let Some(Stmt::Function(function)) = context.stmt(at) else {
        return false;
    };
    let is_decorated_with_it =
        (at.file, at.unit) == (operation.at.file, operation.at.unit) && function.decorators.contains(&operation.at.expr);
    let first = function.params.list.first().and_then(|param| {
        context.expr(Place {
            file: at.file,
            unit: at.unit,
            expr: param.name,
        })
    });
    is_decorated_with_it && matches!(first, Some(Expr::Name(name)) if name == "self" || name == "cls")
}

/// A parameter that the operation's path has on every way to it.
struct Wanted {
    name: String,
    param: PathParam,
    /// The prefix that brings it, if one does; otherwise it stands in the operation's own path.
    prefix: Option<Place>,
}

fn wanted(context: &Context<'_>, own: &Text, ways: &[&Route]) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = from_prefixes(context, ways);
    wanted.extend(params_of(own).into_iter().map(|param| Wanted {
        name: param.name.clone(),
        param,
        prefix: None,
    }));
    wanted
}

/// Parameters of prefixes that stand in front of the operation in every app that serves it.
fn from_prefixes(context: &Context<'_>, ways: &[&Route]) -> Vec<Wanted> {
    let of_way = |way: &&Route| -> Vec<Wanted> {
        let prefixes = routes::prefixes(context.model, way).unwrap_or_default();
        let params = prefixes.iter().flat_map(|(prefix, at)| {
            params_of(prefix).into_iter().map(|param| Wanted {
                name: param.name.clone(),
                param,
                prefix: *at,
            })
        });
        params.collect()
    };
    let Some((first, others)) = ways.split_first() else {
        return Vec::new();
    };
    let mut common = of_way(first);
    for way in others {
        let names: Vec<String> = of_way(way).into_iter().map(|param| param.name).collect();
        common.retain(|param| names.contains(&param.name));
    }
    common
}

fn params_of(text: &Text) -> Vec<PathParam> {
    known(text).flat_map(params).collect()
}

/// What is known of a text.
fn known(text: &Text) -> impl Iterator<Item = &str> {
    text.pieces().iter().filter_map(|piece| match piece {
        Piece::Known(text) => Some(&**text),
        Piece::Hole(_) => None,
    })
}

/// Whether the function itself takes the path parameter; what isn't known of it counts as taken.
fn declares(endpoint: &Callable, name: &str) -> bool {
    endpoint.parameters.iter().any(|parameter| match &parameter.role {
        Role::Implicit { .. } => &*parameter.name == name,
        // Another marker than `Path` for a name of the path fails in a way of its own, at import.
        Role::Marked { .. } if &*parameter.name == name => true,
        Role::Marked { model: Some(_), .. } => false,
        Role::Marked { place_in, .. } => {
            *place_in == ParamIn::Path && parameter.aliases.iter().any(|alias| &**alias == name)
        }
        Role::Unknown(_) => true,
        Role::Depends(_) | Role::Special => false,
    })
}

/// The names that are declared on a way, by whatever dependency. None where there may be more of them.
fn declared_by_dependencies(context: &Pass<'_>, way: &Route) -> Option<FxHashSet<Arc<str>>> {
    let model = context.model;
    let requirements = model.requirements(way);
    let called = requirements.dependencies.iter().filter_map(|node| node.callable);
    let is_known = |id: CallableId| {
        let callable = model.callables.get(id.0 as usize);
        callable.is_some_and(|callable| callable.opaque.is_none() && !reads_path_by_hand(context, callable))
    };
    if requirements.incomplete.is_some() || !way.endpoint.into_iter().chain(called).all(is_known) {
        return None;
    }
    // With another marker than `Path`, a name of the path fails at import; a model's fields are no parameters of their own.
    let parameters = requirements.parameters.into_iter();
    let declares = |parameter: &RouteParameter| parameter.model.is_none() || parameter.place_in == ParamIn::Path;
    Some(parameters.filter(declares).map(|parameter| parameter.name).collect())
}

/// Whether a callable takes the request and may look at its path parameters itself.
fn reads_path_by_hand(context: &Pass<'_>, callable: &Callable) -> bool {
    requests(callable).any(|parameter| {
        let facts = parameter.at.and_then(|at| context.files.facts(at.file));
        match facts.map_or(RequestUse::HandedOn, |facts| request_use(&facts, callable, parameter)) {
            RequestUse::Harmless => false,
            RequestUse::Path => true,
            RequestUse::HandedOn => context.reads_path_params(),
        }
    })
}

/// The parameters by which a callable takes the request.
fn requests(callable: &Callable) -> impl Iterator<Item = &Parameter> {
    callable.parameters.iter().filter(|parameter| {
        let ty = parameter.ty.as_ref().map_or("", |ty| &*ty.display);
        let is_connection = ["Request", "WebSocket", "HTTPConnection"].iter().any(|name| ty.contains(name));
        parameter.role == Role::Special && is_connection
    })
}

/// What the bodies of a file's callables do with the requests they take: all that this rule reads of bodies.
pub(crate) fn request_uses(model: &Model, file: FileId, facts: &FileFacts) -> Vec<RequestUse> {
    let callables = model.callables.iter();
    callables
        .filter(|callable| callable.stmt.is_some_and(|at| at.file == file))
        .flat_map(|callable| requests(callable).map(|parameter| request_use(facts, callable, parameter)))
        .collect()
}

/// What a function does with the request it takes.
#[derive(PartialEq)]
pub(crate) enum RequestUse {
    /// It reads attributes that don't tell the path.
    Harmless,
    /// It reads the path.
    Path,
    /// It gives it to other code, or can't be looked into.
    HandedOn,
}

fn request_use(facts: &FileFacts, callable: &Callable, parameter: &Parameter) -> RequestUse {
    let Some(unit) = body(facts, callable) else {
        return RequestUse::HandedOn;
    };
    let is_request = |expr: &Expr| matches!(expr, Expr::Name(name) if **name == *parameter.name);
    let mut attributes = 0;
    for expr in &unit.exprs {
        if let Expr::Attr { value, name, .. } = expr
            && is_request(&unit[*value])
        {
            if matches!(name.as_str(), "path_params" | "scope" | "url") {
                return RequestUse::Path;
            }
            attributes += 1;
        }
    }
    if unit.exprs.iter().filter(|expr| is_request(expr)).count() == attributes {
        RequestUse::Harmless
    } else {
        RequestUse::HandedOn
    }
}

/// The body of a function whose file has these facts.
fn body(facts: &FileFacts, callable: &Callable) -> Option<Arc<Unit>> {
    let at = callable.stmt?;
    let around = facts.units.get(at.unit.0 as usize)?.read();
    let Stmt::Function(function) = around.stmts.get(at.stmt.0 as usize)? else {
        return None;
    };
    let FunctionBody::Unit(unit) = function.body else {
        return None;
    };
    facts.units.get(unit.0 as usize).map(UnitCell::read)
}

/// The `{parameter}` in the literal that holds the path.
fn span_in_path(context: &Context<'_>, at: Place, param: &Wanted) -> Option<Span> {
    if param.prefix.is_some() {
        return None;
    }
    let text = context.files.text(at.file);
    let content = literal::content_span(&text, context.span(at))?;
    let found = params(content.text(&text)).into_iter().find(|found| found.name == param.name)?;
    Some(Span::new(
        content.start + found.range.start as u32,
        content.start + found.range.end as u32,
    ))
}

fn report_positional_only(context: &Context<'_>, endpoint: &Callable, wanted: &[Wanted], out: &mut Findings<'_>) {
    for parameter in positional_only(endpoint) {
        let Some(at) = parameter.at.filter(|at| out.wants(at.file)) else {
            continue;
        };
        if wanted.iter().any(|param| *param.name == *parameter.name) {
            let message = format!(
                "`{}` is positional-only, and FastAPI passes it by name: every request is answered 500",
                parameter.name
            );
            let span = context.span(at);
            out.push(Finding::new(&RULE.meta, at.file, span, message).severity(Severity::Error));
        }
    }
}
