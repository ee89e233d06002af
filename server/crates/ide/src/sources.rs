//! The files of one snapshot: facts, spans and texts, for the evaluator and for the features.

use crate::{
    data_files::DataFiles,
    parsed::{ParsedFile, ParsedText},
    paths::PathTable,
    relevance::{Relevance, ResolutionCache, Resolver},
    source::{self, Source, SourceCache},
};
use base::FileId;
use dashmap::DashMap;
use facts::{FileFacts, FileSpans};
use model::{DataFileProblem, FastApiVersion, Files, ModuleRef, ModuleSource, PydanticVersion};
use project::{Origin, Project, Resolution};
use rustc_hash::FxHashMap;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    pub(crate) paths: Arc<PathTable>,
    pub(crate) project: Arc<Project>,
    pub(crate) resolutions: Arc<ResolutionCache>,
    pub(crate) relevance: Relevance,
    /// What was parsed from disk.
    pub(crate) disk: Arc<FxHashMap<FileId, Arc<ParsedFile>>>,
    /// What is open in the editor; it wins over the disk.
    pub(crate) open: Arc<FxHashMap<FileId, Arc<ParsedFile>>>,
    /// What the evaluator asked for beyond that: libraries, and modules that are imported dynamically.
    pub(crate) on_demand: Arc<DashMap<FileId, Option<Arc<ParsedFile>>>>,
    /// Installed packages, and whether they require the framework.
    pub(crate) requiring: Arc<DashMap<Box<str>, bool>>,
    /// Files of data that the evaluator asked for.
    pub(crate) data: Arc<DataFiles>,
    pub(crate) cache: Arc<SourceCache>,
}

impl Sources {
    /// The files of a workspace of which nothing is parsed yet.
    pub(crate) fn new(project: Arc<Project>, paths: Arc<PathTable>) -> Self {
        Self {
            project,
            paths,
            resolutions: Arc::default(),
            relevance: Relevance::default(),
            disk: Arc::default(),
            open: Arc::default(),
            on_demand: Arc::default(),
            requiring: Arc::default(),
            data: Arc::default(),
            cache: Arc::default(),
        }
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        Resolver {
            project: &self.project,
            cache: &self.resolutions,
        }
    }

    pub(crate) fn parsed(&self, file: FileId) -> Option<Arc<ParsedFile>> {
        if let Some(parsed) = self.open.get(&file).or_else(|| self.disk.get(&file)) {
            return Some(parsed.clone());
        }
        self.on_demand.get(&file)?.clone()
    }

    /// As [`Self::parsed`], but a file that was not parsed so far is.
    fn parsed_on_demand(&self, file: FileId) -> Option<Arc<ParsedFile>> {
        if let Some(parsed) = self.parsed(file) {
            return Some(parsed);
        }
        let path = self.paths.path(file);
        self.on_demand
            .entry(file)
            .or_insert_with(|| ParsedFile::from_text(&source::read(&path).ok()?, None).map(Arc::new))
            .clone()
    }

    /// The text that the file's spans refer to.
    pub(crate) fn source(&self, file: FileId) -> Arc<Source> {
        match self.parsed(file).as_deref().map(|parsed| &parsed.text) {
            Some(ParsedText::Open(source)) => source.clone(),
            Some(ParsedText::Disk(stamp)) => self.cache.get(file, &self.paths.path(file), *stamp),
            None => Arc::new(Source::new("")),
        }
    }

    /// The workspace's own parsed files: nothing of an installed library.
    pub(crate) fn own_files(&self) -> Vec<FileId> {
        let mut files: Vec<FileId> = self.disk.keys().chain(self.open.keys()).copied().collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The file of an installed library, if that is not the framework itself.
    fn installed_file(&self, from: &Path, module: &str) -> Option<PathBuf> {
        const KNOWN: [&str; 4] = ["fastapi", "starlette", "pydantic", "pydantic_settings"];
        let top = module.split('.').next().unwrap_or(module);
        (!KNOWN.contains(&top))
            .then(|| self.project.library_file(from, module))
            .flatten()
    }

    /// The file of an installed library, if it has to do with the framework without being it: only those are looked into.
    fn file_about_framework(&self, from: &Path, module: &str) -> Option<PathBuf> {
        let file = self.installed_file(from, module)?;
        let text = source::read(&file).ok()?;
        (text.contains("fastapi") || text.contains("starlette")).then_some(file)
    }
}

impl Files for Sources {
    fn text(&self, file: FileId) -> Arc<str> {
        self.source(file).text.clone()
    }

    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        Some(self.parsed(file)?.facts.clone())
    }

