//! What makes the sibling known to the rest, said again for the new resource: calls, elements of lists, imports of packages,
//! the other side of a relationship.

use super::{
    copy::Copy,
    outcome::{Outcome, binds, mentions_word},
};
use crate::{
    draft::{is_for_types, python},
    imports::{self, Need},
    resource::fields::{FieldKind, FieldSpec},
};
use ruff_python_ast::{Alias, Expr, Stmt, StmtClassDef, StmtImportFrom};
use ruff_text_size::Ranged;

/// Calls that make something of a resource known to the rest.
const REGISTRATIONS: [&str; 7] = [
    "include_router",
    "mount",
    "add_router",
    "register_router",
    "register",
    "append",
    "add_api_route",
];

/// Repeats in another table's class the other side of a relationship that the new table keeps.
pub(super) fn point_back(copy: &Copy, text: &str, class: &StmtClassDef, suite: &[Stmt], outcome: &mut Outcome) {
    for stmt in &class.body {
        let (target, value) = match stmt {
            Stmt::AnnAssign(assign) => (Some(&*assign.target), assign.value.as_deref()),
            Stmt::Assign(assign) => (assign.targets.first(), Some(&*assign.value)),
            _ => continue,
        };
        let name = target.and_then(Expr::as_name_expr).map_or("", |name| name.id.as_str());
        let Some(Expr::Call(call)) = value else { continue };
        let other_side = call.arguments.find_keyword("back_populates");
        let side = other_side.and_then(|side| side.value.as_string_literal_expr());
        let Some((side, kept)) = side.and_then(|side| Some((side, kept_side(copy, side.value.to_str(), &class.name)?)))
        else {
            continue;
        };
        let written = &text[stmt.range()];
        let quoted = &text[side.range()];
        let again = written.replace(quoted, &quoted.replace(side.value.to_str(), &kept));
        let again = copy.renaming.module(&again);
        if is_about_part(copy, written) || !copy.renaming.is_about(name) || again == written || text.contains(&again) {
            continue;
        }
        let start = stmt.start().to_usize();
        let indent = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
        outcome
            .attributes
            .push((stmt.end().to_u32(), format!("\n{indent}{again}")));
        outcome.needs.extend(renamed_needs(copy, text, written));
        import_for_types(copy, text, suite, written, outcome);
    }
}

/// What the new table calls its side of a relationship with a class: as the sibling does where that is no field, or as the
/// reference to that class is called that takes its place.
fn kept_side(copy: &Copy, side: &str, class: &str) -> Option<String> {
    if side.is_empty() || !copy.map.has(side) {
        return (!side.is_empty()).then(|| side.to_owned());
    }
    let new = copy.map.new_name(side)?;
    let refers = |spec: &FieldSpec| matches!(&spec.kind, FieldKind::Reference(other) if other == class);
    let mut specs = copy.specs.iter();
    specs
        .any(|spec| spec.name == new && refers(spec))
        .then(|| new.to_owned())
}

/// Repeats under `if TYPE_CHECKING:` the import of what a repeated line names.
fn import_for_types(copy: &Copy, text: &str, suite: &[Stmt], line: &str, outcome: &mut Outcome) {
    let checked = suite.iter().filter_map(|stmt| match stmt {
        Stmt::If(branch) if is_for_types(&branch.test) => Some(branch.body.as_slice()),
        _ => None,
    });
    for block in checked {
        for import in block.iter().filter_map(Stmt::as_import_from_stmt) {
            let is_named = |alias: &&Alias| {
                let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                copy.renaming.is_about(name) && mentions_word(line, name)
            };
            let names: Vec<&str> = import
                .names
                .iter()
                .filter(is_named)
                .map(|alias| &text[alias.range()])
                .collect();
            let again = format!("from {} import {}", source_of(import), names.join(", "));
            let again = copy.renaming.module(&again);
            let Some((from, new)) = again.split_once(" import ").filter(|(_, new)| !mentions_all(text, new)) else {
                continue;
            };
            let is_one =
                from == format!("from {}", source_of(import)) && import.names.iter().all(|n| n.asname.is_none());
            let insert = match is_one {
                true => among_names(text, import, new),
                false => among_imports(text, block, import, &again),
            };
            outcome.inserts.push(insert);
        }
    }
}

/// Whether a module names all that is listed; that is so for an empty list.
fn mentions_all(text: &str, names: &str) -> bool {
    let mut names = names.split(", ").filter_map(|name| name.rsplit(' ').next());
    names.all(|name| name.is_empty() || mentions_word(text, name))
}

/// What is imported from, with the dots before it.
fn source_of(import: &StmtImportFrom) -> String {
    let dots = ".".repeat(import.level as usize);
    format!("{dots}{}", import.module.as_deref().unwrap_or_default())
}

