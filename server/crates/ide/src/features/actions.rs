//! Code actions: fixes of the rules and endpoints to insert, as titles first and as edits when one is chosen.

use crate::Analysis;
use base::{FileId, SourceChange, Span};
use rules::Finding;
use scaffold::{
    Insertion, ScaffoldRequest,
    endpoint::{self, EndpointKind, EndpointRequest},
    offers,
};
use serde::{Deserialize, Serialize};

/// What a code action is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// It removes a finding, or completes what is half-written.
    QuickFix,
    /// It adds something new.
    Insert,
}

/// A code action without its edit.
#[derive(Clone, Debug)]
pub struct Action {
    /// In the imperative.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// What [`Analysis::action_edit`] takes.
    pub request: ActionRequest,
    /// The finding that it removes.
    pub finding: Option<Finding>,
    /// Whether it may be applied without a look.
    pub is_preferred: bool,
    /// The command line that does the same, where the edit makes files.
    pub command: Option<String>,
}

/// Which code action; survives the way to the client and back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActionRequest {
    /// The fix of a finding.
    #[serde(rename_all = "camelCase")]
    Fix {
        /// The rule.
        rule: String,
        /// First byte of the finding.
        start: u32,
        /// One past its last byte.
        end: u32,
    },
    /// An endpoint to insert.
    Endpoint(EndpointRequest),
    /// Something over several files.
    Scaffold(ScaffoldRequest),
}

/// The edit of a code action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionEdit {
    /// What was done, in a few words.
    pub summary: String,
    /// The change.
    pub change: SourceChange,
    /// Where a client that can puts its carets.
    pub tab_stops: Option<TabStops>,
    /// Whether new files are to be looked at before the edit is applied.
    pub confirms_files: bool,
}

/// Spans in the text of one edit that a user is likely to change, in the order of the tab stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabStops {
    /// The file.
    pub file: FileId,
    /// Which of its edits.
    pub edit: usize,
    /// In bytes of that edit's text, not overlapping.
    pub spans: Vec<Span>,
}

/// Why an action has no edit: a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRefusal(pub String);

impl Analysis {
    /// The code actions at a selection; cheap, without edits.
    #[must_use]
    pub fn actions(&self, file: FileId, selection: Span) -> Vec<Action> {
        let mut actions = self.fixes(file, selection);
        actions.extend(self.endpoint_offers(file, selection).into_iter().map(|offer| Action {
            title: offer.title,
            kind: if offer.completes {
                ActionKind::QuickFix
            } else {
                ActionKind::Insert
            },
            request: ActionRequest::Endpoint(offer.request),
            finding: None,
            is_preferred: offer.completes,
            command: None,
        }));
        actions.extend(self.scaffold_offers(file, selection).into_iter().map(|offer| Action {
            title: offer.title,
            kind: ActionKind::Insert,
            request: ActionRequest::Scaffold(offer.request),
            finding: None,
            is_preferred: false,
            command: offer.makes_files.then_some(offer.command),
        }));
        actions
    }

    /// The scaffolds over several files that are offered at a selection.
    #[must_use]
    pub fn scaffold_offers(&self, file: FileId, selection: Span) -> Vec<offers::Offer> {
        let path = self.path(file);
        let root = self.sources().project.project_folder(&path).to_path_buf();
        let preferences = self.preferences(&root);
        offers::offers(&self.site(&root, &preferences), file, selection)
    }

    fn fixes(&self, file: FileId, selection: Span) -> Vec<Action> {
        let findings = self.findings_of(file);
        findings
            .iter()
            .filter(|finding| finding.span.start <= selection.end && selection.start <= finding.span.end)
            .filter_map(|finding| {
                let fix = finding.fix.as_ref()?;
                Some(Action {
                    title: fix.title.clone(),
                    kind: ActionKind::QuickFix,
                    request: ActionRequest::Fix {
                        rule: finding.rule.name.to_owned(),
                        start: finding.span.start,
                        end: finding.span.end,
                    },
                    finding: Some(finding.clone()),
                    is_preferred: fix.safe,
                    command: None,
                })
            })
            .collect()
    }

    /// The endpoints that can be inserted at a selection.
    #[must_use]
    pub fn endpoint_offers(&self, file: FileId, selection: Span) -> Vec<endpoint::Offer> {
        let path = self.path(file);
        let preferences = self.preferences(path.parent().unwrap_or(&path));
        endpoint::offers(&self.scaffold_context(&path, &preferences), file, selection)
    }

    /// The edit that inserts an endpoint.
    ///
    /// # Errors
    /// The reason why nothing is inserted.
    pub fn endpoint(&self, file: FileId, request: &EndpointRequest) -> Result<Insertion, scaffold::Refusal> {
        let path = self.path(file);
        let preferences = self.preferences(path.parent().unwrap_or(&path));
        let site = scaffold::Site {
            ctx: self.scaffold_context(&path, &preferences),
            disk: self.sources(),
            root: self.sources().project.project_folder(&path),
        };
        endpoint::build(&site, file, request)
    }

    /// The edit of an action.
    ///
    /// # Errors
    /// A sentence for the user where there is none, for example because the finding is gone.
    pub fn action_edit(&self, file: FileId, request: &ActionRequest) -> Result<ActionEdit, ActionRefusal> {
        match request {
            ActionRequest::Fix { rule, start, end } => self.fix_edit(file, rule, Span::new(*start, *end)),
            ActionRequest::Endpoint(request) => {
                let insertion = self
                    .endpoint(file, request)
                    .map_err(|refusal| ActionRefusal(refusal.to_string()))?;
                Ok(ActionEdit {
                    tab_stops: Some(TabStops {
                        file: insertion.file,
                        edit: insertion.code_edit,
                        spans: insertion.placeholders,
                    }),
                    summary: insertion.summary,
                    change: insertion.change,
                    confirms_files: false,
                })
            }
            ActionRequest::Scaffold(request) => {
                let path = self.path(file);
                let root = self.sources().project.project_folder(&path).to_path_buf();
                let plan = self
                    .scaffold(&root, request)
                    .map_err(|refusal| ActionRefusal(refusal.to_string()))?;
                if plan.change.is_empty() {
                    let why = plan.notes.join("; ");
                    return Err(ActionRefusal(format!("nothing is added: {why}")));
                }
                Ok(ActionEdit {
                    summary: plan.summary,
                    change: plan.change,
                    tab_stops: None,
                    confirms_files: true,
                })
            }
        }
    }

    fn fix_edit(&self, file: FileId, rule: &str, span: Span) -> Result<ActionEdit, ActionRefusal> {
        let findings = self.findings_of(file);
        let fix = findings
            .iter()
            .filter(|finding| finding.rule.name == rule && finding.span == span)
            .find_map(|finding| finding.fix.as_ref())
            .ok_or_else(|| ActionRefusal(format!("`{rule}` does not find anything here any more")))?;
        Ok(ActionEdit {
            summary: fix.title.clone(),
            change: fix.change.clone(),
            tab_stops: None,
            confirms_files: false,
        })
    }
}

/// Commands name a plain endpoint by its method.
#[must_use]
pub fn endpoint_kind_of_method(method: &str) -> Option<EndpointKind> {
    EndpointKind::of_method(method)
}
