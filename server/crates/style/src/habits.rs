//! What the path operations of a module and of the whole project have in common.

use crate::{Action, NamePattern, Preferences, walk, words};
use base::FileId;
use facts::{Arg, Expr, Function, Stmt, Unit, UnitCell};
use model::{Fact, Files, Model, Operation, RouteKind, StmtPlace};
use rustc_hash::FxHashMap;

/// How a habit is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The configuration says so.
    Set,
    /// So many of the same module.
    Module(usize),
    /// So many of the project.
    Project(usize),
    /// Nothing tells: what FastAPI's documentation recommends.
    Default,
}

/// What is usual, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habit<T> {
    /// What is usual.
    pub value: T,
    /// How that is known.
    pub evidence: Evidence,
    /// The first that does so.
    pub example: Option<StmtPlace>,
}

impl<T> Habit<T> {
    /// What is set instead, where something is.
    #[must_use]
    pub fn or_set(self, set: Option<T>) -> Self {
        match set {
            Some(value) => Self {
                value,
                evidence: Evidence::Set,
                example: None,
            },
            None => self,
        }
    }
}

/// How status codes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusStyle {
    /// `201`.
    Number,
    /// `status.HTTP_201_CREATED`.
    Constant,
}

/// Where the response's schema is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseStyle {
    /// `response_model=` alone.
    Model,
    /// The return annotation alone.
    Annotation,
    /// `response_model=`, and a return annotation of what the function really returns.
    Both,
    /// Nowhere.
    Nothing,
}

/// What path operations have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habits {
    /// `async def` or `def`.
    pub is_async: Habit<bool>,
    /// `Annotated[T, Depends(…)]` and its aliases, or `T = Depends(…)`.
    pub annotated: Habit<bool>,
    /// How status codes are written.
    pub status: Habit<StatusStyle>,
    /// Where the response's schema is said.
    pub response: Habit<ResponseStyle>,
    /// Whether path operations have docstrings.
    pub docstrings: Habit<bool>,
    /// `status_code=` of each action, where most of its operations agree; `None` where they leave it out.
    pub statuses: FxHashMap<Action, Option<u16>>,
    /// How the functions of each action are named, the most frequent first.
    pub names: FxHashMap<Action, Vec<NamePattern>>,
}

/// Votes of the module and of the project.
pub struct Votes<T> {
    near: FxHashMap<T, Tally>,
    far: FxHashMap<T, Tally>,
}

/// How many cast a vote, and the first of them.
struct Tally {
    count: usize,
    first: StmtPlace,
}

