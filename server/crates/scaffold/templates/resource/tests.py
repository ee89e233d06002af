"""Tests of the path operations of {{ many | spoken }}."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from {{ fixture.module }} import {{ client }}
{% if targets %}
from sqlalchemy import event
from sqlalchemy.engine import Engine
from {{ session.class_module }} import {{ session.class }}
{% for target in targets %}
from {{ target.module }} import {{ target.class }}
{% endfor %}
{% for relation in relations %}
{% for line in relation.imports %}
{{ line }}
{% endfor %}
{% endfor %}
{% endif %}
{% if mark_all %}

pytestmark = {{ mark_all }}
{% endif %}

URL = "{{ url }}"
{% for target in targets %}


{{ def }} keep_{{ target.one }}({{ session.name }}: {{ session.class }}, {{ target.one }}: {{ target.class }}) -> Any:
    """Write {{ target.one | spoken | article }} to refer to; its id as clients send it."""
    {{ session.name }}.add({{ target.one }})
    {{ aw }}{{ session.name }}.flush()
    key = {{ target.one }}.{{ target.key }}
    {{ aw }}{{ session.name }}.commit()
    return {{ "key" if target.is_number else "str(key)" }}
{% endfor %}

{% set required_targets = targets | selectattr("is_required") | list %}
{% set compares = ordered or filtered or is_cursor or targets %}

{% if required_targets %}
@{{ fixture_decorator }}
{{ def }} payload({{ session.name }}: {{ session.class }}) -> dict[str, Any]:
{% else %}
@pytest.fixture
def payload() -> dict[str, Any]:
{% endif %}
    """Say what a client sends to create {{ one | spoken | article }}."""
{% for target in required_targets %}
    {{ target.one }} = {{ aw }}keep_{{ target.one }}({{ session.name }}, {{ target.rows[0] }})
{% endfor %}
    return { {%- for sent in payload %}"{{ sent.name }}": {{ sent.value }}, {% endfor -%} }

{% if compares %}

{% if targets %}
@{{ fixture_decorator }}
{{ def }} other({{ session.name }}: {{ session.class }}, payload: dict[str, Any]) -> dict[str, Any]:
{% else %}
@pytest.fixture
def other(payload: dict[str, Any]) -> dict[str, Any]:
{% endif %}
    """Say what a client sends to create another one."""
{% for target in targets %}
    {{ target.one }} = {{ aw }}keep_{{ target.one }}({{ session.name }}, {{ target.rows[1] }})
{% endfor %}
    return payload | { {%- for sent in other %}"{{ sent.name }}": {{ sent.value }}, {% endfor -%} }

{% endif %}

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


{% if is_cursor %}
{{ def }} test_list_in_pages({{ fixture.name }}: {{ client }}, payload: dict[str, Any], other: dict[str, Any]) -> None:
    """Each page leads to the next one."""
    created = [{{ aw }}create({{ fixture.name }}, payload), {{ aw }}create({{ fixture.name }}, other)]
    listed: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 1}
    for _ in created:
        response = {{ aw }}{{ fixture.name }}.get(URL, params=params)
        assert response.status_code == 200
        listed += response.json()["items"]
        params["cursor"] = response.json()["next_cursor"]
    assert params["cursor"] is None
    assert sorted(item["id"] for item in listed) == sorted(item["id"] for item in created)
    response = {{ aw }}{{ fixture.name }}.get(URL, params={"cursor": "nonsense"})
    assert response.status_code == 422
    response = {{ aw }}{{ fixture.name }}.get(URL, params={"limit": 0})
    assert response.status_code == 422
{% else %}
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
{% endif %}
{% if filtered %}


{{ def }} test_filter({{ fixture.name }}: {{ client }}, payload: dict[str, Any], other: dict[str, Any]) -> None:
    """A list holds what it is narrowed to."""
    {{ "first = " if filtered | rejectattr("is_other") | list }}{{ aw }}create({{ fixture.name }}, payload)
    second = {{ aw }}create({{ fixture.name }}, other)
    for params, expected in [
{% for filter in filtered %}
        ({"{{ filter.parameter }}": {{ "other" if filter.is_other else "payload" }}["{{ filter.column }}"]}, {{ "second" if filter.is_other else "first" }}),
{% endfor %}
    ]:
        response = {{ aw }}{{ fixture.name }}.get(URL, params=params)
        assert response.status_code == 200
{% if has_pages %}
        assert response.json()["items"] == [expected], params
        assert response.json()["total"] == 1
{% else %}
        assert response.json(){{ '["items"]' if is_cursor }} == [expected], params
{% endif %}
{% endif %}
{% if sorts %}


{{ def }} test_sort({{ fixture.name }}: {{ client }}{{ ", payload: dict[str, Any], other: dict[str, Any]" if ordered }}) -> None:
    """A list comes in the order that is asked for."""
{% if ordered %}
    first = {{ aw }}create({{ fixture.name }}, payload)
    second = {{ aw }}create({{ fixture.name }}, other)
    for sort, expected in [("{{ ordered }}", [first, second]), ("-{{ ordered }}", [second, first])]:
        response = {{ aw }}{{ fixture.name }}.get(URL, params={"sort": sort})
        assert response.status_code == 200
        assert response.json(){{ '["items"]' if has_pages }} == expected
{% endif %}
    response = {{ aw }}{{ fixture.name }}.get(URL, params={"sort": "nonsense"})
    assert response.status_code == 422
{% endif %}
{% set along = relations | selectattr("label") | list %}
{% if along %}


{{ def }} test_one_query_for_all({{ fixture.name }}: {{ client }}, {{ session.name }}: {{ session.class }}, payload: dict[str, Any], other: dict[str, Any]) -> None:
    """What {{ many | spoken }} refer to is read with them, however many there are."""
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    counts: list[int] = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for sent in (payload, other):
            {{ aw }}create({{ fixture.name }}, sent)
            {{ session.name }}.expunge_all()
            statements.clear()
            response = {{ aw }}{{ fixture.name }}.get(URL)
            counts.append(len(statements))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert counts[0] == counts[1]
    for item in response.json(){{ '["items"]' if has_pages or is_cursor }}:
{% for relation in along %}
        assert {{ '(item["' ~ relation.name ~ '"] or {}).get("' ~ relation.table_key ~ '")' if relation.optional else 'item["' ~ relation.name ~ '"]["' ~ relation.table_key ~ '"]' }} == item["{{ relation.key }}"]
{% endfor %}
{% endif %}
{% if relations %}


{{ def }} test_missing_reference({{ fixture.name }}: {{ client }}, payload: dict[str, Any]) -> None:
    """What is referred to has to be there."""
    created = {{ aw }}create({{ fixture.name }}, payload)
{% for relation in relations %}
    missing = {"{{ relation.key }}": {{ "1000" if relation.key_type == "int" else "str(uuid.uuid4())" }}}
    response = {{ aw }}{{ fixture.name }}.post(URL, json=payload | missing)
    assert response.status_code == 404
    response = {{ aw }}{{ fixture.name }}.patch(f"{URL}/{created['id']}", json=missing)
    assert response.status_code == 404
{% endfor %}
{% endif %}
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
    assert response.json(){{ '["items"]' if has_pages or is_cursor }} == []
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
{% if has_required %}


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
