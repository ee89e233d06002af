//! Docstrings with sections as siblings have them: `Args:`, `Returns:`, `Raises:` (Google's Python style guide, 3.8.3).

use super::draft::Draft;
use super::evidence::{Evidence, has_word, is_session, is_user};
use super::siblings::{Code, Param};
use style::{Action, words};

/// The sections of one docstring: what each is about, and what is said of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sections {
    args: Vec<Entry>,
    returns: Option<String>,
    raises: Vec<Entry>,
}

/// `name (type): text`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    is_typed: bool,
    text: String,
}

impl Sections {
    fn of(docstring: &str) -> Self {
        let mut sections = Self::default();
        let mut section = "";
        // How far the entries of a section are indented.
        let mut depth = 0;
        for line in docstring.lines() {
            let text = line.trim();
            let indent = line.len() - line.trim_start().len();
            match text {
                "Args:" | "Arguments:" => (section, depth) = ("args", 0),
                "Returns:" => (section, depth) = ("returns", 0),
                "Raises:" => (section, depth) = ("raises", 0),
                "" => {}
                _ if text.ends_with(':') && indent < depth => section = "",
                _ => {
                    depth = if depth == 0 { indent } else { depth };
                    sections.add(section, text, indent > depth);
                }
            }
        }
        sections
    }

    fn add(&mut self, section: &str, text: &str, goes_on: bool) {
        let entries = match section {
            "args" => &mut self.args,
            "raises" => &mut self.raises,
            "returns" => {
                let said = self.returns.take().map(|said| format!("{said} {text}"));
                self.returns = Some(said.unwrap_or_else(|| text.to_owned()));
                return;
            }
            _ => return,
        };
        match (goes_on, entries.last_mut(), text.split_once(':')) {
            (true, Some(last), _) => last.text = format!("{} {text}", last.text).trim().to_owned(),
            (_, _, Some((head, said))) => entries.push(Entry {
                name: head.split('(').next().unwrap_or(head).trim().to_owned(),
                is_typed: head.contains('('),
                text: said.trim().to_owned(),
            }),
            _ => {}
        }
    }
}

/// What is said of an exception, told what siblings say of it.
pub(super) type Reason<'s> = &'s dyn Fn(Option<&str>) -> String;

/// What is said of an operation in sections, as far as siblings have them.
pub(super) struct Said<'s> {
    /// A first line.
    pub(super) summary: &'s str,
    pub(super) params: &'s [Param],
    /// What is said of a parameter of which no sibling says anything.
    pub(super) usual: &'s dyn Fn(&Param) -> String,
    /// The section of what comes back, and what is said there.
    pub(super) returned: Option<(&'static str, String)>,
    /// The exceptions that the body raises, each with what is said of it where siblings say of it what is given.
    pub(super) raised: Vec<(String, Reason<'s>)>,
}

/// The docstrings of an operation's siblings.
pub(super) struct Documented<'a> {
    known: Vec<(Code<'a>, Sections)>,
}

impl<'a> Documented<'a> {
    pub(super) fn of(siblings: impl Iterator<Item = Code<'a>>) -> Self {
        let read = |code: Code<'a>| Some((code, Sections::of(&code.docstring()?)));
        Self {
            known: siblings.filter_map(read).collect(),
        }
    }

    /// Whether most of them have sections.
    fn has_sections(&self) -> bool {
        let with = self
            .known
            .iter()
            .filter(|(_, sections)| *sections != Sections::default());
        with.count() * 2 > self.known.len()
    }

    /// A docstring like theirs, which begins at no indentation.
    pub(super) fn write(&self, said: &Said<'_>, indent: &str) -> String {
        let summary = said.summary.to_owned();
        if !self.has_sections() {
            return summary;
        }
        let listed = |lines: Vec<String>| -> String { lines.iter().map(|line| format!("\n{indent}{line}")).collect() };
        let mut parts = vec![summary.clone()];
        let args = said.params.iter().filter_map(|param| self.argument(param, said.usual));
        let args: Vec<String> = args.collect();
        if !args.is_empty() {
            parts.push(format!("Args:{}", listed(args)));
        }
        let returns = self.known.iter().any(|(_, sections)| sections.returns.is_some());
        if let Some((title, text)) = said.returned.as_ref().filter(|_| returns) {
            parts.push(format!("{title}:\n{indent}{text}"));
        }
        let entries: Vec<&Entry> = self.known.iter().flat_map(|(_, sections)| &sections.raises).collect();
        let raised = said.raised.iter().filter(|_| !entries.is_empty()).map(|(name, text)| {
            let own = entries.iter().find(|entry| entry.name == *name);
            format!("{name}: {}", text(own.map(|entry| entry.text.as_str())))
        });
        let raised: Vec<String> = raised.collect();
        if !raised.is_empty() {
            parts.push(format!("Raises:{}", listed(raised)));
        }
        match parts.len() {
            1 => summary,
            _ => format!("{}\n", parts.join("\n\n")),
        }
    }

    /// What is said of a parameter: as siblings say it; nothing where those that have it say nothing of it.
    fn argument(&self, param: &Param, usual: &dyn Fn(&Param) -> String) -> Option<String> {
        let entries = || self.known.iter().flat_map(|(_, sections)| &sections.args);
        let own = entries().find(|entry| entry.name == param.name);
        let has_it = |code: &Code<'_>| code.params().iter().any(|other| other.name == param.name);
        if own.is_none() && self.known.iter().any(|(code, _)| has_it(code)) {
            return None;
        }
        let text = own.map_or_else(|| usual(param), |entry| entry.text.clone());
        let ty = param
            .annotation
            .as_deref()
            .filter(|_| entries().any(|entry| entry.is_typed));
        Some(match ty {
            Some(ty) => format!("{} ({ty}): {text}", param.name),
            None => format!("{}: {text}", param.name),
        })
    }
}

/// The names of the exceptions that code raises itself.
pub(super) fn raised_in<'c>(code: impl Iterator<Item = &'c str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for line in code.flat_map(str::lines) {
        let raised = line.trim().strip_prefix("raise ");
        let name = raised.map(|raised| raised.split(['(', ' ']).next().unwrap_or(raised));
        names.extend(
            name.filter(|name| !names.iter().any(|known| known == name))
                .map(str::to_owned),
        );
    }
    names
}

