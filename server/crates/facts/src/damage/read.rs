//! Reading a damaged file chunk by chunk, so that what is whole is read fresh, whatever stands around it.

use super::fragment::Fragment;
use super::lines::LineStart;
use super::repair::without_type_defaults;
use super::split::{decorates, header_end, indent_of, scan};
use crate::extract::{lower, lower_statements};
use base::Span;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::ops::Range;
use syntax::{Kind, Node, Tree};

/// A piece of a block.
#[derive(Debug)]
pub(super) enum Item {
    /// A statement without damage.
    Whole(Fragment),
    /// A definition whose head is whole and whose body is damaged.
    Definition {
        /// The definition with nothing in its body.
        header: Fragment,
        /// The body.
        body: Body,
        /// From the first decorator to the body's last line.
        span: Span,
        /// The text of the body.
        inside: Span,
    },
    /// A statement that cannot be read.
    Damaged {
        /// Its text, without blank lines around it.
        span: Span,
        /// The name it seems to define.
        key: Option<SmolStr>,
        /// What of it can be read at all, if it never was whole.
        fallback: Option<Fallback>,
    },
}

/// The definition under a broken decorator.
#[derive(Debug)]
pub(super) struct Fallback {
    pub(super) definition: Vec<Fragment>,
    /// The decorator alone.
    pub(super) damage: Span,
}

/// The pieces of a block in order.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) items: Vec<Item>,
    /// Whether a statement that could be read yields.
    pub(super) yields: bool,
}

/// What a block belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Module,
    Class,
    Function,
}

impl Owner {
    /// What is put before a statement of such a block to read it alone.
    fn wrapper(self) -> &'static str {
        match self {
            Owner::Module => "",
            Owner::Class => "class _:\n",
            Owner::Function => "def _():\n",
        }
    }
}

/// A block under work.
#[derive(Clone, Copy)]
struct At {
    /// Of its statements.
    indent: usize,
    /// How many definitions it is in.
    depth: u32,
    owner: Owner,
}

/// A statement of the module in the tree, and whether it is whole.
struct Top<'t> {
    range: Range<usize>,
    is_whole: bool,
    node: Node<'t>,
}

/// Reads a file whose tree has errors.
pub(super) fn read_file(text: &str, tree: &Tree) -> Body {
    let root = tree.root_node();
    let tops = root
        .children(&mut root.walk())
        .filter(|node| !Kind::of(*node).is_extra())
        .map(|node| Top {
            range: node.byte_range(),
            // In an error, pieces of statements stand at the top, too.
            is_whole: !node.has_error() && Kind::of(node).is_statement(),
            node,
        })
        .collect();
    let reader = Reader { text, root, tops };
    reader.block(
        0..text.len(),
        At {
            indent: 0,
            depth: 0,
            owner: Owner::Module,
        },
    )
}

/// Definitions in definitions are entered this deep; each level parses its chunks again.
const MAX_DEPTH: u32 = 12;

struct Reader<'t> {
    text: &'t str,
    root: Node<'t>,
    tops: Vec<Top<'t>>,
}

