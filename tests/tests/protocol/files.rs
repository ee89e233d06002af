//! Changes on disk.

use serde_json::json;
use testkit::{Client, ITEMS, MAIN, Setup, Shop};

const WATCHES: &str = "workspace/didChangeWatchedFiles";

#[test]
fn asks_a_client_that_can_to_watch_files() {
    let shop = Shop::new();
    let capabilities = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let (mut client, _) = Client::start(&Setup::new(shop.folder()).capabilities(capabilities));
    let asked = client.wait_asked("client/registerCapability");
    assert_eq!(asked["registrations"][0]["method"], WATCHES);
    client.shut_down();
}

#[test]
fn files_made_changed_renamed_and_deleted_count() {
    let shop = Shop::new();
    let mut client = shop.session();
    assert_eq!(client.routes().len(), 2);
    let (items, renamed) = (shop.path("app/items.py"), shop.path("app/things.py"));

    shop.write("app/items.py", &ITEMS.replace("/items", "/goods"));
    client.touch(&[(&items, 2)]);
    assert_eq!(client.routes()[1], "POST /api/v1/goods");

    std::fs::rename(&items, &renamed).unwrap();
    shop.write("app/main.py", &MAIN.replace("app.items", "app.things"));
    client.touch(&[(&items, 3), (&renamed, 1), (&shop.path("app/main.py"), 2)]);
    assert_eq!(client.routes()[1], "POST /api/v1/goods");

    std::fs::remove_file(&renamed).unwrap();
    client.touch(&[(&renamed, 3)]);
    assert_eq!(client.routes(), Vec::<String>::new());
}

#[test]
fn a_checkout_of_another_branch_links_once_and_leaves_buffers_alone() {
    let shop = Shop::new();
    for index in 0..40 {
        shop.write(&format!("app/part{index}.py"), ITEMS);
    }
    let mut client = shop.session();
    let main = shop.path("app/main.py");
    client.open(&main, &MAIN.replace("/api/v1", "/unsaved"));
    assert_eq!(client.routes()[1], "POST /unsaved/items");
    let before = client.status()["relinks"].as_u64().unwrap();
    shop.write("app/main.py", "");
    shop.write("app/items.py", &ITEMS.replace("/items", "/branch"));
    let mut changed = vec![(main, 2), (shop.path("app/items.py"), 2)];
    for index in 0..40 {
        let path = shop.path(&format!("app/part{index}.py"));
        std::fs::remove_file(&path).unwrap();
        changed.push((path, 3));
    }
    let events: Vec<_> = changed.iter().map(|(path, kind)| (path.as_path(), *kind)).collect();
    client.touch(&events);
    assert_eq!(client.routes()[1], "POST /unsaved/branch");
    assert_eq!(client.status()["relinks"].as_u64().unwrap() - before, 1);
}

#[test]
fn a_client_that_watches_nothing_is_served_at_the_next_save() {
    let shop = Shop::new();
    let mut client = shop.session();
    assert_eq!(client.routes().len(), 2);
    shop.write(
        "app/items.py",
        &ITEMS.replace("prefix=\"/items\"", "prefix=\"/changed-outside\""),
    );
    let saved = json!({"textDocument": {"uri": testkit::uri(&shop.path("app/main.py"))}});
    client.notify("textDocument/didSave", saved);
    assert_eq!(client.routes()[1], "POST /api/v1/changed-outside");
}

const TABLE: &str = r#"import json
from pathlib import Path

from fastapi import APIRouter

router = APIRouter(prefix="/items")


def handler() -> None: ...


with open(Path(__file__).parent / "endpoints.json", encoding="utf-8") as file:
    for entry in json.load(file)["endpoints"]:
        router.add_api_route(entry["path"], handler, methods=[entry["method"]])
"#;

#[test]
fn a_table_in_a_file_of_data_is_read_again_when_it_changes() {
    let shop = Shop::new();
    let unresolved =
        |client: &mut Client| client.request("routewright/routes", json!({})).unwrap()["unresolved"].clone();
    let table = |path: &str| format!(r#"{{"endpoints": [{{"path": "{path}", "method": "GET"}}]}}"#);
    shop.write("app/items.py", TABLE);
    shop.write("app/endpoints.json", &table("/first"));
    let mut client = shop.session();
    let file = shop.path("app/endpoints.json");
    assert_eq!(client.routes(), ["GET /api/v1/items/first"]);

    shop.write("app/endpoints.json", &table("/second"));
    client.touch(&[(&file, 2)]);
    assert_eq!(client.routes(), ["GET /api/v1/items/second"]);

    let links = client.status()["relinks"].as_u64().unwrap();
    client.touch(&[(&file, 2)]);
    assert_eq!(client.routes(), ["GET /api/v1/items/second"]);
    assert_eq!(client.status()["relinks"].as_u64().unwrap(), links, "it says the same");

    for broken in ["{", "[]", ""] {
        shop.write("app/endpoints.json", broken);
        client.touch(&[(&file, 2)]);
        assert_eq!(unresolved(&mut client).as_array().unwrap().len(), 1, "{broken}");
    }
    std::fs::remove_file(&file).unwrap();
    client.touch(&[(&file, 3)]);
    assert_eq!(unresolved(&mut client)[0]["why"], "`endpoints.json` is not there");

    shop.write("app/endpoints.json", &table("/third"));
    client.touch(&[(&file, 1)]);
    assert_eq!(client.routes(), ["GET /api/v1/items/third"]);
}

#[test]
fn a_workspace_that_is_removed_leaves_the_server_alive() {
    let shop = Shop::new();
    let mut client = shop.session();
    let main = shop.path("app/main.py");
    client.open(&main, MAIN);
    assert_eq!(client.routes().len(), 2);
    std::fs::remove_dir_all(shop.folder()).unwrap();
    client.touch(&[(shop.folder(), 3)]);
    assert_eq!(client.routes(), Vec::<String>::new());
    assert!(client.hover(&main, 4, 1).is_some(), "the buffer is still there");
    client.shut_down();
}
