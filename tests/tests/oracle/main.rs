//! FastAPI itself as the oracle: what the binary says of the route tables of the apps in FastAPI's documentation
//! (`docs_src` in its source distribution) must be what each app says of itself once it is imported. How near it comes to
//! that elsewhere is written down in `docs/accuracy.md`.
//!
//! Needs `target/oracle`, which `python3 tests/oracle/prepare.py --into target/oracle` makes, and the built binary.

#![cfg(test)]

mod accuracy;
mod compare;
mod competitor;
mod corpora;
mod documents;
mod openapi;
mod page;
mod places;
mod programs;
mod ratchet;
mod reference;
mod reported;

use std::{collections::BTreeSet, fs, path::Path, process::Command, sync::LazyLock};

use accuracy::Accuracy;
use compare::Comparison;
use corpora::Corpus;
use reference::Reference;
use reported::Reported;
use similar::TextDiff;

static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::of_documentation);
static REPORTED: LazyLock<Reported> = LazyLock::new(|| Reported::of(&places::documentation(), None));

/// Every n-th app is also asked for by its name.
const SAMPLE: usize = 20;

/// What is the same on every route of the documentation.
const EXACT: [&str; 6] = [
    "name",
    "tags",
    "status_code",
    "operation_id",
    "deprecated",
    "include_in_schema",
];

#[test]
fn the_oracle_imports_all_but_the_known() {
    let known: BTreeSet<_> = reference::known_unimportable();
    let failing: BTreeSet<_> = REFERENCE.errors.keys().cloned().collect();
    assert_eq!(failing, known, "modules that fail to import: {:#?}", REFERENCE.errors);
    assert!(REFERENCE.apps.len() > 300, "only {} apps found", REFERENCE.apps.len());
}

#[test]
fn one_run_over_the_folder_reports_every_app_exactly() {
    let comparison = Comparison::of(&REFERENCE, &REPORTED);
    println!("{}", comparison.summary());
    assert!(comparison.is_equal(), "{}\n{}", comparison.diff(), comparison.summary());
}

#[test]
fn what_fastapi_adds_itself_is_reported_where_it_is_asked_for() {
    let complete = Reported::with_builtin(&places::documentation());
    let reference = REFERENCE.with_builtin();
    let comparison = Comparison::of(&reference, &complete);
    println!("{}", comparison.summary());
    assert!(comparison.is_equal(), "{}\n{}", comparison.diff(), comparison.summary());
}

#[test]
fn an_app_asked_for_by_name_is_reported_alone_and_alike() {
    let mut differing = String::new();
    for app in REFERENCE.apps.keys().step_by(SAMPLE) {
        let alone = Reported::of(&places::documentation(), Some(app));
        let reference = REFERENCE.only(app);
        let comparison = Comparison::of(&reference, &alone);
        if !comparison.is_equal() {
            differing += &comparison.diff();
        }
    }
    assert!(differing.is_empty(), "{differing}");
}

#[test]
fn the_example_service_is_reported_exactly() {
    let bookshop = places::sources().with_file_name("examples").join("bookshop");
    let reference = Reference::of_app(&bookshop, "app.main:app");
    assert!(reference.errors.is_empty(), "{:?}", reference.errors);
    let reported = Reported::of(&bookshop, None);
    let comparison = Comparison::of(&reference, &reported);
    assert!(comparison.is_equal(), "{}\n{}", comparison.diff(), comparison.summary());
}

#[test]
fn the_small_app_is_the_same_under_every_version() {
    let folders = places::versions();
    assert!(folders.len() > 5, "{folders:?}");
    for folder in folders {
        let reference = Reference::of_app_with(&places::python_of(&folder), &folder, "app.main:app");
        assert!(
            reference.errors.is_empty(),
            "{}: {:?}",
            folder.display(),
            reference.errors
        );
        let reported = Reported::of(&folder, Some("app.main:app"));
        let comparison = Comparison::of_imported(&reference, &reported);
        let accuracy = Accuracy::of(&reference, &reported);
        assert_eq!(
            comparison.equal.len(),
            15,
            "{}\n{}",
            folder.display(),
            comparison.diff()
        );
        assert!(comparison.is_equal(), "{}\n{}", folder.display(), comparison.diff());
        for field in EXACT.iter().chain(&["parameters", "dependencies"]) {
            assert!(
                accuracy.is_exact(field),
                "{}\n{}",
                folder.display(),
                accuracy.differences
            );
        }
    }
}

