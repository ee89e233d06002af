//! What others have for the sibling alone: attributes of objects that are not copied, such as `Vote.post_id`, of which the new
//! resource has none.

use super::{
    copy::Copy,
    find::Sibling,
    outcome::{Outcome, mentions_word},
    rename::is_method,
};
use crate::draft::python;
use ruff_python_ast::{
    self as ast, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};
use std::collections::BTreeSet;

/// Takes note of attributes that the copy reads by a new name that nothing defines.
pub(super) fn forget_foreign(copy: &mut Copy, sibling: &Sibling<'_>, outcomes: &[Outcome]) {
    let mut seen = Seen::default();
    for outcome in outcomes {
        let suite = python::suite(&outcome.module).unwrap_or_default();
        seen.define_members(&suite);
        seen.visit_body(&suite);
        let parts = outcome.path.with_extension("");
        seen.defined
            .extend(parts.iter().map(|part| part.to_string_lossy().into_owned()));
        seen.defined
            .extend(outcome.needs.iter().map(|need| need.bound_name().to_owned()));
        let attributes = outcome.attributes.iter().map(|(_, text)| text.trim_start());
        let named = attributes.filter_map(|text| text.split([':', '=', ' ']).next());
        seen.defined.extend(named.map(str::to_owned));
    }
    let mut read = Seen::default();
    for file in &sibling.files {
        read.visit_body(&file.suite);
    }
    for old in read.read {
        if !copy.renaming.is_about(&old) || is_method(&old) {
            continue;
        }
        let new = copy.renaming.identifier(&old);
        let is_there = || sibling.files.iter().any(|file| mentions_word(&file.text, &new));
        if new != old && seen.read.contains(&new) && !seen.defined.contains(&new) && !is_there() {
            copy.foreign.insert(old);
        }
    }
}

/// Attributes that are read, and what may be an attribute of something.
#[derive(Default)]
struct Seen {
    read: BTreeSet<String>,
    defined: BTreeSet<String>,
}

/// What names a column or the other side of a relationship in a text.
const NAMING: [&str; 7] = [
    "label",
    "Column",
    "mapped_column",
    "column",
    "relationship",
    "Relationship",
    "backref",
];
const NAMING_ARGUMENTS: [&str; 4] = ["back_populates", "backref", "key", "name"];

impl Seen {
    fn define_target(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => {
                self.defined.insert(name.id.to_string());
            }
            Expr::Attribute(attribute) => {
                self.defined.insert(attribute.attr.to_string());
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.define_target(target)),
            _ => {}
        }
    }

    /// The body of a module or class: all that it binds can be read as an attribute of it.
    fn define_members(&mut self, body: &[Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Assign(assign) => assign.targets.iter().for_each(|target| self.define_target(target)),
                Stmt::AnnAssign(assign) => self.define_target(&assign.target),
                Stmt::Import(import) => self.define_imports(&import.names),
                Stmt::ImportFrom(import) => self.define_imports(&import.names),
                _ => {}
            }
        }
    }

    fn define_imports(&mut self, names: &[ast::Alias]) {
        let bound = names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
        let parts = bound.flat_map(|name| name.split('.').map(str::to_owned).collect::<Vec<_>>());
        self.defined.extend(parts);
    }

    fn define_strings(&mut self, call: &ast::ExprCall) {
        let callee = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        let first = call.arguments.args.first().filter(|_| NAMING.contains(&callee));
        let keywords = call.arguments.keywords.iter().filter(|keyword| {
            let name = keyword.arg.as_ref();
            name.is_some_and(|name| NAMING_ARGUMENTS.contains(&name.as_str()))
        });
        let texts = first.into_iter().chain(keywords.map(|keyword| &keyword.value));
        let texts = texts.filter_map(|expr| Some(expr.as_string_literal_expr()?.value.to_str().to_owned()));
        self.defined.extend(texts);
    }
}

impl<'a> SourceOrderVisitor<'a> for Seen {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        // Those of functions are nobody's attributes, but `self.name = name` in them is.
        body.iter().for_each(|stmt| self.visit_stmt(stmt));
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.defined.insert(function.name.to_string());
            }
            Stmt::ClassDef(class) => {
                self.defined.insert(class.name.to_string());
                self.define_members(&class.body);
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Attribute(attribute) if attribute.ctx.is_load() => {
                self.read.insert(attribute.attr.to_string());
            }
            Expr::Attribute(attribute) => {
                self.defined.insert(attribute.attr.to_string());
            }
            Expr::Call(call) => self.define_strings(call),
            _ => {}
        }
        walk_expr(self, expr);
    }
}
