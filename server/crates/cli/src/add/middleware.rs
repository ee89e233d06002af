//! `routewright add middleware`.

use super::args::PlaceOptions;
use clap::Args as ClapArgs;
use ide::{MiddlewareRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add middleware        request ids, an access log, security headers, trusted hosts, CORS, compression
  routewright add middleware --dry-run
                                    what would change, as a diff

What the app has of these it keeps.")]
pub(crate) struct MiddlewareOptions {
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl MiddlewareOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Middleware(MiddlewareRequest {})
    }
}
