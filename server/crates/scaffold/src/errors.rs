//! *Add errors*: a hierarchy of errors, and handlers that tell clients of every one in the same shape, and of nothing
//! internal.

use crate::{
    About, Plan, Refusal, Site,
    app::AppLine,
    client::TestClient,
    draft::{Draft, Lines},
    ground::{Ground, Part},
    imports::Need,
    logging,
    packages::{self, for_tests},
    template,
};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "errors",
    command: "add errors",
    summary: "Add errors: a hierarchy, and handlers that tell clients of all of them in one shape",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** errors with status, code and message, and handlers that answer all of them, FastAPI's and the database's too, with
code, message, request id and timestamp: 401 with `WWW-Authenticate`, 409 for what the database refuses, 422 without what
was sent, 503 while the database can't be reached, 500 without a word of what went wrong, which is in the log.

**Takes from the project** its app or factory, its database's library, and, where clients read `detail`, that key.

**Leaves alone** a hierarchy of errors that is there.
"#;

/// What is asked for: nothing can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorsRequest {}

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub fn build(site: &Site<'_>, _request: ErrorsRequest) -> Result<Plan, Refusal> {
    let ground = site.ground();
    let mut draft = Draft::new(*site);
    let summary = "Add errors".to_owned();
    let path = match &ground.errors {
        Part::Found(errors) => {
            let base = &errors.base;
            draft.note(format!(
                "the project has errors of its own already: `{}.{}`",
                base.module, base.name
            ));
            return draft.finish(summary);
        }
        Part::Free(path) => free(site, &ground, path),
        Part::Refused(refusal) => return Err(refusal.clone()),
    };
    let (main, anchor) = logging::app(&mut draft, &ground)?;
    let module = ground.dotted(&path);
    let has_database = ground.is_new() || ground.session.found().is_some();
    let client = TestClient::of(&ground);
    let values = context! {
        m => context! { errors => module },
        has_database => has_database,
        // Those who call an app that is there read `detail`.
        has_detail => !ground.is_new(),
        ..Value::from_serialize(&client)
    };
    let tests = ground.test_module(site, "errors");
    for (name, path) in [("project/errors.py", &path), ("errors/tests.py", &tests)] {
        let text = template::render(name, values.clone())?;
        let reused = draft.module(path, &ground.written(&text)?, &ground.format)?;
        // In a new project the module has just been made.
        if !ground.is_new() {
            draft.note_reuse(path, &reused);
        }
    }
    if !ground.is_new() {
        draft.note(
            "errors are answered with `code`, `message`, `request_id` and `timestamp` beside `detail` now: what compares a whole \
             answer, such as tests, has to expect them"
                .to_owned(),
        );
    }
    packages::require(&mut draft, &[for_tests("pytest", "9.0")]);
    packages::require_client(&mut draft, &client);
    let call = AppLine::Prepare(format!("register_error_handlers({})", anchor.name));
    let need = Need::member(&module, "register_error_handlers");
    draft.lines(&main, &ground.format, Lines::App(anchor, call), vec![need])?;
    draft.finish(summary)
}

/// The module for them: one of that name may be there for errors that no handler answers, whose names mean something else.
fn free(site: &Site<'_>, ground: &Ground, path: &Path) -> PathBuf {
    let standing = site.disk.text(path).filter(|text| !text.trim().is_empty());
    match standing {
        Some(text) if !text.contains("def register_error_handlers(") => ground.core("error_handlers"),
        _ => path.to_path_buf(),
    }
}
