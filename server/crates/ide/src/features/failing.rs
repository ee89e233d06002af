//! Apps whose modules can't be imported, as far as that is certain: what they would serve is known, but they serve nothing.

use crate::{Analysis, features::routes::UnresolvedRow};
use base::FileId;
use model::{App, ImportError, Imports, ModuleSource};
use rustc_hash::FxHashMap;
use std::{cell::RefCell, path::Path};

const UNREADABLE: &str = "the syntax can't be read here; what it belongs to may be missing";
const BROKEN: &str = "Python raises a SyntaxError here when the module is imported";

impl Analysis {
    /// For each app what its import ends with, by the app's number.
    pub(crate) fn failing_apps(&self, root: &Path) -> Vec<Option<UnresolvedRow>> {
        let broken: RefCell<FxHashMap<FileId, bool>> = RefCell::default();
        let is_broken = |file: FileId| {
            let known = broken.borrow().get(&file).copied();
            known.unwrap_or_else(|| {
                let is_broken = self.is_broken(file);
                broken.borrow_mut().insert(file, is_broken);
                is_broken
            })
        };
        let own = self.sources().own_files().into_iter().collect();
        let imports = Imports {
            source: self.sources(),
            own: &own,
            imported: &self.model().imports,
            refused: &self.model().refused,
            is_broken: &is_broken,
        };
        let mut errors: FxHashMap<FileId, Option<UnresolvedRow>> = FxHashMap::default();
        let apps = self.model().apps.iter();
        apps.map(|app| match self.ended(root, app) {
            None => {
                let error = errors
                    .entry(app.file)
                    .or_insert_with(|| Some(self.import_error(root, &imports.error_of(app.file)?)));
                error.clone()
            }
            ended => ended,
        })
        .collect()
    }

    /// What the imports of apps end with, by the apps' routers.
    pub(crate) fn failures(&self, root: &Path) -> FxHashMap<model::RouterId, String> {
        let rows = self.failing_apps(root).into_iter();
        let apps = self.model().apps.iter().zip(rows);
        apps.filter_map(|(app, row)| Some((app.router, row?.to_string())))
            .collect()
    }

    /// What the import of the app of this name ends with, in one sentence with the place.
    pub(crate) fn failure_of(&self, root: &Path, app: &str) -> Option<String> {
        let index = self.model().apps.iter().position(|known| *known.id == *app)?;
        let row = self.failing_apps(root).swap_remove(index)?;
        Some(format!("{} ({}:{})", row.why, row.file, row.line))
    }

    /// Syntax of the workspace that can't be read, and what the framework refuses.
    pub(crate) fn broken_rows(&self, root: &Path) -> Vec<UnresolvedRow> {
        let files = self.unreadable_syntax().into_iter();
        let syntax = files.map(|(file, line)| self.syntax_row(root, file, line));
        let refused = self.model().refused.iter();
        let of_framework = refused.filter(|(file, _)| self.sources().mentions_framework(**file));
        let refused = of_framework.filter_map(|(_, reason)| Some((reason.place?, &reason.text)));
        let refused = refused.map(|(at, why)| self.row(root, at.file, self.line_of(at), why));
        let mut rows: Vec<UnresolvedRow> = syntax.chain(refused).collect();
        rows.sort_by(|a, b| (&a.file, a.line, &a.why).cmp(&(&b.file, b.line, &b.why)));
        rows.dedup();
        rows
    }

    /// Why an app's module ends before its time, where the evaluator came to it.
    fn ended(&self, root: &Path, app: &App) -> Option<UnresolvedRow> {
        let reason = app.ended.as_ref().or(app.refused.as_ref())?;
        let at = reason.place?;
        Some(self.row(root, at.file, self.line_of(at), &reason.text))
    }

    fn import_error(&self, root: &Path, error: &ImportError) -> UnresolvedRow {
        match error {
            ImportError::Syntax(file) => {
                let at = self
                    .sources()
                    .parsed(*file)
                    .and_then(|parsed| parsed.unreadable.first().copied());
                let line = self.source(*file).lines.line(at.unwrap_or_default()) + 1;
                self.syntax_row(root, *file, line)
            }
            ImportError::Refused(at, why) | ImportError::Name(at, why) => {
                self.row(root, at.file, self.line_of(*at), why)
            }
        }
    }

    fn syntax_row(&self, root: &Path, file: FileId, line: u32) -> UnresolvedRow {
        self.row(root, file, line, if self.is_broken(file) { BROKEN } else { UNREADABLE })
    }

    /// What stands on a line is not known.
    fn row(&self, root: &Path, file: FileId, line: u32, why: &str) -> UnresolvedRow {
        let source = self.source(file);
        let text = source.text.lines().nth(line.saturating_sub(1) as usize);
        UnresolvedRow {
            file: self.display_path(file, root),
            line,
            what: text.unwrap_or_default().trim().into(),
            why: why.into(),
        }
    }

    /// Whether Python can't read a file: what our own parser can't read may still be sound.
    fn is_broken(&self, file: FileId) -> bool {
        let is_unreadable = self
            .sources()
            .parsed(file)
            .is_some_and(|parsed| !parsed.unreadable.is_empty());
        is_unreadable && ruff_python_parser::parse_module(&self.source(file).text).is_err()
    }
}
