//! `depends-called`: `Depends(f())`, where the call's result can't be called again.

use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, RuleMeta, Severity, Pass};
use base::{SourceChange, Span, TextEdit};
use facts::Expr;
use model::{Depends, DependsTarget, Place};

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "depends-called",
        group: Group::Dependencies,
        severity: Severity::Error,
        summary: "`Depends(…)` is given the result of a call that can't be called itself",
        docs: DOCS,
        fix: FixKind::Safe,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds `Depends(get_db())` and `Security(get_user())` where the function is called too early: FastAPI wants the function
and calls it for each request.

## Why is this bad?

The call happens once, at import, and what it returns isn't callable. FastAPI refuses it when the path operation is
registered, so the application doesn't start. The same in every release tried, from 0.115 to 0.163:

- a function with `yield`: `TypeError: <generator object get_db at 0x…> is not a callable object`
- an `async def` function: `TypeError: <coroutine object get_db at 0x…> is not a callable object`
- an instance of a class without `__call__`: `TypeError: <app.deps.Database object at 0x…> is not a callable object`
- in `dependencies=[…]`: `AssertionError: A parameter-less dependency must have a callable dependency`

## Example

```python title="/app/main.py"
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def get_db() -> Iterator[str]:
    yield "connection"


@app.get("/items")
async def list_items(db: Annotated[str, Depends(get_db())]) -> str:
    return db
```

Use instead:

```python title="/app/main.py"
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def get_db() -> Iterator[str]:
    yield "connection"


@app.get("/items")
async def list_items(db: Annotated[str, Depends(get_db)]) -> str:
    return db
```

## When it stays silent

A call may well return a callable, and then `Depends(f())` is right: a factory (`Depends(require_role("admin"))`), an
instance of a class with `__call__` (`Depends(Pagination(limit=10))`). The rule speaks only where the callee is known
to be a generator function, an `async def` function, or a class of the project without `__call__`.

## How to fix

The fix removes the parentheses. It is offered where there are no arguments, and is safe for functions; for a class
it changes what is depended on from one instance to one for each request, so it is to be looked over.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    for depends in &context.model.depends {
        let Some(at) = depends.target_at else { continue };
        if !out.wants(at.file) {
            continue;
        }
        if let Some(finding) = finding(context, depends, at) {
            out.push(finding);
        }
    }
}

fn finding(context: &Context<'_>, depends: &Depends, at: Place) -> Option<Finding> {
    let call = || context.source(at);
    let (message, is_function) = match depends.target.known()? {
        DependsTarget::CalledFunction(id) => {
            let callable = context.model.callables.get(id.0 as usize)?;
            let result = match (callable.is_async, callable.is_generator) {
                (true, true) => "an async generator",
                (false, true) => "a generator",
                (true, false) => "a coroutine",
                (false, false) => "not callable",
            };
            (format!("`{}` is {result}, which FastAPI can't call: depend on the function itself", call()), true)
        }
        DependsTarget::NotCallable(class) => {
            let class = class.rsplit('.').next().unwrap_or(class);
            (format!("`{}` is not callable: `{class}` has no `__call__`", call()), false)
        }
        DependsTarget::Callable(_) | DependsTarget::OwnType => return None,
    };
    let finding = Finding::new(&RULE.meta, at.file, context.span(at), message);
    Some(finding.fix(drop_parentheses(context, at, is_function)))
}

fn drop_parentheses(context: &Context<'_>, at: Place, safe: bool) -> Option<Fix> {
    let Expr::Call { func, args } = context.expr(at)? else {
        return None;
    };
    if !args.is_empty() {
        return None;
    }
    let func = context.span(Place { expr: func, ..at });
    let text = context.files.text(at.file);
    let parentheses = Span::new(func.end, context.span(at).end);
    // A parenthesized callee or a comment in between is left to the user.
    if parentheses.text(&text).chars().any(|c| !c.is_whitespace() && c != '(' && c != ')') {
        return None;
    }
    Some(Fix {
        title: format!("Depend on `{}` itself", func.text(&text)),
        safe,
        change: SourceChange::in_file(
            at.file,
            vec![TextEdit {
                span: parentheses,
                text: String::new(),
            }],
        ),
    })
}
