//! `routewright add`: the scaffolds of the code actions.

mod apply;
mod args;
mod database;
mod endpoint;
mod errors;
mod health;
mod lifespan;
mod logging;
mod middleware;
mod model;
mod router;
mod scaffold;
mod schemas;
mod tests;

use apply::{Change, apply};
pub(crate) use args::AddCommand;

use crate::{
    diff,
    error::{Error, Outcome},
};
use base::SourceChange;
use ide::{Analysis, AuthRequest, RequireRequest, ScaffoldRequest, SettingsRequest};
use std::path::{Path, PathBuf};

/// Builds what is asked for, and writes it or shows it as a diff.
///
/// # Errors
/// Where the arguments don't fit the project, or a file can't be written.
pub(crate) fn run(command: AddCommand) -> Result<Outcome, Error> {
    match command {
        AddCommand::Endpoint(options) => endpoint::run(&options),
        AddCommand::Auth(options) => {
            let request = match &options.on {
                Some(on) => {
                    let (file, name) = place(&options.place.project, on);
                    let requirement = options.require.clone();
                    ScaffoldRequest::Require(RequireRequest {
                        file,
                        name,
                        requirement,
                    })
                }
                None => ScaffoldRequest::Auth(AuthRequest {
                    scheme: options.scheme.into(),
                    hash: options.hash.into(),
                    key_in: options.key_in.into(),
                }),
            };
            scaffold::run(&options.place, &request)
        }
        AddCommand::Resource(options) => {
            let place = options.place.clone();
            scaffold::run(&place, &options.request())
        }
        AddCommand::Settings(options) => scaffold::run(&options.place, &ScaffoldRequest::Settings(SettingsRequest {})),
        AddCommand::Router(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Database(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Errors(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Health(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Lifespan(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Logging(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Middleware(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Schemas(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Model(options) => scaffold::run(&options.place, &options.request()),
        AddCommand::Tests(options) => scaffold::run(&options.place, &options.request()),
    }
}

/// A module, and a name in it: `app/items.py:read_item`. The module is found below the folder that is named, from where the command
/// was given, or else below the project that the folder belongs to.
fn place(project: &Path, on: &str) -> (PathBuf, Option<String>) {
    let (file, name) = match on.rsplit_once(':') {
        Some((file, name)) if file.ends_with(".py") => (file, Some(name.to_owned())),
        _ => (on, None),
    };
    let folders = [project.join(file), PathBuf::from(file)];
    let found = folders.into_iter().find_map(|path| path.canonicalize().ok());
    (found.unwrap_or_else(|| PathBuf::from(file)), name)
}

fn changes(analysis: &Analysis, change: &SourceChange) -> Vec<Change> {
    let changed = change.files.iter().map(|edit| {
        let old = analysis.source(edit.file).text.to_string();
        Change {
            path: analysis.path(edit.file).to_path_buf(),
            new: edit.apply(&old),
            old: Some(old),
        }
    });
    let others = change.others.iter().map(|edit| Change {
        path: edit.path.clone(),
        old: Some(edit.text.to_string()),
        new: edit.applied(),
    });
    let created = change.creations.iter().map(|(path, text)| Change {
        path: path.clone(),
        old: None,
        new: text.clone(),
    });
    changed.chain(others).chain(created).collect()
}

fn diff(changes: &[Change], name: impl Fn(&Path) -> String) -> String {
    let files = changes.iter().map(|change| {
        let old = change.old.as_deref().unwrap_or_default();
        diff::unified(&name(&change.path), old, &change.new)
    });
    files.collect()
}
