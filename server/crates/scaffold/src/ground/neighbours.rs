//! What is told by the routers that a parent includes: the path below which all are served, and whether the place where one is
//! included is a place for others.

use crate::{Site, draft::python};
use model::{EventKind, Include, Model, RouterId};
use ruff_python_ast::{
    self as ast, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};
use ruff_text_size::Ranged;
use std::collections::BTreeMap;
use style::Source;

/// Whether a part of a path or of a module's name is that of a version.
pub(super) fn is_version(part: &str) -> bool {
    let digits = part.strip_prefix('v').unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// How deep includes are followed.
const MAX_DEPTH: usize = 8;

/// What the paths of most of the routers begin with, below their parent, whatever they are about: `/api/v1`.
pub(super) fn base<'m>(model: &'m Model, included: impl Iterator<Item = &'m Include>) -> Option<String> {
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    for include in included {
        if let Some(path) = first_path(model, include.router, &include.prefix.to_string(), 0) {
            *votes.entry(beginning(&path)).or_default() += 1;
        }
    }
    let most = votes.into_iter().max_by_key(|(base, count)| (*count, base.len()));
    most.map(|(base, _)| base).filter(|base| !base.is_empty())
}

/// The path of something that a router serves.
fn first_path(model: &Model, id: RouterId, prefix: &str, depth: usize) -> Option<String> {
    let router = model.routers.get(id.0 as usize).filter(|_| depth < MAX_DEPTH)?;
    let prefix = format!("{prefix}{}", router.prefix);
    router.events.iter().find_map(|event| match &event.kind {
        EventKind::Operation(id) => {
            let operation = model.operations.get(id.0 as usize)?;
            Some(format!("{prefix}{}", operation.path))
        }
        EventKind::Include(include) => {
            first_path(model, include.router, &format!("{prefix}{}", include.prefix), depth + 1)
        }
        EventKind::Mount(_) => None,
    })
}

/// The parts of a path that are about no thing.
fn beginning(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let general = parts.take_while(|part| *part == "api" || is_version(part));
    general.map(|part| format!("/{part}")).collect()
}

/// Whether an include at an offset, in an object, stands where one more can stand behind it: where the object is known, in code
/// that does not run once for each of several things.
pub(super) fn runs_once(site: Site<'_>, source: &Source, at: u32, object: &str) -> bool {
    let Ok(suite) = python::suite(&source.text) else {
        return true;
    };
    let Some(function) = function_around(&suite, at) else {
        return true;
    };
    let root = object.split('.').next().unwrap_or(object);
    let mut parameters = function.parameters.iter();
    let is_known = parameters.any(|parameter| parameter.name() == root)
        || binds(&function.body, root)
        || binds(&suite, root)
        || suite.iter().any(|stmt| imports(stmt, root));
    is_known && !is_called_in_loop(site, &function.name)
}

fn function_around(block: &[Stmt], at: u32) -> Option<&ast::StmtFunctionDef> {
    let stmt = block
        .iter()
        .find(|stmt| stmt.range().contains_inclusive(at.into()) && stmt.start().to_u32() <= at)?;
    let inner = python::blocks(stmt)
        .into_iter()
        .find_map(|block| function_around(block, at));
    inner.or(stmt
        .as_function_def_stmt()
        .filter(|function| function.body.first().is_some_and(|first| first.start().to_u32() <= at)))
}

/// Whether a statement of the block itself binds a name.
fn binds(block: &[Stmt], name: &str) -> bool {
    let is_name = |target: &Expr| matches!(target, Expr::Name(target) if target.id == name);
    block.iter().any(|stmt| match stmt {
        Stmt::Assign(assign) => assign.targets.iter().any(is_name),
        Stmt::AnnAssign(assign) => is_name(&assign.target),
        stmt => imports(stmt, name),
    })
}

fn imports(stmt: &Stmt, name: &str) -> bool {
    let names = match stmt {
        Stmt::Import(import) => &import.names,
        Stmt::ImportFrom(import) => &import.names,
        _ => return false,
    };
    let mut bound = names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
    bound.any(|bound| bound.split('.').next() == Some(name))
}

/// Whether a function of the project is called in a loop.
fn is_called_in_loop(site: Site<'_>, name: &str) -> bool {
    let call = format!("{name}(");
    site.disk.python_files().into_iter().any(|path| {
        let text = site.disk.text(&path).filter(|text| text.contains(&call));
        let suite = text.and_then(|text| python::suite(&text).ok());
        let mut calls = CallsInLoops {
            name,
            depth: 0,
            is_found: false,
        };
        suite.into_iter().for_each(|suite| calls.visit_body(&suite));
        calls.is_found
    })
}

struct CallsInLoops<'n> {
    name: &'n str,
    depth: usize,
    is_found: bool,
}

impl<'a> SourceOrderVisitor<'a> for CallsInLoops<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let is_loop = matches!(stmt, Stmt::For(_) | Stmt::While(_));
        self.depth += usize::from(is_loop);
        walk_stmt(self, stmt);
        self.depth -= usize::from(is_loop);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let called = match expr {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => "",
            },
            _ => "",
        };
        self.is_found |= self.depth > 0 && called == self.name;
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn paths_begin_with_what_is_about_no_thing() {
        assert_eq!(beginning("/api/v1/users/{id}"), "/api/v1");
        assert_eq!(beginning("/v2/users"), "/v2");
        assert_eq!(beginning("/users/api"), "");
        assert_eq!(beginning("/vat/v1"), "");
    }
}
