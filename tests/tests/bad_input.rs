//! The real binary on programs that are wrong or endless: it ends, what they leave alone is served, and the reason stands at its
//! place.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use serde_json::Value;
use std::{
    fmt::Write as _,
    process::{Command, Output, Stdio},
};
use testkit::Project;

const UNAFFECTED: &str = "\
#- /unaffected.py
from fastapi import FastAPI

app = FastAPI()


@app.get(\"/after\")
def after(): ...
";

/// An app with a route before what goes wrong and one behind it.
fn around(wrong: &str) -> String {
    format!(
        "#- /main.py\nfrom fastapi import APIRouter, FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/first\")\ndef first(): ...\n\n\n\
         {wrong}\n\n@app.get(\"/last\")\ndef last(): ...\n"
    )
}

fn routewright(project: &Project, arguments: &[&str]) -> Output {
    let mut command = Command::new(testkit::binary());
    command.args(arguments).current_dir(project.root()).stdin(Stdio::null());
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    command.output().unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

/// What is served, and what is not known: place and reason.
struct Told {
    routes: Vec<String>,
    reasons: Vec<String>,
    warnings: String,
}

/// Asks for the routes of a program beside an unaffected one; no rule finds anything wrong in it.
fn told(fixture: &str) -> Told {
    let project = Project::from_fixture(&format!("{fixture}{UNAFFECTED}"));
    let output = routewright(&project, &["routes", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{fixture}");
    let table: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut routes: Vec<String> = table["routes"].as_array().unwrap().iter().map(route).collect();
    assert_eq!(routes.pop().as_deref(), Some("unaffected:app /after"), "{fixture}");
    let reasons = table["unresolved"].as_array().unwrap().iter().map(reason).collect();
    let check = routewright(&project, &["check"]);
    assert_eq!(check.stdout, b"Nothing found.\n", "{fixture}");
    Told {
        routes,
        reasons,
        warnings: String::from_utf8(output.stderr).unwrap(),
    }
}

fn route(row: &Value) -> String {
    format!("{} {}", text(row, "app"), text(row, "path"))
}

fn reason(entry: &Value) -> String {
    format!("{}:{} {}", text(entry, "file"), entry["line"], text(entry, "why"))
}

#[test]
fn a_router_that_includes_itself_ends_its_module() {
    let told = told(&around(
        "router = APIRouter()\nrouter.include_router(router)\napp.include_router(router)\n",
    ));
    assert_eq!(told.routes, [""; 0]);
    let why = "FastAPI raises an AssertionError here: a router can't be included in itself";
    assert_eq!(told.reasons, [format!("main.py:11 {why}")]);
}

#[test]
fn routers_that_include_each_other_end_their_module() {
    let told = told(&around(
        "one = APIRouter()\ntwo = APIRouter()\none.include_router(two)\ntwo.include_router(one)\n",
    ));
    assert_eq!(told.routes, [""; 0]);
    let why = "FastAPI raises an AssertionError here: the router that is included includes this one already";
    assert_eq!(told.reasons, [format!("main.py:13 {why}")]);
}

#[test]
fn modules_that_import_each_other() {
    let part = |own: &str, other: &str| {
        format!(
            "#- /{own}.py\nfrom fastapi import APIRouter\n\nimport {other}\n\nrouter = APIRouter()\n\n\n\
             @router.get(\"/{own}\")\ndef read(): ...\n"
        )
    };
    let include = "from one import router\n\napp.include_router(router)\n";
    let told = told(&format!(
        "{}{}{}",
        around(include),
        part("one", "two"),
        part("two", "one") + "\n\nimport main\n\nmain.app.include_router(router)\n"
    ));
    assert_eq!(
        told.routes,
        ["main:app /first", "main:app /two", "main:app /one", "main:app /last"]
    );
    assert_eq!(told.reasons, [""; 0]);
}

#[test]
fn a_factory_that_calls_itself() {
    let told = told(&around(
        "def make():\n    router = APIRouter()\n    router.include_router(make())\n    return router\n\n\napp.include_router(make())\n",
    ));
    assert_eq!(told.routes, ["main:app /first", "main:app /last"]);
    let why = "calls are nested too deeply here to be followed";
    assert_eq!(told.reasons, [format!("main.py:12 {why}")]);
}

#[test]
fn a_recursion_whose_result_nobody_uses() {
    let told = told(&around(
        "def work(number):\n    app.add_api_route(f\"/{number}\", first)\n    work(number + 1)\n\n\nwork(0)\n",
    ));
    assert_eq!(told.routes[..2], ["main:app /first", "main:app /0"]);
    assert_eq!(told.routes.last().unwrap(), "main:app /last");
    let why = "calls are nested too deeply here to be followed";
    assert_eq!(told.reasons, [format!("main.py:12 {why}")]);
}

#[test]
fn a_loop_over_a_generated_range() {
    let told = told(&around(
        "for number in range(10**9):\n    app.add_api_route(f\"/{number}\", first)\n",
    ));
    assert_eq!(told.routes.first().unwrap(), "main:app /first");
    assert_eq!(told.routes.last().unwrap(), "main:app /last");
    let why = "the loop has more rounds than are followed";
    assert_eq!(told.reasons, [format!("main.py:10 {why}")]);
}

#[test]
fn calls_that_double_at_every_level() {
    let mut program = String::new();
    for level in 0..30 {
        let next = level + 1;
        write!(program, "def f{level}():\n    f{next}()\n    f{next}()\n\n\n").unwrap();
    }
    program += "def f30(): ...\n\n\nf0()\n";
    let told = told(&around(&program));
    assert_eq!(told.routes, ["main:app /first", "main:app /last"]);
    let why = "the work that one call may do is used up";
    assert_eq!(told.reasons, [format!("main.py:163 {why}")]);
}

#[test]
fn a_module_named_like_one_of_the_standard_library() {
    let queue = "#- /queue.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/queue\")\ndef read(): ...\n";
    let include = "from queue import router\n\napp.include_router(router)\n";
    let told = told(&format!("{}{queue}", around(include)));
    assert_eq!(told.routes, ["main:app /first", "main:app /queue", "main:app /last"]);
    assert_eq!(told.reasons, [""; 0]);
}

#[test]
fn packages_of_the_same_name_in_two_projects() {
    let project = |name: &str| {
        format!(
            "#- /{name}/pyproject.toml\n[project]\nname = \"{name}\"\n#- /{name}/app/__init__.py\n#- /{name}/app/main.py\n\
             from fastapi import FastAPI\n\nfrom app.items import router\n\napp = FastAPI()\napp.include_router(router)\n\
             #- /{name}/app/items.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n\
             @router.get(\"/{name}\")\ndef read(): ...\n"
        )
    };
    let told = told(&format!("{}{}", project("one"), project("two")));
    assert_eq!(told.routes, ["app.main:app /one", "app.main:app /two"]);
    assert_eq!(told.reasons, [""; 0]);
}

#[test]
fn a_syntax_error_in_an_imported_module() {
    let broken = "#- /broken.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/whole\")\ndef whole(): ...\n\n\n\
                  def half(:\n    ...\n\n\n@router.get(\"/behind\")\ndef behind(): ...\n";
    let include = "from broken import router\n\napp.include_router(router)\n";
    let told = told(&format!("{}{broken}", around(include)));
    assert_eq!(
        told.routes,
        [
            "main:app /first",
            "main:app /whole",
            "main:app /behind",
            "main:app /last"
        ]
    );
    let why = "the syntax can't be read here; what it belongs to may be missing";
    assert_eq!(told.warnings, format!("warning: broken.py:10: {why}\n"));
}
