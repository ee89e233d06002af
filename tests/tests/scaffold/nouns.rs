//! A project with a package for each noun, whose keys are texts, whose sessions commit themselves, and whose fixtures have other
//! names than their functions: what is written there runs there.

use crate::{
    parts::{add, planned, read},
    tools::{assert_tests_pass, tool_of_generated},
};
use ide::{ErrorsRequest, MiddlewareRequest, ResourceRequest, ScaffoldRequest, SchemasRequest, TestsRequest};
use testkit::Project;

const NOUNS: &str = "\
#- /pyproject.toml
[project]
name = \"shop\"
version = \"1\"
requires-python = \">=3.10\"
dependencies = [\"fastapi\", \"sqlalchemy\", \"aiosqlite\"]

[tool.pytest.ini_options]
asyncio_mode = \"auto\"
asyncio_default_test_loop_scope = \"session\"
#- /alembic.ini
[alembic]
script_location = migrations
#- /migrations/env.py
from app.core.models import Base
import app.accounts.models  # noqa

target_metadata = Base.metadata
#- /migrations/versions/1_accounts.py
\"\"\"accounts

Revision ID: 1a2f5c0e7b31
Revises:

\"\"\"

import sqlalchemy as sa
from alembic import op

revision = \"1a2f5c0e7b31\"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    \"\"\"Make the table of accounts.\"\"\"
    op.create_table(\"accounts\", sa.Column(\"account_id\", sa.String(length=36), primary_key=True))


def downgrade() -> None:
    \"\"\"Remove the table of accounts.\"\"\"
    op.drop_table(\"accounts\")
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.accounts.views import router as accounts_router
from app.probes.views import router as probes_router

app = FastAPI()
app.include_router(accounts_router, prefix=\"/accounts\", tags=[\"accounts\"])
app.include_router(probes_router, prefix=\"/probes\", tags=[\"probes\"])
#- /app/core/__init__.py
#- /app/core/models.py
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
#- /app/core/database.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool

# One connection, as the database is in memory.
engine = create_async_engine(\"sqlite+aiosqlite://\", poolclass=StaticPool)
maker = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with maker() as session, session.begin():
        yield session
#- /app/accounts/__init__.py
#- /app/accounts/models.py
import uuid

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base


class Account(Base):
    __tablename__ = \"accounts\"

    account_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid.uuid4()))
    name: Mapped[str] = mapped_column(String(100))
#- /app/accounts/schemas.py
from pydantic import BaseModel


class AccountRead(BaseModel):
    account_id: str
    name: str
#- /app/accounts/views.py
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Account
from app.accounts.schemas import AccountRead
from app.core.database import get_session

router = APIRouter()


@router.get(\"\", response_model=list[AccountRead])
async def list_accounts(session: AsyncSession = Depends(get_session)) -> list[Account]:
    return list(await session.scalars(select(Account)))
#- /app/accounts/tests/__init__.py
#- /app/accounts/tests/test_views.py
from httpx import AsyncClient


async def test_no_accounts(client: AsyncClient) -> None:
    assert (await client.get(\"/accounts\")).json() == []
#- /app/probes/__init__.py
#- /app/probes/views.py
from fastapi import APIRouter

router = APIRouter()


@router.get(\"/live\")
async def read_live() -> dict[str, bool]:
    return {\"live\": True}
#- /app/probes/tests/__init__.py
#- /app/probes/tests/test_views.py
from httpx import AsyncClient


async def test_live(client: AsyncClient) -> None:
    assert (await client.get(\"/probes/live\")).status_code == 200
#- /app/conftest.py
from collections.abc import AsyncIterator

import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import engine, maker
from app.core.models import Base
from app.main import app


@pytest_asyncio.fixture(name=\"session\", loop_scope=\"session\")
async def fixture_session() -> AsyncIterator[AsyncSession]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with maker() as session:
        yield session
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)


@pytest_asyncio.fixture(name=\"client\", loop_scope=\"session\")
async def fixture_client(session: AsyncSession) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app), base_url=\"http://test\") as client:
        yield client
";

fn gadget(fields: &[&str]) -> ScaffoldRequest {
    ScaffoldRequest::Resource(ResourceRequest {
        name: "gadget".to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Default::default()
    })
}

#[test]
fn a_noun_gets_a_package_like_the_others() {
    let project = Project::from_fixture(NOUNS);
    add(&project, &gadget(&["title:str!", "owner:Account", "price:decimal?"]));
    // Its modules are called as theirs are, and so are its tests.
    let views = read(&project, "app/gadgets/views.py");
    assert!(views.contains("gadget_id: str"), "{views}");
    let tests = read(&project, "app/gadgets/tests/test_gadgets.py");
    assert!(tests.contains("client: AsyncClient"), "{tests}");
    assert!(tests.contains("session.add(account)"), "{tests}");
    assert!(
        tests.contains("@pytest_asyncio.fixture(loop_scope=\"session\")"),
        "{tests}"
    );
    let table = read(&project, "app/gadgets/models.py");
    assert!(table.contains("id: Mapped[str] = mapped_column("), "{table}");
    assert!(table.contains("default=lambda: str(uuid.uuid4())"), "{table}");
    // The session commits itself.
    let repository = read(&project, "app/gadgets/repository.py");
    assert!(
        repository.contains("await self.session.flush()") && !repository.contains("commit"),
        "{repository}"
    );
    // Python 3.10 has neither `Self` nor `UTC`.
    let schemas = read(&project, "app/gadgets/schemas.py");
    assert!(schemas.contains("from typing_extensions import Self"), "{schemas}");
    assert_tests_pass(tool_of_generated("python"), project.root(), "app");
}

#[test]
fn a_revision_says_of_itself_what_it_does() {
    let project = Project::from_fixture(NOUNS);
    let plan = planned(&project, &gadget(&["title:str", "owner:Account"])).unwrap();
    let mut created = plan.change.creations.iter();
    let (_, revision) = created
        .find(|(path, _)| path.parent().is_some_and(|folder| folder.ends_with("versions")))
        .unwrap();
    assert!(revision.contains("    \"\"\"Add gadgets.\"\"\"\n"), "{revision}");
    assert!(!revision.contains("table of accounts"), "{revision}");
    // The type of a foreign key is that of the column which it refers to.
    let column = "sa.Column(\"owner_id\", sa.String(length=36), nullable=False)";
    assert!(revision.contains(column), "{revision}");
}

#[test]
fn the_tests_of_a_noun_are_found_in_its_package() {
    let project = Project::from_fixture(NOUNS);
    let request = TestsRequest {
        file: Some("app/probes/views.py".into()),
        name: None,
    };
    add(&project, &ScaffoldRequest::Tests(request));
    let tests = read(&project, "app/probes/tests/test_views.py");
    assert!(tests.contains("async def test_read_live("), "{tests}");
}

#[test]
fn a_key_of_several_columns_is_referred_to_by_the_one_that_is_unique() {
    let account = |key: &str| {
        let with_key = format!("    key: Mapped[int] = mapped_column(primary_key=True{key})\n    name: Mapped");
        NOUNS.replace("    name: Mapped", &with_key)
    };
    let fields = ["title:str", "owner:Account"];
    let refused = planned(&Project::from_fixture(&account("")), &gadget(&fields)).unwrap_err();
    assert!(refused.contains("none is unique by itself"), "{refused}");
    let project = Project::from_fixture(&account(", unique=True"));
    add(&project, &gadget(&fields));
    let table = read(&project, "app/gadgets/models.py");
    assert!(table.contains("ForeignKey(\"accounts.key\""), "{table}");
    let repository = read(&project, "app/gadgets/repository.py");
    assert!(
        repository.contains("select(Account).where(Account.key == data.owner_id)"),
        "{repository}"
    );
}

#[test]
fn what_is_about_a_table_goes_beside_it() {
    let project = Project::from_fixture(NOUNS);
    let request = SchemasRequest {
        file: "app/accounts/models.py".into(),
        model: Some("Account".to_owned()),
    };
    add(&project, &ScaffoldRequest::Schemas(request));
    let schemas = read(&project, "app/accounts/schemas.py");
    assert!(schemas.contains("class AccountCreate("), "{schemas}");
}

#[test]
fn loggers_that_alembic_disables_are_enabled_for_their_test() {
    let migrates = NOUNS
        .replace("#- /app/conftest.py\n", "#- /app/conftest.py\nimport alembic.command\n")
        .replace(
            "from app.core.models import Base\nimport app.accounts.models",
            "from logging.config import fileConfig\n\nfrom app.core.models import Base\nimport app.accounts.models",
        )
        .replace("target_metadata =", "fileConfig(\"alembic.ini\")\ntarget_metadata =");
    let enabled = ".disabled = False";
    for (fixture, is_enabled) in [(NOUNS, false), (&migrates, true)] {
        let project = Project::from_fixture(fixture);
        add(&project, &ScaffoldRequest::Middleware(MiddlewareRequest {}));
        // Tests of no noun are in no noun's package.
        assert_eq!(read(&project, "app/test_middleware.py").contains(enabled), is_enabled);
    }
}

#[test]
fn what_answers_of_errors_become_is_said() {
    let project = Project::from_fixture(NOUNS);
    let notes = add(&project, &ScaffoldRequest::Errors(ErrorsRequest {})).join("\n");
    assert!(notes.contains("beside `detail` now"), "{notes}");
}
