//! Where a path operation belongs: after its siblings, before a route that would shadow it, and before code that already
//! needs it.

use super::host::Host;
use super::siblings::Sibling;
use crate::Context;
use base::Span;
use facts::{Expr, ExprId, Stmt, StmtId, Unit};
use style::{Format, Source, walk};

/// A point between two statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// At the end of a line, behind a statement.
    After(u32),
    /// At the start of a line, before a statement.
    Before(u32),
}

/// The place for an operation with `method` and `path` on the router; `own` are the indices of its resource's siblings.
pub(super) fn spot(
    ctx: &Context<'_>,
    source: &Source,
    host: &Host,
    siblings: &[Sibling],
    own: &[usize],
    method: &str,
    path: &str,
) -> Option<Spot> {
    let competes = |sibling: &Sibling| sibling.methods.iter().any(|m| m == method);
    let shadowing = siblings.iter().position(|s| competes(s) && covers(&s.path, path));
    if let Some(first) = shadowing {
        return Some(before(source, siblings[first].span.start));
    }
    let after_own = own.iter().copied().max().or(siblings.len().checked_sub(1));
    let after_shadowed = siblings.iter().rposition(|s| competes(s) && covers(path, &s.path));
    match after_own.into_iter().chain(after_shadowed).max() {
        Some(last) => Some(after(source, siblings[last].span)),
        None => without_siblings(ctx, source, host),
    }
}

/// Whether every request path that `later` matches is matched by `earlier` too (Starlette `compile_path`).
pub(super) fn covers(earlier: &str, later: &str) -> bool {
    let mut theirs = later.split('/');
    for segment in earlier.split('/') {
        if segment.starts_with('{') && segment.ends_with(":path}") {
            return theirs.next().is_some();
        }
        let Some(other) = theirs.next() else {
            return false;
        };
        if !segment_covers(segment, other) {
            return false;
        }
    }
    theirs.next().is_none()
}

