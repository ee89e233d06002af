//! Iteration over values.

use super::{
    Context, Eval, Interp, LOOP_LIMIT,
    flow::Flow,
    heap::Thing,
    value::{Args, DictEntry, FnId, ObjId, ObjectKind, Value},
};
use crate::{Place, Reason};
use facts::{ExprId, StmtId};
use smol_str::SmolStr;
use std::sync::Arc;

/// What iterating a value gives.
pub(crate) enum Items {
    /// These; some may be [`Value::Maybe`]. One more than `LOOP_LIMIT` stands for all that may come after.
    Known(Vec<Value>),
    /// It can't be told.
    Unknown(Arc<Reason>),
}

/// What a running generator has yielded.
#[derive(Debug, Default)]
pub(crate) struct Yields {
    items: Vec<Value>,
    open: Option<Arc<Reason>>,
    condition_depth: u32,
    /// How many loops over things in no known order ran when it began.
    disorder_depth: usize,
    disorder: Option<Arc<Reason>>,
    /// The `with` statement whose body runs where the generator yields.
    around: Option<Around>,
    /// How that body ended.
    flow: Option<Flow>,
}

/// A `with` statement with a generator for its manager.
#[derive(Debug)]
pub(crate) struct Around {
    pub(crate) cx: Context,
    /// What the yielded value is bound to.
    pub(crate) target: Option<ExprId>,
    /// The managers behind this one.
    pub(crate) items: Vec<(ExprId, Option<ExprId>)>,
    pub(crate) body: Vec<StmtId>,
}

