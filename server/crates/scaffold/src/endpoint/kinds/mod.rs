//! Path operations of a special kind, which templates hold: uploads, downloads, streams, server-sent events, WebSockets,
//! background tasks.
//!
//! A template is a module of its own: imports, what the path operation rests on, the path operation last. Its imports are
//! merged, constants go to where the router is made, the rest to where the path operation belongs.

mod guard;
mod open;
mod said;
mod write;

use super::evidence::{self, Evidence};
use super::host::{self, Host};
use super::resource;
use super::siblings::{Param, Sibling};
use super::{EndpointKind, EndpointRequest, Offer, bare, body, place, plain};
use crate::draft::{docstrings, python};
use crate::imports::Need;
use crate::packages::{Package, package};
use crate::{Insertion, Refusal, Site, ground::with_imports, resolve, template};
use base::Span;
use minijinja::{Value, context};
use style::{Action, NotFound, ResponseStyle, Source, Style, words};
pub(super) use write::Operation;

/// What is the same for all operations of a kind.
struct Shape {
    kind: EndpointKind,
    template: &'static str,
    /// What the kind is called in titles.
    label: &'static str,
    /// The methods that it makes sense with, the usual one first.
    methods: &'static [&'static str],
    /// The path where none is given.
    path: &'static str,
    name: &'static str,
    docstring: &'static str,
    packages: &'static [Package],
}

const SHAPES: [Shape; 6] = [
    Shape {
        kind: EndpointKind::Upload,
        template: "endpoint/upload.py",
        label: "upload",
        methods: &["POST", "PUT", "PATCH"],
        path: "/uploads",
        name: "upload_file",
        docstring: "Upload a file.",
        packages: &[package("python-multipart", &[], "0.0.20")],
    },
    Shape {
        kind: EndpointKind::Download,
        template: "endpoint/download.py",
        label: "download",
        methods: &["GET"],
        path: "/files/{file_name}",
        name: "download_file",
        docstring: "Download a file.",
        packages: &[],
    },
    Shape {
        kind: EndpointKind::Stream,
        template: "endpoint/stream.py",
        label: "stream",
        methods: &["GET", "POST"],
        path: "/export",
        name: "stream_export",
        docstring: "Stream an export line by line.",
        packages: &[],
    },
    Shape {
        kind: EndpointKind::Sse,
        template: "endpoint/sse.py",
        label: "server-sent events",
        methods: &["GET", "POST"],
        path: "/events",
        name: "stream_events",
        docstring: "Send events until the client leaves.",
        packages: &[],
    },
    Shape {
        kind: EndpointKind::Background,
        template: "endpoint/background.py",
        label: "background task",
        methods: &["POST", "PUT", "PATCH", "DELETE"],
        path: "/jobs",
        name: "start_job",
        docstring: "Start a job, and answer before it is done.",
        packages: &[],
    },
    Shape {
        kind: EndpointKind::WebSocket,
        template: "endpoint/websocket.py",
        label: "WebSocket",
        methods: &["WEBSOCKET"],
        path: "/ws",
        name: "websocket_endpoint",
        docstring: "Send back what a client sends, until it leaves.",
        packages: &[package("websockets", &[], "15.0")],
    },
];

/// The shape of a kind, if it is a special one.
fn shape_of(kind: EndpointKind) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.kind == kind)
}

/// Whether a template holds what a kind is.
pub(super) fn is_special(kind: EndpointKind) -> bool {
    shape_of(kind).is_some()
}

/// Special kinds are always possible; WebSockets are among the plain ones.
pub(super) fn offers(host: &Host) -> Vec<Offer> {
    let offered = SHAPES.iter().filter(|shape| shape.kind != EndpointKind::WebSocket);
    offered
        .map(|shape| Offer {
            title: format!("Insert endpoint: {} on `{}`", shape.label, host.name),
            request: EndpointRequest {
                router: Some(host.name.clone()),
                ..EndpointRequest::new(shape.kind)
            },
            completes: false,
        })
        .collect()
}

/// What a bare decorator may be besides a plain operation, by its method.
pub(super) fn offers_below(host: &Host, method: &str, path: &str, line: u32) -> Vec<Offer> {
    let fitting = SHAPES
        .iter()
        .filter(|shape| shape.kind != EndpointKind::WebSocket && shape.methods.contains(&method));
    fitting
        .map(|shape| Offer {
            title: format!("Insert the function of {method} {}{path}: {}", host.prefix, shape.label),
            request: EndpointRequest {
                router: Some(host.name.clone()),
                line: Some(line),
                ..EndpointRequest::new(shape.kind)
            },
            completes: true,
        })
        .collect()
}

