//! Statements.

use super::{Child, Lowerer};
use crate::program::{
    Block, Class, Expr, ExprId, Function, FunctionBody, Handler, ImportName, MatchCase, Params, Stmt, StmtId,
};
use base::Span;
use std::ops::Range;
use syntax::{Field, Kind, Node};

impl<'t> Lowerer<'t> {
    /// The statements of a module or block.
    pub(super) fn block(&mut self, node: Node<'t>) -> Block {
        let range = self.push_children(node);
        let mut block = Vec::with_capacity(range.len());
        for i in range.clone() {
            let child = self.children[i];
            if child.kind != Kind::Token && child.kind != Kind::Error {
                block.push(self.stmt(child));
            }
        }
        self.children.truncate(range.start);
        block
    }

    fn block_in(&mut self, node: Option<Node<'t>>) -> Block {
        node.map(|node| self.block(node)).unwrap_or_default()
    }

    pub(super) fn stmt(&mut self, child: Child<'t>) -> StmtId {
        let span = self.span_of(child.node);
        let stmt = self.deeper(|lowerer| lowerer.stmt_of_kind(child));
        let stmt = stmt.unwrap_or_else(|| Stmt::Expr(self.error(child.node)));
        self.add_stmt(stmt, span)
    }

    fn stmt_of_kind(&mut self, child: Child<'t>) -> Stmt {
        let node = child.node;
        let range = self.push_children(node);
        let start = range.start;
        let stmt = match child.kind {
            Kind::ExpressionStatement => self.expression_stmt(node, &range),
            Kind::ImportStatement => Stmt::Import(self.import_names(&range)),
            Kind::ImportFromStatement => self.import_from(node, &range),
            Kind::FutureImportStatement => self.future_import(node, &range),
            Kind::FunctionDefinition => self.function(node, &range, Vec::new()),
            Kind::ClassDefinition => self.class(node, &range, Vec::new()),
            Kind::DecoratedDefinition => self.decorated(node, &range),
            Kind::IfStatement => self.if_stmt(node, &range),
            Kind::ForStatement => self.for_stmt(node, &range),
            Kind::WhileStatement => self.while_stmt(node, &range),
            Kind::TryStatement => self.try_stmt(&range),
            Kind::WithStatement => self.with_stmt(&range),
            Kind::MatchStatement => self.match_stmt(node, &range),
            Kind::ReturnStatement => Stmt::Return(self.first_expr(&range)),
            Kind::RaiseStatement => Stmt::Raise(self.first_expr(&range)),
            Kind::AssertStatement => Stmt::Assert(self.first_or_error(node, &range)),
            Kind::DeleteStatement => Stmt::Delete(self.delete_targets(&range)),
            Kind::TypeAliasStatement => self.type_alias(node, &range),
            Kind::GlobalStatement => Stmt::Global(self.identifiers(&range)),
            Kind::NonlocalStatement => Stmt::Nonlocal(self.identifiers(&range)),
            Kind::BreakStatement => Stmt::Break,
            Kind::ContinueStatement => Stmt::Continue,
            Kind::PassStatement => Stmt::Pass,
            // `print x` and `exec x` are Python 2: the file does not run.
            _ => Stmt::Expr(self.error(node)),
        };
        self.children.truncate(start);
        stmt
    }

    fn required(&mut self, found: Option<Node<'t>>, parent: Node<'t>) -> ExprId {
        match found {
            Some(node) => self.expr(node),
            None => self.error(parent),
        }
    }

    fn first_expr(&mut self, range: &Range<usize>) -> Option<ExprId> {
        let first = self.children[range.clone()]
            .iter()
            .find(|child| child.kind != Kind::Token && child.field == Field::None)
            .map(|child| child.node);
        first.map(|node| self.expr(node))
    }

    fn first_or_error(&mut self, node: Node<'t>, range: &Range<usize>) -> ExprId {
        self.first_expr(range).unwrap_or_else(|| self.error(node))
    }

    fn expression_stmt(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let first = self.children[range.clone()].first().copied();
        match first {
            Some(child) if range.len() == 1 => match child.kind {
                Kind::Assignment => self.assignment(child.node),
                Kind::AugmentedAssignment => self.aug_assignment(child.node),
                _ => Stmt::Expr(self.expr(child.node)),
            },
            Some(_) => {
                let items = self.elements(range);
                let span = self.span_of(node);
                Stmt::Expr(self.add(Expr::Tuple(items), span))
            }
            None => Stmt::Expr(self.error(node)),
        }
    }

