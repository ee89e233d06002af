//! A resource as our templates have it, for a project that has none to go by.

use super::{
    back,
    examples::Examples,
    fields::{FieldKind, FieldSpec, Plain},
    listing::{Asked, Listing},
    model::Standing,
    relation::{self, Relation},
};
use crate::{
    Refusal, Site,
    client::TestClient,
    database,
    draft::Draft,
    ground::{Ground, Layer, Purpose},
    layout::{Layout, Noun},
    migration::{self, Migration, TableModel},
    moment,
    packages::{self, package},
    router::include::Include,
    schema_names::{self, SchemaUse},
    skeleton, template,
    terms::Terms,
};
use minijinja::{Value, context};
use model::Schema;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A field as the templates have it.
#[derive(Debug, Serialize)]
struct Field {
    name: String,
    python: String,
    schema: String,
    optional: bool,
    column: String,
    /// Its declaration in SQLModel.
    sqlmodel: String,
    constraint: String,
    update_constraint: String,
    /// A value as clients send it; nothing where that is the key of another row.
    sample: Option<String>,
}

/// A resource that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) noun: &'w Noun,
    pub(super) specs: &'w [FieldSpec],
    pub(super) is_soft: bool,
    pub(super) asked: Asked<'w>,
    pub(super) standing: Option<&'w Standing<'w>>,
}

/// Adds all layers of a resource.
pub(super) fn add(draft: &mut Draft<'_>, wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let Wanted {
        noun,
        specs,
        is_soft,
        standing,
        ..
    } = *wanted;
    let site = draft.site;
    site.ground().client.usable()?;
    let ground = database::provide(draft, Arc::unwrap_or_clone(site.ground()))?;
    let mut terms = Terms::of(&site, &ground)?;
    let mut relations = Relation::all(&site, &noun.class, specs)?;
    let page = ground.place(Purpose::Page);
    let says = |what: &str| site.disk.text(&page).is_some_and(|text| text.contains(what));
    let has_cursors = says("def get_cursor_params(") && !says("def get_page_params(");
    let listing = Listing::read(wanted.asked, specs, has_cursors, &|spec| {
        let relation = relations.iter().find(|relation| relation.name == spec.name);
        relation.map_or_else(String::new, |relation| relation.key_type.clone())
    })?;
    if ground.is_new() {
        match listing.is_cursor {
            true => skeleton::ensure_without_pages(draft, &Layout::of(&site))?,
            false => skeleton::ensure(draft, &Layout::of(&site))?,
        }
    }
    let table = standing.filter(|standing| standing.is_table());
    if let Some(table) = table {
        table.require(&site, "id", Some(&terms.key))?;
        table.require(&site, "created_at", None)?;
        if is_soft {
            table.require(&site, "deleted_at", None)?;
        }
    }
    let layers = Layers::new(&site, &ground, noun, table.map(|table| table.schema))?;
    if let Some(standing) = standing {
        standing.check_free(&site, &layers.paths["model"], noun)?;
    }
    let Layers { paths, include, .. } = &layers;
    if table.is_none() {
        back::point(draft, &ground, noun, &paths["model"], &mut relations)?;
    }
    if specs.iter().any(FieldSpec::is_moment) {
        terms.provide_moment(draft, &ground, &paths["model"])?;
    }
    let path = noun.many.replace('_', "-");
    let tag = style::words::spoken(&noun.many);
    let fields: Vec<Field> = specs
        .iter()
        .map(|spec| field(spec, &relations, terms.moment()))
        .collect();
    let of_fields = context! {
        fields => fields,
        kept => specs.iter().filter(|spec| !spec.optional).map(FieldSpec::column).collect::<Vec<_>>(),
        unique => specs.iter().any(|spec| spec.unique),
    };
    let own = layers.values(&site, &ground, &terms, &relations, &listing, is_soft)?;
    let own = context! { ..of_fields, ..own };
    let is_sqlmodel = terms.is_sqlmodel();
    let terms = terms.values();
    for name in ["model", "cursor", "schemas", "repository", "router"] {
        let is_there = (name == "model" && table.is_some()) || (name == "cursor" && !listing.is_cursor);
        if is_there {
            continue;
        }
        let path = &paths[if name == "cursor" { "page" } else { name }];
        let values = context! { ..own.clone(), ..terms.clone() };
        let text = template::render(&format!("resource/{name}.py"), values)?;
        let reused = draft.module(path, &ground.written(&text)?, &ground.format)?;
        if name != "cursor" {
            draft.note_reuse(path, &reused);
        }
    }
    if table.is_none() {
        migrate(draft, &ground, noun, &paths["model"], is_sqlmodel)?;
    }
    if is_soft && specs.iter().any(|spec| spec.unique) {
        draft.note(format!("what is unique of {tag} that are deleted stays taken"));
    }
    for relation in relations.iter().filter(|relation| relation.label.is_none()) {
        draft.note(format!(
            "`{}` shows the key of its {} alone: `{}` has no column that everybody may see",
            noun.class,
            style::words::spoken(&relation.name),
            relation.class
        ));
    }
    let client = TestClient::of(&ground);
    let examples = Examples::of(&ground, &client, specs, &relations, &listing);
    match examples {
        Ok(examples) => {
            let values = context! { ..examples.values(&ground, &client), ..own, ..terms };
            let text = template::render("resource/tests.py", values)?;
            let reused = draft.module(&paths["tests"], &ground.written_test(&text)?, &ground.format)?;
            draft.note_reuse(&paths["tests"], &reused);
        }
        Err(lacking) => draft.note(format!("no tests are written: {lacking}")),
    }
    let arguments = match include.has_prefixes() {
        true => {
            let quoted = |text: &str| ground.format.string(text);
            vec![
                ("prefix", quoted(&format!("/{path}"))),
                ("tags", format!("[{}]", quoted(&tag))),
            ]
        }
        false => Vec::new(),
    };
    if specs.iter().any(|spec| spec.kind == FieldKind::Plain(Plain::Email)) {
        packages::require(draft, &[package("email-validator", &[], "2.2")]);
    }
    include.add(draft, &ground, &paths["router"], &noun.many, arguments)
}

