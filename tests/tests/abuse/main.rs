//! Bad input: whatever comes in, there is a proper error or a log line, and the server still answers the next hover.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use serde_json::{Value, json};
use testkit::{Client, ITEMS, Setup, Shop, frame, place};

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;

/// A session with an open document, and the question whether it still works.
struct Session {
    shop: Shop,
    client: Client,
}

impl Session {
    fn new() -> Self {
        Self::of(Shop::new())
    }

    fn of(shop: Shop) -> Self {
        let mut client = shop.session();
        client.open(&shop.path("app/items.py"), ITEMS);
        Self { shop, client }
    }

    fn still_answers(&mut self) {
        let (line, column) = place(ITEMS, "get(\"/{item_id}");
        let card = self
            .client
            .hover(&self.shop.path("app/items.py"), line, column)
            .unwrap();
        assert!(card.contains("{item_id}"), "{card}");
    }

    fn logs(&mut self, part: &str) {
        self.client.wait_for("window/logMessage", |log| {
            log["message"].as_str().unwrap().contains(part)
        });
    }
}

#[test]
fn bytes_that_are_no_message_are_skipped_and_answered() {
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: 99999999999999999\r\n\r\n",
        b"Content-Length: 10\r\n\r\nnot json!!",
        b"Content-Length: 2\r\n\r\n{\"jsonrpc\": \"2.0\"}",
        b"Content-Length: 4\r\n\r\n\xff\xfe\x00\x01",
    ] {
        let mut session = Session::new();
        session.client.send_raw(garbage);
        session.still_answers();
        let error = session.client.answer(&Value::Null).unwrap_err();
        assert_eq!(error["code"], PARSE_ERROR, "{}", String::from_utf8_lossy(garbage));
    }
}

#[test]
fn a_length_that_is_too_great_swallows_only_its_own_message() {
    let mut session = Session::new();
    let body = r#"{"jsonrpc":"2.0","method":"$/nothing"}"#;
    session
        .client
        .send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len() + 40).as_bytes());
    session.still_answers();
}

#[test]
fn values_that_are_no_request_are_refused() {
    let mut session = Session::new();
    for (message, id) in [
        (json!([1, 2]), Value::Null),
        (json!("hello"), Value::Null),
        (json!({"jsonrpc": "2.0", "id": 900}), json!(900)),
        (json!({"jsonrpc": "1.0", "id": 901, "method": "shutdown"}), json!(901)),
        (json!({"jsonrpc": "2.0", "id": 902, "method": 17}), json!(902)),
        (json!({"id": "a", "method": "textDocument/hover"}), json!("a")),
    ] {
        session.client.send(&message);
        let error = session.client.answer(&id).unwrap_err();
        assert_eq!(error["code"], INVALID_REQUEST, "{message}");
    }
    session.still_answers();
}

#[test]
fn unknown_methods_and_wrong_params_are_errors() {
    let mut session = Session::new();
    let mut code = |method: &str, params: Value| session.client.request(method, params).unwrap_err()["code"].clone();
    assert_eq!(code("textDocument/teleport", json!({})), METHOD_NOT_FOUND);
    assert_eq!(code("routewright/nothing", json!({})), METHOD_NOT_FOUND);
    for method in [
        "textDocument/hover",
        "textDocument/definition",
        "textDocument/documentSymbol",
        "textDocument/codeAction",
        "workspace/symbol",
        "workspace/executeCommand",
    ] {
        for params in [json!({}), json!([]), json!(7), json!({"textDocument": "x"})] {
            assert_eq!(code(method, params), INVALID_PARAMS, "{method}");
        }
    }
    session
        .client
        .notify("textDocument/didChange", json!({"textDocument": 5}));
    session.client.notify("textDocument/teleported", json!({}));
    session.still_answers();
}

#[test]
fn answers_to_questions_nobody_asked_are_ignored() {
    let mut session = Session::new();
    session
        .client
        .send(&json!({"jsonrpc": "2.0", "id": 4711, "result": null}));
    session
        .client
        .send(&json!({"jsonrpc": "2.0", "id": 4712, "error": {"code": 1, "message": "no"}}));
    session.still_answers();
}

#[test]
fn positions_outside_the_text_are_moved_inside() {
    let mut session = Session::new();
    let path = session.shop.path("app/items.py");
    assert_eq!(session.client.hover(&path, 4_000_000_000, 4_000_000_000), None);
    let far = json!({"line": 4_000_000_000_u32, "character": 4_000_000_000_u32});
    let start = json!({"line": 0, "character": 0});
    let edit = |from: &Value, to: &Value, text: &str| json!([{"range": {"start": from, "end": to}, "text": text}]);
    session.client.change(&path, 2, edit(&far, &far, "\n# the end\n"));
    session.client.change(&path, 3, edit(&far, &start, ITEMS));
    session.logs("items.py");
    session.still_answers();
}

#[test]
fn lone_surrogates_keep_the_session_and_the_sync() {
    let mut session = Session::new();
    let uri = testkit::uri(&session.shop.path("app/items.py"));
    let change = |version: i32, (line, start): (u32, u32), end: u32, text: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{uri}","version":{version}}},"contentChanges":[{{"range":{{"start":{{"line":{line},"character":{start}}},"end":{{"line":{line},"character":{end}}}}},"text":"{text}"}}]}}}}"#
        )
    };
    // The first half of an emoji in front of the path, then the second half, as some editors send them.
    let (line, column) = place(ITEMS, "{item_id}");
    session
        .client
        .send_raw(&frame(&change(2, (line, column), column, r"\ud83d")));
    session.still_answers();
    session
        .client
        .send_raw(&frame(&change(3, (line, column + 1), column + 1, r"\ude00x/")));
    assert_eq!(
        session.client.routes()[0],
        "GET /api/v1/items/\u{fffd}\u{fffd}x/{item_id}"
    );
    session
        .client
        .send_raw(&frame(&change(4, (line, column), column + 4, "")));
    assert_eq!(session.client.routes()[0], "GET /api/v1/items/{item_id}");
}

