//! One parsed file of a snapshot.

use crate::source::{self, Source};
use facts::{FileFacts, FileSpans, Previous};
use std::sync::Arc;

/// Facts, spans and text of one file; the three belong together.
#[derive(Debug)]
pub(crate) struct ParsedFile {
    pub(crate) facts: Arc<FileFacts>,
    pub(crate) spans: Arc<FileSpans>,
    pub(crate) text: ParsedText,
    /// Where syntax stands that can't be read, in bytes.
    pub(crate) unreadable: Vec<u32>,
}

/// Where the text is.
#[derive(Debug)]
pub(crate) enum ParsedText {
    /// Here: the file is open in the editor.
    Open(Arc<Source>),
    /// On disk, as long as it has this stamp.
    Disk(u64),
}

impl ParsedFile {
    /// Parses the text of a closed file; `None` where it is too long to be parsed.
    pub(crate) fn from_text(text: &str, old: Option<&ParsedFile>) -> Option<Self> {
        if text.len() > syntax::MAX_BYTES {
            return None;
        }
        let tree = syntax::parse(text);
        let (facts, spans) = facts::extract_packed(text, &tree);
        let text = ParsedText::Disk(source::stamp(text));
        Some(Self {
            unreadable: syntax::errors(&tree),
            ..Self::new(facts, spans, text, old)
        })
    }

    /// Takes the facts of an open document; one that is too long to be parsed has none. Where it is damaged, `old` facts
    /// are kept; `old_text` is what their spans lie in.
    pub(crate) fn from_document(mut document: syntax::Document, old: Option<&ParsedFile>, old_text: &str) -> Self {
        if document.has_error() {
            // An edited tree with errors can differ from a fresh one.
            document.reparse_fresh();
        }
        let source = Arc::new(Source::new(document.text()));
        let previous = old.map(|old| Previous {
            facts: &old.facts,
            spans: &old.spans,
            text: old_text,
        });
        let (facts, spans) = facts::extract_keeping(&source.text, document.tree(), previous);
        Self {
            unreadable: syntax::errors(document.tree()),
            ..Self::new(facts, spans, ParsedText::Open(source.clone()), old)
        }
    }

    fn new(facts: FileFacts, spans: FileSpans, text: ParsedText, old: Option<&ParsedFile>) -> Self {
        let facts = match old {
            // An open document's are compared at each keystroke, which is quicker unpacked.
            Some(old) if old.facts.is_packed() == facts.is_packed() && *old.facts == facts => old.facts.clone(),
            _ => Arc::new(facts),
        };
        Self {
            facts,
            spans: Arc::new(spans),
            text,
            unreadable: Vec::new(),
        }
    }

    /// Whether the text on disk is this one.
    pub(crate) fn has_stamp(&self, stamp: u64) -> bool {
        self.stamp() == stamp
    }

    /// Whether both have the same text.
    pub(crate) fn is_same_text(&self, other: &ParsedFile) -> bool {
        self.stamp() == other.stamp()
    }

    fn stamp(&self) -> u64 {
        match &self.text {
            ParsedText::Open(source) => source::stamp(&source.text),
            ParsedText::Disk(stamp) => *stamp,
        }
    }
}