/// Where the modules of a resource lie, and what they have in common.
pub(super) struct Layers<'l> {
    noun: &'l Noun,
    pub(super) paths: BTreeMap<&'static str, PathBuf>,
    include: Include<'l>,
    /// The table, where it is there already.
    table: Option<&'l Schema>,
}

impl<'l> Layers<'l> {
    /// Finds them.
    ///
    /// # Errors
    /// Where its router can be included nowhere.
    pub(super) fn new(
        site: &Site<'_>,
        ground: &'l Ground,
        noun: &'l Noun,
        table: Option<&'l Schema>,
    ) -> Result<Self, Refusal> {
        let place = |layer: Layer| ground.layers.place(layer, &noun.one, &noun.many);
        let model = match table {
            Some(table) => site.ctx.files.path(table.def.file).to_path_buf(),
            None => place(Layer::Models),
        };
        Ok(Self {
            noun,
            paths: BTreeMap::from([
                ("model", model),
                ("schemas", place(Layer::Schemas)),
                ("repository", place(Layer::Repositories)),
                ("router", place(Layer::Routers)),
                (
                    "tests",
                    ground.test_module_of(site, &noun.many, &ground.layers.domain(&noun.many)),
                ),
                ("page", ground.place(Purpose::Page)),
            ]),
            include: Include::of(site, ground)?,
            table,
        })
    }

