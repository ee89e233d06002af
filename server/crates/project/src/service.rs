//! One project of the workspace with all that is known about it.

use crate::config::{Config, ConfigProblem};
use crate::dotenv;
use crate::environment::{self, Environment};
use crate::roots::Root;
use crate::versions::{self, Declared, Locks, Origin, Problem, Readings};
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
    /// Reads what is on disk for a project; environments and lock files above it count up to the `workspace` folder, or to
    /// that of the repository or of the lock it belongs to.
    pub(crate) fn read(
        mut root: Root,
        config: Arc<Config>,
        workspace: &Path,
        options: &Options,
        locks: &mut Locks,
        readings: &mut Readings,
    ) -> Self {
        let top = versions::outermost(&root.folder, workspace, locks);
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
        let environment = environment::find(&root.folder, &top, &hints);
        readings.problems.extend(missing_python(&config, environment.as_ref()));
        let python = environment.as_ref().and_then(Environment::python);
        let declared = Declared::read(&root.folder, &top, python.as_ref(), locks, readings);
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

impl Service {
    /// The version of a distribution: the installed one, else the declared one.
    pub(crate) fn version(&self, distribution: &str) -> Option<(&str, Origin)> {
        let environment = self.environment.as_ref().filter(|environment| self.is_own(environment));
        let installed = environment.and_then(|environment| environment.version(distribution));
        installed.or_else(|| self.declared.version(distribution))
    }

    /// A folder's lock says more of its project than an environment that lies around it.
    fn is_own(&self, environment: &Environment) -> bool {
        let around = environment.folder.parent().filter(|_| environment.is_in_project);
        let locked_in = self.declared.locked_in.as_deref();
        around
            .zip(locked_in)
            .is_none_or(|(around, locked_in)| around.starts_with(locked_in))
    }
}

/// The problem that the configured interpreter is not there.
fn missing_python(config: &Config, environment: Option<&Environment>) -> Option<Problem> {
    let (file, python) = (config.file.as_ref()?, config.python.as_ref()?);
    let is_found = environment.is_some_and(|environment| environment.found_by == environment::CONFIGURED);
    let message = format!(
        "no environment is at `{python}`, so the next best counts; name its folder or its interpreter in `python`"
    );
    (!is_found).then(|| (file.clone(), ConfigProblem { span: None, message }))
}

/// The path without `.` and trailing slashes.
fn clean(path: &Path) -> PathBuf {
    path.components().collect()
}
