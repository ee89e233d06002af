//! The real binary and the versions that projects name: which, from where, and what follows.

#![allow(clippy::unwrap_used)] // Tests fail by panicking.

use serde_json::{Value, json};
use std::process::{Command, Stdio};
use testkit::Project;

/// An include that takes what is there, before 0.137, and follows the router since.
const LATE: &str = "\
from fastapi import APIRouter, FastAPI

router = APIRouter()
app = FastAPI()
app.include_router(router)


@router.get(\"/late\")
def late() -> None:
    return None
";

/// Paths that are served, and what is said on standard error.
fn routes(project: &Project, path: &str, variables: &[(&str, &str)]) -> (Vec<String>, String) {
    let mut command = Command::new(testkit::binary());
    command.args(["routes", path, "--format", "csv", "--verbose"]);
    command.current_dir(project.root()).stdin(Stdio::null());
    command
        .env_remove("VIRTUAL_ENV")
        .env_remove("CONDA_PREFIX")
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let csv = String::from_utf8(output.stdout).unwrap();
    let paths = csv
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split(',').nth(2)?.to_owned()));
    (paths.collect(), String::from_utf8(output.stderr).unwrap())
}

fn project(files: &[(&str, &str)]) -> Project {
    let texts = files.iter().map(|(path, text)| format!("#- /{path}\n{text}"));
    Project::from_fixture(&texts.collect::<String>())
}

fn lock(version: &str) -> String {
    format!("[[package]]\nname = \"fastapi\"\nversion = \"{version}\"\n")
}

#[test]
fn each_project_of_a_workspace_has_its_own_version() {
    let project = project(&[
        (
            "old/pyproject.toml",
            "[project]\nname = \"old\"\nrequires-python = \">=3.11\"\n",
        ),
        ("old/uv.lock", &lock("0.136.3")),
        ("old/main.py", LATE),
        (
            "new/pyproject.toml",
            "[project]\nname = \"new\"\ndependencies = [\"fastapi>=0.137\", \"pydantic<2.12\"]\n",
        ),
        ("new/main.py", LATE),
    ]);
    let (paths, told) = routes(&project, ".", &[]);
    assert_eq!(paths, ["/late"], "one of the two serves it");
    for line in [
        "project new\n  no environment was found\n  fastapi 0.165.0 range: new/pyproject.toml\n  pydantic 2.11.10 range: new/pyproject.toml\n",
        "project old\n  no environment was found\n  fastapi 0.136.3 locked: old/uv.lock\n  python 3.11 range: old/pyproject.toml\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn a_part_of_a_workspace_finds_the_lock_around_it() {
    let member = "[[package]]\nname = \"api\"\nsource = { editable = \"packages/api\" }\n";
    let project = project(&[
        ("uv.lock", &format!("{member}{}", lock("0.136.3"))),
        (
            "packages/api/pyproject.toml",
            "[project]\nname = \"api\"\ndependencies = [\"fastapi\"]\n",
        ),
        ("packages/api/main.py", LATE),
    ]);
    let (paths, told) = routes(&project, "packages/api", &[]);
    assert_eq!(paths, Vec::<String>::new());
    assert!(told.contains("fastapi 0.136.3 locked: "), "{told}");
}

#[test]
fn an_environment_of_conda_tells_what_is_installed() {
    let project = project(&[
        ("conda/conda-meta/python-3.12.4-h99e199e_1.json", "{}\n"),
        ("conda/conda-meta/fastapi-0.136.3-pyhd8ed1ab_0.json", "{}\n"),
        ("conda/lib/python3.12/site-packages/fastapi/__init__.py", ""),
        ("app/requirements.txt", "fastapi==0.140.0\n"),
        ("app/main.py", LATE),
    ]);
    let prefix = project.path("conda");
    let (paths, told) = routes(&project, "app", &[("CONDA_PREFIX", prefix.to_str().unwrap())]);
    assert_eq!(paths, Vec::<String>::new());
    assert!(
        told.contains("($CONDA_PREFIX)\n  fastapi 0.136.3 installed: "),
        "{told}"
    );
    assert!(told.contains("python 3.12.4 installed: "), "{told}");
    let (paths, told) = routes(&project, "app", &[]);
    assert_eq!(paths, ["/late"]);
    assert!(told.contains("fastapi 0.140.0 locked: requirements.txt\n"), "{told}");
}

#[test]
fn a_broken_lock_is_told_and_the_rest_goes_on() {
    let project = project(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\ndependencies = [\"fastapi<0.137\"]\n",
        ),
        ("poetry.lock", "[[package]]\nname = \"fastapi\n"),
        ("main.py", LATE),
    ]);
    let (paths, told) = routes(&project, ".", &[]);
    assert_eq!(paths, Vec::<String>::new());
    assert!(told.contains("poetry.lock:2: the lock file can't be read ("), "{told}");
    assert!(told.contains("write it anew with `poetry lock`\n"), "{told}");
    assert!(told.contains("fastapi 0.136.3 range: pyproject.toml\n"), "{told}");
}

/// What each release of Pydantic says otherwise.
const SHAPES: &str = "\
import dataclasses
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


@dataclasses.dataclass
class Point:
    \"\"\"A point.\"\"\"

    x: int


