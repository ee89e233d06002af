//! Each item of the style that is set changes what is written.

use crate::case::analyse;
use ide::{Plan, ResourceRequest, ScaffoldRequest, TestsRequest};
use testkit::Project;

/// What is planned in a project with a line of `[style]`.
fn planned(files: &str, set: &str, request: &ScaffoldRequest) -> Result<Plan, String> {
    let project = Project::from_fixture(&format!("{files}#- /routewright.toml\n[style]\n{set}\n"));
    let root = project.root();
    let plan = analyse(root).scaffold(root, request);
    plan.map_err(|refusal| refusal.to_string())
}

/// What is written, file by file below the project.
fn written(files: &str, set: &str, request: &ScaffoldRequest) -> String {
    let plan = planned(files, set, request).unwrap();
    let created = plan.change.creations.iter();
    let created = created.map(|(path, text)| format!("# {}\n{text}", path.display()));
    let edits = plan.change.files.iter().flat_map(|file| &file.edits);
    let edited = edits.map(|edit| edit.text.to_string());
    let others = plan.change.others.iter().map(|edit| edit.applied());
    created.chain(edited).chain(others).collect::<Vec<_>>().join("\n")
}

fn book() -> ScaffoldRequest {
    ScaffoldRequest::Resource(ResourceRequest {
        name: "book".to_owned(),
        fields: vec!["title:str!".to_owned()],
        ..ResourceRequest::default()
    })
}

const EMPTY: &str = "#- /pyproject.toml\n[project]\nname = \"shop\"\n";

#[test]
fn the_layout_of_a_new_project() {
    let layered = written(EMPTY, "", &book());
    assert!(layered.contains("/app/models/book.py\n") && layered.contains("/app/core/config.py\n"));
    let flat = written(EMPTY, "layout = \"flat\"", &book());
    for module in [
        "app/models.py",
        "app/database.py",
        "app/config.py",
        "app/routers/books.py",
        "app/api.py",
    ] {
        assert!(flat.contains(&format!("/{module}\n")), "{module}: {flat}");
    }
    let domain = written(EMPTY, "layout = \"domain\"", &book());
    for module in [
        "books/router.py",
        "books/models.py",
        "books/schemas.py",
        "database.py",
        "pagination.py",
    ] {
        assert!(domain.contains(&format!("/app/{module}\n")), "{module}: {domain}");
    }
}

#[test]
fn the_tables_of_a_new_project() {
    let plain = written(EMPTY, "orm = \"sqlalchemy\"", &book());
    assert!(
        plain.contains("class Book(UUIDMixin, TimestampMixin, Base):"),
        "{plain}"
    );
    let sqlmodel = written(EMPTY, "orm = \"sqlmodel\"", &book());
    for part in [
        "class Book(SQLModel, table=True):",
        "from sqlmodel.ext.asyncio.session import AsyncSession",
        "SQLModel.metadata.create_all",
        "\"sqlmodel>=",
    ] {
        assert!(sqlmodel.contains(part), "{part}: {sqlmodel}");
    }
}

#[test]
fn the_ids_of_a_new_project() {
    let uuids = written(EMPTY, "id = \"uuid\"", &book());
    assert!(
        uuids.contains("class Book(UUIDMixin, TimestampMixin, Base):"),
        "{uuids}"
    );
    assert!(uuids.contains("async def read_book(book_id: uuid.UUID"), "{uuids}");
    let numbers = written(EMPTY, "id = \"int\"", &book());
    assert!(numbers.contains("class Book(TimestampMixin, Base):"), "{numbers}");
    assert!(
        numbers.contains("    id: Mapped[int] = mapped_column(primary_key=True)\n"),
        "{numbers}"
    );
}

