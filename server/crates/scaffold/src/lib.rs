//! What Routewright can build: one folder for each scaffold.
//!
//! A scaffold has two phases. `offers` lists titles and is cheap; `build` computes the edit of one request on the
//! snapshot it is given, or refuses with a reason. Code actions, commands and the command line all use these two.

mod app;
pub mod auth;
pub mod catalogue;
mod client;
pub mod database;
mod draft;
pub mod endpoint;
mod engine;
mod environment;
pub mod errors;
mod excerpt;
pub mod ground;
pub mod health;
mod ids;
mod imports;
mod layout;
pub mod lifespan;
pub mod logging;
mod memo;
pub mod middleware;
mod migration;
mod moment;
pub mod offers;
mod packages;
mod print;
pub mod profile;
mod releases;
mod request;
pub mod require;
pub mod resolve;
pub mod resource;
pub mod router;
mod schema_names;
pub mod schemas;
mod setting;
pub mod settings;
mod skeleton;
pub mod table;
mod template;
mod terms;
pub mod testing;
mod wire;

pub use catalogue::About;
pub use draft::{Plan, Site, SyntaxProblem};
pub use memo::Memo;
pub use request::{ScaffoldRequest, build};

use base::{FileId, SourceChange, Span};
use facts::FileFacts;
use model::{Files, Model, ModuleSource};
use std::{path::Path, sync::Arc};
use style::{Format, Preferences, Source, Style};

/// What scaffolds read: one snapshot of the workspace.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The linked model.
    pub model: &'a Model,
    /// Texts and spans.
    pub files: &'a dyn Files,
    /// Where imports lead.
    pub modules: &'a dyn ModuleSource,
    /// What was read of this snapshot already.
    pub memo: &'a Memo,
    /// The folder of the project that is worked on: code outside of it does not show its style; nothing where all does.
    pub folder: Option<&'a Path>,
    /// What the project's configuration says of its style.
    pub preferences: &'a Preferences,
    /// The minor version of the oldest Python 3 that the project has to run on, where that is known.
    pub python: Option<u8>,
    /// The line length that the project sets for us or for its formatter, in columns.
    pub line_length: Option<usize>,
    /// Top-level packages that the change in the making brings: no import can be resolved to them yet.
    pub new_packages: &'a [String],
}

/// The files around a project, with what is open in the editor before what is on disk.
pub trait Disk: Sync {
    /// The text of a file; nothing where there is none, or none that can be read.
    fn text(&self, path: &Path) -> Option<Arc<str>>;
    /// The Python files of the workspace.
    fn python_files(&self) -> Vec<Arc<Path>>;
    /// Whether there is a folder.
    fn is_folder(&self, path: &Path) -> bool;
    /// The number of the file at an absolute path, be it there or not.
    fn file(&self, path: &Path) -> FileId;
    /// What the clock says, in UTC.
    fn now(&self) -> jiff::civil::DateTime;
}

impl Context<'_> {
    /// Whether a file is one of the project that is worked on.
    fn is_own(&self, file: FileId) -> bool {
        self.folder
            .is_none_or(|folder| self.files.path(file).starts_with(folder))
    }

    /// The style of a module and of the project around it.
    fn style(&self, near: FileId) -> Option<Style> {
        let is_own = |file| self.is_own(file);
        style::profile(
            self.memo.census(self),
            self.files,
            near,
            &is_own,
            self.line_length,
            self.preferences,
        )
    }

    /// The layout of a module that is there.
    fn format_of(&self, source: &Source) -> Format {
        Format::of(source, self.line_length(), self.preferences)
    }

    /// The longest line, in columns.
    fn line_length(&self) -> usize {
        self.line_length.unwrap_or(style::DEFAULT_LINE_LENGTH)
    }

    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        self.files.facts(file).or_else(|| self.modules.facts(file))
    }
}

/// An edit that inserts code, and where an editor puts its carets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The whole change.
    pub change: SourceChange,
    /// The file in which the code is inserted.
    pub file: FileId,
    /// Index of the edit in that file's edits that inserts the code; the others merge imports.
    pub code_edit: usize,
    /// What a user is likely to change: spans in bytes of that edit's text, in the order of the tab stops, not overlapping.
    pub placeholders: Vec<Span>,
    /// What was done, for example `DELETE /books/{book_id} as delete_book`.
    pub summary: String,
    /// What a user should know.
    pub notes: Vec<String>,
}

