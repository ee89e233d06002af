//! Scaffolds of single parts of a project: what they make of small programs, and what they refuse.

use crate::case::analyse;
use ide::{
    Database, DatabaseRequest, ErrorsRequest, HealthRequest, LifespanRequest, LoggingRequest, MiddlewareRequest, Orm,
    Plan, ResourceRequest, RouterRequest, ScaffoldRequest, TestsRequest,
};
use std::path::Path;
use testkit::Project;

const LIFESPAN: ScaffoldRequest = ScaffoldRequest::Lifespan(LifespanRequest {});

fn router(name: &str) -> ScaffoldRequest {
    ScaffoldRequest::Router(RouterRequest {
        name: name.to_owned(),
        prefix: None,
        tag: None,
    })
}

/// Writes the change; what was said.
pub(crate) fn add(project: &Project, request: &ScaffoldRequest) -> Vec<String> {
    let root = project.path("");
    // The numbers of files are those of the analysis that the change is from.
    let analysis = analyse(&root);
    let plan = analysis.scaffold(&root, request).unwrap();
    for edit in &plan.change.files {
        let path = analysis.path(edit.file);
        std::fs::write(&path, edit.apply(&std::fs::read_to_string(&path).unwrap())).unwrap();
    }
    for edit in &plan.change.others {
        std::fs::write(&edit.path, edit.applied()).unwrap();
    }
    for (path, text) in &plan.change.creations {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    plan.notes
}

pub(crate) fn planned(project: &Project, request: &ScaffoldRequest) -> Result<Plan, String> {
    let root = project.path("");
    let analysis = analyse(&root);
    analysis.scaffold(&root, request).map_err(|refusal| refusal.to_string())
}

pub(crate) fn read(project: &Project, name: &str) -> String {
    std::fs::read_to_string(project.path(name)).unwrap()
}

/// What is said where nothing is left to be done.
pub(crate) fn nothing_left(project: &Project, request: &ScaffoldRequest) -> String {
    let plan = planned(project, request).unwrap();
    assert!(plan.change.is_empty(), "{:?}", plan.change);
    assert!(!plan.notes.is_empty());
    plan.notes.join("\n")
}

#[test]
fn handlers_move_into_a_lifespan_in_their_order() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nimport things\n\napp = FastAPI(on_startup=[things.load], title=\"T\")\n\n\n\
         @app.on_event(\"shutdown\")\ndef leave():\n    pass\n\n\n\
         @app.on_event(\"startup\")\nasync def connect():\n    pass\n\n\n\
         app.router.add_event_handler(\"startup\", lambda: things.warm(1))\n\
         #- /things.py\nasync def load():\n    pass\n",
    );
    add(&project, &LIFESPAN);
    let main = read(&project, "main.py");
    let body = "    await things.load()\n    await connect()\n    things.warm(1)\n    try:\n        yield\n    finally:\n        leave()\n";
    assert!(main.contains(body), "{main}");
    assert!(
        main.contains("app = FastAPI(title=\"T\", lifespan=lifespan)\n"),
        "{main}"
    );
    assert!(
        !main.contains("on_event") && !main.contains("add_event_handler"),
        "{main}"
    );
    assert!(nothing_left(&project, &LIFESPAN).contains("`lifespan`"));
}

#[test]
fn handlers_inside_a_factory_stay_reachable() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\n\ndef make() -> FastAPI:\n    api = FastAPI()\n\n\
         \x20   @api.on_event(\"startup\")\n    def start() -> None:\n        print(api)\n\n    return api\n\n\napp = make()\n",
    );
    add(&project, &LIFESPAN);
    let main = read(&project, "main.py");
    assert!(
        main.contains("    @asynccontextmanager\n    async def lifespan(_app: FastAPI)"),
        "{main}"
    );
    assert!(main.contains("        start()\n        yield\n"), "{main}");
}

#[test]
fn handlers_that_cannot_be_followed_are_refused() {
    for (text, part) in [
        (
            "app = FastAPI(lifespan=run)\n@app.on_event(\"startup\")\ndef start(): ...\n",
            "never ran",
        ),
        ("app = FastAPI(**options)\n", "`**`"),
        (
            "app = FastAPI()\nif DEBUG:\n    @app.on_event(\"startup\")\n    def start(): ...\n",
            "main.py:5",
        ),
        ("app = FastAPI(on_startup=handlers())\n", "main.py:3"),
        (
            "app = FastAPI()\napp.router.add_event_handler(\"startup\", pool.open)\n",
            "main.py:4",
        ),
    ] {
        let project = Project::from_fixture(&format!("#- /main.py\nfrom fastapi import FastAPI\n\n{text}"));
        let refusal = planned(&project, &LIFESPAN).unwrap_err();
        assert!(refusal.contains(part), "{text}: {refusal}");
    }
}

