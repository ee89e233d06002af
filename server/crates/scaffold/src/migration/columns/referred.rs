//! The column that a foreign key refers to, in a table that the project has.

use super::{Class, Reader, line_up};
use crate::{
    draft::Draft,
    migration::place::{Meaning, Place},
};
use std::collections::BTreeSet;

/// The type of the column that `table.column` names, and what a revision has to import for it; nothing where it can't be told.
pub(super) fn column(draft: &Draft<'_>, target: &str, hops: usize) -> Option<(String, BTreeSet<(String, String)>)> {
    let hops = hops.checked_sub(1)?;
    let (table, column) = target.rsplit_once('.')?;
    let ctx = &draft.site.ctx;
    let mut schemas = ctx.model.schemas.iter();
    let schema = schemas.find(|schema| schema.table.as_deref() == Some(table))?;
    let place = Place::new(&ctx.files.path(schema.def.file), &schema.module);
    let Some(Meaning::Statement(place, text)) = place.meaning(draft, &schema.name) else {
        return None;
    };
    let mut classes = Vec::new();
    line_up(draft, Class { place, text }, &mut classes).ok()?;
    let mut reader = Reader {
        only: Some(column.to_owned()),
        hops,
        ..Reader::of(draft, &classes, table).ok()?
    };
    reader.read(&classes).ok()?;
    let column = reader.columns.remove(column)?;
    Some((column.ty, reader.types.imports))
}
