//! The project's own errors, which a handler turns into answers.

use super::modules::{Module, Modules, Origin, Symbol};
use facts::{Arg, Class, Expr, ExprId, FunctionBody, ParamKind, Stmt, Unit, UnitId};
use std::collections::BTreeMap;
use style::walk;

/// Errors with a status, all below one class that is handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors {
    /// The class that the handler is registered for.
    pub base: Symbol,
    /// The class for each status, of those that are raised with a message alone.
    pub by_status: BTreeMap<u16, Symbol>,
    /// The function that registers the handlers on an app, where there is one.
    pub register: Option<Symbol>,
}

/// How far up bases are followed.
const MAX_BASES: usize = 8;

pub(super) fn find(modules: &Modules<'_>) -> Option<Errors> {
    let mut found: Vec<Errors> = handled(modules)
        .into_iter()
        .filter_map(|(base, register)| {
            let module = modules.of(base.0)?;
            let by_status = by_status(modules, module, &base);
            (!by_status.is_empty()).then(|| Errors {
                base: modules.symbol(module, &base.1),
                by_status,
                register,
            })
        })
        .collect();
    found.sort_by_key(|errors| std::cmp::Reverse(errors.by_status.len()));
    found.into_iter().next()
}

/// What SQLAlchemy raises where the database refuses a row, and the classes above it.
const REFUSALS: [&str; 5] = [
    "IntegrityError",
    "DatabaseError",
    "DBAPIError",
    "StatementError",
    "SQLAlchemyError",
];

/// Whether a handler answers for rows that the database refuses.
pub(super) fn answer_refusals(modules: &Modules<'_>) -> bool {
    let mut found = false;
    each_handled(modules, &mut |module, unit, _, class| {
        found |= modules.is_of(module, unit, class, "sqlalchemy", &REFUSALS);
    });
    found
}

type ClassAt = (base::FileId, String);

/// The project's classes that handlers are registered for, each with the function that registers it on an app.
fn handled(modules: &Modules<'_>) -> Vec<(ClassAt, Option<Symbol>)> {
    let mut found: Vec<(ClassAt, Option<Symbol>)> = Vec::new();
    each_handled(modules, &mut |module, unit, id, class| {
        if let Some(Origin::Own(file, name)) = modules.origin(module, unit, class)
            && modules.of(file).is_some_and(|module| class_of(module, &name).is_some())
            && !found.iter().any(|(known, _)| known.0 == file && known.1 == name)
        {
            found.push(((file, name), registering(modules, module, id)));
        }
    });
    found
}

/// Looks at each class that a handler is registered for.
fn each_handled(modules: &Modules<'_>, look: &mut dyn FnMut(&Module, &Unit, UnitId, ExprId)) {
    for module in modules.own() {
        for (number, cell) in module.facts.units.iter().enumerate() {
            if !cell.may_mention("exception_handler") && !cell.may_mention("exception_handlers") {
                continue;
            }
            let unit = &*cell.read();
            let calls = unit.exprs.iter().filter_map(|expr| match expr {
                Expr::Call { func, args } => Some((*func, args)),
                _ => None,
            });
            for class in calls.flat_map(|(func, args)| handled_by(unit, func, args)) {
                look(module, unit, UnitId(number as u32), class);
            }
        }
    }
}

/// The classes that a call registers handlers for: `add_exception_handler(E, f)`, `FastAPI(exception_handlers={E: f})`.
fn handled_by(unit: &Unit, func: ExprId, args: &[Arg]) -> Vec<ExprId> {
    if ["add_exception_handler", "exception_handler"].contains(&style::last_name(unit, func)) {
        return match args.first() {
            Some(Arg::Positional(class)) => vec![*class],
            _ => Vec::new(),
        };
    }
    let told = args.iter().find_map(|arg| match arg {
        Arg::Keyword { name, value, .. } if name.as_str() == "exception_handlers" => Some(&unit[*value]),
        _ => None,
    });
    match told {
        Some(Expr::Dict(entries)) => entries.iter().filter_map(|(class, _)| *class).collect(),
        _ => Vec::new(),
    }
}

/// The function of a module whose body is `unit` and that takes an app alone.
fn registering(modules: &Modules<'_>, module: &Module, unit: UnitId) -> Option<Symbol> {
    module.functions().into_iter().find_map(|(_, outer, function)| {
        let is_body = match function.body {
            FunctionBody::Unit(own) => own == unit,
            FunctionBody::Block(_) => unit == UnitId::MODULE,
        };
        let takes_app = matches!(function.params.list.as_slice(), [app]
            if app.annotation.is_some_and(|e| modules.is_of(module, outer, e, "fastapi", &["FastAPI"])));
        (is_body && takes_app).then(|| modules.symbol(module, style::last_name(outer, function.name)))
    })
}

