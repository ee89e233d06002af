//! One Python module of a change: made new, or extended by what it lacks.

use super::{Lines, edit_of, python, text::difference, untangle::Home, untangle::Moved};
use crate::{
    Context, Refusal,
    imports::{self, Need},
};
use base::{FileId, SourceChange, Span, TextEdit};
use python::{Import, Module, Statement};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};
use style::{Format, Source};

/// See the module.
pub(super) struct ModuleDraft {
    pub(super) path: PathBuf,
    /// The module that is there.
    pub(super) source: Option<Source>,
    /// What it says at its top level, and goes on saying.
    pub(super) standing: Module,
    file: FileId,
    format: Format,
    docstring: Option<String>,
    /// Imports of the new statements.
    imports: Vec<Import>,
    statements: Vec<Statement>,
    edits: Vec<TextEdit>,
    needs: Vec<Need>,
    /// What is added within the text.
    lines: Vec<(Lines, Vec<Need>)>,
    /// What is taken out of it.
    taken: Taken,
}

/// What leaves a module for one of its own.
#[derive(Default)]
struct Taken {
    /// What is imported from there instead.
    needs: Vec<Need>,
    /// The names that only stood in what left.
    names: BTreeSet<String>,
}

impl ModuleDraft {
    pub(super) fn new(path: PathBuf, file: FileId, source: Option<Source>, format: Format) -> Result<Self, Refusal> {
        let standing = match &source {
            Some(source) => python::take_apart(&source.text)
                .map_err(|problem| Refusal::Broken(path.display().to_string(), problem))?,
            None => Module::default(),
        };
        Ok(Self {
            path,
            source,
            standing,
            file,
            format,
            docstring: None,
            imports: Vec::new(),
            statements: Vec::new(),
            edits: Vec::new(),
            needs: Vec::new(),
            lines: Vec::new(),
            taken: Taken::default(),
        })
    }

    pub(super) fn binds(&self, name: &str) -> bool {
        let mut statements = self.standing.statements.iter().chain(&self.statements);
        statements.any(|statement| statement.binds.iter().any(|bound| bound == name))
    }

    /// All that the module will say.
    pub(super) fn as_planned(&self) -> Module {
        let mut whole = self.standing.clone();
        whole.imports.extend(self.imports.iter().cloned());
        whole.statements.extend(self.statements.iter().cloned());
        for (lines, needs) in &self.lines {
            if let Lines::Fields { class, .. } = lines
                && let Some(statement) = whole.statements.iter_mut().find(|it| it.binds.contains(class))
            {
                statement.text = lines.added(statement.text.clone(), &self.format, |_| false);
                let imports = needs.iter().cloned().map(|need| Import {
                    need,
                    is_for_effect: false,
                });
                whole.imports.extend(imports);
            }
        }
        whole
    }

    /// Adds the statements that are not there; the names of those that are.
    pub(super) fn graft(&mut self, module: Module) -> Result<Vec<String>, Refusal> {
        let mut reused = Vec::new();
        for statement in module.statements {
            let is_there = match statement.binds.as_slice() {
                [] => self.says(&statement.text),
                binds => binds.iter().all(|name| self.binds(name)),
            };
            if is_there {
                reused.extend(statement.binds);
                continue;
            }
            if let Some(taken) = statement
                .binds
                .iter()
                .find(|name| self.imports_otherwise(name, &module.imports))
            {
                return Err(Refusal::Clash(taken.clone(), self.path.display().to_string()));
            }
            self.statements.push(statement);
        }
        self.imports.extend(module.imports);
        if self.source.is_none() && self.docstring.is_none() {
            self.docstring = module.docstring;
        }
        Ok(reused)
    }

    pub(super) fn replace(&mut self, span: Span, text: &str) {
        let text = text.replace('\n', self.format.eol);
        self.edits.push(TextEdit { span, text });
    }

    pub(super) fn need(&mut self, needs: Vec<Need>) {
        self.needs.extend(needs);
    }

    pub(super) fn append(&mut self, text: String, needs: Vec<Need>) -> Result<(), Refusal> {
        let name = self.path.display().to_string();
        let module = python::take_apart(&text).map_err(|problem| Refusal::Template(name, problem))?;
        self.graft(module)?;
        self.needs.extend(needs);
        Ok(())
    }

