//! Python's builtins.

use super::{
    Eval, Interp, LOOP_LIMIT,
    iterate::{Items, lift, more, perhaps, plain},
    value::{Args, DictEntry, ObjectKind, Value},
};
use crate::Place;
use smol_str::SmolStr;
use std::sync::Arc;

/// The builtin of a name.
pub(crate) fn builtin(name: &str) -> Option<Value> {
    const NAMES: [&str; 142] = [
        "__import__",
        "abs",
        "aiter",
        "all",
        "anext",
        "any",
        "ascii",
        "bin",
        "bool",
        "breakpoint",
        "bytearray",
        "bytes",
        "callable",
        "chr",
        "classmethod",
        "compile",
        "complex",
        "delattr",
        "dict",
        "dir",
        "divmod",
        "enumerate",
        "eval",
        "exec",
        "exit",
        "filter",
        "float",
        "format",
        "frozenset",
        "getattr",
        "globals",
        "hasattr",
        "hash",
        "help",
        "hex",
        "id",
        "input",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "locals",
        "map",
        "max",
        "memoryview",
        "min",
        "next",
        "object",
        "oct",
        "open",
        "ord",
        "pow",
        "print",
        "property",
        "quit",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "slice",
        "sorted",
        "staticmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "vars",
        "zip",
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "BaseException",
        "BaseExceptionGroup",
        "BlockingIOError",
        "BrokenPipeError",
        "BufferError",
        "BytesWarning",
        "ChildProcessError",
        "ConnectionAbortedError",
        "ConnectionError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "DeprecationWarning",
        "EOFError",
        "EncodingWarning",
        "EnvironmentError",
        "Exception",
        "ExceptionGroup",
        "FileExistsError",
        "FileNotFoundError",
        "FloatingPointError",
        "FutureWarning",
        "GeneratorExit",
        "IOError",
        "ImportError",
        "ImportWarning",
        "IndentationError",
        "IndexError",
        "InterruptedError",
        "IsADirectoryError",
        "KeyError",
        "KeyboardInterrupt",
        "LookupError",
        "MemoryError",
        "ModuleNotFoundError",
        "NameError",
        "NotADirectoryError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "PendingDeprecationWarning",
        "PermissionError",
        "ProcessLookupError",
        "RecursionError",
        "ReferenceError",
        "ResourceWarning",
        "RuntimeError",
        "RuntimeWarning",
        "StopAsyncIteration",
        "StopIteration",
        "SyntaxError",
        "SyntaxWarning",
        "SystemError",
        "SystemExit",
        "TabError",
        "TimeoutError",
        "TypeError",
        "UnboundLocalError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "UnicodeError",
        "UnicodeTranslateError",
        "UnicodeWarning",
        "UserWarning",
        "ValueError",
        "Warning",
        "ZeroDivisionError",
    ];
    match name {
        "NotImplemented" | "Ellipsis" => Some(Value::Ellipsis),
        "__debug__" => Some(Value::Bool(true)),
        _ => NAMES
            .contains(&name)
            .then(|| Value::Lib(format!("builtins.{name}").into())),
    }
}

