//! Projects of a single module: what is written beside it is never imported by what it would import.

use crate::{
    case::analyse,
    parts::{add, read},
    tools::{assert_tests_pass, tool, words},
};
use ide::{AuthRequest, HealthRequest, MiddlewareRequest, ResourceRequest, ScaffoldRequest};
use testkit::Project;

const ALONE: &str = "\
#- /pyproject.toml
[project]
name = \"alone\"
version = \"1\"
dependencies = [\"fastapi\", \"sqlalchemy\", \"pydantic-settings\"]
#- /main.py
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import StaticPool


class Settings(BaseSettings):
    database_url: str = \"sqlite://\"


settings = Settings()
# One connection, as the database is in memory.
engine = create_engine(
    settings.database_url,
    connect_args={\"check_same_thread\": False},
    poolclass=StaticPool,
)
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class AppError(Exception):
    status_code = 500


class NotFoundError(AppError):
    status_code = 404


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


app = FastAPI()


@app.exception_handler(AppError)
def answer(request: Request, error: AppError) -> JSONResponse:
    return JSONResponse({\"detail\": str(error)}, status_code=error.status_code)


@app.get(\"/\")
def read_root(db: Annotated[Session, Depends(get_db)]) -> dict[str, bool]:
    return {\"active\": db.is_active}
";

fn resource() -> ScaffoldRequest {
    ScaffoldRequest::Resource(ResourceRequest {
        name: "gadget".to_owned(),
        fields: vec!["title:str!".to_owned(), "price:decimal".to_owned()],
        ..Default::default()
    })
}

/// Ruff finds nothing in it, and its tests pass.
fn check(project: &Project) {
    let mut ruff = tool("ruff");
    ruff.args(["check", "--no-cache", "--select", "E,F,I", "."]);
    let output = ruff.current_dir(project.root()).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let mut python = tool("python");
    python.env("SECRET_KEY", "x".repeat(40));
    assert_tests_pass(python, project.root(), "tests");
}

#[test]
fn what_new_modules_need_gets_modules_of_its_own() {
    let project = Project::from_fixture(ALONE);
    add(&project, &resource());
    add(&project, &ScaffoldRequest::Auth(AuthRequest::default()));
    add(&project, &ScaffoldRequest::Middleware(MiddlewareRequest {}));
    let main = read(&project, "main.py");
    for gone in [
        "class Base(",
        "class Settings",
        "class AppError",
        "def get_db",
        "create_engine",
        "\n\n\n\n",
    ] {
        assert!(!main.contains(gone), "{gone:?} in {main}");
    }
    let database = read(&project, "database.py");
    assert!(
        database.contains("from config import settings\n\n# One connection"),
        "{database}"
    );
    assert!(read(&project, "config.py").contains("    database_url: str = \"sqlite://\"\n    secret_key:"));
    assert!(read(&project, "errors.py").contains("class NotFoundError(AppError):"));
    check(&project);
}

#[test]
fn an_app_that_serves_all_itself_tells_of_its_health_too() {
    let project = Project::from_fixture(ALONE);
    add(&project, &ScaffoldRequest::Health(HealthRequest {}));
    let main = read(&project, "main.py");
    assert!(
        main.contains("@app.get(\"/health\")") && !main.contains("APIRouter"),
        "{main}"
    );
    assert!(!project.path("routers").exists());
}

#[test]
fn what_needs_the_app_itself_is_told() {
    let text = ALONE.replace("db = SessionLocal()", "db = app.state.sessions()");
    let project = Project::from_fixture(&text);
    let root = project.path("");
    let refusal = analyse(&root).scaffold(&root, &resource()).unwrap_err().to_string();
    assert!(
        refusal.starts_with("`get_db` is made in main.py, which would import"),
        "{refusal}"
    );
}
