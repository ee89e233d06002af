//! A path operation out of one line that says what it is: `POST /users/{user_id}/avatar: UploadFile -> AvatarRead`, in a
//! comment where it is to stand, or as an argument.

use super::draft::Draft;
use super::evidence::has_word;
use super::host::{self, Host};
use super::place::{self, Spot};
use super::resource;
use super::schemas::{self, Family};
use super::siblings::{Code, Param};
use super::{EndpointKind, EndpointRequest, Offer, body, kinds, plain, requests};
use crate::imports::Need;
use crate::{Context, Insertion, Refusal, Site};
use base::{FileId, LineIndex, Span, TextEdit};
use model::{Model, RouterId};
use style::{Action, ResponseStyle, Source, Style, words};

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spec {
    /// In upper case; `WEBSOCKET` for WebSockets.
    method: String,
    path: String,
    /// The type of the body.
    input: Option<String>,
    /// The type of the answer.
    output: Option<String>,
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Spec {
    /// Reads a line, also of a list, a table or in backquotes.
    fn read(line: &str) -> Option<Self> {
        let line = line.trim().trim_start_matches(['#', '-', '*', '|', '`', ' ']);
        let line = line.trim_end_matches(['|', '`', ' ']);
        let (method, rest) = line.split_once(char::is_whitespace)?;
        let method = match method.to_ascii_uppercase().as_str() {
            "WS" | "WEBSOCKET" => "WEBSOCKET".to_owned(),
            known if METHODS.contains(&known) => known.to_owned(),
            _ => return None,
        };
        let rest = rest.trim().trim_start_matches('`');
        if !rest.starts_with('/') {
            return None;
        }
        let (head, output) = match rest.split_once("->") {
            Some((head, output)) => (head.trim(), Some(output.trim().to_owned())),
            None => (rest, None),
        };
        let (path, input) = split_input(head);
        Some(Self {
            method,
            path: path.trim().trim_end_matches('`').to_owned(),
            input: input.map(str::to_owned).filter(|input| input != "None"),
            output,
        })
    }

    /// The special kind that the types stand for.
    fn kind(&self) -> Option<EndpointKind> {
        let input = self.input.as_deref().unwrap_or("");
        let output = self.output.as_deref().unwrap_or("");
        let is_free = output.is_empty() || output.starts_with("dict[");
        Some(match (input, output) {
            _ if self.method == "WEBSOCKET" => EndpointKind::WebSocket,
            ("UploadFile", _) if is_free => EndpointKind::Upload,
            ("BackgroundTasks", _) if is_free => EndpointKind::Background,
            ("", "FileResponse") => EndpointKind::Download,
            ("", "StreamingResponse") => EndpointKind::Stream,
            ("", "EventSourceResponse" | "ServerSentEvent") => EndpointKind::Sse,
            _ => return None,
        })
    }

    fn shown(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A path, and what is behind its colon: those of converters stand in braces.
fn split_input(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let input = text[at + 1..].trim();
                return (&text[..at], (!input.is_empty()).then_some(input));
            }
            _ => {}
        }
    }
    (text, None)
}

/// A comment line that says what a path operation is.
struct Comment {
    spec: Spec,
    /// The line without its line break.
    span: Span,
    indent: String,
}

impl Comment {
    fn at(source: &Source, offset: u32) -> Option<Self> {
        let span = Span::new(source.line_start(offset), source.line_end(offset));
        let line = span.text(&source.text);
        let code = line.trim_start();
        Some(Self {
            spec: Spec::read(code.strip_prefix('#')?)?,
            span,
            indent: line[..line.len() - code.len()].to_owned(),
        })
    }
}

impl Comment {
    /// The line and the empty ones below it; at the end of the text those above it.
    fn with_gap(&self, source: &Source) -> Span {
        let rest = source.text.get(self.span.end as usize..).unwrap_or("");
        let behind = rest.trim_start();
        if behind.is_empty() {
            let before = source.text.get(..self.span.start as usize).unwrap_or("");
            let end = place::next_line(source, before.trim_end().len() as u32).unwrap_or(self.span.start);
            return Span::new(end, source.text.len() as u32);
        }
        let next = source.line_start((source.text.len() - behind.len()) as u32);
        Span::new(self.span.start, next)
    }
}

