//! A workspace in memory for the model's own tests.

use crate::{DataFileProblem, FastApiVersion, Model, ModuleRef, ModuleSource, PydanticVersion, link};
use base::FileId;
use facts::FileFacts;
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// Modules by dotted name; those named `unread` say nothing of the framework.
#[derive(Default)]
pub(crate) struct Memory {
    modules: Vec<(Arc<str>, bool, Arc<FileFacts>)>,
    by_name: BTreeMap<Arc<str>, FileId>,
    /// Files that are not Python, by absolute path.
    pub(crate) data: BTreeMap<String, String>,
    pub(crate) dotenv: BTreeMap<String, String>,
    pub(crate) version: FastApiVersion,
    pub(crate) python: Option<(u32, u32)>,
}

impl Memory {
    /// Reads a fixture: `#- /app/main.py` starts a file.
    pub(crate) fn new(fixture: &str) -> Self {
        let mut memory = Memory::default();
        let mut files: Vec<(String, String)> = Vec::new();
        for line in fixture.lines() {
            match line.strip_prefix("#- /") {
                Some(path) => files.push((path.trim().to_owned(), String::new())),
                None => {
                    if files.is_empty() {
                        files.push(("main.py".into(), String::new()));
                    }
                    let text = &mut files.last_mut().unwrap().1;
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        for (path, text) in files {
            if !path.ends_with(".py") {
                memory.data.insert(format!("/{path}"), text);
                continue;
            }
            let dotted = path.trim_end_matches(".py").replace('/', ".");
            let is_package = dotted.ends_with("__init__");
            let name: Arc<str> = dotted.trim_end_matches(".__init__").into();
            let tree = syntax::parse(&text);
            let (facts, _) = facts::extract(&text, &tree);
            memory.by_name.insert(name.clone(), FileId(memory.modules.len() as u32));
            memory.modules.push((name, is_package, Arc::new(facts)));
        }
        memory
    }

    /// Replaces the text of a module; gives its number.
    pub(crate) fn set(&mut self, name: &str, text: &str) -> FileId {
        let file = self.by_name[name];
        let (facts, _) = facts::extract(text, &syntax::parse(text));
        self.modules[file.0 as usize].2 = Arc::new(facts);
        file
    }

    pub(crate) fn link(&self) -> Model {
        link(self)
    }
}

impl ModuleSource for Memory {
    fn resolve(&self, _from: FileId, module: &str) -> ModuleRef {
        if module.split('.').any(|part| part == "unread") {
            return ModuleRef::Library;
        }
        if let Some(&file) = self.by_name.get(module) {
            return ModuleRef::File(file);
        }
        let below = format!("{module}.");
        if self.by_name.keys().any(|name| name.starts_with(&below)) {
            return ModuleRef::Namespace;
        }
        match module.split('.').next() {
            Some("missing") => ModuleRef::Missing,
            Some("unsure") => ModuleRef::Unknown,
            _ => ModuleRef::Library,
        }
    }
    fn library_file(&self, _from: FileId, module: &str) -> Option<FileId> {
        self.by_name.get(module).copied()
    }
    fn requires_framework(&self, _from: FileId, package: &str) -> bool {
        package.starts_with("fast")
    }
    fn framework_file(&self, _from: FileId, _module: &str) -> Option<FileId> {
        None
    }

    fn is_apart_from_framework(&self, _from: FileId, package: &str) -> bool {
        matches!(package, "logging" | "os" | "uuid")
    }
    fn facts(&self, file: FileId) -> Option<Arc<FileFacts>> {
        Some(self.modules.get(file.0 as usize)?.2.clone())
    }
    fn module_name(&self, file: FileId) -> Arc<str> {
        self.modules[file.0 as usize].0.clone()
    }
    fn is_package(&self, file: FileId) -> bool {
        self.modules[file.0 as usize].1
    }
    fn files(&self) -> Vec<FileId> {
        let own = (0..self.modules.len() as u32).map(FileId);
        own.filter(|file| !self.module_name(*file).contains("unread")).collect()
    }
    fn tests_and_scripts(&self) -> Vec<FileId> {
        Vec::new()
    }
    fn file_path(&self, file: FileId) -> Arc<Path> {
        let (name, is_package, _) = &self.modules[file.0 as usize];
        let path = format!("/{}", name.replace('.', "/"));
        Path::new(&if *is_package {
            format!("{path}/__init__.py")
        } else {
            format!("{path}.py")
        })
        .into()
    }
    fn file_at(&self, path: &Path) -> Option<FileId> {
        (0..self.modules.len() as u32)
            .map(FileId)
            .find(|file| &*self.file_path(*file) == path)
    }
    fn entries(&self, folder: &Path) -> Option<Vec<(Arc<str>, bool)>> {
        let mut found: Vec<(Arc<str>, bool)> = Vec::new();
        for number in 0..self.modules.len() as u32 {
            let path = self.file_path(FileId(number));
            if let Ok(rest) = path.strip_prefix(folder) {
                let mut parts = rest.iter();
                let first: Arc<str> = parts.next()?.to_string_lossy().into();
                found.push((first, parts.next().is_some()));
            }
        }
        found.sort();
        found.dedup();
        (!found.is_empty()).then_some(found)
    }
    fn data_file(&self, path: &Path) -> Result<Arc<str>, DataFileProblem> {
        match self.data.get(&*path.to_string_lossy()) {
            Some(text) => Ok(text.as_str().into()),
            None => Err(DataFileProblem::Missing),
        }
    }
    fn is_own(&self, file: FileId) -> bool {
        !self.module_name(file).contains("unread")
    }
    fn mentions_framework(&self, _file: FileId) -> bool {
        true
    }
    fn submodules(&self, _from: FileId, package: &str) -> Vec<Arc<str>> {
        let below = format!("{package}.");
        self.by_name
            .keys()
            .filter_map(|name| name.strip_prefix(&below))
            .filter(|rest| !rest.contains('.'))
            .map(Arc::from)
            .collect()
    }
    fn entry_points(&self) -> Vec<(FileId, Option<Arc<str>>)> {
        Vec::new()
    }
    fn dotenv(&self, _from: FileId, name: &str) -> Option<Arc<str>> {
        self.dotenv
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| Arc::from(value.as_str()))
    }
    fn python_version(&self, _from: FileId) -> Option<(u32, u32)> {
        self.python
    }
    fn package_version(&self, _from: FileId, _package: &str) -> Option<Arc<str>> {
        None
    }
    fn pydantic_version(&self, _from: FileId) -> PydanticVersion {
        PydanticVersion::default()
    }
    fn fastapi_version(&self, _from: FileId) -> FastApiVersion {
        self.version
    }
    fn starlette_major(&self, _from: FileId) -> u32 {
        self.version.starlette_major()
    }
}

/// The route table of a fixture: `app METHOD path -> endpoint`, conditional ones with a question mark.
pub(crate) fn table(model: &Model) -> String {
    let mut lines = String::new();
    for route in &model.routes {
        let endpoint = route
            .endpoint
            .map_or_else(|| "-".into(), |id| model.callables[id.0 as usize].name.clone());
        let mark = if route.conditional { "? " } else { "" };
        for method in route.methods.iter() {
            lines.push_str(&format!(
                "{mark}{} {method} {} -> {endpoint}\n",
                model.apps[route.app].id, route.path
            ));
        }
    }
    for entry in &model.unresolved {
        lines.push_str(&format!("unresolved {}: {}\n", entry.what, entry.why.text));
    }
    lines
}

/// Checks the route table of a fixture.
#[track_caller]
pub(crate) fn check(fixture: &str, expected: &str) {
    let model = Memory::new(fixture).link();
    let expected: String = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(table(&model), expected);
}
