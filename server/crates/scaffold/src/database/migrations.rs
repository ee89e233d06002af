//! Alembic: its configuration, an environment that reaches the database as the app does, and the pattern of revisions.

use crate::{Refusal, draft::Draft, ground::Ground, setting::Reading, template};
use minijinja::context;
use std::path::Path;

/// Sets it up where the project has not done so.
pub(super) fn add(
    draft: &mut Draft<'_>,
    ground: &Ground,
    (base, class): (&Path, &str),
    is_sqlmodel: bool,
    reading: &Reading,
) -> Result<(), Refusal> {
    let root = draft.site.root.to_path_buf();
    let configuration = root.join("alembic.ini");
    if draft.current_text(&configuration).is_some() {
        draft.note(
            "alembic.ini is there already: let `target_metadata` of its environment be that of the tables".to_owned(),
        );
        return Ok(());
    }
    let module = ground.dotted(base);
    let source = ground.source_root.strip_prefix(&root).unwrap_or(&root);
    let source = match source.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => source.display().to_string(),
    };
    // SQLModel itself is the base of tables that are there.
    let is_given = is_sqlmodel && ground.base.found().is_some();
    let values = context! {
        base => if is_given { "sqlmodel" } else { &module },
        class => class,
        has_metadata => is_sqlmodel && !is_given,
        // Modules that lie beside each other are imported by those that use them.
        package => module.split_once('.').map(|(package, _)| package),
        is_sqlmodel => is_sqlmodel,
        is_async => ground.prefers_async,
        settings => reading,
        source => source,
    };
    let environment = root.join("migrations/env.py");
    let text = template::render("database/env.py", values.clone())?;
    draft.program(&environment, &ground.written(&text)?, &ground.format)?;
    for (name, path) in [
        ("database/alembic.ini", configuration),
        ("database/script.py.mako", root.join("migrations/script.py.mako")),
    ] {
        let text = template::render(name, values.clone())?;
        draft.text(&path, |_| text);
    }
    draft.text(&root.join("migrations/versions/README"), |text| {
        text.map_or_else(
            || "The revisions, oldest first by their dates.\n".to_owned(),
            str::to_owned,
        )
    });
    draft.note(
        "make the first revision once there are tables: alembic revision --autogenerate -m \"First tables\"".to_owned(),
    );
    Ok(())
}
