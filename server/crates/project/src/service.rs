//! One project of the workspace with all that is known about it.

use crate::config::Config;
use crate::dotenv;
use crate::environment::{self, Environment};
use crate::roots::Root;
use crate::versions::Declared;
use crate::workspace::Options;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project with its environment, dependencies and variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Service {
    pub(crate) root: Root,
    pub(crate) config: Arc<Config>,
    pub(crate) environment: Option<Environment>,
    pub(crate) declared: Declared,
    pub(crate) dotenv: BTreeMap<String, Arc<str>>,
}

impl Service {
    /// Reads what is on disk for a project; environments and lock files above it count up to the `workspace` folder.
    pub(crate) fn read(mut root: Root, config: Arc<Config>, workspace: &Path, options: &Options) -> Self {
        let top = if root.folder.starts_with(workspace) {
            workspace
        } else {
            &root.folder
        };
        let config_folder = config
            .file
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or(&root.folder)
            .to_path_buf();
        let mut hints = options.environment.clone();
        if let Some(python) = &config.python {
            hints.python = Some(config_folder.join(python));
        }
        let environment = environment::find(&root.folder, top, &hints);
        let mut declared = Declared::read(&root.folder, root.pyproject.as_ref());
        if root.folder != top {
            declared.fill_from(&Declared::read(top, None));
        }
        let dotenv = std::fs::read_to_string(root.folder.join(".env")).unwrap_or_default();
        if let Some(configured) = &config.source_roots {
            let mut roots: Vec<PathBuf> = configured.iter().map(|path| clean(&config_folder.join(path))).collect();
            roots.retain(|path| path.starts_with(&root.folder));
            root.source_roots.retain(|known| !roots.contains(known));
            root.source_roots.splice(0..0, roots);
        }
        Self {
            environment,
            declared,
            dotenv: dotenv::parse(&dotenv),
            config,
            root,
        }
    }
}

/// The path without `.` and trailing slashes.
fn clean(path: &Path) -> PathBuf {
    path.components().collect()
}
