"""Fixtures."""

from collections.abc import Callable, Iterator
{% if backend %}
from typing import Any
from unittest.mock import AsyncMock, Mock
{% endif %}

import pytest
{% if fixture_decorator == "pytest_asyncio.fixture" %}
import pytest_asyncio
{% endif %}
{% for line in imports %}
{{ line }}
{% endfor %}
{% if store %}
from {{ session.module }} import {{ session.name }}
{% if store.is_engine and store.is_async %}
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
{% elif store.is_engine %}
from sqlalchemy import Engine
{% endif %}
{% endif %}

from {{ app.module }} import {{ app.name }}
{% if backend %}
from {{ backend.module }} import {{ backend.name }}
{% else %}
from {{ giver.module }} import {{ giver.name }}
{% endif %}
from {{ user.module }} import {{ user.name }}

{% set aw = "await " if store and store.is_async else "" %}
{% set def = "async def" if store and store.is_async else "def" %}
{% for person in people %}

@{{ fixture_decorator if store and store.is_async else "pytest.fixture" }}
{{ def }} {{ person.name }}({{ store.name ~ ": " ~ store.class if store }}) -> {{ user.name }}:
    """{{ person.docstring }}"""
{% if store %}
    {{ person.name }} = {{ user.name }}({{ person.arguments }})
{% if store.is_engine %}
{% if store.is_async %}
    async with async_sessionmaker({{ store.name }}, class_={{ session.name }}, expire_on_commit=False)() as session:
{% else %}
    with {{ session.name }}({{ store.name }}, expire_on_commit=False) as session:
{% endif %}
        session.add({{ person.name }})
        {{ aw }}session.commit()
        {{ aw }}session.refresh({{ person.name }})
{% else %}
    {{ store.name }}.add({{ person.name }})
    {{ aw }}{{ store.name }}.commit()
    {{ aw }}{{ store.name }}.refresh({{ person.name }})
{% endif %}
    return {{ person.name }}
{% else %}
    return {{ user.name }}({{ person.arguments }})
{% endif %}

{% endfor %}

@pytest.fixture
def sign_in() -> Iterator[Callable[[{{ user.name }}], None]]:
    """Let a user be the one who asks."""
{% if backend %}
    scheme: Any = {{ backend.name }}.transport.scheme

    def sign_in(user: {{ user.name }}) -> None:
        strategy = Mock(read_token=AsyncMock(return_value=user))
        {{ app.name }}.dependency_overrides[scheme] = lambda: "token"
        {{ app.name }}.dependency_overrides[{{ backend.name }}.get_strategy] = lambda: strategy

    yield sign_in
    {{ app.name }}.dependency_overrides.pop(scheme, None)
    {{ app.name }}.dependency_overrides.pop({{ backend.name }}.get_strategy, None)
{% else %}

    def sign_in(user: {{ user.name }}) -> None:
        {{ app.name }}.dependency_overrides[{{ giver.name }}] = lambda: user

    yield sign_in
    {{ app.name }}.dependency_overrides.pop({{ giver.name }}, None)
{% endif %}
