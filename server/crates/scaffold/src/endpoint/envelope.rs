//! Answers that carry more than the items: pages and totals of lists, a word about what was deleted. They are written as
//! the project's other resources have them.

use super::carried::Carrier;
use super::cousins::{self, Cousin};
use super::draft::Line;
use super::evidence::{Body, Evidence};
use super::siblings::Code;
use facts::{Arg, Expr, ExprId, Stmt};
use style::{Action, walk};

/// What stands in decorator and signature about the answer, where it is another resource's, carried over.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) model: Option<String>,
    pub(super) returns: Option<String>,
    pub(super) status: Option<String>,
}

/// The body of a list as another resource has it, where lists of the project come in an envelope.
pub(super) fn list(evidence: &Evidence<'_>) -> Option<Body> {
    if evidence.action != Action::List {
        return None;
    }
    cousins::with_envelope(evidence).iter().find_map(|cousin| {
        // The list of a resource of the same name elsewhere is another matter.
        if cousin.many == evidence.resource.many {
            return None;
        }
        let mut carrier = Carrier::new(evidence, cousin)?;
        if evidence.is_scoped() && !carrier.looks_at_who_asks() {
            return None;
        }
        let lines = carrier.body()?;
        let params = carrier.params()?;
        let answer = answer(&mut carrier, cousin)?;
        if !carrier.speaks_of_resource() {
            return None;
        }
        Some(Body {
            awaits: lines.iter().any(|line| line.text.contains("await ")),
            lines,
            params,
            answer: Some(answer),
            needs: carrier.needs,
            ..Body::default()
        })
    })
}

/// Puts an envelope around what a body returns that was written in another way.
pub(super) fn wrap(evidence: &Evidence<'_>, body: &mut Body) {
    let wrapped = match evidence.action {
        Action::List => cousins::with_envelope(evidence)
            .iter()
            .find_map(|cousin| wrap_list(evidence, body, cousin)),
        Action::Delete => usual_answer(evidence, body),
        _ => None,
    };
    if let Some(wrapped) = wrapped {
        *body = wrapped;
    }
}

pub(super) fn answer(carrier: &mut Carrier<'_>, cousin: &Cousin) -> Option<Answer> {
    let mut carry = |expr: Option<ExprId>| match expr {
        Some(expr) => carrier.outer(expr).map(Some),
        None => Some(None),
    };
    Some(Answer {
        model: carry(cousin.keyword("response_model"))?,
        returns: carry(cousin.code()?.function.returns)?,
        status: carry(cousin.keyword("status_code"))?,
    })
}

