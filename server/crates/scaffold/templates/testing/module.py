"""Tests of {{ module }}."""

import uuid

import pytest
{% if fixture %}
from {{ fixture.module }} import {{ client }}
{% else %}
from fastapi.testclient import TestClient
{% endif %}

from {{ app.module }} import {{ app.name }}

{% for case in cases %}
{{ mark }}
{{ def }} {{ case.name }}({{ fixture.name ~ ": " ~ client if fixture }}) -> None:
    """{{ case.docstring }}"""
{% set called = fixture.name if fixture else "TestClient(" ~ app.name ~ ")" %}
{% if case.first %}
    data = {{ case.json }}
    response = {{ aw }}{{ called }}.{{ case.method }}({{ case.url }}, json=data)
    assert response.status_code == {{ case.first }}
    response = {{ aw }}{{ called }}.{{ case.method }}({{ case.url }}, json=data)
{% elif case.json and case.json != "{}" %}
    data = {{ case.json }}
    response = {{ aw }}{{ called }}.{{ case.method }}({{ case.url }}, json=data)
{% else %}
    response = {{ aw }}{{ called }}.{{ case.method }}({{ case.url }}{{ ", json={}" if case.json }})
{% endif %}
    assert response.status_code == {{ case.status }}


{% endfor %}
