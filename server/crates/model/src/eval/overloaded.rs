//! Operators that a class of the workspace defines: `api / "users"`, `queue << item`.

use super::{
    Eval, Interp,
    value::{Args, Value},
};
use crate::Place;
use facts::BinaryOp;

/// The name of an operator's method, without what stands around it.
fn word(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::MatMul => "matmul",
        BinaryOp::Div => "truediv",
        BinaryOp::FloorDiv => "floordiv",
        BinaryOp::Mod => "mod",
        BinaryOp::Pow => "pow",
        BinaryOp::LShift => "lshift",
        BinaryOp::RShift => "rshift",
        BinaryOp::BitOr => "or",
        BinaryOp::BitXor => "xor",
        BinaryOp::BitAnd => "and",
    }
}

impl Interp<'_> {
    /// `left op right`, where the class of one of them says what that is.
    pub(super) fn overloaded(&mut self, left: &Value, op: BinaryOp, right: &Value, at: Place) -> Eval<Option<Value>> {
        let word = word(op);
        for (receiver, other, name) in [
            (left, right, format!("__{word}__")),
            (right, left, format!("__r{word}__")),
        ] {
            if let Some(method) = self.own_method(receiver, &name) {
                return self.call(&method, Args::of([other.clone()]), Some(at)).map(Some);
            }
        }
        Ok(None)
    }

    /// `left op= right`, where the class of `left` says what that is.
    pub(super) fn overloaded_in_place(
        &mut self,
        left: &Value,
        op: BinaryOp,
        right: &Value,
        at: Place,
    ) -> Eval<Option<Value>> {
        let name = format!("__i{}__", word(op));
        match self.own_method(left, &name) {
            Some(method) => self.call(&method, Args::of([right.clone()]), Some(at)).map(Some),
            None => self.overloaded(left, op, right, at),
        }
    }

    /// A special method that the class of an instance defines, bound to it.
    pub(super) fn own_method(&self, receiver: &Value, name: &str) -> Option<Value> {
        let Value::Object(object) = receiver else { return None };
        let Value::Class(class) = self.instance(*object)?.class else {
            return None;
        };
        match self.class_attribute(class, name, None)? {
            (method @ Value::Function(_), _) => Some(Value::Bound((receiver.clone(), method).into())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn operators_of_own_classes_run() {
        check(
            r#"
#- /main.py
from fastapi import APIRouter, FastAPI
def h(): ...
class Path:
    def __init__(self, text):
        self.text = text
    def __truediv__(self, part):
        return Path(f"{self.text}/{part}")
    def __call__(self, function):
        app.get(self.text)(function)
        return function
class Many:
    def __init__(self):
        self.items = []
    def __iadd__(self, item):
        self.items.append(item)
        return self
    def __ror__(self, item):
        self.items.append(item)
    def __len__(self):
        return len(self.items)
app = FastAPI()
@(Path("/api") / "users")
def users(): ...
many = Many()
many += "/a"
"/b" | many
for path in many.items:
    app.get(path)(h)
app.get(f"/{len(many)}")(h)
"#,
            "main:app GET /api/users -> main.users\nmain:app GET /a -> main.h\nmain:app GET /b -> main.h\nmain:app GET /2 -> main.h",
        );
    }
}
