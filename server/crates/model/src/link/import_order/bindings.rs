//! The names that a module's statements bind.

use super::{State, Walk};
use crate::ModuleRef;
use base::FileId;
use facts::{Expr, ExprId, FileFacts, Pattern, Stmt, StmtId, Unit};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// By these a module can get names that its statements don't show.
const HIDDEN: [&str; 7] = ["globals", "vars", "locals", "exec", "eval", "setattr", "__getattr__"];

/// Whether a module may have a name by now.
pub(super) fn may_have(walk: &Walk<'_>, file: FileId, name: &str) -> bool {
    let is_special = name.starts_with("__") && name.ends_with("__");
    let has_global = || {
        let facts = walk.source().facts(file);
        facts.is_none_or(|facts| facts.units.iter().any(|unit| has_global(&unit.read(), name)))
    };
    is_special
        || may_bind(walk, file, name)
        || has_global()
        || walk.states.keys().any(|other| sets_attribute(walk, *other, name))
}

/// Whether a module's own code may have bound a name by now.
pub(super) fn may_bind(walk: &Walk<'_>, file: FileId, name: &str) -> bool {
    may_bind_within(walk, file, name, &mut FxHashSet::default())
}

fn may_bind_within(walk: &Walk<'_>, file: FileId, name: &str, seen: &mut FxHashSet<FileId>) -> bool {
    if !seen.insert(file) {
        return false;
    }
    let is_bound = match walk.states.get(&file) {
        Some(State::Running(bound) | State::Done(bound)) => bound.contains(name),
        Some(State::Perhaps) | None => true,
    };
    if is_bound || !walk.imports.own.contains(&file) {
        return true;
    }
    let facts = walk.source().facts(file).filter(|facts| !facts.damaged);
    facts.is_none_or(|facts| {
        facts.units.first().is_none_or(|module| {
            let unit = module.unit();
            unit.exprs.iter().any(|expr| may_be_bound_by(unit, expr, name))
                || unit
                    .stmts
                    .iter()
                    .any(|stmt| is_given_by_star(walk, file, stmt, name, seen))
        })
    })
}

/// Whether an expression shows that names may come by other means than statements, or binds this one itself.
fn may_be_bound_by(unit: &Unit, expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::Name(used) => HIDDEN.contains(&used.as_str()),
        Expr::Attr { name, .. } => name == "modules" || name == "__dict__",
        Expr::Walrus(target, _) => self::name(unit, *target).is_some_and(|bound| bound == name),
        _ => false,
    }
}

/// Whether `from module import *` may give the name.
fn is_given_by_star(walk: &Walk<'_>, file: FileId, stmt: &Stmt, name: &str, seen: &mut FxHashSet<FileId>) -> bool {
    let Stmt::ImportFrom {
        level, module, names, ..
    } = stmt
    else {
        return false;
    };
    if names.iter().all(|name| name.name != "*") {
        return false;
    }
    let from = crate::eval::absolute_name(walk.source(), file, *level, module);
    match from.map(|from| walk.source().resolve(file, &from)) {
        Some(ModuleRef::File(from)) => may_bind_within(walk, from, name, seen),
        _ => true,
    }
}

/// Whether a module's own code may give it a name by other means than the statements at its top.
pub(crate) fn has_hidden_names(facts: &FileFacts, name: &str) -> bool {
    facts.units.iter().any(|unit| {
        let unit = unit.read();
        has_global(&unit, name) || unit.exprs.iter().any(|expr| may_be_bound_by(&unit, expr, name))
    })
}

/// Whether code of a file may give anything an attribute of that name.
pub(crate) fn may_set_any(facts: &FileFacts, name: &str) -> bool {
    const SETTERS: [&str; 5] = ["setattr", "__setattr__", "__dict__", "vars", "delattr"];
    facts.units.iter().any(|unit| {
        let unit = &*unit.read();
        let is_set = |target: &ExprId| match &unit[*target] {
            Expr::Tuple(targets) | Expr::List(targets) => targets
                .iter()
                .any(|target| matches!(&unit[*target], Expr::Attr { .. } | Expr::Starred(_))),
            Expr::Attr { name: set, .. } => set == name,
            _ => false,
        };
        let sets = unit.stmts.iter().any(|stmt| match stmt {
            Stmt::Assign { targets, .. } => targets.iter().any(is_set),
            Stmt::AnnAssign { target, .. } | Stmt::AugAssign { target, .. } | Stmt::For { target, .. } => {
                is_set(target)
            }
            Stmt::With { items, .. } => items.iter().filter_map(|item| item.1.as_ref()).any(is_set),
            _ => false,
        });
        sets || unit.exprs.iter().any(
            |expr| matches!(expr, Expr::Name(used) | Expr::Attr { name: used, .. } if SETTERS.contains(&used.as_str())),
        )
    })
}

/// Whether a function binds the name in its module.
fn has_global(unit: &Unit, name: &str) -> bool {
    let mut stmts = unit.stmts.iter();
    stmts.any(|stmt| matches!(stmt, Stmt::Global(names) if names.iter().any(|global| global == name)))
}

