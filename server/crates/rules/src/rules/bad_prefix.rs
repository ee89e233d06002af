//! `bad-prefix`: a router's or include's prefix that FastAPI refuses.

use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, RuleMeta, Severity, literal, Pass};
use base::{SourceChange, TextEdit};
use facts::Stmt;
use model::{EventKind, Piece, Place, Text};

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "bad-prefix",
        group: Group::Routing,
        severity: Severity::Error,
        summary: "A prefix must start with a slash and must not end with one",
        docs: DOCS,
        fix: FixKind::Safe,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Looks at the `prefix=` of every `APIRouter(…)` and `include_router(…)`: it must be empty, or start with `/` and not end with `/`.

## Why is this bad?

FastAPI asserts it while the module is imported, so the application doesn't start:

- `AssertionError: A path prefix must start with '/'`
- `AssertionError: A path prefix must not end with '/', as the routes will start with '/'`

Both are the same in every release tried, from 0.115 to 0.163. `prefix="/"` ends with a slash as well.

## Example

```python title="/app/main.py"
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/items/")


@router.get("/{item_id}")
async def read_item(item_id: int) -> int:
    return item_id


app.include_router(router, prefix="api")
```

Use instead:

```python title="/app/main.py"
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/items")


@router.get("/{item_id}")
async def read_item(item_id: int) -> int:
    return item_id


app.include_router(router, prefix="/api")
```

## When it stays silent

- Where the end in question isn't known: the start of `f"{settings.root}/items"` is only judged if the value of
  `settings.root` is known.
- Of a prefix that is assigned later (`router.prefix = "/items/"`), since FastAPI doesn't check it.

## How to fix

The fix strips slashes from the end, or puts one in front. It is offered where the prefix is a literal at the place of
the finding, and it is safe: the program can't have worked before.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    for router in &context.model.routers {
        if let Some(at) = router.prefix_at {
            check_prefix(context, out, &router.prefix, at);
        }
        for event in &router.events {
            if let EventKind::Include(include) = &event.kind
                && let Some(at) = include.prefix_at
            {
                check_prefix(context, out, &include.prefix, at);
            }
        }
    }
}

fn check_prefix(context: &Context<'_>, out: &mut Findings<'_>, prefix: &Text, at: Place) {
    if !out.wants(at.file) {
        return;
    }
    let lacks_start = matches!(prefix.pieces().first(), Some(Piece::Known(text)) if !text.starts_with('/'));
    let has_end = matches!(prefix.pieces().last(), Some(Piece::Known(text)) if text.ends_with('/'));
    let message = match (lacks_start, has_end) {
        (false, false) => return,
        (true, false) => format!("The prefix `{prefix}` must start with `/`: FastAPI raises an AssertionError here"),
        (false, true) => format!("The prefix `{prefix}` must not end with `/`: FastAPI raises an AssertionError here"),
        (true, true) => {
            format!("The prefix `{prefix}` must start with `/` and must not end with one: FastAPI raises an AssertionError here")
        }
    };
    if is_assigned(context, at) {
        return;
    }
    let finding = Finding::new(&RULE.meta, at.file, context.span(at), message)
        .fix(fix(context, at, lacks_start, has_end));
    out.push(finding);
}

/// `router.prefix = …` is not checked by FastAPI.
fn is_assigned(context: &Context<'_>, at: Place) -> bool {
    let facts = context.files.facts(at.file);
    let unit = facts.as_ref().and_then(|facts| facts.units.get(at.unit.0 as usize));
    unit.is_some_and(|unit| {
        unit.stmts
            .iter()
            .any(|stmt| matches!(stmt, Stmt::Assign { value, .. } if *value == at.expr))
    })
}

fn fix(context: &Context<'_>, at: Place, add_start: bool, strip_end: bool) -> Option<Fix> {
    let text = context.files.text(at.file);
    let span = literal::content_span(&text, context.span(at))?;
    let content = span.text(&text);
    let stripped = if strip_end { content.trim_end_matches('/') } else { content };
    let start = if add_start && !stripped.is_empty() { "/" } else { "" };
    let fixed = format!("{start}{stripped}");
    let title = match (add_start, strip_end) {
        (true, true) => "Put the slash at the start of the prefix",
        (true, false) => "Add a slash at the start of the prefix",
        _ => "Remove the slash at the end of the prefix",
    };
    Some(Fix {
        title: title.to_owned(),
        safe: true,
        change: SourceChange::in_file(at.file, vec![TextEdit { span, text: fixed }]),
    })
}
