//! Open documents: what clients do and should not do.

use serde_json::json;
use testkit::{ITEMS, MAIN, Shop};

fn replaced(text: &str) -> String {
    ITEMS.replace("\"/{item_id}\"", text)
}

#[test]
fn a_request_right_behind_an_edit_sees_it() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    for version in 2..30 {
        client.replace(&path, version, &replaced(&format!("\"/v{version}/{{item_id}}\"")));
        assert_eq!(client.routes()[0], format!("GET /api/v1/items/v{version}/{{item_id}}"));
    }
}

#[test]
fn several_edits_in_one_change_build_on_each_other() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/main.py");
    client.open(&path, MAIN);
    let at = |line, start, end| json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}});
    client.change(
        &path,
        2,
        json!([
            {"range": at(0, 0, 0), "text": "\n\n"},
            {"range": at(7, 35, 42), "text": "/v2"},
        ]),
    );
    assert_eq!(client.routes()[1], "POST /v2/items");
}

#[test]
fn reopening_with_version_one_keeps_later_edits() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    client.replace(&path, 7, &replaced("\"/a\""));
    client.close(&path);
    assert_eq!(client.routes()[0], "GET /api/v1/items/{item_id}");
    client.open(&path, ITEMS);
    client.replace(&path, 2, &replaced("\"/b\""));
    assert_eq!(client.routes()[0], "GET /api/v1/items/b");
}

#[test]
fn odd_documents_are_tolerated_and_told() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.replace(&path, 3, &replaced("\"/unopened\""));
    assert_eq!(client.routes()[0], "GET /api/v1/items/unopened");
    client.open(&path, &replaced("\"/twice\""));
    assert_eq!(client.routes()[0], "GET /api/v1/items/twice");
    let far = json!({"start": {"line": 900, "character": 0}, "end": {"line": 901, "character": 7}});
    client.change(
        &path,
        1,
        json!([{"range": far, "text": "\n\n@router.get(\"/far\")\ndef far(): ...\n"}]),
    );
    assert_eq!(client.routes()[2], "GET /api/v1/items/far");
    for part in ["without being open", "opened twice", "went from 1 to 1"] {
        client.wait_for("window/logMessage", |log| {
            log["message"].as_str().unwrap().contains(part)
        });
    }
}

#[test]
fn untitled_documents_are_served_alone() {
    let shop = Shop::new();
    let mut client = shop.session();
    let uri = "untitled:Untitled-1";
    let text = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/alone\")\ndef alone(): ...\n";
    client.open_uri(uri, 1, text);
    let params = json!({"textDocument": {"uri": uri}, "position": {"line": 5, "character": 6}});
    let hover = client.request("textDocument/hover", params).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("`/alone`"));
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    assert_eq!(client.routes().len(), 2);
}

#[test]
fn paths_with_odd_characters_are_documents_like_others() {
    let shop = Shop::with(&[("a b/ü+@('[#/main.py", "import fastapi\n")]);
    let mut client = shop.session();
    let path = shop.path("a b/ü+@('[#/main.py");
    let text = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/odd\")\ndef odd(): ...\n";
    client.open(&path, text);
    assert_eq!(client.routes(), ["GET /odd"]);
    assert!(client.hover(&path, 5, 6).unwrap().contains("`/odd`"));
}

#[test]
fn typing_in_a_body_links_nothing() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    let before = client.status()["relinks"].clone();
    for (version, letter) in "value = compute(item_id)".chars().enumerate() {
        let line = ITEMS.lines().position(|line| line.contains("return Item(")).unwrap();
        let caret = json!({"line": line, "character": 4 + version});
        let text = if version == 0 {
            format!("{letter}\n    ")
        } else {
            letter.to_string()
        };
        let edit = json!([{"range": {"start": caret, "end": caret}, "text": text}]);
        client.change(&path, version as i32 + 2, edit);
        client.routes();
    }
    assert_eq!(client.status()["relinks"], before);
}
