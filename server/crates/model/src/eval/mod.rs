//! The evaluator: runs modules symbolically, in Python's own order.
//!
//! One [`Interp`] is one run over a workspace. It never guesses: what it cannot follow becomes [`Value::Unknown`] with a
//! reason and a place. Work is bounded by a budget of steps and a depth of calls, both counted, never timed.

mod args;
mod assign;
mod attribute;
mod branch;
mod builtins;
mod call;
mod certainty;
mod class;
mod compare;
mod containers;
mod data_files;
mod dataclasses;
pub(crate) mod dependants;
mod disk;
mod disorder;
mod dispatch;
pub(crate) mod docstrings;
mod exceptions;
mod expr;
mod fields;
mod flow;
mod format;
mod glob;
pub(crate) mod heap;
mod import;
pub(crate) use import::absolute_name;
mod include;
mod included_anew;
mod inspect;
mod instances;
pub(crate) mod iterate;
mod libraries;
pub(crate) mod library;
mod library_calls;
mod loops;
pub(crate) use library::defining_module;
mod markers;
pub(crate) mod memo;
mod mistakes;
mod namespaces;
mod offered;
mod operation;
mod ops;
mod order;
mod overloaded;
mod own_setattr;
mod presence;
pub(crate) mod quoted;
mod refusals;
mod regex;
mod route_class;
mod route_table;
mod router;
mod routes;
mod sets;
mod setup;
mod signature_scope;
pub(crate) mod signatures;
mod startup;
mod stmt;
mod strings;
pub(crate) mod type_params;
mod unbound;
mod unexpected;
pub(crate) mod value;
mod webhooks;

use crate::{Depends, ModuleSource, Operation, OperationId, Place, Reason, RouterId, Unresolved};
use base::FileId;
use facts::{ExprId, Unit, UnitId};
use flow::Raise;
use heap::{Heap, Thing};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::{
    cell::OnceCell,
    ops::{Deref, DerefMut},
    sync::Arc,
};
use value::{Frame, FrameId, FrameKind, Names, ObjId, Object, ObjectKind, Value};

/// Expressions and statements that one link may evaluate; ordinary projects need a hundredth of it.
const STEP_BUDGET: u64 = 30_000_000;
/// Expressions and statements that one outermost call may evaluate.
const CALL_STEP_BUDGET: u64 = 2_000_000;
/// Of those, what a call may use of a function in a file that does not name the framework, where no app or router is among
/// its arguments: what it is worth is its result.
const FOREIGN_STEP_BUDGET: u64 = 20_000;
/// Depth of calls into the project's functions.
const CALL_DEPTH: u32 = 40;
/// How often a function may run within itself.
const RECURSION: usize = 8;
/// The same for one in a file that does not name the framework.
const FOREIGN_RECURSION: usize = 4;
/// The owner of what is made while no module runs.
const NOBODY: FileId = FileId(u32::MAX);
/// How often one loop is unrolled.
const LOOP_LIMIT: usize = 4_096;
/// Items that a list or tuple may have which an operator makes: one that doubles in a loop has no end of its own.
const ITEM_LIMIT: usize = 4 * LOOP_LIMIT;
/// Bytes and holes that a string may have which is put together.
const TEXT_LIMIT: usize = 1 << 16;
/// How often the loops of one link go round together: bounds how deeply values can be built into each other.
const ROUND_BUDGET: u64 = 100_000;
/// Depth of statements and expressions within each other, calls included: chains of operators have no end of their own.
const NESTING: u32 = 6_000;

pub(crate) type Eval<T> = Result<T, Raise>;

/// Where code runs: its unit and its scope.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) file: FileId,
    pub(crate) unit: UnitId,
    pub(crate) code: Arc<Unit>,
    pub(crate) frame: FrameId,
    /// The function that runs, for `super()` and `self`.
    pub(crate) function: Option<value::FnId>,
}

impl Context {
    pub(crate) fn place(&self, expr: ExprId) -> Place {
        Place {
            file: self.file,
            unit: self.unit,
            expr,
        }
    }
}

