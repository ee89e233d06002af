//! Factories around factories: `create_app()` that returns what `_build(settings)` makes, or `Server(settings).get_app()`.
//!
//! One around a factory that is an app by itself is not called: what both wire to shared routers would count twice.

use super::{
    Body, Factories, Kinds, body_of, call_function,
    makes::{makes_app, unit_of},
};
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

/// Methods that make or return an app, by name.
type Methods = FxHashMap<SmolStr, Vec<FnId>>;

/// What was found about factories around factories.
#[derive(Default)]
pub(super) struct Outers {
    /// Factories that others stand for, which are not apps by themselves.
    pub(super) replaced: FxHashSet<FnId>,
    /// Methods that return what another factory makes, outermost first, and that nothing called.
    pub(super) methods: Vec<Body>,
}

/// A function that returns what another one makes.
struct Outer {
    body: Body,
    /// The factories that it calls.
    inner: Vec<FnId>,
}

/// Calls the functions from `first` on that nothing called and that return what a factory makes. Methods are left to those who
/// make instances.
pub(super) fn run(interp: &mut Interp<'_>, first: usize, factories: &mut Factories) -> Outers {
    let mut outers = Outers::default();
    // The outermost come first.
    for outer in layers(interp, first).into_iter().rev().flatten() {
        let stands_for: Vec<FnId> = outer
            .inner
            .iter()
            .copied()
            .filter(|&inner| stands_for(interp, &outer.body, inner))
            .collect();
        if stands_for.is_empty() {
            continue;
        }
        if outers.replaced.contains(&outer.body.function) {
            outers.replaced.extend(stands_for);
        } else if outer.body.class.is_some() {
            outers.methods.push(outer.body);
        } else {
            let before = factories.len();
            call_function(interp, &outer.body, factories, Kinds::All);
            if factories.len() > before {
                outers.replaced.extend(stands_for);
            }
        }
    }
    let entered = &interp.entered;
    outers.methods.retain(|body| !entered.contains(&(body.file, body.unit)));
    outers
}

/// The functions around factories, innermost first.
fn layers(interp: &mut Interp<'_>, first: usize) -> Vec<Vec<Outer>> {
    let (mut known, mut methods) = (Known::default(), Methods::default());
    note_methods(interp, first);
    for &id in &interp.app_methods {
        add_method(interp, id, &mut methods);
    }
    let mut candidates: Vec<Body> = (first..interp.functions.len())
        .filter_map(|number| body_of(interp, FnId(number as u32)))
        .filter(|body| !interp.entered.contains(&(body.file, body.unit)))
        .collect();
    let mut layers: Vec<Vec<Outer>> = Vec::new();
    for _ in 0..LAYERS {
        let (found, rest) = layer(interp, candidates, &mut known, &methods);
        candidates = rest;
        if found.is_empty() {
            break;
        }
        for outer in &found {
            match outer.body.class {
                Some(_) => add_method(interp, outer.body.function, &mut methods),
                None => drop(known.insert(outer.body.function, true)),
            }
        }
        layers.push(found);
    }
    layers
}

/// Notes which of the functions from `first` on are methods that make an app.
fn note_methods(interp: &mut Interp<'_>, first: usize) {
    let methods: Vec<FnId> = (first..interp.functions.len())
        .map(|number| FnId(number as u32))
        .filter(|id| interp.functions[id.0 as usize].class.is_some())
        .filter(|&id| is_factory(interp, id))
        .collect();
    interp.app_methods.extend(methods);
}

fn add_method(interp: &Interp<'_>, id: FnId, methods: &mut Methods) {
    let qualname = &interp.functions[id.0 as usize].qualname;
    let name = qualname.rsplit('.').next().unwrap_or_default();
    methods.entry(name.into()).or_default().push(id);
}

/// Whether a factory is there for the one around it: it is private, or only that one knows what to call it with, be it the
/// instance.
fn stands_for(interp: &Interp<'_>, outer: &Body, inner: FnId) -> bool {
    body_of(interp, inner).is_some_and(|inner| {
        inner.class.is_some()
            || inner.name(interp).starts_with('_')
            || outer.class.is_none() && outer.is_plain(interp) && !inner.is_plain(interp)
    })
}

