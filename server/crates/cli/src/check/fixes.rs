//! `--fix` and `--diff`: fixes are applied to texts in memory until none is left, then written or shown as a diff.

use super::Scope;
use super::report::Naming;
use crate::diff;
use crate::error::{Error, Outcome};
use crate::files::write;
use crate::output;
use base::{FileEdit, FileId};
use ide::{Analysis, Host};
use rules::Finding;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// More rounds mean that two fixes undo each other.
const MAX_ROUNDS: usize = 16;

/// What became of a file: its text on disk and the fixed one.
type Changed = BTreeMap<PathBuf, (String, String)>;

/// Prints what `--fix` would change.
pub(super) fn diff(host: &Host, scope: &Scope<'_>) -> Result<Outcome, Error> {
    let (changed, _) = fix(host, scope);
    let naming = Naming::new(scope.targets, false);
    let text: String = changed
        .iter()
        .map(|(path, (old, new))| diff::unified(&naming.name(path), old, new))
        .collect();
    output::print(&text)?;
    Ok(if changed.is_empty() {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

/// Writes the fixed texts; returns how many findings were fixed.
pub(super) fn apply(host: &Host, scope: &Scope<'_>) -> Result<usize, Error> {
    let (changed, count) = fix(host, scope);
    for (path, (_, new)) in &changed {
        write(path, new)?;
    }
    Ok(count)
}

fn fix(host: &Host, scope: &Scope<'_>) -> (Changed, usize) {
    let mut changed = Changed::new();
    let mut count = 0;
    for round in 0..MAX_ROUNDS {
        let analysis = host.refresh();
        let (edits, applied) = choose(&analysis, &scope.findings(&analysis).0, scope.options.unsafe_fixes);
        if applied == 0 {
            break;
        }
        count += applied;
        for (file, edit) in edits {
            let path = analysis.path(file).to_path_buf();
            let text = analysis.source(file).text.to_string();
            let new = edit.apply(&text);
            host.open(&path, i32::try_from(round).unwrap_or(i32::MAX), &new);
            changed.entry(path).or_insert((text, String::new())).1 = new;
        }
    }
    host.refresh();
    changed.retain(|_, (old, new)| old != new);
    (changed, count)
}

/// Fixes that can be applied together: none touches what another one touches. Those left out come in the next round.
fn choose(analysis: &Analysis, findings: &[Finding], with_unsafe: bool) -> (BTreeMap<FileId, FileEdit>, usize) {
    let mut chosen: BTreeMap<FileId, FileEdit> = BTreeMap::new();
    let mut count = 0;
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    for fix in fixes.filter(|fix| fix.safe || with_unsafe) {
        // A text that was not valid UTF-8 can't be written back as it was.
        let is_writable = |edit: &FileEdit| !analysis.source(edit.file).text.contains('\u{fffd}');
        let is_free = |edit: &FileEdit| {
            let taken = chosen.get(&edit.file);
            taken.is_none_or(|taken| !taken.edits.iter().any(|a| edit.edits.iter().any(|b| meet(a, b))))
        };
        let files = &fix.change.files;
        if !fix.change.creations.is_empty() || !files.iter().all(|edit| is_writable(edit) && is_free(edit)) {
            continue;
        }
        count += 1;
        for edit in files {
            let known = chosen.entry(edit.file).or_insert_with(|| FileEdit {
                file: edit.file,
                edits: Vec::new(),
            });
            known.edits.extend(edit.edits.iter().cloned());
            known.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        }
    }
    (chosen, count)
}

fn meet(a: &base::TextEdit, b: &base::TextEdit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
}
