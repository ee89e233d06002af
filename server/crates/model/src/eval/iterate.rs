//! Iteration over values.

use super::{
    Interp, LOOP_LIMIT,
    value::{ObjectKind, Value},
};
use crate::{Place, Reason};
use std::sync::Arc;

/// What iterating a value gives.
pub(crate) enum Items {
    /// These; some may be [`Value::Maybe`].
    Known(Vec<Value>),
    /// It can't be told.
    Unknown(Arc<Reason>),
}

impl Interp<'_> {
    /// The items of an iterable.
    pub(crate) fn items_of(&mut self, value: &Value, at: Place) -> Items {
        match value {
            Value::Tuple(items) => Items::Known(items.to_vec()),
            Value::List(id) | Value::Set(id) => match &self.object(*id).open {
                Some(reason) if self.list_items(*id).is_empty() => Items::Unknown(reason.clone()),
                _ => Items::Known(self.list_items(*id).to_vec()),
            },
            Value::Dict(id) => match &self.object(*id).open {
                Some(reason) if self.dict_entries(*id).is_empty() => Items::Unknown(reason.clone()),
                _ => Items::Known(self.dict_entries(*id).iter().map(|entry| entry.key.clone()).collect()),
            },
            Value::Str(text) => Items::Known(
                text.chars()
                    .take(LOOP_LIMIT)
                    .map(|c| Value::str(c.encode_utf8(&mut [0; 4])))
                    .collect(),
            ),
            Value::Class(class) => match self.enum_members(*class) {
                Some(members) => Items::Known(members),
                None => Items::Unknown(self.reason("iterates over a class", at)),
            },
            Value::Unknown(reason) => Items::Unknown(reason.clone()),
            Value::OneOf(_) => Items::Unknown(self.reason("iterates over one of several values", at)),
            _ => Items::Unknown(self.reason("iterates over a value that is not known", at)),
        }
    }

    pub(crate) fn reason(&self, text: impl Into<Arc<str>>, at: Place) -> Arc<Reason> {
        Arc::new(Reason {
            text: text.into(),
            place: Some(at),
        })
    }

    /// Adds an item to a list; under an undecided condition it is only perhaps there.
    pub(crate) fn push_item(&mut self, list: super::value::ObjId, item: Value) {
        if self.is_rehearsal {
            return;
        }
        self.note_touch(self.object(list).owner);
        let depth = self.condition_depth;
        let object = self.object_mut(list);
        let item = if depth > object.condition_depth {
            Value::Maybe(Arc::new(item))
        } else {
            item
        };
        if let ObjectKind::List(items) = &mut object.kind
            && items.len() < LOOP_LIMIT
        {
            items.push(item);
        }
    }

    /// `list += other`, `list.extend(other)`.
    pub(crate) fn extend_list(&mut self, list: super::value::ObjId, other: &Value, at: Place) {
        match self.items_of(other, at) {
            Items::Known(items) => items.into_iter().for_each(|item| self.push_item(list, item)),
            Items::Unknown(reason) => {
                self.note_touch(self.object(list).owner);
                self.object_mut(list).open = Some(reason);
            }
        }
    }
}
