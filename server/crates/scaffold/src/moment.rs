//! The column type of moments. A database that keeps no time zone gives back moments without one, which the schemas of what
//! was sent with one refuse: there the project gets a type of its own.

use crate::{
    Refusal, Site,
    draft::Draft,
    ground::{Ground, Symbol},
    template,
};
use minijinja::context;
use std::path::Path;

/// The name of the type.
pub(crate) const NAME: &str = "UTCDateTime";

/// What addresses of SQLite begin with, in SQLAlchemy.
const ADDRESSES: [&str; 2] = ["sqlite:", "sqlite+"];

/// The project's own type, made beside the base class of its tables where it needs one and has none, in `module` where they
/// have no base of its own; nothing where `DateTime(timezone=True)` does.
///
/// # Errors
/// Where the module can't be edited.
pub(crate) fn provide(draft: &mut Draft<'_>, ground: &Ground, module: &Path) -> Result<Option<Symbol>, Refusal> {
    let base = ground.base.found();
    if let Some(known) = base.and_then(|base| base.moment.clone()) {
        return Ok(Some(known));
    }
    if !runs_on_sqlite(&draft.site) {
        return Ok(None);
    }
    let path = base
        .and_then(|base| base.class.as_ref())
        .map_or(module, |class| &class.path);
    let text = template::render("database/moment.py", context! {})?;
    draft.module(path, &ground.written(&text)?, &ground.format)?;
    Ok(Some(Symbol {
        path: path.to_path_buf(),
        module: ground.dotted(path),
        name: NAME.to_owned(),
    }))
}

/// Whether the app or its tests use SQLite.
fn runs_on_sqlite(site: &Site<'_>) -> bool {
    let settings = [".env", ".env.example"].map(|name| site.root.join(name));
    let mut files = site.disk.python_files();
    files.retain(|path| path.starts_with(site.root));
    let says = |path: &Path| {
        site.disk
            .text(path)
            .is_some_and(|text| ADDRESSES.iter().any(|said| text.contains(said)))
    };
    settings.iter().any(|path| says(path)) || files.iter().any(|path| says(path))
}
