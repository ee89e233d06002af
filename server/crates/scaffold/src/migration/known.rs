//! What Alembic's environment imports: a table whose model is not imported there is one that Alembic takes for removed.

use super::{TableModel, place::Place, revisions::Revisions};
use crate::{
    Refusal,
    draft::{Draft, python},
    imports::Need,
};
use base::Span;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use style::Format;

/// What a script says that imports all modules that it finds.
const WALKS: [&str; 3] = ["walk_packages", "iter_modules", "rglob"];

/// Has new modules of models imported where those that are there are imported for Alembic.
///
/// # Errors
/// Where the module that imports them does not parse.
pub(crate) fn make_known(draft: &mut Draft<'_>, models: &[TableModel<'_>], format: &Format) -> Result<(), Refusal> {
    let Some(revisions) = Revisions::of(&draft.site) else {
        return Ok(());
    };
    let environment = revisions.environment();
    let is_new = |model: &&TableModel<'_>| draft.site.disk.text(model.path).is_none();
    let modules: BTreeSet<&str> = models.iter().filter(is_new).map(|model| model.module).collect();
    for module in modules {
        let classes: Vec<&str> = models
            .iter()
            .filter(|model| model.module == module)
            .map(|model| model.class)
            .collect();
        match Importer::of(draft, &environment) {
            Some(importer) => importer.import(draft, module, &classes, format)?,
            None if walks(draft, &environment) => {}
            None => draft.note(format!(
                "let {} import `{module}`, so that Alembic knows its tables",
                shown(draft, &environment)
            )),
        }
    }
    Ok(())
}

fn walks(draft: &Draft<'_>, environment: &Path) -> bool {
    let text = draft.site.disk.text(environment).unwrap_or_default();
    WALKS.iter().any(|walk| text.contains(walk))
}

fn shown(draft: &Draft<'_>, path: &Path) -> String {
    path.strip_prefix(draft.site.root).unwrap_or(path).display().to_string()
}

/// A module that the environment runs, or itself, and how it imports the models that are there.
struct Importer {
    path: PathBuf,
    text: String,
    imports: Vec<ModelImport>,
}

/// An import of a module of models.
struct ModelImport {
    range: TextRange,
    kind: Kind,
}

enum Kind {
    /// `from app.models.user import User`, from a module of this many dots.
    Classes { dots: u32, renames: bool },
    /// `from app.models import user`
    Module,
    /// `import app.models.user`
    Whole,
    /// `from app.models.user import *`
    Star { dots: u32 },
}

impl Importer {
    /// The first of those modules that imports models.
    fn of(draft: &Draft<'_>, environment: &Path) -> Option<Self> {
        let own = Place::new(environment, "env");
        let module = draft.module_at(environment)?;
        let named = module.imports.iter().flat_map(|import| match &import.need {
            Need::Module(module) | Need::ModuleAs(module, _) => vec![module.clone()],
            Need::Member(from, name) | Need::Renamed(from, name, _) => vec![format!("{from}.{name}"), from.clone()],
        });
        let named: Vec<String> = named.collect();
        // Importing a module runs the packages around it first.
        let around = named
            .iter()
            .flat_map(|name| name.match_indices('.').map(|(dot, _)| &name[..dot]));
        let names = named.iter().map(String::as_str).chain(around.rev());
        let mut places: Vec<Place> = names.filter_map(|name| own.module_named(draft, name)).collect();
        places.push(own);
        let tables = table_files(draft);
        places
            .iter()
            .filter(|place| !tables.contains(&place.path))
            .find_map(|place| Self::at(draft, place, &tables))
    }

    fn at(draft: &Draft<'_>, place: &Place, tables: &BTreeSet<PathBuf>) -> Option<Self> {
        let text = draft.site.disk.text(&place.path)?.to_string();
        let is_models = |name: &str| {
            let found = place.module_named(draft, name);
            found.is_some_and(|found| tables.contains(&found.path))
        };
        let suite = python::suite(&text).ok()?;
        let imports: Vec<ModelImport> = suite
            .iter()
            .filter_map(|stmt| {
                Some(ModelImport {
                    range: stmt.range(),
                    kind: kind_of(stmt, &is_models)?,
                })
            })
            .collect();
        (!imports.is_empty()).then(|| Self {
            path: place.path.clone(),
            text,
            imports,
        })
    }

