//! Classes with a `__setattr__` of their own: it decides what `object.name = value` does.

use super::{
    Eval, Interp,
    value::{Args, Value},
};
use crate::Place;
use smol_str::SmolStr;

/// `object.__setattr__`, as a function of the instance that it comes first.
pub(super) const OBJECT_SETATTR: &str = "builtins.object.__setattr__";
const NAME: &str = "__setattr__";

impl Interp<'_> {
    /// `receiver.name = value` as a statement does it.
    pub(super) fn assign_attribute(
        &mut self,
        receiver: &Value,
        name: &SmolStr,
        value: Value,
        at: Option<Place>,
    ) -> Eval<()> {
        match self.own_setattr(receiver, at) {
            Some(own) => {
                let args = Args::of([Value::str(name), value]);
                self.call(&own, args, at).map(|_| ())
            }
            None => {
                self.set_attribute(receiver, name, value, at);
                Ok(())
            }
        }
    }

    /// `object.__setattr__(instance, name, value)`.
    pub(super) fn set_plainly(&mut self, args: &Args, at: Option<Place>) -> Value {
        let name = args.get(1, "").and_then(Value::as_str).map(SmolStr::new);
        if let (Some(receiver), Some(name), Some(value)) = (args.get(0, ""), name, args.get(2, "")) {
            self.set_attribute(&receiver.clone(), &name, value.clone(), at);
        }
        Value::None
    }

    fn own_setattr(&mut self, receiver: &Value, at: Option<Place>) -> Option<Value> {
        let Value::Object(object) = receiver else { return None };
        let Value::Class(class) = self.instance(*object)?.class else {
            return None;
        };
        match self.class_attribute(class, NAME, None)? {
            (own @ Value::Function(_), owner) => Some(self.bind(own, receiver, owner, at)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn a_class_decides_what_an_assignment_does() {
        check(
            r#"
#- /main.py
from fastapi import FastAPI
app = FastAPI()
class Under:
    def __setattr__(self, name, value):
        super().__setattr__(name, "/v1" + value)
    def __init__(self):
        self.path = "/x"
class Kept:
    def __init__(self, **values):
        object.__setattr__(self, "values", values)
        self.more = "/more"
    def __setattr__(self, name, value):
        self.values[name] = value
    def __getattr__(self, name):
        return self.values[name]
class Bunch:
    def __init__(self, **values):
        self.__dict__.update(values)
class Slow:
    def __setattr__(self, name, value):
        self.__dict__[name] = "/slow" + value
def handler(): ...
slow = Slow()
slow.path = "/y"
setattr(slow, "other", "/z")
for path in (Under().path, Kept(path="/kept").path, Kept().more, Bunch(path="/bunch").path, slow.path, slow.other):
    app.get(path)(handler)
"#,
            "main:app GET /v1/x -> main.handler
             main:app GET /kept -> main.handler
             main:app GET /more -> main.handler
             main:app GET /bunch -> main.handler
             main:app GET /slow/y -> main.handler
             main:app GET /slow/z -> main.handler",
        );
    }
}