impl Reader<'_> {
    fn block(&self, range: Range<usize>, block: At) -> Body {
        let At { indent, owner, .. } = block;
        let text = &self.text[..range.end];
        let mut body = Body::default();
        let mut at = range.start;
        while at < range.end {
            let scan = scan(text, at, indent);
            if !scan.has_code {
                break;
            }
            let mut end = scan.end;
            // What was left open at the block's end is not worth a parse: it is cut first.
            let mut whole = match scan.cuts.first() {
                Some(_) if scan.is_open => None,
                _ => self.whole(at..end, owner),
            };
            let mut fallback = None;
            if whole.is_none()
                && let Some(cut) = scan.cuts.first()
            {
                end = *cut;
                if decorates(text, at, end, indent) {
                    // A broken decorator takes what it stands on with it.
                    let under = self.under_decorator(text, end, indent);
                    let damage = code_span(text, &(at..end));
                    fallback = self
                        .whole(end..under, owner)
                        .map(|(definition, _)| Fallback { definition, damage });
                    end = under;
                } else {
                    whole = self.whole(at..end, owner);
                }
            }
            match whole {
                Some((fragments, yields)) => {
                    body.yields |= yields;
                    body.items.extend(fragments.into_iter().map(Item::Whole));
                }
                None => body.items.push(self.damaged(at..end, block, fallback)),
            }
            at = end;
        }
        body
    }

    /// The end of the definition under a broken decorator.
    fn under_decorator(&self, text: &str, start: usize, indent: usize) -> usize {
        let mut at = start;
        loop {
            let scan = scan(text, at, indent);
            let end = if scan.is_open { scan.cuts.first().copied() } else { None };
            match end {
                Some(cut) if decorates(text, at, cut, indent) => at = cut,
                end => return end.unwrap_or(scan.end),
            }
        }
    }

    /// The statements of a chunk, if it has no errors, and whether they yield.
    fn whole(&self, chunk: Range<usize>, owner: Owner) -> Option<(Vec<Fragment>, bool)> {
        if owner == Owner::Module
            && let Some(fragments) = self.in_tree(&chunk)
        {
            return Some((fragments, false));
        }
        let source = self.text.get(chunk.clone())?;
        let wrapper = owner.wrapper();
        let mut wrapped: Cow<'_, str> = match owner {
            Owner::Module => Cow::Borrowed(source),
            _ => Cow::Owned([wrapper, source].concat()),
        };
        let mut tree = syntax::parse(&wrapped);
        if tree.root_node().has_error() {
            wrapped = Cow::Owned(without_type_defaults(&wrapped)?);
            tree = syntax::parse(&wrapped);
        }
        if tree.root_node().has_error() {
            return None;
        }
        let (facts, spans) = lower(&wrapped, &tree, chunk.start as i64 - wrapper.len() as i64);
        let fragments = Fragment::of_module(&facts, &spans);
        match (owner, fragments.as_slice()) {
            (Owner::Module, _) => Some((fragments, false)),
            (_, [wrapper]) => Some((wrapper.body(), wrapper.is_generator())),
            _ => None,
        }
    }

    /// The statements of a chunk of the module from the tree, where the tree's statements fill the chunk without error.
    fn in_tree(&self, chunk: &Range<usize>) -> Option<Vec<Fragment>> {
        let first = self.tops.partition_point(|top| top.range.end <= chunk.start);
        let len = self.tops[first..].partition_point(|top| top.range.start < chunk.end);
        let tops = &self.tops[first..first + len];
        let fits = |top: &Top<'_>| top.is_whole && chunk.start <= top.range.start && top.range.end <= chunk.end;
        if tops.is_empty() || !tops.iter().all(fits) {
            return None;
        }
        let nodes = tops.iter().map(|top| top.node);
        let (facts, spans) = lower_statements(self.text, self.root, nodes);
        Some(Fragment::of_module(&facts, &spans))
    }

    fn damaged(&self, chunk: Range<usize>, block: At, fallback: Option<Fallback>) -> Item {
        let span = code_span(self.text, &chunk);
        if fallback.is_none()
            && let Some(definition) = self.definition(&chunk, span, block)
        {
            return definition;
        }
        Item::Damaged {
            span,
            key: key_of(self.text, span),
            fallback,
        }
    }

    /// Reads a chunk as a definition with a whole head.
    fn definition(&self, chunk: &Range<usize>, span: Span, block: At) -> Option<Item> {
        let At { indent, depth, owner } = block;
        if depth >= MAX_DEPTH {
            return None;
        }
        let text = self.text.get(..chunk.end)?;
        let end = header_end(text, chunk.start)?;
        let head = text.get(chunk.start..end)?;
        let line_break = if head.ends_with('\n') { "" } else { "\n" };
        let wrapper = owner.wrapper();
        let source = format!("{wrapper}{head}{line_break}{:>1$}pass\n", "", indent + 1);
        let tree = syntax::parse(&source);
        if tree.root_node().has_error() {
            return None;
        }
        let (facts, spans) = lower(&source, &tree, chunk.start as i64 - wrapper.len() as i64);
        let mut fragments = Fragment::of_module(&facts, &spans);
        if owner != Owner::Module {
            fragments = fragments.first()?.body();
        }
        if fragments.len() != 1 {
            return None;
        }
        let header = fragments.pop()?;
        let body_owner = match (owner, header.is_class()) {
            (Owner::Module | Owner::Class, true) => Owner::Class,
            // A class in a function has no units of its own either.
            _ => Owner::Function,
        };
        let body = match indent_of(text, end) {
            Some(inner) if inner > indent => self.block(
                end..chunk.end,
                At {
                    indent: inner,
                    depth: depth + 1,
                    owner: body_owner,
                },
            ),
            _ => Body::default(),
        };
        Some(Item::Definition {
            header,
            body,
            span,
            inside: code_span(text, &(end..chunk.end)),
        })
    }
}

/// The code of a chunk, without the blank lines and comments before it and the blank lines behind.
fn code_span(text: &str, chunk: &Range<usize>) -> Span {
    let mut start = chunk.start;
    loop {
        let line = LineStart::of(text, start);
        if line.at >= chunk.end || !(line.is_blank() || line.first == Some(b'#')) {
            start = line.at.min(chunk.end);
            break;
        }
        start += text[start..].find('\n').map_or(text.len() - start, |at| at + 1);
    }
    let end = start + text[start..chunk.end].trim_end().len();
    Span::new(start as u32, end as u32)
}

/// What broken text seems to be about, as [`Fragment::key`] has it.
fn key_of(text: &str, span: Span) -> Option<SmolStr> {
    let lines = span.text(text).lines().map(str::trim_start);
    let line = lines
        .into_iter()
        .find(|line| !line.is_empty() && !line.starts_with(['@', '#']))?;
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = line.split(|c| !is_name(c)).filter(|word| !word.is_empty());
    match words.next() {
        Some("def" | "class") => return words.next().map(SmolStr::new),
        Some("async") => return words.nth(1).map(SmolStr::new),
        _ => {}
    }
    let path = line.find(|c| !is_name(c) && c != '.').map_or(line, |end| &line[..end]);
    match line[path.len()..].trim_start().chars().next() {
        Some('(') => Some(SmolStr::new(format!("{path}("))),
        Some('=' | ':') if !path.contains('.') => Some(SmolStr::new(path)),
        _ => None,
    }
}
