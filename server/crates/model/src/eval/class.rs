//! Classes: creation, resolution order, instances.

use super::{
    Context, Eval, Interp, library,
    value::{Args, ClassId, ClassObject, FnId, FrameKind, Instance, Names, ObjectKind, Value},
};
use crate::{Place, RouterId, RouterKind};
use facts::{Class, Expr, ExprId, Stmt, StmtId};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::sync::Arc;

/// What `super().__call__` is in a metaclass.
pub(super) const MAKE_INSTANCE: &str = "builtins.type.__call__";

/// Whether a class of Python's own has an `__init__`, which ends the search for one. Of other libraries that isn't known: many
/// of their classes are made to stand before others.
fn has_init_of_its_own(class: &str) -> bool {
    let (module, name) = class.rsplit_once('.').unwrap_or_default();
    match module {
        "builtins" => !matches!(
            name,
            "object" | "str" | "bytes" | "int" | "float" | "complex" | "bool" | "tuple" | "frozenset"
        ),
        "collections" | "threading" | "multiprocessing" | "logging" | "argparse" | "queue" | "configparser" => true,
        _ => false,
    }
}

impl Interp<'_> {
    pub(crate) fn class(&self, id: ClassId) -> &ClassObject {
        &self.classes[id.0 as usize]
    }

    pub(crate) fn exec_class(&mut self, cx: &Context, stmt: StmtId, class: &Class) -> Eval<()> {
        let name = self.name_at(cx, class.name);
        let qualname = self.qualified(cx, &name);
        let scope = match self.frame(cx.frame).kind {
            FrameKind::Class => self.frame(cx.frame).parent,
            _ => Some(cx.frame),
        };
        let scope = scope.map(|scope| self.type_scope(cx, &class.type_params, scope));
        let outer = match (scope, class.type_params.is_empty()) {
            (Some(frame), false) => &Context { frame, ..cx.clone() },
            _ => cx,
        };
        let args = self.eval_args(outer, &class.args)?;
        let written_bases: Vec<Value> = args.positional.into_iter().map(|(base, _)| base).collect();
        let bases: Vec<Value> = written_bases
            .iter()
            .map(|base| self.base(cx, strip_generic(base.clone())))
            .collect();
        let frame = self.new_frame(FrameKind::Class, scope, qualname.clone());
        let id = ClassId(self.classes.len() as u32);
        let mro = self.resolution_order(id, &bases);
        let owner = self.owner(cx.file);
        self.classes.push(ClassObject {
            file: cx.file,
            unit: cx.unit,
            code: cx.code.clone(),
            stmt,
            name: name.clone(),
            qualname,
            frame,
            bases,
            written_bases,
            keywords: args
                .keywords
                .into_iter()
                .map(|(name, value, _)| (name, value))
                .collect(),
            decorators: Vec::new(),
            mro,
            owner,
        });
        let inner = Context { frame, ..cx.clone() };
        let first_function = self.functions.len();
        self.exec_outer_block(&inner, &class.body)?;
        for function in &mut self.functions[first_function..] {
            if function.frame == frame {
                function.class = Some(id);
                function.frame = scope.unwrap_or(frame);
            }
        }
        self.make_enum_members(id);
        self.heed_metaclass(id);
        self.run_init_subclass(id, cx.place(class.name));
        for &decorator in class.decorators.iter().rev() {
            if let Ok(value) = self.eval(cx, decorator) {
                self.classes[id.0 as usize].decorators.push(value);
            }
        }
        let value = self.apply_class_decorators(cx, &class.decorators, id)?;
        self.assign(cx, class.name, value, None)
    }

    /// A base class; one of the same library, or of one that requires the framework, is read.
    fn base(&mut self, cx: &Context, base: Value) -> Value {
        match &base {
            Value::Lib(name) if self.is_same_package(cx.file, name) || self.is_about_framework(cx.file, name) => {
                match self.read_of_library(cx.file, name) {
                    Some(class @ (Value::Class(_) | Value::Lib(_))) => class,
                    _ => base,
                }
            }
            _ => base,
        }
    }

    fn apply_class_decorators(&mut self, cx: &Context, decorators: &[ExprId], id: ClassId) -> Eval<Value> {
        let evaluated = self.class(id).decorators.clone();
        let mut value = Value::Class(id);
        for (decorator, &at) in evaluated.into_iter().zip(decorators.iter().rev()) {
            let outer = self.decorator.replace(cx.place(at));
            let decorated = self.decorate(decorator, value.clone(), cx.place(at));
            self.decorator = outer;
            value = match decorated? {
                Value::None | Value::Unknown(_) => value,
                decorated => decorated,
            };
        }
        Ok(value)
    }

    /// `__init_subclass__` of a base runs for each subclass.
    fn run_init_subclass(&mut self, id: ClassId, at: Place) {
        let hook = self.class(id).mro.iter().skip(1).find_map(|base| match base {
            Value::Class(base) => self.own_attribute(*base, "__init_subclass__"),
            _ => None,
        });
        if let Some(hook) = hook {
            let hook = match hook {
                Value::ClassMethod(inner) => Value::clone(&inner),
                other => other,
            };
            let keywords = self
                .class(id)
                .keywords
                .iter()
                .map(|(name, value)| (name.clone(), value.clone(), None))
                .collect();
            let args = Args {
                positional: vec![(Value::Class(id), None)],
                keywords,
                open: None,
            };
            let _ = self.call(&hook, args, Some(at));
        }
    }

    /// C3 where the bases allow it; else the bases' orders one behind the other.
    fn resolution_order(&self, id: ClassId, bases: &[Value]) -> Vec<Value> {
        let mut sequences: Vec<Vec<Value>> = bases.iter().map(|base| self.order_of(base)).collect();
        sequences.push(bases.to_vec());
        let mut order = vec![Value::Class(id)];
        loop {
            sequences.retain(|sequence| !sequence.is_empty());
            if sequences.is_empty() {
                return order;
            }
            let head = sequences
                .iter()
                .map(|sequence| &sequence[0])
                .find(|head| !sequences.iter().any(|sequence| sequence[1..].contains(head)))
                .unwrap_or(&sequences[0][0])
                .clone();
            for sequence in &mut sequences {
                sequence.retain(|class| *class != head);
            }
            order.push(head);
        }
    }

    pub(super) fn order_of(&self, base: &Value) -> Vec<Value> {
        match base {
            Value::Class(class) => self.class(*class).mro.clone(),
            Value::Lib(name) => {
                let mut order = vec![base.clone()];
                order.extend(library::bases(name).iter().map(|base| Value::lib(base)));
                order
            }
            Value::LibObject(made) => {
                let bases = self.made_bases(made).unwrap_or_default();
                std::iter::once(base.clone())
                    .chain(bases.iter().flat_map(|base| self.order_of(base)))
                    .collect()
            }
            other => vec![other.clone()],
        }
    }

    /// Whether a class is or inherits a library class.
    pub(crate) fn inherits(&self, class: ClassId, library_class: &str) -> bool {
        self.class(class)
            .mro
            .iter()
            .any(|base| base.lib_name() == Some(library_class))
    }

    /// A base of which nothing is known, so that attributes may come from it.
    pub(crate) fn unknown_base(&self, class: ClassId) -> Option<Value> {
        self.class(class)
            .mro
            .iter()
            .find(|base| matches!(base, Value::Unknown(_) | Value::OneOf(_)))
            .cloned()
    }

    /// Whether the class and all its bases are the workspace's own, so that what they lack is lacking.
    pub(crate) fn is_read_whole(&self, class: ClassId) -> bool {
        let mut bases = self.class(class).mro.iter();
        bases.all(|base| matches!(base, Value::Class(_)) || *base == Value::lib("builtins.object"))
    }

    pub(crate) fn own_attribute(&self, class: ClassId, name: &str) -> Option<Value> {
        self.frame(self.class(class).frame).vars.get(name).cloned()
    }

    /// An attribute along a class's resolution order, from behind `after` where that is given; and the class it is of.
    pub(crate) fn class_attribute(&self, class: ClassId, name: &str, after: Option<ClassId>) -> Option<(Value, Value)> {
        let mut order = self.class(class).mro.iter();
        if let Some(after) = after {
            order.by_ref().find(|candidate| **candidate == Value::Class(after));
        }
        for candidate in order {
            match candidate {
                Value::Class(id) => {
                    if let Some(value) = self.own_attribute(*id, name) {
                        return Some((value, candidate.clone()));
                    }
                }
                Value::Lib(library) if library::has_method(library, name) => {
                    return Some((Value::Lib(format!("{library}.{name}").into()), candidate.clone()));
                }
                Value::Lib(library) if name == "__init__" && has_init_of_its_own(library) => return None,
                _ => {}
            }
        }
        None
    }

    pub(crate) fn has_own_truth(&self, class: ClassId) -> bool {
        ["__bool__", "__len__"]
            .iter()
            .any(|name| self.class_attribute(class, name, None).is_some())
            || self.unknown_base(class).is_some()
    }

    /// The metaclass that a class or one of its bases is given.
    fn metaclass_of(&self, class: ClassId) -> Option<ClassId> {
        let mut order = self.class(class).mro.iter().filter_map(|base| match base {
            Value::Class(base) => Some(self.class(*base)),
            _ => None,
        });
        let metaclass = order.find_map(|class| {
            let (_, metaclass) = class.keywords.iter().find(|(name, _)| name == "metaclass")?;
            Some(metaclass.clone())
        })?;
        match metaclass {
            Value::Class(metaclass) => Some(metaclass),
            _ => None,
        }
    }

    /// What a class has by its metaclass, bound to it.
    pub(super) fn attribute_of_metaclass(&self, class: ClassId, name: &str) -> Option<Value> {
        let metaclass = self.metaclass_of(class)?;
        Some(match self.class_attribute(metaclass, name, None)?.0 {
            function @ Value::Function(_) => Value::Bound(Arc::new((Value::Class(class), function))),
            value => value,
        })
    }

    /// The `__call__` that a metaclass of the workspace defines, bound to the class.
    pub(super) fn call_of_metaclass(&self, class: ClassId) -> Option<Value> {
        self.attribute_of_metaclass(class, "__call__")
            .filter(|method| matches!(method, Value::Bound(_)))
    }

    /// Makes an instance and runs its `__init__`.
    pub(crate) fn instantiate(&mut self, class: ClassId, args: Args, at: Option<Place>) -> Eval<Value> {
        if let Some(members) = self.enum_members(class) {
            let wanted = args.get(0, "value");
            let found = members
                .into_iter()
                .find(|member| wanted.is_some_and(|wanted| self.equal(member, wanted) == Some(true)));
            return Ok(found.unwrap_or_else(|| Value::unknown("a member of an enum", at)));
        }
        let stmt_name = match &self.class(class).code[self.class(class).stmt] {
            Stmt::Class(def) => def.name,
            _ => ExprId(0),
        };
        let made_at = at.unwrap_or(Place {
            file: self.class(class).file,
            unit: self.class(class).unit,
            expr: stmt_name,
        });
        let kind = self.router_kind(class);
        let object = self.new_instance(Value::Class(class), made_at, kind);
        let value = Value::Object(object);
        match self.class_attribute(class, "__init__", None) {
            Some((Value::Function(init), _)) => {
                self.call(&Value::Function(init), args.with_first(value.clone()), at)?;
            }
            Some((Value::Lib(_), _)) if kind.is_some() => self.init_router(object, &args),
            _ if self.route_base(class).is_some() => {
                self.init_route(args.with_first(value.clone()), at)?;
            }
            _ if self.is_depends_class(class) => {
                self.init_depends(args.with_first(value.clone()), Some(made_at));
            }
            _ => self.init_fields(object, class, args, made_at),
        }
        Ok(self.depends_of(object).unwrap_or(value))
    }

    pub(crate) fn new_instance(
        &mut self,
        class: Value,
        made_at: Place,
        kind: Option<RouterKind>,
    ) -> super::value::ObjId {
        let router = kind.map(|kind| self.new_router(kind, made_at));
        let object = self.allocate(ObjectKind::Instance(Instance {
            class,
            attrs: Names::default(),
            router,
        }));
        if router.is_some() {
            self.router_objects.push(object);
        }
        object
    }

    fn new_router(&mut self, kind: RouterKind, made_at: Place) -> RouterId {
        let id = RouterId(self.routers.len() as u32);
        let owner = self.owner(made_at.file);
        self.router_owners.push(owner);
        self.routers.push(crate::Router {
            kind,
            name: None,
            bound_at: None,
            made_at,
            prefix: crate::Text::default(),
            prefix_at: None,
            tags: crate::Fact::Known(Vec::new()),
            dependencies: Vec::new(),
            open: None,
            deprecated: false,
            include_in_schema: true,
            events: Vec::new(),
            builtins: Vec::new(),
            incomplete: None,
            is_webhooks: false,
            escapes: false,
        });
        id
    }

    pub(super) fn router_kind(&self, class: ClassId) -> Option<RouterKind> {
        self.class(class)
            .mro
            .iter()
            .find_map(|base| library::router_kind(base.lib_name()?))
    }

    /// What dataclasses, Pydantic models and named tuples do with their arguments.
    fn init_fields(&mut self, object: super::value::ObjId, class: ClassId, args: Args, at: Place) {
        let names = self.field_names(class);
        let mut attrs: Vec<(SmolStr, Value)> = Vec::new();
        for ((value, _), name) in args.positional.iter().zip(names.iter()) {
            attrs.push((name.clone(), value.clone()));
        }
        attrs.extend(
            args.keywords
                .iter()
                .map(|(name, value, _)| (name.clone(), value.clone())),
        );
        if let Some(instance) = self.instance_mut(object) {
            instance.attrs.extend(attrs);
        }
        self.make_field_defaults(object, class, &names, at);
        self.object_mut(object).open = args.open;
        for hook in ["__post_init__", "__attrs_post_init__", "model_post_init"] {
            if let Some((post_init @ Value::Function(_), _)) = self.class_attribute(class, hook, None) {
                let mut args = Args::of([Value::Object(object)]);
                if hook == "model_post_init" {
                    args.positional.push((Value::None, None));
                }
                let _ = self.call(&post_init, args, Some(at));
            }
        }
    }

    /// Fields that nobody gave and whose default is made anew for each instance.
    fn make_field_defaults(&mut self, object: super::value::ObjId, class: ClassId, names: &[SmolStr], at: Place) {
        for name in names {
            let is_given = self
                .instance(object)
                .is_some_and(|instance| instance.attrs.contains_key(name));
            if is_given {
                continue;
            }
            let default = match self.class_attribute(class, name, None) {
                Some((Value::Marker(marker), _)) if marker.args.keyword("default_factory").is_some() => {
                    self.field_default(&marker, Some(at))
                }
                Some((Value::LibObject(field), _)) if library::is_field_call(&field.callee) => {
                    let field = field.clone();
                    self.attrs_default(&field.args, object, at)
                }
                _ => continue,
            };
            if let Some(instance) = self.instance_mut(object) {
                instance.attrs.insert(name.clone(), default);
            }
        }
    }

    /// Annotated names of a class and its bases, bases first.
    pub(crate) fn field_names(&self, class: ClassId) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        for base in self.class(class).mro.iter().rev() {
            if let Value::Class(base) = base {
                for (name, _, _) in self.annotated_names(*base) {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
            }
        }
        names
    }

    /// Whether a class or one of its bases annotates the name.
    pub(crate) fn has_field(&self, class: ClassId, field: &str) -> bool {
        self.class(class).mro.iter().any(|base| match base {
            Value::Class(base) => self.annotated_names(*base).any(|(name, _, _)| name == field),
            _ => false,
        })
    }

    /// Names that a class's own body annotates: name, annotation, value.
    pub(crate) fn annotated_names(&self, class: ClassId) -> impl Iterator<Item = (&SmolStr, ExprId, Option<ExprId>)> {
        let class = self.class(class);
        let body: &[StmtId] = match &class.code[class.stmt] {
            Stmt::Class(def) => &def.body,
            _ => &[],
        };
        body.iter().filter_map(|stmt| match &class.code[*stmt] {
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => match &class.code[*target] {
                Expr::Name(name) => Some((name, *annotation, *value)),
                _ => None,
            },
            _ => None,
        })
    }

    /// Whether an annotated name has a value is read from the class's statements; nothing to run.
    pub(crate) fn note_field(&mut self, _cx: &Context, _target: ExprId, _annotation: ExprId, _value: Option<ExprId>) {}

    fn make_enum_members(&mut self, class: ClassId) {
        if !self.is_enum(class) {
            return;
        }
        let object = self.class(class).clone();
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return;
        };
        let mut last = Some(0);
        let mut members: Vec<(super::value::ObjId, Value)> = Vec::new();
        for &stmt in &def.body {
            let Stmt::Assign { targets, .. } = &object.code[stmt] else {
                continue;
            };
            let Some(Expr::Name(name)) = targets.first().map(|&target| &object.code[target]) else {
                continue;
            };
            let Some(value) = self.own_attribute(class, name) else {
                continue;
            };
            if name.starts_with('_') {
                continue;
            }
            let value = match value {
                Value::LibObject(call) if call.callee.as_ref() == "enum.auto" => self.auto_value(class, name, last),
                value => value,
            };
            last = match value {
                Value::Int(number) => last.map(|last| last.max(number)),
                Value::Unknown(_) => None,
                _ => last,
            };
            let made_at = Place {
                file: object.file,
                unit: object.unit,
                expr: targets[0],
            };
            // A second name of a value is another name of its member.
            let alias = members
                .iter()
                .find(|(_, known)| self.equal(known, &value) == Some(true));
            if let Some((member, _)) = alias {
                let member = Value::Object(*member);
                self.set_in_frame(object.frame, name.clone(), member);
                continue;
            }
            let member = self.new_instance(Value::Class(class), made_at, None);
            members.push((member, value.clone()));
            if let Some(instance) = self.instance_mut(member) {
                instance.attrs.insert(SmolStr::new_static("value"), value);
                instance
                    .attrs
                    .insert(SmolStr::new_static("name"), Value::Str(name.as_str().into()));
            }
            self.set_in_frame(object.frame, name.clone(), Value::Object(member));
        }
    }

    /// What `auto()` gives behind members of which `last` is the highest number (`enum.Enum._generate_next_value_`).
    fn auto_value(&self, class: ClassId, name: &str, last: Option<i64>) -> Value {
        let is_plain = !self.inherits(class, "enum.Flag") && !self.inherits(class, "enum.IntFlag");
        match last {
            _ if self.class_attribute(class, "_generate_next_value_", None).is_some() => {
                Value::unknown("the value of an enum member", None)
            }
            _ if self.inherits(class, "enum.StrEnum") => Value::str(&name.to_lowercase()),
            Some(last) if is_plain => Value::Int(last + 1),
            _ => Value::unknown("the number of an enum member", None),
        }
    }

    pub(super) fn is_enum(&self, class: ClassId) -> bool {
        self.class(class)
            .mro
            .iter()
            .filter_map(Value::lib_name)
            .any(library::is_enum)
    }

    /// The members of an enum, in order, each once; none for other classes.
    pub(crate) fn enum_members(&self, class: ClassId) -> Option<Vec<Value>> {
        let mut members = self.enum_names(class)?;
        let mut seen = FxHashSet::default();
        members.retain(|member| matches!(member, Value::Object(id) if seen.insert(*id)));
        Some(members)
    }

    /// What the names of an enum stand for, in order: a member as often as it has names.
    pub(crate) fn enum_names(&self, class: ClassId) -> Option<Vec<Value>> {
        if !self.is_enum(class) {
            return None;
        }
        let object = self.class(class);
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return None;
        };
        let vars = &self.frame(object.frame).vars;
        let mut members = Vec::new();
        for &stmt in &def.body {
            if let Stmt::Assign { targets, .. } = &object.code[stmt]
                && let Some(Expr::Name(name)) = targets.first().map(|&target| &object.code[target])
                && let Some(member @ Value::Object(_)) = vars.get(name)
            {
                members.push(member.clone());
            }
        }
        Some(members)
    }

    /// `super()` and `super(Class, self)`.
    pub(crate) fn super_object(&mut self, cx: &Context, args: &Args) -> Value {
        if let (Some(Value::Class(class)), Some(receiver)) = (args.get(0, "type"), args.get(1, "object")) {
            return Value::Super(Arc::new((*class, receiver.clone())));
        }
        let found = self.enclosing_method(cx).and_then(|(function, frame)| {
            let class = self.functions[function.0 as usize].class?;
            let (code, params) = self.params_of(function);
            let Expr::Name(first) = &code[params.list.first()?.name] else {
                return None;
            };
            Some((class, self.frame(frame).vars.get(first)?.clone()))
        });
        match found {
            Some((class, receiver)) => Value::Super(Arc::new((class, receiver))),
            None => Value::unknown("`super()` outside a method", None),
        }
    }

    fn enclosing_method(&self, cx: &Context) -> Option<(FnId, super::value::FrameId)> {
        let function = cx.function?;
        if self.functions[function.0 as usize].class.is_some() {
            return Some((function, cx.frame));
        }
        // A closure in a method: its method is the running call whose frame encloses ours.
        let mut frame = self.frame(cx.frame).parent;
        for &(running, _) in self.calling.iter().rev() {
            let object = &self.functions[running.0 as usize];
            while let Some(id) = frame {
                if object.class.is_some() && self.frame(id).qualname == object.qualname {
                    return Some((running, id));
                }
                frame = self.frame(id).parent;
            }
            frame = self.frame(cx.frame).parent;
        }
        None
    }
}

fn strip_generic(base: Value) -> Value {
    match base {
        Value::Generic(generic) => generic.0.clone(),
        base => base,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn an_init_behind_a_mixin_of_a_library_runs() {
        check(
            r#"
#- /main.py
from fastapi import FastAPI
from library import LoggingMixin
class Controller:
    def __init__(self, app, path):
        app.add_api_route(path, self.read)
    def read(self): ...
class Items(LoggingMixin, Controller): ...
class Store(dict, Controller): ...
app = FastAPI()
Items(app, "/items")
Store(app=app, path="/store")
"#,
            "main:app GET /items -> main.Controller.read",
        );
    }
}