/// The offer for a comment line that the selection stands in.
pub(super) fn offer(ctx: &Context<'_>, source: &Source, selection: Span) -> Option<Offer> {
    let comment = Comment::at(source, selection.start)?;
    let host = host::host(ctx, source, None, Some(selection.start))?;
    (host.indent == comment.indent).then(|| Offer {
        title: format!("Insert the path operation {}", comment.spec.shown()),
        request: EndpointRequest {
            router: Some(host.name.clone()),
            line: Some(LineIndex::new(&source.text).line(selection.start)),
            ..EndpointRequest::new(EndpointKind::Spec)
        },
        completes: true,
    })
}

/// Inserts what a line says.
pub(super) fn build(site: &Site<'_>, file: FileId, request: &EndpointRequest) -> Result<Insertion, Refusal> {
    let ctx = &site.ctx;
    let of_file = Source::read(ctx.files, file);
    let (spec, comment) = match (&request.spec, request.line, &of_file) {
        (Some(text), ..) => (Spec::read(text).ok_or_else(|| Refusal::BadSpec(text.clone()))?, None),
        (None, Some(line), Some(source)) => {
            let start = LineIndex::new(&source.text).line_start(line);
            let comment = Comment::at(source, start).ok_or(Refusal::NoSpec)?;
            (comment.spec.clone(), Some(comment))
        }
        _ => return Err(Refusal::NoSpec),
    };
    let own = match request.anywhere {
        true => requests::router_for(ctx, &spec.path)
            .ok()
            .map(|(source, host, _)| (source, host)),
        false => of_file.and_then(|source| {
            let host = host::host(ctx, &source, request.router.as_deref(), None)?;
            Some((source, host))
        }),
    };
    let (source, host) = own.ok_or_else(|| match &request.router {
        Some(name) => Refusal::UnknownRouter(name.clone()),
        None => Refusal::NoRouter,
    })?;
    let style = ctx.style(source.file).ok_or(Refusal::Unreadable)?;
    let writer = Writer {
        site,
        source: &source,
        style: &style,
        host: &host,
        name: request.name.as_deref(),
        path: below(ctx.model, host.router, &host.prefix, &spec.path),
        spec: &spec,
    };
    writer.insert(comment)
}

/// The path as the router has it: without what it is served below, where the line says that.
fn below(model: &Model, router: RouterId, own: &str, path: &str) -> String {
    let served = model.routes.iter().filter(|route| route.chain.last() == Some(&router));
    let mut prefixes: Vec<String> = served
        .filter_map(|route| {
            let operation = model.operations.get(route.operation?.0 as usize)?;
            let path = route.path.as_known()?;
            Some(path.strip_suffix(operation.path.as_known()?)?.to_owned())
        })
        .collect();
    prefixes.push(own.to_owned());
    prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
    let rest = prefixes.iter().find_map(|prefix| {
        let rest = path.strip_prefix(prefix.as_str())?;
        (!prefix.is_empty() && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
    });
    rest.unwrap_or(path).to_owned()
}

/// All that is known before the operation is written.
struct Writer<'a> {
    site: &'a Site<'a>,
    source: &'a Source,
    style: &'a Style,
    host: &'a Host,
    name: Option<&'a str>,
    /// As the router has it.
    path: String,
    spec: &'a Spec,
}