#[test]
fn handlers_of_routers_stay() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nfrom items import router\n\napp = FastAPI()\napp.include_router(router)\n\n\n\
         @app.on_event(\"startup\")\ndef start(): ...\n\
         #- /items.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.on_event(\"startup\")\ndef warm(): ...\n",
    );
    let notes = add(&project, &LIFESPAN).join("\n");
    assert!(notes.contains("routers"), "{notes}");
    assert!(read(&project, "items.py").contains("@router.on_event(\"startup\")"));
}

#[test]
fn a_router_stands_above_what_would_hide_it() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nfrom routers import items, pages\n\napp = FastAPI()\n\
         app.include_router(items.router)\napp.include_router(pages.router)\n\
         #- /routers/__init__.py\n#- /routers/items.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter(prefix=\"/items\", tags=[\"Items\"])\n\n\n\
         @router.get(\"\")\ndef list_items() -> None: ...\n\
         #- /routers/pages.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/{path:path}\")\ndef read_page(path: str) -> str: ...\n",
    );
    add(&project, &router("order_lines"));
    let main = read(&project, "main.py");
    assert!(
        main.contains("(items.router)\napp.include_router(order_lines.router)\napp.include_router(pages.router)"),
        "{main}"
    );
    let module = read(&project, "routers/order_lines.py");
    assert!(
        module.ends_with("router = APIRouter(prefix=\"/order-lines\", tags=[\"Order lines\"])\n"),
        "{module}"
    );
    assert!(nothing_left(&project, &router("order_lines")).contains("includes it already"));
}

#[test]
fn a_router_stands_above_a_block_that_would_hide_it() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\n\nfrom routers import items\n\napp = FastAPI()\n\
         try:\n    app.mount(\"/\", StaticFiles(directory=\"ui\"))\nexcept RuntimeError:\n    pass\n\
         app.include_router(items.router)\n\
         #- /routers/__init__.py\n#- /routers/items.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter(prefix=\"/items\")\n\n\n\
         @router.get(\"\")\ndef list_items() -> None: ...\n",
    );
    add(&project, &router("reports"));
    let main = read(&project, "main.py");
    assert!(
        main.contains("FastAPI()\napp.include_router(reports.router)\ntry:\n"),
        "{main}"
    );
}

#[test]
fn an_app_in_an_attribute_is_extended_there() {
    let project = Project::from_fixture(
        "#- /server.py\nfrom fastapi import FastAPI\n\n\nclass Server:\n    def __init__(self) -> None:\n        self.app = FastAPI()\n\
         \x20       self.app.add_api_route(\"/\", read)\n\n\ndef read() -> str:\n    return \"\"\n\n\napp = Server().app\n",
    );
    add(&project, &ScaffoldRequest::Errors(ErrorsRequest {}));
    let server = read(&project, "server.py");
    assert!(
        server.contains("        register_error_handlers(self.app)\n"),
        "{server}"
    );
}

#[test]
fn errors_that_no_handler_answers_stay_apart() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\
         #- /errors.py\nclass NotFoundError(Exception):\n    pass\n",
    );
    let request = ScaffoldRequest::Errors(ErrorsRequest {});
    add(&project, &request);
    assert!(read(&project, "main.py").contains("from error_handlers import register_error_handlers\n"));
    assert!(read(&project, "error_handlers.py").contains("class NotFoundError(AppError):"));
    assert!(nothing_left(&project, &request).contains("`error_handlers.AppError`"));
}

#[test]
fn routers_that_cannot_be_are_refused() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/reports/latest\")\ndef read_latest() -> None: ...\n",
    );
    for (request, part) in [
        (router("class"), "class"),
        (router("2x"), "2x"),
        (router("reports"), "read_latest"),
        (
            ScaffoldRequest::Router(RouterRequest {
                name: "stats".to_owned(),
                prefix: Some("stats/".to_owned()),
                tag: None,
            }),
            "slash",
        ),
    ] {
        let refusal = planned(&project, &request).unwrap_err();
        assert!(refusal.contains(part), "{refusal}");
    }
}

