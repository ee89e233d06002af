//! Items that are no rows are changed and deleted through what gives them, as a sibling does it or another resource; what
//! neither shows is not made up.

use super::carried::Carrier;
use super::cousins::{self, Cousin};
use super::draft::Line;
use super::envelope::{self, Answer};
use super::evidence::{Body, Evidence, Peer, Role, has_word, names_in, names_path_param, raises};
use super::giver::Giver;
use super::nulls::Nulls;
use super::orm;
use super::schemas;
use super::siblings::{Code, Param, name_of};
use crate::Refusal;
use crate::imports::Need;
use facts::{Arg, Expr, ExprId, Stmt};
use model::Schema;
use style::{Action, words};

/// The body where siblings get the item from what gives no rows; nothing where they get rows.
pub(super) fn body(evidence: &Evidence<'_>) -> Option<Result<Body, Refusal>> {
    let giver = evidence.is_changed_elsewhere()?;
    let of_sibling = match evidence.action {
        Action::Replace => evidence.peer(Action::Update),
        Action::Update => evidence.peer(Action::Replace),
        _ => None,
    };
    if let Some(peer) = of_sibling {
        match as_sibling(evidence, &giver, peer) {
            Ok(Some(body)) => return Some(Ok(body)),
            Ok(None) => {}
            Err(refusal) => return Some(Err(refusal)),
        }
    }
    let carried = || {
        cousins::all(evidence)
            .iter()
            .find_map(|cousin| as_cousin(evidence, &giver, cousin))
    };
    Some(carried().ok_or_else(|| Refusal::NotShown {
        one: words::spoken(&evidence.resource.one),
        giver: giver.name,
        done: match evidence.action {
            Action::Delete => "deleted",
            _ => "changed",
        },
    }))
}

/// What a sibling does that changes the item, said again with the body of the new operation; nothing where it can't be told
/// what that would do.
fn as_sibling(evidence: &Evidence<'_>, giver: &Giver, peer: &Peer<'_>) -> Result<Option<Body>, Refusal> {
    let code = &peer.code;
    let params = code.params();
    let role = |param: &Param| evidence.role(code, peer.sibling, param);
    let (Some(theirs), Some(ours)) = (
        params.iter().find(|param| role(param) == Role::Payload),
        evidence.payload(),
    ) else {
        return Ok(None);
    };
    let (Some(input), Some(taken)) = (evidence.input(), taken(evidence, peer, theirs)) else {
        return Ok(None);
    };
    if params
        .iter()
        .any(|param| role(param) == Role::Path && !names_path_param(evidence.path, &param.name))
    {
        return Ok(None);
    }
    let writer = Writer {
        evidence,
        giver,
        peer,
        theirs: &theirs.name,
        ours: &ours.param.name,
        input,
        taken,
    };
    let Some((text, needs)) = writer.text()? else {
        return Ok(None);
    };
    let keyword = |name: &str| {
        let keywords = code.keywords(peer.sibling.decorator).into_iter();
        keywords
            .into_iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value)
    };
    let used = params
        .iter()
        .filter(|param| !matches!(role(param), Role::Path | Role::Payload));
    Ok(Some(Body {
        awaits: text.contains("await "),
        params: used.filter(|param| code.uses(&param.name)).cloned().collect(),
        lines: vec![Line::verbatim(text)],
        needs,
        answer: Some(Answer {
            model: keyword("response_model"),
            returns: code.returns().map(str::to_owned),
            status: keyword("status_code"),
        }),
        ..Body::default()
    }))
}

/// The schema that a sibling's body is of.
fn taken<'e>(evidence: &Evidence<'e>, peer: &Peer<'_>, param: &Param) -> Option<&'e Schema> {
    let model = evidence.ctx.model;
    let operation = model.operations.get(peer.sibling.id.0 as usize)?;
    let callable = model.callables.get(operation.endpoint.known()?.0 as usize)?;
    let own = callable.parameters.iter().find(|own| *own.name == *param.name)?;
    let id = own.ty.as_ref()?.schemas.first()?;
    model.schemas.get(id.0 as usize)
}

/// A sibling's body, and the body that it is to be said again with.
struct Writer<'a> {
    evidence: &'a Evidence<'a>,
    giver: &'a Giver,
    peer: &'a Peer<'a>,
    /// The parameters that what is sent comes in.
    theirs: &'a str,
    ours: &'a str,
    /// What is sent here, and there.
    input: &'a Schema,
    taken: &'a Schema,
}

