//! `isinstance` and `issubclass`.

use super::{
    Interp, library,
    value::{Args, Value},
};
use crate::Place;

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
}
