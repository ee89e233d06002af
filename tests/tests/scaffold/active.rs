//! A project whose tables save and find themselves, whose routers have their prefixes whole, and whose tests' client has the first
//! part of every path: its resources are no pattern, and what is written there runs there.

use crate::{
    parts::{add, read},
    tools::{assert_tests_pass, tool_of_generated},
};
use ide::{HealthRequest, ResourceRequest, ScaffoldRequest, TestsRequest};
use testkit::Project;

const ACTIVE: &str = "\
#- /pyproject.toml
[project]
name = \"shop\"
version = \"1\"
requires-python = \">=3.11\"
dependencies = [\"fastapi\", \"sqlalchemy\", \"aiosqlite\"]
#- /alembic.ini
[alembic]
script_location = migrations
#- /migrations/env.py
from app.models.base import Base

target_metadata = Base.metadata
#- /migrations/versions/1_labels.py
\"\"\"labels\"\"\"

import sqlalchemy as sa
from alembic import op

revision = \"1\"
down_revision = None


def upgrade():
    op.create_table(\"labels\", sa.Column(\"code\", sa.String(), primary_key=True))


def downgrade():
    op.drop_table(\"labels\")
#- /app/__init__.py
#- /app/main.py
from fastapi import FastAPI

from app.api.health import router as health_router
from app.api.labels import router as labels_router

app = FastAPI()
app.include_router(labels_router)
app.include_router(health_router, prefix=\"/v1/health\")
#- /app/database.py
from collections.abc import AsyncIterator

from sqlalchemy import StaticPool
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine(\"sqlite+aiosqlite://\", poolclass=StaticPool)
maker = async_sessionmaker(engine, expire_on_commit=False)


async def get_db() -> AsyncIterator[AsyncSession]:
    async with maker() as session:
        yield session
        await session.commit()
#- /app/models/__init__.py
# for Alembic
from app.models.event import *  # noqa
from app.models.label import *  # noqa
#- /app/models/base.py
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    id: Any

    async def save(self, db_session: AsyncSession) -> None:
        db_session.add(self)
        await db_session.flush()
#- /app/models/event.py
import uuid

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Event(Base):
    __tablename__ = \"events\"

    id: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, primary_key=True)
    _proof: Mapped[bytes] = mapped_column(\"proof\")
#- /app/models/label.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Label(Base):
    __tablename__ = \"labels\"

    code: Mapped[str] = mapped_column(primary_key=True)

    @classmethod
    async def of_code(cls, db_session: AsyncSession, code: str) -> \"Label | None\":
        return await db_session.scalar(select(cls).where(cls.code == code))


class Alias(Base):
    __tablename__ = \"aliases\"

    name: Mapped[str] = mapped_column(primary_key=True)
#- /app/schemas/__init__.py
#- /app/schemas/label.py
from pydantic import BaseModel, ConfigDict


class LabelSchema(BaseModel):
    code: str


class LabelResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    code: str
#- /app/api/__init__.py
#- /app/api/health.py
from fastapi import APIRouter

router = APIRouter()


@router.get(\"/cache\")
async def read_cache() -> dict[str, str]:
    return {\"cache\": \"warm\"}
#- /app/api/labels.py
from fastapi import APIRouter, Depends, HTTPException, status
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import get_db
from app.models.label import Label
from app.schemas.label import LabelResponse, LabelSchema

router = APIRouter(prefix=\"/v1/labels\")


@router.post(\"\", status_code=status.HTTP_201_CREATED, response_model=LabelResponse)
async def create_label(payload: LabelSchema, db_session: AsyncSession = Depends(get_db)):
    label = Label(**payload.model_dump())
    await label.save(db_session)
    return label


@router.get(\"/{code}\", response_model=LabelResponse)
async def get_label(code: str, db_session: AsyncSession = Depends(get_db)):
    label = await Label.of_code(db_session, code)
    if label is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, \"Label not found\")
    return label
#- /tests/__init__.py
#- /tests/conftest.py
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import engine, get_db, maker
from app.main import app
from app.models.base import Base


@pytest.fixture
async def db_session() -> AsyncIterator[AsyncSession]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with maker() as session:
        yield session
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)


@pytest.fixture
async def client(db_session: AsyncSession) -> AsyncIterator[AsyncClient]:
    app.dependency_overrides[get_db] = lambda: db_session
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url=\"http://test/v1\") as client:
        yield client
    app.dependency_overrides.clear()
#- /tests/api/__init__.py
#- /tests/api/test_health.py
import pytest
from httpx import AsyncClient

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return \"asyncio\"


async def test_cache(client: AsyncClient) -> None:
    assert (await client.get(\"/health/cache\")).status_code == 200
";

#[test]
fn what_is_no_pattern_is_said_and_what_is_written_instead_runs() {
    let project = Project::from_fixture(ACTIVE);
    let gadget = ResourceRequest {
        name: "gadget".to_owned(),
        fields: vec!["title:str!".to_owned(), "price:decimal?".to_owned()],
        ..Default::default()
    };
    let notes = add(&project, &ScaffoldRequest::Resource(gadget)).join("\n");
    assert!(
        notes.contains("not written like `Label`: of that `get_label`"),
        "{notes}"
    );
    // The package of the models is run before the base in it that Alembic imports.
    let models = read(&project, "app/models/__init__.py");
    assert!(models.contains("from app.models.gadget import *  # noqa\n"), "{models}");
    assert!(!notes.contains("so that Alembic knows"), "{notes}");
    // Names that rows bring along are no ids that they are given.
    let table = read(&project, "app/models/gadget.py");
    assert!(table.contains("id: Mapped[uuid.UUID]"), "{table}");
    // What only a table's own methods fill, tests don't.
    let refers = ResourceRequest {
        name: "badge".to_owned(),
        fields: vec!["event:Event".to_owned()],
        ..Default::default()
    };
    let notes = add(&project, &ScaffoldRequest::Resource(refers)).join("\n");
    assert!(notes.contains("what makes a row of `Event` can't be told"), "{notes}");
    let tests = read(&project, "tests/api/test_gadgets.py");
    assert!(tests.contains("URL = \"/gadgets\""), "{tests}");
    add(&project, &ScaffoldRequest::Health(HealthRequest {}));
    let health = read(&project, "app/api/probes.py");
    assert!(health.contains("@router.get(\"/health\""), "{health}");
    add(
        &project,
        &ScaffoldRequest::Tests(TestsRequest {
            file: Some("app/api/labels.py".into()),
            name: None,
        }),
    );
    let tests = read(&project, "tests/api/test_labels.py");
    assert!(tests.contains("client.post(\"/labels\""), "{tests}");
    assert_tests_pass(tool_of_generated("python"), project.root(), "tests");
}
