//! What the code of a file mentions anywhere, bodies of functions included: kept from snapshot to snapshot, since reading
//! through a whole workspace is long and few files change.

use base::FileId;
use dashmap::DashMap;
use facts::{Expr, ExprId, FileFacts, Unit, UnitCell, UnitId};
use model::Place;
use std::sync::{Arc, Weak};

/// What a file mentions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    /// `path_params`, as an attribute or a string.
    pub(crate) path_params: bool,
    /// A function that finds modules while the program runs.
    pub(crate) finds_modules: bool,
    /// Calls of `….include_router` and `….mount`.
    wiring: Vec<(UnitId, ExprId)>,
}

impl Mentions {
    fn of(facts: &FileFacts) -> Self {
        let mut found = Self::default();
        for (number, unit) in facts.units.iter().map(UnitCell::read).enumerate() {
            found.add(UnitId(number as u32), &unit);
        }
        found
    }

    /// Whether what two versions of a file mention differs; only what is not the same code is read.
    pub(crate) fn differ(old: &FileFacts, new: &FileFacts) -> bool {
        if old.units.len() != new.units.len() {
            return Self::of(old) != Self::of(new);
        }
        let mentions = |number: usize, unit: &UnitCell| {
            let mut found = Self::default();
            found.add(UnitId(number as u32), &unit.read());
            found
        };
        let pairs = old.units.iter().zip(&new.units).enumerate();
        pairs
            .filter(|(_, (old, new))| old != new)
            .any(|(number, (old, new))| mentions(number, old) != mentions(number, new))
    }

    fn add(&mut self, id: UnitId, unit: &Unit) {
        for (expr, value) in unit.exprs.iter().enumerate() {
            match value {
                Expr::Name(name) => self.name(name),
                Expr::Attr { name, .. } => {
                    self.name(name);
                    self.path_params |= name == "path_params";
                }
                Expr::Str(text) => self.path_params |= &**text == "path_params",
                Expr::Call { func, .. } if matches!(&unit[*func], Expr::Attr { name, .. } if is_wiring(name)) => {
                    self.wiring.push((id, ExprId(expr as u32)));
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, name: &str) {
        self.finds_modules |= matches!(name, "import_module" | "__import__" | "iter_modules" | "walk_packages");
    }

    /// Calls of `….include_router` and `….mount` in the file, whose mentions these are.
    pub(crate) fn wiring(&self, file: FileId) -> impl Iterator<Item = Place> {
        self.wiring.iter().map(move |(unit, expr)| Place {
            file,
            unit: *unit,
            expr: *expr,
        })
    }
}

fn is_wiring(name: &str) -> bool {
    matches!(name, "include_router" | "mount")
}

/// What was read of files, as long as their facts are the same.
#[derive(Debug, Default)]
pub struct MentionsCache {
    files: DashMap<FileId, (Weak<FileFacts>, Arc<Mentions>)>,
}

impl MentionsCache {
    /// What a file with these facts mentions.
    pub(crate) fn get(&self, file: FileId, facts: &Arc<FileFacts>) -> Arc<Mentions> {
        // While the weak pointer lives, no other facts get its address.
        if let Some(known) = self.files.get(&file)
            && known.0.as_ptr() == Arc::as_ptr(facts)
        {
            return known.1.clone();
        }
        let mentions = Arc::new(Mentions::of(facts));
        self.files.insert(file, (Arc::downgrade(facts), mentions.clone()));
        mentions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Arc<FileFacts> {
        Arc::new(facts::extract(text, &syntax::parse(text)).0)
    }

    #[test]
    fn bodies_are_read_too() {
        let nothing = Mentions::of(&facts("def f(request):\n    return request.url\n"));
        assert_eq!(nothing, Mentions::default());
        let read = |body: &str| Mentions::of(&facts(&format!("def f(x):\n    def g(): {body}\n")));
        assert!(read("x.path_params").path_params);
        assert!(read("x['path_params']").path_params);
        assert!(read("x.import_module('a')").finds_modules);
        assert_eq!(read("x.mount('/', y)").wiring(FileId(3)).count(), 1);
        assert_eq!(read("x.include_router(y)").wiring(FileId(3)).count(), 1);
        assert_eq!(read("mount(y)").wiring(FileId(3)).count(), 0);
    }

    #[test]
    fn facts_that_changed_are_read_again() {
        let cache = MentionsCache::default();
        let (before, after) = (facts("a.path_params\n"), facts("a.path\n"));
        assert!(cache.get(FileId(0), &before).path_params);
        assert!(!cache.get(FileId(0), &after).path_params);
        assert!(cache.get(FileId(0), &before).path_params);
    }
}
