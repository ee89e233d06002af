//! Hover, definitions and symbols.

use serde_json::{Value, json};
use testkit::{Client, ITEMS, MAIN, Shop, place};

#[test]
fn the_card_of_a_path_operation_tells_the_whole_request() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    for token in ["get(\"/{item_id}", "\"/{item_id}", "read_item("] {
        let (line, column) = place(ITEMS, token);
        let card = client.hover(&path, line, column + 1).unwrap();
        for part in [
            "**GET** `/api/v1/items/{item_id}`",
            "`app.main:app` → `app.items:router`",
            "path: `item_id: int`",
            "query: `q",
            "`app.items.get_session`",
            "Response: `Item`, status 200",
        ] {
            assert!(card.contains(part), "{token}: {part} is not in\n{card}");
        }
    }
}

#[test]
fn hover_is_silent_off_framework_tokens() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    for token in ["import Annotated", "name: str", "return object", "item_id: int"] {
        let (line, column) = place(ITEMS, token);
        assert_eq!(client.hover(&path, line, column + 2), None, "{token}");
    }
}

#[test]
fn routers_and_dependencies_have_cards() {
    let shop = Shop::new();
    let mut client = shop.session();
    let (main, items) = (shop.path("app/main.py"), shop.path("app/items.py"));
    client.open(&main, MAIN);
    client.open(&items, ITEMS);
    let (line, column) = place(MAIN, "router, prefix");
    let card = client.hover(&main, line, column).unwrap();
    assert!(card.contains("2 routes") && card.contains("`/api/v1/items`"), "{card}");
    let (line, column) = place(ITEMS, "get_session)]");
    let card = client.hover(&items, line, column).unwrap();
    assert!(
        card.contains("`app.items.get_session`") && card.contains("`/api/v1/items/{item_id}`"),
        "{card}"
    );
}

#[test]
fn the_card_of_a_dependency_tells_which_tests_override_it() {
    let shop = Shop::new();
    shop.write("tests/__init__.py", "");
    shop.write(
        "tests/conftest.py",
        "from app import items\nfrom app.main import app\n\n\ndef client():\n    \
         app.dependency_overrides[items.get_session] = lambda: None\n",
    );
    let mut client = shop.session();
    let items = shop.path("app/items.py");
    client.open(&items, ITEMS);
    let (line, column) = place(ITEMS, "get_session():");
    let card = client.hover(&items, line, column).unwrap();
    assert!(card.contains("Needed by 1 routes"), "{card}");
    assert!(
        card.contains("- by `lambda: None` in `client`, tests/conftest.py:6"),
        "{card}"
    );
}

#[test]
fn the_card_of_a_schema_tells_its_fields_and_who_uses_it() {
    let shop = Shop::new();
    let mut client = shop.session();
    let items = shop.path("app/items.py");
    client.open(&items, ITEMS);
    for token in ["Item(BaseModel)", "Item)\ndef", "Item:\n    return item"] {
        let (line, column) = place(ITEMS, token);
        let card = client.hover(&items, line, column + 1).unwrap_or_default();
        for part in [
            "`app.items.Item` Pydantic model",
            "- `name: str`",
            "Read by:\n\n- **POST** `/api/v1/items`\n",
            "Returned by:\n\n- **GET** `/api/v1/items/{item_id}`\n- **POST** `/api/v1/items`",
        ] {
            assert!(card.contains(part), "{token}: {part} is not in\n{card}");
        }
    }
}

#[test]
fn definitions_lead_across_files() {
    let shop = Shop::new();
    let mut client = shop.session();
    let (main, items) = (shop.path("app/main.py"), shop.path("app/items.py"));
    client.open(&main, MAIN);
    let mut lead = |file: &std::path::Path, text: &str, from: &str, to: &str| {
        let (line, column) = place(text, from);
        let target = client.definition(file, line, column);
        assert_eq!(target["uri"], testkit::uri(&items).as_str(), "{from}");
        let (line, column) = place(ITEMS, to);
        assert_eq!(
            target["range"]["start"],
            json!({"line": line, "character": column}),
            "{from}"
        );
    };
    lead(&main, MAIN, "router, prefix", "router = APIRouter");
    lead(&items, ITEMS, "get_session)]", "get_session():");
    lead(&items, ITEMS, "Item)\ndef read", "Item(BaseModel)");
    lead(&items, ITEMS, "post(", "create_item(");
}

#[test]
fn documents_list_their_operations_under_full_paths() {
    let shop = Shop::new();
    let mut client = shop.session();
    let document = json!({"textDocument": {"uri": testkit::uri(&shop.path("app/items.py"))}});
    let symbols = client.request("textDocument/documentSymbol", document).unwrap();
    let names: Vec<&Value> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| &symbol["name"])
        .collect();
    assert_eq!(names, ["router", "GET /api/v1/items/{item_id}", "POST /api/v1/items"]);
}

#[test]
fn the_workspace_is_searched_by_method_path_url_and_name() {
    let shop = Shop::new();
    let mut client = shop.session();
    let mut first = |query: &str| {
        let found = client.request("workspace/symbol", json!({"query": query})).unwrap();
        found[0]["name"].as_str().map(str::to_owned)
    };
    let read = Some("GET /api/v1/items/{item_id}".to_owned());
    for query in [
        "GET /api/v1/items/{item_id}",
        "get /api/v1/items/3",
        "/api/v1/items/3",
        "read_item",
        "rdtem",
    ] {
        assert_eq!(first(query), read, "{query}");
    }
    assert_eq!(first("POST /api/v1/items"), Some("POST /api/v1/items".to_owned()));
    assert_eq!(first("DELETE /api/v1/items/3"), None);
}

#[test]
fn the_graph_follows_edits() {
    let shop = Shop::new();
    let mut client = shop.session();
    let path = shop.path("app/items.py");
    client.open(&path, ITEMS);
    let operations = |client: &mut Client, params: Value| {
        let graph = client.request("routewright/graph", params).unwrap();
        assert_eq!(graph["version"], 1);
        let nodes = graph["nodes"].as_array().unwrap().clone();
        let kinds = |kind: &str| {
            nodes
                .iter()
                .filter(|node| node["kind"] == kind)
                .cloned()
                .collect::<Vec<_>>()
        };
        (kinds("operation"), kinds("dependency").len())
    };
    let (before, dependencies) = operations(&mut client, json!({}));
    assert!(dependencies > 0);
    assert!(
        before.iter().any(|node| node["path"] == "/api/v1/items/{item_id}"),
        "{before:?}"
    );
    client.replace(&path, 2, &ITEMS.replace("/{item_id}", "/{item_id}/card"));
    let (after, dependencies) = operations(&mut client, json!({"of": "routes", "app": "app.main:app"}));
    assert!(
        after.iter().any(|node| node["path"] == "/api/v1/items/{item_id}/card"),
        "{after:?}"
    );
    assert_eq!(dependencies, 0);
}
