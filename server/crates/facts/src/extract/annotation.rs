//! Annotations: what stands in brackets, types that the grammar has nodes of their own for, and where strings are read as
//! forward references.

use super::Lowerer;
use super::expr::Strings;
use crate::program::{BinaryOp, Expr, ExprId};
use base::Span;
use smol_str::SmolStr;
use std::ops::Range;
use syntax::{Field, Kind, Node};

/// A subscript that decides how strings in it are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    None,
    /// Strings are values.
    Literal,
    /// Only the first argument is an annotation.
    Annotated,
}

impl<'t> Lowerer<'t> {
    /// What stands in the brackets behind `value`: a tuple where there is a comma.
    pub(super) fn index(&mut self, range: Range<usize>, value: ExprId, strings: Strings) -> ExprId {
        let special = match strings {
            Strings::Plain => Special::None,
            Strings::Quoted => self.special(value),
        };
        let mut items = Vec::with_capacity(2);
        let mut has_comma = false;
        for i in range.clone() {
            let child = self.children[i];
            if child.kind == Kind::Token {
                has_comma |= self.text_of(child.node) == ",";
                continue;
            }
            let inner = match special {
                Special::Literal => Strings::Plain,
                Special::Annotated if !items.is_empty() => Strings::Plain,
                _ => strings,
            };
            items.push(self.expr_with(child.node, inner));
        }
        match items.as_slice() {
            [one] if !has_comma && !matches!(self.unit[*one], Expr::Starred(_)) => *one,
            _ => {
                let span = self.inside_brackets(range);
                self.add(Expr::Tuple(items), span)
            }
        }
    }

    /// From the first to the last child in `range` that is no bracket.
    fn inside_brackets(&self, range: Range<usize>) -> Span {
        let mut inner = self.children[range]
            .iter()
            .filter(|child| child.kind != Kind::Token)
            .map(|child| self.span_of(child.node));
        let first = inner.next().unwrap_or_default();
        Span::new(first.start, inner.next_back().unwrap_or(first).end)
    }

    fn special(&self, value: ExprId) -> Special {
        match &self.unit[value] {
            Expr::Name(name) | Expr::Attr { name, .. } => match name.as_str() {
                "Literal" => Special::Literal,
                "Annotated" => Special::Annotated,
                _ => Special::None,
            },
            _ => Special::None,
        }
    }

    /// `list[int]` in an annotation is a node of its own.
    pub(super) fn generic_type(&mut self, range: &Range<usize>, strings: Strings) -> Expr {
        let (Some(name), Some(params)) = (self.nth_node(range, 0), self.nth_node(range, 1)) else {
            return Expr::Error;
        };
        let value = self.expr_with(name, strings);
        let inner = self.push_children(params);
        let start = inner.start;
        let index = self.index(inner, value, strings);
        self.children.truncate(start);
        Expr::Subscript { value, index }
    }

    /// `A | B | C`. The tree may nest it to the left, to the right and in both kinds of nodes; Python goes from the left.
    pub(super) fn union_type(&mut self, node: Node<'t>, strings: Strings) -> Expr {
        let mut members = Vec::new();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            match self.union_sides(node) {
                Some((left, right)) => pending.extend([right, left]),
                None => members.push(node),
            }
        }
        let start = node.start_byte();
        let mut members = members.into_iter();
        let Some(first) = members.next() else {
            return Expr::Error;
        };
        let mut value = self.expr_with(first, strings);
        let mut union = None;
        for member in members {
            if let Some((whole, end)) = union.take() {
                let span = self.span(start, end);
                value = self.add(whole, span);
            }
            let right = self.expr_with(member, strings);
            union = Some((Expr::Binary(value, BinaryOp::BitOr, right), member.end_byte()));
        }
        union.map_or(Expr::Error, |(union, _)| union)
    }

    /// Both sides of a union, seen through `type` nodes.
    fn union_sides(&mut self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let range = self.push_children(node);
        let first = self.children[range.clone()].first().copied();
        let sides = match Kind::of(node) {
            Kind::Type => {
                self.children.truncate(range.start);
                return match first {
                    Some(only) if matches!(only.kind, Kind::UnionType | Kind::BinaryOperator) => {
                        self.union_sides(only.node)
                    }
                    _ => None,
                };
            }
            Kind::UnionType => self.nth_node(&range, 0).zip(self.nth_node(&range, 1)),
            Kind::BinaryOperator => {
                let is_union = self.children[range.clone()]
                    .iter()
                    .any(|child| child.field == Field::Operator && self.text_of(child.node) == "|");
                let sides = self.nth_node(&range, 0).zip(self.nth_node(&range, 1));
                sides.filter(|_| is_union)
            }
            _ => None,
        };
        self.children.truncate(range.start);
        sides
    }

    pub(super) fn member_type(&mut self, range: &Range<usize>, strings: Strings) -> Expr {
        let (Some(value), Some(name)) = (self.nth_node(range, 0), self.nth_node(range, 1)) else {
            return Expr::Error;
        };
        let value = self.expr_with(value, strings);
        let name_at = self.name(name);
        Expr::Attr {
            value,
            name: SmolStr::new(self.text_of(name)),
            name_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::tests::check;

    #[test]
    fn annotations() {
        check(&[
            ("x: list[int] | None", "(: x (BitOr ([] list int) None) -)"),
            (
                "x: list[A] | B | C | D[E] | F",
                "(: x (BitOr (BitOr (BitOr (BitOr ([] list A) B) C) ([] D E)) F) -)",
            ),
            ("x: A | B | C = 1", "(: x (BitOr (BitOr A B) C) 1)"),
            ("x: 'A'", "(: x (quoted \"A\" A) -)"),
            (
                "x: 'a.B[int] | None' = 'y'",
                "(: x (quoted \"a.B[int] | None\" (BitOr ([] (. a B) int) None)) \"y\")",
            ),
            ("x: dict[str, 'A']", "(: x ([] dict (tuple str (quoted \"A\" A))) -)"),
            ("x: t.List['A']", "(: x ([] (. t List) (quoted \"A\" A)) -)"),
            ("x: Literal['A', 'B']", "(: x ([] Literal (tuple \"A\" \"B\")) -)"),
            (
                "x: Annotated['A', Query(alias='b'), 'c']",
                "(: x ([] Annotated (tuple (quoted \"A\" A) (call Query alias=\"b\") \"c\")) -)",
            ),
            (
                "x: Callable[['A'], 'B']",
                "(: x ([] Callable (tuple (list (quoted \"A\" A)) (quoted \"B\" B))) -)",
            ),
            ("x: 'not an expression'", "(: x \"not an expression\" -)"),
            ("x: ''", "(: x \"\" -)"),
            (
                "x: 'list[\"A\"]'",
                "(: x (quoted \"list[\\\"A\\\"]\" ([] list (quoted \"A\" A))) -)",
            ),
            ("x: tuple[*Ts]", "(: x ([] tuple (tuple *Ts)) -)"),
            ("x: list[int,]", "(: x ([] list (tuple int)) -)"),
            ("x: None", "(: x None -)"),
            ("x: (A)", "(: x A -)"),
        ]);
    }
}
