//! Text with holes: what is known of a string.

use crate::Reason;
use std::{fmt, sync::Arc};

/// A string of which parts may be unknown. Cheap to clone: most texts are one known piece.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    pieces: Pieces,
}

/// No piece, one, or several; always in the smallest form, so that equal texts compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum Pieces {
    #[default]
    None,
    One(Piece),
    Many(Arc<[Piece]>),
}

/// A piece of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Known text; never empty, never next to another.
    Known(Arc<str>),
    /// A hole.
    Hole(Reason),
}

impl Text {
    /// A text without holes.
    #[must_use]
    pub fn known(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Self {
            pieces: if text.is_empty() {
                Pieces::None
            } else {
                Pieces::One(Piece::Known(text))
            },
        }
    }

    /// A text of which nothing is known.
    #[must_use]
    pub fn hole(reason: Reason) -> Self {
        Self {
            pieces: Pieces::One(Piece::Hole(reason)),
        }
    }

    /// The pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        match &self.pieces {
            Pieces::None => &[],
            Pieces::One(piece) => std::slice::from_ref(piece),
            Pieces::Many(pieces) => pieces,
        }
    }

    /// Whether it is known to be empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces().is_empty()
    }

    /// The whole text where it has no holes.
    #[must_use]
    pub fn as_known(&self) -> Option<&str> {
        match &self.pieces {
            Pieces::None => Some(""),
            Pieces::One(Piece::Known(text)) => Some(text),
            _ => None,
        }
    }

    /// The first reason why a part is unknown.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        self.pieces().iter().find_map(|piece| match piece {
            Piece::Hole(reason) => Some(reason),
            Piece::Known(_) => None,
        })
    }

    /// This text followed by another.
    #[must_use]
    pub fn concat(&self, other: &Text) -> Text {
        if other.is_empty() {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        if let (Some(first), Some(second)) = (self.as_known(), other.as_known()) {
            return Text::known([first, second].concat());
        }
        let mut pieces = self.pieces().to_vec();
        for piece in other.pieces() {
            match (pieces.last_mut(), piece) {
                (Some(Piece::Known(last)), Piece::Known(next)) => *last = [&**last, &**next].concat().into(),
                _ => pieces.push(piece.clone()),
            }
        }
        Text {
            pieces: Pieces::Many(pieces.into()),
        }
    }
}

/// Holes are shown as `…`.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.pieces() {
            match piece {
                Piece::Known(text) => f.write_str(text)?,
                Piece::Hole(_) => f.write_str("…")?,
            }
        }
        Ok(())
    }
}
