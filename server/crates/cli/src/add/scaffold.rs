//! Scaffolds over several files.

use super::{apply, args::PlaceOptions, changes, diff};
use crate::{
    check::Naming,
    error::{Error, Outcome},
    output,
    target::{self, Target},
};
use ide::ScaffoldRequest;

pub(super) fn run(place: &PlaceOptions, request: &ScaffoldRequest) -> Result<Outcome, Error> {
    let mut target = Target::new(&place.project)?;
    let is_named = place.project != std::path::Path::new(".");
    if is_named {
        target.workspace.clone_from(&target.path);
    }
    // What is read may begin further up, with the package that the folder is in; nothing is written there.
    let around = project::enclosing(&target.path).filter(|_| !is_named);
    let root = around.unwrap_or_else(|| target.path.clone());
    let shown = place.project.display().to_string();
    let host = target::open(std::slice::from_ref(&target), place.reading.verbose);
    let analysis = host.snapshot();
    let plan = analysis
        .scaffold(&root, request)
        .map_err(|refusal| Error::Refused(shown, refusal.to_string()))?;
    let changes = changes(&analysis, &plan.change);
    let naming = Naming::new(std::slice::from_ref(&target), false);
    let name = |path: &std::path::Path| naming.name(path);
    if place.dry_run {
        output::print(&diff(&changes, name))?;
    } else {
        apply(&changes)?;
        output::print(&format!("{}\n", plan.summary))?;
        for change in &changes {
            let verb = if change.old.is_some() { "changed" } else { "created" };
            output::print(&format!("  {verb} {}\n", name(&change.path)))?;
        }
        if changes.is_empty() {
            output::print("  nothing changed: everything is there already\n")?;
        }
    }
    for note in &plan.notes {
        output::note(note);
    }
    Ok(Outcome::Done)
}
