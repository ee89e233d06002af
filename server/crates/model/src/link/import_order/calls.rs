//! Functions that a module surely calls while it is imported: what these import is imported then.

use super::{Module, Walk, Walked, bindings};
use base::FileId;
use facts::{Arg, Expr, ExprId, Function, FunctionBody, Stmt, StmtId, Unit, UnitId};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// Calls within calls that are followed.
const DEPTH: usize = 20;

impl Walk<'_> {
    /// What is read and called by an expression, whatever its values are.
    pub(super) fn evaluates(&mut self, module: &Module, expr: ExprId) -> Walked {
        self.reads(module, expr)?;
        self.calls(module, expr)
    }

    fn calls(&mut self, module: &Module, expr: ExprId) -> Walked {
        match &module.unit[expr] {
            Expr::Call { func, args } => {
                self.calls(module, *func)?;
                for arg in args {
                    if let Arg::Positional(value) | Arg::Keyword { value, .. } = arg {
                        self.calls(module, *value)?;
                    }
                }
                match &module.unit[*func] {
                    Expr::Name(name) => self.call(module, name),
                    _ => Ok(()),
                }
            }
            Expr::Attr { value, .. } => self.calls(module, *value),
            Expr::List(items) | Expr::Tuple(items) => items.iter().try_for_each(|item| self.calls(module, *item)),
            _ => Ok(()),
        }
    }

    fn call(&mut self, module: &Module, name: &str) -> Walked {
        let again = (module.file, SmolStr::new(name), module.modules.len());
        if self.called.contains(&again) {
            return Ok(());
        }
        let Some((unit, id, body)) = self.function(module, name) else {
            return Ok(());
        };
        let call = (module.file, id);
        if self.calls.len() > DEPTH || self.calls.contains(&call) {
            return Ok(());
        }
        let mut modules = module.modules.clone();
        let mut own = Vec::new();
        body.iter().for_each(|stmt| bindings::of_stmt(&unit, *stmt, &mut own));
        modules.retain(|name, _| !own.contains(name));
        let mut inner = Module {
            file: module.file,
            unit,
            modules,
            id,
            is_named: false,
        };
        self.calls.push(call);
        let walked = self.function_block(&mut inner, &body);
        self.calls.pop();
        if walked.is_ok() {
            self.called.insert(again);
        }
        walked
    }

    /// Statements of a function: what comes behind one that may leave it only perhaps runs.
    fn function_block(&mut self, module: &mut Module, body: &[StmtId]) -> Walked {
        let unit = module.unit.clone();
        let mut surely = true;
        for stmt in body {
            match &unit[*stmt] {
                Stmt::Return(value) if surely => {
                    return value.map_or(Ok(()), |value| self.evaluates(module, value));
                }
                _ => self.stmt(module, *stmt, surely)?,
            }
            surely &= !may_leave(&unit, *stmt);
        }
        Ok(())
    }

    /// The body of the function that a name stands for, where nothing else is bound to it in the module, and calling it runs
    /// no more than that.
    fn function(&self, module: &Module, name: &str) -> Option<(std::sync::Arc<Unit>, UnitId, Vec<StmtId>)> {
        let facts = self.source().facts(module.file)?;
        let top = facts.units.first()?.unit();
        let function = only_function(top, name)?;
        let has_own_name = function.params.list.iter().any(|param| {
            let param = bindings::name(top, param.name);
            param.is_some_and(|param| module.modules.contains_key(&param))
        });
        if has_own_name || bindings::has_hidden_names(&facts, name) {
            return None;
        }
        match &function.body {
            FunctionBody::Block(body) => Some((top.clone(), UnitId::MODULE, body.clone())),
            FunctionBody::Unit(id) => {
                let unit = facts.units.get(id.0 as usize)?.read();
                let body = unit.body.clone();
                Some((unit, *id, body))
            }
        }
    }

    /// Adds what those functions import that run where a file's own block calls them, and never else.
    pub(super) fn imported_in_calls(&self, file: FileId, found: &mut FxHashSet<FileId>) {
        let Some(facts) = self.source().facts(file) else { return };
        for id in self.called_once(file) {
            if let Some(unit) = facts.units.get(id.0 as usize) {
                self.statements_of(file, &unit.read(), found);
            }
        }
    }

    /// The functions of a file that are named nowhere but where its own block calls them: they run then, and never else.
    pub(super) fn called_once(&self, file: FileId) -> FxHashSet<UnitId> {
        let mut found = FxHashSet::default();
        let Some(facts) = self.source().facts(file) else {
            return found;
        };
        let Some(top) = facts.units.first().map(|unit| unit.unit().clone()) else {
            return found;
        };
        for stmt in &top.body {
            let Stmt::Function(function) = &top[*stmt] else {
                continue;
            };
            let (FunctionBody::Unit(id), Some(name)) = (&function.body, bindings::name(&top, function.name)) else {
                continue;
            };
            let is_called = top.body.iter().any(|stmt| match &top[*stmt] {
                Stmt::Expr(expr) | Stmt::Assign { value: expr, .. } => calls(&top, *expr, &name),
                Stmt::AnnAssign { value: Some(expr), .. } => calls(&top, *expr, &name),
                _ => false,
            });
            // Its own name, and that of the call.
            let is_only = only_function(&top, &name).is_some() && count(&top, &name) == 2;
            if is_called && is_only && !self.is_named_elsewhere(file, &name) {
                found.insert(*id);
            }
        }
        found
    }

    /// Whether functions of a file, or files that import it, name something.
    fn is_named_elsewhere(&self, file: FileId, name: &str) -> bool {
        let imported = self.imports.imported.iter();
        let importers = imported.filter(|(_, imported)| imported.contains(&file));
        std::iter::once(&file)
            .chain(importers.map(|(importer, _)| importer))
            .any(|other| {
                let skipped = usize::from(*other == file);
                self.source().facts(*other).is_none_or(|facts| {
                    let mut units = facts.units.iter().skip(skipped);
                    units.any(|unit| unit.may_mention(name) && count(&unit.read(), name) > 0)
                })
            })
    }
}

