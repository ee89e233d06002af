"""Tests of signing up, in and out."""

from datetime import timedelta
from typing import Annotated, Any

import jwt
import pytest
from fastapi import Depends, FastAPI
{% if is_async %}
from {{ fixture.module }} import ASGITransport
{% endif %}
from {{ fixture.module }} import {{ client }}

from {{ m.dependencies }} import (
    ActiveUser,
    AdminUser,
    CurrentUser,
    OptionalUser,
    get_active_user,
    get_admin_user,
    get_current_user,
    get_optional_user,
    require_role,
    require_scopes,
)
from {{ m.mail }} import get_password_reset_sender
{{ imports.app }}
{{ imports.session }}
from {{ m.user_model }} import {{ user.class }}

{% set active = dep("ActiveUser", user.class, "Depends(get_active_user)") %}
{% set admin = dep("AdminUser", user.class, "Depends(get_admin_user)") %}
{% set current = dep("CurrentUser", user.class, "Depends(get_current_user)") %}
{% set optional = dep("OptionalUser", user.class ~ " | None", "Depends(get_optional_user)") %}
{% if mark_all %}

pytestmark = {{ mark_all }}
{% endif %}

URL = "{{ test_url }}"
RIGHT = "Correct7horse"
OTHER = "Battery8staple"
ACCOUNT = {"email": "Ada@Example.com", "password": RIGHT{% for extra in user.extras %}, "{{ extra.name }}": {{ extra.sample }}{% endfor %}}


{{ def }} log_in({{ fixture.name }}: {{ client }}, password: str = RIGHT) -> dict[str, Any]:
    """Begin a session; its tokens."""
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/login", data={"username": "ada@example.com", "password": password})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


{{ def }} status_of_me({{ fixture.name }}: {{ client }}, token: str) -> int:
    """Ask who one is."""
    response = {{ aw }}{{ fixture.name }}.get(f"{URL}/me", headers={"Authorization": f"Bearer {token}"})
    return int(response.status_code)


{{ def }} status_of_refresh({{ fixture.name }}: {{ client }}, token: str) -> int:
    """Exchange a refresh token."""
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/refresh", json={"refresh_token": token})
    return int(response.status_code)


{{ def }} test_sign_up({{ fixture.name }}: {{ client }}) -> None:
    """An account is made once, whatever the case of its address."""
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/sign-up", json=ACCOUNT)
    assert response.status_code == 201, response.text
    assert response.json()["email"] == "ada@example.com"
    assert "password" not in response.text
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/sign-up", json=ACCOUNT)
    assert response.status_code == 409
    {{ aw }}log_in({{ fixture.name }})


@pytest.mark.parametrize("password", ["Short7", "nocapital7", "NOSMALL77", "NoDigitHere", "L0ng" * 300])
{{ def }} test_weak_passwords({{ fixture.name }}: {{ client }}, password: str) -> None:
    """A password that is easy to guess is refused, and not repeated."""
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/sign-up", json=ACCOUNT | {"password": password})
    assert response.status_code == 422
{% if hides_input %}
    assert password not in response.text
{% endif %}


{{ def }} test_login({{ fixture.name }}: {{ client }}, account: dict[str, Any], auth_headers: dict[str, str]) -> None:
    """Whoever logged in is known; a failure tells of no account."""
    response = {{ aw }}{{ fixture.name }}.get(f"{URL}/me", headers=auth_headers)
    assert response.status_code == 200
    assert response.json()["id"] == account["id"]
    failures = [
        {{ aw }}{{ fixture.name }}.post(f"{URL}/login", data={"username": name, "password": OTHER})
        for name in ("ada@example.com", "nobody@example.com")
    ]
    assert [failure.status_code for failure in failures] == [401, 401]
{% if answer != "none" %}
    assert failures[0].json(){{ answer }} == failures[1].json(){{ answer }}
{% endif %}


@pytest.mark.usefixtures("account")
{{ def }} test_tokens_that_are_not_valid({{ fixture.name }}: {{ client }}) -> None:
    """Only an access token that was signed here lets anyone in."""
    tokens = {{ aw }}log_in({{ fixture.name }})
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
        assert {{ aw }}status_of_me({{ fixture.name }}, token) == 401, token
    assert {{ aw }}status_of_refresh({{ fixture.name }}, access) == 401
    response = {{ aw }}{{ fixture.name }}.get(f"{URL}/me")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert {{ aw }}status_of_me({{ fixture.name }}, access) == 200


