//! Startup and shutdown handlers: where they are registered, and how a lifespan calls them.

use crate::{
    Refusal, Site,
    app::{AppSite, reformatted},
    draft::python,
    engine::is_of_app,
    resolve::{self, Binding, Resolved},
};
use base::{FileId, Span};
use ruff_python_ast::{
    Expr, ExprCall, Stmt, StmtFunctionDef,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};
use ruff_text_size::{Ranged, TextRange};
use std::path::Path;

/// When a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Startup,
    Shutdown,
}

impl Event {
    fn read(name: &str) -> Option<Self> {
        match name {
            "startup" => Some(Event::Startup),
            "shutdown" => Some(Event::Shutdown),
            _ => None,
        }
    }
}

/// One handler of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Handler {
    event: Event,
    /// As it is written where it is registered.
    name: String,
    /// How a lifespan calls it.
    call: String,
}

/// The handlers of an app, in the order in which they run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Handlers {
    list: Vec<Handler>,
    /// What registers them, and what stands there without.
    removals: Vec<(Span, String)>,
    /// Whether routers have handlers of their own.
    has_routers: bool,
}

impl Handlers {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All names, for people.
    pub(super) fn names(&self) -> String {
        let names: Vec<String> = self.list.iter().map(|handler| format!("`{}`", handler.name)).collect();
        names.join(", ")
    }

    pub(super) fn calls(&self, event: Event) -> impl Iterator<Item = &str> {
        let of_event = self.list.iter().filter(move |handler| handler.event == event);
        of_event.map(|handler| handler.call.as_str())
    }

    pub(super) fn removals(&self) -> Vec<(Span, String)> {
        self.removals.clone()
    }

    pub(super) fn notes(&self) -> Option<String> {
        let is_told = self.has_routers && !self.is_empty();
        is_told.then(|| "handlers of routers stay where they are: FastAPI runs them within the lifespan".to_owned())
    }
}

/// The handlers of a project's app.
///
/// # Errors
/// Where one is registered in a way that can't be followed.
pub(super) fn of(site: &Site<'_>, app: &AppSite) -> Result<Handlers, Refusal> {
    let text = &*app.source.text;
    let shown = shown(site, &app.path);
    let suite = python::suite(text).map_err(|problem| Refusal::Broken(shown.clone(), problem))?;
    let mut reader = Reader {
        site,
        app,
        suite: &suite,
        found: Handlers::default(),
        followed: Vec::new(),
    };
    let block = scope_of(&suite, &app.anchor.scopes);
    for stmt in block {
        reader.read(stmt, block)?;
    }
    let (mut found, followed) = (reader.found, reader.followed);
    found.has_routers = check_others(text, &suite, &followed, &shown)?;
    found.has_routers |= check_elsewhere(site, app)?;
    Ok(found)
}

fn shown(site: &Site<'_>, path: &Path) -> String {
    path.strip_prefix(site.root).unwrap_or(path).display().to_string()
}

/// The statements of the innermost of some nested functions and classes.
fn scope_of<'s>(suite: &'s [Stmt], scopes: &[String]) -> &'s [Stmt] {
    let Some((first, rest)) = scopes.split_first() else {
        return suite;
    };
    let inner = suite.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.as_str() == first => Some(&*function.body),
        Stmt::ClassDef(class) if class.name.as_str() == first => Some(&*class.body),
        _ => None,
    });
    inner.map_or(&[], |inner| scope_of(inner, rest))
}

struct Reader<'a> {
    site: &'a Site<'a>,
    app: &'a AppSite,
    suite: &'a [Stmt],
    found: Handlers,
    /// The calls that register what was found.
    followed: Vec<TextRange>,
}

