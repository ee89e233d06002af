//! The path operations of a router that stand in the same file, read as a colleague reads them before writing the next.

use crate::Context;
use base::Span;
use facts::{Arg, Block, Expr, ExprId, Function, ParamKind, Stmt, StmtId, Unit, UnitId};
use model::{Operation, OperationId, RouterId};
use style::{Action, Source, walk};

/// A decorated function that is a path operation of the router.
#[derive(Clone, Debug)]
pub(super) struct Sibling {
    pub(super) id: OperationId,
    /// As registered on the router.
    pub(super) path: String,
    pub(super) methods: Vec<String>,
    /// What it does, and the path of the collection.
    pub(super) action: Option<(Action, String)>,
    pub(super) unit: UnitId,
    pub(super) stmt: StmtId,
    pub(super) decorator: ExprId,
    /// The whole statement, decorators included.
    pub(super) span: Span,
}

/// The operations of `router` in the file, by position.
pub(super) fn of_router(ctx: &Context<'_>, source: &Source, router: RouterId) -> Vec<Sibling> {
    let mut found: Vec<Sibling> = operations(ctx, source, |operation| operation.router == router)
        .map(|(_, sibling)| sibling)
        .collect();
    found.sort_by_key(|sibling| sibling.span.start);
    found
}

/// The operations of every router that stand in the file.
pub(super) fn of_file(ctx: &Context<'_>, source: &Source) -> Vec<(RouterId, Sibling)> {
    operations(ctx, source, |_| true).collect()
}

fn operations(
    ctx: &Context<'_>,
    source: &Source,
    is_meant: impl Fn(&Operation) -> bool,
) -> impl Iterator<Item = (RouterId, Sibling)> {
    ctx.model
        .operations
        .entries()
        .filter(move |(_, operation)| operation.at.file == source.file && is_meant(operation))
        .filter_map(|(i, operation)| {
            Some((
                operation.router,
                sibling(ctx, source, OperationId(i as u32), operation)?,
            ))
        })
}

fn sibling(ctx: &Context<'_>, source: &Source, id: OperationId, operation: &Operation) -> Option<Sibling> {
    let path = operation.path.as_known()?.to_owned();
    let methods: Vec<String> = operation.methods.iter().map(|m| m.to_string()).collect();
    let callable = ctx.model.callables.get(operation.endpoint.known()?.0 as usize)?;
    let place = callable.stmt?;
    let function = source.function(place.unit, place.stmt)?;
    let is_decorated = operation.at.unit == place.unit && function.decorators.contains(&operation.at.expr);
    let span = source.spans.stmt(place.unit, place.stmt);
    if place.file != source.file || !is_decorated || span.is_empty() {
        return None;
    }
    let action = match methods.as_slice() {
        [method] => Action::of(method, &path),
        _ => None,
    };
    Some(Sibling {
        id,
        path,
        methods,
        action,
        unit: place.unit,
        stmt: place.stmt,
        decorator: operation.at.expr,
        span,
    })
}

/// A sibling's function with its text.
#[derive(Clone, Copy)]
pub(super) struct Code<'a> {
    pub(super) source: &'a Source,
    /// The unit of the `def`.
    pub(super) unit_id: UnitId,
    pub(super) unit: &'a Unit,
    pub(super) function: &'a Function,
    /// The unit of the body.
    pub(super) body_id: UnitId,
    pub(super) body_unit: &'a Unit,
    /// The body without its docstring.
    pub(super) body: &'a [StmtId],
}

impl<'a> Code<'a> {
    pub(super) fn new(source: &'a Source, unit_id: UnitId, stmt: StmtId) -> Option<Self> {
        let unit = source.unit(unit_id)?;
        let function = source.function(unit_id, stmt)?;
        let (body_id, block) = source.body(unit_id, function);
        let body_unit = source.unit(body_id)?;
        let has_docstring = is_docstring(body_unit, block);
        Some(Self {
            source,
            unit_id,
            unit,
            function,
            body_id,
            body_unit,
            body: &block[usize::from(has_docstring)..],
        })
    }

    /// What the body begins with, if that is a docstring.
    pub(super) fn docstring(&self) -> Option<String> {
        let (_, block) = self.source.body(self.unit_id, self.function);
        let Stmt::Expr(first) = self.body_unit.stmts.get(block.first()?.0 as usize)? else {
            return None;
        };
        match self.body_unit.exprs.get(first.0 as usize)? {
            Expr::Str(text) => Some(text.to_string()),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> &'a str {
        name_of(self.unit, self.function.name)
    }

    pub(super) fn params(&self) -> Vec<Param> {
        self.function
            .params
            .list
            .iter()
            .filter(|param| !matches!(param.kind, ParamKind::VarKeyword | ParamKind::VarPositional))
            .map(|param| {
                let text = |e: Option<ExprId>| e.map(|e| self.source.expr_text(self.unit_id, e).to_owned());
                Param {
                    name: name_of(self.unit, param.name).to_owned(),
                    annotation: text(param.annotation),
                    default: text(param.default),
                    annotation_at: param.annotation,
                    default_at: param.default,
                    keyword_only: param.kind == ParamKind::KeywordOnly,
                }
            })
            .collect()
    }

    pub(super) fn returns(&self) -> Option<&'a str> {
        self.function
            .returns
            .map(|returns| self.source.expr_text(self.unit_id, returns))
            .filter(|text| !text.is_empty())
    }

