//! What is offered where.

use crate::case::{Case, Project};
use base::Span;

const MODULE: &str = r#"from fastapi import FastAPI

app = FastAPI()
items = {}


@app.get("/items/{item_id}")
def read_item(item_id: int):
    return items[item_id]


@app.post("/login")
def login():
    return {}
"#;

fn project(text: &str) -> Project {
    Project::of(&Case {
        title: String::new(),
        files: vec![("main.py".to_owned(), text.to_owned())],
        request: String::new(),
        expected: String::new(),
        expected_lines: (0, 0),
        is_crlf: false,
        is_cut: false,
    })
}

fn titles(text: &str, at: &str) -> Vec<String> {
    let project = project(text);
    let offset = text.find(at).unwrap() as u32;
    project
        .analysis
        .endpoint_offers(project.file("main.py"), Span::new(offset, offset))
        .into_iter()
        .map(|offer| offer.title)
        .collect()
}

#[test]
fn the_operations_that_lack_and_the_plain_ones_are_offered() {
    assert_eq!(
        titles(MODULE, "@app.get"),
        [
            "Insert endpoint: GET /items (list items)",
            "Insert endpoint: POST /items (create item)",
            "Insert endpoint: PUT /items/{item_id} (replace item)",
            "Insert endpoint: PATCH /items/{item_id} (update item)",
            "Insert endpoint: DELETE /items/{item_id} (delete item)",
            "Insert endpoint: plain GET on `app`",
            "Insert endpoint: plain POST on `app`",
            "Insert endpoint: plain PUT on `app`",
            "Insert endpoint: plain PATCH on `app`",
            "Insert endpoint: plain DELETE on `app`",
            "Insert endpoint: plain WebSocket on `app`",
            "Insert endpoint: upload on `app`",
            "Insert endpoint: download on `app`",
            "Insert endpoint: stream on `app`",
            "Insert endpoint: server-sent events on `app`",
            "Insert endpoint: background task on `app`",
        ]
    );
}

#[test]
fn nothing_is_offered_in_a_body() {
    assert_eq!(titles(MODULE, "items[item_id]"), [""; 0]);
}

#[test]
fn nothing_is_offered_where_there_is_no_router() {
    assert_eq!(titles("x = 1\n", "x"), [""; 0]);
}

#[test]
fn a_bare_decorator_is_offered_its_function() {
    let text = format!("{MODULE}\n\n@app.get(\"/users/{{user_id}}\")\n");
    assert_eq!(
        titles(&text, "@app.get(\"/users"),
        [
            "Insert the function of GET /users/{user_id}",
            "Insert the function of GET /users/{user_id}: download",
            "Insert the function of GET /users/{user_id}: stream",
            "Insert the function of GET /users/{user_id}: server-sent events",
        ]
    );
}

#[test]
fn every_offer_can_be_built() {
    let project = project(MODULE);
    let file = project.file("main.py");
    for offer in project.analysis.endpoint_offers(file, Span::new(0, 0)) {
        let built = project.analysis.endpoint(file, &offer.request);
        assert!(built.is_ok(), "{}: {}", offer.title, built.unwrap_err());
    }
}

const TESTED: &str = r#"from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_items() -> None:
    assert client.get("/items/3").status_code == 200
    assert client.post("/items/3/photo", files={}).status_code == 201
    assert client.delete(f"/users/{1}").status_code == 204
"#;

#[test]
fn a_request_that_no_route_answers_is_offered_one() {
    let project = Project::of(&Case {
        title: String::new(),
        files: vec![
            ("main.py".to_owned(), MODULE.to_owned()),
            ("test_main.py".to_owned(), TESTED.to_owned()),
        ],
        request: String::new(),
        expected: String::new(),
        expected_lines: (0, 0),
        is_crlf: false,
        is_cut: false,
    });
    let file = project.file("test_main.py");
    let offers = |at: &str| {
        let offset = TESTED.find(at).unwrap() as u32;
        project.analysis.endpoint_offers(file, Span::new(offset, offset))
    };
    let titles = |at: &str| offers(at).into_iter().map(|offer| offer.title).collect::<Vec<_>>();
    assert_eq!(
        titles("photo"),
        ["Insert the path operation POST /items/{item_id}/photo on `app`"]
    );
    assert_eq!(
        titles("/users"),
        ["Insert the path operation DELETE /users/{user_id} on `app`"]
    );
    assert!(
        titles("client.get")
            .iter()
            .all(|title| !title.contains("the path operation"))
    );
    let insertion = project.analysis.endpoint(file, &offers("photo")[0].request).unwrap();
    assert_eq!(insertion.file, project.file("main.py"));
    assert_eq!(insertion.summary, "POST /items/{item_id}/photo as create_item_photo");
}

#[test]
fn a_comment_that_says_a_path_operation_is_offered_one() {
    let text = format!("{MODULE}\n\n# PATCH /items/{{item_id}}: dict[str, str]\n# Of no use.\n");
    let offered = titles(&text, "# PATCH");
    assert_eq!(offered, ["Insert the path operation PATCH /items/{item_id}"]);
    assert!(!titles(&text, "# Of no").contains(&offered[0]));
}
