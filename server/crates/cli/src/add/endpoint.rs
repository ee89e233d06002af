//! One path operation in a module that is there.

use super::{apply, args::EndpointOptions, changes, diff};
use crate::check::Naming;
use crate::error::{Error, Outcome};
use crate::output;
use crate::target::{self, Target};
use ide::{EndpointKind, EndpointRequest, Refusal, endpoint_kind_of_method};

/// Builds what is asked for, and writes it or shows it as a diff.
///
/// # Errors
/// Where the arguments don't fit the project, or a file can't be written.
pub(super) fn run(options: &EndpointOptions) -> Result<Outcome, Error> {
    let target = Target::new(&options.file)?;
    if target.path.is_dir() {
        return Err(Error::Folder(options.file.display().to_string()));
    }
    let request = EndpointRequest {
        kind: kind(options)?,
        router: options.router.clone(),
        path: options.path.clone(),
        name: options.name.clone(),
        line: None,
    };
    let host = target::open(std::slice::from_ref(&target), options.reading.verbose);
    let analysis = host.snapshot();
    let refuse = |why: String| Error::Refused(options.file.display().to_string(), why);
    let file = analysis
        .file_id(&target.path)
        .ok_or_else(|| refuse("the file is not part of the project".to_owned()))?;
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
        output::print(&format!("Added {} to {}\n", insertion.summary, options.file.display()))?;
    }
    for note in &insertion.notes {
        output::note(note);
    }
    Ok(Outcome::Done)
}

fn kind(options: &EndpointOptions) -> Result<EndpointKind, Error> {
    match (&options.kind, &options.method) {
        (Some(kind), _) => Ok((*kind).into()),
        (None, Some(method)) => endpoint_kind_of_method(method).ok_or_else(|| Error::NoSuchMethod(method.clone())),
        (None, None) => Ok(EndpointKind::Get),
    }
}
