//! Expressions.

use super::{
    Context, Eval, Interp, NESTING,
    flow::Raise,
    iterate::{Items, more, plain},
    quoted::forward_ref,
    value::{Args, ClassId, DictEntry, FunctionDef, FunctionObject, ObjectKind, Value},
};
use crate::signature::makes_class;
use facts::{ComprehensionKind, Expr, ExprId, ForClause, UnaryOp};
use smol_str::SmolStr;
use std::sync::Arc;

/// What is known of the `for` clauses of a comprehension once they ran.
#[derive(Default)]
struct Walked {
    /// Whether an iterable was not known or not read to its end.
    is_open: bool,
    /// Why the order isn't known in which the items came.
    disorder: Option<Arc<crate::Reason>>,
}

impl Interp<'_> {
    /// Evaluates an expression.
    pub(crate) fn eval(&mut self, cx: &Context, id: ExprId) -> Eval<Value> {
        if !self.step() || self.nesting >= NESTING {
            return Ok(Value::unknown(
                "the work that one link may do is used up",
                Some(cx.place(id)),
            ));
        }
        self.nesting += 1;
        let value = self.eval_kind(cx, id);
        self.nesting -= 1;
        self.assumptions += u64::from(matches!(value, Ok(Value::Unset(_))));
        value
    }

    fn eval_kind(&mut self, cx: &Context, id: ExprId) -> Eval<Value> {
        Ok(match &cx.code[id] {
            Expr::Name(name) => self.lookup(cx, name, id)?,
            Expr::None => Value::None,
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Ellipsis => Value::Ellipsis,
            Expr::Int(value) => Value::Int(*value),
            Expr::Number(text) => match text.replace('_', "").parse() {
                Ok(value) => Value::Float(value),
                Err(_) => Value::unknown("a number", Some(cx.place(id))),
            },
            Expr::Str(text) => Value::Str(text.clone()),
            Expr::Quoted(text, _) if self.keeps_quotes => forward_ref(text, cx.place(id)),
            Expr::Quoted(_, inner) => self.eval(cx, *inner)?,
            Expr::Bytes => Value::unknown("bytes", Some(cx.place(id))),
            Expr::FString(parts) => self.eval_f_string(cx, parts, cx.place(id))?,
            Expr::Attr { value, name, .. } => {
                let receiver = self.eval(cx, *value)?;
                self.attribute(&receiver, name, cx.place(id))?
            }
            Expr::Subscript { value, index } => {
                let assumed = self.assumptions;
                let container = self.eval(cx, *value)?;
                let key = self.eval(cx, *index)?;
                if self.assumptions == assumed {
                    self.check_item(&container, &key, cx.place(id))?;
                }
                self.subscript(&container, key, cx.place(id))?
            }
            Expr::Slice(start, stop, step) => {
                let mut parts = [None, None, None];
                for (part, expr) in parts.iter_mut().zip([start, stop, step]) {
                    if let Some(expr) = expr {
                        *part = Some(self.eval(cx, *expr)?);
                    }
                }
                Value::Slice(Arc::new(parts))
            }
            Expr::Call { func, args } => {
                let callee = self.eval(cx, *func)?;
                self.note_unknown_receiver(cx, *func, &callee, cx.place(id));
                let args = self.eval_args(cx, args)?;
                self.check_arguments(&callee, &args, cx.place(id))?;
                self.call_in(cx, &callee, args, id)?
            }
            Expr::List(items) => {
                let items = self.eval_items(cx, items)?;
                self.new_list(items)
            }
            Expr::Tuple(items) => Value::Tuple(self.eval_items(cx, items)?.into()),
            Expr::Set(items) => {
                let items = self.eval_items(cx, items)?;
                self.new_set(items)
            }
            Expr::Dict(entries) => self.eval_dict(cx, entries)?,
            Expr::Starred(inner) => self.eval(cx, *inner)?,
            Expr::Binary(left, op, right) => {
                let left = self.eval(cx, *left)?;
                let right = self.eval(cx, *right)?;
                self.heed_operator(&left);
                self.heed_operator(&right);
                match self.overloaded(&left, *op, &right, cx.place(id))? {
                    Some(value) => value,
                    None => self.binary(left, *op, right, cx.place(id)),
                }
            }
            Expr::Unary(op, operand) => {
                let operand = self.eval(cx, *operand)?;
                self.unary(*op, &operand, cx.place(id))
            }
            Expr::And(operands) => self.eval_logic(cx, operands, false)?,
            Expr::Or(operands) => self.eval_logic(cx, operands, true)?,
            Expr::Compare(first, rest) => self.eval_compare(cx, *first, rest, id)?,
            Expr::IfElse { test, body, orelse } => {
                let condition = self.eval(cx, *test)?;
                self.decisions += 1;
                self.heed_decision(cx, *test);
                match self.truth(&condition) {
                    Some(true) => self.eval(cx, *body)?,
                    Some(false) => self.eval(cx, *orelse)?,
                    None => {
                        let body = self.eval_perhaps(cx, *body);
                        let orelse = self.eval_perhaps(cx, *orelse);
                        self.either(body, orelse)?
                    }
                }
            }
            Expr::Lambda(params, _) => {
                let defaults = self.eval_defaults(cx, params);
                let qualname = self.qualified(cx, "<lambda>");
                let function = self.add_function(FunctionObject {
                    file: cx.file,
                    unit: cx.unit,
                    code: cx.code.clone(),
                    def: FunctionDef::Lambda(id),
                    frame: cx.frame,
                    signature_frame: cx.frame,
                    qualname,
                    class: None,
                    wraps: None,
                    attrs: Vec::new(),
                    unbound: Vec::new(),
                    defaults,
                    owner: self.owner(cx.file),
                });
                Value::Function(function)
            }
            Expr::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => self.eval_comprehension(cx, *kind, *element, *value, clauses, id)?,
            Expr::Await(inner) => {
                let awaitable = self.eval(cx, *inner)?;
                self.await_value(awaitable, cx.place(id))
            }
            Expr::Yield(value) => {
                let value = match value {
                    Some(value) => self.eval(cx, *value)?,
                    None => Value::None,
                };
                if self.yield_to_body(&value)? {
                    return Ok(Value::None);
                }
                self.note_yield(value);
                Value::unknown("what is sent into a generator", Some(cx.place(id)))
            }
            Expr::YieldFrom(inner) => {
                let inner_value = self.eval(cx, *inner)?;
                match self.items_of(&inner_value, cx.place(*inner)) {
                    Items::Known(items) => items.into_iter().for_each(|item| self.note_yield(item)),
                    Items::Unknown(reason) => self.note_open_yield(reason),
                }
                Value::unknown("the result of a generator", Some(cx.place(id)))
            }
            Expr::Walrus(target, value) => {
                let at = cx.place(*value);
                let value = self.eval(cx, *value)?;
                self.assign(cx, *target, value.clone(), Some(at))?;
                value
            }
            Expr::Error => Value::unknown("this part of the file has a syntax error", Some(cx.place(id))),
        })
    }

    fn eval_items(&mut self, cx: &Context, items: &[ExprId]) -> Eval<Vec<Value>> {
        let mut values = Vec::with_capacity(items.len());
        for &item in items {
            if let Expr::Starred(inner) = cx.code[item] {
                let spread = self.eval(cx, inner)?;
                match self.items_of(&spread, cx.place(inner)) {
                    Items::Known(spread) => values.extend(spread),
                    Items::Unknown(reason) => values.push(Value::Unknown(reason)),
                }
            } else {
                values.push(self.eval(cx, item)?);
            }
        }
        Ok(values)
    }

    fn eval_dict(&mut self, cx: &Context, entries: &[(Option<ExprId>, ExprId)]) -> Eval<Value> {
        let id = self.allocate(ObjectKind::Dict(Vec::new()));
        let mut open = None;
        for (key, value) in entries {
            let evaluated = self.eval(cx, *value)?;
            match key {
                Some(key) => {
                    let key = self.eval(cx, *key)?;
                    let at = Some(cx.place(*value));
                    self.put_entry(
                        id,
                        DictEntry {
                            key,
                            value: evaluated,
                            at,
                        },
                    );
                }
                None => match evaluated {
                    Value::Dict(spread) => {
                        for entry in self.dict_entries(spread).to_vec() {
                            self.put_entry(id, entry);
                        }
                        open = open.or_else(|| self.object(spread).open.clone());
                    }
                    Value::Unknown(reason) => open = Some(reason),
                    _ => open = Some(self.reason("a mapping that is not known", cx.place(*value))),
                },
            }
        }
        self.object_mut(id).open = open;
        Ok(Value::Dict(id))
    }

    /// `and`, `or`: `stop` is the truth that ends the chain.
    fn eval_logic(&mut self, cx: &Context, operands: &[ExprId], stop: bool) -> Eval<Value> {
        let mut possible = Vec::new();
        self.decisions += 1;
        for (i, &operand) in operands.iter().enumerate() {
            // Behind an operand that is not decided, the others may not be asked.
            let value = match possible.is_empty() {
                true => self.eval(cx, operand),
                false => self.eval_perhaps(cx, operand),
            };
            let value = match value {
                Err(raise) if !possible.is_empty() => {
                    self.note_possible_raise(raise);
                    break;
                }
                value => value?,
            };
            let last = i + 1 == operands.len();
            if !last {
                self.heed_decision(cx, operand);
            }
            match self.truth(&value) {
                _ if last => possible.push(value),
                Some(truth) if truth == stop => {
                    possible.push(value);
                    break;
                }
                Some(_) => {}
                None => possible.push(value),
            }
        }
        Ok(self.join(possible))
    }

    /// Evaluates an expression that may not be evaluated: what it wires is conditional.
    fn eval_perhaps(&mut self, cx: &Context, id: ExprId) -> Eval<Value> {
        self.condition_depth += 1;
        let value = self.eval(cx, id);
        self.condition_depth -= 1;
        value
    }

    /// What one of two expressions gives.
    fn either(&mut self, one: Eval<Value>, other: Eval<Value>) -> Eval<Value> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok(self.join(vec![one, other])),
            (Ok(value), Err(raise)) | (Err(raise), Ok(value)) => {
                self.note_possible_raise(raise);
                Ok(value)
            }
            (Err(raise), Err(_)) => Err(raise),
        }
    }

    fn eval_compare(
        &mut self,
        cx: &Context,
        first: ExprId,
        rest: &[(facts::CompareOp, ExprId)],
        id: ExprId,
    ) -> Eval<Value> {
        let mut left = self.eval(cx, first)?;
        let mut decided = Some(true);
        for (op, right) in rest {
            let right = self.eval(cx, *right)?;
            match self.compare(&left, *op, &right) {
                Some(true) => {}
                Some(false) => return Ok(Value::Bool(false)),
                None => decided = None,
            }
            left = right;
        }
        Ok(match decided {
            Some(value) => Value::Bool(value),
            None => Value::unknown(
                "a comparison that is not decided before the program runs",
                Some(cx.place(id)),
            ),
        })
    }

    fn unary(&mut self, op: UnaryOp, operand: &Value, at: crate::Place) -> Value {
        match (op, operand) {
            (UnaryOp::Not, operand) => match self.truth(operand) {
                Some(truth) => Value::Bool(!truth),
                None => Value::unknown("a condition that is not decided before the program runs", Some(at)),
            },
            (UnaryOp::Minus, Value::Int(value)) => Value::Int(value.wrapping_neg()),
            (UnaryOp::Plus, Value::Int(value)) => Value::Int(*value),
            (UnaryOp::Minus, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::Plus, Value::Float(value)) => Value::Float(*value),
            _ => Value::unknown("an arithmetic value", Some(at)),
        }
    }

    fn eval_comprehension(
        &mut self,
        cx: &Context,
        kind: ComprehensionKind,
        element: ExprId,
        value: Option<ExprId>,
        clauses: &[ForClause],
        id: ExprId,
    ) -> Eval<Value> {
        let qualname = self.frame(cx.frame).qualname.clone();
        let frame = self.new_frame(super::value::FrameKind::Function, Some(cx.frame), qualname);
        let inner = Context { frame, ..cx.clone() };
        let mut found = Vec::new();
        let depth = self.condition_depth;
        let mut walked = Walked::default();
        self.run_clauses(&inner, clauses, &mut walked, &mut |interp, inner| {
            let is_perhaps = interp.condition_depth > depth;
            let perhaps = |value| {
                if is_perhaps {
                    Value::Maybe(Arc::new(value))
                } else {
                    value
                }
            };
            let first = interp.eval(inner, element)?;
            let second = match value {
                Some(value) => Some((perhaps(interp.eval(inner, value)?), inner.place(value))),
                None => None,
            };
            let first = if second.is_some() { first } else { perhaps(first) };
            found.push((first, second));
            Ok(found.len() <= super::LOOP_LIMIT)
        })?;
        let result = match kind {
            ComprehensionKind::Dict => {
                let entries = found
                    .into_iter()
                    .filter_map(|(key, value)| {
                        value.map(|(value, at)| DictEntry {
                            key,
                            value,
                            at: Some(at),
                        })
                    })
                    .collect::<Vec<_>>();
                self.new_dict(entries)
            }
            ComprehensionKind::Set => {
                let items = self.distinct(found.into_iter().map(|(item, _)| item).collect());
                self.allocate_list(items)
            }
            ComprehensionKind::List | ComprehensionKind::Generator => {
                self.allocate_list(found.into_iter().map(|(item, _)| item).collect())
            }
        };
        if walked.is_open {
            self.object_mut(result).open =
                Some(self.reason("it is computed from a value that is not known", cx.place(id)));
        }
        let result = match kind {
            ComprehensionKind::Dict => Value::Dict(result),
            ComprehensionKind::Set => Value::Set(result),
            ComprehensionKind::List | ComprehensionKind::Generator => Value::List(result),
        };
        self.note_disorder(&result, walked.disorder);
        Ok(result)
    }

    /// Runs the `for` clauses until the body or the budget ends them, and says whether they go on.
    fn run_clauses(
        &mut self,
        cx: &Context,
        clauses: &[ForClause],
        walked: &mut Walked,
        body: &mut dyn FnMut(&mut Self, &Context) -> Eval<bool>,
    ) -> Eval<bool> {
        let Some((clause, rest)) = clauses.split_first() else {
            return body(self, cx);
        };
        let iterable = self.eval(cx, clause.iter)?;
        let at = cx.place(clause.iter);
        let (Items::Known(items), disorder) = self.items_in_order(&iterable, at) else {
            walked.is_open = true;
            return Ok(true);
        };
        walked.disorder = walked.disorder.take().or_else(|| disorder.clone());
        let disorder = self.begin_disorder(disorder, at);
        let goes_on = self.run_clause(cx, clause, items, disorder, walked, &mut |interp, cx, walked| {
            interp.run_clauses(cx, rest, walked, body)
        });
        self.end_disorder(disorder);
        goes_on
    }

    /// Runs one clause over its items; `inner` is what stands behind it.
    fn run_clause(
        &mut self,
        cx: &Context,
        clause: &ForClause,
        items: Vec<Value>,
        disorder: usize,
        walked: &mut Walked,
        inner: &mut dyn FnMut(&mut Self, &Context, &mut Walked) -> Eval<bool>,
    ) -> Eval<bool> {
        for item in items.into_iter().take(super::LOOP_LIMIT + 1) {
            if !self.step() {
                walked.is_open = true;
                return Ok(false);
            }
            if more(&item).is_some() {
                walked.is_open = true;
                continue;
            }
            let depth = self.condition_depth;
            let item = if let Value::Maybe(inner) = item {
                self.condition_depth += 1;
                Value::clone(&inner)
            } else {
                item
            };
            self.assign(cx, clause.target, item, None)?;
            let mut wanted = Some(true);
            for &condition in &clause.conditions {
                self.heed_decision(cx, condition);
                let condition = self.eval(cx, condition)?;
                match self.truth(&condition) {
                    Some(true) => {}
                    Some(false) => wanted = Some(false),
                    None => wanted = wanted.and(None),
                }
                if wanted == Some(false) {
                    break;
                }
            }
            let mut goes_on = true;
            if wanted != Some(false) {
                self.condition_depth += u32::from(wanted.is_none());
                goes_on = inner(self, cx, walked)?;
            }
            self.condition_depth = depth;
            self.next_disordered_round(disorder);
            if !goes_on {
                walked.is_open = true;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether all that a mapping holds is known, and a key is not in it.
    pub(super) fn surely_lacks(&self, mapping: super::value::ObjId, key: &Value) -> bool {
        let entries = self.dict_entries(mapping);
        self.object(mapping).open.is_none() && entries.iter().all(|entry| self.equal(&entry.key, key) == Some(false))
    }

    /// `Class[key]`: what the class's own `__class_getitem__` gives, or else the class with type arguments.
    pub(crate) fn class_item(&mut self, class: ClassId, key: Value, at: crate::Place) -> Eval<Value> {
        match self.class_attribute(class, "__class_getitem__", None) {
            Some((Value::Function(_) | Value::ClassMethod(_), _)) => {
                let method = self.attribute(&Value::Class(class), &SmolStr::new_static("__class_getitem__"), at)?;
                let file = self.class(class).file;
                let key = match key {
                    // A library works on its own classes.
                    key if self.source.is_own(file) => key,
                    Value::Tuple(items) => {
                        let items = items.iter();
                        let items = items.map(|item| self.with_classes_of_libraries(file, item.clone()));
                        Value::Tuple(items.collect())
                    }
                    key => self.with_classes_of_libraries(file, key),
                };
                let args = match method {
                    Value::Function(_) => Args::of([Value::Class(class), key]),
                    _ => Args::of([key]),
                };
                self.call(&method, args, Some(at))
            }
            _ => Ok(Value::Generic(Arc::new((Value::Class(class), generic_args(key))))),
        }
    }

    /// `container[key]`.
    pub(crate) fn subscript(&mut self, container: &Value, key: Value, at: crate::Place) -> Eval<Value> {
        Ok(match container {
            Value::Dict(id) => {
                let found = self
                    .dict_entries(*id)
                    .iter()
                    .find(|entry| self.equal(&entry.key, &key) == Some(true))
                    .map(|entry| plain(&entry.value).clone());
                match found {
                    Some(value) => value,
                    None if let Some(value) = self.default_entry(*id, &key, at)? => value,
                    None if self.try_depth > 0 && self.surely_lacks(*id, &key) => return Err(Raise::new("KeyError")),
                    None => Value::unknown("a key that is not known to be in the mapping", Some(at)),
                }
            }
            Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Routes(_) if let Value::Slice(parts) = &key => {
                self.slice_of(container, &parts.clone(), at)
            }
            Value::List(_) | Value::Tuple(_) => self.element(container, &key, at),
            Value::Routes(_) => match self.items_of(container, at) {
                Items::Known(items) => self.element(&Value::Tuple(items.into()), &key, at),
                Items::Unknown(reason) => Value::Unknown(reason),
            },
            Value::Str(text) => match key {
                Value::Int(i) => nth(text.chars().count(), i)
                    .and_then(|i| text.chars().nth(i))
                    .map_or_else(
                        || Value::unknown("an index", Some(at)),
                        |c| Value::str(c.encode_utf8(&mut [0; 4])),
                    ),
                _ => Value::unknown("a part of a string", Some(at)),
            },
            Value::Class(class) => match (self.enum_members(*class), key.as_str()) {
                (Some(_), Some(name)) => self.attribute(container, &SmolStr::new(name), at)?,
                _ => self.class_item(*class, key, at)?,
            },
            Value::Lib(name) if name.as_ref() == "os.environ" => self.environment(key.as_str(), None, at),
            Value::Annotated(_) | Value::Union(_) => super::type_params::substituted(container, &generic_args(key)),
            Value::Lib(_) | Value::Generic(_) => self.annotation_subscript(container, key),
            Value::LibObject(object)
                if let Some(item) = self.re_method(object, "__getitem__", &Args::of([key.clone()]), Some(at)) =>
            {
                item
            }
            Value::LibObject(object)
                if object.callee.as_ref() == super::type_params::ALIAS || makes_class(&object.callee, &object.args) =>
            {
                Value::Generic(Arc::new((container.clone(), generic_args(key))))
            }
            Value::Object(_) => match self.attribute(container, &SmolStr::new_static("__getitem__"), at) {
                Ok(method @ Value::Bound(_)) => self.call(&method, Args::of([key]), Some(at))?,
                _ => Value::unknown("an item of an object", Some(at)),
            },
            Value::Unknown(reason) | Value::Unset(reason) => Value::Unknown(reason.clone()),
            Value::OneOf(values) => {
                let mut found = Vec::new();
                for value in values.iter().filter(|value| !matches!(value, Value::None)) {
                    found.push(self.subscript(value, key.clone(), at)?);
                }
                self.join(found)
            }
            _ => Value::unknown("an item of a value that is not known", Some(at)),
        })
    }

    /// `container[start:stop:step]`.
    fn slice_of(&mut self, container: &Value, parts: &[Option<Value>; 3], at: crate::Place) -> Value {
        if let Value::Str(text) = container {
            let chars: Vec<char> = text.chars().collect();
            return match range_of(parts, chars.len()) {
                Some(range) => Value::Str(chars[range].iter().collect::<String>().into()),
                None if is_reversal(parts) => self.reversed(container, at),
                None => Value::unknown("a slice whose bounds are not known", Some(at)),
            };
        }
        let Items::Known(items) = self.items_of(container, at) else {
            return Value::unknown("a slice of a value that is not known", Some(at));
        };
        let taken = match range_of(parts, items.len()) {
            Some(range) => items[range].to_vec(),
            None if is_reversal(parts) => return self.reversed(container, at),
            None => return Value::unknown("a slice whose bounds are not known", Some(at)),
        };
        match container {
            Value::Tuple(_) => Value::Tuple(taken.into()),
            _ => self.new_list(taken),
        }
    }

    fn reversed(&mut self, container: &Value, at: crate::Place) -> Value {
        match (container, self.items_of(container, at)) {
            (Value::Str(text), _) => Value::Str(text.chars().rev().collect::<String>().into()),
            (_, Items::Unknown(reason)) => Value::Unknown(reason),
            (Value::Tuple(_), Items::Known(items)) => Value::Tuple(items.into_iter().rev().collect()),
            (_, Items::Known(items)) => self.new_list(items.into_iter().rev().collect()),
        }
    }

    pub(super) fn element(&self, container: &Value, key: &Value, at: crate::Place) -> Value {
        let items = match container {
            Value::Tuple(items) => items,
            Value::List(id) => self.list_items(*id),
            _ => &[],
        };
        if let Value::Int(i) = key
            && let Some(value) = nth(items.len(), *i).and_then(|i| items.get(i))
        {
            return match value {
                Value::Maybe(inner) => Value::clone(inner),
                value => value.clone(),
            };
        }
        Value::unknown("an item whose index is not known", Some(at))
    }
}

/// Whether a slice is `[::-1]`.
fn is_reversal(parts: &[Option<Value>; 3]) -> bool {
    matches!(parts, [None, None, Some(Value::Int(-1))])
}

/// The offsets that a slice takes of a sequence.
fn slice_range(len: usize, start: Option<i64>, stop: Option<i64>) -> std::ops::Range<usize> {
    let (start, stop) = (start.map_or(0, |i| bound(len, i)), stop.map_or(len, |i| bound(len, i)));
    start..stop.max(start)
}

/// A bound of a slice, or where `insert` puts an item, as an offset.
pub(super) fn bound(len: usize, index: i64) -> usize {
    let size = i64::try_from(len).unwrap_or(i64::MAX);
    let index = if index < 0 {
        (index + size).max(0)
    } else {
        index.min(size)
    };
    usize::try_from(index).unwrap_or(0)
}

/// The offsets of `start:stop`, where they are known.
pub(super) fn range_of(parts: &[Option<Value>; 3], len: usize) -> Option<std::ops::Range<usize>> {
    let bound = |part: &Option<Value>| match part {
        None | Some(Value::None) => Some(None),
        Some(Value::Int(i)) => Some(Some(*i)),
        Some(_) => None,
    };
    match bound(&parts[2])? {
        None | Some(1) => Some(slice_range(len, bound(&parts[0])?, bound(&parts[1])?)),
        Some(_) => None,
    }
}

/// A Python index as an offset.
pub(super) fn nth(len: usize, index: i64) -> Option<usize> {
    let index = if index < 0 {
        index + i64::try_from(len).ok()?
    } else {
        index
    };
    usize::try_from(index).ok().filter(|&i| i < len)
}

/// The arguments in the brackets of a generic.
pub(crate) fn generic_args(key: Value) -> Vec<Value> {
    match key {
        Value::Tuple(items) => items.to_vec(),
        single => vec![single],
    }
}
