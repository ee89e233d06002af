//! Bodies for modules that keep their data in a dict or list of their own, as tutorials and prototypes do.

use super::draft::Line;
use super::evidence::{Body, Evidence};
use super::orm;
use super::siblings::{Code, Sibling};
use crate::Context;
use crate::resolve::{self, Binding};
use base::FileId;
use facts::{Expr, ExprId, FileFacts, Unit};
use std::collections::BTreeSet;
use std::sync::Arc;
use style::{Action, Source};

/// A module-level container that siblings keep the items in.
struct Store {
    name: String,
    is_dict: bool,
    /// Whether it holds instances of a schema rather than dicts.
    holds_models: bool,
}

/// The body for a container that siblings use; nothing where they use none.
pub(super) fn body(evidence: &Evidence<'_>) -> Option<Body> {
    let store = store(evidence)?;
    if !evidence.shut_fields().is_empty() {
        return None;
    }
    let mut body = Body::default();
    if store.is_dict {
        dict_body(evidence, &store, &mut body)?;
    } else {
        list_body(evidence, &store, &mut body)?;
    }
    body.is_empty = evidence.action == Action::Delete;
    Some(body)
}

/// The name of the container that siblings use, and whether it holds instances of a schema rather than dicts.
pub(super) fn store_of(evidence: &Evidence<'_>) -> Option<(String, bool)> {
    store(evidence).map(|store| (store.name, store.holds_models))
}

/// Whether some of a module's operations use such a container.
pub(super) fn is_used_by<'s>(ctx: &Context<'_>, source: &Source, siblings: impl Iterator<Item = &'s Sibling>) -> bool {
    let codes = siblings.filter_map(|sibling| Code::new(source, sibling.unit, sibling.stmt));
    let names: BTreeSet<&str> = codes.flat_map(|code| code.names(code.body)).collect();
    names
        .into_iter()
        .any(|name| Container::named(ctx, source.file, name).is_some())
}

fn store(evidence: &Evidence<'_>) -> Option<Store> {
    let mut candidates: Vec<(String, usize)> = Vec::new();
    for peer in &evidence.peers {
        for name in peer.code.names(peer.code.body) {
            match candidates.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => candidates.push((name.to_owned(), 1)),
            }
        }
    }
    candidates.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    candidates.iter().find_map(|(name, _)| store_named(evidence, name))
}

fn store_named(evidence: &Evidence<'_>, name: &str) -> Option<Store> {
    let container = Container::named(evidence.ctx, evidence.file(), name)?;
    let unit = container.facts.units.first()?;
    let element = container.annotation.and_then(|annotation| element_of(unit, annotation));
    let holds_models = match (element, container.value.and_then(|value| first_element(unit, value))) {
        (Some(element), _) => {
            !matches!(style::last_name(unit, element), "dict" | "Dict" | "Any") && !is_subscript(unit, element)
        }
        (None, Some(first)) => matches!(unit[first], Expr::Call { .. }),
        (None, None) => stores_models(evidence, name),
    };
    Some(Store {
        name: name.to_owned(),
        is_dict: container.is_dict,
        holds_models,
    })
}

/// A dict or list that a module binds to a name.
struct Container {
    facts: Arc<FileFacts>,
    annotation: Option<ExprId>,
    value: Option<ExprId>,
    is_dict: bool,
}

impl Container {
    /// What a name stands for in a module, where it is one.
    fn named(ctx: &Context<'_>, file: FileId, name: &str) -> Option<Self> {
        let resolve::Resolved::Item(file, binding) = resolve::resolve(ctx, file, name)? else {
            return None;
        };
        let facts = ctx.facts(file)?;
        let unit = facts.units.first()?;
        let (annotation, value) = match binding {
            Binding::Value(value) => (None, Some(value)),
            Binding::Annotated(annotation, value) => (Some(annotation), value),
            _ => return None,
        };
        let is_dict = annotation
            .and_then(|annotation| kind_of_annotation(unit, annotation))
            .or_else(|| kind_of_value(unit, value?))?;
        Some(Self {
            facts,
            annotation,
            value,
            is_dict,
        })
    }
}

fn is_subscript(unit: &Unit, expr: ExprId) -> bool {
    matches!(unit[expr], Expr::Subscript { .. })
}

fn kind_of_annotation(unit: &Unit, annotation: ExprId) -> Option<bool> {
    let base = match &unit[annotation] {
        Expr::Subscript { value, .. } => *value,
        _ => annotation,
    };
    match style::last_name(unit, base) {
        "dict" | "Dict" | "MutableMapping" => Some(true),
        "list" | "List" => Some(false),
        _ => None,
    }
}

