//! Edits to texts: what a fix, an assist or a scaffold returns.

use crate::{FileId, Span};
use std::{path::PathBuf, sync::Arc};

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

/// Edits of a file that is in no snapshot, with the text that they are for: of `pyproject.toml`, for example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFileEdit {
    /// Absolute path.
    pub path: PathBuf,
    /// The text that the edits were computed on.
    pub text: Arc<str>,
    /// In ascending order, not overlapping.
    pub edits: Vec<TextEdit>,
}

impl TextFileEdit {
    /// Edits of `text`, which are put in order.
    #[must_use]
    pub fn new(path: PathBuf, text: Arc<str>, mut edits: Vec<TextEdit>) -> Self {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        Self { path, text, edits }
    }

    /// The text after the edits.
    #[must_use]
    pub fn applied(&self) -> String {
        apply(&self.edits, &self.text)
    }
}

/// A change over several files, applied as a whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChange {
    /// Edits of existing files.
    pub files: Vec<FileEdit>,
    /// Edits of files that the model does not hold.
    pub others: Vec<TextFileEdit>,
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
            ..Self::default()
        }
    }

    /// How many files it touches or makes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len() + self.others.len() + self.creations.len()
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl FileEdit {
    /// Applies the edits to `source`.
    #[must_use]
    pub fn apply(&self, source: &str) -> String {
        apply(&self.edits, source)
    }
}

fn apply(edits: &[TextEdit], source: &str) -> String {
    let mut result = String::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        result.push_str(Span::new(done, edit.span.start).text(source));
        result.push_str(&edit.text);
        done = edit.span.end;
    }
    result.push_str(source.get(done as usize..).unwrap_or(""));
    result
}
