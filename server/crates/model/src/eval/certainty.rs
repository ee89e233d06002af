//! Whether what runs now surely runs when its module is imported, and whether what it rests on is surely known: an exception
//! there ends the import.
//!
//! The model stays whole all the same, since who edits makes such mistakes all the time; that nothing is served is kept beside
//! it ([`Refusal`]). Where somebody may catch the exception, it is raised.

use super::{
    Context, Eval, Interp,
    flow::Raise,
    heap::{Heap, Thing},
    refusals::ANY_CONVERTOR,
    value::{Args, ClassId, DictEntry, FrameKind, ObjId, ObjectKind, Value},
};
use crate::{Place, Reason, RouterId};
use base::FileId;
use facts::{Expr, ExprId};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::sync::Arc;

/// Exceptions that are kept of one module: those behind the first matter where that one turns out to be none.
const KEPT: usize = 8;
/// Depth of values within each other up to which they are looked through.
const DEPTH: u32 = 6;

/// An exception that the import of a module, or the call of a factory, ends with.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: Arc<Reason>,
    raise: Raise,
    /// The module in whose import it was found.
    module: FileId,
    rests_on: RestsOn,
}

/// What may turn out not to be so, once all modules have run.
#[derive(Clone, Debug)]
pub(super) enum RestsOn {
    /// Nothing.
    Nothing,
    /// That no module changes these things but the one that made them and those that run before.
    Things(Vec<Thing>),
    /// That no module makes this kind of path parameter known.
    Convertor(SmolStr),
}

/// What is known of the way to what runs now.
#[derive(Debug, Default)]
pub(super) struct Certainty {
    /// How many `try` and `with` blocks enclose the imports that led to the running module.
    tries_around: u32,
    /// How many `with` blocks enclose what runs now, in the calls of the running module: managers may catch what they like.
    guards: u32,
    /// Whether the statement of the module that runs came to a decision on more than plain values.
    is_shaky: bool,
    /// Whether a factory is called as its user would.
    in_factory: bool,
    /// Whether that factory takes arguments: who calls it may give others than those that it runs with here.
    is_callers: bool,
    /// What the call of a factory ends with.
    refused_call: Option<Refusal>,
}

