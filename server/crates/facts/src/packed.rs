//! Units and spans, packed while nobody reads them.
//!
//! Most functions of a project are never entered, and their files are closed. Their bodies take a tenth of the memory as
//! the bytes from which they are made again. Equal units have equal bytes.

use crate::program::{ExprId, StmtId, Unit};
use crate::spans::UnitSpans;
use base::Span;
use std::sync::{Arc, OnceLock};

/// Room for the bytes of a usual body.
const PACKED_UNIT: usize = 256;

/// Room for the bytes of a usual span.
const PACKED_SPAN: usize = 3;

/// A unit of a file. It reads as a [`Unit`]; the first who reads it so unpacks it for as long as the facts stand.
#[derive(Clone, Debug, Default)]
pub struct UnitCell {
    /// Empty for a unit that was never packed.
    bytes: Box<[u8]>,
    unit: OnceLock<Arc<Unit>>,
}

impl UnitCell {
    pub(crate) fn new(unit: Arc<Unit>) -> Self {
        Self {
            bytes: Box::default(),
            unit: OnceLock::from(unit),
        }
    }

    /// The unit, which stays unpacked.
    #[must_use]
    pub fn unit(&self) -> &Arc<Unit> {
        self.unit.get_or_init(|| self.unpacked())
    }

    /// The unit; the facts stay as they are, for those who read through many files.
    #[must_use]
    pub fn read(&self) -> Arc<Unit> {
        self.unit.get().cloned().unwrap_or_else(|| self.unpacked())
    }

    /// Whether a word may stand in the unit, in a name or a string; quick, for those who look for few units among many.
    #[must_use]
    pub fn may_mention(&self, word: &str) -> bool {
        // Names and strings stand in the bytes as they are.
        !self.is_packed() || memchr::memmem::find(&self.bytes, word.as_bytes()).is_some()
    }

    /// A cell of the same unit that is not packed.
    pub(crate) fn unpacked_cell(&self) -> Self {
        Self::new(self.unit().clone())
    }

    pub(crate) fn is_packed(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// A packed cell of a unit; one that can't be packed stays as it is.
    pub(crate) fn packed(unit: &Unit) -> Self {
        match postcard::to_extend(unit, Vec::with_capacity(PACKED_UNIT)) {
            Ok(bytes) => Self {
                bytes: bytes.into(),
                unit: OnceLock::new(),
            },
            Err(_) => Self::new(Arc::new(unit.clone())),
        }
    }

    pub(crate) fn pack(&mut self) {
        if let Some(unit) = self.unit.get() {
            *self = Self::packed(unit);
        }
    }

    /// Nothing but what [`Self::pack`] wrote is read: it can't fail.
    fn unpacked(&self) -> Arc<Unit> {
        Arc::new(postcard::from_bytes(&self.bytes).unwrap_or_default())
    }
}

impl std::ops::Deref for UnitCell {
    type Target = Unit;
    fn deref(&self) -> &Unit {
        self.unit()
    }
}

impl PartialEq for UnitCell {
    fn eq(&self, other: &Self) -> bool {
        if self.is_packed() && other.is_packed() {
            return self.bytes == other.bytes;
        }
        let (own, others) = (self.read(), other.read());
        Arc::ptr_eq(&own, &others) || own == others
    }
}

impl Eq for UnitCell {}

/// The spans of a unit. Those of a unit that moved with its file are the same ones, shifted.
#[derive(Clone, Debug)]
pub(crate) struct SpansCell {
    /// How many bytes further on all of them lie.
    shift: i64,
    spans: Spans,
}

#[derive(Clone, Debug)]
enum Spans {
    /// As they are looked up.
    Plain(Arc<UnitSpans>),
    /// How many expressions there are, and for each node how far it starts behind the one before, and its length.
    Packed(u32, Arc<[u8]>),
}

impl SpansCell {
    pub(crate) fn new(spans: UnitSpans) -> Self {
        Self {
            shift: 0,
            spans: Spans::Plain(Arc::new(spans)),
        }
    }

    /// A packed cell of a unit's spans; one that can't be packed stays as it is.
    pub(crate) fn packed(spans: &UnitSpans) -> Self {
        let mut bytes = Vec::with_capacity(PACKED_SPAN * (spans.exprs.len() + spans.stmts.len()));
        let mut before = 0;
        for span in spans.exprs.iter().chain(&spans.stmts) {
            let step = i64::from(span.start) - i64::from(before);
            before = span.start;
            match postcard::to_extend(&(step, span.len()), bytes) {
                Ok(longer) => bytes = longer,
                Err(_) => return Self::new(spans.clone()),
            }
        }
        Self {
            shift: 0,
            spans: Spans::Packed(spans.exprs.len() as u32, bytes.into()),
        }
    }

    pub(crate) fn pack(&mut self) {
        if let Spans::Plain(_) = self.spans {
            *self = Self::packed(&self.read());
        }
    }

    /// The same spans, this many bytes further on.
    pub(crate) fn moved(&self, by: i64) -> Self {
        Self {
            shift: self.shift + by,
            spans: Spans::Plain(self.plain()),
        }
    }

    /// The spans after the text grew `by` so many bytes right before `at`: what ends there ends further on.
    pub(crate) fn grown(&self, at: i64, by: i64) -> Self {
        let mut spans = self.read();
        let moved = |offset: u32| match i64::from(offset) {
            behind if behind >= at => (behind + by) as u32,
            _ => offset,
        };
        for span in spans.exprs.iter_mut().chain(&mut spans.stmts) {
            *span = Span::new(moved(span.start), moved(span.end));
        }
        Self::new(spans)
    }

