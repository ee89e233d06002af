//! Calls of libraries: those parts of Python's own and of the framework that wiring uses are evaluated, the others stay symbolic
//! or are read.

use super::{
    Eval, Interp, library,
    value::{Args, Value},
};
use crate::Place;
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// Calls something of a library by its canonical name.
    pub(crate) fn call_library(&mut self, name: &Arc<str>, args: Args, at: Option<Place>) -> Eval<Value> {
        if let Some(kind) = library::router_kind(name) {
            let Some(at) = at else {
                return Ok(Value::unknown("an app or router made out of sight", None));
            };
            let object = self.new_instance(Value::Lib(name.clone()), at, Some(kind));
            self.init_router(object, &args);
            return Ok(Value::Object(object));
        }
        if **name == *super::class::MAKE_INSTANCE
            && let Some(Value::Class(class)) = args.get(0, "").cloned()
        {
            let mut rest = args;
            rest.positional.remove(0);
            return self.instantiate(class, rest, at);
        }
        if **name == *super::route_class::ROUTE_INIT {
            return self.init_route(args, at);
        }
        if **name == *super::markers::DEPENDS_INIT {
            return Ok(self.init_depends(args, at));
        }
        if **name == *super::own_setattr::OBJECT_SETATTR {
            return Ok(self.set_plainly(&args, at));
        }
        if let Some(value) = self.call_marker(name, &args, at) {
            return Ok(value);
        }
        if let Some(value) = self.call_disk(name, &args, at) {
            return Ok(value);
        }
        if let Some(value) = self.call_data(name, &args, at) {
            return Ok(value);
        }
        let Some((module, function)) = name.rsplit_once('.') else {
            return Ok(self.lib_object(name, args, at));
        };
        match module {
            "builtins" => {
                let disorder = self.disorder_of_arguments(&args, self.somewhere(at));
                let result = self.call_builtin(function, args, at)?;
                if function != "sorted" {
                    self.note_disorder(&result, disorder);
                }
                return Ok(result);
            }
            "builtins.dict" if function == "fromkeys" => {
                let place = self.somewhere(at);
                if let Some(dict) = self.dict_of_keys(&args, place) {
                    return Ok(dict);
                }
            }
            "builtins.str" | "builtins.list" | "builtins.dict" | "builtins.set" if !args.positional.is_empty() => {
                let mut args = args;
                let (receiver, _) = args.positional.remove(0);
                return self.call_method(&receiver, &SmolStr::new(function), args, at);
            }
            "fastapi.routing" | "starlette.routing" if super::route_table::is_route_class(name) => {
                if let Some(at) = at {
                    return Ok(Self::route_entry(function, args, at));
                }
            }
            "re" if let Some(value) = self.call_re(function, &args, at) => return Ok(value),
            "importlib.metadata" if function == "version" => {
                let package = args.get(0, "distribution_name").and_then(Value::as_str);
                if let Some(version) = package.and_then(|package| self.source.package_version(at?.file, package)) {
                    return Ok(Value::Str(version));
                }
            }
            "starlette.convertors" if function == "register_url_convertor" => self.note_convertor(&args),
            "functools" => {
                if let Some(value) = self.call_functools(function, &args) {
                    return Ok(value);
                }
            }
            "os" | "os.environ" if matches!(function, "getenv" | "get") => {
                let key = args.get(0, "key").and_then(Value::as_str).map(str::to_owned);
                let default = args.get(1, "default").cloned().unwrap_or(Value::None);
                return Ok(match at {
                    Some(at) => self.environment(key.as_deref(), Some(default), at),
                    None => default,
                });
            }
            "copy" if let Some(value) = self.copied(&args, self.somewhere(at)) => return Ok(value),
            "dataclasses" if let Some(value) = self.call_dataclasses(function, &args, at) => return Ok(value),
            "types"
                if function == "FunctionType"
                    && let Some(copy) = self.copied_function(&args) =>
            {
                return Ok(copy);
            }
            "importlib" if function == "import_module" => return self.import_by_name(&args, at),
            "inspect" | "asyncio" if function == "getmembers" || function.starts_with("is") => {
                if let Some(value) = self.call_inspect(function, &args) {
                    return Ok(value);
                }
            }
            "inspect" | "typing" if let Some(value) = self.call_on_signature(function, &args, at) => return Ok(value),
            "fastapi.dependencies.utils" if function == "get_typed_signature" => {
                if let Some(value) = self.call_on_signature(function, &args, at) {
                    return Ok(value);
                }
            }
            "fastapi.dependencies.utils" | "fastapi._compat" | "fastapi.utils"
                if function == "lenient_issubclass"
                    && let Some(class) = args.get(0, "cls")
                    && let Some(wanted) = args.get(1, "class_or_tuple") =>
            {
                let wanted = self.class_beside(class, wanted);
                return Ok(match self.is_subclass_leniently(class, &wanted) {
                    Some(truth) => Value::Bool(truth),
                    None => Value::unknown("whether it is such a class", at),
                });
            }
            "fastapi.dependencies.utils" if let Some(value) = self.call_dependants(function, &args) => {
                return Ok(value);
            }
            "typing_inspect" | "pydantic.typing" | "pydantic.v1.typing" if function == "is_classvar" => {
                if let Some(hint) = args.get(0, "tp").filter(|hint| !hint.is_unknown()) {
                    return Ok(Value::Bool(crate::signature::is_class_variable(hint)));
                }
            }
            "types" if function == "new_class" => {
                if let Some(made) = self.new_class(&args, at)? {
                    return Ok(made);
                }
            }
            "collections" if matches!(function, "OrderedDict" | "defaultdict" | "deque") => {
                return Ok(self.new_collection(function, args, at));
            }
            // A view of a mapping.
            "types" if function == "MappingProxyType" => {
                if let Some(mapping) = args.get(0, "mapping") {
                    return Ok(mapping.clone());
                }
            }
            "typing" if function == "cast" => return Ok(args.get(1, "val").cloned().unwrap_or(Value::None)),
            "contextlib" if matches!(function, "asynccontextmanager" | "contextmanager") => {
                return Ok(args.get(0, "func").cloned().unwrap_or(Value::None));
            }
            "asyncio" | "anyio.to_thread" | "starlette.concurrency" | "fastapi.concurrency"
                if matches!(function, "to_thread" | "run_sync" | "run_in_threadpool") =>
            {
                let mut rest = args;
                let function = rest.get(0, "func").cloned().unwrap_or(Value::None);
                rest.positional.drain(..rest.positional.len().min(1));
                return self.call(&function, rest, at);
            }
            "asyncio" if function == "run" => {
                let awaitable = args.get(0, "main").cloned().unwrap_or(Value::None);
                if let Some(at) = at {
                    return Ok(self.await_value(awaitable, at));
                }
            }
            _ => {}
        }
        if library::is_transparent_decorator(name)
            && let [(target @ (Value::Function(_) | Value::Class(_)), _)] = args.positional.as_slice()
            && args.keywords.is_empty()
            && !function.starts_with(char::is_uppercase)
        {
            return Ok(target.clone());
        }
        if let Some(callee) = self.called_of_library(name, &args, at) {
            return self.call(&callee, args, at);
        }
        Ok(self.lib_object(name, args, at))
    }

    fn call_functools(&mut self, function: &str, args: &Args) -> Option<Value> {
        match function {
            "partial" => {
                let callee = args.get(0, "func")?.clone();
                let mut rest = args.clone();
                rest.positional.remove(0);
                Some(Value::Partial(Arc::new((callee, rest))))
            }
            "wraps" => Some(Value::Wraps(Arc::new(args.get(0, "wrapped")?.clone()))),
            "update_wrapper" => {
                let (wrapper, wrapped) = (args.get(0, "wrapper")?, args.get(1, "wrapped")?);
                if let Value::Function(function) = wrapper {
                    let owner = self.functions[function.0 as usize].owner;
                    self.note_touch(owner);
                    self.functions[function.0 as usize].wraps = Some(wrapped.clone());
                }
                Some(wrapper.clone())
            }
            "singledispatch" => match args.get(0, "func") {
                Some(target @ Value::Function(id)) => {
                    self.make_dispatcher(*id);
                    Some(target.clone())
                }
                _ => None,
            },
            "lru_cache" | "cache" | "cached_property" => match args.get(0, "user_function") {
                Some(target @ Value::Function(id)) => {
                    self.keep_results(*id);
                    Some(match function {
                        "cached_property" => Value::Property(Arc::new(target.clone())),
                        _ => target.clone(),
                    })
                }
                Some(target @ Value::Class(_)) => Some(target.clone()),
                // `@lru_cache(maxsize=1)`, `@lru_cache()`: the decorator proper.
                _ => Some(Value::lib("functools.cache")),
            },
            "reduce" => None,
            _ => None,
        }
    }

    fn import_by_name(&mut self, args: &Args, at: Option<Place>) -> Eval<Value> {
        let Some(name) = args.get(0, "name").and_then(Value::as_str).map(str::to_owned) else {
            return Ok(Value::unknown(
                "a module whose name is not known before the program runs",
                at,
            ));
        };
        let Some(from) = self.running_module().or_else(|| at.map(|at| at.file)) else {
            return Ok(Value::unknown("a module", at));
        };
        if let Some(relative) = name.strip_prefix('.') {
            let package = args.get(1, "package").and_then(Value::as_str).unwrap_or_default();
            return self.import_module(from, &format!("{package}.{relative}"));
        }
        self.import_module(from, &name)
    }

    /// An environment variable: the project's `.env`, or else the default in the code; both are assumptions.
    pub(crate) fn environment(&mut self, key: Option<&str>, default: Option<Value>, at: Place) -> Value {
        self.assumptions += 1;
        let Some(key) = key else {
            return Value::unknown("an environment variable", Some(at));
        };
        match default {
            Some(Value::None) => Value::Unset(self.reason(
                format!("the environment variable {key} is not known before the program runs"),
                at,
            )),
            Some(default) => default,
            None => Value::unknown(
                format!("the value of os.environ['{key}'] is not known before the program runs"),
                Some(at),
            ),
        }
    }
}
