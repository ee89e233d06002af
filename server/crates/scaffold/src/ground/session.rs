//! The database session that path operations ask for.

mod asked;
pub(super) mod yielded;

use super::{
    Ground,
    modules::{Module, Modules, Origin, Symbol},
};
use asked::{AllAsked, Asked};
use facts::{Expr, ExprId, Function, Stmt, Unit};
use model::{DependsTarget, Fact};
use style::walk;

/// How path operations get a database session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The function that yields it.
    pub provider: Symbol,
    /// `Annotated[Session, Depends(provider)]` under a name.
    pub alias: Option<Symbol>,
    /// The module of the library that has its class, and the class's name.
    pub class: (String, String),
    /// Whether its calls are awaited.
    pub is_async: bool,
    /// Whether it is SQLModel's.
    pub is_sqlmodel: bool,
    /// Whether the provider commits what is done, in `with session.begin():`, in which nothing else may go on behind a commit.
    pub has_transaction: bool,
}

impl Ground {
    /// One that our templates make.
    pub(crate) fn made_session(&self, provider: Symbol, alias: Symbol, is_sqlmodel: bool) -> Session {
        let (module, name) = match (is_sqlmodel, self.prefers_async) {
            (true, true) => ("sqlmodel.ext.asyncio.session", "AsyncSession"),
            (false, true) => ("sqlalchemy.ext.asyncio", "AsyncSession"),
            (true, false) => ("sqlmodel", "Session"),
            (false, false) => ("sqlalchemy.orm", "Session"),
        };
        Session {
            provider,
            alias: self.is_annotated.then_some(alias),
            class: (module.to_owned(), name.to_owned()),
            is_async: self.prefers_async,
            is_sqlmodel,
            has_transaction: false,
        }
    }
}

/// Names of functions that give a session, where nothing says what they yield.
const NAMES: [&str; 8] = [
    "get_db",
    "get_session",
    "get_async_session",
    "get_async_db",
    "get_db_session",
    "db_session",
    "get_database_session",
    "session_dependency",
];

/// The session of the project: of several the one that most depend on.
pub(super) fn find(modules: &Modules<'_>) -> Option<Session> {
    let mut best: Option<(usize, Session)> = None;
    let all = asked::read(modules);
    let mut found: Vec<(usize, Session)> = Vec::new();
    for module in modules.own() {
        for (_, unit, function) in module.functions() {
            if let Some(session) = session(modules, &all, module, unit, function) {
                found.push((uses(modules, &session), session));
            }
        }
    }
    found.extend(of_objects(modules, &all));
    for (uses, session) in found {
        let is_set = modules.site.ctx.preferences.session.as_ref().is_none_or(|set| {
            let symbols = [Some(&session.provider), session.alias.as_ref()];
            let mut symbols = symbols.into_iter().flatten();
            symbols.any(|symbol| set.is(&symbol.module, &symbol.name))
        });
        let score = uses + usize::from(session.alias.is_some());
        if is_set && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, session));
        }
    }
    best.map(|(_, session)| session)
}

/// Methods of objects that are asked for sessions, as `Depends(database.get_session)` does, and how many ask.
fn of_objects(modules: &Modules<'_>, all: &AllAsked) -> Vec<(usize, Session)> {
    let methods = all.iter().filter(|((_, name), _)| name.contains('.'));
    methods
        .filter_map(|((file, name), asked)| {
            let provider = modules.symbol(modules.of(*file)?, name);
            Some((asked.count, given(provider, Some(asked), asked.class.clone()?)))
        })
        .collect()
}

fn given(provider: Symbol, asked: Option<&Asked>, class: (String, String)) -> Session {
    Session {
        provider,
        alias: asked.and_then(|asked| asked.alias.clone()),
        is_async: class.1.starts_with("Async"),
        is_sqlmodel: class.0.starts_with("sqlmodel"),
        class,
        has_transaction: false,
    }
}

fn session(
    modules: &Modules<'_>,
    all: &AllAsked,
    module: &Module,
    unit: &Unit,
    function: &Function,
) -> Option<Session> {
    if !function.decorators.is_empty()
        || !function
            .params
            .list
            .iter()
            .all(|param| is_given(modules, module, unit, param))
    {
        return None;
    }
    let name = style::last_name(unit, function.name);
    let provider = modules.symbol(module, name);
    let asked = all.get(&(module.file, name.to_owned()));
    let annotated = || class_in(modules, module, unit, function.returns?);
    let yielded = || {
        let class = yielded::class(modules, module, unit, function);
        class.filter(|_| function.is_generator)
    };
    // `-> Generator` says nothing of what it yields.
    let is_silent = function
        .returns
        .is_none_or(|returns| !matches!(unit[returns], Expr::Subscript { .. }));
    let guessed = || {
        let is_it = is_silent && function.is_generator && NAMES.contains(&name);
        is_it.then(|| guess(modules, module, function))?
    };
    let class = annotated()
        .or_else(|| asked.and_then(|asked| asked.class.clone()))
        .or_else(yielded)
        .or_else(guessed)?;
    Some(Session {
        has_transaction: function.is_generator && yielded::has_transaction(module, unit, function),
        ..given(provider, asked, class)
    })
}