impl Interp<'_> {
    /// From now on another module runs, until [`Self::leave_module`].
    pub(super) fn enter_module(&mut self, tries: u32) -> Certainty {
        let tries_around = self.certainty.tries_around + self.certainty.guards + tries;
        let inner = Certainty {
            tries_around,
            ..Certainty::default()
        };
        std::mem::replace(&mut self.certainty, inner)
    }

    pub(super) fn leave_module(&mut self, outer: Certainty) {
        self.certainty = outer;
    }

    /// A statement of a module begins.
    pub(super) fn begin_statement(&mut self) {
        self.certainty.is_shaky = false;
    }

    /// Runs the body of a `with` whose managers may catch exceptions.
    pub(super) fn guarded<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.certainty.guards += 1;
        let result = run(self);
        self.certainty.guards -= 1;
        result
    }

    /// What follows rests on a decision that was made on an expression.
    pub(super) fn heed_decision(&mut self, cx: &Context, test: ExprId) {
        self.certainty.is_shaky = self.certainty.is_shaky || !self.is_plain(cx, test);
    }

    /// Whether an expression decides on names and constants alone whose values are surely known: what else there is may be
    /// other than it seems.
    fn is_plain(&self, cx: &Context, expr: ExprId) -> bool {
        match &cx.code[expr] {
            Expr::None | Expr::Bool(_) | Expr::Int(_) | Expr::Number(_) | Expr::Str(_) => true,
            Expr::Name(name) => self.is_constant(cx, name),
            Expr::Unary(_, operand) => self.is_plain(cx, *operand),
            Expr::And(operands) | Expr::Or(operands) => operands.iter().all(|operand| self.is_plain(cx, *operand)),
            Expr::Compare(first, rest) => {
                let is_membership =
                    |(op, _): &(facts::CompareOp, ExprId)| matches!(op, facts::CompareOp::In | facts::CompareOp::NotIn);
                !rest.iter().any(is_membership)
                    && self.is_plain(cx, *first)
                    && rest.iter().all(|(_, operand)| self.is_plain(cx, *operand))
            }
            _ => false,
        }
    }

    /// Whether a name stands for a constant. What libraries make may be anything, also nothing at all, and what a factory's
    /// arguments led to may be something else for its callers.
    fn is_constant(&self, cx: &Context, name: &str) -> bool {
        let mut scope = Some(cx.frame);
        while let Some(id) = scope {
            let frame = self.frame(id);
            if let Some(value) = frame.vars.get(name) {
                return matches!(
                    value,
                    Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_)
                ) && (!self.certainty.is_callers || frame.kind == FrameKind::Module);
            }
            scope = frame.parent;
        }
        matches!(name, "__name__" | "__debug__")
    }

    /// What follows rests on a decision on something that may not be as it seems.
    pub(super) fn heed_shaky_decision(&mut self) {
        self.certainty.is_shaky = true;
    }

    /// Runs the call of a factory; `is_callers` tells whether it takes arguments.
    pub(super) fn in_factory<T>(&mut self, is_callers: bool, run: impl FnOnce(&mut Self) -> T) -> T {
        let inner = Certainty {
            in_factory: true,
            is_callers,
            ..Certainty::default()
        };
        let outer = std::mem::replace(&mut self.certainty, inner);
        let result = run(self);
        let refused_call = self.certainty.refused_call.take();
        self.certainty = Certainty { refused_call, ..outer };
        result
    }

    /// What a factory made, the routers from `first` on, nobody gets if its call ended with an exception.
    pub(crate) fn note_refused_apps(&mut self, first: usize) {
        if let Some(refusal) = self.certainty.refused_call.take() {
            for number in first..self.routers.len() {
                let router = RouterId(number as u32);
                self.heap.refused_apps.insert(router, refusal.clone());
            }
        }
    }

    /// Whether an exception at a place would surely end the import that runs, or be caught for sure.
    pub(super) fn is_certain(&self, at: Place) -> bool {
        let certainty = &self.certainty;
        let Some(module) = self.running_module() else {
            return false;
        };
        self.is_unconditional()
            && certainty.guards == 0
            && !certainty.is_shaky
            && (certainty.in_factory || self.is_importing(module))
            && !self.inexact.contains(&module)
            && !self.inexact.contains(&at.file)
            && self.source.is_own(module)
            && self.source.is_own(at.file)
            && self.source.facts(at.file).is_some_and(|facts| !facts.damaged)
    }

    /// Whether an exception for a value would be certain ([`Self::is_certain`]), as that is all that can be there.
    pub(super) fn is_certain_of_values(&self, at: Place) -> bool {
        !self.certainty.is_callers && self.is_certain(at)
    }

    /// An exception that is raised here for certain ([`Self::is_certain`]): the running module ends with it, or whoever may
    /// catch it gets it.
    pub(super) fn surely(&mut self, raise: &Raise, why: String, at: Place, rests_on: RestsOn) -> Eval<()> {
        let reason = self.reason(why, at);
        if self.try_depth > 0 || self.certainty.tries_around > 0 {
            return Err(Raise {
                certain: Some(reason),
                ..raise.clone()
            });
        }
        self.note_refusal(raise, reason, rests_on);
        Ok(())
    }

    /// An exception of the framework for a mistake that is made while somebody types: the import of the running module
    /// ends with it, what follows is in the model all the same.
    pub(super) fn refuse(&mut self, class: &str, why: &str, at: Place, rests_on: RestsOn) {
        let is_sure = self.try_depth == 0 && self.is_unconditional() && self.certainty.guards == 0;
        let reason = self.reason(why, at);
        if !is_sure || !self.note_refusal(&Raise::new(class), reason, rests_on) {
            let raise = self.raised_by_library(class, why, at);
            self.note_possible_raise(raise);
        }
    }

    /// Notes what the import or the factory that runs ends with; not where nothing of that kind runs.
    fn note_refusal(&mut self, raise: &Raise, reason: Arc<Reason>, rests_on: RestsOn) -> bool {
        let Some(module) = self.running_module() else {
            return false;
        };
        let refusal = Refusal {
            reason,
            raise: raise.clone(),
            module,
            rests_on,
        };
        if self.certainty.in_factory {
            self.certainty.refused_call.get_or_insert(refusal);
            return true;
        }
        let is_importing = self.is_importing(module);
        if is_importing {
            self.keep_refusal(module, refusal);
        }
        is_importing
    }

    fn keep_refusal(&mut self, module: FileId, refusal: Refusal) {
        let kept = self.refused.entry(module).or_default();
        if kept.len() < KEPT {
            kept.push(refusal);
        }
    }

    /// Importing a module whose import ends with an exception raises it. Gives what the running module has to catch.
    pub(super) fn refused_by_import(&mut self, file: FileId) -> Option<Raise> {
        if !self.refused.contains_key(&file) || self.is_importing(file) || self.certainty.guards > 0 {
            return None;
        }
        let refusals = self.refused.get(&file)?.clone();
        let first = refusals.first()?;
        if self.try_depth > 0 {
            return Some(Raise {
                certain: self.is_unconditional().then(|| first.reason.clone()),
                ..first.raise.clone()
            });
        }
        let module = self.running_module().filter(|_| self.is_unconditional())?;
        if self.certainty.in_factory {
            self.certainty.refused_call.get_or_insert(first.clone());
        } else if self.is_importing(module) && !self.refused.contains_key(&module) {
            refusals
                .into_iter()
                .for_each(|refusal| self.keep_refusal(module, refusal));
        }
        None
    }

    /// Something of the module that runs was not followed to its end: what it lacks may be there.
    pub(super) fn doubt_module(&mut self) {
        if let Some(module) = self.running_module() {
            self.inexact.insert(module);
        }
    }

    /// What a class's metaclass does when it is made, or what it holds is told of its name, is not followed.
    pub(super) fn heed_metaclass(&mut self, class: ClassId) {
        let mut makers: Vec<ClassId> = Vec::new();
        for base in &self.class(class).mro {
            if let Value::Class(base) = base {
                let metaclasses = self
                    .class(*base)
                    .keywords
                    .iter()
                    .filter(|(name, _)| name == "metaclass");
                makers.extend(metaclasses.filter_map(|(_, value)| match value {
                    Value::Class(metaclass) => Some(*metaclass),
                    _ => None,
                }));
            }
        }
        let held = self.frame(self.class(class).frame).vars.values();
        let classes = held.filter_map(|value| match value {
            Value::Object(object) => self.instance(*object).and_then(super::compare::class_of),
            _ => None,
        });
        makers.extend(classes.filter(|held| self.has_own(*held, "__set_name__")));
        for maker in makers {
            let owner = self.class(maker).owner;
            self.inexact.insert(owner);
            self.doubt_module();
        }
    }

    /// An operator of an object, which is not followed, may do anything.
    pub(super) fn heed_operator(&mut self, operand: &Value) {
        if let Value::Object(_) = operand {
            self.expose_value(operand, DEPTH);
            self.doubt_module();
        }
    }

    /// An object whose content may be other than what is recorded: what is not there may be.
    pub(super) fn doubt_object(&mut self, id: ObjId) {
        self.doubtful.insert(id);
    }

    /// A mapping of what is elsewhere, as it is now: it may have more, or other things, when it is asked.
    pub(super) fn new_view(&mut self, entries: Vec<DictEntry>) -> Value {
        let view = self.allocate(ObjectKind::Dict(entries));
        self.doubt_object(view);
        Value::Dict(view)
    }

    /// Whether nothing but what is recorded can be in an object.
    pub(super) fn is_sound(&self, id: ObjId) -> bool {
        let object = self.object(id);
        object.open.is_none() && !self.doubtful.contains(&id) && !self.inexact.contains(&object.owner)
    }

    /// Code that is not read may change what it is given, and call it at once.
    pub(super) fn expose(&mut self, args: &Args) {
        let values: Vec<Value> = args.values().cloned().collect();
        for value in &values {
            self.expose_value(value, DEPTH);
        }
    }

    pub(super) fn expose_value(&mut self, value: &Value, depth: u32) {
        match value {
            Value::List(id) | Value::Dict(id) | Value::Set(id) | Value::Object(id) => {
                if depth == 0 || !self.doubtful.insert(*id) {
                    return;
                }
                let inner: Vec<Value> = match &self.object(*id).kind {
                    ObjectKind::List(items) => items.clone(),
                    ObjectKind::Dict(entries) => entries.iter().map(|entry| entry.value.clone()).collect(),
                    ObjectKind::Instance(instance) => instance.attrs.values().cloned().collect(),
                };
                inner.iter().for_each(|value| self.expose_value(value, depth - 1));
            }
            Value::Tuple(items) | Value::OneOf(items) => {
                items.iter().for_each(|value| self.expose_value(value, depth));
            }
            Value::Maybe(inner) => self.expose_value(inner, depth),
            // It may be called.
            Value::Function(_) | Value::Bound(_) | Value::Suspended(_) | Value::Partial(_)
                if self.decorator.is_none() =>
            {
                self.doubt_module();
            }
            _ => {}
        }
    }
}

