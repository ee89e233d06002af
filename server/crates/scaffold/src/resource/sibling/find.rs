//! Which resource of the project the new one is written like: the one with the most of a resource's operations.

use crate::{Site, draft::python, layout::Noun};
use model::{Schema, SchemaKind};
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};
use style::Action;

/// A resource that the project has.
pub(super) struct Sibling<'a> {
    pub(super) noun: Noun,
    /// Its table.
    pub(super) table: &'a Schema,
    pub(super) files: Vec<File>,
}

/// A file that says something of it.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: Arc<str>,
}

/// The best resource to go by; nothing where the project has none with a table and path operations besides the new one.
pub(super) fn best<'a>(site: &Site<'a>, new: &Noun) -> Option<Sibling<'a>> {
    let mut candidates: Vec<(usize, &'a Schema, Noun)> = Vec::new();
    for schema in site.ctx.model.schemas.iter() {
        if !matches!(schema.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable) || !is_own(site, schema) {
            continue;
        }
        let Ok(noun) = Noun::read(&style::words::snake(&schema.name)) else {
            continue;
        };
        if noun == *new {
            continue;
        }
        let score = score(site, &noun);
        if score > 0 {
            candidates.push((score, schema, noun));
        }
    }
    // Of equals the one with fewer references, which says less of its own.
    let references = |schema: &Schema| {
        let relationships = schema.fields.iter().filter(|field| field.is_relationship).count();
        relationships + 10 * usize::from(is_identity(schema))
    };
    candidates.sort_by_key(|(score, schema, _)| (std::cmp::Reverse(*score), references(schema), schema.def));
    let (_, table, noun) = candidates.into_iter().next()?;
    let files = files_about(site, &noun);
    Some(Sibling { noun, table, files })
}

/// Whether the project has a table of the noun, and path operations that create and read it.
pub(in crate::resource) fn is_whole(site: &Site<'_>, noun: &Noun) -> bool {
    let mut schemas = site.ctx.model.schemas.iter();
    let has_table = schemas.any(|schema| {
        let is_table = matches!(schema.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
        is_table && *schema.name == *noun.class && is_own(site, schema)
    });
    has_table && score(site, noun) > 0
}

/// Accounts have rules of their own, which nothing else has.
fn is_identity(schema: &Schema) -> bool {
    let secrets = [
        "password",
        "hashed_password",
        "password_hash",
        "email",
        "is_superuser",
        "username",
    ];
    schema.fields.iter().any(|field| secrets.contains(&&*field.name))
}

fn is_own(site: &Site<'_>, schema: &Schema) -> bool {
    site.ctx.files.path(schema.def.file).starts_with(site.root)
}

/// How many different operations of a resource are served for the noun.
fn score(site: &Site<'_>, noun: &Noun) -> usize {
    let model = site.ctx.model;
    let actions: BTreeSet<Action> = model
        .routes
        .iter()
        .filter_map(|route| {
            let (action, collection) = Action::of(route.methods.first()?, &route.path.to_string())?;
            let last = collection
                .rsplit('/')
                .find(|part| !part.is_empty() && !part.contains('{'))?;
            let last = style::words::snake(last);
            (last == noun.many || last == noun.one).then_some(action)
        })
        .collect();
    // What lets nothing be created or read one by one is no pattern for a resource.
    let is_whole = [Action::Create, Action::Read]
        .iter()
        .all(|action| actions.contains(action));
    if is_whole { actions.len() } else { 0 }
}

/// All Python files of the project, tests included, that name it.
fn files_about(site: &Site<'_>, noun: &Noun) -> Vec<File> {
    let mut files: Vec<File> = site
        .disk
        .python_files()
        .into_iter()
        .filter(|path| path.starts_with(site.root) && !is_migration(path))
        .filter_map(|path| {
            let text = site.disk.text(&path)?;
            let lower = text.to_lowercase();
            let names_it = lower.contains(&noun.one) || lower.contains(&noun.class.to_lowercase());
            let is_readable = names_it && python::check(&text).is_ok();
            is_readable.then(|| File {
                path: path.to_path_buf(),
                text,
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// Migrations tell what was, and say nothing of how things are written.
fn is_migration(path: &std::path::Path) -> bool {
    let folders = ["versions", "migrations", "alembic"];
    path.iter().any(|part| folders.iter().any(|folder| part == *folder))
}