    /// What the templates are given besides its fields.
    ///
    /// # Errors
    /// Where two schemas would have one name.
    pub(super) fn values(
        &self,
        site: &Site<'_>,
        ground: &Ground,
        terms: &Terms,
        relations: &[Relation],
        listing: &Listing,
        is_soft: bool,
    ) -> Result<Value, Refusal> {
        let Self {
            noun, paths, include, ..
        } = self;
        let modules: BTreeMap<&str, String> = paths.iter().map(|(name, path)| (*name, ground.dotted(path))).collect();
        let path = noun.many.replace('_', "-");
        let tag = style::words::spoken(&noun.many);
        let spoken = style::words::spoken(&noun.one);
        let capital = format!("{}{}", spoken[..1].to_uppercase(), &spoken[1..]);
        let pages = site.disk.text(&paths["page"]);
        let has_pages = ground.is_new() || pages.is_some_and(|text| text.contains("def get_page_params("));
        let schema = |purpose| schema_names::usual_name(&site.ctx, purpose, &noun.class);
        let (create, update, read) = (
            schema(SchemaUse::Create),
            schema(SchemaUse::Update),
            schema(SchemaUse::Read),
        );
        check_apart(&[&format!("{}Base", noun.class), &create, &update, &read])?;
        let is_aware = has_time_zones(site, ground, self.table);
        Ok(context! {
            m => modules,
            imports => terms.imports(),
            one => noun.one,
            many => noun.many,
            class => noun.class,
            schema => context! {
                create => create,
                update => update,
                read => read,
            },
            url => TestClient::of(ground).url(&format!("{}/{path}", include.prefix())),
            router_arguments => match include.has_prefixes() {
                true => String::new(),
                false => format!("prefix=\"/{path}\", tags=[\"{tag}\"]"),
            },
            found => format!("{capital} not found"),
            conflict => format!("{capital} is there already"),
            relations => relations,
            filters => listing.filters,
            sorts => listing.sorts,
            is_cursor => listing.is_cursor,
            is_aware => is_aware,
            cursor_moment => if is_aware { terms.moment() } else { "DateTime()" },
            is_soft => is_soft,
            has_updated_at => has_updated_at(site, ground, self.table),
            has_pages => has_pages && !listing.is_cursor,
            has_type_parameters => site.ctx.python.is_some_and(|minor| minor >= 12),
            unknown => terms.unknown_key(),
        })
    }
}

/// Whether rows say when they were changed.
fn has_updated_at(site: &Site<'_>, ground: &Ground, table: Option<&Schema>) -> bool {
    if let Some(table) = table {
        return table.fields.iter().any(|field| &*field.name == "updated_at");
    }
    let mixin = ground.base.found().map(|base| base.moments_mixin.as_ref());
    match mixin {
        Some(Some(mixin)) => {
            let text = site.disk.text(&mixin.path);
            text.is_none_or(|text| text.contains("updated_at"))
        }
        Some(None) => false,
        None => !ground.prefers_sqlmodel,
    }
}

/// Whether the column that says when a row was made has a time zone: by what the module says that declares it.
fn has_time_zones(site: &Site<'_>, ground: &Ground, table: Option<&Schema>) -> bool {
    let base = ground.base.found();
    let declared = match (table, base) {
        (Some(table), _) => Some(site.ctx.files.path(table.def.file).to_path_buf()),
        (None, Some(base)) => match &base.moments_mixin {
            Some(mixin) => Some(mixin.path.clone()),
            None => base
                .class
                .as_ref()
                .filter(|_| base.has_moments)
                .map(|class| class.path.clone()),
        },
        (None, None) => None,
    };
    let text = declared.and_then(|path| site.disk.text(&path));
    // What is made along with it here has one.
    text.is_none_or(|text| text.contains("timezone=True") || base.is_some_and(|base| base.moment.is_some()))
}

/// Refuses two schemas of one name.
fn check_apart(names: &[&str]) -> Result<(), Refusal> {
    let twice = (1..names.len()).find(|&at| names[..at].contains(&names[at]));
    match twice {
        Some(at) => Err(Refusal::SameSchema(names[at].to_owned())),
        None => Ok(()),
    }
}

