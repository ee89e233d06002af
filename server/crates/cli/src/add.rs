//! `routewright add`: the scaffolds of the code actions.

use crate::args::{AddCommand, EndpointOptions};
use crate::check::Naming;
use crate::diff;
use crate::error::{Error, Outcome};
use crate::files::write;
use crate::output;
use crate::target::{self, Target};
use base::SourceChange;
use ide::{Analysis, EndpointKind, EndpointRequest, endpoint_kind_of_method};
use std::path::PathBuf;

/// Builds what is asked for, and writes it or shows it as a diff.
///
/// # Errors
/// Where the arguments don't fit the project, or a file can't be written.
pub(crate) fn run(command: &AddCommand) -> Result<Outcome, Error> {
    let AddCommand::Endpoint(options) = command;
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
    let insertion = analysis
        .endpoint(file, &request)
        .map_err(|refusal| refuse(refusal.to_string()))?;
    let changes = changes(&analysis, &insertion.change);
    if changes.iter().any(|(_, old, _)| old.contains('\u{fffd}')) {
        return Err(refuse("the file is not UTF-8".to_owned()));
    }
    if options.dry_run {
        let naming = Naming::new(std::slice::from_ref(&target), false);
        let text: String = changes
            .iter()
            .map(|(path, old, new)| diff::unified(&naming.name(path), old, new))
            .collect();
        output::print(&text)?;
    } else {
        for (path, _, new) in &changes {
            write(path, new)?;
        }
        output::print(&format!("Added {} to {}\n", insertion.summary, options.file.display()))?;
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

/// Path, old and new text of every file that a change touches.
fn changes(analysis: &Analysis, change: &SourceChange) -> Vec<(PathBuf, String, String)> {
    let changed = change.files.iter().map(|edit| {
        let old = analysis.source(edit.file).text.to_string();
        let new = edit.apply(&old);
        (analysis.path(edit.file).to_path_buf(), old, new)
    });
    let created = change
        .creations
        .iter()
        .map(|(path, text)| (path.clone(), String::new(), text.clone()));
    changed.chain(created).collect()
}
