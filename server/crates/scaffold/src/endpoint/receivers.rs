//! What of the project's own the siblings' bodies call: services, repositories and modules of functions.

use super::evidence::{Evidence, is_session};
use super::siblings::{Code, Param, name_of};
use crate::resolve::{self, Binding, Resolved};
use base::FileId;
use facts::{Arg, Expr, Stmt, StmtId, UnitId};
use std::sync::Arc;

/// What siblings call: `catalog.` of a module, `service.` of a parameter, or plain functions of a module.
pub(super) struct Receiver {
    /// What stands before the function's name, with its dot; empty for imported functions.
    pub(super) prefix: String,
    /// The parameter that is the receiver, for methods of a service.
    pub(super) param: Option<Param>,
    /// Where the functions are defined.
    pub(super) file: FileId,
    pub(super) facts: Arc<facts::FileFacts>,
    /// The functions by their statements in the module's unit.
    pub(super) functions: Vec<StmtId>,
    pub(super) is_class: bool,
    /// The module to import from, for imported functions.
    pub(super) module: Option<String>,
    /// How many calls siblings make; none where the file only imports it.
    pub(super) weight: usize,
}

/// What the siblings' bodies call of the project's own.
pub(super) fn receivers(evidence: &Evidence<'_>) -> Vec<Receiver> {
    let mut found: Vec<Receiver> = Vec::new();
    for peer in &evidence.peers {
        let code = &peer.code;
        let params = code.params();
        code.each_expr(&mut |e| {
            let Expr::Call { func, .. } = &code.body_unit[e] else {
                return;
            };
            let receiver = match &code.body_unit[*func] {
                Expr::Attr { value, .. } => match &code.body_unit[*value] {
                    Expr::Name(name) => match params.iter().find(|param| param.name == *name) {
                        Some(param) => of_param(evidence, code, param),
                        None => of_module(evidence, name),
                    },
                    _ => None,
                },
                Expr::Name(name) => of_function(evidence, name),
                _ => None,
            };
            let Some(receiver) = receiver else { return };
            match found
                .iter_mut()
                .find(|known| known.prefix == receiver.prefix && known.file == receiver.file)
            {
                Some(known) => known.weight += 1,
                None => found.push(receiver),
            }
        });
    }
    found.extend(imported_modules(evidence));
    found
}

/// The project's modules that the file imports by name.
fn imported_modules(evidence: &Evidence<'_>) -> Vec<Receiver> {
    let Some(unit) = evidence.source.module() else {
        return Vec::new();
    };
    let names = unit.body.iter().flat_map(|&id| match &unit[id] {
        Stmt::ImportFrom { names, .. } => names.as_slice(),
        _ => &[],
    });
    names
        .filter_map(|import| {
            let name = match import.alias {
                Some(alias) => name_of(unit, alias),
                None => import.name.as_str(),
            };
            let receiver = of_module(evidence, name).filter(|receiver| !receiver.is_class)?;
            Some(Receiver { weight: 0, ..receiver })
        })
        .collect()
}

/// A parameter whose type is a class of the project: a service or repository.
fn of_param(evidence: &Evidence<'_>, code: &Code<'_>, param: &Param) -> Option<Receiver> {
    if is_session(code, param) || code.unit_id != UnitId::MODULE {
        return None;
    }
    let (file, facts, expr) = resolve::plain_type(evidence.ctx, evidence.file(), param.annotation_at?)?;
    let (file, stmt) = resolve::class(evidence.ctx, file, facts.units.first()?, expr)?;
    let facts = evidence.ctx.facts(file)?;
    let functions = methods(evidence, file, stmt, 0);
    is_service(&facts, stmt).then(|| Receiver {
        prefix: format!("{}.", param.name),
        param: Some(param.clone()),
        file,
        facts: facts.clone(),
        functions,
        is_class: true,
        module: None,
        weight: 1,
    })
}

