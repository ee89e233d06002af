//! *Add settings*: a class of settings that are read from the environment, and `.env.example` that names them.

use crate::{Plan, Refusal, Site, draft::Draft, environment, layout::Layout, skeleton};
use model::SchemaKind;
use serde::{Deserialize, Serialize};

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsRequest {}

/// The whole change, or why there is none.
///
/// # Errors
/// Where a module that has to be extended does not parse.
pub fn build(site: &Site<'_>, _request: SettingsRequest) -> Result<Plan, Refusal> {
    let layout = Layout::of(site);
    let mut draft = Draft::new(*site);
    match standing(site) {
        Some(class) => draft.note(format!("the project has its settings already: `{class}`")),
        None => {
            skeleton::settings(&mut draft, &layout)?;
            environment::example(&mut draft, &skeleton::variables(site));
        }
    }
    draft.finish("Add settings".to_owned())
}

/// The dotted name of a class of settings that the project has, by what it inherits from.
fn standing(site: &Site<'_>) -> Option<String> {
    let mut schemas = site.ctx.model.schemas.iter();
    let class = schemas.find(|schema| {
        let path = site.ctx.files.path(schema.def.file);
        schema.kind == SchemaKind::Settings && path.starts_with(site.root)
    })?;
    Some(format!("{}.{}", class.module, class.name))
}