#[test]
fn two_thousand_nested_brackets_are_survived() {
    let shop = Shop::new();
    for (index, (open, close)) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("f(", ")"),
        ("-", ""),
        ("not ", ""),
        ("a.b[", "]"),
    ]
    .iter()
    .enumerate()
    {
        let nested = format!("import fastapi\nx = {}1{}\n", open.repeat(2000), close.repeat(2000));
        shop.write(&format!("app/nested{index}.py"), &nested);
        let open_only = format!("import fastapi\nx = {}\n", open.repeat(3000));
        shop.write(&format!("app/unclosed{index}.py"), &open_only);
    }
    let blocks: String = (0..2000).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    shop.write("app/blocks.py", &format!("import fastapi\n{blocks}"));
    let mut session = Session::of(shop);
    assert_eq!(session.client.routes().len(), 2);
    let path = session.shop.path("app/nested0.py");
    let text = std::fs::read_to_string(&path).unwrap();
    session.client.open(&path, &text);
    session.client.replace(&path, 2, &text.replace('1', "2 + 2"));
    session.still_answers();
}

#[test]
fn a_file_of_fifty_megabytes_is_survived() {
    let shop = Shop::new();
    let huge = "from fastapi import FastAPI\n".to_owned() + &"value = 1  # fifty megabytes of this\n".repeat(1_500_000);
    assert!(huge.len() > 50 << 20);
    shop.write("app/huge.py", &huge);
    let mut session = Session::of(shop);
    assert_eq!(session.client.routes().len(), 2);
    let path = session.shop.path("app/huge.py");
    session.client.open(&path, &huge);
    let caret = json!({"line": 700_000, "character": 0});
    let edit = json!([{"range": {"start": caret, "end": caret}, "text": "# edited\n"}]);
    session.client.change(&path, 2, edit);
    session.still_answers();
    session.client.close(&path);
    session.still_answers();
}

#[cfg(unix)]
#[test]
fn unreadable_files_invalid_utf_8_and_loops_of_links_are_survived() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let shop = Shop::new();
    std::fs::write(shop.path("app/latin1.py"), b"import fastapi\nname = '\xe9\xff'\n").unwrap();
    std::fs::write(
        shop.path("app/binary.py"),
        (0..=255).cycle().take(9999).collect::<Vec<u8>>(),
    )
    .unwrap();
    shop.write("app/secret.py", "import fastapi\n");
    std::fs::set_permissions(shop.path("app/secret.py"), std::fs::Permissions::from_mode(0o000)).unwrap();
    symlink(shop.folder(), shop.path("app/loop")).unwrap();
    symlink(shop.path("app/self.py"), shop.path("app/self.py")).unwrap();
    symlink(shop.path("nowhere.py"), shop.path("app/dangling.py")).unwrap();
    std::fs::create_dir(shop.path("app/folder.py")).unwrap();
    let mut session = Session::of(shop);
    session.still_answers();
    let path = session.shop.path("app/latin1.py");
    session.client.open(&path, "import fastapi\nname = 'é'\n");
    session.still_answers();
}

#[test]
fn uris_of_every_kind_are_survived() {
    let mut session = Session::new();
    for uri in [
        "untitled:Untitled-1",
        "vscode-notebook-cell:/a/b.ipynb#C1",
        "file:///c%3A/project/main.py",
        "file://server/share/main.py",
        "file:///",
        "git:/a/main.py?%7B%7D",
        "jar:file:///a.jar!/b.py",
    ] {
        session.client.open_uri(uri, 1, ITEMS);
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 17, "character": 9}});
        session.client.request("textDocument/hover", params).unwrap();
        session
            .client
            .notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }
    let wrong = json!({"textDocument": {"uri": "no uri"}, "position": {"line": 0, "character": 0}});
    let error = session.client.request("textDocument/hover", wrong).unwrap_err();
    assert_eq!(error["code"], INVALID_PARAMS);
    session.still_answers();
}

#[test]
fn a_thousand_requests_at_once_are_all_answered() {
    let mut session = Session::new();
    let (line, column) = place(ITEMS, "get(\"/{item_id}");
    let uri = testkit::uri(&session.shop.path("app/items.py"));
    let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": column}});
    let ids: Vec<i64> = (0..1000)
        .map(|_| session.client.start_request("textDocument/hover", params.clone()))
        .collect();
    for id in ids {
        assert!(session.client.answer(&json!(id)).unwrap()["contents"].is_object());
    }
}

#[test]
fn half_written_code_of_every_kind_is_survived() {
    let mut session = Session::new();
    let path = session.shop.path("app/items.py");
    let mut version = 1;
    for end in (0..ITEMS.len()).step_by(3) {
        version += 1;
        session.client.replace(&path, version, &ITEMS[..end]);
    }
    session.client.replace(&path, version + 1, ITEMS);
    session.still_answers();
    assert_eq!(session.client.routes().len(), 2);
}

#[test]
fn a_folder_that_is_not_there_is_survived() {
    let shop = Shop::new();
    let mut setup = Setup::new(&shop.path("not/there"));
    setup.folders.push(shop.path("app/main.py"));
    let (mut client, _) = Client::start(&setup);
    client.open(&shop.path("app/items.py"), ITEMS);
    assert!(client.routes().is_empty() || client.routes().len() == 2);
    client.shut_down();
}
