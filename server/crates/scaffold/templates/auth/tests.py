"""Tests of signing up, in and out."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import jwt
import pytest
from fastapi import Depends, FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from {{ m.auth_model }} import PasswordReset
from {{ m.dependencies }} import OptionalUser, require_role, require_scopes
from {{ m.errors }} import register_error_handlers
from {{ m.mail }} import get_password_reset_sender
from {{ m.main }} import app
from {{ m.session }} import get_session
from {{ m.user_model }} import User

pytestmark = pytest.mark.anyio

URL = "{{ url }}"
RIGHT = "Correct7horse"
OTHER = "Battery8staple"


async def log_in(client: AsyncClient, password: str = RIGHT) -> dict[str, Any]:
    """Begin a session; its tokens."""
    response = await client.post(f"{URL}/login", data={"username": "ada@example.com", "password": password})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def status_of_me(client: AsyncClient, token: str) -> int:
    """Ask who one is."""
    response = await client.get(f"{URL}/me", headers={"Authorization": f"Bearer {token}"})
    return response.status_code


async def status_of_refresh(client: AsyncClient, token: str) -> int:
    """Exchange a refresh token."""
    response = await client.post(f"{URL}/refresh", json={"refresh_token": token})
    return response.status_code


async def test_sign_up(client: AsyncClient) -> None:
    account = {"email": "Ada@Example.com", "password": RIGHT}
    response = await client.post(f"{URL}/sign-up", json=account)
    assert response.status_code == 201, response.text
    assert response.json()["email"] == "ada@example.com"
    assert "password" not in response.text
    assert (await client.post(f"{URL}/sign-up", json=account)).status_code == 409
    await log_in(client)


@pytest.mark.parametrize("password", ["Short7", "nocapital7", "NOSMALL77", "NoDigitHere", "L0ng" * 300])
async def test_weak_passwords(client: AsyncClient, password: str) -> None:
    response = await client.post(f"{URL}/sign-up", json={"email": "a@example.com", "password": password})
    assert response.status_code == 422
    assert password not in response.text


async def test_login(client: AsyncClient, user: User, auth_headers: dict[str, str]) -> None:
    response = await client.get(f"{URL}/me", headers=auth_headers)
    assert response.status_code == 200
    assert response.json()["id"] == str(user.id)
    failures = [
        await client.post(f"{URL}/login", data={"username": name, "password": OTHER})
        for name in ("ada@example.com", "nobody@example.com")
    ]
    assert [failure.status_code for failure in failures] == [401, 401]
    assert failures[0].json()["error"]["message"] == failures[1].json()["error"]["message"]


async def test_inactive(client: AsyncClient, session: AsyncSession, user: User, auth_headers: dict[str, str]) -> None:
    user.is_active = False
    await session.commit()
    assert (await client.get(f"{URL}/me", headers=auth_headers)).status_code == 403
    response = await client.post(f"{URL}/login", data={"username": user.email, "password": RIGHT})
    assert response.status_code == 401


async def test_tokens_that_are_not_valid(client: AsyncClient, user: User) -> None:
    tokens = await log_in(client)
    access = tokens["access_token"]
    claims = jwt.decode(access, options={"verify_signature": False})
    head, body, signature = access.split(".")
    for token in [
        "nonsense",
        tokens["refresh_token"],
        f"{head}.{body}.{signature[::-1]}",
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "x" * 32, algorithm="HS256"),
    ]:
        assert await status_of_me(client, token) == 401, token
    assert await status_of_refresh(client, access) == 401
    response = await client.get(f"{URL}/me")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert await status_of_me(client, access) == 200


async def test_expired_tokens(client: AsyncClient, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("{{ m.security }}.ACCESS_LIFETIME", timedelta(seconds=-1))
    monkeypatch.setattr("{{ m.security }}.REFRESH_LIFETIME", timedelta(seconds=-1))
    tokens = await log_in(client)
    assert await status_of_me(client, tokens["access_token"]) == 401
    assert await status_of_refresh(client, tokens["refresh_token"]) == 401


async def test_refresh_rotates(client: AsyncClient, user: User) -> None:
    first = await log_in(client)
    response = await client.post(f"{URL}/refresh", json={"refresh_token": first["refresh_token"]})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    second = response.json()
    assert await status_of_me(client, second["access_token"]) == 200
    # Whoever presents the first one again may have stolen it: the session ends.
    assert await status_of_refresh(client, first["refresh_token"]) == 401
    assert await status_of_refresh(client, second["refresh_token"]) == 401
    assert await status_of_me(client, second["access_token"]) == 401


async def test_one_session(client: AsyncClient, user: User) -> None:
    first, second = await log_in(client), await log_in(client)
    assert await status_of_refresh(client, first["refresh_token"]) == 401
    assert await status_of_me(client, first["access_token"]) == 401
    assert await status_of_me(client, second["access_token"]) == 200


async def test_logout(client: AsyncClient, user: User) -> None:
    tokens = await log_in(client)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.post(f"{URL}/logout", headers=headers)).status_code == 204
    assert await status_of_refresh(client, tokens["refresh_token"]) == 401
    assert await status_of_me(client, tokens["access_token"]) == 401


async def test_change_password(client: AsyncClient, auth_headers: dict[str, str]) -> None:
    change = {"current_password": OTHER, "new_password": OTHER}
    response = await client.post(f"{URL}/change-password", json=change, headers=auth_headers)
    assert response.status_code == 400
    change["current_password"] = RIGHT
    response = await client.post(f"{URL}/change-password", json=change, headers=auth_headers)
    assert response.status_code == 204
    assert (await client.get(f"{URL}/me", headers=auth_headers)).status_code == 401
    await log_in(client, OTHER)


async def test_reset_password(client: AsyncClient, session: AsyncSession, user: User) -> None:
    sent: list[str] = []

    async def send(email: str, token: str) -> None:
        assert email == user.email
        sent.append(token)

    app.dependency_overrides[get_password_reset_sender] = lambda: send
    tokens = await log_in(client)
    answers = [
        await client.post(f"{URL}/forgot-password", json={"email": email})
        for email in (user.email, "nobody@example.com", user.email)
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, "null")}
    old, token = sent
    for reset, status in [(old, 400), (token, 204), (token, 400)]:
        response = await client.post(f"{URL}/reset-password", json={"token": reset, "new_password": OTHER})
        assert response.status_code == status, response.text
    assert await status_of_refresh(client, tokens["refresh_token"]) == 401
    await log_in(client, OTHER)
    await client.post(f"{URL}/forgot-password", json={"email": user.email})
    await session.execute(update(PasswordReset).values(expires_at=datetime.now(UTC)))
    await session.commit()
    response = await client.post(f"{URL}/reset-password", json={"token": sent[-1], "new_password": RIGHT})
    assert response.status_code == 400


async def test_rate_limit(client: AsyncClient) -> None:
    form = {"username": "ada@example.com", "password": OTHER}
    responses = [await client.post(f"{URL}/login", data=form) for _ in range(6)]
    assert [response.status_code for response in responses] == [401] * 5 + [429]
    assert int(responses[-1].headers["Retry-After"]) > 0


async def test_what_is_allowed(session: AsyncSession, auth_headers: dict[str, str]) -> None:
    probe = FastAPI()
    register_error_handlers(probe)
    probe.dependency_overrides[get_session] = lambda: session

    @probe.get("/admin")
    async def admin(user: Annotated[User, Depends(require_role("admin"))]) -> str:
        return user.email

    @probe.get("/read")
    async def read(user: Annotated[User, require_scopes("items:read")]) -> str:
        return user.email

    @probe.get("/write", dependencies=[require_scopes("items:write")])
    async def write() -> None:
        return

    @probe.get("/optional")
    async def optional(user: OptionalUser) -> str | None:
        return user.email if user else None

    async with AsyncClient(transport=ASGITransport(app=probe), base_url="http://test") as client:
        for path, status in [("/admin", 403), ("/read", 200), ("/write", 403), ("/optional", 200)]:
            response = await client.get(path, headers=auth_headers)
            assert response.status_code == status, path
        assert (await client.get("/admin")).status_code == 401
        assert (await client.get("/optional")).json() is None
        assert (await client.get("/optional", headers={"Authorization": "Bearer x"})).status_code == 401
{% if is_jwks %}


async def test_public_keys(client: AsyncClient, user: User) -> None:
    response = await client.get("/.well-known/jwks.json")
    assert response.status_code == 200
    keys = jwt.PyJWKSet.from_dict(response.json())
    assert all("d" not in key for key in response.json()["keys"])
    token = (await log_in(client))["access_token"]
    kid = jwt.get_unverified_header(token)["kid"]
    claims = jwt.decode(token, keys[kid], algorithms=["RS256"])
    assert claims["sub"] == str(user.id)
{% endif %}