/// Whether a class has methods of its own, as a schema or a table rarely has.
fn is_service(facts: &facts::FileFacts, class: StmtId) -> bool {
    let Some(unit) = facts.units.first() else {
        return false;
    };
    let Stmt::Class(class) = &unit[class] else {
        return false;
    };
    class.body.iter().any(|&stmt| matches!(unit[stmt], Stmt::Function(_)))
}

/// The methods of a class that are defined in its own file, those of its bases there included.
fn methods(evidence: &Evidence<'_>, file: FileId, class: StmtId, depth: usize) -> Vec<StmtId> {
    let Some(facts) = evidence.ctx.facts(file) else {
        return Vec::new();
    };
    let Some(unit) = facts.units.first() else {
        return Vec::new();
    };
    let Stmt::Class(class) = &unit[class] else {
        return Vec::new();
    };
    let mut found: Vec<StmtId> = class
        .body
        .iter()
        .copied()
        .filter(|&stmt| matches!(unit[stmt], Stmt::Function(_)))
        .collect();
    for arg in &class.args {
        if let Arg::Positional(base) = arg
            && depth < 4
        {
            let base = match &unit[*base] {
                Expr::Subscript { value, .. } => *value,
                _ => *base,
            };
            if let Some((base_file, stmt)) = resolve::class(evidence.ctx, file, unit, base)
                && base_file == file
            {
                found.extend(methods(evidence, file, stmt, depth + 1));
            }
        }
    }
    found
}

/// An imported module of the project, or an instance that a module makes of its own class.
fn of_module(evidence: &Evidence<'_>, name: &str) -> Option<Receiver> {
    let prefix = format!("{name}.");
    match resolve::resolve(evidence.ctx, evidence.file(), name)? {
        Resolved::Module(file) => {
            let facts = evidence.ctx.facts(file)?;
            Some(Receiver {
                prefix,
                param: None,
                file,
                functions: top_functions(&facts),
                facts,
                is_class: false,
                module: None,
                weight: 1,
            })
        }
        Resolved::Item(file, Binding::Value(value) | Binding::Annotated(_, Some(value))) => {
            let facts = evidence.ctx.facts(file)?;
            let unit = facts.units.first()?;
            let Expr::Call { func, .. } = &unit[value] else {
                return None;
            };
            let (file, class) = resolve::class(evidence.ctx, file, unit, *func)?;
            let facts = evidence.ctx.facts(file)?;
            Some(Receiver {
                prefix,
                param: None,
                file,
                facts,
                functions: methods(evidence, file, class, 0),
                is_class: true,
                module: None,
                weight: 1,
            })
        }
        _ => None,
    }
}

/// A function that is imported by its own name: its module's others can be imported too.
fn of_function(evidence: &Evidence<'_>, name: &str) -> Option<Receiver> {
    let own = evidence.ctx.facts(evidence.file())?;
    let module = match resolve::binding(evidence.ctx, evidence.file(), &own, name)? {
        Binding::Member(module, _) => Some(module),
        _ => None,
    };
    let Resolved::Item(file, Binding::Def(stmt)) = resolve::resolve(evidence.ctx, evidence.file(), name)? else {
        return None;
    };
    let facts = evidence.ctx.facts(file)?;
    let is_function = matches!(&facts.units.first()?[stmt], Stmt::Function(_));
    let is_endpoint =
        file == evidence.file() && module.is_none() && evidence.neighbours.iter().any(|(code, _)| code.name() == name);
    (is_function && !is_endpoint).then(|| Receiver {
        prefix: String::new(),
        param: None,
        file,
        functions: top_functions(&facts),
        facts: facts.clone(),
        is_class: false,
        module,
        weight: 1,
    })
}

/// The plain functions of a module; path operations and other decorated ones are not called.
fn top_functions(facts: &facts::FileFacts) -> Vec<StmtId> {
    let Some(unit) = facts.units.first() else {
        return Vec::new();
    };
    unit.body
        .iter()
        .copied()
        .filter(|&stmt| matches!(&unit[stmt], Stmt::Function(function) if function.decorators.is_empty()))
        .collect()
}