/// Whether code of a file may give the name to a module: by assigning an attribute of something that is no instance of its own.
fn sets_attribute(walk: &Walk<'_>, file: FileId, name: &str) -> bool {
    let Some(facts) = walk.source().facts(file) else {
        return false;
    };
    facts.units.iter().any(|unit| {
        let unit = &*unit.read();
        let assigns = unit.stmts.iter().any(|stmt| match stmt {
            Stmt::Assign { targets, .. } => targets.iter().any(|target| is_attribute(unit, *target, name)),
            Stmt::AnnAssign { target, .. } => is_attribute(unit, *target, name),
            _ => false,
        });
        let mentions = |wanted: fn(&Expr, &str) -> bool| unit.exprs.iter().any(|expr| wanted(expr, name));
        assigns
            || mentions(|expr, _| matches!(expr, Expr::Name(used) if used == "setattr"))
                && mentions(|expr, name| matches!(expr, Expr::Str(text) if **text == *name))
    })
}

fn is_attribute(unit: &Unit, target: ExprId, name: &str) -> bool {
    let Expr::Attr { value, name: set, .. } = &unit[target] else {
        return false;
    };
    let is_own = matches!(&unit[*value], Expr::Name(receiver) if receiver == "self" || receiver == "cls");
    set == name && !is_own
}

/// Adds the names that a statement may bind in its own scope.
pub(crate) fn of_stmt(unit: &Unit, stmt: StmtId, names: &mut Vec<SmolStr>) {
    let blocks = |blocks: &[&[StmtId]], names: &mut Vec<SmolStr>| {
        for stmt in blocks.iter().copied().flatten() {
            of_stmt(unit, *stmt, names);
        }
    };
    match &unit[stmt] {
        Stmt::Assign { targets, .. } => targets.iter().for_each(|target| of_target(unit, *target, names)),
        Stmt::AnnAssign {
            target, value: Some(_), ..
        }
        | Stmt::AugAssign { target, .. } => of_target(unit, *target, names),
        Stmt::TypeAlias { name, .. } => of_target(unit, *name, names),
        Stmt::Function(function) => of_target(unit, function.name, names),
        Stmt::Class(class) => of_target(unit, class.name, names),
        Stmt::Import(imported) => names.extend(imported.iter().filter_map(|import| match import.alias {
            Some(alias) => name(unit, alias),
            None => import.name.split('.').next().map(SmolStr::new),
        })),
        Stmt::ImportFrom { names: imported, .. } => {
            names.extend(imported.iter().filter_map(|import| match import.alias {
                Some(alias) => name(unit, alias),
                None => Some(import.name.clone()),
            }));
        }
        Stmt::If { test, body, orelse } => match is_type_checking(unit, *test) {
            Some(true) => blocks(&[orelse], names),
            Some(false) => blocks(&[body], names),
            None => blocks(&[body, orelse], names),
        },
        Stmt::For {
            target, body, orelse, ..
        } => {
            of_target(unit, *target, names);
            blocks(&[body, orelse], names);
        }
        Stmt::While { body, orelse, .. } => blocks(&[body, orelse], names),
        Stmt::Try {
            body,
            handlers,
            orelse,
            finally,
        } => {
            blocks(&[body, orelse, finally], names);
            for handler in handlers {
                names.extend(handler.name.and_then(|bound| name(unit, bound)));
                blocks(&[&handler.body], names);
            }
        }
        Stmt::With { items, body, .. } => {
            items
                .iter()
                .filter_map(|item| item.1)
                .for_each(|target| of_target(unit, target, names));
            blocks(&[body], names);
        }
        Stmt::Match { cases, .. } => {
            for case in cases {
                of_pattern(unit, &case.pattern, names);
                blocks(&[&case.body], names);
            }
        }
        _ => {}
    }
}

pub(crate) fn of_target(unit: &Unit, target: ExprId, names: &mut Vec<SmolStr>) {
    match &unit[target] {
        Expr::Name(name) => names.push(name.clone()),
        Expr::Tuple(targets) | Expr::List(targets) => targets.iter().for_each(|target| of_target(unit, *target, names)),
        Expr::Starred(target) => of_target(unit, *target, names),
        _ => {}
    }
}

fn of_pattern(unit: &Unit, pattern: &Pattern, names: &mut Vec<SmolStr>) {
    match pattern {
        Pattern::Capture(bound) => names.extend(name(unit, *bound)),
        Pattern::Or(patterns) => patterns.iter().for_each(|pattern| of_pattern(unit, pattern, names)),
        Pattern::Other(bound) | Pattern::Class { names: bound, .. } => {
            names.extend(bound.iter().filter_map(|bound| name(unit, *bound)))
        }
        Pattern::Value(_) | Pattern::Wildcard => {}
    }
}

/// A name as it stands.
pub(crate) fn name(unit: &Unit, expr: ExprId) -> Option<SmolStr> {
    match &unit[expr] {
        Expr::Name(name) => Some(name.clone()),
        _ => None,
    }
}

/// For `if TYPE_CHECKING` (`true`) and `if not TYPE_CHECKING` (`false`): code that only type checkers see.
pub(super) fn is_type_checking(unit: &Unit, test: ExprId) -> Option<bool> {
    match &unit[test] {
        Expr::Name(name) | Expr::Attr { name, .. } if name == "TYPE_CHECKING" => Some(true),
        Expr::Unary(facts::UnaryOp::Not, operand) => is_type_checking(unit, *operand).map(|holds| !holds),
        _ => None,
    }
}
