//! The packages that generated code needs, written where the project lists its own, in its own way.

use crate::{Site, client::TestClient, draft::Draft};
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

/// A distribution with its extras, and the first release that has what the templates use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// Its name as the index has it.
    pub(crate) name: &'static str,
    /// Extras, in order.
    pub(crate) extras: &'static [&'static str],
    /// The first release that will do.
    pub(crate) since: &'static str,
    /// Whether only tests need it.
    pub(crate) is_for_tests: bool,
}

/// A package that the app itself needs.
pub(crate) const fn package(name: &'static str, extras: &'static [&'static str], since: &'static str) -> Package {
    Package {
        name,
        extras,
        since,
        is_for_tests: false,
    }
}

/// A package that only tests need.
pub(crate) const fn for_tests(name: &'static str, since: &'static str) -> Package {
    Package {
        name,
        extras: &[],
        since,
        is_for_tests: true,
    }
}

/// The libraries of clients: the first, and the one that Starlette's test client asks for since 1.2.
const HTTPX: [Package; 2] = [for_tests("httpx", "0.28"), for_tests("httpx2", "2.16")];

impl Package {
    /// The same, where only tests need it.
    pub(crate) fn of_tests(self) -> Self {
        Self {
            is_for_tests: true,
            ..self
        }
    }

    fn with_extras(self) -> String {
        match self.extras {
            [] => self.name.to_owned(),
            extras => format!("{}[{}]", self.name, extras.join(",")),
        }
    }

    fn requirement(self, has_bounds: bool) -> String {
        match has_bounds {
            true => format!("{}>={}", self.with_extras(), self.since),
            false => self.with_extras(),
        }
    }
}

/// Lists packages that the project does not list yet.
pub(crate) fn require(draft: &mut Draft<'_>, packages: &[Package]) {
    let pyproject = draft.site.root.join("pyproject.toml");
    let text = draft.current_text(&pyproject);
    let document: Option<DocumentMut> = text.and_then(|text| text.parse().ok());
    let requirements = requirements(draft, document.as_ref());
    match (document, requirements) {
        (Some(document), None) if document.contains_key("project") => {
            in_pyproject(draft, &pyproject, document, packages);
        }
        (Some(document), _) if lists_packages(&document) => in_pyproject(draft, &pyproject, document, packages),
        (_, Some(requirements)) => in_requirements(draft, &requirements, packages),
        _ => {
            for package in packages {
                draft.need_package(package.with_extras());
            }
        }
    }
}

/// Lists the library of the tests' client: the one that an asynchronous client is imported from, and for Starlette's one of the two
/// that it can do with.
pub(crate) fn require_client(draft: &mut Draft<'_>, client: &TestClient) {
    let listing = ["pyproject.toml", "requirements.txt"].iter().chain(&FOR_TESTS);
    let texts = listing.filter_map(|name| draft.current_text(&draft.site.root.join(name)));
    let texts: Vec<String> = texts.collect();
    let lists = |library: &Package| texts.iter().any(|text| names(text, library.name));
    match HTTPX
        .iter()
        .find(|library| client.is_async && client.client_module == library.name)
    {
        Some(library) if lists(library) => {}
        Some(library) => require(draft, &[*library]),
        None if HTTPX.iter().any(lists) => {}
        None => require_test_client(draft),
    }
}

/// Whether a text has a name that no longer one is made of.
fn names(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Lists the library that Starlette's test client asks for: since 1.2 it warns of the one before.
pub(crate) fn require_test_client(draft: &mut Draft<'_>) {
    let wanted = match asks_for_first_httpx(&draft.site) {
        true => HTTPX[0],
        false => HTTPX[1],
    };
    require(draft, &[wanted]);
}

/// Whether the project's test client knows nothing of the second one.
fn asks_for_first_httpx(site: &Site<'_>) -> bool {
    let from = site.ctx.model.routers.iter().next().map(|router| router.made_at.file);
    let version = from.and_then(|from| site.ctx.modules.package_version(from, "starlette"));
    let release = version.as_deref().and_then(|version| {
        let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??))
    });
    if let Some(release) = release {
        return release < (1, 2);
    }
    if from.is_some_and(|from| site.ctx.modules.starlette_major(from) == 0) {
        return true;
    }
    let client = from.and_then(|from| site.ctx.modules.library_file(from, "starlette.testclient"));
    client.is_some_and(|client| {
        let text = site.ctx.files.text(client);
        !text.is_empty() && !text.contains("httpx2")
    })
}