/// How far a module has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ModuleStatus {
    Running,
    Done,
}

#[derive(Debug)]
pub(crate) struct ModuleState {
    pub(crate) frame: FrameId,
    status: ModuleStatus,
    /// Whether importing it fails, for want of a library.
    fails: bool,
    /// The exception that every import of it ends with.
    raised: Option<Raise>,
}

impl ModuleState {
    /// Why it can't be imported, where that is certain.
    pub(crate) fn ended_by(&self) -> Option<&Reason> {
        self.raised.as_ref()?.certain.as_deref()
    }
}

/// A `Depends` with the value it depends on, until callables are numbered.
#[derive(Debug)]
pub(crate) struct DependsRecord {
    /// The module that ran when it was made.
    pub(crate) owner: FileId,
    pub(crate) depends: Depends,
    pub(crate) target: Option<Value>,
}

/// An operation with the values whose model entries are made after the run.
#[derive(Debug)]
pub(crate) struct OperationRecord {
    pub(crate) id: OperationId,
    pub(crate) operation: Operation,
    pub(crate) endpoint: Value,
    pub(crate) response_model: Option<(Value, Option<Place>)>,
}

/// One run of the evaluator.
pub(crate) struct Interp<'a> {
    pub(crate) source: &'a dyn ModuleSource,
    pub(crate) heap: Heap,
    running: Vec<FileId>,
    steps: u64,
    rounds: u64,
    nesting: u32,
    call_steps: u64,
    /// Where `call_steps` must end for the call that runs now.
    call_limit: u64,
    call_depth: u32,
    /// Whether the outermost call that runs has used up what it may do.
    ran_out: bool,
    /// The first call within the outermost one that was too deep to be followed, where one was.
    cut_off: Option<Place>,
    /// What the next outermost call may do: halved by each that used it up, so that those after it get their share.
    call_budget: u64,
    /// The routers that something was recorded on, in order.
    recorded: Vec<RouterId>,
    /// How many undecided conditions enclose what runs now.
    pub(crate) condition_depth: u32,
    /// Old values of names that undecided branches changed, one log for each branch.
    journals: Vec<Vec<(FrameId, SmolStr, Option<Value>)>>,
    /// Whether an arm runs that defaults rule out: what it wires is conditional, what it changes else is not there.
    is_rehearsal: bool,
    /// Objects below this number were there before it ran.
    rehearsed_from: usize,
    /// Whether what runs now runs later than the import of the app.
    is_late: bool,
    /// Names whose values rest on defaults of settings or of the environment, or on what is installed.
    assumed_names: FxHashSet<(FrameId, SmolStr)>,
    /// Attributes whose values do.
    assumed_attributes: FxHashSet<(ObjId, SmolStr)>,
    /// What apps call later.
    later: Vec<startup::Later>,
    /// The apps that wait for some of it.
    awaited: FxHashSet<RouterId>,
    /// How often something was read that rests on a default of a setting or of the environment, or on what is installed.
    assumptions: u64,
    /// Values that returns under undecided conditions gave, for each running call.
    pending_returns: Vec<Vec<Value>>,
    /// The decorator that is being applied.
    decorator: Option<Place>,
    /// How many `try` blocks enclose what runs now, in all the calls that lead there.
    try_depth: u32,
    /// How many of them, in the function that runs, go on where a library can't be imported.
    spare_depth: u32,
    /// How often, within those, a library was imported of which it isn't known whether it is installed.
    presumed_imports: u64,
    /// Whether the module that runs fails for want of a library.
    is_failing: bool,
    /// An exception that an arm of an undecided condition raised, for the `try` block around it.
    possible_raise: Option<Raise>,
    /// Whether what runs now is sure to run, and to be known.
    certainty: certainty::Certainty,
    /// Whether what stands in quotes within an annotation stays a reference, as for FastAPI.
    keeps_quotes: bool,
    /// Functions that run now, the innermost last, with how much was decided when each began.
    calling: Vec<(value::FnId, u64)>,
    /// How many loops run, in all the calls that lead here.
    loop_depth: u32,
    /// How often an arm of an undecided condition left the loop that runs now, so that its later rounds are conditional.
    possible_breaks: u32,
    /// How often what runs next depended on a value: conditions, loops, what may be caught.
    decisions: u64,
    /// What the generators that run now have yielded, the innermost last.
    yields: Vec<iterate::Yields>,
    /// Generators that `next` has begun, by address, with what is left of each; they are kept, so that it stays theirs.
    begun: FxHashMap<usize, (Arc<(value::FnId, value::Args)>, ObjId)>,
    /// Loops over things in no known order that run now, the innermost last.
    disorders: Vec<disorder::Disorder>,
    /// What gives names to all modules, once that was asked.
    givers: OnceCell<unbound::Givers>,
    /// The names that modules bind more than once.
    rebound_names: FxHashMap<FileId, Arc<FxHashSet<SmolStr>>>,
    /// Why the order isn't known in which the generator that ran last yielded.
    yielded_disorder: Option<Arc<Reason>>,
}

