//! Bringing the last good statements back where the text is damaged.
//!
//! What is whole on both sides pins the new text to the old one. Between two pins, old statements go to the damaged
//! pieces there: by name where both have one, else by order. An old statement between pins without damage was deleted.

use super::fragment::{Assembly, Fragment};
use super::read::{Body, Item};
use crate::program::{Block, StmtId};
use base::Span;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::ops::Range;

/// Old and new text, for the spans of statements that are kept.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    pub(super) old: &'a str,
    pub(super) new: &'a str,
}

/// Puts a block together and gives its statements; whether it yields goes into the result's second part.
pub(super) fn assemble(
    body: Body,
    old: &[Fragment],
    old_yields: bool,
    texts: Texts<'_>,
    into: &mut Assembly,
    damaged: &mut Vec<Span>,
) -> (Block, bool) {
    let kept = keep(&body.items, old);
    let mut block = Vec::new();
    let mut yields = body.yields;
    for (item, kept) in body.items.into_iter().zip(kept) {
        let kept = &old[kept];
        match item {
            Item::Whole(fragment) => block.extend(into.push(&fragment)),
            Item::Definition {
                header,
                body,
                span,
                inside,
            } => {
                if body.items.is_empty() {
                    damaged.push(inside);
                }
                block.extend(definition(&header, body, span, kept.first(), texts, into, damaged));
            }
            Item::Damaged { span, fallback, .. } if kept.is_empty() => match fallback {
                Some(fallback) => {
                    damaged.push(fallback.damage);
                    block.extend(fallback.definition.iter().filter_map(|fragment| into.push(fragment)));
                }
                None => damaged.push(span),
            },
            Item::Damaged { span, .. } => {
                damaged.push(span);
                yields |= old_yields;
                block.extend(bring_back(kept, span, texts, into));
            }
        }
    }
    (block, yields)
}

fn definition(
    header: &Fragment,
    body: Body,
    span: Span,
    old: Option<&Fragment>,
    texts: Texts<'_>,
    into: &mut Assembly,
    damaged: &mut Vec<Span>,
) -> Option<StmtId> {
    let old_body = old.map(Fragment::body).unwrap_or_default();
    let old_yields = old.is_some_and(Fragment::is_generator);
    into.push_definition(header, span, |into| {
        assemble(body, &old_body, old_yields, texts, into, damaged)
    })
}

fn bring_back(kept: &[Fragment], span: Span, texts: Texts<'_>, into: &mut Assembly) -> Vec<StmtId> {
    let start = kept.first().map_or(0, |first| first.span().start);
    let end = kept.last().map_or(0, |last| last.span().end);
    let moved = Moved::new(Span::new(start, end.max(start)), span, texts);
    kept.iter()
        .filter_map(|fragment| {
            let mut fragment = fragment.clone();
            fragment.move_spans(&|span| moved.span(span));
            into.push(&fragment)
        })
        .collect()
}

/// Where the places of an old stretch of text are in the new one: as before up to the first difference and behind the
/// last one.
struct Moved {
    old: Span,
    new: Span,
    same_start: u32,
    same_end: u32,
}

impl Moved {
    fn new(old: Span, new: Span, texts: Texts<'_>) -> Self {
        let (a, b) = (old.text(texts.old).as_bytes(), new.text(texts.new).as_bytes());
        let same_start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let most = a.len().min(b.len()) - same_start;
        let ends = a.iter().rev().zip(b.iter().rev()).take(most);
        let same_end = ends.take_while(|(a, b)| a == b).count();
        Self {
            old,
            new,
            same_start: same_start as u32,
            same_end: same_end as u32,
        }
    }

    fn offset(&self, offset: u32) -> u32 {
        let from_start = offset.saturating_sub(self.old.start);
        let from_end = self.old.end.saturating_sub(offset);
        if from_start <= self.same_start {
            self.new.start + from_start
        } else if from_end <= self.same_end {
            self.new.end - from_end
        } else {
            (self.new.start + from_start).clamp(self.new.start + self.same_start, self.new.end - self.same_end)
        }
    }