/// The file of requirements in which the project lists its packages: the one that its `pyproject.toml` names, else the usual one.
fn requirements(draft: &Draft<'_>, document: Option<&DocumentMut>) -> Option<PathBuf> {
    let named = document.and_then(|document| {
        let dynamic = document.get("tool")?.get("setuptools")?.get("dynamic")?;
        let files = dynamic.get("dependencies")?.get("file")?;
        let first = files.as_array().and_then(|files| files.get(0)?.as_str());
        Some(first.or(files.as_str())?.to_owned())
    });
    let usual = ["requirements.txt", "requirements/base.txt"].map(str::to_owned);
    let mut paths = named.into_iter().chain(usual).map(|name| draft.site.root.join(name));
    paths.find(|path| draft.current_text(path).is_some())
}

/// Whether packages are listed in it, and not elsewhere for it.
fn lists_packages(document: &DocumentMut) -> bool {
    lists_in_project(document) || poetry(document).is_some()
}

fn lists_in_project(document: &DocumentMut) -> bool {
    let project = document.get("project");
    project.is_some_and(|project| project.get("dependencies").is_some())
}

fn poetry(document: &DocumentMut) -> Option<&Table> {
    document.get("tool")?.get("poetry")?.get("dependencies")?.as_table()
}

fn in_pyproject(draft: &mut Draft<'_>, path: &Path, mut document: DocumentMut, packages: &[Package]) {
    let known = names_in(&document);
    let missing: Vec<Package> = packages
        .iter()
        .copied()
        .filter(|package| !known.contains(&normalized(package.name)))
        .collect();
    for package in &missing {
        let is_project = lists_in_project(&document) || poetry(&document).is_none();
        let is_added = match is_project {
            true => add_to_project(&mut document, *package),
            false => add_to_poetry(&mut document, *package),
        };
        if !is_added {
            draft.note(format!("add `{}` to the packages that tests need", package.name));
        }
    }
    tell(draft, path, &missing);
    draft.text(path, |_| document.to_string());
}

/// The names of all distributions that are listed anywhere in it, normalized.
fn names_in(document: &DocumentMut) -> Vec<String> {
    let mut names = Vec::new();
    let mut arrays: Vec<&Array> = Vec::new();
    let project = document.get("project");
    arrays.extend(project.and_then(|project| project.get("dependencies")?.as_array()));
    let groups = [
        project.and_then(|project| project.get("optional-dependencies")?.as_table_like()),
        document.get("dependency-groups").and_then(Item::as_table_like),
    ];
    for group in groups.into_iter().flatten() {
        arrays.extend(group.iter().filter_map(|(_, item)| item.as_array()));
    }
    for requirement in arrays.into_iter().flatten().filter_map(Value::as_str) {
        names.push(normalized(requirement));
    }
    let tables = ["tool", "poetry"]
        .iter()
        .try_fold(document.as_item(), |item, key| item.get(key));
    if let Some(poetry) = tables {
        collect_poetry(poetry, &mut names);
    }
    names
}

fn collect_poetry(poetry: &Item, names: &mut Vec<String>) {
    let mut tables: Vec<&Item> = poetry.get("dependencies").into_iter().collect();
    tables.extend(poetry.get("dev-dependencies"));
    if let Some(groups) = poetry.get("group").and_then(Item::as_table_like) {
        tables.extend(groups.iter().filter_map(|(_, group)| group.get("dependencies")));
    }
    for table in tables.into_iter().filter_map(Item::as_table_like) {
        names.extend(table.iter().map(|(name, _)| normalized(name)));
    }
}