impl<T> Default for Votes<T> {
    fn default() -> Self {
        Self {
            near: FxHashMap::default(),
            far: FxHashMap::default(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Votes<T> {
    /// Counts a vote that the statement at `place` casts.
    pub fn cast(&mut self, is_near: bool, vote: T, place: StmtPlace) {
        let add = |counts: &mut FxHashMap<T, Tally>| {
            let tally = counts.entry(vote.clone()).or_insert(Tally { count: 0, first: place });
            tally.count += 1;
        };
        if is_near {
            add(&mut self.near);
        }
        add(&mut self.far);
    }

    /// What most of the module do, or else the project, or else `default`; a tie is decided by `default`.
    #[must_use]
    pub fn habit(&self, default: T) -> Habit<T> {
        let most = |counts: &FxHashMap<T, Tally>| {
            let best = counts.values().map(|tally| tally.count).max()?;
            let mut winners = counts.iter().filter(|(_, tally)| tally.count == best);
            let (first, tally) = winners.next()?;
            let is_tie = winners.next().is_some();
            let (value, tally) = if is_tie {
                (&default, counts.get(&default))
            } else {
                (first, Some(tally))
            };
            Some((value.clone(), best, tally.map(|tally| tally.first)))
        };
        let habit = |(value, count, example), evidence: fn(usize) -> Evidence| Habit {
            value,
            evidence: evidence(count),
            example,
        };
        match (most(&self.near), most(&self.far)) {
            (Some(near), _) => habit(near, Evidence::Module),
            (None, Some(far)) => habit(far, Evidence::Project),
            (None, None) => Habit {
                value: default.clone(),
                evidence: Evidence::Default,
                example: None,
            },
        }
    }
}

/// Reads the habits of `near`, if a module is meant, and of the project that `is_own` knows the files of.
#[must_use]
pub fn habits(
    model: &Model,
    files: &dyn Files,
    near: Option<FileId>,
    is_own: &dyn Fn(FileId) -> bool,
    set: &Preferences,
) -> Habits {
    let mut is_async = Votes::default();
    let mut annotated = Votes::default();
    let mut status = Votes::default();
    let mut response = Votes::default();
    let mut docstrings = Votes::default();
    let mut statuses: FxHashMap<Action, FxHashMap<Option<u16>, usize>> = FxHashMap::default();
    let mut names: FxHashMap<Action, FxHashMap<NamePattern, usize>> = FxHashMap::default();
    for operation in &model.operations {
        let Some(endpoint) = Endpoint::of(model, operation) else {
            continue;
        };
        let Some(facts) = files.facts(endpoint.stmt.file) else {
            continue;
        };
        let Some(unit) = facts.units.get(endpoint.stmt.unit.0 as usize) else {
            continue;
        };
        let Some(Stmt::Function(function)) = unit.stmts.get(endpoint.stmt.stmt.0 as usize) else {
            continue;
        };
        let place = endpoint.stmt;
        if !is_own(place.file) {
            continue;
        }
        let is_near = near == Some(place.file);
        is_async.cast(is_near, function.is_async, place);
        if let Some(vote) = writes_annotated(unit, function) {
            annotated.cast(is_near, vote, place);
        }
        if operation.kind == RouteKind::Http {
            if let Some(vote) = writes_status(unit, function) {
                status.cast(is_near, vote, place);
            }
            if let Some(vote) = writes_response(unit, function) {
                response.cast(is_near, vote, place);
            }
        }
        let own = match &function.body {
            facts::FunctionBody::Unit(own) => facts.units.get(own.0 as usize).map(UnitCell::read),
            facts::FunctionBody::Block(_) => None,
        };
        let body = match (&function.body, &own) {
            (facts::FunctionBody::Block(block), _) => Some((&**unit, block)),
            (_, own) => own.as_ref().map(|own| (&**own, &own.body)),
        };
        if let Some((unit, body)) = body {
            docstrings.cast(is_near, has_docstring(unit, body), place);
            for vote in raised_statuses(unit, body) {
                status.cast(is_near, vote, place);
            }
        }
        if let Some(action) = endpoint.action {
            if let Fact::Known(code) = operation.status_code {
                *statuses.entry(action).or_default().entry(code).or_default() += if is_near { 2 } else { 1 };
            }
            let is_of_resource = action.is_of_one() || endpoint.one != endpoint.many;
            if let Some(pattern) = NamePattern::of(endpoint.name, &endpoint.one, &endpoint.many)
                && is_of_resource
                && pattern.has_verb()
            {
                *names.entry(action).or_default().entry(pattern).or_default() += if is_near { 100 } else { 1 };
            }
        }
    }
    Habits {
        is_async: is_async.habit(true).or_set(set.is_async),
        annotated: annotated.habit(true).or_set(set.annotated),
        status: status.habit(StatusStyle::Constant).or_set(set.status),
        response: response.habit(ResponseStyle::Annotation).or_set(set.response),
        docstrings: docstrings.habit(false).or_set(set.docstrings),
        statuses: statuses
            .into_iter()
            .filter_map(|(action, counts)| {
                let best = counts.iter().max_by_key(|(code, count)| (**count, code.is_some()))?;
                Some((action, *best.0))
            })
            .collect(),
        names: names
            .into_iter()
            .map(|(action, counts)| {
                let mut patterns: Vec<_> = counts.into_iter().collect();
                patterns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                (action, patterns.into_iter().map(|(pattern, _)| pattern).collect())
            })
            .collect(),
    }
}

/// The function behind an operation, with what its path says of it.
struct Endpoint<'a> {
    stmt: StmtPlace,
    name: &'a str,
    action: Option<Action>,
    one: String,
    many: String,
}

impl<'a> Endpoint<'a> {
    fn of(model: &'a Model, operation: &Operation) -> Option<Self> {
        let callable = model.callables.get(operation.endpoint.known()?.0 as usize)?;
        let name = callable.name.rsplit('.').next().unwrap_or("");
        let router = model.routers.get(operation.router.0 as usize)?;
        let path = format!("{}{}", router.prefix, operation.path);
        let action = match operation.methods.as_slice() {
            [method] => Action::of(method, &path),
            _ => None,
        };
        let many = action
            .as_ref()
            .and_then(|(_, collection)| collection.rsplit('/').find(|s| !s.is_empty() && !s.contains('{')))
            .map(words::snake)
            .unwrap_or_default();
        Some(Self {
            stmt: callable.stmt?,
            name,
            action: action.map(|(action, _)| action),
            one: words::singular(&many),
            many,
        })
    }
}

/// Whether a function's markers stand in annotations or in defaults; nothing where it has none.
fn writes_annotated(unit: &Unit, function: &Function) -> Option<bool> {
    const MARKERS: [&str; 9] = [
        "Depends", "Security", "Path", "Query", "Header", "Cookie", "Body", "Form", "File",
    ];
    let mut annotated = 0;
    let mut defaults = 0;
    for param in &function.params.list {
        let is_marker = |e| matches!(&unit[e], Expr::Call { func, .. } if MARKERS.contains(&last_name(unit, *func)));
        if param.default.is_some_and(is_marker) {
            defaults += 1;
        } else if let Some(annotation) = param.annotation {
            let is_annotated =
                matches!(&unit[annotation], Expr::Subscript { value, .. } if last_name(unit, *value) == "Annotated");
            let is_alias = matches!(&unit[annotation], Expr::Name(name)
                if name.ends_with("Dep") || name.ends_with("Depends") || name.starts_with("Current"));
            annotated += usize::from(is_annotated || is_alias);
        }
    }
    (annotated + defaults > 0).then_some(annotated >= defaults)
}

fn writes_status(unit: &Unit, function: &Function) -> Option<StatusStyle> {
    let value = decorator_keyword(unit, function, "status_code")?;
    Some(match &unit[value] {
        Expr::Int(_) => StatusStyle::Number,
        _ => StatusStyle::Constant,
    })
}

/// How a body writes the status codes that it raises or returns.
fn raised_statuses(unit: &Unit, body: &[facts::StmtId]) -> Vec<StatusStyle> {
    let mut votes = Vec::new();
    walk::exprs_of_block(unit, body, &mut |e| {
        let Expr::Call { func, args } = &unit[e] else {
            return;
        };
        let code = args.iter().enumerate().find_map(|(i, arg)| match arg {
            Arg::Keyword { name, value, .. } if name == "status_code" => Some(*value),
            Arg::Positional(value) if i == 0 && last_name(unit, *func) == "HTTPException" => Some(*value),
            _ => None,
        });
        match code.map(|code| &unit[code]) {
            Some(Expr::Int(_)) => votes.push(StatusStyle::Number),
            Some(Expr::Attr { .. }) => votes.push(StatusStyle::Constant),
            _ => {}
        }
    });
    votes
}

fn writes_response(unit: &Unit, function: &Function) -> Option<ResponseStyle> {
    let model = decorator_keyword(unit, function, "response_model").is_some();
    match function.returns.map(|returns| &unit[returns]) {
        Some(Expr::None) => None,
        Some(_) if model => Some(ResponseStyle::Both),
        Some(_) => Some(ResponseStyle::Annotation),
        None if model => Some(ResponseStyle::Model),
        None => Some(ResponseStyle::Nothing),
    }
}

fn decorator_keyword(unit: &Unit, function: &Function, keyword: &str) -> Option<facts::ExprId> {
    function
        .decorators
        .iter()
        .find_map(|&decorator| match &unit[decorator] {
            Expr::Call { args, .. } => args.iter().find_map(|arg| match arg {
                Arg::Keyword { name, value, .. } if name == keyword => Some(*value),
                _ => None,
            }),
            _ => None,
        })
}

fn has_docstring(unit: &Unit, body: &[facts::StmtId]) -> bool {
    body.first()
        .is_some_and(|&first| match unit.stmts.get(first.0 as usize) {
            Some(Stmt::Expr(e)) => matches!(unit[*e], Expr::Str(_)),
            _ => false,
        })
}

/// The last name of a dotted name; empty for anything else.
#[must_use]
pub fn last_name(unit: &Unit, expr: facts::ExprId) -> &str {
    match &unit[expr] {
        Expr::Name(name) | Expr::Attr { name, .. } => name,
        _ => "",
    }
}
