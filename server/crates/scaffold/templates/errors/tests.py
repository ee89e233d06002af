"""Tests of what clients are told of errors."""

from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
{% if is_async %}
from {{ client_module }} import ASGITransport, AsyncClient
{% else %}
from fastapi.testclient import TestClient
{% endif %}
{% if has_database %}
from sqlalchemy.exc import IntegrityError, OperationalError
{% endif %}

from {{ m.errors }} import NotFoundError, UnauthorizedError, register_error_handlers

SECRET = "postgresql://user:hunter2@db"

ERRORS: dict[str, Exception] = {
    "not-found": NotFoundError("There is no such book"),
    "unauthorized": UnauthorizedError(),
    "teapot": HTTPException(418, "No coffee here"),
    "gone": HTTPException(410, {"since": "June"}),
{% if has_database %}
    "conflict": IntegrityError(SECRET, {}, Exception(SECRET)),
    "unavailable": OperationalError(SECRET, {}, Exception(SECRET)),
{% endif %}
    "unexpected": RuntimeError(SECRET),
}


@pytest.fixture
def failing() -> {{ client }}:
    """Call an app that fails in every way."""
    app = FastAPI()
    register_error_handlers(app)

    @app.get("/errors/{name}")
    async def fail(name: str) -> None:
        raise ERRORS[name]

    @app.get("/numbers/{number}")
    async def read_number(number: int) -> int:
        return number

{% if is_async %}
    transport = ASGITransport(app=app, raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://test")
{% else %}
    return TestClient(app, raise_server_exceptions=False)
{% endif %}


@pytest.mark.parametrize(
    ("path", "status_code", "code"),
    [
        ("/errors/not-found", 404, "not_found"),
        ("/errors/unauthorized", 401, "unauthorized"),
        ("/errors/teapot", 418, "im_a_teapot"),
        ("/errors/gone", 410, "gone"),
        ("/numbers/first", 422, "validation_error"),
{% if has_database %}
        ("/errors/conflict", 409, "conflict"),
        ("/errors/unavailable", 503, "service_unavailable"),
{% endif %}
        ("/errors/unexpected", 500, "internal_error"),
        ("/nowhere", 404, "not_found"),
    ],
)
{{ mark }}
{{ def }} test_errors_have_one_shape(
    failing: {{ client }}, path: str, status_code: int, code: str
) -> None:
    """Every error has a code, a message, an id and a time, and no secret."""
    response = {{ aw }}failing.get(path)
    assert response.status_code == status_code
    assert SECRET not in response.text
    error: dict[str, Any] = response.json()["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["request_id"] == response.headers["X-Request-ID"]
    assert datetime.fromisoformat(error["timestamp"]).tzinfo is not None


{{ mark }}
{{ def }} test_unauthorized_says_how_to_authenticate(failing: {{ client }}) -> None:
    """A client is told which scheme it needs."""
    response = {{ aw }}failing.get("/errors/unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"


{{ mark }}
{{ def }} test_validation_errors_do_not_repeat_the_input(failing: {{ client }}) -> None:
    """What is not valid is named, without what was sent."""
    response = {{ aw }}failing.get("/numbers/hunter2")
    details = response.json()["error"]["details"]
    assert details[0]["loc"] == ["path", "number"]
    assert "hunter2" not in response.text
