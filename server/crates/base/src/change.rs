//! Edits to texts: what a fix, an assist or a scaffold returns.

use crate::{FileId, Span};
use std::path::PathBuf;

/// One replacement in one file; `span` is in bytes of the text it was computed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// Edits of one existing file, in ascending order, not overlapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The file.
    pub file: FileId,
    /// Its edits.
    pub edits: Vec<TextEdit>,
}

/// A change over several files, applied as a whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChange {
    /// Edits of existing files.
    pub files: Vec<FileEdit>,
    /// Files to create: absolute path and whole text. Existing files are never overwritten.
    pub creations: Vec<(PathBuf, String)>,
}

impl SourceChange {
    /// A change of a single file; the edits are put in order.
    #[must_use]
    pub fn in_file(file: FileId, mut edits: Vec<TextEdit>) -> Self {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        Self {
            files: vec![FileEdit { file, edits }],
            creations: Vec::new(),
        }
    }
}

impl FileEdit {
    /// Applies the edits to `source`.
    #[must_use]
    pub fn apply(&self, source: &str) -> String {
        let mut result = String::with_capacity(source.len());
        let mut done = 0;
        for edit in &self.edits {
            result.push_str(Span::new(done, edit.span.start).text(source));
            result.push_str(&edit.text);
            done = edit.span.end;
        }
        result.push_str(source.get(done as usize..).unwrap_or(""));
        result
    }
}
