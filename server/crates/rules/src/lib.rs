//! The rules: one file each with documentation, condition, fix and tests.
//!
//! A rule looks at the whole [`model::Model`] and claims only what the model knows: where a text has holes, a route
//! stands under an undecided condition or a router is handed on, rules are silent. [`check`] runs them, applies settings
//! and suppression comments, and sorts.

mod comments;
mod context;
mod finding;
mod literal;
mod mentions;
mod overlap;
mod page;
mod pattern;
mod routes;
mod rule;
mod rules;
mod settings;
mod signature;
mod suppression;

pub use context::{Context, Pass};
pub use finding::{Finding, Findings, Fix, Related, Tag};
pub use mentions::MentionsCache;
pub use page::{overview, page, table};
pub use rule::{FixKind, Group, Rule, RuleMeta, Severity};
pub use rules::registry;
pub use settings::{BadGlob, PerFileIgnore, Settings, is_known_name};

use base::FileId;
use facts::FileFacts;
use mentions::Mentions;
use model::Model;
use rayon::prelude::*;
use rules::unused_suppression;
use rustc_hash::FxHashSet;
use suppression::Suppressions;

/// The rule of that name.
#[must_use]
pub fn rule(name: &str) -> Option<&'static Rule> {
    registry().iter().copied().find(|rule| rule.meta.name == name)
}

/// Runs the rules over the workspace. Findings are sorted by file and place, each once.
#[must_use]
pub fn check(context: &Context<'_>, settings: &Settings) -> Vec<Finding> {
    check_files(context, settings, context.sources)
}

/// Runs the rules, but only for findings in `files`. The others' texts are not read.
#[must_use]
pub fn check_files(context: &Context<'_>, settings: &Settings, files: &[FileId]) -> Vec<Finding> {
    let wanted: FxHashSet<FileId> = files.iter().copied().collect();
    let pass = Pass::new(*context);
    // Rules know nothing of each other, and their findings are sorted in the end.
    let found = registry()
        .par_iter()
        .filter(|rule| settings.runs(&rule.meta))
        .flat_map_iter(|rule| {
            let mut findings = Findings::new(Some(&wanted));
            (rule.check)(&pass, &mut findings);
            findings.into_list()
        });
    let mut list = suppressed(context, settings, files, found.collect());
    list.retain_mut(|finding| {
        if let Some(severity) = settings.severity(finding.rule) {
            finding.severity = severity;
        }
        !settings.ignores_in(finding.rule, &context.files.path(finding.file))
    });
    sort_and_deduplicate(&mut list);
    list
}

/// Whether a change of a file's facts that leaves the model as it is can change findings in other files.
#[must_use]
pub fn reaches_other_files(model: &Model, file: FileId, old: &FileFacts, new: &FileFacts) -> bool {
    use rules::path_param_undeclared::request_uses;
    Mentions::differ(old, new) || request_uses(model, file, old) != request_uses(model, file, new)
}

/// What the suppression comments of the files leave, and what is to be said of those comments.
fn suppressed(context: &Context<'_>, settings: &Settings, files: &[FileId], mut list: Vec<Finding>) -> Vec<Finding> {
    let judges_comments = settings.runs(&unused_suppression::RULE.meta);
    for &file in files {
        let Some(mut suppressions) = Suppressions::read(&context.files.text(file)) else {
            continue;
        };
        list.retain(|finding| finding.file != file || !suppressions.suppress(finding));
        if judges_comments {
            list.extend(unused_suppression::check_file(context, settings, file, &suppressions));
        }
    }
    list
}

/// One registration can be reached on several ways through the includes: what is said twice of a place is said once.
fn sort_and_deduplicate(list: &mut Vec<Finding>) {
    list.sort_by(|a, b| {
        (a.file, a.span.start, a.span.end, a.rule.name, &a.message).cmp(&(
            b.file,
            b.span.start,
            b.span.end,
            b.rule.name,
            &b.message,
        ))
    });
    list.dedup_by(|a, b| (a.file, a.span, a.rule.name, &a.message) == (b.file, b.span, b.rule.name, &b.message));
}
