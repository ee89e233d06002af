//! Modules as teams write them that document less than the templates do.

use super::python::{self, SyntaxProblem};
use ruff_python_ast::Stmt;
use ruff_text_size::{Ranged, TextRange};

/// Which docstrings stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) of_modules: bool,
    /// And of classes.
    pub(crate) of_functions: bool,
}

/// A module with some of its docstrings; what has nothing else in it says `pass`.
///
/// # Errors
/// Where it does not parse.
pub(crate) fn keep(text: &str, kept: Kept) -> Result<String, SyntaxProblem> {
    let suite = python::suite(text)?;
    let mut found = Vec::new();
    if let Some(first) = suite.first().filter(|first| !kept.of_modules && is_string(first)) {
        found.push((first.range(), ""));
    }
    if !kept.of_functions {
        collect(&suite, &mut found);
    }
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (range, instead) in found {
        let start = range.start().to_usize();
        // With the indentation before it where nothing takes its place.
        let from = match instead {
            "" => text[..start].trim_end_matches([' ', '\t']).len(),
            _ => start,
        };
        result.push_str(&text[done..from]);
        result.push_str(instead);
        done = range.end().to_usize();
        if instead.is_empty() {
            let rest = text[done..].trim_start_matches('\n');
            done = text.len() - rest.len();
        }
    }
    result.push_str(&text[done..]);
    Ok(result)
}

fn is_string(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr())
}

fn collect(block: &[Stmt], found: &mut Vec<(TextRange, &'static str)>) {
    for stmt in block {
        let has_own = matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        for inner in python::blocks(stmt) {
            if let Some(first) = inner.first().filter(|first| has_own && is_string(first)) {
                found.push((first.range(), if inner.len() == 1 { "pass" } else { "" }));
            }
            collect(inner, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docstrings_go_and_what_is_left_parses() {
        let text = "\"\"\"M.\"\"\"\n\nimport a\n\n\nclass E(Exception):\n    \"\"\"E.\"\"\"\n\n\nclass A:\n    \"\"\"A.\"\"\"\n\n    b = \"c\"\n\n    def f(self):\n        \"\"\"F.\"\"\"\n        return 1\n";
        let kept = |of_modules, of_functions| Kept {
            of_modules,
            of_functions,
        };
        assert_eq!(keep(text, kept(true, true)).unwrap(), text);
        assert!(
            keep(text, kept(false, true))
                .unwrap()
                .starts_with("import a\n\n\nclass E(Exception):\n    \"\"\"E")
        );
        assert_eq!(
            keep(text, kept(false, false)).unwrap(),
            "import a\n\n\nclass E(Exception):\n    pass\n\n\nclass A:\n    b = \"c\"\n\n    def f(self):\n        return 1\n"
        );
    }
}
