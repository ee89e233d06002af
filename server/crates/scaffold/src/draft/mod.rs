//! A change in the making: modules that templates yield, statements that wire them, packages that they need.
//!
//! A template is a whole Python module. Where the file is not there yet, it becomes one; where it is, the statements that
//! it lacks are added and the imports merged. So a file is never overwritten, and what is there already is used.

pub(crate) mod docstrings;
pub(crate) mod habits;
mod lines;
mod module;
mod older;
pub(crate) mod python;
mod text;
mod untangle;

use crate::{Context, Disk, Refusal, imports::Need, releases};
use base::{FileEdit, SourceChange, Span, TextFileEdit};
pub(crate) use lines::{Lines, is_for_types};
use module::ModuleDraft;
pub use python::SyntaxProblem;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use style::{Format, Source};

/// A whole change over several files, ready to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The change; empty where everything is there already.
    pub change: SourceChange,
    /// What it does, for example `Add resource item`.
    pub summary: String,
    /// What a user should know: what was there already, which packages to install, what is left to do.
    pub notes: Vec<String>,
}

/// What a scaffold works on: a snapshot, and the folder that the project is in.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The snapshot.
    pub ctx: Context<'a>,
    /// The files around it.
    pub disk: &'a dyn Disk,
    /// The absolute path of the project's folder.
    pub root: &'a Path,
}

