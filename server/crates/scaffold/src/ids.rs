//! The type of ids.

use crate::{Context, schemas::keys};
use style::{Habit, IdType, Votes};

/// The type of ids where a resource's own code does not show it: as it is set, else that of most tables, else `int`.
pub(crate) fn usual(ctx: &Context<'_>) -> Habit<IdType> {
    let mut votes = Votes::default();
    let tables = ctx.model.schemas.iter().filter(|schema| schema.table.is_some());
    for table in tables.filter(|table| ctx.is_own(table.def.file)) {
        let [(_, ty)] = keys(ctx, table).try_into().unwrap_or_default();
        if let Some(kind) = IdType::of_annotation(&ty) {
            votes.cast(false, kind, table.stmt);
        }
    }
    votes.habit(IdType::Int).or_set(ctx.preferences.id)
}