impl Reader<'_> {
    fn read(&mut self, stmt: &Stmt, block: &[Stmt]) -> Result<(), Refusal> {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.read_decorators(function);
                Ok(())
            }
            Stmt::Expr(expr) => match self.registration(&expr.value, "add_event_handler") {
                Some((event, call)) => {
                    let handler = call.arguments.find_argument_value("func", 1);
                    let handler = handler.ok_or_else(|| self.refusal(call.range()))?;
                    self.push(event, handler, block)?;
                    self.followed.push(call.range());
                    self.remove_lines(stmt.range());
                    Ok(())
                }
                None => Ok(()),
            },
            Stmt::Assign(assign) => self.read_call(&assign.value, stmt.range(), block),
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => self.read_call(value, stmt.range(), block),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn text(&self) -> &str {
        &self.app.source.text
    }

    /// `app.METHOD("startup", …)`, on the app itself or on its router.
    fn registration<'e>(&self, expr: &'e Expr, method: &str) -> Option<(Event, &'e ExprCall)> {
        let Expr::Call(call) = expr else { return None };
        let Expr::Attribute(attribute) = &*call.func else {
            return None;
        };
        let name = &self.app.anchor.name;
        let owner = &self.text()[attribute.value.range()];
        let is_of_app = owner == name || owner == format!("{name}.router");
        let event = call.arguments.find_argument_value("event_type", 0)?;
        let event = Event::read(event.as_string_literal_expr()?.value.to_str())?;
        (is_of_app && attribute.attr.as_str() == method).then_some((event, call))
    }

    fn read_decorators(&mut self, function: &StmtFunctionDef) {
        for decorator in &function.decorator_list {
            let Some((event, call)) = self.registration(&decorator.expression, "on_event") else {
                continue;
            };
            let name = function.name.to_string();
            let wait = if function.is_async { "await " } else { "" };
            let call_of = format!("{wait}{name}()");
            self.followed.push(call.range());
            self.found.list.push(Handler {
                event,
                name,
                call: call_of,
            });
            self.remove_lines(decorator.range());
        }
    }

    /// `FastAPI(on_startup=[…])`.
    fn read_call(&mut self, value: &Expr, stmt: TextRange, block: &[Stmt]) -> Result<(), Refusal> {
        let Expr::Call(call) = value else { return Ok(()) };
        let mut kept: Vec<TextRange> = call.arguments.args.iter().map(Ranged::range).collect();
        let mut gone = false;
        for keyword in &call.arguments.keywords {
            let event = match keyword.arg.as_ref().map(|name| name.as_str()) {
                Some("on_startup") => Event::Startup,
                Some("on_shutdown") => Event::Shutdown,
                _ => {
                    kept.push(keyword.range());
                    continue;
                }
            };
            let handlers: &[Expr] = match &keyword.value {
                Expr::List(list) => &list.elts,
                Expr::Tuple(tuple) => &tuple.elts,
                other => return Err(self.refusal(other.range())),
            };
            for handler in handlers {
                self.push(event, handler, block)?;
            }
            gone = true;
        }
        if gone {
            self.keep_arguments(call, stmt, &kept);
        }
        Ok(())
    }

    /// Leaves some arguments of a call, each as it is written.
    fn keep_arguments(&mut self, call: &ExprCall, stmt: TextRange, kept: &[TextRange]) {
        let text = self.text();
        let rest: Vec<&str> = kept.iter().map(|range| &text[*range]).collect();
        let arguments = call.arguments.range();
        let (start, end) = (stmt.start().to_usize(), stmt.end().to_usize());
        let head = &text[start..arguments.start().to_usize()];
        let tail = &text[arguments.end().to_usize()..end];
        let new = format!("{head}({}){tail}", rest.join(", "));
        let new = reformatted(text, stmt, &new, &self.app.format);
        self.found.removals.push((Span::new(start as u32, end as u32), new));
    }

    fn push(&mut self, event: Event, handler: &Expr, block: &[Stmt]) -> Result<(), Refusal> {
        let is_async = self
            .is_async(handler, block)
            .ok_or_else(|| self.refusal(handler.range()))?;
        let name = self.text()[handler.range()].to_owned();
        let wait = if is_async { "await " } else { "" };
        let call = match handler {
            Expr::Lambda(lambda) => self.text()[lambda.body.range()].to_owned(),
            _ => format!("{wait}{name}()"),
        };
        self.found.list.push(Handler { event, name, call });
        Ok(())
    }

    /// Whether a handler has to be waited for; nothing where that can't be told.
    fn is_async(&self, handler: &Expr, block: &[Stmt]) -> Option<bool> {
        match handler {
            Expr::Name(name) => {
                let nearby = [block, self.suite]
                    .into_iter()
                    .find_map(|block| function_in(block, &name.id));
                let nearby = nearby.map(|function| function.is_async);
                nearby.or_else(|| self.defined(&name.id).map(|(function, _)| function.is_async))
            }
            Expr::Attribute(attribute) => {
                let Expr::Name(module) = &*attribute.value else {
                    return None;
                };
                let ctx = &self.site.ctx;
                let Resolved::Module(file) = resolve::resolve(ctx, self.app.source.file, &module.id)? else {
                    return None;
                };
                Some(definition(self.site, file, &attribute.attr)?.is_async)
            }
            Expr::Lambda(_) => Some(false),
            // What a function makes: `create_start_handler(app)`.
            Expr::Call(call) => {
                let name = &call.func.as_name_expr()?.id;
                let local = function_in(self.suite, name).cloned();
                let function = local.or_else(|| self.defined(name).map(|(function, _)| function))?;
                returned(&function).map(|inner| inner.is_async)
            }
            _ => None,
        }
    }

    fn defined(&self, name: &str) -> Option<(StmtFunctionDef, FileId)> {
        let Resolved::Item(file, Binding::Def(stmt)) = resolve::resolve(&self.site.ctx, self.app.source.file, name)?
        else {
            return None;
        };
        let facts = self.site.ctx.facts(file)?;
        let unit = facts.units.first()?;
        let facts::Stmt::Function(function) = unit.stmts.get(stmt.0 as usize)? else {
            return None;
        };
        let facts::Expr::Name(own) = &unit[function.name] else {
            return None;
        };
        Some((definition(self.site, file, own)?, file))
    }

    /// Takes away whole lines.
    fn remove_lines(&mut self, range: TextRange) {
        let (start, end) = crate::app::whole_lines(self.text(), range);
        self.found
            .removals
            .push((Span::new(start as u32, end as u32), String::new()));
    }

    fn refusal(&self, range: TextRange) -> Refusal {
        let place = place(&shown(self.site, &self.app.path), self.text(), range);
        Refusal::Handler(place, self.text()[range].to_owned())
    }
}