@pytest.mark.usefixtures("account")
{{ def }} test_expired_tokens({{ fixture.name }}: {{ client }}, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token is valid for ever."""
    monkeypatch.setattr("{{ m.security }}.ACCESS_LIFETIME", timedelta(seconds=-1))
    monkeypatch.setattr("{{ m.security }}.REFRESH_LIFETIME", timedelta(seconds=-1))
    tokens = {{ aw }}log_in({{ fixture.name }})
    assert {{ aw }}status_of_me({{ fixture.name }}, tokens["access_token"]) == 401
    assert {{ aw }}status_of_refresh({{ fixture.name }}, tokens["refresh_token"]) == 401


@pytest.mark.usefixtures("account")
{{ def }} test_refresh_rotates({{ fixture.name }}: {{ client }}) -> None:
    """A refresh token is used once: whoever uses it again may have stolen it."""
    first = {{ aw }}log_in({{ fixture.name }})
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/refresh", json={"refresh_token": first["refresh_token"]})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    second = response.json()
    assert {{ aw }}status_of_me({{ fixture.name }}, second["access_token"]) == 200
    assert {{ aw }}status_of_refresh({{ fixture.name }}, first["refresh_token"]) == 401
    assert {{ aw }}status_of_refresh({{ fixture.name }}, second["refresh_token"]) == 401
    assert {{ aw }}status_of_me({{ fixture.name }}, second["access_token"]) == 401


@pytest.mark.usefixtures("account")
{{ def }} test_one_session({{ fixture.name }}: {{ client }}) -> None:
    """Whoever logs in again ends the session before."""
    first = {{ aw }}log_in({{ fixture.name }})
    second = {{ aw }}log_in({{ fixture.name }})
    assert {{ aw }}status_of_refresh({{ fixture.name }}, first["refresh_token"]) == 401
    assert {{ aw }}status_of_me({{ fixture.name }}, first["access_token"]) == 401
    assert {{ aw }}status_of_me({{ fixture.name }}, second["access_token"]) == 200


@pytest.mark.usefixtures("account")
{{ def }} test_logout({{ fixture.name }}: {{ client }}) -> None:
    """Whoever logged out is known no more."""
    tokens = {{ aw }}log_in({{ fixture.name }})
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/logout", headers=headers)
    assert response.status_code == 204
    assert {{ aw }}status_of_refresh({{ fixture.name }}, tokens["refresh_token"]) == 401
    assert {{ aw }}status_of_me({{ fixture.name }}, tokens["access_token"]) == 401


{{ def }} test_change_password({{ fixture.name }}: {{ client }}, auth_headers: dict[str, str]) -> None:
    """The old password is asked for, and the session ends."""
    change = {"current_password": OTHER, "new_password": OTHER}
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/change-password", json=change, headers=auth_headers)
    assert response.status_code == 400
    change["current_password"] = RIGHT
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/change-password", json=change, headers=auth_headers)
    assert response.status_code == 204
    response = {{ aw }}{{ fixture.name }}.get(f"{URL}/me", headers=auth_headers)
    assert response.status_code == 401
    {{ aw }}log_in({{ fixture.name }}, OTHER)


{{ def }} test_reset_password({{ fixture.name }}: {{ client }}, account: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A token resets a password once, for a while, and tells of no account."""
    sent: list[str] = []

    {{ app_def }} send(email: str, token: str) -> None:
        assert email == account["email"]
        sent.append(token)

    monkeypatch.setitem({{ app }}.dependency_overrides, get_password_reset_sender, lambda: send)
    tokens = {{ aw }}log_in({{ fixture.name }})
    answers = [
        {{ aw }}{{ fixture.name }}.post(f"{URL}/forgot-password", json={"email": email})
        for email in (account["email"], "nobody@example.com", account["email"])
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, "null")}
    old, token = sent
    for reset, status in [(old, 400), (token, 204), (token, 400)]:
        response = {{ aw }}{{ fixture.name }}.post(f"{URL}/reset-password", json={"token": reset, "new_password": OTHER})
        assert response.status_code == status, response.text
    assert {{ aw }}status_of_refresh({{ fixture.name }}, tokens["refresh_token"]) == 401
    {{ aw }}log_in({{ fixture.name }}, OTHER)
    monkeypatch.setattr("{{ m.service }}.RESET_LIFETIME", timedelta(seconds=-1))
    {{ aw }}{{ fixture.name }}.post(f"{URL}/forgot-password", json={"email": account["email"]})
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/reset-password", json={"token": sent[-1], "new_password": RIGHT})
    assert response.status_code == 400


