//! Which framework token stands at a place of a text. Everywhere else features are silent, so that they never fight the
//! type checker's.

use crate::Analysis;
use base::{FileId, Span};
use facts::Expr;
use model::{
    CallableId, DependsId, DependsTarget, EventKind, Fact, Files, OperationId, Place, RouterId, SchemaId, TypeUse,
};

/// What a framework token stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token<'a> {
    /// Method name or path string of a decorator or of a registering call.
    Operation(OperationId),
    /// The name of a function that is an endpoint, at its `def`.
    Endpoint(CallableId),
    /// The name of a function or class that something depends on, at its `def` or `class`.
    Dependency(CallableId),
    /// The argument of `include_router`.
    Included(RouterId),
    /// `Depends`/`Security`, or its argument.
    Depends(DependsId),
    /// The variable that a router or an app is bound to first.
    Router(RouterId),
    /// The name of a schema, at its `class`.
    Schema(SchemaId),
    /// `response_model=X`, or the return annotation that stands for it.
    Response(&'a TypeUse),
}

impl Analysis {
    /// The innermost framework token that `offset` touches, and its span.
    pub(crate) fn token_at(&self, file: FileId, offset: u32) -> Option<(Token<'_>, Span)> {
        let mut found: Option<(Token<'_>, Span)> = None;
        self.each_token(file, &mut |token, place| {
            let span = self.sources().span(place);
            let is_smaller = found.as_ref().is_none_or(|(_, best)| span.len() < best.len());
            if !span.is_empty() && span.touches(offset) && is_smaller {
                found = Some((token, span));
            }
        });
        found
    }

    fn each_token<'a>(&'a self, file: FileId, visit: &mut dyn FnMut(Token<'a>, Place)) {
        let mut visit_here = |token, place: Option<Place>| {
            if let Some(place) = place.filter(|place| place.file == file) {
                visit(token, place);
            }
        };
        let model = self.model();
        for (index, operation) in model.operations.entries() {
            let token = Token::Operation(OperationId(index as u32));
            visit_here(token, operation.path_at);
            if operation.at.file == file {
                visit_here(token, self.method_name(operation.at));
            }
            if let Some(response) = &operation.response_model {
                visit_here(Token::Response(response), response.at);
            }
            if let Some(id) = operation.endpoint.known() {
                visit_here(Token::Endpoint(*id), model.callables[id.0 as usize].def);
            }
        }
        for (index, depends) in model.depends.entries() {
            let token = Token::Depends(DependsId(index as u32));
            visit_here(token, depends.target_at);
            if let Fact::Known(DependsTarget::Callable(id)) = &depends.target {
                visit_here(Token::Dependency(*id), model.callables[id.0 as usize].def);
            }
            if depends.at.file == file {
                visit_here(token, self.called(depends.at));
            }
        }
        for (index, schema) in model.schemas.entries() {
            visit_here(Token::Schema(SchemaId(index as u32)), Some(schema.def));
        }
        for (index, router) in model.routers.entries() {
            visit_here(Token::Router(RouterId(index as u32)), router.bound_at);
            for event in &router.events {
                if let EventKind::Include(include) = &event.kind {
                    visit_here(Token::Included(include.router), include.router_at);
                }
            }
        }
    }

    /// The expression at a place.
    pub(crate) fn expr(&self, place: Place) -> Option<Expr> {
        let facts = self.sources().facts(place.file)?;
        let unit = facts.units.get(place.unit.0 as usize)?;
        unit.exprs.get(place.expr.0 as usize).cloned()
    }

    /// The `get` of `router.get(…)`.
    fn method_name(&self, call: Place) -> Option<Place> {
        let func = self.called(call)?;
        match self.expr(func)? {
            Expr::Attr { name_at, .. } => Some(Place { expr: name_at, ..func }),
            _ => None,
        }
    }

    /// What a call calls.
    fn called(&self, call: Place) -> Option<Place> {
        match self.expr(call)? {
            Expr::Call { func, .. } => Some(Place { expr: func, ..call }),
            _ => None,
        }
    }
}
