//! The real binary and the versions that projects name: which, from where, and what follows.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use std::process::{Command, Stdio};
use testkit::Project;

/// An include that takes what is there, before 0.137, and follows the router since.
const LATE: &str = "\
from fastapi import APIRouter, FastAPI

router = APIRouter()
app = FastAPI()
app.include_router(router)


@router.get(\"/late\")
def late() -> None:
    return None
";

/// Paths that are served, and what is said on standard error.
fn routes(project: &Project, path: &str, variables: &[(&str, &str)]) -> (Vec<String>, String) {
    let mut command = Command::new(testkit::binary());
    command.args(["routes", path, "--format", "csv", "--verbose"]);
    command.current_dir(project.root()).stdin(Stdio::null());
    command
        .env_remove("VIRTUAL_ENV")
        .env_remove("CONDA_PREFIX")
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let csv = String::from_utf8(output.stdout).unwrap();
    let paths = csv
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split(',').nth(2)?.to_owned()));
    (paths.collect(), String::from_utf8(output.stderr).unwrap())
}

fn project(files: &[(&str, &str)]) -> Project {
    let texts = files.iter().map(|(path, text)| format!("#- /{path}\n{text}"));
    Project::from_fixture(&texts.collect::<String>())
}

fn lock(version: &str) -> String {
    format!("[[package]]\nname = \"fastapi\"\nversion = \"{version}\"\n")
}

#[test]
fn each_project_of_a_workspace_has_its_own_version() {
    let project = project(&[
        (
            "old/pyproject.toml",
            "[project]\nname = \"old\"\nrequires-python = \">=3.11\"\n",
        ),
        ("old/uv.lock", &lock("0.136.3")),
        ("old/main.py", LATE),
        (
            "new/pyproject.toml",
            "[project]\nname = \"new\"\ndependencies = [\"fastapi>=0.137\", \"pydantic<2.12\"]\n",
        ),
        ("new/main.py", LATE),
    ]);
    let (paths, told) = routes(&project, ".", &[]);
    assert_eq!(paths, ["/late"], "one of the two serves it");
    for line in [
        "project new\n  no environment was found\n  fastapi 0.165.0 range: new/pyproject.toml\n  pydantic 2.11.10 range: new/pyproject.toml\n",
        "project old\n  no environment was found\n  fastapi 0.136.3 locked: old/uv.lock\n  python 3.11 range: old/pyproject.toml\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn a_part_of_a_workspace_finds_the_lock_around_it() {
    let member = "[[package]]\nname = \"api\"\nsource = { editable = \"packages/api\" }\n";
    let project = project(&[
        ("uv.lock", &format!("{member}{}", lock("0.136.3"))),
        (
            "packages/api/pyproject.toml",
            "[project]\nname = \"api\"\ndependencies = [\"fastapi\"]\n",
        ),
        ("packages/api/main.py", LATE),
    ]);
    let (paths, told) = routes(&project, "packages/api", &[]);
    assert_eq!(paths, Vec::<String>::new());
    assert!(told.contains("fastapi 0.136.3 locked: "), "{told}");
}

#[test]
fn an_environment_of_conda_tells_what_is_installed() {
    let project = project(&[
        ("conda/conda-meta/python-3.12.4-h99e199e_1.json", "{}\n"),
        ("conda/conda-meta/fastapi-0.136.3-pyhd8ed1ab_0.json", "{}\n"),
        ("conda/lib/python3.12/site-packages/fastapi/__init__.py", ""),
        ("app/requirements.txt", "fastapi==0.140.0\n"),
        ("app/main.py", LATE),
    ]);
    let prefix = project.path("conda");
    let (paths, told) = routes(&project, "app", &[("CONDA_PREFIX", prefix.to_str().unwrap())]);
    assert_eq!(paths, Vec::<String>::new());
    assert!(
        told.contains("($CONDA_PREFIX)\n  fastapi 0.136.3 installed: "),
        "{told}"
    );
    assert!(told.contains("python 3.12.4 installed: "), "{told}");
    let (paths, told) = routes(&project, "app", &[]);
    assert_eq!(paths, ["/late"]);
    assert!(told.contains("fastapi 0.140.0 locked: requirements.txt\n"), "{told}");
}

#[test]
fn a_broken_lock_is_told_and_the_rest_goes_on() {
    let project = project(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"fastapi<0.137\"]\n",
        ),
        ("poetry.lock", "[[package]]\nname = \"fastapi\n"),
        ("main.py", LATE),
    ]);
    let (paths, told) = routes(&project, ".", &[]);
    assert_eq!(paths, Vec::<String>::new());
    assert!(told.contains("poetry.lock:2: the lock file can't be read ("), "{told}");
    assert!(told.contains("write it anew with `poetry lock`\n"), "{told}");
    assert!(told.contains("fastapi 0.136.3 range: pyproject.toml\n"), "{told}");
}
