//! Expressions.

use super::{Child, Lowerer};
use crate::program::{Arg, BinaryOp, CompareOp, ComprehensionKind, Expr, ExprId, ForClause, Params, UnaryOp};
use smol_str::SmolStr;
use std::ops::Range;
use syntax::{Field, Kind, Node};

/// The operator that is written `text`.
pub(super) fn binary_op(text: &str) -> Option<BinaryOp> {
    Some(match text {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "@" => BinaryOp::MatMul,
        "/" => BinaryOp::Div,
        "//" => BinaryOp::FloorDiv,
        "%" => BinaryOp::Mod,
        "**" => BinaryOp::Pow,
        "<<" => BinaryOp::LShift,
        ">>" => BinaryOp::RShift,
        "|" => BinaryOp::BitOr,
        "^" => BinaryOp::BitXor,
        "&" => BinaryOp::BitAnd,
        _ => return None,
    })
}

fn compare_op(text: &str) -> Option<CompareOp> {
    Some(match text {
        "==" => CompareOp::Eq,
        "!=" => CompareOp::NotEq,
        "<" => CompareOp::Lt,
        "<=" => CompareOp::LtE,
        ">" => CompareOp::Gt,
        ">=" => CompareOp::GtE,
        "in" => CompareOp::In,
        "is" => CompareOp::Is,
        text if text.starts_with("not") => CompareOp::NotIn,
        text if text.starts_with("is") => CompareOp::IsNot,
        _ => return None,
    })
}

/// How the strings of an expression are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strings {
    /// As strings.
    Plain,
    /// As forward references, since they stand in an annotation.
    Quoted,
}

impl<'t> Lowerer<'t> {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> ExprId {
        self.expr_with(node, Strings::Plain)
    }

    /// Lowers an annotation: strings in it are forward references.
    pub(super) fn annotation(&mut self, node: Node<'t>) -> ExprId {
        self.expr_with(node, Strings::Quoted)
    }

    pub(super) fn expr_with(&mut self, node: Node<'t>, strings: Strings) -> ExprId {
        let kind = Kind::of(node);
        let start = node.start_byte();
        let has_star = self.text.as_bytes().get(start) == Some(&b'*');
        if has_star && !is_splat(kind) && self.star_at != Some(start) {
            return self.misplaced_star(node, strings);
        }
        match kind {
            Kind::Identifier => self.name(node),
            _ if is_chained(kind) => self.chain(node, strings),
            _ => self
                .deeper(|lowerer| lowerer.expr_of_kind(kind, node, strings))
                .unwrap_or_else(|| self.error(node)),
        }
    }

    /// `*a.b()` as an element: the grammar puts the star on `a` alone.
    fn misplaced_star(&mut self, node: Node<'t>, strings: Strings) -> ExprId {
        let outer = self.star_at.replace(node.start_byte());
        let value = self.expr_with(node, strings);
        self.star_at = outer;
        let span = self.span_of(node);
        self.add(Expr::Starred(value), span)
    }

    /// Goes down the left of `a.b(c)[d] + e` and lowers it from the inside out.
    fn chain(&mut self, node: Node<'t>, strings: Strings) -> ExprId {
        let start = self.links.len();
        self.cursor.reset(node);
        while is_chained(Kind::of(self.cursor.node())) {
            self.links.push(self.cursor.node());
            if !self.enter_first_child() {
                self.links.truncate(start);
                return self.error(node);
            }
        }
        let inner = self.cursor.node();
        let mut value = self.expr_with(inner, strings);
        while self.links.len() > start {
            let Some(link) = self.links.pop() else { break };
            value = self
                .deeper(|lowerer| lowerer.link(link, value, strings))
                .unwrap_or_else(|| self.error(link));
        }
        value
    }

    /// Moves the cursor to the first child that is no comment.
    fn enter_first_child(&mut self) -> bool {
        let mut found = self.cursor.goto_first_child();
        while found && Kind::of(self.cursor.node()).is_extra() {
            found = self.cursor.goto_next_sibling();
        }
        found
    }