{{ def }} test_rate_limit({{ fixture.name }}: {{ client }}) -> None:
    """Passwords can't be tried without end."""
    form = {"username": "ada@example.com", "password": OTHER}
    responses = [{{ aw }}{{ fixture.name }}.post(f"{URL}/login", data=form) for _ in range(6)]
    assert [response.status_code for response in responses] == [401] * 5 + [429]
    assert int(responses[-1].headers["Retry-After"]) > 0


{{ def }} test_what_is_allowed({{ fixture.name }}: {{ client }}, auth_headers: dict[str, str]) -> None:
    """Scopes, {{ "roles" if user.has_role else "administrators" }} and inactive accounts are told apart."""
    probe = FastAPI()
    probe.exception_handlers.update({{ app }}.exception_handlers)
    probe.dependency_overrides = {{ app }}.dependency_overrides

    @probe.post("/deactivate")
    {{ app_def }} deactivate(user: {{ current }}, session: {{ session.annotation }}) -> None:
        {{ user.deactivate }}
        {{ app_aw }}session.commit()

    @probe.get("/active")
    {{ app_def }} active(user: {{ active }}) -> str:
        return user.email

{% if user.has_role %}
    @probe.get("/admin", dependencies=[Depends(require_role("admin"))])
    {{ app_def }} admin() -> None:
        return
{% else %}
    @probe.get("/admin")
    {{ app_def }} admin(user: {{ admin }}) -> str:
        return user.email
{% endif %}

    @probe.get("/write", dependencies=[require_scopes("items:write")])
    {{ app_def }} write() -> None:
        return

    @probe.get("/optional")
    {{ app_def }} optional(user: {{ optional }}) -> str | None:
        return user.email if user else None

{% if is_async %}
    async with AsyncClient(transport=ASGITransport(app=probe), base_url="http://test") as other:
        for path, status in [("/active", 200), ("/admin", 403), ("/write", 403), ("/optional", 200)]:
            response = await other.get(path, headers=auth_headers)
            assert response.status_code == status, path
        response = await other.get("/admin")
        assert response.status_code == 401
        response = await other.get("/optional")
        assert response.json() is None
        response = await other.get("/optional", headers={"Authorization": "Bearer x"})
        assert response.status_code == 401
        response = await other.post("/deactivate", headers=auth_headers)
        assert response.status_code == 200
        response = await other.get("/active", headers=auth_headers)
        assert response.status_code == 403
{% else %}
    other = TestClient(probe)
    for path, status in [("/active", 200), ("/admin", 403), ("/write", 403), ("/optional", 200)]:
        response = other.get(path, headers=auth_headers)
        assert response.status_code == status, path
    assert other.get("/admin").status_code == 401
    assert other.get("/optional").json() is None
    assert other.get("/optional", headers={"Authorization": "Bearer x"}).status_code == 401
    assert other.post("/deactivate", headers=auth_headers).status_code == 200
    assert other.get("/active", headers=auth_headers).status_code == 403
{% endif %}
    response = {{ aw }}{{ fixture.name }}.post(f"{URL}/login", data={"username": "ada@example.com", "password": RIGHT})
    assert response.status_code == 401
{% if is_jwks %}


{{ def }} test_public_keys({{ fixture.name }}: {{ client }}, account: dict[str, Any]) -> None:
    """Anyone can verify an access token, and nobody learns a private key."""
    response = {{ aw }}{{ fixture.name }}.get("/.well-known/jwks.json")
    assert response.status_code == 200
    keys = jwt.PyJWKSet.from_dict(response.json())
    assert all("d" not in key for key in response.json()["keys"])
    tokens = {{ aw }}log_in({{ fixture.name }})
    kid = jwt.get_unverified_header(tokens["access_token"])["kid"]
    claims = jwt.decode(tokens["access_token"], keys[kid], algorithms=["RS256"])
    assert claims["sub"] == str(account["id"])
{% endif %}
