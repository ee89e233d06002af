//! A database for what needs one, in a project that has an app and no database yet.

use super::{DatabaseRequest, add};
use crate::{
    Refusal, client,
    draft::Draft,
    ground::{Base, Client, Ground, Part, Symbol, TestSession},
    moment, testing,
};
use std::path::Path;

/// The ground with a database and a client for tests in it; both are made where a project lacks them. A new project gets
/// its own with everything else.
///
/// # Errors
/// Where something is in the way.
pub(crate) fn provide(draft: &mut Draft<'_>, mut ground: Ground) -> Result<Ground, Refusal> {
    if ground.is_new() {
        return Ok(ground);
    }
    if let (Part::Free(session), Part::Free(base)) = (&ground.session, &ground.base) {
        let (session, base) = (session.clone(), base.clone());
        match super::lacks_session(&draft.site) {
            Refusal::NoSession => {}
            refusal => return Err(refusal),
        }
        add(draft, &ground, DatabaseRequest::default())?;
        let is_sqlmodel = ground.prefers_sqlmodel;
        let of_session = |name: &str| symbol(&ground, &session, name);
        let of_base = |name: &str| symbol(&ground, &base, name);
        let made = ground.made_session(of_session("get_session"), of_session("SessionDep"), is_sqlmodel);
        let tables = match is_sqlmodel {
            true => Base::sqlmodel("uuid.UUID".to_owned()),
            false => Base {
                class: Some(of_base("Base")),
                key_type: "uuid.UUID".to_owned(),
                has_key: false,
                key_mixin: Some(of_base("UUIDMixin")),
                has_moments: false,
                moments_mixin: Some(of_base("TimestampMixin")),
                moment: Some(of_base(moment::NAME)),
            },
        };
        ground.session = Part::Found(made);
        ground.base = Part::Found(tables);
    }
    if let Part::Free(path) = &ground.client {
        let path = path.clone();
        let made = testing::fixtures(draft, &ground)?;
        ground.test_session = ground.session.found().map(|session| TestSession {
            fixture: "session".to_owned(),
            class: session.class.clone(),
        });
        ground.client = Part::Found(Client {
            fixture: symbol(&ground, &path, "client"),
            class: made.class(),
            is_async: made.is_async,
            mark: client::mark(ground.tests).filter(|_| made.is_async),
            fixture_decorator: client::decorator(ground.tests),
            base_url: None,
        });
    }
    Ok(ground)
}

fn symbol(ground: &Ground, path: &Path, name: &str) -> Symbol {
    Symbol {
        path: path.to_path_buf(),
        module: ground.dotted(path),
        name: name.to_owned(),
    }
}
