//! `routewright check`: the rules as a linter.

mod baseline;
mod fixes;
mod formats;
mod report;

use crate::args::{CheckFormat, CheckOptions};
use crate::error::{Error, Outcome};
use crate::explain::no_such_rule;
use crate::output;
use crate::target::{self, Target};
use baseline::Baseline;
use ide::Analysis;
pub(crate) use report::Naming;
use report::Report;
use rules::{Finding, Settings};

/// Checks the targets, fixes what it is told to, and prints what is left.
///
/// # Errors
/// Where a PATH, a rule or the baseline does not exist, or a file can't be written.
pub(crate) fn run(options: &CheckOptions) -> Result<Outcome, Error> {
    for name in options.select.iter().chain(&options.ignore) {
        if !rules::is_known_name(name) {
            return Err(no_such_rule(name, rule_names()));
        }
    }
    if options.statistics && options.output_format != CheckFormat::Text {
        return Err(Error::TextOnly);
    }
    let targets: Vec<Target> = options
        .paths
        .iter()
        .map(|path| Target::new(path))
        .collect::<Result<_, _>>()?;
    let baseline = options.baseline.as_deref().map(Baseline::read).transpose()?;
    let scope = Scope {
        targets: &targets,
        options,
        baseline: baseline.unwrap_or_default(),
    };
    let host = target::open(&targets, options.reading.verbose);
    if options.diff {
        return fixes::diff(&host, &scope);
    }
    let fixed = if options.fix { fixes::apply(&host, &scope)? } else { 0 };
    let analysis = host.snapshot();
    target::tell_unreadable(&analysis, &targets);
    let (found, known) = scope.findings(&analysis);
    let report = Report::new(
        &analysis,
        &found,
        &Naming::new(&targets, options.output_format == CheckFormat::Json),
    );
    let mut text = formats::write(&report, options);
    if options.output_format == CheckFormat::Text {
        text.push_str(&formats::summary(&report, fixed, known));
    }
    output::print(&text)?;
    Ok(if report.findings.is_empty() {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

fn rule_names() -> Vec<&'static str> {
    let metas = rules::registry().iter().map(|rule| &rule.meta);
    let mut names: Vec<&str> = metas.flat_map(|meta| [meta.name, meta.group.as_str()]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Which findings a run is about.
struct Scope<'a> {
    targets: &'a [Target],
    options: &'a CheckOptions,
    baseline: Baseline,
}

impl Scope<'_> {
    /// The findings in the targets under the configuration and the command's own choice of rules, without those that the
    /// baseline knows; and how many these are.
    fn findings(&self, analysis: &Analysis) -> (Vec<Finding>, usize) {
        let mut settings: Settings = analysis.settings().clone();
        if !self.options.select.is_empty() {
            settings.select.clone_from(&self.options.select);
        }
        settings.ignore.extend(self.options.ignore.iter().cloned());
        let mut found = analysis.check(&settings);
        found.retain(|finding| {
            let path = analysis.path(finding.file);
            self.targets.iter().any(|target| target.contains(&path))
        });
        found.sort_by_cached_key(|finding| (analysis.path(finding.file), finding.span.start, finding.rule.name));
        let known = self.baseline.remove_from(&mut found, analysis, self.targets);
        (found, known)
    }
}
