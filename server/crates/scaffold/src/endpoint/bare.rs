//! The function of a bare decorator: `@router.get("/users/{user_id}")` with nothing under it.
//!
//! Such a file does not parse there, so the decorator is read off the text, and what it stands for off the model.

use super::{EndpointKind, EndpointRequest, Offer, kinds, plain};
use super::{host, resource};
use crate::{Context, Insertion, Refusal, print};
use base::Span;
use style::{Action, Source, Style};

/// A decorator without a function.
pub(super) struct Bare {
    /// From `@` to the end of its last line.
    span: Span,
    indent: String,
    /// The router's name in the file.
    pub(super) router: String,
    pub(super) method: String,
    pub(super) path: String,
    /// The decorator's arguments as they stand.
    pub(super) arguments: Vec<String>,
    /// What follows on the lines below: nothing, or an unfinished `def`.
    replaced: Span,
}

impl Bare {
    /// The decorator with what is below it that its function replaces.
    pub(super) fn whole(&self) -> Span {
        let start = self.span.start - self.indent.len() as u32;
        Span::new(start, self.replaced.end)
    }

    /// The line breaks behind the function.
    pub(super) fn trailer(&self, source: &Source, style: &Style) -> String {
        let rest = source.text.get(self.replaced.end as usize..).unwrap_or("");
        if rest.trim().is_empty() {
            return if rest.is_empty() { "\n" } else { "" }.to_owned();
        }
        let blank = if self.indent.is_empty() {
            style.format.blank_lines
        } else {
            1
        };
        let following = rest.lines().skip(1).take_while(|line| line.trim().is_empty()).count();
        "\n".repeat(blank.saturating_sub(following))
    }
}

/// The offers for a bare decorator that the selection touches: what it looks like first.
pub(super) fn offers(ctx: &Context<'_>, source: &Source, selection: Span) -> Vec<Offer> {
    let Some(bare) = find(source, selection.start) else {
        return Vec::new();
    };
    let Some(host) = host::host(ctx, source, Some(&bare.router), None) else {
        return Vec::new();
    };
    let line = line_of(source, bare.span.start);
    let mut offers = vec![Offer {
        title: format!("Insert the function of {} {}{}", bare.method, host.prefix, bare.path),
        request: EndpointRequest {
            router: Some(host.name.clone()),
            line: Some(line),
            ..EndpointRequest::new(match bare.method.as_str() {
                "WEBSOCKET" => EndpointKind::WebSocket,
                _ => EndpointKind::Decorator,
            })
        },
        completes: true,
    }];
    offers.extend(kinds::offers_below(&host, &bare.method, &bare.path, line));
    offers
}

/// The bare decorator on a line.
pub(super) fn on_line(source: &Source, line: u32) -> Option<Bare> {
    find(source, base::LineIndex::new(&source.text).line_start(line))
}

/// The insertion of the function below the decorator on the request's line.
pub(super) fn build(
    ctx: &Context<'_>,
    source: &Source,
    style: &Style,
    request: &EndpointRequest,
    bare: &Bare,
) -> Result<Insertion, Refusal> {
    let host =
        host::host(ctx, source, Some(&bare.router), None).ok_or_else(|| Refusal::UnknownRouter(bare.router.clone()))?;
    let mut draft = match Action::of(&bare.method, &bare.path) {
        Some((action, collection)) if resource::word(&host, &collection).is_some() => resource::draft(
            ctx,
            source,
            style,
            &host,
            action,
            &collection,
            Some(&bare.path),
            request.name.as_deref(),
        )?,
        _ => {
            let name = request
                .name
                .clone()
                .unwrap_or_else(|| resource::free_name(ctx, source, &plain::name_for(&bare.method, &bare.path, &host)));
            plain::draft(ctx, source, style, &host, &bare.method, &bare.path, name)
        }
    };
    draft.path_is_open = false;
    let trailer = bare.trailer(source, style);
    let summary = format!("{} {}{} as {}", bare.method, host.prefix, bare.path, draft.name);
    Ok(draft.insert_below(ctx, source, style, bare.replaced, &bare.indent, &trailer, summary))
}

