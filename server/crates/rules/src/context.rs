//! What a rule can look at.

use crate::mentions::{Mentions, MentionsCache};
use crate::overlap::{Overlap, overlaps};
use base::{FileId, Span};
use facts::{Expr, Stmt};
use model::{FastApiVersion, Files, Model, Place, StmtPlace};
use smol_str::SmolStr;
use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// Everything a rule can look at; all of it belongs to one snapshot.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The wiring.
    pub model: &'a Model,
    /// Texts, facts and spans.
    pub files: &'a dyn Files,
    /// The workspace's own files: nothing of an installed library. Findings elsewhere are dropped.
    pub sources: &'a [FileId],
    /// The FastAPI version that a file is written for.
    pub fastapi: &'a (dyn Fn(FileId) -> FastApiVersion + Sync),
    /// What was read of whole files so far.
    pub mentions: &'a MentionsCache,
}

/// One run of the rules over a context: what several of them need is worked out once.
pub struct Pass<'a> {
    context: Context<'a>,
    overlaps: OnceLock<Vec<Overlap<'a>>>,
    reads_path_params: OnceLock<bool>,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(context: Context<'a>) -> Self {
        Self {
            context,
            overlaps: OnceLock::new(),
            reads_path_params: OnceLock::new(),
        }
    }

    /// The overlaps of each app, in the order of the route table.
    pub(crate) fn overlaps(&self) -> &[Overlap<'a>] {
        self.overlaps.get_or_init(|| overlaps(&self.context))
    }

    /// Whether any file of the project reads path parameters off a request.
    pub(crate) fn reads_path_params(&self) -> bool {
        let reads = |file: &FileId| self.mentions(*file).path_params;
        *self.reads_path_params.get_or_init(|| self.sources.iter().any(reads))
    }
}

impl<'a> Deref for Pass<'a> {
    type Target = Context<'a>;
    fn deref(&self) -> &Context<'a> {
        &self.context
    }
}

impl Context<'_> {
    /// The span of a place.
    #[must_use]
    pub fn span(&self, place: Place) -> Span {
        self.files.span(place)
    }

    /// The source text of a place.
    #[must_use]
    pub fn source(&self, place: Place) -> String {
        self.span(place).text(&self.files.text(place.file)).to_owned()
    }

    /// The expression at a place.
    #[must_use]
    pub fn expr(&self, place: Place) -> Option<Expr> {
        let facts = self.files.facts(place.file)?;
        let unit = facts.units.get(place.unit.0 as usize)?;
        unit.exprs.get(place.expr.0 as usize).cloned()
    }

    /// The statement at a place.
    #[must_use]
    pub fn stmt(&self, place: StmtPlace) -> Option<Stmt> {
        let facts = self.files.facts(place.file)?;
        let unit = facts.units.get(place.unit.0 as usize)?;
        unit.stmts.get(place.stmt.0 as usize).cloned()
    }

    /// What a file mentions anywhere.
    pub(crate) fn mentions(&self, file: FileId) -> Arc<Mentions> {
        let facts = self.files.facts(file);
        facts.map(|facts| self.mentions.get(file, &facts)).unwrap_or_default()
    }

    /// The last name of what is called at a place: `mount` of `app.mount(…)`.
    #[must_use]
    pub fn callee_name(&self, call: Place) -> Option<SmolStr> {
        let Expr::Call { func, .. } = self.expr(call)? else {
            return None;
        };
        match self.expr(Place { expr: func, ..call })? {
            Expr::Name(name) | Expr::Attr { name, .. } => Some(name),
            _ => None,
        }
    }
}