/// Makes the new table known to migrations, and writes the one that makes it.
fn migrate(draft: &mut Draft<'_>, ground: &Ground, noun: &Noun, path: &Path, is_sqlmodel: bool) -> Result<(), Refusal> {
    let lower = noun.class.to_lowercase();
    let tables = [TableModel {
        path,
        module: &ground.dotted(path),
        class: &noun.class,
        table: if is_sqlmodel { &lower } else { &noun.many },
    }];
    migration::make_known(draft, &tables, &ground.format)?;
    let migration = Migration {
        message: &format!("add {}", style::words::spoken(&noun.many)),
        tables: &tables,
        columns: None,
    };
    migration::write(draft, &migration, &ground.format)
}

fn field(spec: &FieldSpec, relations: &[Relation], moment: &str) -> Field {
    let relation = relations.iter().find(|relation| relation.name == spec.name);
    let (python, schema, column, limits) = match (&spec.kind, relation) {
        (FieldKind::Plain(plain), _) => {
            let spelling = plain.spelling();
            let column = if spelling.column == moment::NAME {
                moment
            } else {
                spelling.column
            };
            (
                spelling.python.to_owned(),
                spelling.schema.to_owned(),
                column.to_owned(),
                spec.limits_of(*plain),
            )
        }
        (FieldKind::Reference(_), Some(relation)) => {
            let key = &relation.key_type;
            (key.clone(), key.clone(), relation.column(), relation::key_limits(key))
        }
        _ => (spec.literal(), spec.literal(), "String(50)".to_owned(), ""),
    };
    let mut column_args: Vec<String> = (!column.is_empty()).then(|| column.clone()).into_iter().collect();
    if spec.unique && relation.is_none() {
        column_args.push("unique=True".to_owned());
    }
    if let Some(default) = &spec.default {
        column_args.push(format!("default={default}"));
    }
    let sqlmodel = match relation {
        Some(relation) => relation.sqlmodel_column(),
        None => sqlmodel(spec, &python, &column),
    };
    let column = format!(" = mapped_column({})", column_args.join(", "));
    let default = spec
        .default
        .clone()
        .or_else(|| spec.optional.then(|| "None".to_owned()));
    Field {
        name: spec.column(),
        python,
        schema,
        optional: spec.optional,
        column,
        constraint: assigned(default.as_deref(), limits),
        update_constraint: assigned(Some("None"), limits),
        sample: first_sample(spec),
        sqlmodel,
    }
}

/// A value as clients send it.
pub(super) fn first_sample(spec: &FieldSpec) -> Option<String> {
    match &spec.kind {
        FieldKind::Enum(words) => words.first().map(|word| format!("\"{word}\"")),
        _ => spec.samples().map(|[first, _]| first),
    }
}

/// A column as SQLModel declares it.
fn sqlmodel(spec: &FieldSpec, python: &str, column: &str) -> String {
    // SQLModel knows no column for a choice of words.
    let ty = if matches!(spec.kind, FieldKind::Enum(_)) {
        "str"
    } else {
        python
    };
    let empty = spec.optional.then(|| "None".to_owned());
    let mut arguments: Vec<String> = Vec::new();
    if let Some(default) = spec.default.clone().or(empty) {
        arguments.push(format!("default={default}"));
    }
    let length = column.strip_prefix("String(").and_then(|rest| rest.strip_suffix(')'));
    match length {
        Some(length) => arguments.push(format!("max_length={length}")),
        None if !column.is_empty() => arguments.push(format!("sa_type={column}")),
        None => {}
    }
    if spec.unique {
        arguments.push("unique=True".to_owned());
    }
    let optional = if spec.optional { " | None" } else { "" };
    let value = match arguments.as_slice() {
        [] => String::new(),
        arguments => format!(" = Field({})", arguments.join(", ")),
    };
    format!("{ty}{optional}{value}")
}

/// ` = Field(default=None, max_length=255)`, or as little as says the same.
fn assigned(default: Option<&str>, limits: &str) -> String {
    match (default, limits) {
        (None, "") => String::new(),
        (Some(default), "") => format!(" = {default}"),
        (None, limits) => format!(" = Field({limits})"),
        (Some(default), limits) => format!(" = Field(default={default}, {limits})"),
    }
}
