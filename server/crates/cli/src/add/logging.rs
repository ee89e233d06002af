//! `routewright add logging`.

use super::args::PlaceOptions;
use clap::Args as ClapArgs;
use ide::{LoggingRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add logging           every line of the log a JSON object, with the id of its request and without secrets
  routewright add logging --dry-run
                                    what would change, as a diff

A project that configures its logs keeps them as they are.")]
pub(crate) struct LoggingOptions {
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl LoggingOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Logging(LoggingRequest {})
    }
}
