"""Tests of whether the app lives and can answer."""

{% if session %}
from unittest.mock import {{ "AsyncMock" if session.aw else "Mock" }}
{% endif %}

import pytest
{% if fixture %}
from {{ fixture.module }} import {{ client }}
{% else %}
from fastapi.testclient import TestClient
{% endif %}
{% if session %}
from sqlalchemy.exc import OperationalError
{% endif %}

from {{ app.module }} import {{ app.name }}
{% if session %}
from {{ session.provider_module }} import {{ session.provider_imported }}
{% endif %}

{% set parameter = fixture.name ~ ": " ~ client if fixture else "" %}
{% set called = fixture.name if fixture else "TestClient(" ~ app.name ~ ")" %}

{% if "health" in parts %}
{{ mark }}
{{ def }} test_health({{ parameter }}) -> None:
    """It lives."""
    response = {{ aw }}{{ called }}.get({{ urls.health }})
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


{% endif %}
{% if session and "ready" in parts %}
{{ mark }}
{% if fixture and is_replaced %}
{{ def }} test_ready({{ parameter }}) -> None:
    """It can answer while the database does."""
{% else %}
{{ def }} test_ready(
    {{ parameter ~ ", " if parameter }}monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can answer while the database does."""
    session = {{ "AsyncMock" if session.aw else "Mock" }}()
    monkeypatch.setitem({{ app.name }}.dependency_overrides, {{ session.provider }}, lambda: session)
{% endif %}
    response = {{ aw }}{{ called }}.get({{ urls.ready }})
    assert response.status_code == 200


{{ mark }}
{{ def }} test_not_ready_without_database(
    {{ parameter ~ ", " if parameter }}monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can't answer when the database doesn't, and says no more than that."""
    session = {{ "AsyncMock" if session.aw else "Mock" }}()
    error = OperationalError("SELECT 1", {}, OSError("secret-host refused"))
    session.{{ "connection" if session.is_sqlmodel else "execute" }}.side_effect = error
    monkeypatch.setitem({{ app.name }}.dependency_overrides, {{ session.provider }}, lambda: session)
    response = {{ aw }}{{ called }}.get({{ urls.ready }})
    assert response.status_code == 503
    assert "secret-host" not in response.text
{% endif %}