impl Interp<'_> {
    pub(super) fn call_builtin(&mut self, name: &str, args: Args, at: Option<Place>) -> Eval<Value> {
        let unknown = |interp: &mut Self, args: &Args| {
            interp.hand_over(args, &Value::None, at);
            Value::unknown(format!("the result of `{name}`"), at)
        };
        let first = args.get(0, "").cloned();
        let place = self.somewhere(at);
        Ok(match (name, first) {
            ("property", Some(getter)) => Value::Property(Arc::new(getter)),
            ("classmethod", Some(function)) => Value::ClassMethod(Arc::new(function)),
            ("staticmethod", Some(function)) => Value::StaticMethod(Arc::new(function)),
            ("str", None) => Value::str(""),
            ("object", None) => self.lib_object("builtins.object", args, at),
            ("str", Some(value)) => {
                let value = self.says_itself(value, place);
                Value::from_text(self.str_of(&value, place))
            }
            ("bool", Some(value)) => match self.truth(&value) {
                Some(truth) => Value::Bool(truth),
                None => Value::unknown("a condition that is not decided before the program runs", at),
            },
            ("int", Some(Value::Int(value))) => Value::Int(value),
            ("int", Some(Value::Str(text))) => {
                self.check_number(name, &args, at)?;
                let digits = text.trim().replace('_', "");
                digits.parse().map_or_else(|_| unknown(self, &args), Value::Int)
            }
            ("float", Some(Value::Str(_))) => {
                self.check_number(name, &args, at)?;
                unknown(self, &args)
            }
            ("len", Some(value)) if let Some(method) = self.own_method(&value, "__len__") => {
                self.call(&method, Args::default(), at)?
            }
            ("len", Some(value)) => self.length(&value).unwrap_or_else(|| unknown(self, &args)),
            ("list" | "sorted" | "reversed" | "iter", None) => self.new_list(Vec::new()),
            ("list", Some(value)) => self.as_list(&value, place, |_| {}),
            ("iter", Some(value)) if args.positional.len() == 1 => {
                let list = self.as_list(&value, place, |_| {});
                if let Value::List(id) = list {
                    self.iterators.insert(id);
                }
                list
            }
            ("iter", Some(_)) => unknown(self, &args),
            ("reversed", Some(value)) => self.as_list(&value, place, |items| items.reverse()),
            ("sorted", Some(value)) => self.sort(&value, &args, place),
            ("tuple", None) => Value::Tuple(Arc::from([])),
            ("tuple", Some(value)) => match self.items_of(&value, place) {
                Items::Known(items) => Value::Tuple(items.into()),
                Items::Unknown(reason) => Value::Unknown(reason),
            },
            ("set" | "frozenset", None) => self.new_set(Vec::new()),
            ("set" | "frozenset", Some(value)) => self.set_of(&value, place),
            ("min" | "max", Some(_)) => self
                .extreme(name == "max", &args, place)
                .unwrap_or_else(|| unknown(self, &args)),
            ("dict", first) => self.make_dict(first, &args, place),
            ("range", Some(_)) => self.range(&args, place),
            ("enumerate", Some(value)) => {
                let start = match args.get(1, "start") {
                    Some(Value::Int(start)) => *start,
                    _ => 0,
                };
                self.as_list(&value, place, |items| {
                    let numbered = items.drain(..).zip(start..).map(|(item, i)| match more(&item) {
                        Some(_) => item,
                        None => lift(item, |item| Value::Tuple(Arc::from([Value::Int(i), item]))),
                    });
                    *items = numbered.collect();
                })
            }
            ("zip", Some(_)) => self.zip(&args, place),
            ("map", Some(function)) => self.map(&function, &args, place)?,
            ("filter", Some(function)) => self.filter(&function, &args, place)?,
            ("isinstance", Some(Value::Route(route))) => self.isinstance_of_route(&route, &args, at),
            ("isinstance", Some(value)) if self.is_known_as_no_router(&value, args.get(1, ""), place.file) => {
                Value::Bool(false)
            }
            ("isinstance", Some(value)) => {
                let class = args.get(1, "").map(|class| self.class_beside(&value, class));
                match class.and_then(|class| self.is_instance(&value, &class)) {
                    Some(truth) => Value::Bool(truth),
                    None => Value::unknown("whether it is an instance", at),
                }
            }
            ("issubclass", Some(class)) => {
                let wanted = args.get(1, "").map(|wanted| self.class_beside(&class, wanted));
                match wanted.and_then(|wanted| self.is_subclass(&class, &wanted)) {
                    Some(truth) => Value::Bool(truth),
                    None => unknown(self, &args),
                }
            }
            ("callable", Some(Value::Function(_) | Value::Class(_) | Value::Bound(_))) => Value::Bool(true),
            ("getattr", Some(receiver)) => self.getattr(&receiver, &args, at),
            ("hasattr", Some(receiver)) => match args.get(1, "").and_then(Value::as_str).map(SmolStr::new) {
                Some(attribute) => match self.has_attribute(&receiver, &attribute, at) {
                    Some(truth) => Value::Bool(truth),
                    None => unknown(self, &Args::default()),
                },
                None => unknown(self, &Args::default()),
            },
            ("setattr", Some(receiver)) => {
                let attribute = args.get(1, "").and_then(Value::as_str).map(SmolStr::new);
                if let (Some(attribute), Some(value)) = (attribute, args.get(2, "").cloned()) {
                    self.assign_attribute(&receiver, &attribute, value, args.place(2, ""))?;
                }
                Value::None
            }
            ("type", Some(_)) if args.positional.len() == 3 => self.lib_object("builtins.type", args, at),
            ("type", Some(Value::Object(object))) => self
                .instance(object)
                .map_or(Value::None, |instance| instance.class.clone()),
            ("vars", Some(value @ (Value::Class(_) | Value::Module(_) | Value::Object(_)))) => {
                match self.vars(&value) {
                    Some(names) => names,
                    None => unknown(self, &Args::default()),
                }
            }
            ("dir", Some(value)) => match self.names_of(&value) {
                Some(names) => {
                    let names = names.iter().map(|name| Value::str(name)).collect();
                    self.new_list(names)
                }
                None => unknown(self, &args),
            },
            ("next", Some(Value::Suspended(generator))) => match self.begin_generator(&generator, place) {
                Some(rest) => return self.call_builtin("next", args_of_next(rest, &args), at),
                None => unknown(self, &args),
            },
            ("next", Some(Value::List(id))) if self.is_used_up_here(id) => match self.next_of(id) {
                Some(item) => item,
                None => args.get(1, "").cloned().unwrap_or(Value::None),
            },
            ("next", Some(value)) => match self.items_of(&value, place) {
                Items::Known(items) => items
                    .into_iter()
                    .next()
                    .or_else(|| args.get(1, "").cloned())
                    .unwrap_or(Value::None),
                Items::Unknown(reason) => Value::Unknown(reason),
            },
            ("any" | "all", Some(value)) => self.any_all(name == "any", &value, place),
            ("exec", Some(_)) => {
                self.run_text(&args, place);
                Value::None
            }
            ("print" | "repr" | "id" | "hash" | "open" | "input" | "object_method" | "format", _) => match name {
                "print" | "object_method" => Value::None,
                _ => Value::unknown(format!("the result of `{name}`"), at),
            },
            _ => unknown(self, &args),
        })
    }

    /// `exec(text, globals, locals)`: whatever it binds is there from now on.
    fn run_text(&mut self, args: &Args, at: Place) {
        let why = self.reason("code that is made while the program runs", at);
        let scopes: Vec<_> = args.values().skip(1).cloned().collect();
        for scope in &scopes {
            if let Value::Dict(id) = scope {
                self.doubt_object(*id);
                self.object_mut(*id).open.get_or_insert_with(|| why.clone());
            }
        }
        self.hand_over(args, &Value::lib("builtins.exec"), Some(at));
        if let (true, Some(state)) = (scopes.is_empty(), self.modules.get(&at.file)) {
            let frame = state.frame;
            self.set_in_frame(frame, SmolStr::new_static("*"), Value::lib("builtins.exec"));
        }
    }

    fn length(&self, value: &Value) -> Option<Value> {
        let known = |items: &[Value]| !items.iter().any(|item| matches!(item, Value::Maybe(_)));
        let len = match value {
            Value::Str(text) => text.chars().count(),
            Value::Tuple(items) => items.len(),
            Value::Routes(router) => {
                let events = &self.router(*router).events;
                if events.iter().any(|event| event.conditional) {
                    return None;
                }
                events.len()
            }
            Value::List(id) | Value::Set(id) if self.object(*id).open.is_none() && known(self.list_items(*id)) => {
                self.list_items(*id).len()
            }
            Value::Dict(id) => {
                let entries = self.dict_entries(*id);
                let is_exact = self.object(*id).open.is_none()
                    && !entries.iter().any(|entry| matches!(entry.value, Value::Maybe(_)));
                is_exact.then_some(entries.len())?
            }
            _ => return None,
        };
        i64::try_from(len).ok().map(Value::Int)
    }

    pub(super) fn as_list(&mut self, value: &Value, at: Place, change: impl FnOnce(&mut Vec<Value>)) -> Value {
        match self.items_of(value, at) {
            Items::Known(mut items) => {
                change(&mut items);
                self.new_list(items)
            }
            Items::Unknown(reason) => Value::Unknown(reason),
        }
    }

    /// `dict(first, name=value)`.
    pub(super) fn make_dict(&mut self, first: Option<Value>, args: &Args, at: Place) -> Value {
        let mut open = args.open.clone();
        let mut entries = match first {
            Some(Value::Dict(id)) => {
                open = open.or_else(|| self.object(id).open.clone());
                self.dict_entries(id).to_vec()
            }
            Some(value) => match self.items_of(&value, at) {
                Items::Known(items) => {
                    let mut entries = Vec::new();
                    for item in items {
                        match entry_of(&item) {
                            Some(entry) => entries.push(entry),
                            None => open = Some(self.reason("an entry of a mapping that is not known", at)),
                        }
                    }
                    entries
                }
                Items::Unknown(reason) => return Value::Unknown(reason),
            },
            None => Vec::new(),
        };
        entries.extend(args.keywords.iter().map(|(name, value, at)| DictEntry {
            key: Value::Str(name.as_str().into()),
            value: value.clone(),
            at: *at,
        }));
        let dict = self.new_dict(entries);
        self.object_mut(dict).open = open;
        Value::Dict(dict)
    }

    /// `dict.fromkeys(keys, value)`.
    pub(super) fn dict_of_keys(&mut self, args: &Args, at: Place) -> Option<Value> {
        let value = args.get(1, "value").cloned().unwrap_or(Value::None);
        let keys = self.set_of(args.get(0, "iterable")?, at);
        let Items::Known(keys) = self.items_of(&keys, at) else {
            return None;
        };
        let pairs = keys.into_iter().map(|key| match more(&key) {
            Some(_) => key,
            None => lift(key, |key| Value::Tuple(Arc::from([key, value.clone()]))),
        });
        let pairs = self.new_list(pairs.collect());
        Some(self.make_dict(Some(pairs), &Args::default(), at))
    }

    fn range(&mut self, args: &Args, at: Place) -> Value {
        let numbers: Option<Vec<i64>> = args
            .positional
            .iter()
            .map(|(value, _)| if let Value::Int(i) = value { Some(*i) } else { None })
            .collect();
        let Some(numbers) = numbers else {
            return Value::unknown("a range that is not known", Some(at));
        };
        let (start, stop, step) = match numbers.as_slice() {
            [stop] => (0, *stop, 1),
            [start, stop] => (*start, *stop, 1),
            [start, stop, step] if *step != 0 => (*start, *stop, *step),
            _ => return Value::unknown("a range", Some(at)),
        };
        let mut items = Vec::new();
        let mut i = start;
        while (step > 0 && i < stop) || (step < 0 && i > stop) {
            if items.len() > LOOP_LIMIT {
                let list = self.allocate(ObjectKind::List(items));
                self.object_mut(list).open = Some(self.reason("a range too long to be unrolled", at));
                return Value::List(list);
            }
            items.push(Value::Int(i));
            let Some(next) = i.checked_add(step) else { break };
            i = next;
        }
        self.new_list(items)
    }

    fn zip(&mut self, args: &Args, at: Place) -> Value {
        let mut columns = Vec::new();
        for (value, _) in args.positional.clone() {
            match self.items_of(&value, at) {
                Items::Known(items) => columns.push(items),
                Items::Unknown(reason) => return Value::Unknown(reason),
            }
        }
        let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
        let row_of = |row: usize| {
            let cells = || columns.iter().map(|column| &column[row]);
            if let Some(cell) = cells().find(|cell| more(cell).is_some()) {
                return cell.clone();
            }
            let tuple = Value::Tuple(cells().map(|cell| plain(cell).clone()).collect());
            match cells().any(|cell| matches!(cell, Value::Maybe(_))) {
                true => perhaps(tuple),
                false => tuple,
            }
        };
        let items = (0..rows).map(row_of).collect();
        self.new_list(items)
    }

    fn map(&mut self, function: &Value, args: &Args, at: Place) -> Eval<Value> {
        let Some(iterable) = args.get(1, "").cloned() else {
            return Ok(Value::None);
        };
        let Items::Known(items) = self.items_of(&iterable, at) else {
            return Ok(Value::unknown("a mapped value that is not known", Some(at)));
        };
        let mut mapped = Vec::with_capacity(items.len());
        for item in items {
            let made = match more(&item) {
                Some(reason) => Value::Unknown(reason),
                None => self.call(function, Args::of([plain(&item).clone()]), Some(at))?,
            };
            mapped.push(lift(item, |_| made));
        }
        Ok(self.new_list(mapped))
    }

    fn filter(&mut self, function: &Value, args: &Args, at: Place) -> Eval<Value> {
        let Some(iterable) = args.get(1, "").cloned() else {
            return Ok(Value::None);
        };
        let Items::Known(items) = self.items_of(&iterable, at) else {
            return Ok(Value::unknown("a filtered value that is not known", Some(at)));
        };
        let mut kept = Vec::new();
        for item in items {
            let wanted = match function {
                Value::None => item.clone(),
                function => self.call(function, Args::of([plain(&item).clone()]), Some(at))?,
            };
            match self.truth(plain(&wanted)) {
                Some(true) => kept.push(item),
                Some(false) => {}
                None => kept.push(perhaps(item)),
            }
        }
        Ok(self.new_list(kept))
    }

    fn any_all(&mut self, any: bool, value: &Value, at: Place) -> Value {
        let Items::Known(items) = self.items_of(value, at) else {
            return Value::unknown("a condition that is not decided before the program runs", Some(at));
        };
        let mut decided = Some(!any);
        for item in &items {
            match self.truth(item) {
                Some(truth) if truth == any => return Value::Bool(any),
                Some(_) => {}
                None => decided = None,
            }
        }
        match decided {
            Some(truth) => Value::Bool(truth),
            None => Value::unknown("a condition that is not decided before the program runs", Some(at)),
        }
    }
}

/// The arguments of `next` with a list in the place of the generator that it stands for.
fn args_of_next(rest: super::value::ObjId, args: &Args) -> Args {
    let mut args = args.clone();
    if let Some(first) = args.positional.first_mut() {
        first.0 = Value::List(rest);
    }
    args
}

/// The entry that an item of two makes.
fn entry_of(item: &Value) -> Option<DictEntry> {
    let Value::Tuple(pair) = plain(item) else { return None };
    let [key, value] = &**pair else { return None };
    Some(DictEntry {
        key: key.clone(),
        value: lift(item.clone(), |_| value.clone()),
        at: None,
    })
}