#[test]
fn what_is_there_is_kept_and_said() {
    let project = Project::from_fixture(
        "#- /main.py\nimport logging\n\nfrom fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n\n\
         logging.basicConfig()\napp = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=[\"*\"])\n\n\n\
         @app.get(\"/healthz\")\ndef health() -> None: ...\n",
    );
    let logging = ScaffoldRequest::Logging(LoggingRequest {});
    assert!(nothing_left(&project, &logging).contains("main.py"));
    let health = ScaffoldRequest::Health(HealthRequest {});
    assert!(nothing_left(&project, &health).contains("/healthz"));
    let middleware = ScaffoldRequest::Middleware(MiddlewareRequest {});
    let notes = add(&project, &middleware).join("\n");
    assert!(notes.contains("`CORSMiddleware`"), "{notes}");
    assert!(!read(&project, "middleware.py").contains("CORSMiddleware"));
    nothing_left(&project, &middleware);
    assert!(read(&project, "main.py").contains("register_middleware(app)\n"));
}

#[test]
fn an_app_without_a_name_is_not_extended() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\n\ndef make() -> FastAPI:\n    return FastAPI()\n\n\napp = make()\n",
    );
    let refusal = planned(&project, &ScaffoldRequest::Errors(ErrorsRequest {})).unwrap_err();
    assert!(refusal.contains("main.py"), "{refusal}");
    assert!(Path::new(&project.path("main.py")).exists());
}

fn database(orm: Orm, migrations: bool) -> ScaffoldRequest {
    ScaffoldRequest::Database(DatabaseRequest {
        database: Database::Postgresql,
        orm: Some(orm),
        migrations,
    })
}

#[test]
fn a_database_is_closed_by_the_lifespan_that_is_there() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI\n\n\n@asynccontextmanager\n\
         async def lifespan(app):\n    try:\n        yield\n    finally:\n        print(\"bye\")\n\n\napp = FastAPI(lifespan=lifespan)\n",
    );
    add(&project, &database(Orm::Sqlalchemy, false));
    let main = read(&project, "main.py");
    assert!(
        main.contains("await connection.run_sync(Base.metadata.create_all)\n    try:\n"),
        "{main}"
    );
    assert!(
        main.contains("        print(\"bye\")\n        await engine.dispose()\n"),
        "{main}"
    );
    assert!(read(&project, "database.py").contains("    pool_size=10,\n    max_overflow=5,\n    pool_recycle=3600,\n"));
    assert!(read(&project, ".env.example").starts_with("DATABASE_URL=postgresql+asyncpg://"));
    let left = nothing_left(&project, &database(Orm::Sqlalchemy, false));
    assert!(left.contains("get_session"), "{left}");
}

/// An app with the base of its tables.
const BASE: &str = "\
#- /main.py
from fastapi import FastAPI

import models

app = FastAPI(title=models.Base.__name__)
#- /models.py
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
";

#[test]
fn what_a_database_lacks_is_added_to_what_is_there() {
    let project = Project::from_fixture(BASE);
    add(&project, &database(Orm::Sqlalchemy, true));
    let session = read(&project, "database.py");
    assert!(
        session.contains("def get_session(") && !session.contains("class Base"),
        "{session}"
    );
    let environment = read(&project, "migrations/env.py");
    assert!(environment.contains("from models import Base\n"), "{environment}");
}

#[test]
fn sessions_without_tables_get_a_base_and_then_resources() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nimport database\n\napp = FastAPI(title=database.__name__)\n\
         #- /database.py\nfrom collections.abc import Iterator\n\nfrom sqlalchemy import create_engine\n\
         from sqlalchemy.orm import Session\n\nengine = create_engine(\"sqlite://\")\n\n\n\
         def get_session() -> Iterator[Session]:\n    with Session(engine) as session:\n        yield session\n",
    );
    let resource = ScaffoldRequest::Resource(ResourceRequest {
        name: "book".to_owned(),
        fields: vec!["title:str".to_owned()],
        ..Default::default()
    });
    let refusal = planned(&project, &resource).unwrap_err();
    assert!(refusal.contains("`routewright add database`"), "{refusal}");
    add(&project, &database(Orm::Sqlalchemy, false));
    assert!(read(&project, "database.py").contains("class Base(DeclarativeBase):"));
    add(&project, &resource);
    assert!(read(&project, "models.py").contains("class Book(UUIDMixin, TimestampMixin, Base):"));
}

#[test]
fn an_engine_that_no_function_gives_sessions_of_is_named() {
    let text =
        format!("{BASE}#- /db.py\nfrom sqlalchemy import create_engine\n\nengine = create_engine(\"sqlite://\")\n");
    let project = Project::from_fixture(&text);
    let refusal = planned(&project, &database(Orm::Sqlalchemy, false)).unwrap_err();
    assert!(
        refusal.contains("db.py makes") && refusal.contains("def get_session()"),
        "{refusal}"
    );
    // What it says is what it takes.
    let provider = "from collections.abc import Iterator\n\nfrom sqlalchemy import create_engine\nfrom sqlalchemy.orm import Session\n\n\
                    engine = create_engine(\"sqlite://\")\n\n\ndef get_session() -> Iterator[Session]:\n    yield Session(engine)\n";
    std::fs::write(project.path("db.py"), provider).unwrap();
    assert!(nothing_left(&project, &database(Orm::Sqlalchemy, false)).contains("get_session"));
}

