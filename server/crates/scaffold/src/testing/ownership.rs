//! Whether a path operation refuses what is somebody else's: `if note.owner_id != user.id: raise HTTPException(403)`.

use super::raises;
use crate::{Site, excerpt::Excerpt};
use model::{Callable, Role};
use ruff_python_ast::{
    CmpOp, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};
use std::collections::BTreeSet;

/// Whether the owner of something is compared with who is asking, and whoever is another one refused.
pub(super) fn is_checked(site: &Site<'_>, callable: &Callable) -> bool {
    let checked = || {
        let excerpt = Excerpt::definition(site, callable.def?.file, callable.name.rsplit('.').next()?)?;
        let function = excerpt.function()?;
        let mut checks = Checks {
            users: callable
                .parameters
                .iter()
                .filter(|parameter| matches!(parameter.role, Role::Depends(_)))
                .map(|parameter| parameter.name.to_string())
                .collect(),
            found: false,
        };
        checks.visit_body(&function.body);
        Some(checks.found)
    };
    checked() == Some(true)
}

struct Checks {
    /// Parameters that dependencies give.
    users: BTreeSet<String>,
    found: bool,
}

impl<'a> SourceOrderVisitor<'a> for Checks {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::If(branch) = stmt
            && raises::names_status(&branch.body, 403)
        {
            self.visit_expr(&branch.test);
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Compare(compare) = expr
            && matches!(compare.ops.as_ref(), [CmpOp::NotEq | CmpOp::IsNot])
        {
            let sides = [&*compare.left, &compare.comparators[0]];
            self.found |= sides.iter().any(|side| self.is_user(side)) && sides.iter().any(|side| is_owner(side));
        }
        walk_expr(self, expr);
    }
}

impl Checks {
    /// `user.id`, or the user.
    fn is_user(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => self.users.contains(name.id.as_str()),
            Expr::Attribute(attribute) => self.is_user(&attribute.value),
            _ => false,
        }
    }
}

/// `note.owner_id`, `note.author`.
fn is_owner(expr: &Expr) -> bool {
    const OWNERS: [&str; 8] = [
        "owner",
        "author",
        "user",
        "creator",
        "account",
        "created_by",
        "customer",
        "seller",
    ];
    expr.as_attribute_expr().is_some_and(|attribute| {
        let name = attribute.attr.as_str();
        OWNERS.iter().any(|owner| name.trim_end_matches("_id") == *owner)
    })
}
