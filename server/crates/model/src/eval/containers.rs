//! Methods of lists, sets and dicts, and of library objects.

use super::{
    Eval, Interp, data_files,
    value::{Args, DictEntry, ObjId, ObjectKind, Value},
};
use crate::Place;
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// A method of a builtin or library type.
    pub(crate) fn call_method(
        &mut self,
        receiver: &Value,
        name: &SmolStr,
        args: Args,
        at: Option<Place>,
    ) -> Eval<Value> {
        let place = self.somewhere(at);
        match receiver {
            Value::Str(_) | Value::Text(_) => Ok(self.str_method(receiver, name, &args, place)),
            Value::List(id) | Value::Set(id) => Ok(self.list_method(*id, name, &args, place)),
            Value::Path(path) => Ok(self.path_method(path, name, &args, place)),
            Value::Routes(id) => Ok(self.routes_method(*id, name, &args, place)),
            Value::Dict(id) => Ok(self.dict_method(*id, name, &args, place)),
            Value::Object(object) => self.router_method(*object, name, args, at),
            Value::LibObject(object) if name == "run_in_executor" && object.callee.starts_with("asyncio.") => {
                let mut rest = args;
                let function = rest.get(1, "func").cloned().unwrap_or(Value::None);
                rest.positional.drain(..rest.positional.len().min(2));
                let result = self.call(&function, rest, at)?;
                Ok(self.lib_object("asyncio.Future", Args::of([result]), at.or(Some(place))))
            }
            Value::LibObject(object) if name == "result" && object.callee.as_ref() == "asyncio.Future" => {
                Ok(object.args.get(0, "result").cloned().unwrap_or(Value::None))
            }
            Value::LibObject(object) if data_files::is_data(object) => Ok(self.data_method(object, name, place)),
            Value::LibObject(_) => {
                self.hand_over(
                    &args,
                    &Value::BuiltinMethod(Arc::new((receiver.clone(), name.clone()))),
                    at,
                );
                Ok(Value::unknown("the result of a method of a library", at))
            }
            Value::Signature(_) | Value::Parameter(_) => Ok(self
                .signature_method(receiver, name, &args)
                .unwrap_or_else(|| Value::unknown(format!("the result of `{name}`"), at))),
            Value::Class(class) if name == "__subclasses__" => {
                self.reads_everything = true;
                let found: Vec<Value> = (0..self.classes.len() as u32)
                    .map(super::value::ClassId)
                    .filter(|other| self.class(*other).bases.contains(&Value::Class(*class)))
                    .map(Value::Class)
                    .collect();
                Ok(self.new_list(found))
            }
            _ => Ok(Value::unknown(format!("the result of `{name}`"), at)),
        }
    }

    fn list_method(&mut self, id: ObjId, name: &str, args: &Args, at: Place) -> Value {
        let first = args.get(0, "").cloned();
        if self.is_settled(id) && matches!(name, "insert" | "pop" | "reverse" | "clear" | "sort") {
            return Value::unknown("a list", Some(at));
        }
        if matches!(name, "insert" | "pop" | "reverse" | "clear" | "sort") {
            self.note_touch(self.object(id).owner);
        }
        match (name, first) {
            ("append" | "add", Some(item)) => {
                self.push_item(id, item);
            }
            ("extend" | "update", Some(items)) => {
                self.extend_list(id, &items, at);
            }
            ("insert", Some(Value::Int(index))) => {
                if let Some(item) = args.get(1, "").cloned()
                    && let ObjectKind::List(items) = &mut self.object_mut(id).kind
                {
                    let index = usize::try_from(index).unwrap_or(0).min(items.len());
                    items.insert(index, item);
                }
            }
            ("copy", _) => {
                let items = self.list_items(id).to_vec();
                return self.new_list(items);
            }
            ("pop", index) => {
                if let ObjectKind::List(items) = &mut self.object_mut(id).kind {
                    let popped = match index {
                        Some(Value::Int(0)) if !items.is_empty() => Some(items.remove(0)),
                        None => items.pop(),
                        _ => None,
                    };
                    return popped.unwrap_or_else(|| Value::unknown("a popped item", Some(at)));
                }
            }
            ("reverse", _) => {
                if let ObjectKind::List(items) = &mut self.object_mut(id).kind {
                    items.reverse();
                }
            }
            ("clear", _) => {
                if let ObjectKind::List(items) = &mut self.object_mut(id).kind {
                    items.clear();
                }
            }
            ("sort", _) => {
                if let Value::List(sorted) = self.sort(&Value::List(id), args, at) {
                    let items = self.list_items(sorted).to_vec();
                    self.object_mut(id).kind = ObjectKind::List(items);
                }
            }
            ("index" | "count", _) => return Value::unknown("a position in a list", Some(at)),
            _ => {}
        }
        Value::None
    }

    fn dict_method(&mut self, id: ObjId, name: &str, args: &Args, at: Place) -> Value {
        let pairs = |interp: &Self| {
            interp
                .dict_entries(id)
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.clone()))
                .collect::<Vec<_>>()
        };
        let open = self.object(id).open.clone();
        if self.is_settled(id) && matches!(name, "pop" | "setdefault" | "update") {
            return Value::unknown("a mapping", Some(at));
        }
        if matches!(name, "pop" | "setdefault" | "update") {
            self.note_touch(self.object(id).owner);
        }
        let items: Vec<Value> = match name {
            "items" => pairs(self)
                .into_iter()
                .map(|(key, value)| match value {
                    Value::Maybe(inner) => Value::Maybe(Arc::new(Value::Tuple(Arc::from([key, Value::clone(&inner)])))),
                    value => Value::Tuple(Arc::from([key, value])),
                })
                .collect(),
            "keys" => pairs(self).into_iter().map(|(key, _)| key).collect(),
            "values" => pairs(self).into_iter().map(|(_, value)| value).collect(),
            "get" | "pop" | "setdefault" => {
                let Some(key) = args.get(0, "key") else {
                    return Value::None;
                };
                let found = self
                    .dict_entries(id)
                    .iter()
                    .find(|entry| self.equal(&entry.key, key) == Some(true));
                if let Some(entry) = found {
                    let (key, value) = (entry.key.clone(), entry.value.clone());
                    if name == "pop"
                        && let ObjectKind::Dict(entries) = &mut self.object_mut(id).kind
                    {
                        entries.retain(|entry| entry.key != key);
                    }
                    return value;
                }
                if open.is_some() || key.is_unknown() {
                    return Value::unknown("an entry of a mapping that is not known", Some(at));
                }
                let default = args.get(1, "default").cloned().unwrap_or(Value::None);
                if name == "setdefault" {
                    let entry = DictEntry {
                        key: key.clone(),
                        value: default.clone(),
                        at: None,
                    };
                    if let ObjectKind::Dict(entries) = &mut self.object_mut(id).kind {
                        entries.push(entry);
                    }
                }
                return default;
            }
            "update" => {
                let mut added = match args.get(0, "").cloned() {
                    Some(Value::Dict(other)) => self.dict_entries(other).to_vec(),
                    Some(_) => {
                        self.object_mut(id).open =
                            Some(self.reason("it is updated with a mapping that is not known", at));
                        Vec::new()
                    }
                    None => Vec::new(),
                };
                added.extend(args.keywords.iter().map(|(name, value, at)| DictEntry {
                    key: Value::Str(name.as_str().into()),
                    value: value.clone(),
                    at: *at,
                }));
                if let ObjectKind::Dict(entries) = &mut self.object_mut(id).kind {
                    for entry in added {
                        entries.retain(|known| known.key != entry.key);
                        entries.push(entry);
                    }
                }
                return Value::None;
            }
            "copy" => {
                let entries = self.dict_entries(id).to_vec();
                return Value::Dict(self.allocate(ObjectKind::Dict(entries)));
            }
            _ => return Value::unknown(format!("the result of `dict.{name}`"), Some(at)),
        };
        let list = self.allocate(ObjectKind::List(items));
        self.object_mut(list).open = open;
        Value::List(list)
    }
}
