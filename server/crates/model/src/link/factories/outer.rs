//! Factories around factories: `create_app()` that returns what `_build(settings)` makes.
//!
//! One around a factory that is an app by itself is not called: what both wire to shared routers would count twice.

use super::{Body, Factories, Kinds, app_names, body_of, call_function, makes_app, names_app_class, unit_of};
use crate::eval::{
    Interp,
    value::{FnId, Value},
};
use base::FileId;
use facts::{Expr, ExprId, Stmt, Unit};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::sync::Arc;

/// How many factories are looked at around each other.
const LAYERS: usize = 4;

/// Which functions make an app.
type Known = FxHashMap<FnId, bool>;

/// How a factory is called: the module's name, where it is an attribute of that, and its own.
type Called = (Option<SmolStr>, SmolStr);

/// A function that returns what another one makes.
struct Outer {
    body: Body,
    /// The factories that it calls.
    inner: Vec<FnId>,
}

/// Calls the functions from `first` on that nothing called and that return what a factory makes. Gives the factories that they
/// stand for, which are not apps by themselves.
pub(super) fn run(interp: &mut Interp<'_>, first: usize, factories: &mut Factories) -> FxHashSet<FnId> {
    let mut known = FxHashMap::default();
    let mut layers: Vec<Vec<Outer>> = Vec::new();
    let mut candidates: Vec<Body> = (first..interp.functions.len())
        .filter_map(|number| body_of(interp, FnId(number as u32)))
        .filter(|body| interp.functions[body.function.0 as usize].class.is_none())
        .filter(|body| !interp.entered.contains(&(body.file, body.unit)))
        .collect();
    for _ in 0..LAYERS {
        let (found, rest) = layer(interp, candidates, &mut known);
        candidates = rest;
        if found.is_empty() {
            break;
        }
        known.extend(found.iter().map(|outer| (outer.body.function, true)));
        layers.push(found);
    }
    let mut replaced = FxHashSet::default();
    // The outermost come first.
    for outer in layers.iter().rev().flatten() {
        let stands_for: Vec<FnId> = outer
            .inner
            .iter()
            .copied()
            .filter(|&inner| stands_for(interp, &outer.body, inner))
            .collect();
        if replaced.contains(&outer.body.function) {
            replaced.extend(stands_for);
        } else if !stands_for.is_empty() {
            let before = factories.len();
            call_function(interp, &outer.body, factories, Kinds::All);
            if factories.len() > before {
                replaced.extend(stands_for);
            }
        }
    }
    replaced
}

/// Whether a factory is there for the one around it: it is private, or only that one knows what to call it with.
fn stands_for(interp: &Interp<'_>, outer: &Body, inner: FnId) -> bool {
    body_of(interp, inner)
        .is_some_and(|inner| inner.name(interp).starts_with('_') || outer.is_plain(interp) && !inner.is_plain(interp))
}

/// Those of some functions that return what a known factory makes, and the others.
fn layer(interp: &mut Interp<'_>, candidates: Vec<Body>, known: &mut Known) -> (Vec<Outer>, Vec<Body>) {
    let mut named: FxHashMap<FileId, Arc<[(Called, FnId)]>> = FxHashMap::default();
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    for body in candidates {
        let factories = named
            .entry(body.file)
            .or_insert_with(|| factories_in(interp, body.file, known))
            .clone();
        let outer = unit_of(interp, body.file, body.unit)
            .filter(|_| !factories.is_empty())
            .and_then(|unit| wrapped(&unit, body.function, &factories));
        if !factories.is_empty() {
            let names = factories
                .iter()
                .map(|((module, name), _)| module.as_ref().unwrap_or(name).clone());
            let names = app_names(interp, body.file).iter().cloned().chain(names).collect();
            interp.examined.insert((body.file, body.unit), names);
        }
        match outer {
            Some(inner) => found.push(Outer { body, inner }),
            None => rest.push(body),
        }
    }
    (found, rest)
}

/// The factories that a module has a name for: its own, imported ones, and those of imported modules.
fn factories_in(interp: &Interp<'_>, file: FileId, known: &mut Known) -> Arc<[(Called, FnId)]> {
    let vars = |file| interp.modules.get(&file).map(|module| &interp.frame(module.frame).vars);
    let mut found: Vec<(Called, FnId)> = Vec::new();
    for (name, value) in vars(file).into_iter().flatten() {
        match value {
            Value::Function(id) => found.push(((None, name.clone()), *id)),
            Value::Module(module) => {
                let functions = vars(*module)
                    .into_iter()
                    .flatten()
                    .filter_map(|(inside, value)| match value {
                        Value::Function(id) => Some(((Some(name.clone()), inside.clone()), *id)),
                        _ => None,
                    });
                found.extend(functions);
            }
            _ => {}
        }
    }
    found.retain(|(_, id)| *known.entry(*id).or_insert_with(|| is_factory(interp, *id)));
    found.sort_by(|(name, _), (other, _)| name.cmp(other));
    found.into()
}

fn is_factory(interp: &Interp<'_>, id: FnId) -> bool {
    names_app_class(interp, interp.functions[id.0 as usize].file)
        && body_of(interp, id).is_some_and(|body| makes_app(interp, body.file, body.unit))
}

/// The factories whose app a body returns.
fn wrapped(unit: &Unit, own: FnId, factories: &[(Called, FnId)]) -> Option<Vec<FnId>> {
    let called = |expr: ExprId| {
        let Expr::Call { func, .. } = &unit[expr] else {
            return None;
        };
        let name = match &unit[*func] {
            Expr::Name(name) => (None, name.clone()),
            Expr::Attr { value, name, .. } => match &unit[*value] {
                Expr::Name(module) => (Some(module.clone()), name.clone()),
                _ => return None,
            },
            _ => return None,
        };
        factories.iter().find(|(known, id)| *known == name && *id != own)
    };
    let held: Vec<(&SmolStr, FnId)> = unit
        .stmts
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Assign { targets, value } => match &unit[*targets.first()?] {
                Expr::Name(name) => Some((name, called(*value)?.1)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let mut inner = Vec::new();
    for stmt in &unit.stmts {
        let Stmt::Return(Some(value)) = stmt else { continue };
        inner.extend(called(*value).map(|(_, id)| *id));
        if let Expr::Name(returned) = &unit[*value] {
            let makers = held.iter().filter(|(name, _)| *name == returned);
            inner.extend(makers.map(|(_, id)| *id));
        }
    }
    inner.sort_by_key(|id| id.0);
    inner.dedup();
    (!inner.is_empty()).then_some(inner)
}