impl Writer<'_> {
    fn insert(&self, comment: Option<Comment>) -> Result<Insertion, Refusal> {
        let ctx = &self.site.ctx;
        let method = &self.spec.method;
        plain::check_path(self.host, &self.path)?;
        if let Some(existing) = resource::serving(ctx, self.host, method, &self.path) {
            let shown = format!("{method} {}{}", self.host.prefix, self.path);
            return Err(Refusal::Exists(shown, existing));
        }
        let siblings = self.host.siblings(ctx, self.source);
        let own = resource::own(self.host, &siblings, method, &self.path);
        let spot = place::spot(ctx, self.source, self.host, &siblings, &own, method, &self.path)
            .ok_or_else(|| Refusal::NotDecorated(self.host.name.clone()))?;
        // A comment gives way where it stands, if no earlier route would get the requests there.
        let shadow = match spot {
            Spot::Before(at) => comment.as_ref().filter(|comment| at < comment.span.start),
            Spot::After(_) => None,
        };
        let replaced = comment
            .as_ref()
            .filter(|_| shadow.is_none())
            .map(|comment| comment.span);
        let mut insertion = match self.spec.kind() {
            Some(kind) => {
                let request = EndpointRequest {
                    path: Some(self.path.clone()),
                    name: self.name.map(str::to_owned),
                    ..EndpointRequest::new(kind)
                };
                kinds::build_as(
                    self.site,
                    self.source,
                    self.style,
                    self.host,
                    &request,
                    method,
                    replaced,
                )?
            }
            None => {
                let draft = self.draft()?;
                let summary = format!("{method} {}{} as {}", self.host.prefix, self.path, draft.name);
                let (source, style, indent) = (self.source, self.style, &self.host.indent);
                match replaced {
                    Some(span) => draft.insert_instead(ctx, source, style, span, indent, summary),
                    None => draft.insert(ctx, source, style, spot, indent, summary),
                }
            }
        };
        if let (Some(comment), Some(file)) = (shadow, insertion.change.files.first_mut()) {
            // It stands behind all other edits.
            file.edits.push(TextEdit {
                span: comment.with_gap(self.source),
                text: String::new(),
            });
        }
        if self.spec.input.as_deref() == Some("UploadFile") && self.spec.kind().is_none() {
            kinds::require(self.site, EndpointKind::Upload, &mut insertion)?;
        }
        Ok(insertion)
    }

    /// As siblings of the resource have it, where that fits what the line says; else with its types and no body yet.
    fn draft(&self) -> Result<Draft, Refusal> {
        let ctx = &self.site.ctx;
        let input = self.spec.input.as_deref().map(|ty| self.type_of(ty)).transpose()?;
        let output = self.spec.output.as_deref().map(|ty| self.type_of(ty)).transpose()?;
        if let Some((action, collection)) = Action::of(&self.spec.method, &self.path)
            && resource::knows(ctx, self.source, self.host, &collection)
        {
            let path = Some(self.path.as_str());
            let draft = resource::draft(
                ctx,
                self.source,
                self.style,
                self.host,
                action,
                &collection,
                path,
                self.name,
            )?;
            if fits(&draft, input.as_ref(), output.as_ref()) {
                return Ok(draft);
            }
        }
        let name = match self.name {
            Some(name) => plain::free(ctx, self.source, name)?,
            None => {
                let name = plain::name_for(&self.spec.method, &self.path, self.host);
                resource::free_name(ctx, self.source, &name)
            }
        };
        let method = &self.spec.method;
        let mut draft = plain::draft(ctx, self.source, self.style, self.host, method, &self.path, name);
        if let Some((ty, needs)) = input {
            let name = match ty.as_str() {
                "UploadFile" => "file",
                "BackgroundTasks" => "background_tasks",
                _ => self.payload_name(),
            };
            if draft.params.iter().any(|param| param.name == name) {
                let problem = "it has a parameter of a name that the function needs for something else";
                return Err(Refusal::BadPath(self.path.clone(), problem));
            }
            draft.params.push(Param::new(name, &ty, None));
            draft.needs.extend(needs);
        }
        self.answer(&mut draft, output);
        Ok(draft)
    }

    /// The answer's type where the project says it, and the status that goes with the method.
    fn answer(&self, draft: &mut Draft, output: Option<(String, Vec<Need>)>) {
        let status = match (self.spec.method.as_str(), output.as_ref().map(|(ty, _)| ty.as_str())) {
            ("DELETE", Some("None")) => Some(204),
            ("POST", Some(_)) if self.makes_one() => Some(201),
            _ => None,
        };
        let is_nothing = output.as_ref().is_some_and(|(ty, _)| ty == "None");
        if let Some((ty, needs)) = output {
            let response = self.style.habits.response.value;
            if matches!(response, ResponseStyle::Model | ResponseStyle::Both) && !is_nothing {
                draft.arguments.push(format!("response_model={ty}"));
            }
            draft.returns = match response {
                ResponseStyle::Annotation | ResponseStyle::Both => Some(ty),
                ResponseStyle::Model | ResponseStyle::Nothing => None,
            };
            draft.needs.extend(needs);
        }
        if let Some(code) = status {
            let (text, need) = body::status(self.style, code);
            draft.arguments.push(format!("status_code={text}"));
            draft.needs.extend(need);
        }
    }

    /// Whether something is made: what is sent to `/search` is not.
    fn makes_one(&self) -> bool {
        let last = host::last_word(&self.path).unwrap_or_default();
        let is_upload = self.spec.input.as_deref() == Some("UploadFile");
        is_upload || (Action::of("POST", &self.path).is_some() && words::singular(&last) != last)
    }

    /// What bodies are called in the module.
    fn payload_name(&self) -> &'static str {
        let siblings = self.host.siblings(&self.site.ctx, self.source);
        let codes = siblings.iter();
        let codes = codes.filter_map(|sibling| Code::new(self.source, sibling.unit, sibling.stmt));
        let names: Vec<String> = codes.flat_map(|code| code.params()).map(|param| param.name).collect();
        let known = ["data", "payload", "body"];
        let found = known.into_iter().find(|name| names.iter().any(|known| known == name));
        found.unwrap_or("data")
    }

    /// A type as the module writes it, with its imports.
    fn type_of(&self, text: &str) -> Result<(String, Vec<Need>), Refusal> {
        let family = Family::new(&self.site.ctx, self.source.file, String::new());
        let mut written = String::new();
        let mut needs = Vec::new();
        for word in words_of(text) {
            let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
            match word {
                word if !is_name || BUILTINS.contains(&word) => written.push_str(word),
                "UploadFile" | "BackgroundTasks" | "Request" | "Response" => {
                    needs.push(Need::member("fastapi", word));
                    written.push_str(word);
                }
                "UUID" => {
                    needs.push(Need::member("uuid", word));
                    written.push_str(word);
                }
                word => {
                    let schema = family.named(word);
                    let schema = schema.ok_or_else(|| Refusal::UnknownSchema(word.to_owned()))?;
                    let (name, more) = schemas::reference(&self.site.ctx, self.source, schema);
                    written.push_str(&name);
                    needs.extend(more);
                }
            }
        }
        match crate::draft::python::check(&format!("x: {written}\n")) {
            Ok(()) if !written.contains('\n') && !written.contains('=') => Ok((written, needs)),
            _ => Err(Refusal::BadSpec(text.to_owned())),
        }
    }
}

