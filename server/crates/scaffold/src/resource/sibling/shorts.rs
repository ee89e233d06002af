//! Names that say a noun of several words by its last one: `template_id` in the modules of email templates.

use super::rename::Renaming;
use crate::layout::Noun;
use ruff_python_ast::{
    self as ast, Expr, ExprContext, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_parameter, walk_stmt},
};
use std::collections::BTreeSet;

/// The last words of a noun, for one and for many, and the names that are made with them.
#[derive(Clone, Debug, Default)]
pub(super) struct Shorts {
    pub(super) one: String,
    pub(super) many: String,
    /// Variables, parameters and functions.
    pub(super) names: BTreeSet<String>,
    /// What is asked of objects: methods, and what they keep.
    pub(super) members: BTreeSet<String>,
}

impl Shorts {
    /// Nothing where the noun has one word, or its last one means something else in the project.
    pub(super) fn of(
        from: &Noun,
        to: &Noun,
        others: &[Noun],
        renaming: &Renaming,
        statements: &[&Stmt],
        kept: &BTreeSet<String>,
    ) -> Option<Self> {
        let (_, one) = from.one.rsplit_once('_')?;
        let (_, many) = from.many.rsplit_once('_')?;
        let is_another = others.iter().any(|other| other.one == one || other.many == many);
        if is_another || to.one.split('_').any(|word| word == one) {
            return None;
        }
        let mut found = Self {
            one: one.to_owned(),
            many: many.to_owned(),
            ..Self::default()
        };
        let mut defined = Defined::default();
        for stmt in statements {
            defined.visit_stmt(stmt);
        }
        let is_meant = |name: &String| found.is_in(name) && !renaming.is_about(name) && !kept.contains(name);
        let (names, members): (BTreeSet<String>, BTreeSet<String>) = (
            defined.names.into_iter().filter(is_meant).collect(),
            defined.members.into_iter().filter(is_meant).collect(),
        );
        (found.names, found.members) = (names, members);
        // Two things of one function must not become one.
        for scope in defined.scopes.iter().chain([&defined.top]) {
            let clash = |name: &String| {
                let new = renaming.short_identifier(name, &found);
                let is_same = |other: &&String| {
                    *other != name
                        && (renaming.identifier(other) == new || renaming.short_identifier(other, &found) == new)
                };
                scope.iter().any(|other| is_same(&other))
            };
            let clashing: Vec<String> = found
                .names
                .iter()
                .filter(|name| scope.contains(*name))
                .filter(|name| clash(name))
                .cloned()
                .collect();
            for name in clashing {
                found.names.remove(&name);
            }
        }
        (!found.names.is_empty() || !found.members.is_empty()).then_some(found)
    }

    /// Whether one of a name's words is the short one.
    fn is_in(&self, name: &str) -> bool {
        let mut words = super::rename::words_of(name).into_iter();
        words.any(|word| word.text.eq_ignore_ascii_case(&self.one) || word.text.eq_ignore_ascii_case(&self.many))
    }
}

/// What statements define, and which names stand in each function.
#[derive(Default)]
struct Defined {
    names: BTreeSet<String>,
    members: BTreeSet<String>,
    scopes: Vec<BTreeSet<String>>,
    /// What stands at the top of modules.
    top: BTreeSet<String>,
    depth: usize,
    in_class: bool,
}

impl<'a> SourceOrderVisitor<'a> for Defined {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                let name = function.name.to_string();
                if self.in_class {
                    self.members.insert(name);
                } else {
                    self.top.insert(name.clone());
                    self.names.insert(name);
                }
                let mut names = Names::default();
                names.visit_parameters(&function.parameters);
                names.visit_body(&function.body);
                self.scopes.push(names.found);
                let was = std::mem::take(&mut self.in_class);
                self.depth += 1;
                walk_stmt(self, stmt);
                self.depth -= 1;
                self.in_class = was;
            }
            Stmt::ClassDef(class) => {
                self.names.insert(class.name.to_string());
                self.top.insert(class.name.to_string());
                let was = std::mem::replace(&mut self.in_class, true);
                // What it declares are fields.
                for stmt in class.body.iter().filter(|stmt| stmt.is_function_def_stmt()) {
                    self.visit_stmt(stmt);
                }
                self.in_class = was;
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.names.insert(parameter.name.to_string());
        walk_parameter(self, parameter);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Store => {
                self.names.insert(name.id.to_string());
                if self.depth == 0 {
                    self.top.insert(name.id.to_string());
                }
            }
            Expr::Attribute(attribute) if attribute.ctx == ExprContext::Store => {
                if matches!(&*attribute.value, Expr::Name(object) if object.id == "self") {
                    self.members.insert(attribute.attr.to_string());
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

/// All names of a function.
#[derive(Default)]
struct Names {
    found: BTreeSet<String>,
}

impl<'a> SourceOrderVisitor<'a> for Names {
    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.found.insert(parameter.name.to_string());
        walk_parameter(self, parameter);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr {
            self.found.insert(name.id.to_string());
        }
        walk_expr(self, expr);
    }
}
