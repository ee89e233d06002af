//! Whose an item is: the checks by which siblings that change one look at who asks, and the fields that say whose it is,
//! which nobody is to set who sends an update.

use super::draft::Line;
use super::evidence::{Body, Evidence, Lookup, Peer, Role, has_word, is_user, names_in, raises};
use super::siblings::{Code, Param};
use super::{body, schemas};
use crate::imports::Need;
use crate::resolve;
use facts::{Arg, Expr, ExprId, Stmt, StmtId, UnaryOp};
use std::collections::BTreeSet;
use style::{Action, walk};

/// What the fields of a table are called that say whose a row is, without an `_id`.
const OWNERS: [&str; 9] = [
    "owner", "author", "user", "creator", "account", "customer", "seller", "tenant", "member",
];

/// What only writes down that something was done.
const LOGS: [&str; 6] = ["print", "logger", "log", "logging", "audit", "audit_log"];

/// Whose an item is.
pub(super) struct Given {
    pub(super) field: String,
    /// Of whom, as an expression.
    pub(super) value: String,
    pub(super) asker: Param,
}

impl<'a> Evidence<'a> {
    /// Siblings that change one item, those that come first before one of their kind is written.
    pub(super) fn changing(&self) -> impl Iterator<Item = &Peer<'a>> {
        use Action::{Delete, Replace, Update};
        let order = [Update, Replace, Delete];
        order.into_iter().filter_map(|action| self.peer(action))
    }

    /// Whether the new operation changes one item.
    pub(super) fn is_changing(&self) -> bool {
        self.action.is_write() && self.action.is_of_one()
    }

    /// The parameter by which a sibling decides who may do it.
    pub(super) fn asker_of(&self, peer: &Peer<'a>) -> Option<Param> {
        let mut params = peer.code.params().into_iter();
        params.find(|param| {
            is_user(param)
                && self.role(&peer.code, peer.sibling, param) == Role::Dependency
                && decides(&peer.code, &param.name)
        })
    }

    /// A body that lets those change an item whom its siblings let; nothing where they tell by something that it has not.
    pub(super) fn guarded(&self, mut body: Body) -> Option<Body> {
        if !self.is_changing() {
            return Some(body);
        }
        let text = |body: &Body| -> String { body.lines.iter().map(|line| format!("{}\n", line.text)).collect() };
        let askers: Vec<Param> = self.changing().filter_map(|peer| self.asker_of(peer)).collect();
        let is_asked = |text: &str| askers.iter().any(|asker| has_word(text, &asker.name));
        if askers.is_empty() || is_asked(&text(&body)) {
            return Some(body);
        }
        let lookup = self.lookup().filter(|lookup| is_asked(&lookup.text))?;
        body.lines.insert(0, Line::verbatim(lookup.text));
        body.params.extend(lookup.params);
        Some(body)
    }

    /// Whose an item is, where creating one says so and nothing that changes one shows who may.
    pub(super) fn given(&self) -> Option<Given> {
        if !self.is_changing() || self.changing().next().is_some() {
            return None;
        }
        let create = self.peer(Action::Create)?;
        let asker = self.asker_of(create)?;
        let (field, value) = owners_set(&create.code, &asker.name).into_iter().next()?;
        Some(Given { field, value, asker })
    }

    /// Whether statements that find an item look at who asks; a service of users is nobody who does.
    pub(super) fn asks(&self, lookup: &Lookup, service: Option<&Param>) -> bool {
        let askers = self.peers.iter().filter_map(|peer| self.asker_of(peer));
        let mut askers = askers.filter(|asker| service.is_none_or(|service| service.name != asker.name));
        askers.any(|asker| has_word(&lookup.text, &asker.name))
    }

    /// Who is let at what others own, where siblings raise for all but them: `is_admin(user)` of
    /// `if not is_admin(user) and item.owner_id != user.id:`.
    pub(super) fn exempt(&self) -> Option<String> {
        self.peers.iter().find_map(|peer| {
            let asker = self.asker_of(peer)?;
            let code = &peer.code;
            code.body.iter().find_map(|&stmt| {
                let Stmt::If { test, body, .. } = &code.body_unit[stmt] else {
                    return None;
                };
                let Expr::And(parts) = &code.body_unit[*test] else {
                    return None;
                };
                let is_owners = |&part: &ExprId| !compared(code, part, &asker.name).is_empty();
                let (owners, others): (Vec<ExprId>, Vec<ExprId>) = parts.iter().partition(|part| is_owners(part));
                let [other] = others.as_slice() else { return None };
                let Expr::Unary(UnaryOp::Not, exempt) = code.body_unit[*other] else {
                    return None;
                };
                let text = code.expr(exempt);
                let is_known = |name: &str| name == asker.name || resolve::binds(self.ctx, self.file(), name);
                let is_it = owners.len() == 1
                    && raises(code, body)
                    && names(code, exempt, &asker.name)
                    && names_in(code, exempt).iter().all(|name| is_known(name))
                    && !text.contains('\n');
                is_it.then(|| text.to_owned())
            })
        })
    }

    /// Whose items are, as siblings set it or compare it with who asks.
    pub(super) fn owner(&self) -> Option<Given> {
        let of = |found: fn(&Code<'_>, &str) -> Vec<(String, String)>| {
            self.peers.iter().find_map(|peer| {
                let asker = self.asker_of(peer)?;
                let (field, value) = found(&peer.code, &asker.name).into_iter().next()?;
                Some(Given { field, value, asker })
            })
        };
        of(owners_set).or_else(|| of(owners_compared))
    }

    /// The owner that an item that was found must have, where no sibling that finds one says so.
    pub(super) fn owner_of_found(&self) -> Option<Given> {
        let is_scoped = self.action.is_of_one() && self.is_scoped();
        self.given().or_else(|| self.owner().filter(|_| is_scoped))
    }

    /// The owner of a new item, where whoever sends it does not say so.
    pub(super) fn owner_of_new(&self) -> Option<Given> {
        let is_sent = |given: &Given| {
            let input = self.input().filter(|_| self.action == Action::Create);
            input.is_none_or(|schema| schema.fields.iter().any(|field| *field.name == given.field))
        };
        self.owner().filter(|given| !is_sent(given))
    }

    /// Refuses whoever is not the owner of an item that was found.
    pub(super) fn check_owner(&self, body: &mut Body, entity: &str) {
        if let Some(given) = self.given() {
            self.refuse_others(body, entity, given);
        }
    }

    /// The same where it is known whose it must be.
    pub(super) fn refuse_others(&self, body: &mut Body, entity: &str, given: Given) {
        if body.lines.iter().any(|line| has_word(&line.text, &given.asker.name)) {
            return;
        }
        let Given { field, value, asker } = given;
        body.lines
            .push(Line::new(0, format!("if {entity}.{field} != {value}:")));
        let raise = body::raise_http(self.style, 403, "Not enough permissions", &mut body.needs);
        body.lines.push(Line::new(1, raise));
        body.params.push(asker);
    }

    /// The fields that say whose an item is, as siblings set them or compare them with who asks.
    pub(super) fn owner_fields(&self) -> BTreeSet<String> {
        let mut fields = BTreeSet::new();
        for peer in &self.peers {
            let Some(asker) = self.asker_of(peer) else { continue };
            fields.extend(owners_set(&peer.code, &asker.name).into_iter().map(|(field, _)| field));
            fields.extend(
                owners_compared(&peer.code, &asker.name)
                    .into_iter()
                    .map(|(field, _)| field),
            );
        }
        fields
    }

    /// Those of them that a schema lets its sender set.
    pub(super) fn settable_owners(&self, schema: &model::Schema) -> Vec<String> {
        let fields = self.owner_fields();
        let own = schema.fields.iter().map(|field| field.name.to_string());
        own.filter(|name| fields.contains(name)).collect()
    }

    /// The schema of the body: of those that the project has, one that says nothing of the owner before others.
    pub(super) fn input(&self) -> Option<&'a model::Schema> {
        let all = self.family.inputs(self.action);
        let is_open =
            |schema: &&&model::Schema| self.action == Action::Create || self.settable_owners(schema).is_empty();
        all.iter().find(is_open).or(all.first()).copied()
    }

    /// The owner's fields of the body that an update must not take from whoever sends it.
    pub(super) fn shut_fields(&self) -> Vec<String> {
        match self.action {
            Action::Update | Action::Replace => self
                .input()
                .map_or_else(Vec::new, |schema| self.settable_owners(schema)),
            _ => Vec::new(),
        }
    }

    /// Whether the body is one that siblings take when they change an item.
    pub(super) fn is_taken_by_siblings(&self) -> bool {
        let Some(input) = self.input() else { return false };
        let (written, _): (String, Vec<Need>) = schemas::reference(self.ctx, self.source, input);
        let mut params = self.changing().flat_map(|peer| peer.code.params());
        params.any(|param| {
            param
                .annotation
                .is_some_and(|annotation| has_word(&annotation, &written))
        })
    }
}

