//! `duplicate-route`: a second route for the same method and path.

use crate::overlap::Earlier;
use crate::{Context, Finding, Findings, FixKind, Group, Rule, RuleMeta, Severity, routes, Pass};
use model::{Model, Route};
use rustc_hash::FxHashSet;

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "duplicate-route",
        group: Group::Routing,
        severity: Severity::Warning,
        summary: "Another route of the same app has the same method and path and comes first",
        docs: DOCS,
        fix: FixKind::None,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds routes whose method and full path another route of the same app already has. Paths are compared as the app
serves them, prefixes of routers, includes and mounts composed, and the names of path parameters don't matter:
`/users/{id}` and `/users/{user_id}` match the same requests.

## Why is this bad?

Starlette calls the first route that matches, so the second function never runs. FastAPI says nothing at import; the
OpenAPI document shows one of the two. It is the same in every release tried, from 0.115 to 0.163.

## Example

```python title="/app/main.py"
from fastapi import FastAPI

from app import users

app = FastAPI()
app.include_router(users.router, prefix="/users")


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id
```

```python title="/app/users.py"
from fastapi import APIRouter

router = APIRouter()


@router.get("/{id}")
async def get_user(id: int) -> int:
    return id
```

Use instead:

```python title="/app/main.py"
from fastapi import FastAPI

from app import users

app = FastAPI()
app.include_router(users.router, prefix="/users")
```

```python title="/app/users.py"
from fastapi import APIRouter

router = APIRouter()


@router.get("/{user_id}")
async def read_user(user_id: int) -> int:
    return user_id
```

## When it stays silent

- One of the two stands under a condition that isn't decided before the program runs (`if settings.debug:`).
- Part of a path isn't known.
- Both endpoints are wrapped by decorators that can't be followed: version decorators such as `@version(1, 0)` make
  several apps of one.
- It is one and the same registration that an app reaches in two ways, because its router is included twice.

Routes of different apps are never compared.

## How to fix

Remove one of the two, or give it another path or method. There is no fix, since only you know which one is meant.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    let mut seen = FxHashSet::default();
    for overlap in context.overlaps() {
        let Earlier::Route(earlier) = overlap.earlier else {
            continue;
        };
        if !overlap.same_paths || !out.wants(overlap.file(context.model)) {
            continue;
        }
        let what = routes::describe_methods(overlap.later, &overlap.methods);
        // A mounted app has the same pair as the app around it, and a factory makes it as often as it runs.
        if let Some(finding) = finding(context, &what, overlap.later, earlier)
            && seen.insert((overlap.later.at, earlier.at))
        {
            out.push(finding);
        }
    }
}

fn finding(context: &Context<'_>, what: &str, later: &Route, earlier: &Route) -> Option<Finding> {
    let model = context.model;
    if is_opaque(model, later) && is_opaque(model, earlier) {
        return None;
    }
    let at = routes::path_place(routes::operation(model, later)?);
    let first = routes::path_place(routes::operation(model, earlier)?);
    let message = match endpoint_name(model, earlier) {
        Some(name) => format!("`{what}` is already a route of this app: `{name}` answers, and this function never runs"),
        None => format!("`{what}` is already a route of this app, and this function never runs"),
    };
    let finding = Finding::new(&RULE.meta, at.file, context.span(at), message);
    Some(finding.related(
        first.file,
        context.span(first),
        format!("`{}` is registered here first", routes::describe(earlier)),
    ))
}

/// Whether what the endpoint really is can't be told.
fn is_opaque(model: &Model, route: &Route) -> bool {
    route
        .endpoint
        .and_then(|id| model.callables.get(id.0 as usize))
        .is_none_or(|callable| callable.opaque.is_some())
}

fn endpoint_name<'m>(model: &'m Model, route: &Route) -> Option<&'m str> {
    let callable = model.callables.get(route.endpoint?.0 as usize)?;
    callable.name.rsplit('.').next()
}
