"""Fixtures."""

from collections.abc import Callable, Iterator

import pytest
from {{ client.module }} import {{ client.name }}
{% for line in imports %}
{{ line }}
{% endfor %}


{% if headers %}
@pytest.fixture
def {{ name }}({{ fixture }}: {{ client.name }}, {{ parameters }}) -> None:
    """Let the client be signed in."""
    {{ fixture }}.headers.update({{ headers }})
{% else %}
@pytest.fixture
def {{ name }}({{ parameters }}) -> None:
    """Let {{ person | spoken | article }} be the one who asks."""
{% for line in before %}
    {{ line }}
{% endfor %}
{% endif %}
