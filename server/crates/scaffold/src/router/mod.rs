//! *Add router*: a module with a router, included where its siblings are.

pub(crate) mod include;

use crate::{
    About, Plan, Refusal, Site,
    draft::Draft,
    ground::{Ground, Layer},
    layout::Layout,
    skeleton, template,
};
use include::Include;
use minijinja::context;
use model::EventKind;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use style::words;

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "router",
    command: "add router NAME",
    summary: "Add a router: a module with prefix and tags, included where the others are",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** a module with an `APIRouter`, its prefix and its tag, and includes it where the others are included, in their order.

**Takes from the project** the folder of its routers, how their modules and variables are named, how prefix and tags are given
(at the router or at the include), and the router or app that the others are included in.

**Leaves alone** a router of this name: it is said where it is.
"#;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RouterRequest {
    /// What it is about, in any form: `order_lines`, `order-lines`.
    pub name: String,
    /// The path below which it serves; that of its name where left out.
    #[serde(default)]
    pub prefix: Option<String>,
    /// The tag of its path operations; its name where left out.
    #[serde(default)]
    pub tag: Option<String>,
}

/// The whole change, or why there is none.
///
/// # Errors
/// Where the name or the path can't be, or something is in the way.
pub fn build(site: &Site<'_>, request: &RouterRequest) -> Result<Plan, Refusal> {
    let name = words::snake(&request.name);
    if !words::is_identifier(&name) || !name.is_ascii() || ["router", "app"].contains(&name.as_str()) {
        return Err(Refusal::BadName(request.name.clone()));
    }
    let ground = site.ground();
    let mut draft = Draft::new(*site);
    if ground.is_new() {
        skeleton::ensure(&mut draft, &Layout::of(site))?;
    }
    let prefix = match &request.prefix {
        Some(prefix) => checked(prefix)?,
        None => format!("/{}", name.replace('_', "-")),
    };
    let tag = request.tag.clone().unwrap_or_else(|| tag(site, &name));
    let path = module_of(&ground, &name)?;
    if is_included(site, &path) {
        draft.note(format!(
            "{} has a router, and the app includes it already",
            shown(site.root, &path)
        ));
        return draft.finish(format!("Add router {name}"));
    }
    if site.disk.text(&path).is_none() {
        check_free(site, &ground, &prefix)?;
    }
    let include = Include::of(site, &ground)?;
    let values = context! {
        name => name,
        prefix => prefix,
        tag => tag,
        is_bare => include.has_prefixes(),
    };
    let text = template::render("router/router.py", values)?;
    let reused = draft.module(&path, &ground.written(&text)?, &ground.format)?;
    draft.note_reuse(&path, &reused);
    let arguments = match include.has_prefixes() {
        true => vec![
            ("prefix", quoted(&ground, &prefix)),
            ("tags", format!("[{}]", quoted(&ground, &tag))),
        ],
        false => Vec::new(),
    };
    include.add(&mut draft, &ground, &path, &name, arguments)?;
    draft.finish(format!("Add router {name}"))
}

/// Whether a module has a router that another includes.
fn is_included(site: &Site<'_>, path: &Path) -> bool {
    let model = site.ctx.model;
    let file = site.disk.file(path);
    let included = |event: &model::Event| match &event.kind {
        EventKind::Include(include) => Some(include.router),
        _ => None,
    };
    let mut routers = model
        .routers
        .iter()
        .flat_map(|router| router.events.iter().filter_map(included));
    routers.any(|id| {
        let made = model.routers.get(id.0 as usize);
        made.is_some_and(|made| made.made_at.file == file)
    })
}

/// A string literal in the project's quotes.
fn quoted(ground: &Ground, text: &str) -> String {
    ground.format.string(text)
}

/// Where the module of a router goes.
///
/// # Errors
/// Where a package of its name is in the way.
pub(crate) fn module_of(ground: &Ground, name: &str) -> Result<PathBuf, Refusal> {
    let one = words::singular(name);
    let many = words::plural(&one);
    let (one, many) = match name {
        // What is neither one thing nor many keeps its name.
        "health" | "probes" => (name, name),
        _ if many == name => (&*one, name),
        _ => (name, &*many),
    };
    let path = ground.layers.place(Layer::Routers, one, many);
    let package = path.with_extension("");
    if ground.layers.is_folder(&package) {
        let shown = package
            .strip_prefix(&ground.root)
            .unwrap_or(&package)
            .display()
            .to_string();
        return Err(Refusal::Clash(name.to_owned(), shown));
    }
    Ok(path)
}

/// A path that a router may be served below.
fn checked(prefix: &str) -> Result<String, Refusal> {
    let refuse = |why: &'static str| Err(Refusal::BadPath(prefix.to_owned(), why));
    match prefix {
        _ if !prefix.starts_with('/') => refuse("it has to begin with a slash"),
        _ if prefix.ends_with('/') => refuse("a prefix must not end with a slash"),
        _ if prefix.contains(char::is_whitespace) || prefix.contains(['?', '#', '"', '\'', '\\']) => {
            refuse("it has characters that no path has")
        }
        _ => Ok(prefix.to_owned()),
    }
}

/// A tag as the project's other routers have theirs.
fn tag(site: &Site<'_>, name: &str) -> String {
    let routers = site.ctx.model.routers.iter();
    let own = routers.filter_map(|router| router.tags.known()?.first().map(ToString::to_string));
    let (upper, lower): (Vec<String>, Vec<String>) = own.partition(|tag| tag.starts_with(char::is_uppercase));
    let spoken = words::spoken(name);
    let mut letters = spoken.chars();
    match (upper.len() > lower.len(), letters.next()) {
        (true, Some(first)) => first.to_uppercase().chain(letters).collect(),
        _ => name.replace('_', "-"),
    }
}

/// Refuses a path that is served already.
fn check_free(site: &Site<'_>, ground: &Ground, prefix: &str) -> Result<(), Refusal> {
    let Some(parent) = ground.parent.found() else {
        return Ok(());
    };
    let full = format!("{}{}{prefix}", parent.prefix, parent.shared_prefix_value);
    let below = format!("{full}/");
    let taken = site.ctx.model.routes.iter().find(|route| {
        let path = route.path.to_string();
        path == full || path.starts_with(&below)
    });
    match taken {
        Some(route) => Err(Refusal::Exists(full, route.name.to_string())),
        None => Ok(()),
    }
}

/// The calls that wire a router whose paths no path of its own comes before: what stands behind them is never reached.
pub(crate) fn catch_alls<'m>(site: &Site<'m>, router: &'m model::Router) -> Vec<&'m model::Event> {
    let model = site.ctx.model;
    let takes_all = |path: &str| path.is_empty() || path == "/" || path.starts_with("/{");
    let events = router.events.iter().filter(|event| match &event.kind {
        EventKind::Mount(mount) => takes_all(&mount.path.to_string()),
        EventKind::Operation(id) => {
            let operation = model.operations.get(id.0 as usize);
            operation.is_some_and(|operation| operation.path.to_string().starts_with("/{"))
        }
        EventKind::Include(include) => {
            let made = model.routers.get(include.router.0 as usize);
            let first = made.and_then(|made| made.events.first().map(|event| (made, event)));
            first.is_some_and(|(made, event)| match &event.kind {
                EventKind::Operation(id) => {
                    let path = model
                        .operations
                        .get(id.0 as usize)
                        .map(|operation| operation.path.to_string());
                    format!("{}{}{}", include.prefix, made.prefix, path.unwrap_or_default()).starts_with("/{")
                }
                _ => false,
            })
        }
    });
    events.collect()
}

/// The part of a path below a folder, for people.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
