//! Annotations as types (Pydantic's `_generate_schema.py`, `match_type`).

use super::{DEPTH, Reader, Variables, reason};
use crate::{
    contract::{Data, Metadata, SequenceKind, Type},
    eval::{
        type_params::ALIAS,
        value::{LibObject, Value},
    },
};
use std::sync::Arc;

impl Reader<'_> {
    /// The type that an annotation's value names.
    pub(super) fn ty(&mut self, value: &Value, variables: &Variables) -> Type {
        if self.depth > DEPTH {
            return Type::Unknown(reason("types are nested too deeply here to be followed", None));
        }
        self.depth += 1;
        let ty = self.type_of(value, variables);
        self.depth -= 1;
        ty
    }

    fn type_of(&mut self, value: &Value, variables: &Variables) -> Type {
        match value {
            Value::None => Type::None,
            Value::Lib(name) => bare(name),
            Value::Class(class) => self.class_type(*class, Vec::new()),
            Value::Union(members) => {
                let members = members.iter().map(|member| self.ty(member, variables)).collect();
                union(members)
            }
            Value::Annotated(parts) => {
                let inner = self.ty(&parts.0, variables);
                annotated(inner, self.metadata(&parts.1, variables))
            }
            Value::Generic(parts) => self.generic(&parts.0, &parts.1, variables),
            Value::LibObject(object) => self.library_type(object, value, variables),
            Value::Str(text) => Type::Unknown(reason(format!("the forward reference `{text}` is not resolved"), None)),
            Value::Unknown(why) => Type::Unknown(crate::Reason::clone(why)),
            Value::OneOf(_) => Type::Unknown(reason(
                "the type depends on a condition that is not decided before the program runs",
                None,
            )),
            _ => Type::Unknown(reason("it is not a type that is known", None)),
        }
    }

    fn generic(&mut self, base: &Value, args: &[Value], variables: &Variables) -> Type {
        match base {
            Value::Lib(name) => self.library_generic(name, args, variables),
            Value::Class(class) => {
                let args = args.iter().map(|arg| self.ty(arg, variables)).collect();
                self.class_type(*class, args)
            }
            Value::LibObject(object) if object.callee.as_ref() == ALIAS => self.alias(object, args, variables),
            // An alias with type variables of its own: `Pairs = list[tuple[T, T]]`, `Pairs[int]`.
            alias => {
                let mut free = Vec::new();
                free_variables(alias, &mut free);
                let bound = free
                    .into_iter()
                    .zip(args)
                    .map(|(variable, arg)| (variable, self.ty(arg, variables)))
                    .collect();
                self.ty(alias, &bound)
            }
        }
    }

    fn library_generic(&mut self, name: &str, args: &[Value], variables: &Variables) -> Type {
        let first = |reader: &mut Self| match args.first() {
            Some(arg) => reader.ty(arg, variables),
            None => Type::Any,
        };
        match bare(name) {
            Type::Sequence(SequenceKind::Tuple, _) => return self.tuple(args, variables),
            Type::Sequence(kind, _) => return Type::Sequence(kind, Box::new(first(self))),
            Type::Mapping(..) => {
                let key = first(self);
                let value = match args.get(1) {
                    Some(value) => self.ty(value, variables),
                    None if name.ends_with("Counter") => Type::Library("builtins.int".into()),
                    None => Type::Any,
                };
                return Type::Mapping(Box::new(key), Box::new(value));
            }
            _ => {}
        }
        match name.rsplit('.').next().unwrap_or(name) {
            "Literal" => Type::Literal(self.literals(args)),
            "Final" | "Required" | "NotRequired" | "ReadOnly" | "InitVar" | "Mapped" | "ClassVar" => first(self),
            "Type" | "type" => Type::Any,
            "Json" => Type::Json(Box::new(first(self))),
            "SkipJsonSchema" => annotated(first(self), vec![Metadata::Skip]),
            "Pattern" => Type::Library("re.Pattern".into()),
            _ => Type::Unknown(reason(format!("`{name}[…]` is in a library that is not read"), None)),
        }
    }

    fn tuple(&mut self, args: &[Value], variables: &Variables) -> Type {
        match args {
            [item, Value::Ellipsis] => Type::Sequence(SequenceKind::Tuple, Box::new(self.ty(item, variables))),
            [Value::Tuple(none)] if none.is_empty() => Type::Tuple(Vec::new()),
            items => Type::Tuple(items.iter().map(|item| self.ty(item, variables)).collect()),
        }
    }

    /// The values of a `Literal`, those of literals in it included.
    fn literals(&mut self, args: &[Value]) -> Vec<Data> {
        let mut found: Vec<Data> = Vec::new();
        for arg in args {
            let values = match arg {
                Value::Generic(inner) if inner.0.lib_name() == Some("typing.Literal") => self.literals(&inner.1),
                arg => vec![self.data(arg)],
            };
            for value in values {
                if !found.contains(&value) {
                    found.push(value);
                }
            }
        }
        found
    }

    fn library_type(&mut self, object: &LibObject, value: &Value, variables: &Variables) -> Type {
        match object.callee.as_ref() {
            "typing.TypeVar" => {
                if let Some((_, ty)) = variables.iter().find(|(variable, _)| variable == value) {
                    return ty.clone();
                }
                self.unsubstituted(object, variables)
            }
            "typing.NewType" => match object.args.get(1, "tp") {
                Some(inner) => self.ty(&inner.clone(), variables),
                None => Type::Any,
            },
            ALIAS => self.alias(object, &[], variables),
            callee => match callee.strip_prefix("pydantic.") {
                Some(name) if name.starts_with("con") => self.constrained(name, object, variables),
                _ => Type::Unknown(reason(
                    format!("the type that `{callee}` makes is not followed"),
                    Some(object.at),
                )),
            },
        }
    }

    /// A type variable that nothing stands for: its default, bound or constraints (`_unsubstituted_typevar_schema`).
    fn unsubstituted(&mut self, object: &LibObject, variables: &Variables) -> Type {
        let args = &object.args;
        let given = args.keyword("default").or_else(|| args.keyword("bound"));
        if let Some(given) = given.filter(|given| **given != Value::None).cloned() {
            return self.ty(&given, variables);
        }
        match args.positional.get(1..) {
            Some([]) | None => Type::Any,
            Some(constraints) => {
                let members = constraints.iter().map(|(member, _)| member.clone()).collect::<Vec<_>>();
                union(members.iter().map(|member| self.ty(member, variables)).collect())
            }
        }
    }

    /// `conint(gt=0)` and its like (`pydantic/types.py`).
    fn constrained(&mut self, name: &str, object: &LibObject, variables: &Variables) -> Type {
        let item = |reader: &mut Self| {
            let item = object.args.get(0, "item_type").cloned();
            Box::new(item.map_or(Type::Any, |item| reader.ty(&item, variables)))
        };
        let base = match name {
            "constr" => Type::Library("builtins.str".into()),
            "conint" => Type::Library("builtins.int".into()),
            "confloat" => Type::Library("builtins.float".into()),
            "conbytes" => Type::Library("builtins.bytes".into()),
            "condecimal" => Type::Library("decimal.Decimal".into()),
            "condate" => Type::Library("datetime.date".into()),
            "conlist" => Type::Sequence(SequenceKind::List, item(self)),
            "conset" | "confrozenset" => Type::Sequence(SequenceKind::Set, item(self)),
            _ => return Type::Unknown(reason(format!("`pydantic.{name}` is not followed"), Some(object.at))),
        };
        annotated(base, self.constraints(&object.args))
    }
}

