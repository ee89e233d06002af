"""Fixtures."""

from collections.abc import Iterator
from typing import Any

import pytest
{% if fixture_decorator == "pytest_asyncio.fixture" %}
import pytest_asyncio
{% endif %}
{% if is_async %}
from {{ fixture.module }} import AsyncClient
{% else %}
from {{ fixture.module }} import TestClient
{% endif %}

from {{ m.rate_limit }} import account_limiter, client_limiter


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """Let no test count for another one."""
    yield
    account_limiter.reset()
    client_limiter.reset()


@{{ fixture_decorator }}
{{ def }} account({{ fixture.name }}: {{ client }}) -> dict[str, Any]:
    """Sign a user up, with the password `Correct7horse`."""
    data = {"email": "ada@example.com", "password": "Correct7horse"{% for extra in user.extras %}, "{{ extra.name }}": {{ extra.sample }}{% endfor %}}
    response = {{ aw }}{{ fixture.name }}.post("{{ test_url }}/sign-up", json=data)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


@{{ fixture_decorator }}
{{ def }} auth_headers({{ fixture.name }}: {{ client }}, account: dict[str, Any]) -> dict[str, str]:
    """Log the user in; the headers with which a client is that user."""
    form = {"username": account["email"], "password": "Correct7horse"}
    response = {{ aw }}{{ fixture.name }}.post("{{ test_url }}/login", data=form)
    assert response.status_code == 200, response.text
    return {"Authorization": f"Bearer {response.json()['access_token']}"}
