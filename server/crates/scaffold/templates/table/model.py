"""The table of {{ many | spoken }}."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

{% if is_sqlmodel %}
from sqlalchemy import JSON, BigInteger, DateTime, Numeric, String, Text
from sqlmodel import Field, SQLModel
{% elif is_classic %}
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, DateTime, Enum, Float, Integer, Interval, LargeBinary, Numeric, String, Text, Time, Uuid, func
{% else %}
from sqlalchemy import JSON, BigInteger, DateTime, Numeric, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column
{% endif %}

{{ imports.base }}
{% for line in named %}
{{ line }}
{% endfor %}


{% if is_sqlmodel %}
class {{ class }}(SQLModel, table=True):
    """{{ one | spoken | article | capitalize }}."""

    id: {{ key.sqlmodel }}
{% for column in columns %}
    {{ column.name }}: {{ column.sqlmodel }}
{% endfor %}
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_type=DateTime(timezone=True))
{% elif is_classic %}
class {{ class }}({{ table.bases }}):
    """{{ one | spoken | article | capitalize }}."""

    __tablename__ = "{{ many }}"

{% if table.key %}
{% if key.python == "int" %}
    id = Column(Integer, primary_key=True)
{% elif key.python == "str" %}
    id = Column(String(36), primary_key=True, default=lambda: str(uuid.uuid4()))
{% else %}
    id = Column(Uuid, primary_key=True, default=uuid.uuid4)
{% endif %}
{% endif %}
{% for column in columns %}
    {{ column.name }} = {{ column.classic }}
{% endfor %}
{% if not table.has_moments %}
    created_at = Column(DateTime(timezone=True), server_default=func.now(), nullable=False)
{% endif %}
{% else %}
class {{ class }}({{ table.bases }}):
    """{{ one | spoken | article | capitalize }}."""

    __tablename__ = "{{ many }}"

    {{ table.key }}
{% for column in columns %}
    {{ column.name }}: Mapped[{{ column.python }}{{ " | None" if column.optional }}]{{ column.column }}
{% endfor %}
{% if not table.has_moments %}
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
{% endif %}
{% endif %}
