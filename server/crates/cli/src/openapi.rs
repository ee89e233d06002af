//! `routewright openapi`: the OpenAPI document of an app.

use crate::{
    args::OpenapiOptions,
    error::{Error, Outcome},
    output::{self, BOLD, styled},
    routes::find_app,
    target::{self, Target},
};
use ide::Analysis;

/// Names of apps that an error lists.
const LISTED: usize = 6;

/// Prints the document of the app that PATH is about.
///
/// # Errors
/// Where PATH or the app does not exist, or it can't be told which app is meant.
pub(crate) fn run(options: &OpenapiOptions) -> Result<Outcome, Error> {
    let target = Target::new(&options.path)?;
    let host = target::open(std::slice::from_ref(&target), options.reading.verbose);
    let app = choose(&host.snapshot(), options.app.as_deref(), &target)?;
    let place = || target.given.display().to_string();
    let document = host.openapi(target.root(), &app).ok_or_else(|| Error::NoApp(place()))?;
    let json = serde_json::to_string_pretty(&document.json).map_err(std::io::Error::other)?;
    output::print(&(json + "\n"))?;
    if !document.unknown.is_empty() {
        let count = document.unknown.len();
        output::note(&styled(BOLD, format!("{count} not known before the program runs:")));
        document
            .unknown
            .iter()
            .for_each(|reason| output::note(&format!("  {reason}")));
    }
    Ok(Outcome::Done)
}

/// The app that is asked for: by name, or the entry point, or the only one.
fn choose(analysis: &Analysis, wanted: Option<&str>, target: &Target) -> Result<String, Error> {
    let model = analysis.model();
    let is_fastapi = |app: &model::App| {
        let router = model.routers.get(app.router.0 as usize);
        router.is_some_and(|router| router.kind == model::RouterKind::FastApi)
    };
    let apps: Vec<&model::App> = model
        .apps
        .iter()
        .filter(|app| is_fastapi(app) && target.contains(&analysis.path(app.file)))
        .collect();
    let names: Vec<&str> = apps.iter().map(|app| &*app.id).collect();
    match (wanted, apps.as_slice()) {
        (Some(wanted), _) => {
            let known = apps.iter().map(|app| (&*app.id, app.made_by.as_deref()));
            Ok(apps[find_app(known, wanted, target)?].id.to_string())
        }
        (None, []) => Err(Error::NoApp(target.given.display().to_string())),
        (None, [only]) => Ok(only.id.to_string()),
        (None, [first, ..]) if first.is_entry_point => Ok(first.id.to_string()),
        (None, _) => Err(Error::SeveralApps {
            place: target.given.display().to_string(),
            known: match names.len() {
                0..=LISTED => names.join(", "),
                more => format!("{}, … ({more} in all)", names[..LISTED].join(", ")),
            },
        }),
    }
}
