//! Sets: no two of their items are equal. What may equal another is perhaps there.

use super::{
    Interp,
    compare::class_of,
    heap::Thing,
    iterate::{Items, more, perhaps, plain},
    value::{Args, ClassId, FnId, ObjId, ObjectKind, Value},
};
use crate::Place;
use facts::BinaryOp;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// See [`Interp::key_of`].
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(Arc<str>),
    Number(i64),
    Class(ClassId),
    Function(FnId),
    Member(ClassId, Box<Key>),
}

impl Interp<'_> {
    pub(crate) fn new_set(&mut self, items: Vec<Value>) -> Value {
        let items = self.distinct(items);
        Value::Set(self.allocate_list(items))
    }

    /// `set(iterable)`.
    pub(crate) fn set_of(&mut self, iterable: &Value, at: Place) -> Value {
        match self.items_of(iterable, at) {
            Items::Known(items) => self.new_set(items),
            Items::Unknown(reason) => Value::Unknown(reason),
        }
    }

    pub(super) fn distinct(&self, items: Vec<Value>) -> Vec<Value> {
        let mut kept: Vec<Value> = Vec::with_capacity(items.len());
        let mut places: FxHashMap<Key, usize> = FxHashMap::default();
        // Where those stand that equal others in ways of their own.
        let mut odd: Vec<usize> = Vec::new();
        for item in items {
            if more(&item).is_some() {
                kept.push(item);
                continue;
            }
            let key = self.key_of(plain(&item));
            let mut equal = key.as_ref().and_then(|key| places.get(key)).copied();
            let mut is_new = true;
            if equal.is_none() {
                let others: Vec<usize> = match key {
                    Some(_) => odd.clone(),
                    None => (0..kept.len()).collect(),
                };
                for i in others.into_iter().filter(|&i| more(&kept[i]).is_none()) {
                    match self.equal(plain(&kept[i]), plain(&item)) {
                        Some(true) => equal = Some(i),
                        Some(false) => {}
                        None => is_new = false,
                    }
                }
            }
            match equal {
                Some(_) if matches!(item, Value::Maybe(_)) => {}
                Some(i) => kept[i] = item,
                None => {
                    match key {
                        Some(key) => drop(places.insert(key, kept.len())),
                        None => odd.push(kept.len()),
                    }
                    kept.push(if is_new || item.is_unknown() {
                        item
                    } else {
                        perhaps(item)
                    });
                }
            }
        }
        kept
    }

    /// What decides alone whether a value equals another one that has such a key.
    fn key_of(&self, value: &Value) -> Option<Key> {
        Some(match value {
            Value::Str(text) => Key::Text(text.clone()),
            Value::Int(number) => Key::Number(*number),
            Value::Bool(truth) => Key::Number(i64::from(*truth)),
            Value::Class(class) => Key::Class(*class),
            Value::Function(function) => Key::Function(*function),
            Value::Object(id) => {
                let instance = self.instance(*id)?;
                let class = class_of(instance)?;
                let is_member = self.is_enum(class);
                return instance.attrs.get("value").filter(|_| is_member).and_then(|value| {
                    let value = self.key_of(value)?;
                    Some(if self.is_mixed(class) {
                        value
                    } else {
                        Key::Member(class, Box::new(value))
                    })
                });
            }
            _ => return None,
        })
    }

    /// A method of a set; `None` for those that lists have as well.
    pub(super) fn set_method(&mut self, id: ObjId, name: &str, args: &Args, at: Place) -> Option<Value> {
        let others: Vec<Value> = args.positional.iter().map(|(value, _)| value.clone()).collect();
        let is_change = name.ends_with("update") || matches!(name, "add" | "discard" | "remove");
        if is_change {
            self.note_change(Thing::Object(id));
            if self.stays(id) {
                return Some(Value::None);
            }
        }
        let op = match name {
            "union" | "update" => BinaryOp::BitOr,
            "intersection" | "intersection_update" => BinaryOp::BitAnd,
            "difference" | "difference_update" => BinaryOp::Sub,
            "symmetric_difference" | "symmetric_difference_update" => BinaryOp::BitXor,
            "add" => {
                self.add_item(id, others.first()?.clone());
                return Some(Value::None);
            }
            "discard" | "remove" => {
                self.remove_item(id, others.first()?);
                return Some(Value::None);
            }
            "copy" => {
                let items = self.list_items(id).to_vec();
                let copy = self.allocate(ObjectKind::List(items));
                self.object_mut(copy).open = self.object(id).open.clone();
                return Some(Value::Set(copy));
            }
            "issubset" | "issuperset" | "isdisjoint" => {
                let other = self.set_of(others.first()?, at);
                return Some(self.relation(name, &Value::Set(id), &other, at));
            }
            _ => return None,
        };
        let mut result = Value::Set(id);
        for other in &others {
            let other = self.set_of(other, at);
            result = self.combine(&result, op, &other)?;
        }
        if !is_change {
            return Some(match result {
                Value::Set(same) if same == id => self.set_of(&result, at),
                result => result,
            });
        }
        self.replace_items(id, &result);
        Some(Value::None)
    }

    /// `set.add(item)`.
    fn add_item(&mut self, id: ObjId, item: Value) {
        let mut is_decided = true;
        for i in 0..self.list_items(id).len() {
            let known = &self.list_items(id)[i];
            match self.equal(plain(known), &item) {
                Some(true) => {
                    let conditional = self.condition_depth > self.object(id).condition_depth;
                    if let (ObjectKind::List(items), false) = (&mut self.object_mut(id).kind, conditional) {
                        items[i] = item;
                    }
                    return;
                }
                Some(false) => {}
                None => is_decided = false,
            }
        }
        let is_certain = is_decided || item.is_unknown();
        self.push_item(id, if is_certain { item } else { perhaps(item) });
    }

    /// Gives a set other items; those of both are perhaps there where that is conditional.
    fn replace_items(&mut self, id: ObjId, result: &Value) {
        let Value::Set(result) = result else { return };
        let (mut items, open) = (self.list_items(*result).to_vec(), self.object(*result).open.clone());
        if self.condition_depth > self.object(id).condition_depth {
            let old = self.list_items(id).to_vec();
            let is_in = |items: &[Value], item: &Value| items.iter().any(|other| plain(other) == plain(item));
            let kept = items.iter().map(|item| match is_in(&old, item) {
                true => item.clone(),
                false => perhaps(item.clone()),
            });
            let mut both: Vec<Value> = kept.collect();
            both.extend(old.into_iter().filter(|item| !is_in(&items, item)).map(perhaps));
            items = both;
        }
        let object = self.object_mut(id);
        object.kind = ObjectKind::List(items);
        object.open = object.open.take().or(open);
    }

    /// `left | right` and its like; `None` where one of them is no set.
    pub(super) fn combine(&mut self, left: &Value, op: BinaryOp, right: &Value) -> Option<Value> {
        let (Value::Set(a), Value::Set(b)) = (left, right) else {
            return None;
        };
        let (ours, theirs) = (self.list_items(*a).to_vec(), self.list_items(*b).to_vec());
        let (a_open, b_open) = (self.object(*a).open.clone(), self.object(*b).open.clone());
        let (items, open) = match op {
            BinaryOp::BitOr => (self.distinct([ours, theirs].concat()), a_open.or(b_open)),
            BinaryOp::BitAnd => (self.kept(ours, right, true), a_open.and(b_open)),
            BinaryOp::Sub => (self.kept(ours, right, false), a_open),
            BinaryOp::BitXor => {
                let items = [self.kept(ours, right, false), self.kept(theirs, left, false)].concat();
                (items, a_open.or(b_open))
            }
            _ => return None,
        };
        let set = self.allocate(ObjectKind::List(items));
        self.object_mut(set).open = open;
        Some(Value::Set(set))
    }

    /// The items that are in another set, or those that are not.
    fn kept(&self, items: Vec<Value>, other: &Value, wanted: bool) -> Vec<Value> {
        let keep = |item: Value| match self.contains(other, plain(&item)) {
            Some(is_in) => (is_in == wanted).then_some(item),
            None => Some(perhaps(item)),
        };
        items.into_iter().filter_map(keep).collect()
    }

    fn relation(&mut self, name: &str, left: &Value, right: &Value, at: Place) -> Value {
        let unknown = Value::unknown("a comparison that is not decided before the program runs", Some(at));
        let (inner, outer) = if name == "issuperset" {
            (right, left)
        } else {
            (left, right)
        };
        let Items::Known(items) = self.items_of(inner, at) else {
            return unknown;
        };
        let wanted = name != "isdisjoint";
        let mut decided = Some(true);
        for item in &items {
            match self.contains(outer, plain(item)) {
                Some(is_in) if is_in == wanted => {}
                Some(_) if !matches!(item, Value::Maybe(_)) => return Value::Bool(false),
                _ => decided = None,
            }
        }
        decided.map_or(unknown, Value::Bool)
    }
}
