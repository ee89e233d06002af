//! How new modules are written: where those lie that all else rests on, and whether functions are documented.

use super::Ground;
use crate::{
    Refusal, Site,
    draft::docstrings::{self, Kept},
};
use std::path::PathBuf;
use style::{Format, ImportFormat, Source};

impl Ground {
    /// Where a module goes that all else rests on.
    pub(crate) fn core(&self, name: &str) -> PathBuf {
        let has_core = self.is_new() || self.layers.is_folder(&self.layers.package.join("core"));
        let folder = if has_core { "core/" } else { "" };
        self.layers.vacant(&format!("{folder}{name}.py"))
    }

    /// What a template yielded, without docstrings where the project writes none.
    pub(crate) fn written(&self, text: &str) -> Result<String, Refusal> {
        self.with_docstrings(text, self.has_docstrings)
    }

    /// The same of tests.
    pub(crate) fn written_test(&self, text: &str) -> Result<String, Refusal> {
        self.with_docstrings(text, self.tests_have_docstrings)
    }

    fn with_docstrings(&self, text: &str, of_functions: bool) -> Result<String, Refusal> {
        let kept = Kept {
            of_modules: self.has_module_docstrings,
            of_functions,
        };
        docstrings::keep(text, kept).map_err(|problem| Refusal::Template("a template".to_owned(), problem))
    }
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
