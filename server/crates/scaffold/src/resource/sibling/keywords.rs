//! Names of arguments: they are those of what is called, and change only where that is the sibling's.

use super::rename::{Renaming, is_method};
use ruff_python_ast::{
    self as ast, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_arguments, walk_expr, walk_stmt},
};
use ruff_text_size::{Ranged, TextSize};
use std::collections::{BTreeMap, BTreeSet};

/// Functions, methods and classes by name, with what they are called with.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(BTreeMap<String, BTreeSet<String>>);

impl Parameters {
    /// Adds what statements define, methods too.
    pub(super) fn read(&mut self, statements: &[Stmt]) {
        self.visit_body(statements);
    }

    fn has(&self, callee: &str, parameter: &str) -> bool {
        self.0.get(callee).is_some_and(|known| known.contains(parameter))
    }
}

impl<'a> SourceOrderVisitor<'a> for Parameters {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                let names = function.parameters.iter().map(|parameter| parameter.name().to_string());
                self.0.entry(function.name.to_string()).or_default().extend(names);
            }
            Stmt::ClassDef(class) => {
                let fields = class.body.iter().filter_map(|stmt| match stmt {
                    Stmt::AnnAssign(assign) => assign.target.as_name_expr(),
                    _ => None,
                });
                let names = fields.map(|field| field.id.to_string());
                let mut methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
                let made = methods.find(|method| method.name.as_str() == "__init__");
                let made = made.into_iter().flat_map(|made| made.parameters.iter());
                let names = names.chain(made.map(|parameter| parameter.name().to_string()));
                self.0.entry(class.name.to_string()).or_default().extend(names);
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }
}

/// Where arguments are named as others than the copy name them.
pub(super) fn of_others(suite: &[Stmt], renaming: &Renaming, called: &Parameters) -> BTreeSet<TextSize> {
    let mut finder = Finder {
        renaming,
        called,
        found: BTreeSet::new(),
    };
    finder.visit_body(suite);
    finder.found
}

struct Finder<'r> {
    renaming: &'r Renaming,
    called: &'r Parameters,
    found: BTreeSet<TextSize>,
}

impl<'a> SourceOrderVisitor<'a> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            for keyword in &call.arguments.keywords {
                if keyword.arg.as_ref().is_some_and(|name| !self.is_own(call, name)) {
                    self.found.insert(keyword.start());
                }
            }
        }
        walk_expr(self, expr);
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::ClassDef(ast::StmtClassDef {
            arguments: Some(arguments),
            ..
        }) = stmt
        {
            self.found.extend(arguments.keywords.iter().map(Ranged::start));
            walk_arguments(self, arguments);
        }
        walk_stmt(self, stmt);
    }
}

/// What takes any names: they become keys of a dict, or parts of a text.
const OPEN: [&str; 12] = [
    "dict",
    "format",
    "format_map",
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "critical",
    "log",
    "bind",
    "TemplateResponse",
];

/// What routers and apps are told of routes.
const ROUTING: [&str; 7] = [
    "include_router",
    "add_api_route",
    "add_api_websocket_route",
    "add_router",
    "api_route",
    "websocket",
    "mount",
];

impl Finder<'_> {
    /// Whether the sibling's own code names a parameter: of what is called, or of what that is told to call, as in
    /// `Factory(TagService, tag_repository=…)`.
    fn is_own(&self, call: &ast::ExprCall, name: &str) -> bool {
        let callee = &*call.func;
        let last = last_name(callee);
        let handed = call.arguments.args.first().map_or("", last_name);
        if self.called.has(last, name) || self.called.has(handed, name) || OPEN.contains(&last) {
            return true;
        }
        let is_routing = ROUTING.contains(&last) || (callee.is_attribute_expr() && is_router(callee, last));
        !is_routing && self.names_it(callee)
    }

    fn names_it(&self, callee: &Expr) -> bool {
        let mut names = Identifiers::default();
        names.visit_expr(callee);
        names.found.iter().any(|name| self.renaming.is_about(name))
    }
}

fn last_name(expr: &Expr) -> &str {
    match expr {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}

/// Whether `router.get(…)` is meant, rather than `crud_book.get(…)`.
fn is_router(callee: &Expr, last: &str) -> bool {
    let on = match callee.as_attribute_expr().map(|attribute| &*attribute.value) {
        Some(Expr::Name(name)) => name.id.as_str(),
        Some(Expr::Attribute(attribute)) => attribute.attr.as_str(),
        _ => "",
    };
    let on = on.to_lowercase();
    is_method(last) && ["router", "app", "api"].iter().any(|word| on.ends_with(word))
}

/// All identifiers in an expression.
#[derive(Default)]
struct Identifiers {
    found: BTreeSet<String>,
}

impl<'a> SourceOrderVisitor<'a> for Identifiers {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                self.found.insert(name.id.to_string());
            }
            Expr::Attribute(attribute) => {
                self.found.insert(attribute.attr.to_string());
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}
