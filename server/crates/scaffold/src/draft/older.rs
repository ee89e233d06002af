//! Modules for Python 3.10, which lacks names that the templates have of newer ones.

use super::{habits::apply, python, python::SyntaxProblem};
use ruff_python_ast::{
    Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};
use ruff_text_size::{Ranged, TextRange};

/// The first minor version of Python 3 that has `datetime.UTC` and `typing.Self`.
const HAS_THEM: u8 = 11;

/// The same for a project that runs on Python 3.`minor` too: `timezone.utc` for `UTC`, and `Self` from typing_extensions, which comes
/// with Pydantic.
///
/// # Errors
/// Where the text does not parse.
pub(super) fn for_python(text: &str, minor: Option<u8>) -> Result<String, SyntaxProblem> {
    if minor.is_none_or(|minor| minor >= HAS_THEM) {
        return Ok(text.to_owned());
    }
    let suite = python::suite(text)?;
    let mut edits: Vec<(TextRange, String)> = Vec::new();
    let mut has_utc = false;
    for stmt in &suite {
        let Stmt::ImportFrom(import) = stmt else { continue };
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        let names: Vec<&str> = import.names.iter().map(|alias| &text[alias.range()]).collect();
        let others = |gone: &str| {
            names
                .iter()
                .copied()
                .filter(|name| *name != gone)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match module {
            "datetime" if names.contains(&"UTC") => {
                has_utc = true;
                let others = others("UTC");
                let rest = if others.is_empty() {
                    String::new()
                } else {
                    format!("{others}, ")
                };
                edits.push((import.range(), format!("from datetime import {rest}timezone")));
            }
            "typing" if names.contains(&"Self") => {
                let others = others("Self");
                let rest = match others.is_empty() {
                    true => String::new(),
                    false => format!("from typing import {others}\n"),
                };
                edits.push((import.range(), format!("{rest}from typing_extensions import Self")));
            }
            _ => {}
        }
    }
    if has_utc {
        let mut names = Names::default();
        suite.iter().for_each(|stmt| names.visit_stmt(stmt));
        edits.extend(names.0.into_iter().map(|range| (range, "timezone.utc".to_owned())));
    }
    Ok(apply(text, edits))
}

/// Where `UTC` is read.
#[derive(Default)]
struct Names(Vec<TextRange>);

impl<'a> SourceOrderVisitor<'a> for Names {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if expr.as_name_expr().is_some_and(|name| name.id == "UTC") {
            self.0.push(expr.range());
        }
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "from datetime import UTC, datetime\nfrom typing import Any, Self\n\nnow: Any = datetime.now(UTC)\n";

    #[test]
    fn python_3_10_gets_what_it_has() {
        let text = for_python(TEXT, Some(10)).unwrap();
        assert_eq!(
            text,
            "from datetime import datetime, timezone\nfrom typing import Any\nfrom typing_extensions import Self\n\nnow: Any = datetime.now(timezone.utc)\n"
        );
    }

    #[test]
    fn newer_ones_and_unknown_ones_get_the_newer_names() {
        assert_eq!(for_python(TEXT, Some(11)).unwrap(), TEXT);
        assert_eq!(for_python(TEXT, None).unwrap(), TEXT);
    }
}
