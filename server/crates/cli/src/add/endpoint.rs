//! One path operation in a module that is there.

use super::{
    apply,
    args::{EndpointOptions, none_or},
    changes, diff,
};
use crate::check::Naming;
use crate::error::{Error, Outcome};
use crate::output;
use crate::target::{self, Target};
use base::FileId;
use ide::{Analysis, EndpointKind, EndpointRequest, Refusal, endpoint_kind_of_method};
use std::path::PathBuf;

/// Builds what is asked for, and writes it or shows it as a diff.
///
/// # Errors
/// Where the arguments don't fit the project, or a file can't be written.
pub(super) fn run(options: &EndpointOptions) -> Result<Outcome, Error> {
    let given = options.file.clone().unwrap_or_else(|| PathBuf::from("."));
    let target = Target::new(&given)?;
    if options.file.is_some() && target.path.is_dir() {
        return Err(Error::Folder(given.display().to_string()));
    }
    let request = EndpointRequest {
        kind: kind(options)?,
        router: options.router.clone(),
        path: options.path.clone(),
        name: options.name.clone(),
        line: None,
        spec: options.spec.clone(),
        filter: options.filter.clone().map(none_or),
        sort: options.sort.clone().map(none_or),
        anywhere: options.file.is_none(),
    };
    let host = target::open(std::slice::from_ref(&target), options.reading.verbose);
    let analysis = host.snapshot();
    let refuse = |why: String| Error::Refused(given.display().to_string(), why);
    let file = match &options.file {
        Some(_) => analysis.file_id(&target.path),
        None => made_app(&analysis),
    };
    let file = file.ok_or_else(|| refuse("the file is not part of the project".to_owned()))?;
    let insertion = match analysis.endpoint(file, &request) {
        Ok(insertion) => insertion,
        Err(refusal @ Refusal::Exists(..)) => {
            output::print(&format!("nothing changed: {refusal}\n"))?;
            return Ok(Outcome::Done);
        }
        Err(refusal) => return Err(refuse(refusal.to_string())),
    };
    let changes = changes(&analysis, &insertion.change);
    if changes
        .iter()
        .any(|change| change.old.as_deref().is_some_and(|old| old.contains('\u{fffd}')))
    {
        return Err(refuse("the file is not UTF-8".to_owned()));
    }
    if options.dry_run {
        let naming = Naming::new(std::slice::from_ref(&target), false);
        output::print(&diff(&changes, |path| naming.name(path)))?;
    } else {
        apply(&changes)?;
        let added = match &options.file {
            Some(file) => file.display().to_string(),
            None => Naming::new(std::slice::from_ref(&target), false).name(&analysis.path(insertion.file)),
        };
        output::print(&format!("Added {} to {added}\n", insertion.summary))?;
    }
    for note in &insertion.notes {
        output::note(note);
    }
    Ok(Outcome::Done)
}

/// A module of the project that makes an app.
fn made_app(analysis: &Analysis) -> Option<FileId> {
    let model = analysis.model();
    let router = model.apps.first()?.router;
    Some(model.routers.get(router.0 as usize)?.made_at.file)
}

fn kind(options: &EndpointOptions) -> Result<EndpointKind, Error> {
    if options.spec.is_some() {
        return Ok(EndpointKind::Spec);
    }
    match (&options.kind, &options.method) {
        (Some(kind), _) => match EndpointKind::from(*kind) {
            EndpointKind::Filter => Ok(EndpointKind::Filter),
            _ if options.filter.is_some() || options.sort.is_some() => Err(Error::NoFilter),
            other => Ok(other),
        },
        (None, Some(method)) => endpoint_kind_of_method(method).ok_or_else(|| Error::NoSuchMethod(method.clone())),
        (None, None) => Ok(EndpointKind::Get),
    }
}
