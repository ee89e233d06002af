//! Positions in every encoding.

use serde_json::{Value, json};
use testkit::{Client, Setup, Shop};

const TEXT: &str =
    "from fastapi import FastAPI\n\nx = 'ü😀'; app = FastAPI()\n\n\n@app.get(\"/😀é/{x}\")\ndef läse(x: int): ...\n";

fn start(shop: &Shop, encodings: &Value) -> (Client, Value) {
    let capabilities = json!({"general": {"positionEncodings": encodings}});
    Client::start(&Setup::new(shop.folder()).capabilities(capabilities))
}

#[test]
fn the_encoding_is_negotiated_announced_and_used() {
    for (offered, chosen, end) in [
        (json!(["utf-8", "utf-16"]), "utf-8", 22),
        (json!(["utf-16"]), "utf-16", 19),
        (json!(["utf-32"]), "utf-32", 18),
    ] {
        let shop = Shop::with(&[("main.py", TEXT)]);
        let (mut client, answer) = start(&shop, &offered);
        assert_eq!(answer["capabilities"]["positionEncoding"], chosen);
        let document = json!({"uri": testkit::uri(&shop.path("main.py"))});
        let position = json!({"line": 5, "character": 10});
        let hover = client
            .request(
                "textDocument/hover",
                json!({"textDocument": document, "position": position}),
            )
            .unwrap();
        assert_eq!(hover["range"]["end"], json!({"line": 5, "character": end}), "{chosen}");
    }
}

#[test]
fn edits_are_applied_in_the_negotiated_encoding() {
    for (encoding, start_column, end_column) in [("utf-8", 11, 17), ("utf-16", 11, 14), ("utf-32", 11, 13)] {
        let shop = Shop::with(&[("main.py", TEXT)]);
        let (mut client, _) = start(&shop, &json!([encoding]));
        let path = shop.path("main.py");
        client.open(&path, TEXT);
        let range = json!({
            "start": {"line": 5, "character": start_column},
            "end": {"line": 5, "character": end_column},
        });
        client.change(&path, 2, json!([{"range": range, "text": "new"}]));
        assert_eq!(client.routes(), ["GET /new/{x}"], "{encoding}");
    }
}
