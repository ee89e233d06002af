//! Registration: a router is included where its siblings are.

use crate::{
    Refusal,
    draft::Draft,
    imports::Need,
    layout::{Layout, Role},
};

/// Includes the router of a module in the project's parent router.
pub(crate) fn include(draft: &mut Draft<'_>, layout: &Layout, module: &str) -> Result<(), Refusal> {
    let (package, name) = module.rsplit_once('.').unwrap_or(("", module));
    let path = layout.path(Role::Api);
    let need = match package {
        "" => Need::Module(name.to_owned()),
        package => Need::member(package, name),
    };
    draft.statement(
        &path,
        &layout.format(),
        format!("api_router.include_router({name}.router)"),
        vec![need],
    )
}
