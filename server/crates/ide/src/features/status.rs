//! What the server knows of a workspace, and from where.

use crate::Analysis;
use base::FileId;
use project::{ConfigProblem, DISTRIBUTIONS, Origin, Project};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What was found in one workspace folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FolderStatus {
    /// The folder.
    pub folder: PathBuf,
    /// The environment's folder, if one was found, and by what.
    pub environment: Option<PathBuf>,
    /// How the environment was found.
    pub environment_found_by: Option<&'static str>,
    /// The FastAPI version that is assumed.
    pub fastapi: String,
    /// The file that says so; none if nothing does.
    pub fastapi_from: Option<PathBuf>,
    /// The projects in the folder, or the one around it, outermost first.
    pub projects: Vec<ProjectStatus>,
}

/// What was found of one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectStatus {
    /// Its folder.
    pub folder: PathBuf,
    /// The environment's folder, if one was found.
    pub environment: Option<PathBuf>,
    /// How the environment was found.
    pub environment_found_by: Option<&'static str>,
    /// The versions of Python and of the distributions that count, by name; what is not known is absent.
    pub versions: BTreeMap<&'static str, VersionStatus>,
    /// What inserted code is written like, by the keys of `[tool.routewright.style]`.
    pub style: Vec<StyleStatus>,
    /// What the project has that scaffolds build on.
    pub ground: Vec<GroundStatus>,
}

/// One thing of a project's style, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StyleStatus {
    /// Its key in configuration.
    pub name: &'static str,
    /// What holds, as configuration has it; nothing where none is known.
    pub value: Option<String>,
    /// `set` in the configuration, `read` off the project, or `default` where nothing shows it.
    pub by: &'static str,
    /// How many show it, where it was read off code.
    pub count: Option<usize>,
    /// The file that sets or shows it.
    pub file: Option<PathBuf>,
    /// The line of the first that shows it, from 1.
    pub line: Option<usize>,
}

/// Something that scaffolds build on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroundStatus {
    /// `app`, `settings`, `session`, `base` (of the tables) or `client` (of the tests).
    pub name: &'static str,
    /// `module:name`; nothing where the project has none.
    pub symbol: Option<String>,
    /// What more is known: the layout of the app's package, the session's library.
    pub detail: Option<String>,
    /// The file.
    pub file: Option<PathBuf>,
    /// The line, from 1.
    pub line: Option<usize>,
}

/// A version, and what says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionStatus {
    /// The version.
    pub version: String,
    /// `installed`, `locked`, `range`, or `assumed` where nothing says so.
    pub by: &'static str,
    /// The environment's folder, or the file.
    pub from: Option<PathBuf>,
}

/// Something wrong in a configuration, lock or requirements file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileProblem {
    /// The file.
    pub file: PathBuf,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl Analysis {
    /// The workspace folders and what was found in them.
    #[must_use]
    pub fn folders(&self) -> Vec<FolderStatus> {
        let project = &self.sources().project;
        let status = |folder: &PathBuf| {
            // Questions are asked for a file: any in the folder will do.
            let inside = folder.join("main.py");
            let environment = project.environment(&inside);
            let fastapi = project.version(&inside, "fastapi");
            let assumed = model::FastApiVersion::default();
            FolderStatus {
                folder: folder.clone(),
                environment: environment.map(|environment| environment.folder.clone()),
                environment_found_by: environment.map(|environment| environment.found_by),
                fastapi: fastapi.as_ref().map_or_else(
                    || format!("{}.{}", assumed.major, assumed.minor),
                    |(version, _)| (*version).to_owned(),
                ),
                fastapi_from: fastapi.map(|(_, origin)| origin.path().to_path_buf()),
                projects: self.projects(folder),
            }
        };
        project.folders().iter().map(status).collect()
    }

    /// The projects in a folder or around it, and the versions that each has.
    #[must_use]
    pub fn projects(&self, folder: &Path) -> Vec<ProjectStatus> {
        let project = &self.sources().project;
        let folders = project.project_folders();
        let concerned = folders.filter(|own| own.starts_with(folder) || folder.starts_with(own));
        concerned
            .map(|own| ProjectStatus {
                style: self.style(own),
                ground: self.standing(own),
                ..project_status(project, own)
            })
            .collect()
    }

    /// What is wrong in configuration, lock and requirements files.
    #[must_use]
    pub fn file_problems(&self) -> Vec<FileProblem> {
        let by_file = self.sources().project.problems().iter();
        let problems = by_file.flat_map(|(file, problems)| problems.iter().map(move |problem| (file, problem)));
        let problem = |(file, problem): (&PathBuf, &ConfigProblem)| FileProblem {
            file: file.clone(),
            message: problem.message.clone(),
        };
        problems.map(problem).collect()
    }

    /// The files of the workspace with syntax that can't be read, and the lines of it, from 1: what stands there may be
    /// missing in every answer.
    #[must_use]
    pub fn unreadable_syntax(&self) -> Vec<(FileId, u32)> {
        let sources = self.sources();
        let files = sources.own_files().into_iter();
        let mut found: Vec<_> = files
            .filter_map(|file| Some((file, sources.parsed(file)?)))
            .flat_map(|(file, parsed)| {
                let source = (!parsed.unreadable.is_empty()).then(|| self.source(file));
                let line = |at: &u32| Some((file, source.as_ref()?.lines.line(*at) + 1));
                parsed.unreadable.iter().filter_map(line).collect::<Vec<_>>()
            })
            .collect();
        found.sort_by_key(|(file, line)| (self.path(*file), *line));
        found.dedup();
        found
    }

    /// How many files of the workspace are parsed.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.sources().own_files().len()
    }
}

fn project_status(project: &Project, folder: &Path) -> ProjectStatus {
    // Questions are asked for a file: any in the folder will do.
    let inside = folder.join("main.py");
    let environment = project.environment(&inside);
    let found = |version: &str, origin: &Origin| VersionStatus {
        version: version.to_owned(),
        by: origin.kind(),
        from: Some(origin.path().to_path_buf()),
    };
    let mut versions = BTreeMap::new();
    for distribution in DISTRIBUTIONS {
        if let Some((version, origin)) = project.version(&inside, distribution) {
            versions.insert(distribution, found(version, &origin));
        }
    }
    if let Some((version, origin)) = project.python(&inside) {
        versions.insert("python", found(version, origin));
    }
    let assumed = model::FastApiVersion::default();
    versions.entry("fastapi").or_insert_with(|| VersionStatus {
        version: format!("{}.{}", assumed.major, assumed.minor),
        by: "assumed",
        from: None,
    });
    ProjectStatus {
        folder: folder.to_path_buf(),
        environment: environment.map(|environment| environment.folder.clone()),
        environment_found_by: environment.map(|environment| environment.found_by),
        versions,
        style: Vec::new(),
        ground: Vec::new(),
    }
}