#[test]
fn migrations_reach_the_database_as_the_app_does() {
    let project = Project::from_fixture(
        "#- /shop/__init__.py\n#- /shop/main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n",
    );
    add(&project, &database(Orm::Sqlmodel, true));
    let environment = read(&project, "migrations/env.py");
    assert!(environment.contains("target_metadata = metadata\n"), "{environment}");
    assert!(
        environment.contains("url = get_settings().database_url\n"),
        "{environment}"
    );
    assert!(!project.path("migrations/__init__.py").exists());
    let main = read(&project, "shop/main.py");
    assert!(
        main.contains("    yield\n    await engine.dispose()\n") && !main.contains("create_all"),
        "{main}"
    );
}

#[test]
fn another_database_is_refused() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom beanie import Document\nfrom fastapi import FastAPI\n\napp = FastAPI()\n",
    );
    let refusal = planned(&project, &database(Orm::Sqlalchemy, false)).unwrap_err();
    assert!(refusal.contains("beanie"), "{refusal}");
}

fn tests_of(file: &str) -> ScaffoldRequest {
    ScaffoldRequest::Tests(TestsRequest {
        file: Some(file.into()),
        name: None,
    })
}

#[test]
fn what_is_certain_of_a_router_is_tested() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nfrom items import router\n\napp = FastAPI()\napp.include_router(router, prefix=\"/api\")\n\
         #- /items.py\nfrom typing import Annotated\n\nfrom fastapi import APIRouter, Depends, HTTPException, status\n\
         from fastapi.security import HTTPBearer\nfrom pydantic import BaseModel, Field\n\nrouter = APIRouter(prefix=\"/items\")\n\n\n\
         class ItemCreate(BaseModel):\n    name: str = Field(min_length=6)\n    count: int = Field(ge=3, le=9)\n    note: str = \"\"\n\n\n\
         def find(item_id: int) -> None:\n    raise HTTPException(status.HTTP_404_NOT_FOUND)\n\n\n\
         @router.post(\"\", status_code=201)\ndef create_item(item: ItemCreate) -> None:\n    raise HTTPException(409)\n\n\n\
         @router.get(\"/{item_id}\")\ndef read_item(item_id: int) -> None:\n    find(item_id)\n\n\n\
         @router.delete(\"/{item_id}\", dependencies=[Depends(HTTPBearer())])\ndef delete_item(item_id: int) -> None: ...\n\n\n\
         @router.put(\"/{item_id}\")\ndef replace_item(item_id: int, item: ItemCreate) -> None:\n    find(item_id)\n",
    );
    add(&project, &tests_of("items.py"));
    let tests = read(&project, "tests/test_items.py");
    let flat: String = tests.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "data = {\"name\": \"NameName\", \"count\": 3} response = client.post(\"/api/items\", json=data) assert response.status_code == 201 response",
        "def test_create_item_conflict(",
        "def test_create_item_invalid(",
        "client.get(\"/api/items/no-id\") assert response.status_code == 422",
        "client.get(\"/api/items/999999\") assert response.status_code == 404",
        "client.delete(\"/api/items/1\") assert response.status_code == 401",
        "def test_replace_item_invalid(",
    ] {
        assert!(flat.contains(part), "{part}: {tests}");
    }
    // A body that is valid is needed first.
    assert!(!tests.contains("test_replace_item_not_found"), "{tests}");
    assert!(read(&project, "tests/conftest.py").contains("from main import app\n"));
    assert!(nothing_left(&project, &tests_of("items.py")).contains("already"));
    let refusal = planned(&project, &tests_of("nowhere.py")).unwrap_err();
    assert!(refusal.contains("no app or router"), "{refusal}");
}

