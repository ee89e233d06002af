//! `routewright add tests`.

use super::{args::PlaceOptions, place};
use clap::Args as ClapArgs;
use ide::{ScaffoldRequest, TestsRequest};

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  routewright add tests             a fixture for a client, and for a database in memory
  routewright add tests app/routers/items.py --dry-run
                                    and tests of the path operations of a module; what would change, as a diff
  routewright add tests app/routers/items.py:read_item
                                    of one of them

Only what is certain by the code alone is tested: answers, what is not valid, what is not there, who is not let in, and
what is taken already. Tests that are there stay.")]
pub(crate) struct TestsOptions {
    /// The module whose path operations are tested, below the project's folder, or one of them
    #[arg(value_name = "FILE[:NAME]")]
    file: Option<String>,
    #[command(flatten)]
    pub(super) place: PlaceOptions,
}

impl TestsOptions {
    pub(super) fn request(&self) -> ScaffoldRequest {
        let (file, name) = match &self.file {
            Some(on) => {
                let (file, name) = place(&self.place.project, on);
                (Some(file), name)
            }
            None => (None, None),
        };
        ScaffoldRequest::Tests(TestsRequest { file, name })
    }
}