    /// `a = b = value` nests to the right: walked in a loop.
    fn assignment(&mut self, node: Node<'t>) -> Stmt {
        let mut lefts = Vec::with_capacity(1);
        let mut inner = node;
        let (annotation, right) = loop {
            let range = self.push_children(inner);
            let annotation = self.child(&range, Field::Type);
            let right = self.child(&range, Field::Right);
            lefts.extend(self.child(&range, Field::Left));
            self.children.truncate(range.start);
            match right {
                Some(next) if annotation.is_none() && Kind::of(next) == Kind::Assignment => inner = next,
                right => break (annotation, right),
            }
        };
        match (annotation, lefts.as_slice()) {
            (Some(annotation), [target]) => Stmt::AnnAssign {
                target: self.expr(*target),
                annotation: self.annotation(annotation),
                value: right.map(|right| self.expr(right)),
            },
            (None, lefts) => Stmt::Assign {
                targets: lefts.iter().map(|left| self.expr(*left)).collect(),
                value: self.required(right, node),
            },
            // `a = b: int` is no Python, though the grammar takes it.
            _ => Stmt::Expr(self.error(node)),
        }
    }

    fn aug_assignment(&mut self, node: Node<'t>) -> Stmt {
        let range = self.push_children(node);
        let left = self.child(&range, Field::Left);
        let right = self.child(&range, Field::Right);
        let op = self.children[range.clone()]
            .iter()
            .find(|child| child.field == Field::Operator)
            .map(|child| self.text_of(child.node).trim_end_matches('='))
            .and_then(super::expr::binary_op);
        self.children.truncate(range.start);
        let target = self.required(left, node);
        let value = self.required(right, node);
        match op {
            Some(op) => Stmt::AugAssign { target, op, value },
            None => Stmt::Expr(self.error(node)),
        }
    }

    fn import_names(&mut self, range: &Range<usize>) -> Vec<ImportName> {
        let mut names = Vec::new();
        for i in range.clone() {
            let child = self.children[i];
            if child.field == Field::Name || child.kind == Kind::WildcardImport {
                names.extend(self.import_name(child));
            }
        }
        names
    }

    fn import_name(&mut self, child: Child<'t>) -> Option<ImportName> {
        let (named, alias) = match child.kind {
            Kind::WildcardImport => {
                let span = self.span_of(child.node);
                let name_at = self.add(Expr::Name("*".into()), span);
                return Some(ImportName {
                    name: "*".into(),
                    name_at,
                    alias: None,
                });
            }
            Kind::AliasedImport => {
                let range = self.push_children(child.node);
                let parts = (self.child(&range, Field::Name), self.child(&range, Field::Alias));
                self.children.truncate(range.start);
                (parts.0?, parts.1)
            }
            Kind::DottedName => (child.node, None),
            _ => return None,
        };
        let (name, name_at) = self.dotted(named);
        let alias = alias.map(|alias| self.name(alias));
        Some(ImportName { name, name_at, alias })
    }

    fn import_from(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let module = self.child(range, Field::ModuleName);
        let (level, dotted) = match module {
            Some(module) if Kind::of(module) == Kind::RelativeImport => {
                let inner = self.push_children(module);
                let prefix = self.child_of_kind(&inner, Kind::ImportPrefix);
                let dotted = self.child_of_kind(&inner, Kind::DottedName);
                self.children.truncate(inner.start);
                let dots = prefix.map_or("", |prefix| self.text_of(prefix));
                (dots.bytes().filter(|b| *b == b'.').count() as u32, dotted)
            }
            other => (0, other),
        };
        let name = dotted.map(|node| self.dotted_parts(node)).unwrap_or_default();
        let span = self.span_of(module.unwrap_or(node));
        let module_at = self.add(Expr::Name(name.clone()), span);
        Stmt::ImportFrom {
            level,
            module: name,
            module_at,
            names: self.import_names(range),
        }
    }

    fn future_import(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let module = self.children[range.clone()].get(1).map_or(node, |child| child.node);
        let span = self.span_of(module);
        let module_at = self.add(Expr::Name("__future__".into()), span);
        Stmt::ImportFrom {
            level: 0,
            module: "__future__".into(),
            module_at,
            names: self.import_names(range),
        }
    }

    fn identifiers(&mut self, range: &Range<usize>) -> Vec<smol_str::SmolStr> {
        self.children[range.clone()]
            .iter()
            .filter(|child| child.kind == Kind::Identifier)
            .map(|child| self.text_of(child.node).into())
            .collect()
    }

