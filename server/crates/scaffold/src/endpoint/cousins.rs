//! Operations that do for other resources what the new one is to do for its own: what they answer with, beside the items
//! themselves, is the project's way.

use super::carried::Carrier;
use super::evidence::Evidence;
use super::host::{last_word, word_of};
use super::siblings::{Code, Param};
use crate::imports::Need;
use facts::{Expr, ExprId, Stmt, StmtId, UnitId};
use model::Operation;
use style::{Action, Source, walk, words};

/// Such an operation, with the file that it stands in.
pub(super) struct Cousin {
    pub(super) source: Source,
    pub(super) path: String,
    /// The nouns of its resource.
    pub(super) one: String,
    pub(super) many: String,
    unit: UnitId,
    stmt: StmtId,
    decorator: ExprId,
}

impl Cousin {
    fn of(evidence: &Evidence<'_>, operation: &Operation) -> Option<Self> {
        let ctx = evidence.ctx;
        let [method] = operation.methods.as_slice() else {
            return None;
        };
        let path = operation.path.as_known()?;
        let (action, collection) = Action::of(method, path)?;
        let callable = ctx.model.callables.get(operation.endpoint.known()?.0 as usize)?;
        let place = callable.stmt?;
        let is_decorated = place.file == operation.at.file && place.unit == operation.at.unit;
        let is_own = operation.router == evidence.host.router && collection == evidence.resource.collection;
        if action != evidence.action || !is_decorated || is_own {
            return None;
        }
        let prefix = operation.router_prefix.to_string();
        let many = last_word(&collection).or_else(|| word_of(ctx, place.file, operation.router, &prefix))?;
        let cousin = Self {
            source: Source::read(ctx.files, place.file)?,
            path: path.to_owned(),
            one: words::singular(&many),
            many,
            unit: place.unit,
            stmt: place.stmt,
            decorator: operation.at.expr,
        };
        let function = cousin.source.function(cousin.unit, cousin.stmt)?;
        // What a method or a function within a function does rests on what is around it.
        let is_top = cousin
            .source
            .module()
            .is_some_and(|module| module.body.contains(&place.stmt));
        let is_plain = function.decorators.contains(&cousin.decorator) && place.unit == UnitId::MODULE && is_top;
        // `GET /health` and the like are no lists of anything.
        (is_plain && (action.is_of_one() || cousin.one != cousin.many)).then_some(cousin)
    }

    pub(super) fn code(&self) -> Option<Code<'_>> {
        Code::new(&self.source, self.unit, self.stmt)
    }

    /// A keyword argument of its decorator, as it is written.
    pub(super) fn keyword(&self, name: &str) -> Option<ExprId> {
        let code = self.code()?;
        let Expr::Call { args, .. } = &code.unit[self.decorator] else {
            return None;
        };
        args.iter().find_map(|arg| match arg {
            facts::Arg::Keyword { name: own, value, .. } if own == name => Some(*value),
            _ => None,
        })
    }

    /// Whether it answers with more than what is natural: a list with something beside it, a word about what was deleted.
    fn has_envelope(&self, action: Action) -> Option<bool> {
        let code = self.code()?;
        if action == Action::Delete {
            let is_word = |value| style::last_name(code.body_unit, called(&code, value)) != "Response";
            return Some(answers(&code).into_iter().any(is_word));
        }
        let model = self.keyword("response_model").or(code.function.returns);
        let mut is_dict = false;
        if let Some(model) = model {
            let text = code.source.expr_text(code.unit_id, model);
            let (head, is_generic) = match text.split_once('[') {
                Some((head, _)) => (head, true),
                None => (text, false),
            };
            let head = head.rsplit('.').next().unwrap_or(head);
            match head {
                "list" | "List" | "Sequence" | "Iterable" | "set" | "tuple" => return Some(false),
                "dict" | "Dict" | "Mapping" => is_dict = true,
                "Any" => {}
                head => return Some(is_generic || head.starts_with(char::is_uppercase)),
            }
        }
        let returned = code.returned()?;
        let made = called(&code, returned);
        let is_made = matches!(code.body_unit[returned], Expr::Dict(_))
            || style::last_name(code.body_unit, made).starts_with(char::is_uppercase);
        // A dict that was made before may be the items themselves.
        match (is_made || (is_dict && made != returned), is_dict) {
            (false, true) => None,
            (is_envelope, _) => Some(is_envelope),
        }
    }
}

