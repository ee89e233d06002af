//! Bodies that call the project's own functions: repositories, services, crud modules.

use super::arguments::{Arguments, arguments, last_name, variable};
use super::callees::{functions, has_owner, is_told, reader};
use super::draft::Line;
use super::evidence::{Body, Evidence, has_word};
use super::receivers::{Callee, Receiver, receivers, type_text};
use super::{cousins, schemas};
use crate::imports::Need;
use facts::Expr;
use style::{Action, ResponseStyle, walk};

/// The body that calls the function which the project has for the action; nothing where it has none.
pub(super) fn body(evidence: &Evidence<'_>) -> Option<Body> {
    // What it does with a field that says whose the item is can't be told.
    if !evidence.shut_fields().is_empty() && !evidence.is_taken_by_siblings() {
        return None;
    }
    let mut receivers = receivers(evidence);
    receivers.retain(|receiver| !receiver.is_of_other(evidence));
    receivers.sort_by_key(|receiver| std::cmp::Reverse((receiver.is_of_resource(evidence), receiver.weight)));
    receivers.iter().find_map(|receiver| {
        let found = functions(evidence, receiver);
        found.iter().find_map(|callee| {
            let mut body = call(evidence, receiver, callee)?;
            show_all(evidence, receiver, &found, &mut body);
            Some(body)
        })
    })
}

/// Shows everybody's items to those whom siblings let at them, and to the others their own.
fn show_all(evidence: &Evidence<'_>, receiver: &Receiver, functions: &[&Callee], body: &mut Body) {
    // An envelope is put around one list.
    if evidence.action != Action::List || !has_owner(evidence) || !cousins::with_envelope(evidence).is_empty() {
        return;
    }
    let Some(exempt) = evidence.exempt() else { return };
    let whole = functions.iter().filter(|callee| !is_told(callee)).find_map(|callee| {
        let arguments = arguments(evidence, receiver, callee)?;
        Some((call_text(receiver, callee, &arguments.text)?, arguments))
    });
    if let Some((call, arguments)) = whole {
        let lines = [
            Line::new(0, format!("if {exempt}:")),
            Line::new(1, format!("return {call}")),
        ];
        body.lines.splice(0..0, lines);
        body.params.extend(arguments.params);
        body.needs.extend(arguments.needs);
    }
}

/// The body that calls a function.
fn call(evidence: &Evidence<'_>, receiver: &Receiver, callee: &Callee) -> Option<Body> {
    let (unit, function) = callee.read()?;
    let name = callee.name();
    let Arguments {
        text,
        params,
        needs,
        mut has_entity,
    } = arguments(evidence, receiver, callee)?;
    if evidence.action.has_body() && !passes_payload(evidence, &text) {
        return None;
    }
    if has_owner(evidence) && !evidence.owner().is_some_and(|owner| has_word(&text, &owner.asker.name)) {
        return None;
    }
    let mut body = Body {
        params,
        needs,
        ..Body::default()
    };
    body.params.extend(receiver.param.clone());
    if let Some(module) = &receiver.module
        && receiver.prefix.is_empty()
    {
        body.needs.push(Need::member(module, name));
    }
    let lookup = evidence.lookup().filter(|_| evidence.entity_dependency().is_none());
    let is_asked = lookup
        .as_ref()
        .is_some_and(|lookup| evidence.asks(lookup, receiver.param.as_ref()));
    has_entity |= match &lookup {
        Some(_) => evidence.is_changing() && (is_asked || tells_nothing(evidence, callee)),
        None => evidence
            .owner_of_found()
            .is_some_and(|owner| !has_word(&text, &owner.asker.name)),
    };
    if evidence.action == Action::Read && is_asked && evidence.is_scoped() {
        return None;
    }
    if has_entity {
        match lookup {
            Some(lookup) => {
                body.lines.push(Line::verbatim(lookup.text));
                body.params.extend(lookup.params);
                if let Some(entity) = lookup.entity {
                    evidence.check_owner(&mut body, &entity);
                }
            }
            None if evidence.entity_dependency().is_some() => {}
            None => find(evidence, receiver, &mut body)?,
        }
    }
    if evidence.action == Action::Read && has_entity {
        body.lines.push(Line::new(0, format!("return {}", variable(evidence))));
        return Some(body);
    }
    body.awaits |= function.is_async && !function.is_generator;
    let call = call_text(receiver, callee, &text)?;
    let returns = function.returns.map(|e| type_text(unit, e, &callee.types));
    finish(evidence, &returns.unwrap_or_default(), has_entity, &call, &mut body);
    real_return(evidence, callee, &mut body);
    Some(body)
}

