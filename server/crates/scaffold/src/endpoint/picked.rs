//! Queries that give rows of several values (`db.query(Post, func.count(…))`, `select(Post.id, Post.title)`): nothing of such a
//! row can be changed, so what is to be changed is read by itself, under the same conditions.

use super::evidence::{Evidence, Lookup};
use super::siblings::{Code, name_of};
use crate::print;
use facts::{Arg, Expr, ExprId, Stmt, StmtId};
use style::{last_name, walk};

/// What adds something to what a query gives.
const ADDERS: [&str; 5] = [
    "add_columns",
    "add_column",
    "add_entity",
    "with_entities",
    "with_only_columns",
];

/// What gives the first value of a row instead of the row.
const SCALARS: [&str; 4] = ["scalars", "scalar", "scalar_one", "scalar_one_or_none"];

const CONDITIONS: [&str; 3] = ["filter", "where", "filter_by"];

/// A query as a body makes and runs it.
#[derive(Default)]
struct Query {
    /// The calls from the outermost to the innermost, and what is called.
    calls: Vec<(String, ExprId)>,
    /// On what a query is made or run.
    session: Option<ExprId>,
    is_awaited: bool,
    /// The statements that make it before the one that runs it.
    parts: Vec<StmtId>,
}

impl Query {
    fn of(code: &Code<'_>, mut expr: ExprId) -> Option<Self> {
        let mut query = Self::default();
        loop {
            match &code.body_unit[expr] {
                Expr::Await(inner) => {
                    query.is_awaited = true;
                    expr = *inner;
                }
                Expr::Name(name) => {
                    let before = |stmt: &StmtId| !query.parts.contains(stmt) && starts_before(code, *stmt, expr);
                    let (made, value) = assigned(code, name, before)?;
                    query.parts.push(made);
                    expr = value;
                }
                Expr::Call { func, args } => {
                    let name = last_name(code.body_unit, *func).to_owned();
                    let receiver = match &code.body_unit[*func] {
                        Expr::Attr { value, .. } => Some(*value),
                        _ => None,
                    };
                    query.calls.push((name.clone(), expr));
                    let first = args.first().map(walk::value_of);
                    match name.as_str() {
                        "query" => {
                            query.session = receiver;
                            return (!args.is_empty()).then_some(query);
                        }
                        "select" => return (!args.is_empty() && query.session.is_some()).then_some(query),
                        "execute" | "exec" | "scalars" | "scalar" if first.is_some() => {
                            query.session = receiver;
                            expr = first?;
                        }
                        _ => expr = receiver?,
                    }
                }
                _ => return None,
            }
        }
    }

    fn has(&self, names: &[&str]) -> bool {
        self.calls.iter().any(|(name, _)| names.contains(&name.as_str()))
    }

    /// What `query(…)` or `select(…)` is asked for.
    fn picks(&self, code: &Code<'_>) -> Vec<ExprId> {
        let asked = self.calls.last().map(|(_, call)| &code.body_unit[*call]);
        match asked {
            Some(Expr::Call { args, .. }) => args.iter().map(walk::value_of).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it gives something else than instances of a class.
    fn gives_rows(&self, code: &Code<'_>) -> bool {
        let picks = self.picks(code);
        let Some(&first) = picks.first() else { return false };
        if matches!(
            code.body_unit[first],
            Expr::Str(_) | Expr::FString(_) | Expr::Starred(_)
        ) {
            return false;
        }
        let is_column = !is_class(last_name(code.body_unit, first));
        let is_scalar = self.has(&SCALARS);
        let several = picks.len() > 1 || self.has(&ADDERS) || self.has(&["execute"]);
        is_column || (several && !is_scalar)
    }

    /// The class of which rows are read.
    fn class<'a>(&self, code: &Code<'a>) -> Option<&'a str> {
        self.picks(code).into_iter().find_map(|pick| class_of(code, pick))
    }

    /// The same as an expression that gives an instance of the class.
    fn alone(&self, code: &Code<'_>) -> Option<String> {
        let class = self.class(code)?;
        let session = code.expr(self.session?);
        let mut conditions = String::new();
        for (name, call) in self.calls.iter().rev() {
            if let Expr::Call { args, .. } = &code.body_unit[*call]
                && CONDITIONS.contains(&name.as_str())
            {
                let texts: Option<Vec<String>> = args.iter().map(|arg| condition(code, arg, class)).collect();
                conditions.push_str(&format!(".{name}({})", texts?.join(", ")));
            }
        }
        if conditions.is_empty() {
            return None;
        }
        let wait = if self.is_awaited { "await " } else { "" };
        let (made, call) = self.calls.last()?;
        if made == "query" {
            return Some(format!("{session}.query({class}){conditions}.first()"));
        }
        let Expr::Call { func, .. } = &code.body_unit[*call] else {
            return None;
        };
        let select = format!("{}({class}){conditions}", code.expr(*func));
        Some(match (self.has(&["exec"]), self.is_awaited) {
            (true, true) => format!("(await {session}.exec({select})).first()"),
            (true, false) => format!("{session}.exec({select}).first()"),
            (false, _) => format!("{wait}{session}.scalar({select})"),
        })
    }
}

/// Whether an expression gives rows of something else than instances of one class.
pub(super) fn gives_rows(code: &Code<'_>, expr: ExprId) -> bool {
    Query::of(code, expr).is_some_and(|query| query.gives_rows(code))
}

