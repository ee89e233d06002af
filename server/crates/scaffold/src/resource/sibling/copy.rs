//! What a copy is: the names, fields and classes that all files of it share, as they are known when it begins.

use super::{
    find::{self, File, Sibling},
    lines::ClassKind,
    map::{self, FieldMap},
    outcome::{binds, is_of_others, is_own, mentions_word},
    rename::Renaming,
    rewrite::{Conflict, NullCheck, capitalized},
    shorts::Shorts,
};
use crate::{
    Refusal, Site,
    draft::python,
    ground::Symbol,
    layout::Noun,
    require, resolve,
    resource::{
        fields::{FieldKind, FieldSpec, Target},
        model::{Standing, declaration_of, is_key_of_another},
        target,
    },
    terms::Errors,
};
use ::model::{Schema, SchemaKind};
use base::FileId;
use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;
use std::collections::{BTreeMap, BTreeSet};

/// What all files of one copy share.
pub(super) struct Copy {
    pub(super) map: FieldMap,
    pub(super) renaming: Renaming,
    /// What one of the sibling's things is called.
    pub(super) one: String,
    /// The fields of the new resource, protected from being renamed.
    pub(super) specs: Vec<FieldSpec>,
    pub(super) targets: BTreeMap<String, Target>,
    /// The classes that declare the sibling's fields, by file and name.
    pub(super) classes: BTreeMap<(FileId, String), ClassKind>,
    /// All classes that declare fields, whatever they are about.
    pub(super) declaring: BTreeSet<(FileId, String)>,
    /// What the project's other tables are called.
    pub(super) others: Vec<Noun>,
    /// Where the fields are declared that are sent to create one: file and offset.
    pub(super) sent: BTreeSet<(FileId, u32)>,
    /// The fields that a new one of the sibling can't do without.
    pub(super) required: BTreeSet<String>,
    /// Names by which functions ask who is asking: that is required whether they use the answer or not.
    pub(super) guards: BTreeSet<String>,
    /// Functions and methods that were left out, by name.
    pub(super) gone: BTreeSet<String>,
    /// Those of tests: what has their name in the app is something else.
    pub(super) gone_tests: BTreeSet<String>,
    /// What is named after the sibling and is another resource's: nobody misses it in the copy.
    pub(super) of_others: BTreeSet<String>,
    /// Attributes that others have for the sibling alone.
    pub(super) foreign: BTreeSet<String>,
    /// Those of them that would need a row of another table, which nothing of the sibling's makes.
    pub(super) rowless: BTreeSet<String>,
    /// What is raised where the database refuses a value that is there already, if the sibling says nothing of that.
    pub(super) conflict: Option<Conflict>,
    /// What refuses `null` for what has to be there, if the sibling does not.
    pub(super) null_check: Option<NullCheck>,
    /// The project's own column type of moments.
    pub(super) moment: Option<Symbol>,
    /// Whether its tables are dataclasses.
    pub(super) is_dataclass: bool,
}

impl Copy {
    /// Takes note of something that is left out, of the app or of its tests.
    pub(super) fn leave_out(&mut self, name: String, is_test: bool) {
        match is_test {
            true => self.gone_tests.insert(name),
            false => self.gone.insert(name),
        };
    }

    /// Whether something is left out that code of the app, or of its tests, can name.
    pub(super) fn is_left_out(&self, name: &str, is_test: bool) -> bool {
        self.gone.contains(name) || self.of_others.contains(name) || (is_test && self.gone_tests.contains(name))
    }

    /// Whether a class is a table of another resource.
    pub(super) fn is_another_table(&self, class: &str) -> bool {
        self.others.iter().any(|other| other.class == class)
    }

    /// How much is left out.
    pub(super) fn count_gone(&self) -> usize {
        [&self.gone, &self.gone_tests, &self.of_others, &self.foreign]
            .map(BTreeSet::len)
            .iter()
            .sum()
    }
}