const BUILTINS: [&str; 10] = [
    "None", "bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple",
];

/// Names, and what is between them.
fn words_of(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| is_part(c) != is_part(first)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        words.push(word);
        rest = behind;
    }
    words
}

/// Whether a draft takes and answers with these types, where they are said.
fn fits(draft: &Draft, input: Option<&(String, Vec<Need>)>, output: Option<&(String, Vec<Need>)>) -> bool {
    let takes = |ty: &str| {
        let mut annotations = draft.params.iter().filter_map(|param| param.annotation.as_deref());
        annotations.any(|annotation| annotation == ty)
    };
    let said = draft.arguments.iter().skip(1).chain(&draft.returns);
    let said: Vec<&String> = said.collect();
    let answers = |ty: &str| match ty {
        "None" => draft.returns.as_deref().is_none_or(|returns| returns == "None"),
        ty => said.iter().any(|text| has_word(text, ty) || text.contains(ty)),
    };
    input.is_none_or(|(ty, _)| takes(ty)) && output.is_none_or(|(ty, _)| answers(ty))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(method: &str, path: &str, input: Option<&str>, output: Option<&str>) -> Option<Spec> {
        Some(Spec {
            method: method.to_owned(),
            path: path.to_owned(),
            input: input.map(str::to_owned),
            output: output.map(str::to_owned),
        })
    }

    #[test]
    fn lines_are_read() {
        assert_eq!(
            Spec::read("POST /users/{user_id}/avatar: UploadFile -> AvatarRead"),
            spec(
                "POST",
                "/users/{user_id}/avatar",
                Some("UploadFile"),
                Some("AvatarRead")
            )
        );
        assert_eq!(
            Spec::read("- `get /files/{path:path}`"),
            spec("GET", "/files/{path:path}", None, None)
        );
        assert_eq!(
            Spec::read("# GET /users -> list[UserRead]"),
            spec("GET", "/users", None, Some("list[UserRead]"))
        );
        assert_eq!(Spec::read("ws /feed"), spec("WEBSOCKET", "/feed", None, None));
        assert_eq!(Spec::read("get the users of /etc"), None);
        assert_eq!(Spec::read("DELETE it"), None);
    }

    #[test]
    fn types_are_taken_apart() {
        assert_eq!(words_of("list[A | None]"), ["list", "[", "A", " | ", "None", "]"]);
    }
}