impl Interp<'_> {
    /// The items of an iterable.
    pub(crate) fn items_of(&mut self, value: &Value, at: Place) -> Items {
        self.decisions += 1;
        match value {
            Value::Tuple(items) => Items::Known(items.to_vec()),
            Value::List(id) if self.is_used_up_here(*id) => {
                let items = self.known_and_more(*id, self.list_items(*id).to_vec());
                if let ObjectKind::List(items) = &mut self.object_mut(*id).kind {
                    items.clear();
                }
                items
            }
            Value::List(id) | Value::Set(id) => self.known_and_more(*id, self.list_items(*id).to_vec()),
            Value::Dict(id) => {
                let keys = self.dict_entries(*id).iter().map(DictEntry::perhaps_key).collect();
                self.known_and_more(*id, keys)
            }
            Value::Str(text) => Items::Known(
                text.chars()
                    .take(LOOP_LIMIT + 1)
                    .map(|c| Value::str(c.encode_utf8(&mut [0; 4])))
                    .collect(),
            ),
            Value::Class(class) => match self.enum_members(*class) {
                Some(members) => Items::Known(members),
                None => Items::Unknown(self.reason("iterates over a class", at)),
            },
            Value::Routes(router) => self.route_items(*router),
            Value::RouteDependencies(list) => self.items_of_dependencies(&list.clone(), at),
            Value::Suspended(suspended) => match self.begun.get(&address(suspended)) {
                Some((_, rest)) => self.items_of(&Value::List(*rest), at),
                None => self.run_generator(suspended.0, suspended.1.clone(), at),
            },
            Value::Unknown(reason) | Value::Unset(reason) => Items::Unknown(reason.clone()),
            Value::OneOf(values) => self.items_of_one_of(values, at),
            Value::Maybe(inner) => self.items_of(inner, at),
            Value::Object(_) => self.items_of_object(value, at),
            _ => Items::Unknown(self.reason("iterates over a value that is not known", at)),
        }
    }

    /// Whether it is an iterator that is surely used up by who goes through it now.
    pub(super) fn is_used_up_here(&self, id: ObjId) -> bool {
        let object = self.object(id);
        self.iterators.contains(&id)
            && object.open.is_none()
            && self.condition_depth <= object.condition_depth
            && !self.is_settled(id)
    }

    /// What a generator that `next` has begun gives from now on; `None` where that is not known.
    pub(super) fn begin_generator(&mut self, suspended: &Arc<(FnId, Args)>, at: Place) -> Option<ObjId> {
        if let Some((_, rest)) = self.begun.get(&address(suspended)) {
            return Some(*rest);
        }
        let Items::Known(items) = self.run_generator(suspended.0, suspended.1.clone(), at) else {
            return None;
        };
        let Value::List(rest) = self.new_list(items) else {
            return None;
        };
        self.heap.iterators.insert(rest);
        self.begun.insert(address(suspended), (suspended.clone(), rest));
        Some(rest)
    }

    /// Takes the next item of an iterator.
    pub(super) fn next_of(&mut self, id: ObjId) -> Option<Value> {
        match &mut self.object_mut(id).kind {
            ObjectKind::List(items) if !items.is_empty() => Some(items.remove(0)),
            _ => None,
        }
    }

    /// Behind what is known of an open list or mapping there may be more, which is one item that is not known.
    fn known_and_more(&self, id: ObjId, mut items: Vec<Value>) -> Items {
        match &self.object(id).open {
            Some(reason) if items.is_empty() => return Items::Unknown(reason.clone()),
            Some(reason) => items.push(Value::Maybe(Arc::new(Value::Unknown(reason.clone())))),
            None => {}
        }
        Items::Known(items)
    }

    /// What may be iterated: the items of each alternative are perhaps there.
    fn items_of_one_of(&mut self, values: &[Value], at: Place) -> Items {
        let mut found = Vec::new();
        for value in values
            .iter()
            .filter(|value| !matches!(value, Value::None | Value::Unset(_)))
        {
            match self.items_of(value, at) {
                Items::Known(items) => {
                    for item in items {
                        let item = match item {
                            Value::Maybe(_) => item,
                            item => Value::Maybe(Arc::new(item)),
                        };
                        if !found.contains(&item) {
                            found.push(item);
                        }
                    }
                }
                Items::Unknown(reason) => return Items::Unknown(reason),
            }
        }
        Items::Known(found)
    }

    fn items_of_object(&mut self, value: &Value, at: Place) -> Items {
        let method = self.attribute_of(value, &SmolStr::new_static("__iter__"), Some(at));
        match method {
            Some(method @ Value::Bound(_)) => match self.call(&method, Args::default(), Some(at)) {
                Ok(items) if items != *value => self.items_of(&items, at),
                _ => Items::Unknown(self.reason("iterates over an object", at)),
            },
            _ => Items::Unknown(self.reason("iterates over a value that is not known", at)),
        }
    }

    /// What a generator yields.
    fn run_generator(&mut self, function: FnId, args: Args, at: Place) -> Items {
        self.yields.push(Yields {
            condition_depth: self.condition_depth,
            disorder_depth: self.disorder_depth(),
            ..Yields::default()
        });
        let ended = self.resume(function, args, Some(at));
        let yields = self.yields.pop().unwrap_or_default();
        self.yielded_disorder = yields.disorder;
        match (ended, yields.open) {
            (Ok(_), None) => Items::Known(yields.items),
            (_, Some(reason)) if yields.items.is_empty() => Items::Unknown(reason),
            (Err(_), _) if yields.items.is_empty() => Items::Unknown(self.reason("a generator that fails", at)),
            _ => Items::Known(yields.items),
        }
    }

    /// Runs a generator as the manager of a `with` statement: the body runs where it yields. Says how the body ended, or
    /// gives the statement back where it never yields.
    pub(super) fn run_around(&mut self, function: FnId, args: Args, around: Around, at: Place) -> Eval<Option<Flow>> {
        self.yields.push(Yields {
            condition_depth: self.condition_depth,
            disorder_depth: self.disorder_depth(),
            around: Some(around),
            ..Yields::default()
        });
        let ended = self.resume(function, args, Some(at));
        let yields = self.yields.pop().unwrap_or_default();
        match (ended, yields.around) {
            (Err(raise), None) => Err(raise),
            (Ok(_), None) => Ok(Some(yields.flow.unwrap_or(Flow::Next))),
            (_, Some(_)) => Ok(None),
        }
    }

    /// Runs the body of the `with` statement around, if that is what a `yield` is for.
    pub(super) fn yield_to_body(&mut self, value: &Value) -> Eval<bool> {
        let Some(around) = self.yields.last_mut().and_then(|yields| yields.around.take()) else {
            return Ok(false);
        };
        // What the body yields or returns is not the manager's.
        let own = self.yields.pop();
        let returns = self.pending_returns.pop();
        let ended = self.exec_around(&around, value);
        self.pending_returns.extend(returns);
        self.yields.extend(own);
        let flow = ended?;
        if let Some(yields) = self.yields.last_mut() {
            yields.flow = Some(flow);
        }
        Ok(true)
    }

    fn exec_around(&mut self, around: &Around, value: &Value) -> Eval<Flow> {
        if let Some(target) = around.target {
            self.assign(&around.cx, target, value.clone(), None)?;
        }
        match around.items.as_slice() {
            [] => self.exec_block(&around.cx, &around.body),
            items => self.exec_with(&around.cx, items, &around.body),
        }
    }

    /// `yield value` in a generator that is iterated.
    pub(crate) fn note_yield(&mut self, value: Value) {
        let depth = self.condition_depth;
        let began = self.yields.last().map_or(0, |yields| yields.disorder_depth);
        let disorder = self.disorder_since(began);
        if let Some(yields) = self.yields.last_mut()
            && yields.items.len() <= LOOP_LIMIT
        {
            let value = if depth > yields.condition_depth {
                Value::Maybe(Arc::new(value))
            } else {
                value
            };
            yields.items.push(value);
            yields.disorder = yields.disorder.take().or(disorder);
        }
    }

    /// Whether what runs may yield.
    pub(crate) fn is_generating(&self) -> bool {
        !self.yields.is_empty()
    }

    /// `yield from` something that is not known.
    pub(crate) fn note_open_yield(&mut self, reason: Arc<Reason>) {
        if let Some(yields) = self.yields.last_mut() {
            yields.open = Some(reason);
        }
    }

    pub(crate) fn reason(&self, text: impl Into<Arc<str>>, at: Place) -> Arc<Reason> {
        Arc::new(Reason {
            text: text.into(),
            place: Some(at),
        })
    }

    /// Adds an item to a list; under an undecided condition it is only perhaps there.
    pub(crate) fn push_item(&mut self, list: ObjId, item: Value) {
        self.note_change(Thing::Object(list));
        let depth = self.condition_depth;
        let object = self.object_mut(list);
        let item = if depth > object.condition_depth {
            perhaps(item)
        } else {
            item
        };
        if let ObjectKind::List(items) = &mut object.kind
            && items.len() <= LOOP_LIMIT
        {
            items.push(item);
        }
    }

    /// `list += other`, `list.extend(other)`.
    pub(crate) fn extend_list(&mut self, list: ObjId, other: &Value, at: Place) {
        let disorder = self.disorder_of(other, at);
        self.note_disorder(&Value::List(list), disorder);
        match self.items_of(other, at) {
            Items::Known(items) => {
                for item in items {
                    match more(&item) {
                        Some(reason) => self.object_mut(list).open = Some(reason),
                        None => self.push_item(list, item),
                    }
                }
            }
            Items::Unknown(reason) => {
                self.note_change(Thing::Object(list));
                self.object_mut(list).open = Some(reason);
            }
        }
    }
}

/// Why there may be more, where an item stands for that.
pub(crate) fn more(item: &Value) -> Option<Arc<Reason>> {
    match item {
        Value::Maybe(inner) => match &**inner {
            Value::Unknown(reason) => Some(reason.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// What is made of an item, which is perhaps there where the item is.
pub(crate) fn lift(item: Value, make: impl FnOnce(Value) -> Value) -> Value {
    match item {
        Value::Maybe(inner) => Value::Maybe(Arc::new(make(Value::clone(&inner)))),
        item => make(item),
    }
}

/// What tells one generator object from another.
fn address(suspended: &Arc<(FnId, Args)>) -> usize {
    Arc::as_ptr(suspended).addr()
}

/// An item without the condition that it is there under.
pub(crate) fn plain(item: &Value) -> &Value {
    match item {
        Value::Maybe(inner) => inner,
        item => item,
    }
}

/// An item that is only perhaps there.
pub(crate) fn perhaps(item: Value) -> Value {
    match item {
        Value::Maybe(_) => item,
        item => Value::Maybe(Arc::new(item)),
    }
}