pub(super) fn copy_of(
    site: &Site<'_>,
    sibling: &Sibling<'_>,
    noun: &Noun,
    specs: &[FieldSpec],
    standing: Option<&Standing<'_>>,
) -> Result<Copy, Refusal> {
    let mut renaming = Renaming::new(&sibling.noun, noun);
    for file in &sibling.files {
        keep_libraries(site, file, &file.suite, &mut renaming);
        define(site, file, &mut renaming);
    }
    let others = find::others(site, sibling.table);
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
    let creating = creating(&about, sibling);
    let unique = unique_fields(site, sibling.table);
    let mut kept = owned(site, sibling.table, creating, specs);
    kept.extend(inherited(site, sibling, &renaming));
    // A table that is there has what it has.
    if let Some(table) = standing.filter(|standing| standing.is_table()) {
        kept.retain(|name| table.schema.fields.iter().any(|field| *field.name == **name));
    }
    let map = FieldMap::new(sibling.table, creating, &unique, &kept, specs).with_names(|name| renaming.protected(name));
    let shorts = shorts(site, sibling, noun, (&others, &map), &renaming);
    renaming.shorten(shorts);
    let required: BTreeSet<String> = creating
        .fields
        .iter()
        .filter(|field| field.required && map.has(&field.name) && !field.is_relationship)
        .map(|field| field.name.to_string())
        .collect();
    let mut copy = Copy {
        map,
        one: sibling.noun.one.clone(),
        specs: specs.iter().map(|spec| protected(&renaming, spec)).collect(),
        targets: targets(site, &renaming, specs)?,
        classes,
        declaring: declaring(site),
        others,
        sent: creating
            .fields
            .iter()
            .map(|field| (field.at.file, site.ctx.files.span(field.at).start))
            .collect(),
        required,
        guards: require::guard_names(site),
        gone: BTreeSet::new(),
        gone_tests: BTreeSet::new(),
        of_others: BTreeSet::new(),
        foreign: BTreeSet::new(),
        rowless: BTreeSet::new(),
        conflict: conflict(site, sibling, &renaming, noun, specs),
        null_check: None,
        moment: None,
        is_dataclass: has_dataclasses(site),
        renaming,
    };
    let files = sibling.files.iter();
    let shared = files.filter(|file| !is_own(site, &copy, &file.path));
    let stems = shared.filter_map(|file| Some(file.path.file_stem()?.to_string_lossy().into_owned()));
    let stems: Vec<String> = stems.filter(|stem| copy.renaming.is_about(stem)).collect();
    copy.renaming.share(stems);
    copy.null_check = NullCheck::of(site, &copy, sibling);
    for (file, name) in find::own_actions(site, sibling) {
        match is_of_others(site, &copy, &site.ctx.files.path(file)) {
            true => copy.of_others.insert(name),
            false => copy.gone.insert(name),
        };
    }
    Ok(copy)
}

/// The fields without those that say whose a thing is, where that is who asks, as it is for the sibling's things: `owner:User`.
pub(super) fn without_owner(
    site: &Site<'_>,
    sibling: &Sibling<'_>,
    noun: &Noun,
    specs: &[FieldSpec],
) -> Vec<FieldSpec> {
    let renaming = Renaming::new(&sibling.noun, noun);
    let schemas = site.ctx.model.schemas.iter();
    let about: Vec<&Schema> = schemas.filter(|schema| renaming.is_about(&schema.name)).collect();
    let creating = creating(&about, sibling);
    let is_owner = |spec: &&FieldSpec| {
        let others: Vec<FieldSpec> = specs.iter().filter(|other| other != spec).cloned().collect();
        let is_reference = matches!(spec.kind, FieldKind::Reference(_));
        is_reference
            && owned(site, sibling.table, creating, &others).contains(&spec.column())
            && leads_as(sibling.table, spec)
    };
    specs.iter().filter(|spec| !is_owner(spec)).cloned().collect()
}

/// Whether a table has a relationship of the field's name to the same model, or none of that name.
fn leads_as(table: &Schema, spec: &FieldSpec) -> bool {
    let FieldKind::Reference(class) = &spec.kind else {
        return false;
    };
    let mut fields = table.fields.iter();
    let relationship = fields.find(|field| field.is_relationship && *field.name == *spec.name);
    let core = |field: &model::Field| field.ty.as_ref().map_or("", |ty| map::core_of(&ty.display)).to_owned();
    relationship.is_none_or(|field| core(field) == *class)
}

