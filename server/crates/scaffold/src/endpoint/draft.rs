//! A path operation before it is text.

use super::evidence::has_word;
use super::place::{self, Spot};
use super::siblings::Param;
use crate::imports::{self, Need};
use crate::{Context, Insertion, print};
use base::{SourceChange, Span, TextEdit};
use style::{Format, Source, Style};

/// A path operation to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// `router.get`.
    pub(super) decorator: String,
    /// The decorator's arguments, the path first.
    pub(super) arguments: Vec<String>,
    pub(super) is_async: bool,
    pub(super) name: String,
    pub(super) params: Vec<Param>,
    /// Whether siblings put a `*` before their parameters.
    pub(super) keyword_only: bool,
    pub(super) returns: Option<String>,
    pub(super) docstring: Option<String>,
    pub(super) body: Vec<Line>,
    pub(super) needs: Vec<Need>,
    /// Whether siblings have one parameter on each line even where they fit on one.
    pub(super) explode: bool,
    /// Whether the path is a guess that a user is likely to change.
    pub(super) path_is_open: bool,
}

/// A statement of the body, or the head of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Levels below the function's body.
    pub(super) depth: usize,
    pub(super) text: String,
    /// Copied text, which keeps its own layout.
    pub(super) is_verbatim: bool,
}

impl Line {
    pub(super) fn new(depth: usize, text: impl Into<String>) -> Self {
        Self {
            depth,
            text: text.into(),
            is_verbatim: false,
        }
    }

    pub(super) fn verbatim(text: impl Into<String>) -> Self {
        Self {
            depth: 0,
            text: text.into(),
            is_verbatim: true,
        }
    }
}

impl Draft {
    fn decorator_text(&self, format: &Format, indent: &str) -> String {
        let head = format!("@{}(", self.decorator);
        print::call(format, indent, &head, &self.arguments, ")", false)
    }

    fn function_text(&self, format: &Format, indent: &str) -> String {
        let mut params: Vec<String> = self.ordered_params().iter().map(Param::text).collect();
        if self.keyword_only && !params.is_empty() {
            params.insert(0, "*".to_owned());
        }
        let head = format!("{}def {}(", if self.is_async { "async " } else { "" }, self.name);
        let tail = match &self.returns {
            Some(returns) => format!(") -> {returns}:"),
            None => "):".to_owned(),
        };
        let mut text = print::call(format, indent, &head, &params, &tail, self.explode && params.len() > 1);
        let inner = format!("{indent}{}", format.indent);
        if let Some(docstring) = &self.docstring {
            let lines = docstring.split('\n').enumerate().map(|(at, line)| match (at, line) {
                (0, line) => format!("\n{inner}\"\"\"{line}"),
                (at, "") if at < docstring.matches('\n').count() => "\n".to_owned(),
                (_, line) => format!("\n{inner}{line}"),
            });
            text.push_str(&lines.collect::<String>());
            text.push_str("\"\"\"");
        }
        for line in &self.body {
            text.push('\n');
            let own = format!("{inner}{}", format.indent.repeat(line.depth));
            if line.is_verbatim {
                text.push_str(&own);
                text.push_str(&line.text.replace("\r\n", "\n").replace('\r', "\n"));
            } else {
                text.push_str(&print::statement(format, &own, &line.text));
            }
        }
        text
    }

    /// Parameters without a default first, unless they are all keyword-only.
    pub(super) fn ordered_params(&self) -> Vec<Param> {
        let mut params = self.params.clone();
        if !self.keyword_only {
            params.sort_by_key(|param| param.default.is_some());
        }
        params
    }

    /// The insertion of the decorated function at a spot.
    pub(super) fn insert(
        &self,
        ctx: &Context<'_>,
        source: &Source,
        style: &Style,
        spot: Spot,
        indent: &str,
        summary: String,
    ) -> Insertion {
        let format = &style.format;
        let code = format!(
            "{}\n{}",
            self.decorator_text(format, indent),
            self.function_text(format, indent)
        );
        let (at, text) = place::framed(source, format, spot, indent, &code);
        self.finish(ctx, source, format, Span::new(at, at), text, summary)
    }

    /// The decorated function in the place of a line.
    pub(super) fn insert_instead(
        &self,
        ctx: &Context<'_>,
        source: &Source,
        style: &Style,
        line: Span,
        indent: &str,
        summary: String,
    ) -> Insertion {
        let format = &style.format;
        let code = format!(
            "{}\n{}",
            self.decorator_text(format, indent),
            self.function_text(format, indent)
        );
        let (before, after) = place::gaps(source, format, line, indent);
        self.finish(ctx, source, format, line, format!("{before}{code}{after}"), summary)
    }

    #[allow(clippy::too_many_arguments)]
    /// The insertion of the function alone, below a decorator that stands; `span` is what it replaces.
    #[allow(clippy::too_many_arguments)] // A place in a text and what surrounds it.
    pub(super) fn insert_below(
        &self,
        ctx: &Context<'_>,
        source: &Source,
        style: &Style,
        span: Span,
        indent: &str,
        trailer: &str,
        summary: String,
    ) -> Insertion {
        let text = format!("\n{}{trailer}", self.function_text(&style.format, indent));
        self.finish(ctx, source, &style.format, span, text, summary)
    }

    fn finish(
        &self,
        ctx: &Context<'_>,
        source: &Source,
        format: &Format,
        span: Span,
        text: String,
        summary: String,
    ) -> Insertion {
        let to_eol = |text: &str| text.replace('\n', format.eol);
        let text = to_eol(&text);
        let placeholders = self.placeholders(&text);
        let code: String = text
            .lines()
            .map(|line| {
                print::without_strings(line)
                    + "
"
            })
            .collect();
        let is_used = |need: &&Need| has_word(&code, need.bound_name());
        let needs: Vec<Need> = self.needs.iter().filter(is_used).cloned().collect();
        let mut edits: Vec<TextEdit> = imports::merge(ctx, source, format, &needs)
            .into_iter()
            .map(|edit| TextEdit {
                text: to_eol(&edit.text),
                ..edit
            })
            .collect();
        let code = TextEdit { span, text };
        edits.push(code.clone());
        let change = SourceChange::in_file(source.file, edits);
        let code_edit = change
            .files
            .first()
            .and_then(|file| file.edits.iter().position(|edit| *edit == code))
            .unwrap_or_default();
        Insertion {
            change,
            file: source.file,
            code_edit,
            placeholders,
            summary,
            notes: Vec::new(),
        }
    }

    /// What a user is likely to change: a path that is a guess, and the function's name.
    fn placeholders(&self, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        if self.path_is_open
            && let Some(path) = self.arguments.first()
            && let Some(at) = text.find(path.as_str())
        {
            spans.push(Span::new(at as u32 + 1, (at + path.len()) as u32 - 1));
        }
        let head = format!("def {}(", self.name);
        if let Some(at) = text.find(&head) {
            let start = (at + "def ".len()) as u32;
            spans.push(Span::new(start, start + self.name.len() as u32));
        }
        spans
    }
}
