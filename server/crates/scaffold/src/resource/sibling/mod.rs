//! A resource written like one that the project has: its sibling's modules with another noun and other fields.
//!
//! What the sibling's own modules and the statements named after it say is said again for the new resource, wherever it
//! stands and however many layers there are. Fields of one kind take each other's place; what is about a field that is gone
//! goes with it: a link of a query, an argument, a statement, a function, a test.

mod edits;
mod find;
mod lines;
mod map;
mod register;
mod rename;
mod rewrite;
mod visit;

use super::{
    fields::{FieldKind, FieldSpec, RESERVED, Target},
    fresh::Wanted,
    model::{Standing, core, declaration_of, is_key_of_another},
};
use crate::{
    Refusal, Site,
    draft::{Draft, python},
    ground::is_test,
    imports::Need,
    layout::Noun,
    migration::{self, Migration, TableModel},
    moment, require, resolve,
    router::shown,
    terms::Errors,
};
use base::FileId;
use find::File;
pub(super) use find::{Sibling, candidates, is_whole};
use lines::{ClassKind, Dialect};
use map::FieldMap;
use model::{Schema, SchemaKind};
use register::{point_back, put_behind_definitions, re_export, register};
use rename::Renaming;
use rewrite::{Conflict, Copy, Rewriter, capitalized};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};
use style::{Action, Source};

/// How often what was left out may take more along.
const ROUNDS: usize = 4;

/// Columns that mark what is deleted.
pub(crate) const MARKS: [&str; 6] = [
    "deleted_at",
    "is_deleted",
    "deleted",
    "removed_at",
    "is_archived",
    "archived_at",
];

/// What one file of the sibling becomes.
struct Outcome {
    /// Where it goes: the same file, or a new one.
    path: PathBuf,
    /// A module of what is new.
    module: String,
    /// How many statements that is.
    count: usize,
    inserts: Vec<(u32, String)>,
    /// Attributes of other classes: their annotations are read later.
    attributes: Vec<(u32, String)>,
    needs: Vec<Need>,
}

impl Outcome {
    /// Whether nothing in the file is the sibling's.
    fn is_empty(&self) -> bool {
        self.count == 0 && self.inserts.is_empty() && self.attributes.is_empty() && self.needs.is_empty()
    }
}

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
    let mut copy = copy_of(&site, sibling, noun, specs)?;
    if let Some(standing) = standing {
        check_standing(&site, &copy, sibling, noun, standing)?;
    }
    if specs.iter().any(FieldSpec::is_moment) {
        let module = renamed(&copy, site.root, &site.ctx.files.path(table.def.file));
        copy.moment = moment::provide(draft, &site.ground(), &module)?;
    }
    let mut outcomes = Vec::new();
    let classes = own_classes(&copy, sibling);
    let words = Words::of(sibling.files.iter().map(|file| &*file.text));
    for _ in 0..ROUNDS {
        let before = copy.gone.len();
        outcomes = sibling
            .files
            .iter()
            .map(|file| outcome(&site, &mut copy, file))
            .collect();
        forget_orphans(&mut copy, &classes, &words, &outcomes);
        if copy.gone.len() == before {
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
    let gone: Vec<String> = copy.gone.iter().map(|name| format!("`{name}`")).collect();
    if !gone.is_empty() {
        draft.note(format!(
            "left out, as they are about fields of their own: {}",
            gone.join(", ")
        ));
    }
    Ok(())
}

/// What creates or reads one of the sibling's things, where nothing of the copy does: it rests on what only the sibling has.
fn lost_handlers(site: &Site<'_>, copy: &Copy<'_>, sibling: &Sibling<'_>, outcomes: &[Outcome]) -> Vec<String> {
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
    copy: &Copy<'_>,
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
        let key = (&*field.name == "id").then(|| core(field));
        standing.require(&field.name, key.as_deref())?;
    }
    Ok(())
}

/// What a second thing with the same value is answered with: the sibling has no unique field, and nothing turns the database's
/// error into an answer.
fn conflict(site: &Site<'_>, sibling: &Sibling<'_>, noun: &Noun, specs: &[FieldSpec]) -> Option<Conflict> {
    let ground = site.ground();
    let is_new = specs.iter().any(|spec| spec.unique) && unique_fields(site, sibling.table).is_empty();
    // What the sibling catches itself, its copy does too.
    let catches = |file: &File| file.text.contains("except IntegrityError");
    if !is_new || ground.answers_refusals || sibling.files.iter().any(catches) {
        return None;
    }
    let errors = Errors::of(site, &ground);
    let one = style::words::spoken(&noun.one);
    Some(Conflict {
        raised: ground.with_statuses(errors.raised(409, &format!("{} already exists", capitalized(&one)))),
        imports: format!("from sqlalchemy.exc import IntegrityError\n{}", errors.imports()),
        is_raised: false,
        handlers: Vec::new(),
    })
}

