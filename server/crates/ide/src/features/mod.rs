//! One file for each thing an editor or a command asks for.

mod card;
mod definition;
mod hover;
mod routes;
mod symbols;
mod token;
mod url;

pub use definition::Target;
pub use hover::Hover;
pub use routes::{AppRow, DependencyRow, ParameterRow, ROUTES_VERSION, RouteRow, RouteTable, UnresolvedRow};
pub use symbols::{DocumentSymbol, SymbolKind, WorkspaceSymbol};