    fn spans(&self, file: FileId) -> Arc<FileSpans> {
        self.parsed(file).map(|parsed| parsed.spans.clone()).unwrap_or_default()
    }

    fn path(&self, file: FileId) -> Arc<Path> {
        self.paths.path(file)
    }
}

impl ModuleSource for Sources {
    fn resolve(&self, from: FileId, module: &str) -> ModuleRef {
        let from = self.paths.path(from);
        match self.resolver().resolve(&from, module) {
            Resolution::File(file) => ModuleRef::File(self.paths.intern(&file)),
            Resolution::Namespace => ModuleRef::Namespace,
            Resolution::Library => match self.file_about_framework(&from, module) {
                Some(file) => ModuleRef::File(self.paths.intern(&file)),
                None => ModuleRef::Library,
            },
            Resolution::Missing => ModuleRef::Missing,
            Resolution::Unknown => ModuleRef::Unknown,
        }
    }

    fn library_file(&self, from: FileId, module: &str) -> Option<FileId> {
        let file = self.installed_file(&self.paths.path(from), module)?;
        Some(self.paths.intern(&file))
    }

    fn framework_file(&self, from: FileId, module: &str) -> Option<FileId> {
        let file = self.project.library_file(&self.paths.path(from), module)?;
        Some(self.paths.intern(&file))
    }

    fn requires_framework(&self, from: FileId, package: &str) -> bool {
        if let Some(known) = self.requiring.get(package) {
            return *known;
        }
        let requires = self.project.requires_framework(&self.paths.path(from), package);
        self.requiring.insert(package.into(), requires);
        requires
    }