/// What clients send to create one of the sibling's things.
fn creating<'a>(about: &[&'a Schema], sibling: &Sibling<'a>) -> &'a Schema {
    let is_it = |schema: &&&Schema| {
        let words = ["Create", "In", "New", "Add"];
        words.iter().any(|word| schema.name.contains(word))
    };
    about.iter().find(is_it).copied().unwrap_or(sibling.table)
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

/// What a file defines that is copied along: all of it where the file is the sibling's, else what is named after that.
fn define(site: &Site<'_>, file: &File, renaming: &mut Renaming) {
    let is_own = is_named_after(site, file, renaming);
    for stmt in &file.suite {
        if is_own || binds(stmt).iter().any(|name| renaming.is_about(name)) {
            renaming.define(std::slice::from_ref(stmt));
        }
    }
}

/// What says the sibling's noun by its last word, in what is copied.
fn shorts(
    site: &Site<'_>,
    sibling: &Sibling<'_>,
    noun: &Noun,
    (others, map): (&[Noun], &FieldMap),
    renaming: &Renaming,
) -> Option<Shorts> {
    let mut copied = Vec::new();
    let mut kept: BTreeSet<String> = sibling
        .table
        .fields
        .iter()
        .map(|field| field.name.to_string())
        .filter(|name| !map.has(name))
        .collect();
    for file in &sibling.files {
        let is_own = is_named_after(site, file, renaming);
        let is_about = |stmt: &Stmt| binds(stmt).iter().any(|name| renaming.is_about(name));
        for stmt in &file.suite {
            match stmt {
                Stmt::Import(_) | Stmt::ImportFrom(_) if is_own => kept.extend(binds(stmt)),
                _ if is_own || is_about(stmt) => copied.push(stmt),
                _ => {}
            }
        }
    }
    Shorts::of(&sibling.noun, noun, others, renaming, &copied, &kept)
}

/// Whether a module, or a folder that it is in, is named after the sibling.
fn is_named_after(site: &Site<'_>, file: &File, renaming: &Renaming) -> bool {
    let below = file.path.strip_prefix(site.root).unwrap_or(&file.path);
    let below = below.with_extension("");
    below.iter().any(|part| renaming.is_about(&part.to_string_lossy()))
}

/// Whether the base class of the tables makes dataclasses of them.
pub(in crate::resource) fn has_dataclasses(site: &Site<'_>) -> bool {
    let ground = site.ground();
    let base = ground.base.found().and_then(|base| base.class.as_ref());
    let text = base.and_then(|class| site.disk.text(&class.path));
    text.is_some_and(|text| mentions_word(&text, "MappedAsDataclass"))
}

/// The fields of a table that say whose it is, where that is who creates it and the new resource says nothing of it: what
/// is owned stays owned, or everybody could see and change it.
fn owned(site: &Site<'_>, table: &Schema, creating: &Schema, specs: &[FieldSpec]) -> BTreeSet<String> {
    let accounts = || site.ctx.model.tables().filter(|schema| find::is_identity(schema));
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

/// The fields of a table that a class declares which is not named after it, such as a mixin: every table has them.
fn inherited<'a>(
    site: &'a Site<'_>,
    sibling: &'a Sibling<'_>,
    renaming: &'a Renaming,
) -> impl Iterator<Item = String> + 'a {
    let is_own = |field: &model::Field| {
        let Some(file) = sibling.files.iter().find(|file| file.id == field.at.file) else {
            return false;
        };
        let at = site.ctx.files.span(field.at).start;
        let mut classes = file.suite.iter().filter_map(Stmt::as_class_def_stmt);
        classes.any(|class| class.range().contains(at.into()) && renaming.is_about(&class.name))
    };
    let fields = sibling.table.fields.iter().filter(move |field| !is_own(field));
    fields.map(|field| field.name.to_string())
}

