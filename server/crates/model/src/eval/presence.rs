//! `hasattr`, and `getattr` with a default: whether something has an attribute. That it is not among what was seen says
//! little by itself; it is surely not there only where all is known that could bring it.

use super::{
    Interp, library, offered,
    value::{Args, ClassId, Route, Value},
};
use crate::{EventKind, Place, RouteKind, RouterKind};
use smol_str::SmolStr;

impl Interp<'_> {
    /// Whether a value has an attribute, where that is known.
    pub(super) fn has_attribute(&mut self, receiver: &Value, name: &SmolStr, at: Option<Place>) -> Option<bool> {
        if is_of_framework(receiver) && is_mark(name) {
            return Some(false);
        }
        match self.attribute_of(receiver, name, at) {
            Some(Value::Unknown(_)) => self.has_of_itself(receiver, name).filter(|has| *has),
            // Such a method may be asked of anything.
            Some(Value::BuiltinMethod(_)) => self.has_of_itself(receiver, name),
            Some(Value::Lib(_)) if receiver.lib_name().is_some() => None,
            Some(_) => Some(true),
            None => self.has_of_itself(receiver, name),
        }
    }

    /// `getattr(receiver, name, default)`.
    pub(super) fn getattr(&mut self, receiver: &Value, args: &Args, at: Option<Place>) -> Value {
        let Some(name) = args.get(1, "").and_then(Value::as_str).map(SmolStr::new) else {
            return Value::unknown("an attribute whose name is not known", at);
        };
        let value = match receiver {
            // Whatever is asked of a library's class stays symbolic.
            Value::Lib(class) if offered_by_library(class, &name) == Some(false) => None,
            _ => self.attribute_of(receiver, &name, at),
        };
        if let Some(value) = value {
            return value;
        }
        match args.get(2, "") {
            Some(default) if self.has_of_itself(receiver, &name) == Some(false) => default.clone(),
            _ => Value::unknown(format!("the attribute `{name}` is not known"), at),
        }
    }

    /// Whether a value has an attribute that nothing in the workspace gave it.
    fn has_of_itself(&self, receiver: &Value, name: &str) -> Option<bool> {
        let lists: &[&str] = match receiver {
            Value::None | Value::Ellipsis => &[],
            Value::Bool(_) | Value::Int(_) => &[offered::INT],
            Value::Float(_) => &[offered::FLOAT],
            Value::Str(_) | Value::Text(_) => &[offered::STR],
            Value::List(_) | Value::Routes(_) | Value::RouteDependencies(_) => &[offered::LIST],
            Value::Dict(_) => &[offered::DICT],
            Value::Set(_) => &[offered::SET],
            Value::Tuple(_) => &[offered::TUPLE],
            Value::Module(file) if self.module_is_open(*file) => return None,
            Value::Module(_) => &[offered::MODULE],
            Value::Function(_) => &[offered::FUNCTION],
            Value::Depends(_) => &["dependency use_cache scope? scopes?"],
            Value::Lib(class) if class.starts_with("builtins.") => return offered_by_library(class, name),
            Value::Bound(_) => &[offered::FUNCTION, offered::METHOD],
            Value::Route(route) => return self.has_route(route, name),
            Value::Class(class) => return self.is_offered(*class, &[offered::TYPE], name),
            Value::Object(object) => {
                let instance = self.instance(*object)?;
                let router: &[&str] = match instance.router.map(|id| self.router(id).kind) {
                    None => &[],
                    Some(_) if self.object(*object).open.is_some() => return None,
                    Some(RouterKind::FastApi | RouterKind::ApiRouter) => &[offered::APP, offered::ROUTER],
                    Some(_) => return None,
                };
                return match &instance.class {
                    Value::Class(class) => self.is_offered(*class, router, name),
                    Value::Lib(_) if !router.is_empty() => offers(router, name),
                    _ => None,
                };
            }
            _ => return None,
        };
        offers(lists, name)
    }

    /// Whether a class or its instances have an attribute by a base that is known without being read, or by what made it.
    fn is_offered(&self, class: ClassId, lists: &[&str], name: &str) -> Option<bool> {
        let mut found = offers(lists, name);
        if self.unknown_base(class).is_some() {
            return found.filter(|has| *has);
        }
        for base in &self.class(class).mro {
            let of_base = match base {
                Value::Class(base) => self.made_attribute(*base, name),
                Value::Lib(base) if is_model(base) => {
                    let is_first = self.source.pydantic_version(self.class(class).file).is_first();
                    offers(&[if is_first { offered::MODEL_1 } else { offered::MODEL }], name)
                }
                Value::Lib(base) => offered_by_library(base, name),
                _ => None,
            };
            found = match (found, of_base) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        found
    }

    /// Whether a metaclass or decorator gives an attribute to a class.
    fn made_attribute(&self, class: ClassId, name: &str) -> Option<bool> {
        let object = self.class(class);
        let is_field_mark = name.starts_with("__dataclass_") || matches!(name, "__match_args__" | "__replace__");
        if self.is_dataclass(class) && is_field_mark {
            return Some(true);
        }
        let is_enum = self.enum_members(class).is_some();
        if is_enum && offers(&[offered::ENUM, offered::ENUM_CLASS], name) == Some(true) {
            return Some(true);
        }
        let is_plain = object.keywords.iter().all(|(keyword, _)| keyword != "metaclass");
        let is_kept = |decorator: &Value| match decorator {
            Value::Lib(name) => library::is_declarative(name),
            Value::LibObject(made) => library::is_declarative(&made.callee),
            _ => false,
        };
        (is_plain && object.decorators.iter().all(is_kept)).then_some(false)
    }

    fn has_route(&self, route: &Route, name: &str) -> Option<bool> {
        let list = match &route.event.kind {
            EventKind::Mount(_) => offered::MOUNT,
            EventKind::Include(_) => offered::INCLUDED_ROUTER,
            EventKind::Operation(id) => {
                let records = &self.heap.new_operations;
                let index = records.binary_search_by_key(&id.0, |record| record.id.0).ok()?;
                match records[index].operation.kind {
                    RouteKind::Http => offered::API_ROUTE,
                    RouteKind::WebSocket => offered::API_WEBSOCKET_ROUTE,
                    RouteKind::StarletteHttp => offered::ROUTE,
                    _ => return None,
                }
            }
        };
        offers(&[list], name)
    }
}

