//! What a rule is: its description, its documentation and its condition.

use crate::{Findings, Pass};
use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A suggestion.
    Hint,
    /// Worth knowing.
    Info,
    /// It works, though not as it reads.
    Warning,
    /// It fails: at import, at start or for a request.
    Error,
}

impl Severity {
    /// As it is written in configuration and output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that a configuration names.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Severity::Hint, Severity::Info, Severity::Warning, Severity::Error]
            .into_iter()
            .find(|severity| severity.as_str() == name)
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Paths, routers and the route table.
    Routing,
    /// `Depends(…)` and what stands in it.
    Dependencies,
    /// Routewright's own comments and configuration.
    Meta,
}

impl Group {
    /// As it is written in configuration and output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Routing => "routing",
            Group::Dependencies => "dependencies",
            Group::Meta => "meta",
        }
    }
}

/// Whether a rule's findings come with a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FixKind {
    /// One that keeps or restores what the program was meant to do: `check --fix` applies it.
    Safe,
    /// One to look over: offered in the editor, applied by `check --fix --unsafe-fixes`.
    Unsafe,
    /// None.
    None,
}

impl FixKind {
    /// As it is written in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            FixKind::Safe => "safe",
            FixKind::Unsafe => "unsafe",
            FixKind::None => "none",
        }
    }
}

/// How a rule describes itself.
#[derive(Debug)]
pub struct RuleMeta {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// The severity of its findings where configuration says nothing; a finding may be milder or graver by itself.
    pub severity: Severity,
    /// One sentence without a final stop.
    pub summary: &'static str,
    /// Its page in Markdown, from the first section on.
    pub docs: &'static str,
    /// The best fix it has.
    pub fix: FixKind,
    /// The version of Routewright that brought it.
    pub since: &'static str,
}

impl RuleMeta {
    /// Where its page is published.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its description.
    pub meta: RuleMeta,
    /// Looks through the whole model and reports what it finds.
    pub check: fn(&Pass<'_>, &mut Findings<'_>),
}
