//! From a run of the evaluator to the model: apps, callables, schemas, and each app's routes in order.

mod apps;
mod callables;
mod flatten;
mod schemas;
#[cfg(test)]
mod tests;
mod types;

use crate::{
    CallableId, Model, ModuleSource, SchemaId,
    eval::{
        Interp,
        value::{ClassId, FnId, ObjId},
    },
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Stack of the linking thread in bytes: calls of the project's functions recurse in ours.
const STACK: usize = 256 << 20;

/// Runs the workspace's modules and links what they wire. Runs on a thread of its own and waits for it.
#[must_use]
pub fn link(source: &dyn ModuleSource) -> Model {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("link".into())
            .stack_size(STACK)
            .spawn_scoped(scope, || run(source))
            .ok()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default()
    })
}

fn run(source: &dyn ModuleSource) -> Model {
    let mut interp = Interp::new(source);
    let entry_points = source.entry_points();
    for (file, _) in &entry_points {
        interp.run_module(*file);
    }
    for file in source.files() {
        interp.run_module(file);
    }
    let factories = apps::run_factories(&mut interp);
    let apps = apps::find(&interp, &entry_points, &factories);
    let mut linker = Linker {
        interp,
        callables: Vec::new(),
        by_key: FxHashMap::default(),
        schemas: Vec::new(),
        schema_of: FxHashMap::default(),
    };
    linker.collect_schemas();
    let operations = linker.operations();
    let depends = linker.all_depends();
    let mut model = Model {
        apps,
        routers: std::mem::take(&mut linker.interp.routers),
        operations,
        routes: Vec::new(),
        callables: linker.callables,
        depends,
        schemas: linker.schemas,
        unresolved: std::mem::take(&mut linker.interp.unresolved),
        entered: std::mem::take(&mut linker.interp.entered),
    };
    flatten::flatten(&mut model, &linker.interp.imports, source);
    model
}

/// Numbers callables and schemas while records become model entries.
struct Linker<'a> {
    interp: Interp<'a>,
    callables: Vec<crate::Callable>,
    by_key: FxHashMap<CallableKey, CallableId>,
    schemas: Vec<crate::Schema>,
    schema_of: FxHashMap<ClassId, SchemaId>,
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
