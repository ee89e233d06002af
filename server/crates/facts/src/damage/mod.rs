//! Facts of a text with syntax errors.
//!
//! The text is cut into chunks, one logical statement each. What is whole is lowered as if nothing else stood there; a
//! definition with a whole head is entered, so that one broken line in a body costs that line alone; for the rest, the
//! last good statements are kept. So outside the damage the facts are those of the text, and inside they are the last
//! that were true.

mod align;
mod fragment;
mod lines;
mod orphan;
mod read;
mod repair;
mod split;

pub use orphan::{OrphanDecorator, orphan_decorators};

use crate::program::FileFacts;
use crate::spans::FileSpans;
use align::Texts;
use fragment::{Assembly, Fragment};
use syntax::Tree;

/// The last facts of a file, and the text they were read from.
#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    /// The facts.
    pub facts: &'a FileFacts,
    /// Their spans.
    pub spans: &'a FileSpans,
    /// The text that the spans lie in.
    pub text: &'a str,
}

/// Lowers a parsed file, keeping what `previous` says of damaged statements. Without damage this is
/// [`extract`](crate::extract). `tree` should be a fresh one where it has errors.
#[must_use]
pub fn extract_keeping(text: &str, tree: &Tree, previous: Option<Previous<'_>>) -> (FileFacts, FileSpans) {
    if !tree.root_node().has_error() {
        return crate::extract::extract_anew(text, tree, previous);
    }
    let body = read::read_file(text, tree);
    let old = previous.map(|previous| Fragment::of_module(previous.facts, previous.spans));
    let texts = Texts {
        old: previous.map_or("", |previous| previous.text),
        new: text,
    };
    let mut assembly = Assembly::of_module();
    let mut damaged = Vec::new();
    let old = old.unwrap_or_default();
    let (block, _) = align::assemble(body, &old, false, texts, &mut assembly, &mut damaged);
    assembly.finish(block, damaged)
}

/// The statements of `text` that are damaged, as byte spans in order; empty for a text without errors.
#[must_use]
pub fn damaged_chunks(text: &str, tree: &Tree) -> Vec<base::Span> {
    extract_keeping(text, tree, None).1.damaged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dump, extract};

    fn facts(text: &str) -> (FileFacts, FileSpans) {
        extract(text, &syntax::parse(text))
    }

    #[track_caller]
    fn keeping(old: &str, new: &str) -> (FileFacts, FileSpans) {
        let (facts, spans) = facts(old);
        let tree = syntax::parse(new);
        assert!(tree.root_node().has_error(), "{new}");
        let previous = Previous {
            facts: &facts,
            spans: &spans,
            text: old,
        };
        let result = extract_keeping(new, &tree, Some(previous));
        check_spans(new, &result);
        result
    }

    #[track_caller]
    fn check_spans(text: &str, (facts, spans): &(FileFacts, FileSpans)) {
        assert_eq!(facts.units.len(), spans.units.len());
        for (unit, spans) in facts.units.iter().zip(spans.units()) {
            assert_eq!(
                (unit.exprs.len(), unit.stmts.len()),
                (spans.exprs.len(), spans.stmts.len())
            );
            for span in spans.exprs.iter().chain(&spans.stmts) {
                assert!(span.start <= span.end && span.end as usize <= text.len());
            }
        }
    }

    /// Checks that the damaged `new` says what the whole text `same` says.
    #[track_caller]
    fn check(old: &str, new: &str, same: &str) -> Vec<String> {
        let (found, spans) = keeping(old, new);
        let expected = facts(same).0;
        assert!(found.damaged);
        assert_eq!(
            dump(&FileFacts {
                damaged: false,
                ..found.clone()
            }),
            dump(&expected),
            "{new}"
        );
        assert_eq!(found.units, expected.units);
        spans.damaged.iter().map(|span| span.text(new).to_owned()).collect()
    }

    const ROUTES: &str = "\
import a
router = APIRouter()

