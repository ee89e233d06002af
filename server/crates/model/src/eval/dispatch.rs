//! `functools.singledispatch`: a function that chooses another by the class of its first argument.

use super::{
    Eval, Interp,
    value::{Args, FnId, Value},
};
use crate::Place;
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// Makes a function one that chooses.
    pub(super) fn make_dispatcher(&mut self, function: FnId) {
        self.heap.dispatchers.entry(function).or_default();
    }

    /// `dispatcher.register`.
    pub(super) fn dispatcher_attribute(&self, function: FnId, name: &str) -> Option<Value> {
        let is_register = name == "register" && self.heap.dispatchers.contains_key(&function);
        let method = || (Value::Function(function), SmolStr::new_static("register"));
        is_register.then(|| Value::BuiltinMethod(Arc::new(method())))
    }

    /// `register(function)`, `register(class)` and `register(class, function)`.
    pub(super) fn register_for_class(&mut self, dispatcher: FnId, args: &Args) -> Value {
        let (class, function) = match (args.get(0, "cls").cloned(), args.get(1, "func").cloned()) {
            (Some(function @ Value::Function(_)), None) => {
                let signature = self.signature(&function);
                let first = signature.arguments.first().and_then(|first| first.annotation.clone());
                let class = first.unwrap_or_else(|| Value::unknown("a class that a function is for", None));
                (class, function)
            }
            (Some(class), Some(function)) => (class, function),
            (Some(class), None) => {
                let register = self.dispatcher_attribute(dispatcher, "register").unwrap_or(Value::None);
                return Value::Partial(Arc::new((register, Args::of([class]))));
            }
            _ => return Value::unknown("what is registered is not known", None),
        };
        self.note_touch(self.functions[dispatcher.0 as usize].owner);
        let owner = self.owner(self.functions[dispatcher.0 as usize].file);
        let known = self.heap.dispatchers.entry(dispatcher).or_default();
        known.push((owner, class, function.clone()));
        function
    }

    /// Calls the function that is chosen; `None` for the one that stands for all else.
    pub(super) fn call_chosen(&mut self, dispatcher: FnId, args: &Args, at: Option<Place>) -> Option<Eval<Value>> {
        let known = self
            .heap
            .dispatchers
            .get(&dispatcher)
            .filter(|known| !known.is_empty())?
            .clone();
        let (subject, _) = args.positional.first()?;
        let mut fitting: Vec<(Value, Value)> = Vec::new();
        for (_, class, function) in known {
            match self.is_instance(subject, &class) {
                Some(true) => fitting.push((class, function)),
                Some(false) => {}
                None => return Some(Ok(self.not_chosen(at))),
            }
        }
        // One that is registered again replaces the one before.
        fitting.reverse();
        let nearest = fitting.iter().find(|(class, _)| {
            let mut others = fitting.iter();
            others.all(|(other, _)| self.is_subclass(class, other) == Some(true))
        });
        match nearest {
            Some((_, function)) => {
                let function = function.clone();
                Some(self.call(&function, args.clone(), at))
            }
            None if fitting.is_empty() => None,
            None => Some(Ok(self.not_chosen(at))),
        }
    }

    fn not_chosen(&mut self, at: Option<Place>) -> Value {
        let place = self.somewhere(at);
        let why = self.reason(
            "which of several functions is called for this argument is not known",
            place,
        );
        let what = self.source_words(place).unwrap_or_else(|| "a call".to_owned());
        self.report(place, what, &why);
        Value::Unknown(why)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn the_class_of_an_argument_chooses() {
        check(
            r#"
#- /main.py
from functools import singledispatch
from fastapi import FastAPI
app = FastAPI()
def h(): ...
class Base: ...
class Inner(Base): ...
@singledispatch
def add(what):
    app.get("/any")(h)
@add.register
def _(what: str):
    app.get(f"/text{what}")(h)
@add.register(Base)
def _(what):
    app.get("/base")(h)
add.register(Inner, lambda what: app.get("/inner")(h))
add("/a")
add(1)
add(Base())
add(Inner())
"#,
            "main:app GET /text/a -> main.h\nmain:app GET /any -> main.h\nmain:app GET /base -> main.h\nmain:app GET /inner -> main.h",
        );
    }
}
