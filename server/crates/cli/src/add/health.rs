//! `routewright add health`.

use super::args::PlaceOptions;
use clap::Args as ClapArgs;
use ide::{HealthRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add health            /health, which says that the app lives, and /ready, which asks the database
  routewright add health --dry-run
                                    what would change, as a diff

What is served already stays as it is.")]
pub(crate) struct HealthOptions {
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl HealthOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Health(HealthRequest {})
    }
}
