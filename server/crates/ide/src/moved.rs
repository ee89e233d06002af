//! Findings of a text that moved without meaning anything else: their spans are moved along instead of being looked for
//! again.

use base::{FileId, Span};
use rules::Finding;
use rustc_hash::FxHashMap;

/// How a text became another: what stood from `start` to `end` is now longer by `delta` bytes (or shorter).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    start: u32,
    end: u32,
    delta: i64,
}

impl Move {
    /// The difference of two texts, with the lines it touches and one more on either side. `None` if one of these lines
    /// may hold one of our own comments, which mean something although they are no facts.
    pub(crate) fn between(old: &str, new: &str) -> Option<Self> {
        let (old_bytes, new_bytes) = (old.as_bytes(), new.as_bytes());
        let prefix = old_bytes.iter().zip(new_bytes).take_while(|(a, b)| a == b).count();
        let longest = old_bytes.len().min(new_bytes.len()) - prefix;
        let suffix = old_bytes
            .iter()
            .rev()
            .zip(new_bytes.iter().rev())
            .take(longest)
            .take_while(|(a, b)| a == b)
            .count();
        let start = lines_before(old_bytes, prefix);
        let tail = old_bytes.len() - lines_behind(old_bytes, old_bytes.len() - suffix);
        let may_hold_comment = |bytes: &[u8]| {
            let region = &bytes[start..(bytes.len() - tail).max(start)];
            region.windows(11).any(|window| window == b"routewright")
        };
        if may_hold_comment(old_bytes) || may_hold_comment(new_bytes) {
            return None;
        }
        Some(Self {
            start: start as u32,
            end: (old_bytes.len() - suffix).max(prefix) as u32,
            delta: new_bytes.len() as i64 - old_bytes.len() as i64,
        })
    }

    /// Where a span of the old text is now; `None` if it touches what changed.
    fn span(self, span: Span) -> Option<Span> {
        if span.end < self.start {
            Some(span)
        } else if span.start > self.end {
            let moved = |offset: u32| u32::try_from(i64::from(offset) + self.delta).ok();
            Some(Span::new(moved(span.start)?, moved(span.end)?))
        } else {
            None
        }
    }
}

/// The start of the line before the one that `at` is in.
fn lines_before(bytes: &[u8], at: usize) -> usize {
    let mut breaks = bytes[..at]
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, byte)| **byte == b'\n')
        .skip(1);
    breaks.next().map_or(0, |(index, _)| index + 1)
}

/// The end of the line behind the one that `at` is in.
fn lines_behind(bytes: &[u8], at: usize) -> usize {
    let mut breaks = bytes[at..]
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .skip(1);
    breaks.next().map_or(bytes.len(), |(index, _)| at + index + 1)
}

/// How each moved file moved; `None` for one that means something else now.
pub(crate) type Moves = FxHashMap<FileId, Option<Move>>;

/// Whether a finding speaks of a moved file.
pub(crate) fn is_concerned(finding: &Finding, moves: &Moves) -> bool {
    moves.contains_key(&finding.file)
        || finding.related.iter().any(|related| moves.contains_key(&related.file))
        || finding
            .fix
            .iter()
            .flat_map(|fix| &fix.change.files)
            .any(|edit| moves.contains_key(&edit.file))
}

/// The finding in the texts as they are now; `None` if it has to be looked for again.
pub(crate) fn moved(finding: &Finding, moves: &Moves) -> Option<Finding> {
    let span = |file: FileId, span: Span| match moves.get(&file) {
        Some(moved) => (*moved)?.span(span),
        None => Some(span),
    };
    let mut result = finding.clone();
    result.span = span(finding.file, finding.span)?;
    for related in &mut result.related {
        related.span = span(related.file, related.span)?;
    }
    for file in result.fix.iter_mut().flat_map(|fix| &mut fix.change.files) {
        for edit in &mut file.edits {
            edit.span = span(file.file, edit.span)?;
        }
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

    #[test]
    fn spans_before_stay_and_spans_behind_move() {
        let new = OLD.replace("four\n", "four\nand a half\n");
        let moved = Move::between(OLD, &new).unwrap();
        let place = |text: &str, word: &str| {
            let start = text.find(word).unwrap() as u32;
            Span::new(start, start + word.len() as u32)
        };
        assert_eq!(moved.span(place(OLD, "two")), Some(place(&new, "two")));
        assert_eq!(moved.span(place(OLD, "seven")), Some(place(&new, "seven")));
        assert_eq!(moved.span(place(OLD, "four")), None);
        assert_eq!(moved.span(Span::new(0, OLD.len() as u32)), None);
    }

    #[test]
    fn deletions_and_repetitions_are_moves() {
        let moved = Move::between("aaaa\nb\nb\nb\nb\nc\nd\n", "aaaa\nb\nb\nc\nd\n").unwrap();
        assert_eq!(moved.delta, -4);
        assert_eq!(Move::between(OLD, OLD).unwrap().delta, 0);
        assert_eq!(Move::between("", "x\n").unwrap().delta, 2);
    }

    #[test]
    fn what_touches_our_own_comments_is_no_move() {
        let commented = OLD.replace("three", "three  # routewright: ignore[bad-prefix]");
        assert_eq!(Move::between(OLD, &commented), None);
        assert_eq!(Move::between(&commented, &commented.replace("four", "4")), None);
        assert!(Move::between(&commented, &commented.replace("seven", "7")).is_some());
    }
}