    /// Lowers one node of a chain whose left part is `value`.
    fn link(&mut self, node: Node<'t>, value: ExprId, strings: Strings) -> ExprId {
        let range = self.push_children(node);
        let start = range.start;
        let expr = match Kind::of(node) {
            Kind::Attribute => self.attribute(&range, value),
            Kind::Call => self.call(&range, value),
            Kind::Subscript => self.subscript(&range, value, strings),
            _ => self.binary(&range, value, strings),
        };
        self.children.truncate(start);
        let span = self.span_of(node);
        self.add(expr, span)
    }

    fn attribute(&mut self, range: &Range<usize>, value: ExprId) -> Expr {
        let Some(attribute) = self.child(range, Field::Attribute) else {
            return Expr::Error;
        };
        let name_at = self.name(attribute);
        let name = SmolStr::new(self.text_of(attribute));
        Expr::Attr { value, name, name_at }
    }

    fn call(&mut self, range: &Range<usize>, func: ExprId) -> Expr {
        let args = match self.child(range, Field::Arguments) {
            Some(node) if Kind::of(node) == Kind::ArgumentList => self.args(node),
            Some(generator) => vec![Arg::Positional(self.expr(generator))],
            None => Vec::new(),
        };
        Expr::Call { func, args }
    }

    fn subscript(&mut self, range: &Range<usize>, value: ExprId, strings: Strings) -> Expr {
        let index = self.index(range.start + 1..range.end, value, strings);
        Expr::Subscript { value, index }
    }

    fn binary(&mut self, range: &Range<usize>, left: ExprId, strings: Strings) -> Expr {
        let op = self.children[range.clone()]
            .iter()
            .find(|child| child.field == Field::Operator)
            .and_then(|child| binary_op(self.text_of(child.node)));
        let (Some(op), Some(right)) = (op, self.child(range, Field::Right)) else {
            return Expr::Error;
        };
        Expr::Binary(left, op, self.expr_with(right, strings))
    }

    /// Arguments of an `argument_list` node.
    pub(super) fn args(&mut self, node: Node<'t>) -> Vec<Arg> {
        let range = self.push_children(node);
        let mut args = Vec::with_capacity(range.len() / 2);
        for i in range.clone() {
            let child = self.children[i];
            let arg = match child.kind {
                Kind::Token => continue,
                Kind::ListSplat => Arg::Star(self.inner_expr(child.node, Strings::Plain)),
                Kind::DictionarySplat => Arg::DoubleStar(self.inner_expr(child.node, Strings::Plain)),
                Kind::KeywordArgument => self.keyword(child.node),
                _ => {
                    let value = self.expr(child.node);
                    match self.unit[value] {
                        Expr::Starred(value) => Arg::Star(value),
                        _ => Arg::Positional(value),
                    }
                }
            };
            args.push(arg);
        }
        self.children.truncate(range.start);
        args
    }

    fn keyword(&mut self, node: Node<'t>) -> Arg {
        let range = self.push_children(node);
        let parts = (self.child(&range, Field::Name), self.child(&range, Field::Value));
        self.children.truncate(range.start);
        let (Some(name), Some(value)) = parts else {
            return Arg::Positional(self.error(node));
        };
        let name_at = self.name(name);
        Arg::Keyword {
            name: SmolStr::new(self.text_of(name)),
            name_at,
            value: self.expr(value),
        }
    }

