//! What a function of the project is given: what the operation has, what siblings give it, and what has to be asked for.

use super::callees::{reader, speaks_of_session};
use super::evidence::{Evidence, Role};
use super::ownership::is_owner;
use super::receivers::{Callee, Receiver, type_text};
use super::siblings::{Param, name_of};
use super::{cousins, orm, schemas};
use crate::imports::Need;
use crate::resolve::{self, Binding, Resolved};
use base::FileId;
use facts::{Arg, Expr, ExprId, Function, ParamKind, Stmt, Unit, UnitId};
use style::Action;

/// What a parameter of the called function is given.
struct Given {
    text: String,
    /// A parameter that the operation must have for that.
    param: Option<Param>,
    /// What that parameter must import.
    needs: Vec<Need>,
    /// Whether the item must have been found before.
    is_entity: bool,
}

/// The arguments of a call, and what the operation must have for them.
pub(super) struct Arguments {
    pub(super) text: String,
    pub(super) params: Vec<Param>,
    pub(super) needs: Vec<Need>,
    pub(super) has_entity: bool,
}

/// What a function is given, if every argument that it must have is known.
pub(super) fn arguments(evidence: &Evidence<'_>, receiver: &Receiver, callee: &Callee) -> Option<Arguments> {
    let (unit, function) = callee.read()?;
    let mut arguments = Vec::new();
    let (mut params, mut needs, mut has_entity) = (Vec::new(), Vec::new(), false);
    let mut are_named = false;
    let skipped = usize::from(receiver.is_class && !is_static(unit, function));
    for param in function.params.list.iter().skip(skipped) {
        if matches!(param.kind, ParamKind::VarPositional | ParamKind::VarKeyword) {
            continue;
        }
        let own = name_of(unit, param.name);
        let annotation = param.annotation.map(|e| type_text(unit, e, &callee.types));
        let Some(given) = given(evidence, receiver, callee, param, own, &annotation.unwrap_or_default()) else {
            if param.default.is_some() {
                are_named = true;
                continue;
            }
            return None;
        };
        has_entity |= given.is_entity;
        params.extend(given.param);
        needs.extend(given.needs);
        // Nothing stands by its place behind what is named or left out.
        are_named |= param.kind == ParamKind::KeywordOnly || passes_by_name(evidence, receiver, own);
        arguments.push(if are_named {
            format!("{own}={}", given.text)
        } else {
            given.text
        });
    }
    Some(Arguments {
        text: arguments.join(", "),
        params,
        needs,
        has_entity,
    })
}

pub(super) fn variable(evidence: &Evidence<'_>) -> String {
    let one = &evidence.resource.one;
    let is_payload = evidence.payload().is_some_and(|payload| payload.param.name == *one);
    if is_payload { format!("db_{one}") } else { one.clone() }
}

fn is_static(unit: &Unit, function: &Function) -> bool {
    function
        .decorators
        .iter()
        .any(|&d| style::last_name(unit, d) == "staticmethod")
}

/// Whether siblings pass a parameter of that name by keyword.
fn passes_by_name(evidence: &Evidence<'_>, receiver: &Receiver, param: &str) -> bool {
    evidence.peers.iter().any(|peer| {
        let mut found = false;
        peer.code.each_expr(&mut |e| {
            if let Expr::Call { func, args } = &peer.code.body_unit[e] {
                let is_receiver = peer.code.expr(*func).starts_with(&receiver.prefix);
                found |= is_receiver
                    && args
                        .iter()
                        .any(|arg| matches!(arg, Arg::Keyword { name, .. } if name == param));
            }
        });
        found
    })
}