    fn span(&self, span: Span) -> Span {
        let start = self.offset(span.start);
        Span::new(start, self.offset(span.end).max(start))
    }
}

/// For each item, which of the old statements it takes; only items that are not whole take any.
fn keep(items: &[Item], old: &[Fragment]) -> Vec<Range<usize>> {
    let mut kept = vec![0..0; items.len()];
    let mut from = (0, 0);
    for (new_at, old_at) in pins(items, old) {
        keep_between(from.0..new_at, from.1..old_at, items, old, &mut kept);
        from = (new_at + 1, old_at + 1);
    }
    keep_between(from.0..items.len(), from.1..old.len(), items, old, &mut kept);
    kept
}

/// Equal statements of both sides, as ascending pairs of new and old index.
fn pins(items: &[Item], old: &[Fragment]) -> Vec<(usize, usize)> {
    let new: Vec<Option<u64>> = items
        .iter()
        .map(|item| match item {
            Item::Whole(fragment) => Some(fragment.fingerprint()),
            _ => None,
        })
        .collect();
    let old: Vec<u64> = old.iter().map(Fragment::fingerprint).collect();
    let same = |new: &Option<u64>, old: &u64| new.as_ref() == Some(old);
    let start = new.iter().zip(&old).take_while(|(new, old)| same(new, old)).count();
    let most = new.len().min(old.len()) - start;
    let ends = new.iter().rev().zip(old.iter().rev()).take(most);
    let end = ends.take_while(|(new, old)| same(new, old)).count();
    let mut pins: Vec<_> = (0..start).map(|at| (at, at)).collect();
    let mut places: FxHashMap<u64, VecDeque<usize>> = FxHashMap::default();
    for (at, fingerprint) in old.iter().enumerate().take(old.len() - end).skip(start) {
        places.entry(*fingerprint).or_default().push_back(at);
    }
    let mut from = start;
    for (at, fingerprint) in new.iter().enumerate().take(new.len() - end).skip(start) {
        let Some(places) = fingerprint.and_then(|fingerprint| places.get_mut(&fingerprint)) else {
            continue;
        };
        while places.front().is_some_and(|place| *place < from) {
            places.pop_front();
        }
        if let Some(place) = places.pop_front() {
            pins.push((at, place));
            from = place + 1;
        }
    }
    pins.extend((1..=end).rev().map(|back| (new.len() - back, old.len() - back)));
    pins
}

/// Gives the old statements between two pins to the damaged items there.
fn keep_between(
    new: Range<usize>,
    old: Range<usize>,
    items: &[Item],
    statements: &[Fragment],
    kept: &mut [Range<usize>],
) {
    let mut from = old.start;
    // The damaged item that takes the old statements before the next name that both sides have.
    let mut taker: Option<usize> = None;
    for at in new {
        let key = match &items[at] {
            Item::Whole(fragment) | Item::Definition { header: fragment, .. } => fragment.key(),
            Item::Damaged { key, .. } => key.clone(),
        };
        let is_damaged = matches!(items[at], Item::Damaged { .. });
        let found = key.and_then(|key| (from..old.end).find(|at| statements[*at].key().as_ref() == Some(&key)));
        if let Some(place) = found {
            give(&mut kept[..], taker.or(is_damaged.then_some(at)), from..place);
            if !matches!(items[at], Item::Whole(_)) {
                give(&mut kept[..], Some(at), place..place + 1);
            }
            from = place + 1;
            taker = is_damaged.then_some(at);
        } else if is_damaged {
            taker = taker.or(Some(at));
        }
    }
    give(kept, taker, from..old.end);
}

/// Adds `range` to what `item` takes; ranges of one item follow each other.
fn give(kept: &mut [Range<usize>], item: Option<usize>, range: Range<usize>) {
    let Some(taken) = item.and_then(|item| kept.get_mut(item)) else {
        return;
    };
    if range.start == range.end {
        return;
    }
    *taken = if taken.start == taken.end {
        range
    } else {
        taken.start..range.end
    };
}
