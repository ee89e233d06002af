//! Docstrings: the first statement of a body, indentation taken out (`inspect.cleandoc`).

use super::Reader;
use crate::eval::value::{ClassId, FnId, Value};
use facts::{Block, Expr, FunctionBody, Stmt, Unit};
use std::sync::Arc;

/// Columns of a tab (`str.expandtabs`).
const TAB: usize = 8;

impl Reader<'_> {
    /// The docstring of a callable.
    pub(super) fn callable_doc(&self, value: &Value) -> Option<Arc<str>> {
        match value {
            Value::Function(id) => self.function_doc(*id),
            Value::Bound(bound) => self.callable_doc(&bound.1),
            Value::Class(class) => self.class_doc(*class),
            Value::Object(object) => match self.interp.instance(*object)?.class {
                Value::Class(class) => self.class_doc(class),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn function_doc(&self, id: FnId) -> Option<Arc<str>> {
        let object = &self.interp.functions[id.0 as usize];
        if let Some(wrapped) = &object.wraps
            && *wrapped != Value::Function(id)
        {
            return self.callable_doc(wrapped);
        }
        let (code, stmt) = self.interp.function_def(id)?;
        let Stmt::Function(def) = &code[stmt] else { return None };
        match &def.body {
            FunctionBody::Block(block) => docstring(&code, block),
            FunctionBody::Unit(unit) => {
                let facts = self.interp.source.facts(object.file)?;
                let body = facts.units.get(unit.0 as usize)?;
                docstring(body, &body.body)
            }
        }
    }

    pub(super) fn class_doc(&self, class: ClassId) -> Option<Arc<str>> {
        let object = self.interp.class(class);
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
pub(super) fn string_statement(code: &Unit, stmt: facts::StmtId) -> Option<Arc<str>> {
    match &code[stmt] {
        Stmt::Expr(expr) => match &code[*expr] {
            Expr::Str(text) => Some(clean(text).into()),
            _ => None,
        },
        _ => None,
    }
}

/// `inspect.cleandoc`.
fn clean(text: &str) -> String {
    let text = expand_tabs(text);
    let lines: Vec<&str> = text.split('\n').collect();
    let margin = lines[1..]
        .iter()
        .filter(|line| !line.trim_start().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let mut cleaned: Vec<&str> = vec![lines[0].trim_start()];
    cleaned.extend(lines[1..].iter().map(|line| line.get(margin..).unwrap_or_default()));
    while cleaned.last().is_some_and(|line| line.is_empty()) {
        cleaned.pop();
    }
    let blank = cleaned.iter().take_while(|line| line.is_empty()).count();
    cleaned[blank..].join("\n")
}

fn expand_tabs(text: &str) -> String {
    if !text.contains('\t') {
        return text.to_owned();
    }
    let mut expanded = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let width = TAB - column % TAB;
                expanded.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' => {
                expanded.push(c);
                column = 0;
            }
            c => {
                expanded.push(c);
                column += 1;
            }
        }
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn indentation_goes_as_inspect_takes_it() {
        assert_eq!(clean("One.\n\n    Two\n      three\n    "), "One.\n\nTwo\n  three");
        assert_eq!(clean("\n    One\n    two\n"), "One\ntwo");
        assert_eq!(clean("  one"), "one");
        assert_eq!(clean("a\n\tb\n\tc"), "a\nb\nc");
        assert_eq!(clean(""), "");
    }
}
