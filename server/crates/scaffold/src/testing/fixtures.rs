//! The fixtures that the tests of a module can take: what pytest finds in the modules above it.

use crate::{Site, draft::python, ground::Ground};
use ruff_python_ast::{Decorator, Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;
use std::path::{Path, PathBuf};

/// A fixture that the project has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) name: String,
    /// What it says it gives; empty where it says nothing.
    pub(super) gives: String,
    /// Whether each test gets its own.
    pub(super) is_own: bool,
    pub(super) path: PathBuf,
}

/// Those that tests of a module can take, the nearest first.
pub(super) fn visible(site: &Site<'_>, ground: &Ground, tests: &Path) -> Vec<Known> {
    let above = tests
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(site.root));
    let mut modules: Vec<PathBuf> = above.map(|folder| folder.join("conftest.py")).collect();
    modules.extend(ground.client.found().map(|client| client.fixture.path.clone()));
    modules.dedup();
    let mut known: Vec<Known> = Vec::new();
    for path in modules {
        let Some(suite) = site
            .disk
            .text(&path)
            .and_then(|text| Some((python::suite(&text).ok()?, text)))
        else {
            continue;
        };
        let (suite, text) = suite;
        for stmt in &suite {
            let Stmt::FunctionDef(function) = stmt else { continue };
            let Some((name, scope)) = fixture(function) else {
                continue;
            };
            if known.iter().any(|fixture| fixture.name == name) {
                continue;
            }
            let gives = function
                .returns
                .as_ref()
                .map(|returns| text[returns.range()].to_owned());
            known.push(Known {
                name,
                gives: given(&gives.unwrap_or_default()),
                is_own: scope.is_none_or(|scope| scope == "function"),
                path: path.clone(),
            });
        }
    }
    known
}

/// The name under which tests take a fixture, and its scope where it says one.
fn fixture(function: &StmtFunctionDef) -> Option<(String, Option<String>)> {
    let call = function
        .decorator_list
        .iter()
        .find_map(|Decorator { expression, .. }| {
            let (target, call) = match expression {
                Expr::Call(call) => (&*call.func, Some(call)),
                target => (target, None),
            };
            let name = match target {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => return None,
            };
            (name == "fixture").then_some(call)
        })?;
    let said = |keyword: &str| {
        let value = call?.arguments.find_keyword(keyword)?;
        Some(value.value.as_string_literal_expr()?.value.to_str().to_owned())
    };
    let name = said("name").unwrap_or_else(|| function.name.to_string());
    Some((name, said("scope")))
}

/// `User` of `AsyncIterator[User]`, without quotes.
fn given(returns: &str) -> String {
    const YIELDED: [&str; 6] = [
        "AsyncIterator[",
        "AsyncGenerator[",
        "Iterator[",
        "Generator[",
        "AsyncIterable[",
        "Iterable[",
    ];
    let text = returns.trim_matches(['"', '\'']);
    let last = text.find('[').map_or(text, |at| &text[..=at]);
    let head = last.rsplit('.').next().unwrap_or(last);
    if !YIELDED.contains(&head) {
        return text.to_owned();
    }
    let inner = &text[last.len()..];
    let mut depth = 0;
    let end = inner.find(|c: char| {
        depth += match c {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        depth < 0 || (depth == 0 && c == ',')
    });
    inner[..end.unwrap_or(inner.len())].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_yielded_is_given() {
        assert_eq!(given("AsyncIterator[User]"), "User");
        assert_eq!(given("Generator[dict[str, str], None, None]"), "dict[str, str]");
        assert_eq!(given("collections.abc.Iterator[Session]"), "Session");
        assert_eq!(given("dict[str, str]"), "dict[str, str]");
        assert_eq!(given(""), "");
    }
}