    /// The decorator's keyword arguments: name and text of the value.
    pub(super) fn keywords(&self, decorator: ExprId) -> Vec<(String, String)> {
        let Expr::Call { args, .. } = &self.unit[decorator] else {
            return Vec::new();
        };
        args.iter()
            .filter_map(|arg| match arg {
                Arg::Keyword { name, value, .. } => {
                    Some((name.to_string(), self.source.expr_text(self.unit_id, *value).to_owned()))
                }
                _ => None,
            })
            .collect()
    }

    /// The names that the statements read or bind.
    pub(super) fn names(&self, stmts: &[StmtId]) -> Vec<&'a str> {
        let mut names = Vec::new();
        walk::exprs_of_block(self.body_unit, stmts, &mut |e| {
            if let Expr::Name(name) = &self.body_unit[e] {
                names.push(name.as_str());
            }
        });
        names
    }

    pub(super) fn uses(&self, name: &str) -> bool {
        self.names(self.body).contains(&name)
    }

    pub(super) fn expr(&self, expr: ExprId) -> &'a str {
        self.source.expr_text(self.body_id, expr)
    }

    /// Calls `visit` for every expression of the body.
    pub(super) fn each_expr(&self, visit: &mut dyn FnMut(ExprId)) {
        walk::exprs_of_block(self.body_unit, self.body, visit);
    }

    /// The methods that are called on a name, and the call.
    pub(super) fn calls_on(&self, receiver: &str) -> Vec<(&'a str, ExprId)> {
        let mut calls = Vec::new();
        self.each_expr(&mut |e| {
            if let Expr::Call { func, .. } = &self.body_unit[e]
                && let Expr::Attr { value, name, .. } = &self.body_unit[*func]
                && matches!(&self.body_unit[*value], Expr::Name(n) if n == receiver)
            {
                calls.push((name.as_str(), e));
            }
        });
        calls
    }

    /// Whether some call on `receiver` is awaited.
    pub(super) fn awaits(&self, receiver: &str) -> bool {
        let mut found = false;
        self.each_expr(&mut |e| {
            if let Expr::Await(inner) = &self.body_unit[e]
                && let Expr::Call { func, .. } = &self.body_unit[*inner]
                && let Expr::Attr { value, .. } = &self.body_unit[*func]
                && matches!(&self.body_unit[*value], Expr::Name(n) if n == receiver)
            {
                found = true;
            }
        });
        found
    }

    /// The expression that the last statement returns.
    pub(super) fn returned(&self) -> Option<ExprId> {
        match self.body_unit.stmts.get(self.body.last()?.0 as usize)? {
            Stmt::Return(value) => *value,
            _ => None,
        }
    }
}

/// A parameter as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) annotation: Option<String>,
    pub(super) default: Option<String>,
    pub(super) annotation_at: Option<ExprId>,
    pub(super) default_at: Option<ExprId>,
    pub(super) keyword_only: bool,
}

impl Param {
    pub(super) fn new(name: &str, annotation: &str, default: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            annotation: Some(annotation.to_owned()),
            default: default.map(str::to_owned),
            annotation_at: None,
            default_at: None,
            keyword_only: false,
        }
    }

    /// As it stands in a signature.
    pub(super) fn text(&self) -> String {
        match (&self.annotation, &self.default) {
            (Some(annotation), Some(default)) => format!("{}: {annotation} = {default}", self.name),
            (Some(annotation), None) => format!("{}: {annotation}", self.name),
            (None, Some(default)) => format!("{}={default}", self.name),
            (None, None) => self.name.clone(),
        }
    }
}

pub(super) fn name_of(unit: &Unit, expr: ExprId) -> &str {
    match unit.exprs.get(expr.0 as usize) {
        Some(Expr::Name(name)) => name,
        _ => "",
    }
}

fn is_docstring(unit: &Unit, block: &Block) -> bool {
    block
        .first()
        .is_some_and(|&first| match unit.stmts.get(first.0 as usize) {
            Some(Stmt::Expr(e)) => matches!(unit.exprs.get(e.0 as usize), Some(Expr::Str(_))),
            _ => false,
        })
}
