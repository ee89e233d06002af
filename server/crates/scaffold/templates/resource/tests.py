"""Tests of the path operations of {{ many | spoken }}."""

import uuid
from typing import Any

import pytest
from {{ fixture.module }} import {{ client }}
{% if mark_all %}

pytestmark = {{ mark_all }}
{% endif %}

URL = "{{ url }}"


@pytest.fixture
def payload() -> dict[str, Any]:
    """Say what a client sends to create {{ one | spoken | article }}."""
    return { {%- for field in fields if not field.optional %}"{{ field.name }}": {{ field.sample }}, {% endfor -%} }


{{ def }} create({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> dict[str, Any]:
    """Create {{ one | spoken | article }} through the API."""
    response = {{ aw }}{{ fixture.name }}.post(URL, json=payload)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


{{ def }} test_create_and_read({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> None:
    """What is created can be read."""
    created = {{ aw }}create({{ fixture.name }}, payload)
    assert payload.items() <= created.items()
    response = {{ aw }}{{ fixture.name }}.get(f"{URL}/{created['id']}")
    assert response.status_code == 200
    assert response.json() == created


{{ def }} test_list_in_pages({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> None:
    """A list comes in parts."""
    created = {{ aw }}create({{ fixture.name }}, payload)
    response = {{ aw }}{{ fixture.name }}.get(URL, params={"limit": 1})
    assert response.status_code == 200
{% if has_pages %}
    assert response.json() == {"items": [created], "total": 1, "limit": 1, "offset": 0}
{% else %}
    assert response.json() == [created]
{% endif %}
    response = {{ aw }}{{ fixture.name }}.get(URL, params={"offset": 1})
    assert response.json(){{ '["items"]' if has_pages }} == []
    response = {{ aw }}{{ fixture.name }}.get(URL, params={"limit": 0})
    assert response.status_code == 422
{% if change %}


{{ def }} test_update({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> None:
    """What is sent changes, and nothing else."""
    created = {{ aw }}create({{ fixture.name }}, payload)
    response = {{ aw }}{{ fixture.name }}.patch(f"{URL}/{created['id']}", json={"{{ change.name }}": {{ change.value }}})
    assert response.status_code == 200
    assert response.json()["{{ change.name }}"] == {{ change.value }}
    assert response.json()["id"] == created["id"]
{% endif %}


{{ def }} test_delete({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> None:
    """What is deleted is gone."""
    created = {{ aw }}create({{ fixture.name }}, payload)
    response = {{ aw }}{{ fixture.name }}.delete(f"{URL}/{created['id']}")
    assert response.status_code == 204
    response = {{ aw }}{{ fixture.name }}.get(f"{URL}/{created['id']}")
    assert response.status_code == 404
{% if is_soft %}
    response = {{ aw }}{{ fixture.name }}.get(URL)
    assert response.json(){{ '["items"]' if has_pages }} == []
    response = {{ aw }}{{ fixture.name }}.delete(f"{URL}/{created['id']}")
    assert response.status_code == 404
{% endif %}


{{ def }} test_not_found({{ fixture.name }}: {{ client }}) -> None:
    """Nothing has this id."""
    for response in [
        {{ aw }}{{ fixture.name }}.get(f"{URL}/{{ unknown }}"),
        {{ aw }}{{ fixture.name }}.patch(f"{URL}/{{ unknown }}", json={}),
        {{ aw }}{{ fixture.name }}.delete(f"{URL}/{{ unknown }}"),
    ]:
        assert response.status_code == 404
{% if required %}


{{ def }} test_invalid({{ fixture.name }}: {{ client }}) -> None:
    """What is missing is told."""
    response = {{ aw }}{{ fixture.name }}.post(URL, json={})
    assert response.status_code == 422
{% endif %}
{% if unique %}


{{ def }} test_duplicate({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> None:
    """There is one of a kind."""
    {{ aw }}create({{ fixture.name }}, payload)
    response = {{ aw }}{{ fixture.name }}.post(URL, json=payload)
    assert response.status_code == 409
{% endif %}
