//! The real binary on programs that are wrong or endless: it ends, what they leave alone is served, and the reason stands at its
//! place.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use serde_json::Value;
use std::{
    fmt::Write as _,
    process::{Command, Output, Stdio},
};
use testkit::Project;

const WITHOUT_END: &str = "Python raises a RecursionError here: whatever happens, the function calls itself again";

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
    Told { routes, reasons }
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
    assert_eq!(told.routes, [""; 0]);
    assert_eq!(told.reasons, [format!("main.py:12 {WITHOUT_END}")]);
}

#[test]
fn a_recursion_whose_result_nobody_uses() {
    let work = |work: &str| format!("def work(number):\n{work}\n\nwork(0)\n");
    let endless = told(&around(&work(
        "    app.add_api_route(f\"/{number}\", first)\n    work(number + 1)\n",
    )));
    assert_eq!(endless.routes, [""; 0]);
    assert_eq!(endless.reasons, [format!("main.py:12 {WITHOUT_END}")]);
    // It ends, far behind where it is followed to.
    let deep = told(&around(&work(
        "    app.add_api_route(f\"/{number}\", first)\n    if number < 99:\n        work(number + 1)\n",
    )));
    assert_eq!(deep.routes[..2], ["main:app /first", "main:app /0"]);
    assert_eq!(deep.routes.last().unwrap(), "main:app /last");
    let why = "calls are nested too deeply here to be followed";
    assert_eq!(deep.reasons, [format!("main.py:13 {why}")]);
}

#[test]
fn apps_mounted_in_each_other_without_end() {
    let told = told(
        "#- /main.py\nfrom fastapi import FastAPI\n\n\ndef make():\n    made = FastAPI()\n    made.mount(\"/sub\", make())\n    \
         return made\n\n\napp = make()\n",
    );
    assert_eq!(told.routes, [""; 0]);
    assert_eq!(told.reasons, [format!("main.py:6 {WITHOUT_END}")]);
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
    assert_eq!(told.routes, [""; 0]);
    let why = "Python raises a SyntaxError here when the module is imported";
    assert_eq!(told.reasons, [format!("broken.py:10 {why}")]);
}

/// What our parser can't read may be sound all the same, and who catches the exception goes on.
#[test]
fn a_syntax_error_that_ends_nothing() {
    let broken = "#- /broken.py\ndef half(:\n    ...\n";
    let spared = told(&format!(
        "{}{broken}",
        around("try:\n    import broken\nexcept SyntaxError:\n    broken = None\n")
    ));
    assert_eq!(spared.routes, ["main:app /first", "main:app /last"]);
    let why = "Python raises a SyntaxError here when the module is imported";
    assert_eq!(spared.reasons, [format!("broken.py:1 {why}")]);
    let newer = "#- /newer.py\nclass Box[T = int]:\n    ...\n";
    let sound = told(&format!("{}{newer}", around("import newer\n")));
    assert_eq!(sound.routes, ["main:app /first", "main:app /last"]);
    let why = "the syntax can't be read here; what it belongs to may be missing";
    assert_eq!(sound.reasons, [format!("newer.py:1 {why}")]);
}

#[test]
fn a_name_of_a_module_that_is_half_run() {
    let other = |wanted: &str| {
        format!("#- /other.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\nfrom main import {wanted}\n")
    };
    let include = "from other import router\n\napp.include_router(router)\n";
    let early = told(&format!("{}{}", around(include), other("last")));
    assert_eq!(early.routes, [""; 0]);
    let why = "Python raises an ImportError here: the import of `main` is under way, and `last` is not bound yet";
    assert_eq!(early.reasons, [format!("other.py:4 {why}")]);
    let in_time = told(&format!("{}{}", around(include), other("first")));
    assert_eq!(in_time.routes, ["main:app /first", "main:app /last"]);
    // Who begins with the other module finds both whole.
    let start = "#- /run.py\nimport other\nimport main\n";
    let begun = told(&format!("{}{}{start}", around(include), other("last")));
    assert_eq!(begun.routes, ["main:app /first", "main:app /last"]);
}
