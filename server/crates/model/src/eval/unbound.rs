//! Names that are surely not bound: a `NameError`.
//!
//! That a scope lacks a name says little by itself, since names come by many means. It is certain where the file binds the name
//! by statements at the module's top alone, which have run or not, or nowhere at all.

use super::{Context, Eval, Interp, certainty::RestsOn, flow::Raise, heap::Thing, value::FrameKind};
use crate::{ModuleSource, link::bindings};
use base::FileId;
use facts::{Expr, ExprId, FileFacts, Params, Stmt, StmtId, Unit, UnitId};
use smol_str::SmolStr;

/// Names that every module finds, by Python itself or by what often starts it; those that [`super::builtins`] knows are left out.
const GIVEN: &str = " False None PythonFinalizationError True WindowsError _ copyright credits dbutils display frozendict \
    get_ipython license sentinel spark ";

/// Names that every module has once some library's `install()` was called.
const INSTALLED: [&str; 6] = ["ic", "ngettext", "pp", "snoop", "spy", "gettext"];

/// What gives names to all modules.
#[derive(Debug)]
pub(super) struct Givers {
    /// Whether some file calls an `install()`.
    installs: bool,
    /// Files that name Python's builtins as a module.
    of_builtins: Vec<FileId>,
}

impl Givers {
    fn of(source: &dyn ModuleSource) -> Self {
        let mut givers = Self {
            installs: false,
            of_builtins: Vec::new(),
        };
        for file in source.files() {
            let Some(facts) = source.facts(file) else { continue };
            let gives = |giver: &str| {
                let mut units = facts.units.iter();
                units.any(|unit| unit.may_mention(giver) && names(&unit.read(), giver))
            };
            givers.installs = givers.installs || gives("install");
            if ["builtins", "__builtins__"].into_iter().any(gives) {
                givers.of_builtins.push(file);
            }
        }
        givers
    }
}

impl Interp<'_> {
    /// A name that was not found in any scope.
    pub(super) fn check_unbound(&mut self, cx: &Context, name: &str, at: ExprId) -> Eval<()> {
        let place = cx.place(at);
        if name.starts_with("__") || !self.is_certain(place) || self.may_be_bound(cx, name) {
            return Ok(());
        }
        let why = format!("Python raises a NameError here: `{name}` is not bound");
        self.surely(
            &Raise::new("NameError"),
            why,
            place,
            RestsOn::Things(vec![Thing::Module(cx.file)]),
        )
    }

    fn may_be_bound(&self, cx: &Context, name: &str) -> bool {
        let running = self.running_module() == Some(cx.file);
        if is_given(name) || !running && self.is_importing(cx.file) {
            return true;
        }
        match self.frame(cx.frame).kind {
            FrameKind::Module => self.may_be_bound_in_module(cx.file, name),
            // A metaclass may give names to a class's block.
            FrameKind::Class => true,
            FrameKind::Function => {
                self.may_be_bound_in_module(cx.file, name)
                    || self
                        .source
                        .facts(cx.file)
                        .is_none_or(|facts| binds_elsewhere(&facts, name))
            }
        }
    }

    /// Whether a module may have a name that its scope lacks.
    pub(super) fn may_be_bound_in_module(&self, file: FileId, name: &str) -> bool {
        let Some(facts) = self.source.facts(file).filter(|facts| !facts.damaged) else {
            return true;
        };
        self.module_is_open(file)
            || bindings::has_hidden_names(&facts, name)
            || binds_perhaps(&facts, name)
            || self.is_given_to_all(name)
    }

    /// Whether some file may give a name to all modules.
    fn is_given_to_all(&self, name: &str) -> bool {
        let givers = self.givers.get_or_init(|| Givers::of(self.source));
        let may_set = |file: &FileId| {
            let facts = self.source.facts(*file);
            facts.is_some_and(|facts| bindings::may_set_any(&facts, name))
        };
        givers.installs && INSTALLED.contains(&name) || givers.of_builtins.iter().any(may_set)
    }

    /// Whether code in a file may give an attribute of that name to something.
    pub(super) fn may_set_attribute(&self, file: FileId, name: &str) -> bool {
        self.source
            .facts(file)
            .filter(|facts| !facts.damaged)
            .is_none_or(|facts| bindings::may_set_any(&facts, name))
    }
}

