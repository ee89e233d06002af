//! The type of ids.

use crate::{
    Context,
    schemas::{is_natural_key, keys},
};
use style::{Habit, IdType, Votes};

/// The type of ids where a resource's own code does not show it: as it is set, else that of most tables, else `int`. Keys that
/// rows bring along count where no table makes its own.
pub(crate) fn usual(ctx: &Context<'_>) -> Habit<IdType> {
    let (mut made, mut brought) = (Votes::default(), Votes::default());
    let mut are_made = false;
    for table in ctx.model.tables().filter(|table| ctx.is_own(table.def.file)) {
        let [(_, ty)] = keys(ctx, table).try_into().unwrap_or_default();
        let Some(kind) = IdType::of_annotation(&ty) else {
            continue;
        };
        let is_made = !is_natural_key(ctx, table);
        are_made |= is_made;
        let votes = if is_made { &mut made } else { &mut brought };
        votes.cast(false, kind, table.stmt);
    }
    let votes = if are_made { made } else { brought };
    votes.habit(IdType::Int).or_set(ctx.preferences.id)
}
