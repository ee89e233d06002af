//! Bodies that a text has in common with the one before it.
//!
//! A unit is made of its body's text alone, and says nothing of where it stands. So a body whose text lies wholly before
//! or behind what was edited is the unit that it was, with the same spans further on.

use crate::damage::Previous;
use crate::packed::{SpansCell, UnitCell};
use crate::program::{FileFacts, FunctionBody, Stmt, UnitId};

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
            unit: UnitCell::new(self.previous.facts.units.get(index)?.unit().clone()),
            spans: self.previous.spans.units.get(index)?.moved(shift),
            is_generator: old.is_generator,
        })
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