/// See the module.
pub(crate) struct Draft<'a> {
    pub(crate) site: Site<'a>,
    modules: Vec<ModuleDraft>,
    texts: Vec<(PathBuf, Option<Arc<str>>, String)>,
    notes: Vec<String>,
    /// Packages that are needed and listed nowhere.
    unlisted: Vec<String>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(site: Site<'a>) -> Self {
        Self {
            site,
            modules: Vec::new(),
            texts: Vec::new(),
            notes: Vec::new(),
            unlisted: Vec::new(),
        }
    }

    /// Adds what a template yielded to the module at an absolute path; the names that it has already, which stay as they are.
    ///
    /// # Errors
    /// Where the module that is there does not parse, or the template's text does not.
    pub(crate) fn module(&mut self, path: &Path, text: &str, format: &Format) -> Result<Vec<String>, Refusal> {
        self.packages_above(path, format)?;
        self.program(path, text, format)
    }

    /// The same for a module that is run where it lies and never imported: its folder is no package.
    ///
    /// # Errors
    /// As above.
    pub(crate) fn program(&mut self, path: &Path, text: &str, format: &Format) -> Result<Vec<String>, Refusal> {
        let text = older::for_python(text, self.site.ctx.python)
            .map_err(|problem| Refusal::Template(name_of(path), problem))?;
        let formatted = python::format(&text, format).map_err(|problem| Refusal::Template(name_of(path), problem))?;
        let parts = python::take_apart(&formatted).map_err(|problem| Refusal::Template(name_of(path), problem))?;
        self.open(path, format)?.graft(parts)
    }

    /// Inserts text into a module that is there, at a place of its text in bytes.
    ///
    /// # Errors
    /// Where the module does not parse.
    pub(crate) fn insert(&mut self, path: &Path, format: &Format, offset: u32, text: String) -> Result<(), Refusal> {
        self.replace(path, format, Span::new(offset, offset), &text)
    }

    /// Replaces a span of a module that is there.
    ///
    /// # Errors
    /// Where the module does not parse.
    pub(crate) fn replace(&mut self, path: &Path, format: &Format, span: Span, text: &str) -> Result<(), Refusal> {
        self.open(path, format)?.replace(span, text);
        Ok(())
    }

    /// Brings names into scope in a module.
    ///
    /// # Errors
    /// Where the module does not parse.
    pub(crate) fn need(&mut self, path: &Path, format: &Format, needs: Vec<Need>) -> Result<(), Refusal> {
        if !needs.is_empty() {
            self.open(path, format)?.need(needs);
        }
        Ok(())
    }

    /// Adds a statement at the end of a module's top level, where it does not say so already.
    ///
    /// # Errors
    /// Where the module does not parse.
    pub(crate) fn statement(
        &mut self,
        path: &Path,
        format: &Format,
        text: String,
        needs: Vec<Need>,
    ) -> Result<(), Refusal> {
        self.open(path, format)?.append(text, needs)
    }

    /// Adds lines within what a module says, where it does not say so already.
    ///
    /// # Errors
    /// Where the module does not parse.
    pub(crate) fn lines(
        &mut self,
        path: &Path,
        format: &Format,
        lines: Lines,
        needs: Vec<Need>,
    ) -> Result<(), Refusal> {
        self.open(path, format)?.add_lines(lines, needs);
        Ok(())
    }

    /// Writes a file that is not Python, or what it becomes.
    pub(crate) fn text(&mut self, path: &Path, become_text: impl FnOnce(Option<&str>) -> String) {
        let at = self
            .texts
            .iter()
            .position(|(known, ..)| known == path)
            .unwrap_or_else(|| {
                let old = self.site.disk.text(path);
                let new = old.as_deref().unwrap_or_default().to_owned();
                self.texts.push((path.to_path_buf(), old, new));
                self.texts.len() - 1
            });
        let (_, old, new) = &mut self.texts[at];
        let before = (old.is_some() || !new.is_empty()).then_some(new.as_str());
        *new = become_text(before);
    }

    /// Whether a module binds a name at its top level, by an import too.
    pub(crate) fn binds(&self, path: &Path, name: &str) -> bool {
        let text = self.site.disk.text(path).unwrap_or_default();
        let module = python::take_apart(&text).unwrap_or_default();
        let imports = module.imports.iter().any(|import| import.need.bound_name() == name);
        let mut statements = module.statements.iter();
        imports || statements.any(|statement| statement.binds.iter().any(|bound| bound == name))
    }

    /// The text of a file that is not Python, as it is so far.
    pub(crate) fn current_text(&self, path: &Path) -> Option<String> {
        let planned = self.texts.iter().find(|(known, ..)| known == path);
        match planned {
            Some((.., new)) => Some(new.clone()),
            None => self.site.disk.text(path).map(|text| text.to_string()),
        }
    }

    /// What a module says, with what is planned for it; nothing where there is none, or it does not parse.
    pub(crate) fn module_at(&self, path: &Path) -> Option<python::Module> {
        match self.modules.iter().find(|module| module.path == path) {
            Some(module) => Some(module.as_planned()),
            None => python::take_apart(&self.site.disk.text(path)?).ok(),
        }
    }

    /// Notes that a package is needed, in a project that lists none.
    pub(crate) fn need_package(&mut self, package: String) {
        if !self.unlisted.contains(&package) {
            self.unlisted.push(package);
        }
    }

    /// Tells the user something.
    pub(crate) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Tells the user which names of a module are used as they are.
    pub(crate) fn note_reuse(&mut self, path: &Path, names: &[String]) {
        let name = path.strip_prefix(self.site.root).unwrap_or(path).display().to_string();
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        if !quoted.is_empty() {
            self.note(format!("{name} has {} already", quoted.join(", ")));
        }
    }

    /// The whole change.
    ///
    /// # Errors
    /// Where names clash, or the result would not be Python.
    pub(crate) fn finish(mut self, summary: String) -> Result<Plan, Refusal> {
        self.untangle()?;
        let mut change = SourceChange::default();
        let packages = self.new_packages();
        let ctx = Context {
            new_packages: &packages,
            ..self.site.ctx
        };
        for module in std::mem::take(&mut self.modules) {
            module.finish(&ctx, &mut change)?;
        }
        for (path, old, new) in self.texts {
            text::finish(path, old, &new, &mut change);
        }
        let near = self.site.disk.file(&self.site.root.join("main.py"));
        releases::check(&ctx, near, &change)?;
        let mut notes = self.notes;
        if !self.unlisted.is_empty() && !change.is_empty() {
            notes.push(format!(
                "the project lists no packages; it needs {}",
                self.unlisted.join(", ")
            ));
        }
        Ok(Plan { change, summary, notes })
    }

    fn open(&mut self, path: &Path, format: &Format) -> Result<&mut ModuleDraft, Refusal> {
        let at = match self.modules.iter().position(|module| module.path == path) {
            Some(at) => at,
            None => {
                let source = source(&self.site, path);
                if source.is_none() {
                    self.check_vacant(path)?;
                }
                let file = self.site.disk.file(path);
                let format = match &source {
                    Some(source) if !source.text.trim().is_empty() => {
                        let mut own = self.site.ctx.format_of(source);
                        // What a module doesn't show is as others have it.
                        own.imports.lines_after = own.imports.lines_after.max(format.imports.lines_after);
                        own.imports.is_mixed |= format.imports.is_mixed;
                        own.imports.combines_renamed |= format.imports.combines_renamed;
                        own
                    }
                    _ => format.clone(),
                };
                self.modules
                    .push(ModuleDraft::new(path.to_path_buf(), file, source, format)?);
                self.modules.len() - 1
            }
        };
        Ok(&mut self.modules[at])
    }

    /// A module and a package of one name hide each other.
    fn check_vacant(&self, path: &Path) -> Result<(), Refusal> {
        let other = match path.parent().filter(|_| path.ends_with("__init__.py")) {
            Some(folder) => folder.with_extension("py"),
            None => path.with_extension("").join("__init__.py"),
        };
        let shown = |path: &Path| path.strip_prefix(self.site.root).unwrap_or(path).display().to_string();
        match self.site.disk.text(&other) {
            Some(_) => Err(Refusal::Shadowed(shown(path), shown(&other))),
            None => Ok(()),
        }
    }

    /// A new module needs `__init__.py` in its folder where its neighbours' folders have one.
    fn packages_above(&mut self, path: &Path, format: &Format) -> Result<(), Refusal> {
        let root = self.site.root;
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != root) {
            let init = folder.join("__init__.py");
            let is_there = self.site.disk.is_folder(folder);
            if is_there || path == init || folder.ends_with("src") || self.is_planned(&init) {
                continue;
            }
            self.open(&init, format)?;
        }
        Ok(())
    }

    fn is_planned(&self, path: &Path) -> bool {
        self.modules.iter().any(|module| module.path == path)
    }

    /// Top-level packages that are made by this change.
    fn new_packages(&self) -> Vec<String> {
        self.modules
            .iter()
            .filter(|module| module.source.is_none())
            .filter_map(|module| {
                let below = module.path.strip_prefix(self.site.root).ok()?;
                let below = below.strip_prefix("src").unwrap_or(below);
                let top = below.components().next()?.as_os_str().to_str()?;
                Some(top.strip_suffix(".py").unwrap_or(top).to_owned())
            })
            .collect()
    }
}

/// The text of a file that is there, with its facts.
pub(crate) fn source(site: &Site<'_>, path: &Path) -> Option<Source> {
    let file = site.disk.file(path);
    Source::read(site.ctx.files, file).or_else(|| Some(Source::parse(file, site.disk.text(path)?)))
}

/// Whether `file` is one of the snapshot's, so that its version is known.
fn edit_of(ctx: &Context<'_>, path: &Path, source: &Source, edits: Vec<base::TextEdit>, change: &mut SourceChange) {
    if edits.is_empty() {
        return;
    }
    if ctx.files.facts(source.file).is_some() {
        let FileEdit { file, edits } = SourceChange::in_file(source.file, edits).files.remove(0);
        change.files.push(FileEdit { file, edits });
    } else {
        change
            .others
            .push(TextFileEdit::new(path.to_path_buf(), source.text.clone(), edits));
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
