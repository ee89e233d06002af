"""Fixtures."""

from collections.abc import Iterator

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from {{ m.rate_limit }} import account_limiter, client_limiter
from {{ m.security }} import hash_password
from {{ m.user_model }} import User


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """Let no test count for another one."""
    yield
    account_limiter.reset()
    client_limiter.reset()


@pytest.fixture
async def user(session: AsyncSession) -> User:
    """Make a user with the password `Correct7horse`."""
    user = User(email="ada@example.com", hashed_password=await hash_password("Correct7horse"), scopes=["items:read"])
    session.add(user)
    await session.commit()
    return user


@pytest.fixture
async def auth_headers(client: AsyncClient, user: User) -> dict[str, str]:
    """Log the user in; the headers with which a client is that user."""
    form = {"username": user.email, "password": "Correct7horse"}
    response = await client.post("{{ url }}/login", data=form)
    assert response.status_code == 200, response.text
    return {"Authorization": f"Bearer {response.json()['access_token']}"}