impl Evidence<'_> {
    /// A first line, and the sections behind it where most documented siblings have them.
    pub(super) fn documented(&self, draft: &Draft, summary: &str) -> String {
        let usual = |own: Option<&str>| match own {
            Some(own) => own.to_owned(),
            None => format!("If there is no such {}.", words::spoken(&self.resource.one)),
        };
        let raised = raised_in(draft.body.iter().map(|line| line.text.as_str())).into_iter();
        let said = Said {
            summary,
            params: &draft.ordered_params(),
            usual: &|param| self.usual(param),
            returned: self.returned(draft).map(|said| ("Returns", said)),
            raised: raised.map(|name| (name, &usual as Reason<'_>)).collect(),
        };
        let siblings = self.neighbours.iter().map(|(code, _)| *code);
        Documented::of(siblings).write(&said, &self.style.format.indent)
    }

    fn usual(&self, param: &Param) -> String {
        let one = words::spoken(&self.resource.one);
        let is_payload = self.payload().is_some_and(|payload| payload.param.name == param.name);
        let is_id = self.id_param().is_some_and(|id| id.name == param.name);
        let is_db = self.neighbours.iter().any(|(code, _)| is_session(code, param));
        match param.name.as_str() {
            _ if is_payload && self.action == Action::Create => format!("The new {one}."),
            _ if is_payload => format!("What changes of the {one}."),
            _ if is_id => format!("The id of the {one}."),
            "limit" => "How many to return at most.".to_owned(),
            "offset" | "skip" => "How many to skip.".to_owned(),
            _ if is_db => "The database session.".to_owned(),
            _ if is_user(param) => "Who is asking.".to_owned(),
            name => super::body::sentence(&format!("the_{name}")),
        }
    }

    /// What is said of the answer.
    fn returned(&self, draft: &Draft) -> Option<String> {
        let is_answered = draft.body.iter().any(|line| has_word(&line.text, "return"));
        is_answered.then(|| match self.action {
            Action::List => format!("The {}.", words::spoken(&self.resource.many)),
            Action::Create => format!("The new {}.", words::spoken(&self.resource.one)),
            _ => format!("The {}.", words::spoken(&self.resource.one)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read_with_lines_that_go_on() {
        let text = "Read a post.\n\n    Args:\n        post_id (int): The id of the post,\n            as it is listed.\n        db: The session.\n\n    Returns:\n        The post.\n\n    Raises:\n        HTTPException: If there is none.\n\n    Example:\n        nothing: of this\n    ";
        let sections = Sections::of(text);
        let args: Vec<(&str, bool, &str)> = sections
            .args
            .iter()
            .map(|entry| (entry.name.as_str(), entry.is_typed, entry.text.as_str()))
            .collect();
        let wanted = [
            ("post_id", true, "The id of the post, as it is listed."),
            ("db", false, "The session."),
        ];
        assert_eq!(args, wanted);
        assert_eq!(sections.returns.as_deref(), Some("The post."));
        assert_eq!(sections.raises.len(), 1);
    }
}