/// The one thing that a deletion returns; nothing where it returns now this and now that.
pub(super) fn answered(code: &Code<'_>) -> Option<ExprId> {
    let mut answers = answers(code).into_iter();
    let first = answers.next()?;
    answers
        .all(|other| code.expr(other) == code.expr(first))
        .then_some(first)
}

/// Everything that a body returns.
fn answers(code: &Code<'_>) -> Vec<ExprId> {
    let mut found = Vec::new();
    walk::stmts(code.body_unit, code.body, &mut |stmt| {
        if let Stmt::Return(Some(value)) = &code.body_unit[stmt]
            && !matches!(code.body_unit[*value], Expr::None)
        {
            found.push(*value);
        }
    });
    found
}

/// What an expression calls, awaited or not; the expression itself where it calls nothing.
pub(super) fn called(code: &Code<'_>, expr: ExprId) -> ExprId {
    match &code.body_unit[expr] {
        Expr::Await(inner) => called(code, *inner),
        Expr::Call { func, .. } => match &code.body_unit[*func] {
            Expr::Subscript { value, .. } => *value,
            _ => *func,
        },
        _ => expr,
    }
}

/// All of them, the nearest first.
pub(super) fn all(evidence: &Evidence<'_>) -> Vec<Cousin> {
    let operations = evidence.ctx.model.operations.iter();
    let mut found: Vec<Cousin> = operations
        .filter_map(|operation| Cousin::of(evidence, operation))
        .collect();
    found.sort_by_cached_key(|cousin| distance(evidence, cousin));
    found
}

/// Whether it stands in another file, and how far away.
fn distance(evidence: &Evidence<'_>, cousin: &Cousin) -> (bool, usize) {
    let own = evidence.ctx.modules.module_name(evidence.file());
    let module = evidence.ctx.modules.module_name(cousin.source.file);
    let shared = own
        .split('.')
        .zip(module.split('.'))
        .take_while(|(a, b)| a == b)
        .count();
    (cousin.source.file != evidence.file(), usize::MAX - shared)
}

/// Those that answer with an envelope, the nearest first; none where the project's usual answer has none.
pub(super) fn with_envelope(evidence: &Evidence<'_>) -> Vec<Cousin> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for cousin in all(evidence) {
        match cousin.has_envelope(evidence.action) {
            Some(true) => with.push(cousin),
            Some(false) => without.push(cousin),
            None => {}
        }
    }
    let near = |cousins: &[Cousin]| cousins.iter().filter(|cousin| !distance(evidence, cousin).0).count();
    let is_usual = match (near(&with), near(&without)) {
        (0, 0) => with.len() > without.len(),
        (near_with, near_without) => near_with > near_without,
    };
    if is_usual { with } else { Vec::new() }
}

/// How other lists of the project are told which part of a table is asked for.
pub(super) struct Paging {
    /// How many rows to skip, and how many to give at most.
    pub(super) params: [Param; 2],
    pub(super) needs: Vec<Need>,
}

/// The nearest such parameters, `skip` and `limit` or how they are called.
pub(super) fn paging(evidence: &Evidence<'_>) -> Option<Paging> {
    all(evidence).iter().find_map(|cousin| {
        let params = cousin.code()?.params();
        let named = |names: &[&str]| {
            let mut found = params.iter().filter(|param| param.default.is_some());
            found.find(|param| names.contains(&param.name.as_str()))
        };
        let (skip, limit) = (named(&["skip", "offset"])?, named(&["limit"])?);
        let mut carrier = Carrier::new(evidence, cousin)?;
        let params = [carrier.param(skip)?, carrier.param(limit)?];
        Some(Paging {
            params,
            needs: carrier.needs,
        })
    })
}