/// Inserts an operation of a special kind, or the function of a bare decorator as one.
pub(super) fn build(
    site: &Site<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    request: &EndpointRequest,
) -> Result<Insertion, Refusal> {
    let shape = shape_of(request.kind).ok_or(Refusal::NoRouter)?;
    let decorator = match request.line {
        Some(line) => Some(bare::on_line(source, line).ok_or(Refusal::NoDecorator)?),
        None => None,
    };
    let (method, path) = match &decorator {
        Some(bare) if !shape.methods.contains(&bare.method.as_str()) => {
            return Err(Refusal::WrongMethod(bare.method.clone(), shape.label));
        }
        Some(bare) => (bare.method.clone(), bare.path.clone()),
        None => {
            let path = request.path.clone().unwrap_or_else(|| shape.path.to_owned());
            (shape.methods[0].to_owned(), path)
        }
    };
    plain::check_path(host, &path)?;
    if decorator.is_none()
        && let Some(existing) = resource::serving(&site.ctx, host, &method, &path)
    {
        return Err(Refusal::Exists(format!("{method} {}{path}", host.prefix), existing));
    }
    let place = Place {
        method: &method,
        path: &path,
        is_open: decorator.is_none() && request.path.is_none(),
        arguments: decorator.as_ref().map(|bare| bare.arguments.clone()),
        replaced: decorator.map(|bare| (bare.whole(), String::new(), bare.trailer(source, style))),
    };
    insert(site, source, style, host, shape, request.name.as_deref(), place)
}

/// Inserts an operation of a special kind with a method of its own, in the place of a line where one is given.
pub(super) fn build_as(
    site: &Site<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    request: &EndpointRequest,
    method: &str,
    line: Option<Span>,
) -> Result<Insertion, Refusal> {
    let shape = shape_of(request.kind).ok_or(Refusal::NoRouter)?;
    if !shape.methods.contains(&method) {
        return Err(Refusal::WrongMethod(method.to_owned(), shape.label));
    }
    let place = Place {
        method,
        path: request.path.as_deref().unwrap_or(shape.path),
        is_open: false,
        arguments: None,
        replaced: line.map(|line| {
            let (before, after) = place::gaps(source, &style.format, line, &host.indent);
            (line, before, after)
        }),
    };
    insert(site, source, style, host, shape, request.name.as_deref(), place)
}

/// Lists the packages that a kind takes, for an insertion that is made otherwise.
///
/// # Errors
/// Where they can't be listed.
pub(super) fn require(site: &Site<'_>, kind: EndpointKind, insertion: &mut Insertion) -> Result<(), Refusal> {
    let packages = shape_of(kind).map_or(&[][..], |shape| shape.packages);
    insertion
        .notes
        .extend(write::require(site, packages, &mut insertion.change)?);
    Ok(())
}

/// Where an operation is served, and where it goes.
struct Place<'a> {
    method: &'a str,
    path: &'a str,
    /// Whether the path is a guess.
    is_open: bool,
    /// Of a decorator that stands.
    arguments: Option<Vec<String>>,
    /// What it takes the place of, and what goes before and behind it.
    replaced: Option<(Span, String, String)>,
}

fn insert(
    site: &Site<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    shape: &'static Shape,
    name: Option<&str>,
    place: Place<'_>,
) -> Result<Insertion, Refusal> {
    let mut style = style.clone();
    // They import more than the module may show the order of.
    style.format = with_imports(site, style.format);
    let name = match name {
        Some(name) => plain::free(&site.ctx, source, name)?,
        None => resource::free_name(&site.ctx, source, &name_for(shape, place.path, host)),
    };
    let siblings = host.siblings(&site.ctx, source);
    let writer = Writer {
        site,
        source,
        style: &style,
        host,
        siblings: &siblings,
        shape,
        method: place.method,
        path: place.path,
        name: &name,
    };
    let (module, notes) = writer.module(place.arguments)?;
    let operation = Operation {
        module,
        method: place.method,
        path: place.path,
        path_is_open: place.is_open,
        name: &name,
        packages: shape.packages,
        replaced: place.replaced,
        notes,
    };
    operation.insert(site, source, &style, host, &siblings)
}