    /// Whether the first span of all lies behind `at`.
    pub(crate) fn is_behind(&self, at: i64) -> bool {
        let first = self.expr(ExprId(0)).or_else(|| self.stmt(StmtId(0)));
        first.is_some_and(|span| i64::from(span.start) >= at)
    }

    pub(crate) fn expr(&self, id: ExprId) -> Option<Span> {
        let span = match &self.spans {
            Spans::Plain(spans) => spans.exprs.get(id.0 as usize).copied(),
            Spans::Packed(exprs, bytes) => unpacked(bytes).nth(id.0 as usize).filter(|_| id.0 < *exprs),
        };
        span.map(|span| self.shifted(span))
    }

    pub(crate) fn stmt(&self, id: StmtId) -> Option<Span> {
        let span = match &self.spans {
            Spans::Plain(spans) => spans.stmts.get(id.0 as usize).copied(),
            Spans::Packed(exprs, bytes) => unpacked(bytes).nth(*exprs as usize + id.0 as usize),
        };
        span.map(|span| self.shifted(span))
    }

    /// All of them, by node.
    pub(crate) fn read(&self) -> UnitSpans {
        let mut spans = self.unshifted();
        if self.shift != 0 {
            for span in spans.exprs.iter_mut().chain(&mut spans.stmts) {
                *span = self.shifted(*span);
            }
        }
        spans
    }

    fn plain(&self) -> Arc<UnitSpans> {
        match &self.spans {
            Spans::Plain(spans) => spans.clone(),
            Spans::Packed(..) => Arc::new(self.unshifted()),
        }
    }

    fn unshifted(&self) -> UnitSpans {
        match &self.spans {
            Spans::Plain(spans) => UnitSpans::clone(spans),
            Spans::Packed(exprs, bytes) => {
                let mut spans = unpacked(bytes);
                UnitSpans {
                    exprs: spans.by_ref().take(*exprs as usize).collect(),
                    stmts: spans.collect(),
                }
            }
        }
    }

    fn shifted(&self, span: Span) -> Span {
        let moved = |offset: u32| (i64::from(offset) + self.shift).max(0) as u32;
        Span::new(moved(span.start), moved(span.end))
    }
}

impl PartialEq for SpansCell {
    fn eq(&self, other: &Self) -> bool {
        match (&self.spans, &other.spans) {
            (Spans::Plain(own), Spans::Plain(others)) if self.shift == other.shift && Arc::ptr_eq(own, others) => true,
            _ => self.read() == other.read(),
        }
    }
}

impl Eq for SpansCell {}

fn unpacked(mut bytes: &[u8]) -> impl Iterator<Item = Span> {
    let mut before = 0;
    std::iter::from_fn(move || {
        let ((step, length), rest) = postcard::take_from_bytes::<(i64, u32)>(bytes).ok()?;
        bytes = rest;
        let start = u32::try_from(before + step).ok()?;
        before = i64::from(start);
        Some(Span::new(start, start + length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnitId;

    const TEXT: &str = "x = 1\ndef f(a):\n    '''Long.'''\n    return [g(f'{a}', b=2) for _ in a.b if not a]\n\
                        class A:\n    async def m(self):\n        match self:\n            case {'é': 1}: pass\n";

    #[test]
    fn packed_facts_are_the_same() {
        let (facts, spans) = crate::extract(TEXT, &syntax::parse(TEXT));
        let (mut packed, mut packed_spans) = (facts.clone(), spans.clone());
        packed.pack();
        packed_spans.pack();
        assert_eq!(
            crate::extract_packed(TEXT, &syntax::parse(TEXT)),
            (packed.clone(), packed_spans.clone())
        );
        assert!(packed.is_packed() && !facts.is_packed());
        assert_eq!(packed, packed.clone());
        assert_eq!((&packed, &packed_spans), (&facts, &spans));
        assert_eq!(crate::dump(&packed), crate::dump(&facts));
        for (id, unit) in facts.units.iter().enumerate() {
            let id = UnitId(id as u32);
            for expr in (0..=unit.exprs.len() as u32).map(ExprId) {
                assert_eq!(packed_spans.expr(id, expr), spans.expr(id, expr));
            }
            for stmt in (0..=unit.stmts.len() as u32).map(StmtId) {
                assert_eq!(packed_spans.stmt(id, stmt), spans.stmt(id, stmt));
            }
        }
    }

    #[test]
    fn other_bodies_are_other_facts_however_they_are_kept() {
        let facts = |text: &str, is_packed: bool| {
            let mut facts = crate::extract(text, &syntax::parse(text)).0;
            if is_packed {
                facts.pack();
            }
            facts
        };
        let other = TEXT.replace("b=2", "b=3");
        for (is_packed, is_other_packed) in [(true, true), (true, false), (false, true)] {
            assert_ne!(facts(TEXT, is_packed), facts(&other, is_other_packed));
            assert_eq!(facts(TEXT, is_packed), facts(TEXT, is_other_packed));
        }
    }

    #[test]
    fn a_packed_unit_tells_which_names_it_lacks() {
        let mut facts = crate::extract(TEXT, &syntax::parse(TEXT)).0;
        facts.pack();
        let body = &facts.units[1];
        assert!(body.may_mention("g") && body.may_mention("b") && !body.may_mention("subject"));
        assert!(!Arc::ptr_eq(&body.read(), &body.read()));
    }

    #[test]
    fn only_a_reader_who_keeps_a_unit_unpacks_it() {
        let mut facts = crate::extract(TEXT, &syntax::parse(TEXT)).0;
        facts.pack();
        let body = &facts.units[1];
        assert!(!Arc::ptr_eq(&body.read(), &body.read()));
        assert!(Arc::ptr_eq(body.unit(), &body.read()));
    }
}
