//! The style profile: what `routewright status` says of a project is what is inserted, and what is set goes before it.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use serde_json::Value;
use std::process::{Command, Output, Stdio};
use testkit::Project;

const SHOP: &str = "\
#- /pyproject.toml
[project]
name = \"shop\"
requires-python = \">=3.12\"

[tool.ruff]
line-length = 100
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.items import router

app = FastAPI()
app.include_router(router)
#- /app/errors.py
class NotFoundError(Exception): ...
#- /app/schemas.py
from pydantic import BaseModel


class NewItem(BaseModel):
    name: str


class ItemCreate(BaseModel):
    name: str


class ItemOut(BaseModel):
    id: int
    name: str
#- /app/items.py
from fastapi import APIRouter, HTTPException

from app.schemas import ItemOut, NewItem

router = APIRouter(prefix='/items')
ITEMS: dict[int, ItemOut] = {}


@router.get('/{item_id}', response_model=ItemOut)
def read_item(item_id: int):
    item = ITEMS.get(item_id)
    if item is None:
        raise HTTPException(404, 'Item not found')
    return item


@router.post('/imported', response_model=ItemOut, status_code=201)
def import_item(item_in: NewItem):
    return ItemOut(id=1, name=item_in.name)
";

fn routewright(project: &Project, arguments: &[&str]) -> Output {
    let mut command = Command::new(testkit::binary());
    command.args(arguments).current_dir(project.root()).stdin(Stdio::null());
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The items of the style by name: value, by what, and where.
fn style(project: &Project) -> Vec<(String, String, String, String)> {
    let output = routewright(project, &["status", "--format", "json"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = project.root().display().to_string();
    let told = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let items = value["projects"][0]["style"].as_array().unwrap().iter();
    items
        .map(|item| {
            let file = told(item, "file").replace(&root, "");
            let place = format!("{file}:{}", item["line"]);
            (told(item, "name"), told(item, "value"), told(item, "by"), place)
        })
        .collect()
}

fn of<'a>(style: &'a [(String, String, String, String)], name: &str) -> (&'a str, &'a str, &'a str) {
    let (_, value, by, place) = style.iter().find(|(known, ..)| known == name).unwrap();
    (value, by, place)
}

fn inserted(project: &Project, kind: &str) -> String {
    let output = routewright(
        project,
        &["add", "endpoint", "app/items.py", "--kind", kind, "--dry-run"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn each_item_is_told_with_what_shows_it() {
    let style = style(&Project::from_fixture(SHOP));
    for (name, expected) in [
        ("path-operations", ("sync", "read", "/app/items.py:9")),
        ("response", ("response_model", "read", "/app/items.py:9")),
        ("status-codes", ("number", "read", "/app/items.py:9")),
        ("not-found", ("HTTPException", "read", "/app/items.py:13")),
        ("create-schema", ("New{}", "read", "/app/schemas.py:4")),
        ("read-schema", ("{}Out", "read", "/app/schemas.py:12")),
        ("id", ("int", "default", ":null")),
        ("line-length", ("100", "read", "/pyproject.toml:6")),
        ("python-version", ("3.12", "read", "/pyproject.toml:null")),
    ] {
        assert_eq!(of(&style, name), expected, "{name}");
    }
}

#[test]
fn what_is_read_is_what_is_inserted() {
    let diff = inserted(&Project::from_fixture(SHOP), "create");
    for part in [
        "@router.post('/', response_model=ItemOut, status_code=201)",
        "def create_item(item_in: NewItem):",
    ] {
        assert!(diff.contains(part), "{part} in {diff}");
    }
}

#[test]
fn what_is_set_goes_before_what_is_read() {
    let project = Project::from_fixture(SHOP);
    let set = "[style]\npath-operations = 'async'\nresponse = 'annotation'\nstatus-codes = 'constant'\nquotes = 'double'\n\
               create-schema = '{}Create'\nnot-found = 'app.errors:NotFoundError'\ndocstrings = true\n";
    std::fs::write(project.path("routewright.toml"), set).unwrap();
    let style = style(&project);
    assert_eq!(
        of(&style, "create-schema"),
        ("{}Create", "set", "/routewright.toml:null")
    );
    let diff = inserted(&project, "create");
    for part in [
        "@router.post(\"/\", status_code=status.HTTP_201_CREATED)",
        "async def create_item(item_in: ItemCreate) -> ItemOut:",
        "\"\"\"Create",
    ] {
        assert!(diff.contains(part), "{part} in {diff}");
    }
}

#[test]
fn a_wrong_value_is_told_at_its_place_and_the_rest_holds() {
    let project = Project::from_fixture(SHOP);
    std::fs::write(
        project.path("routewright.toml"),
        "[style]\nindent = 'wide'\nquotes = 'double'\n",
    )
    .unwrap();
    let output = routewright(&project, &["status"]);
    let told = text(&output.stderr);
    assert!(
        told.contains("routewright.toml:2: it must be a number of spaces above 0, or `tab`"),
        "{told}"
    );
    assert_eq!(of(&style(&project), "quotes").0, "double");
}
