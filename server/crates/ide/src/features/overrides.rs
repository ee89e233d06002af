//! Which tests put something else in the place of a dependency: `app.dependency_overrides`, as FastAPI's page "Testing
//! Dependencies with Overrides" has it.
//!
//! Tests are not run. What they override is read off the code of those files that name the attribute, bodies of fixtures and
//! tests included: assignments, the methods of a dict, `monkeypatch` and `patch.dict`.

use crate::Analysis;
use base::FileId;
use facts::{Arg, BinaryOp, Block, Expr, ExprId, FunctionBody, Stmt, Unit, UnitCell, UnitId};
use model::{Callable, CallableKind, Files, Place};
use rustc_hash::{FxHashMap, FxHashSet};
use scaffold::resolve::{self, Binding, Resolved};
use std::{collections::BTreeSet, path::Path, sync::Arc};
use style::Preferences;

const ATTRIBUTE: &str = "dependency_overrides";

/// One dependency that is overridden at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Override {
    /// The `Name` node of the dependency's `def` or `class`.
    dependency: Place,
    /// The key, where it is written.
    pub(crate) at: Place,
    /// What takes its place.
    pub(crate) replacement: Place,
    /// The fixture or test that does so; none at the top of a module.
    pub(crate) within: Option<Arc<str>>,
}

impl Override {
    /// Whether the callable is what is overridden. Of instances only their class is known.
    pub(crate) fn is_of(&self, callable: &Callable) -> bool {
        callable.kind != CallableKind::Instance && callable.def == Some(self.dependency)
    }
}

impl Analysis {
    /// Everything that is overridden in the workspace.
    pub(crate) fn overrides(&self) -> Vec<Override> {
        let files = self.sources().relevance.overriding.iter();
        files.flat_map(|&file| self.overrides_in(file)).collect()
    }

    /// The text at a place, on one line.
    pub(crate) fn text_at(&self, place: Place) -> String {
        let span = self.sources().span(place);
        let source = self.source(place.file);
        let text = source
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn overrides_in(&self, file: FileId) -> Vec<Override> {
        let Some(code) = Code::read(self, file) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (number, unit) in code.units.iter().enumerate() {
            let id = UnitId(number as u32);
            for (key, value) in pairs(unit) {
                let place = |expr| Place { file, unit: id, expr };
                if let Some(dependency) = code.definition(id, key) {
                    found.push(Override {
                        dependency,
                        at: place(key),
                        replacement: place(value),
                        within: code.function(id),
                    });
                }
            }
        }
        found
    }
}

/// Keys and values that a unit puts into a `dependency_overrides`.
fn pairs(unit: &Unit) -> Vec<(ExprId, ExprId)> {
    let names = Names::of(unit);
    // In the order in which they are written, each once.
    let mut found = BTreeSet::new();
    for stmt in &unit.stmts {
        match stmt {
            Stmt::Assign { targets, value } => {
                for target in targets {
                    match &unit[*target] {
                        Expr::Subscript { value: of, index } if names.are_overrides(*of) => {
                            found.extend([(*index, *value)])
                        }
                        Expr::Attr { name, .. } if name == ATTRIBUTE => found.extend(names.entries(*value)),
                        _ => {}
                    }
                }
            }
            Stmt::AugAssign { target, value, .. } if names.are_overrides(*target) => {
                found.extend(names.entries(*value));
            }
            _ => {}
        }
    }
    for expr in &unit.exprs {
        if let Expr::Call { func, args } = expr
            && let Expr::Attr { value, name, .. } = &unit[*func]
        {
            found.extend(names.put_by(*value, name, args));
        }
    }
    found.into_iter().collect()
}

/// What the plain names of a unit are bound to, as far as it is of interest: a `dependency_overrides`, or a dict.
struct Names<'a> {
    unit: &'a Unit,
    overrides: FxHashSet<&'a str>,
    dicts: FxHashMap<&'a str, ExprId>,
}

impl<'a> Names<'a> {
    fn of(unit: &'a Unit) -> Self {
        let mut names = Self {
            unit,
            overrides: FxHashSet::default(),
            dicts: FxHashMap::default(),
        };
        for stmt in &unit.stmts {
            let (target, value) = match stmt {
                Stmt::Assign { targets, value } => (targets.first(), Some(value)),
                Stmt::AnnAssign { target, value, .. } => (Some(target), value.as_ref()),
                _ => continue,
            };
            let (Some(target), Some(value)) = (target, value) else {
                continue;
            };
            let Some(name) = name_of(unit, *target) else { continue };
            if is_attribute(unit, *value) {
                names.overrides.insert(name);
            } else if matches!(unit[*value], Expr::Dict(_)) {
                names.dicts.insert(name, *value);
            }
        }
        names
    }

    fn are_overrides(&self, expr: ExprId) -> bool {
        is_attribute(self.unit, expr) || name_of(self.unit, expr).is_some_and(|name| self.overrides.contains(name))
    }

    /// The entries of a dict that is written there, or bound to the name there.
    fn entries(&self, expr: ExprId) -> Vec<(ExprId, ExprId)> {
        let named = name_of(self.unit, expr).and_then(|name| self.dicts.get(name));
        match &self.unit[*named.unwrap_or(&expr)] {
            Expr::Dict(entries) => {
                let entries = entries.iter().filter_map(|(key, value)| Some(((*key)?, *value)));
                entries.collect()
            }
            Expr::Binary(left, BinaryOp::BitOr, right) => [self.entries(*left), self.entries(*right)].concat(),
            _ => Vec::new(),
        }
    }

