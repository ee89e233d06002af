//! The other side of references: `Author.books` of `Book.author`, where the project's models know of each other.

use super::{
    model::declaration_of,
    relation::{Relation, table_of},
    sibling::has_dataclasses,
};
use crate::{
    Refusal, Site,
    draft::{Draft, Lines, python},
    ground::Ground,
    imports::Need,
    layout::Noun,
};
use ::model::{Schema, SchemaKind};
use std::path::{Path, PathBuf};

/// Gives the models that a new one refers to their side of it, and the references the name of that.
///
/// # Errors
/// Where a module can't be edited.
pub(super) fn point(
    draft: &mut Draft<'_>,
    ground: &Ground,
    noun: &Noun,
    model: &Path,
    relations: &mut [Relation],
) -> Result<(), Refusal> {
    let site = draft.site;
    let habit = habit(&site);
    if habit == Some(false) {
        return Ok(());
    }
    let names: Vec<String> = relations
        .iter()
        .map(|relation| name(noun, relation, relations))
        .collect();
    for (relation, name) in relations.iter_mut().zip(names) {
        let schema = table_of(&site, &relation.class);
        let is_free = |schema: &&Schema| schema.fields.iter().all(|field| *field.name != *name);
        let Some(schema) = schema.filter(|schema| is_open(&site, schema)).filter(is_free) else {
            continue;
        };
        let path = site.ctx.files.path(schema.def.file).to_path_buf();
        let package = package_of(&site, &path, model);
        // A model can't be used before the other one is imported.
        if habit.is_none() && path != model && package.is_none() {
            continue;
        }
        if let Some(package) = package.filter(|package| habit.is_none() || gathers(&site, package)) {
            let models = [(&path, &relation.class), (&model.to_path_buf(), &noun.class)];
            let missing = models.into_iter().filter(|(_, class)| !draft.binds(&package, class));
            let needs = missing.map(|(path, class)| Need::Renamed(ground.dotted(path), class.clone(), class.clone()));
            let needs = needs.collect();
            draft.need(&package, &ground.format, needs)?;
        }
        let is_sqlmodel = schema.kind == SchemaKind::SqlModelTable;
        let mut needs = vec![match is_sqlmodel {
            true => Need::member("sqlmodel", "Relationship"),
            false => Need::member("sqlalchemy.orm", "relationship"),
        }];
        if path != model {
            needs.push(Need::member("typing", "TYPE_CHECKING"));
            let lines = Lines::ForTypes {
                module: ground.dotted(model),
                name: noun.class.clone(),
            };
            draft.lines(&path, &ground.format, lines, Vec::new())?;
        }
        let lines = Lines::Fields {
            class: relation.class.clone(),
            text: declaration(noun, relation, &name, is_sqlmodel),
        };
        draft.lines(&path, &ground.format, lines, needs)?;
        relation.point_back(&name);
    }
    Ok(())
}

/// Whether the project's models know of each other; nothing where none refers to another.
fn habit(site: &Site<'_>) -> Option<bool> {
    let fields = site.ctx.model.tables().flat_map(|schema| &schema.fields);
    let sides: Vec<bool> = fields
        .filter(|field| field.is_relationship)
        .map(|field| declaration_of(site, field).contains("back_populates"))
        .collect();
    let both = sides.iter().filter(|knows| **knows).count();
    (!sides.is_empty()).then_some(both * 2 >= sides.len())
}

/// The package that both modules are imported with.
fn package_of(site: &Site<'_>, one: &Path, other: &Path) -> Option<PathBuf> {
    let folder = one.parent().filter(|folder| other.parent() == Some(folder))?;
    let package = folder.join("__init__.py");
    (one != other && site.disk.text(&package).is_some()).then_some(package)
}

/// Whether a package imports what is in it.
fn gathers(site: &Site<'_>, package: &Path) -> bool {
    let text = site.disk.text(package).unwrap_or_default();
    let module = python::take_apart(&text).unwrap_or_default();
    !module.imports.is_empty()
}

/// Whether a model can be given an attribute: it stands at the top of a module of its own, which serves nothing, and making
/// one takes no argument for each attribute.
fn is_open(site: &Site<'_>, schema: &Schema) -> bool {
    let file = schema.def.file;
    let serves = site
        .ctx
        .model
        .operations
        .iter()
        .any(|operation| operation.at.file == file);
    site.ctx.is_own(file) && !serves && !schema.incomplete && !has_dataclasses(site)
}

/// What the other side is called: `books`, or `edited_books` of one of several references to the same model.
fn name(noun: &Noun, relation: &Relation, all: &[Relation]) -> String {
    let others = all.iter().filter(|other| other.class == relation.class).count();
    match others > 1 && relation.name != relation.one {
        true => format!("{}_{}", relation.name, noun.many),
        false => noun.many.clone(),
    }
}

/// The attribute, as the database deletes what refers to a row.
fn declaration(noun: &Noun, relation: &Relation, name: &str, is_sqlmodel: bool) -> String {
    let class = &noun.class;
    let mut arguments = vec![format!("back_populates=\"{}\"", relation.name)];
    match (relation.optional, is_sqlmodel) {
        (true, _) => {}
        (false, true) => arguments.push("cascade_delete=True".to_owned()),
        (false, false) => arguments.push("cascade=\"all, delete-orphan\"".to_owned()),
    }
    arguments.push("passive_deletes=True".to_owned());
    let key = &relation.key;
    match (relation.is_one_of_several, is_sqlmodel) {
        (false, _) => {}
        (true, true) => arguments.push(format!(
            "sa_relationship_kwargs={{\"foreign_keys\": \"[{class}.{key}]\"}}"
        )),
        (true, false) => arguments.push(format!("foreign_keys=\"{class}.{key}\"")),
    }
    let arguments = arguments.join(", ");
    match is_sqlmodel {
        true => format!("{name}: list[\"{class}\"] = Relationship({arguments})"),
        false => format!("{name}: Mapped[list[\"{class}\"]] = relationship({arguments})"),
    }
}
