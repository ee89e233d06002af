"""Tests of {{ module }}."""

import uuid

import pytest
{% if fixture %}
from {{ fixture.module }} import {{ client }}
{% else %}
from fastapi.testclient import TestClient
{% endif %}
{% for line in imports %}
{{ line }}
{% endfor %}

from {{ app.module }} import {{ app.name }}

{% for case in cases %}
{{ mark if case.is_async }}
{{ "async def" if case.is_async else "def" }} {{ case.name }}({{ case.parameters }}) -> None:
    """{{ case.docstring }}"""
{% for line in case.lines %}
    {{ line }}
{% endfor %}


{% endfor %}
