//! Pieces of bodies that every kind of endpoint shares.

use super::draft::{Draft, Line};
use super::evidence::Evidence;
use super::schemas;
use crate::imports::Need;
use base::FileId;
use facts::{Arg, Expr, ExprId, Stmt, Unit, UnitCell};
use style::{StatusStyle, Style, words};

/// A status code as the project writes it, and the import it takes.
pub(super) fn status(style: &Style, code: u16) -> (String, Option<Need>) {
    match (style.habits.status.value, constant(code)) {
        (StatusStyle::Constant, Some(name)) => (format!("status.{name}"), Some(Need::member("fastapi", "status"))),
        _ => (code.to_string(), None),
    }
}

fn constant(code: u16) -> Option<&'static str> {
    Some(match code {
        201 => "HTTP_201_CREATED",
        204 => "HTTP_204_NO_CONTENT",
        404 => "HTTP_404_NOT_FOUND",
        409 => "HTTP_409_CONFLICT",
        501 => "HTTP_501_NOT_IMPLEMENTED",
        _ => return None,
    })
}

/// A body that answers 501.
pub(super) fn not_implemented(style: &Style, draft: &mut Draft) {
    draft.body = vec![Line::new(
        0,
        raise_http(style, 501, "Not implemented", &mut draft.needs),
    )];
}

/// `raise HTTPException(…)`.
pub(super) fn raise_http(style: &Style, code: u16, detail: &str, needs: &mut Vec<Need>) -> String {
    let (status, need) = status(style, code);
    needs.push(Need::member("fastapi", "HTTPException"));
    needs.extend(need);
    format!(
        "raise HTTPException(status_code={status}, detail={})",
        style.format.string(detail)
    )
}

/// A docstring from a function's name: `read_items` as `Read items.`
pub(super) fn sentence(name: &str) -> String {
    let spoken = words::spoken(name);
    let mut chars = spoken.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// The statement for an item that is not there: the project's own error where it has one, else `HTTPException`.
pub(super) fn raise_not_found(evidence: &Evidence<'_>, needs: &mut Vec<Need>) -> String {
    if let Some((name, need)) = own_error(evidence) {
        needs.extend(need);
        let class = words::camel(&evidence.resource.one);
        return format!("raise {name}({})", evidence.style.format.string(&class));
    }
    let mut one = words::spoken(&evidence.resource.one);
    if let Some(first) = one.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    raise_http(evidence.style, 404, &format!("{one} not found"), needs)
}

/// An error such as `NotFoundError("Author")` that path operations of the project raise with the name of a class.
fn own_error(evidence: &Evidence<'_>) -> Option<(String, Vec<Need>)> {
    let ctx = evidence.ctx;
    let mut files: Vec<FileId> = vec![evidence.file()];
    for operation in &ctx.model.operations {
        if !files.contains(&operation.at.file) {
            files.push(operation.at.file);
        }
    }
    files.iter().find_map(|&file| {
        let facts = ctx.facts(file)?;
        let name = facts.units.iter().map(UnitCell::read).find_map(|unit| {
            unit.stmts.iter().find_map(|stmt| match stmt {
                Stmt::Raise(Some(raised)) => named_error(&unit, *raised),
                _ => None,
            })
        })?;
        let needs = schemas::needs_of(ctx, file, evidence.source, std::slice::from_ref(&name));
        Some((name, needs))
    })
}

fn named_error(unit: &Unit, raised: ExprId) -> Option<String> {
    let Expr::Call { func, args } = &unit[raised] else {
        return None;
    };
    let (Expr::Name(name), [Arg::Positional(what)]) = (&unit[*func], args.as_slice()) else {
        return None;
    };
    let Expr::Str(what) = &unit[*what] else { return None };
    let names_class = what.starts_with(|c: char| c.is_uppercase()) && words::is_identifier(what);
    (name.contains("NotFound") && names_class).then(|| name.to_string())
}
