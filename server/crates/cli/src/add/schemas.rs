//! `routewright add schemas`.

use super::{args::PlaceOptions, place};
use clap::Args as ClapArgs;
use ide::{ScaffoldRequest, SchemasRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add schemas app/models/book.py:Book
                                    BookCreate, BookUpdate and BookRead, as the project calls them
  routewright add schemas app/models.py:Account --dry-run
                                    what would change, as a diff

Limits of columns are limits of fields, what the database makes is not sent, and secrets are never read.")]
pub(crate) struct SchemasOptions {
    /// A module, and a model in it; its first one where none is named
    #[arg(value_name = "FILE[:MODEL]")]
    on: String,
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl SchemasOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        let (file, model) = place(&self.place.project, &self.on);
        ScaffoldRequest::Schemas(SchemasRequest { file, model })
    }
}