    fn expr_of_kind(&mut self, kind: Kind, node: Node<'t>, strings: Strings) -> ExprId {
        match kind {
            Kind::String | Kind::ConcatenatedString => return self.string(node, strings),
            Kind::ParenthesizedExpression | Kind::Type | Kind::AsPatternTarget => {
                return self.inner_expr(node, strings);
            }
            // The star was taken off already, as it belongs to what is around.
            Kind::ListSplat if self.star_at == Some(node.start_byte()) => return self.inner_expr(node, strings),
            Kind::TuplePattern => {
                if let Some(inner) = self.parenthesized(node) {
                    return self.expr_with(inner, strings);
                }
            }
            _ => {}
        }
        let expr = match kind {
            Kind::None => Expr::None,
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::Ellipsis => Expr::Ellipsis,
            Kind::Integer => integer(self.text_of(node)),
            Kind::Float => Expr::Number(SmolStr::new(self.text_of(node))),
            Kind::DottedName => Expr::Name(self.dotted_parts(node)),
            _ => {
                let range = self.push_children(node);
                let start = range.start;
                let expr = self.compound(kind, node, &range, strings);
                self.children.truncate(start);
                expr
            }
        };
        let span = self.span_of(node);
        self.add(expr, span)
    }

    fn compound(&mut self, kind: Kind, node: Node<'t>, range: &Range<usize>, strings: Strings) -> Expr {
        match kind {
            Kind::List | Kind::ListPattern => Expr::List(self.elements_with(range, strings)),
            Kind::Tuple | Kind::TuplePattern | Kind::ExpressionList | Kind::PatternList => {
                Expr::Tuple(self.elements_with(range, strings))
            }
            Kind::Set => Expr::Set(self.elements(range)),
            Kind::Dictionary => self.dictionary(range),
            Kind::GenericType => self.generic_type(range, strings),
            Kind::UnionType => self.union_type(node, strings),
            Kind::MemberType => self.member_type(range, strings),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => self.starred(range, strings),
            Kind::Slice | Kind::ConstrainedType => self.slice(range),
            Kind::BooleanOperator => self.boolean(node),
            Kind::ComparisonOperator => self.comparison(range),
            Kind::NotOperator => self.unary(range, UnaryOp::Not),
            Kind::UnaryOperator => self.sign(range),
            Kind::ConditionalExpression => self.conditional(range),
            Kind::NamedExpression => self.walrus(range),
            Kind::Await => self.nth_expr(range, 0).map_or(Expr::Error, Expr::Await),
            Kind::Yield => self.yield_expr(range),
            Kind::Lambda => self.lambda(range),
            Kind::ListComprehension => self.comprehension(range, ComprehensionKind::List),
            Kind::SetComprehension => self.comprehension(range, ComprehensionKind::Set),
            Kind::DictionaryComprehension => self.comprehension(range, ComprehensionKind::Dict),
            Kind::GeneratorExpression => self.comprehension(range, ComprehensionKind::Generator),
            _ => Expr::Error,
        }
    }

    /// The one expression inside parentheses, a `type` node, a splat and the like.
    fn inner_expr(&mut self, node: Node<'t>, strings: Strings) -> ExprId {
        let range = self.push_children(node);
        let mut inner = self.children[range.clone()]
            .iter()
            .filter(|child| child.kind != Kind::Token)
            .map(|child| child.node);
        let only = match (inner.next(), inner.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        };
        self.children.truncate(range.start);
        match only {
            Some(only) => self.expr_with(only, strings),
            None => self.error(node),
        }
    }

    /// What stands alone in parentheses without a comma; the grammar has no other node for it in targets and patterns.
    pub(super) fn parenthesized(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let range = self.push_children(node);
        let inner = match &self.children[range.clone()] {
            [_, only, _] if only.kind != Kind::Token => Some(only.node),
            _ => None,
        };
        self.children.truncate(range.start);
        inner
    }

    /// The expressions in `range`, without punctuation.
    pub(super) fn elements(&mut self, range: &Range<usize>) -> Vec<ExprId> {
        self.elements_with(range, Strings::Plain)
    }

    fn elements_with(&mut self, range: &Range<usize>, strings: Strings) -> Vec<ExprId> {
        let mut elements = Vec::with_capacity(range.len() / 2 + 1);
        for i in range.clone() {
            let child = self.children[i];
            if child.kind != Kind::Token {
                elements.push(self.expr_with(child.node, strings));
            }
        }
        elements
    }

