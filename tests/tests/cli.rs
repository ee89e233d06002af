//! The real binary on small projects: output, exit codes, and what it leaves on disk.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use serde_json::Value;
use std::process::{Command, Output, Stdio};
use testkit::Project;

const SHOP: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router, prefix=\"/api\")
#- /app/items.py
from fastapi import APIRouter

router = APIRouter(prefix=\"/items\")


@router.get(\"/{item_id}\")
def read_item(item_id: int) -> str:
    return str(item_id)
";

const WRONG: &str = "\
#- /main.py
from fastapi import FastAPI

app = FastAPI()


@app.get(\"items\")
def read_items() -> None:
    return None
";

fn routewright(project: &Project, arguments: &[&str]) -> Output {
    let mut command = Command::new(testkit::binary());
    command.args(arguments).current_dir(project.root()).stdin(Stdio::null());
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn routes_are_a_table_for_people() {
    let output = routewright(&Project::from_fixture(SHOP), &["routes"]);
    let expected = "app.main:app  app/main.py:5  1 route\n  GET  /api/items/{item_id}  read_item  app/items.py:7\n";
    assert_eq!(out(&output), expected);
    assert_eq!((err(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn routes_are_json_for_programs() {
    let table = json(&routewright(
        &Project::from_fixture(SHOP),
        &["routes", "--format", "json"],
    ));
    assert_eq!(table["version"], 1);
    assert_eq!(table["apps"][0]["id"], "app.main:app");
    let route = &table["routes"][0];
    assert_eq!(
        (&route["method"], &route["path"]),
        (&"GET".into(), &"/api/items/{item_id}".into())
    );
    assert_eq!((&route["file"], &route["line"]), (&"app/items.py".into(), &7.into()));
    assert_eq!(route["parameters"][0]["in"], "path");
}

#[test]
fn routes_of_fastapi_itself_are_told_on_demand() {
    let project = Project::from_fixture(SHOP);
    let table = json(&routewright(&project, &["routes", "--builtin", "--format", "json"]));
    let rows = table["routes"].as_array().unwrap();
    let paths: Vec<_> = rows.iter().map(|row| row["path"].as_str().unwrap()).collect();
    let expected = [
        "/openapi.json",
        "/docs",
        "/docs/oauth2-redirect",
        "/redoc",
        "/api/items/{item_id}",
    ];
    assert_eq!(paths, expected);
    assert_eq!(
        (&rows[0]["builtin"], &rows[4]["builtin"]),
        (&true.into(), &false.into())
    );
    assert_eq!((&rows[0]["file"], &rows[0]["line"]), (&"app/main.py".into(), &5.into()));
}

#[test]
fn an_app_that_the_entry_point_completes_is_served_from_there() {
    let parts = "#- /app/__init__.py\n#- /app/factory.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n";
    let main = "#- /app/main.py\nfrom app.factory import app\n\n\n@app.get(\"/health\")\ndef health() -> str:\n    return \"ok\"\n";
    let table = out(&routewright(
        &Project::from_fixture(&format!("{parts}{main}")),
        &["routes"],
    ));
    assert!(table.starts_with("app.main:app  app/main.py"), "{table}");
    assert!(table.contains("GET  /health"), "{table}");
    // What only runs the app leaves it where it is.
    let runner = "#- /main.py\nfrom app.factory import app\n\nprint(app)\n";
    let table = out(&routewright(
        &Project::from_fixture(&format!("{parts}{runner}")),
        &["routes"],
    ));
    assert!(table.starts_with("app.factory:app"), "{table}");
}

const FACTORY: &str = "#- /app/__init__.py\n#- /app/factory.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n";
const SERVER: &str = "#- /server.py\nfrom app.factory import app as shop\n\n\n@shop.get(\"/items\")\ndef read_items() -> list[str]:\n    return []\n";

#[test]
fn an_app_that_one_other_module_completes_is_served_from_there() {
    let runner = "#- /run.py\nfrom server import shop\n\nprint(shop)\n";
    let test = "#- /tests/test_app.py\nfrom app.factory import app\n\n\n@app.get(\"/probe\")\ndef probe() -> str:\n    return \"\"\n";
    let project = Project::from_fixture(&format!("{FACTORY}{SERVER}{runner}{test}"));
    let table = json(&routewright(&project, &["routes", "--format", "json"]));
    assert_eq!(
        table["apps"],
        serde_json::json!([{"id": "server:shop", "file": "server.py", "line": 4, "kind": "fastapi"}])
    );
    let paths: Vec<_> = table["routes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|route| &route["path"])
        .collect();
    assert_eq!(paths, ["/items"]);
    assert_eq!(table["unresolved"], serde_json::json!([]));
}

#[test]
fn what_modules_register_on_an_app_that_is_served_without_them_is_told() {
    let health = "\n\n@app.get(\"/health\")\ndef health() -> str:\n    return \"ok\"\n";
    let configured = "#- /pyproject.toml\n[tool.fastapi]\nentrypoint = \"app.factory:app\"\n";
    let rival = "#- /other.py\nfrom app.factory import app\n\n\n@app.get(\"/others\")\ndef read_others() -> list[str]:\n    return []\n";
    for (parts, untold) in [
        (format!("{FACTORY}{health}{SERVER}"), vec!["server.py"]),
        (format!("{configured}{FACTORY}{SERVER}"), vec!["server.py"]),
        (format!("{FACTORY}{SERVER}{rival}"), vec!["other.py", "server.py"]),
    ] {
        let table = json(&routewright(
            &Project::from_fixture(&parts),
            &["routes", "--format", "json"],
        ));
        assert_eq!(table["apps"][0]["id"], "app.factory:app", "{parts}");
        let unresolved = table["unresolved"].as_array().expect("a list");
        let files: Vec<_> = unresolved.iter().map(|row| &row["file"]).collect();
        assert_eq!(files, untold, "{parts}");
        let why = unresolved.last().expect("one")["why"].as_str().expect("a text");
        assert!(
            why.contains("importing `app.factory` does not run `server`") && why.contains("if `server:shop` is served"),
            "{why}"
        );
    }
}

#[test]
fn what_a_later_version_took_away_is_missed_only_where_that_version_is_known() {
    let app = "from fastapi import FastAPI\n\napp = FastAPI()\napp.add_event_handler(\"startup\", print)\n\n\n@app.get(\"/\")\ndef read() -> str:\n    return \"\"\n";
    for (requirement, fails) in [
        ("fastapi", false),
        ("fastapi==0.115.0", false),
        ("fastapi==0.163.0", true),
    ] {
        let project = Project::from_fixture(&format!("#- /requirements.txt\n{requirement}\n#- /main.py\n{app}"));
        let table = json(&routewright(&project, &["routes", "--format", "json"]));
        let routes = table["routes"].as_array().expect("a list").len();
        assert_eq!(routes, usize::from(!fails), "{requirement}: {table}");
    }
}

#[test]
fn a_file_stands_for_its_routes() {
    let project = Project::from_fixture(SHOP);
    for path in ["app/main.py", "app/items.py", "app"] {
        let table = json(&routewright(&project, &["routes", path, "--format", "json"]));
        assert_eq!(table["routes"][0]["path"], "/api/items/{item_id}", "{path}");
        assert_eq!(table["apps"][0]["id"], "app.main:app", "{path}");
    }
}

#[test]
fn openapi_is_the_document_of_the_only_app() {
    let output = routewright(&Project::from_fixture(SHOP), &["openapi"]);
    let document = json(&output);
    assert_eq!(
        document["info"],
        serde_json::json!({"title": "FastAPI", "version": "0.1.0"})
    );
    let operation = &document["paths"]["/api/items/{item_id}"]["get"];
    assert_eq!(operation["operationId"], "read_item_api_items__item_id__get");
    assert_eq!(
        operation["parameters"][0]["schema"],
        serde_json::json!({"type": "integer", "title": "Item Id"})
    );
    assert_eq!((err(&output).as_str(), output.status.code()), ("", Some(0)));
}

const TWO_APPS: &str = "\
#- /one.py
from fastapi import FastAPI

app = FastAPI()
#- /two.py
import os

from fastapi import FastAPI

app = FastAPI(title=os.environ[\"TITLE\"])
#- /three.py
number = 3
";

#[test]
fn openapi_says_what_it_can_not_know() {
    let output = routewright(&Project::from_fixture(TWO_APPS), &["openapi", "--app", "two:app"]);
    let reason = "the value of os.environ['TITLE'] is not known before the program runs (two.py:5)";
    assert_eq!(json(&output)["x-routewright-unknown"], serde_json::json!([reason]));
    let said = err(&output);
    assert_eq!(said, format!("1 not known before the program runs:\n  {reason}\n"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_app_whose_import_fails_has_no_paths() {
    let project = Project::from_fixture(
        "#- /main.py
from fastapi import FastAPI
app = FastAPI(title=\"Shop\")
@app.get(\"/x\")
def x(): ...
app.include_router(nowhere)
#- /made.py
from fastapi import APIRouter, FastAPI
def create_app():
    app = FastAPI()
    app.include_router(APIRouter(prefix=\"wrong\"))
    return app
",
    );
    let why = "Python raises a NameError here: `nowhere` is not bound";
    let output = routewright(&project, &["openapi", "--app", "main:app"]);
    let document = json(&output);
    assert_eq!(document["info"]["title"], "Shop");
    assert_eq!(document["paths"], serde_json::json!({}));
    assert_eq!(
        document["x-routewright-unknown"],
        serde_json::json!([format!("{why} (main.py:5)")])
    );
    assert!(err(&output).contains(why), "{}", err(&output));
    let graph = json(&routewright(&project, &["graph", "--format", "json"]));
    let nodes = graph["nodes"].as_array().unwrap();
    let app = nodes.iter().find(|node| node["name"] == "main:app").unwrap();
    assert_eq!(app["fails"], format!("main.py:5: {why}"));
    let picture = out(&routewright(&project, &["graph", "--format", "mermaid"]));
    assert!(picture.contains("main:app<br>fails when it is imported"), "{picture}");
    let routes = json(&routewright(&project, &["routes", "--format", "json"]));
    assert_eq!(routes["routes"], serde_json::json!([]));
    let fails: Vec<_> = routes["apps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|app| &app["fails"])
        .collect();
    let refused = "made.py:4: FastAPI raises an AssertionError here: a prefix must start with `/`";
    assert_eq!(fails, [&app["fails"], &refused.into()]);
}

#[test]
fn openapi_of_several_apps_asks_which() {
    let project = Project::from_fixture(TWO_APPS);
    for (arguments, sentence) in [
        (
            &["openapi"][..],
            "error: `.` has several apps; name one with --app: one:app, two:app\n",
        ),
        (
            &["openapi", "--app", "one:api"],
            "error: there is no app `one:api` in `.`; there is one:app, two:app\n",
        ),
        (
            &["openapi", "three.py"],
            "error: no FastAPI app was found in `three.py`\n",
        ),
    ] {
        let output = routewright(&project, arguments);
        assert_eq!(
            (err(&output).as_str(), output.status.code()),
            (sentence, Some(2)),
            "{arguments:?}"
        );
    }
    assert_eq!(routewright(&project, &["openapi", "one.py"]).status.code(), Some(0));
}

#[test]
fn unusable_arguments_are_one_sentence_and_exit_code_2() {
    let project = Project::from_fixture(&format!("{SHOP}#- /notes.txt\nnothing\n"));
    for (arguments, sentence) in [
        (
            &["routes", "nowhere"][..],
            "error: there is no file or folder `nowhere`\n",
        ),
        (
            &["routes", "notes.txt"],
            "error: `notes.txt` is neither a Python file nor a folder\n",
        ),
        (
            &["routes", "--app", "x:y"],
            "error: there is no app `x:y` in `.`; there is app.main:app\n",
        ),
        (
            &["explain", "bad-prefx"],
            "error: there is no rule `bad-prefx`; did you mean `bad-prefix`?\n",
        ),
        (
            &["check", "--select", "bad-prefx"],
            "error: there is no rule `bad-prefx`; did you mean `bad-prefix`?\n",
        ),
        (
            &["routes", "--format", "yaml"],
            "error: invalid value 'yaml' for '--format <FORMAT>' [possible values: table, json, csv, markdown] (see --help)\n",
        ),
        (
            &["check", "--statistics", "--output-format", "json"],
            "error: --statistics are written as text only\n",
        ),
        (
            &["add", "endpoint", "app"],
            "error: `app` is a folder; name the module that the code goes into\n",
        ),
        (
            &["check", "--baseline", "notes.txt"],
            "error: `notes.txt` is no baseline: it must be what `routewright check --output-format json` prints\n",
        ),
        (
            &["add", "endpoint", "app/items.py", "--method", "LOOK"],
            "error: `LOOK` is no method of a path operation; there are GET, POST, PUT, PATCH, DELETE and WEBSOCKET\n",
        ),
    ] {
        let output = routewright(&project, arguments);
        assert_eq!(
            (err(&output).as_str(), output.status.code()),
            (sentence, Some(2)),
            "{arguments:?}"
        );
    }
    let output = routewright(&project, &["chek"]);
    assert_eq!((err(&output).lines().count(), output.status.code()), (1, Some(2)));
}

#[test]
fn check_tells_places_and_fixes() {
    let project = Project::from_fixture(WRONG);
    let output = routewright(&project, &["check"]);
    assert!(out(&output).starts_with("main.py:6:10: "), "{}", out(&output));
    assert_eq!(output.status.code(), Some(1));
    let findings = json(&routewright(&project, &["check", "--output-format", "json"]));
    assert_eq!(findings[0]["rule"], "path-missing-slash");
    assert_eq!(findings[0]["range"]["start"]["line"], 6);
    let before = project.read("main.py");
    let output = routewright(&project, &["check", "--diff", "--unsafe-fixes"]);
    assert!(
        out(&output).contains("-@app.get(\"items\")\n+@app.get(\"/items\")\n"),
        "{}",
        out(&output)
    );
    assert_eq!(project.read("main.py"), before);
    let output = routewright(&project, &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Fixed 1. Nothing found.\n", Some(0))
    );
    assert_eq!(project.read("main.py"), before.replace("\"items\"", "\"/items\""));
}

#[test]
fn every_format_of_check_names_the_finding() {
    let project = Project::from_fixture(WRONG);
    for format in ["text", "json", "github", "gitlab", "sarif", "junit"] {
        let output = routewright(&project, &["check", "--output-format", format]);
        assert!(out(&output).contains("path-missing-slash"), "{format}");
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
    let output = routewright(&project, &["check", "--ignore", "path-missing-slash"]);
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Nothing found.\n", Some(0))
    );
}

#[test]
fn an_endpoint_is_shown_before_it_is_added() {
    let project = Project::from_fixture(SHOP);
    let arguments = [
        "add",
        "endpoint",
        "app/items.py",
        "--method",
        "POST",
        "--path",
        "/search",
        "--name",
        "search",
    ];
    let before = project.read("app/items.py");
    let output = routewright(&project, &[&arguments[..], &["--dry-run"]].concat());
    assert!(
        out(&output).contains("+@router.post(\"/search\")\n"),
        "{}",
        out(&output)
    );
    assert_eq!(project.read("app/items.py"), before);
    assert_eq!(routewright(&project, &arguments).status.code(), Some(0));
    let table = json(&routewright(&project, &["routes", "--format", "json"]));
    let paths: Vec<&str> = table["routes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|route| route["path"].as_str())
        .collect();
    assert!(paths.contains(&"/api/items/search"), "{paths:?}");
    let after = project.read("app/items.py");
    let again = routewright(&project, &arguments);
    assert_eq!(again.status.code(), Some(0));
    let why = "nothing changed: POST /items/search is served already, by `search`\n";
    assert_eq!((out(&again).as_str(), project.read("app/items.py")), (why, after));
}

#[test]
fn a_line_of_a_specification_finds_its_router() {
    let project = Project::from_fixture(SHOP);
    let output = routewright(
        &project,
        &["add", "endpoint", "--spec", "POST /api/items/search: dict[str, str]"],
    );
    assert_eq!(
        out(&output),
        "Added POST /items/search as create_search to app/items.py\n",
        "{}",
        err(&output)
    );
    let output = routewright(&project, &["add", "endpoint", "--spec", "search for items"]);
    assert!(
        err(&output).contains("`search for items` is no path operation"),
        "{}",
        err(&output)
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_wrong_configuration_is_told_and_stops_nothing() {
    let project = Project::from_fixture(&format!("{SHOP}#- /pyproject.toml\n[tool.routewright]\nexclud = []\n"));
    let output = routewright(&project, &["check"]);
    assert!(err(&output).contains("pyproject.toml:2: unknown key `exclud`; did you mean `exclude`?"));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let project = Project::from_fixture(SHOP);
    let mut child = Command::new(testkit::binary())
        .arg("routes")
        .current_dir(project.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((err(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn a_baseline_hides_what_is_known_wherever_it_moves() {
    let project = Project::from_fixture(WRONG);
    let baseline = out(&routewright(&project, &["check", "--output-format", "json"]));
    std::fs::write(project.path("baseline.json"), &baseline).unwrap();
    let check = ["check", "--baseline", "baseline.json"];
    let output = routewright(&project, &check);
    assert_eq!(out(&output), "Nothing found. 1 is in the baseline.\n");
    assert_eq!(output.status.code(), Some(0));

    let again = "\n\n@app.get(\"items\")\ndef read_more() -> None:\n    return None\n";
    let moved = format!("\"\"\"Moved.\"\"\"\n\n{}{again}", project.read("main.py"));
    std::fs::write(project.path("main.py"), &moved).unwrap();
    let output = routewright(&project, &[&check[..], &["--select", "path-missing-slash"]].concat());
    let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("main.py:13:10: "), "{lines:?}");
    assert_eq!(lines[1], "1 finding. 1 can be fixed by --fix. 1 is in the baseline.");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn fixes_leave_alone_what_the_baseline_knows() {
    let project = Project::from_fixture(WRONG);
    let baseline = out(&routewright(&project, &["check", "--output-format", "json"]));
    std::fs::write(project.path("baseline.json"), &baseline).unwrap();
    let fix = ["check", "--fix", "--unsafe-fixes", "--baseline", "baseline.json"];
    assert_eq!(routewright(&project, &fix).status.code(), Some(0));
    assert!(project.read("main.py").contains("\"items\""));
}

#[test]
fn syntax_that_cannot_be_read_is_told() {
    let project =
        Project::from_fixture("#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI(\n@app.get('/x')\ndef f(:\n");
    let output = routewright(&project, &["check"]);
    let words = err(&output);
    assert!(
        words.contains("warning: main.py:3: the syntax can't be read here"),
        "{words}"
    );
    let output = routewright(&project, &["routes"]);
    let words = err(&output);
    let told = "  main.py:3  app = FastAPI(  Python raises a SyntaxError here when the module is imported\n";
    assert!(words.contains(told), "{words}");
}

#[test]
fn a_file_of_another_encoding_is_read_and_left_as_it_is() {
    let project = Project::from_fixture(WRONG);
    let latin =
        b"from fastapi import FastAPI\n\napp = FastAPI(title='caf\xe9')\n\n\n@app.get('/a')\ndef a():\n    pass\n";
    std::fs::write(project.path("latin.py"), latin).unwrap();
    assert!(out(&routewright(&project, &["routes", "latin.py"])).contains("GET  /a"));
    let output = routewright(&project, &["add", "endpoint", "latin.py"]);
    let sentence = "error: nothing is added to `latin.py`: the file is not UTF-8\n";
    assert_eq!((err(&output).as_str(), output.status.code()), (sentence, Some(2)));
    assert_eq!(std::fs::read(project.path("latin.py")).unwrap(), latin);
}

#[test]
fn a_resource_grows_in_an_empty_project_and_twice_is_once() {
    let project = Project::from_fixture("#- /pyproject.toml\n[project]\nname = \"shop\"\n");
    let add = |extra: &[&str]| {
        let arguments = [&["add", "resource", "book", "title:str!", "price:decimal?"], extra].concat();
        let output = routewright(&project, &arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(add(&["--dry-run"]).contains("+++ b/app/models/book.py"));
    assert!(!project.path("app").exists());
    assert!(add(&[]).contains("created app/models/book.py"));
    assert!(add(&[]).contains("nothing changed"));
    let again = routewright(&project, &["add", "resource", "books", "author:str"]);
    assert!(err(&again).contains("the project has books already"), "{again:?}");
    let routes = routewright(&project, &["routes"]);
    let routes = String::from_utf8(routes.stdout).unwrap();
    assert!(
        routes.contains("PATCH") && routes.contains("/api/v1/books/{book_id}"),
        "{routes}"
    );
}

/// A project may be a package by a stray `__init__.py`: its neighbours are none of it.
#[test]
fn nothing_outside_the_folder_that_is_asked_for_is_changed() {
    let main = "from fastapi import FastAPI\n\napp = FastAPI()\n";
    let project = Project::from_fixture(&format!(
        "#- /neighbour/main.py\n{main}#- /shop/__init__.py\n#- /shop/main.py\n{main}"
    ));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(testkit::binary());
        command.args(arguments).current_dir(project.path("shop"));
        command.env_remove("VIRTUAL_ENV").output().unwrap()
    };
    let output = run(&["add", "router", "reports"]);
    assert!(output.status.success(), "{}", err(&output));
    assert!(project.read("shop/main.py").contains("include_router"));
    assert_eq!(project.read("neighbour/main.py"), main);
}

#[test]
fn a_module_is_named_from_where_the_command_is_given() {
    let manifest = "#- /pyproject.toml\n[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"fastapi\"]\n";
    let project = Project::from_fixture(&format!("{manifest}{}", SHOP.replace("#- /app", "#- /src/app")));
    for (folder, file) in [("", "src/app/items.py"), ("src", "app/items.py")] {
        let mut command = Command::new(testkit::binary());
        command.args(["add", "tests", file, "--dry-run"]).stdin(Stdio::null());
        let output = command.current_dir(project.root().join(folder)).output().unwrap();
        assert!(output.status.success(), "{}", err(&output));
        assert!(out(&output).contains("def test_read_item"), "{}", out(&output));
    }
}

#[test]
fn a_path_operation_that_is_still_to_be_written_is_told() {
    let project = Project::from_fixture(SHOP);
    let add = |flag: &str, kind: &str| {
        let output = routewright(&project, &["add", "endpoint", "app/items.py", flag, kind]);
        assert!(output.status.success(), "{output:?}");
        err(&output)
    };
    assert!(add("--method", "post").contains("it answers 501 until it is written"));
    assert!(!add("--kind", "stream").contains("501"));
}

/// Errors of the project's own, which came later, make no pattern of what the templates wrote.
#[test]
fn what_the_templates_wrote_is_theirs_after_errors_too() {
    let main = "from fastapi import FastAPI\n\napp = FastAPI()\n";
    let project = Project::from_fixture(&format!(
        "#- /pyproject.toml\n[project]\nname = \"shop\"\ndependencies = [\"fastapi\"]\n#- /main.py\n{main}"
    ));
    let add = |arguments: &[&str]| {
        let output = routewright(&project, &[&["add"], arguments].concat());
        assert!(output.status.success(), "{output:?}");
        err(&output)
    };
    add(&["database"]);
    add(&["resource", "author", "name:str!"]);
    add(&["errors"]);
    let notes = add(&["resource", "book", "title:str!", "author:Author"]);
    assert!(!notes.contains("written like"), "{notes}");
    assert!(project.read("models.py").contains("author_id: Mapped[uuid.UUID]"));
}

#[test]
fn what_a_resource_can_not_be_is_refused_and_nothing_is_written() {
    let project = Project::from_fixture(
        "#- /pyproject.toml\n[project]\nname = \"shop\"\n#- /app/__init__.py\n#- /app/main.py\ndef (\n",
    );
    for (arguments, part) in [
        (vec!["class"], "can't name a Python function"),
        (vec!["book", "title"], "write it as `name:kind`"),
        (vec!["book", "id:int"], "choose another name"),
        (vec!["book", "title:str"], "app/main.py can't be edited safely"),
    ] {
        let output = routewright(&project, &[&["add", "resource"], arguments.as_slice()].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(part), "{error}");
    }
    assert!(!project.path("app/models").exists());
}

#[test]
fn settings_are_added_once() {
    let project = Project::from_fixture(
        "#- /requirements.txt\nfastapi>=0.163\n#- /.env.example\nDATABASE_URL=postgresql+asyncpg://db/shop\n\
         #- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n",
    );
    let add = || out(&routewright(&project, &["add", "settings"]));
    let first = add();
    assert!(
        first.contains("created config.py") && first.contains("changed .env.example"),
        "{first}"
    );
    let read = |name: &str| std::fs::read_to_string(project.path(name)).unwrap();
    let example = read(".env.example");
    assert!(
        example.starts_with("DATABASE_URL=postgresql+asyncpg://db/shop\nPROJECT_NAME="),
        "{example}"
    );
    assert_eq!(read("requirements.txt"), "fastapi>=0.163\npydantic-settings>=2.12\n");
    let checked = routewright(&project, &["check"]);
    assert!(checked.status.success(), "{checked:?}");
    let second = add();
    assert!(second.contains("nothing changed"), "{second}");
}

#[test]
fn settings_that_a_project_has_are_kept() {
    let project = Project::from_fixture(
        "#- /pyproject.toml\n[project]\nname = \"shop\"\ndependencies = [\"fastapi\"]\n\
         #- /shop/conf.py\nfrom pydantic_settings import BaseSettings\n\n\nclass Common(BaseSettings):\n    debug: bool = False\n\n\n\
         class ShopConf(Common):\n    name: str = \"shop\"\n\
         #- /shop/app.py\nfrom fastapi import FastAPI\n\nfrom shop.conf import ShopConf\n\napp = FastAPI(title=ShopConf().name)\n",
    );
    let output = routewright(&project, &["add", "settings"]);
    assert!(out(&output).contains("nothing changed"), "{output:?}");
    assert!(err(&output).contains("shop.conf."), "{output:?}");
    assert!(!project.path("shop/config.py").exists() && !project.path(".env.example").exists());
}
