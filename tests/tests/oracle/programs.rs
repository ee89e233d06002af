//! Small programs, each a module or package with an app of its own, beside what FastAPI makes of them.

use std::collections::BTreeMap;

use crate::{
    accuracy::Accuracy, compare::Comparison, copy, link_environment, places, reference::Reference, reported::Reported,
};

/// A folder of programs as FastAPI and the binary see it, with the environment of one version.
fn both(version: &std::path::Path, programs: &str) -> (Reference, Reported) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = folder.path().join(programs);
    std::fs::create_dir(&target).expect("a folder is made");
    copy(&places::sources().join("oracle/programs").join(programs), &target);
    link_environment(version, folder.path());
    let python = places::python_of(version);
    let reference = Reference::of_folder_with(&python, folder.path(), programs);
    (reference, Reported::of(folder.path(), None))
}

/// A module that raises serves nothing, the reason stands in it or in what it imports, and all others are served.
#[test]
fn what_fastapi_refuses_nobody_serves() {
    in_every_version("refused", 3, 3, &[]);
}

/// The same of what Python itself ends, and of what only looks as if it did.
#[test]
fn what_python_ends_nobody_serves() {
    in_every_version("raises", 3, 3, &[]);
}

/// A model in the place of parameters is refused, taken whole or taken apart, by version.
#[test]
fn models_of_parameters_are_those_of_each_version() {
    in_every_version("parameters", 0, 1, &["parameters"]);
}

/// What a name stands for is what it stood for where it is written.
#[test]
fn names_are_those_of_their_place() {
    in_every_version("scopes", 0, 15, &FIELDS);
}

/// Dependencies that code adds to routes count where FastAPI has them.
#[test]
fn dependencies_are_added_to_routes() {
    in_every_version("dependants", 0, 30, &FIELDS);
}

/// What Python does with objects is done with those that wire something.
#[test]
fn objects_are_what_python_makes_of_them() {
    in_every_version("objects", 0, 60, &FIELDS);
}

/// Annotations in quotes are read with the names that FastAPI has for them.
#[test]
fn what_is_in_quotes_has_the_names_of_its_module() {
    in_every_version("quoted", 0, 0, &FIELDS);
}

/// What of a route has to be exact where nothing about it is left open.
const FIELDS: [&str; 4] = ["parameters", "dependencies", "tags", "response_model"];

/// In every version at least so many programs end with an exception and serve nothing, and so many routes are served, with
/// exact `fields`.
fn in_every_version(programs: &str, ended: usize, routes: usize, fields: &[&str]) {
    for version in places::versions() {
        let (reference, reported) = both(&version, programs);
        let name = version.display();
        let comparison = Comparison::of(&reference, &reported);
        assert!(comparison.is_equal(), "{name}\n{}", comparison.diff());
        assert!(comparison.equal.len() >= routes, "{name}: {:?}", comparison.equal.len());
        assert!(reference.errors.len() >= ended, "{name}: {:?}", reference.errors);
        nobody_serves_what_ends(&name.to_string(), &reference, &reported);
        let accuracy = Accuracy::of(&reference, &reported);
        for field in fields {
            assert!(accuracy.is_exact(field), "{name}: {field}\n{}", accuracy.differences);
        }
    }
}

fn nobody_serves_what_ends(name: &str, reference: &Reference, reported: &Reported) {
    let mut served = BTreeMap::new();
    for (app, routes) in &reported.apps {
        *served.entry(app.split(':').next().unwrap_or_default()).or_insert(0) += routes.len();
    }
    for (module, error) in &reference.errors {
        let routes = served.get(module.as_str()).copied().unwrap_or_default();
        assert_eq!(routes, 0, "{name}: {module} ends with {error}");
    }
    for (app, why) in &reported.failing {
        let module = app.split(':').next().unwrap_or_default();
        assert!(reference.errors.contains_key(module), "{name}: {app} is served: {why}");
    }
    assert!(reference.errors.is_empty() || !reported.unresolved.is_empty(), "{name}");
}

#[test]
fn what_real_projects_do_in_one_program_each() {
    let newest = places::versions().pop().expect("versions are installed");
    let (reference, reported) = both(&newest, "wiring");
    assert!(reference.errors.is_empty(), "{:?}", reference.errors);
    let comparison = Comparison::of(&reference, &reported);
    assert!(comparison.is_equal(), "{}", comparison.diff());
}
