//! `routewright explain`: a rule's page.

use crate::args::ExplainOptions;
use crate::error::{Error, Outcome};
use crate::output;

/// Prints the page of a rule.
///
/// # Errors
/// Where there is no such rule.
pub(crate) fn run(options: &ExplainOptions) -> Result<Outcome, Error> {
    let page = rules::page(&options.rule).ok_or_else(|| no_such_rule(&options.rule, names()))?;
    output::print(&page)?;
    Ok(Outcome::Done)
}

fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = rules::registry().iter().map(|rule| rule.meta.name).collect();
    names.sort_unstable();
    names
}

/// That there is no such rule, and which the user may have meant.
pub(crate) fn no_such_rule(wanted: &str, names: Vec<&str>) -> Error {
    let hint = match project::nearest(wanted, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are {}", names.join(", ")),
    };
    Error::NoSuchRule(wanted.to_owned(), hint)
}
