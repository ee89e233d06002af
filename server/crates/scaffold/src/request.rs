//! Everything that can be asked for besides an endpoint, and the one function that builds it.

use crate::{
    Plan, Refusal, Site, auth, database, errors, health, lifespan, logging, middleware, require, resource, router,
    schemas, settings, table, testing,
};
use serde::{Deserialize, Serialize};

/// What is to be built; survives the way to the client and back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scaffold", rename_all = "kebab-case")]
pub enum ScaffoldRequest {
    /// All layers of a resource.
    Resource(resource::ResourceRequest),
    /// Users, tokens and the dependencies that say who is asking.
    Auth(auth::AuthRequest),
    /// A user who is asking, on a path operation, router or app.
    Require(require::RequireRequest),
    /// Settings that are read from the environment.
    Settings(settings::SettingsRequest),
    /// A module with a router.
    Router(router::RouterRequest),
    /// Engine, session, base of the tables, migrations.
    Database(database::DatabaseRequest),
    /// Errors that clients are told of in one shape.
    Errors(errors::ErrorsRequest),
    /// Whether the app lives and can answer.
    Health(health::HealthRequest),
    /// What happens before the first request and after the last.
    Lifespan(lifespan::LifespanRequest),
    /// All logs as JSON.
    Logging(logging::LoggingRequest),
    /// What every request passes.
    Middleware(middleware::MiddlewareRequest),
    /// What clients send and get of a model.
    Schemas(schemas::SchemasRequest),
    /// The table of what clients send and get.
    Model(table::ModelRequest),
    /// Fixtures, and the tests of a router.
    Tests(testing::TestsRequest),
}

/// The whole change that a request asks for.
///
/// # Errors
/// The reason why nothing is built.
pub fn build(site: &Site<'_>, request: &ScaffoldRequest) -> Result<Plan, Refusal> {
    match request {
        ScaffoldRequest::Resource(request) => resource::build(site, request),
        ScaffoldRequest::Auth(request) => auth::build(site, request),
        ScaffoldRequest::Require(request) => require::build(site, request),
        ScaffoldRequest::Settings(request) => settings::build(site, *request),
        ScaffoldRequest::Router(request) => router::build(site, request),
        ScaffoldRequest::Database(request) => database::build(site, *request),
        ScaffoldRequest::Errors(request) => errors::build(site, *request),
        ScaffoldRequest::Health(request) => health::build(site, *request),
        ScaffoldRequest::Lifespan(request) => lifespan::build(site, *request),
        ScaffoldRequest::Logging(request) => logging::build(site, *request),
        ScaffoldRequest::Middleware(request) => middleware::build(site, *request),
        ScaffoldRequest::Schemas(request) => schemas::build(site, request),
        ScaffoldRequest::Model(request) => table::build(site, request),
        ScaffoldRequest::Tests(request) => testing::build(site, request),
    }
}
