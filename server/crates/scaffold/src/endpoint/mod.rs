//! *Insert endpoint*: the path operations that a router still lacks for its resource, a plain one of a chosen method, and
//! the function of a bare decorator, in the style of the module and the project.

mod arguments;
mod bare;
pub(crate) mod body;
mod callees;
mod calls;
mod carried;
mod compose;
mod cousins;
mod docs;
mod draft;
mod envelope;
mod evidence;
mod giver;
mod handed;
mod host;
mod kinds;
mod lists;
mod memory;
mod nouns;
mod nulls;
mod orm;
mod ownership;
mod picked;
mod place;
mod plain;
mod receivers;
mod requests;
mod resource;
mod schemas;
mod siblings;
mod spec;

pub(crate) use schemas::stem;

use crate::{About, Context, Insertion, Refusal, Site, releases};
use base::{FileId, Span};
use serde::{Deserialize, Serialize};
use style::Action;

/// How help and documentation tell of it.
pub(crate) const ABOUT: About = About {
    name: "endpoint",
    command: "add endpoint FILE",
    summary: "Insert a path operation into a module with an app or router",
    docs: DOCS,
};

const DOCS: &str = r#"
**Adds** one path operation: what the router still lacks for its resource (list, create, read, replace, update, delete), a search of
what is listed (`GET /books/search?q=`), what a list is filtered and sorted by, an upload, a download, a stream, server-sent events, a WebSocket, one with a background task, a plain one of a chosen method, the
function below a bare decorator, or what a line says: a comment, a line of a specification, a request of a test that no route
answers. The schemas that it needs and that can be told from
others are made with it.

**Takes from the project** everything: the siblings' parameters and their order, `Annotated` aliases or defaults, `response_model`
or return types, the layer that is called (repository, service, functions, the session itself, a dictionary), how a missing
thing is answered, names, docstrings, quotes, line length, and the place among the others.

A search is the list said again, with its pages and its answer, narrowed to rows in one of whose texts `q` is found, however it is
capitalised; the function that reads the rows is said again too, in its own module.

What a list is filtered and sorted by is added in place (`GET /books?author_id=7&sort=-price`): the parameters are handed to the
function that reads the rows, which takes them by name and does without; who calls it otherwise gets what it got. A list is
filtered by choices and by the keys of other tables, and sorted by texts, numbers and dates, where nothing else is asked for.

**Leaves alone** an operation that is there: asked twice, it says so. Where two of them would answer the same requests, the
new one stands where both can be reached.
"#;

/// What kind of path operation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndpointKind {
    /// `GET` of the collection.
    List,
    /// `POST` to the collection.
    Create,
    /// `GET` of one.
    Read,
    /// `PUT` of one.
    Replace,
    /// `PATCH` of one.
    Update,
    /// `DELETE` of one.
    Delete,
    /// A plain `GET`.
    Get,
    /// A plain `POST`.
    Post,
    /// A plain `PUT`.
    Put,
    /// A plain `PATCH`.
    Patch,
    /// A plain `DELETE`; its JSON name is `delete-method`.
    DeleteMethod,
    /// A WebSocket, with the project's auth where it has some.
    #[serde(rename = "websocket")]
    WebSocket,
    /// A file that is sent, written to disk in chunks, of limited types and size.
    Upload,
    /// A file that is read from disk.
    Download,
    /// An answer that is made line by line.
    Stream,
    /// Server-sent events.
    Sse,
    /// An answer before the work is done.
    Background,
    /// The list narrowed to what a text is found in.
    Search,
    /// Parameters of a list that is there: which rows, in which order.
    Filter,
    /// The function of the bare decorator at [`EndpointRequest::line`].
    Decorator,
    /// What [`EndpointRequest::spec`] says, or the comment at [`EndpointRequest::line`], which gives way.
    Spec,
}

impl EndpointKind {
    /// The plain kinds, in the order in which they are offered.
    pub const PLAIN: [EndpointKind; 6] = [
        EndpointKind::Get,
        EndpointKind::Post,
        EndpointKind::Put,
        EndpointKind::Patch,
        EndpointKind::DeleteMethod,
        EndpointKind::WebSocket,
    ];

    fn of_action(action: Action) -> Self {
        match action {
            Action::List => EndpointKind::List,
            Action::Create => EndpointKind::Create,
            Action::Read => EndpointKind::Read,
            Action::Replace => EndpointKind::Replace,
            Action::Update => EndpointKind::Update,
            Action::Delete => EndpointKind::Delete,
        }
    }

    fn action(self) -> Option<Action> {
        Some(match self {
            EndpointKind::List => Action::List,
            EndpointKind::Create => Action::Create,
            EndpointKind::Read => Action::Read,
            EndpointKind::Replace => Action::Replace,
            EndpointKind::Update => Action::Update,
            EndpointKind::Delete => Action::Delete,
            _ => return None,
        })
    }

    /// The method of a plain kind; `WEBSOCKET` for WebSockets, nothing for the others.
    fn plain_method(self) -> Option<&'static str> {
        Some(match self {
            EndpointKind::Get => "GET",
            EndpointKind::Post => "POST",
            EndpointKind::Put => "PUT",
            EndpointKind::Patch => "PATCH",
            EndpointKind::DeleteMethod => "DELETE",
            EndpointKind::WebSocket => "WEBSOCKET",
            _ => return None,
        })
    }

    /// The plain kind of a method name in any case; `WEBSOCKET` for WebSockets.
    #[must_use]
    pub fn of_method(method: &str) -> Option<Self> {
        let method = method.to_ascii_uppercase();
        Self::PLAIN
            .into_iter()
            .find(|kind| kind.plain_method() == Some(method.as_str()))
    }
}

