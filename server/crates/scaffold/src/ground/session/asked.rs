//! How a project's code asks for what gives sessions, and what it says that it gets.

use super::{annotated, class_in};
use crate::ground::modules::{Module, Modules, Origin, Symbol};
use base::FileId;
use facts::{Arg, Expr, ExprId, Param, Stmt, Unit};
use std::collections::BTreeMap;

/// What is said of one thing that is depended on.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The first `Annotated[Session, Depends(provider)]` under a name.
    pub(super) alias: Option<Symbol>,
    /// The session's class that stands beside it.
    pub(super) class: Option<(String, String)>,
    /// How many ask for it.
    pub(super) count: usize,
}

/// By file and name of what is depended on; a method has the name of its object before its own.
pub(super) type AllAsked = BTreeMap<(FileId, String), Asked>;

/// All of them.
pub(super) fn read(modules: &Modules<'_>) -> AllAsked {
    let mut all = AllAsked::new();
    for module in modules.own() {
        for (unit, name, value) in module.values() {
            if let Some((inner, marker)) = annotated(unit, value)
                && let Some(provider) = provider(modules, module, unit, marker)
            {
                let asked = all.entry(provider).or_default();
                asked.alias.get_or_insert_with(|| modules.symbol(module, name));
                note(asked, class_in(modules, module, unit, inner));
            }
        }
        let Some(unit) = module.unit() else { continue };
        for stmt in &unit.stmts {
            let Stmt::Function(function) = stmt else { continue };
            for param in &function.params.list {
                let Some((ty, marker)) = marked(unit, param) else {
                    continue;
                };
                if let Some(provider) = provider(modules, module, unit, marker) {
                    let class = ty.and_then(|ty| class_in(modules, module, unit, ty));
                    note(all.entry(provider).or_default(), class);
                }
            }
        }
    }
    all
}

fn note(asked: &mut Asked, class: Option<(String, String)>) {
    asked.count += 1;
    if asked.class.is_none() {
        asked.class = class;
    }
}

/// Type and `Depends(…)` of a parameter.
fn marked(unit: &Unit, param: &Param) -> Option<(Option<ExprId>, ExprId)> {
    if let Some((ty, marker)) = param.annotation.and_then(|annotation| annotated(unit, annotation)) {
        return Some((Some(ty), marker));
    }
    Some((param.annotation, param.default?))
}

/// What `Depends(…)` depends on, where the project has it.
fn provider(modules: &Modules<'_>, module: &Module, unit: &Unit, marker: ExprId) -> Option<(FileId, String)> {
    let Expr::Call { func, args } = &unit[marker] else {
        return None;
    };
    let Some(Arg::Positional(target)) = args.first() else {
        return None;
    };
    if !modules.is_of(module, unit, *func, "fastapi", &["Depends"]) {
        return None;
    }
    if let Some(Origin::Own(file, name)) = modules.origin(module, unit, *target) {
        return Some((file, name));
    }
    let Expr::Attr { value, name, .. } = &unit[*target] else {
        return None;
    };
    match modules.origin(module, unit, *value)? {
        Origin::Own(file, object) => Some((file, format!("{object}.{name}"))),
        Origin::Library(..) => None,
    }
}
