//! API keys: for programs that call the API. Issued by a command, stored as hashes, compared in constant time.

use super::{KeyPlace, testing::Testing};
use crate::{
    Plan, Refusal, Site, database,
    draft::Draft,
    ground::{Ground, Layer, Shape},
    layout::Layout,
    migration::{self, Migration, TableModel},
    skeleton, template,
    terms::Terms,
};
use minijinja::{Value, context};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The modules, in the order in which they rest on each other.
const MODULES: [&str; 4] = ["model", "service", "dependencies", "command"];

/// The whole change, or why there is none.
///
/// # Errors
/// Where something is in the way.
pub(super) fn build(site: &Site<'_>, key_in: KeyPlace) -> Result<Plan, Refusal> {
    check_standing(site)?;
    let mut draft = Draft::new(*site);
    let ground = database::provide(&mut draft, Arc::unwrap_or_clone(site.ground()))?;
    if ground.is_new() {
        skeleton::ensure(&mut draft, &Layout::of(site))?;
    }
    let terms = Terms::of(site, &ground)?;
    let paths = paths(&ground);
    let names: BTreeMap<&str, String> = paths.iter().map(|(name, path)| (*name, ground.dotted(path))).collect();
    let in_query = key_in == KeyPlace::Query;
    let own = context! {
        m => names,
        in_query => in_query,
        sent => if in_query { "params" } else { "headers" },
        field => if in_query { "api_key" } else { "X-API-Key" },
    };
    let imports = context! { imports => terms.imports() };
    let values = context! { ..own.clone(), ..imports, ..terms.values() };
    for name in MODULES {
        let text = template::render(&format!("api_key/{name}.py"), values.clone())?;
        let reused = draft.module(&paths[name], &ground.written(&text)?, &ground.format)?;
        draft.note_reuse(&paths[name], &reused);
    }
    if let Some(testing) = Testing::of(&mut draft, &ground, &terms) {
        let imports = context! { imports => testing.imports };
        let values: Value = context! { ..own, ..imports, ..testing.values, ..terms.values() };
        let text = template::render("api_key/tests.py", values)?;
        let path = ground.test_module(site, "api_keys");
        let reused = draft.module(&path, &ground.written_test(&text)?, &ground.format)?;
        draft.note_reuse(&path, &reused);
    }
    draft.note(format!(
        "path operations ask for a key with `{}` of {}; `python -m {} NAME` issues one",
        if ground.is_annotated {
            "ApiKeyDep"
        } else {
            "Depends(get_api_key)"
        },
        names["dependencies"],
        names["command"]
    ));
    migrate(&mut draft, &ground, &paths["model"])?;
    draft.finish("Add API keys".to_owned())
}

/// The migration that makes the table.
fn migrate(draft: &mut Draft<'_>, ground: &Ground, path: &Path) -> Result<(), Refusal> {
    let tables = [TableModel {
        path,
        module: &ground.dotted(path),
        class: "ApiKey",
        table: "apikey",
    }];
    migration::make_known(draft, &tables, &ground.format)?;
    let migration = Migration {
        message: "add API keys",
        tables: &tables,
        columns: None,
    };
    migration::write(draft, &migration, &ground.format)
}

/// Where each module goes.
fn paths(ground: &Ground) -> BTreeMap<&'static str, PathBuf> {
    let layers = &ground.layers;
    let place = |layer| layers.place(layer, "api_key", "api_keys");
    let command = match layers.shape {
        Shape::Domain => layers.package.join("api_keys/issue.py"),
        _ => ground.core("issue_api_key"),
    };
    BTreeMap::from([
        ("model", place(Layer::Models)),
        ("service", place(Layer::Services)),
        ("dependencies", place(Layer::Dependencies)),
        ("command", command),
    ])
}

/// Refuses a project that knows API keys already, other than ours.
fn check_standing(site: &Site<'_>) -> Result<(), Refusal> {
    let files = site.disk.python_files();
    let texts = files.iter().filter_map(|path| {
        let below = path.strip_prefix(site.root).ok()?;
        let is_test = below.iter().any(|part| part == "tests" || part == "test");
        (!is_test).then(|| Some((below.display().to_string(), site.disk.text(path)?)))?
    });
    let mut other = None;
    for (file, text) in texts {
        if text.contains("class ApiKeyService") {
            return Ok(());
        }
        let scheme = ["APIKeyHeader(", "APIKeyQuery(", "APIKeyCookie("]
            .into_iter()
            .find(|scheme| text.contains(scheme));
        if let Some(scheme) = scheme
            && !text.contains("ApiKeyService")
        {
            other.get_or_insert(format!("`{}` in {file}", scheme.trim_end_matches('(')));
        }
    }
    other.map_or(Ok(()), |other| Err(Refusal::StandingKeys(other)))
}