    pub(super) fn add_lines(&mut self, lines: Lines, needs: Vec<Need>) {
        let is_there = self.source.as_ref().is_some_and(|source| lines.are_in(&source.text));
        if !is_there {
            self.lines.push((lines, needs));
        }
    }

    fn says(&self, text: &str) -> bool {
        let mut statements = self.standing.statements.iter().chain(&self.statements);
        statements.any(|statement| statement.text == text)
    }

    /// Whether a name that a new statement binds is imported here as something else.
    fn imports_otherwise(&self, name: &str, own: &[Import]) -> bool {
        let mut imports = self.standing.imports.iter();
        imports.any(|import| import.need.bound_name() == name && !own.contains(import))
    }

    pub(super) fn finish(mut self, ctx: &Context<'_>, change: &mut SourceChange) -> Result<(), Refusal> {
        let needs = self.all_needs();
        match self.source.take() {
            None => self.create(ctx, &needs, change),
            Some(source) => {
                let file = self.file;
                let absolute: Vec<Need> = needs.into_iter().map(|need| need.absolute(ctx, file)).collect();
                self.extend(ctx, &source, &absolute, change)
            }
        }
    }

    /// Takes statements out; what they are, in order.
    pub(super) fn take_out(&mut self, moved: &Moved) -> Vec<(Home, Statement)> {
        let text = self
            .source
            .as_ref()
            .map(|source| source.text.clone())
            .unwrap_or_default();
        let statements = std::mem::take(&mut self.standing.statements);
        let mut taken: Vec<(Home, Statement)> = Vec::new();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (at, statement) in statements.into_iter().enumerate() {
            let Some(home) = moved.home(at) else {
                self.standing.statements.push(statement);
                continue;
            };
            let (start, end) = statement.span;
            match runs.last_mut() {
                Some((_, last)) if text[*last..start].trim().is_empty() => *last = end,
                _ => runs.push((start, end)),
            }
            taken.push((home, statement));
        }
        for (start, end) in runs {
            let before = text[..start].trim_end().len();
            let after = text.len() - text[end..].trim_start().len();
            let breaks = |from: usize, to: usize| text[from..to].matches('\n').count();
            let is_definition = |near: &dyn Fn(&&Statement) -> bool| {
                let mut staying = self.standing.statements.iter();
                staying.any(|statement| near(&statement) && statement.is_definition)
            };
            let is_apart = is_definition(&|it| it.span.1 == before || it.span.0 == after);
            let gap = match (before, after == text.len()) {
                (0, _) => 0,
                (_, true) => 1,
                _ if is_apart => breaks(before, start).max(breaks(end, after)),
                _ => 2,
            };
            self.replace(Span::new(before as u32, after as u32), &"\n".repeat(gap));
        }
        taken
    }

    /// Adds statements of another module before its own.
    pub(super) fn prepend(&mut self, module: Module, imports: Vec<Need>) -> Result<(), Refusal> {
        let own = std::mem::take(&mut self.statements);
        let future = imports.iter().filter(|need| need.module() == "__future__");
        self.needs.extend(future.cloned());
        self.graft(module)?;
        self.statements.extend(own);
        let imports = imports.into_iter().map(|need| Import {
            need,
            is_for_effect: false,
        });
        self.imports.extend(imports);
        Ok(())
    }

    /// What it imports for its own use.
    pub(super) fn imported(&self) -> impl Iterator<Item = Need> {
        let standing = self.standing.imports.iter().filter(|import| !import.is_for_effect);
        let standing = standing.map(|import| &import.need);
        standing.chain(&self.taken.needs).cloned()
    }

    /// Takes out what would be added to the classes that are taken out.
    pub(super) fn take_fields(&mut self, is_taken: &dyn Fn(&str) -> bool) -> Vec<(Lines, Vec<Need>)> {
        let lines = std::mem::take(&mut self.lines).into_iter();
        let is_of_taken = |lines: &Lines| matches!(lines, Lines::Fields { class, .. } if is_taken(class));
        let (mut taken, kept): (Vec<_>, Vec<_>) = lines.partition(|(lines, _)| is_of_taken(lines));
        self.lines = kept;
        for (lines, needs) in &mut taken {
            let Lines::Fields { text, .. } = lines else { continue };
            let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            needs.extend(
                self.needs
                    .iter()
                    .filter(|need| words.contains(need.bound_name()))
                    .cloned(),
            );
        }
        taken
    }

