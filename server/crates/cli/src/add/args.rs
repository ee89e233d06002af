//! The arguments of `routewright add`.

use super::{
    database::DatabaseOptions, errors::ErrorsOptions, health::HealthOptions, lifespan::LifespanOptions,
    logging::LoggingOptions, middleware::MiddlewareOptions, model::ModelOptions, router::RouterOptions,
    schemas::SchemasOptions, tests::TestsOptions,
};
use crate::args::ReadingOptions;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use ide::{ResourceRequest, ScaffoldRequest};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum AddCommand {
    #[command(about = summary("endpoint"))]
    Endpoint(EndpointOptions),
    #[command(about = summary("resource"))]
    Resource(ResourceOptions),
    #[command(about = summary("auth"))]
    Auth(AuthOptions),
    #[command(about = summary("settings"))]
    Settings(SettingsOptions),
    #[command(about = summary("router"))]
    Router(RouterOptions),
    #[command(about = summary("database"))]
    Database(DatabaseOptions),
    #[command(about = summary("errors"))]
    Errors(ErrorsOptions),
    #[command(about = summary("health"))]
    Health(HealthOptions),
    #[command(about = summary("lifespan"))]
    Lifespan(LifespanOptions),
    #[command(about = summary("logging"))]
    Logging(LoggingOptions),
    #[command(about = summary("middleware"))]
    Middleware(MiddlewareOptions),
    #[command(about = summary("schemas"))]
    Schemas(SchemasOptions),
    #[command(about = summary("model"))]
    Model(ModelOptions),
    #[command(about = summary("tests"))]
    Tests(TestsOptions),
}

/// What the catalogue says of a scaffold, in a line.
fn summary(name: &str) -> &'static str {
    ide::about_scaffold(name).map_or("", |scaffold| scaffold.summary)
}

/// What every scaffold over several files takes.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct PlaceOptions {
    /// The project's folder
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) project: PathBuf,
    /// Print what would change as a diff, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add resource book title:str! pages:int? price:decimal
  routewright add resource review text:text rating:int=3 book:Book --dry-run
                                    one review has one book; what would change, as a diff
  routewright add resource gadget --model app.models:Gadget
                                    path operations, schemas and tests for a table that is there
  routewright add resource ticket 'state:enum(open|done)' due:date owner:User --filter state,owner,due --sort due
                                    GET /tickets?state=open&owner_id=…&due_from=2026-01-31&sort=-due

A list is filtered by choices (enum, bool) and by what its rows belong to, and sorted by texts, numbers and dates, where
--filter and --sort don't say otherwise. A filter of numbers is a range, FIELD_min and FIELD_max, one of dates FIELD_from and
FIELD_to.

A field is name:kind, with `!` behind it if no two may have the same, `?` if it may be empty, and `=value` for a default.
Kinds: str, text, email, url, int, float, decimal, bool, date, datetime, uuid, json, enum(a|b), or the class of a model.")]
pub(crate) struct ResourceOptions {
    /// What the things are called, in the singular
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Their fields
    #[arg(value_name = "FIELD")]
    pub(crate) fields: Vec<String>,
    /// Mark what is deleted, and serve it no more, instead of removing it
    #[arg(long)]
    pub(crate) soft_delete: bool,
    /// Instead of fields, a model of the project that has them; a table is used as it is
    #[arg(long, value_name = "MODULE:CLASS", conflicts_with = "fields")]
    pub(crate) model: Option<String>,
    /// What the list is filtered by: fields, created_at, or none
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) filter: Option<Vec<String>>,
    /// What the list is sorted by, `-` before it for the other way round: fields, or none
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(crate) sort: Option<Vec<String>>,
    /// How the list is parted; as the project's pages are where left out, else by offset
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) page: Option<PageOption>,
    #[command(flatten)]
    pub(crate) place: PlaceOptions,
}

