//! Bodies that a text has in common with the one before it.
//!
//! A unit is made of its body's text alone, and says nothing of where it stands. So a body whose text lies wholly before
//! or behind what was edited is the unit that it was, with the same spans further on. And where an edit stays within one
//! body, as most do, all units but that one are what they were.

use super::{Lowerer, Place};
use crate::damage::Previous;
use crate::packed::{SpansCell, UnitCell};
use crate::program::{FileFacts, FunctionBody, Stmt, UnitId};
use crate::spans::FileSpans;
use std::sync::Arc;
use syntax::{Kind, Node};

/// What can be taken from the text before.
pub(super) struct Reuse<'a> {
    previous: Previous<'a>,
    /// The bodies of the text before, in order.
    bodies: Vec<OldBody>,
    /// Up to where both texts are the same.
    prefix: usize,
    /// From where on the new text is the end of the old one.
    suffix: usize,
    /// How many bytes longer the new text is.
    growth: i64,
}

/// A unit of the new text.
pub(super) struct Body {
    pub(super) unit: UnitCell,
    pub(super) spans: SpansCell,
    pub(super) is_generator: bool,
}

struct OldBody {
    /// From the first statement to the end of the last, in bytes of the old text.
    start: i64,
    end: i64,
    unit: UnitId,
    is_generator: bool,
}

impl<'a> Reuse<'a> {
    /// `None` where what is known of the text before is not all of it.
    pub(super) fn of(previous: Previous<'a>, text: &str) -> Option<Self> {
        if previous.facts.damaged {
            return None;
        }
        let (old, new) = (previous.text.as_bytes(), text.as_bytes());
        let prefix = common_prefix(old, new);
        let suffix = common_suffix(&old[prefix..], &new[prefix..]);
        Some(Self {
            previous,
            bodies: bodies(previous),
            prefix,
            suffix: new.len() - suffix,
            growth: new.len() as i64 - old.len() as i64,
        })
    }

    /// The body of the old text that holds all that was edited.
    fn edited_body(&self) -> Option<&OldBody> {
        let (from, to) = (self.prefix as i64, self.suffix as i64 - self.growth);
        let behind = self.bodies.partition_point(|body| body.start <= from);
        let body = self.bodies.get(behind.checked_sub(1)?)?;
        (to <= body.end).then_some(body)
    }

    /// The body whose statements reach from `start` to `end` in the new text.
    pub(super) fn body(&self, start: usize, end: usize) -> Option<Body> {
        let shift = if end <= self.prefix {
            0
        } else if start >= self.suffix {
            self.growth
        } else {
            return None;
        };
        let (start, end) = (start as i64 - shift, end as i64 - shift);
        let at = self.bodies.binary_search_by_key(&start, |body| body.start).ok()?;
        let old = self.bodies.get(at).filter(|body| body.end == end)?;
        let index = old.unit.0 as usize;
        Some(Body {
            unit: self.previous.facts.units.get(index)?.unpacked_cell(),
            spans: self.previous.spans.units.get(index)?.moved(shift),
            is_generator: old.is_generator,
        })
    }
}

impl<'t> Lowerer<'t> {
    /// A body that becomes a unit, if the text before had it.
    pub(super) fn known_body(&mut self, body: Node<'t>) -> Option<Body> {
        if self.in_function || self.reuse.is_none() {
            return None;
        }
        let (start, end) = self.extent(body)?;
        self.reuse.as_ref()?.body(start, end)
    }

    /// From the first statement of a block to the end of the last, in bytes.
    fn extent(&mut self, block: Node<'t>) -> Option<(usize, usize)> {
        self.cursor.reset(block);
        let first = self
            .cursor
            .goto_first_child()
            .then(|| self.statement_from_here(true))??;
        self.cursor.reset(block);
        let last = self
            .cursor
            .goto_last_child()
            .then(|| self.statement_from_here(false))??;
        Some((first.start_byte(), last.end_byte()))
    }

    /// The first statement that the cursor comes to, going forwards or back.
    fn statement_from_here(&mut self, forwards: bool) -> Option<Node<'t>> {
        loop {
            let node = self.cursor.node();
            if node.is_named() && !Kind::of(node).is_extra() {
                return Some(node);
            }
            let is_there = match forwards {
                true => self.cursor.goto_next_sibling(),
                false => self.cursor.goto_previous_sibling(),
            };
            if !is_there {
                return None;
            }
        }
    }
}

/// The facts and spans of a text that differs from the one before within one body; `None` where it doesn't.
pub(super) fn with_one_body(text: &str, root: Node<'_>, reuse: &Reuse<'_>) -> Option<(FileFacts, FileSpans)> {
    let old = reuse.edited_body()?;
    let end = old.end + reuse.growth;
    let body = body_at(root, old.start as usize, end as usize)?;
    let mut lowerer = Lowerer::new(text, root, Place::Shifted(0));
    if lowerer.extent(body)? != (old.start as usize, end as usize) {
        return None;
    }
    lowerer.in_function = true;
    lowerer.unit.body = lowerer.block(body);
    if lowerer.yields != old.is_generator {
        return None;
    }
    lowerer.unit.shrink_to_fit();
    lowerer.spans.shrink_to_fit();
    let mut units: Vec<UnitCell> = reuse.previous.facts.units.iter().map(UnitCell::unpacked_cell).collect();
    // Other bodies lie before or behind the edited one; what the module's own code says lies around them.
    let moved = |(number, spans): (usize, &SpansCell)| match number {
        0 => spans.grown(old.end, reuse.growth),
        _ if spans.is_behind(old.end) => spans.moved(reuse.growth),
        _ => spans.moved(0),
    };
    let spans = reuse.previous.spans.units.iter().enumerate();
    let mut spans: Vec<SpansCell> = spans.map(moved).collect();
    *units.get_mut(old.unit.0 as usize)? = UnitCell::new(Arc::new(lowerer.unit));
    *spans.get_mut(old.unit.0 as usize)? = SpansCell::new(lowerer.spans);
    let facts = FileFacts { units, damaged: false };
    let spans = FileSpans {
        units: spans,
        damaged: Vec::new(),
    };
    Some((facts, spans))
}

