import secrets
import uuid
from datetime import timedelta

import jwt
import pytest
from fastapi import status
from httpx2 import AsyncClient

from app.core.config import Settings, settings
from app.core.db import utc_now
from app.core.security import ALGORITHM, create_access_token
from tests.conftest import Headers

pytestmark = pytest.mark.anyio

PASSWORD = secrets.token_urlsafe(16)


async def register(client: AsyncClient, email: str = "ada@example.com") -> None:
    response = await client.post(
        "/accounts", json={"email": email, "full_name": "Ada", "password": PASSWORD}
    )
    assert response.status_code == status.HTTP_201_CREATED


async def test_register_and_log_in(client: AsyncClient) -> None:
    await register(client)

    response = await client.post(
        "/accounts/token", data={"username": "Ada@example.com", "password": PASSWORD}
    )
    assert response.status_code == status.HTTP_200_OK
    token = response.json()["access_token"]

    response = await client.get("/accounts/me", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == status.HTTP_200_OK
    assert response.json()["email"] == "ada@example.com"
    assert "hashed_password" not in response.json()


async def test_register_the_same_email_twice(client: AsyncClient) -> None:
    await register(client)
    response = await client.post(
        "/accounts", json={"email": "ADA@example.com", "full_name": "Ada", "password": PASSWORD}
    )
    assert response.status_code == status.HTTP_409_CONFLICT


@pytest.mark.parametrize("username", ["ada@example.com", "nobody@example.com"])
async def test_log_in_with_wrong_credentials(client: AsyncClient, username: str) -> None:
    await register(client)
    response = await client.post(
        "/accounts/token", data={"username": username, "password": "not the password"}
    )
    assert response.status_code == status.HTTP_401_UNAUTHORIZED
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_update_me(client: AsyncClient, customer: Headers) -> None:
    response = await client.patch(
        "/accounts/me", headers=customer, json={"full_name": "Grace", "email": None}
    )
    assert response.status_code == status.HTTP_200_OK
    assert response.json()["full_name"] == "Grace"
    assert response.json()["email"] == "customer@example.com"


async def test_update_me_to_an_email_in_use(client: AsyncClient, customer: Headers) -> None:
    await register(client)
    response = await client.patch(
        "/accounts/me", headers=customer, json={"email": "ada@example.com"}
    )
    assert response.status_code == status.HTTP_409_CONFLICT


def expired_token() -> str:
    claims = {"sub": str(uuid.uuid4()), "exp": utc_now() - timedelta(minutes=1)}
    return jwt.encode(claims, settings.secret_key.get_secret_value(), ALGORITHM)


@pytest.mark.parametrize(
    "token", ["not a token", expired_token(), create_access_token(uuid.uuid4())]
)
async def test_invalid_tokens(client: AsyncClient, token: str) -> None:
    response = await client.get("/accounts/me", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == status.HTTP_401_UNAUTHORIZED


async def test_no_token(client: AsyncClient) -> None:
    response = await client.get("/accounts/me")
    assert response.status_code == status.HTTP_401_UNAUTHORIZED


def test_secret_key_is_required_outside_local_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOOKSHOP_SECRET_KEY", raising=False)
    with pytest.raises(ValueError, match="BOOKSHOP_SECRET_KEY must be set"):
        Settings(environment="production", _env_file=None)
