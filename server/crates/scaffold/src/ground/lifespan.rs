//! The app, and what runs when it starts and ends.

use super::modules::{Module, Modules, Symbol};
use crate::Site;
use facts::{Arg, Expr, ExprId, FunctionBody, Stmt, StmtId, Unit};
use model::{Place, RouterId};

/// The app of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPlace {
    /// The app, by its own name in the module that it is made in; tests and servers import it.
    pub symbol: Symbol,
    /// Its own router.
    pub router: RouterId,
    /// The call that makes it.
    pub made_at: Place,
    /// The function that makes it, where that has to be called to get it.
    pub factory: Option<String>,
}

/// What runs when the app starts and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lifespan {
    /// A context manager that the app is given.
    Function(Symbol),
    /// Functions that are registered with `on_event`: how many.
    Events(usize),
    /// Something that is no function of the project.
    Other,
}

/// The project's app: the entry point, else the first.
pub(super) fn app(modules: &Modules<'_>) -> Option<AppPlace> {
    let model = modules.site.ctx.model;
    model.apps.iter().find_map(|app| {
        let router = model.routers.get(app.router.0 as usize)?;
        let (module_name, attribute) = app.id.split_once(':')?;
        let made_in = modules.of(router.made_at.file).filter(|module| !module.is_test)?;
        let named = modules
            .own()
            .find(|module| &*modules.site.ctx.modules.module_name(module.file) == module_name)
            .unwrap_or(made_in);
        let factory = attribute.strip_suffix("()");
        Some(AppPlace {
            symbol: modules.symbol(named, factory.unwrap_or(attribute)),
            router: app.router,
            made_at: router.made_at,
            factory: factory.map(str::to_owned),
        })
    })
}

pub(super) fn find(modules: &Modules<'_>, app: &AppPlace) -> Option<Lifespan> {
    let module = modules.of(app.made_at.file)?;
    let unit: &Unit = module.facts.units.get(app.made_at.unit.0 as usize)?;
    if let Expr::Call { args, .. } = unit.exprs.get(app.made_at.expr.0 as usize)? {
        let given = args.iter().find_map(|arg| match arg {
            Arg::Keyword { name, value, .. } if name == "lifespan" => Some(*value),
            _ => None,
        });
        if let Some(given) = given {
            let origin = modules.origin(module, unit, given);
            let symbol = origin.as_ref().and_then(|origin| modules.symbol_of(origin));
            return Some(symbol.map_or(Lifespan::Other, Lifespan::Function));
        }
    }
    let count = events(modules);
    (count > 0).then_some(Lifespan::Events(count))
}

/// How many functions are registered with `on_event`.
fn events(modules: &Modules<'_>) -> usize {
    let is_event = |unit: &Unit, expr: ExprId| match &unit[expr] {
        Expr::Call { func, .. } => style::last_name(unit, *func) == "on_event",
        _ => false,
    };
    let functions = modules.own().flat_map(|module| module.functions());
    functions
        .filter(|(_, unit, function)| function.decorators.iter().any(|&decorator| is_event(unit, decorator)))
        .count()
}

/// Whether most functions of some modules begin with a docstring.
pub(super) fn have_docstrings<'m>(site: &Site<'_>, modules: impl Iterator<Item = &'m Module>) -> bool {
    let mut sum = Documented::default();
    for module in modules {
        let counts = site
            .ctx
            .memo
            .documented
            .get(module.file, &module.facts, || documented(module));
        sum.with += counts.with;
        sum.without += counts.without;
    }
    sum.with > sum.without
}

/// How many functions of a module begin with a docstring.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Documented {
    with: usize,
    without: usize,
}

fn documented(module: &Module) -> Documented {
    let mut counts = Documented::default();
    for (_, outer, function) in module.functions() {
        let begins = |unit: &Unit, body: &[StmtId]| {
            let first = body.first().and_then(|id| unit.stmts.get(id.0 as usize));
            matches!(first, Some(Stmt::Expr(e)) if matches!(unit[*e], Expr::Str(_)))
        };
        let has = match &function.body {
            FunctionBody::Block(body) => begins(outer, body),
            FunctionBody::Unit(own) => module.facts.units.get(own.0 as usize).is_some_and(|cell| {
                let unit = cell.read();
                begins(&unit, &unit.body)
            }),
        };
        match has {
            true => counts.with += 1,
            false => counts.without += 1,
        }
    }
    counts
}