/// Says where nothing answers what only the database refuses: what writes is shared with others.
fn note_duplicates(draft: &mut Draft<'_>, copy: &Copy<'_>, sibling: &Sibling<'_>) {
    if copy.conflict.as_ref().is_none_or(|conflict| conflict.is_raised) {
        return;
    }
    let unique = copy.specs.iter().filter(|spec| spec.unique);
    let unique: Vec<String> = unique.map(|spec| format!("`{}`", spec.name)).collect();
    draft.note(format!(
        "nothing answers a second {} with 409, as no {} has such a field: `routewright add errors` handles it",
        unique.join(" or "),
        style::words::spoken(&sibling.noun.one)
    ));
}

/// The migration that makes the new table.
fn add_migration(draft: &mut Draft<'_>, copy: &Copy<'_>, sibling: &Sibling<'_>, noun: &Noun) -> Result<(), Refusal> {
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

/// Where what a file says of the sibling goes: into the new resource's own file, or the same that all share.
fn renamed(copy: &Copy<'_>, root: &Path, path: &Path) -> PathBuf {
    let below = path.strip_prefix(root).unwrap_or(path);
    if Owner::of(copy, below) != Owner::Sibling {
        return path.to_path_buf();
    }
    let parts = below.iter();
    root.join(
        parts
            .map(|part| copy.renaming.identifier(&part.to_string_lossy()))
            .collect::<PathBuf>(),
    )
}

/// Classes that only what was left out had a use for, such as the choices of a field.
fn forget_orphans(copy: &mut Copy<'_>, classes: &[String], before: &Words, outcomes: &[Outcome]) {
    let modules = || outcomes.iter().map(|outcome| outcome.module.as_str());
    let after = Words::of(modules());
    // Where it is defined, and imported for others to import.
    let imports = Words::of(modules().flat_map(|module| {
        module
            .lines()
            .filter(|line| line.starts_with("from ") || line.starts_with("import "))
    }));
    for name in classes {
        let new = copy.renaming.identifier(name);
        if before.count(name) > 1 && after.count(&new) <= 1 + imports.count(&new) {
            copy.gone.insert(name.clone());
        }
    }
}

/// The classes of the sibling's files that are named after it.
fn own_classes(copy: &Copy<'_>, sibling: &Sibling<'_>) -> Vec<String> {
    let statements = sibling.files.iter().flat_map(|file| &file.suite);
    statements
        .filter_map(|stmt| match stmt {
            Stmt::ClassDef(class) if copy.renaming.is_about(&class.name) => Some(class.name.to_string()),
            _ => None,
        })
        .collect()
}

/// How often each word stands in some texts.
struct Words(HashMap<String, usize>);

impl Words {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for text in texts {
            for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
                *counts.entry(word).or_default() += 1;
            }
        }
        Self(
            counts
                .into_iter()
                .map(|(word, count)| (word.to_owned(), count))
                .collect(),
        )
    }

    fn count(&self, word: &str) -> usize {
        self.0.get(word).copied().unwrap_or_default()
    }
}