/// The fields of a table that are declared with `unique=True`.
pub(super) fn unique_fields(site: &Site<'_>, table: &Schema) -> BTreeSet<String> {
    let is_unique = |field: &&model::Field| declaration_of(site, field).contains("unique=True");
    table
        .fields
        .iter()
        .filter(is_unique)
        .map(|field| field.name.to_string())
        .collect()
}

/// The classes of tables and schemas, settings among them.
fn declaring(site: &Site<'_>) -> BTreeSet<(FileId, String)> {
    let schemas = site.ctx.model.schemas.iter();
    let declaring = schemas.filter(|schema| class_kind(schema.kind).is_some());
    declaring
        .map(|schema| (schema.def.file, schema.name.to_string()))
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

/// A field whose words mean what they say, also where they are the sibling's noun.
fn protected(renaming: &Renaming, spec: &FieldSpec) -> FieldSpec {
    let word = |text: &String| renaming.protected(text);
    FieldSpec {
        name: word(&spec.name),
        kind: match &spec.kind {
            FieldKind::Enum(words) => FieldKind::Enum(words.iter().map(word).collect()),
            kind => kind.clone(),
        },
        default: spec.default.as_ref().map(word),
        limits: spec.limits.as_ref().map(word),
        ..spec.clone()
    }
}

/// The models that references lead to, by field, protected as the fields are.
fn targets(site: &Site<'_>, renaming: &Renaming, specs: &[FieldSpec]) -> Result<BTreeMap<String, Target>, Refusal> {
    let mut targets = BTreeMap::new();
    for spec in specs {
        let FieldKind::Reference(class) = &spec.kind else {
            continue;
        };
        let target = target(site, &spec.name, class)?;
        let table = renaming.protected(&target.table);
        targets.insert(renaming.protected(&spec.name), Target { table, ..target });
    }
    Ok(targets)
}

/// What a second thing with the same value is answered with: the sibling has no unique field, and nothing turns the database's
/// error into an answer.
fn conflict(
    site: &Site<'_>,
    sibling: &Sibling<'_>,
    renaming: &Renaming,
    noun: &Noun,
    specs: &[FieldSpec],
) -> Option<Conflict> {
    let ground = site.ground();
    // What the sibling answers itself, its copy does too.
    const ANSWERS: [&str; 5] = ["409", "lready", "uplicate", "Conflict", "exists"];
    let has_unique = !unique_fields(site, sibling.table).is_empty();
    let own = |file: &&File| is_named_after(site, file, renaming);
    let has_own = sibling.files.iter().any(|file| own(&file));
    let answers =
        |file: &File| has_unique && (!has_own || own(&file)) && ANSWERS.iter().any(|word| file.text.contains(word));
    let catches =
        |file: &File| catches_refusals(&file.text) || answers(file) || (own(&file) && bases_catch(site, file));
    let is_asked = specs.iter().any(|spec| spec.unique);
    if !is_asked || ground.answers_refusals || sibling.files.iter().any(catches) {
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

/// Whether code catches what the database refuses.
fn catches_refusals(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| line.starts_with("except ") && line.contains("IntegrityError"))
}

/// Whether a module of the project does from which a file takes the bases of its classes.
fn bases_catch(site: &Site<'_>, file: &File) -> bool {
    let classes = file.suite.iter().filter_map(Stmt::as_class_def_stmt);
    let bases = classes.flat_map(|class| class.bases());
    let names: Vec<&str> = bases
        .map(|base| file.text[base.range()].split(['[', '.']).next().unwrap_or_default())
        .collect();
    let imports = file.suite.iter().filter_map(Stmt::as_import_from_stmt);
    let mut of_bases = imports.filter(|import| {
        let mut bound = import
            .names
            .iter()
            .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name));
        bound.any(|bound| names.contains(&bound.as_str()))
    });
    of_bases.any(|import| {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        let named = format!("{}{module}", ".".repeat(import.level as usize));
        let found = resolve::module_file(&site.ctx, file.id, &named);
        found.is_some_and(|found| catches_refusals(&site.ctx.files.text(found)))
    })
}
