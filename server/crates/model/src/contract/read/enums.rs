//! Enums, root models, aliases, and how types are named in the names of generic classes.

use super::{Reader, Variables, annotation::free_variables, reason};
use crate::{
    Reason,
    contract::{Attributes, Class, ClassKind, ClassRef, Data, SequenceKind, Type},
    eval::value::{ClassId, LibObject, Value},
};
use facts::{Arg, Stmt};

impl Reader<'_> {
    /// The values of an enum's members, those of aliases too, and why some may not be known.
    pub(super) fn enum_values(&mut self, class: ClassId) -> (Vec<Data>, Option<Reason>) {
        let members = self.interp.enum_names(class).unwrap_or_default();
        let mut values: Vec<Data> = Vec::new();
        let mut unknown = None;
        for member in members {
            let value = self.data(&member);
            if let Data::Unknown(why) = &value {
                unknown = Some(why.clone());
            }
            values.push(value);
        }
        if values.is_empty() {
            let name = &self.interp.class(class).name;
            unknown = Some(reason(format!("the members of `{name}` are not known"), None));
        }
        (values, unknown)
    }

    /// The argument of `RootModel[…]` among the bases of a class.
    pub(super) fn root_argument(&mut self, class: ClassId) -> Option<Value> {
        let cx = self.interp.class_context(class);
        let object = self.interp.class(class).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return None;
        };
        def.args.iter().find_map(|arg| {
            let Arg::Positional(base) = arg else { return None };
            match self.interp.eval_annotation(&cx, *base) {
                Value::Generic(parts) if parts.0.lib_name() == Some("pydantic.RootModel") => parts.1.first().cloned(),
                _ => None,
            }
        })
    }

    /// A type in the name of a generic class (Pydantic's `_repr.py`, `display_as_type`).
    pub(super) fn display(&self, ty: &Type) -> String {
        self.name(ty, &|reader, class| reader.classes[class.0 as usize].name.to_string())
    }

    /// What tells the arguments of generic classes apart.
    pub(super) fn exact(&self, args: &[Type]) -> String {
        let number = |_: &Self, class: ClassRef| format!("#{}", class.0);
        args.iter()
            .map(|arg| format!("[{}]", self.name(arg, &number)))
            .collect()
    }

    /// `type Name = …`, under its name.
    pub(super) fn alias(&mut self, alias: &LibObject, args: &[Value], variables: &Variables) -> Type {
        let args: Vec<Type> = args.iter().map(|arg| self.ty(arg, variables)).collect();
        let name = alias
            .args
            .get(0, "name")
            .and_then(Value::as_str)
            .unwrap_or("alias")
            .to_owned();
        let module = self.interp.source.module_name(alias.at.file);
        let key = format!("alias {:?}{}", alias.at, self.exact(&args));
        if let Some(&known) = self.by_key.get(&key) {
            return Type::Class(known);
        }
        let shown: Vec<String> = args.iter().map(|arg| self.display(arg)).collect();
        let shown = if shown.is_empty() {
            String::new()
        } else {
            format!("[{}]", shown.join(","))
        };
        let number = ClassRef(self.classes.len() as u32);
        self.by_key.insert(key, number);
        self.classes.push(Class {
            kind: ClassKind::Alias,
            name: format!("{name}{shown}").into(),
            qualified: format!("{module}.{name}{shown}").into(),
            schema: None,
            doc: None,
            config: Attributes::default(),
            fields: Vec::new(),
            computed: Vec::new(),
            members: Vec::new(),
            output: None,
            deprecated: false,
            unknown: None,
        });
        // Numbered before its value is read: it may name itself.
        let value = self.interp.alias_value(alias);
        let mut parameters = match alias.args.keyword("type_params") {
            Some(Value::Tuple(parameters)) => parameters.to_vec(),
            _ => Vec::new(),
        };
        if parameters.is_empty() {
            free_variables(&value, &mut parameters);
        }
        let bound: Variables = parameters.into_iter().zip(args).collect();
        let field = self.field("value", Some(&value), None, &bound);
        self.classes[number.0 as usize].fields.push(field);
        Type::Class(number)
    }

    fn name(&self, ty: &Type, class_name: &dyn Fn(&Self, ClassRef) -> String) -> String {
        let list = |types: &[Type]| {
            types
                .iter()
                .map(|ty| self.name(ty, class_name))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match ty {
            Type::Any => "Any".to_owned(),
            Type::None => "NoneType".to_owned(),
            Type::Library(name) => name.rsplit('.').next().unwrap_or(name).to_owned(),
            Type::Literal(values) => format!("Literal[{}]", values.iter().map(repr).collect::<Vec<_>>().join(", ")),
            Type::Sequence(kind, item) => match (kind, &**item) {
                (SequenceKind::List, Type::Any) => "list".to_owned(),
                (SequenceKind::List, item) => format!("list[{}]", self.name(item, class_name)),
                (SequenceKind::Set, item) => format!("set[{}]", self.name(item, class_name)),
                (SequenceKind::Tuple, item) => format!("tuple[{}, ...]", self.name(item, class_name)),
                (SequenceKind::Iterable, item) => format!("Iterable[{}]", self.name(item, class_name)),
            },
            Type::Tuple(items) => format!("tuple[{}]", list(items)),
            Type::Mapping(key, value) => match (&**key, &**value) {
                (Type::Any, Type::Any) => "dict".to_owned(),
                (key, value) => format!("dict[{}, {}]", self.name(key, class_name), self.name(value, class_name)),
            },
            Type::Union(members) => format!("Union[{}]", list(members)),
            Type::Annotated(inner, _) => format!("Annotated[{}, FieldInfo]", self.name(inner, class_name)),
            Type::Class(class) => class_name(self, *class),
            Type::Json(inner) => format!("Json[{}]", self.name(inner, class_name)),
            Type::Unknown(_) => "Unknown".to_owned(),
        }
    }
}

fn repr(value: &Data) -> String {
    match value {
        Data::Str(text) => format!("'{text}'"),
        Data::Int(number) => number.to_string(),
        Data::Bool(true) => "True".to_owned(),
        Data::Bool(false) => "False".to_owned(),
        _ => "None".to_owned(),
    }
}
