//! *Add resource*: a table, its schemas, what reads and writes it, path operations, their registration and tests.

mod fields;
mod fresh;

pub use fields::{FieldKind, FieldSpec, KINDS, Plain};

use crate::{
    Plan, Refusal, Site,
    draft::Draft,
    layout::{Layout, Noun},
};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceRequest {
    /// What the things are called, in any form: `order_line`, `OrderLine`, `order-lines`.
    pub name: String,
    /// Their fields, as [`fields`] describes.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where a name or a field can't be, or something is in the way.
pub fn build(site: &Site<'_>, request: &ResourceRequest) -> Result<Plan, Refusal> {
    let noun = Noun::read(&request.name)?;
    let fields = request
        .fields
        .iter()
        .map(|field| fields::read(field))
        .collect::<Result<Vec<_>, _>>()?;
    let layout = Layout::of(site);
    let mut draft = Draft::new(*site);
    fresh::add(&mut draft, &layout, &noun, &fields)?;
    draft.finish(format!("Add resource {}", noun.one))
}
