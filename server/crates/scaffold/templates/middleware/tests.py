"""Tests of what every request passes."""

import logging

import pytest
from fastapi import FastAPI
{% if is_async %}
from {{ client_module }} import ASGITransport, AsyncClient
{% else %}
from fastapi.testclient import TestClient
{% endif %}

from {{ m.middleware }} import register_middleware


@pytest.fixture
def wrapped() -> {{ client }}:
    """Call an app that is wrapped and has nothing else."""
    app = FastAPI()
    register_middleware(app)

    @app.get("/")
    async def read_root() -> str:
        return "here"

{% if is_async %}
    return AsyncClient(transport=ASGITransport(app=app), base_url="http://test")
{% else %}
    return TestClient(app)
{% endif %}


{% if "request_id" in parts %}
{{ mark }}
{{ def }} test_requests_have_an_id(wrapped: {{ client }}) -> None:
    """A caller's id is returned, and one is made where that is no id."""
    response = {{ aw }}wrapped.get("/", headers={"X-Request-ID": "abc-1"})
    assert response.headers["X-Request-ID"] == "abc-1"
    response = {{ aw }}wrapped.get("/", headers={"X-Request-ID": "not an id"})
    assert len(response.headers["X-Request-ID"]) == 36


{% endif %}
{{ mark }}
{{ def }} test_requests_are_logged_without_secrets(wrapped: {{ client }}, caplog: pytest.LogCaptureFixture) -> None:
    """The log says what was asked for, and no secret of it."""
{% if are_loggers_disabled %}
    # Alembic's script disables the loggers that are there.
    logging.getLogger("{{ m.middleware }}").disabled = False
{% endif %}
    with caplog.at_level(logging.INFO, logger="{{ m.middleware }}"):
        {{ aw }}wrapped.get("/", params={"q": "x", "token": "s3cret"})
    record = next(record for record in caplog.records if record.name == "{{ m.middleware }}")
    assert record.__dict__["query"] == "q=x&token=[redacted]"
    assert record.__dict__["status_code"] == 200


{{ mark }}
{{ def }} test_responses_have_headers(wrapped: {{ client }}) -> None:
    """Clients are told what they have to know besides the content."""
    response = {{ aw }}wrapped.get("/")
    assert response.headers["Server-Timing"].startswith("app;dur=")
{% if "security_headers" in parts %}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
{% endif %}
{% if "cors" in parts %}


{{ mark }}
{{ def }} test_other_origins_are_not_allowed(wrapped: {{ client }}) -> None:
    """A page from elsewhere may not read a response."""
    response = {{ aw }}wrapped.get("/", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in response.headers
{% endif %}