#[test]
fn every_way_to_write_a_dependency_is_understood() {
    let folder = places::sources().join("oracle/programs/dependencies");
    let reference = Reference::of_app(&folder, "app.main:app");
    assert!(reference.errors.is_empty(), "{:?}", reference.errors);
    let reported = Reported::of(&folder, Some("app.main:app"));
    let comparison = Comparison::of_imported(&reference, &reported);
    assert_eq!(comparison.equal.len(), 12, "{}", comparison.diff());
    assert!(comparison.is_equal(), "{}", comparison.diff());
    let accuracy = Accuracy::of(&reference, &reported);
    for field in EXACT.iter().chain(&["parameters", "dependencies"]) {
        assert!(accuracy.is_exact(field), "{field}\n{}", accuracy.differences);
    }
}

/// What Python does on the way to the wiring: the order of imports, containers, formats.
#[test]
fn programs_that_compute_what_they_wire_are_followed() {
    const NAMES: &[&str] = &["name"];
    // FastAPI knows of no line for a class that a call makes.
    const PARAMETERS: &[&str] = &["name", "parameters"];
    const MARKED: &[&str] = &["name", "parameters", "dependencies", "tags", "status_code"];
    for (folder, app, fields) in [
        ("order", "service.web:app", NAMES),
        ("values", "sets:app", NAMES),
        ("values", "changes:app", NAMES),
        ("values", "sorting:app", NAMES),
        ("values", "formats:app", NAMES),
        ("values", "made:app", PARAMETERS),
        ("values", "endpoints:app", NAMES),
        ("values", "marked:app", MARKED),
        ("found", "desk.app:app", NAMES),
    ] {
        let folder = places::sources().join("oracle/programs").join(folder);
        let reference = Reference::of_app(&folder, app);
        assert!(reference.errors.is_empty(), "{app}: {:?}", reference.errors);
        let reported = Reported::of(&folder, Some(app));
        let comparison = Comparison::of_imported(&reference, &reported);
        assert!(comparison.is_equal(), "{app}\n{}", comparison.diff());
        assert!(!comparison.equal.is_empty(), "{app} has no routes");
        let accuracy = Accuracy::of(&reference, &reported);
        for field in fields {
            assert!(accuracy.is_exact(field), "{app}: {field}\n{}", accuracy.differences);
        }
    }
}

/// Includes copied routes until they became live: a table must be the same either way.
#[test]
fn routes_that_code_makes_itself_are_those_of_every_version() {
    is_the_same_in_every_version("main:app", 15);
}

/// What is taken out of them again, below an include too.
#[test]
fn routes_that_code_takes_out_are_gone_in_every_version() {
    is_the_same_in_every_version("taken:app", 2);
}

/// Tags that code gives to routes which it finds in an app, through includes where they are copies.
#[test]
fn tags_that_code_sets_are_those_of_every_version() {
    is_the_same_in_every_version("tagged:app", 3);
}

/// Compares an app of `tables`, which has more than so many routes.
fn is_the_same_in_every_version(app: &str, least: usize) {
    let program = places::sources().join("oracle/programs/tables");
    for version in places::versions() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&program, folder.path());
        link_environment(&version, folder.path());
        let reference = Reference::of_app_with(&places::python_of(&version), folder.path(), app);
        let name = version.display();
        assert!(reference.errors.is_empty(), "{name}: {:?}", reference.errors);
        let reported = Reported::of(folder.path(), Some(app));
        let comparison = Comparison::of_imported(&reference, &reported);
        assert!(comparison.is_equal(), "{name}\n{}", comparison.diff());
        assert!(comparison.equal.len() > least, "{name}");
        let accuracy = Accuracy::of(&reference, &reported);
        for field in EXACT.iter().chain(&["parameters", "dependencies"]) {
            assert!(accuracy.is_exact(field), "{name}: {field}\n{}", accuracy.differences);
        }
    }
}

#[test]
fn a_factory_around_others_is_the_app() {
    let program = places::sources().join("oracle/programs/factories");
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&program, folder.path());
    let reported = Reported::of(folder.path(), None);
    let apps = [
        "shop.admin:create_admin()",
        "shop.server.build:plain()",
        "shop.server.factory:create_app()",
    ];
    assert_eq!(reported.apps.keys().collect::<Vec<_>>(), apps);
    for app in apps {
        let reference = Reference::of_app(folder.path(), app);
        assert!(reference.errors.is_empty(), "{:?}", reference.errors);
        let comparison = Comparison::of_imported(&reference, &reported);
        assert!(comparison.is_equal(), "{}", comparison.diff());
    }
}

