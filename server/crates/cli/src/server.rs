//! `routewright server`: the language server.

use crate::error::{Error, Outcome};

/// Serves an editor until it says `exit`.
///
/// # Errors
/// Where the server can't start.
pub(crate) fn run() -> Result<Outcome, Error> {
    Ok(Outcome::Ended(lsp::run_stdio()?))
}