fn add_to_project(document: &mut DocumentMut, package: Package) -> bool {
    let Some(array) = list_for(document, package) else {
        return false;
    };
    let has_bounds = array.is_empty()
        || array
            .iter()
            .filter_map(Value::as_str)
            .any(|known| known.contains(['>', '=', '~', '<']));
    push(array, &package.requirement(has_bounds));
    true
}

/// The list that a package belongs into; it is made where there is no other for the purpose.
fn list_for(document: &mut DocumentMut, package: Package) -> Option<&mut Array> {
    const GROUPS: [&str; 4] = ["dev", "test", "tests", "testing"];
    if !package.is_for_tests {
        return list_at(&mut document["project"]["dependencies"]);
    }
    let extras = document["project"]
        .get("optional-dependencies")
        .and_then(Item::as_table_like);
    let extra = extras.and_then(|extras| GROUPS.iter().find(|name| extras.contains_key(name)));
    if let Some(extra) = extra {
        return list_at(&mut document["project"]["optional-dependencies"][extra]);
    }
    if !document.contains_key("dependency-groups") {
        document.insert("dependency-groups", Item::Table(Table::new()));
    }
    let groups = document["dependency-groups"].as_table_like()?;
    let group = GROUPS.iter().find(|name| groups.contains_key(name)).unwrap_or(&"dev");
    list_at(&mut document["dependency-groups"][group])
}

fn list_at(list: &mut Item) -> Option<&mut Array> {
    if list.is_none() {
        *list = Item::Value(Value::Array(Array::new()));
    }
    list.as_array_mut()
}