#[test]
fn fixtures_have_a_database_in_memory() {
    let project = Project::from_fixture(
        "#- /main.py\nfrom fastapi import FastAPI\n\nfrom database import get_session\n\napp = FastAPI()\n\
         #- /database.py\nfrom collections.abc import Iterator\n\nfrom sqlalchemy import create_engine\n\
         from sqlalchemy.orm import DeclarativeBase, Session\n\nengine = create_engine(\"sqlite:///x.db\")\n\n\n\
         class Base(DeclarativeBase): ...\n\n\ndef get_session() -> Iterator[Session]:\n    with Session(engine) as session:\n        yield session\n",
    );
    let request = ScaffoldRequest::Tests(TestsRequest::default());
    add(&project, &request);
    let conftest = read(&project, "tests/conftest.py");
    assert!(conftest.contains("poolclass=StaticPool") && conftest.contains("Base.metadata.create_all(engine)"));
    assert!(
        conftest.contains("app.dependency_overrides[get_session] = lambda: session\n"),
        "{conftest}"
    );
    assert!(nothing_left(&project, &request).contains("`client`"));
}

#[test]
fn a_resource_brings_the_database_that_an_app_lacks() {
    let project = Project::from_fixture(
        "#- /pyproject.toml\n[project]\nname = \"shop\"\ndependencies = [\"fastapi\"]\n\
         #- /app/__init__.py\n#- /app/main.py\nfrom fastapi import FastAPI\n\nfrom app.items import router\n\napp = FastAPI()\n\
         app.include_router(router, prefix=\"/api\")\n\
         #- /app/items.py\nfrom fastapi import APIRouter\n\nrouter = APIRouter(prefix=\"/items\")\n\n\n@router.get(\"\")\ndef list_items() -> None: ...\n",
    );
    let review = ScaffoldRequest::Resource(ResourceRequest {
        name: "review".to_owned(),
        fields: vec!["text:text".to_owned()],
        ..Default::default()
    });
    add(&project, &review);
    let main = read(&project, "app/main.py");
    assert!(main.contains("Base.metadata.create_all"), "{main}");
    assert!(
        main.contains("app.include_router(reviews_router, prefix=\"/api\")\n"),
        "{main}"
    );
    assert!(read(&project, "app/models.py").contains("class Review(UUIDMixin, TimestampMixin, Base):"));
    assert!(read(&project, "tests/conftest.py").contains("app.dependency_overrides[get_session]"));
    let listed = read(&project, "pyproject.toml");
    assert!(
        listed.contains("\"sqlalchemy[asyncio]\"") && listed.contains("\"pytest"),
        "{listed}"
    );
    nothing_left(&project, &review);
}

#[test]
fn logs_that_the_app_configures_itself_stay_its_own() {
    let fixture = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.logs import set_up

set_up()
app = FastAPI()
#- /app/logs.py
import logging


def set_up() -> None:
    logging.basicConfig(level=logging.INFO)
";
    let project = Project::from_fixture(fixture);
    let said = nothing_left(&project, &ScaffoldRequest::Logging(LoggingRequest {}));
    assert!(said.contains("app/logs.py"), "{said}");
    add(&project, &ScaffoldRequest::Middleware(MiddlewareRequest {}));
    let middleware = read(&project, "app/middleware.py");
    assert!(middleware.contains("SECRET = re.compile("), "{middleware}");
    assert!(!middleware.contains("logging_config"), "{middleware}");
    assert!(!project.path("app/logging_config.py").exists());
}

#[test]
fn a_script_that_configures_its_logs_says_nothing_of_the_app() {
    let fixture = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

app = FastAPI()
#- /app/load.py
import logging

logging.basicConfig(level=logging.INFO)
#- /tests/test_load.py
from app import load
";
    let project = Project::from_fixture(fixture);
    add(&project, &ScaffoldRequest::Logging(LoggingRequest {}));
    assert!(read(&project, "app/main.py").contains("configure_logging("));
}

#[test]
fn the_settings_that_are_read_are_named() {
    let fixture = "\
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.config import settings

app = FastAPI(title=settings.title)
#- /app/config.py
from pydantic_settings import BaseSettings


class Theme(BaseSettings):
    color: str = \"\"


class Settings(BaseSettings):
    title: str = \"\"


settings = Settings()
";
    let project = Project::from_fixture(fixture);
    let said = nothing_left(&project, &ScaffoldRequest::Settings(ide::SettingsRequest {}));
    assert!(said.contains("`app.config.Settings`"), "{said}");
}

#[test]
fn auth_under_a_longer_name_is_auth() {
    let fixture = "\
#- /main.py
from fastapi import FastAPI

app = FastAPI()


def get_current_user_authorizer(required: bool = True) -> object:
    return required
";
    let project = Project::from_fixture(fixture);
    let refusal = planned(&project, &ScaffoldRequest::Auth(ide::AuthRequest::default())).unwrap_err();
    assert!(
        refusal.contains("`get_current_user_authorizer` in main.py"),
        "{refusal}"
    );
}