/// Whether a name is used for more than to write down who did something.
fn decides(code: &Code<'_>, name: &str) -> bool {
    let mut found = false;
    walk::stmts(code.body_unit, code.body, &mut |stmt| {
        found |= !is_note(code, stmt) && is_named_in(code, stmt, name);
    });
    found
}

/// Whether a statement itself, without the blocks in it, names something.
fn is_named_in(code: &Code<'_>, stmt: StmtId, name: &str) -> bool {
    let mut found = false;
    for expr in walk::own_exprs(&code.body_unit[stmt]) {
        found |= names(code, expr, name);
    }
    found
}

/// `logger.info(…)`, `item.updated_by = user.id`.
pub(super) fn is_note(code: &Code<'_>, stmt: StmtId) -> bool {
    let unit = code.body_unit;
    match &unit[stmt] {
        Stmt::Expr(call) => root(code, *call).is_some_and(|name| LOGS.contains(&name)),
        Stmt::Assign { targets, .. } => targets
            .iter()
            .all(|target| matches!(&unit[*target], Expr::Attr { name, .. } if name.ends_with("_by") || name.ends_with("_by_id"))),
        _ => false,
    }
}

/// The name that a call begins with.
fn root<'a>(code: &Code<'a>, expr: ExprId) -> Option<&'a str> {
    match &code.body_unit[expr] {
        Expr::Name(name) => Some(name),
        Expr::Await(inner) => root(code, *inner),
        Expr::Call { func, .. } => root(code, *func),
        Expr::Attr { value, .. } => root(code, *value),
        _ => None,
    }
}

