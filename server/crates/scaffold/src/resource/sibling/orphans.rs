//! Definitions that are left over once what used them is left out.

use super::{
    copy::Copy,
    find::Sibling,
    outcome::{Outcome, binds, is_own},
};
use crate::{Site, ground::is_test};
use ruff_python_ast::Stmt;
use std::collections::HashMap;

/// What nothing uses any more, though something did.
pub(super) struct Orphans {
    /// Classes that are named after the sibling, such as the choices of a field.
    classes: Vec<String>,
    words: Words,
    /// What the sibling's own modules define besides, and the words of the app: what only tests use stays.
    definitions: Vec<String>,
    words_of_app: Words,
}

impl Orphans {
    pub(super) fn of(site: &Site<'_>, copy: &Copy, sibling: &Sibling<'_>) -> Self {
        let texts = || sibling.files.iter();
        let in_app = texts().filter(|file| !is_test(site.root, &file.path));
        Self {
            classes: own_classes(copy, sibling),
            words: Words::of(texts().map(|file| &*file.text)),
            definitions: own_definitions(site, copy, sibling),
            words_of_app: Words::of(in_app.map(|file| &*file.text)),
        }
    }

    /// Has what only that had a use for which was left out go with it.
    pub(super) fn forget(&self, site: &Site<'_>, copy: &mut Copy, outcomes: &[Outcome]) {
        let all = || outcomes.iter().map(|outcome| outcome.module.as_str());
        forget(copy, &self.classes, &self.words, all);
        let in_app = || {
            let of_app = outcomes.iter().filter(|outcome| !is_test(site.root, &outcome.path));
            of_app.map(|outcome| outcome.module.as_str())
        };
        forget(copy, &self.definitions, &self.words_of_app, in_app);
    }
}

fn forget<'t, I: Iterator<Item = &'t str>>(copy: &mut Copy, names: &[String], before: &Words, modules: impl Fn() -> I) {
    let after = Words::of(modules());
    // Where it is defined, and imported for others to import.
    let imports = Words::of(modules().flat_map(|module| {
        module
            .lines()
            .filter(|line| line.starts_with("from ") || line.starts_with("import "))
    }));
    for name in names {
        let new = copy.renaming.identifier(name);
        if before.count(name) > 1 && after.count(&new) <= 1 + imports.count(&new) {
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

/// How often each word stands in some texts.
struct Words(HashMap<String, usize>);

impl Words {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for text in texts {
            for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
                *counts.entry(word).or_default() += 1;
            }
        }
        Self(
            counts
                .into_iter()
                .map(|(word, count)| (word.to_owned(), count))
                .collect(),
        )
    }

    fn count(&self, word: &str) -> usize {
        self.0.get(word).copied().unwrap_or_default()
    }
}