/// Adds an element as its neighbours stand: each on a line of its own, or all on one.
fn push(array: &mut Array, requirement: &str) {
    let mut value = Value::from(requirement);
    let last = array.iter().last().map(|last| last.decor().clone());
    match last {
        Some(decor) => {
            let prefix = decor.prefix().and_then(|prefix| prefix.as_str()).unwrap_or("");
            let prefix = if array.len() == 1 && !prefix.contains('\n') {
                " "
            } else {
                prefix
            };
            value.decor_mut().set_prefix(prefix);
        }
        None => value.decor_mut().set_prefix("\n    "),
    }
    let is_first = array.is_empty();
    array.push_formatted(value);
    if is_first {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
}

fn add_to_poetry(document: &mut DocumentMut, package: Package) -> bool {
    let path: &[&str] = match package.is_for_tests {
        true => &["tool", "poetry", "group", "dev", "dependencies"],
        false => &["tool", "poetry", "dependencies"],
    };
    let mut item = Some(document.as_item_mut());
    for key in path {
        item = item.and_then(|item| item.as_table_like_mut()?.get_mut(key));
    }
    let Some(table) = item.and_then(Item::as_table_like_mut) else {
        return false;
    };
    let version = format!(">={}", package.since);
    let value = match package.extras {
        [] => Value::from(version),
        extras => {
            let mut detailed = InlineTable::new();
            detailed.insert("version", Value::from(version));
            detailed.insert("extras", Value::Array(extras.iter().copied().collect()));
            Value::InlineTable(detailed)
        }
    };
    table.insert(package.name, Item::Value(value));
    true
}

/// Files in which projects list what only tests and developers need.
const FOR_TESTS: [&str; 9] = [
    "requirements-dev.txt",
    "requirements-test.txt",
    "requirements-tests.txt",
    "requirements_dev.txt",
    "requirements_test.txt",
    "dev-requirements.txt",
    "test-requirements.txt",
    "requirements/dev.txt",
    "requirements/test.txt",
];

fn in_requirements(draft: &mut Draft<'_>, path: &Path, packages: &[Package]) {
    let root = draft.site.root;
    let for_tests: Vec<PathBuf> = FOR_TESTS.iter().map(|name| root.join(name)).collect();
    let standing: Vec<&PathBuf> = for_tests
        .iter()
        .filter(|path| draft.current_text(path).is_some())
        .collect();
    let mut known = listed(draft, path);
    for path in &standing {
        known.extend(listed(draft, path));
    }
    let missing = packages
        .iter()
        .copied()
        .filter(|package| !known.contains(&normalized(package.name)));
    let (tests, own): (Vec<Package>, Vec<Package>) = missing.partition(|package| package.is_for_tests);
    append(draft, path, &own);
    match standing.first() {
        Some(path) => append(draft, path, &tests),
        None => {
            for package in tests {
                draft.note(format!("add `{}` to the packages that tests need", package.name));
            }
        }
    }
}

/// The distributions that a file of requirements lists, normalized.
fn listed(draft: &Draft<'_>, path: &Path) -> Vec<String> {
    let text = draft.current_text(path).unwrap_or_default();
    text.lines().map(normalized).collect()
}

/// Lists packages at the end of a file of requirements, with bounds where others have them.
fn append(draft: &mut Draft<'_>, path: &Path, missing: &[Package]) {
    if missing.is_empty() {
        return;
    }
    let mut lines = draft.current_text(path).unwrap_or_default();
    let has_bounds = lines.lines().any(|line| line.contains(['>', '=', '~']));
    if !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
    for package in missing {
        lines.push_str(&format!("{}\n", package.requirement(has_bounds)));
    }
    tell(draft, path, missing);
    draft.text(path, |_| lines);
}

fn tell(draft: &mut Draft<'_>, path: &Path, missing: &[Package]) {
    let names: Vec<String> = missing.iter().map(|package| package.with_extras()).collect();
    if !names.is_empty() {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        draft.note(format!("new packages in {file}, to be installed: {}", names.join(", ")));
    }
}

/// A distribution's name as indexes compare it (PEP 503), of a whole requirement.
fn normalized(requirement: &str) -> String {
    let name: String = requirement
        .trim()
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .collect();
    name.to_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGES: [Package; 2] = [package("PyJWT", &["crypto"], "2.10"), for_tests("pytest", "8")];

    fn added(text: &str) -> String {
        let mut document: DocumentMut = text.parse().unwrap();
        let known = names_in(&document);
        for package in PACKAGES
            .iter()
            .filter(|package| !known.contains(&normalized(package.name)))
        {
            match document.contains_key("project") {
                true => add_to_project(&mut document, *package),
                false => add_to_poetry(&mut document, *package),
            };
        }
        document.to_string()
    }

    #[test]
    fn lists_grow_as_they_are_written() {
        assert_eq!(
            added("[project]\ndependencies = [\n    \"fastapi>=0.1\",\n]\n"),
            "[project]\ndependencies = [\n    \"fastapi>=0.1\",\n    \"PyJWT[crypto]>=2.10\",\n]\n\n[dependency-groups]\ndev = [\n    \"pytest>=8\",\n]\n"
        );
        assert_eq!(
            added("[project]\ndependencies = [\"fastapi\"]\n\n[dependency-groups]\ndev = [\"ruff\"]\n"),
            "[project]\ndependencies = [\"fastapi\", \"PyJWT[crypto]\"]\n\n[dependency-groups]\ndev = [\"ruff\", \"pytest\"]\n"
        );
        assert_eq!(
            added("[tool.poetry.dependencies]\nfastapi = \"*\"\n"),
            "[tool.poetry.dependencies]\nfastapi = \"*\"\nPyJWT = { version = \">=2.10\", extras = [\"crypto\"] }\n"
        );
    }

    #[test]
    fn what_is_listed_anywhere_is_not_added() {
        let text = "[project]\ndependencies = [\"pyjwt\"]\n[project.optional-dependencies]\ntest = [\"pytest==8\"]\n";
        assert_eq!(added(text), text);
    }
}
