//! `path-missing-slash`: a path that doesn't start with a slash.

use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, RuleMeta, Severity, literal, routes, Pass};
use base::{SourceChange, TextEdit};
use model::{EventKind, Mount, Operation, Piece, Place, Route, RouteKind};
use std::collections::BTreeMap;

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
- A router whose routes describe callbacks: `@callbacks.post("{$callback_url}/invoices")`.
- Webhooks, whose paths are names: `@app.webhooks.post("new-subscription")`.
- Where the start of the path isn't known.

Under a prefix the finding is a warning, because the route can be reached, though not where one would look for it.

## How to fix

The fix puts the slash in front. It is safe: without it the path is not the one that is written.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    let found = operations_without_slash(context, out);
    for (operation, before) in found.into_values() {
        if let Some(finding) = of_operation(context, operation, before) {
            out.push(finding);
        }
    }
    for event in context.model.routers.iter().flat_map(|router| &router.events) {
        if let EventKind::Mount(mount) = &event.kind
            && let Some(finding) = of_mount(context, out, mount, event.at)
        {
            out.push(finding);
        }
    }
}

fn lacks_slash(context: &Context<'_>, operation: &Operation) -> bool {
    let is_webhook = context
        .model
        .routers
        .get(operation.router.0 as usize)
        .is_some_and(|router| router.is_webhooks);
    operation.kind != RouteKind::Frontend
        && !is_webhook
        && operation
            .path
            .as_known()
            .is_some_and(|path| !path.is_empty() && !path.starts_with('/'))
}

/// What stands in front of a path without a slash, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Before {
    /// A prefix that ends with a slash.
    Slash,
    /// A prefix that ends with something else, or isn't known.
    Prefix,
    /// Nothing.
    Nothing,
}

/// The operations without a slash, by number; each with the worst of what stands in front of it where an app serves it.
fn operations_without_slash<'m>(
    context: &Context<'m>,
    out: &Findings<'_>,
) -> BTreeMap<usize, (&'m Operation, Option<Before>)> {
    let operations = context.model.operations.entries();
    let mut found: BTreeMap<usize, _> = operations
        .filter(|(_, operation)| lacks_slash(context, operation) && out.wants(routes::path_place(operation).file))
        .map(|(number, operation)| (number, (operation, None::<Before>)))
        .collect();
    if !found.is_empty() {
        for route in &context.model.routes {
            if let Some((_, worst)) = route.operation.and_then(|id| found.get_mut(&(id.0 as usize))) {
                *worst = Some(before(context, route)).max(*worst);
            }
        }
    }
    found
}

fn before(context: &Context<'_>, route: &Route) -> Before {
    let Some(prefixes) = routes::prefixes(context.model, route) else {
        return Before::Prefix;
    };
    match prefixes.last().map(|(prefix, _)| prefix.pieces()) {
        None => Before::Nothing,
        Some([.., Piece::Known(text)]) if text.ends_with('/') => Before::Slash,
        Some(_) => Before::Prefix,
    }
}

/// `before` is absent where no app serves the operation.
fn of_operation(context: &Context<'_>, operation: &Operation, before: Option<Before>) -> Option<Finding> {
    let path = operation.path.as_known()?;
    let at = routes::path_place(operation);
    let is_plain = matches!(operation.kind, RouteKind::StarletteHttp | RouteKind::StarletteWebSocket);
    let (severity, why) = match before {
        _ if is_plain => (Severity::Error, "must start with `/`: Starlette raises an AssertionError here"),
        Some(Before::Nothing) => (Severity::Error, "doesn't start with `/`, so no request ever reaches this route"),
        Some(Before::Slash) => return None,
        Some(Before::Prefix) => (Severity::Warning, "doesn't start with `/`, so it is glued to the prefix before it"),
        None => (Severity::Warning, "doesn't start with `/`"),
    };
    if severity == Severity::Warning && !reads_as_a_name(path) {
        return None;
    }
    let message = format!("The path `{path}` {why}");
    let finding = Finding::new(&RULE.meta, at.file, context.span(at), message).severity(severity);
    Some(finding.fix(operation.path_at.and_then(|at| fix(context, at))))
}

/// Whether the path reads like a name that should stand on its own: `:cancel` and `.json` continue a prefix on purpose,
/// and callbacks have addresses and runtime expressions instead of paths (OpenAPI 3.1, "Callback Object").
fn reads_as_a_name(path: &str) -> bool {
    path.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '{')
        && !path.starts_with("{$")
        && !path.contains("://")
}

fn of_mount(context: &Context<'_>, out: &Findings<'_>, mount: &Mount, at: Place) -> Option<Finding> {
    let path = mount.path.as_known()?;
    let place = mount.path_at.filter(|at| out.wants(at.file))?;
    if path.is_empty() || path.starts_with('/') || !is_mount_call(context, at) {
        return None;
    }
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
