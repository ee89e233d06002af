//! A resource written like one that the project has: its sibling's modules with another noun and other fields.
//!
//! What the sibling's own modules and the statements named after it say is said again for the new resource, wherever it
//! stands and however many layers there are. Fields of one kind take each other's place; what is about a field that is gone
//! goes with it: a link of a query, an argument, a statement, a function, a test.

mod copy;
mod edits;
mod find;
mod foreign;
mod hold;
mod keywords;
mod lines;
mod map;
mod orphans;
mod outcome;
mod register;
mod rename;
mod rewrite;
mod shorts;
mod visit;

use super::{
    fields::{FieldKind, FieldSpec, RESERVED},
    fresh::Wanted,
    model::{Standing, core},
};
use crate::{
    Refusal, Site,
    draft::Draft,
    layout::Noun,
    migration::{self, Migration, TableModel},
    moment,
    router::shown,
};
use base::FileId;
pub(super) use copy::has_dataclasses;
use copy::{Copy, copy_of, without_owner};
pub(super) use find::{Sibling, candidates, is_whole};
use foreign::forget_foreign;
use orphans::Orphans;
use outcome::{Outcome, outcome, renamed};
use rename::unmarked;
use std::collections::BTreeSet;
use style::{Action, Source};

/// How often what was left out may take more along.
const ROUNDS: usize = 6;

/// Columns that mark what is deleted.
pub(crate) const MARKS: [&str; 6] = [
    "deleted_at",
    "is_deleted",
    "deleted",
    "removed_at",
    "is_archived",
    "archived_at",
];

/// Adds all layers of a resource.
///
/// # Errors
/// Where a reference leads nowhere, or a file can't be edited.
pub(super) fn add(draft: &mut Draft<'_>, wanted: &Wanted<'_>, sibling: &Sibling<'_>) -> Result<(), Refusal> {
    let Wanted {
        noun, specs, standing, ..
    } = *wanted;
    let site = draft.site;
    let table = &sibling.table;
    if wanted.is_soft && !table.fields.iter().any(|field| MARKS.contains(&&*field.name)) {
        return Err(Refusal::DeletesForGood(table.name.to_string()));
    }
    if wanted.asked.says_something() {
        return Err(Refusal::ListsLike(table.name.to_string()));
    }
    let without_owner = match standing {
        Some(_) => specs.to_vec(),
        None => without_owner(&site, sibling, noun, specs),
    };
    let owners = specs.iter().filter(|spec| !without_owner.contains(spec));
    for owner in owners {
        let name = style::words::spoken(&sibling.noun.one);
        draft.note(format!(
            "the {} is who asks, as that of {} is",
            style::words::spoken(&owner.name),
            crate::template::article(&name)
        ));
    }
    let specs = &*without_owner;
    let mut copy = copy_of(&site, sibling, noun, specs, standing)?;
    if let Some(standing) = standing {
        check_standing(&site, &copy, sibling, noun, standing)?;
    }
    if specs.iter().any(FieldSpec::is_moment) {
        let module = renamed(&copy, site.root, &site.ctx.files.path(table.def.file));
        copy.moment = moment::provide(draft, &site.ground(), &module)?;
    }
    let mut outcomes = Vec::new();
    let orphans = Orphans::of(&site, &copy, sibling);
    for _ in 0..ROUNDS {
        let before = copy.count_gone();
        outcomes = sibling
            .files
            .iter()
            .map(|file| outcome(&site, &mut copy, file))
            .collect();
        orphans.forget(&site, &mut copy, &outcomes);
        forget_foreign(&mut copy, sibling, &outcomes);
        if copy.count_gone() == before {
            break;
        }
    }
    if let Some(conflict) = copy.conflict.as_mut().filter(|conflict| !conflict.is_raised) {
        let actions = [Action::Create, Action::Replace, Action::Update];
        let handlers = actions
            .into_iter()
            .flat_map(|action| find::handlers(&site, sibling, action));
        conflict.handlers = handlers.collect();
        let files = sibling.files.iter();
        outcomes = files.map(|file| outcome(&site, &mut copy, file)).collect();
    }
    let lost = lost_handlers(&site, &copy, sibling, &outcomes);
    if !lost.is_empty() {
        return Err(Refusal::ItsOwn(table.name.to_string(), lost.join(", ")));
    }
    for (file, outcome) in sibling.files.iter().zip(outcomes) {
        if outcome.is_empty() {
            continue;
        }
        let Outcome {
            path,
            module,
            count,
            inserts,
            attributes,
            needs,
        } = outcome;
        let format = site.ctx.format_of(&Source::parse(file.id, file.text.clone()));
        if count > 0 {
            let reused = draft.module(&path, &module, &format)?;
            draft.note_reuse(&path, &reused);
        }
        for (offset, text) in inserts.into_iter().chain(attributes) {
            draft.insert(&path, &format, offset, text)?;
        }
        draft.need(&path, &format, needs)?;
    }
    if standing.is_none_or(|standing| !standing.is_table()) {
        add_migration(draft, &copy, sibling, noun)?;
    }
    note_duplicates(draft, &copy, sibling);
    draft.note(format!("written like {}", style::words::spoken(&sibling.noun.one)));
    note_gone(draft, &copy);
    Ok(())
}