    fn delete_targets(&mut self, range: &Range<usize>) -> Vec<ExprId> {
        let list = self.child_of_kind(range, Kind::ExpressionList);
        match list {
            Some(list) => {
                let inner = self.push_children(list);
                let targets = self.elements(&inner);
                self.children.truncate(inner.start);
                targets
            }
            None => self.elements(range),
        }
    }

    fn type_alias(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let left = self.child(range, Field::Left);
        let right = self.child(range, Field::Right);
        let mut name = left;
        let mut params = None;
        // `type` wraps an identifier, or a generic type of an identifier and its parameters.
        while let Some(inner) = name.filter(|inner| matches!(Kind::of(*inner), Kind::Type | Kind::GenericType)) {
            let range = self.push_children(inner);
            params = params.or(self.child_of_kind(&range, Kind::TypeParameter));
            name = self.children[range.clone()].first().map(|child| child.node);
            self.children.truncate(range.start);
        }
        let name = match name {
            Some(name) if Kind::of(name) == Kind::Identifier => self.name(name),
            // `type(x).y = 1` is read as an alias.
            _ => return self.assignment_to_type(node, right),
        };
        let type_params = params.map(|params| self.type_params(params)).unwrap_or_default();
        let value = match right {
            Some(right) => self.annotation(right),
            None => self.error(node),
        };
        Stmt::TypeAlias {
            name,
            type_params,
            value,
        }
    }

    /// The assignment to an attribute of a type: what is changed is not known.
    fn assignment_to_type(&mut self, node: Node<'t>, value: Option<Node<'t>>) -> Stmt {
        let targets = vec![self.error(node)];
        let value = self.required(value, node);
        Stmt::Assign { targets, value }
    }

    /// `elif` clauses become nested `if`s, made from the last to the first.
    fn if_stmt(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let test = self.child(range, Field::Condition);
        let test = self.required(test, node);
        let body = self.child(range, Field::Consequence);
        let body = self.block_in(body);
        let mut arms = Vec::new();
        let mut orelse = Vec::new();
        for i in range.clone() {
            let child = self.children[i];
            let inner = match child.kind {
                Kind::ElifClause | Kind::ElseClause => self.push_children(child.node),
                _ => continue,
            };
            if child.kind == Kind::ElifClause {
                let test = self.child(&inner, Field::Condition);
                let test = self.required(test, child.node);
                let body = self.child(&inner, Field::Consequence);
                let body = self.block_in(body);
                arms.push((test, body, self.span_of(child.node)));
            } else {
                let body = self.child(&inner, Field::Body);
                orelse = self.block_in(body);
            }
            self.children.truncate(inner.start);
        }
        let end = self.span_of(node).end;
        for (test, body, span) in arms.into_iter().rev() {
            let span = Span::new(span.start, end);
            orelse = vec![self.add_stmt(Stmt::If { test, body, orelse }, span)];
        }
        Stmt::If { test, body, orelse }
    }

    fn for_stmt(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let is_async = self.is_async(range);
        let target = self.child(range, Field::Left);
        let target = self.required(target, node);
        let iter = self.child(range, Field::Right);
        let iter = self.required(iter, node);
        let body = self.child(range, Field::Body);
        let body = self.block_in(body);
        let orelse = self.clause_body(range, Kind::ElseClause);
        Stmt::For {
            target,
            iter,
            body,
            orelse,
            is_async,
        }
    }

    fn while_stmt(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let test = self.child(range, Field::Condition);
        let test = self.required(test, node);
        let body = self.child(range, Field::Body);
        let body = self.block_in(body);
        let orelse = self.clause_body(range, Kind::ElseClause);
        Stmt::While { test, body, orelse }
    }

    /// The block of the first clause of a kind.
    fn clause_body(&mut self, range: &Range<usize>, kind: Kind) -> Block {
        let Some(clause) = self.child_of_kind(range, kind) else {
            return Vec::new();
        };
        let inner = self.push_children(clause);
        let body = self.child_of_kind(&inner, Kind::Block);
        let body = self.block_in(body);
        self.children.truncate(inner.start);
        body
    }

