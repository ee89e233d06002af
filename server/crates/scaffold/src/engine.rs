//! The engine that the project's sessions use.

use crate::{Site, draft::python, layout::Layout};
use ruff_python_ast::{Expr, Stmt};
use std::path::{Path, PathBuf};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Engine {
    pub(crate) path: PathBuf,
    /// The name under which its module is imported.
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) is_async: bool,
}

/// The engine that a module of the project makes at its top level.
pub(crate) fn find(site: &Site<'_>, layout: &Layout) -> Option<Engine> {
    let mut files = site.disk.python_files();
    files.retain(|path| path.starts_with(site.root) && is_of_app(path.strip_prefix(site.root).unwrap_or(path)));
    files.sort();
    files.iter().find_map(|path| {
        let text = site.disk.text(path)?;
        let (name, is_async) = made_in(&text)?;
        Some(Engine {
            path: path.to_path_buf(),
            module: layout.dotted(path),
            name,
            is_async,
        })
    })
}

/// Whether a file is neither of the tests nor of the migrations.
pub(crate) fn is_of_app(path: &Path) -> bool {
    let mut parts = path.iter().filter_map(|part| part.to_str());
    !parts.any(|part| {
        matches!(
            part,
            "tests" | "test" | "migrations" | "alembic" | "versions" | "scripts" | "conftest.py"
        ) || part.starts_with("test_")
    })
}

fn made_in(text: &str) -> Option<(String, bool)> {
    if !text.contains("_engine(") {
        return None;
    }
    let suite = python::suite(text).ok()?;
    suite.iter().find_map(|stmt| {
        let (target, value) = match stmt {
            Stmt::Assign(assign) => (assign.targets.first()?, &*assign.value),
            Stmt::AnnAssign(assign) => (&*assign.target, &**assign.value.as_ref()?),
            _ => return None,
        };
        let Expr::Call(call) = value else { return None };
        let function = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        let is_async = match function {
            "create_async_engine" | "async_engine_from_config" => true,
            "create_engine" | "engine_from_config" => false,
            _ => return None,
        };
        Some((target.as_name_expr()?.id.to_string(), is_async))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_told_apart() {
        let made = |text: &str| made_in(text);
        assert_eq!(
            made("engine = create_async_engine(URL)\n"),
            Some(("engine".to_owned(), true))
        );
        assert_eq!(
            made("db: Engine = sa.create_engine(URL)\n"),
            Some(("db".to_owned(), false))
        );
        assert_eq!(made("def f():\n    engine = create_engine(URL)\n"), None);
        assert!(is_of_app(Path::new("app/db.py")) && !is_of_app(Path::new("migrations/env.py")));
    }
}
