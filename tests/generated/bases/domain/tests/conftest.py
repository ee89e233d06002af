from collections.abc import AsyncGenerator
import os

from httpx import ASGITransport, AsyncClient
import pytest
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import StaticPool

from app.database import Base, get_session
from app.main import app
from app.users.models import User


@pytest.fixture(scope="session")
async def engine() -> AsyncGenerator[AsyncEngine]:
    url = os.getenv("DATABASE_URL", "sqlite+aiosqlite://")
    engine = create_async_engine(url, poolclass=StaticPool)
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        yield session


@pytest.fixture
async def client(session: AsyncSession) -> AsyncGenerator[AsyncClient]:
    async def get_test_session() -> AsyncSession:
        return session

    app.dependency_overrides[get_session] = get_test_session
    async with AsyncClient(
        transport=ASGITransport(app=app), base_url="http://test"
    ) as client:
        yield client
    app.dependency_overrides.clear()


@pytest.fixture
async def user(session: AsyncSession) -> User:
    user = User(username="linus", email="linus@example.com")
    session.add(user)
    await session.commit()
    return user