/// Why something is not built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file has no facts: nothing in it leads to FastAPI, or it is too long.
    #[error("no app or router is made or used in this file, or it is too long to be read")]
    Unreadable,
    /// No app or router is made or used in the file.
    #[error("no app or router is made or used in this file")]
    NoRouter,
    /// The router that the request names is not in the file.
    #[error("no app or router `{0}` is made or used in this file")]
    UnknownRouter(String),
    /// The resource has the operation already.
    #[error("{0} is served already, by `{1}`")]
    Exists(String, String),
    /// No resource could be inferred.
    #[error("the router serves no resource that could be recognised from its prefix, its tags or its path operations")]
    NoResource,
    /// The name is not usable.
    #[error("`{0}` can't name a Python function")]
    BadName(String),
    /// The name is taken.
    #[error("`{0}` is defined in this module already")]
    NameTaken(String),
    /// The path is not usable.
    #[error("`{0}` is not a path: {1}")]
    BadPath(String, &'static str),
    /// Configuration names what is not there.
    #[error(
        "`{0} = \"{1}\"` in `[tool.routewright.style]` names nothing that is such: write where the project has it as `module:name`, or take the line out"
    )]
    NotThere(&'static str, String),
    /// A name is bound to something else already.
    #[error("`{0}` is something else in {1} already: choose another name")]
    Clash(String, String),
    /// A file of the project that has to be edited does not parse.
    #[error("{0} can't be edited safely, as it does not parse: {1}")]
    Broken(String, SyntaxProblem),
    /// The project keeps its data in a way that nothing is written for.
    #[error("the project keeps its data with {0}, and this is written for SQLAlchemy and SQLModel")]
    OtherDatabase(String),
    /// A module would stand beside a package of its name.
    #[error("{0} would stand beside {1}, and one of them would never be imported: rename the one that is there")]
    Shadowed(String, String),
    /// What is needed can't be had without the app that would need what is written.
    #[error(
        "`{0}` is made in {1}, which would import {2}, and that needs `{0}`: give `{0}` a module of its own first, without the app"
    )]
    Tangled(String, String, String),
    /// There is nothing of the name that a dependency could be put on.
    #[error("no path operation, router or app `{0}` is made in {1}")]
    NoTarget(String, String),
    /// The project can't say who is asking in this way.
    #[error("no dependency gives {0}: {1}")]
    NoGuard(String, String),
    /// The login would be locked.
    #[error("`{0}` serves the login itself ({1}), which would be locked too: put it on the routers that need it")]
    LocksLogin(String, String),
    /// The login itself.
    #[error("`{0}` is the login itself, which nobody could use any more")]
    IsLogin(String),
    /// Nobody would get what is asked for.
    #[error("nobody gets the user that `{0}` asks for: name a path operation")]
    OptionalOnRouter(String),
    /// Dependencies are not written as a list.
    #[error("`dependencies={0}` is no list that could grow: add the dependency where it is made")]
    NotListed(String),
    /// The project has no database yet.
    #[error(
        "no database session was found that path operations could ask for: add one with `routewright add database`"
    )]
    NoSession,
    /// The project makes sessions in a way that path operations can't ask for.
    #[error(
        "no function was found that gives path operations a session, though {0} makes what sessions are of: add one there that yields it, `def get_session() -> Iterator[Session]:`"
    )]
    NoProvider(String),
    /// The project has sessions, and no tables yet.
    #[error("no base of the tables was found: add one with `routewright add database`")]
    NoBase,
    /// The project knows who is asking already.
    #[error(
        "the project has auth already, {0}: what it has is put on path operations with `routewright add auth --on FILE`"
    )]
    Standing(String),
    /// The project knows API keys already.
    #[error("the project has API keys already, by {0}: a second kind would only be taken for the first")]
    StandingKeys(String),
    /// What is asked for marks what is deleted, and what it would be written like does not.
    #[error(
        "resources are written like `{0}` here, which is deleted for good: let it have `deleted_at`, and be listed and read without what is marked, then the others are written like that"
    )]
    DeletesForGood(String),
    /// What it would be written like creates or reads its things by what only they have.
    #[error("this is not written like `{0}`: of that {1} would be left out, as they rest on what only a `{0}` has")]
    ItsOwn(String, String),
    /// What is asked of a list is not how those are that it would be written like.
    #[error(
        "resources are written like `{0}` here, and so is what their lists can be asked for: leave `--filter`, `--sort` and `--page` out, and then give the list what it is filtered and sorted by with `routewright add endpoint FILE --kind filter`"
    )]
    ListsLike(String),
    /// Items come from an object that gives no rows, and nothing shows how they are changed through it.
    #[error(
        "a {one} comes from `{giver}` here, which gives no rows of the session, and no path operation shows how such a one is {done}: write this by hand"
    )]
    NotShown {
        /// What the item is called.
        one: String,
        /// What gives it.
        giver: String,
        /// What is to be done.
        done: &'static str,
    },
    /// What siblings change an item with does not take all that would replace it.
    #[error(
        "siblings change a {one} with a `{schema}`, which has no `{field}`, so that one that is replaced would keep its own: add `{field}` to `{schema}`, or write this by hand"
    )]
    NotReplaced {
        /// What the item is called.
        one: String,
        /// The schema that they use.
        schema: String,
        /// The field that it lacks.
        field: String,
    },
    /// Nobody could log in with the users that the project has.
    #[error("users can't log in with `{0}`: {1}")]
    Users(String, String),
    /// A module of the project is not such as the scaffold works with.
    #[error("{0} has no `{1}`, on which this rests: add it there, or write this by hand")]
    Lacks(String, String),
    /// What would be written is no Python; nothing is written then.
    #[error("what would be written to {0} is no Python ({1}): please report this")]
    Template(String, SyntaxProblem),
    /// An app that nothing can be added to.
    #[error("the app of {0} is held by no name where it is made: write `app = FastAPI(…)` there first")]
    Unnamed(String),
    /// Handlers that FastAPI never runs.
    #[error(
        "FastAPI runs no startup or shutdown handlers of an app that has a lifespan, so {0} never ran: call what is needed in `{1}`, and take them out"
    )]
    Ignored(String, String),
    /// The app is made with arguments that can't be seen.
    #[error(
        "`{0}` is made with `**`, so that it can't be told whether it has a lifespan: name it in the call, or write this by hand"
    )]
    Hidden(String),
    /// A startup or shutdown handler that can't be moved.
    #[error(
        "{0}: it can't be told which handler `{1}` registers on which app, or whether it has to be awaited: move it into a lifespan by hand"
    )]
    Handler(String, String),
    /// A field is not written as one.
    #[error("`{0}` is no field: {1}")]
    BadField(String, String),
    /// A module without such a model.
    #[error("{1} has no model{0} with a table")]
    NoModel(String, String),
    /// A model that can have no schemas.
    #[error("`{0}` gets no schemas: {1}")]
    NoSchemas(String, String),
    /// A schema that no table can be made of.
    #[error("`{0}` gets no table: {1}")]
    NoTable(String, String),
    /// A line that says no path operation.
    #[error(
        "`{0}` is no path operation: `POST /users: UserCreate -> UserRead` is one, body and answer may be left out"
    )]
    BadSpec(String),
    /// No line says a path operation.
    #[error(
        "no comment here says what path operation is to be inserted, as `# POST /users: UserCreate -> UserRead` does"
    )]
    NoSpec,
    /// A type that nothing is known of.
    #[error("the project has no schema `{0}`: add it first, or leave it out")]
    UnknownSchema(String),
    /// A kind of path operation that a method is not for.
    #[error("a path operation of {0} is no {1}")]
    WrongMethod(String, &'static str),
    /// The project's libraries are too old for what would be written.
    #[error(
        "this is written for {needed}, which brought {names}, and the project has {found}: take it up to {needed} first, or write this by hand"
    )]
    NeedsNewer {
        /// The library and its major version: `Pydantic 2`.
        needed: String,
        /// What would be used of it.
        names: String,
        /// The version that is installed or locked.
        found: String,
    },
    /// Two schemas of one name.
    #[error(
        "two schemas would be called `{0}`: in `[tool.routewright.style]`, `create-schema`, `update-schema` and `read-schema` have to differ from each other and from `{{}}Base`, which has what they have in common"
    )]
    SameSchema(String),
    /// There is no such model.
    #[error("there is no model `{0}`: name a class of Pydantic, SQLAlchemy or SQLModel as module:Class")]
    NoClass(String),
    /// A model that is not where the code that is written for it looks.
    #[error("`{0}` is in {1}, and it would be looked for in {2}, where those like it are: move it there first")]
    Apart(String, String, String),
    /// A table that is not called as what is made of it.
    #[error("the table `{0}` is no `{1}`: a resource is named after its table")]
    OtherName(String, String),
    /// There is no list to search.
    #[error("nothing is listed here: add the list first, with `--kind list`")]
    NoList,
    /// A list that can't be said again for a search.
    #[error("{0} can't be searched: {1}")]
    NoSearch(String, String),
    /// A list that can't be asked for some of what it shows.
    #[error("the list of {0} can't be filtered and sorted: {1}")]
    NoFilter(String, String),
    /// There is no decorator without a function.
    #[error("there is no decorator without a function here")]
    NoDecorator,
    /// The operations are methods of a class, or made in a way that is not followed.
    #[error("the path operations of `{0}` are not written as decorated functions of this module")]
    NotDecorated(String),
}