fn given(
    evidence: &Evidence<'_>,
    receiver: &Receiver,
    callee: &Callee,
    called: &facts::Param,
    name: &str,
    annotation: &str,
) -> Option<Given> {
    let plain = |text: String| Given {
        text,
        param: None,
        needs: Vec::new(),
        is_entity: false,
    };
    if speaks_of_session(name, annotation)
        && let Some(session) = evidence.session()
    {
        return Some(Given {
            text: session.param.name.clone(),
            param: Some(session.param),
            needs: session.needs,
            is_entity: false,
        });
    }
    if let Some(id) = evidence.id_param()
        && (name == id.name
            || name == "id"
            || name == "pk"
            || name == format!("{}_id", evidence.resource.one)
            || name == "obj_id"
            || name == "item_id")
    {
        return Some(plain(id.name));
    }
    let table = evidence.family.table().map(|schema| schema.name.to_string());
    let wants_entity = evidence.action.is_of_one()
        && (table.as_deref() == Some(annotation)
            || name == "db_obj"
            || name == format!("db_{}", evidence.resource.one));
    if wants_entity {
        let entity = evidence
            .entity_dependency()
            .map(|param| param.name)
            .or_else(|| evidence.lookup().and_then(|lookup| lookup.entity))
            .or_else(|| reader(evidence, receiver).map(|_| variable(evidence)))?;
        return Some(Given {
            text: entity,
            param: None,
            needs: Vec::new(),
            is_entity: true,
        });
    }
    if let Some(payload) = evidence.payload() {
        let own = payload.param.name.clone();
        let annotated = payload.param.annotation.as_deref().unwrap_or_default();
        let is_same_type = alternatives(annotation).any(|ty| ty == last_name(annotated));
        let adapted = adapted(evidence, &own, annotation).filter(|_| !is_same_type);
        if name == own
            || is_same_type
            || adapted.is_some()
            || matches!(
                name,
                "data" | "payload" | "obj_in" | "body" | "update" | "updates" | "schema"
            )
            || name == format!("{}_in", evidence.resource.one)
            || name == format!("{}_data", evidence.resource.one)
        {
            return Some(match adapted {
                Some((text, needs)) => Given { needs, ..plain(text) },
                None => plain(own),
            });
        }
    }
    if called.default.is_some() && !is_page(name, annotation) {
        return None;
    }
    let (unit, _) = callee.read()?;
    passed_by_siblings(evidence, receiver, name)
        .or_else(|| of_owner(evidence, name))
        .or_else(|| of_sibling(evidence, name, annotation))
        .or_else(|| of_project(evidence, callee.file, unit, called.annotation?))
        .or_else(|| page_number(evidence, unit, called, name, annotation))
}

/// The types of a union without their modules.
fn alternatives(annotation: &str) -> impl Iterator<Item = &str> {
    let union = annotation
        .strip_prefix("Union[")
        .and_then(|rest| rest.strip_suffix(']'));
    let separator = if union.is_some() { ", " } else { " | " };
    let types = union.unwrap_or(annotation).split(separator);
    types.map(last_name).filter(|name| !name.is_empty())
}