/// Whether Python, or what often starts it, gives a name to every module.
pub(super) fn is_given(name: &str) -> bool {
    GIVEN.split(' ').any(|given| given == name)
}

/// Whether a unit names or imports something.
fn names(unit: &Unit, name: &str) -> bool {
    let is_it = |expr: &Expr| matches!(expr, Expr::Name(used) | Expr::Attr { name: used, .. } if used == name);
    unit.exprs.iter().any(is_it)
        || unit.stmts.iter().any(|stmt| match stmt {
            Stmt::Import(names) => names.iter().any(|import| import.name == name),
            _ => false,
        })
}

/// Whether statements of a module bind a name that only perhaps run, or in ways that are not followed.
fn binds_perhaps(facts: &FileFacts, name: &str) -> bool {
    let Some(module) = facts.units.first() else { return true };
    let unit = module.unit();
    let mut names = Vec::new();
    for stmt in &unit.body {
        match &unit[*stmt] {
            Stmt::ImportFrom { names: imported, .. } if imported.iter().any(|import| import.name == "*") => {
                return true;
            }
            _ if is_plain(unit, *stmt) => {}
            _ => bindings::of_stmt(unit, *stmt, &mut names),
        }
    }
    let walrus = unit.exprs.iter().filter_map(|expr| match expr {
        Expr::Walrus(target, _) => bindings::name(unit, *target),
        _ => None,
    });
    names.extend(walrus);
    names.iter().any(|bound| bound == name || bound == "*")
}

/// Whether a statement binds its names whenever it runs.
fn is_plain(unit: &Unit, stmt: StmtId) -> bool {
    matches!(
        unit[stmt],
        Stmt::Assign { .. }
            | Stmt::AnnAssign { .. }
            | Stmt::AugAssign { .. }
            | Stmt::Import(_)
            | Stmt::ImportFrom { .. }
            | Stmt::Function(_)
            | Stmt::Class(_)
            | Stmt::TypeAlias { .. }
    )
}

/// Whether something else than the module's own statements binds a name: parameters, what functions and classes have, clauses.
fn binds_elsewhere(facts: &FileFacts, name: &str) -> bool {
    facts.units.iter().enumerate().any(|(number, cell)| {
        let unit = cell.read();
        let is_top = |stmt: StmtId| UnitId(number as u32) == UnitId::MODULE && unit.body.contains(&stmt);
        let mut names: Vec<SmolStr> = Vec::new();
        for number in 0..unit.stmts.len() {
            let stmt = StmtId(number as u32);
            if let Stmt::Function(function) = &unit[stmt] {
                of_params(&unit, &function.params, &mut names);
                names.extend(
                    function
                        .type_params
                        .iter()
                        .filter_map(|param| bindings::name(&unit, param.name)),
                );
            }
            if let Stmt::Class(class) = &unit[stmt] {
                names.extend(
                    class
                        .type_params
                        .iter()
                        .filter_map(|param| bindings::name(&unit, param.name)),
                );
            }
            if !is_top(stmt) {
                bindings::of_stmt(&unit, stmt, &mut names);
            }
        }
        for expr in &unit.exprs {
            match expr {
                Expr::Lambda(params, _) => of_params(&unit, params, &mut names),
                Expr::Walrus(target, _) => names.extend(bindings::name(&unit, *target)),
                Expr::Comprehension { clauses, .. } => clauses
                    .iter()
                    .for_each(|clause| bindings::of_target(&unit, clause.target, &mut names)),
                _ => {}
            }
        }
        names.iter().any(|bound| bound == name)
    })
}

fn of_params(unit: &Unit, params: &Params, names: &mut Vec<SmolStr>) {
    names.extend(params.list.iter().filter_map(|param| bindings::name(unit, param.name)));
}