    /// What a call of a method puts there: of the dict's own, of pytest's `monkeypatch`, of `unittest.mock`'s `patch.dict`.
    fn put_by(&self, of: ExprId, method: &str, args: &[Arg]) -> Vec<(ExprId, ExprId)> {
        let positional = args.iter().filter_map(|arg| match arg {
            Arg::Positional(value) => Some(*value),
            Arg::Star(_) | Arg::Keyword { .. } | Arg::DoubleStar(_) => None,
        });
        let is_its_name = |expr: ExprId| matches!(&self.unit[expr], Expr::Str(text) if &**text == ATTRIBUTE);
        match (method, positional.collect::<Vec<_>>().as_slice()) {
            ("update", [given]) if self.are_overrides(of) => self.entries(*given),
            ("setdefault" | "__setitem__", [key, given]) if self.are_overrides(of) => vec![(*key, *given)],
            ("setitem", [of, key, given]) if self.are_overrides(*of) => vec![(*key, *given)],
            ("setattr", [_, name, given]) if is_its_name(*name) => self.entries(*given),
            ("dict", [of, given]) if self.are_overrides(*of) => self.entries(*given),
            _ => Vec::new(),
        }
    }
}

fn is_attribute(unit: &Unit, expr: ExprId) -> bool {
    matches!(&unit[expr], Expr::Attr { name, .. } if name == ATTRIBUTE)
}

/// The code of a file: its module, and the bodies of functions in it.
struct Code<'a> {
    analysis: &'a Analysis,
    file: FileId,
    path: Arc<Path>,
    preferences: Preferences,
    units: Vec<Arc<Unit>>,
}

impl<'a> Code<'a> {
    fn read(analysis: &'a Analysis, file: FileId) -> Option<Self> {
        let facts = analysis.sources().parsed(file)?.facts.clone();
        let units = facts.units.iter().map(UnitCell::read).collect();
        let path = analysis.path(file);
        Some(Self {
            analysis,
            file,
            preferences: analysis.preferences(path.parent().unwrap_or(&path)),
            path,
            units,
        })
    }

    fn context(&self) -> scaffold::Context<'_> {
        self.analysis.scaffold_context(&self.path, &self.preferences)
    }

    /// The function whose body a unit is.
    fn function(&self, unit: UnitId) -> Option<Arc<str>> {
        let module = self.units.first()?;
        let name = module.stmts.iter().find_map(|stmt| match stmt {
            Stmt::Function(function) if function.body == FunctionBody::Unit(unit) => Some(function.name),
            _ => None,
        });
        Some(name_of(module, name?)?.into())
    }

    /// The `Name` node of the `def` or `class` that an expression names.
    fn definition(&self, unit: UnitId, expr: ExprId) -> Option<Place> {
        let code = self.units.get(unit.0 as usize)?;
        match &code[expr] {
            Expr::Name(name) => match self.local(unit, name) {
                Some(Binding::Def(stmt)) => Some(Place {
                    file: self.file,
                    unit,
                    expr: def_name(&code[stmt])?,
                }),
                _ => self.place(&self.resolve(unit, name)?),
            },
            Expr::Attr { value, name, .. } => match &code[*value] {
                Expr::Name(base) => self.member(self.resolve(unit, base)?, name),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a function binds itself.
    fn local(&self, unit: UnitId, name: &str) -> Option<Binding> {
        let code = self.units.get(unit.0 as usize).filter(|_| unit != UnitId::MODULE)?;
        resolve::binding_in(&self.context(), self.file, code, name)
    }

    /// What a name means: by an import in the function, else in the module.
    fn resolve(&self, unit: UnitId, name: &str) -> Option<Resolved> {
        match self.local(unit, name) {
            Some(binding) => resolve::imported(&self.context(), self.file, &binding),
            None => resolve::resolve(&self.context(), self.file, name),
        }
    }

    /// A member of a module, or a method of a class.
    fn member(&self, base: Resolved, name: &str) -> Option<Place> {
        match base {
            Resolved::Module(module) => self.place(&resolve::resolve(&self.context(), module, name)?),
            Resolved::Item(file, Binding::Def(stmt)) => {
                let unit = self.module_of(file)?;
                let Stmt::Class(class) = &unit[stmt] else { return None };
                let expr = method(&unit, &class.body, name)?;
                Some(module_place(file, expr))
            }
            Resolved::Item(..) | Resolved::Library(..) => None,
        }
    }

    fn place(&self, resolved: &Resolved) -> Option<Place> {
        let Resolved::Item(file, Binding::Def(stmt)) = resolved else {
            return None;
        };
        let expr = def_name(&self.module_of(*file)?[*stmt])?;
        Some(module_place(*file, expr))
    }

    fn module_of(&self, file: FileId) -> Option<Arc<Unit>> {
        let parsed = self.analysis.sources().parsed(file)?;
        Some(parsed.facts.units.first()?.read())
    }
}

fn module_place(file: FileId, expr: ExprId) -> Place {
    Place {
        file,
        unit: UnitId::MODULE,
        expr,
    }
}

fn def_name(stmt: &Stmt) -> Option<ExprId> {
    match stmt {
        Stmt::Function(function) => Some(function.name),
        Stmt::Class(class) => Some(class.name),
        _ => None,
    }
}

fn method(unit: &Unit, body: &Block, name: &str) -> Option<ExprId> {
    let mut names = body.iter().rev().filter_map(|stmt| def_name(&unit[*stmt]));
    names.find(|expr| name_of(unit, *expr) == Some(name))
}

fn name_of(unit: &Unit, expr: ExprId) -> Option<&str> {
    match &unit[expr] {
        Expr::Name(name) => Some(name),
        _ => None,
    }
}