    /// Adds such to where the classes are.
    pub(super) fn give_fields(&mut self, lines: Vec<(Lines, Vec<Need>)>) {
        self.lines.extend(lines);
    }

    /// Imports again what was taken out and is still used, here or by others that have it from here.
    pub(super) fn import_back(&mut self, homes: &BTreeMap<String, String>, elsewhere: &BTreeSet<String>) {
        let is_used = |name: &String| {
            let mut statements = self.standing.statements.iter().chain(&self.statements);
            statements.any(|statement| statement.uses.contains(name))
        };
        let wanted = homes.iter().filter_map(|(name, home)| match is_used(name) {
            true => Some(Need::member(home, name)),
            // Under its own name once more it is there for others.
            false => elsewhere
                .contains(name)
                .then(|| Need::Renamed(home.clone(), name.clone(), name.clone())),
        });
        self.taken.needs.extend(wanted);
        let imported = self.standing.imports.iter().map(|import| &import.need);
        let names = imported.chain(&self.needs).map(|need| need.bound_name().to_owned());
        self.taken.names.extend(names);
    }

    /// Has what is needed of one module come from another.
    pub(super) fn redirect(&mut self, elsewhere: &dyn Fn(&Need) -> Option<Need>) {
        let imports = self.imports.iter_mut().map(|import| &mut import.need);
        let lines = self.lines.iter_mut().flat_map(|(_, needs)| needs);
        for need in imports.chain(&mut self.needs).chain(lines) {
            if let Some(other) = elsewhere(need) {
                *need = other;
            }
        }
    }

    /// What the new code needs of the imports that its templates bring: a template may import more than a variant uses.
    pub(super) fn all_needs(&self) -> Vec<Need> {
        let used = |need: &Need| {
            let name = need.bound_name();
            self.statements.iter().any(|statement| statement.uses.contains(name))
        };
        let wanted = self.imports.iter().filter(|import| match import.is_for_effect {
            true => self.source.is_none(),
            false => used(&import.need),
        });
        let mut needs: Vec<Need> = wanted.map(|import| import.need.clone()).collect();
        needs.extend(self.needs.iter().cloned());
        needs.extend(self.lines.iter().flat_map(|(_, needs)| needs.iter().cloned()));
        // What the module binds itself, as flat projects do, is not imported.
        needs.retain(|need| !self.binds(need.bound_name()));
        needs
    }

    fn create(self, ctx: &Context<'_>, needs: &[Need], change: &mut SourceChange) -> Result<(), Refusal> {
        let empty = Source::parse(self.file, Arc::from(""));
        let header = SourceChange::in_file(self.file, imports::merge(ctx, &empty, &self.format, needs));
        let header = header.files[0].apply("");
        let statements: Vec<&str> = self
            .statements
            .iter()
            .map(|statement| statement.text.as_str())
            .collect();
        let gap = "\n".repeat(self.format.imports.lines_after + 1);
        let body = spaced(&self.statements, &statements);
        let code = match header.trim_end() {
            "" => body,
            header => format!("{header}{gap}{body}"),
        };
        let parts = [self.docstring.as_deref().unwrap_or(""), &code];
        let text = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n");
        let text = python::format(&self.with_lines(ctx, text), &self.format)
            .map_err(|problem| Refusal::Template(self.path.display().to_string(), problem))?;
        change.creations.push((self.path, text.replace('\n', self.format.eol)));
        Ok(())
    }

    fn extend(
        self,
        ctx: &Context<'_>,
        source: &Source,
        needs: &[Need],
        change: &mut SourceChange,
    ) -> Result<(), Refusal> {
        if let Some(need) = needs.iter().find(|need| self.is_bound_otherwise(need)) {
            return Err(Refusal::Clash(
                need.bound_name().to_owned(),
                self.path.display().to_string(),
            ));
        }
        let mut edits = imports::merge(ctx, source, &self.format, needs);
        edits.extend(self.edits.iter().cloned());
        edits.extend(self.appended(source));
        if edits.is_empty() && self.lines.is_empty() {
            return Ok(());
        }
        let mut whole = SourceChange::in_file(source.file, edits.clone()).files[0].apply(&source.text);
        if source.text.trim().is_empty() {
            // Imports leave room for code, which an empty module has not.
            whole = format!("{}{}", whole.trim(), self.format.eol);
            edits = vec![difference(&source.text, &whole)];
        }
        let is_taken_from = !self.taken.names.is_empty();
        if is_taken_from {
            whole = self.with_taken(ctx, &whole);
        }
        if is_taken_from || !self.lines.is_empty() {
            whole = python::without_imports(&self.with_lines(ctx, whole), &self.taken.names, &self.format)
                .replace("\r\n", "\n")
                .replace('\n', self.format.eol);
            edits = vec![difference(&source.text, &whole)];
        }
        python::check(&whole).map_err(|problem| Refusal::Template(self.path.display().to_string(), problem))?;
        edit_of(ctx, &self.path, source, edits, change);
        Ok(())
    }