fn place(shown: &str, text: &str, range: TextRange) -> String {
    let line = text[..range.start().to_usize()].matches('\n').count() + 1;
    format!("{shown}:{line}")
}

fn function_in<'s>(block: &'s [Stmt], name: &str) -> Option<&'s StmtFunctionDef> {
    block.iter().rev().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.as_str() == name => Some(function),
        _ => None,
    })
}

fn definition(site: &Site<'_>, file: FileId, name: &str) -> Option<StmtFunctionDef> {
    let text = site.disk.text(&site.ctx.files.path(file))?;
    let suite = python::suite(&text).ok()?;
    function_in(&suite, name).cloned()
}

/// The function inside another one that it returns.
fn returned(function: &StmtFunctionDef) -> Option<&StmtFunctionDef> {
    let last = function.body.last()?.as_return_stmt()?;
    function_in(&function.body, &last.value.as_ref()?.as_name_expr()?.id)
}

/// Whether routers of a module have handlers; those of an app have to be known.
fn check_others(text: &str, suite: &[Stmt], followed: &[TextRange], shown: &str) -> Result<bool, Refusal> {
    let mut calls = Registrations::default();
    for stmt in suite {
        calls.visit_stmt(stmt);
    }
    let routers = router_names(suite);
    let mut has_routers = false;
    for (range, owner) in calls.found {
        if followed.contains(&range) {
            continue;
        }
        let owner = owner.map_or("", |owner| &text[owner]);
        if !routers.contains(&owner) {
            return Err(Refusal::Handler(place(shown, text, range), text[range].to_owned()));
        }
        has_routers = true;
    }
    Ok(has_routers)
}

/// The same for the other modules of the project.
fn check_elsewhere(site: &Site<'_>, app: &AppSite) -> Result<bool, Refusal> {
    let mut has_routers = false;
    for path in site.disk.python_files() {
        let is_other = path.starts_with(site.root) && *path != *app.path;
        if !is_other || !is_of_app(path.strip_prefix(site.root).unwrap_or(&path)) {
            continue;
        }
        let text = site.disk.text(&path).unwrap_or_default();
        if !text.contains("on_event(") && !text.contains("add_event_handler(") {
            continue;
        }
        let shown = shown(site, &path);
        let suite = python::suite(&text).map_err(|problem| Refusal::Broken(shown.clone(), problem))?;
        has_routers |= check_others(&text, &suite, &[], &shown)?;
    }
    Ok(has_routers)
}

/// Names that hold routers.
fn router_names(suite: &[Stmt]) -> Vec<&str> {
    let is_router = |value: &Expr| {
        let Expr::Call(call) = value else { return false };
        match &*call.func {
            Expr::Name(name) => name.id.ends_with("Router"),
            Expr::Attribute(attribute) => attribute.attr.ends_with("Router"),
            _ => false,
        }
    };
    let names = suite.iter().filter_map(|stmt| match stmt {
        Stmt::Assign(assign) if is_router(&assign.value) => assign.targets.first()?.as_name_expr(),
        Stmt::AnnAssign(assign) if assign.value.as_ref().is_some_and(|value| is_router(value)) => {
            assign.target.as_name_expr()
        }
        _ => None,
    });
    names.map(|name| name.id.as_str()).collect()
}

/// Calls that register handlers, and on what.
#[derive(Default)]
struct Registrations {
    found: Vec<(TextRange, Option<TextRange>)>,
}

impl<'a> SourceOrderVisitor<'a> for Registrations {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr
            && let Expr::Attribute(attribute) = &*call.func
            && ["on_event", "add_event_handler"].contains(&attribute.attr.as_str())
        {
            self.found.push((call.range(), Some(attribute.value.range())));
        }
        walk_expr(self, expr);
    }
}
