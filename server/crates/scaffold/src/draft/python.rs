//! Generated Python as text: formatted as ruff's formatter does, and taken apart into imports and statements.

use crate::imports::Need;
use ruff_formatter::{IndentStyle, IndentWidth, LineWidth};
use ruff_python_ast::{
    self as ast, PySourceType, Stmt,
    token::TokenKind,
    visitor::source_order::{SourceOrderVisitor, walk_expr},
};
use ruff_python_formatter::{PyFormatOptions, QuoteStyle, format_module_source};
use ruff_text_size::{Ranged, TextRange};
use std::collections::BTreeSet;
use style::Format;

/// A module that a template yields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Module {
    /// Its docstring, as it is written.
    pub(crate) docstring: Option<String>,
    /// What it imports at its top level, one need for each name.
    pub(crate) imports: Vec<Import>,
    /// Everything else, in order.
    pub(crate) statements: Vec<Statement>,
}

/// An import of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// What is imported.
    pub(crate) need: Need,
    /// Whether it is there for what importing it does, which `# noqa: F401` says.
    pub(crate) is_for_effect: bool,
}

/// A statement of a module's top level, with the comments above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The names that it binds.
    pub(crate) binds: Vec<String>,
    /// The names that stand in it, those in annotations that are strings too.
    pub(crate) uses: BTreeSet<String>,
    /// Its text, without the line break behind it.
    pub(crate) text: String,
    /// Where that stands, in bytes.
    pub(crate) span: (usize, usize),
    /// Whether it is a function or class, which two empty lines set apart.
    pub(crate) is_definition: bool,
}

/// Why a text is not Python: a template of ours, or a file of the user's that can't be edited safely.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct SyntaxProblem {
    /// From 1.
    pub line: usize,
    /// What the parser says.
    pub message: String,
}

/// Where a character stands, if nothing but space and comments is before it.
pub(crate) fn ahead(text: &str, wanted: char) -> Option<usize> {
    let mut chars = text.char_indices();
    let mut is_comment = false;
    chars
        .find_map(|(at, c)| {
            is_comment = (is_comment || c == '#') && c != '\n';
            let is_between = is_comment || c.is_whitespace() || c == '\\';
            (!is_between).then_some((at, c))
        })
        .and_then(|(at, c)| (c == wanted).then_some(at))
}

/// Whether `text` parses; the first problem where it does not.
pub(crate) fn check(text: &str) -> Result<(), SyntaxProblem> {
    ruff_python_parser::parse_module(text)
        .map(|_| ())
        .map_err(|error| problem(text, error.location.start().to_usize(), error.error.to_string()))
}

fn problem(text: &str, offset: usize, message: String) -> SyntaxProblem {
    let before = text.get(..offset).unwrap_or(text);
    SyntaxProblem {
        line: before.matches('\n').count() + 1,
        message,
    }
}

/// Formats a module as the project's formatter would.
pub(crate) fn format(text: &str, format: &Format) -> Result<String, SyntaxProblem> {
    let width = u16::try_from(format.line_length).unwrap_or(u16::MAX);
    let mut options = PyFormatOptions::from_source_type(PySourceType::Python).with_quote_style(match format.quote {
        '\'' => QuoteStyle::Single,
        _ => QuoteStyle::Double,
    });
    if let Ok(width) = LineWidth::try_from(width) {
        options = options.with_line_width(width);
    }
    options = if format.indent.starts_with('\t') {
        options.with_indent_style(IndentStyle::Tab)
    } else if let Ok(width) = IndentWidth::try_from(u8::try_from(format.indent.len()).unwrap_or(4)) {
        options.with_indent_width(width)
    } else {
        options
    };
    let printed = format_module_source(text, options).map_err(|error| {
        let offset = error.range().map_or(0, |range| range.start().to_usize());
        problem(text, offset, error.to_string())
    })?;
    Ok(printed.as_code().to_owned())
}

/// The module without imports of names that nothing in it uses.
pub(crate) fn without_imports(text: &str, names: &BTreeSet<String>, format: &Format) -> String {
    let module = match take_apart(text) {
        Ok(module) if !names.is_empty() => module,
        _ => return text.to_owned(),
    };
    let is_used = |name: &str| module.statements.iter().any(|statement| statement.uses.contains(name));
    let is_idle = |need: &Need| names.contains(need.bound_name()) && !is_used(need.bound_name());
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for stmt in suite(text).unwrap_or_default() {
        let needs = needs_of(&stmt);
        if !needs.iter().any(is_idle) {
            continue;
        }
        let range = stmt.range();
        result.push_str(&text[done..range.start().to_usize()]);
        done = range.end().to_usize();
        let kept: Vec<&Need> = needs.iter().filter(|need| !is_idle(need)).collect();
        match said(&kept) {
            Some(said) => result.push_str(self::format(&said, format).unwrap_or(said).trim_end()),
            None => done = text[done..].find('\n').map_or(text.len(), |at| done + at + 1),
        }
    }
    result.push_str(&text[done..]);
    result
}

