//! Position-free places, reasons for what is unknown, and facts that may be unknown.

use base::FileId;
use facts::{ExprId, StmtId, UnitId};
use std::sync::Arc;

/// An expression of the workspace. Its span is looked up in the file's [`facts::FileSpans`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The unit in the file.
    pub unit: UnitId,
    /// The expression in the unit.
    pub expr: ExprId,
}

/// A statement of the workspace, for example a whole `def`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StmtPlace {
    /// The file.
    pub file: FileId,
    /// The unit in the file.
    pub unit: UnitId,
    /// The statement in the unit.
    pub stmt: StmtId,
}

/// Why something is not known: a sentence without a final stop, and the place it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reason {
    /// For example `the value of os.environ['PREFIX'] is not known before the program runs`.
    pub text: Arc<str>,
    /// Where.
    pub place: Option<Place>,
}

/// A value that is known, or the reason why it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// It is this.
    Known(T),
    /// It can't be known.
    Unknown(Reason),
}

impl<T> Fact<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Fact::Known(value) => Some(value),
            Fact::Unknown(_) => None,
        }
    }

    /// Why it is not known.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Fact::Known(_) => None,
            Fact::Unknown(reason) => Some(reason),
        }
    }
}
