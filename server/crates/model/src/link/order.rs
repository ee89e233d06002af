//! The order in which modules run that no entry point leads to. Python has but one: that of the imports from the module that
//! a server is given. It decides what a router holds when it is included.

use crate::{ModuleSource, eval::Interp};
use base::FileId;
use facts::{Expr, Stmt};

/// What servers are usually told to serve (`fastapi_cli/discover.py`, `get_app_name`; `uvicorn main:app`).
const APP_NAMES: [&str; 3] = ["app", "api", "application"];

/// Runs modules: first those that bind what servers are usually given, those of outer folders before those of inner ones.
pub(super) fn run(interp: &mut Interp<'_>, mut files: Vec<FileId>) {
    let source = interp.source;
    files.retain(|file| !interp.modules.contains_key(file));
    files.sort_by_cached_key(|&file| {
        if binds_app(source, file) {
            source.file_path(file).components().count()
        } else {
            usize::MAX
        }
    });
    for file in files {
        interp.run_module(file);
    }
}

/// Whether a module's own block assigns a name that apps usually have.
fn binds_app(source: &dyn ModuleSource, file: FileId) -> bool {
    let Some(facts) = source.facts(file) else { return false };
    let Some(module) = facts.units.first() else {
        return false;
    };
    let code = module.unit();
    let is_app =
        |target: &facts::ExprId| matches!(&code[*target], Expr::Name(name) if APP_NAMES.contains(&name.as_str()));
    code.body.iter().any(|stmt| match &code[*stmt] {
        Stmt::Assign { targets, .. } => targets.iter().any(is_app),
        Stmt::AnnAssign { target, .. } => is_app(target),
        _ => false,
    })
}