/// Whether FastAPI itself can give a parameter's argument without asking a client for it.
fn is_given(modules: &Modules<'_>, module: &Module, unit: &Unit, param: &facts::Param) -> bool {
    let depends = |expr: ExprId| {
        let mut found = false;
        walk::exprs(unit, expr, &mut |e| {
            found |= modules.is_of(module, unit, e, "fastapi", &["Depends", "Request", "Security"]);
            found |= modules.is_of(module, unit, e, "starlette", &["Request"]);
        });
        found
    };
    let is_alias = |expr: ExprId| match modules.origin(module, unit, expr) {
        Some(Origin::Own(file, name)) => modules.of(file).is_some_and(|other| {
            let mut values = other.values().into_iter();
            values.any(|(unit, bound, value)| bound == name && annotated(unit, value).is_some())
        }),
        _ => false,
    };
    param.default.is_some_and(depends) || param.annotation.is_some_and(|e| depends(e) || is_alias(e))
}

/// The session class that stands in a type.
pub(super) fn class_in(modules: &Modules<'_>, module: &Module, unit: &Unit, expr: ExprId) -> Option<(String, String)> {
    let mut found = None;
    walk::exprs(unit, expr, &mut |e| {
        if let Some(Origin::Library(from, name)) = modules.origin(module, unit, e)
            && (from.starts_with("sqlalchemy") || from.starts_with("sqlmodel"))
            && ["Session", "AsyncSession"].contains(&name.as_str())
        {
            found = Some((from, name));
        }
    });
    found
}

/// Where nothing is annotated: an asynchronous function gives an asynchronous session.
fn guess(modules: &Modules<'_>, module: &Module, function: &Function) -> Option<(String, String)> {
    let mentions = |package: &str| {
        let unit = module.unit();
        unit.is_some_and(|unit| {
            unit.stmts.iter().any(
                |stmt| matches!(stmt, Stmt::ImportFrom { module, .. } if module.split('.').next() == Some(package)),
            )
        })
    };
    let is_sqlmodel = mentions("sqlmodel");
    let makes_sessions = |module: &Module| {
        module
            .values()
            .iter()
            .any(|(unit, _, value)| matches!(&unit[*value], Expr::Call { func, .. } if modules.is_of(module, unit, *func, "sqlalchemy", &["sessionmaker", "async_sessionmaker", "scoped_session"])))
    };
    if !is_sqlmodel && !makes_sessions(module) && !modules.own().any(makes_sessions) {
        return None;
    }
    let (from, name) = match (is_sqlmodel, function.is_async) {
        (true, false) => ("sqlmodel", "Session"),
        (false, false) => ("sqlalchemy.orm", "Session"),
        (true, true) => ("sqlmodel.ext.asyncio.session", "AsyncSession"),
        (false, true) => ("sqlalchemy.ext.asyncio", "AsyncSession"),
    };
    Some((from.to_owned(), name.to_owned()))
}

/// The two parts of `Annotated[a, b]`.
pub(super) fn annotated(unit: &Unit, expr: ExprId) -> Option<(ExprId, ExprId)> {
    let Expr::Subscript { value, index } = &unit[expr] else {
        return None;
    };
    match &unit[*index] {
        Expr::Tuple(parts) if parts.len() == 2 && style::last_name(unit, *value) == "Annotated" => {
            Some((parts[0], parts[1]))
        }
        _ => None,
    }
}

/// How many `Depends(…)` ask for it.
fn uses(modules: &Modules<'_>, session: &Session) -> usize {
    let model = modules.site.ctx.model;
    let name = format!("{}.{}", session.provider.module, session.provider.name);
    let is_it = |depends: &&model::Depends| match &depends.target {
        Fact::Known(DependsTarget::Callable(id)) => model
            .callables
            .get(id.0 as usize)
            .is_some_and(|callable| *callable.name == *name),
        _ => false,
    };
    model.depends.iter().filter(is_it).count()
}
