"""The table of {{ many | spoken }}."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal

{% if is_sqlmodel %}
from sqlalchemy import JSON, DateTime, Numeric, String, Text
from sqlmodel import Field, Relationship, SQLModel
{% else %}
from sqlalchemy import JSON, DateTime, ForeignKey, Numeric, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column, relationship
{% endif %}

{{ imports.base }}
{% for relation in relations if relation.module != m.model %}
from {{ relation.module }} import {{ relation.class }}
{% endfor %}


{% if is_sqlmodel %}
class {{ class }}(SQLModel, table=True):
    """{{ one | spoken | article | capitalize }}."""

    id: {{ key.sqlmodel }}
{% for field in fields %}
    {{ field.name }}: {{ field.sqlmodel }}
{% endfor %}
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=DateTime(timezone=True))
{% if is_soft %}
    deleted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
{% endif %}
{% for relation in relations %}
{{ "\n" if loop.first }}    {{ relation.name }}: {{ relation.class }}{{ " | None" if relation.optional }} = Relationship({{ relation.sqlmodel }})
{% endfor %}
{% else %}
class {{ class }}({{ table.bases }}):
    """{{ one | spoken | article | capitalize }}."""

    __tablename__ = "{{ many }}"

    {{ table.key }}
{% for field in fields %}
    {{ field.name }}: Mapped[{{ field.python }}{{ " | None" if field.optional }}]{{ field.column }}
{% endfor %}
{% if not table.has_moments %}
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
{% endif %}
{% if is_soft %}
    deleted_at: Mapped[datetime | None] = mapped_column({{ table.moment }})
{% endif %}
{% for relation in relations %}
{{ "\n" if loop.first }}    {{ relation.name }}: Mapped[{{ relation.class }}{{ " | None" if relation.optional }}] = relationship({{ relation.sqlalchemy }})
{% endfor %}
{% endif %}
