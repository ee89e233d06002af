"""Fixtures: {{ "a database in memory for each test, and a client that uses it" if session else "a client" }}."""

{% if session and session.aw and is_sync %}
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool
from {{ session.class_module }} import {{ session.class }}

from {{ app.module }} import {{ app.name }}
from {{ base.module }} import {{ base.name }}
from {{ session.provider_module }} import {{ session.provider_imported }}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Call the app, which has a database of its own for one test."""
    path = tmp_path / "test.db"
    tables = create_engine(f"sqlite:///{path}")
    {{ base.name }}.metadata.create_all(tables)
    tables.dispose()
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", poolclass=NullPool)
    session_factory = async_sessionmaker(engine, class_={{ session.class }}, expire_on_commit=False)

    async def get_test_session() -> AsyncIterator[{{ session.class }}]:
        async with session_factory() as session:
            yield session

    {{ app.name }}.dependency_overrides[{{ session.provider }}] = get_test_session
    yield TestClient({{ app.name }})
    {{ app.name }}.dependency_overrides.clear()
{% elif session and session.aw %}
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool
from {{ session.class_module }} import {{ session.class }}

from {{ app.module }} import {{ app.name }}
from {{ base.module }} import {{ base.name }}
from {{ session.provider_module }} import {{ session.provider_imported }}


{% if fixture == "pytest.fixture" %}
@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio."""
    return "asyncio"


{% endif %}
@{{ fixture }}
async def session() -> AsyncIterator[{{ session.class }}]:
    """Open a session on a database of its own for one test."""
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    async with engine.begin() as connection:
        await connection.run_sync({{ base.name }}.metadata.create_all)
    factory = async_sessionmaker(engine, class_={{ session.class }}, expire_on_commit=False)
    async with factory() as session:
        yield session
    await engine.dispose()


@{{ fixture }}
async def client(session: {{ session.class }}) -> AsyncIterator[AsyncClient]:
    """Call the app without a network."""
    {{ app.name }}.dependency_overrides[{{ session.provider }}] = lambda: session
    transport = ASGITransport(app={{ app.name }})
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    {{ app.name }}.dependency_overrides.clear()
{% elif session %}
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from {{ session.class_module }} import {{ session.class }}

from {{ app.module }} import {{ app.name }}
from {{ base.module }} import {{ base.name }}
from {{ session.provider_module }} import {{ session.provider_imported }}


@pytest.fixture
def session() -> Iterator[{{ session.class }}]:
    """Open a session on a database of its own for one test."""
    # The app runs in another thread than the test.
    connect_args = {"check_same_thread": False}
    engine = create_engine("sqlite://", connect_args=connect_args, poolclass=StaticPool)
    {{ base.name }}.metadata.create_all(engine)
    with {{ session.class }}(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def client(session: {{ session.class }}) -> Iterator[TestClient]:
    """Call the app without a network."""
    {{ app.name }}.dependency_overrides[{{ session.provider }}] = lambda: session
    yield TestClient({{ app.name }})
    {{ app.name }}.dependency_overrides.clear()
{% else %}
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from {{ app.module }} import {{ app.name }}


@pytest.fixture
def client() -> Iterator[TestClient]:
    """Call the app while it runs: its lifespan has begun."""
    with TestClient({{ app.name }}) as client:
        yield client
{% endif %}
