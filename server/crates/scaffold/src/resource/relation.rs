//! References of a fresh resource to rows of other models: the key, what is loaded along, and what tests refer to.

use super::{
    fields::{FieldKind, FieldSpec, RESERVED, Target},
    model::{self, core},
    sibling::MARKS,
    target,
};
use crate::{Refusal, Site, draft::python};
use ::model::{Schema, SchemaKind};
use serde::Serialize;

/// A reference, as templates have it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Relation {
    /// What the row is called: `author`.
    pub(super) name: String,
    /// The column: `author_id`.
    pub(super) key: String,
    pub(super) key_type: String,
    pub(super) class: String,
    pub(super) module: String,
    /// What a row of the model is called: `user` where `owner` is one.
    pub(super) one: String,
    pub(super) optional: bool,
    /// The column that people know a row by, which is read along; nothing where there is none that everybody may see.
    pub(super) label: Option<String>,
    pub(super) label_is_optional: bool,
    /// The schema of what is read along.
    pub(super) summary: String,
    /// What else than being absent makes a row one that can't be referred to.
    pub(super) gone: String,
    /// What is answered where there is none.
    pub(super) missing: String,
    /// Whether the resource has others to the same model.
    #[serde(skip)]
    pub(super) is_one_of_several: bool,
    /// What SQLAlchemy's `relationship` is told.
    pub(super) sqlalchemy: String,
    /// What SQLModel's `Relationship` is told.
    pub(super) sqlmodel: String,
    /// What makes two different rows; nothing where it can't be told.
    pub(super) rows: Option<[String; 2]>,
    /// Imports of the other classes that those name.
    pub(super) imports: Vec<String>,
    /// The table that the column refers to.
    #[serde(skip)]
    pub(super) table: String,
    /// The key of that table.
    pub(super) table_key: String,
    /// Whether that is the table's whole key, which sessions find rows by.
    pub(super) has_whole_key: bool,
    #[serde(skip)]
    pub(super) spec: FieldSpec,
}

/// Columns that people know a row by, and that everybody may see.
const LABELS: [&str; 10] = [
    "name",
    "title",
    "full_name",
    "display_name",
    "username",
    "label",
    "slug",
    "code",
    "number",
    "subject",
];

impl Relation {
    /// The reference that a field is; nothing where it is none.
    ///
    /// # Errors
    /// Where it leads nowhere.
    fn of(site: &Site<'_>, class: &str, spec: &FieldSpec, specs: &[FieldSpec]) -> Result<Option<Self>, Refusal> {
        let FieldKind::Reference(referred) = &spec.kind else {
            return Ok(None);
        };
        let Target {
            class: other,
            one,
            module,
            table,
            table_key,
            key_type,
            is_whole,
        } = target(site, &spec.name, referred)?;
        let key_type = match key_type.as_str() {
            "UUID" => "uuid.UUID".to_owned(),
            _ => key_type,
        };
        let key = spec.column();
        let schema = table_of(site, referred);
        let label = schema.and_then(|schema| label(site, schema));
        let others = specs.iter().filter(|other| other.kind == spec.kind).count();
        let mut of_sqlmodel = Vec::new();
        if label.is_some() {
            of_sqlmodel.push("\"lazy\": \"joined\"".to_owned());
        }
        if others > 1 {
            of_sqlmodel.push(format!("\"foreign_keys\": \"[{class}.{key}]\""));
        }
        let spoken = style::words::spoken(&spec.name);
        Ok(Some(Self {
            missing: format!("{}{} not found", spoken[..1].to_uppercase(), &spoken[1..]),
            gone: schema.map(|schema| gone(site, &spec.name, schema)).unwrap_or_default(),
            is_one_of_several: others > 1,
            sqlalchemy: match others > 1 {
                true => format!("foreign_keys=[{key}]"),
                false => String::new(),
            },
            sqlmodel: match of_sqlmodel.is_empty() {
                true => String::new(),
                false => format!("sa_relationship_kwargs={{{}}}", of_sqlmodel.join(", ")),
            },
            summary: format!("{class}{}", style::words::camel(&spec.name)),
            rows: schema.and_then(|schema| rows(site, schema, 0)),
            imports: schema.map(|schema| imports(site, schema, 0)).unwrap_or_default(),
            label_is_optional: label.as_ref().is_some_and(|(_, is_optional)| *is_optional),
            label: label.map(|(name, _)| name),
            name: spec.name.clone(),
            optional: spec.optional,
            class: other,
            spec: spec.clone(),
            key,
            key_type,
            module,
            one,
            table,
            table_key,
            has_whole_key: is_whole,
        }))
    }

    /// Has the reference know its other side.
    pub(super) fn point_back(&mut self, name: &str) {
        for told in [&mut self.sqlalchemy, &mut self.sqlmodel] {
            let gap = if told.is_empty() { "" } else { ", " };
            *told = format!("back_populates=\"{name}\"{gap}{told}");
        }
    }

