//! A resource that our templates wrote and that nobody has changed since: it says nothing of its own, so the next one is written
//! by the templates too, in the same kind of pages, and may have what this one had no use for.

use super::{
    fields::{FieldKind, FieldSpec},
    fresh::Layers,
    listing::{Filter, Listing, PageKind},
    model::{core, is_optional},
    relation::Relation,
    sibling::Sibling,
};
use crate::{Site, draft::python, ground::Ground, template, terms::Terms};
use minijinja::context;
use ruff_python_ast::{Expr, Stmt};
use std::path::Path;

/// What the next one has in common with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ours {
    pub(super) is_soft: bool,
    pub(super) page: PageKind,
}

/// Whether a resource is such a one: what reads and writes it, and its path operations, are what the templates yield.
pub(super) fn of(site: &Site<'_>, ground: &Ground, sibling: &Sibling<'_>) -> Option<Ours> {
    let table = sibling.table;
    let noun = &sibling.noun;
    let terms = Terms::of(site, ground).ok()?;
    let layers = Layers::new(site, ground, noun, Some(table)).ok()?;
    let references = table.fields.iter().filter(|field| field.is_relationship);
    // What refers to it says how it does.
    let references = references.filter(|field| !core(&site.ctx, field).contains('['));
    let specs: Vec<FieldSpec> = references
        .map(|field| FieldSpec {
            name: field.name.to_string(),
            kind: FieldKind::Reference(core(&site.ctx, field)),
            optional: is_optional(field),
            unique: false,
            default: None,
            limits: None,
        })
        .collect();
    let relations = Relation::all(site, &noun.class, &specs).ok()?;
    let schemas = python::suite(&site.disk.text(&layers.paths["schemas"])?).ok()?;
    let router = site.disk.text(&layers.paths["router"])?;
    let columns: Vec<&str> = table.fields.iter().map(|field| &*field.name).collect();
    let listing = Listing {
        filters: filters(&schemas, &format!("{}Filter", noun.class), &columns),
        sorts: sorts(&schemas, &format!("{}Sort", noun.class)),
        is_cursor: router.contains("CursorPage("),
    };
    let is_soft = columns.contains(&"deleted_at");
    let is_same = |terms: &Terms| {
        let own = layers.values(site, ground, terms, &relations, &listing, is_soft);
        let Ok(own) = own else { return false };
        let values = context! { ..own, ..terms.values() };
        ["repository", "router"].iter().all(|name| {
            let text = template::render(&format!("resource/{name}.py"), values.clone());
            text.is_ok_and(|text| is_written(site, ground, &layers.paths[name], &text))
        })
    };
    // Errors of the project's own may have come after it.
    let is_ours = is_same(&terms) || is_same(&terms.with_plain_errors());
    is_ours.then_some(Ours {
        is_soft,
        page: match listing.is_cursor {
            true => PageKind::Cursor,
            false => PageKind::Offset,
        },
    })
}

/// Whether a module has every statement of what a template yields.
fn is_written(site: &Site<'_>, ground: &Ground, path: &Path, text: &str) -> bool {
    let wanted = ground.written(text).ok().and_then(|text| {
        let text = python::format(&text, &ground.format).ok()?;
        python::take_apart(&text).ok()
    });
    let standing = site.disk.text(path).and_then(|text| python::take_apart(&text).ok());
    let (Some(wanted), Some(standing)) = (wanted, standing) else {
        return false;
    };
    let mut statements = wanted.statements.iter();
    statements.all(|statement| standing.statements.iter().any(|known| known.text == statement.text))
}

/// The fields of the class that a list is narrowed by.
fn filters(schemas: &[Stmt], class: &str, columns: &[&str]) -> Vec<Filter> {
    let class = schemas.iter().find_map(|stmt| {
        let found = stmt.as_class_def_stmt()?;
        (found.name.as_str() == class).then_some(found)
    });
    let fields = class.into_iter().flat_map(|class| &class.body);
    let names = fields.filter_map(|stmt| Some(stmt.as_ann_assign_stmt()?.target.as_name_expr()?.id.to_string()));
    names
        .map(|name| {
            let ends = [("_min", ">="), ("_from", ">="), ("_max", "<="), ("_to", "<=")];
            let ranged = ends.iter().find_map(|(end, operator)| {
                let column = name.strip_suffix(end)?;
                columns.contains(&column).then(|| (column.to_owned(), *operator))
            });
            let (column, operator) = match columns.contains(&name.as_str()) {
                true => (name.clone(), "=="),
                false => ranged.unwrap_or((name.clone(), "==")),
            };
            Filter {
                annotation: String::new(),
                column,
                operator,
                name,
            }
        })
        .collect()
}

/// The columns of the choice of orders.
fn sorts(schemas: &[Stmt], name: &str) -> Vec<String> {
    let value = schemas.iter().find_map(|stmt| {
        let assign = stmt.as_assign_stmt()?;
        let [Expr::Name(target)] = assign.targets.as_slice() else {
            return None;
        };
        (target.id.as_str() == name).then_some(&*assign.value)
    });
    let words = value
        .and_then(Expr::as_subscript_expr)
        .and_then(|choice| choice.slice.as_tuple_expr())
        .map(|choice| choice.elts.as_slice())
        .unwrap_or_default();
    let words = words
        .iter()
        .filter_map(|word| Some(word.as_string_literal_expr()?.value.to_str()));
    words.filter(|word| !word.starts_with('-')).map(str::to_owned).collect()
}
