"""Fixtures: a database in memory for each test, and a client that uses it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool, StaticPool
{% if is_sqlmodel %}
from sqlmodel import Session, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
{% else %}
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
{% endif %}

from {{ m.base }} import Base
from {{ m.session }} import get_session
from {{ m.main }} import app

{% set tables = "SQLModel" if is_sqlmodel else "Base" %}
{% set of_class = "class_=AsyncSession, " if is_sqlmodel else "" %}
{% if not is_async %}
{% if not is_sync and fixture == "pytest.fixture" %}

@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio."""
    return "asyncio"

{% endif %}

@pytest.fixture
def session() -> Iterator[Session]:
    """Open a session on a database of its own for one test."""
    # The app runs in another thread than the test.
    connect_args = {"check_same_thread": False}
    engine = create_engine("sqlite://", connect_args=connect_args, poolclass=StaticPool)
    {{ tables }}.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


{% if is_sync %}
@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    """Call the app without a network."""
    app.dependency_overrides[get_session] = lambda: session
    yield TestClient(app)
    app.dependency_overrides.clear()
{% else %}
@{{ fixture }}
async def client(session: Session{{ ", anyio_backend: str" if fixture == "pytest.fixture" }}) -> AsyncIterator[AsyncClient]:
    """Call the app without a network."""
    app.dependency_overrides[get_session] = lambda: session
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    app.dependency_overrides.clear()
{% endif %}
{% elif is_sync %}

@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Call the app, which has a database of its own for one test."""
    path = tmp_path / "test.db"
    tables = create_engine(f"sqlite:///{path}")
    {{ tables }}.metadata.create_all(tables)
    tables.dispose()
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", poolclass=NullPool)
    session_factory = async_sessionmaker(engine, {{ of_class }}expire_on_commit=False)

    async def get_test_session() -> AsyncIterator[AsyncSession]:
        async with session_factory() as session:
            yield session

    app.dependency_overrides[get_session] = get_test_session
    yield TestClient(app)
    app.dependency_overrides.clear()
{% else %}
{% if fixture == "pytest.fixture" %}

@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio."""
    return "asyncio"

{% endif %}

@{{ fixture }}
async def engine({{ "anyio_backend: str" if fixture == "pytest.fixture" }}) -> AsyncIterator[AsyncEngine]:
    """Make a database of its own for one test."""
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    async with engine.begin() as connection:
        await connection.run_sync({{ tables }}.metadata.create_all)
    yield engine
    await engine.dispose()


@{{ fixture }}
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Open a session on the test's database."""
    async with async_sessionmaker(engine, {{ of_class }}expire_on_commit=False)() as session:
        yield session


@{{ fixture }}
async def client(session: AsyncSession) -> AsyncIterator[AsyncClient]:
    """Call the app without a network."""
    app.dependency_overrides[get_session] = lambda: session
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    app.dependency_overrides.clear()
{% endif %}