impl Evidence<'_> {
    /// The statements that find an item, where they read a row of several values: with the item read alone. Nothing where they
    /// ask that row for what only the row has.
    pub(super) fn alone(&self, code: &Code<'_>, stmts: &[StmtId], lookup: Lookup) -> Option<Lookup> {
        let Some(entity) = lookup.entity.clone() else {
            return Some(lookup);
        };
        let Some((found, query)) = stmts.iter().rev().find_map(|&stmt| {
            let (made, value) = assigned(code, &entity, |known| *known == stmt)?;
            Some((made, Query::of(code, value)?))
        }) else {
            return Some(lookup);
        };
        if !query.gives_rows(code) {
            return Some(lookup);
        }
        let class = query.class(code)?;
        let statement = format!("{entity} = {}", query.alone(code)?);
        let span = |stmt: StmtId| code.source.spans.stmt(code.body_id, stmt);
        let text = &code.source.text;
        let (_, indent) = text[..span(stmts[0]).start as usize]
            .rsplit_once('\n')
            .unwrap_or_default();
        let statement = print::statement(&self.style.format, indent, &statement);
        let mut written = String::new();
        let mut end = span(stmts[0]).start;
        for &stmt in stmts {
            let gap = base::Span::new(end, span(stmt).start).text(text);
            end = span(stmt).end;
            if query.parts.contains(&stmt) {
                continue;
            }
            if !written.is_empty() {
                written.push_str(gap);
            }
            match stmt == found {
                true => written.push_str(statement.trim_start()),
                false => written.push_str(&self.said_of_entity(code, stmt, &entity, class)?),
            }
        }
        let params = code.params().into_iter();
        Some(Lookup {
            params: params
                .filter(|param| super::evidence::has_word(&written, &param.name))
                .collect(),
            text: written,
            ..lookup
        })
    }

    /// A statement about a row, said of the item in it.
    fn said_of_entity(&self, code: &Code<'_>, stmt: StmtId, entity: &str, class: &str) -> Option<String> {
        let unit = code.body_unit;
        let is_entity = |expr: ExprId| matches!(&unit[expr], Expr::Name(name) if name == entity);
        let class = class.rsplit('.').next().unwrap_or(class);
        let mut parts = Vec::new();
        let mut is_known = true;
        walk::exprs_of_stmt(unit, stmt, &mut |expr| match &unit[expr] {
            Expr::Attr { value, name, .. } if is_entity(*value) => {
                if name == class {
                    parts.push(code.source.spans.expr(code.body_id, expr));
                } else {
                    let table = self.family.table();
                    is_known &= table.is_some_and(|table| table.fields.iter().any(|field| *field.name == **name));
                }
            }
            Expr::Subscript { value, index } if is_entity(*value) => match unit[*index] {
                Expr::Int(0) => parts.push(code.source.spans.expr(code.body_id, expr)),
                _ => is_known = false,
            },
            _ => {}
        });
        let span = code.source.spans.stmt(code.body_id, stmt);
        let mut text = span.text(&code.source.text).to_owned();
        parts.sort_by_key(|part| std::cmp::Reverse(part.start));
        for part in parts {
            let range = (part.start - span.start) as usize..(part.end - span.start) as usize;
            text.replace_range(range, entity);
        }
        is_known.then_some(text)
    }

    /// Whether a sibling answers with rows of several values, which its schema is made for.
    pub(super) fn answers_rows(&self, code: &Code<'_>) -> bool {
        code.returned().is_some_and(|returned| gives_rows(code, returned))
    }
}

/// A condition's text; nothing where it is about another class.
fn condition(code: &Code<'_>, arg: &Arg, class: &str) -> Option<String> {
    let mut is_own = true;
    let value = walk::value_of(arg);
    walk::exprs(code.body_unit, value, &mut |expr| {
        if let Expr::Attr { .. } = &code.body_unit[expr]
            && let Some(other) = class_of(code, expr)
        {
            is_own &= other == class;
        }
    });
    let text = code.expr(value);
    is_own.then(|| match arg {
        Arg::Keyword { name, .. } => format!("{name}={text}"),
        _ => text.to_owned(),
    })
}

/// The class that an expression names, or whose column it names.
fn class_of<'a>(code: &Code<'a>, expr: ExprId) -> Option<&'a str> {
    if is_class(last_name(code.body_unit, expr)) {
        return Some(code.expr(expr));
    }
    match &code.body_unit[expr] {
        Expr::Attr { value, .. } if is_class(last_name(code.body_unit, *value)) => Some(code.expr(*value)),
        _ => None,
    }
}

fn is_class(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.chars().any(char::is_lowercase)
}

/// The last statement of the body that gives a name a value, of those that are meant.
fn assigned(code: &Code<'_>, name: &str, is_meant: impl Fn(&StmtId) -> bool) -> Option<(StmtId, ExprId)> {
    let value = |stmt: StmtId| match &code.body_unit[stmt] {
        Stmt::Assign { targets, value } => match targets.as_slice() {
            [target] if name_of(code.body_unit, *target) == name => Some(*value),
            _ => None,
        },
        Stmt::AnnAssign { target, value, .. } if name_of(code.body_unit, *target) == name => *value,
        _ => None,
    };
    let meant = code.body.iter().rev().filter(|stmt| is_meant(stmt));
    meant.copied().find_map(|stmt| Some((stmt, value(stmt)?)))
}

fn starts_before(code: &Code<'_>, stmt: StmtId, expr: ExprId) -> bool {
    code.source.spans.stmt(code.body_id, stmt).end <= code.source.spans.expr(code.body_id, expr).start
}
