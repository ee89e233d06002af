//! Methods of lists, sets and dicts, and of library objects.

use super::{
    Eval, Interp, data_files,
    expr::{bound, nth, range_of},
    heap::Thing,
    iterate::{lift, perhaps, plain},
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
            Value::List(id) => {
                let disorder = self.disorder_of(receiver, place);
                let result = self.list_method(*id, name, &args, place);
                if name == "copy" {
                    self.note_disorder(&result, disorder);
                }
                Ok(result)
            }
            Value::Set(id) => Ok(match self.set_method(*id, name, &args, place) {
                Some(value) => value,
                None => self.list_method(*id, name, &args, place),
            }),
            Value::Tuple(items) if matches!(name.as_str(), "index" | "count") => {
                Ok(self.position(&items.clone(), name, args.get(0, ""), place))
            }
            Value::Path(path) => Ok(self.path_method(path, name, &args, place)),
            Value::Routes(id) => Ok(self.routes_method(*id, name, &args, place)),
            Value::RouteDependencies(list) => Ok(self.dependencies_method(&list.clone(), name, &args, place)),
            Value::Dict(id) => {
                let disorder = self.disorder_of(receiver, place);
                let result = self.dict_method(*id, name, &args, place);
                if matches!(name.as_str(), "items" | "keys" | "values" | "copy") {
                    self.note_disorder(&result, disorder);
                }
                Ok(result)
            }
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
            Value::LibObject(object) if let Some(value) = self.re_method(object, name, &args, at) => Ok(value),
            Value::LibObject(_) => {
                self.hand_over(
                    &args,
                    &Value::BuiltinMethod(Arc::new((receiver.clone(), name.clone()))),
                    at,
                );
                Ok(Value::unknown("the result of a method of a library", at))
            }
            Value::Function(dispatcher) if name == "register" => Ok(self.register_for_class(*dispatcher, &args)),
            Value::Signature(_) | Value::Parameter(_) => Ok(self
                .signature_method(receiver, name, &args)
                .unwrap_or_else(|| Value::unknown(format!("the result of `{name}`"), at))),
            Value::Marker(field) => Ok(self
                .field_method(&field.clone(), name)
                .unwrap_or_else(|| Value::unknown(format!("the result of `{name}`"), at))),
            Value::Class(class) if name == "mro" && self.unread_base(*class).is_none() => {
                let order = self.whole_order(*class);
                Ok(self.new_list(order))
            }
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

    /// `collections.OrderedDict`, `defaultdict` and `deque`.
    pub(super) fn new_collection(&mut self, class: &str, mut args: Args, at: Option<Place>) -> Value {
        let place = self.somewhere(at);
        if class == "deque" {
            return match args.get(0, "iterable").cloned() {
                None => self.new_list(Vec::new()),
                Some(items) => self.as_list(&items, place, |_| {}),
            };
        }
        let factory = match class {
            "defaultdict" if !args.positional.is_empty() => Some(args.positional.remove(0).0),
            _ => None,
        };
        let first = args.get(0, "").cloned();
        let made = self.make_dict(first, &args, place);
        if let (Value::Dict(id), Some(factory)) = (&made, factory.filter(|factory| *factory != Value::None)) {
            self.heap.default_factories.insert(*id, factory);
            // That it lacks a key is no mistake.
            self.doubt_object(*id);
        }
        made
    }

    /// What a mapping makes for a key that it surely lacks; `None` where it makes nothing.
    pub(super) fn default_entry(&mut self, id: ObjId, key: &Value, at: Place) -> Eval<Option<Value>> {
        let Some(factory) = self.heap.default_factories.get(&id).cloned() else {
            return Ok(None);
        };
        if !self.surely_lacks(id, key) {
            return Ok(None);
        }
        let value = self.call(&factory, Args::default(), Some(at))?;
        self.note_change(Thing::Object(id));
        if !self.is_rehearsal && !self.stays(id) {
            let (key, value) = (key.clone(), value.clone());
            self.put_entry(id, DictEntry { key, value, at: None });
        }
        Ok(Some(value))
    }

    /// `copy.copy(x)`, `copy.deepcopy(x)`: of what can't change, itself; of what holds other things only where those can't.
    pub(super) fn copied(&mut self, args: &Args, at: Place) -> Option<Value> {
        match args.get(0, "x")? {
            value @ (Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Text(_)
            | Value::Function(_)
            | Value::Class(_)
            | Value::Lib(_)
            | Value::Marker(_)
            | Value::Annotated(_)
            | Value::Generic(_)
            | Value::Union(_)
            | Value::Signature(_)
            | Value::Parameter(_)) => Some(value.clone()),
            value @ (Value::List(_) | Value::Set(_) | Value::Dict(_)) => {
                let value = value.clone();
                self.call_method(&value, &SmolStr::new_static("copy"), Args::default(), Some(at))
                    .ok()
            }
            _ => None,
        }
    }

    fn list_method(&mut self, id: ObjId, name: &str, args: &Args, at: Place) -> Value {
        let first = args.get(0, "").cloned();
        if matches!(name, "insert" | "pop" | "reverse" | "clear" | "sort" | "remove") {
            self.note_change(Thing::Object(id));
            if self.stays(id) {
                return Value::unknown("a list", Some(at));
            }
        }
        match (name, first) {
            ("append", Some(item)) => self.push_item(id, item),
            ("extend", Some(items)) => self.extend_list(id, &items, at),
            ("insert", Some(index)) => {
                let before = self.list_items(id).len();
                if let Some(item) = args.get(1, "").cloned() {
                    self.push_item(id, item);
                }
                if let (Value::Int(index), ObjectKind::List(items)) = (index, &mut self.object_mut(id).kind) {
                    let added = items.len() - before;
                    items[bound(before, index)..].rotate_right(added);
                }
            }
            ("copy", _) => return self.as_list(&Value::List(id), at, |_| {}),
            ("pop", index) => {
                let index = index.unwrap_or(Value::Int(-1));
                let popped = self.element(&Value::List(id), &index, at);
                self.delete_item(&Value::List(id), &index, at);
                return popped;
            }
            ("remove", Some(item)) => self.remove_item(id, &item),
            ("reverse", _) => {
                if let ObjectKind::List(items) = &mut self.object_mut(id).kind {
                    items.reverse();
                }
            }
            ("clear", _) => self.remove_where(id, |_| Some(true)),
            ("sort", _) => {
                if let Value::List(sorted) = self.sort(&Value::List(id), args, at) {
                    let items = self.list_items(sorted).to_vec();
                    self.disordered.remove(&id);
                    self.object_mut(id).kind = ObjectKind::List(items);
                }
            }
            ("index" | "count", wanted) => {
                let items = self.list_items(id).to_vec();
                return self.position(&items, name, wanted.as_ref(), at);
            }
            _ => {}
        }
        Value::None
    }

    /// `items.index(wanted)`, `items.count(wanted)`.
    fn position(&self, items: &[Value], name: &str, wanted: Option<&Value>, at: Place) -> Value {
        let unknown = || Value::unknown("a position in a list", Some(at));
        let mut count = 0;
        for (i, item) in (0..).zip(items) {
            match wanted.and_then(|wanted| self.equal(item, wanted)) {
                Some(true) if name == "index" => return Value::Int(i),
                Some(true) => count += 1,
                Some(false) if !matches!(item, Value::Maybe(_)) => {}
                _ => return unknown(),
            }
        }
        if name == "count" { Value::Int(count) } else { unknown() }
    }

    /// Takes the first item away that equals another; those of which that isn't known are only perhaps there from then on.
    pub(super) fn remove_item(&mut self, id: ObjId, item: &Value) {
        // The very same one is as good as one that equals it.
        if matches!(item, Value::Object(_))
            && let Some(same) = self.list_items(id).iter().position(|known| plain(known) == item)
        {
            return self.remove_where(id, |i| Some(i == same));
        }
        let is_itself_alone = matches!(item, Value::Object(item) if self.is_equal_to_itself_alone(*item));
        let equals: Vec<Option<bool>> = self
            .list_items(id)
            .iter()
            .map(|known| match known {
                Value::Object(_) if is_itself_alone => Some(false),
                Value::Maybe(inner) => self.equal(inner, item).filter(|equals| !equals),
                known => self.equal(known, item),
            })
            .collect();
        let first = equals.iter().position(|equals| *equals == Some(true));
        let is_open = equals.iter().take(first.unwrap_or(usize::MAX)).any(Option::is_none);
        self.remove_where(id, |i| match first {
            Some(first) if i > first => Some(false),
            Some(first) if i == first => (!is_open).then_some(true),
            _ => equals[i].map(|_| false),
        });
    }

    /// Takes items away by their numbers; where that isn't known, or conditional, they are only perhaps there.
    fn remove_where(&mut self, id: ObjId, is_removed: impl Fn(usize) -> Option<bool>) {
        let conditional = self.condition_depth > self.object(id).condition_depth;
        if let ObjectKind::List(items) = &mut self.object_mut(id).kind {
            let old = std::mem::take(items);
            items.extend(old.into_iter().enumerate().filter_map(|(i, item)| match is_removed(i) {
                Some(false) => Some(item),
                Some(true) if !conditional => None,
                _ => Some(perhaps(item)),
            }));
        }
    }

    /// `del container[key]`.
    pub(crate) fn delete_item(&mut self, container: &Value, key: &Value, at: Place) {
        match container {
            Value::Dict(id) | Value::List(id) if self.stays(*id) => {}
            Value::Dict(id) => {
                self.note_change(Thing::Object(*id));
                self.remove_entry(*id, key);
            }
            Value::List(id) => {
                self.note_change(Thing::Object(*id));
                let len = self.list_items(*id).len();
                let is_exact = self.object(*id).open.is_none()
                    && !self.list_items(*id).iter().any(|item| matches!(item, Value::Maybe(_)));
                let range = match key {
                    Value::Int(i) => nth(len, *i).map(|i| i..i + 1),
                    Value::Slice(parts) => range_of(parts, len),
                    _ => None,
                };
                self.remove_where(*id, |i| match &range {
                    Some(range) if is_exact => Some(range.contains(&i)),
                    _ => None,
                });
            }
            Value::Routes(router) => match key {
                Value::Int(_) => {
                    self.pop_route(*router, Some(key), at);
                }
                _ => {
                    let reason = self.reason("routes are taken out that are not known", at);
                    self.routes_unknown(*router, &reason, at);
                }
            },
            _ => {}
        }
    }

    /// Takes an entry out of a dict.
    fn remove_entry(&mut self, id: ObjId, key: &Value) {
        let conditional = self.condition_depth > self.object(id).condition_depth;
        let equals: Vec<Option<bool>> = self
            .dict_entries(id)
            .iter()
            .map(|entry| self.equal(&entry.key, key))
            .collect();
        if let ObjectKind::Dict(entries) = &mut self.object_mut(id).kind {
            let mut equals = equals.into_iter();
            entries.retain_mut(|entry| {
                let gone = equals.next().flatten();
                let is_gone = gone == Some(true) && !conditional;
                if !is_gone && gone != Some(false) {
                    entry.value = perhaps(entry.value.clone());
                }
                !is_gone
            });
        }
    }

    /// Puts an entry into a dict: the key keeps its place; where that is conditional, the old value may stay.
    pub(crate) fn put_entry(&mut self, id: ObjId, entry: DictEntry) {
        self.put_name(id, &entry);
        let known = self
            .dict_entries(id)
            .iter()
            .position(|known| self.equal(&known.key, &entry.key) == Some(true));
        let conditional = self.condition_depth > self.object(id).condition_depth;
        let joined = match known {
            Some(i) if conditional || matches!(entry.value, Value::Maybe(_)) => {
                let old = self.dict_entries(id)[i].value.clone();
                let both = self.join(vec![plain(&old).clone(), plain(&entry.value).clone()]);
                Some(lift(old, |_| both))
            }
            _ => None,
        };
        if let ObjectKind::Dict(entries) = &mut self.object_mut(id).kind {
            match (known, joined) {
                (Some(i), Some(joined)) => entries[i].value = joined,
                (Some(i), None) => (entries[i].value, entries[i].at) = (entry.value, entry.at),
                (None, _) if conditional => entries.push(DictEntry {
                    value: perhaps(entry.value),
                    ..entry
                }),
                (None, _) => entries.push(entry),
            }
        }
    }

    /// A dict of entries of which later ones replace earlier ones.
    pub(crate) fn new_dict(&mut self, entries: impl IntoIterator<Item = DictEntry>) -> ObjId {
        let id = self.allocate(ObjectKind::Dict(Vec::new()));
        for entry in entries {
            self.put_entry(id, entry);
        }
        id
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
        if matches!(name, "pop" | "setdefault" | "update" | "clear" | "popitem") {
            self.note_change(Thing::Object(id));
            if self.stays(id) {
                return Value::unknown("a mapping", Some(at));
            }
        }
        let items: Vec<Value> = match name {
            "items" => pairs(self)
                .into_iter()
                .map(|(key, value)| lift(value, |value| Value::Tuple(Arc::from([key, value]))))
                .collect(),
            "keys" => self.dict_entries(id).iter().map(DictEntry::perhaps_key).collect(),
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
                    if name == "pop" {
                        self.remove_entry(id, &key);
                    }
                    return match value {
                        Value::Maybe(inner) if name != "setdefault" => {
                            let default = args.get(1, "default").cloned().unwrap_or(Value::None);
                            self.join(vec![Value::clone(&inner), default])
                        }
                        value => plain(&value).clone(),
                    };
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
                    self.put_entry(id, entry);
                }
                return default;
            }
            "update" => {
                let more = self.make_dict(args.get(0, "").cloned(), args, at);
                match more {
                    Value::Dict(more) => {
                        for entry in self.dict_entries(more).to_vec() {
                            self.put_entry(id, entry);
                        }
                        let open = self.object(more).open.clone();
                        if let Some(why) = &open {
                            self.open_names(id, why);
                        }
                        let object = self.object_mut(id);
                        object.open = object.open.take().or(open);
                    }
                    _ => {
                        let why = self.reason("it is updated with a mapping that is not known", at);
                        self.open_names(id, &why);
                        self.object_mut(id).open = Some(why);
                    }
                }
                return Value::None;
            }
            "clear" => {
                for entry in self.dict_entries(id).to_vec() {
                    self.remove_entry(id, &entry.key);
                }
                return Value::None;
            }
            "popitem" => {
                let Some(last) = self.dict_entries(id).last().cloned() else {
                    return Value::unknown("an entry of a mapping that is not known", Some(at));
                };
                self.remove_entry(id, &last.key);
                return Value::Tuple(Arc::from([last.key, plain(&last.value).clone()]));
            }
            "copy" => {
                let entries = self.dict_entries(id).to_vec();
                let copy = self.allocate(ObjectKind::Dict(entries));
                self.object_mut(copy).open = open;
                return Value::Dict(copy);
            }
            _ => return Value::unknown(format!("the result of `dict.{name}`"), Some(at)),
        };
        let list = self.allocate(ObjectKind::List(items));
        self.object_mut(list).open = open;
        Value::List(list)
    }
}