/// What is to be inserted. Whatever is left out is inferred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndpointRequest {
    /// What kind of path operation.
    pub kind: EndpointKind,
    /// The app or router, by the name it has in the file; the file's first where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub router: Option<String>,
    /// For the operations of a resource the path of its collection as the router has it; for plain ones the path. The
    /// router's own prefix is not part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The function's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The 0-based line on which a bare decorator starts whose function it is to be: for [`EndpointKind::Decorator`], and
    /// for kinds that are no operation of a resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// For [`EndpointKind::Spec`]: `POST /users: UserCreate -> UserRead`; body and answer may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
    /// For [`EndpointKind::Filter`]: the columns that the list is filtered by; those that are usual where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Vec<String>>,
    /// For [`EndpointKind::Filter`]: the columns that the list is sorted by; those that are usual where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Vec<String>>,
    /// For [`EndpointKind::Spec`]: whether the router is the one of the project that serves what is near to the path,
    /// whatever the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anywhere: bool,
}

impl EndpointRequest {
    /// A request in which everything but the kind is inferred.
    #[must_use]
    pub fn new(kind: EndpointKind) -> Self {
        Self {
            kind,
            router: None,
            path: None,
            name: None,
            line: None,
            spec: None,
            filter: None,
            sort: None,
            anywhere: false,
        }
    }
}

/// A title and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// For example `Insert endpoint: DELETE /books/{book_id}`.
    pub title: String,
    /// What [`build`] takes.
    pub request: EndpointRequest,
    /// Whether it completes half-written code rather than adding something new.
    pub completes: bool,
}

/// The endpoints that can be inserted where the selection stands. Cheap: titles only.
#[must_use]
pub fn offers(ctx: &Context<'_>, file: FileId, selection: Span) -> Vec<Offer> {
    let Some(source) = style::Source::read(ctx.files, file) else {
        return Vec::new();
    };
    if let Some(offer) = requests::offer(ctx, &source, selection) {
        return vec![offer];
    }
    let bare: Vec<Offer> = spec::offer(ctx, &source, selection)
        .into_iter()
        .chain(bare::offers(ctx, &source, selection))
        .collect();
    if !bare.is_empty() || resource::is_inside_body(&source, selection) {
        return bare;
    }
    let Some(host) = host::host(ctx, &source, None, Some(selection.start)) else {
        return Vec::new();
    };
    let mut offers = resource::offers(ctx, &source, &host, selection.start);
    offers.extend(lists::search::offer(ctx, &source, &host));
    offers.extend(lists::filter::offer(ctx, &source, &host));
    offers.extend(plain::offers(ctx, &host));
    offers.extend(kinds::offers(&host));
    offers
}

/// Computes the edit of a request.
///
/// # Errors
/// The reason why nothing is inserted.
pub fn build(site: &Site<'_>, file: FileId, request: &EndpointRequest) -> Result<Insertion, Refusal> {
    let mut insertion = insertion(site, file, request)?;
    releases::check(&site.ctx, file, &insertion.change)?;
    let code = insertion.change.files.iter().find(|edit| edit.file == insertion.file);
    let code = code.and_then(|edit| edit.edits.get(insertion.code_edit));
    if code.is_some_and(|code| is_stub(&code.text)) {
        insertion
            .notes
            .push("it answers 501 until it is written: nothing here shows what it would do".to_owned());
    }
    Ok(insertion)
}

/// Whether code of a path operation does no more than to say that it is not written yet.
fn is_stub(code: &str) -> bool {
    code.contains("HTTP_501_NOT_IMPLEMENTED") || (code.contains("501") && code.contains("Not implemented"))
}

fn insertion(site: &Site<'_>, file: FileId, request: &EndpointRequest) -> Result<Insertion, Refusal> {
    let ctx = &site.ctx;
    if let Some(name) = &request.name
        && !style::words::is_identifier(name)
    {
        return Err(Refusal::BadName(name.clone()));
    }
    if request.kind == EndpointKind::Spec {
        return spec::build(site, file, request);
    }
    let source = style::Source::read(ctx.files, file).ok_or(Refusal::Unreadable)?;
    let style = ctx.style(file).ok_or(Refusal::Unreadable)?;
    if request.kind == EndpointKind::Decorator {
        let line = request.line.ok_or(Refusal::NoDecorator)?;
        let bare = bare::on_line(&source, line).ok_or(Refusal::NoDecorator)?;
        if bare.method != "WEBSOCKET" {
            return bare::build(ctx, &source, &style, request, &bare);
        }
        let host = host::host(ctx, &source, Some(&bare.router), None);
        let host = host.ok_or_else(|| Refusal::UnknownRouter(bare.router.clone()))?;
        let request = EndpointRequest {
            kind: EndpointKind::WebSocket,
            ..request.clone()
        };
        return kinds::build(site, &source, &style, &host, &request);
    }
    let host = host::host(ctx, &source, request.router.as_deref(), None).ok_or_else(|| match &request.router {
        Some(name) => Refusal::UnknownRouter(name.clone()),
        None => Refusal::NoRouter,
    })?;
    if kinds::is_special(request.kind) {
        return kinds::build(site, &source, &style, &host, request);
    }
    if request.kind == EndpointKind::Search {
        return lists::search::build(site, &source, &style, &host, request);
    }
    if request.kind == EndpointKind::Filter {
        return lists::filter::build(site, &source, &style, &host, request);
    }
    match request.kind.action() {
        Some(action) => resource::build(ctx, &source, &style, &host, action, request),
        None => plain::build(ctx, &source, &style, &host, request),
    }
}