    fn try_stmt(&mut self, range: &Range<usize>) -> Stmt {
        let body = self.child(range, Field::Body);
        let body = self.block_in(body);
        let mut handlers = Vec::new();
        for i in range.clone() {
            let child = self.children[i];
            if child.kind == Kind::ExceptClause {
                handlers.push(self.handler(child.node));
            }
        }
        let orelse = self.clause_body(range, Kind::ElseClause);
        let finally = self.clause_body(range, Kind::FinallyClause);
        Stmt::Try {
            body,
            handlers,
            orelse,
            finally,
        }
    }

    fn handler(&mut self, node: Node<'t>) -> Handler {
        let range = self.push_children(node);
        let values: Vec<Node<'t>> = self.children[range.clone()]
            .iter()
            .filter(|child| child.field == Field::Value && child.kind != Kind::Token)
            .map(|child| child.node)
            .collect();
        let alias = self.child(&range, Field::Alias);
        let block = self.child_of_kind(&range, Kind::Block);
        self.children.truncate(range.start);
        let (types, name) = match values.as_slice() {
            [] => (None, None),
            [one] => {
                let (value, target) = self.as_parts(*one);
                let types = self.expr(value);
                (Some(types), target.or(alias).map(|target| self.expr(target)))
            }
            // `except A, B:` (PEP 758).
            [first, .., last] => {
                let span = self.span(first.start_byte(), last.end_byte());
                let types = values.iter().map(|value| self.expr(*value)).collect();
                (Some(self.add(Expr::Tuple(types), span)), None)
            }
        };
        let body = self.block_in(block);
        Handler { types, name, body }
    }

    /// Splits `value as target`; other nodes have no target.
    fn as_parts(&mut self, node: Node<'t>) -> (Node<'t>, Option<Node<'t>>) {
        if Kind::of(node) != Kind::AsPattern {
            return (node, None);
        }
        let range = self.push_children(node);
        let value = self.children[range.clone()].first().map_or(node, |child| child.node);
        let target = self.child(&range, Field::Alias);
        self.children.truncate(range.start);
        (value, target)
    }