/// Those of some functions that return what a known factory makes, and the others.
fn layer(
    interp: &mut Interp<'_>,
    candidates: Vec<Body>,
    known: &mut Known,
    methods: &Methods,
) -> (Vec<Outer>, Vec<Body>) {
    let mut named: FxHashMap<FileId, Arc<[(Called, FnId)]>> = FxHashMap::default();
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    for body in candidates {
        let functions = match named.get(&body.file) {
            Some(functions) => functions.clone(),
            None => {
                let functions = factories_in(interp, body.file, known);
                note_names(interp, body.file, &functions, methods);
                named.insert(body.file, functions.clone());
                functions
            }
        };
        match wrapped(interp, &body, &functions, methods) {
            Some(inner) => found.push(Outer { body, inner }),
            None => rest.push(body),
        }
    }
    (found, rest)
}

/// Notes that what a file's bodies return depends on whether they call these.
fn note_names(interp: &mut Interp<'_>, file: FileId, functions: &[(Called, FnId)], methods: &Methods) {
    let functions = functions
        .iter()
        .map(|((module, name), _)| module.as_ref().unwrap_or(name));
    let mut names: Vec<SmolStr> = functions.chain(methods.keys()).cloned().collect();
    if names.is_empty() {
        return;
    }
    let examined = interp.examined.entry(file).or_default();
    names.extend(examined.names.iter().cloned());
    names.sort();
    names.dedup();
    examined.names = names.into();
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
    body_of(interp, id).is_some_and(|body| makes_app(interp, body.file, body.unit))
}

/// The factories whose app a body returns.
fn wrapped(interp: &Interp<'_>, body: &Body, functions: &[(Called, FnId)], methods: &Methods) -> Option<Vec<FnId>> {
    let cell_names = |name: &SmolStr| {
        let facts = interp.source.facts(body.file);
        facts.is_some_and(|facts| {
            facts
                .units
                .get(body.unit.0 as usize)
                .is_some_and(|unit| unit.may_mention(name))
        })
    };
    let mut names = functions.iter().map(|((_, name), _)| name).chain(methods.keys());
    if !names.any(cell_names) {
        return None;
    }
    let unit = unit_of(interp, body.file, body.unit)?;
    let called = |expr: ExprId| called_by(interp, &unit, body, expr, functions, methods);
    let mut held: Vec<(&SmolStr, FnId)> = Vec::new();
    for stmt in &unit.stmts {
        if let Stmt::Assign { targets, value } = stmt
            && let Some(Expr::Name(name)) = targets.first().map(|&target| &unit[target])
        {
            held.extend(called(*value).into_iter().map(|id| (name, id)));
        }
    }
    let mut inner = Vec::new();
    for stmt in &unit.stmts {
        let Stmt::Return(Some(value)) = stmt else { continue };
        inner.extend(called(*value));
        if let Expr::Name(returned) = &unit[*value] {
            let makers = held.iter().filter(|(name, _)| *name == returned);
            inner.extend(makers.map(|(_, id)| *id));
        }
    }
    inner.sort_by_key(|id| id.0);
    inner.dedup();
    (!inner.is_empty()).then_some(inner)
}

/// The factories that a call in a body may be of: a function by its name, methods of `self` by their class, others by their
/// name alone.
fn called_by(
    interp: &Interp<'_>,
    unit: &Unit,
    body: &Body,
    expr: ExprId,
    functions: &[(Called, FnId)],
    methods: &Methods,
) -> Vec<FnId> {
    let Expr::Call { func, .. } = &unit[expr] else {
        return Vec::new();
    };
    let function = |module: Option<&SmolStr>, name: &SmolStr| {
        let is_called = |known: &Called| known.0.as_ref() == module && known.1 == *name;
        let id = functions
            .iter()
            .find(|(known, id)| is_called(known) && *id != body.function);
        id.map(|(_, id)| *id)
    };
    match &unit[*func] {
        Expr::Name(name) => function(None, name).into_iter().collect(),
        Expr::Attr { value, name, .. } => {
            let (receiver, is_self) = match &unit[*value] {
                Expr::Name(receiver) => (Some(receiver), receiver == "self" || receiver == "cls"),
                _ => (None, false),
            };
            if let Some(id) = receiver.and_then(|module| function(Some(module), name)) {
                return vec![id];
            }
            let own = body.class.filter(|_| is_self);
            let of_own = |id: FnId| {
                own.is_none_or(|own| {
                    matches!(interp.class_attribute(own, name, None), Some((Value::Function(found), _)) if found == id)
                })
            };
            let methods = methods.get(name).into_iter().flatten().copied();
            methods.filter(|&id| id != body.function && of_own(id)).collect()
        }
        _ => Vec::new(),
    }
}
