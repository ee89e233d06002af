import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app import main
from app.api.deps import get_session
from app.core.config import settings
from app.core.db import create_engine, create_tables
from app.core.security import create_access_token
from app.main import app
from app.models import Author, Book, User

Headers = dict[str, str]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def session(anyio_backend: str, tmp_path: Path) -> AsyncIterator[AsyncSession]:
    """A session on a database of this test's own, which the app uses too."""
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}", poolclass=NullPool)
    await create_tables(engine)
    factory = async_sessionmaker(engine, expire_on_commit=False)

    async def get_test_session() -> AsyncIterator[AsyncSession]:
        async with factory() as session:
            yield session

    app.dependency_overrides[get_session] = get_test_session
    async with factory() as session:
        yield session
    app.dependency_overrides.clear()
    await engine.dispose()


@pytest.fixture
async def client(session: AsyncSession) -> AsyncIterator[AsyncClient]:
    base_url = f"http://test{settings.api_v1_prefix}"
    async with AsyncClient(transport=ASGITransport(app), base_url=base_url) as client:
        yield client


@pytest.fixture
def live_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    """The app between its start and its stop, on one event loop, with WebSockets."""
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'live.db'}")
    monkeypatch.setattr(main, "engine", engine)
    with TestClient(app) as client:
        yield client


AddUser = Callable[[str, bool], Awaitable[Headers]]


@pytest.fixture
def add_user(session: AsyncSession) -> AddUser:
    """Store a user, and return the headers of a request that is theirs."""

    async def add(name: str, is_staff: bool) -> Headers:
        user = User(
            email=f"{name}@example.com",
            full_name=name.title(),
            hashed_password=secrets.token_hex(),
            is_staff=is_staff,
        )
        session.add(user)
        await session.commit()
        return {"Authorization": f"Bearer {create_access_token(user.id)}"}

    return add


@pytest.fixture
async def customer(anyio_backend: str, add_user: AddUser) -> Headers:
    return await add_user("customer", False)


@pytest.fixture
async def staff(anyio_backend: str, add_user: AddUser) -> Headers:
    return await add_user("staff", True)


@pytest.fixture
async def book(anyio_backend: str, session: AsyncSession) -> Book:
    book = Book(
        title="Persuasion",
        isbn="9780141439686",
        price_cents=899,
        stock=3,
        author=Author(name="Jane Austen"),
    )
    session.add(book)
    await session.commit()
    return book