    fn with_stmt(&mut self, range: &Range<usize>) -> Stmt {
        let is_async = self.is_async(range);
        let mut nodes = Vec::new();
        if let Some(clause) = self.child_of_kind(range, Kind::WithClause) {
            self.with_items(clause, &mut nodes);
        }
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            let (value, target) = self.as_parts(node);
            let value = self.expr(value);
            items.push((value, target.map(|target| self.expr(target))));
        }
        let body = self.child(range, Field::Body);
        let body = self.block_in(body);
        Stmt::With { items, body, is_async }
    }

    /// The items of a `with`. What stands alone in parentheses is a list of items (PEP 617), though the tree says tuple.
    fn with_items(&mut self, clause: Node<'t>, items: &mut Vec<Node<'t>>) {
        let range = self.push_children(clause);
        for i in range.clone() {
            let child = self.children[i];
            if child.kind == Kind::WithItem {
                let inner = self.push_children(child.node);
                items.extend(self.child(&inner, Field::Value));
                self.children.truncate(inner.start);
            }
        }
        self.children.truncate(range.start);
        if let [alone] = items.as_slice()
            && matches!(Kind::of(*alone), Kind::Tuple | Kind::ParenthesizedExpression)
        {
            let inner = self.push_children(*alone);
            *items = self.children[inner.clone()]
                .iter()
                .filter(|child| child.kind != Kind::Token)
                .map(|child| child.node)
                .collect();
            self.children.truncate(inner.start);
        }
    }

    fn match_stmt(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let subjects: Vec<Node<'t>> = self.children[range.clone()]
            .iter()
            .filter(|child| child.field == Field::Subject && child.kind != Kind::Token)
            .map(|child| child.node)
            .collect();
        let subject = match subjects.as_slice() {
            [] => self.error(node),
            [one] => self.expr(*one),
            [first, .., last] => {
                let span = self.span(first.start_byte(), last.end_byte());
                let items = subjects.iter().map(|subject| self.expr(*subject)).collect();
                self.add(Expr::Tuple(items), span)
            }
        };
        let mut cases = Vec::new();
        if let Some(body) = self.child(range, Field::Body) {
            let inner = self.push_children(body);
            for i in inner.clone() {
                let child = self.children[i];
                if child.kind == Kind::CaseClause {
                    cases.push(self.case(child.node));
                }
            }
            self.children.truncate(inner.start);
        }
        Stmt::Match { subject, cases }
    }

    fn case(&mut self, node: Node<'t>) -> MatchCase {
        let range = self.push_children(node);
        let patterns: Vec<Node<'t>> = self.children[range.clone()]
            .iter()
            .filter(|child| child.kind == Kind::CasePattern)
            .map(|child| child.node)
            .collect();
        let guard = self.child(&range, Field::Guard);
        let body = self.child(&range, Field::Consequence);
        let has_comma = self.children[range.clone()]
            .iter()
            .any(|child| child.kind == Kind::Token && self.text_of(child.node) == ",");
        self.children.truncate(range.start);
        let pattern = match patterns.as_slice() {
            [one] if !has_comma => self.pattern(*one),
            patterns => self.sequence_pattern(patterns),
        };
        let guard = guard.map(|guard| {
            let inner = self.push_children(guard);
            let test = self.first_or_error(guard, &inner);
            self.children.truncate(inner.start);
            test
        });
        let body = self.block_in(body);
        MatchCase { pattern, guard, body }
    }

    fn decorated(&mut self, node: Node<'t>, range: &Range<usize>) -> Stmt {
        let mut decorators = Vec::new();
        for i in range.clone() {
            let child = self.children[i];
            if child.kind == Kind::Decorator {
                let inner = self.push_children(child.node);
                decorators.push(self.first_or_error(child.node, &inner));
                self.children.truncate(inner.start);
            }
        }
        let Some(definition) = self.child(range, Field::Definition) else {
            return Stmt::Expr(self.error(node));
        };
        let inner = self.push_children(definition);
        match Kind::of(definition) {
            Kind::FunctionDefinition => self.function(definition, &inner, decorators),
            Kind::ClassDefinition => self.class(definition, &inner, decorators),
            _ => Stmt::Expr(self.error(node)),
        }
    }

    fn definition_name(&mut self, node: Node<'t>, range: &Range<usize>) -> ExprId {
        match self.child(range, Field::Name) {
            Some(name) => self.name(name),
            None => self.error(node),
        }
    }

    fn function(&mut self, node: Node<'t>, range: &Range<usize>, decorators: Vec<ExprId>) -> Stmt {
        let is_async = self.is_async(range);
        let name = self.definition_name(node, range);
        let type_params = self.child(range, Field::TypeParameters);
        let type_params = type_params.map(|node| self.type_params(node)).unwrap_or_default();
        let params = self.child(range, Field::Parameters);
        let params = params.map_or_else(Params::default, |node| self.params(node));
        let returns = self.child(range, Field::ReturnType);
        let returns = returns.map(|node| self.annotation(node));
        let body = self.child(range, Field::Body);
        let (body, is_generator) = self.function_body(body);
        Stmt::Function(Box::new(Function {
            name,
            decorators,
            type_params,
            params,
            returns,
            is_async,
            is_generator,
            body,
        }))
    }

    fn function_body(&mut self, body: Option<Node<'t>>) -> (FunctionBody, bool) {
        if let Some(known) = body.and_then(|body| self.known_body(body)) {
            let is_generator = known.is_generator;
            return (FunctionBody::Unit(self.reused_unit(known)), is_generator);
        }
        let outer_yields = std::mem::replace(&mut self.yields, false);
        let body = if self.in_function {
            FunctionBody::Block(self.block_in(body))
        } else {
            self.in_function = true;
            let unit = self.in_new_unit(|lowerer| lowerer.block_in(body));
            self.in_function = false;
            FunctionBody::Unit(unit)
        };
        (body, std::mem::replace(&mut self.yields, outer_yields))
    }

    fn class(&mut self, node: Node<'t>, range: &Range<usize>, decorators: Vec<ExprId>) -> Stmt {
        let name = self.definition_name(node, range);
        let type_params = self.child(range, Field::TypeParameters);
        let type_params = type_params.map(|node| self.type_params(node)).unwrap_or_default();
        let args = self.child(range, Field::Superclasses);
        let args = args.map(|node| self.args(node)).unwrap_or_default();
        let body = self.child(range, Field::Body);
        let body = self.block_in(body);
        Stmt::Class(Box::new(Class {
            name,
            decorators,
            type_params,
            args,
            body,
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::tests::check;

    #[test]
    fn simple_statements() {
        check(&[
            ("a = b = 1", "(= a b 1)"),
            ("a = b: c", "<error>"),
            ("(a) = b", "(= a b)"),
            ("a, *b = c", "(= (tuple a *b) c)"),
            ("a.b[c] = d", "(= ([] (. a b) c) d)"),
            ("a += 1; b //= 2", "(Add= a 1)\n(FloorDiv= b 2)"),
            ("del a, b[c]", "(del a ([] b c))"),
            ("assert x, 'm'", "(assert x)"),
            ("raise A from b", "(raise A)"),
            ("raise", "(raise -)"),
            ("type A[T, *Ts] = list[T]", "(type A [T *Ts] ([] list T))"),
            ("type A = 'B'", "(type A (quoted \"B\" B))"),
            ("type = 1", "(= type 1)"),
            ("type(x).y = 1", "(= <error> 1)"),
            ("print 'x'", "<error>"),
        ]);
    }

    #[test]
    fn imports() {
        check(&[
            ("import a, b.c as d", "(import a (as b.c d))"),
            ("from . import x", "(from . x)"),
            ("from .. a . b import (x as y, z,)", "(from ..a.b (as x y) z)"),
            ("from a import *", "(from a *)"),
            ("from __future__ import annotations", "(from __future__ annotations)"),
        ]);
    }

    #[test]
    fn blocks() {
        check(&[
            (
                "if a: pass\nelif b:\n    c\nelif d: e\nelse: f",
                "(if a)\n  (pass)\n(else)\n  (if b)\n    c\n  (else)\n    (if d)\n      e\n    (else)\n      f",
            ),
            (
                "for a, b in c: break\nelse: pass",
                "(for (tuple a b) c)\n  (break)\n(else)\n  (pass)",
            ),
            (
                "async for a in b, c: continue",
                "(async for a (tuple b c))\n  (continue)",
            ),
            ("while a: pass\nelse: b", "(while a)\n  (pass)\n(else)\n  b"),
            (
                "try: a\nexcept (B, C) as d: e\nexcept F: g\nexcept: h\nelse: i\nfinally: j",
                "(try)\n  a\n(except (tuple B C) d)\n  e\n(except F -)\n  g\n(except - -)\n  h\n(else)\n  i\n(finally)\n  j",
            ),
            ("try: a\nexcept* B as c: d", "(try)\n  a\n(except B c)\n  d"),
            ("try: a\nexcept A, B: c", "(try)\n  a\n(except (tuple A B) -)\n  c"),
            ("with a as b, c: d", "(with (as a b) c)\n  d"),
            (
                "with (a as b, c as (d, e),): f",
                "(with (as a b) (as c (tuple d e)))\n  f",
            ),
            ("with (a, b): c", "(with a b)\n  c"),
            ("with (a): c", "(with a)\n  c"),
            ("with (a as b): c", "(with (as a b))\n  c"),
            ("with (a, b) as c: d", "(with (as (tuple a b) c))\n  d"),
            ("async with a(): b", "(async with (call a))\n  b"),
            ("with (yield x): c", "(with (yield x))\n  c"),
        ]);
    }

    #[test]
    fn definitions() {
        check(&[
            (
                "@a\n@b.c(d)\nasync def f[T: int, **P](x, /, y: int = 1, *args: *Ts, z, **kw: 'A') -> 'B': yield",
                "@a\n@(call (. b c) d)\n(async def f [T:int *P] (/x y:int=1 *args:*Ts kw:z **kw:(quoted \"A\" A)) -> (quoted \"B\" B) yields unit 1)",
            ),
            ("def f(a, *, b=1): pass", "(def f (a kw:b=1) unit 1)"),
            (
                "class A[T](B[T], metaclass=M, *c, **d):\n    'doc'\n    x: int = 1\n    class C: pass",
                "(class A [T] (([] B T) metaclass=M *c **d))\n  \"doc\"\n  (: x int 1)\n  (class C ())\n    (pass)",
            ),
            ("def f(print, match, type): pass", "(def f (print match type) unit 1)"),
        ]);
    }

    #[test]
    fn matches() {
        check(&[
            (
                "match a, b:\n    case 1 | 'x': c\n    case -1: d\n    case X.y: e\n    case z if z: f\n    case {'k': v, **rest}: g\n    case P(q, r=s) as t: h\n    case [u, *w]: i\n    case j, k: l\n    case (o): p\n    case None: m\n    case _: n",
                "(match (tuple a b))\n  (case (or 1 \"x\"))\n    c\n  (case (Minus 1))\n    d\n  (case (. X y))\n    e\n  (case (capture z) if z)\n    f\n  (case (other v rest))\n    g\n  (case (other q s t))\n    h\n  (case (other u w))\n    i\n  (case (other j k))\n    l\n  (case (capture o))\n    p\n  (case None)\n    m\n  (case _)\n    n",
            ),
            ("match = 1", "(= match 1)"),
        ]);
    }
}
