//! Bodies that call the project's own functions: repositories, services, crud modules.

use super::draft::Line;
use super::evidence::{Body, Evidence, Role, has_word};
use super::ownership::is_owner;
use super::receivers::{Callee, Receiver, receivers, type_text};
use super::siblings::{Param, name_of};
use super::{cousins, orm, schemas};
use crate::imports::Need;
use crate::resolve::{self, Binding, Resolved};
use base::FileId;
use facts::{Arg, Expr, ExprId, Function, ParamKind, Stmt, Unit, UnitId};
use style::{Action, ResponseStyle, Source, walk};

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

/// The functions that do what is to be done, best first: those that are told whose it is before others.
fn functions<'r>(evidence: &Evidence<'_>, receiver: &'r Receiver) -> Vec<&'r Callee> {
    let one = &evidence.resource.one;
    let many = &evidence.resource.many;
    let mut names = candidates(evidence, evidence.action);
    // What no sibling calls must at least speak of the resource.
    names.retain(|name| receiver.weight > 0 || name.contains(one.as_str()) || name.contains(many.as_str()));
    let is_named = |callee: &&Callee| {
        names.iter().any(|name| {
            let rest = callee.name().strip_prefix(name.as_str());
            rest.is_some_and(|rest| {
                ["_with_", "_by_", "_for_", "_of_"]
                    .iter()
                    .any(|word| rest.starts_with(word))
            })
        })
    };
    let told: Vec<&Callee> = match has_owner(evidence) {
        true => receiver
            .functions
            .iter()
            .filter(|callee| is_told(callee) && is_named(callee))
            .collect(),
        false => Vec::new(),
    };
    told.into_iter()
        .chain(names.iter().filter_map(|name| receiver.function(name)))
        .collect()
}

/// Whether a function is told whose something is.
fn is_told(callee: &Callee) -> bool {
    callee.read().is_some_and(|(unit, function)| {
        let mut params = function.params.list.iter();
        params.any(|param| is_owner(name_of(unit, param.name)))
    })
}

/// Whether what is done to no item that is there must be told whose it is.
fn has_owner(evidence: &Evidence<'_>) -> bool {
    match evidence.action {
        Action::Create => evidence.owner_of_new().is_some(),
        Action::List => evidence.is_scoped() && evidence.owner().is_some(),
        _ => false,
    }
}

/// A function of the project that siblings call.
pub(super) struct Called {
    pub(super) file: FileId,
    /// Where its name begins there.
    pub(super) name_at: u32,
    /// The module that it is imported from by its own name, where it is.
    pub(super) module: Option<String>,
    /// Whether it is a method of a generic class, which reads the resource's rows as it reads those of any table.
    pub(super) is_shared: bool,
}

/// The function behind a call: `prefix` is what stands before its name, with the dot.
pub(super) fn called(evidence: &Evidence<'_>, prefix: &str, name: &str) -> Option<Called> {
    receivers(evidence).into_iter().find_map(|receiver| {
        let callee = receiver.function(name).filter(|_| receiver.prefix == prefix)?;
        let source = Source::read(evidence.ctx.files, callee.file)?;
        Some(Called {
            file: callee.file,
            name_at: source.spans.expr(UnitId::MODULE, callee.read()?.1.name).start,
            is_shared: !callee.types.is_empty() && !receiver.is_of_other(evidence),
            module: receiver.module,
        })
    })
}

/// The names that the function can have, best first; those of the resource before general ones.
fn candidates(evidence: &Evidence<'_>, action: Action) -> Vec<String> {
    let one = &evidence.resource.one;
    let many = &evidence.resource.many;
    let stem = style::words::snake(&evidence.family.stem);
    let verbs: &[&str] = match action {
        Action::List => &["list", "get_all", "get", "read", "find_all", "find", "fetch", "all"],
        Action::Read => &["get", "read", "find", "fetch", "retrieve"],
        Action::Create => &["create", "add", "insert", "register", "new"],
        Action::Replace => &["replace", "put", "update"],
        Action::Update => &["update", "patch", "partial_update", "edit"],
        Action::Delete => &["delete", "remove", "destroy"],
    };
    let mut names = Vec::new();
    for verb in verbs {
        if action == Action::List {
            names.push(format!("{verb}_{many}"));
            names.push(format!("{verb}_{}", style::words::plural(&stem)));
        } else {
            for word in [one, &stem] {
                names.push(format!("{verb}_{word}"));
                names.push(format!("{verb}_{word}_by_id"));
            }
        }
    }
    let general: &[&str] = match action {
        Action::List => &[
            "list",
            "get_all",
            "get_multi",
            "all",
            "find_all",
            "list_all",
            "read_all",
        ],
        Action::Read => &[
            "get",
            "get_by_id",
            "get_one",
            "find_by_id",
            "read",
            "find",
            "retrieve",
            "get_or_404",
        ],
        Action::Create => &["create", "add", "insert"],
        Action::Replace => &["replace", "put", "update"],
        Action::Update => &["update", "patch", "partial_update"],
        Action::Delete => &["delete", "remove", "delete_by_id", "destroy"],
    };
    names.extend(general.iter().map(|name| (*name).to_owned()));
    names
}

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
struct Arguments {
    text: String,
    params: Vec<Param>,
    needs: Vec<Need>,
    has_entity: bool,
}

/// What a function is given, if every argument that it must have is known.
fn arguments(evidence: &Evidence<'_>, receiver: &Receiver, callee: &Callee) -> Option<Arguments> {
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

/// The receiver's function that reads one by its key.
fn reader<'r>(evidence: &Evidence<'_>, receiver: &'r Receiver) -> Option<&'r Callee> {
    let names = candidates(evidence, Action::Read);
    let mut found = names.iter().filter_map(|name| receiver.function(name));
    found.find(|callee| {
        let keys = callee.read().map_or(0, |(unit, function)| {
            let params = function.params.list.iter().skip(usize::from(receiver.is_class));
            let needed = params.filter(|param| param.default.is_none());
            needed
                .filter(|param| !speaks_of_session(name_of(unit, param.name), ""))
                .count()
        });
        keys == 1
    })
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

fn variable(evidence: &Evidence<'_>) -> String {
    let one = &evidence.resource.one;
    let is_payload = evidence.payload().is_some_and(|payload| payload.param.name == *one);
    if is_payload { format!("db_{one}") } else { one.clone() }
}

fn passes_payload(evidence: &Evidence<'_>, arguments: &str) -> bool {
    let payload = evidence.payload();
    payload.is_none_or(|payload| has_word(arguments, &payload.param.name))
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

fn speaks_of_session(name: &str, annotation: &str) -> bool {
    annotation.contains("Session") || matches!(name, "session" | "db" | "db_session")
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
fn last_name(dotted: &str) -> &str {
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
