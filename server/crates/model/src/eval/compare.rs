//! Truth and comparison, where they can be decided.

use super::{Interp, value::Value};
use facts::CompareOp;
use std::cmp::Ordering;

impl Interp<'_> {
    /// Whether a value counts as true.
    pub(crate) fn truth(&self, value: &Value) -> Option<bool> {
        match value {
            Value::None | Value::Unset(_) => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Int(value) => Some(*value != 0),
            Value::Float(value) => Some(*value != 0.0),
            Value::Str(text) => Some(!text.is_empty()),
            Value::Text(text) => text
                .pieces()
                .iter()
                .any(|piece| matches!(piece, crate::Piece::Known(_)))
                .then_some(true),
            Value::Tuple(items) => Some(!items.is_empty()),
            Value::List(id) | Value::Set(id) => {
                let items = self.list_items(*id);
                if items.iter().any(|item| !matches!(item, Value::Maybe(_))) {
                    return Some(true);
                }
                (items.is_empty() && self.object(*id).open.is_none()).then_some(false)
            }
            Value::Dict(id) => {
                let entries = self.dict_entries(*id);
                if !entries.is_empty() {
                    return Some(true);
                }
                self.object(*id).open.is_none().then_some(false)
            }
            Value::Module(_)
            | Value::Namespace(..)
            | Value::Function(_)
            | Value::Bound(_)
            | Value::Class(_)
            | Value::Ellipsis
            | Value::Lib(_) => match value.lib_name() {
                Some("typing.TYPE_CHECKING") => Some(false),
                Some(name) => name
                    .rsplit('.')
                    .next()
                    .is_some_and(|last| last.starts_with(char::is_uppercase))
                    .then_some(true),
                None => Some(true),
            },
            Value::Object(id) => self.instance(*id).and_then(|instance| match &instance.class {
                Value::Class(class) => (!self.has_own_truth(*class)).then_some(true),
                _ => Some(true),
            }),
            Value::Routes(router) => Some(!self.router(*router).events.is_empty()),
            Value::Route(_) | Value::Path(_) | Value::Signature(_) | Value::Parameter(_) => Some(true),
            Value::OneOf(values) => {
                let first = self.truth(values.first()?)?;
                values
                    .iter()
                    .all(|value| self.truth(value) == Some(first))
                    .then_some(first)
            }
            _ => None,
        }
    }

    /// Whether two values are equal.
    pub(crate) fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        use Value as V;
        match (left, right) {
            (V::Unset(_), V::Unset(_)) => Some(left == right),
            (V::Unset(_), other) | (other, V::Unset(_)) if !other.is_unknown() => self.equal(&V::None, other),
            (V::OneOf(values), other) | (other, V::OneOf(values)) => self.equal_one_of(values, other),
            (V::LibObject(_), V::Lib(name)) | (V::Lib(name), V::LibObject(_))
                if **name == *super::signatures::EMPTY =>
            {
                Some(false)
            }
            (V::Unknown(_) | V::Unset(_) | V::Text(_) | V::LibObject(_), _)
            | (_, V::Unknown(_) | V::Unset(_) | V::Text(_) | V::LibObject(_)) => None,
            (V::Path(a), V::Path(b)) => Some(a == b),
            (V::Bool(a), V::Bool(b)) => Some(a == b),
            (V::Int(a), V::Int(b)) => Some(a == b),
            (V::Bool(a), V::Int(b)) | (V::Int(b), V::Bool(a)) => Some(i64::from(*a) == *b),
            (V::Float(_), V::Int(_)) | (V::Int(_), V::Float(_)) => None,
            (V::Str(a), V::Str(b)) => Some(a == b),
            (V::Object(_), V::Object(_)) if left == right => Some(true),
            (V::Object(id), other) | (other, V::Object(id)) => self.equal_enum(*id, other),
            (V::Tuple(a), V::Tuple(b)) => self.equal_items(a, b),
            (V::List(a), V::List(b)) if a == b => Some(true),
            (V::List(a), V::List(b)) => self.equal_items(self.all_items(*a)?, self.all_items(*b)?),
            (V::List(_) | V::Dict(_) | V::Set(_), V::List(_) | V::Dict(_) | V::Set(_)) => None,
            (a, b) => Some(a == b),
        }
    }

    fn equal_items(&self, left: &[Value], right: &[Value]) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        let mut decided = Some(true);
        for (a, b) in left.iter().zip(right) {
            match self.equal(a, b) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => decided = None,
            }
        }
        decided
    }

    /// The items of a list, where they are known and all of them are there.
    fn all_items(&self, list: super::value::ObjId) -> Option<&[Value]> {
        let items = self.list_items(list);
        let is_whole = self.object(list).open.is_none() && !items.iter().any(|item| matches!(item, Value::Maybe(_)));
        is_whole.then_some(items)
    }

    /// One of several values equals another where each of them does.
    fn equal_one_of(&self, values: &[Value], other: &Value) -> Option<bool> {
        let first = self.equal(values.first()?, other)?;
        values
            .iter()
            .all(|value| self.equal(value, other) == Some(first))
            .then_some(first)
    }

    /// A string enum's member equals its value.
    fn equal_enum(&self, id: super::value::ObjId, other: &Value) -> Option<bool> {
        let instance = self.instance(id)?;
        match (instance.attrs.get("value"), other) {
            (Some(value), Value::Object(other)) => {
                let other = self.instance(*other)?.attrs.get("value")?;
                self.equal(value, other)
            }
            (Some(value), other) => self.equal(value, other),
            (None, Value::None | Value::Bool(_) | Value::Int(_) | Value::Str(_)) => Some(false),
            _ => None,
        }
    }

    pub(crate) fn compare(&self, left: &Value, op: CompareOp, right: &Value) -> Option<bool> {
        match op {
            CompareOp::Eq => self.equal(left, right),
            CompareOp::NotEq => self.equal(left, right).map(|equal| !equal),
            CompareOp::Is => self.identical(left, right),
            CompareOp::IsNot => self.identical(left, right).map(|same| !same),
            CompareOp::In => self.contains(right, left),
            CompareOp::NotIn => self.contains(right, left).map(|found| !found),
            CompareOp::Lt | CompareOp::LtE | CompareOp::Gt | CompareOp::GtE => order(left, op, right),
        }
    }

    fn identical(&self, left: &Value, right: &Value) -> Option<bool> {
        match (left, right) {
            (Value::Unset(_), Value::Unset(_)) => Some(left == right),
            (Value::Unset(_), other) | (other, Value::Unset(_)) if !other.is_unknown() => {
                self.identical(&Value::None, other)
            }
            (Value::OneOf(values), other) | (other, Value::OneOf(values)) => {
                let first = self.identical(values.first()?, other)?;
                values
                    .iter()
                    .all(|value| self.identical(value, other) == Some(first))
                    .then_some(first)
            }
            (Value::Unknown(_) | Value::Unset(_), _) | (_, Value::Unknown(_) | Value::Unset(_)) => None,
            (Value::Text(_) | Value::LibObject(_), Value::None)
            | (Value::None, Value::Text(_) | Value::LibObject(_)) => Some(false),
            (Value::Text(_) | Value::LibObject(_), _) | (_, Value::Text(_) | Value::LibObject(_)) => None,
            _ => Some(left == right),
        }
    }

    pub(crate) fn contains(&self, container: &Value, item: &Value) -> Option<bool> {
        let items: Vec<&Value> = match container {
            Value::Str(text) => return item.as_str().map(|item| text.contains(item)),
            Value::Tuple(items) => items.iter().collect(),
            Value::Routes(router) => {
                let Value::Route(route) = item else { return None };
                let events = &self.router(*router).events;
                return Some(events.iter().any(|event| event.kind == route.event.kind));
            }
            Value::List(id) | Value::Set(id) if self.object(*id).open.is_none() => {
                self.list_items(*id).iter().collect()
            }
            Value::Dict(id) if self.object(*id).open.is_none() => {
                self.dict_entries(*id).iter().map(|entry| &entry.key).collect()
            }
            _ => return None,
        };
        let mut decided = Some(false);
        for candidate in items {
            match self.equal(candidate, item) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => decided = None,
            }
        }
        decided
    }
}

fn order(left: &Value, op: CompareOp, right: &Value) -> Option<bool> {
    let ordering = match (left, right) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Str(a), Value::Str(b)) => a.cmp(b),
        (Value::Tuple(a), Value::Tuple(b)) => order_of_tuples(a, b)?,
        _ => return None,
    };
    Some(match op {
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::LtE => ordering.is_le(),
        CompareOp::Gt => ordering.is_gt(),
        _ => ordering.is_ge(),
    })
}

/// The first items that differ decide, so that what is unknown behind them does not count.
fn order_of_tuples(left: &[Value], right: &[Value]) -> Option<Ordering> {
    for (left, right) in left.iter().zip(right) {
        let (Value::Int(left), Value::Int(right)) = (left, right) else {
            return None;
        };
        if left != right {
            return Some(left.cmp(right));
        }
    }
    Some(left.len().cmp(&right.len()))
}
