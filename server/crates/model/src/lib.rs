//! The evaluator of wiring: links facts into apps, routers, path operations, dependencies and schemas.
//!
//! [`link`] runs the project's modules symbolically, in Python's own order, over abstract values; what apps and routers
//! record on the way becomes a [`Model`]: plain, position-free data that every feature reads.

mod callable;
pub mod contract;
mod data;
mod eval;
mod link;
mod place;
mod requirements;
mod route;
mod schema;
mod signature;
mod source;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod unparse;
mod wiring;

pub use callable::*;
pub use link::{Examined, ImportError, Imports, Wiring, link, may_make_app};
pub use place::{Fact, Place, Reason, StmtPlace};
pub use route::*;
pub use schema::*;
pub use source::{DataFileProblem, FastApiVersion, Files, ModuleRef, ModuleSource, PydanticVersion};
pub use table::{Iter, Table};
pub use text::{Piece, Text};
pub use wiring::*;

use base::FileId;
use facts::UnitId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::{path::Path, sync::Arc};

/// Everything that is known about the wiring of a workspace.
#[derive(Debug, Default)]
pub struct Model {
    /// The apps, entry points first, then by file.
    pub apps: Vec<App>,
    /// Every app, router and mounted route table that was made, by [`RouterId`].
    pub routers: Table<Router>,
    /// Every registration of a path operation, by [`OperationId`], in the order they ran.
    pub operations: Table<Operation>,
    /// What each app serves, app by app, in the order in which the app tries them.
    pub routes: Vec<Route>,
    /// The routes that FastAPI adds itself, app by app, in order; they stand between those of `routes`.
    pub builtins: Vec<BuiltinRoute>,
    /// Functions, classes and instances that serve as endpoint or dependency, by [`CallableId`].
    pub callables: Table<Callable>,
    /// Every `Depends(…)`/`Security(…)` that was made, by [`DependsId`].
    pub depends: Table<Depends>,
    /// Pydantic models, dataclasses, ORM models and enums of the project, by [`SchemaId`].
    pub schemas: Table<Schema>,
    /// What stayed unknown and why.
    pub unresolved: Vec<Unresolved>,
    /// Function bodies that were run: the model depends on them.
    pub entered: FxHashSet<(FileId, UnitId)>,
    /// Files whose bodies were looked at: the model depends on whether they make an app ([`may_make_app`]), and on no other
    /// bodies.
    pub examined: FxHashMap<FileId, Examined>,
    /// Files that are not Python whose text or presence was asked for ([`ModuleSource::data_file`]), each with the module on
    /// whose behalf.
    pub data_files: FxHashSet<(Arc<Path>, FileId)>,
    /// Modules whose import ends with an exception of the framework; what they wire behind it is in the model all the same.
    pub refused: FxHashMap<FileId, Reason>,
    /// Which modules each module imported, by its own statements or in what they call.
    pub imports: FxHashMap<FileId, FxHashSet<FileId>>,
}
