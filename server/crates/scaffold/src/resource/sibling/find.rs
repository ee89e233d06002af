//! Which resource of the project the new one is written like: the one with the most of a resource's operations.

use super::rename::is_method;
use crate::{Site, draft::python, layout::Noun};
use base::FileId;
use model::{Route, Schema, SchemaKind};
use ruff_python_ast::{Expr, Stmt};
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};
use style::Action;

/// A resource that the project has.
pub(in crate::resource) struct Sibling<'a> {
    pub(in crate::resource) noun: Noun,
    /// Its table.
    pub(in crate::resource) table: &'a Schema,
    pub(super) files: Vec<File>,
}

/// A file that says something of it.
pub(super) struct File {
    pub(super) id: FileId,
    pub(super) path: PathBuf,
    pub(super) text: Arc<str>,
    /// Its statements: all rounds of a copy read them.
    pub(super) suite: Vec<Stmt>,
}

/// The resources to go by, the best first: those with a table and path operations, besides the new one.
pub(in crate::resource) fn candidates<'a>(site: &Site<'a>, new: &Noun) -> impl Iterator<Item = Sibling<'a>> {
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
    // Of equals the one with fewer references from and to others, which says less of its own.
    let references = |schema: &Schema| {
        let relationships = schema.fields.iter().filter(|field| field.is_relationship).count();
        relationships + pointing_at(site, schema) + 10 * usize::from(is_identity(schema))
    };
    // `post` in the place of a noun can't be told from the method everywhere.
    let is_ambiguous = |noun: &Noun| is_method(&noun.one);
    candidates.sort_by_cached_key(|(score, schema, noun)| {
        (
            is_ambiguous(noun),
            std::cmp::Reverse(*score),
            references(schema),
            schema.def,
        )
    });
    let site = *site;
    candidates.into_iter().map(move |(_, table, noun)| Sibling {
        files: files_about(&site, &noun),
        noun,
        table,
    })
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

/// How many fields of other tables lead to one.
fn pointing_at(site: &Site<'_>, table: &Schema) -> usize {
    let names_it = |field: &&model::Field| {
        let words = field.ty.as_ref().map_or("", |ty| &*ty.display);
        field.is_relationship
            && words
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == &*table.name)
    };
    let others = site.ctx.model.schemas.iter().filter(|other| other.def != table.def);
    others.flat_map(|other| other.fields.iter()).filter(names_it).count()
}

/// What the tables of the project besides one are called.
pub(super) fn others(site: &Site<'_>, table: &Schema) -> Vec<Noun> {
    let tables = site.ctx.model.schemas.iter().filter(|other| {
        let is_table = matches!(other.kind, SchemaKind::SqlAlchemy | SchemaKind::SqlModelTable);
        is_table && is_own(site, other) && other.name != table.name
    });
    let nouns = tables.filter_map(|other| Noun::read(&style::words::snake(&other.name)).ok());
    nouns.collect()
}

/// Accounts have rules of their own, which nothing else has.
pub(super) fn is_identity(schema: &Schema) -> bool {
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

/// The operations of a resource that are served for the noun.
fn operations<'m>(site: &Site<'m>, noun: &Noun) -> impl Iterator<Item = (Action, &'m Route)> {
    site.ctx.model.routes.iter().filter_map(|route| {
        let (action, collection) = Action::of(route.methods.first()?, &route.path.to_string())?;
        let last = collection
            .rsplit('/')
            .find(|part| !part.is_empty() && !part.contains('{'))?;
        let last = style::words::snake(last);
        (last == noun.many || last == noun.one).then_some((action, route))
    })
}

/// The functions of a sibling's files that serve an action, as file and name.
pub(super) fn handlers(site: &Site<'_>, sibling: &Sibling<'_>, action: Action) -> Vec<(FileId, String)> {
    let of_action = operations(site, &sibling.noun).filter(|(own, _)| *own == action);
    let functions = of_action.filter_map(|(_, route)| {
        let callable = site.ctx.model.callables.get(route.endpoint?.0 as usize)?;
        let file = callable.def?.file;
        let is_own = sibling.files.iter().any(|own| own.id == file);
        is_own.then(|| (file, callable.name.rsplit('.').next().unwrap_or_default().to_owned()))
    });
    functions.collect()
}

/// The functions that serve what only the sibling is asked for: `POST /orders/{id}/send`,
/// with the files that they stand in.
pub(super) fn own_actions(site: &Site<'_>, sibling: &Sibling<'_>) -> Vec<(FileId, String)> {
    let usual: Vec<_> = operations(site, &sibling.noun)
        .filter_map(|(_, route)| route.endpoint)
        .collect();
    let in_files = site.ctx.model.routes.iter().filter_map(|route| {
        let endpoint = route.endpoint?;
        let callable = site.ctx.model.callables.get(endpoint.0 as usize)?;
        let file = callable.def?.file;
        let is_own = sibling.files.iter().any(|own| own.id == file);
        let last = route.path.to_string();
        let last = last.rsplit('/').find(|part| !part.is_empty() && !part.contains('{'))?;
        let is_special = is_own && !usual.contains(&endpoint) && serves(&route.path.to_string(), &sibling.noun, last);
        is_special.then(|| (file, callable.name.rsplit('.').next().unwrap_or_default().to_owned()))
    });
    // What reads one by another field is a reading like others.
    in_files.filter(|(_, name)| !name.contains("_by_")).collect()
}

/// Whether a path goes on, behind the sibling's things, to something else.
fn serves(path: &str, noun: &Noun, last: &str) -> bool {
    let mut parts = path.split('/').map(style::words::snake);
    let is_noun = |part: &str| part == noun.many || part == noun.one;
    parts.any(|part| is_noun(&part)) && !is_noun(&style::words::snake(last))
}

/// How many different operations of a resource are served for the noun.
fn score(site: &Site<'_>, noun: &Noun) -> usize {
    let actions: BTreeSet<Action> = operations(site, noun).map(|(action, _)| action).collect();
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
            let suite = names_it.then(|| python::suite(&text).ok()).flatten()?;
            let is_named = path
                .file_stem()
                .is_some_and(|stem| stem.to_string_lossy().contains(&noun.one));
            if is_named && is_script(&suite) {
                return None;
            }
            Some(File {
                id: site.disk.file(&path),
                path: path.to_path_buf(),
                text,
                suite,
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// Whether a module is run by hand, such as one that makes the first rows: it serves nothing.
fn is_script(suite: &[Stmt]) -> bool {
    let asks_for_name = |test: &Expr| match test {
        Expr::Compare(compare) => compare.left.as_name_expr().is_some_and(|name| name.id == "__name__"),
        _ => false,
    };
    let mut branches = suite.iter().filter_map(Stmt::as_if_stmt);
    branches.any(|branch| asks_for_name(&branch.test))
}

/// Migrations tell what was, and say nothing of how things are written.
fn is_migration(path: &std::path::Path) -> bool {
    let folders = ["versions", "migrations", "alembic"];
    path.iter().any(|part| folders.iter().any(|folder| part == *folder))
}
