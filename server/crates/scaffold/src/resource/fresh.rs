//! A resource as our templates have it, for a project that has none to go by.

use super::fields::{FieldKind, FieldSpec, Plain, Target};
use crate::{
    Refusal,
    draft::Draft,
    layout::{Layout, Noun, Shape},
    skeleton, template, wire,
};
use minijinja::context;
use serde::Serialize;
use std::path::PathBuf;
use style::words;

/// A field as the templates have it.
#[derive(Debug, Serialize)]
struct Field {
    name: String,
    python: String,
    schema: String,
    optional: bool,
    column: String,
    constraint: String,
    update_constraint: String,
    sample: String,
    reference: Option<Target>,
    key_type: String,
}

/// The modules of a resource.
struct Modules {
    model: PathBuf,
    schemas: PathBuf,
    repository: PathBuf,
    router: PathBuf,
    tests: PathBuf,
}

impl Modules {
    fn of(layout: &Layout, noun: &Noun) -> Self {
        let at = |below: String| layout.package.join(below);
        let tests = layout
            .path(crate::layout::Role::Conftest)
            .with_file_name(format!("test_{}.py", noun.many));
        match layout.shape {
            Shape::Layered => Self {
                model: at(format!("models/{}.py", noun.one)),
                schemas: at(format!("schemas/{}.py", noun.one)),
                repository: at(format!("repositories/{}.py", noun.one)),
                router: at(format!("api/routes/{}.py", noun.many)),
                tests,
            },
            Shape::Flat => Self {
                model: at("models.py".to_owned()),
                schemas: at("schemas.py".to_owned()),
                repository: at("repositories.py".to_owned()),
                router: at(format!("routers/{}.py", noun.many)),
                tests,
            },
        }
    }
}

/// Adds all layers of a resource.
pub(super) fn add(draft: &mut Draft<'_>, layout: &Layout, noun: &Noun, specs: &[FieldSpec]) -> Result<(), Refusal> {
    let parts = skeleton::ensure(draft, layout)?;
    let modules = Modules::of(layout, noun);
    let fields: Vec<Field> = specs.iter().map(field).collect::<Result<_, _>>()?;
    let mut names = parts.modules.clone();
    for (name, path) in [
        ("model", &modules.model),
        ("schemas", &modules.schemas),
        ("repository", &modules.repository),
        ("router", &modules.router),
    ] {
        names.insert(name, layout.dotted(path));
    }
    let required: Vec<&str> = specs
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
    let references: Vec<&Target> = fields.iter().filter_map(|field| field.reference.as_ref()).collect();
    let path = noun.many.replace('_', "-");
    let values = context! {
        m => names,
        one => noun.one,
        many => noun.many,
        class => noun.class,
        table => noun.many,
        path => path,
        url => format!("/api/v1/{path}"),
        fields => fields,
        references => references,
        required => required,
        change => change,
        unique => specs.iter().any(|spec| spec.unique),
        is_shared => layout.shape == Shape::Flat,
    };
    for (template, path) in [
        ("model", &modules.model),
        ("schemas", &modules.schemas),
        ("repository", &modules.repository),
        ("router", &modules.router),
        ("tests", &modules.tests),
    ] {
        let text = template::render(&format!("resource/{template}.py"), values.clone())?;
        let reused = draft.module(path, &text, &layout.format())?;
        draft.note_reuse(path, &reused);
    }
    wire::include(draft, layout, &layout.dotted(&modules.router))
}

fn field(spec: &FieldSpec) -> Result<Field, Refusal> {
    let (python, schema, column, limits, sample) = match &spec.kind {
        FieldKind::Plain(plain) => {
            let spelling = plain.spelling();
            (
                spelling.python.to_owned(),
                spelling.schema.to_owned(),
                spelling.column,
                spelling.limits,
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
                spec.name.clone(),
                format!("there is no model `{class}`"),
            ));
        }
    };
    let mut column_args: Vec<String> = (!column.is_empty()).then(|| column.to_owned()).into_iter().collect();
    if spec.unique {
        column_args.push("unique=True".to_owned());
    }
    if let Some(default) = &spec.default {
        column_args.push(format!("default={default}"));
    }
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
        reference: None,
        key_type: words::snake("uuid.UUID"),
    })
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
