//! `router-unreachable`: a router with path operations that no app includes.

use crate::{Context, Finding, Findings, FixKind, Group, Rule, RuleMeta, Severity, Tag, Pass};
use base::FileId;
use facts::{Expr, Stmt, UnitId};
use model::{EventKind, Model, Place, Router, RouterId, RouterKind};
use rustc_hash::FxHashSet;
use std::sync::Arc;

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "router-unreachable",
        group: Group::Routing,
        severity: Severity::Warning,
        summary: "No app includes this router, so its routes don't exist",
        docs: DOCS,
        fix: FixKind::None,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds routers of the project with path operations that no app reaches, directly or through other routers.

## Why is this bad?

Nothing tells: the module is imported or forgotten, the decorators run, and every request is answered 404.

## Example

```python title="/app/main.py"
from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router)
```

```python title="/app/items.py"
from fastapi import APIRouter

router = APIRouter(prefix="/items")
admin_router = APIRouter(prefix="/admin")


@router.get("/")
async def list_items() -> list[str]:
    return []


@admin_router.delete("/")
async def clear_items() -> None:
    return None
```

Use instead:

```python title="/app/main.py"
from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router)
app.include_router(items.admin_router)
```

```python title="/app/items.py"
from fastapi import APIRouter

router = APIRouter(prefix="/items")
admin_router = APIRouter(prefix="/admin")


@router.get("/")
async def list_items() -> list[str]:
    return []


@admin_router.delete("/")
async def clear_items() -> None:
    return None
```

## When it stays silent

Absence is only claimed where everything is known. It says nothing

- if the workspace has no app, as a library of routers has none, or if any app or router takes in something that isn't
  known, for example in `include_router(load(name))`, or the workspace imports modules by name (`importlib`, `pkgutil`),
  or an `include_router` stands in a function that nothing seems to call;
- of a router that is handed to code that isn't followed, put into a container, or listed in an `__all__`;
- of routers in tests, and of such that aren't bound to a module's own name;
- of a router whose path operations all stand under a condition that isn't decided.

A router that another unreachable one includes is not reported on its own.

## How to fix

Include it: `app.include_router(items.admin_router)`. Or remove it.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    let model = context.model;
    let candidates: Vec<Place> = candidates(model).filter(|at| out.wants(at.file)).collect();
    if candidates.is_empty() || !is_wiring_known(context) {
        return;
    }
    for at in candidates {
        if is_test(context, at.file) || is_exported(context, at) {
            continue;
        }
        let name = context.source(at);
        let message = format!("No app includes `{name}`, so its routes don't exist");
        out.push(Finding::new(&RULE.meta, at.file, context.span(at), message).tag(Tag::Unnecessary));
    }
}

/// Routers with something to serve that neither an app nor another router takes in.
fn candidates(model: &Model) -> impl Iterator<Item = Place> {
    let mut taken: FxHashSet<RouterId> = model.apps.iter().map(|app| app.router).collect();
    // Neighbours mostly share their chain.
    let chains = model.routes.chunk_by(|a, b| Arc::ptr_eq(&a.chain, &b.chain));
    taken.extend(chains.filter_map(<[_]>::first).flat_map(|route| route.chain.iter()));
    for event in model.routers.iter().flat_map(|router| &router.events) {
        match &event.kind {
            EventKind::Include(include) => taken.insert(include.router),
            EventKind::Mount(mount) => mount.target.is_some_and(|target| taken.insert(target)),
            EventKind::Operation(_) => false,
        };
    }
    let routers = model.routers.entries();
    routers.filter_map(move |(i, router)| {
        let is_left = is_complete_with_routes(router) && !taken.contains(&RouterId(i as u32));
        router.bound_at.filter(|at| is_left && at.unit == UnitId::MODULE)
    })
}

fn is_complete_with_routes(router: &Router) -> bool {
    router.kind == RouterKind::ApiRouter
        && !router.escapes
        && router.incomplete.is_none()
        && router.events.iter().any(|event| !event.conditional)
}

/// Whether everything that any app takes in is known.
fn is_wiring_known(context: &Context<'_>) -> bool {
    let model = context.model;
    !model.apps.is_empty()
        && model.routers.iter().all(|router| router.incomplete.is_none())
        && !model
            .unresolved
            .iter()
            .any(|unresolved| unresolved.below == 0 && takes_in(&unresolved.what))
        && !context.sources.iter().any(|file| context.mentions(*file).finds_modules)
        && !has_include_that_did_not_run(context)
}

fn takes_in(what: &str) -> bool {
    ["include_router", "mount", "import"].iter().any(|word| what.contains(word))
}

/// Whether an `include_router` or `mount` stands in code that the evaluator never entered; tests wire apps of their own.
fn has_include_that_did_not_run(context: &Context<'_>) -> bool {
    let ran: FxHashSet<Place> = context
        .model
        .routers
        .iter()
        .flat_map(|router| &router.events)
        .map(|event| event.at)
        .collect();
    let mut sources = context.sources.iter().filter(|file| !is_test(context, **file));
    sources.any(|file| context.mentions(*file).wiring(*file).any(|at| !ran.contains(&at)))
}

fn is_test(context: &Context<'_>, file: FileId) -> bool {
    let path = context.files.path(file);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("test_")
        || name.ends_with("_test.py")
        || name == "conftest.py"
        || path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "test")))
}

/// Whether the router's name is in its module's `__all__`.
fn is_exported(context: &Context<'_>, at: Place) -> bool {
    let name = context.source(at);
    let Some(facts) = context.files.facts(at.file) else {
        return false;
    };
    let Some(module) = facts.units.first() else {
        return false;
    };
    module.stmts.iter().any(|stmt| match stmt {
        Stmt::Assign { targets, value } => {
            let names_all = targets.iter().any(|target| matches!(&module[*target], Expr::Name(n) if n == "__all__"));
            names_all && lists(module, &module[*value], &name)
        }
        Stmt::AnnAssign {
            target,
            value: Some(value),
            ..
        } => matches!(&module[*target], Expr::Name(n) if n == "__all__") && lists(module, &module[*value], &name),
        Stmt::AugAssign { target, value, .. } => {
            matches!(&module[*target], Expr::Name(n) if n == "__all__") && lists(module, &module[*value], &name)
        }
        _ => false,
    })
}

fn lists(module: &facts::Unit, list: &Expr, name: &str) -> bool {
    match list {
        Expr::List(items) | Expr::Tuple(items) => {
            items.iter().any(|item| matches!(&module[*item], Expr::Str(text) if &**text == name))
        }
        // Put together by an expression: it may hold the name.
        _ => true,
    }
}
