//! Whether importing a module raises, walked in Python's own order from that very module.
//!
//! The evaluator runs every module once, whoever imports it first. A program that begins elsewhere may find a module half run,
//! without the names that its later statements bind. Only what surely happens counts: statements under conditions may have
//! run or not, and what is bound by means that are not followed may be anything.

pub(crate) mod bindings;
mod calls;

use crate::{ModuleRef, ModuleSource, Place, Reason};
use base::FileId;
use facts::{Arg, Expr, ExprId, ImportName, Stmt, StmtId, Unit, UnitId};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::sync::Arc;

/// By these, code imports what no statement says.
const LOADERS: [&str; 5] = [
    "import_module",
    "__import__",
    "iter_modules",
    "walk_packages",
    "__getattr__",
];
/// Imports within imports that are followed.
const DEPTH: usize = 300;

/// What the import of a module ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// A file that Python can't read.
    Syntax(FileId),
    /// What the framework refuses, and why.
    Refused(Place, Arc<str>),
    /// A name of a module that it doesn't have, or not yet, and why that raises.
    Name(Place, Arc<str>),
}

/// How a walk ends before its time.
enum End {
    Raises(ImportError),
    /// It may go on or not.
    Unsure,
}

type Walked = Result<(), End>;

/// How far a module has got.
enum State {
    /// Its statements so far have run, and bound these names.
    Running(FxHashSet<SmolStr>),
    /// All of them have.
    Done(FxHashSet<SmolStr>),
    /// It may have run or not, as may whatever it imports.
    Perhaps,
}

/// What is known of the workspace's imports.
pub struct Imports<'a> {
    /// The workspace.
    pub source: &'a dyn ModuleSource,
    /// What each module imports, by its own statements or in functions that it calls.
    pub imported: &'a FxHashMap<FileId, FxHashSet<FileId>>,
    /// The workspace's own files: what others bind is not known.
    pub own: &'a FxHashSet<FileId>,
    /// What the framework refuses in the code that importing a module runs.
    pub refused: &'a FxHashMap<FileId, Reason>,
    /// Whether Python can't read a file.
    pub is_broken: &'a dyn Fn(FileId) -> bool,
}

impl Imports<'_> {
    /// What the import of a module surely ends with, whoever begins with it.
    #[must_use]
    pub fn error_of(&self, file: FileId) -> Option<ImportError> {
        if let Some(error) = self.refusal(file) {
            return Some(error);
        }
        let error = self.walk(file, false, false)?;
        if !matches!(error, ImportError::Name(..)) {
            return Some(error);
        }
        // Few programs come here: it is worth a look at all that their functions may import.
        let error = self.walk(file, false, true)?;
        let fails = |(start, is_script): (FileId, bool)| self.walk(start, is_script, true).is_some();
        let is_certain = match &error {
            ImportError::Syntax(_) | ImportError::Refused(..) => true,
            ImportError::Name(..) => self.starts(file).into_iter().all(fails),
        };
        is_certain.then_some(error)
    }

    fn refusal(&self, file: FileId) -> Option<ImportError> {
        let reason = self.refused.get(&file)?;
        Some(ImportError::Refused(reason.place?, reason.text.clone()))
    }

    fn walk(&self, file: FileId, is_script: bool, heeds_functions: bool) -> Option<ImportError> {
        let mut walk = Walk {
            imports: self,
            heeds_functions,
            states: FxHashMap::default(),
            depth: 0,
            calls: Vec::new(),
            called: FxHashSet::default(),
        };
        let walked = match is_script {
            true => walk.script(file),
            false => walk.load(file, true),
        };
        match walked {
            Err(End::Raises(error)) => Some(error),
            _ => None,
        }
    }

    /// Where else a program may begin that serves what a module makes: modules that import it and are not imported by it, and
    /// those of its own imports that can be run as scripts.
    fn starts(&self, file: FileId) -> Vec<(FileId, bool)> {
        let within = reached(file, |file| {
            self.imported.get(&file).into_iter().flatten().copied().collect()
        });
        let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
        for (importer, imported) in self.imported {
            for file in imported {
                importers.entry(*file).or_default().push(*importer);
            }
        }
        let above = reached(file, |file| importers.get(&file).cloned().unwrap_or_default());
        let mut starts: Vec<(FileId, bool)> = above.difference(&within).map(|start| (*start, false)).collect();
        let scripts = above
            .iter()
            .filter(|file| self.own.contains(file) && self.is_script(**file));
        starts.extend(scripts.map(|script| (*script, true)));
        starts.sort_unstable();
        starts
    }

    /// Whether a module asks for `__name__`, as those do that can be run.
    fn is_script(&self, file: FileId) -> bool {
        let asks = |expr: &Expr| match expr {
            Expr::Compare(first, _) => Some(*first),
            _ => None,
        };
        self.source.facts(file).is_some_and(|facts| {
            facts.units.first().is_some_and(|unit| {
                let unit = unit.unit();
                let mut asked = unit.exprs.iter().filter_map(asks);
                asked.any(|first| matches!(&unit[first], Expr::Name(name) if name == "__name__"))
            })
        })
    }
}