impl Deref for Interp<'_> {
    type Target = Heap;

    fn deref(&self) -> &Heap {
        &self.heap
    }
}

impl DerefMut for Interp<'_> {
    fn deref_mut(&mut self) -> &mut Heap {
        &mut self.heap
    }
}

impl<'a> Interp<'a> {
    pub(crate) fn new(source: &'a dyn ModuleSource, heap: Heap) -> Self {
        Self {
            source,
            heap,
            running: Vec::new(),
            steps: 0,
            rounds: 0,
            nesting: 0,
            call_steps: 0,
            call_limit: CALL_STEP_BUDGET,
            call_depth: 0,
            ran_out: false,
            cut_off: None,
            call_budget: CALL_STEP_BUDGET,
            recorded: Vec::new(),
            condition_depth: 0,
            journals: Vec::new(),
            is_rehearsal: false,
            keeps_quotes: false,
            rehearsed_from: 0,
            is_late: false,
            later: Vec::new(),
            awaited: FxHashSet::default(),
            assumed_names: FxHashSet::default(),
            assumed_attributes: FxHashSet::default(),
            assumptions: 0,
            pending_returns: Vec::new(),
            decorator: None,
            try_depth: 0,
            spare_depth: 0,
            presumed_imports: 0,
            is_failing: false,
            possible_raise: None,
            certainty: certainty::Certainty::default(),
            calling: Vec::new(),
            loop_depth: 0,
            possible_breaks: 0,
            decisions: 0,
            yields: Vec::new(),
            begun: FxHashMap::default(),
            disorders: Vec::new(),
            givers: OnceCell::new(),
            rebound_names: FxHashMap::default(),
            yielded_disorder: None,
        }
    }

    /// The module at the top of the import stack.
    pub(crate) fn running_module(&self) -> Option<FileId> {
        self.running.last().copied()
    }

    /// The module on whose behalf code runs; `file`'s own where none is running.
    pub(crate) fn owner(&self, file: FileId) -> FileId {
        self.running_module().unwrap_or(file)
    }

    /// From now on code runs on behalf of a module, until [`Self::end`].
    pub(crate) fn begin(&mut self, module: FileId) {
        self.running.push(module);
    }

    /// See [`Self::begin`].
    pub(crate) fn end(&mut self) {
        self.running.pop();
    }

    /// Notes that the running module changes an object of another.
    pub(crate) fn note_touch(&mut self, owner: FileId) {
        if let Some(running) = self.running_module()
            && running != owner
        {
            self.touched_by_others.insert((running, owner));
        }
    }

    /// Notes that the running module changes something, which may be another's.
    pub(crate) fn note_change(&mut self, thing: Thing) {
        let owner = match thing {
            Thing::Object(id) => self.object(id).owner,
            Thing::Class(class) => self.class(class).owner,
            Thing::Module(file) => file,
        };
        self.note_touch(owner);
        self.note_changed_in_disorder(thing);
        if let Some(running) = self.running_module().filter(|running| *running != owner) {
            self.changed_by_others.insert((running, thing));
        }
    }

