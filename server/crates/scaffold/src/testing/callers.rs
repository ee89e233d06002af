//! Which tests ask some path operations: by the requests that they make, themselves or in the helpers and fixtures that they use.

use super::demands::called;
use crate::{Site, draft::python, ground::is_test};
use model::Route;
use ruff_python_ast::{
    self as ast, Expr, Stmt, StmtFunctionDef,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_stmt},
};
use ruff_text_size::Ranged;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// What is not known of a path, while a test runs.
const HOLE: char = '\u{1}';

const METHODS: [(&str, &str); 6] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("websocket_connect", "WEBSOCKET"),
];

/// A test that asks one of the path operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// Where its `def` or its first decorator begins, in bytes.
    pub(super) start: u32,
    /// What it is indented with.
    pub(super) indent: String,
}

/// The tests of one module, and how many others it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) path: PathBuf,
    pub(super) callers: Vec<Caller>,
    /// Whether it has tests that ask none of them.
    pub(super) has_others: bool,
    /// Whether it says already what all its tests are marked with.
    pub(super) is_marked: bool,
    /// Where its first statement begins that is no import, in bytes, and whether that is a definition.
    pub(super) body: (u32, bool),
}

/// A function of the tests.
struct Function {
    path: PathBuf,
    name: String,
    start: u32,
    indent: String,
    /// Names that it uses, its parameters among them.
    names: BTreeSet<String>,
    /// Whether it makes such a request itself.
    asks: bool,
    /// Whether it is someone already, or is about who is not.
    is_settled: bool,
}

impl Function {
    fn is_test(&self) -> bool {
        self.name.starts_with("test")
    }
}

/// The tests that ask one of `affected` and are nobody yet; `signed` are fixtures that are someone, `base` is the path that the
/// client puts before those of its requests, or nothing.
pub(super) fn of(site: &Site<'_>, affected: &[&Route], signed: &BTreeSet<String>, base: &str) -> Vec<Module> {
    let mut files = site.disk.python_files();
    files.retain(|path| path.starts_with(site.root) && is_test(site.root, path));
    files.sort();
    let mut functions = Vec::new();
    let mut modules = Vec::new();
    let mut imports: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for path in files {
        let Some(text) = site.disk.text(&path) else { continue };
        let Ok(suite) = python::suite(&text) else { continue };
        let reader = Reader {
            site,
            affected,
            signed,
            base,
            path: &path,
            text: &text,
        };
        imports.insert(path.to_path_buf(), imported(&suite));
        functions.extend(reader.functions(&suite));
        modules.push(module(&path, &suite));
    }
    spread(&mut functions, &imports);
    for module in &mut modules {
        let own = functions
            .iter()
            .filter(|function| function.path == module.path && function.is_test());
        for function in own {
            match function.asks && !function.is_settled {
                true => module.callers.push(Caller {
                    start: function.start,
                    indent: function.indent.clone(),
                }),
                false => module.has_others = true,
            }
        }
    }
    modules.retain(|module| !module.callers.is_empty());
    modules
}

/// Who uses what asks, asks.
fn spread(functions: &mut [Function], imports: &BTreeMap<PathBuf, BTreeSet<String>>) {
    loop {
        let asking: Vec<(PathBuf, String)> = functions
            .iter()
            .filter(|function| function.asks && !function.is_test())
            .map(|function| (function.path.clone(), function.name.clone()))
            .collect();
        let mut is_changed = false;
        for function in functions.iter_mut().filter(|function| !function.asks) {
            let is_within_reach = |path: &Path, name: &str| {
                let is_fixture = path.ends_with("conftest.py")
                    && path.parent().is_some_and(|folder| function.path.starts_with(folder));
                let is_imported = imports.get(&function.path).is_some_and(|names| names.contains(name));
                path == function.path || is_fixture || is_imported
            };
            let mut used = asking.iter().filter(|(_, name)| function.names.contains(name));
            if used.any(|(path, name)| is_within_reach(path, name)) {
                function.asks = true;
                is_changed = true;
            }
        }
        if !is_changed {
            return;
        }
    }
}

