//! Truth and comparison, where they can be decided.

use super::{
    Interp,
    iterate::plain,
    value::{ClassId, DictEntry, ObjId, Value},
};
use facts::CompareOp;
use smol_str::SmolStr;

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
                if entries.iter().any(|entry| !matches!(entry.value, Value::Maybe(_))) {
                    return Some(true);
                }
                (entries.is_empty() && self.object(*id).open.is_none()).then_some(false)
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
            Value::LibObject(object) if super::regex::is_made_by_re(&object.callee) => Some(true),
            Value::Routes(router) => Some(!self.router(*router).events.is_empty()),
            Value::Route(_) | Value::Dependant(_) | Value::Path(_) | Value::Signature(_) | Value::Parameter(_) => {
                Some(true)
            }
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
            (V::Float(a), V::Int(b)) | (V::Int(b), V::Float(a)) => Some(*a == *b as f64),
            (V::Str(a), V::Str(b)) => Some(a == b),
            (V::Object(_), V::Object(_)) if left == right => Some(true),
            (V::Object(a), V::Object(b)) => self.equal_objects(*a, *b),
            (V::Object(id), other) | (other, V::Object(id)) => self.equal_enum(*id, other),
            (V::Tuple(a), V::Tuple(b)) => self.equal_items(a, b),
            (V::List(a), V::List(b)) if a == b => Some(true),
            (V::List(a), V::List(b)) => self.equal_items(self.all_items(*a)?, self.all_items(*b)?),
            (V::Dict(a), V::Dict(b)) | (V::Set(a), V::Set(b)) if a == b => Some(true),
            (V::Set(a), V::Set(b)) => self.equal_sets(self.all_items(*a)?, self.all_items(*b)?),
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

    /// No two items of a set are equal.
    fn equal_sets(&self, left: &[Value], right: &[Value]) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        let mut decided = Some(true);
        for item in left {
            let each: Vec<Option<bool>> = right.iter().map(|other| self.equal(item, other)).collect();
            match each.contains(&Some(true)) {
                true => {}
                false if each.contains(&None) => decided = None,
                false => return Some(false),
            }
        }
        decided
    }

    /// The items of a list, where they are known and all of them are there.
    pub(super) fn all_items(&self, list: ObjId) -> Option<&[Value]> {
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

    /// Two instances that are not the same one.
    fn equal_objects(&self, a: ObjId, b: ObjId) -> Option<bool> {
        let (left, right) = (self.instance(a)?, self.instance(b)?);
        let (one, other) = (class_of(left)?, class_of(right)?);
        if self.is_enum(one) && self.is_enum(other) {
            let is_comparable = one == other || (self.is_mixed(one) && self.is_mixed(other));
            return match (left.attrs.get("value"), right.attrs.get("value")) {
                (Some(a), Some(b)) if is_comparable => self.equal(a, b),
                _ => Some(false),
            };
        }
        if left.router.is_some() || right.router.is_some() {
            return None;
        }
        if self.has_own(one, "__eq__") || self.has_own(other, "__eq__") {
            return None;
        }
        if self.is_compared_by_fields(one) || self.is_compared_by_fields(other) {
            if one != other {
                return None;
            }
            return self.equal_items(&self.field_values(a)?, &self.field_values(b)?);
        }
        (self.is_read_whole(one) && self.is_read_whole(other)).then_some(false)
    }

    /// Whether members of an enum are numbers or strings as well.
    pub(super) fn is_mixed(&self, class: ClassId) -> bool {
        self.class(class).mro.iter().any(|base| {
            matches!(
                base.lib_name(),
                Some("enum.IntEnum" | "enum.StrEnum" | "builtins.int" | "builtins.str" | "builtins.float")
            )
        })
    }

    /// Whether a class of the workspace defines a method, or inherits it from one.
    pub(super) fn has_own(&self, class: ClassId, method: &str) -> bool {
        matches!(self.class_attribute(class, method, None), Some((Value::Function(_), _)))
    }

    /// Whether an object is of a class of the workspace that says nothing of `==`.
    pub(super) fn is_equal_to_itself_alone(&self, id: ObjId) -> bool {
        self.instance(id).and_then(class_of).is_some_and(|class| {
            !self.is_enum(class) && !self.has_own(class, "__eq__") && !self.is_compared_by_fields(class)
        })
    }

    /// Whether `==` compares fields: dataclasses, Pydantic models and named tuples.
    fn is_compared_by_fields(&self, class: ClassId) -> bool {
        self.inherits(class, "typing.NamedTuple")
            || self.inherits(class, "pydantic.BaseModel")
            || (self.is_dataclass(class) && self.dataclass_option(class, "eq") != Some(Value::Bool(false)))
    }

    /// What a class's own decorator is told, `order=True` and the like.
    pub(super) fn dataclass_option(&self, class: ClassId, name: &str) -> Option<Value> {
        self.class(class)
            .decorators
            .iter()
            .find_map(|decorator| match decorator {
                Value::LibObject(call) => call.args.keyword(name).cloned(),
                _ => None,
            })
    }

    /// The values of an instance's fields, in the order of the fields.
    pub(super) fn field_values(&self, id: ObjId) -> Option<Vec<Value>> {
        let instance = self.instance(id)?;
        let class = class_of(instance)?;
        let value_of = |name: &SmolStr| match instance.attrs.get(name) {
            Some(value) => Some(value.clone()),
            None => self.class_attribute(class, name, None).map(|(value, _)| value),
        };
        self.field_names(class).iter().map(value_of).collect()
    }

    /// A string enum's member equals its value.
    fn equal_enum(&self, id: ObjId, other: &Value) -> Option<bool> {
        let instance = self.instance(id)?;
        match (instance.attrs.get("value"), other) {
            (Some(value), other) => self.equal(value, other),
            (None, Value::None | Value::Bool(_) | Value::Int(_) | Value::Str(_)) => Some(false),
            _ => None,
        }
    }

    pub(crate) fn compare(&mut self, left: &Value, op: CompareOp, right: &Value) -> Option<bool> {
        match op {
            CompareOp::Eq => self.equal(left, right),
            CompareOp::NotEq => self.equal(left, right).map(|equal| !equal),
            CompareOp::Is => self.identical(left, right),
            CompareOp::IsNot => self.identical(left, right).map(|same| !same),
            CompareOp::In => self.contains(right, left),
            CompareOp::NotIn => self.contains(right, left).map(|found| !found),
            CompareOp::Lt | CompareOp::LtE | CompareOp::Gt | CompareOp::GtE => {
                let ordering = self.ordering(left, right)?;
                Some(match op {
                    CompareOp::Lt => ordering.is_lt(),
                    CompareOp::LtE => ordering.is_le(),
                    CompareOp::Gt => ordering.is_gt(),
                    _ => ordering.is_ge(),
                })
            }
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
        let keys: Vec<Value>;
        let items: &[Value] = match container {
            Value::Str(text) => return item.as_str().map(|item| text.contains(item)),
            Value::Tuple(items) => items,
            Value::Routes(router) => {
                let Value::Route(route) = item else { return None };
                let events = &self.router(*router).events;
                return Some(events.iter().any(|event| event.kind == route.event.kind));
            }
            Value::List(id) | Value::Set(id) => self.list_items(*id),
            Value::Dict(id) => {
                keys = self.dict_entries(*id).iter().map(DictEntry::perhaps_key).collect();
                &keys
            }
            _ => return None,
        };
        let is_open = match container {
            Value::List(id) | Value::Set(id) | Value::Dict(id) => self.object(*id).open.is_some(),
            _ => false,
        };
        let mut decided = (!is_open).then_some(false);
        for candidate in items {
            match self.equal(plain(candidate), item) {
                Some(true) if !matches!(candidate, Value::Maybe(_)) => return Some(true),
                Some(false) => {}
                _ => decided = None,
            }
        }
        decided
    }
}

/// The class of the workspace that an instance is of.
pub(super) fn class_of(instance: &super::value::Instance) -> Option<ClassId> {
    match instance.class {
        Value::Class(class) => Some(class),
        _ => None,
    }
}