    /// All references of a resource.
    ///
    /// # Errors
    /// Where one leads nowhere.
    pub(super) fn all(site: &Site<'_>, class: &str, specs: &[FieldSpec]) -> Result<Vec<Self>, Refusal> {
        let relations = specs.iter().map(|spec| Self::of(site, class, spec, specs));
        Ok(relations
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    /// What becomes of a row when what it refers to is deleted.
    fn on_delete(&self) -> &'static str {
        match self.optional {
            true => "SET NULL",
            false => "CASCADE",
        }
    }

    /// What `mapped_column` is told, besides what the annotation says.
    pub(super) fn column(&self) -> String {
        let index = if self.spec.unique { "unique=True" } else { "index=True" };
        let (table, table_key, on_delete) = (&self.table, &self.table_key, self.on_delete());
        format!("ForeignKey(\"{table}.{table_key}\", ondelete=\"{on_delete}\"), {index}")
    }

    /// The column as SQLModel declares it.
    pub(super) fn sqlmodel_column(&self) -> String {
        let index = if self.spec.unique { "unique=True" } else { "index=True" };
        let (table, table_key, on_delete) = (&self.table, &self.table_key, self.on_delete());
        let (none, default) = match self.optional {
            true => (" | None", "default=None, "),
            false => ("", ""),
        };
        format!(
            "{}{none} = Field({default}foreign_key=\"{table}.{table_key}\", ondelete=\"{on_delete}\", {index})",
            self.key_type
        )
    }
}

/// What schemas say of keys of a type.
pub(crate) fn key_limits(key_type: &str) -> &'static str {
    match key_type {
        "int" => "ge=1, le=2_147_483_647",
        _ => "",
    }
}

pub(super) fn table_of<'s>(site: &Site<'s>, class: &str) -> Option<&'s Schema> {
    let model: &'s ::model::Model = site.ctx.model;
    model.table(class)
}

fn label(site: &Site<'_>, schema: &Schema) -> Option<(String, bool)> {
    LABELS.iter().find_map(|label| {
        let field = schema.fields.iter().find(|field| &*field.name == *label)?;
        (core(&site.ctx, field) == "str" && !field.is_relationship)
            .then(|| ((*label).to_owned(), model::is_optional(field)))
    })
}

/// What marks a row as deleted.
fn gone(site: &Site<'_>, name: &str, schema: &Schema) -> String {
    let marks = schema.fields.iter().filter(|field| MARKS.contains(&&*field.name));
    let said = marks.map(|field| match core(&site.ctx, field).as_str() {
        "bool" => format!(" or {name}.{}", field.name),
        _ => format!(" or {name}.{} is not None", field.name),
    });
    said.collect()
}

/// How far rows that tests make refer to others.
const DEPTH: usize = 3;

/// What makes two rows that differ in all that has to be there, with the rows that they refer to themselves; nothing where it can't
/// be told.
fn rows(site: &Site<'_>, schema: &Schema, depth: usize) -> Option<[String; 2]> {
    let text = site.ctx.files.text(schema.def.file);
    let suite = python::suite(&text).unwrap_or_default();
    if depth > DEPTH || model::has_hidden_columns(&suite, &schema.name) {
        return None;
    }
    let mut arguments: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for field in schema.fields.iter().filter(|field| !field.is_relationship) {
        if RESERVED.contains(&&*field.name) || model::is_optional(field) || has_default(site, schema.kind, field) {
            continue;
        }
        let (name, values) = match referred(site, schema, field) {
            Some((name, other)) => (name, rows(site, other, depth + 1)?),
            None => {
                let spec = model::spec(site, schema.kind, field).ok()?;
                (field.name.to_string(), spec.values()?)
            }
        };
        for (arguments, value) in arguments.iter_mut().zip(values) {
            arguments.push(format!("{name}={value}"));
        }
    }
    Some(arguments.map(|arguments| format!("{}({})", schema.name, arguments.join(", "))))
}

/// The imports of the classes that rows refer to.
fn imports(site: &Site<'_>, schema: &Schema, depth: usize) -> Vec<String> {
    let referred = schema.fields.iter().filter_map(|field| referred(site, schema, field));
    let lines = referred.filter(|_| depth < DEPTH).flat_map(|(_, other)| {
        let own = format!("from {} import {}", other.module, other.name);
        std::iter::once(own).chain(imports(site, other, depth + 1))
    });
    lines.collect()
}

/// The row that a column refers to, where a relationship of its name leads to it.
fn referred<'s>(site: &Site<'s>, schema: &Schema, field: &::model::Field) -> Option<(String, &'s Schema)> {
    let name = field.name.strip_suffix("_id")?;
    let mut fields = schema.fields.iter();
    let relationship = fields.find(|other| other.is_relationship && *other.name == *name)?;
    Some((name.to_owned(), table_of(site, &core(&site.ctx, relationship))?))
}

/// Whether a column fills itself.
fn has_default(site: &Site<'_>, kind: SchemaKind, field: &::model::Field) -> bool {
    if kind != SchemaKind::SqlAlchemy {
        return !field.required;
    }
    let text = site.ctx.files.text(field.at.file);
    let at = site.ctx.files.span(field.at).start as usize;
    let suite = python::suite(&text).unwrap_or_default();
    model::fills_itself(&suite, at)
}