fn kind_of_value(unit: &Unit, value: ExprId) -> Option<bool> {
    match &unit[value] {
        Expr::Dict(_) => Some(true),
        Expr::List(_) => Some(false),
        Expr::Call { func, args } if args.is_empty() => kind_of_annotation(unit, *func),
        _ => None,
    }
}

/// `Item` of `dict[int, Item]` or `list[Item]`.
fn element_of(unit: &Unit, annotation: ExprId) -> Option<ExprId> {
    let Expr::Subscript { index, .. } = &unit[annotation] else {
        return None;
    };
    match &unit[*index] {
        Expr::Tuple(items) => items.last().copied(),
        _ => Some(*index),
    }
}

fn first_element(unit: &Unit, value: ExprId) -> Option<ExprId> {
    match &unit[value] {
        Expr::Dict(items) => items.first().map(|(_, value)| *value),
        Expr::List(items) => items.first().copied(),
        _ => None,
    }
}

/// Whether siblings put the body's model itself into the container rather than a dump of it.
fn stores_models(evidence: &Evidence<'_>, name: &str) -> bool {
    !evidence.peers.iter().any(|peer| {
        let text = peer.code.source.stmt_text(peer.sibling.unit, peer.sibling.stmt);
        text.contains(name)
            && (text.contains("model_dump(") || text.contains(".dict(") || text.contains("jsonable_encoder("))
    })
}

/// The 404 of siblings, or a new one.
fn not_found(evidence: &Evidence<'_>, body: &mut Body) -> String {
    super::body::raise_not_found(evidence, &mut body.needs)
}

fn id_name(evidence: &Evidence<'_>) -> Option<String> {
    Some(evidence.id_param()?.name)
}

/// What is stored for a body: the model itself, or a dump.
fn stored(evidence: &Evidence<'_>, store: &Store, payload: &str, partial: bool) -> String {
    let arguments = if partial { "exclude_unset=True" } else { "" };
    if store.holds_models {
        payload.to_owned()
    } else {
        format!("{payload}.{}({arguments})", orm::dump_method(evidence))
    }
}

fn dict_body(evidence: &Evidence<'_>, store: &Store, body: &mut Body) -> Option<()> {
    let items = &store.name;
    if evidence.action.is_of_one() {
        match evidence.lookup().filter(|lookup| lookup.text.contains(items.as_str())) {
            Some(lookup) => {
                body.params.extend(lookup.params);
                body.lines.push(Line::verbatim(lookup.text));
            }
            None => {
                body.lines
                    .push(Line::new(0, format!("if {} not in {items}:", id_name(evidence)?)));
                let raise = not_found(evidence, body);
                body.lines.push(Line::new(1, raise));
            }
        }
    }
    match evidence.action {
        Action::List => body.lines.push(Line::new(0, format!("return list({items}.values())"))),
        Action::Create => dict_create(evidence, store, body)?,
        Action::Read => body
            .lines
            .push(Line::new(0, format!("return {items}[{}]", id_name(evidence)?))),
        Action::Replace => {
            let id = id_name(evidence)?;
            let value = stored(evidence, store, &evidence.payload()?.param.name, false);
            body.lines.push(Line::new(0, format!("{items}[{id}] = {value}")));
            body.lines.push(Line::new(0, format!("return {items}[{id}]")));
        }
        Action::Update => {
            let id = id_name(evidence)?;
            let dump = dumped(evidence, &evidence.payload()?.param.name);
            if store.holds_models {
                let copy = if orm::dump_method(evidence) == "dict" {
                    "copy"
                } else {
                    "model_copy"
                };
                body.lines.push(Line::new(
                    0,
                    format!("{items}[{id}] = {items}[{id}].{copy}(update={dump})"),
                ));
            } else {
                body.lines.push(Line::new(0, format!("{items}[{id}].update({dump})")));
            }
            body.lines.push(Line::new(0, format!("return {items}[{id}]")));
        }
        Action::Delete => body
            .lines
            .push(Line::new(0, format!("del {items}[{}]", id_name(evidence)?))),
    }
    Some(())
}

fn dumped(evidence: &Evidence<'_>, payload: &str) -> String {
    format!("{payload}.{}(exclude_unset=True)", orm::dump_method(evidence))
}

/// A new entry: under the id that the body brings, or the next number.
fn dict_create(evidence: &Evidence<'_>, store: &Store, body: &mut Body) -> Option<()> {
    let items = &store.name;
    let payload = evidence.payload()?.param.name;
    let brings_id = evidence
        .family
        .input(Action::Create)
        .is_some_and(|schema| schema.fields.iter().any(|field| *field.name == *"id" && field.required));
    let value = stored(evidence, store, &payload, false);
    if brings_id {
        body.lines
            .push(Line::new(0, format!("{items}[{payload}.id] = {value}")));
        body.lines.push(Line::new(0, format!("return {items}[{payload}.id]")));
        return Some(());
    }
    let id = sibling_id(evidence).unwrap_or_else(|| format!("{}_id", evidence.resource.one));
    let is_text = evidence.peers.iter().any(|peer| {
        peer.code
            .params()
            .iter()
            .any(|p| p.name == id && p.annotation.as_deref() == Some("str"))
    });
    let next = if is_text {
        format!("str(len({items}) + 1)")
    } else {
        format!("max({items}, default=0) + 1")
    };
    body.lines.push(Line::new(0, format!("{id} = {next}")));
    body.lines.push(Line::new(0, format!("{items}[{id}] = {value}")));
    body.lines.push(Line::new(0, format!("return {items}[{id}]")));
    Some(())
}

