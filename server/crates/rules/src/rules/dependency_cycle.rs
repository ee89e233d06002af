//! `dependency-cycle`: dependencies that need each other.

use crate::{Context, Finding, Findings, FixKind, Group, Rule, RuleMeta, Severity, Pass};
use model::{Callable, CallableId, CallableKind, DependsTarget, Model, Place, Role};
use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "dependency-cycle",
        group: Group::Dependencies,
        severity: Severity::Error,
        summary: "Dependencies need each other in a circle",
        docs: DOCS,
        fix: FixKind::None,
        since: "0.1.0",
    },
    check,
};

const DOCS: &str = r#"
## What it does

Finds dependencies that lead back to themselves through their own `Depends(…)`, over any number of steps and files.
Each circle is reported once, at the parameter of its first function that leads into it, with the other functions as
related places.

## Why is this bad?

FastAPI resolves the tree of dependencies when a path operation is registered. A circle has no end:
`RecursionError: maximum recursion depth exceeded` at import, from FastAPI 0.115 to 0.163. Python makes such circles hard
to write, since a function must exist before `Depends(…)` can name it; string annotations and classes make them possible.

## Example

```python title="/app/deps.py"
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def get_user(tenant: "Annotated[str, Depends(get_tenant)]") -> str:
    return f"user of {tenant}"


def get_tenant(user: "Annotated[str, Depends(get_user)]") -> str:
    return f"tenant of {user}"


@app.get("/me")
async def read_me(user: Annotated[str, Depends(get_user)]) -> str:
    return user
```

Use instead:

```python title="/app/deps.py"
from typing import Annotated

from fastapi import Depends, FastAPI, Header

app = FastAPI()


def get_tenant(x_tenant: Annotated[str, Header()]) -> str:
    return x_tenant


def get_user(tenant: Annotated[str, Depends(get_tenant)]) -> str:
    return f"user of {tenant}"


@app.get("/me")
async def read_me(user: Annotated[str, Depends(get_user)]) -> str:
    return user
```

## When it stays silent

- Where a link of the circle isn't known: a dependency that is made by a call, or wrapped by a decorator that can't be
  followed.
- Where the circle leads through the `__init__` of a class and FastAPI is older than 0.124: it went unnoticed there until
  somewhere in 0.123.

Dependencies that an override replaces in tests are not followed.

## How to fix

Take out what both need into a dependency of its own.
"#;

fn check(context: &Pass<'_>, out: &mut Findings<'_>) {
    let model = context.model;
    let order = |id: &CallableId| def(model, *id).map(|at| (context.files.path(at.file), context.span(at).start));
    for mut cycle in cycles(model, order) {
        if cycle.iter().any(|id| order(id).is_none()) || is_unnoticed(context, &cycle) {
            continue;
        }
        rotate_first_to_front(&mut cycle, order);
        if let Some(finding) = finding(context, &cycle) {
            out.push(finding);
        }
    }
}

/// Until somewhere in 0.123, FastAPI couldn't resolve a class's annotations that are strings, so that their `Depends` didn't count.
fn is_unnoticed(context: &Context<'_>, cycle: &[CallableId]) -> bool {
    let callables = cycle.iter().filter_map(|id| context.model.callables.get(id.0 as usize));
    let mut classes = callables.filter(|callable| callable.kind == CallableKind::Class);
    classes.any(|class| {
        class.def.is_some_and(|at| {
            let version = (context.fastapi)(at.file);
            (version.major, version.minor) < (0, 124)
        })
    })
}

fn finding(context: &Context<'_>, cycle: &[CallableId]) -> Option<Finding> {
    let (first, others) = cycle.split_first()?;
    let next = others.first().unwrap_or(first);
    let callable = context.model.callables.get(first.0 as usize)?;
    let at = needs(context.model, callable).find(|need| need.target == *next)?.at;
    let mut names: Vec<&str> = cycle.iter().filter_map(|id| short_name(context.model, *id)).collect();
    names.push(names.first()?);
    let message = match others {
        [] => format!("`{}` depends on itself: FastAPI never finishes resolving it", names[0]),
        _ => format!("Dependencies in a circle: {}", names.join(" → ")),
    };
    let mut finding = Finding::new(&RULE.meta, at.file, context.span(at), message);
    for id in others {
        let place = def(context.model, *id)?;
        let name = short_name(context.model, *id)?;
        finding = finding.related(place.file, context.span(place), format!("`{name}` is part of the circle"));
    }
    Some(finding)
}

