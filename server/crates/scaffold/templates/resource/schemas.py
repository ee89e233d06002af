"""What clients send and get of {{ many | spoken }}."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

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


class {{ schema.read }}({{ class }}Base):
    """{{ one | spoken | article | capitalize }} as clients see it."""

    model_config = ConfigDict(from_attributes=True)

    id: {{ key.python }}
    created_at: datetime
{% if is_new and not is_sqlmodel %}
    updated_at: datetime
{% endif %}
