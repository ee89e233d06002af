//! Which of two values comes first: `<` and its like, `sorted`, `min` and `max`.

use super::{
    Interp,
    compare::class_of,
    iterate::{Items, more, plain},
    value::{Args, ObjId, Value},
};
use crate::Place;
use smol_str::SmolStr;
use std::cmp::Ordering;

impl Interp<'_> {
    /// How two values compare, where that is known.
    pub(super) fn ordering(&mut self, left: &Value, right: &Value) -> Option<Ordering> {
        match (left, right) {
            (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
            (Value::Path(a), Value::Path(b)) => Some(a.split('/').cmp(b.split('/'))),
            (Value::Tuple(a), Value::Tuple(b)) => self.ordering_of_items(a, b),
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (self.all_items(*a)?.to_vec(), self.all_items(*b)?.to_vec());
                self.ordering_of_items(&a, &b)
            }
            (Value::Object(a), Value::Object(b)) => self.ordering_of_objects(*a, *b),
            (Value::Object(id), other) => self.ordering(&self.mixed_in(*id)?, other),
            (other, Value::Object(id)) => self.ordering(other, &self.mixed_in(*id)?),
            (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            _ => number(left)?.partial_cmp(&number(right)?),
        }
    }

    /// The first items that differ decide, so that what is unknown behind them does not count.
    fn ordering_of_items(&mut self, left: &[Value], right: &[Value]) -> Option<Ordering> {
        for (left, right) in left.iter().zip(right) {
            if !self.equal(left, right)? {
                return self.ordering(left, right);
            }
        }
        Some(left.len().cmp(&right.len()))
    }

    fn ordering_of_objects(&mut self, a: ObjId, b: ObjId) -> Option<Ordering> {
        if a == b {
            return Some(Ordering::Equal);
        }
        if let (Some(a), Some(b)) = (self.mixed_in(a), self.mixed_in(b)) {
            return self.ordering(&a, &b);
        }
        let class = class_of(self.instance(a)?)?;
        if self.has_own(class, "__lt__") {
            return match (self.is_less(a, b)?, self.is_less(b, a)?) {
                (true, _) => Some(Ordering::Less),
                (_, true) => Some(Ordering::Greater),
                _ => Some(Ordering::Equal),
            };
        }
        let is_ordered = self.inherits(class, "typing.NamedTuple")
            || (self.is_dataclass(class) && self.dataclass_option(class, "order") == Some(Value::Bool(true)));
        if !is_ordered || class_of(self.instance(b)?)? != class {
            return None;
        }
        let (a, b) = (self.field_values(a)?, self.field_values(b)?);
        self.ordering_of_items(&a, &b)
    }

    /// `a.__lt__(b)`.
    fn is_less(&mut self, a: ObjId, b: ObjId) -> Option<bool> {
        let less = self.attribute_of(&Value::Object(a), &SmolStr::new_static("__lt__"), None)?;
        let answer = self.call(&less, Args::of([Value::Object(b)]), None).ok()?;
        self.truth(&answer)
    }

    /// The number or string that a member of `IntEnum`, `StrEnum` and their like is.
    fn mixed_in(&self, id: ObjId) -> Option<Value> {
        let instance = self.instance(id)?;
        let class = class_of(instance)?;
        let is_mixed = self.is_enum(class) && self.is_mixed(class);
        instance.attrs.get("value").filter(|_| is_mixed).cloned()
    }

    /// `sorted(values)`.
    pub(crate) fn sort(&mut self, value: &Value, args: &Args, at: Place) -> Value {
        let items = match self.items_of(value, at) {
            Items::Known(items) => items,
            Items::Unknown(reason) => return Value::Unknown(reason),
        };
        let (more, items): (Vec<Value>, Vec<Value>) = items.into_iter().partition(|item| more(item).is_some());
        match self.in_order(items, args, at) {
            Some(keyed) => self.new_list(keyed.into_iter().map(|(_, item)| item).chain(more).collect()),
            None => Value::unknown("an order that is not known", Some(at)),
        }
    }

    /// `min(…)` and `max(…)`.
    pub(crate) fn extreme(&mut self, is_max: bool, args: &Args, at: Place) -> Option<Value> {
        let items = match args.positional.as_slice() {
            [(only, _)] => match self.items_of(only, at) {
                Items::Known(items) => items,
                Items::Unknown(_) => return None,
            },
            several => several.iter().map(|(value, _)| value.clone()).collect(),
        };
        if items.iter().any(|item| matches!(item, Value::Maybe(_))) {
            return None;
        }
        if items.is_empty() {
            return args.keyword("default").cloned();
        }
        let by_key = Args {
            keywords: args
                .keywords
                .iter()
                .filter(|(name, _, _)| name == "key")
                .cloned()
                .collect(),
            ..Args::default()
        };
        let ordered = self.in_order(items, &by_key, at)?;
        // Of several that are equal, both give the first.
        let (last, _) = ordered.last()?.clone();
        let found = match is_max {
            false => ordered.first(),
            true => ordered.iter().find(|(key, _)| self.equal(key, &last) == Some(true)),
        };
        found.map(|(_, item)| item.clone())
    }

    /// Items with what they are sorted by, in order; those that compare equal stay as they are. `None` where it isn't known.
    fn in_order(&mut self, items: Vec<Value>, args: &Args, at: Place) -> Option<Vec<(Value, Value)>> {
        let reverse = match args.keyword("reverse") {
            Some(reverse) => self.truth(reverse)?,
            None => false,
        };
        let key = args.keyword("key").filter(|key| !matches!(key, Value::None)).cloned();
        let mut sorted: Vec<(Value, Value)> = Vec::with_capacity(items.len());
        for item in items {
            let plain = plain(&item).clone();
            let by = match &key {
                Some(key) => self.call(key, Args::of([plain]), Some(at)).ok()?,
                None => plain,
            };
            let place = self.place_among(&sorted, &by, reverse)?;
            sorted.insert(place, (by, item));
        }
        Some(sorted)
    }

    /// Behind all that do not come after it.
    fn place_among(&mut self, sorted: &[(Value, Value)], key: &Value, reverse: bool) -> Option<usize> {
        let after = if reverse { Ordering::Greater } else { Ordering::Less };
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = (low + high) / 2;
            if self.ordering(key, &sorted[middle].0)? == after {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(low)
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Float(value) => Some(*value),
        _ => None,
    }
}