/// `Book` of `models.Book`.
pub(super) fn last_name(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

/// The whole of what replaces an item, where the function that changes it takes another schema or a dictionary.
fn adapted(evidence: &Evidence<'_>, payload: &str, annotation: &str) -> Option<(String, Vec<Need>)> {
    if evidence.action != Action::Replace {
        return None;
    }
    let inputs = evidence.family.inputs(Action::Update);
    let schema = alternatives(annotation).find_map(|name| inputs.iter().find(|schema| *schema.name == *name))?;
    let dump = format!("{payload}.{}()", orm::dump_method(evidence));
    let is_dict = |ty: &str| ["dict", "Dict", "Mapping"].contains(&ty.split('[').next().unwrap_or(ty));
    if alternatives(annotation).any(is_dict) {
        return Some((dump, Vec::new()));
    }
    let (class, needs) = schemas::reference(evidence.ctx, evidence.source, schema);
    Some((format!("{class}(**{dump})"), needs))
}

/// Whose the item is, for a parameter such as `owner_id`.
fn of_owner(evidence: &Evidence<'_>, name: &str) -> Option<Given> {
    let owner = evidence.owner()?;
    let is_meant = is_owner(name) && name.ends_with("_id") == owner.field.ends_with("_id");
    is_meant.then(|| Given {
        text: owner.value,
        param: Some(owner.asker),
        needs: Vec::new(),
        is_entity: false,
    })
}

/// What siblings pass to the receiver's functions for a parameter of that name, such as `user.id` for `user_id`.
fn passed_by_siblings(evidence: &Evidence<'_>, receiver: &Receiver, name: &str) -> Option<Given> {
    evidence.peers.iter().find_map(|peer| {
        let code = &peer.code;
        let mut found = None;
        code.each_expr(&mut |e| {
            let Expr::Call { func, args } = &code.body_unit[e] else {
                return;
            };
            let Some(called) = code.expr(*func).strip_prefix(receiver.prefix.as_str()) else {
                return;
            };
            let Some((unit, function)) = receiver.function(called).and_then(Callee::read) else {
                return;
            };
            let skipped = usize::from(receiver.is_class);
            let at = function
                .params
                .list
                .iter()
                .skip(skipped)
                .position(|param| name_of(unit, param.name) == name);
            let argument = args.iter().enumerate().find_map(|(i, arg)| match arg {
                Arg::Positional(value) if Some(i) == at => Some(*value),
                Arg::Keyword { name: own, value, .. } if own == name => Some(*value),
                _ => None,
            });
            if let Some(argument) = argument
                && let Expr::Attr { value, .. } = &code.body_unit[argument]
                && let Expr::Name(base) = &code.body_unit[*value]
            {
                found = code
                    .params()
                    .into_iter()
                    .find(|param| param.name == *base)
                    .filter(|param| evidence.role(code, peer.sibling, param) == Role::Dependency)
                    .map(|param| (code.expr(argument).to_owned(), param));
            }
        });
        let (text, param) = found?;
        Some(Given {
            text,
            param: Some(param),
            needs: Vec::new(),
            is_entity: false,
        })
    })
}

/// A query parameter for `skip: int = 0` and the like, as other lists of the project have it: with limits, where they do.
fn page_number(
    evidence: &Evidence<'_>,
    unit: &Unit,
    called: &facts::Param,
    name: &str,
    annotation: &str,
) -> Option<Given> {
    let Expr::Int(default) = &unit[called.default?] else {
        return None;
    };
    if annotation != "int" {
        return None;
    }
    let usual = cousins::paging(evidence).and_then(|paging| {
        let mut params = paging.params.into_iter();
        Some((params.find(|param| param.name == name)?, paging.needs))
    });
    let plain = || (Param::new(name, annotation, Some(&default.to_string())), Vec::new());
    let (param, needs) = usual.unwrap_or_else(plain);
    Some(Given {
        text: name.to_owned(),
        param: Some(param),
        needs,
        is_entity: false,
    })
}

fn is_page(name: &str, annotation: &str) -> bool {
    matches!(
        name,
        "skip" | "offset" | "limit" | "page" | "pagination" | "page_size" | "size"
    ) || annotation.contains("Pag")
}

/// A dependency of a sibling with that name or type.
fn of_sibling(evidence: &Evidence<'_>, name: &str, annotation: &str) -> Option<Given> {
    evidence.neighbours.iter().find_map(|(code, sibling)| {
        let param = code.params().into_iter().find(|param| {
            let is_usable = matches!(evidence.role(code, sibling, param), Role::Dependency | Role::Other);
            // Two numbers are not the same thing for being numbers.
            let tells = annotation.starts_with(char::is_uppercase) || annotation.contains('.');
            let is_it = param.name == name || (tells && param.annotation.as_deref() == Some(annotation));
            is_usable && is_it
        })?;
        Some(Given {
            text: param.name.clone(),
            param: Some(param),
            needs: Vec::new(),
            is_entity: false,
        })
    })
}

/// An `Annotated` alias of the project for that type, as another module's operations use it: `PageQuery` for `Pagination`.
fn of_project(evidence: &Evidence<'_>, file: FileId, unit: &Unit, annotation: ExprId) -> Option<Given> {
    let wanted = resolve::class(evidence.ctx, file, unit, annotation)?;
    evidence.ctx.model.callables.iter().find_map(|callable| {
        let place = callable.stmt?;
        let facts = evidence.ctx.facts(place.file)?;
        let own_unit = facts.units.get(place.unit.0 as usize)?;
        if place.unit != UnitId::MODULE || place.file == evidence.file() {
            return None;
        }
        let Some(Stmt::Function(function)) = own_unit.stmts.get(place.stmt.0 as usize) else {
            return None;
        };
        function.params.list.iter().find_map(|param| {
            let alias = param.annotation?;
            let Expr::Name(alias_name) = &own_unit[alias] else {
                return None;
            };
            let (file, alias_facts, expr) = resolve::plain_type(evidence.ctx, place.file, alias)?;
            let found = resolve::class(evidence.ctx, file, alias_facts.units.first()?, expr)?;
            let is_alias = !matches!(
                resolve::resolve(evidence.ctx, place.file, alias_name),
                Some(Resolved::Item(_, Binding::Def(_)))
            );
            if found != wanted || !is_alias {
                return None;
            }
            let name = name_of(own_unit, param.name).to_owned();
            Some(Given {
                text: name.clone(),
                param: Some(Param::new(&name, alias_name, None)),
                needs: Vec::new(),
                is_entity: false,
            })
        })
    })
}