/// An import of names of one module, or of modules; nothing where there are none.
fn said(needs: &[&Need]) -> Option<String> {
    let members: Vec<String> = needs
        .iter()
        .map(|need| match need {
            Need::Member(_, name) | Need::Module(name) => name.clone(),
            Need::Renamed(_, name, bound) | Need::ModuleAs(name, bound) => format!("{name} as {bound}"),
        })
        .collect();
    let first = needs.first()?;
    Some(match first {
        Need::Member(module, _) | Need::Renamed(module, ..) => format!("from {module} import {}", members.join(", ")),
        Need::Module(_) | Need::ModuleAs(..) => format!("import {}", members.join(", ")),
    })
}

/// The statements of a module's top level.
pub(crate) fn suite(text: &str) -> Result<Vec<Stmt>, SyntaxProblem> {
    ruff_python_parser::parse_module(text)
        .map(|parsed| parsed.into_suite().into_iter().collect())
        .map_err(|error| problem(text, error.location.start().to_usize(), error.error.to_string()))
}

/// The blocks of statements in a statement.
pub(crate) fn blocks(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::FunctionDef(function) => vec![&function.body],
        Stmt::ClassDef(class) => vec![&class.body],
        Stmt::If(branch) => {
            let clauses = branch.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*branch.body).chain(clauses).collect()
        }
        Stmt::For(each) => vec![&each.body, &each.orelse],
        Stmt::While(each) => vec![&each.body, &each.orelse],
        Stmt::With(with) => vec![&with.body],
        Stmt::Try(tried) => {
            let handlers = tried.handlers.iter().map(|handler| match handler {
                ast::ExceptHandler::ExceptHandler(handler) => &*handler.body,
            });
            let last: [&[Stmt]; 2] = [&tried.orelse, &tried.finalbody];
            std::iter::once(&*tried.body).chain(handlers).chain(last).collect()
        }
        _ => Vec::new(),
    }
}

/// Takes a module apart.
pub(crate) fn take_apart(text: &str) -> Result<Module, SyntaxProblem> {
    let parsed = ruff_python_parser::parse_module(text)
        .map_err(|error| problem(text, error.location.start().to_usize(), error.error.to_string()))?;
    let mut module = Module::default();
    let mut done = 0;
    for (index, stmt) in parsed.suite().iter().enumerate() {
        let end = end_of_line(text, stmt.range());
        let slice = text[done..end].trim_matches('\n');
        let start = end - text[done..end].trim_start().len();
        done = end;
        match stmt {
            Stmt::Expr(e) if index == 0 && e.value.is_string_literal_expr() => {
                module.docstring = Some(text[stmt.range()].to_owned());
            }
            Stmt::Import(_) | Stmt::ImportFrom(_) => {
                let is_for_effect = text[stmt.range().end().to_usize()..end].contains("noqa: F401");
                module
                    .imports
                    .extend(needs_of(stmt).into_iter().map(|need| Import { need, is_for_effect }));
            }
            _ => module.statements.push(Statement {
                binds: bound_names(stmt),
                uses: used_names(parsed.tokens().in_range(stmt.range()), text, stmt),
                text: slice.trim_start().to_owned(),
                span: (start, end),
                is_definition: matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)),
            }),
        }
    }
    Ok(module)
}

/// The end of the line on which a statement ends, so that a comment behind it stays with it.
fn end_of_line(text: &str, range: TextRange) -> usize {
    let end = range.end().to_usize();
    text[end..].find('\n').map_or(text.len(), |at| end + at)
}

