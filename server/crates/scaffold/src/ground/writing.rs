//! How new modules are written: where those lie that all else rests on, and whether functions are documented.

use super::{Ground, Shape};
use crate::{
    Refusal, Site, SyntaxProblem,
    draft::{
        docstrings::{self, Kept},
        habits,
    },
};
use minijinja::{Value, context};
use std::path::PathBuf;
use style::{Format, ImportFormat, ResponseStyle, Source, StatusStyle};

impl Ground {
    /// Where a module goes that all else rests on.
    pub(crate) fn core(&self, name: &str) -> PathBuf {
        let is_new = self.is_new() && self.layers.shape == Shape::Layered;
        let has_core = is_new || self.layers.is_folder(&self.layers.package.join("core"));
        let folder = if has_core { "core/" } else { "" };
        self.layers.vacant(&format!("{folder}{name}.py"))
    }

    /// What a template yielded, as the project writes: without docstrings where it has none, with its kind of status codes, of
    /// what is injected, and of what is answered.
    pub(crate) fn written(&self, text: &str) -> Result<String, Refusal> {
        let text = self.with_docstrings(text, self.has_docstrings)?;
        let text = self.with_statuses(text);
        let text = self.with_markers(text)?;
        match self.response {
            ResponseStyle::Model => habits::with_response_models(&text, false).map_err(problem),
            // Who has them where they differ has no need of both where they don't.
            ResponseStyle::Both if self.is_response_set => habits::with_response_models(&text, true).map_err(problem),
            ResponseStyle::Both | ResponseStyle::Annotation | ResponseStyle::Nothing => Ok(text),
        }
    }

    /// The same of tests.
    pub(crate) fn written_test(&self, text: &str) -> Result<String, Refusal> {
        let text = self.with_docstrings(text, self.tests_have_docstrings)?;
        self.with_markers(text)
    }

    /// Statuses as the project writes them.
    pub(crate) fn with_statuses(&self, text: String) -> String {
        match self.status {
            StatusStyle::Number => with_numbers(&text),
            StatusStyle::Constant => text,
        }
    }

    fn with_markers(&self, text: String) -> Result<String, Refusal> {
        match self.is_annotated {
            true => Ok(text),
            false => habits::with_defaults(&text).map_err(problem),
        }
    }

    /// What templates are told of the project's habits: `is_annotated`; `says_model`, whether a path operation returns what its
    /// `response_model` is read from; `op_def`, how one is defined that waits for nothing; and `dep(alias, type, marker)`, how a
    /// parameter is annotated that other modules of ours have a name for.
    pub(crate) fn habits(&self) -> Value {
        let is_annotated = self.is_annotated;
        let dep = move |alias: &str, ty: &str, marker: &str| match is_annotated {
            true => alias.to_owned(),
            false => format!("Annotated[{ty}, {marker}]"),
        };
        context! {
            is_annotated => is_annotated,
            says_model => matches!(self.response, ResponseStyle::Model | ResponseStyle::Both),
            op_def => if self.is_async { "async def" } else { "def" },
            dep => Value::from_function(dep),
        }
    }

    fn with_docstrings(&self, text: &str, of_functions: bool) -> Result<String, Refusal> {
        let kept = Kept {
            of_modules: self.has_module_docstrings,
            of_functions,
        };
        docstrings::keep(text, kept).map_err(problem)
    }
}

fn problem(problem: SyntaxProblem) -> Refusal {
    Refusal::Template("a template".to_owned(), problem)
}

/// `404` for `status.HTTP_404_NOT_FOUND`.
fn with_numbers(text: &str) -> String {
    const CONSTANT: &str = "status.HTTP_";
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(CONSTANT) {
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, behind) = after.split_at(end.unwrap_or(after.len()));
        result.push_str(before);
        result.push_str(name.split('_').next().unwrap_or(name));
        rest = behind;
    }
    result.push_str(rest);
    result
}

/// How many modules are looked at for how imports are laid out.
const MODULES: usize = 50;

/// The modules of a project that show how it writes.
fn modules(site: &Site<'_>) -> Vec<Source> {
    let files = site.disk.python_files();
    let own = files.iter().filter(|path| path.starts_with(site.root)).take(MODULES);
    own.filter_map(|path| Source::read(site.ctx.files, site.disk.file(path)))
        .filter(|source| !source.text.trim().is_empty())
        .collect()
}

/// A format with imports laid out as modules of the project show it: one alone doesn't show everything.
pub(crate) fn with_imports(site: &Site<'_>, format: Format) -> Format {
    let modules = modules(site);
    let shown: Vec<ImportFormat> = modules
        .iter()
        .map(|source| site.ctx.format_of(source).imports)
        .collect();
    let imports = ImportFormat {
        is_mixed: shown.iter().any(|imports| imports.is_mixed),
        combines_renamed: shown.iter().any(|imports| imports.combines_renamed),
        lines_after: shown.iter().map(|imports| imports.lines_after).max().unwrap_or(1),
    };
    Format { imports, ..format }
}

/// Whether most modules of a project begin with a docstring; those of a new one do.
pub(super) fn has_module_docstrings(site: &Site<'_>, is_new: bool) -> bool {
    let modules = modules(site);
    let begins = |source: &&Source| source.text.trim_start().starts_with(['"', '\'']);
    is_new || modules.iter().filter(begins).count() * 2 > modules.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_place_of_constants() {
        let text = "f(status_code=status.HTTP_404_NOT_FOUND, x=1)\nreturn status.HTTP_201_CREATED";
        assert_eq!(with_numbers(text), "f(status_code=404, x=1)\nreturn 201");
        assert_eq!(with_numbers("status.is_ok"), "status.is_ok");
    }
}
