//! ruff and mypy have nothing to say about what is inserted that they did not say before.
//!
//! They are those of the example's environment, which `cargo xtask test --only prepare` makes.

use crate::bookshop;
use crate::case::{self, Case, Project};
use crate::goldens::{Asked, suites};
use ide::EndpointKind;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Rules that are about what is written, not about what a snippet is for.
const RULES: &str = "E,F,W,I,UP,B,C4,SIM,RET,FAST,RUF";

/// A tool of the example's environment.
pub(crate) fn tool(name: &str) -> Command {
    command(&format!("examples/bookshop/bin/{name}"))
}

/// A tool of the environment that generated projects run in.
pub(crate) fn tool_of_generated(name: &str) -> Command {
    command(&format!("generated/env/bin/{name}"))
}

fn command(below: &str) -> Command {
    let binary = testkit::binary();
    let path = binary.ancestors().nth(2).unwrap().join(below);
    assert!(
        path.is_file(),
        "{} is missing: run `cargo xtask test --only prepare` first",
        path.display()
    );
    let mut command = Command::new(path);
    command.env_remove("VIRTUAL_ENV").env("NO_COLOR", "1");
    command
}

/// A project's own tests below a folder pass, run by the tool of one of those environments.
pub(crate) fn assert_tests_pass(mut python: Command, root: &Path, folder: &str) {
    python
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", folder])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = python.current_dir(root).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
}

pub(crate) fn words(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// A case's project before and after, in folders of one name.
struct Pair {
    title: String,
    file: String,
    before: PathBuf,
    after: PathBuf,
}

/// Every case that inserts something, written below `root`.
fn pairs(root: &Path) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for suite in suites() {
        for case in case::read(&std::fs::read_to_string(&suite).unwrap()) {
            let name = format!("case{}", pairs.len());
            pairs.extend(pair(&case, root, &name));
        }
    }
    pairs
}

fn pair(case: &Case, root: &Path, name: &str) -> Option<Pair> {
    let asked = Asked::of(case);
    let project = Project::of(case);
    let insertion = project
        .analysis
        .endpoint(project.file(&asked.file), &asked.request)
        .ok()?;
    let pair = Pair {
        title: case.title.clone(),
        file: asked.file.clone(),
        before: root.join("before").join(name),
        after: root.join("after").join(name),
    };
    for (path, text) in &case.files {
        let id = project.analysis.file_id(&project.path(path));
        let edit = insertion.change.files.iter().find(|edit| Some(edit.file) == id);
        let edited = edit.map_or_else(|| text.clone(), |edit| edit.apply(text));
        for (folder, text) in [(&pair.before, text), (&pair.after, &edited)] {
            let target = folder.join(path);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, text).unwrap();
        }
    }
    // What tells no file cases apart is not for these tools.
    (!case.is_crlf && !case.is_cut).then_some(pair)
}

/// The rules that ruff finds broken in a file.
fn broken(findings: &serde_json::Value, file: &Path) -> BTreeSet<String> {
    let findings = findings.as_array().unwrap().iter();
    findings
        .filter(|finding| Path::new(finding["filename"].as_str().unwrap()).ends_with(file))
        .map(|finding| finding["code"].as_str().unwrap_or("syntax error").to_owned())
        .collect()
}

#[test]
fn ruff_finds_nothing_new_and_formats_nothing_anew() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let pairs = pairs(&root);
    let checked = tool("ruff")
        .args(["check", "--no-cache", "--output-format", "json", "--select", RULES])
        .arg(&root)
        .output()
        .unwrap();
    let findings: serde_json::Value =
        serde_json::from_slice(&checked.stdout).unwrap_or_else(|_| panic!("{}", words(&checked)));
    let formatted = tool("ruff")
        .args(["format", "--no-cache", "--check"])
        .arg(&root)
        .output()
        .unwrap();
    let formatted = words(&formatted);
    let is_formatted = |file: &Path| !formatted.lines().any(|line| line.ends_with(file.to_str().unwrap()));
    let mut problems = Vec::new();
    for pair in &pairs {
        let [before, after] =
            [&pair.before, &pair.after].map(|folder| folder.strip_prefix(&root).unwrap().join(&pair.file));
        let (old, new) = (broken(&findings, &before), broken(&findings, &after));
        problems.extend(new.difference(&old).map(|rule| format!("{}: {rule}", pair.title)));
        if is_formatted(&before) && !is_formatted(&after) {
            problems.push(format!("{}: ruff formats it anew", pair.title));
        }
    }
    assert!(pairs.len() > 30, "{} cases only", pairs.len());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The kinds of errors that mypy finds in a file.
fn errors(folder: &Path, file: &str, cache: &Path) -> BTreeSet<String> {
    let output = tool("mypy")
        .args([
            "--check-untyped-defs",
            "--ignore-missing-imports",
            "--no-error-summary",
            "--cache-dir",
        ])
        .arg(cache)
        .arg(file)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = words(&output);
    let own = format!("{file}:");
    let codes = text
        .lines()
        .filter(|line| line.starts_with(&own) && line.contains(": error: "));
    codes
        .filter_map(|line| line.rsplit_once("  ["))
        .map(|(_, code)| code.to_owned())
        .collect()
}

#[test]
fn mypy_finds_nothing_new() {
    let folder = tempfile::tempdir().unwrap();
    let pairs = pairs(folder.path());
    let check = |(number, half): (usize, &[Pair])| {
        let cache = folder.path().join(format!("cache{number}"));
        let mut problems = Vec::new();
        for pair in half {
            let new = errors(&pair.after, &pair.file, &cache);
            if !new.is_empty() {
                assert!(!new.contains("syntax]"), "{}", pair.title);
                let old = errors(&pair.before, &pair.file, &cache);
                problems.extend(new.difference(&old).map(|code| format!("{}: {code}", pair.title)));
            }
        }
        problems
    };
    let halves: Vec<_> = pairs.chunks(pairs.len().div_ceil(2)).enumerate().collect();
    let problems: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = halves
            .into_iter()
            .map(|half| scope.spawn(move || check(half)))
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_example_stays_clean_with_everything_inserted() {
    let (_folder, root) = bookshop::copied();
    bookshop::insert(&root, "app/api/routes/authors.py", EndpointKind::Replace);
    bookshop::insert(&root, "app/api/routes/authors.py", EndpointKind::Delete);
    bookshop::insert(&root, "app/api/routes/books.py", EndpointKind::Replace);
    bookshop::insert(&root, "app/api/routes/orders.py", EndpointKind::Get);
    let cache = root.join(".mypy_cache");
    let mut mypy = tool("mypy");
    mypy.arg("--cache-dir").arg(cache);
    let mut check = tool("ruff");
    check.args(["check", "--no-cache"]);
    let mut format = tool("ruff");
    format.args(["format", "--no-cache", "--check"]);
    for mut command in [check, format, mypy] {
        let output = command.current_dir(&root).output().unwrap();
        assert!(output.status.success(), "{}", words(&output));
    }
}
