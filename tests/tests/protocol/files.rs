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