/// Where names go that are imported from where the sibling's are.
fn among_names(text: &str, import: &StmtImportFrom, names: &str) -> (u32, String) {
    let key = |alias: &Alias| imports::member_key(&alias.name);
    let is_sorted = import.names.is_sorted_by_key(key);
    let next = import
        .names
        .iter()
        .find(|alias| is_sorted && key(alias) > imports::member_key(names));
    let first = import.names[0].range();
    let line = text[..first.start().to_usize()].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..first.start().to_usize()];
    let comma = match indent.trim().is_empty() {
        true => format!(",\n{indent}"),
        false => ", ".to_owned(),
    };
    match (next, import.names.last()) {
        (Some(next), _) => (next.start().to_u32(), format!("{names}{comma}")),
        (None, last) => (
            last.map_or(import.end(), Ranged::end).to_u32(),
            format!("{comma}{names}"),
        ),
    }
}

/// Where an import goes among those that stand around the sibling's, in the order of isort if they do, with what is said
/// behind the sibling's.
fn among_imports(text: &str, block: &[Stmt], sibling: &StmtImportFrom, again: &str) -> (u32, String) {
    let start_of_line = |stmt: &StmtImportFrom| text[..stmt.start().to_usize()].rfind('\n').map_or(0, |at| at + 1);
    let end_of_line = |stmt: &StmtImportFrom| {
        let end = stmt.end().to_usize();
        text[end..].find('\n').map_or(text.len(), |at| end + at)
    };
    let indent = &text[start_of_line(sibling)..sibling.start().to_usize()];
    let behind = &text[sibling.end().to_usize()..end_of_line(sibling)];
    let key = |said: &str| {
        let (from, members) = said.split_once(" import ").unwrap_or((said, ""));
        let dotted = from.trim_start_matches("from ");
        let module = dotted.trim_start_matches('.');
        let first = members.split([' ', ',']).next().unwrap_or_default();
        let dots = std::cmp::Reverse(dotted.len() - module.len());
        (dots, module.to_lowercase(), imports::member_key(first))
    };
    let said = |import: &StmtImportFrom| format!("from {} import {}", source_of(import), import.names[0].name);
    let imports: Vec<&StmtImportFrom> = block.iter().filter_map(Stmt::as_import_from_stmt).collect();
    let has_gap = |one: &StmtImportFrom, other: &StmtImportFrom| {
        let between: Vec<&str> = text[one.end().to_usize()..other.start().to_usize()]
            .split('\n')
            .collect();
        between.iter().skip(1).rev().skip(1).any(|line| line.trim().is_empty())
    };
    let mut sections = imports.chunk_by(|one, other| !has_gap(one, other));
    let section = sections.find(|section| section.contains(&sibling)).unwrap_or_default();
    let is_sorted = section.is_sorted_by_key(|import| key(&said(import)));
    let new = key(again);
    let next = section.iter().find(|import| is_sorted && key(&said(import)) > new);
    match (next, section.last()) {
        (Some(next), _) => (next.start().to_u32(), format!("{again}{behind}\n{indent}")),
        (None, Some(last)) if is_sorted => (end_of_line(last) as u32, format!("\n{indent}{again}{behind}")),
        _ => (end_of_line(sibling) as u32, format!("\n{indent}{again}{behind}")),
    }
}

/// Repeats for the new resource what registers the sibling: calls, and elements of lists, each right behind its own.
pub(super) fn register(copy: &Copy, text: &str, stmt: &Stmt, outcome: &mut Outcome) {
    match stmt {
        Stmt::Expr(e) => {
            let Expr::Call(call) = &*e.value else { return };
            let name = match &*call.func {
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                Expr::Name(name) => name.id.as_str(),
                _ => "",
            };
            let written = &text[stmt.range()];
            let new = copy.renaming.module(written);
            if REGISTRATIONS.contains(&name) && is_about(copy, written) && !text.contains(&new) {
                let start = stmt.start().to_usize();
                let indent = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
                let again = format!("\n{indent}{new}");
                outcome.inserts.push((stmt.end().to_u32(), again));
                outcome.needs.extend(renamed_needs(copy, text, written));
            }
        }
        Stmt::Assign(assign) => elements(copy, text, &assign.value, outcome),
        Stmt::FunctionDef(function) => function
            .body
            .iter()
            .for_each(|stmt| register(copy, text, stmt, outcome)),
        Stmt::If(branch) => branch.body.iter().for_each(|stmt| register(copy, text, stmt, outcome)),
        _ => {}
    }
}

pub(super) fn is_about(copy: &Copy, text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| copy.renaming.is_about(word))
}

