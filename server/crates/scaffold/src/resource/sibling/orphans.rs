//! Definitions that are left over once what used them is left out.

use super::{
    copy::Copy,
    find::Sibling,
    outcome::{Outcome, binds, is_own},
};
use crate::{Site, draft::python, ground::is_test};
use ruff_python_ast::{
    self as ast, Expr, Stmt,
    visitor::source_order::{SourceOrderVisitor, walk_expr, walk_keyword, walk_parameter, walk_stmt},
};
use ruff_text_size::Ranged;
use std::collections::HashMap;

/// What nothing uses any more, though something did.
pub(super) struct Orphans {
    /// Classes that are named after the sibling, such as the choices of a field.
    classes: Vec<String>,
    words: Words,
    /// What the sibling's own modules define besides, and the words of the app: what only tests use stays.
    definitions: Vec<String>,
    words_of_app: Words,
    /// What others' modules keep that is named after the sibling.
    variables: Vec<String>,
}

impl Orphans {
    pub(super) fn of(site: &Site<'_>, copy: &Copy, sibling: &Sibling<'_>) -> Self {
        let texts = || sibling.files.iter();
        let in_app = texts().filter(|file| !is_test(site.root, &file.path));
        Self {
            classes: own_classes(copy, sibling),
            words: Words::of(texts().map(|file| file.suite.as_slice())),
            definitions: own_definitions(site, copy, sibling),
            variables: variables_of_others(site, copy, sibling),
            words_of_app: Words::of(in_app.map(|file| file.suite.as_slice())),
        }
    }

    /// Has what only that had a use for which was left out go with it.
    pub(super) fn forget(&self, site: &Site<'_>, copy: &mut Copy, outcomes: &[Outcome]) {
        let suites: Vec<(bool, Vec<Stmt>)> = outcomes
            .iter()
            .map(|outcome| {
                let suite = python::suite(&outcome.module).unwrap_or_default();
                (is_test(site.root, &outcome.path), suite)
            })
            .collect();
        let all = Words::of(suites.iter().map(|(_, suite)| suite.as_slice()));
        forget(copy, &self.classes, &self.words, &all);
        let in_app = suites.iter().filter(|(is_test, _)| !is_test);
        let in_app = Words::of(in_app.map(|(_, suite)| suite.as_slice()));
        forget(copy, &self.definitions, &self.words_of_app, &in_app);
        for name in &self.variables {
            if in_app.named(&copy.renaming.identifier(name)) == 1 {
                copy.of_others.insert(name.clone());
            }
        }
    }
}

fn forget(copy: &mut Copy, names: &[String], before: &Words, after: &Words) {
    for name in names {
        let new = copy.renaming.identifier(name);
        // Constants that nothing uses are not worth repeating. Others stand where they are defined, and are imported for others
        // to import.
        let is_constant = !name.starts_with('_') && name.chars().all(|c| !c.is_lowercase());
        // What joins it with another resource is for those who ask for both.
        let is_joint = copy.renaming.is_about_another(name, &copy.others);
        let was_used = before.count(name) > 1 || is_constant || is_joint;
        if was_used && after.count(&new) <= 1 + after.imports(&new) {
            copy.gone.insert(name.clone());
        }
    }
}

/// The classes of the sibling's files that are named after it.
fn own_classes(copy: &Copy, sibling: &Sibling<'_>) -> Vec<String> {
    let statements = sibling.files.iter().flat_map(|file| &file.suite);
    statements
        .filter_map(|stmt| match stmt {
            Stmt::ClassDef(class) if copy.renaming.is_about(&class.name) => Some(class.name.to_string()),
            _ => None,
        })
        .collect()
}

