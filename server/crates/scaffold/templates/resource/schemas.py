"""What clients send and get of {{ many | spoken }}."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, model_validator


class {{ class }}Base(BaseModel):
    """What {{ one | spoken | article }} has whenever it is sent or shown."""

{% for field in fields %}
    {{ field.name }}: {{ field.schema }}{{ " | None" if field.optional }}{{ field.constraint }}
{% endfor %}


class {{ schema.create }}({{ class }}Base):
    """A new {{ one | spoken }}."""


class {{ schema.update }}(BaseModel):
    """What changes of {{ one | spoken | article }}; what is left out stays."""

{% for field in fields %}
    {{ field.name }}: {{ field.schema }} | None{{ field.update_constraint }}
{% endfor %}
{% if kept %}

    @model_validator(mode="after")
    def required_fields_stay(self) -> Self:
        """Refuse to empty what has to be there."""
        for name in self.model_fields_set & { {%- for field in kept %}"{{ field }}"{{ ", " if not loop.last }}{% endfor -%} }:
            if getattr(self, name) is None:
                raise ValueError(f"{name} can't be null")
        return self
{% endif %}


{% for relation in relations if relation.label %}
class {{ relation.summary }}(BaseModel):
    """The {{ relation.name | spoken }} of {{ one | spoken | article }}, in short."""

    model_config = ConfigDict(from_attributes=True)

    {{ relation.table_key }}: {{ relation.key_type }}
    {{ relation.label }}: str{{ " | None" if relation.label_is_optional }}


{% endfor %}
class {{ schema.read }}({{ class }}Base):
    """{{ one | spoken | article | capitalize }} as clients see it."""

    model_config = ConfigDict(from_attributes=True)

    id: {{ key.python }}
    created_at: datetime
{% if has_updated_at %}
    updated_at: datetime
{% endif %}
{% for relation in relations if relation.label %}
    {{ relation.name }}: {{ relation.summary }}{{ " | None" if relation.optional }}
{% endfor %}
{% if filters %}


@dataclass(frozen=True, kw_only=True)
class {{ class }}Filter:
    """What a list of {{ many | spoken }} is narrowed to; what is left out narrows nothing."""

{% for filter in filters %}
    {{ filter.name }}: {{ filter.annotation }} = None
{% endfor %}
{% endif %}
{% if sorts %}


{{ class }}Sort = Literal[{% for sort in sorts %}"{{ sort }}", "-{{ sort }}"{{ ", " if not loop.last }}{% endfor %}]
{% endif %}
