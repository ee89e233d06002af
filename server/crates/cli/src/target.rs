//! What PATH means: which folder is read, and what of it is told.

use crate::check::Naming;
use crate::error::Error;
use crate::output::{self, BOLD, styled};
use ide::{Analysis, Host, HostOptions};
use std::path::{Path, PathBuf};

/// A file or folder that a command is about.
#[derive(Debug)]
pub(crate) struct Target {
    /// As the user named it.
    pub(crate) given: PathBuf,
    /// Absolute, links resolved.
    pub(crate) path: PathBuf,
    /// The folder that is read for it: the project it belongs to.
    pub(crate) workspace: PathBuf,
}

impl Target {
    /// Reads what a PATH names.
    ///
    /// # Errors
    /// Where there is nothing, or a file that is not Python.
    pub(crate) fn new(given: &Path) -> Result<Self, Error> {
        let shown = given.display().to_string();
        let path = given.canonicalize().map_err(|_| Error::NoSuchPath(shown.clone()))?;
        let is_python = path.extension().is_some_and(|extension| extension == "py");
        if !path.is_dir() && !is_python {
            return Err(Error::NotPython(shown));
        }
        let asked_in = std::env::current_dir()
            .ok()
            .and_then(|folder| folder.canonicalize().ok());
        Ok(Self {
            workspace: project::workspace_of(&path, asked_in.as_deref()),
            given: given.to_path_buf(),
            path,
        })
    }

    /// The folder that files are named from: PATH itself, or for a file its project.
    pub(crate) fn root(&self) -> &Path {
        if self.path.is_dir() {
            &self.path
        } else {
            &self.workspace
        }
    }

    /// Whether the command is about a file.
    pub(crate) fn contains(&self, file: &Path) -> bool {
        file.starts_with(&self.path)
    }
}

/// A host that has read everything the targets need; problems with files and configuration are told on standard error, and
/// with `is_verbose` which versions are assumed, and why.
pub(crate) fn open(targets: &[Target], is_verbose: bool) -> Host {
    let mut folders: Vec<PathBuf> = Vec::new();
    for target in targets {
        // The target itself too: it may be ignored in the project around it.
        for folder in [target.workspace.as_path(), target.root()] {
            if !folders.iter().any(|known| known == folder) {
                folders.push(folder.to_path_buf());
            }
        }
    }
    let options = HostOptions {
        project: project::Options {
            environment: project::EnvironmentHints::of_process(),
            ..project::Options::default()
        },
    };
    let host = Host::new(folders, options);
    let analysis = host.refresh_reporting(&output::progress);
    tell_problems(&analysis);
    if is_verbose {
        for target in targets {
            tell_versions(&analysis, target);
        }
    }
    host
}

/// Says which versions the projects that a target is about have, and what says so.
fn tell_versions(analysis: &Analysis, target: &Target) {
    let shown = |path: &Path| {
        let root = target.root();
        let relative = path.strip_prefix(root).unwrap_or(path);
        let is_root = relative.as_os_str().is_empty();
        if is_root { Path::new(".") } else { relative }.display().to_string()
    };
    for project in analysis.projects(target.root()) {
        output::note(&styled(BOLD, format!("project {}", shown(&project.folder))));
        match (&project.environment, project.environment_found_by) {
            (Some(folder), Some(found_by)) => output::note(&format!("  environment {} ({found_by})", shown(folder))),
            _ => output::note("  no environment was found"),
        }
        for (name, version) in &project.versions {
            let from = version.from.as_deref().map(|from| format!(": {}", shown(from)));
            output::note(&format!(
                "  {name} {} {}{}",
                version.version,
                version.by,
                from.unwrap_or_default()
            ));
        }
    }
}

/// Says which files of the targets hold syntax that can't be read: what stands there may be missing in what is told.
pub(crate) fn tell_unreadable(analysis: &Analysis, targets: &[Target]) {
    /// More say no more.
    const TOLD: usize = 5;
    let all = analysis.unreadable_syntax();
    let inside = |file| targets.iter().any(|target| target.contains(&analysis.path(file)));
    let mut found: Vec<_> = all.into_iter().filter(|(file, _)| inside(*file)).collect();
    found.dedup_by_key(|(file, _)| *file);
    let naming = Naming::new(targets, false);
    for (file, line) in found.iter().take(TOLD) {
        let name = naming.name(&analysis.path(*file));
        output::warning(&format!(
            "{name}:{line}: the syntax can't be read here; what it belongs to may be missing"
        ));
    }
    if found.len() > TOLD {
        output::warning(&format!("the same of {} more files", found.len() - TOLD));
    }
}

fn tell_problems(analysis: &Analysis) {
    let project = analysis.project();
    for note in project.notes() {
        output::warning(&format!("{}: {}", note.path.display(), note.message));
    }
    for (file, problems) in project.problems() {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for problem in problems {
            let before = problem
                .span
                .as_ref()
                .and_then(|span| text.get(..span.start))
                .unwrap_or("");
            let line = before.matches('\n').count() + 1;
            output::warning(&format!("{}:{line}: {}", file.display(), problem.message));
        }
    }
}