/// Whether a name says whose something is.
pub(super) fn is_owner(field: &str) -> bool {
    OWNERS.contains(&field.strip_suffix("_id").unwrap_or(field))
}

fn names(code: &Code<'_>, expr: ExprId, name: &str) -> bool {
    let mut found = false;
    walk::exprs(code.body_unit, expr, &mut |expr| {
        found |= matches!(&code.body_unit[expr], Expr::Name(own) if own == name);
    });
    found
}

/// The owner's fields that a body gives what it knows of who asks, and what it gives them.
fn owners_set(code: &Code<'_>, asker: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut set = |field: &str, value: ExprId| {
        if is_owner(field) && names(code, value, asker) {
            found.push((field.to_owned(), code.expr(value).to_owned()));
        }
    };
    code.each_expr(&mut |expr| match &code.body_unit[expr] {
        Expr::Call { args, .. } => {
            for arg in args {
                if let Arg::Keyword { name, value, .. } = arg {
                    set(name, *value);
                }
            }
        }
        Expr::Dict(items) => {
            for (key, value) in items {
                if let Some(Expr::Str(key)) = key.map(|key| &code.body_unit[key]) {
                    set(key, *value);
                }
            }
        }
        _ => {}
    });
    walk::stmts(code.body_unit, code.body, &mut |stmt| {
        if let Stmt::Assign { targets, value } = &code.body_unit[stmt] {
            for target in targets {
                if let Expr::Attr { name, .. } = &code.body_unit[*target] {
                    set(name, *value);
                }
            }
        }
    });
    found
}

/// The owner's fields that a body compares with who asks, and with what of it.
fn owners_compared(code: &Code<'_>, asker: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    code.each_expr(&mut |expr| found.extend(compared(code, expr, asker)));
    found
}

/// Those of a comparison itself.
fn compared(code: &Code<'_>, expr: ExprId, asker: &str) -> Vec<(String, String)> {
    let Expr::Compare(left, rest) = &code.body_unit[expr] else {
        return Vec::new();
    };
    let sides = [*left].into_iter().chain(rest.iter().map(|(_, side)| *side));
    let (asked, others): (Vec<ExprId>, Vec<ExprId>) = sides.partition(|side| names(code, *side, asker));
    let mut found = Vec::new();
    for (side, value) in others.into_iter().filter_map(|side| Some((side, *asked.first()?))) {
        walk::exprs(code.body_unit, side, &mut |expr| {
            if let Expr::Attr { name, .. } = &code.body_unit[expr]
                && is_owner(name)
            {
                found.push((name.to_string(), code.expr(value).to_owned()));
            }
        });
    }
    found
}
