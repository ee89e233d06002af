//! Modules that would import each other: in a project of a single module, what new modules need lies where they are included.
//! What they need then gets a module of its own, which both import, as teams have it once there is more than one.

mod moved;

use super::{Draft, module::ModuleDraft, python};
use crate::{Refusal, ground::Ground, ground::is_test, imports::Need};
pub(super) use moved::{Home, Moved};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// A module that would import, over others, the one that needs names of it.
struct Knot {
    holder: PathBuf,
    /// All that is needed of it.
    names: BTreeSet<String>,
    /// One of these, and the module that needs it.
    name: String,
    asking: PathBuf,
}

/// The project's modules by the names under which they are imported.
struct Map {
    paths: BTreeMap<String, PathBuf>,
}

impl Draft<'_> {
    /// Takes what is needed out of modules that would import those that need it.
    ///
    /// # Errors
    /// Where what is needed can't go without the app.
    pub(super) fn untangle(&mut self) -> Result<(), Refusal> {
        let is_of_app = |module: &ModuleDraft| !is_test(self.site.root, &module.path);
        let created = self.modules.iter().filter(|module| is_of_app(module));
        if created.count() < 2 {
            return Ok(());
        }
        let ground = self.site.ground();
        let map = self.map(&ground);
        // Each round takes the names of one module out of it, and none comes back.
        while let Some(knot) = self.knot(&ground, &map) {
            self.untie(&ground, &knot)?;
        }
        Ok(())
    }

    fn map(&self, ground: &Ground) -> Map {
        let files = self.site.disk.python_files().into_iter();
        let standing = files
            .filter(|path| path.starts_with(self.site.root))
            .map(|path| path.to_path_buf());
        let planned = self.modules.iter().map(|module| module.path.clone());
        Map {
            paths: standing
                .chain(planned)
                .map(|path| (ground.dotted(&path), path))
                .collect(),
        }
    }

    fn knot(&self, ground: &Ground, map: &Map) -> Option<Knot> {
        let mut knots = self
            .modules
            .iter()
            .filter(|module| !is_test(self.site.root, &module.path));
        let (holder, asking) = knots.find_map(|module| {
            let own = ground.dotted(&module.path);
            let entangled = |holder: &str| *holder != *own && self.reaches(map, holder, &own);
            let is_standing = |holder: &str| {
                let path = map.paths.get(holder);
                path.is_some_and(|path| self.site.disk.text(path).is_some())
            };
            let mut needed = self.needs_of(map, module).into_iter();
            let (holder, _) = needed.find(|(holder, _)| is_standing(holder) && entangled(holder))?;
            Some((holder, module.path.clone()))
        })?;
        // What others need that it would import goes along, so that it is taken apart once.
        let of = |module: &ModuleDraft| -> BTreeSet<String> {
            let needed = self
                .needs_of(map, module)
                .into_iter()
                .filter(|(from, _)| *from == holder);
            needed.map(|(_, name)| name).collect()
        };
        let others = self.modules.iter().filter(|module| {
            let own = ground.dotted(&module.path);
            own != holder && self.reaches(map, &holder, &own)
        });
        let names = others.flat_map(of).collect();
        let own = self.modules.iter().find(|module| module.path == asking).map(of);
        Some(Knot {
            name: own?.first().cloned()?,
            names,
            holder: map.paths.get(&holder)?.clone(),
            asking,
        })
    }

    /// The members that a module comes to need: where they are from, and their names.
    fn needs_of(&self, map: &Map, module: &ModuleDraft) -> Vec<(String, String)> {
        let file = self.site.disk.file(&module.path);
        let needs = module.all_needs().into_iter();
        let members = needs.filter_map(|need| match need.absolute(&self.site.ctx, file) {
            Need::Member(from, name) | Need::Renamed(from, name, _) => Some((from, name)),
            Need::Module(_) | Need::ModuleAs(..) => None,
        });
        let is_module = |from: &str, name: &str| map.paths.contains_key(&format!("{from}.{name}"));
        members.filter(|(from, name)| !is_module(from, name)).collect()
    }

    /// Whether importing one module imports another, by what stands at their top levels.
    fn reaches(&self, map: &Map, from: &str, to: &str) -> bool {
        let mut open = vec![from.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some(path) = map.paths.get(&name).filter(|_| seen.insert(name.clone())) else {
                continue;
            };
            let imported = self.imported_by(path);
            if imported.iter().any(|name| name == to) {
                return true;
            }
            open.extend(imported);
        }
        false
    }

    fn imported_by(&self, path: &std::path::Path) -> Vec<String> {
        let file = self.site.disk.file(path);
        let planned = self.modules.iter().find(|module| module.path == path);
        let mut needs: Vec<Need> = planned.map(ModuleDraft::all_needs).unwrap_or_default();
        let standing = match planned {
            Some(module) => module.standing.imports.clone(),
            None => {
                let text = self.site.disk.text(path).unwrap_or_default();
                python::take_apart(&text).unwrap_or_default().imports
            }
        };
        needs.extend(standing.into_iter().map(|import| import.need));
        let names = needs.into_iter().map(|need| need.absolute(&self.site.ctx, file));
        names
            .flat_map(|need| match need {
                // What is imported may be a module itself.
                Need::Member(from, name) | Need::Renamed(from, name, _) => vec![format!("{from}.{name}"), from],
                Need::Module(module) | Need::ModuleAs(module, _) => vec![module],
            })
            .collect()
    }

    fn untie(&mut self, ground: &Ground, knot: &Knot) -> Result<(), Refusal> {
        let root = self.site.root;
        let shown = |path: &std::path::Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
        let refuse = |name: &str| Refusal::Tangled(name.to_owned(), shown(&knot.holder), shown(&knot.asking));
        let format = ground.format.clone();
        let holder_name = ground.dotted(&knot.holder);
        let holder_file = self.site.disk.file(&knot.holder);
        let ctx = self.site.ctx;
        let module = self.open(&knot.holder, &format)?;
        let standing = &module.standing;
        let moved = Moved::of(standing, &knot.names).ok_or_else(|| {
            let stays = |name: &&String| Moved::of(standing, &BTreeSet::from([(*name).clone()])).is_none();
            let name = knot.names.iter().find(stays).unwrap_or(&knot.name);
            refuse(name)
        })?;
        let homes: BTreeMap<Home, PathBuf> = moved.homes().map(|home| (home, home.path(ground))).collect();
        if homes.values().any(|path| *path == knot.holder) {
            return Err(refuse(&knot.name));
        }
        let imports: Vec<Need> = module.imported().map(|need| need.absolute(&ctx, holder_file)).collect();
        let taken = module.take_out(&moved);
        let mut new_homes: BTreeMap<String, String> = BTreeMap::new();
        for (home, statement) in &taken {
            for bound in &statement.binds {
                new_homes.insert(bound.clone(), ground.dotted(&homes[home]));
            }
        }
        let has_docstring = ground.has_module_docstrings;
        for (home, path) in &homes {
            let own = taken.iter().filter(|(of, _)| of == home);
            let text = python::Module {
                docstring: has_docstring.then(|| home.docstring().to_owned()),
                imports: Vec::new(),
                statements: own.map(|(_, statement)| statement.clone()).collect(),
            };
            let mut brought = imports.clone();
            brought.extend(new_homes.iter().map(|(name, module)| Need::member(module, name)));
            self.packages_above(path, &format)?;
            self.open(path, &format)?.prepend(text, brought)?;
        }
        for (home, path) in &homes {
            let binds = |class: &str| {
                let mut own = taken.iter().filter(|(of, _)| of == home);
                own.any(|(_, statement)| statement.binds.iter().any(|bound| bound == class))
            };
            let lines = self.open(&knot.holder, &format)?.take_fields(&binds);
            self.open(path, &format)?.give_fields(lines);
        }
        let elsewhere = self.imported_elsewhere(&holder_name, &new_homes);
        let holder = self.open(&knot.holder, &format)?;
        holder.import_back(&new_homes, &elsewhere);
        for module in &mut self.modules {
            let file = self.site.disk.file(&module.path);
            module.redirect(&|need: &Need| {
                let absolute = need.clone().absolute(&ctx, file);
                let (Need::Member(_, name) | Need::Renamed(_, name, _)) = &absolute else {
                    return None;
                };
                let home = new_homes.get(name).filter(|_| absolute.module() == holder_name)?;
                Some(absolute.clone().in_module(home))
            });
        }
        Ok(())
    }

    /// Which of a module's names others import that stay as they are.
    fn imported_elsewhere(&self, holder: &str, names: &BTreeMap<String, String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for path in self.site.disk.python_files() {
            let file = self.site.disk.file(&path);
            let text = self.site.disk.text(&path).unwrap_or_default();
            for import in python::take_apart(&text).unwrap_or_default().imports {
                if let Need::Member(from, name) | Need::Renamed(from, name, _) =
                    import.need.absolute(&self.site.ctx, file)
                    && from == holder
                    && names.contains_key(&name)
                {
                    found.insert(name);
                }
            }
        }
        found
    }
}
