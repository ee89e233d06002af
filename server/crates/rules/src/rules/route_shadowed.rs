//! `route-shadowed`: a route that an earlier one with path parameters leaves nothing to.

use crate::overlap::{Earlier, Overlap};
use crate::pattern::{PathParam, Pattern, params};
use crate::{Context, Finding, Findings, Fix, literal, FixKind, Group, Rule, RuleMeta, Severity, routes, Pass};
use base::{SourceChange, Span, TextEdit};
use model::{Callable, Place, Role, Route};
use rustc_hash::FxHashSet;

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "route-shadowed",
        group: Group::Routing,
        severity: Severity::Warning,
        summary: "An earlier route or mount matches every request to this one",
        docs: DOCS,
        fix: FixKind::Unsafe,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds routes that can't be reached, because a route or mount that the app tries first matches each of their paths:
`GET /users/me` behind `GET /users/{user_id}`.

The order is the one in which routes are really registered: that of the `include_router` calls and decorators as
Python runs them, across files. Paths are compared as the app serves them, with the prefixes of routers, includes
and mounts.

## Why is this bad?

Starlette calls the first route that matches. For `GET /users/me` that is `read_user` with `user_id="me"`: a 422 if the
parameter is an `int`, and silently the wrong function if it is a `str`. It is the same in every FastAPI release tried,
from 0.115 to 0.163.

## Example

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id


@app.get("/users/me")
async def read_me() -> str:
    return "me"
```

Use instead:

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/me")
async def read_me() -> str:
    return "me"


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id
```

## When it stays silent

- The earlier route doesn't match all that the later one matches: other methods, `{user_id:int}` before `me`, a
  parameter that holds no slash before a path with one more segment.
- One of the two stands under a condition that isn't decided before the program runs.
- Which of them comes first is decided by the order in which the disk lists a folder.
- Part of a path isn't known.

`duplicate-route` speaks where both match the very same paths.

## How to fix

Register the more special path first: move the function up, or its `include_router` call. Where the parameter is a
number, `{user_id:int}` says so to the router and lets `me` pass. The fix writes that where the earlier function declares
the parameter as an `int`. Look it over: `/users/abc` is then answered 404 instead of 422.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    let mut seen = FxHashSet::default();
    for overlap in context.overlaps() {
        if !out.wants(overlap.file(context.model)) {
            continue;
        }
        // A factory that runs often registers the same pair often.
        let pair = (overlap.later.at, earlier_place(&overlap.earlier));
        let finding = match overlap.earlier {
            Earlier::Route(_) if overlap.same_paths => None,
            Earlier::Route(earlier) => behind_route(context, overlap, earlier),
            Earlier::Mount { at, below } => behind_mount(context, overlap, at, below),
        };
        if let Some(finding) = finding
            && seen.insert(pair)
        {
            out.push(finding);
        }
    }
}

fn earlier_place(earlier: &Earlier<'_>) -> Place {
    match earlier {
        Earlier::Route(route) => route.at,
        Earlier::Mount { at, .. } => *at,
    }
}

fn behind_route(context: &Context<'_>, overlap: &Overlap<'_>, earlier: &Route) -> Option<Finding> {
    let later = overlap.later;
    let at = routes::path_place(routes::operation(context.model, later)?);
    let first = routes::path_place(routes::operation(context.model, earlier)?);
    let what = routes::describe_methods(later, &overlap.methods);
    let message = format!("`{what}` is never reached: `{}` comes first and matches it", earlier.path);
    let mut finding = Finding::new(&RULE.meta, at.file, context.span(at), message).related(
        first.file,
        context.span(first),
        format!("`{}` is registered here", routes::describe(earlier)),
    );
    if let Some((first_way, later_way)) = where_ways_part(earlier, later) {
        finding = finding
            .related(first_way.file, context.span(first_way), "the earlier route is included here")
            .related(later_way.file, context.span(later_way), "this route is included here");
    }
    Some(finding.fix(convertor_fix(context, overlap.later, earlier)))
}

/// Lets a parameter of the earlier path that is declared as an `int` match numbers only, if that frees the later path.
fn convertor_fix(context: &Context<'_>, later: &Route, earlier: &Route) -> Option<Fix> {
    let at = routes::operation(context.model, earlier)?.path_at?;
    let endpoint = context.model.callables.get(earlier.endpoint?.0 as usize)?;
    let (earlier_path, later_path) = (earlier.path.as_known()?, later.path.as_known()?);
    let text = context.files.text(at.file);
    let content = literal::content_span(&text, context.span(at))?;
    let frees = |param: &PathParam| {
        let bare = format!("{{{}}}", param.name);
        let numeric = earlier_path.replace(&bare, &format!("{{{}:int}}", param.name));
        param.range.len() == bare.len() && !Pattern::new(&numeric).covers(&Pattern::new(later_path))
    };
    let param = params(content.text(&text))
        .into_iter()
        .find(|param| takes_int(endpoint, &param.name) && frees(param))?;
    let end = content.start + param.range.end as u32 - 1;
    let edit = TextEdit {
        span: Span::new(end, end),
        text: ":int".to_owned(),
    };
    Some(Fix {
        title: format!("Let `{{{}}}` match numbers only", param.name),
        safe: false,
        change: SourceChange::in_file(at.file, vec![edit]),
    })
}

fn takes_int(endpoint: &Callable, name: &str) -> bool {
    endpoint.opaque.is_none()
        && endpoint.parameters.iter().any(|parameter| {
            let is_int = parameter.ty.as_ref().is_some_and(|ty| &*ty.display == "int");
            &*parameter.name == name && is_int && matches!(parameter.role, Role::Implicit { .. })
        })
}

/// The include calls that decide the order, where two of one router do.
fn where_ways_part(earlier: &Route, later: &Route) -> Option<(Place, Place)> {
    let same = earlier.through.iter().zip(later.through.iter()).take_while(|(a, b)| a == b).count();
    Some((*earlier.through.get(same)?, *later.through.get(same)?))
}

fn behind_mount(context: &Context<'_>, overlap: &Overlap<'_>, mount: Place, below: &Route) -> Option<Finding> {
    let later = overlap.later;
    let at = routes::path_place(routes::operation(context.model, later)?);
    let what = routes::describe_methods(later, &overlap.methods);
    let message = format!("`{what}` is never reached: the app mounted before it takes every request below its path");
    let finding = Finding::new(&RULE.meta, at.file, context.span(at), message);
    Some(finding.related(
        mount.file,
        context.span(mount),
        format!("mounted here, in front of `{}`", below.path),
    ))
}