/// Finds an item through the receiver, where no sibling shows how, and refuses whoever is not its owner.
fn find(evidence: &Evidence<'_>, receiver: &Receiver, body: &mut Body) -> Option<()> {
    let callee = reader(evidence, receiver)?;
    let (unit, function) = callee.read()?;
    let arguments = arguments(evidence, receiver, callee)?;
    let entity = variable(evidence);
    let call = call_text(receiver, callee, &arguments.text)?;
    body.lines.push(Line::new(0, format!("{entity} = {call}")));
    let returns = function.returns.map(|e| type_text(unit, e, &callee.types));
    if returns.is_none_or(|returns| may_be_none(&returns)) {
        body.lines.push(Line::new(0, format!("if {entity} is None:")));
        let raise = super::body::raise_not_found(evidence, &mut body.needs);
        body.lines.push(Line::new(1, raise));
    }
    body.params.extend(arguments.params);
    body.needs.extend(arguments.needs);
    body.awaits |= function.is_async && !function.is_generator;
    if let Some(owner) = evidence.owner_of_found() {
        evidence.refuse_others(body, &entity, owner);
    }
    Some(())
}

/// The call itself, awaited where it has to be.
fn call_text(receiver: &Receiver, callee: &Callee, arguments: &str) -> Option<String> {
    let (_, function) = callee.read()?;
    let wait = if function.is_async && !function.is_generator {
        "await "
    } else {
        ""
    };
    Some(format!("{wait}{}{}({arguments})", receiver.prefix, callee.name()))
}

/// Whether a function that deletes answers with what was there, so that it can't say that nothing was.
fn tells_nothing(evidence: &Evidence<'_>, callee: &Callee) -> bool {
    let Some((unit, function)) = callee.read().filter(|_| evidence.action == Action::Delete) else {
        return false;
    };
    let returns = function.returns.map(|e| type_text(unit, e, &callee.types));
    let table = evidence.family.table().map(|table| table.name.to_string());
    returns.is_some_and(|returns| table.is_some_and(|table| last_name(&returns) == table))
}

/// The statements around the call: the check for nothing, and the return.
fn finish(evidence: &Evidence<'_>, returns: &str, has_entity: bool, call: &str, body: &mut Body) {
    let may_be_none = may_be_none(returns);
    let says_whether = returns == "bool";
    let action = evidence.action;
    if action == Action::Delete {
        body.is_empty = true;
        if (says_whether || may_be_none) && !has_entity {
            let test = if says_whether {
                format!("if not {call}:")
            } else {
                format!("if {call} is None:")
            };
            body.lines.push(Line::new(0, test));
            let raise = super::body::raise_not_found(evidence, &mut body.needs);
            body.lines.push(Line::new(1, raise));
        } else {
            body.lines.push(Line::new(0, call));
        }
    } else if action.is_of_one() && may_be_none {
        let one = variable(evidence);
        body.lines.push(Line::new(0, format!("{one} = {call}")));
        body.lines.push(Line::new(0, format!("if {one} is None:")));
        let raise = super::body::raise_not_found(evidence, &mut body.needs);
        body.lines.push(Line::new(1, raise));
        body.lines.push(Line::new(0, format!("return {one}")));
    } else {
        body.lines.push(Line::new(0, format!("return {call}")));
    }
}

fn may_be_none(returns: &str) -> bool {
    returns.contains("None") && returns != "None" || returns.starts_with("Optional")
}

fn passes_payload(evidence: &Evidence<'_>, arguments: &str) -> bool {
    let payload = evidence.payload();
    payload.is_none_or(|payload| has_word(arguments, &payload.param.name))
}

/// The type that the called function returns, where the project annotates that beside `response_model`.
fn real_return(evidence: &Evidence<'_>, callee: &Callee, body: &mut Body) {
    let Some((unit, function)) = callee
        .read()
        .filter(|_| evidence.style.habits.response.value == ResponseStyle::Both && !body.is_empty)
    else {
        return;
    };
    let Some(returns) = function.returns else { return };
    let mut needs = Vec::new();
    let mut types = callee.types.clone();
    // The table as the module calls it: its schema may have the same name.
    for (text, file) in types.values_mut() {
        match evidence.family.table().filter(|table| *table.name == *last_name(text)) {
            Some(table) => {
                let (name, own) = schemas::reference(evidence.ctx, evidence.source, table);
                needs.extend(own);
                *text = name;
            }
            None => {
                let head = text.split(['.', '[']).next().unwrap_or_default().to_owned();
                needs.extend(schemas::needs_of(evidence.ctx, *file, evidence.source, &[head]));
            }
        }
    }
    let text = type_text(unit, returns, &types);
    let text = text.strip_suffix(" | None").unwrap_or(&text).to_owned();
    if text.is_empty() || text.contains("[]") {
        return;
    }
    let mut own = Vec::new();
    walk::exprs(unit, returns, &mut |e| match &unit[e] {
        Expr::Name(name) if !callee.types.contains_key(&**name) => own.push(name.to_string()),
        _ => {}
    });
    needs.extend(schemas::needs_of(evidence.ctx, callee.file, evidence.source, &own));
    body.returns_needs = needs;
    body.returns = Some(text);
}
