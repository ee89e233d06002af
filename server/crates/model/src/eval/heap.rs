//! What outlives one run: everything that modules made, by the module that ran when it was made.
//!
//! When a module changes, only it and the modules that import it, directly or not, run again; what the others made
//! stays. That is sound because a module can reach another's objects only by importing it, or by being handed them by
//! code that runs on behalf of a third. The second case leaves a mark in [`Heap::touched_by_others`], and whoever
//! it concerns makes the next link a full one.

use super::{
    DependsRecord, ModuleState, OperationRecord,
    certainty::Refusal,
    memo::Kept,
    type_params::TypeAlias,
    value::{Args, ClassId, ClassObject, FnId, Frame, FunctionObject, ObjId, Object, Value},
};
use crate::{Examined, Place, Reason, Router, RouterId, Table, Unresolved};
use base::FileId;
use facts::UnitId;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::{path::Path, sync::Arc};

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Heap {
    pub(crate) frames: Vec<Frame>,
    pub(crate) objects: Vec<Object>,
    pub(crate) functions: Vec<FunctionObject>,
    pub(crate) classes: Vec<ClassObject>,
    pub(crate) modules: FxHashMap<FileId, ModuleState>,
    /// Which modules a module imported, directly.
    pub(crate) imports: FxHashMap<FileId, FxHashSet<FileId>>,
    pub(crate) routers: Table<Router>,
    pub(crate) router_owners: Vec<FileId>,
    pub(crate) router_objects: Vec<ObjId>,
    pub(crate) operation_owners: Vec<FileId>,
    /// What each operation was registered with.
    pub(crate) operation_details: Table<OperationDetails>,
    /// The arguments of constructors of apps and routers.
    pub(crate) router_args: FxHashMap<RouterId, Args>,
    /// The arguments of includes, by router and number of the event.
    pub(crate) include_args: FxHashMap<(RouterId, usize), Args>,
    /// Aliases made by `type Name = …`, by the place of their name.
    pub(crate) type_aliases: FxHashMap<Place, TypeAlias>,
    /// Operations that are not linked yet.
    pub(crate) new_operations: Vec<OperationRecord>,
    pub(crate) depends: Vec<DependsRecord>,
    pub(crate) unresolved: Vec<(FileId, Unresolved)>,
    /// Function bodies that were run.
    pub(crate) entered: FxHashSet<(FileId, UnitId)>,
    /// Files whose bodies were looked at: do they make an app?
    pub(crate) examined: FxHashMap<FileId, Examined>,
    /// The calls in those files that make an app.
    pub(crate) app_calls: FxHashMap<FileId, Arc<[Place]>>,
    /// Methods that make an app.
    pub(crate) app_methods: Vec<FnId>,
    /// Files of data that were asked for, with the module that ran.
    pub(crate) data_files: FxHashSet<(Arc<Path>, FileId)>,
    /// Functions whose decorators may have changed their signature.
    pub(crate) opaque: FxHashMap<FnId, Reason>,
    /// Who changed whose objects: the module that ran, the module whose object it was.
    pub(crate) touched_by_others: FxHashSet<(FileId, FileId)>,
    /// What of others' things modules changed: the module that ran, and the thing.
    pub(crate) changed_by_others: FxHashSet<(FileId, Thing)>,
    /// What the code that importing a module runs ends with.
    pub(crate) refused: FxHashMap<FileId, Vec<Refusal>>,
    /// The same for calls of factories, by the apps that they made.
    pub(crate) refused_apps: FxHashMap<RouterId, Refusal>,
    /// Objects that may hold more, or other things, than is recorded.
    pub(crate) doubtful: FxHashSet<ObjId>,
    /// Modules whose code was not followed to its end.
    pub(crate) inexact: FxHashSet<FileId>,
    /// Kinds of path parameters that code adds, with the module that ran.
    pub(crate) convertors: FxHashSet<(FileId, SmolStr)>,
    /// Mappings that stand for the names of an object, a class or a module.
    pub(crate) namespaces: FxHashMap<ObjId, Value>,
    /// Lists that stand for iterators: who goes through them uses them up.
    pub(crate) iterators: FxHashSet<ObjId>,
    /// What functions gave that keep their results, by function.
    pub(crate) kept: FxHashMap<FnId, Vec<Kept>>,
    /// Functions that choose another by the class of their first argument: the module that ran, the class, the function.
    pub(crate) dispatchers: FxHashMap<FnId, Vec<(FileId, Value, Value)>>,
    /// What `defaultdict` calls for a key that is missing.
    pub(crate) default_factories: FxHashMap<ObjId, Value>,
    /// Lists and mappings of which it isn't known what comes first.
    pub(crate) disordered: FxHashMap<ObjId, Arc<Reason>>,
    /// The same of tuples, by address; they are kept, so that it stays theirs.
    pub(crate) disordered_tuples: FxHashMap<usize, (Arc<[Value]>, Arc<Reason>)>,
    /// Whether something was read that any module may add to.
    pub(crate) reads_everything: bool,
}

