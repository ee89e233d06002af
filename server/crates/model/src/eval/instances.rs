//! `isinstance` and `issubclass`.

use super::{
    Interp, library,
    value::{Args, Value},
};
use crate::Place;
use base::FileId;

impl Interp<'_> {
    pub(super) fn isinstance_of_route(&mut self, route: &super::value::Route, args: &Args, at: Option<Place>) -> Value {
        let classes = match args.get(1, "") {
            Some(Value::Tuple(classes)) => classes.to_vec(),
            Some(Value::Union(classes)) => classes.to_vec(),
            Some(class) => vec![class.clone()],
            None => Vec::new(),
        };
        let mut decided = Some(false);
        for class in &classes {
            match class.lib_name().and_then(|name| self.is_route_instance(route, name)) {
                Some(true) => return Value::Bool(true),
                Some(false) => {}
                None => decided = None,
            }
        }
        decided.map_or_else(|| Value::unknown("whether it is an instance", at), Value::Bool)
    }

    /// Whether a class is one of others, or made of them.
    pub(super) fn is_subclass(&self, class: &Value, wanted: &Value) -> Option<bool> {
        match (class, wanted) {
            (_, Value::Tuple(several) | Value::Union(several)) => {
                let each: Vec<Option<bool>> = several.iter().map(|wanted| self.is_subclass(class, wanted)).collect();
                match each.contains(&Some(true)) {
                    true => Some(true),
                    false => each.iter().all(Option::is_some).then_some(false),
                }
            }
            (_, Value::Class(_) | Value::Lib(_)) => {
                let order = self.bases_and_itself(class)?;
                if order.contains(wanted) {
                    return Some(true);
                }
                let is_known = |base: &Value| match base {
                    Value::Class(_) | Value::LibObject(_) => true,
                    Value::Lib(name) => library::is_wholly_known(name),
                    _ => false,
                };
                // What a library's class inherits is never a class of the workspace.
                let is_own = matches!(wanted, Value::Class(_));
                let mut order = order.iter();
                order
                    .all(|base| is_known(base) || (is_own && matches!(base, Value::Lib(_))))
                    .then_some(false)
            }
            _ => None,
        }
    }

    /// A class and all its bases; of one that a call makes too.
    fn bases_and_itself(&self, class: &Value) -> Option<Vec<Value>> {
        let bases = match class {
            Value::Class(class) => return Some(self.class(*class).mro.clone()),
            Value::Lib(_) => return Some(self.order_of(class)),
            Value::LibObject(made) => self.made_bases(made)?,
            _ => return None,
        };
        let mut order = vec![class.clone()];
        for base in &bases {
            order.extend(self.bases_and_itself(base)?);
        }
        Some(order)
    }

    /// Whether a value is an instance of a class.
    pub(super) fn is_instance(&self, value: &Value, class: &Value) -> Option<bool> {
        if let Value::Tuple(classes) | Value::Union(classes) = class {
            let each: Vec<Option<bool>> = classes.iter().map(|class| self.is_instance(value, class)).collect();
            if each.contains(&Some(true)) {
                return Some(true);
            }
            return each.iter().all(|truth| *truth == Some(false)).then_some(false);
        }
        let kind = match value {
            Value::Str(_) | Value::Text(_) => "str",
            Value::Int(_) => "int",
            Value::Bool(_) => "bool",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::Tuple(_) => "tuple",
            Value::Set(_) => "set",
            Value::None => "NoneType",
            Value::Class(_) => "type",
            Value::LibObject(_) if self.bases_and_itself(value).is_some() => "type",
            Value::Module(_) => "module",
            Value::Function(_) | Value::Bound(_) => "function",
            Value::Object(object) => {
                let instance = self.instance(*object)?;
                return match &instance.class {
                    Value::Class(own) => self.is_subclass(&Value::Class(*own), class),
                    // What a library makes is of no class of the workspace.
                    Value::Lib(_) if matches!(class, Value::Class(_)) => Some(false),
                    Value::Lib(own) => {
                        let wanted = class.lib_name()?;
                        Some(own.as_ref() == wanted || library::bases(own).contains(&wanted))
                    }
                    _ => None,
                };
            }
            _ => return None,
        };
        match class {
            Value::Class(_) => Some(false),
            Value::Lib(name) => match name.strip_prefix("builtins.") {
                Some("object") => Some(true),
                Some(wanted) => Some(wanted == kind || (wanted == "int" && kind == "bool")),
                None if library::router_kind(name).is_some() => Some(false),
                None => None,
            },
            _ => None,
        }
    }

    /// `APIRouter`, `FastAPI` or a class of the workspace that inherits one of them.
    fn is_router_class(&self, class: &Value) -> bool {
        match class {
            Value::Class(class) => self.router_kind(*class).is_some(),
            Value::Lib(name) => library::router_kind(name).is_some(),
            _ => false,
        }
    }

    /// Whether a value that code asks for routers is one of those that its module only imports or makes with a library.
    pub(super) fn is_known_as_no_router(&self, value: &Value, classes: Option<&Value>, from: FileId) -> bool {
        let is_asked_for_routers = match classes {
            Some(Value::Tuple(classes) | Value::Union(classes)) => {
                classes.iter().all(|class| self.is_router_class(class))
            }
            Some(class) => self.is_router_class(class),
            None => false,
        };
        is_asked_for_routers
            && match value {
                Value::Lib(name) => is_class_or_module(name) || self.is_apart(from, name),
                Value::LibObject(made) => self.is_apart(from, &made.callee) && !hands_on(&made.callee),
                Value::Depends(_)
                | Value::Marker(_)
                | Value::Annotated(_)
                | Value::Generic(_)
                | Value::Union(_)
                | Value::Partial(_)
                | Value::Path(_)
                | Value::Float(_) => true,
                _ => false,
            }
    }

    /// Whether a name of a library is of one that has nothing to do with the framework, and does not say that it is a router.
    fn is_apart(&self, from: FileId, name: &str) -> bool {
        let top = name.split('.').next().unwrap_or(name);
        let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
        let is_framework = matches!(top, "builtins" | "fastapi" | "pydantic" | "starlette" | "typing");
        let may_be_router = ["rout", "app", "api"].iter().any(|part| last.contains(part));
        (is_framework || self.source.is_apart_from_framework(from, top)) && !may_be_router
    }
}

/// Whether a name is that of a whole package or, as its capital letter says, of a class.
fn is_class_or_module(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    !name.contains('.') || last.starts_with(char::is_uppercase)
}

/// Functions that give back what they are given, or a copy.
fn hands_on(callee: &str) -> bool {
    callee.starts_with("copy.") || callee.starts_with("functools.") || callee.starts_with("builtins.")
}
