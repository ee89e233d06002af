//! Scaffolds over several files: the change that a request asks for.

use crate::{Analysis, source, sources::Sources};
use base::FileId;
use model::Files;
use scaffold::{Disk, Plan, Refusal, ScaffoldRequest, Site, ground::Ground};
use std::{path::Path, sync::Arc};

impl Analysis {
    /// The change that a request asks for in the project whose folder is `root`.
    ///
    /// # Errors
    /// The reason why nothing is built.
    pub fn scaffold(&self, root: &Path, request: &ScaffoldRequest) -> Result<Plan, Refusal> {
        scaffold::build(&self.site(root), request)
    }

    /// What the project whose folder is `root` has that scaffolds build on.
    #[must_use]
    pub fn ground(&self, root: &Path) -> Ground {
        Ground::of(&self.site(root))
    }

    fn site<'a>(&'a self, root: &'a Path) -> Site<'a> {
        let sources = self.sources();
        let ctx = scaffold::Context {
            model: self.model(),
            files: sources,
            modules: sources,
            // The configuration nearest to a file directly in the project's folder.
            line_length: sources.project.line_length(&root.join("main.py")),
            new_packages: &[],
        };
        Site {
            ctx,
            disk: sources,
            root,
        }
    }
}

impl Disk for Sources {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        let known = self.paths.get(path).filter(|file| self.parsed(*file).is_some());
        match known {
            Some(file) => Some(Files::text(self, file)),
            None => source::read(path).ok().map(Arc::from),
        }
    }

    fn python_files(&self) -> Vec<Arc<Path>> {
        self.project.files().cloned().collect()
    }

    fn is_folder(&self, path: &Path) -> bool {
        source::is_folder(path)
    }

    fn file(&self, path: &Path) -> FileId {
        self.paths.intern(path)
    }
}
