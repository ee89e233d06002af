//! The names of an object, a class or a module as a mapping: `__dict__`, `vars()`, `globals()`. What code puts into it is an
//! attribute from then on.

use super::{
    Context, Interp,
    value::{ClassId, DictEntry, Names, ObjId, Value},
};
use crate::Reason;
use base::FileId;
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// `vars(value)`.
    pub(super) fn vars(&mut self, value: &Value) -> Option<Value> {
        match value {
            Value::Class(class) => Some(self.namespace_of_class(*class)),
            Value::Module(file) => Some(self.namespace_of_module(*file)),
            Value::Object(object) => self.namespace_of_object(*object),
            _ => None,
        }
    }

    /// `globals()` in a scope.
    pub(super) fn globals(&mut self, cx: &Context) -> Value {
        self.namespace_of_module(cx.file)
    }

    /// `module.__dict__`.
    pub(super) fn namespace_of_module(&mut self, file: FileId) -> Value {
        match self.run_module(file) {
            Some(frame) => {
                let names = self.frame(frame).vars.clone();
                self.namespace(Value::Module(file), names)
            }
            None => Value::unknown("the names of a module", None),
        }
    }

    /// `Class.__dict__`.
    pub(super) fn namespace_of_class(&mut self, class: ClassId) -> Value {
        let names = self.frame(self.class(class).frame).vars.clone();
        self.namespace(Value::Class(class), names)
    }

    /// `object.__dict__`, where nothing but the project's own code gives an object attributes.
    pub(super) fn namespace_of_object(&mut self, object: ObjId) -> Option<Value> {
        let instance = self.instance(object)?;
        let Value::Class(class) = instance.class else {
            return None;
        };
        let names = instance.attrs.clone();
        let mut bases = self.class(class).mro.iter();
        let is_known = bases.all(|base| matches!(base, Value::Class(_)) || base.lib_name() == Some("types.ModuleType"));
        if !is_known || self.object(object).open.is_some() {
            return None;
        }
        Some(self.namespace(Value::Object(object), names))
    }

    fn namespace(&mut self, of: Value, names: Names) -> Value {
        let entries = names.into_iter().map(|(name, value)| DictEntry {
            key: Value::str(&name),
            value,
            at: None,
        });
        let view = self.new_view(entries.collect());
        if let Value::Dict(view) = view {
            self.heap.namespaces.insert(view, of);
        }
        view
    }

    /// What is put into a mapping of names is given to what has them.
    pub(super) fn put_name(&mut self, mapping: ObjId, entry: &DictEntry) {
        let of = self.heap.namespaces.get(&mapping).cloned();
        if let (Some(of), Some(name)) = (of, entry.key.as_str().map(SmolStr::new)) {
            self.set_attribute(&of, &name, entry.value.clone(), entry.at);
        }
    }

    /// What is put into a mapping of names is not known.
    pub(super) fn open_names(&mut self, mapping: ObjId, why: &Arc<Reason>) {
        if let Some(Value::Object(object)) = self.heap.namespaces.get(&mapping) {
            let object = *object;
            self.object_mut(object).open = Some(why.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn what_is_put_into_names_is_there_in_its_order() {
        check(
            r#"
#- /main.py
from fastapi import FastAPI, APIRouter
import parts
app = FastAPI()
class Bunch:
    def __init__(self, **values):
        self.__dict__.update(values)
        vars(self)["more"] = "/more"
def handler(): ...
bunch = Bunch(z="/z", a="/a")
for path in vars(bunch).values():
    app.get(path)(handler)
app.get(bunch.more + "/again")(handler)
globals()["extra"] = APIRouter(prefix="/extra")
extra.get("/x")(handler)
app.include_router(extra)
for value in vars(parts).values():
    if isinstance(value, APIRouter):
        app.include_router(value)
#- /parts.py
from fastapi import APIRouter
zoo = APIRouter(prefix="/zoo")
ant = APIRouter(prefix="/ant")
@zoo.get("/")
def of_zoo(): ...
@ant.get("/")
def of_ant(): ...
"#,
            "main:app GET /z -> main.handler
             main:app GET /a -> main.handler
             main:app GET /more -> main.handler
             main:app GET /more/again -> main.handler
             main:app GET /extra/x -> main.handler
             main:app GET /zoo/ -> parts.of_zoo
             main:app GET /ant/ -> parts.of_ant",
        );
    }
}
