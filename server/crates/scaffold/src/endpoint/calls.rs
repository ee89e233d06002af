//! Bodies that call the project's own functions: repositories, services, crud modules.

use super::draft::Line;
use super::evidence::{Body, Evidence, Role};
use super::receivers::{Receiver, receivers};
use super::schemas;
use super::siblings::{Param, name_of};
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
    receivers.sort_by_key(|receiver| std::cmp::Reverse(receiver.weight));
    receivers.iter().find_map(|receiver| {
        let unit = receiver.facts.units.first()?;
        let one = &evidence.resource.one;
        let many = &evidence.resource.many;
        candidates(evidence).iter().find_map(|name| {
            // What no sibling calls must at least speak of the resource.
            if receiver.weight == 0 && !name.contains(one.as_str()) && !name.contains(many.as_str()) {
                return None;
            }
            let function = receiver.functions.iter().find_map(|&stmt| match &unit[stmt] {
                Stmt::Function(function) if name_of(unit, function.name) == name => Some(function.as_ref()),
                _ => None,
            })?;
            call(evidence, receiver, unit, function, name)
        })
    })
}

/// A function of the project that siblings call.
pub(super) struct Called {
    pub(super) file: FileId,
    /// Where its name begins there.
    pub(super) name_at: u32,
    /// The module that it is imported from by its own name, where it is.
    pub(super) module: Option<String>,
}

/// The function behind a call: `prefix` is what stands before its name, with the dot.
pub(super) fn called(evidence: &Evidence<'_>, prefix: &str, name: &str) -> Option<Called> {
    receivers(evidence).into_iter().find_map(|receiver| {
        let unit = receiver.facts.units.first()?;
        let function = receiver.functions.iter().find_map(|&stmt| match &unit[stmt] {
            Stmt::Function(function) if name_of(unit, function.name) == name => Some(function.as_ref()),
            _ => None,
        });
        let function = function.filter(|_| receiver.prefix == prefix)?;
        let source = Source::read(evidence.ctx.files, receiver.file)?;
        Some(Called {
            file: receiver.file,
            name_at: source.spans.expr(UnitId::MODULE, function.name).start,
            module: receiver.module,
        })
    })
}