/// `upload_avatar` for `/users/{user_id}/avatar`.
fn name_for(shape: &Shape, path: &str, host: &Host) -> String {
    if path == shape.path {
        return shape.name.to_owned();
    }
    if shape.kind == EndpointKind::WebSocket {
        return plain::name_for("WEBSOCKET", path, host);
    }
    let (verb, _) = shape.name.split_once('_').unwrap_or((shape.name, ""));
    match host::last_word(path) {
        Some(word) if word == verb || word == format!("{verb}s") => shape.name.to_owned(),
        Some(word) => format!("{verb}_{}", words::singular(&word)),
        None => shape.name.to_owned(),
    }
}

/// All that is known before a template is filled in.
struct Writer<'a> {
    site: &'a Site<'a>,
    source: &'a Source,
    style: &'a Style,
    host: &'a Host,
    siblings: &'a [Sibling],
    shape: &'static Shape,
    method: &'a str,
    path: &'a str,
    name: &'a str,
}

impl Writer<'_> {
    /// The template filled in and taken apart, and what a user should know.
    fn module(&self, arguments: Option<Vec<String>>) -> Result<(python::Module, Vec<String>), Refusal> {
        let mut notes = Vec::new();
        let mut needs = Vec::new();
        let guard = match self.shape.kind {
            EndpointKind::WebSocket => {
                let asked = self.asked_in_siblings();
                guard::of(self.site, self.source, self.style, asked, &mut notes)
            }
            _ => None,
        };
        let item = self.item();
        needs.extend(item.iter().flat_map(|item| item.needs.iter().cloned()));
        let is_async = self.is_async(item.as_ref());
        let arguments = self.arguments(arguments, guard.is_some());
        let params = self.params(item.as_ref())?;
        notes.extend(self.openness(&arguments, &params));
        let binds = |name: &str| resolve::binds(&self.site.ctx, self.source.file, name);
        let path_class = self.path_class();
        let lookup = item.map(|item| item.text).unwrap_or_default();
        let values = context! {
            head => self.head(&arguments, &params, is_async),
            docstring => self.shape.docstring,
            lookup => lookup,
            is_async => is_async,
            has_sse => self.has_sse(),
            has_uploads => binds("UPLOAD_FOLDER"),
            file => self.file_param(),
            path_class => path_class,
            path_import => if path_class == "Path" { "from pathlib import Path" } else { "import pathlib" },
            uuid => self.uuid(),
            guard => guard.as_ref().map(guard::Guard::values),
            http => self.http(),
            missing => self.missing(&mut needs),
        };
        let wrong = |problem| Refusal::Template(self.shape.template.to_owned(), problem);
        let plain = template::render(self.shape.template, values.clone())?;
        let docstring = said::docstring(self, &params, &lookup, &plain);
        let rendered = template::render(self.shape.template, context! { docstring => docstring, ..values })?;
        let kept = docstrings::Kept {
            of_modules: false,
            of_functions: self.style.habits.docstrings.value,
        };
        let text = docstrings::keep(&rendered, kept).map_err(wrong)?;
        let text = python::format(&text, &self.style.format).map_err(wrong)?;
        let mut module = python::take_apart(&text).map_err(wrong)?;
        let more = guard.into_iter().flat_map(|guard| guard.needs).chain(needs);
        module.imports.extend(more.map(|need| python::Import {
            need,
            is_for_effect: false,
        }));
        Ok((module, notes))
    }

    /// Decorator and signature.
    fn head(&self, arguments: &[String], params: &[Param], is_async: bool) -> String {
        let params: Vec<String> = params.iter().map(Param::text).collect();
        let returns = match (self.annotates(), self.returns()) {
            (true, Some(returns)) => format!(" -> {}", returns.replace("UUID", &format!("{}UUID", self.uuid()))),
            _ => String::new(),
        };
        format!(
            "@{}.{}({})\n{}def {}({}){returns}:",
            self.host.name,
            self.method.to_lowercase(),
            arguments.join(", "),
            if is_async { "async " } else { "" },
            self.name,
            params.join(", "),
        )
    }

    /// The decorator's arguments: those that stand, what the kind takes, and what all siblings say that do the same.
    fn arguments(&self, standing: Option<Vec<String>>, is_guarded: bool) -> Vec<String> {
        let mut arguments = standing.unwrap_or_else(|| vec![self.style.format.string(self.path)]);
        let status = |code| Some(("status_code", body::status(self.style, code).0));
        let class = |name: &str| Some(("response_class", name.to_owned()));
        let own = match self.shape.kind {
            EndpointKind::Upload if self.method == "POST" => status(201),
            EndpointKind::Background => status(202),
            EndpointKind::Download => class("FileResponse"),
            EndpointKind::Sse if self.has_sse() => class("EventSourceResponse"),
            EndpointKind::Sse | EndpointKind::Stream => class("StreamingResponse"),
            _ if is_guarded => Some(("dependencies", "[Depends(websocket_user)]".to_owned())),
            _ => None,
        };
        let shared = ["tags", "dependencies"].map(|name| Some((name, self.shared(name)?)));
        for (name, value) in own.into_iter().chain(shared.into_iter().flatten()) {
            let head = format!("{name}=");
            if !arguments.iter().any(|known| known.replace(' ', "").starts_with(&head)) {
                arguments.push(format!("{head}{value}"));
            }
        }
        arguments
    }

    /// Parameters: of the path, of the item that it names, and of the kind; those without a default first.
    fn params(&self, item: Option<&Item>) -> Result<Vec<Param>, Refusal> {
        let mut params: Vec<Param> = Vec::new();
        if self.shape.kind == EndpointKind::WebSocket {
            params.push(Param::new("websocket", "WebSocket", None));
        }
        let is_taken = |param: &Param| item.is_some_and(|item| item.hidden.as_deref() == Some(&param.name));
        let of_path = plain::path_params(&self.site.ctx, self.source, self.host, self.path);
        params.extend(of_path.into_iter().filter(|param| !is_taken(param)));
        if self.shape.kind == EndpointKind::Download
            && let Some(file) = params.iter_mut().find(|param| param.name == self.file_param())
        {
            *file = Param::new(&file.name, "FileName", None);
        }
        let own = match self.shape.kind {
            EndpointKind::Upload => Some(Param::new("file", "UploadFile", None)),
            EndpointKind::Background => Some(Param::new("background_tasks", "BackgroundTasks", None)),
            EndpointKind::Sse if self.style.habits.annotated.value => {
                let ty = "Annotated[int | None, Header(ge=0)]";
                Some(Param::new("last_event_id", ty, Some("None")))
            }
            EndpointKind::Sse => Some(Param::new(
                "last_event_id",
                "int | None",
                Some("Header(default=None, ge=0)"),
            )),
            _ => None,
        };
        let of_item = item.into_iter().flat_map(|item| item.params.iter().cloned());
        for param in own.into_iter().chain(of_item).chain(self.asker()) {
            match params.iter().find(|known| known.name == param.name) {
                Some(known) if known.annotation != param.annotation => {
                    let problem = "it has a parameter of a name that the function needs for something else";
                    return Err(Refusal::BadPath(self.path.to_owned(), problem));
                }
                Some(_) => {}
                None => params.push(param),
            }
        }
        params.sort_by_key(|param| param.default.is_some());
        Ok(params)
    }

    /// How siblings look up the item that the path names before the last of its parts.
    fn item(&self) -> Option<Item> {
        if matches!(self.shape.kind, EndpointKind::WebSocket | EndpointKind::Sse) {
            // Nothing can be refused any more where it would be looked up.
            return None;
        }
        let is_file = |name: &str| self.shape.kind == EndpointKind::Download && name == self.file_param();
        let segments: Vec<&str> = self.path.split('/').collect();
        let last = segments
            .iter()
            .rposition(|part| style::parameter(part).is_some_and(|name| !is_file(name)))?;
        let path = segments[..=last].join("/");
        let (collection, _) = style::split_item(&path);
        let resource = resource::known(self.host, self.siblings, collection)?;
        let evidence = Evidence::gather(
            &self.site.ctx,
            self.source,
            self.style,
            self.host,
            self.siblings,
            &resource,
            if self.method == "GET" {
                Action::Read
            } else {
                Action::Update
            },
            &path,
        );
        if let Some(entity) = evidence.entity_dependency() {
            return Some(Item {
                text: String::new(),
                params: vec![entity],
                hidden: style::split_item(&path).1.map(str::to_owned),
                needs: Vec::new(),
            });
        }
        let lookup = evidence.lookup()?;
        let own: Vec<&str> = path.split('/').filter_map(style::parameter).collect();
        let is_known = |param: &Param| {
            let of_siblings = evidence.peers.iter();
            let mut of_siblings = of_siblings.map(|peer| evidence::names_path_param(&peer.sibling.path, &param.name));
            own.contains(&param.name.as_str()) || !of_siblings.any(|is_of_path| is_of_path)
        };
        if !lookup.params.iter().all(is_known) {
            return None;
        }
        let mut check = evidence::Body::default();
        if let Some(entity) = &lookup.entity
            && !evidence
                .given()
                .is_some_and(|given| evidence::has_word(&lookup.text, &given.asker.name))
        {
            evidence.check_owner(&mut check, entity);
        }
        let mut text = indented(&lookup.text, self.host.indent.len() + self.style.format.indent.len());
        for line in &check.lines {
            text.push_str(&format!("\n{}{}", "    ".repeat(line.depth + 1), line.text));
        }
        let params = lookup
            .params
            .into_iter()
            .filter(|param| !own.contains(&param.name.as_str()));
        Some(Item {
            text,
            params: params.chain(check.params).collect(),
            hidden: None,
            needs: check.needs,
        })
    }

    fn is_async(&self, item: Option<&Item>) -> bool {
        let has_to = matches!(self.shape.kind, EndpointKind::WebSocket | EndpointKind::Sse);
        has_to || self.style.habits.is_async.value || item.is_some_and(|item| evidence::has_word(&item.text, "await"))
    }

    fn annotates(&self) -> bool {
        let response = self.style.habits.response.value;
        matches!(response, ResponseStyle::Annotation | ResponseStyle::Both)
    }

    fn returns(&self) -> Option<&'static str> {
        Some(match self.shape.kind {
            EndpointKind::Upload => "dict[str, str | int]",
            EndpointKind::Background => "dict[str, UUID]",
            EndpointKind::Download => "FileResponse",
            EndpointKind::Sse if self.has_sse() => "AsyncIterator[ServerSentEvent]",
            EndpointKind::Sse | EndpointKind::Stream => "StreamingResponse",
            EndpointKind::WebSocket => "None",
            _ => return None,
        })
    }

    /// Whether the project's FastAPI sends events itself.
    fn has_sse(&self) -> bool {
        self.site
            .ctx
            .modules
            .fastapi_version(self.source.file)
            .has_server_sent_events()
    }

    /// The parameter that names the file to download.
    fn file_param(&self) -> &str {
        self.path
            .split('/')
            .filter_map(style::parameter)
            .next_back()
            .unwrap_or("file_name")
    }

    /// How the module can call `pathlib.Path`: FastAPI's is often there under that name.
    fn path_class(&self) -> &'static str {
        let ctx = &self.site.ctx;
        let is_own = match resolve::resolve(ctx, self.source.file, "Path") {
            None => true,
            Some(resolved) => resolved == resolve::Resolved::Library("pathlib".to_owned(), "Path".to_owned()),
        };
        if is_own { "Path" } else { "pathlib.Path" }
    }

    /// What stands before `UUID`: the module, where that is what is imported.
    fn uuid(&self) -> &'static str {
        let binding = resolve::binding(&self.site.ctx, self.source.file, &self.source.facts, "uuid");
        match binding {
            Some(resolve::Binding::Module(module)) if module == "uuid" => "uuid.",
            _ => "",
        }
    }

    /// `HTTPException(…)` in the project's style.
    fn http(&self) -> Value {
        let style = self.style.clone();
        Value::from_function(move |code: u16, detail: &str| {
            let (status, _) = body::status(&style, code);
            format!(
                "HTTPException(status_code={status}, detail={})",
                style.format.string(detail)
            )
        })
    }

    /// The error for what is not there.
    fn missing(&self, needs: &mut Vec<Need>) -> Value {
        let style = self.style.clone();
        let ctx = &self.site.ctx;
        let own = match body::not_found(ctx, Some(self.source.file)).value {
            NotFound::Own(module, name) => {
                needs.push(Need::Member(module, name.clone()));
                Some(name)
            }
            NotFound::HttpException => None,
        };
        Value::from_function(move |what: &str| match &own {
            Some(name) => format!("{name}({})", style.format.string(what)),
            None => {
                let (status, _) = body::status(&style, 404);
                let detail = style.format.string(&format!("{what} not found"));
                format!("HTTPException(status_code={status}, detail={detail})")
            }
        })
    }
}

/// How an item is looked up.
struct Item {
    /// Statements, indented as those of a template.
    text: String,
    /// Parameters that it takes besides those of the path.
    params: Vec<Param>,
    /// The parameter of the path that a dependency takes.
    hidden: Option<String>,
    needs: Vec<Need>,
}

/// Copied statements with the indentation of a template's body instead of their own, `outer` wide in all lines but the first.
fn indented(text: &str, outer: usize) -> String {
    let lines = text.lines().enumerate().map(|(index, line)| {
        let own = line.len() - line.trim_start().len();
        format!("    {}", &line[if index == 0 { 0 } else { own.min(outer) }..])
    });
    lines.collect::<Vec<_>>().join("\n")
}
