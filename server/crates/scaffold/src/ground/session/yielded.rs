//! What a generator yields, read off its body: `with SessionLocal() as db: yield db`.

use super::class_in;
use crate::ground::modules::{Module, Modules, Origin};
use facts::{Arg, Expr, ExprId, Function, Stmt, Unit};
use style::walk;

/// Names are followed this often.
const MAX_NAMES: usize = 4;

/// The class of the sessions that a function yields, with the module of the library that has it.
pub(in crate::ground) fn class(
    modules: &Modules<'_>,
    module: &Module,
    unit: &Unit,
    function: &Function,
) -> Option<(String, String)> {
    let (body_unit, body) = module.body(unit, function)?;
    let reader = Reader {
        modules,
        module,
        unit: body_unit,
        bound: bound(body_unit, body),
    };
    let mut yielded = Vec::new();
    walk::exprs_of_block(body_unit, body, &mut |expr| {
        if let Expr::Yield(Some(value)) = &body_unit[expr] {
            yielded.push(*value);
        }
    });
    yielded.into_iter().find_map(|value| reader.class(value, 0))
}

/// Whether a function yields inside of a transaction: `with session.begin():`, `with maker.begin() as session:`.
pub(in crate::ground) fn has_transaction(module: &Module, unit: &Unit, function: &Function) -> bool {
    let Some((unit, body)) = module.body(unit, function) else {
        return false;
    };
    let begins = |manager: ExprId| match &unit[manager] {
        Expr::Call { func, .. } => matches!(&unit[*func], Expr::Attr { name, .. } if name == "begin"),
        _ => false,
    };
    let mut found = false;
    walk::stmts(unit, body, &mut |stmt| {
        let Stmt::With { items, body, .. } = &unit[stmt] else {
            return;
        };
        if items.iter().any(|(manager, _)| begins(*manager)) {
            walk::exprs_of_block(unit, body, &mut |expr| found |= matches!(&unit[expr], Expr::Yield(_)));
        }
    });
    found
}

/// The names that a body binds, and to what.
fn bound<'a>(unit: &'a Unit, body: &[facts::StmtId]) -> Vec<(&'a str, ExprId)> {
    let mut found = Vec::new();
    walk::stmts(unit, body, &mut |stmt| {
        let pairs: Vec<(ExprId, ExprId)> = match &unit[stmt] {
            Stmt::Assign { targets, value } => targets.iter().map(|target| (*target, *value)).collect(),
            Stmt::AnnAssign {
                target,
                value: Some(value),
                ..
            } => vec![(*target, *value)],
            Stmt::With { items, .. } => items
                .iter()
                .filter_map(|(manager, target)| Some(((*target)?, *manager)))
                .collect(),
            _ => Vec::new(),
        };
        found.extend(pairs.into_iter().filter_map(|(target, value)| match &unit[target] {
            Expr::Name(name) => Some((name.as_str(), value)),
            _ => None,
        }));
    });
    found
}

struct Reader<'a> {
    modules: &'a Modules<'a>,
    module: &'a Module,
    unit: &'a Unit,
    bound: Vec<(&'a str, ExprId)>,
}

impl Reader<'_> {
    fn class(&self, value: ExprId, depth: usize) -> Option<(String, String)> {
        if depth > MAX_NAMES {
            return None;
        }
        match &self.unit[value] {
            Expr::Name(name) => {
                let mut bound = self.bound.iter().filter(|(known, _)| known == name);
                bound.find_map(|(_, value)| self.class(*value, depth + 1))
            }
            Expr::Await(inner) => self.class(*inner, depth + 1),
            Expr::Call { func, .. } => match &self.unit[*func] {
                // `maker.begin()`, and `session.begin()` within.
                Expr::Attr { value, name, .. } if name == "begin" => self
                    .made(self.module, self.unit, *value, depth)
                    .or_else(|| self.class(*value, depth + 1)),
                _ => self.made(self.module, self.unit, *func, depth),
            },
            _ => None,
        }
    }

    /// What the call of something makes: a session's class, or what makes sessions.
    fn made(&self, module: &Module, unit: &Unit, func: ExprId, depth: usize) -> Option<(String, String)> {
        if depth > MAX_NAMES {
            return None;
        }
        let direct = self.modules.origin(module, unit, func);
        match direct? {
            Origin::Library(from, name) => {
                let is_session = ["Session", "AsyncSession"].contains(&name.as_str());
                let is_known = ["sqlalchemy", "sqlmodel"]
                    .iter()
                    .any(|package| from.starts_with(package));
                (is_session && is_known).then_some((from, name))
            }
            Origin::Own(file, name) => {
                let other = self.modules.of(file)?;
                let (unit, _, value) = other.values().into_iter().find(|(_, bound, _)| *bound == name)?;
                self.of_maker(other, unit, value, depth + 1)
            }
        }
    }

    /// The class of what `sessionmaker(…)` and its like make.
    fn of_maker(&self, module: &Module, unit: &Unit, value: ExprId, depth: usize) -> Option<(String, String)> {
        let Expr::Call { func, args } = &unit[value] else {
            return None;
        };
        let makes = |names: &[&str]| self.modules.is_of(module, unit, *func, "sqlalchemy", names);
        let given = args.iter().find_map(|arg| match arg {
            Arg::Keyword { name, value, .. } if name == "class_" => class_in(self.modules, module, unit, *value),
            _ => None,
        });
        let usual = |from: &str, name: &str| Some((from.to_owned(), name.to_owned()));
        if makes(&["sessionmaker"]) {
            return given.or_else(|| usual("sqlalchemy.orm", "Session"));
        }
        if makes(&["async_sessionmaker"]) {
            return given.or_else(|| usual("sqlalchemy.ext.asyncio", "AsyncSession"));
        }
        if makes(&["scoped_session", "async_scoped_session"]) {
            let Some(Arg::Positional(inner)) = args.first() else {
                return None;
            };
            return self
                .of_maker(module, unit, *inner, depth + 1)
                .or_else(|| self.made(module, unit, *inner, depth + 1));
        }
        None
    }
}