@router.get(\"/a\")
def a():
    return 1

@router.get(\"/b\")
def b():
    return 2

@router.get(\"/c\")
def c():
    return 3
";

    #[test]
    fn a_half_written_decorator_costs_nothing_else() {
        for decorator in [
            "@router.get(",
            "@router.get(\"/x",
            "@router.get(\"/x\"",
            "@",
            "@router.",
            "@router.get(\"/x\")",
        ] {
            let new = ROUTES.replace("@router.get(\"/c\")", &format!("{decorator}\n\n@router.get(\"/c\")"));
            if syntax::parse(&new).root_node().has_error() {
                assert_eq!(check(ROUTES, &new, ROUTES), [decorator]);
            }
        }
        let new = format!("{ROUTES}\n@router.get(\"/users/{{id}}\")\n");
        assert_eq!(check(ROUTES, &new, ROUTES), ["@router.get(\"/users/{id}\")"]);
    }

    #[test]
    fn a_decorator_broken_on_its_function_keeps_the_old_one() {
        let new = ROUTES.replace("@router.get(\"/b\")", "@router.get(\"/b\"");
        assert_eq!(
            check(ROUTES, &new, ROUTES),
            ["@router.get(\"/b\"\ndef b():\n    return 2"]
        );
    }

    #[test]
    fn a_head_broken_keeps_the_old_one_and_the_rest_is_fresh() {
        let new = ROUTES
            .replace("def a():", "def a(x: ")
            .replace("/c", "/d")
            .replace("return 2", "return 4");
        let same = ROUTES.replace("/c", "/d").replace("return 2", "return 4");
        assert_eq!(
            check(ROUTES, &new, &same),
            ["@router.get(\"/a\")\ndef a(x: \n    return 1"]
        );
    }

    #[test]
    fn a_broken_line_in_a_body_costs_that_line() {
        let old = "def f():\n    app = A()\n    app.x(1)\n    app.y(2)\n    return app\n";
        let new = "def f(z):\n    app = A()\n    app.x(\n    app.y(3)\n    return app\n";
        let same = "def f(z):\n    app = A()\n    app.x(1)\n    app.y(3)\n    return app\n";
        assert_eq!(check(old, new, same), ["app.x("]);
    }

    #[test]
    fn a_broken_member_costs_that_member() {
        let old = "class A(B):\n    x: int\n    def f(self):\n        return 1\n    def g(self): yield\n";
        let new = "class A(C):\n    x: str\n    y: \n    def f(self:\n        return 1\n    def g(self): yield\n";
        let same = "class A(C):\n    x: str\n    def f(self):\n        return 1\n    def g(self): yield\n";
        assert_eq!(check(old, new, same), ["y:", "def f(self:\n        return 1"]);
    }

    #[test]
    fn an_open_string_ends_where_statements_surely_start() {
        let new = ROUTES.replace("    return 1", "    \"\"\"\n    return 1");
        assert_eq!(check(ROUTES, &new, ROUTES).len(), 1);
    }

    #[test]
    fn what_was_deleted_stays_deleted() {
        let new = ROUTES
            .replace("@router.get(\"/b\")\ndef b():\n    return 2\n", "")
            .replace("import a", "import a.");
        let same = ROUTES.replace("@router.get(\"/b\")\ndef b():\n    return 2\n", "");
        assert_eq!(check(ROUTES, &new, &same), ["import a."]);
    }

    #[test]
    fn damage_without_a_past_is_left_out() {
        let (found, _) = facts("x = (\ny = 1\n@a.b(\ndef f(): pass\n");
        assert_eq!(
            dump(&found),
            "unit 0\n  (= y 1)\n  (def f () unit 1)\nunit 1\n  (pass)\ndamaged\n"
        );
    }

    #[test]
    fn damage_upon_damage_keeps_what_was_last_true() {
        let first = ROUTES.replace("def a():", "def a(");
        let (facts_1, spans_1) = keeping(ROUTES, &first);
        let second = first.replace("def c():", "def c(");
        let previous = Previous {
            facts: &facts_1,
            spans: &spans_1,
            text: &first,
        };
        let (facts_2, spans_2) = extract_keeping(&second, &syntax::parse(&second), Some(previous));
        assert_eq!(facts_2.units, facts(ROUTES).0.units);
        assert_eq!(spans_2.damaged.len(), 2);
    }

    #[test]
    fn spans_of_kept_statements_follow_the_text() {
        let new = ROUTES.replace("@router.get(\"/b\")", "x = 1\n@router.get(\"/b\"");
        let (facts, spans) = keeping(ROUTES, &new);
        let unit = &facts.units[0];
        let names: Vec<&str> = unit
            .exprs
            .iter()
            .zip(&spans.units[0].read().exprs)
            .filter(|(expr, _)| matches!(expr, crate::Expr::Name(name) if name == "b"))
            .map(|(_, span)| span.text(&new))
            .collect();
        assert_eq!(names, ["b"]);
    }

    #[test]
    fn broken_text_of_any_size_is_read_in_time() {
        let nested: String = (0..400)
            .map(|depth| format!("{}def f():\n", " ".repeat(depth)))
            .collect();
        let texts = [
            "f(\n".repeat(20_000),
            "def f(\n".repeat(5_000),
            "@a(\n".repeat(5_000),
            "\"\"\"\ndef f():\n".repeat(2_001),
            "class A:\n    x = (\n".repeat(2_000),
            format!("{nested}{}x = (\n", " ".repeat(400)),
            "f'{".repeat(5_000),
            "if x:\n".repeat(5_000),
        ];
        for text in texts {
            let result = facts(&text);
            check_spans(&text, &result);
        }
    }
}
