//! Pieces of bodies that every kind of endpoint shares.

use super::draft::{Draft, Line};
use super::evidence::Evidence;
use crate::imports::Need;
use crate::{Context, resolve};
use base::FileId;
use facts::{Arg, Expr, ExprId, FileFacts, Stmt, StmtId, Unit, UnitId};
use model::StmtPlace;
use style::{Habit, NotFound, StatusStyle, Style, Votes, walk, words};

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
        202 => "HTTP_202_ACCEPTED",
        204 => "HTTP_204_NO_CONTENT",
        404 => "HTTP_404_NOT_FOUND",
        409 => "HTTP_409_CONFLICT",
        415 => "HTTP_415_UNSUPPORTED_MEDIA_TYPE",
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
    if let NotFound::Own(module, name) = not_found(evidence.ctx, Some(evidence.file())).value {
        if !resolve::binds(evidence.ctx, evidence.file(), &name) {
            needs.push(Need::Member(module, name.clone()));
        }
        let class = words::camel(&evidence.resource.one);
        return format!("raise {name}({})", evidence.style.format.string(&class));
    }
    let mut one = words::spoken(&evidence.resource.one);
    if let Some(first) = one.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    raise_http(evidence.style, 404, &format!("{one} not found"), needs)
}

/// What is raised where something is not there: as it is set, else an error such as `NotFoundError("Author")` that the
/// modules with path operations raise with the name of a class, that of `near` before others, else `HTTPException`.
pub(crate) fn not_found(ctx: &Context<'_>, near: Option<FileId>) -> Habit<NotFound> {
    let mut files: Vec<FileId> = near.into_iter().collect();
    for operation in &ctx.model.operations {
        let file = operation.at.file;
        if !files.contains(&file) && ctx.is_own(file) {
            files.push(file);
        }
    }
    let mut own = Votes::default();
    let mut first_own = None;
    let mut http = Votes::default();
    for &file in &files {
        let Some(facts) = ctx.facts(file) else { continue };
        for (place, raised) in &*ctx.memo.missing.get(file, &facts, || raises(file, &facts).into()) {
            let is_near = near == Some(file);
            let place = *place;
            match raised {
                Raised::Own(name) => {
                    let error = own_error(ctx, file, &facts, name.clone());
                    first_own.get_or_insert_with(|| error.clone());
                    own.cast(is_near, error, place);
                }
                Raised::Http => http.cast(is_near, NotFound::HttpException, place),
            }
        }
    }
    let habit = match first_own {
        Some(first) => own.habit(first),
        None => http.habit(NotFound::HttpException),
    };
    habit.or_set(ctx.preferences.not_found.clone())
}

/// What a statement raises where something is not there.
#[derive(Clone, Debug)]
pub(crate) enum Raised {
    /// An error of that name, given the name of a class.
    Own(String),
    /// `HTTPException` with 404.
    Http,
}

fn raises(file: FileId, facts: &FileFacts) -> Vec<(StmtPlace, Raised)> {
    let mut found = Vec::new();
    for (index, cell) in facts.units.iter().enumerate() {
        let unit = cell.read();
        for (at, stmt) in unit.stmts.iter().enumerate() {
            if let Stmt::Raise(Some(raised)) = stmt
                && let Some(raised) = raised_error(&unit, *raised)
            {
                let place = StmtPlace {
                    file,
                    unit: UnitId(index as u32),
                    stmt: StmtId(at as u32),
                };
                found.push((place, raised));
            }
        }
    }
    found
}

fn raised_error(unit: &Unit, raised: ExprId) -> Option<Raised> {
    let Expr::Call { func, args } = &unit[raised] else {
        return None;
    };
    let Expr::Name(name) = &unit[*func] else { return None };
    if name == "HTTPException" {
        let code = args.iter().map(walk::value_of).next()?;
        let is_404 = match &unit[code] {
            Expr::Int(code) => code.to_string() == "404",
            Expr::Attr { name, .. } => name == "HTTP_404_NOT_FOUND",
            _ => false,
        };
        return is_404.then_some(Raised::Http);
    }
    let [Arg::Positional(what)] = args.as_slice() else {
        return None;
    };
    let Expr::Str(what) = &unit[*what] else { return None };
    let names_class = what.starts_with(|c: char| c.is_uppercase()) && words::is_identifier(what);
    (name.contains("NotFound") && names_class).then(|| Raised::Own(name.to_string()))
}

/// The error of a name in a module, where it comes from.
fn own_error(ctx: &Context<'_>, file: FileId, facts: &FileFacts, name: String) -> NotFound {
    match resolve::binding(ctx, file, facts, &name) {
        Some(resolve::Binding::Member(module, _)) => NotFound::Own(module, name),
        _ => NotFound::Own(ctx.modules.module_name(file).to_string(), name),
    }
}
