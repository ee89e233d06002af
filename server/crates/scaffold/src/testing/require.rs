//! Tests that pass today go on passing when somebody is required: they ask as one.

use super::{
    access::Access,
    callers,
    demands::Demand,
    people::{People, Who},
};
use crate::{
    Refusal, Site,
    draft::Draft,
    ground::{Ground, Symbol},
    imports::Need,
    template,
};
use minijinja::context;
use model::Route;
use std::path::Path;

/// What is required from now on.
pub(crate) struct Required<'r> {
    /// The dependency that gives the user or refuses.
    pub(crate) provider: &'r Symbol,
    /// A role that is demanded beside it.
    pub(crate) role: Option<&'r str>,
}

/// Lets the tests of some routes ask as someone who may; how many there are, or why none was changed.
///
/// # Errors
/// Where a module of the tests can't be edited.
pub(crate) fn update(
    draft: &mut Draft<'_>,
    ground: &Ground,
    affected: &[&Route],
    required: &Required<'_>,
) -> Result<Result<usize, String>, Refusal> {
    let site = draft.site;
    let Some(client) = ground.client.found() else {
        return Ok(Ok(0));
    };
    let beside = client.fixture.path.with_file_name("test_.py");
    let mut people = People::read(&site, ground, &beside);
    let modules = callers::of(
        &site,
        affected,
        &people.signed(),
        client.base_url.as_ref().map_or("", |(_, path)| path),
    );
    if modules.is_empty() {
        return Ok(Ok(0));
    }
    let Some(mut access) = Access::of_dependency(&site, ground, &required.provider.module, &required.provider.name)
    else {
        return Ok(Err(format!("what `{}` asks for can't be told", required.provider.name)));
    };
    access.demands.extend(required.role.map(|role| Demand {
        attribute: "role".to_owned(),
        value: format!("\"{role}\""),
        imports: Vec::new(),
    }));
    let fixture = match fixture(draft, ground, &mut people, &access)? {
        Ok(fixture) => fixture,
        Err(why) => return Ok(Err(why)),
    };
    let mut count = 0;
    for module in modules {
        count += module.callers.len();
        mark(draft, ground, &module, &fixture)?;
    }
    Ok(Ok(count))
}

/// The fixture that makes the test's client someone; made where there is none.
fn fixture<'a>(
    draft: &mut Draft<'_>,
    ground: &Ground,
    people: &mut People<'a>,
    access: &Access<'a>,
) -> Result<Result<String, String>, Refusal> {
    let privilege = access.privileges().next();
    let (who, name) = match privilege {
        Some(demand) => (Who::Privileged, format!("signed_in_{}", demand.person())),
        None => (Who::User, "signed_in".to_owned()),
    };
    if people.has(&name) {
        return Ok(Ok(name));
    }
    let entry = match people.entry_of_client(access, who) {
        Ok(entry) => entry,
        Err(why) => return Ok(Err(why)),
    };
    people.write(draft)?;
    let Some(client) = ground.client.found() else {
        return Ok(Err("the tests have no client".to_owned()));
    };
    let parameters: Vec<String> = entry
        .parameters
        .iter()
        .map(|(name, ty)| format!("{name}: {ty}"))
        .collect();
    let values = context! {
        name => name,
        person => entry.parameters.first().map(|(name, _)| name),
        parameters => parameters.join(", "),
        imports => entry.imports,
        headers => entry.headers,
        before => entry.before,
        fixture => client.fixture.name,
        client => context! { module => client.class.0, name => client.class.1 },
    };
    let text = template::render("testing/signed_in.py", values)?;
    let text = ground.written_test(&text)?;
    draft.program(&client.fixture.path, &text, &ground.format)?;
    Ok(Ok(name))
}

/// Marks the tests that ask, or their module where all do.
fn mark(draft: &mut Draft<'_>, ground: &Ground, module: &callers::Module, fixture: &str) -> Result<(), Refusal> {
    let mark = format!("pytest.mark.usefixtures({})", ground.format.string(fixture));
    let path: &Path = &module.path;
    if !module.has_others && !module.is_marked && module.callers.len() > 1 {
        let (start, is_definition) = module.body;
        let behind = if is_definition { "\n\n\n" } else { "\n" };
        draft.insert(path, &ground.format, start, format!("pytestmark = {mark}{behind}"))?;
    } else {
        for caller in &module.callers {
            let text = format!("@{mark}\n{}", caller.indent);
            draft.insert(path, &ground.format, caller.start, text)?;
        }
    }
    draft.need(path, &ground.format, vec![Need::Module("pytest".to_owned())])
}

/// The routes of a path operation by its function, or of a router or app by its name.
pub(crate) fn affected<'m>(site: &Site<'m>, path: &Path, name: &str, is_function: bool) -> Vec<&'m Route> {
    let model = site.ctx.model;
    let file = site.disk.file(path);
    let routers: Vec<usize> = model
        .routers
        .entries()
        .filter(|(_, router)| {
            let own = router.name.as_deref().and_then(|name| name.rsplit(':').next());
            router.made_at.file == file && own == Some(name)
        })
        .map(|(id, _)| id)
        .collect();
    let is_it = |route: &&Route| match is_function {
        true => {
            let callable = route.endpoint.and_then(|id| model.callables.get(id.0 as usize));
            callable.is_some_and(|callable| {
                callable.def.is_some_and(|def| def.file == file) && callable.name.rsplit('.').next() == Some(name)
            })
        }
        false => route.chain.iter().any(|id| routers.contains(&(id.0 as usize))),
    };
    model.routes.iter().filter(is_it).collect()
}