    /// Counts a round of a loop; no when there were too many.
    fn round(&mut self) -> bool {
        self.rounds += 1;
        self.has_rounds()
    }

    fn has_rounds(&self) -> bool {
        self.rounds < ROUND_BUDGET
    }

    /// Whether the whole link's work is used up.
    fn is_exhausted(&self) -> bool {
        self.steps >= STEP_BUDGET
    }

    /// Counts a step; no when the budget is used up.
    fn step(&mut self) -> bool {
        self.steps += 1;
        self.call_steps += 1;
        if self.call_depth > 0 && self.call_steps >= self.call_limit {
            self.doubt_module();
            self.ran_out |= self.call_steps >= self.call_budget;
            return false;
        }
        !self.is_exhausted()
    }

    pub(crate) fn new_frame(&mut self, kind: FrameKind, parent: Option<FrameId>, qualname: Arc<str>) -> FrameId {
        let id = FrameId(self.frames.len() as u32);
        self.frames.push(Frame {
            vars: Names::default(),
            kind,
            parent,
            outer_names: Vec::new(),
            qualname,
        });
        id
    }

    pub(crate) fn frame(&self, id: FrameId) -> &Frame {
        &self.frames[id.0 as usize]
    }

    /// Whether an object has to stay as it is: an arm runs that defaults rule out, and didn't make it.
    fn is_settled(&self, id: ObjId) -> bool {
        self.is_rehearsal && (id.0 as usize) < self.rehearsed_from
    }

    /// As [`Self::is_settled`], for who would change it: then it may have changed after all.
    fn stays(&mut self, id: ObjId) -> bool {
        let is_settled = self.is_settled(id);
        if is_settled {
            self.doubt_object(id);
        }
        is_settled
    }

    pub(crate) fn object(&self, id: ObjId) -> &Object {
        &self.objects[id.0 as usize]
    }

    pub(crate) fn object_mut(&mut self, id: ObjId) -> &mut Object {
        &mut self.objects[id.0 as usize]
    }

    pub(crate) fn allocate(&mut self, kind: ObjectKind) -> ObjId {
        let id = ObjId(self.objects.len() as u32);
        let object = Object {
            kind,
            condition_depth: self.condition_depth,
            open: None,
            owner: self.owner(NOBODY),
        };
        self.objects.push(object);
        id
    }

    pub(crate) fn new_list(&mut self, items: Vec<Value>) -> Value {
        Value::List(self.allocate_list(items))
    }

    /// A list or set of these; open, where one of them stands for more.
    pub(crate) fn allocate_list(&mut self, mut items: Vec<Value>) -> ObjId {
        let open = items.iter().find_map(iterate::more);
        items.retain(|item| iterate::more(item).is_none());
        let id = self.allocate(ObjectKind::List(items));
        self.object_mut(id).open = open;
        id
    }

    pub(crate) fn list_items(&self, id: ObjId) -> &[Value] {
        match &self.object(id).kind {
            ObjectKind::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn dict_entries(&self, id: ObjId) -> &[value::DictEntry] {
        match &self.object(id).kind {
            ObjectKind::Dict(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn instance(&self, id: ObjId) -> Option<&value::Instance> {
        match &self.object(id).kind {
            ObjectKind::Instance(instance) => Some(instance),
            _ => None,
        }
    }

    pub(crate) fn instance_mut(&mut self, id: ObjId) -> Option<&mut value::Instance> {
        match &mut self.object_mut(id).kind {
            ObjectKind::Instance(instance) => Some(instance),
            _ => None,
        }
    }

    /// Whether something was reported of a place.
    pub(crate) fn is_reported(&self, at: Place) -> bool {
        self.unresolved.iter().any(|(_, entry)| entry.at == at)
    }

    pub(crate) fn report(&mut self, at: Place, what: impl Into<Arc<str>>, why: &Reason) {
        let entry = (
            self.owner(at.file),
            Unresolved {
                at,
                what: what.into(),
                why: why.clone(),
                below: 0,
            },
        );
        if !self.unresolved.contains(&entry) {
            self.unresolved.push(entry);
        }
    }
}