fn def(model: &Model, id: CallableId) -> Option<Place> {
    model.callables.get(id.0 as usize)?.def
}

fn short_name(model: &Model, id: CallableId) -> Option<&str> {
    model.callables.get(id.0 as usize)?.name.rsplit('.').next()
}

/// The callables that others depend on and that have dependencies themselves: only they can be part of a circle.
fn in_between(model: &Model) -> Vec<CallableId> {
    let targets = model.depends.iter().filter_map(|depends| match depends.target.known()? {
        DependsTarget::Callable(id) => Some(*id),
        _ => None,
    });
    let targets: FxHashSet<CallableId> = targets.collect();
    let has_needs = |id: &CallableId| {
        let callable = model.callables.get(id.0 as usize);
        callable.is_some_and(|callable| needs(model, callable).next().is_some())
    };
    targets.into_iter().filter(has_needs).collect()
}

fn rotate_first_to_front<K: Ord>(cycle: &mut [CallableId], order: impl Fn(&CallableId) -> K) {
    let first = (0..cycle.len()).min_by_key(|&i| order(&cycle[i])).unwrap_or(0);
    cycle.rotate_left(first);
}

/// A dependency of a callable.
struct Need {
    target: CallableId,
    /// The parameter that asks for it.
    at: Place,
}

/// What a callable depends on, as far as it is known.
fn needs<'m>(model: &'m Model, callable: &'m Callable) -> impl Iterator<Item = Need> + 'm {
    let parameters = if callable.opaque.is_some() {
        &[]
    } else {
        callable.parameters.as_slice()
    };
    parameters.iter().filter_map(|parameter| {
        let Role::Depends(id) = parameter.role else { return None };
        match model.depends.get(id.0 as usize)?.target.known()? {
            DependsTarget::Callable(target) => Some(Need {
                target: *target,
                at: parameter.at?,
            }),
            _ => None,
        }
    })
}

fn targets(model: &Model, id: CallableId) -> Vec<CallableId> {
    let callable = model.callables.get(id.0 as usize);
    callable.into_iter().flat_map(|callable| needs(model, callable)).map(|need| need.target).collect()
}

/// One cycle for each edge that leads back during a depth-first walk in the order of the source, whatever the callables'
/// numbers are; without recursion, as chains may be long.
fn cycles<K: Ord>(model: &Model, order: impl Fn(&CallableId) -> K) -> Vec<Vec<CallableId>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnPath,
        Done,
    }
    let mut starts = in_between(model);
    // Where two stand at the same place, the one made first comes first.
    starts.sort_unstable();
    starts.sort_by_cached_key(order);
    let mut state: FxHashMap<CallableId, State> = starts.iter().map(|id| (*id, State::New)).collect();
    let mut found = Vec::new();
    for start in starts {
        if state.get(&start) != Some(&State::New) {
            continue;
        }
        let mut path: Vec<(CallableId, Vec<CallableId>)> = vec![(start, targets(model, start))];
        state.insert(start, State::OnPath);
        while let Some((at, rest)) = path.last_mut() {
            let Some(next) = rest.pop() else {
                state.insert(*at, State::Done);
                path.pop();
                continue;
            };
            match state.get(&next) {
                Some(State::New) => {
                    state.insert(next, State::OnPath);
                    path.push((next, targets(model, next)));
                }
                Some(State::OnPath) => {
                    let members = path.iter().map(|(id, _)| *id);
                    found.push(members.skip_while(|id| *id != next).collect());
                }
                Some(State::Done) | None => {}
            }
        }
    }
    found
}