    /// The `n`th expression in `range`, punctuation not counted.
    pub(super) fn nth_node(&self, range: &Range<usize>, n: usize) -> Option<Node<'t>> {
        self.children[range.clone()]
            .iter()
            .filter(|child| child.kind != Kind::Token)
            .nth(n)
            .map(|child| child.node)
    }

    fn nth_expr(&mut self, range: &Range<usize>, n: usize) -> Option<ExprId> {
        let node = self.nth_node(range, n)?;
        Some(self.expr(node))
    }

    fn dictionary(&mut self, range: &Range<usize>) -> Expr {
        let mut entries = Vec::with_capacity(range.len() / 2);
        for i in range.clone() {
            let child = self.children[i];
            match child.kind {
                Kind::Token => {}
                Kind::Pair => {
                    let (key, value) = self.pair(child.node);
                    entries.push((Some(key), value));
                }
                Kind::DictionarySplat => entries.push((None, self.inner_expr(child.node, Strings::Plain))),
                _ => entries.push((None, self.error(child.node))),
            }
        }
        Expr::Dict(entries)
    }

    fn pair(&mut self, node: Node<'t>) -> (ExprId, ExprId) {
        let range = self.push_children(node);
        let parts = (self.child(&range, Field::Key), self.child(&range, Field::Value));
        self.children.truncate(range.start);
        match parts {
            (Some(key), Some(value)) => (self.expr(key), self.expr(value)),
            _ => (self.error(node), self.error(node)),
        }
    }

    fn starred(&mut self, range: &Range<usize>, strings: Strings) -> Expr {
        match self.nth_node(range, 0) {
            Some(value) => Expr::Starred(self.expr_with(value, strings)),
            None => Expr::Error,
        }
    }

    fn slice(&mut self, range: &Range<usize>) -> Expr {
        let mut bounds = [None; 3];
        let mut at = 0;
        for i in range.clone() {
            let child = self.children[i];
            if child.kind == Kind::Token {
                at += 1;
            } else if let Some(bound) = bounds.get_mut(at) {
                *bound = Some(self.expr(child.node));
            }
        }
        let [lower, upper, step] = bounds;
        Expr::Slice(lower, upper, step)
    }

    /// `a and b and c` nests to the left: walked in a loop.
    fn boolean(&mut self, node: Node<'t>) -> Expr {
        let mut rights = Vec::new();
        let mut operator = None;
        let mut left = node;
        while Kind::of(left) == Kind::BooleanOperator {
            let range = self.push_children(left);
            let word = self.children[range.clone()]
                .iter()
                .find(|child| child.field == Field::Operator)
                .map(|child| self.text_of(child.node));
            let parts = (self.child(&range, Field::Left), self.child(&range, Field::Right));
            self.children.truncate(range.start);
            if operator.is_some_and(|operator| operator != word) {
                break;
            }
            operator = Some(word);
            let (Some(next), Some(right)) = parts else {
                return Expr::Error;
            };
            rights.push(right);
            left = next;
        }
        let mut operands = vec![self.expr(left)];
        for right in rights.into_iter().rev() {
            operands.push(self.expr(right));
        }
        match operator.flatten() {
            Some("and") => Expr::And(operands),
            Some("or") => Expr::Or(operands),
            _ => Expr::Error,
        }
    }

    fn comparison(&mut self, range: &Range<usize>) -> Expr {
        let mut first = None;
        let mut rest = Vec::with_capacity(1);
        let mut op = None;
        for i in range.clone() {
            let child = self.children[i];
            if child.field == Field::Operators {
                op = compare_op(self.text_of(child.node));
            } else if child.kind != Kind::Token {
                let operand = self.expr(child.node);
                match (first, op.take()) {
                    (None, _) => first = Some(operand),
                    (Some(_), Some(op)) => rest.push((op, operand)),
                    (Some(_), None) => return Expr::Error,
                }
            }
        }
        first.map_or(Expr::Error, |first| Expr::Compare(first, rest))
    }

    fn unary(&mut self, range: &Range<usize>, op: UnaryOp) -> Expr {
        match self.child(range, Field::Argument) {
            Some(argument) => Expr::Unary(op, self.expr(argument)),
            None => Expr::Error,
        }
    }

    fn sign(&mut self, range: &Range<usize>) -> Expr {
        let sign = self.children[range.clone()]
            .first()
            .map(|child| self.text_of(child.node));
        match sign {
            Some("-") => self.unary(range, UnaryOp::Minus),
            Some("+") => self.unary(range, UnaryOp::Plus),
            Some("~") => self.unary(range, UnaryOp::Invert),
            _ => Expr::Error,
        }
    }

    fn conditional(&mut self, range: &Range<usize>) -> Expr {
        let parts = (
            self.nth_expr(range, 0),
            self.nth_expr(range, 1),
            self.nth_expr(range, 2),
        );
        match parts {
            (Some(body), Some(test), Some(orelse)) => Expr::IfElse { test, body, orelse },
            _ => Expr::Error,
        }
    }

    fn walrus(&mut self, range: &Range<usize>) -> Expr {
        match (self.child(range, Field::Name), self.child(range, Field::Value)) {
            (Some(name), Some(value)) => {
                let name = self.expr(name);
                Expr::Walrus(name, self.expr(value))
            }
            _ => Expr::Error,
        }
    }

    fn yield_expr(&mut self, range: &Range<usize>) -> Expr {
        self.yields = true;
        let value = self.nth_expr(range, 0);
        let from = self.children[range.clone()]
            .get(1)
            .is_some_and(|child| child.kind == Kind::Token && self.text_of(child.node) == "from");
        match value {
            Some(value) if from => Expr::YieldFrom(value),
            None if from => Expr::Error,
            value => Expr::Yield(value),
        }
    }

    fn lambda(&mut self, range: &Range<usize>) -> Expr {
        let params = self.child(range, Field::Parameters);
        let params = params.map_or_else(Params::default, |node| self.params(node));
        let outer_yields = self.yields;
        let body = self.child(range, Field::Body);
        let body = body.map(|body| self.expr(body));
        self.yields = outer_yields;
        body.map_or(Expr::Error, |body| Expr::Lambda(Box::new(params), body))
    }

    fn comprehension(&mut self, range: &Range<usize>, kind: ComprehensionKind) -> Expr {
        let Some(body) = self.child(range, Field::Body) else {
            return Expr::Error;
        };
        let (element, value) = if Kind::of(body) == Kind::Pair {
            let (key, value) = self.pair(body);
            (key, Some(value))
        } else {
            (self.expr(body), None)
        };
        let mut clauses: Vec<ForClause> = Vec::with_capacity(1);
        for i in range.clone() {
            let child = self.children[i];
            match child.kind {
                Kind::ForInClause => clauses.extend(self.for_clause(child)),
                Kind::IfClause => {
                    let condition = self.inner_expr(child.node, Strings::Plain);
                    if let Some(clause) = clauses.last_mut() {
                        clause.conditions.push(condition);
                    }
                }
                _ => {}
            }
        }
        Expr::Comprehension {
            kind,
            element,
            value,
            clauses,
        }
    }

    fn for_clause(&mut self, clause: Child<'t>) -> Option<ForClause> {
        let range = self.push_children(clause.node);
        let is_async = self.is_async(&range);
        let parts = (self.child(&range, Field::Left), self.child(&range, Field::Right));
        self.children.truncate(range.start);
        let (target, iter) = (parts.0?, parts.1?);
        Some(ForClause {
            target: self.expr(target),
            iter: self.expr(iter),
            conditions: Vec::new(),
            is_async,
        })
    }
}