/// Wherever an app is made, it is shown or told.
#[test]
fn an_app_that_a_method_or_a_local_import_makes_is_one() {
    let program = places::sources().join("oracle/programs/makers");
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&program, folder.path());
    let reported = Reported::of(folder.path(), None);
    let apps = [
        "desk.blocks:made_for(...)",
        "desk.demo.app:app",
        "desk.local:create_app()",
        "desk.page:demo.app",
        "desk.panel:create_panel(...)",
        "desk.server:Server().get_app()",
        "desk.start:create_app()",
    ];
    assert_eq!(reported.apps.keys().collect::<Vec<_>>(), apps);
    for app in apps {
        let call = match app {
            "desk.blocks:made_for(...)" => format!("{app} = made_for(Blocks('Page'))"),
            "desk.panel:create_panel(...)" => format!("{app} = create_panel([])"),
            _ => app.to_owned(),
        };
        let reference = Reference::of_app(folder.path(), &call);
        assert!(reference.errors.is_empty(), "{:?}", reference.errors);
        let comparison = Comparison::of_imported(&reference, &reported);
        assert!(comparison.is_equal(), "{}", comparison.diff());
        assert!(!comparison.equal.is_empty(), "{app} has no routes");
    }
    let told = reported.unresolved.iter();
    let told: Vec<(&str, u64)> = told.map(|(file, line, _)| (file.as_str(), *line)).collect();
    assert_eq!(told, [("desk/checks.py", 7)]);
}

/// Lets a project have the environment of another.
fn link_environment(from: &Path, to: &Path) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(from.join(".venv"), to.join(".venv")).expect("a link is made");
    #[cfg(windows)]
    std::os::windows::fs::symlink_dir(from.join(".venv"), to.join(".venv")).expect("a link is made");
}

/// Copies the Python files of a folder: those below one that is called `tests` are scripts.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir(&target).expect("a folder is made");
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file is copied");
        }
    }
}

#[test]
fn the_workspace_of_the_benchmarks_is_reported_exactly() {
    for shape in ["layered", "flat"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut generate = Command::new(places::python());
        generate
            .arg(places::sources().join("benches/generate.py"))
            .arg("--into")
            .arg(folder.path());
        generate.args(["--modules", "60", "--routes", "400", "--shape", shape]);
        let output = generate.output().expect("the generator starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let reference = Reference::of_app(folder.path(), "app.main:app");
        assert_eq!(reference.apps["app.main:app"].len(), 400, "{:?}", reference.errors);
        let reported = Reported::of(folder.path(), None);
        let comparison = Comparison::of(&reference, &reported);
        assert!(
            comparison.is_equal(),
            "{shape}\n{}\n{}",
            comparison.diff(),
            comparison.summary()
        );
    }
}

#[test]
fn what_is_said_of_the_documentations_routes_is_exact() {
    let accuracy = Accuracy::of(&REFERENCE, &REPORTED);
    let inexact: Vec<&str> = EXACT.into_iter().filter(|field| !accuracy.is_exact(field)).collect();
    assert!(inexact.is_empty(), "{inexact:?}\n{}", accuracy.differences);
}

/// Writes the page where `ROUTEWRIGHT_ACCEPT` is `better`, unless a figure is worse; or where it is `worse`.
#[test]
fn the_page_on_accuracy_is_what_is_found() {
    let own = [Corpus::documentation(), Corpus::tests()];
    let pins = fs::read_to_string(places::sources().join("python/requirements-benches.txt"));
    let competitor = pins.expect("the competitor's pin").trim().replace("==", " ");
    let page = page::page(&own, &Corpus::recorded(), &openapi::of_documentation(), &competitor);
    println!("{page}");
    let file = places::repository().join("docs/accuracy.md");
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let worse = ratchet::worse(&committed, &page);
    let committed = match std::env::var("ROUTEWRIGHT_ACCEPT").as_deref() {
        Ok(accepted) => {
            assert!(accepted == "worse" || worse.is_empty(), "worse than before: {worse:#?}");
            fs::write(&file, &page).expect("the page can be written");
            page.clone()
        }
        Err(_) => committed,
    };
    let diff = TextDiff::from_lines(&committed, &page);
    assert!(
        committed == page,
        "docs/accuracy.md is not what is found; `cargo xtask accuracy` writes it:\n{}",
        diff.unified_diff()
    );
}
