//! What names mean: module-level bindings, followed through imports.

use crate::Context;
use base::FileId;
use facts::{Block, Expr, ExprId, FileFacts, Stmt, StmtId, Unit};
use model::ModuleRef;
use std::sync::Arc;
use style::walk;

/// How many imports are followed from one name.
const MAX_HOPS: usize = 8;

/// What a module-level name is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// `import module` (as a name); the absolute module name.
    Module(String),
    /// `from module import name`; module absolute.
    Member(String, String),
    /// A function or class.
    Def(StmtId),
    /// An assignment's value.
    Value(ExprId),
    /// An annotated assignment: annotation and value.
    Annotated(ExprId, Option<ExprId>),
}

/// A name followed to where it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A module that can be read.
    Module(FileId),
    /// Something bound in the module of a file, not by an import.
    Item(FileId, Binding),
    /// A member of a module that is not read: module and name.
    Library(String, String),
}

/// The absolute name of the module that an import statement in `file` names.
pub fn absolute(ctx: &Context<'_>, file: FileId, level: u32, module: &str) -> String {
    if level == 0 {
        return module.to_owned();
    }
    let own = ctx.modules.module_name(file);
    let mut parts: Vec<&str> = own.split('.').collect();
    let up = level as usize - usize::from(ctx.modules.is_package(file));
    parts.truncate(parts.len().saturating_sub(up));
    if !module.is_empty() {
        parts.push(module);
    }
    parts.join(".")
}

/// The bindings of a module's names, the last one first; those in branches and `try` count too.
pub(crate) fn binding(ctx: &Context<'_>, file: FileId, facts: &FileFacts, name: &str) -> Option<Binding> {
    let unit = facts.units.first()?;
    in_block(ctx, file, unit, &unit.body, name)
}

fn in_block(ctx: &Context<'_>, file: FileId, unit: &Unit, block: &Block, name: &str) -> Option<Binding> {
    block.iter().rev().find_map(|&id| {
        let is_name = |e: ExprId| matches!(&unit[e], Expr::Name(n) if n == name);
        match &unit[id] {
            Stmt::Function(f) if is_name(f.name) => Some(Binding::Def(id)),
            Stmt::Class(c) if is_name(c.name) => Some(Binding::Def(id)),
            Stmt::Assign { targets, value } if targets.iter().any(|&t| is_name(t)) => Some(Binding::Value(*value)),
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } if is_name(*target) => Some(Binding::Annotated(*annotation, *value)),
            Stmt::TypeAlias {
                name: target, value, ..
            } if is_name(*target) => Some(Binding::Value(*value)),
            Stmt::Import(names) => names.iter().find_map(|import| match import.alias {
                Some(alias) if is_name(alias) => Some(Binding::Module(import.name.to_string())),
                None if import.name.split('.').next() == Some(name) => Some(Binding::Module(name.to_owned())),
                _ => None,
            }),
            Stmt::ImportFrom {
                level, module, names, ..
            } => names.iter().find_map(|import| {
                let bound = match import.alias {
                    Some(alias) => is_name(alias),
                    None => import.name == name,
                };
                bound.then(|| Binding::Member(absolute(ctx, file, *level, module), import.name.to_string()))
            }),
            stmt @ (Stmt::If { .. } | Stmt::Try { .. } | Stmt::With { .. }) => walk::blocks(stmt)
                .into_iter()
                .rev()
                .find_map(|inner| in_block(ctx, file, unit, inner, name)),
            _ => None,
        }
    })
}

/// The binding of a name in the code of a unit of `file`, the last one first.
#[must_use]
pub fn binding_in(ctx: &Context<'_>, file: FileId, unit: &Unit, name: &str) -> Option<Binding> {
    in_block(ctx, file, unit, &unit.body, name)
}

/// Follows a module-level name of `file` through imports.
#[must_use]
pub fn resolve(ctx: &Context<'_>, file: FileId, name: &str) -> Option<Resolved> {
    let mut file = file;
    let mut name = name.to_owned();
    for _ in 0..MAX_HOPS {
        let facts = ctx.facts(file)?;
        match binding(ctx, file, &facts, &name) {
            Some(Binding::Module(module)) => return module_file(ctx, file, &module).map(Resolved::Module),
            Some(Binding::Member(module, member)) => match enter(ctx, file, module, member) {
                Ok(resolved) => return Some(resolved),
                Err(next) => (file, name) = next,
            },
            Some(own) => return Some(Resolved::Item(file, own)),
            None => {
                let next = star_source(ctx, file, &facts, &name)?;
                file = next;
            }
        }
    }
    None
}

