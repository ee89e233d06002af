//! *Add settings*: a class of settings that are read from the environment, and `.env.example` that names them.

use crate::{
    About, Plan, Refusal, Site,
    draft::Draft,
    ground::{Ground, Part},
    setting, skeleton,
};
use model::SchemaKind;
use serde::{Deserialize, Serialize};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "settings",
    command: "add settings",
    summary: "Add settings that are read from the environment, and `.env.example` that names them",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** a class of settings read from the environment and from `.env`, a function that reads them once, and `.env.example`.

**Takes from the project** its layout.

**Leaves alone** a class of settings that is there.
"#;

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsRequest {}

/// The whole change, or why there is none.
///
/// # Errors
/// Where a module that has to be extended does not parse.
pub fn build(site: &Site<'_>, _request: SettingsRequest) -> Result<Plan, Refusal> {
    let mut draft = Draft::new(*site);
    let ground = site.ground();
    match standing(site, &ground) {
        Some(class) => draft.note(format!("the project has its settings already: `{class}`")),
        None => {
            let name = skeleton::project_name_setting(site, &ground.format);
            setting::add(&mut draft, &ground, &[name])?;
        }
    }
    draft.finish("Add settings".to_owned())
}

/// The dotted name of the class of settings that the project reads, else of one by what it inherits from, be it used or not; of
/// the module that they would go into where it has one that nothing reads yet.
pub(crate) fn standing(site: &Site<'_>, ground: &Ground) -> Option<String> {
    if let Some(settings) = ground.settings.found() {
        return Some(format!("{}.{}", settings.class.module, settings.class.name));
    }
    let mut schemas = site.ctx.model.schemas.iter();
    let class = schemas.find(|schema| {
        let path = site.ctx.files.path(schema.def.file);
        schema.kind == SchemaKind::Settings && path.starts_with(site.root)
    });
    let unread = || match &ground.settings {
        Part::Free(path) => {
            let text = site.disk.text(path)?;
            text.contains("(BaseSettings)").then(|| ground.dotted(path))
        }
        _ => None,
    };
    class
        .map(|class| format!("{}.{}", class.module, class.name))
        .or_else(unread)
}
