//! What is about a field that is gone: what can be cut out of an expression, and what can't.

use super::{HOLDERS, LINKS, Rewriter, unsigned};
use crate::resource::sibling::visit::Inner;
use ruff_python_ast::{
    self as ast, Expr,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};

impl Rewriter<'_> {
    /// Whether an expression is about a field that is gone, in a way that can't be cut out of it.
    pub(super) fn mentions(&self, expr: &Expr) -> bool {
        let mut finder = Finder {
            rewriter: self,
            found: false,
        };
        finder.visit_expr(expr);
        finder.found
    }

    /// Whether an expression itself, without what is in it, is about a field that is gone.
    pub(super) fn is_about_gone(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                self.copy.is_left_out(name, self.is_test)
                    || self.copy.foreign.contains(name)
                    || self.is_of_another(&attribute.value, name)
                    || self.copy.map.is_gone(name)
                    || (self.copy.map.drops(name) && self.holds_one(&attribute.value))
            }
            Expr::Name(name) => {
                let is_local = self.locals.contains(name.id.as_str());
                self.unbound.contains(name.id.as_str())
                    || (!is_local && self.copy.is_left_out(&name.id, self.is_test))
                    || self.copy.map.is_gone(name.id.as_str())
            }
            Expr::StringLiteral(string) => self.copy.map.drops(unsigned(string.value.to_str())),
            _ => false,
        }
    }

    /// Whether an attribute is that of another table: `Vote.post_id`.
    fn is_of_another(&self, holder: &Expr, name: &str) -> bool {
        let class = match holder {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return false,
        };
        self.copy.renaming.is_about(name) && self.copy.is_another_table(class)
    }

    /// Whether an argument says something of the sibling to what is not, or asks for what has a field that is gone: that can't
    /// be cut out without meaning something else.
    fn is_bound(&self, call: &ast::ExprCall, name: &str) -> bool {
        let class = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => "",
        };
        let asked = name.split("__").next().unwrap_or(name);
        let is_lookup = class == "filter_by" || self.is_own_call(&call.func) || is_on_self(&call.func);
        (self.copy.renaming.is_about(name) && self.copy.is_another_table(class))
            || (is_lookup && self.copy.map.drops(asked) && !self.holds_one(&call.func) && !self.is_test)
    }

    /// Whether an expression stands for one of the things, or their class.
    pub(super) fn holds_one(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => HOLDERS.contains(&name.id.as_str()) || self.copy.renaming.is_about(name.id.as_str()),
            Expr::Attribute(attribute) => self.copy.renaming.is_about(attribute.attr.as_str()),
            _ => false,
        }
    }

    /// A list, tuple or set of which nothing is left.
    pub(super) fn is_emptied(&self, expr: &Expr) -> bool {
        let elements = match expr {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::Set(set) => &set.elts,
            _ => return false,
        };
        self.are_gone(elements)
    }

    /// Whether nothing takes the place of any element.
    fn are_gone(&self, elements: &[Expr]) -> bool {
        let all = !elements.is_empty() && elements.iter().all(|element| self.says_gone(element));
        all && self.added_names(elements).is_empty()
    }

    /// Whether nothing is left of what a class sets for its library: `__table_args__ = (…)`.
    pub(super) fn empties_settings(&self, assign: &ast::StmtAssign) -> bool {
        let is_setting = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.starts_with("__"));
        assign.targets.iter().all(is_setting) && self.is_emptied(&assign.value)
    }

    /// Whether an expression, or something anywhere in it, is about a field that is gone.
    pub(super) fn says_gone(&self, expr: &Expr) -> bool {
        let mut inner = Inner::default();
        inner.visit_expr(expr);
        inner.found.iter().any(|expr| self.is_about_gone(expr))
    }

    /// Whether nothing is left of `query = query.options(…)`.
    pub(super) fn says_nothing(&self, assign: &ast::StmtAssign) -> bool {
        let [Expr::Name(target)] = assign.targets.as_slice() else {
            return false;
        };
        let mut value = &*assign.value;
        while let Expr::Call(call) = value
            && let Expr::Attribute(link) = &*call.func
            && LINKS.contains(&link.attr.as_str())
            && !call.arguments.args.is_empty()
            && call.arguments.args.iter().all(|arg| self.says_gone(arg))
        {
            value = &link.value;
        }
        value.as_name_expr().is_some_and(|name| name.id == target.id)
    }
}

/// Looks for what is about a gone field and can't be cut out.
struct Finder<'r, 'a> {
    rewriter: &'r Rewriter<'a>,
    found: bool,
}

impl<'e> SourceOrderVisitor<'e> for Finder<'_, '_> {
    fn visit_expr(&mut self, expr: &'e Expr) {
        if self.found {
            return;
        }
        if self.rewriter.is_about_gone(expr) {
            self.found = true;
            return;
        }
        match expr {
            Expr::Call(call) => self.visit_call(call),
            Expr::Dict(dict) => {
                for item in &dict.items {
                    let is_cut = matches!(&item.key, Some(Expr::StringLiteral(key)) if self.rewriter.copy.map.drops(key.value.to_str()));
                    if !is_cut {
                        self.visit_expr(&item.value);
                    }
                }
            }
            // Elements can be cut out, if some are left.
            Expr::List(list) => self.visit_elements(&list.elts),
            Expr::Set(set) => self.visit_elements(&set.elts),
            Expr::Tuple(tuple) => self.visit_elements(&tuple.elts),
            _ => walk_expr(self, expr),
        }
    }
}

impl Finder<'_, '_> {
    fn visit_elements(&mut self, elements: &[Expr]) {
        self.found |= self.rewriter.are_gone(elements);
    }

    fn visit_call(&mut self, call: &ast::ExprCall) {
        if let Expr::Attribute(link) = &*call.func
            && LINKS.contains(&link.attr.as_str())
            && !call.arguments.args.is_empty()
            && call.arguments.args.iter().all(|arg| self.rewriter.says_gone(arg))
        {
            self.visit_expr(&link.value);
            return;
        }
        self.visit_expr(&call.func);
        let is_constructor = self.rewriter.holds_one(&call.func);
        for argument in call.arguments.args.iter().filter(|arg| !self.rewriter.is_emptied(arg)) {
            self.visit_expr(argument);
        }
        for keyword in &call.arguments.keywords {
            if keyword
                .arg
                .as_ref()
                .is_some_and(|name| self.rewriter.is_bound(call, name))
            {
                self.found = true;
                return;
            }
            let is_cut = keyword.arg.as_ref().is_some_and(|name| {
                self.rewriter.copy.map.drops(name.as_str())
                    && (is_constructor || self.rewriter.says_gone(&keyword.value))
            });
            if !is_cut && !self.rewriter.is_emptied(&keyword.value) {
                self.visit_expr(&keyword.value);
            }
        }
    }
}

/// Whether a method of the object itself, or of its bases, is called.
fn is_on_self(callee: &Expr) -> bool {
    let Some(method) = callee.as_attribute_expr() else {
        return false;
    };
    match &*method.value {
        Expr::Name(name) => name.id == "self",
        Expr::Call(call) => call.func.as_name_expr().is_some_and(|name| name.id == "super"),
        _ => false,
    }
}
