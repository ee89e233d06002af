//! A resource as our templates have it, for a project that has none to go by.

use super::{
    fields::{FieldKind, FieldSpec, Plain},
    model::Standing,
};
use crate::{
    Refusal,
    client::{self, TestClient},
    database,
    draft::Draft,
    ground::{Ground, Layer, Purpose},
    layout::{Layout, Noun},
    migration::{self, Migration, TableModel},
    packages::{self, package},
    router::include::Include,
    schema_names::{self, SchemaUse},
    skeleton, template,
    terms::Terms,
};
use minijinja::{Value, context};
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
    sample: String,
}

/// Adds all layers of a resource.
pub(super) fn add(
    draft: &mut Draft<'_>,
    noun: &Noun,
    specs: &[FieldSpec],
    is_soft: bool,
    standing: Option<&Standing<'_>>,
) -> Result<(), Refusal> {
    let site = draft.site;
    site.ground().client.usable()?;
    let ground = database::provide(draft, Arc::unwrap_or_clone(site.ground()))?;
    if ground.is_new() {
        skeleton::ensure(draft, &Layout::of(&site))?;
    }
    let terms = Terms::of(&ground)?;
    let include = Include::of(&site, &ground)?;
    let fields: Vec<Field> = specs
        .iter()
        .map(|spec| field(spec, terms.moment()))
        .collect::<Result<_, _>>()?;
    let place = |layer: Layer| ground.layers.place(layer, &noun.one, &noun.many);
    let table = standing.filter(|standing| standing.is_table());
    if let Some(table) = table {
        table.require("id", Some(&terms.key))?;
        table.require("created_at", None)?;
        if is_soft {
            table.require("deleted_at", None)?;
        }
    }
    let model_path = match table {
        Some(table) => site.ctx.files.path(table.schema.def.file).to_path_buf(),
        None => place(Layer::Models),
    };
    if let Some(standing) = standing {
        standing.check_free(&site, &model_path, noun)?;
    }
    let page = ground.place(Purpose::Page);
    let paths: BTreeMap<&'static str, PathBuf> = BTreeMap::from([
        ("model", model_path),
        ("schemas", place(Layer::Schemas)),
        ("repository", place(Layer::Repositories)),
        ("router", place(Layer::Routers)),
        ("tests", ground.test_module(&site, &noun.many)),
        ("page", page.clone()),
    ]);
    let modules: BTreeMap<&str, String> = paths.iter().map(|(name, path)| (*name, ground.dotted(path))).collect();
    let required: Vec<&str> = specs
        .iter()
        .filter(|spec| !spec.optional && spec.default.is_none())
        .map(|spec| spec.name.as_str())
        .collect();
    let kept: Vec<&str> = specs
        .iter()
        .filter(|spec| !spec.optional)
        .map(|spec| spec.name.as_str())
        .collect();
    let change = specs.iter().find_map(|spec| match spec.kind {
        FieldKind::Plain(plain) if plain != Plain::Json => Some(context! {
            name => spec.name,
            value => plain.spelling().samples[1],
        }),
        _ => None,
    });
    let path = noun.many.replace('_', "-");
    let tag = style::words::spoken(&noun.many);
    let spoken = style::words::spoken(&noun.one);
    let capital = format!("{}{}", spoken[..1].to_uppercase(), &spoken[1..]);
    let has_pages = ground.is_new() || site.disk.text(&page).is_some_and(|text| text.contains("PageDep = "));
    let schema = |purpose| schema_names::usual_name(&site.ctx, purpose, &noun.class);
    let (create, update, read) = (
        schema(SchemaUse::Create),
        schema(SchemaUse::Update),
        schema(SchemaUse::Read),
    );
    check_apart(&[&format!("{}Base", noun.class), &create, &update, &read])?;
    let own = context! {
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
        url => format!("{}/{path}", include.prefix()),
        router_arguments => match include.has_prefixes() {
            true => String::new(),
            false => format!("prefix=\"/{path}\", tags=[\"{tag}\"]"),
        },
        found => format!("{capital} not found"),
        conflict => format!("{capital} is there already"),
        fields => fields,
        required => required,
        kept => kept,
        change => change,
        unique => specs.iter().any(|spec| spec.unique),
        is_soft => is_soft,
        is_new => has_pages,
        has_pages => has_pages,
        unknown => terms.unknown_key(),
    };
    let client = TestClient::of(&ground);
    let test_client = Value::from_serialize(&client);
    let mark = ground
        .client
        .found()
        .map_or_else(|| client::mark(ground.tests), |client| client.mark);
    let for_tests = context! { mark_all => mark };
    let is_sqlmodel = terms.is_sqlmodel();
    let terms = terms.values();
    let layers = ["model", "schemas", "repository", "router"];
    for name in layers.into_iter().skip(usize::from(table.is_some())) {
        let values = context! { ..own.clone(), ..terms.clone() };
        let text = template::render(&format!("resource/{name}.py"), values)?;
        let reused = draft.module(&paths[name], &ground.written(&text)?, &ground.format)?;
        draft.note_reuse(&paths[name], &reused);
    }
    if table.is_none() {
        migrate(draft, &ground, noun, &paths["model"], is_sqlmodel)?;
    }
    if is_soft && specs.iter().any(|spec| spec.unique) {
        draft.note(format!("what is unique of {tag} that are deleted stays taken"));
    }
    if client.fixture.is_some() {
        let values = context! { ..for_tests, ..test_client, ..own, ..terms };
        let text = template::render("resource/tests.py", values)?;
        let reused = draft.module(&paths["tests"], &ground.written_test(&text)?, &ground.format)?;
        draft.note_reuse(&paths["tests"], &reused);
    } else {
        draft.note("no tests are written: they take a fixture that gives a client of the app".to_owned());
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

fn field(spec: &FieldSpec, moment: &str) -> Result<Field, Refusal> {
    let (python, schema, column, limits, sample) = match &spec.kind {
        FieldKind::Plain(plain) => {
            let spelling = plain.spelling();
            (
                spelling.python.to_owned(),
                spelling.schema.to_owned(),
                spelling.column,
                spec.limits_of(*plain),
                spelling.samples[0].to_owned(),
            )
        }
        FieldKind::Enum(values) => {
            let literal: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            let literal = format!("Literal[{}]", literal.join(", "));
            (literal.clone(), literal, "String(50)", "", format!("\"{}\"", values[0]))
        }
        FieldKind::Reference(class) => {
            return Err(Refusal::BadField(
                format!("{}:{class}", spec.name),
                "how references are written is read off a resource that the project has, and there is none yet"
                    .to_owned(),
            ));
        }
    };
    let column = if column == "UTCDateTime" { moment } else { column };
    let mut column_args: Vec<String> = (!column.is_empty()).then(|| column.to_owned()).into_iter().collect();
    if spec.unique {
        column_args.push("unique=True".to_owned());
    }
    if let Some(default) = &spec.default {
        column_args.push(format!("default={default}"));
    }
    let sqlmodel = sqlmodel(spec, &python, column);
    let column = format!(" = mapped_column({})", column_args.join(", "));
    let default = spec
        .default
        .clone()
        .or_else(|| spec.optional.then(|| "None".to_owned()));
    Ok(Field {
        name: spec.name.clone(),
        python,
        schema,
        optional: spec.optional,
        column,
        constraint: assigned(default.as_deref(), limits),
        update_constraint: assigned(Some("None"), limits),
        sample,
        sqlmodel,
    })
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