/// The block of the outermost function around these bytes.
fn body_at(root: Node<'_>, start: usize, end: usize) -> Option<Node<'_>> {
    let mut node = root.descendant_for_byte_range(start, end)?;
    let mut function = None;
    loop {
        if Kind::of(node) == Kind::FunctionDefinition {
            function = Some(node);
        }
        match node.parent() {
            Some(parent) => node = parent,
            None => return function?.child_by_field_name("body"),
        }
    }
}

/// The bodies of a text, in order.
fn bodies(previous: Previous<'_>) -> Vec<OldBody> {
    let mut bodies: Vec<OldBody> = generators(previous.facts)
        .filter_map(|(unit, is_generator)| {
            let index = unit.0 as usize;
            let statements = &previous.facts.units.get(index)?.body;
            let spans = previous.spans.units.get(index)?;
            Some(OldBody {
                start: i64::from(spans.stmt(*statements.first()?)?.start),
                end: i64::from(spans.stmt(*statements.last()?)?.end),
                unit,
                is_generator,
            })
        })
        .collect();
    bodies.sort_unstable_by_key(|body| body.start);
    bodies
}

/// The functions' bodies, and whether they yield.
fn generators(facts: &FileFacts) -> impl Iterator<Item = (UnitId, bool)> {
    let statements = facts.units.first().map_or(&[][..], |module| &module.stmts);
    statements.iter().filter_map(|statement| match statement {
        Stmt::Function(def) => match def.body {
            FunctionBody::Unit(unit) => Some((unit, def.is_generator)),
            FunctionBody::Block(_) => None,
        },
        _ => None,
    })
}

/// How many bytes are compared at once.
const STEP: usize = 512;

fn common_prefix(old: &[u8], new: &[u8]) -> usize {
    let steps = old.chunks_exact(STEP).zip(new.chunks_exact(STEP));
    let same = STEP * steps.take_while(|(old, new)| old == new).count();
    let rest = old[same..].iter().zip(&new[same..]);
    same + rest.take_while(|(old, new)| old == new).count()
}

fn common_suffix(old: &[u8], new: &[u8]) -> usize {
    let steps = old.rchunks_exact(STEP).zip(new.rchunks_exact(STEP));
    let same = STEP * steps.take_while(|(old, new)| old == new).count();
    let rest = old[..old.len() - same]
        .iter()
        .rev()
        .zip(new[..new.len() - same].iter().rev());
    same + rest.take_while(|(old, new)| old == new).count()
}

#[cfg(test)]
mod tests {
    use crate::{Previous, UnitId, extract, extract_keeping};
    use std::sync::Arc;

    const TEXT: &str = "import a\ndef f(x):\n    'é'\n    yield x\nclass C:\n    @a.b\n    def m(self): return 1; pass\n\
                        def g():\n    # c\n    return [i for i in 'abc']\n";

    /// Which units of `new` are those of [`TEXT`].
    fn reused(new: &str) -> Vec<bool> {
        let old = extract(TEXT, &syntax::parse(TEXT));
        let previous = Previous {
            facts: &old.0,
            spans: &old.1,
            text: TEXT,
        };
        let tree = syntax::parse(new);
        let found = extract_keeping(new, &tree, Some(previous));
        assert_eq!(found, extract(new, &tree), "{new}");
        let is_old = |at: usize| {
            old.0
                .units
                .iter()
                .any(|unit| Arc::ptr_eq(unit.unit(), found.0.units[at].unit()))
        };
        (1..found.0.units.len()).map(is_old).collect()
    }

    #[test]
    fn only_a_body_that_was_edited_is_lowered_again() {
        assert_eq!(reused(TEXT), [true, true, true]);
        assert_eq!(reused(&TEXT.replace("return 1", "return 12")), [true, false, true]);
        assert_eq!(reused(&TEXT.replace("import a", "import a, bé")), [true, true, true]);
        assert_eq!(reused(&TEXT.replace("yield x", "return x")), [false, true, true]);
        assert_eq!(reused(&TEXT.replace("(x)", "(x, y)")), [true, true, true]);
        assert_eq!(reused(&TEXT.replace("; pass", "")), [true, false, true]);
        assert_eq!(
            reused(&TEXT.replace("class C:", "def h(): pass\nclass C:")),
            [true, false, true, true]
        );
        assert_eq!(
            reused(
                &TEXT
                    .replace("def g", "    def g")
                    .replace("    # c\n    return", "        return")
            ),
            [true, true, true]
        );
        assert_eq!(reused(""), [] as [bool; 0]);
    }

    #[test]
    fn what_moved_twice_lies_where_it_is() {
        let mut text = TEXT.to_owned();
        let mut last = extract(&text, &syntax::parse(&text));
        for _ in 0..3 {
            let longer = text.replacen("import a", "import a\nx = 'ü'", 1);
            let previous = Previous {
                facts: &last.0,
                spans: &last.1,
                text: &text,
            };
            last = extract_keeping(&longer, &syntax::parse(&longer), Some(previous));
            text = longer;
        }
        let body = &last.0.units[3];
        assert_eq!(
            last.1.stmt(UnitId(3), body.body[0]).text(&text),
            "return [i for i in 'abc']"
        );
    }
}
