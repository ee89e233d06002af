//! What an app promises its clients: parameters, bodies, responses and schemas with their types, as FastAPI and Pydantic
//! read them.
//!
//! A [`Contract`] is made on demand from what the evaluator left behind ([`crate::Wiring::contract`]): nothing of it costs
//! a link anything.

mod class;
mod data;
mod operation;
pub(crate) mod read;
mod types;

pub use class::*;
pub use data::*;
pub use operation::*;
pub use types::*;

/// One app's contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// The FastAPI version of the app's project.
    pub fastapi: crate::FastApiVersion,
    /// The Pydantic version of the app's project.
    pub pydantic: crate::PydanticVersion,
    /// `title`, `version`, `servers`, … as the app has them.
    pub info: Attributes,
    /// Its path operations in the order in which it tries them, mounted apps and hidden ones left out.
    pub operations: Vec<PathOperation>,
    /// The path operations of `app.webhooks`.
    pub webhooks: Vec<PathOperation>,
    /// Every class that a type here names.
    pub classes: Vec<Class>,
    /// Why the document is not only what this tells: `app.openapi` is replaced, …
    pub unknown: Vec<crate::Reason>,
}

impl Contract {
    /// A class by its number.
    #[must_use]
    pub fn class(&self, class: ClassRef) -> &Class {
        &self.classes[class.0 as usize]
    }
}