fn class_of<'m>(module: &'m Module, name: &str) -> Option<(&'m Unit, &'m Class)> {
    let mut classes = module.classes().into_iter();
    classes.find(|(unit, class)| style::last_name(unit, class.name) == name)
}

/// The classes beside the base and below it that say their status and are made of a message.
fn by_status(modules: &Modules<'_>, module: &Module, base: &ClassAt) -> BTreeMap<u16, Symbol> {
    let mut found = BTreeMap::new();
    for (unit, class) in module.classes() {
        let name = style::last_name(unit, class.name);
        let Some(line) = line_of(modules, module, name) else {
            continue;
        };
        if name == base.1 || !line.contains(base) || !takes_message(modules, &line) {
            continue;
        }
        // Clients are told with a 401 how to authenticate.
        let is_whole = |status: u16| status != 401 || names_challenge(unit, class);
        if let Some(status) = status(unit, class).filter(|status| is_whole(*status)) {
            found.entry(status).or_insert_with(|| modules.symbol(module, name));
        }
    }
    found
}

fn names_challenge(unit: &Unit, class: &Class) -> bool {
    let mut found = false;
    walk::exprs_of_block(unit, &class.body, &mut |e| {
        found |= matches!(&unit[e], Expr::Str(text) if text.eq_ignore_ascii_case("WWW-Authenticate"));
    });
    found
}

/// A class and its bases of the project, the nearest first; nothing where it is no exception.
fn line_of(modules: &Modules<'_>, module: &Module, name: &str) -> Option<Vec<ClassAt>> {
    let mut line = vec![(module.file, name.to_owned())];
    let mut module = module;
    let mut name = name.to_owned();
    for _ in 0..MAX_BASES {
        let (unit, class) = class_of(module, &name)?;
        let Some(Arg::Positional(first)) = class.args.first() else {
            return None;
        };
        if style::last_name(unit, *first) == "Exception" {
            return Some(line);
        }
        match modules.origin(module, unit, *first)? {
            Origin::Own(file, base) => {
                line.push((file, base.clone()));
                (module, name) = (modules.of(file)?, base);
            }
            Origin::Library(..) => return None,
        }
    }
    None
}

/// Whether it can be raised with a message alone.
fn takes_message(modules: &Modules<'_>, line: &[ClassAt]) -> bool {
    let init = line.iter().find_map(|(file, name)| {
        let (unit, class) = class_of(modules.of(*file)?, name)?;
        class.body.iter().find_map(|&id| match &unit[id] {
            Stmt::Function(function) if style::last_name(unit, function.name) == "__init__" => Some((unit, function)),
            _ => None,
        })
    });
    let Some((unit, init)) = init else { return true };
    let mut params = init.params.list.iter().skip(1);
    let is_text = |annotation: Option<ExprId>| {
        annotation.is_none_or(|e| {
            let mut is_text = false;
            walk::exprs(unit, e, &mut |e| is_text |= style::last_name(unit, e) == "str");
            is_text
        })
    };
    let first = params.next().is_some_and(|param| {
        matches!(param.kind, ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword) && is_text(param.annotation)
    });
    first && params.all(|param| param.default.is_some())
}

/// What a class says its status is.
fn status(unit: &Unit, class: &Class) -> Option<u16> {
    class.body.iter().find_map(|&id| {
        let (name, value) = match &unit[id] {
            Stmt::Assign { targets, value } => (style::last_name(unit, *targets.first()?), *value),
            Stmt::AnnAssign {
                target,
                value: Some(value),
                ..
            } => (style::last_name(unit, *target), *value),
            _ => return None,
        };
        if !["status_code", "status", "http_status"].contains(&name) {
            return None;
        }
        match &unit[value] {
            Expr::Int(status) => u16::try_from(*status).ok(),
            Expr::Attr { name, .. } => status_named(name),
            _ => None,
        }
    })
}

/// The statuses that scaffolds answer with, by their names in `fastapi.status` and `http.HTTPStatus`.
fn status_named(name: &str) -> Option<u16> {
    if let Some(rest) = name.strip_prefix("HTTP_") {
        return rest.get(..3)?.parse().ok();
    }
    match name {
        "BAD_REQUEST" => Some(400),
        "UNAUTHORIZED" => Some(401),
        "FORBIDDEN" => Some(403),
        "NOT_FOUND" => Some(404),
        "CONFLICT" => Some(409),
        "TOO_MANY_REQUESTS" => Some(429),
        "SERVICE_UNAVAILABLE" => Some(503),
        _ => None,
    }
}