/// What the app's own modules of the sibling define besides what is served: functions, methods, classes, constants.
fn own_definitions(site: &Site<'_>, copy: &Copy, sibling: &Sibling<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let own = sibling
        .files
        .iter()
        .filter(|file| is_own(site, copy, &file.path) && !is_test(site.root, &file.path));
    for stmt in own.flat_map(|file| &file.suite) {
        match stmt {
            Stmt::ClassDef(class) => {
                found.push(class.name.to_string());
                let methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
                let plain = methods.filter(|method| method.decorator_list.is_empty());
                let named = plain.map(|method| method.name.to_string());
                found.extend(named.filter(|name| !name.starts_with("__")));
            }
            Stmt::FunctionDef(function) if function.decorator_list.is_empty() => {
                found.push(function.name.to_string());
            }
            Stmt::Assign(_) | Stmt::AnnAssign(_) => found.extend(binds(stmt)),
            _ => {}
        }
    }
    found
}

/// Variables of the app's other modules that are named after the sibling and say nothing of it: `email_templates =
/// Jinja2Templates(…)`.
fn variables_of_others(site: &Site<'_>, copy: &Copy, sibling: &Sibling<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let files = sibling.files.iter().filter(|file| !is_test(site.root, &file.path));
    for file in files.filter(|file| !is_own(site, copy, &file.path)) {
        for stmt in file.suite.iter().filter_map(Stmt::as_assign_stmt) {
            let value = &file.text[stmt.value.range()];
            let names = binds(&Stmt::Assign(stmt.clone()));
            if copy.renaming.module(value) == value {
                found.extend(names.into_iter().filter(|name| copy.renaming.is_about(name)));
            }
        }
    }
    found
}

/// How often each name stands in code: prose is no use of anything.
#[derive(Default)]
struct Words {
    counts: HashMap<String, usize>,
    /// Those of them that imports name.
    imported: HashMap<String, usize>,
    /// Those that stand in strings.
    quoted: HashMap<String, usize>,
    /// The class that is being read: what names itself is not used by that.
    inside: String,
}

impl Words {
    fn of<'s>(suites: impl Iterator<Item = &'s [Stmt]>) -> Self {
        let mut words = Self::default();
        for suite in suites {
            words.visit_body(suite);
        }
        words
    }

    fn add(&mut self, word: &str) {
        if word == self.inside {
            return;
        }
        *self.counts.entry(word.to_owned()).or_default() += 1;
    }

    fn count(&self, word: &str) -> usize {
        self.counts.get(word).copied().unwrap_or_default()
    }

    /// How often a name stands in code outside of strings.
    fn named(&self, word: &str) -> usize {
        self.count(word) - self.quoted.get(word).copied().unwrap_or_default()
    }

    fn imports(&self, word: &str) -> usize {
        self.imported.get(word).copied().unwrap_or_default()
    }
}

impl<'a> SourceOrderVisitor<'a> for Words {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => self.add(&function.name),
            Stmt::ClassDef(class) => {
                self.add(&class.name);
                let outer = std::mem::replace(&mut self.inside, class.name.to_string());
                walk_stmt(self, stmt);
                self.inside = outer;
                return;
            }
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_alias(&mut self, alias: &'a ast::Alias) {
        for word in alias.name.split('.').chain(alias.asname.as_deref()) {
            self.add(word);
            *self.imported.entry(word.to_owned()).or_default() += 1;
        }
    }

    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.add(&parameter.name);
        walk_parameter(self, parameter);
    }

    fn visit_keyword(&mut self, keyword: &'a ast::Keyword) {
        if let Some(name) = &keyword.arg {
            self.add(name);
        }
        walk_keyword(self, keyword);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.add(&name.id),
            Expr::Attribute(attribute) => self.add(&attribute.attr),
            // `list["Item"]`, `patch("app.items.find")`.
            Expr::StringLiteral(string) if !string.value.to_str().contains(char::is_whitespace) => {
                let parts = string.value.to_str().split(|c: char| !c.is_alphanumeric() && c != '_');
                for word in parts.filter(|word| *word != self.inside).collect::<Vec<_>>() {
                    self.add(word);
                    *self.quoted.entry(word.to_owned()).or_default() += 1;
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}