class Shape(BaseModel):
    amount: Decimal
    price: Annotated[Decimal, Field(max_digits=6, decimal_places=2)]
    digits: Annotated[Decimal, Field(max_digits=6)]
    places: Annotated[Decimal, Field(decimal_places=2)]
    share: Fraction
    kind: Literal[\"a\"]
    data: dict[str, Any]
    point: Point


@app.post(\"/shapes\")
def shapes(shape: Shape) -> None:
    return None
";

#[test]
fn schemas_are_those_of_the_pydantic_that_is_locked() {
    let patterns = json!([
        r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$",
        r"^(?!^[-+.]*$)[+-]?0*(?:\d{0,4}|(?=[\d.]{1,7}0*$)\d{0,4}\.\d{0,2}0*$)",
        r"^(?!^[-+.]*$)[+-]?0*(?:\d{0,6}|(?=[\d.]{1,7}0*$)\d*\.\d*0*$)",
        r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d{0,2}0*$",
    ]);
    let none = json!([null, null, null, null]);
    let text = json!({"title": "Share", "type": "string", "format": "fraction"});
    for (version, pattern, enumerated, free, described, share) in [
        ("2.6.4", &none, Value::Null, Value::Null, Value::Null, None),
        ("2.9.2", &none, json!(["a"]), Value::Null, Value::Null, None),
        ("2.10.6", &none, Value::Null, Value::Null, Value::Null, Some(&text)),
        ("2.11.10", &none, Value::Null, json!(true), Value::Null, Some(&text)),
        ("2.12.5", &patterns, Value::Null, json!(true), Value::Null, Some(&text)),
        (
            "2.13.4",
            &patterns,
            Value::Null,
            json!(true),
            json!("A point."),
            Some(&text),
        ),
    ] {
        let schemas = schemas_under(version);
        let properties = &schemas["Shape"]["properties"];
        let decimals = ["amount", "price", "digits", "places"].map(|name| &properties[name]["anyOf"][1]["pattern"]);
        assert_eq!(json!(decimals), *pattern, "{version}");
        assert_eq!(properties["kind"]["enum"], enumerated, "{version}");
        assert_eq!(
            properties["kind"].get("type").is_some(),
            version != "2.6.4",
            "{version}"
        );
        assert_eq!(properties["data"]["additionalProperties"], free, "{version}");
        assert_eq!(schemas["Point"]["description"], described, "{version}");
        // Pydantic knows fractions since 2.10.
        assert!(share.is_none_or(|share| properties["share"] == *share), "{version}");
    }
    let newest = schemas_under("2.14.4");
    assert_eq!(newest["Shape"]["properties"]["share"]["anyOf"][0]["type"], "number");
    assert_eq!(
        newest["Shape"]["properties"]["price"]["anyOf"][1],
        json!({"type": "string"})
    );
}

/// References with something beside them.
const BESIDE: &str = "\
import enum

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class Kind(str, enum.Enum):
    a = \"a\"


class Part(BaseModel):
    examples: Kind = Field(description=\"What it is\")
    other: Kind


@app.put(\"/parts\")
def parts(part: Part, kind: Kind = Kind.a) -> None:
    return None
";

#[test]
fn a_reference_with_keys_beside_it_is_wrapped_before_pydantic_2_9() {
    let under = |pydantic: &str| {
        let requirements = format!("fastapi\npydantic=={pydantic}\n");
        openapi(&project(&[("main.py", BESIDE), ("requirements.txt", &requirements)])).0
    };
    let wrapped = json!([{"$ref": "#/components/schemas/Kind"}]);
    let (old, new) = (under("2.8.2"), under("2.9.2"));
    let property = |document: &Value, name: &str| document["components"]["schemas"]["Part"]["properties"][name].clone();
    assert_eq!(
        property(&old, "examples"),
        json!({"allOf": wrapped, "description": "What it is"})
    );
    assert_eq!(property(&old, "other"), wrapped[0]);
    assert_eq!(
        property(&new, "examples"),
        json!({"$ref": "#/components/schemas/Kind", "description": "What it is"})
    );
    let constant = |document: &Value| document["components"]["schemas"]["Kind"]["const"].clone();
    assert_eq!(
        [constant(&old), constant(&new), constant(&under("2.10.6"))],
        [json!("a"), json!("a"), Value::Null]
    );
    let schema = |document: &Value| document["paths"]["/parts"]["put"]["parameters"][0]["schema"].clone();
    assert_eq!(schema(&old), json!({"allOf": wrapped, "default": "a", "title": "Kind"}));
    assert_eq!(
        schema(&new),
        json!({"$ref": "#/components/schemas/Kind", "default": "a"})
    );
}

#[test]
fn of_pydantic_1_the_document_says_that_it_does_not_know() {
    let project = project(&[
        ("main.py", SHAPES),
        ("requirements.txt", "fastapi==0.99.1\npydantic==1.10.27\n"),
    ]);
    let (document, told) = openapi(&project);
    assert!(
        document["x-routewright-unknown"].to_string().contains("Pydantic 1"),
        "{document}"
    );
    assert!(told.contains("the project has Pydantic 1"), "{told}");
}

fn schemas_under(pydantic: &str) -> Value {
    let project = project(&[
        ("main.py", SHAPES),
        ("requirements.txt", &format!("fastapi\npydantic=={pydantic}\n")),
    ]);
    openapi(&project).0["components"]["schemas"].clone()
}

fn openapi(project: &Project) -> (Value, String) {
    let mut command = Command::new(testkit::binary());
    command.arg("openapi").current_dir(project.root()).stdin(Stdio::null());
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), told)
}
