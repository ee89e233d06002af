//! What the server knows of a workspace, and from where.

use crate::Analysis;
use base::FileId;
use serde::Serialize;
use std::path::PathBuf;

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
            }
        };
        project.folders().iter().map(status).collect()
    }

    /// The files of the workspace with syntax that can't be read, and the first line of it, from 1: what stands there may be
    /// missing in every answer.
    #[must_use]
    pub fn unreadable_syntax(&self) -> Vec<(FileId, u32)> {
        let sources = self.sources();
        let files = sources.own_files().into_iter();
        let mut found: Vec<_> = files
            .filter_map(|file| {
                let at = sources.parsed(file)?.unreadable?;
                Some((file, self.source(file).lines.line(at) + 1))
            })
            .collect();
        found.sort_by_key(|(file, _)| self.path(*file));
        found
    }

    /// How many files of the workspace are parsed.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.sources().own_files().len()
    }
}
