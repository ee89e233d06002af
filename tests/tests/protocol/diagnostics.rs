//! Diagnostics: pushed or pulled, never both, and never left behind.

use serde_json::{Value, json};
use testkit::{Client, Setup, Shop};

const WRONG: &str = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"items\")\ndef read_items(): ...\n";
const PUBLISH: &str = "textDocument/publishDiagnostics";

fn right() -> String {
    WRONG.replace("\"items\"", "\"/items\"")
}

fn pulls() -> Value {
    json!({
        "textDocument": {"diagnostic": {}, "publishDiagnostics": {}},
        "workspace": {"diagnostic": {"refreshSupport": true}},
    })
}

#[test]
fn are_published_cleared_and_published_again() {
    let shop = Shop::with(&[("main.py", WRONG)]);
    let mut client = shop.session();
    let path = shop.path("main.py");
    let found = client.wait_for_diagnostics(&path, |found| !found.is_empty());
    assert_eq!(found[0]["source"], "routewright");
    assert_eq!(found[0]["code"], "path-missing-slash");
    assert_eq!(found[0]["range"]["start"], json!({"line": 5, "character": 9}));
    client.open(&path, WRONG);
    client.replace(&path, 2, &right());
    client.wait_for_diagnostics(&path, <[Value]>::is_empty);
    client.replace(&path, 3, WRONG);
    client.wait_for_diagnostics(&path, |found| !found.is_empty());
}

#[test]
fn only_files_whose_diagnostics_changed_are_published_again() {
    let shop = Shop::with(&[("one.py", WRONG), ("two.py", WRONG)]);
    let mut client = shop.session();
    let (one, two) = (shop.path("one.py"), shop.path("two.py"));
    client.wait_for_diagnostics(&one, |found| !found.is_empty());
    client.wait_for_diagnostics(&two, |found| !found.is_empty());
    client.open(&one, WRONG);
    client.replace(&one, 2, &right());
    client.wait_for_diagnostics(&one, <[Value]>::is_empty);
    let others = client.take_notifications(PUBLISH);
    assert!(
        others.iter().all(|told| told["uri"] != testkit::uri(&two).as_str()),
        "{others:?}"
    );
}

#[test]
fn a_change_of_one_file_reaches_what_it_means_for_others() {
    const FIRST: &str = "from fastapi import APIRouter\n\nrouter = APIRouter(prefix=\"/one\")\n\n\n@router.get(\"/{x}\")\ndef f(x: str): ...\n";
    let second = FIRST
        .replace("/one", "/two")
        .replace("{x}", "here")
        .replace("x: str", "");
    let main = "from fastapi import FastAPI\n\nimport first\nimport open_one\nimport closed_one\n\napp = FastAPI()\n\
                app.include_router(first.router)\napp.include_router(open_one.router)\napp.include_router(closed_one.router)\n";
    let shop = Shop::with(&[
        ("main.py", main),
        ("first.py", FIRST),
        ("open_one.py", &second),
        ("closed_one.py", &second.replace("here", "there")),
    ]);
    let mut client = shop.session();
    let first = shop.path("first.py");
    let others = [shop.path("open_one.py"), shop.path("closed_one.py")];
    client.open(&first, FIRST);
    client.open(&others[0], &second);
    for version in [2, 4] {
        client.replace(&first, version, &FIRST.replace("/one", "/two"));
        for other in &others {
            let found = client.wait_for_diagnostics(other, |found| !found.is_empty());
            assert_eq!(found[0]["code"], "route-shadowed");
        }
        client.replace(&first, version + 1, FIRST);
        for other in &others {
            client.wait_for_diagnostics(other, <[Value]>::is_empty);
        }
    }
}

#[test]
fn move_with_their_text() {
    let shop = Shop::with(&[("main.py", WRONG)]);
    let mut client = shop.session();
    let path = shop.path("main.py");
    client.open(&path, WRONG);
    client.wait_for_diagnostics(&path, |found| !found.is_empty());
    let start = json!({"line": 0, "character": 0});
    client.change(
        &path,
        2,
        json!([{"range": {"start": start, "end": start}, "text": "# a comment\n"}]),
    );
    client.wait_for_diagnostics(&path, |found| found[0]["range"]["start"]["line"] == 6);
}

#[test]
fn are_cleared_when_their_file_is_deleted() {
    let shop = Shop::with(&[("main.py", WRONG)]);
    let mut client = shop.session();
    let path = shop.path("main.py");
    client.wait_for_diagnostics(&path, |found| !found.is_empty());
    std::fs::remove_file(&path).unwrap();
    client.touch(&[(&path, 3)]);
    client.wait_for_diagnostics(&path, <[Value]>::is_empty);
}

#[test]
fn a_client_that_pulls_is_not_pushed_to() {
    let shop = Shop::with(&[("main.py", WRONG)]);
    let (mut client, answer) = Client::start(&Setup::new(shop.folder()).capabilities(pulls()));
    assert_eq!(
        answer["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"],
        true
    );
    let path = shop.path("main.py");
    client.open(&path, WRONG);
    let document = json!({"uri": testkit::uri(&path)});
    let report = client
        .request("textDocument/diagnostic", json!({"textDocument": document}))
        .unwrap();
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "path-missing-slash");
    let again = json!({"textDocument": document, "previousResultId": report["resultId"]});
    assert_eq!(
        client.request("textDocument/diagnostic", again).unwrap()["kind"],
        "unchanged"
    );
    let whole = client
        .request("workspace/diagnostic", json!({"previousResultIds": []}))
        .unwrap();
    assert_eq!(whole["items"][0]["uri"], document["uri"]);
    client.replace(&path, 2, &right());
    client.wait_asked("workspace/diagnostic/refresh");
    client.routes();
    assert!(client.take_notifications(PUBLISH).is_empty());
}

#[test]
fn a_wrong_key_of_the_configuration_is_told_on_its_place() {
    let shop = Shop::with(&[
        ("main.py", WRONG),
        ("pyproject.toml", "[tool.routewright]\nsource-rots = ['x']\n"),
    ]);
    let mut client = shop.session();
    let path = shop.path("pyproject.toml");
    let found = client.wait_for_diagnostics(&path, |found| !found.is_empty());
    assert_eq!(found[0]["range"]["start"], json!({"line": 1, "character": 0}));
    assert!(found[0]["message"].as_str().unwrap().contains("source-roots"));
    client.wait_for_diagnostics(&shop.path("main.py"), |found| !found.is_empty());
    shop.write(
        "pyproject.toml",
        "[tool.routewright.rules]\npath-missing-slash = 'off'\n",
    );
    client.touch(&[(&path, 2)]);
    client.wait_for_diagnostics(&path, <[Value]>::is_empty);
    client.wait_for_diagnostics(&shop.path("main.py"), <[Value]>::is_empty);
}

#[test]
fn the_editor_s_settings_reach_the_rules() {
    let shop = Shop::with(&[("main.py", WRONG)]);
    let settings = json!({"rules": {"ignore": ["path-missing-slash"]}});
    // Helix sends its whole configuration of the server, in which ours is a section.
    for options in [settings.clone(), json!({"routewright": settings})] {
        let mut setup = Setup::new(shop.folder()).capabilities(pulls());
        setup.options = options;
        let (mut client, _) = Client::start(&setup);
        let document = json!({"uri": testkit::uri(&shop.path("main.py"))});
        let report = client
            .request("textDocument/diagnostic", json!({"textDocument": document}))
            .unwrap();
        assert_eq!(report["items"], json!([]));
    }
}
