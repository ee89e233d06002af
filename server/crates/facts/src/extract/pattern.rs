//! Patterns of `match` statements.

use super::Lowerer;
use crate::program::{Expr, ExprId, Pattern};
use syntax::{Kind, Node};

impl<'t> Lowerer<'t> {
    /// A `case_pattern`, or a pattern inside one.
    pub(super) fn pattern(&mut self, node: Node<'t>) -> Pattern {
        self.deeper(|lowerer| lowerer.pattern_here(node))
            .unwrap_or_else(|| Pattern::Other(Vec::new()))
    }

    fn pattern_here(&mut self, node: Node<'t>) -> Pattern {
        match Kind::of(node) {
            Kind::CasePattern => self.case_pattern(node),
            Kind::UnionPattern => {
                let range = self.push_children(node);
                let mut alternatives = Vec::new();
                for i in range.clone() {
                    let child = self.children[i];
                    if child.kind != Kind::Token || self.text_of(child.node) == "_" {
                        alternatives.push(self.pattern(child.node));
                    }
                }
                self.children.truncate(range.start);
                Pattern::Or(alternatives)
            }
            Kind::DottedName => self.dotted_pattern(node),
            Kind::ClassPattern => self.class_pattern(node),
            Kind::TuplePattern => match self.parenthesized(node) {
                Some(inner) => self.pattern(inner),
                None => self.other_pattern(node),
            },
            Kind::Token if self.text_of(node) == "_" => Pattern::Wildcard,
            Kind::String
            | Kind::ConcatenatedString
            | Kind::Integer
            | Kind::Float
            | Kind::True
            | Kind::False
            | Kind::None => Pattern::Value(self.expr(node)),
            _ => self.other_pattern(node),
        }
    }

    fn class_pattern(&mut self, node: Node<'t>) -> Pattern {
        let range = self.push_children(node);
        let children = self.children[range.clone()].iter();
        let parts: Vec<(Kind, Node<'t>)> = children.map(|child| (child.kind, child.node)).collect();
        self.children.truncate(range.start);
        let Some(((Kind::DottedName, name), inner)) = parts.split_first() else {
            return self.other_pattern(node);
        };
        let parts = self.parts_of_name(*name);
        let class = self.attributes(&parts, *name);
        let mut names = Vec::new();
        self.bound_names(node, &mut names);
        Pattern::Class {
            class,
            is_bare: inner.iter().all(|(kind, _)| *kind == Kind::Token),
            names,
        }
    }

    fn other_pattern(&mut self, node: Node<'t>) -> Pattern {
        self.sequence_pattern(&[node])
    }

    /// `case a, b:`; the sequence itself is not looked into.
    pub(super) fn sequence_pattern(&mut self, patterns: &[Node<'t>]) -> Pattern {
        let mut names = Vec::new();
        for pattern in patterns {
            self.bound_names(*pattern, &mut names);
        }
        Pattern::Other(names)
    }

    fn case_pattern(&mut self, node: Node<'t>) -> Pattern {
        let range = self.push_children(node);
        let first = self.children[range.clone()].first().copied();
        let count = range.len();
        self.children.truncate(range.start);
        match first {
            Some(child) if count == 1 => self.pattern(child.node),
            // `-1`: the sign is a child of its own.
            Some(_) if count == 2 => {
                let negative = self.negative(node);
                Pattern::Value(negative)
            }
            _ => Pattern::Other(Vec::new()),
        }
    }

    fn negative(&mut self, node: Node<'t>) -> ExprId {
        let range = self.push_children(node);
        let number = self.children[range.clone()].last().map(|child| child.node);
        self.children.truncate(range.start);
        let span = self.span_of(node);
        match number {
            Some(number) => {
                let value = self.expr(number);
                self.add(Expr::Unary(crate::program::UnaryOp::Minus, value), span)
            }
            None => self.add(Expr::Error, span),
        }
    }

    fn dotted_pattern(&mut self, node: Node<'t>) -> Pattern {
        let names = self.parts_of_name(node);
        match names.as_slice() {
            [name] if self.text_of(*name) == "_" => Pattern::Wildcard,
            [name] => Pattern::Capture(self.name(*name)),
            names => Pattern::Value(self.attributes(names, node)),
        }
    }

    /// The names of a `dotted_name`.
    fn parts_of_name(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let range = self.push_children(node);
        let children = self.children[range.clone()].iter();
        let names = children.filter(|child| child.kind == Kind::Identifier);
        let names = names.map(|child| child.node).collect();
        self.children.truncate(range.start);
        names
    }

    fn attributes(&mut self, names: &[Node<'t>], whole: Node<'t>) -> ExprId {
        let Some((first, rest)) = names.split_first() else {
            return self.error(whole);
        };
        let start = first.start_byte();
        let mut value = self.name(*first);
        for name in rest {
            let name_at = self.name(*name);
            let span = self.span(start, name.end_byte());
            let name = self.text_of(*name).into();
            value = self.add(Expr::Attr { value, name, name_at }, span);
        }
        value
    }

    /// Collects the names that a pattern binds.
    fn bound_names(&mut self, node: Node<'t>, names: &mut Vec<ExprId>) {
        // Deeper than CPython reads, there is nothing to bind.
        let _ = self.deeper(|lowerer| lowerer.bound_names_here(node, names));
    }

    fn bound_names_here(&mut self, node: Node<'t>, names: &mut Vec<ExprId>) {
        let kind = Kind::of(node);
        if kind == Kind::DottedName {
            if let Pattern::Capture(name) = self.dotted_pattern(node) {
                names.push(name);
            }
            return;
        }
        let range = self.push_children(node);
        for (nth, i) in range.clone().enumerate() {
            let child = self.children[i];
            let binds = match (kind, child.kind) {
                // The class of `Point(x=0)` and the keyword of `x=0` are read.
                (Kind::ClassPattern | Kind::KeywordPattern, _) if nth == 0 => false,
                (Kind::AsPattern | Kind::SplatPattern, Kind::Identifier) => {
                    let name = self.name(child.node);
                    names.push(name);
                    false
                }
                (_, child) => child != Kind::Token,
            };
            if binds {
                self.bound_names(child.node, names);
            }
        }
        self.children.truncate(range.start);
    }
}
