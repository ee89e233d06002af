//! Python data as far as it can be said in JSON.

use crate::Reason;
use std::sync::Arc;

/// A value of the program.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A list, tuple or set.
    List(Vec<Data>),
    /// A mapping, in order.
    Dict(Vec<(Data, Data)>),
    /// It can't be known, or not be said in JSON.
    Unknown(Reason),
}

impl Data {
    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether Python takes it for true; `None` where that can't be known.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        match self {
            Data::None => Some(false),
            Data::Bool(value) => Some(*value),
            Data::Int(value) => Some(*value != 0),
            Data::Float(value) => Some(*value != 0.0),
            Data::Str(text) => Some(!text.is_empty()),
            Data::List(items) => Some(!items.is_empty()),
            Data::Dict(entries) => Some(!entries.is_empty()),
            Data::Unknown(_) => None,
        }
    }

    /// The value of a key of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Data> {
        match self {
            Data::Dict(entries) => entries
                .iter()
                .find(|(known, _)| known.as_str() == Some(key))
                .map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Named values, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Vec<(Arc<str>, Data)>);

impl<'n> FromIterator<(&'n str, Data)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (&'n str, Data)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl Attributes {
    /// The value of a name, `None` and what is not given left out.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Data> {
        self.given(name).filter(|value| **value != Data::None)
    }

    /// The value of a name, also where it is `None`.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&Data> {
        self.0
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| value)
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Whether a name's value is true.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name).and_then(Data::truth) == Some(true)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Data)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    pub(crate) fn set(&mut self, name: &str, value: Data) {
        match self.0.iter_mut().find(|(known, _)| &**known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.into(), value)),
        }
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| &**known != name);
    }
}
