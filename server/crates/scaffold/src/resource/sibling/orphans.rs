//! Classes that are left over once what used them is left out.

use super::{copy::Copy, find::Sibling, outcome::Outcome};
use ruff_python_ast::Stmt;
use std::collections::HashMap;

/// Classes that only what was left out had a use for, such as the choices of a field.
pub(super) fn forget_orphans(copy: &mut Copy, classes: &[String], before: &Words, outcomes: &[Outcome]) {
    let modules = || outcomes.iter().map(|outcome| outcome.module.as_str());
    let after = Words::of(modules());
    // Where it is defined, and imported for others to import.
    let imports = Words::of(modules().flat_map(|module| {
        module
            .lines()
            .filter(|line| line.starts_with("from ") || line.starts_with("import "))
    }));
    for name in classes {
        let new = copy.renaming.identifier(name);
        if before.count(name) > 1 && after.count(&new) <= 1 + imports.count(&new) {
            copy.gone.insert(name.clone());
        }
    }
}

/// The classes of the sibling's files that are named after it.
pub(super) fn own_classes(copy: &Copy, sibling: &Sibling<'_>) -> Vec<String> {
    let statements = sibling.files.iter().flat_map(|file| &file.suite);
    statements
        .filter_map(|stmt| match stmt {
            Stmt::ClassDef(class) if copy.renaming.is_about(&class.name) => Some(class.name.to_string()),
            _ => None,
        })
        .collect()
}

/// How often each word stands in some texts.
pub(super) struct Words(HashMap<String, usize>);

impl Words {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
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