pub(super) fn elements(copy: &Copy, text: &str, value: &Expr, outcome: &mut Outcome) {
    let elements = match value {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => return,
    };
    let key = |text: &str| imports::member_key(text.trim_matches(['"', '\'']));
    let written: Vec<&str> = elements.iter().map(|element| &text[element.range()]).collect();
    let is_sorted = written.len() > 1 && written.is_sorted_by_key(|text| key(text));
    for (at, own) in written.iter().enumerate() {
        if !is_about(copy, own) || is_about_part(copy, own) {
            continue;
        }
        let new = copy.renaming.module(own);
        if written.contains(&new.as_str()) {
            continue;
        }
        let place = match is_sorted {
            true => written.iter().position(|other| key(other) > key(&new)),
            false => None,
        };
        let gap = match line_of_its_own(text, elements[at].start().to_usize()) {
            Some(indent) => format!("\n{indent}"),
            None => " ".to_owned(),
        };
        let insert = match (place, is_sorted) {
            (Some(next), _) => (elements[next].start().to_u32(), format!("{new},{gap}")),
            (None, true) => (elements[elements.len() - 1].end().to_u32(), format!(",{gap}{new}")),
            (None, false) => (elements[at].end().to_u32(), format!(",{gap}{new}")),
        };
        outcome.inserts.push(insert);
        outcome.needs.extend(renamed_needs(copy, text, own));
    }
}

/// The indent of what is the first thing on its line.
fn line_of_its_own(text: &str, start: usize) -> Option<&str> {
    let indent = &text[text[..start].rfind('\n')? + 1..start];
    indent.trim().is_empty().then_some(indent)
}

/// Whether a name belongs to something of the sibling that is left out.
pub(super) fn is_about_part(copy: &Copy, written: &str) -> bool {
    copy.gone
        .union(&copy.of_others)
        .any(|name| mentions_word(written, name))
}

/// What a module imports of the sibling and a copied line uses, by its new name.
pub(super) fn renamed_needs(copy: &Copy, text: &str, line: &str) -> Vec<Need> {
    let Ok(module) = python::take_apart(text) else {
        return Vec::new();
    };
    let used = module
        .imports
        .iter()
        .filter(|import| mentions_word(line, import.need.bound_name()));
    used.filter_map(|import| renamed_need(copy, &import.need)).collect()
}

fn renamed_need(copy: &Copy, need: &Need) -> Option<Need> {
    let new = |name: &str| copy.renaming.identifier(name);
    let renamed = match need {
        Need::Member(module, name) => Need::Member(new(module), new(name)),
        Need::Renamed(module, name, bound) => Need::Renamed(new(module), new(name), new(bound)),
        Need::Module(module) => Need::Module(new(module)),
        Need::ModuleAs(module, bound) => Need::ModuleAs(new(module), new(bound)),
    };
    // Two of one name can't be in one module.
    (renamed.bound_name() != need.bound_name()).then_some(renamed)
}

/// A package that imports the sibling for others imports the new resource too.
pub(super) fn re_export(copy: &Copy, text: &str, suite: &[Stmt], outcome: &mut Outcome) {
    let Ok(module) = python::take_apart(text) else { return };
    let is_only_imported = |name: &str| {
        suite.iter().all(|stmt| match stmt {
            Stmt::Import(_) | Stmt::ImportFrom(_) => true,
            stmt if binds(stmt).iter().any(|bound| bound == "__all__") => true,
            stmt => !mentions_word(&text[stmt.range()], name),
        })
    };
    for import in &module.imports {
        let name = import.need.bound_name();
        if copy.renaming.is_about(name) && is_only_imported(name) && !copy.is_left_out(name, false) {
            outcome.needs.extend(renamed_need(copy, &import.need));
        }
    }
}

/// New statements stand at a module's end: a call that registers one of them goes there too, and a list further up, which is
/// made before them, can't name them.
pub(super) fn put_behind_definitions(outcome: &mut Outcome) {
    let Ok(module) = python::take_apart(&outcome.module) else {
        return;
    };
    let defined: Vec<&str> = module
        .statements
        .iter()
        .flat_map(|s| &s.binds)
        .map(String::as_str)
        .collect();
    let names_new = |text: &str| {
        let outside: String = text.split(['"', '\'']).step_by(2).collect();
        defined.iter().any(|name| mentions_word(&outside, name))
    };
    let (early, kept) = std::mem::take(&mut outcome.inserts)
        .into_iter()
        .partition(|(_, text)| names_new(text));
    outcome.inserts = kept;
    let early: Vec<(u32, String)> = early;
    for (_, text) in early {
        let is_at_top = text.starts_with('\n') && !text[1..].starts_with([' ', '\t']);
        if is_at_top {
            outcome.module += &text;
        }
    }
}