/// Says what was left out, and why.
fn note_gone(draft: &mut Draft<'_>, copy: &Copy) {
    let quoted = |names: Vec<&String>| {
        names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    // What tests need goes with the tests.
    let (own, of_tests) = match copy.rowless.is_empty() {
        true => (copy.gone.union(&copy.gone_tests).collect(), Vec::new()),
        false => (copy.gone.iter().collect(), copy.gone_tests.iter().collect()),
    };
    let gone: Vec<&String> = own;
    if !gone.is_empty() {
        draft.note(format!(
            "left out, as they are about fields of their own: {}",
            quoted(gone)
        ));
    }
    if !copy.foreign.is_empty() {
        draft.note(format!(
            "left out, as others have it only for {}: {}",
            style::words::spoken(&style::words::plural(&copy.one)),
            quoted(copy.foreign.iter().collect())
        ));
    }
    if !of_tests.is_empty() {
        let referred = copy
            .specs
            .iter()
            .filter(|spec| !spec.optional)
            .filter_map(|spec| match &spec.kind {
                FieldKind::Reference(class) => Some(class),
                _ => None,
            });
        draft.note(format!(
            "left out, as nothing there makes a row of {} to refer to, with what uses it: {}",
            quoted(referred.collect()),
            quoted(of_tests)
        ));
    }
}

/// What creates or reads one of the sibling's things, where nothing of the copy does: it rests on what only the sibling has.
fn lost_handlers(site: &Site<'_>, copy: &Copy, sibling: &Sibling<'_>, outcomes: &[Outcome]) -> Vec<String> {
    let is_kept = |(id, name): &(FileId, String)| {
        let Some(new) = copy.map.function(name) else {
            return false;
        };
        let head = format!("def {}(", copy.renaming.identifier(&new));
        let mut written = sibling.files.iter().zip(outcomes);
        written.any(|(file, outcome)| file.id == *id && outcome.module.contains(&head))
    };
    let mut lost = BTreeSet::new();
    for action in [Action::Create, Action::Read] {
        let handlers = find::handlers(site, sibling, action);
        if !handlers.iter().any(is_kept) {
            lost.extend(handlers.into_iter().map(|(_, name)| format!("`{name}`")));
        }
    }
    lost.into_iter().collect()
}

/// Refuses a model that the code of its sibling would not find, or that lacks a column on which that rests.
fn check_standing(
    site: &Site<'_>,
    copy: &Copy,
    sibling: &Sibling<'_>,
    noun: &Noun,
    standing: &Standing<'_>,
) -> Result<(), Refusal> {
    let path = renamed(copy, site.root, &site.ctx.files.path(sibling.table.def.file));
    standing.check_free(site, &path, noun)?;
    if !standing.is_table() {
        return Ok(());
    }
    let own = site.ctx.files.path(standing.schema.def.file);
    if *own != *path {
        let [own, path] = [&*own, &*path].map(|path| shown(site.root, path));
        return Err(Refusal::Apart(noun.class.clone(), own, path));
    }
    let is_common = |name: &str| RESERVED.contains(&name) || MARKS.contains(&name);
    let common = sibling.table.fields.iter().filter(|field| is_common(&field.name));
    for field in common {
        let key = (&*field.name == "id").then(|| core(&site.ctx, field));
        standing.require(site, &field.name, key.as_deref())?;
    }
    Ok(())
}

/// Says where nothing answers what only the database refuses: what writes is shared with others.
fn note_duplicates(draft: &mut Draft<'_>, copy: &Copy, sibling: &Sibling<'_>) {
    if copy.conflict.as_ref().is_none_or(|conflict| conflict.is_raised) {
        return;
    }
    let unique = copy.specs.iter().filter(|spec| spec.unique);
    let unique: Vec<String> = unique.map(|spec| format!("`{}`", unmarked(&spec.name))).collect();
    draft.note(format!(
        "nothing answers a second {} with 409, as no {} has such a field: `routewright add errors` handles it",
        unique.join(" or "),
        style::words::spoken(&sibling.noun.one)
    ));
}

/// The migration that makes the new table.
fn add_migration(draft: &mut Draft<'_>, copy: &Copy, sibling: &Sibling<'_>, noun: &Noun) -> Result<(), Refusal> {
    let site = draft.site;
    let table = sibling.table;
    let file = site.ctx.files.path(table.def.file);
    let source = Source::read(site.ctx.files, table.def.file);
    let Some(source) = source else { return Ok(()) };
    let format = site.ctx.format_of(&source);
    let model = TableModel {
        path: &renamed(copy, site.root, &file),
        module: &copy.renaming.identifier(&table.module),
        class: &copy.renaming.identifier(&table.name),
        table: &copy.renaming.identifier(table.table.as_deref().unwrap_or_default()),
    };
    let migration = Migration {
        message: &format!("add {}", style::words::spoken(&noun.many)),
        tables: &[model],
        columns: None,
    };
    migration::write(draft, &migration, &format)
}