/// A library type without arguments.
fn bare(name: &str) -> Type {
    let any = || Box::new(Type::Any);
    let short = match name.split_once('.') {
        Some(("builtins" | "typing" | "collections", short)) => short,
        _ => "",
    };
    match short {
        "Any" | "object" => Type::Any,
        "list" | "List" | "Sequence" | "MutableSequence" | "Deque" | "deque" => {
            Type::Sequence(SequenceKind::List, any())
        }
        "set" | "Set" | "frozenset" | "FrozenSet" | "AbstractSet" | "MutableSet" => {
            Type::Sequence(SequenceKind::Set, any())
        }
        "tuple" | "Tuple" => Type::Sequence(SequenceKind::Tuple, any()),
        "Iterable" | "Generator" => Type::Sequence(SequenceKind::Iterable, any()),
        "dict" | "Dict" | "Mapping" | "MutableMapping" | "OrderedDict" | "DefaultDict" | "defaultdict" => {
            Type::Mapping(any(), any())
        }
        "Counter" => Type::Mapping(any(), Box::new(Type::Library("builtins.int".into()))),
        "Type" | "type" => Type::Any,
        _ => Type::Library(name.into()),
    }
}

/// A union: flat, each member once; alone it is that member (`typing.Union`).
fn union(members: Vec<Type>) -> Type {
    let mut flat: Vec<Type> = Vec::new();
    for member in members {
        let inner = match member {
            Type::Union(inner) => inner,
            member => vec![member],
        };
        for member in inner {
            if !flat.contains(&member) {
                flat.push(member);
            }
        }
    }
    match flat.len() {
        1 => flat.remove(0),
        _ => Type::Union(flat),
    }
}

/// `Annotated`, flat as `typing` makes it.
pub(super) fn annotated(inner: Type, metadata: Vec<Metadata>) -> Type {
    match inner {
        inner if metadata.is_empty() => inner,
        Type::Annotated(inner, mut first) => {
            first.extend(metadata);
            Type::Annotated(inner, first)
        }
        inner => Type::Annotated(Box::new(inner), metadata),
    }
}

/// The type variables of an alias in the order in which they stand.
pub(super) fn free_variables(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::LibObject(object) if object.callee.as_ref() == "typing.TypeVar" && !found.contains(value) => {
            found.push(value.clone());
        }
        Value::Generic(parts) => parts.1.iter().for_each(|part| free_variables(part, found)),
        Value::Annotated(parts) => free_variables(&parts.0, found),
        Value::Union(parts) => parts.iter().for_each(|part| free_variables(part, found)),
        Value::Tuple(parts) => parts.iter().for_each(|part| free_variables(part, found)),
        _ => {}
    }
}

/// Whether a name of a library is `name` of one of its modules.
pub(super) fn is_named(value: &Value, name: &str) -> bool {
    value
        .lib_name()
        .is_some_and(|known| known.rsplit('.').next() == Some(name))
}

/// A reason for what a library object is not followed for.
pub(super) fn not_read(object: &LibObject) -> crate::Reason {
    let text: Arc<str> = format!("`{}` is in a library that is not read", object.callee).into();
    reason(text, Some(object.at))
}
