//! Modules and names of a project as they will be with a change that is in the making.

use crate::{
    draft::{Draft, python::Module},
    imports::Need,
};
use std::path::{Path, PathBuf};

/// How far imports and base classes are followed.
const MAX_HOPS: usize = 8;

/// A module, by its file and its dotted name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) module: String,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A statement of a module of the project.
    Statement(Place, String),
    /// A member of a library: `sqlalchemy.String`.
    Library(String),
}

impl Place {
    pub(super) fn new(path: &Path, module: &str) -> Self {
        Self {
            path: path.to_path_buf(),
            module: module.to_owned(),
        }
    }

    /// What a name of this module stands for, wherever it is imported from; the name may have dots.
    pub(super) fn meaning(&self, draft: &Draft<'_>, name: &str) -> Option<Meaning> {
        self.meaning_within(draft, name, MAX_HOPS)
    }

    fn meaning_within(&self, draft: &Draft<'_>, name: &str, hops: usize) -> Option<Meaning> {
        let hops = hops.checked_sub(1)?;
        let module = draft.module_at(&self.path)?;
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if rest.is_empty()
            && let Some(text) = statement(&module, first)
        {
            return Some(Meaning::Statement(self.clone(), text));
        }
        let import = module.imports.iter().find(|import| import.need.bound_name() == first)?;
        let (from, member) = match &import.need {
            Need::Module(_) | Need::ModuleAs(..) => {
                // `import app.db` binds `app`; with a name for it, that name.
                let dotted = match &import.need {
                    Need::ModuleAs(module, _) => format!("{module}.{rest}"),
                    _ => name.to_owned(),
                };
                let (from, member) = dotted.rsplit_once('.')?;
                (from.to_owned(), member.to_owned())
            }
            Need::Member(from, member) | Need::Renamed(from, member, _) if rest.is_empty() => {
                (from.clone(), member.clone())
            }
            Need::Member(from, member) | Need::Renamed(from, member, _) => {
                let (inner, last) = rest.rsplit_once('.').map_or(("", rest), |(inner, last)| (inner, last));
                let inner = if inner.is_empty() {
                    String::new()
                } else {
                    format!(".{inner}")
                };
                (
                    format!("{}.{member}{inner}", from.trim_end_matches('.')),
                    last.to_owned(),
                )
            }
        };
        match self.module_named(draft, &from) {
            Some(place) => place.meaning_within(draft, &member, hops),
            None if from.starts_with('.') => None,
            None => Some(Meaning::Library(format!("{from}.{member}"))),
        }
    }

    /// The module of the project that an import of this one leads to.
    pub(super) fn module_named(&self, draft: &Draft<'_>, name: &str) -> Option<Place> {
        let bare = name.trim_start_matches('.');
        let level = name.len() - bare.len();
        let below: PathBuf = bare.split('.').filter(|part| !part.is_empty()).collect();
        let mut folders = self.path.ancestors().skip(1);
        if level > 0 {
            let folder = folders.nth(level - 1)?;
            let is_package = self.path.ends_with("__init__.py");
            let ups = if is_package { level - 1 } else { level };
            let mut parts: Vec<&str> = self.module.split('.').collect();
            parts.truncate(parts.len().checked_sub(ups)?);
            parts.extend(bare.split('.').filter(|part| !part.is_empty()));
            return found(draft, &folder.join(below), &parts.join("."));
        }
        let root = draft.site.root;
        let beside = [root.join("src")];
        folders
            .take_while(|folder| folder.starts_with(root))
            .chain(beside.iter().map(PathBuf::as_path))
            .find_map(|folder| found(draft, &folder.join(&below), bare))
    }
}

fn found(draft: &Draft<'_>, stem: &Path, module: &str) -> Option<Place> {
    let mut name = stem.file_name()?.to_os_string();
    name.push(".py");
    let files = [stem.with_file_name(name), stem.join("__init__.py")];
    let path = files.into_iter().find(|path| draft.module_at(path).is_some())?;
    Some(Place::new(&path, module))
}

fn statement(module: &Module, name: &str) -> Option<String> {
    let binding = module.statements.iter().rev();
    let mut binding = binding.filter(|statement| statement.binds.iter().any(|bound| bound == name));
    binding.next().map(|statement| statement.text.clone())
}
