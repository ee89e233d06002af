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
    /// The names of its bases, where the class is the workspace's.
    pub(crate) bases: Arc<[SmolStr]>,
    /// What raises it and where, if every run of the program comes to it; without, it is so as far as can be told.
    pub(crate) certain: Option<Arc<Reason>>,
}

impl Raise {
    pub(crate) fn new(class: &str) -> Self {
        Self {
            class: class.into(),
            bases: Arc::default(),
            certain: None,
        }
    }

    /// Whether `except class_name` catches it, as far as names tell.
    pub(crate) fn is_caught_by(&self, class_name: &str) -> bool {
        let mut classes = std::iter::once(&self.class).chain(self.bases.iter());
        let is_system = matches!(
            self.class.as_str(),
            "SystemExit" | "KeyboardInterrupt" | "GeneratorExit"
        );
        class_name == "BaseException"
            || class_name == "Exception" && !is_system
            || classes.any(|class| class == class_name || builtin_bases(class).contains(&class_name))
    }
}

/// The bases of Python's own exceptions, `Exception` and what is above it left out.
fn builtin_bases(class: &str) -> &'static [&'static str] {
    match class {
        "ModuleNotFoundError" => &["ImportError"],
        "RecursionError" | "NotImplementedError" | "PythonFinalizationError" => &["RuntimeError"],
        "KeyError" | "IndexError" => &["LookupError"],
        "UnboundLocalError" => &["NameError"],
        "UnicodeError" => &["ValueError"],
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => &["UnicodeError", "ValueError"],
        "ZeroDivisionError" | "OverflowError" | "FloatingPointError" => &["ArithmeticError"],
        "IndentationError" => &["SyntaxError"],
        "TabError" => &["IndentationError", "SyntaxError"],
        "BrokenPipeError" | "ConnectionAbortedError" | "ConnectionRefusedError" | "ConnectionResetError" => {
            &["ConnectionError", "OSError", "IOError", "EnvironmentError"]
        }
        "BlockingIOError" | "ChildProcessError" | "ConnectionError" | "FileExistsError" | "FileNotFoundError"
        | "InterruptedError" | "IsADirectoryError" | "NotADirectoryError" | "PermissionError"
        | "ProcessLookupError" | "TimeoutError" => &["OSError", "IOError", "EnvironmentError"],
        "OSError" | "IOError" | "EnvironmentError" => &["OSError", "IOError", "EnvironmentError"],
        "JSONDecodeError" => &["ValueError"],
        _ => &[],
    }
}