fn sibling_id(evidence: &Evidence<'_>) -> Option<String> {
    evidence
        .peers
        .iter()
        .find_map(|peer| style::split_item(&peer.sibling.path).1.map(str::to_owned))
}

fn list_body(evidence: &Evidence<'_>, store: &Store, body: &mut Body) -> Option<()> {
    let items = &store.name;
    match evidence.action {
        Action::List => body.lines.push(Line::new(0, format!("return {items}"))),
        Action::Create => {
            let payload = evidence.payload()?.param.name;
            let value = stored(evidence, store, &payload, false);
            body.lines.push(Line::new(0, format!("{items}.append({value})")));
            body.lines.push(Line::new(0, format!("return {items}[-1]")));
        }
        action => of_list_item(evidence, store, body, action)?,
    }
    Some(())
}

/// Operations of one item of a list: it is looked for by its id, as there is nothing else to go by.
fn of_list_item(evidence: &Evidence<'_>, store: &Store, body: &mut Body, action: Action) -> Option<()> {
    let items = &store.name;
    let id = id_name(evidence)?;
    let mut one = evidence.resource.one.clone();
    let payload = evidence.payload().map(|payload| payload.param.name);
    if payload.as_deref() == Some(&one) || one == *items {
        one = format!("stored_{one}");
    }
    let field = id_field(evidence);
    let own_id = if store.holds_models {
        format!("{one}.{field}")
    } else {
        format!("{one}[\"{field}\"]")
    };
    let own_id = own_id.replace('"', &evidence.style.format.quote.to_string());
    let head = match action {
        Action::Read => format!("for {one} in {items}:"),
        Action::Update if !store.holds_models => format!("for {one} in {items}:"),
        _ => format!("for index, {one} in enumerate({items}):"),
    };
    body.lines.push(Line::new(0, head));
    body.lines.push(Line::new(1, format!("if {own_id} == {id}:")));
    match action {
        Action::Read => body.lines.push(Line::new(2, format!("return {one}"))),
        Action::Delete => {
            body.lines.push(Line::new(2, format!("del {items}[index]")));
            body.lines.push(Line::new(2, "return"));
        }
        Action::Replace => {
            let value = stored(evidence, store, payload.as_deref()?, false);
            body.lines.push(Line::new(2, format!("{items}[index] = {value}")));
            body.lines.push(Line::new(2, format!("return {items}[index]")));
        }
        _ => {
            let dump = dumped(evidence, payload.as_deref()?);
            if store.holds_models {
                body.lines.push(Line::new(
                    2,
                    format!("{items}[index] = {one}.model_copy(update={dump})"),
                ));
                body.lines.push(Line::new(2, format!("return {items}[index]")));
            } else {
                body.lines.push(Line::new(2, format!("{one}.update({dump})")));
                body.lines.push(Line::new(2, format!("return {one}")));
            }
        }
    }
    let raise = not_found(evidence, body);
    body.lines.push(Line::new(0, raise));
    Some(())
}

/// The field that a sibling compares with the id, `id` where none does.
fn id_field(evidence: &Evidence<'_>) -> String {
    evidence
        .peers
        .iter()
        .find_map(|peer| compared_field(&peer.code, style::split_item(&peer.sibling.path).1?))
        .unwrap_or_else(|| "id".to_owned())
}

fn compared_field(code: &Code<'_>, id: &str) -> Option<String> {
    let mut found = None;
    code.each_expr(&mut |e| {
        let Expr::Compare(left, rest) = &code.body_unit[e] else {
            return;
        };
        let sides: Vec<ExprId> = [*left].into_iter().chain(rest.iter().map(|(_, side)| *side)).collect();
        let names_id = sides
            .iter()
            .any(|&side| matches!(&code.body_unit[side], Expr::Name(name) if name == id));
        for side in sides {
            match &code.body_unit[side] {
                Expr::Attr { name, .. } if names_id => found = Some(name.to_string()),
                Expr::Subscript { index, .. } if names_id => {
                    if let Expr::Str(key) = &code.body_unit[*index] {
                        found = Some(key.to_string());
                    }
                }
                _ => {}
            }
        }
    });
    found
}
