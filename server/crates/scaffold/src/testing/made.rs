//! Dependencies that fastapi-users makes: `current_active_user = fastapi_users.current_user(active=True)`. Who is asking is what
//! the strategy of a backend reads from a token, so a test puts someone there, and what the dependency demands is still asked.

use super::demands::Demand;
use crate::{
    Site,
    draft::python,
    resolve::{self, Binding, Resolved},
};
use base::FileId;
use facts::UnitId;
use model::{DependsId, Schema, SchemaKind};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use serde::Serialize;

/// What reads tokens, as it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Backend {
    module: String,
    name: String,
}

/// See the module.
pub(super) struct Made<'a> {
    pub(super) user: &'a Schema,
    pub(super) backend: Backend,
    pub(super) demands: Vec<Demand>,
    /// The status for who lacks a privilege.
    pub(super) refused: Option<u16>,
}

impl<'a> Made<'a> {
    /// What a `Depends(…)` depends on, if that is made so.
    pub(super) fn of(site: &'a Site<'a>, depends: DependsId) -> Option<Self> {
        let at = site.ctx.model.depends.get(depends.0 as usize)?.target_at?;
        let source = crate::draft::source(site, &site.ctx.files.path(at.file))?;
        let (file, call) = value(site, at.file, source.expr_text(at.unit, at.expr))?;
        let method = call
            .func
            .as_attribute_expr()
            .filter(|method| &method.attr == "current_user")?;
        let (file, users) = value(site, file, &method.value.as_name_expr()?.id)?;
        let class = users.func.as_subscript_expr()?;
        if class.value.as_name_expr()?.id != "FastAPIUsers" {
            return None;
        }
        let user = class.slice.as_tuple_expr()?.elts.first()?.as_name_expr()?;
        let Resolved::Item(home, _) = resolve::resolve(&site.ctx, file, &user.id)? else {
            return None;
        };
        let mut schemas = site.ctx.model.schemas.iter();
        let user = schemas.find(|schema| schema.def.file == home && *schema.name == *user.id)?;
        let is_set = |keyword: &str| {
            let value = call.arguments.find_keyword(keyword).map(|keyword| &keyword.value);
            value.is_some_and(|value| value.as_boolean_literal_expr().is_some_and(|value| value.value))
        };
        if is_set("optional") || !matches!(user.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable) {
            return None;
        }
        let demanded = [("superuser", "is_superuser"), ("verified", "is_verified")];
        let demands = demanded.into_iter().filter(|(keyword, _)| is_set(keyword));
        Some(Self {
            user,
            backend: backend(site, file, &users)?,
            demands: demands
                .map(|(_, attribute)| Demand {
                    attribute: attribute.to_owned(),
                    value: "True".to_owned(),
                    imports: Vec::new(),
                })
                .collect(),
            // Whoever is known and lacks something is forbidden to ask, says its authenticator.
            refused: is_set("superuser").then_some(403),
        })
    }
}

/// The first of the backends in `FastAPIUsers(get_user_manager, [backend])`.
fn backend(site: &Site<'_>, file: FileId, users: &ExprCall) -> Option<Backend> {
    let listed = users.arguments.find_argument_value("auth_backends", 1)?;
    let name = listed.as_list_expr()?.elts.first()?.as_name_expr()?;
    let Resolved::Item(home, _) = resolve::resolve(&site.ctx, file, &name.id)? else {
        return None;
    };
    Some(Backend {
        module: site.ctx.modules.module_name(home).to_string(),
        name: name.id.to_string(),
    })
}

/// The call whose value a name has, and the file where that stands.
fn value(site: &Site<'_>, file: FileId, name: &str) -> Option<(FileId, ExprCall)> {
    let (Resolved::Item(file, Binding::Value(value)) | Resolved::Item(file, Binding::Annotated(_, Some(value)))) =
        resolve::resolve(&site.ctx, file, name)?
    else {
        return None;
    };
    let source = crate::draft::source(site, &site.ctx.files.path(file))?;
    let suite = python::suite(source.expr_text(UnitId::MODULE, value)).ok()?;
    match suite.into_iter().next()? {
        Stmt::Expr(only) => match *only.value {
            Expr::Call(call) => Some((file, call)),
            _ => None,
        },
        _ => None,
    }
}
