//! `path-missing-slash`: a path that doesn't start with a slash.

use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, RuleMeta, Severity, literal, routes};
use base::{SourceChange, TextEdit};
use model::{EventKind, Mount, Operation, OperationId, Place, RouteKind};
use rustc_hash::FxHashMap;

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "path-missing-slash",
        group: Group::Routing,
        severity: Severity::Error,
        summary: "The path of an operation or mount doesn't start with a slash",
        docs: DOCS,
        fix: FixKind::Safe,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds paths of path operations, WebSockets, plain routes and mounts that don't start with `/`.

## Why is this bad?

What happens depends on where the path ends up; it is the same in every FastAPI release tried, from 0.115 to 0.163:

- `@app.get("items")`: no error at import, and every request is answered 404, because a request's path starts with `/`.
- `@router.get("items")` under the prefix `/v1`: the path is `/v1items`, and `/v1/items` is answered 404.
- `app.add_route("items", …)` and `app.mount("items", …)`: `AssertionError: Routed paths must start with '/'` at import.

## Example

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("items")
async def list_items() -> list[str]:
    return []
```

Use instead:

```python title="/app/main.py"
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
async def list_items() -> list[str]:
    return []
```

## When it stays silent

- The empty path: under a prefix it is the prefix itself.
- A path that begins with something else than a letter, a digit, `_` or `{`, under a prefix: `@router.post(":cancel")`
  and `@router.get(".json")` are meant to continue the prefix.
- Where the start of the path isn't known.

Under a prefix the finding is a warning, because the route can be reached, though not where one would look for it.

## How to fix

The fix puts the slash in front. It is safe: without it the path is not the one that is written.
"#;

fn check(context: &Context<'_>, out: &mut Findings<'_>) {
    let served = glued_by_operation(context);
    for (i, operation) in context.model.operations.iter().enumerate() {
        let at = routes::path_place(operation);
        if !out.wants(at.file) || !lacks_slash(operation) {
            continue;
        }
        if let Some(finding) = of_operation(context, operation, served.get(&OperationId(i as u32)).copied()) {
            out.push(finding);
        }
    }
    for event in context.model.routers.iter().flat_map(|router| &router.events) {
        if let EventKind::Mount(mount) = &event.kind
            && out.wants(event.at.file)
            && let Some(finding) = of_mount(context, mount, event.at)
        {
            out.push(finding);
        }
    }
}

fn lacks_slash(operation: &Operation) -> bool {
    operation.kind != RouteKind::Frontend
        && operation
            .path
            .as_known()
            .is_some_and(|path| !path.is_empty() && !path.starts_with('/'))
}

/// Of each operation without a slash that some app serves: whether every way leads through a known prefix.
fn glued_by_operation(context: &Context<'_>) -> FxHashMap<OperationId, bool> {
    let mut served = FxHashMap::default();
    for route in &context.model.routes {
        let Some(id) = route.operation else { continue };
        if routes::operation(context.model, route).is_some_and(lacks_slash) {
            let glued = routes::prefixes(context.model, route).is_none_or(|prefixes| !prefixes.is_empty());
            *served.entry(id).or_insert(true) &= glued;
        }
    }
    served
}

fn of_operation(context: &Context<'_>, operation: &Operation, glued: Option<bool>) -> Option<Finding> {
    let path = operation.path.as_known()?;
    let router = context.model.routers.get(operation.router.0 as usize)?;
    let at = routes::path_place(operation);
    let is_plain = matches!(operation.kind, RouteKind::StarletteHttp | RouteKind::StarletteWebSocket);
    let (severity, message) = if is_plain {
        let message = format!("The path `{path}` must start with `/`: Starlette raises an AssertionError here");
        (Severity::Error, message)
    } else if glued.unwrap_or(!router.prefix.is_empty()) {
        if !continues_a_word(path) {
            return None;
        }
        let message = format!("The path `{path}` doesn't start with `/`, so it is glued to the prefix before it");
        (Severity::Warning, message)
    } else if glued.is_some() {
        let message = format!("The path `{path}` doesn't start with `/`, so no request ever reaches this route");
        (Severity::Error, message)
    } else if continues_a_word(path) {
        let message = format!("The path `{path}` doesn't start with `/`");
        (Severity::Warning, message)
    } else {
        return None;
    };
    let finding = Finding::new(&RULE.meta, at.file, context.span(at), message).severity(severity);
    Some(finding.fix(fix(context, operation.path_at?)))
}

/// Whether the path reads like a name that should stand on its own: `:cancel` and `.json` continue a prefix on purpose.
fn continues_a_word(path: &str) -> bool {
    path.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{')
}

fn of_mount(context: &Context<'_>, mount: &Mount, at: Place) -> Option<Finding> {
    let path = mount.path.as_known()?;
    if path.is_empty() || path.starts_with('/') || !is_mount_call(context, at) {
        return None;
    }
    let place = mount.path_at?;
    let message = format!("The mount path `{path}` must start with `/`: Starlette raises an AssertionError here");
    Some(Finding::new(&RULE.meta, place.file, context.span(place), message).fix(fix(context, place)))
}

/// `host(…)` takes a host name where `mount(…)` takes a path.
fn is_mount_call(context: &Context<'_>, at: Place) -> bool {
    matches!(context.callee_name(at).as_deref(), Some("mount" | "Mount"))
}

fn fix(context: &Context<'_>, at: Place) -> Option<Fix> {
    let text = context.files.text(at.file);
    let mut span = literal::content_span(&text, context.span(at))?;
    span.end = span.start;
    Some(Fix {
        title: "Add a slash at the start of the path".to_owned(),
        safe: true,
        change: SourceChange::in_file(
            at.file,
            vec![TextEdit {
                span,
                text: "/".to_owned(),
            }],
        ),
    })
}
