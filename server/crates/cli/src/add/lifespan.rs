//! `routewright add lifespan`.

use super::args::PlaceOptions;
use clap::Args as ClapArgs;
use ide::{LifespanRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add lifespan          a lifespan for the app; startup and shutdown handlers move into it
  routewright add lifespan --dry-run
                                    what would change, as a diff

An app that has a lifespan keeps it.")]
pub(crate) struct LifespanOptions {
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl LifespanOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Lifespan(LifespanRequest {})
    }
}