/// What is returned, and under which names: of a dict or of a class that is made of keywords.
fn members(code: &Code<'_>, returned: ExprId) -> Option<Vec<(String, ExprId)>> {
    match &code.body_unit[returned] {
        Expr::Dict(items) => items
            .iter()
            .map(|(key, value)| match &code.body_unit[(*key)?] {
                Expr::Str(key) => Some((key.to_string(), *value)),
                _ => None,
            })
            .collect(),
        Expr::Call { args, .. } => args
            .iter()
            .map(|arg| match arg {
                Arg::Keyword { name, value, .. } => Some((name.to_string(), *value)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// The list that a body returns, and the number of its items beside it, as far as the envelope asks for no more.
fn wrap_list(evidence: &Evidence<'_>, body: &Body, cousin: &Cousin) -> Option<Body> {
    let code = cousin.code()?;
    let returned = code.returned()?;
    let members = members(&code, returned)?;
    let (last, before) = body.lines.split_last()?;
    let list = last.text.strip_prefix("return ").filter(|_| last.depth == 0)?;
    let container = counted(list);
    let many = &evidence.resource.many;
    let mut carrier = Carrier::new(evidence, cousin)?;
    let mut values = Vec::new();
    let mut before = before.to_vec();
    let mut needs = Vec::new();
    let mut lists = 0;
    for (name, value) in members {
        let text = match &code.body_unit[value] {
            Expr::Call { func, .. } if style::last_name(code.body_unit, *func) == "len" => {
                format!("len({})", container.as_deref().unwrap_or(many))
            }
            Expr::Name(param) if body.params.iter().any(|known| known.name == *param.as_str()) => param.to_string(),
            _ if COUNTS.contains(&name.as_str()) => match (&container, &body.count) {
                (Some(container), _) => format!("len({container})"),
                (None, Some((count, imports))) => {
                    before.push(Line::new(0, format!("{name} = {count}")));
                    needs.extend(imports.iter().cloned());
                    name.clone()
                }
                (None, None) => return None,
            },
            _ => {
                lists += 1;
                match container {
                    Some(_) => list.to_owned(),
                    None => many.clone(),
                }
            }
        };
        values.push((name, text));
    }
    if lists != 1 {
        return None;
    }
    let envelope = match &code.body_unit[returned] {
        Expr::Call { func, .. } => {
            let names: Vec<String> = values.iter().map(|(name, _)| name.clone()).collect();
            if !carrier.has_members(
                style::last_name(code.body_unit, cousins::called(&code, returned)),
                &names,
            ) {
                return None;
            }
            let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            if !carrier.locals_in(*func).is_empty() {
                return None;
            }
            format!("{}({})", carrier.expr(*func)?, values.join(", "))
        }
        _ => {
            let quoted = |name: &str| evidence.style.format.string(name);
            let values: Vec<String> = values
                .iter()
                .map(|(name, value)| format!("{}: {value}", quoted(name)))
                .collect();
            format!("{{{}}}", values.join(", "))
        }
    };
    let answer = answer(&mut carrier, cousin)?;
    let mut lines = before;
    if container.is_none() {
        push_list(&mut lines, many, list);
    }
    lines.push(Line::new(0, format!("return {envelope}")));
    Some(Body {
        lines,
        answer: Some(answer),
        needs: [body.needs.clone(), carrier.needs, needs].concat(),
        ..body.clone()
    })
}

/// Names under which envelopes tell how many items there are in all.
const COUNTS: &[&str] = &[
    "count",
    "total",
    "total_count",
    "total_items",
    "totalCount",
    "totalItems",
    "total_results",
];

/// Binds the list to its noun: `books.all()` of a result of that name becomes one statement with it.
fn push_list(lines: &mut Vec<Line>, many: &str, list: &str) {
    let head = format!("{many} = ");
    let rest = list.strip_prefix(many).filter(|rest| rest.starts_with('.'));
    let made = lines.iter().position(|line| line.text.starts_with(&head));
    let statement = match (rest, made) {
        (Some(rest), Some(at)) => {
            let result = lines.remove(at);
            let value = &result.text[head.len()..];
            match value.strip_prefix("await ") {
                Some(call) => format!("{head}(await {call}){rest}"),
                None => format!("{head}{value}{rest}"),
            }
        }
        _ => format!("{head}{list}"),
    };
    lines.push(Line::new(0, statement));
}

/// The container whose items are counted, where a list is one, or made of the values of one.
fn counted(list: &str) -> Option<String> {
    let inner = list
        .strip_prefix("list(")
        .and_then(|rest| rest.strip_suffix(".values())"));
    let name = inner.unwrap_or(list);
    style::words::is_identifier(name).then(|| name.to_owned())
}

/// The body of a deletion with the answer that most other resources give; the nearest one's where several are as usual.
fn usual_answer(evidence: &Evidence<'_>, body: &Body) -> Option<Body> {
    let answered: Vec<Option<Body>> = cousins::with_envelope(evidence)
        .iter()
        .map(|cousin| answer_deletion(evidence, body, cousin))
        .collect();
    let lines = |body: &Option<Body>| body.as_ref().map(|body| body.lines.clone());
    let alike = |one: &Option<Body>| answered.iter().filter(|other| lines(other) == lines(one)).count();
    let most = answered.iter().map(alike).max()?;
    answered.iter().find(|one| alike(one) == most)?.clone()
}

/// The body of a deletion that then answers as another resource's does.
fn answer_deletion(evidence: &Evidence<'_>, body: &Body, cousin: &Cousin) -> Option<Body> {
    let code = cousin.code()?;
    let returned = cousins::answered(&code)?;
    let (last, before) = body.lines.split_last()?;
    if last.text.starts_with("raise ") && before.is_empty() {
        return None;
    }
    let mut carrier = Carrier::new(evidence, cousin)?;
    let calls = style::last_name(code.body_unit, cousins::called(&code, returned));
    let is_call = matches!(code.body_unit[returned], Expr::Call { .. } | Expr::Await(_));
    let deletes = is_deletion(calls);
    let mut lines = body.lines.clone();
    let text = if is_call && deletes {
        // It answers with what the function says that deletes.
        let call = last.text.strip_prefix("return ").unwrap_or(&last.text);
        (last.depth == 0 && call.ends_with(')') && !call.starts_with("del ")).then(|| call.to_owned())?
    } else {
        if let (Some(theirs), Some(ours)) = (deleted(&code), entity(evidence)) {
            carrier.fix(&theirs, &ours);
        }
        let text = carrier.expr(returned)?;
        let used = carrier.locals_in(returned);
        if let Expr::Name(local) = &code.body_unit[returned]
            && is_removed(&code, local)
        {
            bind_removed(evidence, &mut lines, &text);
        }
        let is_known = |name: &String| {
            let params = [evidence.id_param(), evidence.entity_dependency()];
            params.iter().flatten().any(|param| param.name == *name) || is_bound(evidence, &lines, name)
        };
        used.iter().all(is_known).then_some(text)?
    };
    let answer = answer(&mut carrier, cousin)?;
    let statement = format!("return {text}");
    match lines.iter_mut().find(|line| line.text == "return") {
        Some(line) => line.text = statement,
        None if is_call && deletes => {
            lines.pop();
            lines.push(Line::new(0, statement));
        }
        None => lines.push(Line::new(0, statement)),
    }
    Some(Body {
        lines,
        answer: Some(answer),
        needs: [body.needs.clone(), carrier.needs].concat(),
        is_empty: false,
        ..body.clone()
    })
}

/// Whether a function of that name deletes something.
fn is_deletion(name: &str) -> bool {
    let verbs = ["delete", "remove", "destroy", "erase"];
    verbs.iter().any(|verb| name.contains(verb))
}

/// Whether a variable holds what a function says that deletes: `book = crud.book.remove(…)`.
fn is_removed(code: &Code<'_>, variable: &str) -> bool {
    let mut last = None;
    walk::stmts(code.body_unit, code.body, &mut |stmt| {
        if let Stmt::Assign { targets, value } = &code.body_unit[stmt]
            && let [target] = targets.as_slice()
            && matches!(&code.body_unit[*target], Expr::Name(name) if **name == *variable)
        {
            last = Some(*value);
        }
    });
    last.is_some_and(|value| is_deletion(style::last_name(code.body_unit, cousins::called(code, value))))
}

/// Keeps in a variable what a function says that deletes, where lines only ask whether that is nothing.
fn bind_removed(evidence: &Evidence<'_>, lines: &mut Vec<Line>, variable: &str) {
    let asked = lines.iter().enumerate().find_map(|(at, line)| {
        let rest = line.text.strip_prefix("if ").filter(|_| line.depth == 0)?;
        let call = rest.strip_suffix(" is None:").filter(|call| call.ends_with(')'))?;
        Some((at, call.to_owned()))
    });
    if let Some((at, call)) = asked.filter(|_| !is_bound(evidence, lines, variable)) {
        lines[at].text = format!("if {variable} is None:");
        lines.insert(at, Line::new(0, format!("{variable} = {call}")));
    }
}

/// Whether a variable is made in the lines: by one of them, or where the item is looked up as siblings do.
fn is_bound(evidence: &Evidence<'_>, lines: &[Line], variable: &str) -> bool {
    let head = format!("{variable} = ");
    let looks_up = || evidence.lookup().and_then(|lookup| lookup.entity).as_deref() == Some(variable);
    lines
        .iter()
        .any(|line| line.text.starts_with(&head) || (line.is_verbatim && looks_up()))
}

/// The variable that the cousin deletes.
fn deleted(code: &Code<'_>) -> Option<String> {
    let mut found = None;
    code.each_expr(&mut |expr| {
        if let Expr::Call { func, args } = &code.body_unit[expr]
            && style::last_name(code.body_unit, *func) == "delete"
            && let [Arg::Positional(only)] = args.as_slice()
            && let Expr::Name(name) = &code.body_unit[*only]
        {
            found = Some(name.to_string());
        }
    });
    found
}

/// The variable that holds our item.
fn entity(evidence: &Evidence<'_>) -> Option<String> {
    evidence
        .entity_dependency()
        .map(|param| param.name)
        .or_else(|| evidence.lookup().map(|lookup| lookup.entity)?)
        .or_else(|| evidence.session().map(|_| evidence.resource.one.clone()))
}
