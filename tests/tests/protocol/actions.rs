//! Code actions and commands.

use serde_json::{Value, json};
use testkit::{Client, ITEMS, MAIN, Setup, Shop, place};

fn resolving(more: Value) -> Value {
    let mut capabilities = json!({
        "textDocument": {"codeAction": {"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}},
        "workspace": {"workspaceEdit": {"documentChanges": true}, "applyEdit": true},
    });
    for (key, value) in more.as_object().unwrap() {
        capabilities[key] = value.clone();
    }
    capabilities
}

fn start(shop: &Shop, more: Value) -> Client {
    let (mut client, _) = Client::start(&Setup::new(shop.folder()).capabilities(resolving(more)));
    client.open(&shop.path("app/items.py"), ITEMS);
    client
}

/// The action that inserts `DELETE`, with its edit.
fn delete(client: &mut Client, shop: &Shop) -> Value {
    let action = offered_delete(client, shop);
    client.request("codeAction/resolve", action).unwrap()
}

fn offered_delete(client: &mut Client, shop: &Shop) -> Value {
    let (line, column) = place(ITEMS, "@router.post");
    let actions = client.code_actions(&shop.path("app/items.py"), line, column);
    let titles: Vec<String> = actions.iter().map(|action| action["title"].to_string()).collect();
    actions
        .into_iter()
        .find(|action| action["title"].as_str().unwrap().contains("DELETE /items/{item_id}"))
        .unwrap_or_else(|| panic!("no DELETE among {titles:?}"))
}

fn edits(action: &Value) -> &Vec<Value> {
    action["edit"]["documentChanges"][0]["edits"].as_array().unwrap()
}

#[test]
fn an_endpoint_is_offered_by_title_and_built_on_resolve() {
    let shop = Shop::new();
    let mut client = start(&shop, json!({}));
    let offered = offered_delete(&mut client, &shop);
    assert!(offered["edit"].is_null());
    let action = client.request("codeAction/resolve", offered).unwrap();
    let document = &action["edit"]["documentChanges"][0]["textDocument"];
    assert_eq!(document["version"], 1);
    let text: String = edits(&action)
        .iter()
        .map(|edit| edit["newText"].as_str().unwrap())
        .collect();
    assert!(text.contains("@router.delete(\"/{item_id}\""), "{text}");
    assert!(!text.contains("${"), "{text}");
}

#[test]
fn an_edit_is_refused_when_the_document_has_moved_on() {
    let shop = Shop::new();
    let mut client = start(&shop, json!({}));
    let offered = offered_delete(&mut client, &shop);
    client.replace(&shop.path("app/items.py"), 2, &format!("# moved\n{ITEMS}"));
    let error = client.request("codeAction/resolve", offered).unwrap_err();
    assert_eq!(error["code"], -32801);
}

#[test]
fn names_are_tab_stops_where_the_client_takes_them() {
    let shop = Shop::new();
    let mut client = start(&shop, json!({"experimental": {"snippetTextEdit": true}}));
    let action = delete(&mut client, &shop);
    let snippet = edits(&action)
        .iter()
        .find(|edit| edit["insertTextFormat"] == 2)
        .unwrap();
    assert!(snippet["newText"].as_str().unwrap().contains("${1:"));

    let edit = json!({"documentChanges": true, "snippetEditSupport": true});
    let mut client = start(&shop, json!({"workspace": {"workspaceEdit": edit}}));
    let action = delete(&mut client, &shop);
    let snippet = edits(&action)
        .iter()
        .find_map(|edit| edit["snippet"]["value"].as_str())
        .unwrap();
    assert!(snippet.contains("${1:"), "{snippet}");
}

#[test]
fn a_client_that_can_not_resolve_gets_edits_at_once_in_the_old_form() {
    let shop = Shop::new();
    let mut client = shop.session();
    client.open(&shop.path("app/items.py"), ITEMS);
    let action = offered_delete(&mut client, &shop);
    let uri = testkit::uri(&shop.path("app/items.py"));
    let changes = action["edit"]["changes"].as_object().unwrap();
    assert_eq!(changes.keys().collect::<Vec<_>>(), [&uri]);
}

#[test]
fn the_fix_of_a_finding_carries_its_diagnostic() {
    let text = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"items\")\ndef read_items(): ...\n";
    let shop = Shop::with(&[("main.py", text)]);
    let (mut client, _) = Client::start(&Setup::new(shop.folder()).capabilities(resolving(json!({}))));
    client.open(&shop.path("main.py"), text);
    let actions = client.code_actions(&shop.path("main.py"), 5, 11);
    let fix = actions.into_iter().find(|action| action["kind"] == "quickfix").unwrap();
    assert_eq!(fix["diagnostics"][0]["code"], "path-missing-slash");
    let fix = client.request("codeAction/resolve", fix).unwrap();
    let edit = &edits(&fix)[0];
    assert!(edit["newText"].as_str().unwrap().contains('/'), "{edit}");
}

#[test]
fn the_command_inserts_through_the_client() {
    let shop = Shop::new();
    let mut client = start(&shop, json!({}));
    let argument = json!({"uri": testkit::uri(&shop.path("app/items.py")), "kind": "delete"});
    let params = json!({"command": "routewright.addEndpoint", "arguments": [argument]});
    let answer = client.request("workspace/executeCommand", params).unwrap();
    assert_eq!(answer["applied"], true);
    let applied = client.wait_asked("workspace/applyEdit");
    assert!(applied["edit"].to_string().contains("@router.delete"), "{applied}");
}

#[test]
fn a_resource_is_added_in_one_edit_over_all_files() {
    let shop = Shop::new();
    let annotated = json!({"workspace": {"applyEdit": true, "workspaceEdit": {
        "documentChanges": true, "resourceOperations": ["create"], "changeAnnotationSupport": {},
    }}});
    let mut client = start(&shop, annotated);
    let argument = json!({"name": "review", "fields": ["text:text"], "folder": "."});
    let params = json!({"command": "routewright.addResource", "arguments": [argument]});
    let answer = client.request("workspace/executeCommand", params).unwrap();
    assert_eq!(answer["summary"], "Add resource review");
    let applied = client.wait_asked("workspace/applyEdit");
    let documents = applied["edit"]["documentChanges"].as_array().unwrap();
    let created = documents.iter().filter(|document| document["kind"] == "create");
    assert!(
        created
            .clone()
            .all(|create| create["options"]["ignoreIfExists"] == false)
    );
    assert!(created.clone().all(|create| create["annotationId"] == "routewright"));
    assert!(
        created
            .map(|create| create["uri"].as_str().unwrap())
            .any(|uri| uri.ends_with("/review.py") || uri.ends_with("reviews.py"))
    );
}

#[test]
fn a_client_that_creates_no_files_is_told_what_to_do() {
    let shop = Shop::new();
    let mut client = start(&shop, json!({}));
    let argument = json!({"name": "review", "folder": "."});
    let params = json!({"command": "routewright.addResource", "arguments": [argument]});
    let error = client.request("workspace/executeCommand", params).unwrap_err();
    assert!(
        error["message"].as_str().unwrap().contains("routewright add"),
        "{error}"
    );
}

/// What is offered where the app is made.
fn offered_at_app(client: &mut Client, shop: &Shop, title: &str) -> Option<Value> {
    client.open(&shop.path("app/main.py"), MAIN);
    let (line, column) = place(MAIN, "FastAPI()");
    let actions = client.code_actions(&shop.path("app/main.py"), line, column);
    actions.into_iter().find(|action| action["title"] == title)
}

const SETTINGS: &str = "Add settings from the environment";

fn creating() -> Value {
    json!({"workspace": {"applyEdit": true, "workspaceEdit": {
        "documentChanges": true, "resourceOperations": ["create"], "changeAnnotationSupport": {},
    }}})
}

#[test]
fn a_part_is_offered_where_the_app_is_made_and_its_files_are_looked_at_first() {
    let shop = Shop::new();
    let mut client = start(&shop, creating());
    let offered = offered_at_app(&mut client, &shop, SETTINGS).unwrap();
    assert!(offered["edit"].is_null() && offered["disabled"].is_null(), "{offered}");
    let edit = &client.request("codeAction/resolve", offered).unwrap()["edit"];
    assert_eq!(edit["changeAnnotations"]["routewright"]["needsConfirmation"], true);
    let documents = edit["documentChanges"].as_array().unwrap();
    let created = documents.iter().filter(|document| document["kind"] == "create");
    let names: Vec<&str> = created.map(|create| create["uri"].as_str().unwrap()).collect();
    assert!(names.iter().any(|uri| uri.ends_with("/config.py")), "{names:?}");
}

#[test]
fn a_part_is_refused_when_the_document_has_moved_on() {
    let shop = Shop::new();
    let mut client = start(&shop, creating());
    let offered = offered_at_app(&mut client, &shop, SETTINGS).unwrap();
    client.replace(&shop.path("app/main.py"), 2, &format!("{MAIN}\n\nx = 1\n"));
    let error = client.request("codeAction/resolve", offered).unwrap_err();
    assert_eq!(error["code"], -32801, "{error}");
}

#[test]
fn a_part_is_not_offered_away_from_the_app() {
    let shop = Shop::new();
    let mut client = start(&shop, creating());
    client.open(&shop.path("app/main.py"), MAIN);
    let actions = client.code_actions(&shop.path("app/main.py"), 0, 0);
    assert!(actions.iter().all(|action| action["title"] != SETTINGS), "{actions:?}");
}

#[test]
fn a_client_that_creates_no_files_is_shown_why_and_the_command_line() {
    let shop = Shop::new();
    let mut shows = json!({"textDocument": {"codeAction": {
        "dataSupport": true, "disabledSupport": true, "resolveSupport": {"properties": ["edit"]},
    }}});
    let mut client = start(&shop, shows.take());
    let offered = offered_at_app(&mut client, &shop, SETTINGS).unwrap();
    let reason = offered["disabled"]["reason"].as_str().unwrap();
    assert!(reason.contains("`routewright add settings`"), "{reason}");
    assert!(offered["data"].is_null() && offered["edit"].is_null());
    let mut client = start(&shop, json!({}));
    assert_eq!(offered_at_app(&mut client, &shop, SETTINGS), None);
}

/// `app/main.py` with what the project has of auth, and a path operation that does not ask for it.
const GUARDED: &str = r#"from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = FastAPI()
oauth2 = OAuth2PasswordBearer(tokenUrl="login")


class User:
    name: str


def get_current_user(token: Annotated[str, Depends(oauth2)]) -> User:
    return User()


def require_role(role: str):
    def check(user: Annotated[User, Depends(get_current_user)]) -> User:
        return user

    return check


@app.post("/login")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    return form.username


@app.get("/reports", dependencies=[Depends(require_role("auditor"))])
def list_reports() -> list[str]:
    return []


@app.get("/notes")
def list_notes() -> list[str]:
    return []
"#;

fn titles_at(client: &mut Client, shop: &Shop, text: &str, at: &str) -> Vec<String> {
    let (line, column) = place(text, at);
    let actions = client.code_actions(&shop.path("main.py"), line, column);
    let titles = actions
        .iter()
        .map(|action| action["title"].as_str().unwrap().to_owned());
    titles.filter(|title| !title.starts_with("Insert endpoint")).collect()
}

#[test]
fn what_the_project_has_to_say_who_asks_is_offered_where_it_is_not_asked_yet() {
    let shop = Shop::with(&[("main.py", GUARDED)]);
    let (mut client, _) = Client::start(&Setup::new(shop.folder()).capabilities(resolving(json!({}))));
    client.open(&shop.path("main.py"), GUARDED);
    assert_eq!(
        titles_at(&mut client, &shop, GUARDED, "def list_notes"),
        [
            "Require the current user on `list_notes`",
            "Require the role `auditor` on `list_notes`",
        ]
    );
    // What is required already, and the login itself, which nobody could use any more.
    assert_eq!(
        titles_at(&mut client, &shop, GUARDED, "def list_reports"),
        ["Require the current user on `list_reports`"]
    );
    assert_eq!(titles_at(&mut client, &shop, GUARDED, "def login"), [""; 0]);
    // The app serves the login.
    let at_app = titles_at(&mut client, &shop, GUARDED, "app = FastAPI()");
    assert!(at_app.iter().all(|title| !title.starts_with("Require")), "{at_app:?}");
}

#[test]
fn a_guard_is_put_on_in_one_edit_that_makes_no_file() {
    let shop = Shop::with(&[("main.py", GUARDED)]);
    let (mut client, _) = Client::start(&Setup::new(shop.folder()).capabilities(resolving(json!({}))));
    client.open(&shop.path("main.py"), GUARDED);
    let (line, column) = place(GUARDED, "def list_notes");
    let mut actions = client.code_actions(&shop.path("main.py"), line, column).into_iter();
    let offered = actions.find(|action| action["title"] == "Require the role `auditor` on `list_notes`");
    let action = client.request("codeAction/resolve", offered.unwrap()).unwrap();
    let text: String = edits(&action)
        .iter()
        .map(|edit| edit["newText"].as_str().unwrap())
        .collect();
    assert!(
        text.contains("dependencies=[Depends(require_role(\"auditor\"))]"),
        "{text}"
    );
}

#[test]
fn parts_that_are_there_are_not_offered() {
    let settings =
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n";
    let main = "import logging.config\n\nfrom fastapi import FastAPI\n\nfrom config import Settings\n\n\nasync def lifespan(app):\n    yield\n\n\n\
                settings = Settings()\nlogging.config.dictConfig({})\napp = FastAPI(lifespan=lifespan)\n\n\n@app.get(\"/healthz\")\ndef health() -> None: ...\n";
    let shop = Shop::with(&[("main.py", main), ("config.py", settings)]);
    let (mut client, _) = Client::start(&Setup::new(shop.folder()).capabilities(resolving(creating())));
    client.open(&shop.path("main.py"), main);
    assert_eq!(
        titles_at(&mut client, &shop, main, "app = FastAPI("),
        [
            "Add a database",
            "Add auth: sign-up, login, tokens",
            "Add a router",
            "Add errors and their handlers",
            "Add middleware",
            "Add fixtures for tests",
            "Add tests for the path operations of this module",
        ]
    );
}

#[test]
fn what_a_command_would_do_is_told_while_its_name_is_typed() {
    let shop = Shop::new();
    let mut client = start(&shop, creating());
    let mut preview = |command: &str, arguments: Value| {
        let params = json!({"command": command, "arguments": arguments});
        client.request("routewright/preview", params).unwrap()
    };
    let fine = preview("routewright.addRouter", json!({"name": "orders", "folder": "."}));
    assert_eq!(fine["problem"], Value::Null, "{fine}");
    assert!(fine["creates"].to_string().contains("orders.py"), "{fine}");
    assert_eq!(fine["changes"], json!(["app/main.py"]));
    for (command, arguments, part) in [
        ("routewright.addRouter", json!({"name": "class"}), "can't name"),
        ("routewright.addRouter", json!({"name": "items"}), "includes it already"),
        (
            "routewright.addRouter",
            json!({"name": "orders", "prefix": "orders"}),
            "slash",
        ),
        ("routewright.addResource", json!({"name": "2x"}), "can't name"),
        (
            "routewright.addResource",
            json!({"name": "review", "fields": ["stars"]}),
            "name:kind",
        ),
        ("routewright.addAuth", json!({"scheme": "md5"}), "md5"),
    ] {
        let told = preview(command, arguments);
        let problem = told["problem"].as_str().unwrap_or_default();
        assert!(problem.contains(part), "{command}: {told}");
    }
    let params = json!({"command": "routewright.addEverything"});
    assert!(client.request("routewright/preview", params).is_err());
}

#[test]
fn a_command_lets_new_files_be_looked_at_where_it_is_asked_to() {
    let shop = Shop::new();
    let mut client = start(&shop, creating());
    let argument = json!({"name": "orders", "folder": ".", "preview": true});
    let params = json!({"command": "routewright.addRouter", "arguments": [argument]});
    client.request("workspace/executeCommand", params).unwrap();
    let applied = client.wait_asked("workspace/applyEdit");
    assert_eq!(
        applied["edit"]["changeAnnotations"]["routewright"]["needsConfirmation"],
        true
    );
}

#[test]
fn wrong_commands_are_errors() {
    let shop = Shop::new();
    let mut client = start(&shop, json!({}));
    for params in [
        json!({"command": "routewright.addEverything"}),
        json!({"command": "routewright.addEndpoint", "arguments": [{"colour": "red"}]}),
        json!({"command": "routewright.addEndpoint", "arguments": [{"file": "nowhere.py"}]}),
        json!({"command": "routewright.addResource", "arguments": [{"name": "class"}]}),
        json!({"command": "routewright.addResource", "arguments": [{"name": "book", "fields": ["title"]}]}),
        json!({"command": "routewright.addResource", "arguments": [{"name": "book", "colour": "red"}]}),
        json!({"command": "routewright.addAuth", "arguments": [{"scheme": "md5"}]}),
        json!({"command": "routewright.addSettings", "arguments": [{"colour": "red"}]}),
        json!({"command": "routewright.addEndpoint", "arguments": [{"file": "app/items.py", "name": "not a name"}]}),
    ] {
        let error = client.request("workspace/executeCommand", params.clone()).unwrap_err();
        assert!(error["message"].as_str().unwrap().len() > 10, "{params}: {error}");
    }
    assert_eq!(client.routes().len(), 2);
}
