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
