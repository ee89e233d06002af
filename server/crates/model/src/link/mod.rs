//! From a run of the evaluator to the model: apps, callables, schemas, and each app's routes in order.

#[cfg(test)]
mod again_tests;
mod apps;
#[cfg(test)]
mod bounds_tests;
mod callables;
mod class_extras;
mod completed;
#[cfg(test)]
mod conditions_tests;
#[cfg(test)]
mod ended_tests;
pub(crate) mod factories;
pub use factories::{Examined, may_make_app};
mod flatten;
mod import_order;
pub(crate) use import_order::bindings;
pub use import_order::{ImportError, Imports};
#[cfg(test)]
mod libraries_tests;
mod order;
mod refused;
mod schemas;
mod spelling;
#[cfg(test)]
mod tests;
mod types;

use crate::{
    Callable, CallableId, Depends, DependsId, Model, ModuleSource, Operation, Reason, Schema, SchemaId, Table,
    contract::Contract,
    eval::{
        Interp,
        heap::Heap,
        value::{ClassId, FnId, ObjId, Value},
    },
};
use base::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Stack of the linking thread in bytes: calls of the project's functions recurse in ours.
const STACK: usize = 256 << 20;
/// After so many links that built on each other, what they left behind is worth a full one when nobody waits for it.
const LINKS_UNTIL_WORN: u32 = 32;
/// After so many, it is cleared even if somebody waits.
const LINKS_UNTIL_FULL: u32 = 256;

/// Runs the workspace's modules and links what they wire.
#[must_use]
pub fn link(source: &dyn ModuleSource) -> Model {
    Wiring::default().link(source, None)
}

/// A linked workspace that can be linked again when a few of its modules have changed.
#[derive(Debug, Default)]
pub struct Wiring {
    state: Option<State>,
}

/// What one link hands to the next.
#[derive(Debug, Default)]
struct State {
    heap: Heap,
    entries: Entries,
    factories: factories::Factories,
    /// Links since the last full one.
    links: u32,
}

/// Model entries by number, with the module each belongs to.
#[derive(Debug, Default)]
struct Entries {
    operations: Table<Operation>,
    depends: Table<Depends>,
    callables: Table<Callable>,
    /// `None` for what belongs to no module: library things.
    callable_owners: Vec<Option<FileId>>,
    schemas: Table<Schema>,
    schema_owners: Vec<FileId>,
    by_key: FxHashMap<CallableKey, CallableId>,
    schema_of: FxHashMap<ClassId, SchemaId>,
    /// What `Depends()` without an argument was copied to, by the type it stands beside.
    own_types: FxHashMap<DependsId, Vec<(Value, DependsId)>>,
    /// Classes that calls make.
    made: Vec<(Value, CallableId)>,
    /// Functions and classes below these numbers were read by earlier links.
    functions_read: usize,
    classes_read: usize,
}

/// What makes two callables the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum CallableKey {
    /// A function; bound, its first parameter is gone.
    Function(FnId, bool),
    Class(ClassId),
    Instance(ObjId),
    Library(Arc<str>),
    LibraryObject(crate::Place),
}

impl Wiring {
    /// Links the workspace. Where `changed` names the files whose facts changed since the last link, and nothing else did
    /// (no file came or went, no setting, no environment), only they and the modules that import them run again; the
    /// result is the same as that of a fresh start. Runs on a thread of its own and waits for it.
    pub fn link(&mut self, source: &dyn ModuleSource, changed: Option<&FxHashSet<FileId>>) -> Model {
        let full = |old: Option<State>| {
            drop(old);
            Some(run_and_link(source, State::default()))
        };
        let linked = match (self.state.take(), changed) {
            (Some(old), Some(changed)) if old.links < LINKS_UNTIL_FULL => {
                on_a_large_stack(|| link_again(source, old, changed)).or_else(|| on_a_large_stack(|| full(None)))
            }
            (old, _) => on_a_large_stack(|| full(old)),
        };
        let (state, model) = linked.unwrap_or_default();
        self.state = Some(state);
        model
    }
}

impl Wiring {
    /// Whether links that built on each other have left so much behind that a full one is due.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.state.as_ref().is_some_and(|state| state.links >= LINKS_UNTIL_WORN)
    }

    /// What an app promises its clients, by its number in [`Model::apps`] of the last link. `None` where nothing was
    /// linked. A panic on the way is as if nothing was: the next link is a full one.
    pub fn contract(&mut self, source: &dyn ModuleSource, model: &Model, app: usize) -> Option<Contract> {
        let state = self.state.take()?;
        let (state, contract) = on_a_large_stack(|| {
            let State {
                heap,
                entries,
                factories,
                links,
            } = state;
            let (heap, contract) = crate::contract::read::contract(source, heap, &entries.schema_of, model, app);
            let state = heap.map(|heap| State {
                heap,
                entries,
                factories,
                links,
            });
            Some((state, contract))
        })?;
        self.state = state;
        Some(contract)
    }
}

impl Drop for Wiring {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            on_a_large_stack(|| {
                drop(state);
                Some(())
            });
        }
    }
}