fn needs_of(stmt: &Stmt) -> Vec<Need> {
    match stmt {
        Stmt::Import(import) => import
            .names
            .iter()
            .map(|alias| match &alias.asname {
                Some(bound) => Need::ModuleAs(alias.name.to_string(), bound.to_string()),
                None => Need::Module(alias.name.to_string()),
            })
            .collect(),
        Stmt::ImportFrom(import) => {
            let dots = ".".repeat(import.level as usize);
            let module = format!("{dots}{}", import.module.as_ref().map_or("", |module| module.as_str()));
            import
                .names
                .iter()
                .map(|alias| match &alias.asname {
                    Some(bound) => Need::Renamed(module.clone(), alias.name.to_string(), bound.to_string()),
                    None => Need::member(&module, &alias.name),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn bound_names(stmt: &Stmt) -> Vec<String> {
    match stmt {
        Stmt::FunctionDef(function) => vec![function.name.to_string()],
        Stmt::ClassDef(class) => vec![class.name.to_string()],
        Stmt::Assign(assign) => assign.targets.iter().filter_map(name_of).collect(),
        Stmt::AnnAssign(assign) => name_of(&assign.target).into_iter().collect(),
        Stmt::TypeAlias(alias) => name_of(&alias.name).into_iter().collect(),
        Stmt::If(branch) => branch.body.iter().flat_map(inner_names).collect(),
        _ => Vec::new(),
    }
}

fn inner_names(stmt: &Stmt) -> Vec<String> {
    let mut names = bound_names(stmt);
    names.extend(needs_of(stmt).iter().map(|need| need.bound_name().to_owned()));
    names
}

fn name_of(target: &ast::Expr) -> Option<String> {
    target.as_name_expr().map(|name| name.id.to_string())
}

/// Names that stand in a statement: those of its tokens, and those in strings that stand where types do.
fn used_names(tokens: &[ast::token::Token], text: &str, stmt: &Stmt) -> BTreeSet<String> {
    // What stands behind a dot is an attribute, behind `def` or `class` a definition.
    let is_attribute = |at: usize| {
        let before = at.checked_sub(1).map(|at| tokens[at].kind());
        matches!(before, Some(TokenKind::Dot | TokenKind::Def | TokenKind::Class))
    };
    let mut names: BTreeSet<String> = tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| token.kind() == TokenKind::Name && !is_attribute(*at))
        .map(|(_, token)| text[token.range()].to_owned())
        .collect();
    let mut quoted = Quoted::default();
    quoted.visit_stmt(stmt);
    names.extend(quoted.names);
    names
}

/// Collects the identifiers in annotations that are strings.
#[derive(Default)]
struct Quoted {
    in_annotation: bool,
    names: Vec<String>,
}

impl<'a> SourceOrderVisitor<'a> for Quoted {
    fn visit_annotation(&mut self, expr: &'a ast::Expr) {
        let outer = std::mem::replace(&mut self.in_annotation, true);
        self.visit_expr(expr);
        self.in_annotation = outer;
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        if self.in_annotation
            && let ast::Expr::StringLiteral(string) = expr
        {
            let words = string.value.to_str().split(|c: char| !c.is_alphanumeric() && c != '_');
            self.names
                .extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
        }
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "\
\"\"\"Items.\"\"\"

from uuid import UUID

import app.events  # noqa: F401
from app.db import session as db

# What an item costs at least.
LOWEST = 1


class Item:
    owner: \"Owner | None\" = None


def price(item: Item) -> int:
    return db.price(item)
";

    #[test]
    fn a_module_is_taken_apart() {
        let module = take_apart(MODULE).unwrap();
        assert_eq!(module.docstring.as_deref(), Some("\"\"\"Items.\"\"\""));
        let imports: Vec<_> = module
            .imports
            .iter()
            .map(|import| (import.need.bound_name(), import.is_for_effect))
            .collect();
        assert_eq!(imports, [("UUID", false), ("app", true), ("db", false)]);
        let binds: Vec<_> = module.statements.iter().flat_map(|s| &s.binds).collect();
        assert_eq!(binds, ["LOWEST", "Item", "price"]);
        assert!(module.statements[0].text.starts_with("# What an item costs"));
        assert!(module.statements[1].uses.contains("Owner"));
        assert!(module.statements[2].uses.contains("db") && module.statements[2].is_definition);
    }

    #[test]
    fn modules_are_formatted_as_the_project_is() {
        let format_of = |quote, line_length| Format {
            quote,
            indent: "    ".to_owned(),
            eol: "\n",
            line_length,
            blank_lines: 2,
            imports: style::ImportFormat::default(),
        };
        let text = "def f(first: int, second: int) -> str:\n  return \"x\"\n";
        assert_eq!(
            format(text, &format_of('\'', 30)).unwrap(),
            "def f(\n    first: int, second: int\n) -> str:\n    return 'x'\n"
        );
        assert_eq!(format("x = (\n", &format_of('"', 88)).unwrap_err().line, 2);
    }
}
