//! `routewright add errors`.

use super::args::PlaceOptions;
use clap::Args as ClapArgs;
use ide::{ErrorsRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add errors            a hierarchy of errors, and handlers: code, message, request id and time, nothing internal
  routewright add errors --dry-run
                                    what would change, as a diff

A project that has errors of its own keeps them.")]
pub(crate) struct ErrorsOptions {
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl ErrorsOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Errors(ErrorsRequest {})
    }
}
