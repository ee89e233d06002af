//! Functions of `dataclasses`, and of `types` what makes one function of another.

use super::{
    Interp,
    compare::class_of,
    value::{Args, DictEntry, ObjId, Value},
};
use crate::Place;
use std::sync::Arc;

/// Instances within instances that `asdict` goes down.
const DEPTH: usize = 16;

impl Interp<'_> {
    /// `asdict(instance)` and `replace(instance, **changes)`; `None` for all others and where the values are not known.
    pub(super) fn call_dataclasses(&mut self, function: &str, args: &Args, at: Option<Place>) -> Option<Value> {
        let &Value::Object(object) = args.get(0, "obj")? else {
            return None;
        };
        let class = class_of(self.instance(object)?).filter(|class| self.is_dataclass(*class))?;
        match function {
            "asdict" => self.as_dict(object, DEPTH),
            "replace" => {
                let values = self.field_values(object)?;
                let mut all = args.clone();
                all.positional.clear();
                for (name, value) in self.field_names(class).into_iter().zip(values) {
                    if args.keyword(&name).is_none() {
                        all.keywords.push((name, value, None));
                    }
                }
                self.call(&Value::Class(class), all, at).ok()
            }
            _ => None,
        }
    }

    fn as_dict(&mut self, object: ObjId, depth: usize) -> Option<Value> {
        let names = self.field_names(class_of(self.instance(object)?)?);
        let values = self.field_values(object)?;
        let mut entries = Vec::with_capacity(names.len());
        for (name, value) in names.iter().zip(&values) {
            entries.push(DictEntry {
                key: Value::str(name),
                value: self.without_instances(value, depth.checked_sub(1)?)?,
                at: None,
            });
        }
        Some(Value::Dict(self.new_dict(entries)))
    }

    /// A value as `asdict` copies it: instances of dataclasses become mappings, in lists and tuples too.
    fn without_instances(&mut self, value: &Value, depth: usize) -> Option<Value> {
        let is_dataclass = |interp: &Self, object: ObjId| {
            let class = interp.instance(object).and_then(class_of);
            class.is_some_and(|class| interp.is_dataclass(class))
        };
        match value {
            Value::Object(object) if is_dataclass(self, *object) => self.as_dict(*object, depth),
            Value::Tuple(items) => {
                let items: Option<Vec<Value>> = items.iter().map(|item| self.without_instances(item, depth)).collect();
                Some(Value::Tuple(items?.into()))
            }
            Value::List(list) => match self.all_items(*list).map(<[Value]>::to_vec) {
                Some(items) => {
                    let items: Option<Vec<Value>> =
                        items.iter().map(|item| self.without_instances(item, depth)).collect();
                    Some(self.new_list(items?))
                }
                None => Some(value.clone()),
            },
            value => Some(value.clone()),
        }
    }

    /// `types.FunctionType(function.__code__, …)`: a function of its own with the same code. Its annotations are taken to be
    /// copied as well, as `functools.update_wrapper` does.
    pub(super) fn copied_function(&mut self, args: &Args) -> Option<Value> {
        let Some(Value::BuiltinMethod(code)) = args.get(0, "code") else {
            return None;
        };
        match &**code {
            (Value::Function(function), name) if name == CODE => {
                let mut copy = self.functions[function.0 as usize].clone();
                copy.attrs.clear();
                copy.wraps = None;
                copy.owner = self.owner(copy.file);
                Some(Value::Function(self.add_function(copy)))
            }
            _ => None,
        }
    }

    /// `function.__code__`.
    pub(super) fn code_of(function: super::value::FnId) -> Value {
        Value::BuiltinMethod(Arc::new((Value::Function(function), CODE.into())))
    }
}

const CODE: &str = "__code__";
