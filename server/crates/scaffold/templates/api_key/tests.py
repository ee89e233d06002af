"""Tests of API keys."""

import pytest
from typing import Annotated

from fastapi import Depends, FastAPI
{% if is_async %}
from {{ fixture.module }} import ASGITransport, AsyncClient
{% else %}
from {{ fixture.module }} import TestClient
{% endif %}

from {{ m.dependencies }} import ApiKeyDep, ApiKeyServiceDep, get_api_key, get_api_key_service
from {{ m.model }} import ApiKey
from {{ m.service }} import ApiKeyService
{{ imports.app }}
{% set key = dep("ApiKeyDep", "ApiKey", "Depends(get_api_key)") %}
{% set keys = dep("ApiKeyServiceDep", "ApiKeyService", "Depends(get_api_key_service)") %}
{% if mark_all %}

pytestmark = {{ mark_all }}
{% endif %}


def make_probe() -> FastAPI:
    """Make an app with keys in the database of the tests."""
    probe = FastAPI()
    probe.exception_handlers.update({{ app }}.exception_handlers)
    probe.dependency_overrides = {{ app }}.dependency_overrides

    @probe.post("/keys")
    {{ app_def }} issue(keys: {{ keys }}) -> str:
        return {{ app_aw }}keys.issue("robot")

    @probe.get("/name")
    {{ app_def }} name(key: {{ key }}) -> list[str]:
        return [key.name, key.secret_hash]

    @probe.post("/revoke")
    {{ app_def }} revoke(key: {{ key }}, keys: {{ keys }}) -> None:
        {{ app_aw }}keys.revoke(key)

    return probe


@pytest.mark.usefixtures("{{ fixture.name }}")
{{ def }} test_api_keys() -> None:
    """A key opens what it is for until it is revoked, and is stored as a hash."""
{% if is_async %}
    async with AsyncClient(transport=ASGITransport(app=make_probe()), base_url="http://test") as caller:
        response = await caller.post("/keys")
        key = response.json()
        response = await caller.get("/name", {{ sent }}={ "{{ field }}": key })
        assert response.status_code == 200, response.text
        name, stored = response.json()
        assert name == "robot"
        assert key.partition(".")[2] not in stored
        for wrong in ["", "nonsense", f"{key}x", key.partition(".")[0], f"{'0' * 32}.{key.partition('.')[2]}"]:
            response = await caller.get("/name", {{ sent }}={ "{{ field }}": wrong })
            assert response.status_code == 401, wrong
        response = await caller.get("/name")
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "APIKey"
        response = await caller.post("/revoke", {{ sent }}={ "{{ field }}": key })
        assert response.status_code == 200
        response = await caller.get("/name", {{ sent }}={ "{{ field }}": key })
        assert response.status_code == 401
{% else %}
    caller = TestClient(make_probe())
    key = caller.post("/keys").json()
    response = caller.get("/name", {{ sent }}={ "{{ field }}": key })
    assert response.status_code == 200, response.text
    name, stored = response.json()
    assert name == "robot"
    assert key.partition(".")[2] not in stored
    for wrong in ["", "nonsense", f"{key}x", key.partition(".")[0], f"{'0' * 32}.{key.partition('.')[2]}"]:
        assert caller.get("/name", {{ sent }}={ "{{ field }}": wrong }).status_code == 401, wrong
    response = caller.get("/name")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "APIKey"
    assert caller.post("/revoke", {{ sent }}={ "{{ field }}": key }).status_code == 200
    assert caller.get("/name", {{ sent }}={ "{{ field }}": key }).status_code == 401
{% endif %}
