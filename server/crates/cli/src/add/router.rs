//! `routewright add router`.

use super::args::PlaceOptions;
use clap::Args as ClapArgs;
use ide::{RouterRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add router reports    a module with a router, included where the others are
  routewright add router order-lines --prefix /lines --tag orders --dry-run
                                    what would change, as a diff

Prefix and tag stand where those of the other routers stand: where a router is made, or where it is included.")]
pub(crate) struct RouterOptions {
    /// What it is about
    #[arg(value_name = "NAME")]
    name: String,
    /// The path below which it serves; that of its name where left out
    #[arg(long, value_name = "PATH")]
    prefix: Option<String>,
    /// The tag of its path operations; its name where left out
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl RouterOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        ScaffoldRequest::Router(RouterRequest {
            name: self.name.clone(),
            prefix: self.prefix.clone(),
            tag: self.tag.clone(),
        })
    }
}