/// Something that any code which reaches it can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Thing {
    Object(ObjId),
    Class(ClassId),
    /// The names of a module.
    Module(FileId),
}

/// What an operation was registered with, for whoever needs more than its model entry tells.
#[derive(Debug)]
pub(crate) struct OperationDetails {
    pub(crate) args: Args,
    pub(crate) endpoint: Value,
}

impl Heap {
    /// The modules to run again when `changed` changed: they and all that import them.
    pub(crate) fn dependents(&self, changed: &FxHashSet<FileId>) -> FxHashSet<FileId> {
        let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
        for (importer, imported) in &self.imports {
            for file in imported {
                importers.entry(*file).or_default().push(*importer);
            }
        }
        let mut found = FxHashSet::default();
        let mut pending: Vec<FileId> = changed.iter().copied().collect();
        while let Some(file) = pending.pop() {
            if found.insert(file) {
                pending.extend(importers.get(&file).into_iter().flatten());
            }
        }
        found
    }

    /// Whether these modules and the others left each other's objects alone, so that they can run again by themselves.
    pub(crate) fn is_separate(&self, modules: &FxHashSet<FileId>) -> bool {
        !self.reads_everything
            && self
                .touched_by_others
                .iter()
                .all(|(writer, owner)| modules.contains(writer) == modules.contains(owner))
    }

    /// Forgets what these modules made.
    pub(crate) fn forget(&mut self, modules: &FxHashSet<FileId>) {
        for module in modules {
            self.modules.remove(module);
            self.imports.remove(module);
            self.refused.remove(module);
            self.inexact.remove(module);
        }
        for (number, owner) in self.router_owners.iter().enumerate() {
            if modules.contains(owner) {
                self.routers.clear(number);
            }
        }
        for (number, owner) in self.operation_owners.iter().enumerate() {
            if modules.contains(owner) {
                self.operation_details.clear(number);
            }
        }
        let routers = &self.routers;
        self.router_args.retain(|id, _| routers.get(id.0 as usize).is_some());
        self.refused_apps.retain(|id, _| routers.get(id.0 as usize).is_some());
        self.convertors.retain(|(module, _)| !modules.contains(module));
        self.include_args
            .retain(|(id, _), _| routers.get(id.0 as usize).is_some());
        for chosen in self.dispatchers.values_mut() {
            chosen.retain(|(owner, ..)| !modules.contains(owner));
        }
        for results in self.kept.values_mut() {
            results.retain(|kept| !modules.contains(&kept.owner));
        }
        self.entered.retain(|(file, _)| !modules.contains(file));
        self.examined.retain(|file, _| !modules.contains(file));
        self.app_calls.retain(|file, _| !modules.contains(file));
        let functions = &self.functions;
        self.app_methods
            .retain(|id| !modules.contains(&functions[id.0 as usize].owner));
        self.data_files.retain(|(_, module)| !modules.contains(module));
        self.unresolved.retain(|(owner, _)| !modules.contains(owner));
        self.touched_by_others.retain(|(writer, _)| !modules.contains(writer));
        self.changed_by_others.retain(|(writer, _)| !modules.contains(writer));
    }
}
