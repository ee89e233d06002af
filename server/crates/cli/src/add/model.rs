//! `routewright add model`.

use super::{args::PlaceOptions, place};
use clap::Args as ClapArgs;
use ide::{ModelRequest, ScaffoldRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add model app/schemas/book.py:BookCreate
                                    the table of BookCreate, and of what BookRead and BookUpdate have besides
  routewright add model app/schemas.py:AccountCreate --dry-run
                                    what would change, as a diff

Limits of fields are limits of columns, an e-mail is unique, and a password is stored as its hash alone.")]
pub(crate) struct ModelOptions {
    /// A module, and a schema in it; its first one where none is named
    #[arg(value_name = "FILE[:SCHEMA]")]
    on: String,
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl ModelOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        let (file, schema) = place(&self.place.project, &self.on);
        ScaffoldRequest::Model(ModelRequest { file, schema })
    }
}
