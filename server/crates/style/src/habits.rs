//! What the path operations of a module and of the whole project have in common.

use crate::{Action, Census, NamePattern, Preferences};
use base::FileId;
use facts::{Expr, Unit};
use model::StmtPlace;
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
        self.cast_times(is_near, vote, place, 1);
    }

    /// Counts a vote that a statement casts several times.
    pub(crate) fn cast_times(&mut self, is_near: bool, vote: T, place: StmtPlace, times: usize) {
        let add = |counts: &mut FxHashMap<T, Tally>| {
            let tally = counts.entry(vote.clone()).or_insert(Tally { count: 0, first: place });
            tally.count += times;
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
pub fn habits(census: &Census, near: Option<FileId>, is_own: &dyn Fn(FileId) -> bool, set: &Preferences) -> Habits {
    let mut is_async = Votes::default();
    let mut annotated = Votes::default();
    let mut status = Votes::default();
    let mut response = Votes::default();
    let mut docstrings = Votes::default();
    let mut statuses: FxHashMap<Action, FxHashMap<Option<u16>, usize>> = FxHashMap::default();
    let mut names: FxHashMap<Action, FxHashMap<NamePattern, usize>> = FxHashMap::default();
    let mut own: FxHashMap<FileId, bool> = FxHashMap::default();
    for entry in &census.entries {
        let place = entry.place;
        if !*own.entry(place.file).or_insert_with(|| is_own(place.file)) {
            continue;
        }
        let is_near = near == Some(place.file);
        let writing = &entry.writing;
        is_async.cast(is_near, writing.is_async, place);
        if let Some(vote) = writing.annotated {
            annotated.cast(is_near, vote, place);
        }
        if entry.is_http {
            if let Some(vote) = writing.status {
                status.cast(is_near, vote, place);
            }
            if let Some(vote) = writing.response {
                response.cast(is_near, vote, place);
            }
        }
        if let Some(vote) = writing.docstring {
            docstrings.cast(is_near, vote, place);
        }
        for (vote, count) in &writing.raised {
            status.cast_times(is_near, *vote, place, *count);
        }
        if let Some(action) = entry.action {
            if let Some(code) = entry.status_code {
                *statuses.entry(action).or_default().entry(code).or_default() += if is_near { 2 } else { 1 };
            }
            if let Some(pattern) = &entry.name {
                let counts = names.entry(action).or_default();
                let weight = if is_near { 100 } else { 1 };
                match counts.get_mut(pattern) {
                    Some(count) => *count += weight,
                    None => {
                        counts.insert(pattern.clone(), weight);
                    }
                }
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

/// The last name of a dotted name; empty for anything else.
#[must_use]
pub fn last_name(unit: &Unit, expr: facts::ExprId) -> &str {
    match &unit[expr] {
        Expr::Name(name) | Expr::Attr { name, .. } => name,
        _ => "",
    }
}