    fn is_apart_from_framework(&self, from: FileId, package: &str) -> bool {
        project::is_standard_library(package)
            || (self.library_file(from, package).is_some()
                && !matches!(package, "fastapi" | "starlette")
                && !self.requires_framework(from, package))
    }

    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        Some(self.parsed_on_demand(file)?.facts.clone())
    }

    fn module_name(&self, file: FileId) -> Arc<str> {
        let named = || {
            let path = self.paths.path(file);
            library_module_name(&path).unwrap_or_else(|| self.project.module_name(&path))
        };
        self.resolutions
            .names
            .entry(file)
            .or_insert_with(|| named().into())
            .clone()
    }

    fn is_package(&self, file: FileId) -> bool {
        self.paths.path(file).ends_with("__init__.py")
    }

    fn files(&self) -> Vec<FileId> {
        self.relevance.run.to_vec()
    }

    fn tests_and_scripts(&self) -> Vec<FileId> {
        self.relevance.aside.to_vec()
    }

    fn file_path(&self, file: FileId) -> Arc<Path> {
        self.paths.path(file)
    }

    fn file_at(&self, path: &Path) -> Option<FileId> {
        self.project.contains(path).then(|| self.paths.intern(path))
    }

    fn entries(&self, folder: &Path) -> Option<Vec<(Arc<str>, bool)>> {
        self.project.entries(folder)
    }

    fn data_file(&self, path: &Path) -> Result<Arc<str>, DataFileProblem> {
        if self.project.may_hold_data(path) {
            self.data.get(path)
        } else {
            Err(DataFileProblem::Outside)
        }
    }

    fn is_own(&self, file: FileId) -> bool {
        library_module_name(&self.paths.path(file)).is_none()
    }

    fn mentions_framework(&self, file: FileId) -> bool {
        self.relevance.mentioning.contains(&file) || !self.relevance.scanned.contains(&file)
    }

    fn submodules(&self, from: FileId, package: &str) -> Vec<Arc<str>> {
        self.project
            .submodules(&self.paths.path(from), package)
            .iter()
            .map(|name| Arc::from(name.as_str()))
            .collect()
    }

    fn entry_points(&self) -> Vec<(FileId, Option<Arc<str>>)> {
        self.project
            .entry_points()
            .into_iter()
            .map(|entry| (self.paths.intern(&entry.file), entry.attribute.map(Arc::from)))
            .collect()
    }

    fn dotenv(&self, from: FileId, name: &str) -> Option<Arc<str>> {
        self.project.dotenv(&self.paths.path(from), name)
    }

    fn python_version(&self, from: FileId) -> Option<(u32, u32)> {
        let path = self.paths.path(from);
        let (version, origin) = self.project.python(&path)?;
        if matches!(origin, Origin::Range(_)) {
            return None;
        }
        numbers_of(version)
    }

    fn package_version(&self, from: FileId, package: &str) -> Option<Arc<str>> {
        let name = project::normalized_name(package);
        let (version, origin) = self.project.version(&self.paths.path(from), &name)?;
        (!matches!(origin, Origin::Range(_))).then(|| Arc::from(version))
    }

    fn pydantic_version(&self, from: FileId) -> PydanticVersion {
        let version = self.project.version(&self.paths.path(from), "pydantic");
        let numbers = version.and_then(|(version, _)| numbers_of(version));
        numbers.map_or_else(PydanticVersion::default, |(major, minor)| PydanticVersion {
            major,
            minor,
        })
    }

    fn fastapi_version(&self, from: FileId) -> FastApiVersion {
        self.project
            .version(&self.paths.path(from), "fastapi")
            .and_then(|(version, _)| parse_version(version))
            .unwrap_or_default()
    }

    fn starlette_major(&self, from: FileId) -> u32 {
        let version = self.project.version(&self.paths.path(from), "starlette");
        let numbers = version.and_then(|(version, _)| numbers_of(version));
        let of_fastapi = || {
            let (version, _) = self.project.version(&self.paths.path(from), "fastapi")?;
            Some(parse_version(version)?.starlette_major())
        };
        numbers.map(|(major, _)| major).or_else(of_fastapi).unwrap_or_default()
    }
}

/// The name under which a file below `site-packages` is imported.
fn library_module_name(path: &Path) -> Option<String> {
    let parts: Vec<_> = path.iter().collect();
    let site = parts
        .iter()
        .rposition(|part| *part == "site-packages" || *part == "dist-packages")?;
    let relative = parts[site + 1..].iter().collect::<PathBuf>().with_extension("");
    let mut names: Vec<String> = relative
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if names.len() > 1 && names.last().is_some_and(|last| last == "__init__") {
        names.pop();
    }
    Some(names.join("."))
}

/// The first two numbers of a version.
fn numbers_of(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(str::parse);
    let major = numbers.next()?.ok()?;
    Some((major, numbers.next().and_then(Result::ok).unwrap_or(0)))
}

/// Reads `0.163.2`; what follows the third number does not count.
fn parse_version(version: &str) -> Option<FastApiVersion> {
    let mut numbers = version
        .split(|c: char| !c.is_ascii_digit())
        .map(|part| part.parse::<u32>().ok());
    Some(FastApiVersion {
        major: numbers.next()??,
        minor: numbers.next()??,
        patch: numbers.next().flatten().unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_files_are_named_from_site_packages() {
        let name = |path| library_module_name(Path::new(path));
        assert_eq!(
            name("/v/lib/python3.12/site-packages/a/b/__init__.py").as_deref(),
            Some("a.b")
        );
        assert_eq!(name("/v/site-packages/x.py").as_deref(), Some("x"));
        assert_eq!(name("/p/app/x.py"), None);
    }

    #[test]
    fn versions_are_read_as_far_as_they_are_numbers() {
        let version = |major, minor, patch| Some(FastApiVersion { major, minor, patch });
        assert_eq!(parse_version("0.163.2"), version(0, 163, 2));
        assert_eq!(parse_version("0.137"), version(0, 137, 0));
        assert_eq!(parse_version("1.0.0rc1"), version(1, 0, 0));
        assert_eq!(parse_version("next"), None);
    }
}