fn copy_of<'c>(
    site: &Site<'_>,
    sibling: &Sibling<'_>,
    noun: &Noun,
    specs: &'c [FieldSpec],
) -> Result<Copy<'c>, Refusal> {
    let mut renaming = Renaming::new(&sibling.noun, noun);
    for file in &sibling.files {
        keep_libraries(site, file, &file.suite, &mut renaming);
    }
    let about: Vec<&Schema> = site
        .ctx
        .model
        .schemas
        .iter()
        .filter(|schema| renaming.is_about(&schema.name))
        .collect();
    let classes = about
        .iter()
        .filter_map(|schema| {
            let place = (schema.def.file, schema.name.to_string());
            Some((place, class_kind(schema.kind)?))
        })
        .collect();
    let creating = about
        .iter()
        .find(|schema| {
            ["Create", "In", "New", "Add"]
                .iter()
                .any(|word| schema.name.contains(word))
        })
        .copied()
        .unwrap_or(sibling.table);
    let unique = unique_fields(site, sibling.table);
    let kept = owned(site, sibling.table, creating, specs);
    let map = FieldMap::new(sibling.table, creating, &unique, &kept, specs);
    let required: BTreeSet<String> = creating
        .fields
        .iter()
        .filter(|field| field.required && map.has(&field.name) && !field.is_relationship)
        .map(|field| field.name.to_string())
        .collect();
    Ok(Copy {
        map,
        renaming,
        one: sibling.noun.one.clone(),
        specs,
        targets: targets(site, specs)?,
        classes,
        others: find::others(site, sibling.table),
        sent: creating
            .fields
            .iter()
            .map(|field| (field.at.file, site.ctx.files.span(field.at).start))
            .collect(),
        required,
        guards: require::guard_names(site),
        gone: BTreeSet::new(),
        conflict: conflict(site, sibling, noun, specs),
        moment: None,
        is_dataclass: has_dataclasses(site),
    })
}

/// What a file imports from libraries keeps its name.
fn keep_libraries(site: &Site<'_>, file: &File, block: &[Stmt], renaming: &mut Renaming) {
    for stmt in block {
        for inner in python::blocks(stmt) {
            keep_libraries(site, file, inner, renaming);
        }
        let Stmt::ImportFrom(import) = stmt else { continue };
        let Some(module) = import.module.as_ref().filter(|_| import.level == 0) else {
            continue;
        };
        let top = module.split('.').next().unwrap_or_default();
        let is_of_project = |name: &str| {
            let found = resolve::module_file(&site.ctx, file.id, name);
            found.is_some_and(|found| site.ctx.files.path(found).starts_with(site.root))
        };
        let is_own = is_of_project(top) || is_of_project(module);
        let is_new = |name: &&String| renaming.is_about(name);
        let names: Vec<String> = binds(stmt).iter().filter(is_new).cloned().collect();
        let is_about = module.split('.').any(|part| renaming.is_about(part));
        if !is_own && (is_about || !names.is_empty()) {
            renaming.keep(module, names.into_iter());
        }
    }
}

/// Whether the base class of the tables makes dataclasses of them.
fn has_dataclasses(site: &Site<'_>) -> bool {
    let ground = site.ground();
    let base = ground.base.found().and_then(|base| base.class.as_ref());
    let text = base.and_then(|class| site.disk.text(&class.path));
    text.is_some_and(|text| mentions_word(&text, "MappedAsDataclass"))
}

/// The fields of a table that say whose it is, where that is who creates it and the new resource says nothing of it: what
/// is owned stays owned, or everybody could see and change it.
fn owned(site: &Site<'_>, table: &Schema, creating: &Schema, specs: &[FieldSpec]) -> BTreeSet<String> {
    let schemas = &site.ctx.model.schemas;
    let accounts = || {
        schemas
            .iter()
            .filter(|schema| schema.table.is_some() && find::is_identity(schema))
    };
    let is_account = |class: &str| accounts().any(|schema| *schema.name == *class);
    let is_said = |class: &str| {
        specs
            .iter()
            .any(|spec| matches!(&spec.kind, FieldKind::Reference(other) if other == class))
    };
    let is_sent = |name: &str| creating.def != table.def && creating.fields.iter().any(|field| *field.name == *name);
    let mut kept = BTreeSet::new();
    for field in table.fields.iter().filter(|field| field.is_relationship) {
        let class = field.ty.as_ref().map_or("", |ty| map::core_of(&ty.display));
        let key = format!("{}_id", field.name);
        if is_account(class)
            && !is_said(class)
            && !is_sent(&key)
            && table.fields.iter().any(|field| *field.name == *key)
        {
            kept.extend([key, field.name.to_string()]);
        }
    }
    // A key without a relationship says so as well.
    for account in accounts().filter(|account| !is_said(&account.name)) {
        let key = format!("{}.", account.table.as_deref().unwrap_or_default());
        let refers = |field: &&model::Field| {
            let declared = declaration_of(site, field);
            is_key_of_another(&declared)
                && (declared.contains(&format!("\"{key}")) || declared.contains(&format!("'{key}")))
        };
        let keys = table.fields.iter().filter(|field| !is_sent(&field.name)).filter(refers);
        kept.extend(keys.map(|field| field.name.to_string()));
    }
    kept
}