#[test]
fn the_tests_of_a_new_project() {
    let anyio = written(EMPTY, "tests = \"anyio\"", &book());
    assert!(anyio.contains("pytestmark = pytest.mark.anyio") && anyio.contains("def anyio_backend("));
    let asyncio = written(EMPTY, "tests = \"asyncio\"", &book());
    assert!(asyncio.contains("pytestmark = pytest.mark.asyncio") && asyncio.contains("@pytest_asyncio.fixture\n"));
    assert!(asyncio.contains("\"pytest-asyncio>=") && !asyncio.contains("anyio_backend"));
    let sync = written(EMPTY, "tests = \"sync\"", &book());
    assert!(
        sync.contains("def client(tmp_path: Path) -> Iterator[TestClient]:"),
        "{sync}"
    );
    assert!(
        sync.contains("def test_delete(client: TestClient") && !sync.contains("anyio"),
        "{sync}"
    );
}

/// Two of each kind: the second is what is usual.
const TWO: &str = "\
#- /db.py
from collections.abc import Iterator

from pydantic_settings import BaseSettings
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Reports(BaseSettings):
    url: str = \"sqlite://\"


class Settings(BaseSettings):
    url: str = \"sqlite://\"


reports = Reports()
settings = Settings()
engine = create_engine(settings.url)


class Base(DeclarativeBase): ...


class ReportBase(DeclarativeBase): ...


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def get_report_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
#- /main.py
from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from db import get_db, settings

app = FastAPI(title=settings.url)


@app.get(\"/\")
def read_root(db: Session = Depends(get_db)) -> str:
    return \"\"
#- /tests/conftest.py
import pytest
from fastapi.testclient import TestClient

from main import app


@pytest.fixture
def client() -> TestClient:
    return TestClient(app)


@pytest.fixture
def report_client() -> TestClient:
    return TestClient(app)
";

#[test]
fn what_the_project_builds_on() {
    let usual = written(TWO, "", &book());
    assert!(
        usual.contains("Depends(get_db)") && usual.contains("class Book(Base):"),
        "{usual}"
    );
    assert!(usual.contains("def test_delete(client: TestClient"), "{usual}");
    let session = written(TWO, "session = \"db:get_report_db\"", &book());
    assert!(
        session.contains("Depends(get_report_db)") && !session.contains("get_db)"),
        "{session}"
    );
    let base = written(TWO, "base = \"db:ReportBase\"", &book());
    assert!(base.contains("class Book(ReportBase):"), "{base}");
    let client = written(TWO, "client = \"tests.conftest:report_client\"", &book());
    assert!(client.contains("def test_delete(report_client: TestClient"), "{client}");
    let health = ScaffoldRequest::Settings(ide::SettingsRequest {});
    let settings = planned(TWO, "settings = \"db:Reports\"", &health).unwrap();
    assert!(settings.notes.join("\n").contains("Reports"), "{:?}", settings.notes);
}

#[test]
fn what_is_not_there_is_refused_with_its_key() {
    for (key, named) in [
        ("session", "db:get_session"),
        ("base", "db:Model"),
        ("client", "tests.conftest:api"),
    ] {
        let refusal = planned(TWO, &format!("{key} = \"{named}\""), &book()).unwrap_err();
        assert!(refusal.contains(&format!("`{key} = \"{named}\"`")), "{refusal}");
        assert!(refusal.contains("take the line out"), "{refusal}");
    }
}

#[test]
fn how_the_first_fixtures_ask() {
    let app = "#- /main.py\nfrom fastapi import FastAPI\n\napp = FastAPI()\n";
    let request = ScaffoldRequest::Tests(TestsRequest::default());
    let usual = written(app, "", &request);
    assert!(usual.contains("with TestClient(app) as client:"), "{usual}");
    let database = "#- /db.py\nfrom collections.abc import AsyncIterator\n\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\
                    from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase): ...\n\n\n\
                    async def get_session() -> AsyncIterator[AsyncSession]:\n    yield AsyncSession()\n";
    let app = format!("{app}{database}");
    let sync = written(&app, "tests = \"sync\"", &request);
    assert!(
        sync.contains("def client(tmp_path: Path) -> Iterator[TestClient]:"),
        "{sync}"
    );
    let asyncio = written(&app, "tests = \"asyncio\"", &request);
    assert!(
        asyncio.contains("@pytest_asyncio.fixture\nasync def client("),
        "{asyncio}"
    );
}
