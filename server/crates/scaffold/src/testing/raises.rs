//! The statuses that a function raises, itself or in functions of the project that it calls by name.

use crate::{
    Site,
    excerpt::Excerpt,
    ground::Ground,
    resolve::{self, Binding, Resolved},
};
use base::FileId;
use model::Callable;
use ruff_python_ast::{
    Expr, ExprCall, Stmt, StmtRaise,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};
use ruff_text_size::Ranged;
use std::collections::BTreeSet;

/// How many calls are followed from one function.
const MAX_DEPTH: usize = 3;

/// The statuses that a callable's code raises, as far as they are written.
pub(super) fn statuses(site: &Site<'_>, ground: &Ground, callable: &Callable) -> BTreeSet<u16> {
    let mut reader = Reader {
        site,
        ground,
        found: BTreeSet::new(),
        seen: Vec::new(),
    };
    if let Some(def) = callable.def {
        let name = callable.name.rsplit('.').next().unwrap_or("");
        reader.function(def.file, name, 0);
    }
    reader.found
}

/// The statuses of what a block of a module raises itself.
pub(super) fn written(site: &Site<'_>, ground: &Ground, file: FileId, block: &[Stmt], text: &str) -> BTreeSet<u16> {
    let reader = Reader {
        site,
        ground,
        found: BTreeSet::new(),
        seen: Vec::new(),
    };
    let mut marks = Marks::default();
    for stmt in block {
        marks.visit_stmt(stmt);
    }
    let statuses = marks
        .raised
        .iter()
        .filter_map(|raised| reader.status_of(file, raised, text));
    statuses.collect()
}

/// Whether a block raises something with a status that is written there.
pub(super) fn names_status(block: &[Stmt], status: u16) -> bool {
    let mut marks = Marks::default();
    for stmt in block {
        marks.visit_stmt(stmt);
    }
    marks.raised.iter().any(|raised| match raised {
        Expr::Call(call) => {
            let said = call.arguments.find_argument_value("status_code", 0);
            said.and_then(status_in) == Some(status)
        }
        _ => false,
    })
}

/// The status that an expression is.
fn status_in(expr: &Expr) -> Option<u16> {
    match expr {
        Expr::NumberLiteral(literal) => literal.value.as_int()?.as_u16(),
        Expr::Attribute(attribute) => number(&attribute.attr),
        Expr::Name(name) => number(&name.id),
        _ => None,
    }
}

struct Reader<'a> {
    site: &'a Site<'a>,
    ground: &'a Ground,
    found: BTreeSet<u16>,
    seen: Vec<(FileId, String)>,
}

impl Reader<'_> {
    fn function(&mut self, file: FileId, name: &str, depth: usize) {
        let key = (file, name.to_owned());
        if depth > MAX_DEPTH || self.seen.contains(&key) {
            return;
        }
        self.seen.push(key);
        if !self.site.ctx.files.path(file).starts_with(self.site.root) {
            return;
        }
        let excerpt = Excerpt::definition(self.site, file, name);
        let Some((excerpt, function)) = excerpt
            .as_ref()
            .and_then(|excerpt| Some((excerpt, excerpt.function()?)))
        else {
            return;
        };
        let mut marks = Marks::default();
        for stmt in &function.body {
            marks.visit_stmt(stmt);
        }
        for raised in &marks.raised {
            self.found.extend(self.status_of(file, raised, &excerpt.text));
        }
        for called in marks.called {
            if let Some((file, name)) = self.target(file, &called) {
                self.function(file, &name, depth + 1);
            }
        }
    }

    /// What a raised exception answers with.
    fn status_of(&self, file: FileId, raised: &Expr, text: &str) -> Option<u16> {
        let (class, call) = match raised {
            Expr::Call(call) => (&*call.func, Some(call)),
            class => (class, None),
        };
        let name = match class {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        if name == "HTTPException" {
            let status = call?.arguments.find_argument_value("status_code", 0)?;
            return number(&text[status.range()]);
        }
        let errors = self.ground.errors.found()?;
        let by_name = |name: &str| {
            errors
                .by_status
                .iter()
                .find(|(_, class)| class.name == name)
                .map(|(status, _)| *status)
        };
        by_name(name).or_else(|| by_name(&self.base_of(file, name)?))
    }

    /// The name of the first base of a class of the project.
    fn base_of(&self, file: FileId, name: &str) -> Option<String> {
        let Resolved::Item(file, Binding::Def(_)) = resolve::resolve(&self.site.ctx, file, name)? else {
            return None;
        };
        let excerpt = Excerpt::definition(self.site, file, name)?;
        Some(excerpt.class()?.bases().first()?.as_name_expr()?.id.to_string())
    }

    /// The function of the project that an expression names.
    fn target(&self, file: FileId, called: &Expr) -> Option<(FileId, String)> {
        let ctx = &self.site.ctx;
        match called {
            Expr::Name(name) => match resolve::resolve(ctx, file, &name.id)? {
                Resolved::Item(file, Binding::Def(_)) => Some((file, name.id.to_string())),
                _ => None,
            },
            Expr::Attribute(attribute) => match resolve::resolve(ctx, file, &attribute.value.as_name_expr()?.id)? {
                Resolved::Module(file) => Some((file, attribute.attr.to_string())),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The number of a status: `404`, `status.HTTP_404_NOT_FOUND`, `HTTPStatus.NOT_FOUND`.
fn number(text: &str) -> Option<u16> {
    let last = text.rsplit('.').next()?.trim();
    let named = |name: &str| match name {
        "NOT_FOUND" => Some(404),
        "CONFLICT" => Some(409),
        "FORBIDDEN" => Some(403),
        "UNAUTHORIZED" => Some(401),
        "BAD_REQUEST" => Some(400),
        _ => None,
    };
    let digits: String = last.trim_start_matches("HTTP_").chars().take(3).collect();
    digits.parse().ok().or_else(|| named(last))
}

/// What a body raises and calls.
#[derive(Default)]
struct Marks {
    raised: Vec<Expr>,
    called: Vec<Expr>,
}

impl<'a> SourceOrderVisitor<'a> for Marks {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Raise(StmtRaise { exc: Some(exc), .. }) = stmt {
            self.raised.push((**exc).clone());
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(ExprCall { func, .. }) = expr {
            self.called.push((**func).clone());
        }
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_however_they_are_written() {
        for text in [
            "404",
            "status.HTTP_404_NOT_FOUND",
            "HTTPStatus.NOT_FOUND",
            "HTTP_404_NOT_FOUND",
        ] {
            assert_eq!(number(text), Some(404), "{text}");
        }
        assert_eq!(number("code"), None);
    }
}
