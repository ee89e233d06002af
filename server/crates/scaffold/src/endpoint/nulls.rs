//! Fields of an update that may be sent as `null` though their columns can't hold it: those are not written.

use super::evidence::Evidence;
use crate::schemas;
use model::Schema;

/// What an update's schema lets through as `null`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// Nothing that a column can't hold.
    Fine,
    /// Only what no column can hold.
    Never,
    /// Some of what columns can't hold; these may be emptied.
    Of(Vec<String>),
}

impl Evidence<'_> {
    /// What the body of the operation lets through.
    pub(super) fn nulls(&self) -> Nulls {
        let (Some(input), Some(table)) = (self.input(), self.family.table()) else {
            return Nulls::Fine;
        };
        if input.def == table.def {
            return Nulls::Fine;
        }
        let shut = self.shut_fields();
        let empty = input.fields.iter().filter(|field| may_be_none(field));
        let empty = empty.filter(|field| !shut.contains(&field.name.to_string()));
        let (needed, others): (Vec<_>, Vec<_>) = empty
            .partition(|field| schemas::is_needed(self.ctx, table, &field.name) && !is_checked(input, &field.name));
        match (needed.is_empty(), others.is_empty()) {
            (true, _) => Nulls::Fine,
            (false, true) => Nulls::Never,
            (false, false) => Nulls::Of(others.iter().map(|field| field.name.to_string()).collect()),
        }
    }
}

/// Whether a field's type takes `None`.
fn may_be_none(field: &model::Field) -> bool {
    let Some(ty) = &field.ty else { return false };
    let ty = ty.display.trim_start_matches("typing.");
    ty.starts_with("Optional[") || ty.split('|').any(|part| part.trim() == "None")
}

/// Whether a validator may refuse it.
fn is_checked(schema: &Schema, field: &str) -> bool {
    schema.validators.iter().any(|validator| {
        let is_whole = matches!(&*validator.decorator, "model_validator" | "root_validator");
        let is_own = validator
            .fields
            .iter()
            .any(|known| **known == *field || **known == *"*");
        is_whole || (is_own && matches!(&*validator.decorator, "field_validator" | "validator"))
    })
}
