//! OpenID Connect: tokens that an identity provider issues, verified with the keys that it publishes.

use super::standing;
use crate::{
    Plan, Refusal, Site,
    draft::{Draft, Lines},
    ground::{Ground, Layer, Part, Shape},
    imports::Need,
    layout::Layout,
    packages::{self, for_tests, package},
    setting::{self, Reading, Setting},
    skeleton, template,
    terms::Errors,
};
use minijinja::{Value, context};
use std::{borrow::Cow, collections::BTreeMap, path::PathBuf};

/// The name that only this scheme has: `add auth` stands on it where it is asked twice.
pub(super) const OURS: &str = "get_verifier";

/// The provider's issuer, what its tokens have to be for, and where its keys are; none has a default.
const SETTINGS: [(&str, &str); 3] = [
    ("openid_issuer", "https://login.example.com"),
    ("openid_audience", "api"),
    ("openid_jwks_url", "https://login.example.com/.well-known/jwks.json"),
];

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub(super) fn build(site: &Site<'_>) -> Result<Plan, Refusal> {
    standing::check(site, OURS)?;
    let mut draft = Draft::new(*site);
    let ground = site.ground();
    if ground.is_new() {
        skeleton::ensure(&mut draft, &Layout::of(site))?;
    }
    let reading = settings(&mut draft, &ground)?;
    let paths = paths(&ground);
    let errors = Errors::of(site, &ground);
    let values = values(&ground, &paths, &reading, &errors);
    for name in ["verifier", "dependencies"] {
        let text = template::render(&format!("openid/{name}.py"), values.clone())?;
        let reused = draft.module(&paths[name], &ground.written(&text)?, &ground.format)?;
        draft.note_reuse(&paths[name], &reused);
    }
    tests(&mut draft, &ground, values)?;
    packages::require(
        &mut draft,
        &[package("pyjwt", &["crypto"], "2.15"), for_tests("pytest", "9.0")],
    );
    draft.note(format!(
        "path operations ask who is asking with `{}` of {}",
        if ground.is_annotated {
            "CurrentUser"
        } else {
            "Depends(get_current_user)"
        },
        ground.dotted(&paths["dependencies"])
    ));
    draft.finish("Add OpenID Connect".to_owned())
}

/// Adds the settings, which the app does not start without.
fn settings(draft: &mut Draft<'_>, ground: &Ground) -> Result<Reading, Refusal> {
    let settings = SETTINGS.map(|(name, example)| Setting {
        name,
        declaration: Cow::Borrowed("str = Field(default=..., min_length=1)"),
        example: Cow::Borrowed(example),
        need: Some(("pydantic", "Field")),
    });
    let reading = setting::add(draft, ground, &settings)?;
    let variables: Vec<String> = SETTINGS.iter().map(|(name, _)| super::variable(ground, name)).collect();
    draft.note(format!("set {} before the app starts", variables.join(", ")));
    Ok(reading)
}

/// Where each module goes.
fn paths(ground: &Ground) -> BTreeMap<&'static str, PathBuf> {
    let layers = &ground.layers;
    let verifier = match layers.shape {
        Shape::Domain => layers.package.join("auth/openid.py"),
        _ => ground.core("openid"),
    };
    let dependencies = layers.place(Layer::Dependencies, "auth", "auth");
    BTreeMap::from([("verifier", verifier), ("dependencies", dependencies)])
}

/// What all templates are given.
fn values(ground: &Ground, paths: &BTreeMap<&'static str, PathBuf>, reading: &Reading, errors: &Errors) -> Value {
    let names: BTreeMap<&str, String> = paths.iter().map(|(name, path)| (*name, ground.dotted(path))).collect();
    let read = |name: &str| format!("{}.{}", reading.expression, reading.fields[name]);
    let imports = BTreeMap::from([
        ("errors", errors.imports()),
        ("raised", errors.imports_of(&[401, 403])),
        ("settings", format!("from {} import {}", reading.module, reading.name)),
    ]);
    context! {
        m => names,
        imports => imports,
        error => errors.raising(),
        raised => errors.class(401),
        forbidden => errors.class(403),
        issuer => read("openid_issuer"),
        audience => read("openid_audience"),
        jwks_url => read("openid_jwks_url"),
        ..ground.habits()
    }
}

/// Tests, and settings for them.
fn tests(draft: &mut Draft<'_>, ground: &Ground, values: Value) -> Result<(), Refusal> {
    let conftest = match &ground.client {
        Part::Found(client) => client.fixture.path.clone(),
        Part::Free(path) => path.clone(),
        Part::Refused(refusal) => {
            draft.note(format!("no tests are written: {refusal}"));
            return Ok(());
        }
    };
    for (name, example) in SETTINGS {
        let lines = Lines::BeforeOwnImports {
            text: format!(
                "os.environ.setdefault(\"{}\", \"{example}\")",
                super::variable(ground, name)
            ),
        };
        draft.lines(&conftest, &ground.format, lines, vec![Need::Module("os".to_owned())])?;
    }
    let text = template::render("openid/tests.py", values)?;
    let path = ground.test_module(&draft.site, "openid");
    let reused = draft.module(&path, &ground.written_test(&text)?, &ground.format)?;
    draft.note_reuse(&path, &reused);
    Ok(())
}
