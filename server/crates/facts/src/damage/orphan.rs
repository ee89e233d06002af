//! Decorators with nothing under them: where an endpoint is about to be written.

use super::lines::{Lexer, LineStart, Open};
use super::split::scan;
use crate::program::{ExprId, FileFacts, Stmt, UnitId};
use crate::spans::FileSpans;
use base::Span;

/// A decorator at module level that decorates nothing yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrphanDecorator {
    /// From the `@` to the end of the decorator, in bytes.
    pub span: Span,
    /// Whether another statement that it would decorate follows behind blank lines: Python reads it as one of several
    /// decorators of that statement, though it was surely not meant so.
    pub is_stacked: bool,
    /// Facts in which [`Self::expr`] is the decorator's expression, if it can be read.
    pub facts: FileFacts,
    /// Spans of the facts, in the file.
    pub spans: FileSpans,
    /// The expression behind the `@`, in the facts' module unit.
    pub expr: Option<ExprId>,
}

/// Finds bare decorators, those that end the file or are followed by a blank line or by another statement.
#[must_use]
pub fn orphan_decorators(text: &str) -> Vec<OrphanDecorator> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let scan = scan(text, at, 0);
        let end = match scan.cuts.first() {
            Some(cut) if scan.is_open => *cut,
            _ => scan.end,
        };
        in_chunk(text, at, end, &mut found);
        at = end;
    }
    found
}

fn in_chunk(text: &str, start: usize, end: usize, found: &mut Vec<OrphanDecorator>) {
    let text_to = text.get(..end).unwrap_or(text);
    let mut lexer = Lexer::new(text_to, start);
    let mut above: Option<Span> = None;
    let mut after_blank = false;
    while lexer.at < end {
        let line = LineStart::of(text_to, lexer.at);
        if line.is_blank() || line.first == Some(b'#') {
            after_blank |= line.is_blank();
            lexer.line();
            continue;
        }
        if let Some(above) = above.take()
            && after_blank
        {
            found.push(orphan(text, above, true));
        }
        if line.first != Some(b'@') {
            return;
        }
        loop {
            lexer.line();
            if lexer.open() == Open::Clean || lexer.at >= end {
                break;
            }
        }
        let length = text_to[line.at..lexer.at].trim_end().len();
        above = Some(Span::new(line.at as u32, (line.at + length) as u32));
        after_blank = false;
    }
    if let Some(above) = above {
        found.push(orphan(text, above, false));
    }
}

fn orphan(text: &str, span: Span, is_stacked: bool) -> OrphanDecorator {
    let source = format!("{}\ndef _(): ...\n", span.text(text));
    let tree = syntax::parse(&source);
    let (facts, spans) = crate::extract::lower(&source, &tree, i64::from(span.start));
    let unit = facts.units.get(UnitId::MODULE.0 as usize);
    let expr = unit
        .filter(|_| !tree.root_node().has_error())
        .and_then(|unit| match unit.stmts.last() {
            Some(Stmt::Function(function)) => function.decorators.first().copied(),
            _ => None,
        });
    OrphanDecorator {
        span,
        is_stacked,
        facts,
        spans,
        expr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, bool, &str)]) {
        let orphans = orphan_decorators(text);
        let found: Vec<_> = orphans
            .iter()
            .map(|orphan| {
                let expr = orphan
                    .expr
                    .map_or(String::new(), |expr| crate::dump_expr(&orphan.facts.units[0], expr));
                (orphan.span.text(text), orphan.is_stacked, expr)
            })
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(span, stacked, expr)| (*span, *stacked, expr.as_str()))
            .collect();
        assert_eq!(found, expected, "{text}");
        for orphan in &orphans {
            if let Some(expr) = orphan.expr {
                let span = orphan.spans.expr(UnitId::MODULE, expr);
                assert_eq!(span.text(text), &orphan.span.text(text)[1..]);
            }
        }
    }

    #[test]
    fn bare_decorators_are_found() {
        check(
            "x = 1\n@a.get('/x')\n",
            &[("@a.get('/x')", false, "(call (. a get) \"/x\")")],
        );
        check(
            "@a('/x')\n# c\n\n\n@b\ndef f(): ...\n",
            &[("@a('/x')", true, "(call a \"/x\")")],
        );
        check("@a\n\nx = 1\n@b\n@c", &[("@a", false, "a"), ("@c", false, "c")]);
        check(
            "@a(\n    '/x',\n)\n\n\ndef f(): ...\n",
            &[("@a(\n    '/x',\n)", true, "(call a \"/x\")")],
        );
        check("@a.get(\n\n@b\ndef f(): ...\n", &[("@a.get(", false, "")]);
    }

    #[test]
    fn decorators_on_something_are_not() {
        check(
            "@a\n@b\n# c\ndef f(): ...\n@d\nclass A: ...\n@e\nasync def g(): ...\n",
            &[],
        );
        check("s = '''\n@a\n\n'''\n", &[]);
    }
}