fn segment_covers(segment: &str, other: &str) -> bool {
    if !segment.contains('{') {
        return segment == other;
    }
    if style::parameter(segment).is_none() {
        return segment == other;
    }
    match converter(segment) {
        "str" => !other.is_empty() && !other.ends_with(":path}"),
        own if other.contains('{') => own == converter(other),
        "int" => !other.is_empty() && other.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

fn converter(segment: &str) -> &str {
    segment
        .trim_end_matches('}')
        .split_once(':')
        .map_or("str", |(_, converter)| converter)
}

/// Behind a statement and the indented comments that follow it.
pub(super) fn after(source: &Source, span: Span) -> Spot {
    let own_indent = source.indent_at(span.start).len();
    let mut end = source.line_end(span.end);
    let mut cursor = end;
    while let Some(start) = next_line(source, cursor) {
        let line_end = source.line_end(start);
        let line = Span::new(start, line_end).text(&source.text);
        let body = line.trim_start_matches([' ', '\t']);
        if body.starts_with('#') && line.len() - body.len() > own_indent {
            end = line_end;
        } else if !body.trim().is_empty() {
            break;
        }
        cursor = line_end;
    }
    Spot::After(end)
}

/// Before a statement and the comments right above it.
pub(super) fn before(source: &Source, start: u32) -> Spot {
    let mut at = source.line_start(start);
    while at > 0 {
        let previous = source.line_start(line_break_start(source, at));
        if !Span::new(previous, at).text(&source.text).trim_start().starts_with('#') {
            break;
        }
        at = previous;
    }
    Spot::Before(at)
}

/// Where the line break ends that stands at `offset`; nothing at the end of the text.
pub(super) fn next_line(source: &Source, offset: u32) -> Option<u32> {
    let rest = source.text.get(offset as usize..)?;
    let width = if rest.starts_with("\r\n") {
        2
    } else if rest.starts_with(['\n', '\r']) {
        1
    } else {
        return None;
    };
    Some(offset + width)
}

/// Where the line break starts that ends at `at`.
fn line_break_start(source: &Source, at: u32) -> u32 {
    let before = source.text.get(..at as usize).unwrap_or("");
    before
        .strip_suffix("\r\n")
        .map_or(before.len().saturating_sub(1), str::len) as u32
}

/// In a module in which the router has no operation yet: behind the code that can be needed, before what closes the module.
fn without_siblings(ctx: &Context<'_>, source: &Source, host: &Host) -> Option<Spot> {
    let unit = source.unit(host.unit)?;
    let block = host.block(source)?;
    let made = block
        .iter()
        .position(|&stmt| source.spans.stmt(host.unit, stmt).contains(host.bound))
        .or_else(|| last_import(unit, block))?;
    let last = block
        .iter()
        .enumerate()
        .skip(made + 1)
        .take_while(|&(_, &stmt)| !closes(ctx, unit, stmt, host))
        .last()
        .map_or(made, |(i, _)| i);
    let anchor = block
        .get(..=last)?
        .iter()
        .rev()
        .find(|&&stmt| !source.spans.stmt(host.unit, stmt).is_empty())?;
    Some(after(source, source.spans.stmt(host.unit, *anchor)))
}

fn last_import(unit: &Unit, block: &[StmtId]) -> Option<usize> {
    block
        .iter()
        .rposition(|&stmt| matches!(unit[stmt], Stmt::Import(_) | Stmt::ImportFrom { .. }))
}

/// Whether a statement must stay behind the operation: the main guard, a `return`, and calls that take the router as it is
/// (`include_router(router)`; `mount` on the app itself, which may swallow every path; `uvicorn.run`).
fn closes(_ctx: &Context<'_>, unit: &Unit, stmt: StmtId, host: &Host) -> bool {
    match &unit[stmt] {
        Stmt::If { test, .. } => {
            let mut is_main = false;
            walk::exprs(unit, *test, &mut |e| {
                is_main |= matches!(&unit[e], Expr::Name(name) if name == "__name__");
            });
            is_main
        }
        Stmt::Return(_) => true,
        Stmt::Expr(call) => match &unit[*call] {
            Expr::Call { func, args } => {
                let method = style::last_name(unit, *func);
                let names_router = |e: ExprId| matches!(&unit[e], Expr::Name(name) if *name == host.name);
                let on_router = matches!(&unit[*func], Expr::Attr { value, .. } if names_router(*value));
                let takes_router = args.iter().any(|arg| names_router(walk::value_of(arg)));
                method == "run" || (on_router && matches!(method, "mount" | "frontend")) || takes_router
            }
            _ => false,
        },
        _ => false,
    }
}

/// The code with the blank lines that it needs around it at a spot, and the offset at which it is inserted.
pub(super) fn framed(source: &Source, format: &Format, spot: Spot, indent: &str, code: &str) -> (u32, String) {
    let blank = if indent.is_empty() { format.blank_lines } else { 1 };
    match spot {
        Spot::Before(at) => (at, format!("{code}\n{}", "\n".repeat(blank))),
        Spot::After(at) => {
            let rest = source.text.get(at as usize..).unwrap_or("");
            let mut text = format!("{}{code}", "\n".repeat(blank + 1));
            if rest.trim().is_empty() {
                if rest.is_empty() {
                    text.push('\n');
                }
            } else {
                let following = rest.lines().skip(1).take_while(|line| line.trim().is_empty()).count();
                text.push_str(&"\n".repeat(blank.saturating_sub(following)));
            }
            (at, text)
        }
    }
}

/// The line breaks that code needs before and behind it in the place of a line.
pub(super) fn gaps(source: &Source, format: &Format, line: Span, indent: &str) -> (String, String) {
    let blank = if indent.is_empty() { format.blank_lines } else { 1 };
    let is_blank = |line: &&str| line.trim().is_empty();
    let before = source.text.get(..line.start as usize).unwrap_or("");
    let above = before.lines().rev().take_while(is_blank).count();
    let is_first = before.trim().is_empty();
    let rest = source.text.get(line.end as usize..).unwrap_or("");
    let below = rest.lines().skip(1).take_while(is_blank).count();
    let behind = match rest.trim().is_empty() {
        true => usize::from(rest.is_empty()),
        false => blank.saturating_sub(below),
    };
    let above = if is_first { 0 } else { blank.saturating_sub(above) };
    ("\n".repeat(above), "\n".repeat(behind))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_route_covers_what_it_leaves_nothing_of() {
        assert!(covers("/items/{id}", "/items/me"));
        assert!(covers("/items/{id}", "/items/{other}"));
        assert!(covers("/files/{p:path}", "/files/a/b"));
        assert!(!covers("/items/{id:int}", "/items/me"));
        assert!(!covers("/items/me", "/items/{id}"));
        assert!(!covers("/items/{id}", "/items/{id}/tags"));
        assert!(!covers("/{a:int}", "/{b}"));
    }
}