    /// The text with imports of what was taken out.
    fn with_taken(&self, ctx: &Context<'_>, whole: &str) -> String {
        let source = Source::parse(self.file, Arc::from(whole));
        let edits = imports::merge(ctx, &source, &self.format, &self.taken.needs);
        SourceChange::in_file(self.file, edits).files[0].apply(whole)
    }

    /// The finished text with what goes between its lines.
    fn with_lines(&self, ctx: &Context<'_>, mut text: String) -> String {
        for (lines, _) in &self.lines {
            let is_own = |module: &str| imports::is_own(ctx, self.file, module);
            if !lines.are_in(&text) {
                text = lines.added(text, &self.format, is_own);
            }
        }
        text
    }

    /// Whether the name of a need is imported as something else.
    fn is_bound_otherwise(&self, need: &Need) -> bool {
        let bound = need.bound_name();
        self.standing
            .imports
            .iter()
            .any(|import| import.need.bound_name() == bound && is_other(&import.need, need))
    }

    /// The new statements behind the last one that is there, before `if __name__ == "__main__":`.
    fn appended(&self, source: &Source) -> Option<TextEdit> {
        let first = self.statements.first()?;
        let main = self
            .standing
            .statements
            .iter()
            .rev()
            .find(|s| s.text.starts_with("if __name__"));
        let main_at = main.and_then(|main| source.text.rfind(main.text.as_str()));
        let texts: Vec<&str> = self
            .statements
            .iter()
            .map(|statement| statement.text.as_str())
            .collect();
        let new = spaced(&self.statements, &texts);
        let text = match main_at {
            Some(at) => return Some(insertion(at, format!("{new}\n\n\n"), self.format.eol)),
            None if source.text.trim().is_empty() => format!("{new}\n"),
            None => {
                let follows_definition = self.standing.statements.last().is_none_or(|s| s.is_definition);
                let gap = if follows_definition || first.is_definition {
                    "\n\n"
                } else {
                    ""
                };
                let end = if source.text.ends_with('\n') { "" } else { "\n" };
                format!("{end}{gap}{new}\n")
            }
        };
        Some(insertion(source.text.len(), text, self.format.eol))
    }
}

/// Whether two needs of one bound name are for different things. Relative and absolute names of one module count as one.
fn is_other(standing: &Need, wanted: &Need) -> bool {
    let member = |need: &Need| match need {
        Need::Member(_, name) | Need::Renamed(_, name, _) => name.clone(),
        Need::Module(module) | Need::ModuleAs(module, _) => module.clone(),
    };
    let last = |need: &Need| need.module().rsplit('.').next().unwrap_or("").to_owned();
    let is_relative = standing.module().starts_with('.');
    match (standing, wanted) {
        (Need::Module(_), Need::Module(_)) => false,
        _ if is_relative => member(standing) != member(wanted) || last(standing) != last(wanted),
        _ => member(standing) != member(wanted) || !may_be_one(standing.module(), wanted.module()),
    }
}

/// A name is often imported from a package that has it from one of its modules.
fn may_be_one(standing: &str, wanted: &str) -> bool {
    standing == wanted || standing.split('.').next() == wanted.split('.').next()
}

fn insertion(at: usize, text: String, eol: &str) -> TextEdit {
    let at = at as u32;
    TextEdit {
        span: Span::new(at, at),
        text: text.replace('\n', eol),
    }
}

/// Statements below each other with the empty lines that the formatter puts between them.
fn spaced(statements: &[Statement], texts: &[&str]) -> String {
    let mut result = String::new();
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            let is_apart = statements[i].is_definition || statements[i - 1].is_definition;
            result.push_str(if is_apart { "\n\n\n" } else { "\n" });
        }
        result.push_str(text);
    }
    result
}