/// Whether lists of names have one, or what every object has.
fn offers(lists: &[&str], name: &str) -> Option<bool> {
    let mut known = Some(false);
    for word in lists.iter().chain(&[offered::OBJECT]).flat_map(|list| list.split(' ')) {
        match word.strip_suffix('?') {
            None if word == name => return Some(true),
            Some(word) if word == name => known = None,
            _ => {}
        }
    }
    // What is private changes from version to version.
    known.filter(|_| !name.starts_with('_') || name.starts_with("__"))
}

fn is_model(class: &str) -> bool {
    class == "pydantic.BaseModel" || library::bases(class).contains(&"pydantic.BaseModel")
}

/// Whether a class of a library has an attribute.
fn offered_by_library(class: &str, name: &str) -> Option<bool> {
    let list = match class {
        "builtins.object" | "typing.Generic" | "typing.Protocol" | "abc.ABC" => {
            "__parameters__? __orig_class__? register?"
        }
        "builtins.str" => offered::STR,
        "builtins.bytes" => offered::BYTES,
        "builtins.list" => offered::LIST,
        "builtins.dict" | "typing.TypedDict" | "collections.OrderedDict" => offered::DICT,
        "builtins.set" => offered::SET,
        "builtins.tuple" => offered::TUPLE,
        "builtins.int" => offered::INT,
        "builtins.float" => offered::FLOAT,
        "enum.Enum" => offered::ENUM,
        "fastapi.FastAPI" | "fastapi.APIRouter" => return offers(&[offered::APP, offered::ROUTER], name),
        class if class.starts_with("builtins.") && class.ends_with("Error") || class.ends_with("Exception") => {
            offered::EXCEPTION
        }
        _ => return None,
    };
    offers(&[list], name)
}

/// Whether it is a class or function of the framework, or what one of them makes.
fn is_of_framework(value: &Value) -> bool {
    let name = match value {
        Value::Lib(name) => name,
        Value::LibObject(object) => &object.callee,
        _ => return false,
    };
    matches!(name.split('.').next(), Some("fastapi" | "starlette" | "builtins"))
}

/// Whether an attribute is a mark that other code leaves on what it has seen: `__seen_before__`, of which Python knows nothing.
fn is_mark(name: &str) -> bool {
    let inner = name
        .strip_prefix("__")
        .and_then(|inner| inner.strip_suffix("__"))
        .unwrap_or_default();
    inner.contains('_') && !library::SPECIAL_ATTRIBUTES.contains(&inner)
}
