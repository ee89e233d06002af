//! `__doc__`: the string that is the first statement of a body, or what code put in its place.

use super::{
    Interp,
    value::{ClassId, FnId, Value},
};
use base::FileId;
use facts::{Block, Expr, FunctionBody, Stmt, Unit};
use std::sync::Arc;

/// What `functools.partial` says of itself (`Modules/_functoolsmodule.c`), up to Python 3.12 and from then on.
const PARTIAL: [&str; 2] = [
    "partial(func, *args, **keywords) - new function with partial application\n    of the given arguments and keywords.\n",
    "Create a new function with partial application of the given arguments\nand keywords.",
];

impl Interp<'_> {
    /// The docstring of a function, a class or what is made of them, as it is written; `from` is the file that asks.
    pub(crate) fn doc(&self, value: &Value, from: FileId) -> Option<Arc<str>> {
        match value {
            Value::Function(id) => self.function_doc(*id, from),
            Value::Bound(bound) => self.doc(&bound.1, from),
            Value::Class(class) => self.class_doc(*class),
            Value::Object(object) => match self.instance(*object)?.class {
                Value::Class(class) => self.class_doc(class),
                _ => None,
            },
            Value::Partial(_) => {
                let is_new = self.source.python_version(from).is_none_or(|version| version > (3, 12));
                Some(PARTIAL[usize::from(is_new)].into())
            }
            _ => None,
        }
    }

    fn function_doc(&self, id: FnId, from: FileId) -> Option<Arc<str>> {
        let id = self.described_by(id, "__doc__");
        let object = &self.functions[id.0 as usize];
        if let Some(set) = object.attribute("__doc__") {
            return set.as_str().map(Arc::from);
        }
        if let Some(wrapped @ (Value::Class(_) | Value::Partial(_))) = object.wraps.as_ref() {
            return self.doc(wrapped, from);
        }
        let (code, stmt) = self.function_def(id)?;
        let Stmt::Function(def) = &code[stmt] else { return None };
        match &def.body {
            FunctionBody::Block(block) => docstring(&code, block),
            FunctionBody::Unit(unit) => {
                let facts = self.source.facts(object.file)?;
                let body = facts.units.get(unit.0 as usize)?;
                docstring(body, &body.body)
            }
        }
    }

    /// The function whose `__name__` or `__doc__` a function has: `functools.wraps` copies them
    /// (`functools.WRAPPER_ASSIGNMENTS`), code may set them.
    pub(super) fn described_by(&self, id: FnId, name: &str) -> FnId {
        let mut seen = vec![id];
        loop {
            let last = seen[seen.len() - 1];
            let object = &self.functions[last.0 as usize];
            match object.wraps {
                Some(Value::Function(wrapped)) if object.attribute(name).is_none() && !seen.contains(&wrapped) => {
                    seen.push(wrapped);
                }
                _ => return last,
            }
        }
    }

    /// The docstring of a class's own.
    pub(crate) fn class_doc(&self, class: ClassId) -> Option<Arc<str>> {
        let object = self.class(class);
        let Stmt::Class(def) = &object.code[object.stmt] else {
            return None;
        };
        docstring(&object.code, &def.body)
    }
}

fn docstring(code: &Unit, block: &Block) -> Option<Arc<str>> {
    string_statement(code, *block.first()?)
}

/// The text of a statement that is only a string.
pub(crate) fn string_statement(code: &Unit, stmt: facts::StmtId) -> Option<Arc<str>> {
    match &code[stmt] {
        Stmt::Expr(expr) => match &code[*expr] {
            Expr::Str(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}