fn imported(suite: &[Stmt]) -> BTreeSet<String> {
    let names = suite.iter().filter_map(|stmt| match stmt {
        Stmt::ImportFrom(import) => Some(&import.names),
        _ => None,
    });
    names
        .flatten()
        .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string())
        .collect()
}

fn module(path: &Path, suite: &[Stmt]) -> Module {
    let is_head = |stmt: &Stmt| match stmt {
        Stmt::Import(_) | Stmt::ImportFrom(_) => true,
        Stmt::Expr(e) => e.value.is_string_literal_expr(),
        _ => false,
    };
    let is_mark = |stmt: &Stmt| match stmt {
        Stmt::Assign(assign) => {
            matches!(assign.targets.as_slice(), [Expr::Name(name)] if name.id == "pytestmark")
        }
        _ => false,
    };
    let first = suite.iter().find(|stmt| !is_head(stmt));
    let is_definition = matches!(first, Some(Stmt::FunctionDef(_) | Stmt::ClassDef(_)));
    Module {
        path: path.to_path_buf(),
        callers: Vec::new(),
        has_others: false,
        is_marked: suite.iter().any(is_mark),
        body: (first.map_or(0, |stmt| stmt.start().to_u32()), is_definition),
    }
}

struct Reader<'a> {
    site: &'a Site<'a>,
    affected: &'a [&'a Route],
    signed: &'a BTreeSet<String>,
    base: &'a str,
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn functions(&self, suite: &[Stmt]) -> Vec<Function> {
        let mut values = BTreeMap::new();
        assign(suite, &mut values);
        let mut found = Vec::new();
        for stmt in suite {
            match stmt {
                Stmt::FunctionDef(function) => found.push(self.function(function, &values)),
                Stmt::ClassDef(class) => {
                    let methods = class.body.iter().filter_map(|stmt| stmt.as_function_def_stmt());
                    found.extend(methods.map(|method| self.function(method, &values)));
                }
                _ => {}
            }
        }
        found
    }

    fn function(&self, function: &StmtFunctionDef, known: &BTreeMap<String, String>) -> Function {
        let mut values = known.clone();
        assign(&function.body, &mut values);
        let mut requests = Requests {
            values: &values,
            found: Vec::new(),
            names: BTreeSet::new(),
        };
        requests.visit_body(&function.body);
        let mut names = requests.names;
        names.extend(
            function
                .parameters
                .iter_non_variadic_params()
                .map(|parameter| parameter.name().to_string()),
        );
        let start = function.start().to_usize();
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let own = &self.text[function.range()];
        let refuses = ["401", "403", "UNAUTHORIZED", "FORBIDDEN"];
        let is_settled = own.contains("headers=")
            || own.contains("dependency_overrides")
            || refuses.iter().any(|status| own.contains(status))
            || names.iter().any(|name| self.signed.contains(name));
        Function {
            path: self.path.to_path_buf(),
            name: function.name.to_string(),
            start: function.start().to_u32(),
            indent: self.text[line..start].to_owned(),
            asks: requests.found.iter().any(|(method, url)| self.is_affected(method, url)),
            names,
            is_settled,
        }
    }

    /// Whether the first route that answers a request is one of those.
    fn is_affected(&self, method: &str, url: &str) -> bool {
        let routes = &self.site.ctx.model.routes;
        let mut answering = routes.iter().filter(|route| {
            let template = route.path.as_known().unwrap_or_default();
            let is_asked = reaches(template, url) || reaches(template, &format!("{}{url}", self.base));
            route.methods.iter().any(|known| **known == *method) && is_asked
        });
        let first = answering.next();
        first.is_some_and(|first| self.affected.iter().any(|route| std::ptr::eq(*route, first)))
    }
}

