//! How statements end.

use super::value::Value;
use smol_str::SmolStr;

/// How a block ended.
#[derive(Debug)]
pub(crate) enum Flow {
    /// At its end.
    Next,
    /// By `return`.
    Return(Value),
    /// By `break`.
    Break,
    /// By `continue`.
    Continue,
}

/// An exception on its way out; raised only where it is certain.
#[derive(Debug)]
pub(crate) struct Raise {
    /// Its class's name, `ImportError` and the like.
    pub(crate) class: SmolStr,
}

impl Raise {
    pub(crate) fn new(class: &str) -> Self {
        Self { class: class.into() }
    }

    /// Whether `except class_name` catches it, as far as names tell.
    pub(crate) fn is_caught_by(&self, class_name: &str) -> bool {
        class_name == self.class
            || matches!(class_name, "Exception" | "BaseException")
            || (class_name == "ImportError" && self.class == "ModuleNotFoundError")
            || (class_name == "LookupError" && matches!(self.class.as_str(), "KeyError" | "IndexError"))
    }
}
