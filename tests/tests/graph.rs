//! `routewright graph`: the shape of its JSON, and what browsers, Mermaid and Graphviz make of the rest.
//!
//! `tests/graph/prepare.py` installs what these tests run; without it they fail and say so.

#![allow(clippy::unwrap_used, clippy::panic)] // Tests fail by panicking.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use testkit::Project;

const SHOP: &str = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app import items

app = FastAPI()
app.include_router(items.router, prefix=\"/v1\")
app.include_router(items.router, prefix=\"/v2\")
#- /app/items.py
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

router = APIRouter(prefix=\"/items\", tags=[\"items\"])


class Base(BaseModel):
    name: str


class Part(BaseModel):
    size: int = 1


class Item(Base):
    parts: list[Part]


def settings() -> dict[str, str]:
    return {}


def session(settings: Annotated[dict[str, str], Depends(settings)]):
    yield settings


@router.post(\"\", status_code=201)
def create_item(item: Item, session: Annotated[object, Depends(session)]) -> Item:
    return item
#- /other.py
from fastapi import FastAPI

app = FastAPI()


@app.get(\"/\")
def root() -> None:
    return None
";

/// A test that puts other things in the place of dependencies, in every way there is.
const OVERRIDES: &str = "\
#- /tests/conftest.py
import pytest

from app import items
from app.items import session
from app.main import app


def no_settings():
    return {}


app.dependency_overrides[items.settings] = no_settings


@pytest.fixture
def client(monkeypatch):
    from app.items import session as original

    def fake_session():
        return object()

    app.dependency_overrides[session] = fake_session
    app.dependency_overrides.update({original: lambda: None})
    monkeypatch.setitem(app.dependency_overrides, items.session, fake_session)
    app.dependency_overrides |= {no_settings: session}
    overrides = app.dependency_overrides
    fakes = {session: print}
    overrides[session] = repr
    overrides.update(fakes)
    monkeypatch.setattr(app, \"dependency_overrides\", {session: str} | fakes)
    mocker.patch.dict(app.dependency_overrides, {session: int}, clear=True)
    yield app
    app.dependency_overrides = {}
";

fn routewright(project: &Project, arguments: &[&str]) -> Output {
    let mut command = Command::new(testkit::binary());
    command.args(arguments).current_dir(project.root()).stdin(Stdio::null());
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    command.output().unwrap()
}

fn graph(project: &Project, arguments: &[&str]) -> Value {
    let output = routewright(project, &[&["graph", "--format", "json"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Nodes by id.
fn nodes(graph: &Value) -> BTreeMap<&str, &Value> {
    let all = graph["nodes"].as_array().unwrap();
    let named: BTreeMap<_, _> = all.iter().map(|node| (node["id"].as_str().unwrap(), node)).collect();
    assert_eq!(named.len(), all.len(), "ids are unique");
    named
}

/// `from -kind-> to` by names.
fn edges(graph: &Value) -> BTreeSet<String> {
    let nodes = nodes(graph);
    let name = |edge: &Value, end: &str| nodes[edge[end].as_str().unwrap()]["name"].as_str().unwrap().to_owned();
    let edges = graph["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| {
            format!(
                "{} -{}-> {}",
                name(edge, "from"),
                edge["kind"].as_str().unwrap(),
                name(edge, "to")
            )
        })
        .collect()
}

fn names(graph: &Value, kind: &str) -> Vec<String> {
    let all = graph["nodes"].as_array().unwrap().iter();
    let wanted = all.filter(|node| node["kind"] == kind);
    wanted.map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn json_has_everything_from_apps_to_schemas() {
    let graph = graph(&Project::from_fixture(SHOP), &["--app", "app.main:app"]);
    assert_eq!(graph["version"], 1);
    let expected = [
        "Item -has-> Part",
        "Item -inherits-> Base",
        "app.items:router -serves-> create_item",
        "app.main:app -includes-> app.items:router",
        "create_item -depends-> session",
        "create_item -reads-> Item",
        "create_item -returns-> Item",
        "session -depends-> settings",
    ];
    assert_eq!(edges(&graph), expected.map(str::to_owned).into());
    let nodes = nodes(&graph);
    let operations: Vec<_> = nodes.values().filter(|node| node["kind"] == "operation").collect();
    let paths: Vec<_> = operations.iter().map(|node| node["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/v1/items", "/v2/items"]);
    let operation = operations[0];
    assert_eq!(operation["chain"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&operation["status_code"], &operation["tags"][0]),
        (&201.into(), &"items".into())
    );
    assert_eq!(
        (&operation["file"], &operation["line"]),
        (&"app/items.py".into(), &30.into())
    );
    let fields: Vec<_> = nodes
        .values()
        .filter(|node| node["name"] == "Item")
        .flat_map(|node| node["fields"].as_array().unwrap())
        .collect();
    assert_eq!(fields[1]["type"], "list[Part]");
}

#[test]
fn a_part_an_app_or_a_file_alone() {
    let project = Project::from_fixture(SHOP);
    let kinds = |arguments: &[&str]| {
        let graph = graph(&project, arguments);
        let all = graph["nodes"].as_array().unwrap().iter();
        all.map(|node| node["kind"].as_str().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let set = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(kinds(&["--of", "routes"]), set(&["app", "router", "operation"]));
    assert_eq!(kinds(&["--of", "dependencies"]), set(&["operation", "dependency"]));
    assert_eq!(kinds(&["--of", "schemas"]), set(&["operation", "schema"]));
    assert_eq!(names(&graph(&project, &["other.py"]), "operation"), ["root"]);
    assert_eq!(names(&graph(&project, &["--app", "other:app"]), "app"), ["other:app"]);
    assert_eq!(
        names(&graph(&project, &["app/items.py"]), "operation"),
        ["create_item", "create_item"]
    );
    let output = routewright(&project, &["graph", "--app", "x:y"]);
    assert_eq!(output.status.code(), Some(2));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("graph")
}

fn npm(script: &str) {
    let folder = folder();
    assert!(
        folder.join("node_modules/prepared.sha256").is_file(),
        "tests/graph/node_modules is missing; install it with: python3 tests/graph/prepare.py"
    );
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).current_dir(folder);
    let output = command
        .env("ROUTEWRIGHT", testkit::binary())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let words = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "npm run {script}: {}",
        String::from_utf8_lossy(&words)
    );
}

#[test]
fn the_page_is_linted() {
    npm("lint");
}

#[test]
fn the_page_works_in_a_browser_and_the_diagrams_are_drawn() {
    npm("test");
}

#[test]
fn overrides_in_tests_are_told_of_the_dependency() {
    let project = Project::from_fixture(&format!("{SHOP}{OVERRIDES}"));
    let graph = graph(&project, &["--of", "dependencies"]);
    let nodes = nodes(&graph);
    let overrides = |name: &str| -> Vec<String> {
        let node = nodes
            .values()
            .find(|node| node["kind"] == "dependency" && node["name"] == name);
        let overrides = node.unwrap()["overrides"].as_array().unwrap().iter();
        let told = overrides.map(|known| {
            format!(
                "{} {} {}:{}",
                known["replacement"], known["within"], known["file"], known["line"]
            )
        });
        told.collect()
    };
    assert_eq!(overrides("settings"), ["\"no_settings\" null \"tests/conftest.py\":12"]);
    assert_eq!(
        overrides("session"),
        [
            "\"fake_session\" \"client\" \"tests/conftest.py\":22",
            "\"lambda: None\" \"client\" \"tests/conftest.py\":23",
            "\"fake_session\" \"client\" \"tests/conftest.py\":24",
            "\"print\" \"client\" \"tests/conftest.py\":27",
            "\"repr\" \"client\" \"tests/conftest.py\":28",
            "\"str\" \"client\" \"tests/conftest.py\":30",
            "\"int\" \"client\" \"tests/conftest.py\":31",
        ]
    );
}

#[test]
fn how_a_dependency_is_asked_for_is_on_the_edge() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom typing import Annotated\nfrom fastapi import Depends, FastAPI, Security\n\napp = FastAPI()\n\n\n\
         def user(x: int = 0):\n    yield x\n\n\n@app.get(\"/\")\ndef root(\n    a: Annotated[int, Security(user, scopes=[\"me\"])],\n\
         \x20   b: int = Depends(user, use_cache=False),\n    c: int = Depends(user, scope=\"function\"),\n):\n    return a\n",
    );
    let graph = graph(&project, &["--of", "dependencies"]);
    let edges: Vec<&Value> = graph["edges"].as_array().unwrap().iter().collect();
    assert_eq!(edges.len(), 3, "{edges:#?}");
    assert_eq!(edges[0]["scopes"], json!(["me"]));
    assert_eq!(
        (edges[1].get("scopes"), &edges[1]["uncached"]),
        (None, &Value::Bool(true))
    );
    assert_eq!(
        (edges[2].get("uncached"), edges[2]["scope"].as_str()),
        (None, Some("function"))
    );
    let node = graph["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|node| node["kind"] == "dependency")
        .unwrap();
    assert_eq!(node["parameters"][0]["name"], "x");
}

/// Every kind of schema.
const SCHEMAS: &str = "\
#- /app/__init__.py
#- /app/old.py
import pydantic.v1
from pydantic.v1 import BaseModel, validator


class Old(BaseModel):
    a: int

    class Config:
        orm_mode = True

    @validator(\"a\")
    def check(cls, value):
        return value


class Older(pydantic.v1.BaseModel):
    old: Old
#- /app/tables.py
from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column, relationship
from sqlmodel import Field, Relationship, SQLModel


class Base(DeclarativeBase):
    pass


class Parent(Base):
    __tablename__ = \"parents\"
    id: Mapped[int] = mapped_column(primary_key=True)
    children: Mapped[list[\"Child\"]] = relationship(back_populates=\"parent\")

    @hybrid_property
    def count(self) -> int:
        return len(self.children)


class Child(Base):
    __tablename__ = \"children\"
    parent_id: Mapped[int | None] = mapped_column(ForeignKey(\"parents.id\"))
    parent: Mapped[Parent] = relationship(back_populates=\"children\")


OldBase = declarative_base()


class Legacy(OldBase):
    __tablename__ = \"legacy\"
    id = Column(Integer, primary_key=True)
    kin = relationship(\"Kin\")


class Kin(OldBase):
    __tablename__ = \"kin\"
    id = Column(Integer, primary_key=True)


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list[\"Hero\"] = Relationship(back_populates=\"team\")


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    team: Team | None = Relationship(back_populates=\"heroes\")
#- /app/schemas.py
import enum
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypedDict, TypeVar

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator, model_validator

T = TypeVar(\"T\")


class Color(enum.Enum):
    red = \"red\"


class Base(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int


class Page(BaseModel, Generic[T]):
    items: list[T]


class Boxed[U](BaseModel):
    value: U


class Cat(BaseModel):
    type: Literal[\"cat\"]


class Dog(BaseModel):
    type: Literal[\"dog\"]


class Tag(BaseModel):
    text: str


class Owner(Base, extra=\"forbid\"):
    name: str = Field(alias=\"Name\")
    color: Color = Color.red
    pet: Annotated[Cat | Dog, Field(discriminator=\"type\")]

    @computed_field
    @property
    def tag(self) -> Tag:
        return Tag(text=self.name)

    @field_validator(\"name\", mode=\"before\")
    @classmethod
    def strip(cls, value):
        return value

    @model_validator(mode=\"after\")
    def whole(self):
        return self


@dataclass
class Point:
    owner: Owner | None = None


class Movie(TypedDict):
    points: list[Point]
#- /app/main.py
from fastapi import FastAPI

from app import old, tables
from app.schemas import Boxed, Movie, Owner, Page

app = FastAPI()


@app.get(\"/owners\")
def owners() -> Page[Owner]: ...


@app.post(\"/movies\")
def movies(movie: Movie) -> Boxed[int]: ...


@app.get(\"/heroes\", response_model=list[tables.Hero])
def heroes(): ...
";

#[test]
fn schemas_of_every_kind_are_told_with_who_uses_them() {
    let project = Project::from_fixture(SCHEMAS);
    let graph = graph(&project, &["--of", "schemas"]);
    let nodes = nodes(&graph);
    let schema = |name: &str| -> &Value {
        let of_that_name =
            |node: &&&Value| node["kind"] == "schema" && node["qualname"].as_str().unwrap().ends_with(name);
        nodes.values().find(of_that_name).unwrap_or_else(|| panic!("no {name}"))
    };
    let kinds = [
        ("old.Old", "pydantic-v1"),
        ("old.Older", "pydantic-v1"),
        ("tables.Parent", "sqlalchemy"),
        ("tables.Legacy", "sqlalchemy"),
        ("tables.Hero", "sqlmodel-table"),
        ("schemas.Owner", "pydantic"),
        ("schemas.Point", "dataclass"),
        ("schemas.Movie", "typed-dict"),
        ("schemas.Color", "enum"),
    ];
    for (name, kind) in kinds {
        assert_eq!(schema(name)["schema"], kind, "{name}");
    }
    assert_eq!(schema("schemas.Page")["type_parameters"], json!(["T"]));
    assert_eq!(schema("schemas.Boxed")["type_parameters"], json!(["U"]));
    for (name, table) in [
        ("tables.Parent", "parents"),
        ("tables.Legacy", "legacy"),
        ("tables.Hero", "hero"),
    ] {
        assert_eq!(schema(name)["table"], table);
    }
    let owner = schema("schemas.Owner");
    assert_eq!(
        owner["config"],
        json!({"extra": "\"forbid\"", "from_attributes": "True"})
    );
    assert_eq!(owner["fields"][1]["alias"], "Name");
    assert_eq!(owner["fields"][3]["discriminator"], "type");
    assert_eq!(owner["computed"][0]["name"], "tag");
    assert_eq!(
        owner["validators"],
        json!([
            {"name": "strip", "decorator": "field_validator", "fields": ["name"]},
            {"name": "whole", "decorator": "model_validator", "fields": []}
        ])
    );
    assert_eq!(schema("old.Old")["config"], json!({"orm_mode": "True"}));
    assert_eq!(schema("old.Old")["validators"][0]["fields"], json!(["a"]));
    assert_eq!(schema("tables.Parent")["computed"][0]["name"], "count");
    let users = |name: &str, key: &str| -> Vec<&str> {
        let ids = schema(name)[key].as_array().unwrap().iter();
        ids.map(|id| nodes[id.as_str().unwrap()]["name"].as_str().unwrap())
            .collect()
    };
    assert_eq!(users("schemas.Cat", "returned_within"), ["owners"]);
    assert_eq!(users("schemas.Cat", "read_within"), ["movies"]);
    assert_eq!(users("schemas.Owner", "read_within"), ["movies"]);
    assert_eq!(
        users("schemas.Owner", "returned_within"),
        Vec::<&str>::new(),
        "it is returned itself"
    );
    assert_eq!(users("schemas.Tag", "returned_within"), ["owners"]);
    assert_eq!(
        users("schemas.Tag", "read_within"),
        Vec::<&str>::new(),
        "what is computed is not read"
    );
    assert_eq!(
        users("tables.Team", "returned_within"),
        Vec::<&str>::new(),
        "other rows are not part of a row"
    );
    let has: BTreeSet<(&str, &str)> = graph["edges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|edge| edge["kind"] == "has")
        .map(|edge| {
            let name = |end: &str| nodes[edge[end].as_str().unwrap()]["name"].as_str().unwrap();
            (name("from"), name("to"))
        })
        .collect();
    for edge in [
        ("Parent", "Child"),
        ("Child", "Parent"),
        ("Legacy", "Kin"),
        ("Team", "Hero"),
        ("Movie", "Point"),
    ] {
        assert!(has.contains(&edge), "{edge:?} of {has:?}");
    }
}