/// Whether a route's path is one that a test asks for: what is not known at its beginning may be any prefix.
fn reaches(template: &str, url: &str) -> bool {
    let split = |path: &str| -> Vec<String> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        path.trim_matches('/').split('/').map(str::to_owned).collect()
    };
    let (own, asked) = (split(template), split(url));
    let is_open = url.starts_with(HOLE);
    let asked = if is_open { &asked[1..] } else { &asked[..] };
    if own.len() < asked.len() || (!is_open && own.len() != asked.len()) || asked.is_empty() {
        return false;
    }
    let own = &own[own.len() - asked.len()..];
    own.iter().zip(asked).all(|(own, asked)| {
        own.contains('{') || own == asked || (asked.contains(HOLE) && asked.chars().all(|c| c == HOLE))
    })
}

/// The texts that statements give names to.
fn assign(block: &[Stmt], values: &mut BTreeMap<String, String>) {
    for stmt in block {
        let (target, value) = match stmt {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [target] => (target, &*assign.value),
                _ => continue,
            },
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => (&*assign.target, &**value),
                None => continue,
            },
            _ => continue,
        };
        if let (Expr::Name(name), Some(text)) = (target, text_of(value, values)) {
            values.insert(name.id.to_string(), text);
        }
    }
}

/// The text of an expression, with holes where it is not known; nothing where it is no text.
fn text_of(expr: &Expr, values: &BTreeMap<String, String>) -> Option<String> {
    match expr {
        Expr::StringLiteral(string) => Some(string.value.to_str().to_owned()),
        Expr::FString(string) => {
            let mut text = String::new();
            for element in string.value.elements() {
                match element {
                    ast::InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                    ast::InterpolatedStringElement::Interpolation(hole) => {
                        let known = text_of(&hole.expression, values);
                        text.push_str(&known.unwrap_or_else(|| HOLE.to_string()));
                    }
                }
            }
            Some(text)
        }
        Expr::Name(name) => values.get(name.id.as_str()).cloned(),
        Expr::BinOp(sum) if sum.op == ast::Operator::Add => {
            let part = |expr: &Expr| text_of(expr, values).unwrap_or_else(|| HOLE.to_string());
            Some(format!("{}{}", part(&sum.left), part(&sum.right)))
        }
        _ => None,
    }
}

/// The requests of a function, and the names that it uses.
struct Requests<'v> {
    values: &'v BTreeMap<String, String>,
    found: Vec<(&'static str, String)>,
    names: BTreeSet<String>,
}

impl<'a> SourceOrderVisitor<'a> for Requests<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                self.names.insert(name.id.to_string());
            }
            Expr::Call(call) if call.func.is_attribute_expr() => {
                let method = called(call).and_then(|name| METHODS.iter().find(|(known, _)| *known == name));
                let url = call.arguments.find_argument_value("url", 0);
                if let (Some((_, method)), Some(url)) = (method, url.and_then(|url| text_of(url, self.values))) {
                    self.found.push((method, url));
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_part_by_part() {
        assert!(reaches("/api/items/{item_id}", "/api/items/7"));
        assert!(reaches("/api/items/{item_id}", &format!("/api/items/{HOLE}")));
        assert!(reaches("/api/items/", "/api/items?limit=1"));
        assert!(reaches("/api/items/{item_id}", &format!("{HOLE}/items/7")));
        assert!(!reaches("/api/items/{item_id}", "/api/items"));
        assert!(!reaches("/api/items", "/api/users"));
    }

    #[test]
    fn names_stand_for_what_they_were_given() {
        let suite = python::suite("URL = \"/api/items\"\nONE = f\"{URL}/{item.id}\"\nTWO = URL + \"/2\"").unwrap();
        let mut values = BTreeMap::new();
        assign(&suite, &mut values);
        assert_eq!(values["ONE"], format!("/api/items/{HOLE}"));
        assert_eq!(values["TWO"], "/api/items/2");
    }
}