/// The names that the function can have, best first; those of the resource before general ones.
fn candidates(evidence: &Evidence<'_>) -> Vec<String> {
    let one = &evidence.resource.one;
    let many = &evidence.resource.many;
    let stem = style::words::snake(&evidence.family.stem);
    let verbs: &[&str] = match evidence.action {
        Action::List => &["list", "get_all", "get", "read", "find_all", "find", "fetch", "all"],
        Action::Read => &["get", "read", "find", "fetch", "retrieve"],
        Action::Create => &["create", "add", "insert", "register", "new"],
        Action::Replace => &["replace", "put", "update"],
        Action::Update => &["update", "patch", "partial_update", "edit"],
        Action::Delete => &["delete", "remove", "destroy"],
    };
    let mut names = Vec::new();
    for verb in verbs {
        if evidence.action == Action::List {
            names.push(format!("{verb}_{many}"));
            names.push(format!("{verb}_{}", style::words::plural(&stem)));
        } else {
            for word in [one, &stem] {
                names.push(format!("{verb}_{word}"));
                names.push(format!("{verb}_{word}_by_id"));
            }
        }
    }
    let general: &[&str] = match evidence.action {
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

/// The body that calls a function, if every argument that it must have is known.
fn call(evidence: &Evidence<'_>, receiver: &Receiver, unit: &Unit, function: &Function, name: &str) -> Option<Body> {
    let mut body = Body::default();
    let mut arguments = Vec::new();
    let mut has_entity = false;
    let skipped = usize::from(receiver.is_class && !is_static(unit, function));
    for param in function.params.list.iter().skip(skipped) {
        if matches!(param.kind, ParamKind::VarPositional | ParamKind::VarKeyword) {
            continue;
        }
        let own = name_of(unit, param.name);
        let annotation = param.annotation.map(|e| type_text(unit, e)).unwrap_or_default();
        let Some(given) = given(evidence, receiver, unit, param, own, &annotation) else {
            if param.default.is_some() {
                continue;
            }
            return None;
        };
        has_entity |= given.is_entity;
        body.params.extend(given.param);
        body.needs.extend(given.needs);
        let by_name = param.kind == ParamKind::KeywordOnly || passes_by_name(evidence, receiver, own);
        arguments.push(if by_name {
            format!("{own}={}", given.text)
        } else {
            given.text
        });
    }
    if evidence.action.has_body() && !passes_payload(evidence, &arguments) {
        return None;
    }
    body.params.extend(receiver.param.clone());
    if let Some(module) = &receiver.module
        && receiver.prefix.is_empty()
    {
        body.needs.push(Need::member(module, name));
    }
    if has_entity {
        let lookup = evidence.lookup();
        match lookup {
            Some(lookup) => {
                body.lines.push(Line::verbatim(lookup.text));
                body.params.extend(lookup.params);
            }
            None if evidence.entity_dependency().is_some() => {}
            None => return None,
        }
    }
    let is_awaited = function.is_async && !function.is_generator;
    body.awaits = is_awaited;
    let wait = if is_awaited { "await " } else { "" };
    let call = format!("{wait}{}{name}({})", receiver.prefix, arguments.join(", "));
    finish(evidence, unit, function, has_entity, &call, &mut body);
    real_return(evidence, receiver, unit, function, &mut body);
    Some(body)
}

/// The statements around the call: the check for nothing, and the return.
fn finish(evidence: &Evidence<'_>, unit: &Unit, function: &Function, has_entity: bool, call: &str, body: &mut Body) {
    let returns = function.returns.map(|e| type_text(unit, e)).unwrap_or_default();
    let may_be_none = returns.contains("None") && returns != "None" || returns.starts_with("Optional");
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

fn variable(evidence: &Evidence<'_>) -> String {
    let one = &evidence.resource.one;
    let is_payload = evidence.payload().is_some_and(|payload| payload.param.name == *one);
    if is_payload { format!("db_{one}") } else { one.clone() }
}

fn passes_payload(evidence: &Evidence<'_>, arguments: &[String]) -> bool {
    evidence.payload().is_none_or(|payload| {
        arguments
            .iter()
            .any(|argument| super::evidence::has_word(argument, &payload.param.name))
    })
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
    unit: &Unit,
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
    let speaks_of_session = annotation.contains("Session") || name == "session" || name == "db" || name == "db_session";
    if speaks_of_session && let Some(session) = evidence.session() {
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
            .or_else(|| evidence.lookup().and_then(|lookup| lookup.entity))?;
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
        let is_same_type = !annotation.is_empty() && annotated.rsplit('.').next() == annotation.rsplit('.').next();
        if name == own
            || is_same_type
            || matches!(
                name,
                "data" | "payload" | "obj_in" | "body" | "update" | "updates" | "schema"
            )
            || name == format!("{}_in", evidence.resource.one)
            || name == format!("{}_data", evidence.resource.one)
        {
            return Some(plain(own));
        }
    }
    if called.default.is_some() && !is_page(name, annotation) {
        return None;
    }
    passed_by_siblings(evidence, receiver, unit, name)
        .or_else(|| of_sibling(evidence, name, annotation))
        .or_else(|| of_project(evidence, receiver, unit, called.annotation?))
        .or_else(|| page_number(unit, called, name, annotation))
}

/// What siblings pass to the receiver's functions for a parameter of that name, such as `user.id` for `user_id`.
fn passed_by_siblings(evidence: &Evidence<'_>, receiver: &Receiver, unit: &Unit, name: &str) -> Option<Given> {
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
            let Some(params) = receiver.functions.iter().find_map(|&stmt| match &unit[stmt] {
                Stmt::Function(function) if name_of(unit, function.name) == called => Some(&function.params.list),
                _ => None,
            }) else {
                return;
            };
            let skipped = usize::from(receiver.is_class);
            let at = params
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

/// A query parameter for `skip: int = 0` and the like.
fn page_number(unit: &Unit, called: &facts::Param, name: &str, annotation: &str) -> Option<Given> {
    let Expr::Int(default) = &unit[called.default?] else {
        return None;
    };
    (annotation == "int").then(|| Given {
        text: name.to_owned(),
        param: Some(Param::new(name, annotation, Some(&default.to_string()))),
        needs: Vec::new(),
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
fn of_project(evidence: &Evidence<'_>, receiver: &Receiver, unit: &Unit, annotation: ExprId) -> Option<Given> {
    let wanted = resolve::class(evidence.ctx, receiver.file, unit, annotation)?;
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
fn real_return(evidence: &Evidence<'_>, receiver: &Receiver, unit: &Unit, function: &Function, body: &mut Body) {
    let Some(returns) = function
        .returns
        .filter(|_| evidence.style.habits.response.value == ResponseStyle::Both && !body.is_empty)
    else {
        return;
    };
    let text = type_text(unit, returns);
    let mut names = Vec::new();
    walk::exprs(unit, returns, &mut |e| {
        if let Expr::Name(name) = &unit[e] {
            names.push(name.to_string());
        }
    });
    let text = text.strip_suffix(" | None").unwrap_or(&text).to_owned();
    if text.is_empty() || text.contains("[]") {
        return;
    }
    body.returns_needs = schemas::needs_of(evidence.ctx, receiver.file, evidence.source, &names);
    body.returns = Some(text);
}

/// An annotation as text, as far as the comparisons here need it.
fn type_text(unit: &Unit, expr: ExprId) -> String {
    match &unit[expr] {
        Expr::Name(name) => name.to_string(),
        Expr::None => "None".to_owned(),
        Expr::Attr { value, name, .. } => format!("{}.{name}", type_text(unit, *value)),
        Expr::Subscript { value, index } => format!("{}[{}]", type_text(unit, *value), type_text(unit, *index)),
        Expr::Binary(left, _, right) => format!("{} | {}", type_text(unit, *left), type_text(unit, *right)),
        Expr::Tuple(items) => items
            .iter()
            .map(|&item| type_text(unit, item))
            .collect::<Vec<_>>()
            .join(", "),
        Expr::Quoted(_, inner) => type_text(unit, *inner),
        _ => String::new(),
    }
}