    fn import(&self, draft: &mut Draft<'_>, module: &str, classes: &[&str], format: &Format) -> Result<(), Refusal> {
        let Some(last) = self.imports.last() else {
            return Ok(());
        };
        let (package, name) = module.rsplit_once('.').unwrap_or(("", module));
        let mark = self.mark(last);
        let names = |renames: bool| {
            let written = classes.iter().map(|class| match renames {
                true => format!("{class} as {class}"),
                false => (*class).to_owned(),
            });
            written.collect::<Vec<_>>().join(", ")
        };
        let from = |dots: u32| match dots {
            0 => module.to_owned(),
            _ => format!(".{name}"),
        };
        match last.kind {
            Kind::Classes {
                dots: 0,
                renames: false,
            } if mark.is_empty() => {
                let needs = classes.iter().map(|class| Need::member(module, class)).collect();
                draft.need(&self.path, format, needs)?;
            }
            Kind::Module if mark.is_empty() && !package.is_empty() => {
                draft.need(&self.path, format, vec![Need::member(package, name)])?;
            }
            Kind::Classes { dots, renames } => {
                let line = format!("from {} import {}{mark}", from(dots), names(renames));
                self.insert(draft, &line, format)?;
            }
            Kind::Star { dots } => self.insert(draft, &format!("from {} import *{mark}", from(dots)), format)?,
            Kind::Module | Kind::Whole => self.insert(draft, &format!("import {module}{mark}"), format)?,
        }
        self.list(draft, classes, format)
    }

    /// The comment behind an import that says why it is there.
    fn mark(&self, import: &ModelImport) -> &str {
        let rest = &self.text[import.range.end().to_usize()..];
        let rest = rest.lines().next().unwrap_or_default();
        if rest.contains("noqa") { rest } else { "" }
    }

    /// The line among those that are there, in their order.
    fn insert(&self, draft: &mut Draft<'_>, line: &str, format: &Format) -> Result<(), Refusal> {
        let later = self.imports.iter().find(|import| &self.text[import.range] > line);
        let at = match (later, self.imports.last()) {
            (Some(later), _) => later.range.start().to_usize(),
            (None, Some(last)) => {
                let end = last.range.end().to_usize();
                self.text[end..]
                    .find('\n')
                    .map_or(self.text.len(), |line| end + line + 1)
            }
            (None, None) => 0,
        };
        draft.insert(&self.path, format, at as u32, format!("{line}\n"))
    }

    /// Names the classes in `__all__`, where those that are there are named.
    fn list(&self, draft: &mut Draft<'_>, classes: &[&str], format: &Format) -> Result<(), Refusal> {
        let suite = python::suite(&self.text).unwrap_or_default();
        let listed = suite.iter().find_map(|stmt| match stmt {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] if name.id == "__all__" => Some(&*assign.value),
                _ => None,
            },
            _ => None,
        });
        let Some(Expr::List(list)) = listed else {
            return Ok(());
        };
        let texts = list.elts.iter().map(|element| element.as_string_literal_expr());
        let Some(mut names) = texts
            .map(|text| Some(text?.value.to_str().to_owned()))
            .collect::<Option<Vec<String>>>()
        else {
            return Ok(());
        };
        let is_sorted = names.is_sorted();
        names.extend(classes.iter().map(|class| (*class).to_owned()));
        if is_sorted {
            names.sort();
        }
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let written = &self.text[list.range()];
        let comma = if written.trim_end_matches(']').trim_end().ends_with(',') {
            ","
        } else {
            ""
        };
        let text = python::format(&format!("__all__ = [{}{comma}]", quoted.join(", ")), format)
            .map_err(|problem| Refusal::Template(self.path.display().to_string(), problem))?;
        let text = text.trim_end().trim_start_matches("__all__ = ").to_owned();
        let span = Span::new(list.range().start().to_u32(), list.range().end().to_u32());
        draft.replace(&self.path, format, span, &text)
    }
}

/// The files that have tables.
fn table_files(draft: &Draft<'_>) -> BTreeSet<PathBuf> {
    let ctx = draft.site.ctx;
    let tables = ctx.model.tables();
    tables
        .map(|schema| ctx.files.path(schema.def.file).to_path_buf())
        .collect()
}

fn kind_of(stmt: &Stmt, is_models: &dyn Fn(&str) -> bool) -> Option<Kind> {
    match stmt {
        Stmt::Import(import) => {
            let mut names = import.names.iter();
            names.any(|alias| is_models(&alias.name)).then_some(Kind::Whole)
        }
        Stmt::ImportFrom(import) => {
            let dots = import.level;
            let below = import.module.as_ref().map_or("", |module| module.as_str());
            let from = format!("{}{below}", ".".repeat(dots as usize));
            let first = import.names.first()?;
            let member = |name: &str| match from.ends_with('.') {
                true => format!("{from}{name}"),
                false => format!("{from}.{name}"),
            };
            if !below.is_empty() && is_models(&from) {
                let renames = first
                    .asname
                    .as_ref()
                    .is_some_and(|bound| bound.as_str() == first.name.as_str());
                return Some(match first.name.as_str() {
                    "*" => Kind::Star { dots },
                    _ => Kind::Classes { dots, renames },
                });
            }
            let mut names = import.names.iter();
            names
                .any(|alias| is_models(&member(&alias.name)))
                .then_some(Kind::Module)
        }
        _ => None,
    }
}