impl Writer<'_> {
    /// The sibling's statements with what is sent here; nothing where they do more with it than to hand it on.
    fn text(&self) -> Result<Option<(String, Vec<Need>)>, Refusal> {
        let code = &self.peer.code;
        let (Some(&first), Some(&last)) = (code.body.first(), code.body.last()) else {
            return Ok(None);
        };
        let at = |expr: ExprId| code.source.spans.expr(code.body_id, expr);
        let is_sent = |expr: ExprId| matches!(&code.body_unit[expr], Expr::Name(name) if name == self.theirs);
        let (mut whole, mut dumps, mut read, mut all) = (Vec::new(), Vec::new(), Vec::new(), 0);
        code.each_expr(&mut |expr| match &code.body_unit[expr] {
            Expr::Name(_) if is_sent(expr) => all += 1,
            Expr::Attr { value, name, .. } if is_sent(*value) => read.push((*value, name.to_string())),
            Expr::Call { func, args } => {
                if let Expr::Attr { value, name, .. } = &code.body_unit[*func] {
                    let is_giver = has_word(&self.giver.name, code.expr(*value));
                    let handed = args.iter().filter_map(|arg| match arg {
                        Arg::Positional(value) | Arg::Keyword { value, .. } => Some(*value),
                        _ => None,
                    });
                    whole.extend(handed.filter(|&value| is_giver && is_sent(value)));
                    if is_sent(*value) && matches!(name.as_str(), "model_dump" | "dict") {
                        dumps.push(expr);
                    }
                }
            }
            _ => {}
        });
        let is_field = |(_, name): &&(ExprId, String)| self.input.fields.iter().any(|field| *field.name == **name);
        let fields: Vec<ExprId> = read.iter().filter(is_field).map(|(value, _)| *value).collect();
        if whole.len() + dumps.len() != 1 || whole.len() + dumps.len() + fields.len() != all {
            return Ok(None);
        }
        let mut needs = Vec::new();
        let mut edits: Vec<(base::Span, String)> = fields.iter().map(|&f| (at(f), self.ours.to_owned())).collect();
        if let Some(&handed) = whole.first() {
            let Some((text, own)) = self.whole()? else {
                return Ok(None);
            };
            edits.push((at(handed), text));
            needs = own;
        }
        if let Some(&dump) = dumps.first() {
            let Some(text) = self.dump(code.expr(dump))? else {
                return Ok(None);
            };
            edits.push((at(dump), text));
        }
        edits.sort_by_key(|(span, _)| span.start);
        let statement = |stmt| code.source.spans.stmt(code.body_id, stmt);
        let (mut text, mut from) = (String::new(), statement(first).start);
        let between = |start, end| base::Span::new(start, end).text(&code.source.text);
        for (span, new) in edits {
            text.push_str(between(from, span.start));
            text.push_str(&new);
            from = span.end;
        }
        text.push_str(between(from, statement(last).end));
        Ok(Some((text, needs)))
    }

    /// What is handed on where the sibling hands on all that it is sent.
    fn whole(&self) -> Result<Option<(String, Vec<Need>)>, Refusal> {
        let is_same = self.input.def == self.taken.def;
        // What is left out is left alone, as the schema itself shows.
        let is_partial = self.input.fields.iter().any(|field| !field.required);
        match (self.evidence.action, is_same) {
            (Action::Update, true) if is_partial => return Ok(Some((self.ours.to_owned(), Vec::new()))),
            (Action::Update, _) => return Ok(None),
            (_, true) if !is_partial => return Ok(Some((self.ours.to_owned(), Vec::new()))),
            _ => self.check_fields(|_| false)?,
        }
        let (class, needs) = schemas::reference(self.evidence.ctx, self.evidence.source, self.taken);
        let dump = orm::dump_method(self.evidence);
        Ok(Some((format!("{class}(**{}.{dump}())", self.ours), needs)))
    }

    /// The dump of what is sent, where the sibling hands on one.
    fn dump(&self, text: &str) -> Result<Option<String>, Refusal> {
        let mut arguments = Vec::new();
        if self.evidence.action == Action::Update {
            arguments.push("exclude_unset=True".to_owned());
            match self.evidence.nulls() {
                Nulls::Fine => {}
                Nulls::Never => arguments.push("exclude_none=True".to_owned()),
                Nulls::Of(_) => return Ok(None),
            }
        } else {
            let table = self.evidence.family.table();
            self.check_fields(|name| table.is_some_and(|table| table.fields.iter().any(|f| *f.name == *name)))?;
        }
        let own = text
            .strip_prefix(self.theirs)
            .map(|rest| format!("{}{rest}", self.ours));
        Ok(own.and_then(|own| orm::redump(&own, arguments)))
    }

    /// All that is sent must get through what siblings change an item with.
    fn check_fields(&self, gets_through: impl Fn(&str) -> bool) -> Result<(), Refusal> {
        let has = |name: &str| self.taken.fields.iter().any(|field| *field.name == *name) || gets_through(name);
        let lost = self.input.fields.iter().find(|field| !has(&field.name));
        match lost {
            Some(field) => Err(Refusal::NotReplaced {
                schema: self.taken.name.to_string(),
                field: field.name.to_string(),
                one: words::spoken(&self.evidence.resource.one),
            }),
            None => Ok(()),
        }
    }
}

