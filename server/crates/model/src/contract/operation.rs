//! Path operations with their dependencies, as FastAPI keeps them.

use super::{Attributes, Data, Field, Type};
use crate::{ParamIn, Reason};
use std::sync::Arc;

/// A path operation on one way through the includes (`fastapi/routing.py`, `_populate_api_route_state`).
#[derive(Clone, Debug, PartialEq)]
pub struct PathOperation {
    /// Index in [`crate::Model::routes`]; none for callbacks and webhooks.
    pub route: Option<usize>,
    /// Its methods.
    pub methods: Vec<Arc<str>>,
    /// The path without convertors; what is not known in it stands as `{…}`.
    pub path: Arc<str>,
    /// The route's name.
    pub name: Arc<str>,
    /// All tags.
    pub tags: Vec<Data>,
    /// What its decorator says: `summary`, `description`, `response_description`, `operation_id`, `openapi_extra`.
    pub attributes: Attributes,
    /// The endpoint's docstring, indentation taken out.
    pub doc: Option<Arc<str>>,
    /// What the app's own `generate_unique_id_function` makes of it, where there is one.
    pub unique_id: Option<Data>,
    /// `deprecated` of itself, its routers or includes.
    pub deprecated: bool,
    /// `status_code`, where it is given.
    pub status_code: Option<Data>,
    /// How it responds.
    pub response_class: ResponseClass,
    /// Whether the endpoint is a generator.
    pub is_generator: bool,
    /// `response_model`, or else the return annotation.
    pub response_model: Option<Type>,
    /// What a streaming endpoint yields.
    pub stream_item: Option<Type>,
    /// `responses` of itself, its routers and includes.
    pub responses: Vec<AdditionalResponse>,
    /// The endpoint's parameters and dependencies, those of `dependencies=[…]` first.
    pub dependant: Dependant,
    /// Its callbacks.
    pub callbacks: Vec<PathOperation>,
    /// Why it may be other than this tells: arguments that are not known, …
    pub unknown: Vec<Reason>,
}

/// A response class, as far as the document shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseClass {
    /// `media_type`, or none.
    pub media_type: Data,
    /// Whether it is a `JSONResponse`.
    pub is_json: bool,
    /// Whether it is an `EventSourceResponse`.
    pub is_event_source: bool,
    /// Whether nothing chose it.
    pub is_default: bool,
    /// The default of its `status_code`.
    pub status_code: u16,
}

/// An entry of `responses`.
#[derive(Clone, Debug, PartialEq)]
pub struct AdditionalResponse {
    /// The key: a number or text.
    pub status: Data,
    /// What it says, `model` left out.
    pub content: Data,
    /// `model`.
    pub model: Option<Type>,
}

/// A callable with what FastAPI reads from its signature (`fastapi/dependencies/models.py`, `Dependant`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependant {
    /// Equal for equal callables.
    pub key: String,
    /// Its parameters, bodies among them.
    pub parameters: Vec<Parameter>,
    /// Its dependencies in order.
    pub dependencies: Vec<Dependant>,
    /// `scopes` of the `Security(…)` that asks for it.
    pub own_scopes: Vec<Arc<str>>,
    /// Scopes of those above it.
    pub parent_scopes: Vec<Arc<str>>,
    /// Whether it asks for `SecurityScopes`.
    pub reads_scopes: bool,
    /// `function` or `request`.
    pub scope: Option<Arc<str>>,
    /// The scheme, if it is one.
    pub security: Option<SecurityScheme>,
    /// Why it may need more than this tells.
    pub unknown: Vec<Reason>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Where it is read from.
    pub place_in: ParamIn,
    /// All that is said of it.
    pub field: Field,
}

/// A security scheme of `fastapi.security`.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityScheme {
    /// Its name in the document.
    pub name: Data,
    /// Its definition.
    pub definition: Data,
}