/// The fields of a table that are declared with `unique=True`.
fn unique_fields(site: &Site<'_>, table: &Schema) -> BTreeSet<String> {
    let is_unique = |field: &&model::Field| declaration_of(site, field).contains("unique=True");
    table
        .fields
        .iter()
        .filter(is_unique)
        .map(|field| field.name.to_string())
        .collect()
}

fn class_kind(kind: SchemaKind) -> Option<ClassKind> {
    match kind {
        SchemaKind::SqlAlchemy => Some(ClassKind::Table),
        SchemaKind::SqlModel | SchemaKind::SqlModelTable => Some(ClassKind::SqlModel),
        SchemaKind::Pydantic | SchemaKind::PydanticV1 => Some(ClassKind::Schema),
        _ => None,
    }
}

/// The models that references lead to, by field.
fn targets(site: &Site<'_>, specs: &[FieldSpec]) -> Result<BTreeMap<String, Target>, Refusal> {
    let mut targets = BTreeMap::new();
    for spec in specs {
        let FieldKind::Reference(class) = &spec.kind else {
            continue;
        };
        targets.insert(spec.name.clone(), super::target(site, &spec.name, class)?);
    }
    Ok(targets)
}

fn outcome(site: &Site<'_>, copy: &mut Copy<'_>, file: &File) -> Outcome {
    let path = renamed(copy, site.root, &file.path);
    let owner = Owner::of(copy, file.path.strip_prefix(site.root).unwrap_or(&file.path));
    let mut outcome = Outcome {
        path,
        module: String::new(),
        count: 0,
        inserts: Vec::new(),
        attributes: Vec::new(),
        needs: Vec::new(),
    };
    let is_test = is_test(site.root, &file.path);
    read(copy, file, (owner, is_test), &mut outcome);
    put_behind_definitions(&mut outcome);
    outcome
}

/// Whose a module is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The sibling's: the module or a folder above it is named after it.
    Sibling,
    /// That of another resource.
    Another,
    /// All share it.
    Nobody,
}

/// Modules that are named after a layer, whatever tables there are.
const LAYERS: [&str; 12] = [
    "api",
    "crud",
    "dependencies",
    "deps",
    "main",
    "models",
    "repositories",
    "routers",
    "schemas",
    "services",
    "tests",
    "views",
];

impl Owner {
    /// By the path below the project's folder.
    fn of(copy: &Copy<'_>, below: &Path) -> Self {
        let mut parts = below.iter().rev().map(|part| part.to_string_lossy());
        let file = parts.next().unwrap_or_default().trim_end_matches(".py").to_owned();
        let names: Vec<String> = std::iter::once(file)
            .chain(parts.map(|part| part.into_owned()))
            .collect();
        let is_shared = |name: &str| copy.renaming.is_about_another(name, &copy.others);
        let is_own = |name: &String| copy.renaming.is_about(name) && !is_shared(name);
        if names.iter().any(is_own) {
            return Self::Sibling;
        }
        let is_layer = |name: &str| LAYERS.contains(&name) || LAYERS.contains(&&*style::words::plural(name));
        let is_theirs = |name: &String| !is_layer(name) && !copy.renaming.is_about(name) && is_shared(name);
        match names.iter().take(2).any(is_theirs) {
            true => Self::Another,
            false => Self::Nobody,
        }
    }
}

