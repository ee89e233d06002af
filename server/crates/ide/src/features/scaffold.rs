//! Scaffolds over several files: the change that a request asks for.

use crate::{Analysis, source, sources::Sources};
use base::FileId;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use model::Files;
use scaffold::{Disk, Plan, Refusal, ScaffoldRequest, Site, ground::Ground};
use std::{path::Path, sync::Arc};
use style::Preferences;

impl Analysis {
    /// The change that a request asks for in the project whose folder is `root`, or the only one below it that has an app.
    ///
    /// # Errors
    /// The reason why nothing is built.
    pub fn scaffold(&self, root: &Path, request: &ScaffoldRequest) -> Result<Plan, Refusal> {
        let root = self.home(root);
        let preferences = self.preferences(root);
        scaffold::build(&self.site(root, &preferences), request)
    }

    /// What the project whose folder is `root` has that scaffolds build on.
    #[must_use]
    pub fn ground(&self, root: &Path) -> Arc<Ground> {
        let root = self.home(root);
        let preferences = self.preferences(root);
        self.site(root, &preferences).ground()
    }

    /// The project that a folder stands for: of a monorepo, the one that serves something, where only one does.
    fn home<'a>(&'a self, root: &'a Path) -> &'a Path {
        let project = &self.sources().project;
        let apps = self.model().apps.iter();
        let mut homes = apps
            .map(|app| project.project_folder(&self.path(app.file)))
            .filter(|home| home.starts_with(root));
        let first = homes.next();
        first.filter(|first| homes.all(|other| other == *first)).unwrap_or(root)
    }

    pub(super) fn site<'a>(&'a self, root: &'a Path, preferences: &'a Preferences) -> Site<'a> {
        Site {
            ctx: self.context(root, root, preferences),
            disk: self.sources(),
            root,
        }
    }

    /// What scaffolds read that work on one module.
    pub(super) fn scaffold_context<'a>(
        &'a self,
        path: &'a Path,
        preferences: &'a Preferences,
    ) -> scaffold::Context<'a> {
        let folder = path.parent().unwrap_or(path);
        self.context(folder, self.sources().project.project_folder(path), preferences)
    }

    fn context<'a>(&'a self, near: &Path, project: &'a Path, preferences: &'a Preferences) -> scaffold::Context<'a> {
        let sources = self.sources();
        // Questions are asked for a file: any in the folder will do.
        let inside = near.join("main.py");
        let told = || Some(sources.project.line_length(&inside)?.columns);
        let lowest = || {
            let (version, _) = sources.project.lowest_python(&inside)?;
            version.strip_prefix("3.")?.split('.').next()?.parse().ok()
        };
        scaffold::Context {
            model: self.model(),
            files: sources,
            modules: sources,
            memo: &self.world.memo,
            folder: Some(project),
            preferences,
            python: preferences.python.or_else(lowest),
            line_length: preferences.line_length.or_else(told),
            new_packages: &[],
        }
    }

    /// The quotes that the formatter of the code in a folder is told.
    pub(super) fn told_quotes(&self, folder: &Path) -> Option<project::Quotes> {
        self.sources().project.quotes(&folder.join("main.py"))
    }

    /// What is set of the style of the code in a folder, for us or for its formatter.
    pub(super) fn preferences(&self, folder: &Path) -> Preferences {
        let config = self.sources().project.config(&folder.join("main.py"));
        let mut preferences = Preferences::default();
        for (name, value) in &config.style {
            preferences.set(name, value);
        }
        if preferences.quote.is_none() {
            preferences.quote = self.told_quotes(folder).map(|told| told.quote);
        }
        preferences
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

    fn now(&self) -> DateTime {
        let now = reproducible_time().unwrap_or_else(Timestamp::now);
        TimeZone::UTC.to_datetime(now)
    }
}

/// The time that builds are asked to have instead of the clock's: <https://reproducible-builds.org/specs/source-date-epoch/>.
fn reproducible_time() -> Option<Timestamp> {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?.parse().ok()?;
    Timestamp::from_second(seconds).ok()
}
