//! What one file says: a position-free program for each module and function, and a table of spans.
//!
//! A file is lowered to *units*. Unit 0 is the module's own code, class bodies and all function signatures, decorators
//! and defaults included. Each function that stands at module or class level has a unit of its own for its body, in the
//! order of the `def`s; functions nested in a body belong to that body's unit. So an edit in one body changes one unit,
//! and a program that never enters that body need not run again.

mod damage;
mod dump;
mod extract;
mod ids;
mod packed;
mod program;
mod spans;

pub use damage::{OrphanDecorator, Previous, damaged_chunks, extract_keeping, orphan_decorators};
pub use dump::{dump, dump_expr, dump_unit};
pub use extract::{extract, extract_packed};
pub use packed::UnitCell;
pub use program::*;
pub use spans::{FileSpans, UnitSpans};