/// A file and all that is reached from it.
fn reached(file: FileId, next: impl Fn(FileId) -> Vec<FileId>) -> FxHashSet<FileId> {
    let mut found = FxHashSet::default();
    let mut pending = vec![file];
    while let Some(file) = pending.pop() {
        if found.insert(file) {
            pending.extend(next(file));
        }
    }
    found
}

/// One program's imports from its first module.
struct Walk<'a> {
    imports: &'a Imports<'a>,
    /// Whether what functions import may be there: who calls them is not asked.
    heeds_functions: bool,
    states: FxHashMap<FileId, State>,
    depth: usize,
    /// Functions that run, the innermost last.
    calls: Vec<(FileId, UnitId)>,
    /// Functions that ran to their end, with how many names for modules stood around them: once more, they find nothing new.
    called: FxHashSet<(FileId, SmolStr, usize)>,
}

/// The module whose statements run.
struct Module {
    file: FileId,
    unit: Arc<Unit>,
    /// Its names for modules.
    modules: FxHashMap<SmolStr, FileId>,
    /// Where its statements stand: in the module's own unit, or in that of a function that it calls.
    id: UnitId,
    /// Whether it can be imported, and not only be run; not in a function, which has names of its own.
    is_named: bool,
}

impl Walk<'_> {
    pub(super) fn source(&self) -> &dyn ModuleSource {
        self.imports.source
    }

    fn module(&self, file: FileId, is_named: bool) -> Option<Module> {
        let unit = self.source().facts(file)?.units.first()?.unit().clone();
        Some(Module {
            file,
            unit,
            modules: FxHashMap::default(),
            id: UnitId::MODULE,
            is_named,
        })
    }

    /// Runs a module as a script: under another name, so that it can be imported once more.
    fn script(&mut self, file: FileId) -> Walked {
        match self.module(file, false) {
            Some(mut module) => {
                let body = module.unit.body.clone();
                self.block(&mut module, &body, true)
            }
            None => Ok(()),
        }
    }

    /// Imports a module, surely or perhaps.
    fn load(&mut self, file: FileId, surely: bool) -> Walked {
        if surely && (self.imports.is_broken)(file) {
            return Err(End::Raises(ImportError::Syntax(file)));
        }
        if self.states.contains_key(&file) {
            return Ok(());
        }
        self.parent(file, surely)?;
        if self.states.contains_key(&file) {
            return Ok(());
        }
        if self.depth > DEPTH {
            return Err(End::Unsure);
        }
        let state = match surely {
            true => State::Running(FxHashSet::default()),
            false => State::Perhaps,
        };
        self.states.insert(file, state);
        if surely && self.heeds_functions && self.imports_at_will(file) {
            return Err(End::Unsure);
        }
        self.depth += 1;
        self.run(file, surely)?;
        if let (true, Some(error)) = (surely, self.imports.refusal(file)) {
            return Err(End::Raises(error));
        }
        self.depth -= 1;
        if let Some(state @ State::Running(_)) = self.states.get_mut(&file)
            && let State::Running(names) = std::mem::replace(state, State::Perhaps)
        {
            *state = State::Done(names);
        }
        Ok(())
    }

    /// Python imports `a` before `a.b`.
    fn parent(&mut self, file: FileId, surely: bool) -> Walked {
        let name = self.source().module_name(file);
        if let Some((parent, _)) = name.rsplit_once('.')
            && let ModuleRef::File(package) = self.source().resolve(file, parent)
            && package != file
        {
            self.load(package, surely)?;
        }
        Ok(())
    }

    fn run(&mut self, file: FileId, surely: bool) -> Walked {
        let Some(mut module) = self.module(file, true) else {
            return Ok(());
        };
        if !surely {
            // Whatever it leads to may have run.
            for next in self.imported_by(file) {
                self.load(next, false)?;
            }
            return Ok(());
        }
        let mut own = FxHashSet::default();
        self.statements_of(file, &module.unit, &mut own);
        let mut others = self.imported_by(file);
        others.retain(|next| !own.contains(next));
        if !others.is_empty() {
            // What these import is imported when they are called.
            self.imported_in_calls(file, &mut own);
            others.retain(|next| !own.contains(next));
        }
        for next in others {
            self.load(next, false)?;
        }
        let body = module.unit.body.clone();
        self.block(&mut module, &body, true)
    }

    /// What a module imports, as far as it was followed; and what its functions would.
    fn imported_by(&self, file: FileId) -> Vec<FileId> {
        let mut found: FxHashSet<FileId> = self
            .imports
            .imported
            .get(&file)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        if let (true, Some(facts)) = (self.heeds_functions, self.source().facts(file)) {
            let once = self.called_once(file);
            for (number, unit) in facts.units.iter().enumerate().skip(1) {
                if !once.contains(&UnitId(number as u32)) {
                    self.statements_of(file, &unit.read(), &mut found);
                }
            }
        }
        let mut files: Vec<FileId> = found.into_iter().collect();
        files.sort_unstable();
        files
    }

    /// Whether a file's code imports modules by names that it makes, or when it is asked for what it doesn't have.
    fn imports_at_will(&self, file: FileId) -> bool {
        let is_loader = |expr: &Expr| match expr {
            Expr::Name(name) | Expr::Attr { name, .. } => LOADERS.contains(&name.as_str()),
            _ => false,
        };
        let facts = self.source().facts(file);
        facts.is_none_or(|facts| facts.units.iter().any(|unit| unit.read().exprs.iter().any(is_loader)))
    }

    /// What the import statements of a unit lead to, and the packages that these are in.
    fn statements_of(&self, file: FileId, unit: &Unit, found: &mut FxHashSet<FileId>) {
        let mut add = |name: &str| {
            for (end, _) in name.match_indices('.').chain([(name.len(), "")]) {
                if let ModuleRef::File(file) = self.file_of(file, &name[..end]) {
                    found.insert(file);
                }
            }
        };
        for stmt in &unit.stmts {
            match stmt {
                Stmt::Import(names) => names.iter().for_each(|name| add(&name.name)),
                Stmt::ImportFrom {
                    level,
                    module: from,
                    names,
                    ..
                } => {
                    if let Some(base) = crate::eval::absolute_name(self.source(), file, *level, from) {
                        add(&base);
                        names.iter().for_each(|name| add(&format!("{base}.{}", name.name)));
                    }
                }
                _ => {}
            }
        }
    }

    fn block(&mut self, module: &mut Module, block: &[StmtId], surely: bool) -> Walked {
        for stmt in block {
            self.stmt(module, *stmt, surely)?;
            if surely && module.is_named {
                let mut names = Vec::new();
                bindings::of_stmt(&module.unit, *stmt, &mut names);
                if let Some(State::Running(bound)) = self.states.get_mut(&module.file) {
                    bound.extend(names);
                }
            }
        }
        Ok(())
    }

    pub(super) fn stmt(&mut self, module: &mut Module, stmt: StmtId, surely: bool) -> Walked {
        let unit = module.unit.clone();
        match &unit[stmt] {
            Stmt::Import(names) => self.import(module, names, surely),
            Stmt::ImportFrom {
                level,
                module: from,
                names,
                ..
            } => self.import_from(module, *level, from, names, surely),
            Stmt::Raise(_) if surely => Err(End::Unsure),
            Stmt::If { test, body, orelse } => match bindings::is_type_checking(&unit, *test) {
                Some(holds) => self.block(module, if holds { orelse } else { body }, surely),
                None => {
                    self.names_of(module, stmt);
                    self.block(module, body, false)?;
                    self.block(module, orelse, false)
                }
            },
            Stmt::For { body, orelse, .. } | Stmt::While { body, orelse, .. } => {
                self.names_of(module, stmt);
                self.block(module, body, false)?;
                self.block(module, orelse, false)
            }
            Stmt::Try {
                body,
                handlers,
                orelse,
                finally,
            } => {
                self.names_of(module, stmt);
                let is_sure = surely && handlers.is_empty();
                self.block(module, body, is_sure)?;
                for handler in handlers {
                    self.block(module, &handler.body, false)?;
                }
                self.block(module, orelse, is_sure)?;
                self.block(module, finally, surely)
            }
            Stmt::With { body, .. } => {
                self.names_of(module, stmt);
                self.block(module, body, false)
            }
            Stmt::Match { cases, .. } => {
                self.names_of(module, stmt);
                cases.iter().try_for_each(|case| self.block(module, &case.body, false))
            }
            Stmt::Function(function) if surely => function
                .decorators
                .iter()
                .try_for_each(|decorator| self.reads(module, *decorator)),
            Stmt::Class(class) => self.block(module, &class.body, false),
            Stmt::Expr(expr) | Stmt::Assign { value: expr, .. } if surely => self.evaluates(module, *expr),
            Stmt::AnnAssign { value: Some(expr), .. } if surely => self.evaluates(module, *expr),
            _ => Ok(()),
        }
    }

    /// What a statement binds is perhaps there while it still runs.
    fn names_of(&mut self, module: &Module, stmt: StmtId) {
        let mut names = Vec::new();
        bindings::of_stmt(&module.unit, stmt, &mut names);
        if let (true, Some(State::Running(bound))) = (module.is_named, self.states.get_mut(&module.file)) {
            bound.extend(names);
        }
    }

    fn import(&mut self, module: &mut Module, names: &[ImportName], surely: bool) -> Walked {
        for name in names {
            let top = name.name.split('.').next().unwrap_or_default();
            if let ModuleRef::File(file) = self.resolved(module, &name.name, surely)? {
                self.load(file, surely)?;
            }
            let bound = match name.alias {
                Some(alias) => (bindings::name(&module.unit, alias), name.name.as_str()),
                None => (Some(SmolStr::new(top)), top),
            };
            if let (Some(own), ModuleRef::File(file)) = (bound.0, self.file_of(module.file, bound.1)) {
                module.modules.insert(own, file);
            }
        }
        Ok(())
    }

    /// Where a module is; a file that has another name by right may be another module.
    fn file_of(&self, from: FileId, name: &str) -> ModuleRef {
        match self.source().resolve(from, name) {
            ModuleRef::File(file) if *self.source().module_name(file) != *name => ModuleRef::Unknown,
            found => found,
        }
    }

    /// Where a module is; one that is not there ends the program, or is spared.
    fn resolved(&self, module: &Module, name: &str, surely: bool) -> Result<ModuleRef, End> {
        match self.file_of(module.file, name) {
            ModuleRef::Missing if surely => Err(End::Unsure),
            found => Ok(found),
        }
    }

    fn import_from(
        &mut self,
        module: &mut Module,
        level: u32,
        from: &str,
        names: &[ImportName],
        surely: bool,
    ) -> Walked {
        let Some(base) = crate::eval::absolute_name(self.source(), module.file, level, from) else {
            return Err(End::Unsure);
        };
        let found = self.resolved(module, &base, surely)?;
        if let ModuleRef::File(file) = found {
            self.load(file, surely)?;
        }
        for name in names.iter().filter(|name| name.name != "*") {
            let part = format!("{base}.{}", name.name);
            let own = match name.alias {
                Some(alias) => bindings::name(&module.unit, alias),
                None => Some(name.name.clone()),
            };
            let inner = self.file_of(module.file, &part);
            match (&found, inner) {
                (ModuleRef::File(package), ModuleRef::File(inner)) if self.source().is_package(*package) => {
                    // A name of the package's own comes before the module.
                    let is_other = bindings::may_bind(self, *package, &name.name);
                    self.load(inner, surely && !is_other)?;
                    module.modules.extend(own.filter(|_| !is_other).map(|own| (own, inner)));
                }
                (ModuleRef::Namespace, ModuleRef::File(inner)) => {
                    self.load(inner, surely)?;
                    module.modules.extend(own.map(|own| (own, inner)));
                }
                (ModuleRef::File(file), inner) => {
                    let is_package = matches!(inner, ModuleRef::Namespace) && self.source().is_package(*file);
                    if surely && !is_package && !bindings::may_have(self, *file, &name.name) {
                        let place = Place {
                            file: module.file,
                            unit: module.id,
                            expr: name.name_at,
                        };
                        return Err(self.missing("an ImportError", *file, &name.name, place));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Attributes of modules that an expression reads whatever its values are.
    pub(super) fn reads(&self, module: &Module, expr: ExprId) -> Walked {
        match &module.unit[expr] {
            Expr::Attr { value, name, .. } => match self.module_at(module, *value) {
                Some(file) => self.attribute(module, file, name, expr),
                None => self.reads(module, *value),
            },
            Expr::Call { func, args } => {
                self.reads(module, *func)?;
                args.iter().try_for_each(|arg| match arg {
                    Arg::Positional(value) | Arg::Keyword { value, .. } => self.reads(module, *value),
                    Arg::Star(_) | Arg::DoubleStar(_) => Ok(()),
                })
            }
            Expr::List(items) | Expr::Tuple(items) => items.iter().try_for_each(|item| self.reads(module, *item)),
            _ => Ok(()),
        }
    }

    /// The module that an expression is.
    fn module_at(&self, module: &Module, expr: ExprId) -> Option<FileId> {
        match &module.unit[expr] {
            Expr::Name(name) => module.modules.get(name).copied(),
            Expr::Attr { value, name, .. } => {
                let package = self.module_at(module, *value)?;
                let part = format!("{}.{name}", self.source().module_name(package));
                match self.source().resolve(package, &part) {
                    ModuleRef::File(inner) if self.source().is_package(package) => Some(inner),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn attribute(&self, module: &Module, file: FileId, name: &SmolStr, expr: ExprId) -> Walked {
        let part = format!("{}.{name}", self.source().module_name(file));
        let is_module = self.source().is_package(file)
            && matches!(
                self.source().resolve(file, &part),
                ModuleRef::File(_) | ModuleRef::Namespace
            );
        if is_module || bindings::may_have(self, file, name) {
            return Ok(());
        }
        let place = Place {
            file: module.file,
            unit: module.id,
            expr,
        };
        Err(self.missing("an AttributeError", file, name, place))
    }

    fn missing(&self, class: &str, file: FileId, name: &str, at: Place) -> End {
        let of = self.source().module_name(file);
        let why = match self.states.get(&file) {
            Some(State::Running(_)) => format!("the import of `{of}` is under way, and `{name}` is not bound yet"),
            _ => format!("`{of}` has no `{name}`"),
        };
        End::Raises(ImportError::Name(
            at,
            format!("Python raises {class} here: {why}").into(),
        ))
    }
}