/// Takes from a module what is the sibling's.
fn read(copy: &mut Copy<'_>, file: &File, (owner, is_test): (Owner, bool), outcome: &mut Outcome) {
    let suite = file.suite.as_slice();
    let is_own = owner == Owner::Sibling;
    let text = &*file.text;
    let dialect = Dialect::of(text, copy.moment.clone(), copy.is_dataclass);
    let mut imports = vec![dialect.imports(&outcome.path)];
    imports.extend(copy.conflict.iter().map(|conflict| conflict.imports.clone()));
    let mut statements = Vec::new();
    let mut checked = Vec::new();
    let mut docstring = None;
    let mut done = 0;
    for (index, stmt) in suite.iter().enumerate() {
        let start = start_of(text, done, stmt);
        done = stmt.end().to_usize();
        match stmt {
            Stmt::Expr(e) if index == 0 && e.value.is_string_literal_expr() => docstring = Some(&text[stmt.range()]),
            Stmt::Import(_) | Stmt::ImportFrom(_) => imports.push(text[stmt.range()].to_owned()),
            Stmt::If(branch) if is_own && names_type_checking(&branch.test) => checked.extend(&branch.body),
            _ if !is_own && is_of_another(copy, file.id, owner, stmt) => copy.gone.extend(binds(stmt)),
            _ if is_own || is_named_after(copy, stmt) => {
                statements.extend(Rewriter::new(copy, file, &dialect, is_test).statement(stmt, start));
            }
            Stmt::ClassDef(class) => point_back(copy, text, class, suite, outcome),
            _ => register(copy, text, stmt, outcome),
        }
    }
    if !is_own {
        re_export(copy, text, suite, outcome);
    }
    if is_own && is_test {
        drop_unused_fixtures(text, suite, &mut statements);
    }
    outcome.count = statements.len();
    if statements.is_empty() {
        return;
    }
    let body = statements.join("\n\n");
    let under_check: Vec<&str> = checked
        .into_iter()
        .filter(|stmt| binds(stmt).iter().any(|name| mentions_word(&body, name)))
        .map(|stmt| &text[stmt.range()])
        .collect();
    if !under_check.is_empty() {
        imports.push(format!("if TYPE_CHECKING:\n    {}", under_check.join("\n    ")));
    }
    let head = docstring.filter(|_| is_own).unwrap_or_default();
    outcome.module = copy
        .renaming
        .module(&format!("{head}\n\n{}\n\n{body}\n", imports.join("\n")));
}

/// Fixtures that served only what is left out.
fn drop_unused_fixtures(text: &str, suite: &[Stmt], statements: &mut Vec<String>) {
    let others: Vec<String> = suite.iter().map(|stmt| text[stmt.range()].to_owned()).collect();
    for stmt in suite {
        let Stmt::FunctionDef(function) = stmt else { continue };
        let name = function.name.as_str();
        let head = format!("def {name}(");
        let uses = |texts: &[String]| {
            texts
                .iter()
                .filter(|text| !text.contains(&head) && mentions_word(text, name))
                .count()
        };
        if !name.starts_with("test_") && uses(&others) > 0 && uses(statements) == 0 {
            statements.retain(|statement| !statement.contains(&head));
        }
    }
}

/// Where a statement begins, with the comments above it.
fn start_of(text: &str, done: usize, stmt: &Stmt) -> usize {
    let end = stmt.start().to_usize();
    let between = &text[done..end];
    // What stands behind the statement before it, on its line, is not this one's.
    let line = if done == 0 {
        0
    } else {
        between.find('\n').map_or(between.len(), |at| at + 1)
    };
    let comments = &between[line..];
    done + line + (comments.len() - comments.trim_start().len())
}

fn names_type_checking(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        _ => false,
    }
}

/// Whether a statement of a module that others share is the sibling's: by the name that it binds.
fn is_named_after(copy: &Copy<'_>, stmt: &Stmt) -> bool {
    let is_definition = !matches!(stmt, Stmt::If(_));
    is_definition && binds(stmt).iter().any(|name| copy.renaming.is_about(name))
}

/// Whether what is named after the sibling is another resource's part: it stands in that one's module, or is a table that
/// joins both.
fn is_of_another(copy: &Copy<'_>, file: FileId, owner: Owner, stmt: &Stmt) -> bool {
    let is_table = |class: &ast::StmtClassDef| {
        let kind = copy.classes.get(&(file, class.name.to_string()));
        kind.is_some_and(|kind| *kind == ClassKind::Table)
    };
    let is_assigned = match stmt {
        Stmt::Assign(_) | Stmt::AnnAssign(_) => true,
        Stmt::ClassDef(class) => is_table(class),
        _ => false,
    };
    let mut names = binds(stmt).into_iter();
    let mut joins = || is_assigned && names.any(|name| copy.renaming.is_about_another(&name, &copy.others));
    is_named_after(copy, stmt) && (owner == Owner::Another || joins())
}

fn binds(stmt: &Stmt) -> Vec<String> {
    let name = |expr: &Expr| expr.as_name_expr().map(|name| name.id.to_string());
    match stmt {
        Stmt::FunctionDef(function) => vec![function.name.to_string()],
        Stmt::ClassDef(class) => vec![class.name.to_string()],
        Stmt::Assign(assign) => assign.targets.iter().filter_map(name).collect(),
        Stmt::AnnAssign(assign) => name(&assign.target).into_iter().collect(),
        Stmt::ImportFrom(import) => import
            .names
            .iter()
            .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string())
            .collect(),
        _ => Vec::new(),
    }
}

fn mentions_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}