/// Whether a node that starts with a star has it rightly, or its first element does.
fn is_splat(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ListSplat
            | Kind::ListSplatPattern
            | Kind::SplatType
            | Kind::DictionarySplat
            | Kind::Type
            | Kind::ExpressionList
            | Kind::PatternList
    )
}

fn is_chained(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Attribute | Kind::Call | Kind::Subscript | Kind::BinaryOperator
    )
}

fn integer(text: &str) -> Expr {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let digits = plain.get(2..).unwrap_or("");
    let value = match plain.get(..2) {
        Some("0x" | "0X") => i64::from_str_radix(digits, 16),
        Some("0o" | "0O") => i64::from_str_radix(digits, 8),
        Some("0b" | "0B") => i64::from_str_radix(digits, 2),
        _ => plain.parse(),
    };
    match value {
        Ok(value) => Expr::Int(value),
        Err(_) => Expr::Number(SmolStr::new(plain)),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::tests::check;

    #[test]
    fn literals() {
        check(&[
            ("1_000", "1000"),
            ("0xFF", "255"),
            ("0o17", "15"),
            ("0b1_0", "2"),
            ("99999999999999999999", "99999999999999999999"),
            ("1.5e3", "1.5e3"),
            ("2j", "2j"),
            ("None, True, False, ...", "(tuple None True False ...)"),
            ("x,", "(tuple x)"),
            ("()", "(tuple)"),
            ("[1, *a]", "(list 1 *a)"),
            ("{1, 2}", "(set 1 2)"),
            ("{'a': 1, **b}", "(dict \"a\":1 **b)"),
        ]);
    }

    #[test]
    fn operators() {
        check(&[
            ("a + b * c ** d", "(Add a (Mul b (Pow c d)))"),
            ("a - b - c", "(Sub (Sub a b) c)"),
            ("a and b and c or d", "(or (and a b c) d)"),
            ("a and (b and c)", "(and a (and b c))"),
            ("a < b <= c", "(compare a Lt b LtE c)"),
            ("a not in b is not c", "(compare a NotIn b IsNot c)"),
            ("not -x", "(Not (Minus x))"),
            ("a if b else c", "(if b a c)"),
            ("(y := f(x))", "(:= y (call f x))"),
            ("await x.y", "(await (. x y))"),
        ]);
    }

    #[test]
    fn chains() {
        check(&[
            (
                "a.b(c, *d, e=f, **g)[h](i)",
                "(call ([] (call (. a b) c *d e=f **g) h) i)",
            ),
            ("[*a.b(c), *d[e]]", "(list *(call (. a b) c) *([] d e))"),
            ("f(*a.b, *c(*d.e))", "(call f *(. a b) *(call c *(. d e)))"),
            ("f(*a or b, *c if d else e)", "(call f *(or a b) *(if d c e))"),
            ("x = *a.b, c", "(= x (tuple *(. a b) c))"),
            ("*a.b, c = d", "(= (tuple *(. a b) c) d)"),
            ("f(x for x in y)", "(call f (generator x (for x y)))"),
            ("a[1:2, ::3]", "([] a (tuple (slice 1 2 -) (slice - - 3)))"),
            ("a[x,]", "([] a (tuple x))"),
            ("a[:]", "([] a (slice - - -))"),
            ("a[*b]", "([] a (tuple *b))"),
            ("print(x)", "(call print x)"),
            ("match(x).type", "(. (call match x) type)"),
        ]);
    }

    #[test]
    fn comprehensions_and_lambdas() {
        check(&[
            ("[x for x in y if x if z]", "(listcomp x (for x y if x if z))"),
            ("{k: v for k, v in y}", "(dictcomp k:v (for (tuple k v) y))"),
            (
                "{x async for x in y for z in x}",
                "(setcomp x (async for x y) (for z x))",
            ),
            ("lambda a, *b, c=1, **d: a", "(lambda (a *b kw:c=1 **d) a)"),
            ("lambda: (yield)", "(lambda () (yield -))"),
        ]);
    }
}
