//! How statements end.

use super::value::Value;
use crate::Reason;
use smol_str::SmolStr;
use std::sync::Arc;

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

/// An exception on its way out.
#[derive(Clone, Debug)]
pub(crate) struct Raise {
    /// Its class's name, `ImportError` and the like.
    pub(crate) class: SmolStr,
    /// What raises it and where, if every run of the program comes to it; without, it is so as far as can be told.
    pub(crate) certain: Option<Arc<Reason>>,
}

impl Raise {
    pub(crate) fn new(class: &str) -> Self {
        Self {
            class: class.into(),
            certain: None,
        }
    }

    /// Whether `except class_name` catches it, as far as names tell.
    pub(crate) fn is_caught_by(&self, class_name: &str) -> bool {
        class_name == self.class
            || matches!(class_name, "Exception" | "BaseException")
            || (class_name == "ImportError" && self.class == "ModuleNotFoundError")
            || (class_name == "RuntimeError" && self.class == "RecursionError")
            || (class_name == "LookupError" && matches!(self.class.as_str(), "KeyError" | "IndexError"))
    }
}