/// A member of a module, imported in `file`: what it is, or the file and name to follow.
fn enter(ctx: &Context<'_>, file: FileId, module: String, member: String) -> Result<Resolved, (FileId, String)> {
    let read = module_file(ctx, file, &module);
    if !read.is_some_and(|read| binds(ctx, read, &member))
        && let Some(submodule) = module_file(ctx, file, &format!("{module}.{member}"))
    {
        return Ok(Resolved::Module(submodule));
    }
    match read {
        Some(next) => Err((next, member)),
        None => Ok(Resolved::Library(module, member)),
    }
}

/// What an import in a function of `file` binds.
#[must_use]
pub fn imported(ctx: &Context<'_>, file: FileId, binding: &Binding) -> Option<Resolved> {
    match binding {
        Binding::Module(module) => module_file(ctx, file, module).map(Resolved::Module),
        Binding::Member(module, member) => match enter(ctx, file, module.clone(), member.clone()) {
            Ok(resolved) => Some(resolved),
            Err((next, name)) => resolve(ctx, next, &name),
        },
        Binding::Def(_) | Binding::Value(_) | Binding::Annotated(..) => None,
    }
}

/// Whether the module of `file` binds a name itself, by import or otherwise.
pub(crate) fn binds(ctx: &Context<'_>, file: FileId, name: &str) -> bool {
    ctx.facts(file)
        .is_some_and(|facts| binding(ctx, file, &facts, name).is_some())
}

fn star_source(ctx: &Context<'_>, file: FileId, facts: &FileFacts, name: &str) -> Option<FileId> {
    let unit = facts.units.first()?;
    unit.body.iter().rev().find_map(|&id| match &unit[id] {
        Stmt::ImportFrom {
            level, module, names, ..
        } if names.iter().any(|n| n.name == "*") => {
            let source = module_file(ctx, file, &absolute(ctx, file, *level, module))?;
            (source != file && binds(ctx, source, name)).then_some(source)
        }
        _ => None,
    })
}

/// The file of a module, where it can be read.
pub(crate) fn module_file(ctx: &Context<'_>, from: FileId, module: &str) -> Option<FileId> {
    match ctx.modules.resolve(from, module) {
        ModuleRef::File(file) => Some(file),
        _ => None,
    }
}

/// The type behind an annotation: `Annotated[T, …]` and aliases of it are `T`; the file in which the result is to be read.
pub(crate) fn plain_type(
    ctx: &Context<'_>,
    file: FileId,
    annotation: ExprId,
) -> Option<(FileId, Arc<FileFacts>, ExprId)> {
    let mut file = file;
    let mut expr = annotation;
    for _ in 0..MAX_HOPS {
        let facts = ctx.facts(file)?;
        let unit = facts.units.first()?;
        match unit.exprs.get(expr.0 as usize)? {
            Expr::Subscript { value, index } if style::last_name(unit, *value) == "Annotated" => {
                expr = match &unit[*index] {
                    Expr::Tuple(items) => *items.first()?,
                    _ => *index,
                };
            }
            Expr::Quoted(_, inner) => expr = *inner,
            Expr::Name(name) => match resolve(ctx, file, name) {
                Some(Resolved::Item(next, Binding::Value(value) | Binding::Annotated(_, Some(value)))) => {
                    (file, expr) = (next, value);
                }
                _ => return Some((file, facts, expr)),
            },
            _ => return Some((file, facts, expr)),
        }
    }
    None
}

/// The class that an expression of the module of `file` names.
pub(crate) fn class(ctx: &Context<'_>, file: FileId, unit: &Unit, expr: ExprId) -> Option<(FileId, StmtId)> {
    let resolved = match &unit[expr] {
        Expr::Name(name) => resolve(ctx, file, name)?,
        Expr::Attr { value, name, .. } => match &unit[*value] {
            Expr::Name(base) => match resolve(ctx, file, base)? {
                Resolved::Module(module) => resolve(ctx, module, name)?,
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    match resolved {
        Resolved::Item(file, Binding::Def(stmt)) => {
            let facts = ctx.facts(file)?;
            let is_class = matches!(facts.units.first()?.stmts.get(stmt.0 as usize)?, Stmt::Class(_));
            is_class.then_some((file, stmt))
        }
        _ => None,
    }
}
