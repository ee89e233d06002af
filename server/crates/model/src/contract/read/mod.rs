//! Reads a [`Contract`] off the values that the evaluator left behind.
//!
//! Follows `fastapi/dependencies/utils.py`, `fastapi/routing.py` and Pydantic's `_generate_schema.py`; each file names what
//! it follows.

mod annotation;
mod app;
mod bases;
mod class;
mod config;
mod data;
mod dependant;
mod docstring;
mod enums;
mod field;
mod metadata;
mod operation;
mod parameter;
mod response;
mod security;
#[cfg(test)]
mod tests;

use super::{Class, ClassRef, Contract};
use crate::{
    Model, ModuleSource, Place, Reason, SchemaId,
    eval::{
        Interp,
        heap::Heap,
        value::{ClassId, Value},
    },
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Classes that one contract may hold: generic ones can name ever new ones of themselves.
const CLASSES: usize = 20_000;
/// Depth of types in each other, and of dependencies.
const DEPTH: u32 = 64;

/// Reads the contract of an app; gives the heap back, unless evaluation of defaults and generators wired something on the
/// way.
pub(crate) fn contract(
    source: &dyn ModuleSource,
    heap: Heap,
    schema_of: &FxHashMap<ClassId, SchemaId>,
    model: &Model,
    app: usize,
) -> (Option<Heap>, Contract) {
    let (entered, unresolved) = (heap.entered.clone(), heap.unresolved.clone());
    let touched = heap.touched_by_others.clone();
    let operations = heap.operation_owners.len();
    let mut reader = Reader {
        interp: Interp::new(source, heap),
        model,
        schema_of,
        classes: Vec::new(),
        by_key: FxHashMap::default(),
        depth: 0,
    };
    let mut contract = reader.app(app);
    contract.classes = reader.classes;
    let mut heap = reader.interp.heap;
    // The model rests on no more bodies than before.
    heap.entered = entered;
    heap.unresolved = unresolved;
    let is_unchanged = heap.operation_owners.len() == operations && heap.touched_by_others == touched;
    (is_unchanged.then_some(heap), contract)
}

struct Reader<'a> {
    interp: Interp<'a>,
    model: &'a Model,
    schema_of: &'a FxHashMap<ClassId, SchemaId>,
    classes: Vec<Class>,
    by_key: FxHashMap<String, ClassRef>,
    depth: u32,
}

/// What type variables stand for.
type Variables = Vec<(Value, super::Type)>;

fn reason(text: impl Into<Arc<str>>, place: Option<Place>) -> Reason {
    Reason {
        text: text.into(),
        place,
    }
}
