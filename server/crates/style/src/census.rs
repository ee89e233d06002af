//! What each path operation shows of the style, read once for all questions to a snapshot.
//!
//! How a function is written is a matter of its file alone, and stays true while the file's facts do; what an operation is
//! is the model's, and stays true while that does.

use crate::{Action, NamePattern, ResponseStyle, StatusStyle, habits::last_name, walk, words};
use base::FileId;
use facts::{Arg, Expr, FileFacts, Function, FunctionBody, Stmt, StmtId, Unit, UnitCell, UnitId};
use model::{Fact, Files, Model, Operation, RouteKind, StmtPlace};
use rustc_hash::FxHashMap;
use std::{collections::hash_map, sync::Arc};

/// See the module.
#[derive(Debug, Default)]
pub struct Census {
    pub(crate) entries: Vec<Entry>,
    files: FxHashMap<FileId, Read>,
}

/// What a path operation shows.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) place: StmtPlace,
    pub(crate) is_http: bool,
    pub(crate) action: Option<Action>,
    /// `status_code=`, where that is known.
    pub(crate) status_code: Option<Option<u16>>,
    /// How its function is named after its resource.
    pub(crate) name: Option<NamePattern>,
    pub(crate) writing: Arc<Writing>,
}

/// How a function is written.
#[derive(Debug)]
pub(crate) struct Writing {
    pub(crate) is_async: bool,
    pub(crate) annotated: Option<bool>,
    pub(crate) status: Option<StatusStyle>,
    pub(crate) response: Option<ResponseStyle>,
    pub(crate) docstring: Option<bool>,
    /// How its body writes status codes, and how often.
    pub(crate) raised: Vec<(StatusStyle, usize)>,
}

/// The functions of a file that were read, and the facts that they were read from.
#[derive(Clone, Debug)]
struct Read {
    facts: Arc<FileFacts>,
    functions: FxHashMap<(UnitId, StmtId), Arc<Writing>>,
}

impl Census {
    /// Reads all of them. What `before` says of files whose facts are still the same is not read again.
    #[must_use]
    pub fn take(model: &Model, files: &dyn Files, before: Option<&Census>) -> Self {
        let mut census = Self::default();
        let mut nouns = Nouns::default();
        for operation in model.operations.iter() {
            let Some(endpoint) = Endpoint::of(model, operation) else {
                continue;
            };
            let Some(writing) = census.writing(files, endpoint.stmt, before) else {
                continue;
            };
            let name = endpoint.action.and_then(|action| {
                let (one, many) = nouns.of(&endpoint.collection);
                let is_of_resource = action.is_of_one() || one != many;
                let pattern = NamePattern::of(endpoint.name, one, many).filter(|_| is_of_resource)?;
                pattern.has_verb().then_some(pattern)
            });
            census.entries.push(Entry {
                place: endpoint.stmt,
                is_http: operation.kind == RouteKind::Http,
                action: endpoint.action,
                status_code: match operation.status_code {
                    Fact::Known(code) => Some(code),
                    _ => None,
                },
                name,
                writing,
            });
        }
        census
    }

    fn writing(&mut self, files: &dyn Files, place: StmtPlace, before: Option<&Census>) -> Option<Arc<Writing>> {
        let read = match self.files.entry(place.file) {
            hash_map::Entry::Occupied(read) => read.into_mut(),
            hash_map::Entry::Vacant(free) => {
                let facts = files.facts(place.file)?;
                let known = before.and_then(|before| before.files.get(&place.file));
                let known = known.filter(|known| Arc::ptr_eq(&known.facts, &facts)).cloned();
                free.insert(known.unwrap_or_else(|| Read {
                    facts,
                    functions: FxHashMap::default(),
                }))
            }
        };
        if let Some(known) = read.functions.get(&(place.unit, place.stmt)) {
            return Some(known.clone());
        }
        let unit = read.facts.units.get(place.unit.0 as usize)?;
        let Some(Stmt::Function(function)) = unit.stmts.get(place.stmt.0 as usize) else {
            return None;
        };
        let writing = Arc::new(Writing::of(&read.facts, unit, function));
        read.functions.insert((place.unit, place.stmt), writing.clone());
        Some(writing)
    }
}

impl Writing {
    fn of(facts: &FileFacts, unit: &Unit, function: &Function) -> Self {
        let own = match &function.body {
            FunctionBody::Unit(own) => facts.units.get(own.0 as usize).map(UnitCell::read),
            FunctionBody::Block(_) => None,
        };
        let body = match (&function.body, &own) {
            (FunctionBody::Block(block), _) => Some((unit, block)),
            (_, own) => own.as_ref().map(|own| (&**own, &own.body)),
        };
        Self {
            is_async: function.is_async,
            annotated: writes_annotated(unit, function),
            status: writes_status(unit, function),
            response: writes_response(unit, function),
            docstring: body.map(|(unit, body)| has_docstring(unit, body)),
            raised: body.map(|(unit, body)| raised_statuses(unit, body)).unwrap_or_default(),
        }
    }
}

/// The function behind an operation, with what its path says of it.
struct Endpoint<'a> {
    stmt: StmtPlace,
    name: &'a str,
    action: Option<Action>,
    /// The path of the collection, where there is an action.
    collection: String,
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
        let (action, collection) = action.unzip();
        Some(Self {
            stmt: callable.stmt?,
            name,
            action,
            collection: collection.unwrap_or_default(),
        })
    }
}

/// What collections hold, by the last segment of their paths: the nouns for one and for many.
#[derive(Default)]
struct Nouns(FxHashMap<Box<str>, (String, String)>);

impl Nouns {
    fn of(&mut self, collection: &str) -> (&str, &str) {
        let last = collection.rsplit('/').find(|s| !s.is_empty() && !s.contains('{'));
        let segment = last.unwrap_or_default();
        let (one, many) = self.0.entry(segment.into()).or_insert_with(|| {
            let many = words::snake(segment);
            (words::singular(&many), many)
        });
        (one, many)
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
fn raised_statuses(unit: &Unit, body: &[StmtId]) -> Vec<(StatusStyle, usize)> {
    let mut votes = [(StatusStyle::Number, 0), (StatusStyle::Constant, 0)];
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
            Some(Expr::Int(_)) => votes[0].1 += 1,
            Some(Expr::Attr { .. }) => votes[1].1 += 1,
            _ => {}
        }
    });
    votes.into_iter().filter(|(_, count)| *count > 0).collect()
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

fn has_docstring(unit: &Unit, body: &[StmtId]) -> bool {
    body.first()
        .is_some_and(|&first| match unit.stmts.get(first.0 as usize) {
            Some(Stmt::Expr(e)) => matches!(unit[*e], Expr::Str(_)),
            _ => false,
        })
}