impl Heap {
    /// What the import of each module surely ends with, now that all have run.
    pub(crate) fn refusals(&self) -> FxHashMap<FileId, Reason> {
        let first = |refusals: &Vec<Refusal>| refusals.iter().find(|refusal| self.holds(refusal)).cloned();
        self.refused
            .iter()
            .filter_map(|(file, refusals)| Some((*file, Reason::clone(&first(refusals)?.reason))))
            .collect()
    }

    /// What the call of the factory that made an app surely ends with.
    pub(crate) fn refusal_of_app(&self, app: RouterId) -> Option<Reason> {
        let refusal = self.refused_apps.get(&app)?;
        self.holds(refusal).then(|| Reason::clone(&refusal.reason))
    }

    fn holds(&self, refusal: &Refusal) -> bool {
        match &refusal.rests_on {
            RestsOn::Nothing => true,
            RestsOn::Convertor(name) => self
                .convertors
                .iter()
                .all(|(_, known)| known != name && known != ANY_CONVERTOR),
            RestsOn::Things(things) => {
                let before = self.imported_by(refusal.module);
                let changed = self.changed_by_others.iter();
                let mut changed = changed.filter(|(_, thing)| things.contains(thing));
                changed.all(|(writer, _)| *writer == refusal.module || before.contains(writer))
            }
        }
    }

    /// All modules that a module imports, directly or not.
    fn imported_by(&self, file: FileId) -> FxHashSet<FileId> {
        let mut found = FxHashSet::default();
        let mut pending = vec![file];
        while let Some(file) = pending.pop() {
            for next in self.imports.get(&file).into_iter().flatten() {
                if found.insert(*next) {
                    pending.push(*next);
                }
            }
        }
        found
    }
}
