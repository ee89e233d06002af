"""Tests of the path operations of {{ many | spoken }}."""

import uuid
from typing import Any

import pytest
from httpx import AsyncClient
{% if references %}
from sqlalchemy.ext.asyncio import AsyncSession
{% endif %}

pytestmark = pytest.mark.anyio

URL = "{{ url }}"


@pytest.fixture
async def payload({{ "session: AsyncSession" if references }}) -> dict[str, Any]:
    """Say what a client sends to create {{ one | spoken | article }}."""
{% for reference in references %}
    {{ reference.one }} = {{ reference.sample }}
    session.add({{ reference.one }})
{% endfor %}
{% if references %}
    await session.commit()
{% endif %}
    return { {%- for field in fields if not field.optional %}"{{ field.name }}{{ "_id" if field.reference }}": {{ field.sample }}, {% endfor -%} }


async def create(client: AsyncClient, payload: dict[str, Any]) -> dict[str, Any]:
    """Create {{ one | spoken | article }} through the API."""
    response = await client.post(URL, json=payload)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_create_and_read(client: AsyncClient, payload: dict[str, Any]) -> None:
    created = await create(client, payload)
    assert payload.items() <= created.items()
    response = await client.get(f"{URL}/{created['id']}")
    assert response.status_code == 200
    assert response.json() == created


async def test_list_in_pages(client: AsyncClient, payload: dict[str, Any]) -> None:
    created = await create(client, payload)
    response = await client.get(URL, params={"limit": 1})
    assert response.status_code == 200
    assert response.json() == {"items": [created], "total": 1, "limit": 1, "offset": 0}
    response = await client.get(URL, params={"offset": 1})
    assert response.json()["items"] == []
    assert (await client.get(URL, params={"limit": 0})).status_code == 422
{% if change %}


async def test_update(client: AsyncClient, payload: dict[str, Any]) -> None:
    created = await create(client, payload)
    response = await client.patch(f"{URL}/{created['id']}", json={"{{ change.name }}": {{ change.value }}})
    assert response.status_code == 200
    assert response.json()["{{ change.name }}"] == {{ change.value }}
    assert response.json()["id"] == created["id"]
{% endif %}


async def test_delete(client: AsyncClient, payload: dict[str, Any]) -> None:
    created = await create(client, payload)
    assert (await client.delete(f"{URL}/{created['id']}")).status_code == 204
    assert (await client.get(f"{URL}/{created['id']}")).status_code == 404


async def test_not_found(client: AsyncClient) -> None:
    for response in [
        await client.get(f"{URL}/{uuid.uuid4()}"),
        await client.patch(f"{URL}/{uuid.uuid4()}", json={}),
        await client.delete(f"{URL}/{uuid.uuid4()}"),
    ]:
        assert response.status_code == 404
{% if required %}


async def test_invalid(client: AsyncClient) -> None:
    assert (await client.post(URL, json={})).status_code == 422
{% endif %}
{% if unique %}


async def test_duplicate(client: AsyncClient, payload: dict[str, Any]) -> None:
    await create(client, payload)
    assert (await client.post(URL, json=payload)).status_code == 409
{% endif %}