impl ResourceOptions {
    pub(super) fn request(self) -> ScaffoldRequest {
        ScaffoldRequest::Resource(ResourceRequest {
            name: self.name,
            fields: self.fields,
            soft_delete: self.soft_delete,
            model: self.model,
            filter: self.filter.map(none_or),
            sort: self.sort.map(none_or),
            page: self.page.map(Into::into),
        })
    }
}

/// The fields that are named; none where that is said.
pub(super) fn none_or(named: Vec<String>) -> Vec<String> {
    match named.as_slice() {
        [none] if none == "none" => Vec::new(),
        _ => named,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageOption {
    /// ?limit=&offset=, with the total
    Offset,
    /// ?limit=&cursor=, each page with the cursor of the next one
    Cursor,
}

impl From<PageOption> for ide::PageKind {
    fn from(page: PageOption) -> Self {
        match page {
            PageOption::Offset => Self::Offset,
            PageOption::Cursor => Self::Cursor,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add auth              tokens signed with one secret, passwords hashed with Argon2
  routewright add auth --scheme jwks --dry-run
                                    tokens that others can verify; what would change, as a diff
  routewright add auth --scheme api-key --key-in query
                                    keys for programs, in ?api_key=
  routewright add auth --on app/api/items.py:delete_item --require admin
                                    what the project has already, on one path operation

With --on nothing else is added: the project's own dependency is put on a path operation, a router or an app.
What can be required: user, active, admin, role=NAME, scopes=NAME,NAME or optional.")]
pub(crate) struct AuthOptions {
    /// A module, and a path operation, router or app in it; its first router or app where none is named
    #[arg(long, value_name = "FILE[:NAME]", conflicts_with_all = ["scheme", "hash", "key_in"])]
    pub(crate) on: Option<String>,
    /// Who may ask
    #[arg(long, value_name = "WHO", requires = "on", default_value = "user", value_parser = requirement)]
    pub(crate) require: ide::Requirement,
    /// How a request says who is asking
    #[arg(long, value_enum, value_name = "SCHEME", default_value = "jwt")]
    pub(crate) scheme: SchemeOption,
    /// How passwords are hashed
    #[arg(long, value_enum, value_name = "HASH", default_value = "argon2")]
    pub(crate) hash: HashOption,
    /// Where a request has its API key: in X-API-Key or in ?api_key=
    #[arg(long, value_enum, value_name = "PLACE", default_value = "header")]
    pub(crate) key_in: KeyOption,
    #[command(flatten)]
    pub(crate) place: PlaceOptions,
}

fn requirement(text: &str) -> Result<ide::Requirement, String> {
    ide::Requirement::try_from(text.to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemeOption {
    /// HS256, with one secret
    Jwt,
    /// RS256, with private keys; the public ones at /.well-known/jwks.json
    Jwks,
    /// Keys that are issued to programs, stored as hashes
    ApiKey,
    /// Tokens of an identity provider, by OpenID Connect
    Openid,
}

impl From<SchemeOption> for ide::AuthScheme {
    fn from(scheme: SchemeOption) -> Self {
        match scheme {
            SchemeOption::Jwt => Self::Jwt,
            SchemeOption::Jwks => Self::Jwks,
            SchemeOption::ApiKey => Self::ApiKey,
            SchemeOption::Openid => Self::Openid,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyOption {
    /// In X-API-Key
    Header,
    /// In ?api_key=
    Query,
}

impl From<KeyOption> for ide::KeyPlace {
    fn from(place: KeyOption) -> Self {
        match place {
            KeyOption::Header => Self::Header,
            KeyOption::Query => Self::Query,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HashOption {
    /// Argon2id
    Argon2,
    /// bcrypt, cost 12
    Bcrypt,
}

impl From<HashOption> for ide::PasswordHash {
    fn from(hash: HashOption) -> Self {
        match hash {
            HashOption::Argon2 => Self::Argon2,
            HashOption::Bcrypt => Self::Bcrypt,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add settings          Settings and get_settings(), read from the environment and from .env
  routewright add settings --dry-run
                                    what would change, as a diff

A project that has a class of settings keeps it: nothing is added then.")]
pub(crate) struct SettingsOptions {
    #[command(flatten)]
    pub(crate) place: PlaceOptions,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add endpoint app/api/items.py --kind delete
                                    the DELETE that the resource of this router still lacks
  routewright add endpoint app/main.py --method POST --path /search --name search
                                    a plain path operation
  routewright add endpoint app/api/users.py --kind upload --path '/{user_id}/avatar'
                                    a file that is sent, with limits of size and type
  routewright add endpoint app/api/users.py --spec 'POST /users: UserCreate -> UserRead'
                                    as a specification or a comment says it
  routewright add endpoint app/api/items.py --kind filter --filter state,price --sort price
                                    GET /items?state=new&price_max=9&sort=-price
  routewright add endpoint app/api/items.py --kind list --dry-run
                                    what would be inserted, as a diff

What is left out is taken from the module and its siblings.")]
pub(crate) struct EndpointOptions {
    /// The module that gets the path operation; with --spec the one that serves what is near to its path where left out
    #[arg(value_name = "FILE", required_unless_present = "spec")]
    pub(crate) file: Option<PathBuf>,
    /// An operation of the router's resource, or one of a special kind
    #[arg(long, value_enum, value_name = "KIND", conflicts_with_all = ["method", "spec"])]
    pub(crate) kind: Option<KindOption>,
    /// A plain path operation of this method; GET where neither is given
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// What it is in one line: METHOD PATH: BODY -> ANSWER, the types of body and answer where there are any
    #[arg(long, value_name = "LINE", conflicts_with_all = ["method", "path"])]
    pub(crate) spec: Option<String>,
    /// The app or router, by its name in the module; its first one where left out
    #[arg(long, value_name = "NAME")]
    pub(crate) router: Option<String>,
    /// The path, without the router's own prefix
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// The function's name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// With --kind filter: the columns that the list is filtered by, or none; choices and keys where left out
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', requires = "kind")]
    pub(crate) filter: Option<Vec<String>>,
    /// With --kind filter: the columns that the list is sorted by, or none; texts, numbers and dates where left out
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', requires = "kind")]
    pub(crate) sort: Option<Vec<String>>,
    /// Print what would be inserted as a diff, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindOption {
    /// GET of the collection
    List,
    /// POST to the collection
    Create,
    /// GET of one
    Read,
    /// PUT of one
    Replace,
    /// PATCH of one
    Update,
    /// DELETE of one
    Delete,
    /// A file that is sent, kept on disk under a name of ours
    Upload,
    /// A file from disk
    Download,
    /// An answer that is made line by line
    Stream,
    /// Server-sent events
    Sse,
    /// A WebSocket, with the auth that the project has
    #[value(name = "websocket")]
    WebSocket,
    /// An answer before the work is done
    Background,
    /// The list narrowed to what ?q= is found in
    Search,
    /// What a list that is there is filtered and sorted by: ?state=open&sort=-due
    Filter,
}

impl From<KindOption> for ide::EndpointKind {
    fn from(kind: KindOption) -> Self {
        match kind {
            KindOption::List => Self::List,
            KindOption::Create => Self::Create,
            KindOption::Read => Self::Read,
            KindOption::Replace => Self::Replace,
            KindOption::Update => Self::Update,
            KindOption::Delete => Self::Delete,
            KindOption::Upload => Self::Upload,
            KindOption::Download => Self::Download,
            KindOption::Stream => Self::Stream,
            KindOption::Sse => Self::Sse,
            KindOption::WebSocket => Self::WebSocket,
            KindOption::Background => Self::Background,
            KindOption::Search => Self::Search,
            KindOption::Filter => Self::Filter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcommand_is_in_the_catalogue() {
        let command = AddCommand::augment_subcommands(clap::Command::new("add"));
        for subcommand in command.get_subcommands() {
            let name = subcommand.get_name();
            assert!(ide::about_scaffold(name).is_some(), "{name} does not describe itself");
        }
    }
}
