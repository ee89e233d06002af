//! How commands end.

use std::path::PathBuf;

/// How a command ended that could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing was found, or what was asked for is done.
    Done,
    /// There are findings or differences.
    Found,
    /// The server ended with the code that the protocol asks for.
    Ended(u8),
}

/// Why a command can't do its work: one sentence each.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// PATH names nothing.
    #[error("there is no file or folder `{0}`")]
    NoSuchPath(String),
    /// PATH is a file of another kind.
    #[error("`{0}` is neither a Python file nor a folder")]
    NotPython(String),
    /// A folder where a module is meant.
    #[error("`{0}` is a folder; name the module that the code goes into")]
    Folder(String),
    /// `--statistics` in a format that has none.
    #[error("--statistics are written as text only")]
    TextOnly,
    /// A page can't be shown on a terminal.
    #[error("a page is nothing for a terminal: write it into a file, `routewright graph > graph.html`")]
    PageOnTerminal,
    /// `--app` names no app.
    #[error("there is no app `{wanted}` in {place}; {known}")]
    NoSuchApp {
        /// What was asked for.
        wanted: String,
        /// Where it was looked for.
        place: String,
        /// Which there are, as a sentence.
        known: String,
    },
    /// There is no app whose document could be printed.
    #[error("no FastAPI app was found in `{0}`")]
    NoApp(String),
    /// Several apps, and nothing says which one is meant.
    #[error("`{place}` has several apps; name one with --app: {known}")]
    SeveralApps {
        /// Where they are.
        place: String,
        /// Their names.
        known: String,
    },
    /// A rule that does not exist.
    #[error("there is no rule `{0}`; {1}")]
    NoSuchRule(String, String),
    /// Columns of a list for what is none.
    #[error("`--filter` and `--sort` of an endpoint are for `--kind filter`")]
    NoFilter,
    /// No method of a path operation.
    #[error("`{0}` is no method of a path operation; there are GET, POST, PUT, PATCH, DELETE and WEBSOCKET")]
    NoSuchMethod(String),
    /// A scaffold has a reason not to build anything.
    #[error("nothing is added to `{0}`: {1}")]
    Refused(String, String),
    /// Somebody else wrote the file while the change was worked out.
    #[error("`{0}` has changed meanwhile, so nothing was written; run the command again")]
    Moved(PathBuf),
    /// A baseline that can't be read.
    #[error("the baseline `{0}` can't be read: {1}")]
    UnreadableBaseline(String, std::io::Error),
    /// A baseline that is something else.
    #[error("`{0}` is no baseline: it must be what `routewright check --output-format json` prints")]
    NoBaseline(String),
    /// A file that can't be written.
    #[error("`{0}` can't be written: {1}")]
    Unwritable(PathBuf, std::io::Error),
    /// The server could not start.
    #[error("the server can't start: {0}")]
    Server(#[from] lsp::StartError),
    /// Standard output does not take more.
    #[error("the output can't be written: {0}")]
    Output(#[from] std::io::Error),
}
