//! Operators.

use super::{
    ITEM_LIMIT, Interp, TEXT_LIMIT,
    value::{ObjectKind, Value},
};
use crate::{Piece, Place, Text};
use facts::BinaryOp;
use std::sync::Arc;

impl Interp<'_> {
    /// `left op right`.
    pub(crate) fn binary(&mut self, left: Value, op: BinaryOp, right: Value, at: Place) -> Value {
        let disorder = self.disorder_of(&left, at).or_else(|| self.disorder_of(&right, at));
        let result = self.combined(left, op, right, at);
        self.note_disorder(&result, disorder);
        result
    }

    fn combined(&mut self, left: Value, op: BinaryOp, right: Value, at: Place) -> Value {
        match (op, &left, &right) {
            (BinaryOp::Add, Value::Int(a), Value::Int(b)) => Value::Int(a.wrapping_add(*b)),
            (BinaryOp::Sub, Value::Int(a), Value::Int(b)) => Value::Int(a.wrapping_sub(*b)),
            (BinaryOp::Mul, Value::Int(a), Value::Int(b)) => Value::Int(a.wrapping_mul(*b)),
            (BinaryOp::FloorDiv, Value::Int(a), Value::Int(b)) if *b != 0 => Value::Int(a.div_euclid(*b)),
            (BinaryOp::Mod, Value::Int(a), Value::Int(b)) if *b != 0 => Value::Int(a.rem_euclid(*b)),
            (BinaryOp::Pow, Value::Int(a), Value::Int(b)) => u32::try_from(*b)
                .ok()
                .and_then(|exponent| a.checked_pow(exponent))
                .map_or_else(|| Value::unknown("the result of an operator", Some(at)), Value::Int),
            (BinaryOp::Mul, Value::Str(text), Value::Int(n)) | (BinaryOp::Mul, Value::Int(n), Value::Str(text)) => {
                let n = usize::try_from(*n).unwrap_or(0);
                if text.len().saturating_mul(n) > TEXT_LIMIT {
                    return too_long("string", at);
                }
                Value::str(&text.repeat(n))
            }
            (BinaryOp::Add, Value::Tuple(a), Value::Tuple(b)) => {
                if a.len() + b.len() > ITEM_LIMIT {
                    return too_long("tuple", at);
                }
                Value::Tuple(a.iter().chain(b.iter()).cloned().collect())
            }
            (BinaryOp::Add, Value::List(a), Value::List(b)) => {
                if self.list_items(*a).len() + self.list_items(*b).len() > ITEM_LIMIT {
                    return too_long("list", at);
                }
                let items = [self.list_items(*a), self.list_items(*b)].concat();
                let open = self.object(*a).open.clone().or_else(|| self.object(*b).open.clone());
                let list = self.allocate(ObjectKind::List(items));
                self.object_mut(list).open = open;
                Value::List(list)
            }
            (_, Value::Set(_), Value::Set(_)) if let Some(set) = self.combine(&left, op, &right) => set,
            (BinaryOp::BitOr, Value::Dict(a), Value::Dict(b)) => {
                let entries = [self.dict_entries(*a), self.dict_entries(*b)].concat();
                let open = self.object(*a).open.clone().or_else(|| self.object(*b).open.clone());
                let dict = self.new_dict(entries);
                self.object_mut(dict).open = open;
                Value::Dict(dict)
            }
            (BinaryOp::BitOr, _, _) if self.is_type(&left) && self.is_type(&right) => self.union(&[left, right]),
            (BinaryOp::Add, _, _) if self.is_text(&left) || self.is_text(&right) => {
                let text = self.text_of(&left, at).concat(&self.text_of(&right, at));
                bounded_text(text, at)
            }
            (BinaryOp::Mod, Value::Str(format), _) => self.percent_format(&format.clone(), &right, at),
            (BinaryOp::Div, Value::Path(_), _) | (BinaryOp::Div, _, Value::Path(_)) => {
                self.join_paths([&left, &right]).map_or_else(
                    || Value::unknown("a path on disk", Some(at)),
                    |path| super::disk::path_value(&path),
                )
            }
            (BinaryOp::Div, Value::Lib(_) | Value::LibObject(_), _) => Value::unknown("a path on disk", Some(at)),
            (_, Value::Unknown(reason) | Value::Unset(reason), _)
            | (_, _, Value::Unknown(reason) | Value::Unset(reason)) => Value::Unknown(reason.clone()),
            _ => Value::unknown("the result of an operator", Some(at)),
        }
    }

    fn is_text(&self, value: &Value) -> bool {
        match value {
            Value::Str(_) | Value::Text(_) => true,
            Value::Object(_) => self.enum_text(value).is_some(),
            _ => false,
        }
    }

    /// What is known of a value as a string: strings and members of string enums.
    pub(crate) fn text_of(&self, value: &Value, at: Place) -> Text {
        match value {
            Value::Str(text) => Text::known(text.clone()),
            Value::Text(text) => Text::clone(text),
            Value::Unknown(reason) | Value::Unset(reason) => {
                let mut reason = crate::Reason::clone(reason);
                reason.place = reason.place.or(Some(at));
                Text::hole(reason)
            }
            Value::Object(_) if self.enum_text(value).is_some() => {
                Text::known(self.enum_text(value).unwrap_or_default())
            }
            Value::OneOf(_) => Text::hole(crate::Reason {
                text: Arc::from("it depends on a condition that is not decided before the program runs"),
                place: Some(at),
            }),
            _ => Text::hole(crate::Reason {
                text: Arc::from("this value is not a known string"),
                place: Some(at),
            }),
        }
    }

    /// The value of a member of an enum whose values are strings.
    pub(crate) fn enum_text(&self, value: &Value) -> Option<Arc<str>> {
        let Value::Object(id) = value else { return None };
        let instance = self.instance(*id)?;
        let Value::Class(class) = instance.class else {
            return None;
        };
        self.enum_members(class)?;
        match instance.attrs.get("value")? {
            Value::Str(text) => Some(text.clone()),
            _ => None,
        }
    }
}

/// A text as a value, unless it is too long to be followed.
pub(crate) fn bounded_text(text: Text, at: Place) -> Value {
    if size(&text) > TEXT_LIMIT {
        too_long("string", at)
    } else {
        Value::from_text(text)
    }
}

/// The bytes that are known of a text, and its holes.
pub(crate) fn size(text: &Text) -> usize {
    let sizes = text.pieces().iter().map(|piece| match piece {
        Piece::Known(known) => known.len(),
        Piece::Hole(_) => 1,
    });
    sizes.sum()
}

pub(crate) fn too_long(kind: &str, at: Place) -> Value {
    Value::unknown(format!("a {kind} too long to be followed"), Some(at))
}
