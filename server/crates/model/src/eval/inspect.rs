//! `inspect`: what code asks about functions, classes and modules.

use super::{
    Interp,
    value::{Args, ClassId, Value},
};
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// A function of `inspect`, or of `asyncio` that asks the same; `None` for all others and where it can't tell.
    pub(crate) fn call_inspect(&mut self, function: &str, args: &Args) -> Option<Value> {
        if function == "getmembers" {
            return self.members(args);
        }
        let value = args.get(0, "object")?;
        self.is_function_kind(function, value)
            .or_else(|| is_kind(function, value))
            .map(Value::Bool)
    }

    /// `inspect.getmembers(object, predicate)`: pairs of name and value, sorted by name.
    fn members(&mut self, args: &Args) -> Option<Value> {
        let receiver = args.get(0, "object")?.clone();
        let predicate = args
            .get(1, "predicate")
            .filter(|predicate| !matches!(predicate, Value::None))
            .cloned();
        let names = self.names_of(&receiver)?;
        let mut members = Vec::new();
        for name in names {
            // What is not known is none of the functions and classes that code looks for this way.
            let Some(value) = self
                .attribute_of(&receiver, &name, None)
                .filter(|value| !value.is_unknown())
            else {
                continue;
            };
            let wanted = match &predicate {
                None => Some(true),
                Some(predicate) => {
                    let truth = self.call(predicate, Args::of([value.clone()]), None).ok()?;
                    self.truth(&truth)
                }
            };
            let pair = Value::Tuple(Arc::from([Value::Str(name.as_str().into()), value]));
            match wanted {
                Some(true) => members.push(pair),
                Some(false) => {}
                None => members.push(Value::Maybe(Arc::new(pair))),
            }
        }
        Some(self.new_list(members))
    }

    /// What `dir(…)` lists, less what every object has; `None` where that is not known.
    pub(super) fn names_of(&mut self, receiver: &Value) -> Option<Vec<SmolStr>> {
        let mut names: Vec<SmolStr> = match receiver {
            Value::Module(file) => {
                let frame = self.run_module(*file)?;
                self.frame(frame).vars.keys().cloned().collect()
            }
            Value::Class(class) => self.names_of_class(*class)?,
            Value::Object(object) => match self.instance(*object)?.class {
                Value::Class(class) => {
                    let own = self.instance(*object)?.attrs.keys().cloned();
                    own.chain(self.names_of_class(class)?).collect()
                }
                _ => return None,
            },
            _ => return None,
        };
        names.sort();
        names.dedup();
        Some(names)
    }

    /// What `inspect.iscoroutinefunction` and its like say of a function of the workspace.
    fn is_function_kind(&self, question: &str, value: &Value) -> Option<bool> {
        let function = match value {
            Value::Function(function) => *function,
            Value::Bound(bound) => match bound.1 {
                Value::Function(function) => function,
                _ => return None,
            },
            Value::Class(_) | Value::Object(_) | Value::Partial(_) => {
                return matches!(
                    question,
                    "iscoroutinefunction" | "isgeneratorfunction" | "isasyncgenfunction"
                )
                .then_some(false);
            }
            _ => return None,
        };
        let (code, stmt) = self.function_def(function)?;
        let facts::Stmt::Function(def) = &code[stmt] else {
            return None;
        };
        match question {
            "iscoroutinefunction" => Some(def.is_async && !def.is_generator),
            "isgeneratorfunction" => Some(!def.is_async && def.is_generator),
            "isasyncgenfunction" => Some(def.is_async && def.is_generator),
            _ => None,
        }
    }

    /// The names that a class and its bases bind; `None` where a base is not known.
    fn names_of_class(&self, class: ClassId) -> Option<Vec<SmolStr>> {
        if self.unknown_base(class).is_some() {
            return None;
        }
        let mut names = Vec::new();
        for base in &self.class(class).mro {
            if let Value::Class(base) = base {
                names.extend(self.frame(self.class(*base).frame).vars.keys().cloned());
            }
        }
        Some(names)
    }
}

/// What `inspect.isfunction` and its like say of a value; `None` for what they can't tell here.
fn is_kind(question: &str, value: &Value) -> Option<bool> {
    let kind = match value {
        Value::Unknown(_) | Value::Unset(_) | Value::OneOf(_) | Value::Maybe(_) | Value::Lib(_) => return None,
        Value::Function(_) => "isfunction",
        Value::Bound(_) => "ismethod",
        Value::Class(_) => "isclass",
        Value::Module(_) => "ismodule",
        _ => "",
    };
    match question {
        "isfunction" | "ismethod" | "isclass" | "ismodule" => Some(kind == question),
        "isroutine" => Some(matches!(kind, "isfunction" | "ismethod")),
        _ => None,
    }
}
