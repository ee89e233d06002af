//! What a database adds to an app's lifespan: it makes the tables that are missing, and closes the connections.

use super::{handlers, write};
use crate::{
    Refusal,
    app::{AppLine, AppSite},
    draft::{Draft, python, source},
    engine::Engine,
    ground::{Ground, Lifespan},
    imports::Need,
};
use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;
use style::Format;

/// The class whose `metadata` has the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tables {
    pub(crate) module: String,
    pub(crate) class: String,
}

/// Adds it to the lifespan of an app, which is made where there is none.
///
/// # Errors
/// Where the module of the app or of its lifespan does not parse.
pub(crate) fn attach(
    draft: &mut Draft<'_>,
    ground: &Ground,
    app: &AppSite,
    engine: &Engine,
    tables: Option<&Tables>,
) -> Result<(), Refusal> {
    let mut needs = vec![Need::member(&engine.module, &engine.name)];
    needs.extend(tables.map(|tables| Need::member(&tables.module, &tables.class)));
    let making = tables.map(|tables| match engine.is_async {
        true => format!(
            "async with {}.begin() as connection:\n    await connection.run_sync({}.metadata.create_all)\n",
            engine.name, tables.class
        ),
        false => format!("{}.metadata.create_all({})\n", tables.class, engine.name),
    });
    let wait = if engine.is_async { "await " } else { "" };
    let closing = format!("{wait}{}.dispose()", engine.name);
    let by_hand = format!("let the app's lifespan end with `{closing}`");
    match &ground.lifespan {
        _ if app.has_hidden_keywords() => draft.note(by_hand),
        None => {
            let docstring = match tables {
                Some(_) => "Make the tables that are missing, and close all connections at the end.",
                None => "Close all connections at the end.",
            };
            let making = making.map_or_else(String::new, |making| indented(&making, "    "));
            let body = format!("{making}    yield\n    {closing}");
            return write(draft, app, docstring, &body, needs, AppLine::Above);
        }
        Some(Lifespan::Function(symbol)) => {
            let Some(spot) = spot(draft, symbol) else {
                draft.note(by_hand);
                return Ok(());
            };
            let making = making
                .map(|making| indented(&making, &spot.start_indent))
                .unwrap_or_default();
            let (path, format) = (&symbol.path, &spot.format);
            draft.insert(path, format, spot.start, making)?;
            draft.insert(path, format, spot.end, format!("\n{}{closing}", spot.end_indent))?;
            return draft.need(path, format, needs);
        }
        Some(Lifespan::Events(_)) if handlers::of(&draft.site, app).is_ok_and(|found| !found.is_empty()) => {
            draft.note(format!(
                "{by_hand}: `routewright add lifespan` makes one of the handlers"
            ));
        }
        Some(Lifespan::Events(_) | Lifespan::Other) => draft.note(by_hand),
    }
    Ok(())
}

fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}\n")).collect()
}

/// Where statements go in the lifespan that an app has.
struct Spot {
    /// The start of the line above which what is made goes.
    start: u32,
    start_indent: String,
    /// The end of the line behind which what is closed goes.
    end: u32,
    end_indent: String,
    format: Format,
}

/// Around the `yield` of a function that yields once, in its own block or in a `try` that ends with `finally`.
fn spot(draft: &Draft<'_>, symbol: &crate::ground::Symbol) -> Option<Spot> {
    let source = source(&draft.site, &symbol.path)?;
    let suite = python::suite(&source.text).ok()?;
    let function = suite.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.as_str() == symbol.name => Some(function),
        _ => None,
    })?;
    let is_yield = |stmt: &Stmt| matches!(stmt, Stmt::Expr(expr) if expr.value.is_yield_expr());
    let (first, last) = function.body.iter().find_map(|stmt| match stmt {
        stmt if is_yield(stmt) => Some((stmt, function.body.last()?)),
        Stmt::Try(tried) if tried.body.iter().any(is_yield) => Some((stmt, tried.finalbody.last()?)),
        _ => None,
    })?;
    let (start, end) = (first.range().start().to_u32(), last.range().end().to_u32());
    Some(Spot {
        start: source.line_start(start),
        start_indent: source.indent_at(start).to_owned(),
        end: source.line_end(end),
        end_indent: source.indent_at(last.range().start().to_u32()).to_owned(),
        format: draft.site.ctx.format_of(&source),
    })
}
