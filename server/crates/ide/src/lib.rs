//! The one API over model, rules and scaffolds: plain data in, plain data out. Knows no protocol.
//!
//! [`Host`] is the single writer: it takes mutations at once and brings the [`Analysis`] up to date on demand. An
//! [`Analysis`] is one snapshot; it answers every question of editors and commands and never changes.

mod data_files;
mod document;
mod editor_keys;
mod engine;
mod features;
mod findings;
mod host;
mod imports;
mod moved;
mod parsed;
mod paths;
mod relevance;
mod settings;
mod source;
mod sources;
mod world;

pub use editor_keys::{EditorDefault, EditorKey, configuration_page, editor_keys, editor_schema};
pub use features::*;
pub use findings::FindingsByFile;
pub use host::{EditProblem, Host, HostOptions, Progress};
pub use rules::{Finding, Fix, Group, Related, RuleMeta, Severity, Tag};
pub use scaffold::{
    About, Plan, ScaffoldRequest,
    auth::{AuthRequest, AuthScheme, KeyPlace, PasswordHash},
    catalogue::{about as about_scaffold, catalogue as scaffolds},
    database::{Database, DatabaseRequest, Orm},
    errors::ErrorsRequest,
    ground,
    health::HealthRequest,
    lifespan::LifespanRequest,
    logging::LoggingRequest,
    middleware::MiddlewareRequest,
    offers::Offer,
    require::{RequireRequest, Requirement},
    resource::{PageKind, ResourceRequest},
    router::RouterRequest,
    schemas::SchemasRequest,
    settings::SettingsRequest,
    table::ModelRequest,
    testing::TestsRequest,
};
pub use scaffold::{
    Insertion, Refusal,
    endpoint::{EndpointKind, EndpointRequest, Offer as EndpointOffer},
};
pub use settings::rule_names;
pub use source::Source;
pub use syntax::ContentChange;
pub use world::Analysis;
