//! Attributes.

use super::{
    Eval, Interp,
    heap::Thing,
    library,
    value::{Args, ClassId, ObjId, Value},
};
use crate::signature::OBJECT_INIT;
use crate::{ModuleRef, Place};
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// `receiver.name`.
    pub(crate) fn attribute(&mut self, receiver: &Value, name: &SmolStr, at: Place) -> Eval<Value> {
        if let Some(value) = self.attribute_of(receiver, name, Some(at)) {
            return Ok(value);
        }
        self.check_attribute(receiver, name, at)?;
        Ok(match receiver {
            Value::Unknown(reason) | Value::Unset(reason) => Value::Unknown(reason.clone()),
            _ => Value::unknown(format!("the attribute `{name}` is not known"), Some(at)),
        })
    }

    /// An attribute, where the receiver is known to have it or it stays symbolic.
    pub(crate) fn attribute_of(&mut self, receiver: &Value, name: &SmolStr, at: Option<Place>) -> Option<Value> {
        match receiver {
            Value::Module(file) => self.module_member(*file, name),
            Value::Namespace(from, package) => {
                let module = format!("{package}.{name}");
                match self.source.resolve(*from, &module) {
                    ModuleRef::File(_) | ModuleRef::Namespace => self.import_module(*from, &module).ok(),
                    _ => None,
                }
            }
            Value::Lib(library) => Some(self.library_attribute(library, name, at)),
            Value::Object(object) => self.instance_attribute(*object, name, at),
            Value::Class(class) => self.static_attribute(*class, name, at),
            Value::Super(parts) => self.super_attribute(parts.0, &parts.1, name, at),
            Value::Function(function) => self.function_attribute(*function, name),
            Value::Signature(_) | Value::Parameter(_) => self.signature_attribute(receiver, name),
            Value::Bound(bound) => match name.as_str() {
                "__func__" => Some(bound.1.clone()),
                "__self__" => Some(bound.0.clone()),
                _ => self.attribute_of(&bound.1.clone(), name, at),
            },
            Value::Path(path) => Some(self.path_attribute(&path.clone(), name)),
            Value::Tuple(items) if Self::module_info(items, name).is_some() => Self::module_info(items, name),
            Value::Route(route) => self.route_attribute(&route.clone(), name),
            Value::Depends(id) => self.depends_attribute(*id, name),
            Value::Marker(field) => self.field_attribute(&field.clone(), name),
            Value::Dependant(dependant) => self.dependant_attribute(&dependant.clone(), name),
            Value::RouteEntry(entry) => Self::entry_attribute(entry, name),
            Value::Str(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Dict(_)
            | Value::Set(_)
            | Value::Tuple(_)
            | Value::Routes(_)
            | Value::RouteDependencies(_) => Some(Value::BuiltinMethod(Arc::new((receiver.clone(), name.clone())))),
            Value::LibObject(object) => match name.as_str() {
                "name" | "key" if is_column(&object.callee) => self.column_name(&object.clone(), name),
                _ if let Some(value) = self.attribute_of_made(&object.clone(), name, at) => Some(value),
                _ => Some(Value::BuiltinMethod(Arc::new((receiver.clone(), name.clone())))),
            },
            Value::Partial(partial) if name == "func" => Some(partial.0.clone()),
            Value::OneOf(values) => {
                let mut found = Vec::new();
                for value in values.iter() {
                    if !matches!(value, Value::None) {
                        found.extend(self.attribute_of(value, name, at));
                    }
                }
                (!found.is_empty()).then(|| self.join(found))
            }
            Value::Maybe(inner) => self.attribute_of(&Value::clone(inner), name, at),
            Value::Generic(_) | Value::Union(_) | Value::Annotated(_) if name == "__class__" => {
                Some(Value::lib(class_of_type(receiver)))
            }
            Value::Generic(generic) if name == "__pydantic_generic_metadata__" => {
                self.generic_metadata(&generic.clone())
            }
            Value::Generic(generic) => self.attribute_of(&generic.0.clone(), name, at),
            _ => None,
        }
    }

    fn module_member(&mut self, file: base::FileId, name: &SmolStr) -> Option<Value> {
        if let Some(value) = self.module_attribute(file, name) {
            return Some(value);
        }
        match name.as_str() {
            "__name__" => return Some(Value::Str(self.source.module_name(file))),
            "__file__" => return Some(self.file_name(file)),
            "__path__" => return self.package_path(file),
            "__dict__" => return Some(self.namespace_of_module(file)),
            _ => {}
        }
        // A submodule that something else imported is an attribute by then; the order is not worth a false "unknown".
        let submodule = format!("{}.{name}", self.source.module_name(file));
        match self.source.resolve(file, &submodule) {
            ModuleRef::File(_) | ModuleRef::Namespace if self.source.is_package(file) => {
                self.import_module(file, &submodule).ok()
            }
            _ => {
                let getter = self.module_attribute(file, &SmolStr::new_static("__getattr__"))?;
                self.call(&getter, Args::of([Value::Str(name.as_str().into())]), None)
                    .ok()
            }
        }
    }

    pub(crate) fn library_attribute(&mut self, library: &str, name: &str, at: Option<Place>) -> Value {
        match (library, name) {
            (library, "__class__") if library.starts_with("typing.") => Value::lib("typing._SpecialForm"),
            ("os", "environ") => Value::lib("os.environ"),
            ("os", "sep") => Value::str("/"),
            ("sys", "platform") => Value::unknown("the platform it runs on", at),
            (package, "__version__") | (package @ ("pydantic" | "pydantic.version"), "VERSION")
                if let Some(version) = self.version_of(package, at) =>
            {
                Value::Str(version)
            }
            ("sys", "version_info") => self.version_info(at),
            ("starlette.status" | "fastapi.status", code) => {
                library::status_code(code).map_or_else(|| Value::Lib(format!("{library}.{name}").into()), Value::Int)
            }
            ("http.HTTPStatus", code) => {
                library::http_status(code).map_or_else(|| Value::unknown("an HTTP status", at), Value::Int)
            }
            _ => Value::Lib(library::canonical(&format!("{library}.{name}"))),
        }
    }

    /// The version of the package that a module is of, where the project says which one it has.
    fn version_of(&self, module: &str, at: Option<Place>) -> Option<Arc<str>> {
        let package = module.split('.').next().unwrap_or(module);
        self.source.package_version(at?.file, package)
    }

    /// `sys.version_info`, whose patch nobody asks for.
    fn version_info(&self, at: Option<Place>) -> Value {
        let unknown = || Value::unknown("the version of Python it runs on", at);
        match at.and_then(|at| self.source.python_version(at.file)) {
            Some((major, minor)) => {
                let known = [Value::Int(i64::from(major)), Value::Int(i64::from(minor))];
                Value::Tuple(known.into_iter().chain([unknown(), unknown(), unknown()]).collect())
            }
            None => unknown(),
        }
    }

    fn instance_attribute(&mut self, object: ObjId, name: &SmolStr, at: Option<Place>) -> Option<Value> {
        let receiver = Value::Object(object);
        let instance = self.instance(object)?;
        let class = instance.class.clone();
        if let Some(value) = instance.attrs.get(name) {
            let value = value.clone();
            self.assumptions += u64::from(
                !self.assumed_attributes.is_empty() && self.assumed_attributes.contains(&(object, name.clone())),
            );
            return Some(value);
        }
        let router = instance.router;
        match name.as_str() {
            "__class__" => return Some(class),
            "__dict__" => return self.namespace_of_object(object),
            _ => {}
        }
        if let Some(router) = router
            && let Some(value) = self.router_attribute(object, router, name)
        {
            return Some(value);
        }
        match &class {
            Value::Class(class) => {
                if let Some(value) = self.setting(*class, name, at) {
                    return Some(value);
                }
                if let Some((value, owner)) = self.class_attribute(*class, name, None) {
                    self.count_assumed_of(&owner, name, &value);
                    // What a field's default is, the instance has of its own: such a function is no method.
                    if matches!(value, Value::Function(_)) && self.has_made_init(*class) && self.has_field(*class, name)
                    {
                        return Some(value);
                    }
                    return Some(self.bind(value, &receiver, owner, at));
                }
                if let Some((getter, owner)) = self.class_attribute(*class, "__getattr__", None) {
                    let getter = self.bind(getter, &receiver, owner, at);
                    // What is not found may have come by means that are not followed.
                    self.decisions += 1;
                    return self
                        .call(&getter, Args::of([Value::Str(name.as_str().into())]), at)
                        .ok();
                }
                match self.object(object).open.clone() {
                    Some(reason) => Some(Value::Unknown(reason)),
                    None => match self.unknown_base(*class) {
                        Some(Value::Unknown(reason)) => Some(Value::Unknown(reason)),
                        _ => None,
                    },
                }
            }
            Value::Lib(library) if library::has_method(library, name) => {
                Some(Value::BuiltinMethod(Arc::new((receiver, name.clone()))))
            }
            _ => self.object(object).open.clone().map(Value::Unknown),
        }
    }

    /// `name` or `key` of a column of SQLAlchemy: what its call says, or else the name that is bound to it.
    fn column_name(&self, column: &super::value::LibObject, attribute: &str) -> Option<Value> {
        let said = match attribute {
            "name" => column.args.get(0, "name").or_else(|| column.args.keyword("name")),
            _ => column.args.keyword("key"),
        };
        if let Some(name @ Value::Str(_)) = said {
            return Some(name.clone());
        }
        let facts = self.source.facts(column.at.file)?;
        let unit = facts.units.get(column.at.unit.0 as usize)?.read();
        let bound = unit.stmts.iter().find_map(|stmt| match stmt {
            facts::Stmt::AnnAssign { target, value, .. } if *value == Some(column.at.expr) => Some(*target),
            facts::Stmt::Assign { targets, value } if *value == column.at.expr => targets.first().copied(),
            _ => None,
        });
        match &unit[bound?] {
            facts::Expr::Name(name) => Some(Value::Str(name.as_str().into())),
            _ => None,
        }
    }

    /// What an attribute found on a class gives on an instance.
    pub(super) fn bind(&mut self, value: Value, receiver: &Value, owner: Value, at: Option<Place>) -> Value {
        match value {
            Value::Function(_) => Value::Bound(Arc::new((receiver.clone(), value))),
            Value::StaticMethod(inner) => Value::clone(&inner),
            Value::ClassMethod(inner) => {
                let class = match receiver {
                    Value::Object(object) => self.instance(*object).map_or(owner, |instance| instance.class.clone()),
                    _ => receiver.clone(),
                };
                Value::Bound(Arc::new((class, Value::clone(&inner))))
            }
            Value::Property(getter) => self
                .call(&Value::clone(&getter), Args::of([receiver.clone()]), at)
                .unwrap_or_else(|_| Value::unknown("a property that fails", at)),
            Value::Lib(method) => match method.rsplit_once('.') {
                Some((class, name)) if library::has_method(class, name) => {
                    Value::BuiltinMethod(Arc::new((receiver.clone(), name.into())))
                }
                _ => Value::Lib(method),
            },
            Value::Marker(marker) => self.field_default(&marker, at),
            Value::LibObject(object) if library::is_field_call(&object.callee) => {
                self.dataclass_default(&object.args, at)
            }
            value => value,
        }
    }

    fn static_attribute(&mut self, class: ClassId, name: &SmolStr, at: Option<Place>) -> Option<Value> {
        match name.as_str() {
            "__name__" => return Some(Value::Str(self.class(class).name.as_str().into())),
            "__qualname__" => return Some(Value::Str(self.class(class).qualname.clone())),
            "__module__" => return Some(Value::Str(self.source.module_name(self.class(class).file))),
            "__doc__" => return Some(self.doc_value(&Value::Class(class))),
            "__subclasses__" => return Some(Value::BuiltinMethod(Arc::new((Value::Class(class), name.clone())))),
            "__class__" => return Some(Value::lib("builtins.type")),
            "__bases__" => return Some(Value::Tuple(self.class(class).bases.clone().into())),
            "__mro__" if self.unread_base(class).is_none() => {
                return Some(Value::Tuple(self.whole_order(class).into()));
            }
            "mro" => return Some(Value::BuiltinMethod(Arc::new((Value::Class(class), name.clone())))),
            "__dict__" => return Some(self.namespace_of_class(class)),
            "__members__" if let Some(members) = self.members_by_name(class) => return Some(members),
            "__orig_bases__" => return self.original_bases(class),
            "__annotations__" => {
                return self
                    .call_on_signature("get_annotations", &Args::of([Value::Class(class)]), at)
                    .or_else(|| Some(Value::unknown("the annotations of a class", at)));
            }
            "model_fields" | "__fields__" if let Some(fields) = self.fields_of_model(&Value::Class(class)) => {
                return Some(fields);
            }
            "__fields__" if self.inherits(class, "pydantic.BaseModel") => {
                return Some(Value::unknown("the fields of a model", at));
            }
            "__class_vars__" if let Some(names) = self.class_variables(class) => return Some(names),
            _ => {}
        }
        let found = self.class_attribute(class, name, None);
        if let Some((value, owner)) = &found {
            self.count_assumed_of(owner, name, value);
        }
        match found {
            Some((Value::ClassMethod(inner), _)) => {
                Some(Value::Bound(Arc::new((Value::Class(class), Value::clone(&inner)))))
            }
            Some((Value::StaticMethod(inner), _)) => Some(Value::clone(&inner)),
            Some((Value::Marker(marker), _)) => Some(self.field_default(&marker, at)),
            Some((value, _)) => Some(value),
            None if let Some(value) = self.attribute_of_metaclass(class, name) => Some(value),
            None => match self.unknown_base(class) {
                Some(Value::Unknown(reason)) => Some(Value::Unknown(reason)),
                _ if name == "__init__" && self.unread_base(class).is_none() => Some(Value::lib(OBJECT_INIT)),
                _ if library::ATTRIBUTES_OF_CLASSES.contains(&name.as_str()) => {
                    Some(Value::unknown(format!("`{name}` of a class"), at))
                }
                _ => None,
            },
        }
    }

    /// `Class.__mro__`.
    pub(super) fn whole_order(&self, class: ClassId) -> Vec<Value> {
        let mut order = self.class(class).mro.clone();
        let object = Value::lib("builtins.object");
        if !order.contains(&object) {
            order.push(object);
        }
        order
    }

    /// `Color.__members__`.
    fn members_by_name(&mut self, class: ClassId) -> Option<Value> {
        let members = self.enum_members(class)?;
        let entry = |member: Value| match &member {
            Value::Object(object) => {
                let key = self.instance(*object)?.attrs.get("name")?.clone();
                Some(super::value::DictEntry {
                    key,
                    value: member,
                    at: None,
                })
            }
            _ => None,
        };
        let entries: Option<Vec<_>> = members.into_iter().map(entry).collect();
        Some(self.new_view(entries?))
    }

    /// `__orig_bases__`: the bases with their type arguments, of the nearest class that has such bases. A model with type
    /// arguments is a class of itself.
    fn original_bases(&self, class: ClassId) -> Option<Value> {
        let order = self.class(class).mro.iter();
        let mut classes = order.filter_map(|base| match base {
            Value::Class(base) => Some(self.class(*base)),
            _ => None,
        });
        let is_alias = |base: &Value| matches!(base, Value::Generic(_)) && !self.is_made_by_pydantic(base);
        let found = classes.find(|class| class.written_bases.iter().any(is_alias))?;
        Some(Value::Tuple(found.written_bases.clone().into()))
    }

    fn super_attribute(
        &mut self,
        after: ClassId,
        receiver: &Value,
        name: &SmolStr,
        at: Option<Place>,
    ) -> Option<Value> {
        let class = match receiver {
            Value::Object(object) => match self.instance(*object)?.class {
                Value::Class(class) => class,
                _ => return None,
            },
            Value::Class(class) => *class,
            _ => return None,
        };
        match self.class_attribute(class, name, Some(after)) {
            Some((value, owner)) => Some(self.bind(value, receiver, owner, at)),
            None if name == "__call__" && !self.class(class).mro.contains(&Value::Class(after)) => Some(Value::Bound(
                Arc::new((receiver.clone(), Value::lib(super::class::MAKE_INSTANCE))),
            )),
            None if name == "__init__" && self.route_base(class).is_some() => Some(Value::Bound(Arc::new((
                receiver.clone(),
                Value::lib(super::route_class::ROUTE_INIT),
            )))),
            None if name == "__init__" && self.is_depends_class(class) => Some(Value::Bound(Arc::new((
                receiver.clone(),
                Value::lib(super::markers::DEPENDS_INIT),
            )))),
            None if name == "__setattr__" && matches!(receiver, Value::Object(_)) => Some(Value::Bound(Arc::new((
                receiver.clone(),
                Value::lib(super::own_setattr::OBJECT_SETATTR),
            )))),
            // `object.__init__` and its like take anything and do nothing that is seen.
            None => Some(Value::lib("builtins.object_method")),
        }
    }

    /// `receiver.name = value`.
    pub(crate) fn set_attribute(&mut self, receiver: &Value, name: &SmolStr, value: Value, at: Option<Place>) {
        match receiver {
            Value::Object(object) if !self.stays(*object) => {}
            _ if self.is_rehearsal => return,
            _ => {}
        }
        match receiver {
            Value::Object(object) => {
                self.note_change(Thing::Object(*object));
                let router = self.instance(*object).and_then(|instance| instance.router);
                if let Some(router) = router
                    && self.set_router_attribute(*object, router, name, &value, at)
                {
                    return;
                }
                let conditional = self.condition_depth > self.object(*object).condition_depth;
                let old = self
                    .instance(*object)
                    .and_then(|instance| instance.attrs.get(name))
                    .cloned();
                let value = match old {
                    Some(old) if conditional => self.join(vec![old, value]),
                    _ => value,
                };
                if let Some(instance) = self.instance_mut(*object) {
                    instance.attrs.insert(name.clone(), value);
                }
            }
            Value::Route(route) => self.set_route_attribute(&route.clone(), name, &value, at),
            Value::Class(class) => {
                self.note_change(Thing::Class(*class));
                let frame = self.class(*class).frame;
                self.set_in_frame(frame, name.clone(), value);
            }
            Value::Function(function) => self.set_function_attribute(*function, name, value),
            Value::Bound(bound) => self.set_attribute(&bound.1.clone(), name, value, at),
            Value::Module(file) => {
                self.note_change(Thing::Module(*file));
                if let Some(frame) = self.run_module(*file) {
                    self.set_in_frame(frame, name.clone(), value);
                }
            }
            _ => {}
        }
    }

    /// Counts an assumption where a class's attribute was bound by one.
    fn count_assumed_of(&mut self, owner: &Value, name: &str, value: &Value) {
        if let Value::Class(class) = owner {
            let frame = self.class(*class).frame;
            self.count_assumed(frame, name, value);
        }
    }

    fn function_attribute(&self, function: super::value::FnId, name: &str) -> Option<Value> {
        let object = &self.functions[function.0 as usize];
        if let Some(value) = object.attribute(name) {
            return Some(value.clone());
        }
        if let Some(method) = self.dispatcher_attribute(function, name) {
            return Some(method);
        }
        if matches!(name, "__name__" | "__qualname__" | "__module__") {
            let described_by = self.described_by(function, name);
            if described_by != function {
                return self.function_attribute(described_by, name);
            }
        }
        match name {
            "__doc__" => Some(self.doc_value(&Value::Function(function))),
            "__name__" => object.qualname.rsplit('.').next().map(Value::str),
            "__qualname__" => Some(Value::Str(object.qualname.clone())),
            "__module__" => Some(Value::Str(self.source.module_name(object.file))),
            "__wrapped__" => object.wraps.clone(),
            "__code__" => Some(Self::code_of(function)),
            _ => None,
        }
    }

    fn doc_value(&self, of: &Value) -> Value {
        let file = match of {
            Value::Function(id) => self.functions[id.0 as usize].file,
            Value::Class(class) => self.class(*class).file,
            _ => return Value::None,
        };
        self.doc(of, file).map_or(Value::None, Value::Str)
    }

    fn set_function_attribute(&mut self, function: super::value::FnId, name: &SmolStr, value: Value) {
        self.note_touch(self.functions[function.0 as usize].owner);
        if name == "__wrapped__" {
            self.functions[function.0 as usize].wraps = Some(value);
            return;
        }
        let attrs = &mut self.functions[function.0 as usize].attrs;
        match attrs.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => attrs.push((name.clone(), value)),
        }
    }
}

/// The class of which a type with arguments is an instance.
fn class_of_type(ty: &Value) -> &'static str {
    match ty {
        Value::Union(_) => "types.UnionType",
        Value::Generic(parts) if parts.0.lib_name().is_some_and(|name| name.starts_with("builtins.")) => {
            "types.GenericAlias"
        }
        _ => "typing._GenericAlias",
    }
}

/// Whether a library's call makes a column of a table.
fn is_column(callee: &str) -> bool {
    callee.starts_with("sqlalchemy.") && matches!(callee.rsplit('.').next(), Some("mapped_column" | "Column"))
}