fn line_of(source: &Source, offset: u32) -> u32 {
    base::LineIndex::new(&source.text).line(offset)
}

/// The bare decorator on whose lines `offset` stands; also from the line right below it, where a caret waits.
fn find(source: &Source, offset: u32) -> Option<Bare> {
    let own = source.line_start(offset);
    let mut start = own;
    // A decorator of several lines starts at most a screen above.
    for _ in 0..30 {
        if let Some(bare) = at_line(source, start)
            && source.line_start(bare.replaced.end) >= own
        {
            return Some(bare);
        }
        start = source.line_start(start.checked_sub(1)?);
    }
    None
}

/// Reads the decorator that starts on a line, if no function follows it.
fn at_line(source: &Source, line_start: u32) -> Option<Bare> {
    let text = source.text.get(line_start as usize..)?;
    let indent: String = text.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
    let code = text[indent.len()..].strip_prefix('@')?;
    let open = code.find('(')?;
    let (router, method) = code[..open].trim().rsplit_once('.')?;
    let method = method.to_ascii_uppercase();
    EndpointKind::of_method(&method)?;
    if !style::words::is_identifier(router) {
        return None;
    }
    let close = open + matching(&code[open..])?;
    let arguments = print::split_items(&code[open + 1..close]);
    let path = arguments
        .iter()
        .enumerate()
        .find_map(|(i, argument)| match argument.strip_prefix("path=") {
            Some(value) => unquote(value),
            None if i == 0 => unquote(argument),
            None => None,
        })?;
    let start = line_start + indent.len() as u32;
    let end = source.line_end(start + 1 + close as u32);
    let after = source.text.get((start + 1) as usize + close + 1..end as usize)?.trim();
    if !after.is_empty() && !after.starts_with('#') {
        return None;
    }
    let replaced = no_function_below(source, end)?;
    Some(Bare {
        span: Span::new(start, end),
        indent,
        router: router.to_owned(),
        method,
        path,
        arguments,
        replaced,
    })
}

/// The text below a decorator that the function replaces, or nothing where a function (or another decorator) follows.
fn no_function_below(source: &Source, end: u32) -> Option<Span> {
    let rest = source.text.get(end as usize..)?;
    let next = rest
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    match next {
        Some(line)
            if ["def ", "async def ", "class ", "@"]
                .iter()
                .any(|head| line.starts_with(head)) =>
        {
            // Python lets blank lines stand between a decorator and its function, but a decorator of the router's own
            // with a blank line below it is one that has not got its function yet.
            let follows_at_once = rest.lines().nth(1).is_some_and(|line| !line.trim().is_empty());
            if follows_at_once || !line.starts_with('@') {
                return None;
            }
            Some(Span::new(end, end))
        }
        Some("def" | "async" | "async def") => {
            let at = rest.find(next?)? as u32 + end;
            Some(Span::new(end, source.line_end(at)))
        }
        _ => Some(Span::new(end, blank_line_end(source, end))),
    }
}

/// The end of the blank line right below, where a caret waits for the function; else the decorator's own end.
fn blank_line_end(source: &Source, end: u32) -> u32 {
    let rest = source.text.get(end as usize..).unwrap_or("");
    let width = if rest.starts_with("\r\n") { 2 } else { 1 };
    let Some(below) = rest.get(width..) else {
        return end;
    };
    let line = &below[..below.find(['\n', '\r']).unwrap_or(below.len())];
    let only_blanks = !line.is_empty() && line.trim().is_empty();
    if only_blanks {
        end + (width + line.len()) as u32
    } else {
        end
    }
}

/// Where the bracket closes that `code` starts with.
fn matching(code: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    let mut escaped = false;
    for (i, c) in code.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) => {
                if c == open {
                    quote = None;
                } else if c == '\n' {
                    return None;
                }
            }
            None => match c {
                '"' | '\'' => quote = Some(c),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                _ => {}
            },
        }
    }
    None
}

fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['\\', quote])).then(|| inner.to_owned())
}