/// What another resource does, where its items come from an object of the same class.
fn as_cousin(evidence: &Evidence<'_>, giver: &Giver, cousin: &Cousin) -> Option<Body> {
    let mut carrier = Carrier::new(evidence, cousin)?;
    if evidence.is_scoped() && !carrier.looks_at_who_asks() {
        return None;
    }
    let payload = evidence.payload();
    let code = cousin.code()?;
    let sent = code.params().into_iter().find(|param| {
        let carried = carrier.param(param).and_then(|param| param.annotation);
        carried.is_some() && carried == payload.as_ref().and_then(|payload| payload.param.annotation.clone())
    });
    match (&payload, &sent) {
        (Some(payload), Some(sent)) => carrier.fix(&sent.name, &payload.param.name),
        (None, None) => {}
        _ => return None,
    }
    // The item is found as siblings find it.
    let lookup = evidence.lookup().filter(|_| evidence.entity_dependency().is_none());
    let (entity, params) = match &lookup {
        Some(lookup) => (lookup.entity.clone()?, lookup.params.clone()),
        None => (evidence.entity_dependency()?.name, Vec::new()),
    };
    let found = Found::of(&code)?;
    carrier.fix(&found.entity, &entity);
    let mut lines = carrier.rest(found.statements)?;
    let rest = code.names(&code.body[found.statements..]);
    if found.others.iter().any(|other| rest.contains(&other.as_str())) {
        return None;
    }
    rename_key(evidence, cousin, giver, &mut lines)?;
    let mut own = carrier.params()?;
    own.retain(|param| payload.as_ref().is_none_or(|payload| payload.param.name != param.name));
    own.retain(|own| lines.iter().any(|line| has_word(&line.text, &own.name)));
    own.retain(|own| params.iter().all(|param| param.name != own.name));
    let answer = envelope::answer(&mut carrier, cousin)?;
    let is_through_giver = lines.iter().any(|line| line.text.contains(&format!("{}.", giver.name)));
    if !carrier.speaks_of_resource() || !is_through_giver {
        return None;
    }
    Some(Body {
        awaits: lines.iter().any(|line| line.text.contains("await ")),
        lines: lookup
            .map(|lookup| Line::verbatim(lookup.text))
            .into_iter()
            .chain(lines)
            .collect(),
        params: [params, own].concat(),
        answer: Some(answer),
        needs: carrier.needs,
        ..Body::default()
    })
}

/// How another resource's item is found.
struct Found {
    /// How many statements that takes.
    statements: usize,
    /// The variable that holds it, and those that only the search takes.
    entity: String,
    others: Vec<String>,
}

impl Found {
    fn of(code: &Code<'_>) -> Option<Self> {
        let mut bound: Vec<String> = Vec::new();
        let (mut statements, mut entity) = (0, None);
        for (i, &stmt) in code.body.iter().enumerate() {
            match &code.body_unit[stmt] {
                Stmt::Assign { targets, .. } => {
                    bound.extend(targets.iter().map(|&target| name_of(code.body_unit, target).to_owned()));
                }
                Stmt::AnnAssign { target, .. } => bound.push(name_of(code.body_unit, *target).to_owned()),
                Stmt::If { test, body, orelse } if raises(code, body) && orelse.is_empty() => {
                    let tested = names_in(code, *test);
                    entity = bound
                        .iter()
                        .rev()
                        .find(|name| tested.contains(name))
                        .cloned()
                        .or(entity);
                    statements = i + 1;
                }
                _ => break,
            }
        }
        let entity = entity?;
        bound.retain(|name| *name != entity);
        Some(Self {
            statements,
            entity,
            others: bound,
        })
    }
}

/// What the object is told to find the item by is a keyword of the item's own: `id=name` becomes `name=name` where siblings
/// say so. Nothing where a keyword is a column that only the other resource has.
fn rename_key(evidence: &Evidence<'_>, cousin: &Cousin, giver: &Giver, lines: &mut [Line]) -> Option<()> {
    let code = cousin.code()?;
    let class = words::camel(&cousin.one);
    let theirs = evidence.ctx.model.table(&class)?;
    let ours = evidence.family.table()?;
    let id = evidence.id_param().map(|param| param.name);
    let key = style::split_item(&cousin.path).1;
    let has = |schema: &Schema, name: &str| schema.fields.iter().any(|field| *field.name == *name);
    let mut keywords = Vec::new();
    code.each_expr(&mut |expr| {
        if let Expr::Call { args, .. } = &code.body_unit[expr] {
            keywords.extend(args.iter().filter_map(|arg| match arg {
                Arg::Keyword { name, .. } => Some(name.to_string()),
                _ => None,
            }));
        }
    });
    keywords.retain(|name| has(theirs, name));
    for name in keywords {
        if key != Some(name.as_str()) || id.as_deref() == key {
            has(ours, &name).then_some(())?;
            continue;
        }
        let id = id.as_deref()?;
        let own = format!("{id}={id}");
        let is_said = evidence.peers.iter().any(|peer| {
            let calls = peer.code.calls_on(&giver.name);
            calls.iter().any(|(_, call)| has_word(peer.code.expr(*call), &own))
        });
        is_said.then_some(())?;
        for line in &mut *lines {
            line.text = line.text.replace(&format!("({name}={id}"), &format!("({own}"));
            line.text = line.text.replace(&format!(", {name}={id}"), &format!(", {own}"));
        }
    }
    Some(())
}