/// The function of a name, where it is undecorated, not suspended when it is called, and nothing else has the name.
fn only_function<'u>(top: &'u Unit, name: &str) -> Option<&'u Function> {
    let mut bound = Vec::new();
    top.body
        .iter()
        .for_each(|stmt| bindings::of_stmt(top, *stmt, &mut bound));
    if bound.iter().filter(|bound| *bound == name).count() != 1 {
        return None;
    }
    top.body.iter().find_map(|stmt| match &top[*stmt] {
        Stmt::Function(function) => {
            let is_it = bindings::name(top, function.name).is_some_and(|own| own == name);
            let is_plain = function.decorators.is_empty() && !function.is_async && !function.is_generator;
            (is_it && is_plain).then_some(&**function)
        }
        _ => None,
    })
}

/// Whether evaluating an expression calls a function of that name, as [`Walk::calls`] follows it.
fn calls(unit: &Unit, expr: ExprId, name: &str) -> bool {
    match &unit[expr] {
        Expr::Call { func, args } => {
            bindings::name(unit, *func).is_some_and(|called| called == name)
                || calls(unit, *func, name)
                || args.iter().any(|arg| match arg {
                    Arg::Positional(value) | Arg::Keyword { value, .. } => calls(unit, *value, name),
                    Arg::Star(_) | Arg::DoubleStar(_) => false,
                })
        }
        Expr::Attr { value, .. } => calls(unit, *value, name),
        Expr::List(items) | Expr::Tuple(items) => items.iter().any(|item| calls(unit, *item, name)),
        _ => false,
    }
}

/// How often a unit names something, be it in a string or an import.
fn count(unit: &Unit, name: &str) -> usize {
    let exprs = unit.exprs.iter().filter(|expr| match expr {
        Expr::Name(used) | Expr::Attr { name: used, .. } => used == name,
        Expr::Str(text) => text.contains(name),
        _ => false,
    });
    let imports = unit.stmts.iter().filter(|stmt| match stmt {
        Stmt::ImportFrom { names, .. } => names.iter().any(|import| import.name == name || import.name == "*"),
        _ => false,
    });
    exprs.count() + imports.count()
}

/// Whether a statement may end the function that it is in.
fn may_leave(unit: &Unit, stmt: StmtId) -> bool {
    let any = |block: &[StmtId]| block.iter().any(|stmt| may_leave(unit, *stmt));
    match &unit[stmt] {
        Stmt::Return(_) | Stmt::Raise(_) => true,
        Stmt::If { body, orelse, .. } | Stmt::For { body, orelse, .. } | Stmt::While { body, orelse, .. } => {
            any(body) || any(orelse)
        }
        Stmt::Try {
            body,
            handlers,
            orelse,
            finally,
        } => any(body) || any(orelse) || any(finally) || handlers.iter().any(|handler| any(&handler.body)),
        Stmt::With { body, .. } => any(body),
        Stmt::Match { cases, .. } => cases.iter().any(|case| any(&case.body)),
        _ => false,
    }
}
