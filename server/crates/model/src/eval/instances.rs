//! `isinstance` and `issubclass`.

use super::{
    Interp, library,
    value::{Args, Value},
};
use crate::{
    Place,
    signature::{Shape, library_shape},
};
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
                // A type that FastAPI reads as a plain value inherits nothing of a framework.
                let of_framework = wanted
                    .lib_name()
                    .is_some_and(|name| name.starts_with("fastapi.") || name.starts_with("starlette."));
                let is_python_type =
                    |name: &str| of_framework && matches!(library_shape(name), Shape::Scalar | Shape::Complex);
                let is_known = |base: &Value| match base {
                    Value::Class(_) | Value::LibObject(_) => true,
                    Value::Lib(name) => library::is_wholly_known(name) || is_python_type(name),
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

    /// The class that code asks for; that of a library is read where a class of the same library asks to be it.
    pub(super) fn class_beside(&mut self, asking: &Value, wanted: &Value) -> Value {
        match wanted {
            Value::Tuple(several) => {
                Value::Tuple(several.iter().map(|wanted| self.class_beside(asking, wanted)).collect())
            }
            Value::Lib(name) => match self.relative(asking, name) {
                Some(from) => self.with_classes_of_libraries(from, wanted.clone()),
                None => wanted.clone(),
            },
            other => other.clone(),
        }
    }

    /// A file of the library that a name is of, in which one of the classes is that a value is an instance of or inherits.
    fn relative(&self, value: &Value, name: &str) -> Option<FileId> {
        let class = match value {
            Value::Class(class) => *class,
            Value::Generic(parts) => return self.relative(&parts.0, name),
            Value::LibObject(made) => {
                let bases = self.made_bases(made)?;
                return bases.iter().find_map(|base| self.relative(base, name));
            }
            Value::Object(object) => match self.instance(*object)?.class {
                Value::Class(class) => class,
                _ => return None,
            },
            _ => return None,
        };
        let files = self.class(class).mro.iter().filter_map(|base| match base {
            Value::Class(base) => Some(self.class(*base).file),
            _ => None,
        });
        let mut libraries = files.filter(|file| !self.source.is_own(*file));
        libraries.find(|file| self.is_same_package(*file, name))
    }

    /// Whether it is a generic model with type arguments, for which Pydantic makes a class.
    pub(super) fn is_made_by_pydantic(&self, ty: &Value) -> bool {
        match ty {
            Value::Generic(parts) => self.is_subclass(&parts.0, &Value::lib("pydantic.BaseModel")) == Some(true),
            _ => false,
        }
    }

    /// `lenient_issubclass` (`fastapi/_compat/shared.py`): what is no class is none of any.
    pub(crate) fn is_subclass_leniently(&self, class: &Value, wanted: &Value) -> Option<bool> {
        match class {
            Value::Unknown(_) | Value::Unset(_) | Value::OneOf(_) | Value::Maybe(_) => None,
            Value::Generic(parts) => match &parts.0 {
                head if self.is_made_by_pydantic(class) => self.is_subclass(head, wanted),
                Value::Lib(name) if !name.starts_with("builtins.") && !name.starts_with("typing.") => None,
                _ => Some(false),
            },
            Value::Lib(name) if name.starts_with("typing.") => Some(false),
            Value::Lib(_) | Value::LibObject(_) | Value::Class(_) => self.is_subclass(class, wanted),
            _ => Some(false),
        }
    }

    /// A class and all its bases; of one that a call makes too.
    fn bases_and_itself(&self, class: &Value) -> Option<Vec<Value>> {
        let bases = match class {
            Value::Class(class) => return Some(self.class(*class).mro.clone()),
            Value::Lib(_) => return Some(self.order_of(class)),
            Value::LibObject(made) => self.made_bases(made)?,
            // A class that Pydantic makes for type arguments, or what stands for one among bases.
            Value::Generic(parts) => return self.bases_and_itself(&parts.0),
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
            Value::Depends(id) => {
                let is_security = self.depends[id.0 as usize].depends.is_security;
                return match class {
                    Value::Lib(name) => {
                        Some(**name == *"fastapi.Depends" || is_security && **name == *"fastapi.Security")
                    }
                    Value::Class(_) => Some(false),
                    _ => None,
                };
            }
            Value::Str(_) | Value::Text(_) => "str",
            Value::Int(_) => "int",
            Value::Bool(_) => "bool",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::Tuple(_) => "tuple",
            Value::Set(_) => "set",
            Value::None => "NoneType",
            Value::Lib(name) if name.starts_with("builtins.") && is_python_class(name) => "type",
            Value::LibObject(object) if class.lib_name() == Some(&object.callee) => return Some(true),
            Value::Class(_) => "type",
            Value::Generic(_) if self.is_made_by_pydantic(value) => "type",
            // What `typing` makes is of no type that it is asked for.
            Value::Generic(_) | Value::Union(_) | Value::Annotated(_) => "typing",
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
                None if name.starts_with("fastapi.") || name.starts_with("starlette.") => Some(false),
                None if matches!(&**name, "typing.TypeVar" | "typing.ParamSpec" | "typing.ForwardRef") => Some(false),
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

/// Whether a builtin name is that of a class that annotations name.
fn is_python_class(name: &str) -> bool {
    const CLASSES: [&str; 13] = [
        "bool",
        "bytes",
        "complex",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "object",
        "set",
        "str",
        "tuple",
        "type",
    ];
    let name = name.strip_prefix("builtins.").unwrap_or(name);
    CLASSES.contains(&name)
}
