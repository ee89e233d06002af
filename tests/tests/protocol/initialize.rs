//! The start and the settings of a session.

use serde_json::json;
use testkit::{Client, ITEMS, Setup, Shop, place};

#[test]
fn says_what_it_can_do() {
    let shop = Shop::new();
    let (client, answer) = Client::start(&Setup::new(shop.folder()));
    let capabilities = &answer["capabilities"];
    assert_eq!(answer["serverInfo"]["name"], "routewright");
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
    for feature in [
        "hoverProvider",
        "definitionProvider",
        "documentSymbolProvider",
        "workspaceSymbolProvider",
    ] {
        assert_eq!(capabilities[feature], true, "{feature}");
    }
    assert_eq!(capabilities["codeActionProvider"]["resolveProvider"], false);
    assert!(capabilities["diagnosticProvider"].is_null(), "this client can't pull");
    client.shut_down();
}

#[test]
fn a_feature_that_is_switched_off_is_not_advertised_and_does_not_answer() {
    let shop = Shop::new();
    let mut setup = Setup::new(shop.folder());
    setup.options = json!({"hover": false});
    let (mut client, answer) = Client::start(&setup);
    assert!(answer["capabilities"]["hoverProvider"].is_null());
    client.open(&shop.path("app/items.py"), ITEMS);
    let (line, column) = place(ITEMS, "get(\"/{item_id}");
    assert_eq!(client.hover(&shop.path("app/items.py"), line, column), None);
}

#[test]
fn the_configuration_changes_without_a_restart() {
    let shop = Shop::new();
    let mut setup = Setup::new(shop.folder()).capabilities(json!({"workspace": {"configuration": true}}));
    setup.configuration = json!({"hover": false});
    let (mut client, _) = Client::start(&setup);
    client.open(&shop.path("app/items.py"), ITEMS);
    let (line, column) = place(ITEMS, "get(\"/{item_id}");
    client.wait_asked("workspace/configuration");
    client.status();
    assert_eq!(client.hover(&shop.path("app/items.py"), line, column), None);
    client.set_configuration(json!({"hover": true}));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.wait_asked("workspace/configuration");
    // The answer to the server's request and the next request of ours are taken side by side.
    let told = (0..200).find_map(|_| {
        let card = client.hover(&shop.path("app/items.py"), line, column);
        if card.is_none() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        card
    });
    assert!(told.is_some());
}

#[test]
fn a_wrong_setting_is_told_and_does_no_harm() {
    let shop = Shop::new();
    let mut setup = Setup::new(shop.folder());
    setup.options = json!({"hoover": true, "hover": 3});
    let (mut client, _) = Client::start(&setup);
    client.wait_for("window/logMessage", |log| {
        log["message"].as_str().unwrap().contains("hoover")
    });
    assert_eq!(client.routes().len(), 2);
}

#[test]
fn shows_progress_of_the_first_index() {
    let shop = Shop::new();
    let setup = Setup::new(shop.folder()).capabilities(json!({"window": {"workDoneProgress": true}}));
    let (mut client, _) = Client::start(&setup);
    let token = client.wait_asked("window/workDoneProgress/create")["token"].clone();
    for kind in ["begin", "end"] {
        let told = client.wait_for("$/progress", |progress| progress["value"]["kind"] == kind);
        assert_eq!(told["token"], token);
    }
}

#[test]
fn several_workspace_folders_come_and_go() {
    let (first, second) = (Shop::new(), Shop::new());
    second.write("app/main.py", &testkit::MAIN.replace("/api/v1", "/other"));
    let mut setup = Setup::new(first.folder());
    setup.folders.push(second.folder().to_path_buf());
    let (mut client, _) = Client::start(&setup);
    let mut routes = client.routes();
    routes.sort();
    assert_eq!(
        routes,
        [
            "GET /api/v1/items/{item_id}",
            "GET /other/items/{item_id}",
            "POST /api/v1/items",
            "POST /other/items"
        ]
    );
    let folder = |shop: &Shop| json!({"uri": testkit::uri(shop.folder()), "name": "folder"});
    let change = |added: Vec<_>, removed: Vec<_>| json!({"event": {"added": added, "removed": removed}});
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        change(vec![], vec![folder(&first)]),
    );
    assert_eq!(client.routes(), ["GET /other/items/{item_id}", "POST /other/items"]);
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        change(vec![folder(&first)], vec![folder(&second)]),
    );
    assert_eq!(client.routes(), ["GET /api/v1/items/{item_id}", "POST /api/v1/items"]);
}

#[test]
fn traces_only_when_it_is_told_to() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    client.replace(&path, 2, ITEMS);
    client.routes();
    assert!(client.take_notifications("$/logTrace").is_empty());
    client.notify("$/setTrace", json!({"value": "messages"}));
    client.replace(&path, 3, ITEMS);
    let trace = client.wait_for("$/logTrace", |_| true);
    assert!(trace["message"].as_str().unwrap().contains("version 3"));
}
