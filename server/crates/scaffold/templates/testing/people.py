"""Fixtures."""

from collections.abc import Callable, Iterator

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
from {{ giver.module }} import {{ giver.name }}
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

    def sign_in(user: {{ user.name }}) -> None:
        {{ app.name }}.dependency_overrides[{{ giver.name }}] = lambda: user

    yield sign_in
    {{ app.name }}.dependency_overrides.pop({{ giver.name }}, None)