/// Runs something that recurses as deeply as the project's code does; a panic in it is as if it had declined.
fn on_a_large_stack<T: Send>(run: impl FnOnce() -> Option<T> + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("link".into()).stack_size(STACK);
        thread.spawn_scoped(scope, run).ok()?.join().ok()?
    })
}

/// Links again after a change of some files; `None` where only a full link can tell.
fn link_again(source: &dyn ModuleSource, mut state: State, changed: &FxHashSet<FileId>) -> Option<(State, Model)> {
    let modules = state.heap.dependents(changed);
    if !state.heap.is_separate(&modules) {
        return None;
    }
    state.entries.forget(&state.heap, &modules);
    state.heap.forget(&modules);
    state
        .factories
        .retain(|router, _| state.heap.routers.get(router.0 as usize).is_some());
    state.links += 1;
    let (state, model) = run_and_link(source, state);
    state.heap.is_separate(&modules).then_some((state, model))
}

fn run_and_link(source: &dyn ModuleSource, state: State) -> (State, Model) {
    let State {
        heap,
        entries,
        mut factories,
        links,
    } = state;
    let first_function = heap.functions.len();
    let mut interp = Interp::new(source, heap);
    let entry_points = source.entry_points();
    for (file, _) in &entry_points {
        interp.run_module(*file);
    }
    order::run(&mut interp, source.files());
    factories::run(&mut interp, first_function, &mut factories, factories::Kinds::All);
    interp.run_later();
    let first_function = interp.functions.len();
    order::run(&mut interp, source.tests_and_scripts());
    factories::run(&mut interp, first_function, &mut factories, factories::Kinds::Plain);
    interp.run_later();
    let apps = apps::find(&interp, &entry_points, &factories);
    let untold = [factories::untold(&interp, &apps), completed::untold(&interp, &apps)].concat();
    let mut linker = Linker { interp, entries };
    linker.collect_schemas();
    linker.link_operations();
    linker.link_depends();
    let Linker { interp, entries } = linker;
    let heap = interp.heap;
    let mut model = Model {
        apps,
        routers: heap.routers.clone(),
        operations: entries.operations.clone(),
        routes: Vec::new(),
        builtins: Vec::new(),
        callables: entries.callables.clone(),
        depends: entries.depends.clone(),
        schemas: entries.schemas.clone(),
        unresolved: heap.unresolved.iter().map(|(_, entry)| entry.clone()).collect(),
        entered: heap.entered.clone(),
        examined: heap.examined.clone(),
        data_files: heap.data_files.clone(),
        refused: heap.refusals(),
        imports: heap.imports.clone(),
    };
    refused::add(&mut model);
    let modules = heap.modules.iter();
    let of_framework = modules.filter(|(file, _)| source.mentions_framework(**file));
    let ended = of_framework.filter_map(|(_, module)| module.ended_by());
    if let Some(reason) = ended.min_by_key(|reason| reason.place) {
        doubt_all(&mut model, reason);
    }
    model.unresolved.extend(untold);
    flatten::flatten(&mut model, &heap.imports, source);
    model.unresolved.sort_by_key(|entry| entry.at);
    model.unresolved.dedup();
    (
        State {
            heap,
            entries,
            factories,
            links,
        },
        model,
    )
}

/// Where a module ends before its time, what it would wire is missing: no claim of absence can be made of any router.
fn doubt_all(model: &mut Model, reason: &Reason) {
    for number in 0..model.routers.len() {
        if let Some(router) = model.routers.get_mut(number) {
            router.incomplete.get_or_insert_with(|| reason.clone());
        }
    }
}

impl Entries {
    /// Forgets what belongs to these modules.
    fn forget(&mut self, heap: &Heap, modules: &FxHashSet<FileId>) {
        for (number, owner) in heap.operation_owners.iter().enumerate() {
            if modules.contains(owner) {
                self.operations.clear(number);
            }
        }
        for (number, record) in heap.depends.iter().enumerate() {
            if modules.contains(&record.owner) {
                self.depends.clear(number);
                self.own_types.remove(&DependsId(number as u32));
            }
        }
        for (number, owner) in self.schema_owners.iter().enumerate() {
            if modules.contains(owner) {
                self.schemas.clear(number);
            }
        }
        for (number, owner) in self.callable_owners.iter().enumerate() {
            if owner.is_some_and(|owner| modules.contains(&owner)) {
                self.callables.clear(number);
            }
        }
        self.schema_of
            .retain(|class, _| !modules.contains(&heap.classes[class.0 as usize].owner));
        self.by_key.retain(|_, id| self.callables.get(id.0 as usize).is_some());
        self.made.retain(|(_, id)| self.callables.get(id.0 as usize).is_some());
        for copies in self.own_types.values_mut() {
            copies.retain(|(_, id)| self.depends.get(id.0 as usize).is_some());
        }
    }
}

/// Numbers callables and schemas while records become model entries.
struct Linker<'a> {
    interp: Interp<'a>,
    entries: Entries,
}
